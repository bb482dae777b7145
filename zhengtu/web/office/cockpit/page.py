"""The cockpit: one screen on how a campaign stands, every figure a link to what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.campaign.deadline_outlooks import DeadlineOutlook
from zhengtu.campaign.facts import PLACE_STATES
from zhengtu.campaign.queries import CHANGE_DAYS, Cockpit, Headline, cockpit, jurisdiction_points
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.ledger.figures import STATE_FIGURES
from zhengtu.web.office.cockpit.drawing import DrawnMap, district_map, shade, sparkline
from zhengtu.web.office.cockpit.sentences import (
    goal_label,
    kept,
    late_line,
    name_of,
    part_name,
    plan_href,
    short_name_of,
    state_label,
)
from zhengtu.web.office.directives.attention import overdue_lines
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.beside_cleared import districts, whole
from zhengtu.web.shared.reason_text import spoken_reason

_HEADLINES: Final[Mapping[str, tuple[Any, Any, str]]] = {
    # figure: (name, unit, query of the list behind it)
    "signed_count": (gettext_lazy("Signed"), gettext_lazy("households"), "signed"),
    "vacated_count": (gettext_lazy("Vacated"), gettext_lazy("households"), "vacated"),
    "handed_over_count": (gettext_lazy("Handed over"), gettext_lazy("sections"), ""),
    "overdue_over_0": (gettext_lazy("Overdue resettlement"), gettext_lazy("households"), ""),
}
_CHANGES: Final = (
    "registered", "surveyed", "valued", "signed", "decided", "paid", "vacated", "demolished", "handed_over",
    "resettled",
)
_CURVE_COLOURS: Final = {"signed_count": "settled", "vacated_count": "vacated"}


@require_safe
@requires("cockpit.view")
def view(request: HttpRequest) -> HttpResponse:
    """The cockpit of everything the actor reaches, on the page's dates."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    shown = cockpit(actor, on=dates.on, known=dates.known)
    truth = districts(actor, dates, verb="cockpit.view")
    return render(request, "cockpit/cockpit.html", {
        "cockpit": shown, "dates": dates,
        "deadlines": [_deadline(deadline, shown, dates) for deadline in shown.deadlines],
        "headlines": [_headline(actor, headline, dates) for headline in shown.headlines],
        "truth": whole(truth, dates),
        "truth_href": reverse("truth.view") + kept(dates) if opens(actor, "inspection.read") else "",
        "late": [
            *overdue_lines(actor, names=shown.names, dates=dates),
            *[late_line(item, names=shown.names, dates=dates) for item in shown.late],
        ],
        "ranking": [{**_ranked(row, shown, dates), "beside": truth.get(row.code)} for row in shown.ranking],
        "bars": _bars(shown, dates),
        "changes": _changes(shown, dates),
        "map": _map(actor, shown),
        "state_legend": [(state.replace("_", "-"), state_label(state)) for state in PLACE_STATES],
        "curves": curves_of(shown.curve_from, {f: shown.curves[f] for f in _CURVE_COLOURS}, total=shown.households),
        "list_href": {name: reverse(name) for name in ("project.list", "section.list", "household.list")},
        "wall_href": reverse("wall.view") + kept(dates),
    })


def _deadline(deadline: Any, shown: Cockpit, dates: AsOf) -> dict[str, Any]:
    done = deadline.sections - deadline.sections_left
    return {
        "standing": deadline,
        "name": name_of("", {"": deadline.names}) if deadline.names else goal_label(deadline.goal),
        "days": (deadline.due_on - dates.on).days,
        "is_late": deadline.due_on < dates.on and deadline.sections_left,
        "share": done / deadline.sections,
        "percent": round(100 * done / deadline.sections),
        "sections_href": reverse("section.list") + dates.query(deadline=deadline.key),
        "households_href": reverse("household.list") + dates.query(deadline=deadline.key),
        "outlook": _outlook(shown.outlooks.get(deadline.key), shown, dates),
    }


def _outlook(outlook: DeadlineOutlook | None, shown: Cockpit, dates: AsOf) -> dict[str, Any] | None:
    """How probable a deadline is, and the earliest honest day of the part that comes last."""
    if outlook is None:
        return None
    found: dict[str, Any] = {
        "is_met": outlook.parts_met == outlook.parts, "probability": outlook.probability, "data": _data(outlook),
        "trajectory_href": reverse("trajectory.view") + dates.query(target=outlook.target.key),
    }
    if outlook.latest is not None:
        row, target = outlook.latest
        found |= {
            "earliest_on": target.earliest_on, "is_impossible": outlook.impossible > 0,
            "earliest_href": plan_href(row.code, dates, target=outlook.target.key),
            "earliest_why": gettext(
                "%(part)s comes last by law and teams; %(count)s of %(of)s parts cannot meet it."
            ) % {"part": part_name(row, shown.names), "count": outlook.impossible, "of": outlook.parts},
        }
    return found


def _data(outlook: DeadlineOutlook) -> str:
    """How much data stands behind a probability, or why there is none."""
    if outlook.forecast is None:
        return gettext("No forecast is made of exactly what lies in your reach.")
    return " ".join(spoken_reason(reason).message for reason in outlook.forecast.reasons)


def _headline(actor: Actor, headline: Headline, dates: AsOf) -> dict[str, Any]:
    name, unit, milestone = _HEADLINES[headline.figure]
    change_href = ""
    if headline.figure == "handed_over_count":
        href = reverse("section.list") + dates.query(state="handed_over")
        change_href = reverse("section.list") + dates.query(state="handed_over", changed="1")
    elif headline.figure == "overdue_over_0":
        href = reverse("household.list") + dates.query(overdue="0")
        if opens(actor, "resettlement.view"):
            href = reverse("overdue.families") + kept(dates)
    else:
        href = reverse("household.list") + dates.query(reached=milestone)
        change_href = reverse("household.list") + dates.query(reached=milestone, within=CHANGE_DAYS)
    return {
        "headline": headline, "name": name,
        "note": gettext("past the day of the agreement") if headline.figure == "overdue_over_0" else "",
        "unit": unit, "href": href, "change_href": change_href,
        "share": headline.value / headline.of if headline.of else None, "points": sparkline(headline.course),
    }


def _ranked(row: Any, shown: Cockpit, dates: AsOf) -> dict[str, Any]:
    moved = row.rank_before - row.rank if row.rank and row.rank_before else 0
    return {
        "row": row, "name": short_name_of(row.code, shown.names), "moved": moved, "moved_by": abs(moved),
        "points": None if row.change is None else round(100 * row.change, 1),
        "settled_percent": round(100 * row.settled / row.households, 1) if row.households else 0,
        "vacated_percent": round(100 * row.vacated / row.households, 1) if row.households else 0,
        "settled_href": reverse("household.list") + dates.query(district=row.code, reached="settled", ranked="1"),
        "vacated_href": reverse("household.list") + dates.query(district=row.code, reached="left_home", ranked="1"),
    }


def _bars(shown: Cockpit, dates: AsOf) -> list[dict[str, Any]]:
    """Projects, sections and households by state, each as the parts of one bar."""
    registered = {str(state): shown.total[figure] for state, figure in STATE_FIGURES.items()}
    return [
        _bar(gettext("Projects"), shown.project_states, "project.list", dates, due=shown.due["projects"]),
        _bar(gettext("Sections"), shown.section_states, "section.list", dates, due=shown.due["sections"]),
        _bar(gettext("Households"), registered, "household.list", dates, due=shown.due["households"]),
    ]


def _bar(name: str, counts: Mapping[str, int], url: str, dates: AsOf, *, due: int) -> dict[str, Any]:
    total = sum(counts.values())
    return {
        "name": name, "total": total, "due": due, "href": reverse(url) + kept(dates),
        "due_percent": round(100 * due / total, 2) if total else 0,
        "parts": [
            {
                "state": state, "css": state.replace("_", "-"), "label": state_label(state), "count": counts[state],
                "percent": round(100 * counts[state] / total, 3), "href": reverse(url) + dates.query(state=state),
            }
            for state in PLACE_STATES if counts.get(state)
        ],
    }


def _changes(shown: Cockpit, dates: AsOf) -> list[dict[str, Any]]:
    """What the last seven days added, step by step."""
    rows = []
    for milestone in _CHANGES:
        count = shown.change[f"{milestone}_count"]
        if milestone == "handed_over":
            href = reverse("section.list") + dates.query(state="handed_over", changed="1")
        else:
            href = reverse("household.list") + dates.query(reached=milestone, within=CHANGE_DAYS)
        rows.append({"milestone": milestone, "count": count, "href": href, "is_sections": milestone == "handed_over"})
    most = max((abs(row["count"]) for row in rows), default=0) or 1
    return [{**row, "percent": round(100 * abs(row["count"]) / most)} for row in rows if row["count"]]


def _map(actor: Actor, shown: Cockpit) -> dict[str, Any] | None:
    shares = {row.code: row for row in shown.ranking}
    if not shares:
        return None
    drawn: DrawnMap | None = district_map(
        city=city_of(next(iter(shares))), codes=sorted(shares), points=jurisdiction_points(actor)
    )
    if drawn is None:
        return None
    return {
        "width": round(drawn.width), "height": round(drawn.height),
        "districts": [
            {
                "drawn": district, "name": name_of(district.code, shown.names),
                "short_name": short_name_of(district.code, shown.names),
                "shade": shade(shares[district.code].share), "share": shares[district.code].share,
                "href": f"{reverse('wall.view')}?district={district.code}",
            }
            for district in drawn.districts
        ],
    }


def curves_of(start: Any, curves: Mapping[str, Sequence[int]], *, total: int) -> dict[str, Any]:
    """What ``js/cockpit.js`` draws: cumulative curves with their names at the end, the total as the goal."""
    labels = {"signed_count": gettext("Signed"), "vacated_count": gettext("Vacated"),
              "registered_count": gettext("Registered"), "handed_over_count": gettext("Handed over")}
    colours = {**_CURVE_COLOURS, "registered_count": "surveyed", "handed_over_count": "handed-over"}
    return {
        "start": start.isoformat(), "total": total,
        "texts": {"total": gettext("All households"), "unit": gettext("households")},
        "lines": [
            {"label": labels[figure], "colour": colours[figure], "values": list(values)}
            for figure, values in curves.items()
        ],
    }
