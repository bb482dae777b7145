"""The overdue wall, and the list of the families behind every figure on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.accountability.queries import Approaching, approaching
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.ledger.lateness import BANDS
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.facts import reach_around
from zhengtu.resettlement.late_figures import late_figures_among
from zhengtu.resettlement.overdue import LateGroup, OverdueWall, late_in, wall_of
from zhengtu.resettlement.promises import told_within
from zhengtu.resettlement.subsidies import SubsidyRow, rows_for
from zhengtu.web.office.resettlement.late_sum import late_sum
from zhengtu.web.office.resettlement.overdue_drawing import trend_chart
from zhengtu.web.office.resettlement.waiting_words import (
    PAYER_KINDS,
    PUBLIC_KINDS,
    Names,
    band_choices,
    band_label,
    payer_kind_label,
    rule_label,
)
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_SHOWN: Final = 12
"""Groups of a kind on the wall; the ledger has the others."""
_COUNTDOWN_SHOWN: Final = 10
_DAYS_NEAR: Final = (30, 60, 90)


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The wall of everything in the actor's scope, on the page's dates."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    rows = rows_for(actor, on=dates.on, known=dates.known)
    wall, names = wall_of(rows, on=dates.on), Names(actor, rows)
    return render(request, "resettlement/overdue.html", {
        "wall": wall, "dates": dates, "bands": _bands(wall, dates), "public_share": _public_share(wall),
        "wide": _chart(wall, width=1040, height=250), "narrow": _chart(wall, width=360, height=240),
        "kinds": _kinds(wall, dates),
        "late_sum": late_sum(late_figures_among(
            rows, told_within(reach_around([row.household for row in rows]), on=dates.on, known=dates.known),
            on=dates.on,
        ), dates),
        "groups": [
            (key, title, what, _group_rows(groups, key, named, dates)) for key, title, what, groups, named in (
                ("project", _("By project"), _("Project"), wall.by_project, names.project),
                ("jurisdiction", _("By district"), _("District"), wall.by_jurisdiction, names.unit),
                ("client", _("By client"), _("Client"), wall.by_client, names.unit),
                ("payer", _("By payer"), _("Payer"), wall.by_payer, names.unit),
            )
        ],
        "countdown": _countdown(rows, dates) if dates.known is None else None,
        "countdown_href": reverse("accountability.countdown") if opens(actor, "accountability.view") else "",
        "families_href": reverse("overdue.families"), "over_href": reverse("overdue.families") + dates.query(over="12"),
    })


def _bands(wall: OverdueWall, dates: AsOf) -> list[dict[str, Any]]:
    """The bands, each with its families, its share and what a day of them costs."""
    found = []
    for number, (band, count) in enumerate(zip(BANDS, wall.whole.by_band, strict=True), 1):
        found.append({
            "number": number, "label": band_label(band), "count": count,
            "share": count / wall.whole.families if wall.whole.families else None,
            "percent": round(100 * count / wall.whole.families, 2) if wall.whole.families else 0,
            "is_answered": band.over >= 12,
            "href": reverse("overdue.families") + dates.query(band=band.id),
        })
    return found


def _public_share(wall: OverdueWall) -> float | None:
    """The part of what a day costs that finance and the state's enterprises bear."""
    whole = wall.whole.totals.monthly
    borne = sum((one.totals.monthly for one in wall.by_payer_kind if one.key in PUBLIC_KINDS), ZERO)
    return float(borne / whole) if whole else None


def _kinds(wall: OverdueWall, dates: AsOf) -> list[dict[str, Any]]:
    """Kinds of payer in their order, with the part of the cost that each bears and where its bar begins."""
    held = {one.key: one for one in wall.by_payer_kind}
    whole, begun, found = wall.whole.totals.monthly, ZERO, []
    for kind in (*PAYER_KINDS, ""):
        if kind not in held:
            continue
        group = held[kind]
        share = group.totals.monthly / whole if whole else ZERO
        found.append({
            "key": kind or "none", "label": payer_kind_label(kind), "group": group,
            "share": float(share) if whole else None, "x": f"{100 * begun:.2f}", "width": f"{100 * share:.2f}",
            "href": reverse("overdue.families") + dates.query(payer_kind=kind or "none"),
        })
        begun += share
    return found


def _group_rows(groups: Sequence[LateGroup], name: str, named: Any, dates: AsOf) -> dict[str, Any]:
    def row(group: LateGroup) -> dict[str, Any]:
        key = {name: group.key or "none"}
        address = reverse("overdue.families")
        return {
            "group": group, "name": named(group.key), "href": address + dates.query(**key),
            "kind": payer_kind_label(group.kind) if group.kind else "",
            "bands": [
                {"count": count, "href": address + dates.query(band=band.id, **key), "number": number}
                for number, (band, count) in enumerate(zip(BANDS, group.by_band, strict=True), 1)
            ],
        }

    return {
        "rows": [row(group) for group in groups[:_SHOWN]], "hidden": len(groups) - len(groups[:_SHOWN]),
        "href": reverse("subsidy.view") + dates.query(by=name),
    }


def _chart(wall: OverdueWall, *, width: int, height: int) -> Any:
    return trend_chart(wall.months, line=wall.line, crossings=wall.crossings, width=width, height=height)


def _countdown(rows: Sequence[SubsidyRow], dates: AsOf) -> dict[str, Any]:
    """Families in scope that come to the months of a rule, from the one source that opens the cases."""
    waiting = {row.household for row in rows if row.home_on is None}
    days = current_rulebook().accountability.countdown_days
    found: list[Approaching] = []
    for city in sorted({city_of(row.project) for row in rows}):
        found += [one for one in approaching(city, on=dates.on, within_days=days) if one.household in waiting]
    return {
        "days": days, "count": len(found), "first": found[:_COUNTDOWN_SHOWN],
        "near": [(limit, sum(one.days_left <= limit for one in found)) for limit in _DAYS_NEAR if limit <= days],
    }


@requires("resettlement.view")
@require_safe
def families(request: HttpRequest) -> HttpResponseBase:
    """Late families one by one, the longest waiting first; the same rows as a workbook."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    over = request.GET.get("over", "")
    rows = rows_for(actor, on=dates.on, known=dates.known)
    late = late_in(rows, over=int(over) if over in {str(band.over) for band in BANDS} else 0)
    names = Names(actor, late)
    table = Table(
        name="late-families", title=_("Overdue resettlement"), rows=late, request=request, sort="due_on",
        columns=family_columns(names, dates), filters=_filters(late, names),
        row_href=lambda row: reverse("subsidy.household", args=[row.household]) + dates.query(),
        source=_("Subsidy ledger as of the day; months as the ledger's figures count them."),
        empty_text=_("No family is late here."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "resettlement/families.html", {
        "table": table.render_context(), "dates": dates, "over": over if over != "0" else "",
    })


def family_columns(names: Names, dates: AsOf) -> list[Column]:
    """Columns of a list of families with their accounts."""
    return [
        Column("household", _("Household"), kind="code", width=24),
        Column("name_masked", _("Name")),
        Column("project", _("Project"), value=lambda row: names.project(row.project), width=28),
        Column("jurisdiction", _("District"), value=lambda row: names.unit(row.jurisdiction)),
        Column("client", _("Client"), value=lambda row: names.unit(row.client), is_shown=False, width=28),
        Column("payer", _("Payer"), value=lambda row: names.unit(row.payer), width=28),
        Column("payer_kind", _("Kind of payer"), value=lambda row: payer_kind_label(row.payer_kind), is_shown=False),
        Column("due_on", _("Promised for"), kind="date"),
        Column("home_on", _("Came home on"), kind="date", is_shown=False),
        Column("months_late", _("Months late"), kind="integer", value=lambda row: row.months_late or None),
        Column("per_day", _("Cost per day"), kind="money", unit=_("yuan"), value=lambda row: row.account.per_day),
        Column("accrued", _("Accrued"), kind="money", unit=_("yuan"), value=lambda row: row.account.accrued,
               is_shown=False),
        Column("overdue", _("Of this overdue"), kind="money", unit=_("yuan"),
               value=lambda row: row.account.overdue, is_shown=False),
        Column("paid", _("Paid"), kind="money", unit=_("yuan"), value=lambda row: row.account.paid),
        Column("owed", _("Owed"), kind="money", unit=_("yuan"), value=lambda row: row.account.owed),
        Column("arrears", _("Fallen due, unpaid"), kind="money", unit=_("yuan"),
               value=lambda row: row.account.arrears, is_shown=False),
        Column("former", _("Owed by earlier payers"), kind="money", unit=_("yuan"),
               value=lambda row: row.owed_by_former or None, is_shown=False),
        Column("basis", _("Basis"), value=basis_of, width=28),
    ]


def basis_of(row: SubsidyRow) -> str:
    """The rule that its account rests on, or that the basis is missing."""
    return str(_("Basis missing")) if row.account.missing is not None else rule_label(row.account.rule)


def _filters(rows: Sequence[SubsidyRow], names: Names) -> list[Filter]:
    return [
        Filter("band", _("Months late"), kind="choice", choices=band_choices(),
               apply=lambda held, text: [row for row in held if row.band is not None and row.band.id == text]),
        Filter("project", _("Project"), kind="choice", choices=_choices(rows, "project", names.project)),
        Filter("jurisdiction", _("District"), kind="choice", choices=_choices(rows, "jurisdiction", names.unit)),
        Filter("client", _("Client"), kind="choice", choices=_choices(rows, "client", names.unit)),
        Filter("payer", _("Payer"), kind="choice", choices=_choices(rows, "payer", names.unit),
               apply=lambda held, text: [row for row in held if (row.payer or "none") == text]),
        Filter("payer_kind", _("Kind of payer"), kind="choice",
               choices=_choices(rows, "payer_kind", payer_kind_label),
               apply=lambda held, text: [row for row in held if (row.payer_kind or "none") == text]),
        Filter("missing", _("Basis missing"), kind="flag",
               apply=lambda held, text: [row for row in held if row.account.missing is not None]),
    ]


def _choices(rows: Sequence[SubsidyRow], name: str, named: Any) -> list[tuple[str, str]]:
    keys = {getattr(row, name) for row in rows}
    return sorted(((key or "none", named(key)) for key in keys), key=lambda one: one[1])
