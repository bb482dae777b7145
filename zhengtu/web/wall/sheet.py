"""The printed wall: what the filter and the date select, as one vector PDF for A0 or A3."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import shapely
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from zhengtu.core.kernel.codes import city_of, kind_of
from zhengtu.core.spatial.projections import plane_at, transform
from zhengtu.press.wall_sheet import PAPERS, Label, LegendRow, Paint, WallSheet, frame_of, wall_sheet_pdf
from zhengtu.registry.map_areas import map_areas, section_number, tile_versions
from zhengtu.registry.map_index import (
    MapSection,
    campaign_in_reach,
    map_deadlines,
    map_jurisdictions,
    map_lists,
    map_projects,
    map_sections,
)
from zhengtu.registry.map_states import RANKS, area_days, overdue_on
from zhengtu.registry.outlines_reading import outlines
from zhengtu.registry.tiles import Layer, read_layers
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.chrome import posts_of
from zhengtu.web.shared.figure_text import NOTHING, grouped
from zhengtu.web.shared.palette import GROUND, LATE_COLOUR, STATE_COLOURS
from zhengtu.web.wall.filters import LevelStates, WallFilter, counts_by_state, filtered_states
from zhengtu.web.wall.page import is_english, rank_labels

WGS84: Final = 4490
NOTES_SHOWN: Final = 9
PARCELS_UNTIL: Final = 60_000
"""Denominator of the smallest scale at which parcels are drawn; likewise for buildings."""
BUILDINGS_UNTIL: Final = 15_000
RIVERS_FROM: Final = 25_000
"""Denominator from which the coarse course of the rivers is near enough to the truth."""
_GROUND: Final = GROUND["light"]
_COUNTED: Final = ("section", "parcel", "household")


@dataclass
class _Drawn:
    """What has been gathered for the sheet: shapes in degrees by level and rank, states, and their counts."""

    shapes: dict[tuple[str, int], list[np.ndarray]] = field(default_factory=dict)
    late: list[np.ndarray] = field(default_factory=list)
    states: dict[str, list[LevelStates]] = field(default_factory=dict)
    overdue: int = 0

    def add(self, layer: Layer, *, place: np.ndarray, states: LevelStates) -> None:
        """Add the shown shapes of a layer; ``place`` is where each feature's state stands."""
        inside = place < len(states.ranks)
        for rank in range(len(RANKS)):
            chosen = np.zeros(len(place), dtype=bool)
            chosen[inside] = states.is_shown[place[inside]] & (states.ranks[place[inside]] == rank)
            if chosen.any():
                self.shapes.setdefault((layer.name, rank), []).append(layer.shapes[chosen])

    def all(self, level: str, rank: int) -> np.ndarray:
        """All shapes of a level at a rank."""
        found = self.shapes.get((level, rank), [])
        return np.concatenate(found) if found else np.empty(0, dtype=object)


@require_safe
@requires("wall.view")
def sheet(request: HttpRequest) -> HttpResponse:
    """``?paper=A0|A3`` with the wall's own filter and dates: the sheet as PDF."""
    dates, wall_filter = as_of(request), WallFilter.of_query(request.GET)
    paper = request.GET.get("paper", "A3")
    if paper not in PAPERS:
        paper = "A3"
    content = sheet_content(request, paper=paper, dates=dates, wall_filter=wall_filter)
    pdf = wall_sheet_pdf(content, fonts=settings.FRONTEND_PACKAGES / "@expo-google-fonts" / "noto-sans-sc")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="zhengtu-wall-{dates.on.isoformat()}-{paper}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def sheet_content(request: HttpRequest, *, paper: str, dates: AsOf, wall_filter: WallFilter) -> WallSheet:
    """Everything on the sheet, out of the actor's reach and no further."""
    actor = request.actor  # type: ignore[attr-defined]
    sections, projects = map_sections(actor), map_projects(actor)
    left = wall_filter.sections(sections, projects=projects)
    drawn = _gathered(actor, dates=dates, wall_filter=wall_filter, left=left)
    shown = [section for section in sections if section.code in left and section.box]
    box = _box_of(shown or [section for section in sections if section.box])
    plane = plane_at(longitude=(box[0] + box[2]) / 2)
    west, south, east, north = shapely.bounds(_projected(np.array([shapely.box(*box)]), plane))[0].tolist()
    metres = (west, south, east, north)
    cities = sorted({city_of(section.jurisdiction) for section in sections})
    campaign = campaign_in_reach(actor)
    counts = {level: counts_by_state(drawn.states.get(level, [])) for level in _COUNTED}
    name = (campaign.name_en if is_english() else campaign.name) if campaign else ""
    return WallSheet(
        paper=paper, title=_("%(campaign)s: the wall") % {"campaign": name} if name else _("Wall map"),
        lines=_lines(request, wall_filter),
        date_lines=(dates.on.isoformat(), _("as of the end of this day"), *_known_line(dates)),
        columns=(_("State"), _("Sections"), _("Parcels"), _("Households")),
        legend=tuple(
            LegendRow(label, STATE_COLOURS[rank], tuple(_count(counts[level][place]) for level in _COUNTED))
            for place, (rank, label) in enumerate(zip(RANKS, rank_labels(), strict=True))
        ),
        totals=(_("Total"), *(_count(sum(counts[level])) for level in _COUNTED)),
        notes_title=_("Deadlines"), notes=_notes(actor, dates=dates, shown=shown, overdue=drawn.overdue),
        sources=_sources(actor, paper=paper), scale_word=_("Scale"), north_word=_("N"),
        box=metres, ground=_GROUND["outside"], late=LATE_COLOUR,
        paints=_paints(drawn, plane=plane, cities=cities, denominator=frame_of(paper=paper, box=metres).denominator),
        labels=_labels(shown, projects=projects, plane=plane, cities=cities),
    )


def _gathered(actor: Any, *, dates: AsOf, wall_filter: WallFilter, left: set[str]) -> _Drawn:
    drawn = _Drawn()
    areas = map_areas(actor)
    tiles = tile_versions(areas)
    for area in areas:
        days = area_days(area, known=dates.known, tiles=tiles.get(area.jurisdiction), on=dates.on)
        if not left & set(days.households.sections):
            continue
        levels = filtered_states(days, wall_filter=wall_filter, sections=left, on=dates.on)
        for level in _COUNTED:
            drawn.states.setdefault(level, []).append(_registered_places(level, levels[level], days.parcels.section))
        drawn.overdue += int((overdue_on(days.households, on=dates.on) & levels["household"].is_shown).sum())
        index = {section_number(code): place for place, code in enumerate(days.households.sections)}
        for layer in read_layers(area):
            place = layer.numbers
            if layer.name == "section":
                place = np.array([index[number] for number in layer.numbers], dtype=np.int64)
            drawn.add(layer, place=place, states=levels[layer.name])
    return drawn


def _registered_places(level: str, states: LevelStates, parcel_section: np.ndarray) -> LevelStates:
    """Without the numbers that no parcel has."""
    return LevelStates(states.ranks, states.is_shown & (parcel_section > 0)) if level == "parcel" else states


def _projected(shapes: np.ndarray, plane: int | str) -> np.ndarray:
    return transform(geometries=shapes, source=WGS84, target=plane) if len(shapes) else shapes


def _paints(drawn: _Drawn, *, plane: int | str, cities: list[str], denominator: int) -> tuple[Paint, ...]:
    """Land, river, sections, parcels, buildings, borders: from the ground upwards.

    Where a parcel would be too small to see, its section stands for it in full colour.
    """
    paints = [
        Paint(_outline_shapes(cities, "districts", plane), fill=_GROUND["land"]),
    ]
    if denominator >= RIVERS_FROM:
        paints.append(Paint(_outline_shapes(cities, "rivers", plane), stroke=_GROUND["water"], stroke_mm=1.6))
    with_parcels = denominator <= PARCELS_UNTIL and any(level == "parcel" for level, _rank in drawn.shapes)
    looks: dict[str, dict[str, Any]] = {"section": {"stroke_mm": 0.3, "opacity": 0.4 if with_parcels else 1.0}}
    if with_parcels:
        looks["parcel"] = {}
    if denominator <= BUILDINGS_UNTIL:
        looks["building"] = {"stroke": _GROUND["edge"], "stroke_mm": 0.02}
    for level, look in looks.items():
        for rank, name in enumerate(RANKS):
            if level == "building" and not rank:
                continue
            colour = STATE_COLOURS[name]
            stroke = {"stroke": colour} if level == "section" else {}
            paints.append(Paint(_projected(drawn.all(level, rank), plane), **{"fill": colour, **stroke, **look}))
    borders = _outline_shapes(cities, "borders", plane)
    paints.append(Paint(borders, stroke=_GROUND["border"], stroke_mm=0.3, dash_mm=1.8))
    return tuple(paints)


def _outline_features(cities: list[str], name: str) -> list[dict[str, Any]]:
    return [feature for city in cities for feature in outlines(city=city, name=name)["features"]]


def _outline_shapes(cities: list[str], name: str, plane: int | str) -> np.ndarray:
    """Shapes of ``districts``, their ``borders`` or ``rivers`` on the sheet's plane."""
    found = [
        json.dumps(feature["geometry"])
        for feature in _outline_features(cities, "rivers" if name == "rivers" else "districts")
        if "is_label" not in feature["properties"]
        and (name == "rivers" or ("is_border" in feature["properties"]) == (name == "borders"))
    ]
    return _projected(shapely.from_geojson(np.array(found, dtype=object)), plane)


def _labels(
    shown: list[MapSection], *, projects: list[Any], plane: int | str, cities: list[str]
) -> tuple[Label, ...]:
    """Names of districts and of the projects shown, the largest first; of its sections where one stands alone."""
    key = "name_en" if is_english() else "name"
    by_project: dict[str, list[MapSection]] = {}
    for section in shown:
        by_project.setdefault(section.project, []).append(section)
    names = {project.code: getattr(project, key) for project in projects}
    labels: list[Label] = []
    places: list[Any] = []  # sections shown have a shape, so each has a place
    if len(by_project) == 1:
        for rank, section in enumerate(shown):
            places.append(section.at)
            name = getattr(section, key) or section.name
            labels.append(Label(name, 0, 0, size_mm=2.5, colour=_GROUND["label"], rank=rank))
        by_project = {}
    for rank, (code, members) in enumerate(sorted(by_project.items(), key=lambda pair: -len(pair[1]))):
        middle = members[(len(members) - 1) // 2]
        places.append((middle.at[0], middle.box[3]))
        labels.append(
            Label(names[code], 0, 0, size_mm=2.7, colour=_GROUND["label"], rank=rank, is_bold=True, above_mm=2.2)
        )
    for feature in _outline_features(cities, "districts"):
        if "is_label" in feature["properties"]:
            places.append(tuple(feature["geometry"]["coordinates"]))
            labels.append(Label(feature["properties"][key], 0, 0, size_mm=5.0, colour=_GROUND["border"], rank=10_000))
    if not places:
        return ()
    points = _projected(shapely.points(np.array(places)), plane)
    return tuple(
        replace(label, x=float(shapely.get_x(point)), y=float(shapely.get_y(point)))
        for label, point in zip(labels, points, strict=True)
    )


def _box_of(sections: list[MapSection]) -> tuple[float, float, float, float]:
    """What the sections cover, or the middle of the city when none has a shape."""
    boxes = np.array([section.box for section in sections if section.box] or [(126.4, 43.7, 126.7, 44.0)])
    west, south, east, north = *boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _count(count: int) -> str:
    return grouped(count) if count else NOTHING


def _known_line(dates: AsOf) -> tuple[str, ...]:
    if dates.known is None:
        return ()
    return (_("as known on %(day)s: later records are left out") % {"day": dates.known.isoformat()},)


def _lines(request: HttpRequest, wall_filter: WallFilter) -> tuple[str, ...]:
    """Whose view it is and what it is narrowed to."""
    actor = request.actor  # type: ignore[attr-defined]
    english = is_english()
    lists = [held.name_en if english else held.name for held in map_lists(actor) if held.code in wall_filter.lists]
    districts = [
        name_en if english else name
        for code, name, name_en in map_jurisdictions(actor) if code in wall_filter.jurisdictions
    ]
    projects = [
        project.name_en if english else project.name
        for project in map_projects(actor) if project.code in wall_filter.projects
    ]
    labels = dict(zip(RANKS, rank_labels(), strict=True))
    states = [labels[rank] for rank in RANKS if rank in wall_filter.states]
    overdue = [_("only where a new home is overdue")] if wall_filter.overdue_only else []
    narrowed = [", ".join(part) for part in (lists, districts, projects, states, overdue) if part]
    return (*posts_of(actor)[:1], " · ".join(narrowed) if narrowed else _("everything in reach"))


def _notes(actor: Any, *, dates: AsOf, shown: list[MapSection], overdue: int) -> tuple[tuple[str, str], ...]:
    """The next deadlines of what is shown, and how many new homes are overdue."""
    of_project = {section.code: section.project for section in shown}
    of_project |= {project: project for project in of_project.values()}
    coming: dict[tuple[str, str], set[str]] = {}
    for deadline in map_deadlines(actor):
        name = deadline.name_en if is_english() else deadline.name
        if deadline.due_on >= dates.on and (deadline.of in of_project or kind_of(deadline.of) == "campaign"):
            coming.setdefault((deadline.due_on.isoformat(), name), set()).add(of_project.get(deadline.of, ""))
    notes = []
    for (day, name), of in list(coming.items())[:NOTES_SHOWN]:
        count = len(of - {""})
        among = ngettext("%(count)s project", "%(count)s projects", count) % {"count": count}
        notes.append((day, f"{name} · {among}" if count else name))
    if overdue:
        text = ngettext("new home overdue: %(count)s household", "new homes overdue: %(count)s households", overdue)
        notes.append(("■", text % {"count": grouped(overdue)}))
    return tuple(notes)


def _sources(actor: Any, *, paper: str) -> tuple[str, ...]:
    campaign = campaign_in_reach(actor)
    lines = [
        _("States: the platform's ledger. Shapes: imported surveys."),
        _("A place stands where its least advanced household stands."),
        _("District outlines: generalised to about 100 m, for orientation only; rivers: Natural Earth."),
        _("Projection: CGCS2000 3-degree Gauss-Krüger. %(paper)s. Printed %(at)s.")
        % {"paper": paper, "at": timezone.localtime().strftime("%Y-%m-%d %H:%M")},
    ]
    if campaign and campaign.is_demonstration:
        lines.insert(0, _("Demonstration data: all people, parcels and figures are invented."))
    return tuple(lines)
