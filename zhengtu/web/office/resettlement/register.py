"""The register of families that wait for a home, and the page of one of them with everything that can be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.rulebook import current_compensation, current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement.addresses import RECORD as RECORD_ADDRESS
from zhengtu.resettlement.choosing_order import chooses_at, choosing_orders
from zhengtu.resettlement.facts import Terms
from zhengtu.resettlement.family_actions import RECORD
from zhengtu.resettlement.home_actions import ASSIGN, HAND_OVER
from zhengtu.resettlement.late_figures import late_figures
from zhengtu.resettlement.models import Site
from zhengtu.resettlement.queries import Waiting
from zhengtu.resettlement.register import (
    RegisterRow,
    free_homes,
    home_row,
    register_row,
    register_rows,
    sites_in,
)
from zhengtu.web.office.resettlement.late_sum import late_sum
from zhengtu.web.office.resettlement.lives_at import TOLD_BY, lives_at_block, told_by_label
from zhengtu.web.office.resettlement.promise_words import told_text
from zhengtu.web.office.resettlement.waiting_words import Names, payer_kind_label, rule_label
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_HOMES_SHOWN: Final = 200
_ORDER_SHOWN: Final = 5
_TERMS_KEPT: Final = (
    "home_area_m2", "given_up_area_m2", "moved_out_on", "agreed_months", "rule", "rooms", "persons", "pay_every_months",
    "agreed_yuan_m2_month", "overdue_multiplier", "cash_yuan",
)
"""Terms that the form shows as they are on file."""
_SETTLED: Final = ("surveyed_area_m2", "family_pays_yuan", "family_gets_yuan")
WAYS: Final = ("building", "purchase", "cash")


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """Families in the actor's scope that wait on the page's dates; the same rows as a workbook."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    rows = register_rows(actor, on=dates.on, known=dates.known)
    names, sites = Names(actor, [row.waits for row in rows]), _site_names(rows)
    table = Table(
        name="resettlement-register", title=_("Resettlement register"), rows=rows, request=request, sort="due_on",
        columns=_columns(names, sites), filters=_filters(rows, names, sites),
        row_href=lambda row: reverse("resettlement.household", args=[row.household]) + dates.query(),
        source=_("Register of resettlement as of the day."), empty_text=_("No family waits here."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "resettlement/register.html", {
        "table": table.render_context(), "dates": dates, "late": sum(row.waits.is_late for row in rows),
        "waiting": len(rows), "with_home": sum(bool(row.waits.home) for row in rows),
        "late_sum": late_sum(late_figures(((row.waits.due_on, row.told) for row in rows), on=dates.on), dates),
        "told": sum(row.told is not None for row in rows),
        "without_terms": sum(row.waits.terms is None for row in rows),
        "without_address": sum(row.lives_since is None for row in rows),
        "may_import": opens(actor, RECORD), "may_import_addresses": opens(actor, RECORD_ADDRESS),
    })


def _site_names(rows: Sequence[RegisterRow]) -> dict[str, str]:
    cities = {row.waits.household[:4] for row in rows}
    return {site.code: site.name for city in cities for site in sites_in(f"{city}00")}


def _columns(names: Names, sites: dict[str, str]) -> list[Column]:
    return [
        Column("household", _("Household"), kind="code", width=24),
        Column("name_masked", _("Name"), kind="masked"),
        Column("address", _("Former address"), is_shown=False, width=32),
        Column("lives_at", _("Lives now at"), kind="masked", width=20),
        Column("lives_since", _("Lives there since"), kind="date", is_shown=False),
        Column("project", _("Project"), value=lambda row: names.project(row.project), width=28),
        Column("jurisdiction", _("District"), value=lambda row: names.unit(row.jurisdiction), is_shown=False),
        Column("due_on", _("Promised for"), kind="date"),
        Column("months_late", _("Months late"), kind="integer", value=lambda row: row.months_late or None),
        Column("home_type", _("Agreed home"), value=lambda row: rulebook_label(group="home_type", id=row.home_type)
               if row.home_type else "", width=20),
        Column("area", _("Agreed area"), kind="area", unit="m²",
               value=lambda row: row.terms.home_area_m2 if row.terms else None),
        Column("site", _("Site"), value=lambda row: sites.get(row.site, ""), width=24),
        Column("home", _("Home assigned"), kind="code", width=24),
        Column("told_on", _("Told a home and a day on"), kind="date", is_shown=False,
               value=lambda row: row.told and row.told.told_on),
        Column("wish", _("Wish on record"), value=lambda row: way_label(row.wish)),
        Column("hardships", _("Hardship"), value=lambda row: _hardships(row.waits)),
        Column("payer", _("Payer"), value=lambda row: names.unit(row.payer), is_shown=False, width=24),
        Column("payer_kind", _("Kind of payer"), value=lambda row: payer_kind_label(row.payer_kind), is_shown=False),
    ]


def way_label(way: str) -> str:
    """What a way home is called; empty for none."""
    return rulebook_label(group="choice", id=f"way_chosen.way.{way}") if way else ""


def _hardships(row: Waiting) -> str:
    return "、".join(rulebook_label(group="choice", id=f"hardship_recognised.hardship.{one}") for one in row.hardships)


def _filters(rows: Sequence[RegisterRow], names: Names, sites: dict[str, str]) -> list[Filter]:
    def choices(name: str, named: Any) -> list[tuple[str, str]]:
        keys = {getattr(row, name) for row in rows} - {""}
        return sorted(((key, named(key)) for key in keys), key=lambda one: one[1])

    return [
        Filter("household", _("Household"),
               apply=lambda held, text: [row for row in held if text.strip().upper() in row.household]),
        Filter("late", _("Late"), kind="flag", apply=lambda held, text: [row for row in held if row.is_late]),
        Filter("project", _("Project"), kind="choice", choices=choices("project", names.project)),
        Filter("jurisdiction", _("District"), kind="choice", choices=choices("jurisdiction", names.unit)),
        Filter("site", _("Site"), kind="choice", choices=choices("site", lambda code: sites.get(code, code))),
        Filter("home_type", _("Agreed home"), kind="choice",
               choices=choices("home_type", lambda id: rulebook_label(group="home_type", id=id))),
        Filter("wish", _("Wish on record"), kind="choice", choices=choices("wish", way_label)),
        Filter("payer", _("Payer"), kind="choice", choices=choices("payer", names.unit)),
        Filter("hardship", _("Hardship"), kind="flag",
               apply=lambda held, text: [row for row in held if row.is_vulnerable]),
        Filter("no_home", _("No home assigned"), kind="flag",
               apply=lambda held, text: [row for row in held if not row.home]),
        Filter("home", _("Home assigned"), kind="flag", apply=lambda held, text: [row for row in held if row.home]),
        Filter("told", _("Told a home and a day"), kind="flag",
               apply=lambda held, text: [row for row in held if row.told]),
        Filter("no_address", _("No transition address on file"), kind="flag",
               apply=lambda held, text: [row for row in held if row.lives_since is None]),
        Filter("no_terms", _("No entitlement on file"), kind="flag",
               apply=lambda held, text: [row for row in held if row.terms is None]),
    ]


@requires("resettlement.view")
@require_safe
def household(request: HttpRequest, code: str) -> HttpResponse:
    """What one family is owed and wants, which home it has, and what can be recorded of it."""
    return household_page(request, code)


def household_page(
    request: HttpRequest, code: str, *, reasons: Sequence[Reason] = (), given: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a family, also with what spoke against a deed.

    Raises:
        Http404: when nothing was owed to it, or the actor does not reach it.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    row = register_row(actor, code, on=dates.on, known=dates.known)
    if row is None:
        return _at_home_page(request, code, dates, reasons=reasons, given=given, status=status)
    names, terms = Names(actor, [row.waits]), row.waits.terms
    subject, authority = subject_of(code), current_rulebook().authority
    may = {
        name: dates.is_today and authority.may(actor=actor, verb=verb, subject=subject) is None
        for name, verb in {
            "record": RECORD, "assign": ASSIGN, "hand_over": HAND_OVER, "address": RECORD_ADDRESS,
        }.items()
    }
    sites = sites_in(code)
    return render(request, "resettlement/household.html", {
        "row": row, "terms": terms, "dates": dates, "may": may, "reasons": reasons, "given": given or _given(terms),
        "project_name": names.project(row.waits.project), "jurisdiction": names.unit(row.waits.jurisdiction),
        "payer": names.unit(row.waits.payer), "payer_kind": payer_kind_label(row.waits.payer_kind),
        "rule": rule_label(terms.rule) if terms and terms.rule else "",
        "told_home": told_text(row.told) if row.told else "",
        "wish": way_label(row.waits.wish), "hardships": _hardships(row.waits),
        "ways": [(way, way_label(way)) for way in WAYS],
        "lives": lives_at_block(actor, code, dates), "tellers": [(one, told_by_label(one)) for one in TOLD_BY],
        "site": next((one for one in sites if one.code == row.waits.site), None),
        **(_choosing(row, sites, dates) if may["assign"] else {}),
        **(_forms(actor, row, sites) if may["record"] else {}),
    }, status=status)


def _given(terms: Terms | None) -> dict[str, str]:
    """The terms on file as the form takes them, so that a supplement changes only what it changes."""
    if terms is None:
        return {}
    values = {name: getattr(terms, name) for name in _TERMS_KEPT}
    kept = {name: str(value) for name, value in values.items() if value not in (None, "")}
    kept |= {name: "yes" if getattr(terms, name) else "no" for name in ("may_choose_cash", "in_turnover_housing")}
    return kept


def _at_home_page(
    request: HttpRequest, code: str, dates: AsOf, *, reasons: Sequence[Reason], given: dict[str, str] | None,
    status: int,
) -> HttpResponse:
    """The page of a family that came home: what is left to settle and to register."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = home_row(actor, code, on=dates.on, known=dates.known)
    if row is None:
        raise Http404
    settled, title = row.settled, row.title
    return render(request, "resettlement/at_home.html", {
        "row": row, "dates": dates, "reasons": reasons, "given": given or {},
        "settled": settled and {
            "on": settled.happened_on, "deed": settled.deed_id,
            **{name: Decimal(settled.attributes[name]) for name in _SETTLED if name in settled.attributes},
        },
        "title": title and {"on": title.happened_on, "deed": title.deed_id, "number": title.attributes["number"]},
        "may_record": dates.is_today and current_rulebook().authority.may(
            actor=actor, verb=RECORD, subject=subject_of(code)
        ) is None,
        "may_read_deeds": reach_of(actor, verb="ledger.view").covers(code),
    }, status=status)


def _choosing(row: RegisterRow, sites: Sequence[Site], dates: AsOf) -> dict[str, Any]:
    """Free homes of the sites where the family chooses, else of the agreed one, and who is next by each order."""
    own = [one for one in sites if chooses_at(row.waits, one)] or [one for one in sites if one.code == row.waits.site]
    homes = [home for one in own for home in free_homes(one.code, home_type=row.waits.home_type)]
    orders = []
    for site in own:
        for by, order in choosing_orders(site.code, on=dates.on).items():
            place = order.index(row.waits.household) + 1 if row.waits.household in order else None
            label = rulebook_label(group="choice", id=f"home_assigned.by.{by}")
            orders.append({
                "by": by, "label": label if len(own) == 1 else f"{site.name} · {label}", "count": len(order),
                "first": order[:_ORDER_SHOWN], "place": place,
            })
    return {
        "homes": homes[:_HOMES_SHOWN], "free": len(homes), "orders": orders,
        "bys": [(by, rulebook_label(group="choice", id=f"home_assigned.by.{by}")) for by in ("lot", "signing", "plan")],
    }


def _forms(actor: Actor, row: RegisterRow, sites: Sequence[Site]) -> dict[str, Any]:
    """What the form of an entitlement offers."""
    rules = current_rulebook()
    names = Names(actor, [row.waits])
    kinds = rules.fact_kinds["entitlement_agreed"].attributes["payer_kind"].choices
    return {
        "home_types": [(one.id, in_language(one.label)) for one in rules.resettlement.home_types.values()],
        "sites": sites, "payer_kinds": [(id, in_language(pair)) for id, pair in kinds.items()],
        "rules": [(one.id, in_language(one.label)) for one in current_compensation().transition_rules],
        "payers": sorted((code, names.unit(code)) for code in {row.waits.client, row.waits.payer} - {""}),
    }
