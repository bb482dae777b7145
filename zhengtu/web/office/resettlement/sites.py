"""Resettlement sites: the list, a site with its buildings, a building with its homes, photos of the works."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.resettlement.works import CompletionForecast
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.choosing_order import who_choose
from zhengtu.resettlement.lot_actions import DRAW
from zhengtu.resettlement.models import Site
from zhengtu.resettlement.promises import told_homes
from zhengtu.resettlement.queries import HomeStanding, HomeState, homes_of, site_for, site_subject, sites_for
from zhengtu.resettlement.register import (
    BuildingStanding,
    SiteStanding,
    building_for,
    homes_in,
    reached_households,
    site_standings,
)
from zhengtu.resettlement.site_actions import RECORD
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.downloads import file_response
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column

_CHART_HEIGHT: Final = 120
_CHART_WIDTH: Final = 1080
_MONTHS_SHOWN: Final = 120


@dataclass(frozen=True, slots=True)
class ChanceBar:
    """One month of a building's forecast: where its bar stands, how tall it is, and its chance in words."""

    x: float
    y: float
    width: float
    height: float
    chance: float
    month: date
    is_by_half: bool


@requires("resettlement.view")
@require_safe
def site_list(request: HttpRequest) -> HttpResponseBase:
    """Sites in the actor's scope with what is built and given."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    rows = site_standings(list(sites_for(actor, on=dates.on)), on=dates.on, known=dates.known)
    clients = unit_names({row.site.client_id for row in rows})
    table = Table(
        name="resettlement-sites", title=_("Resettlement sites"), rows=rows, request=request, sort="code",
        columns=[
            Column("code", _("Site"), kind="code", value=lambda row: row.site.code),
            Column("name", _("Name of the site"), value=lambda row: row.site.name, width=28),
            Column("client", _("Client"), value=lambda row: in_language(clients[row.site.client_id]), width=24),
            Column("families", _("Families that wait"), kind="integer", value=lambda row: row.families),
            Column("buildings", pgettext_lazy("resettlement", "Buildings"), kind="integer",
                   value=lambda row: len(row.buildings)),
            Column("homes", _("Homes"), kind="integer", value=lambda row: sum(row.homes.values())),
            Column("free", _("Free"), kind="integer", value=lambda row: row.homes[HomeState.FREE]),
            Column("given", pgettext_lazy("home", "Handed over"), kind="integer",
                   value=lambda row: row.homes[HomeState.HANDED_OVER]),
            Column("budget", _("Budget"), kind="wan", unit=_("10,000 yuan"), value=lambda row: row.budget_yuan or None),
            Column("arrived", _("Money arrived"), kind="wan", unit=_("10,000 yuan"),
                   value=lambda row: row.arrived_yuan),
            Column("first", _("First building likely by"), kind="date", value=lambda row: _first(row)),
            Column("last", _("Last building nine in ten by"), kind="date", value=lambda row: _last(row)),
        ],
        row_href=lambda row: reverse("site.view", args=[row.site.code]) + dates.query(), per_page=100,
        source=_("Register of resettlement as of the day."), empty_text=_("No site is on file here."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "resettlement/sites.html", {
        "table": table.render_context(), "dates": dates, "may_record": opens(actor, RECORD),
    })


def _first(row: SiteStanding) -> date | None:
    return min((one.likely_on for one in row.buildings if not one.is_done), default=None)


def _last(row: SiteStanding) -> date | None:
    return max((one.safe_on for one in row.buildings if not one.is_done), default=None)


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """One site with its buildings, permits, money, photos and drawings."""
    return site_page(request, code)


def site_page(
    request: HttpRequest, code: str, *, reasons: Sequence[Reason] = (), given: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a site, also with what spoke against a deed.

    Args:
        given: what stood in the form that was refused; ``what`` is its name.

    Raises:
        Http404: when the actor does not reach it.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    site = _site(actor, code, dates)
    (standing,) = site_standings([site], on=dates.on, known=dates.known)
    authority, rules = current_rulebook().authority, current_rulebook()
    stages = rules.resettlement.stages
    may_record = dates.is_today and authority.may(actor=actor, verb=RECORD, subject=site_subject(site)) is None
    may_draw = dates.is_today and authority.may(actor=actor, verb=DRAW, subject=site_subject(site)) is None
    permits = tuple(rules.fact_kinds["site_permitted"].attributes["permit"].choices)
    return render(request, "resettlement/site.html", {
        "one": standing, "site": site, "dates": dates, "reasons": reasons, "given": given or {},
        "client": in_language(unit_names({site.client_id})[site.client_id]),
        "buildings": [_building_row(building, dates) for building in standing.buildings],
        "homes": [(state, _state_label(state), standing.homes[state]) for state in HomeState],
        "photos": [(photo, rulebook_label(group="works_stage", id=photo.stage)) for photo in standing.photos[:12]],
        "permits": [(permit, rulebook_label(group="works_stage", id=permit.stage)) for permit in standing.permits],
        "may_record": may_record, "may_draw": may_draw,
        "told": _told(code, dates),
        "stages": [(one.id, in_language(one.label)) for one in stages if one.id not in permits],
        "permit_kinds": [(id, rulebook_label(group="works_stage", id=id)) for id in permits],
        "choosing": len(who_choose(code, on=dates.on)) if may_draw else 0,
        "source": rules.resettlement.source,
    }, status=status)


def _site(actor: Actor, code: str, dates: AsOf) -> Site:
    site = site_for(actor, code, on=dates.on)
    if site is None:
        raise Http404
    return site


def _building_row(standing: BuildingStanding, dates: AsOf) -> dict[str, Any]:
    stages = current_rulebook().resettlement.stages
    reached = {one.stage: one.on for one in standing.stages}
    return {
        "standing": standing, "href": reverse("site.building", args=[standing.building.code]) + dates.query(),
        "steps": [{"label": in_language(stage.label), "on": reached.get(stage.id)} for stage in stages],
        "now": rulebook_label(group="works_stage", id=standing.forecast.under_way) if standing.forecast.under_way
        else "", "late_months": _months_after(standing),
        "free": standing.homes.get(HomeState.FREE, 0), "given": standing.homes.get(HomeState.HANDED_OVER, 0),
        "held": standing.homes.get(HomeState.ASSIGNED, 0),
    }


def _months_after(standing: BuildingStanding) -> int:
    """Months by which the likely completion lies after the planned one; 0 where it does not, or it is done."""
    if standing.is_done or standing.likely_on <= standing.planned_on:
        return 0
    planned, likely = standing.planned_on, standing.likely_on
    return max(1, (likely.year - planned.year) * 12 + likely.month - planned.month)


def _state_label(state: HomeState) -> str:
    return str({
        HomeState.FREE: _("Free"), HomeState.ASSIGNED: _("Assigned"),
        HomeState.HANDED_OVER: pgettext("home", "Handed over"),
    }[state])


@requires("resettlement.view")
@require_safe
def building(request: HttpRequest, code: str) -> HttpResponse:
    """A building: its stages, when it will be completed, and its homes floor by floor."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    row = building_for(actor, code, on=dates.on)
    if row is None:
        raise Http404
    (standing,) = site_standings([row.site], on=dates.on, known=dates.known)
    one = next(held for held in standing.buildings if held.building.code == code)
    homes = homes_in(row, on=dates.on, known=dates.known)
    told = _free_and_told(code, [home.home.code for home in homes if home.state is HomeState.FREE], dates)
    seen = reached_households(
        actor, [*(home.household for home in homes if home.household), *(one for held in told.values() for one in held)]
    )
    return render(request, "resettlement/building.html", {
        "one": one, "site": row.site, "dates": dates, "row": _building_row(one, dates),
        "floors": _floors(homes, seen, told), "states": [(state, _state_label(state)) for state in HomeState],
        "bars": chance_bars(one.forecast), "chart": {"width": _CHART_WIDTH, "height": _CHART_HEIGHT},
        "years": _years(one.forecast), "source": current_rulebook().resettlement.source,
        "photos": [
            (photo, rulebook_label(group="works_stage", id=photo.stage)) for photo in standing.photos
            if photo.subject == code
        ],
    })


def _free_and_told(within: str, free: Collection[str], dates: AsOf) -> dict[str, list[str]]:
    """Home -> families that were told it, of the homes of a site or building that are assigned to nobody."""
    told = told_homes(f"{within}-", on=dates.on, known=dates.known)
    return {home: families for home, families in told.items() if home in free}


def _told(site: str, dates: AsOf) -> dict[str, list[str]]:
    homes = homes_of(site, on=dates.on, known=dates.known)
    return _free_and_told(site, {one.home.code for one in homes if one.state is HomeState.FREE}, dates)


def _floors(
    homes: Sequence[HomeStanding], seen: set[str], told: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """Homes by floor, the highest first; whose a home is is named only to whom that household is in scope."""
    floors = sorted({one.home.floor for one in homes}, reverse=True)
    return [
        {
            "floor": floor,
            "homes": [
                {
                    "home": one.home, "state": one.state.value, "label": _state_label(one.state),
                    "household": one.household if one.household in seen else "", "told": one.home.code in told,
                    "told_to": next((code for code in told.get(one.home.code, ()) if code in seen), ""),
                    "type": rulebook_label(group="home_type", id=one.home.home_type), "since": one.since,
                }
                for one in homes if one.home.floor == floor
            ],
        }
        for floor in floors
    ]


def _span(forecast: CompletionForecast) -> int:
    """Months that the chart shows: until the chance is as good as whole."""
    last = forecast.day_at(0.995)
    months = (last.year - forecast.on.year) * 12 + last.month - forecast.on.month + 1
    return min(_MONTHS_SHOWN, max(6, months))


def chance_bars(forecast: CompletionForecast) -> list[ChanceBar]:
    """Bars of the chance of completion in each month from the day of the forecast; none where all is done."""
    if not forecast.under_way:
        return []
    months, tallest = _span(forecast), max(forecast.chances.values())
    width, half = _CHART_WIDTH / (months + 1), forecast.day_at(0.5)
    bars = []
    for month, chance in sorted(forecast.chances.items()):
        if month > months:
            break
        height = round(chance / tallest * (_CHART_HEIGHT - 8), 2)
        day = add_months(forecast.on, month)
        bars.append(ChanceBar(
            x=round(month * width, 2), y=round(_CHART_HEIGHT - height, 2), width=round(width * 0.8, 2), height=height,
            chance=chance, month=day, is_by_half=day <= half,
        ))
    return bars


def _years(forecast: CompletionForecast) -> list[dict[str, Any]]:
    """Where each January stands in the chart."""
    months = _span(forecast)
    width = _CHART_WIDTH / (months + 1)
    days = [(month, add_months(forecast.on.replace(day=1), month)) for month in range(months + 1)]
    return [{"x": round(month * width, 2), "year": day.year} for month, day in days if day.month == 1]


@requires("resettlement.view")
@require_safe
def photo(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A photo of a site's works, for whoever reaches the site."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    (standing,) = site_standings([_site(actor, code, dates)], on=dates.on)
    found = next((one for one in standing.photos if one.sha256 == sha256), None)
    if found is None:
        raise Http404
    return file_response(sha256, name=found.name, media_type=found.media_type)
