"""The subsidy ledger: as a whole by project, district, client or payer; of one project; of one family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.subsidy_account import due_for
from zhengtu.core.compensation.subsidy_totals import SubsidyTotals, totals_by, totals_of
from zhengtu.core.compensation.transition_rules import Counted
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_compensation, current_rulebook
from zhengtu.registry.queries import projects_for, subject_of
from zhengtu.resettlement.due_dates import instalments_of, months_due
from zhengtu.resettlement.facts import VIEW
from zhengtu.resettlement.money_settlement import sum_to_settle
from zhengtu.resettlement.subsidies import SubsidyRow, added_by, by_payer, row_for, rows_for
from zhengtu.resettlement.subsidy_actions import RECORD
from zhengtu.resettlement.subsidy_payments import SubsidyPayment, payments_of
from zhengtu.web.office.resettlement.overdue import family_columns
from zhengtu.web.office.resettlement.waiting_words import Names, band_choices, payer_kind_label, rate_unit, rule_label
from zhengtu.web.shared.access import opens, requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

_DAY: Final = timedelta(days=1)
_YEAR: Final = timedelta(days=366)
_FURTHEST: Final = timedelta(days=3653)
"""A forecast reaches ten years ahead at most."""
_BY: Final[dict[str, tuple[str | Promise, Callable[[Any], str]]]] = {
    "project": (_("Project"), lambda row: row.project),
    "jurisdiction": (_("District"), lambda row: row.jurisdiction),
    "client": (_("Client"), lambda row: row.client),
    "payer": (_("Payer"), lambda row: row.payer),
    "payer_kind": (_("Kind of payer"), lambda row: row.payer_kind),
}
_OF_PAYERS: Final = ("payer", "payer_kind")
"""By these a family whose payer changed has several shares."""
_DUE_MONTHS: Final = 6
_DUE_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the ledger; ``added`` accrues until the day of the forecast, if nobody comes home before."""

    key: str
    name: str
    totals: SubsidyTotals
    added: Decimal


@requires("resettlement.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """All accounts in the actor's scope, added up by what the address says."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    by = request.GET.get("by", "project")
    by = by if by in _BY else "project"
    until = forecast_day(request, dates)
    rows = rows_for(actor, on=dates.on, known=dates.known)
    parts = _parts(rows, by, Names(actor, rows), until=until)
    table = Table(
        name=f"subsidies-{by}", title=_("Subsidy ledger"), rows=parts, request=request, sort="-owed",
        columns=_part_columns(_BY[by][0], until, has_former=any(part.totals.former for part in parts)),
        per_page=100,
        row_href=_part_href(by, dates), totals=_totals_row(parts),
        source=_("Subsidy ledger as of the day; sums in yuan to the fen."), empty_text=_("Nothing is owed here."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "resettlement/subsidies.html", {
        "table": table.render_context(), "dates": dates, "by": by,
        "ways": [(key, label) for key, (label, _key) in _BY.items()],
        "whole": totals_of(row.account for row in rows), "until": until,
        "added": sum((part.added for part in parts), ZERO),
        "kinds": [
            {"label": payer_kind_label(kind), "totals": totals}
            for kind, totals in sorted(
                totals_by(by_payer(rows), key=lambda one: one.payer_kind, account=lambda one: one.account).items(),
                key=lambda item: -item[1].monthly,
            )
        ],
    })


def forecast_day(request: HttpRequest, dates: AsOf) -> date:
    """The day of the forecast out of the address; else the last day of the year, from October on of the next."""
    usual = date(dates.on.year + (dates.on.month > 9), 12, 31)
    try:
        day = date.fromisoformat(request.GET.get("until", ""))
    except ValueError:
        return usual
    return min(max(day, dates.on), dates.on + _FURTHEST)


def _parts(rows: Sequence[SubsidyRow], by: str, names: Names, *, until: date) -> list[PartRow]:
    key = _BY[by][1]
    named = {"project": names.project, "payer_kind": payer_kind_label}.get(by, names.unit)
    added = added_by(rows, until=until, key=key)
    held: Sequence[Any] = by_payer(rows) if by in _OF_PAYERS else rows
    totals = totals_by(held, key=key, account=lambda one: one.account)
    return [PartRow(code, named(code), sums, added.get(code, ZERO)) for code, sums in totals.items()]


def _part_columns(label: object, until: date, *, has_former: bool) -> list[Column]:
    def money(key: str, name: object, value: Callable[[PartRow], Decimal], *, is_shown: bool = True) -> Column:
        return Column(
            key, name, kind="money", unit=_("yuan"), is_shown=is_shown, width=18,
            value=lambda part: None if part.totals.is_unknown else value(part),
        )

    former = Column(
        "former", _("Of an earlier payer"), kind="integer", value=lambda part: part.totals.former or None
    )
    return [
        Column("name", label, width=36),
        Column("families", _("Families"), kind="integer", value=lambda part: part.totals.families),
        *([former] if has_former else []),
        Column("missing", _("Basis missing"), kind="integer", value=lambda part: part.totals.missing or None),
        money("accrued", _("Accrued"), lambda part: part.totals.accrued),
        money("overdue", _("Of this overdue"), lambda part: part.totals.overdue),
        money("paid", _("Paid"), lambda part: part.totals.paid),
        money("owed", _("Owed"), lambda part: part.totals.owed),
        money("arrears", _("Fallen due, unpaid"), lambda part: part.totals.arrears, is_shown=False),
        money("not_due", _("Accrued, due later"), lambda part: part.totals.not_due, is_shown=False),
        money("undated", _("No day of payment on file"), lambda part: part.totals.undated, is_shown=False),
        money("prepaid", _("Paid ahead"), lambda part: part.totals.prepaid, is_shown=False),
        money("per_day", _("Cost per day"), lambda part: part.totals.per_day),
        money("added", _("Accrues until %(day)s") % {"day": until.isoformat()}, lambda part: part.added),
    ]


def _totals_row(parts: Sequence[PartRow]) -> dict[str, object]:
    whole = sum((part.totals for part in parts), SubsidyTotals())
    return {
        "families": whole.families, "former": whole.former or None, "missing": whole.missing or None,
        "accrued": whole.accrued, "overdue": whole.overdue, "paid": whole.paid, "owed": whole.owed,
        "arrears": whole.arrears, "not_due": whole.not_due, "undated": whole.undated, "prepaid": whole.prepaid,
        "per_day": whole.per_day, "added": sum((part.added for part in parts), ZERO),
    } if len(parts) > 1 else {}


def _part_href(by: str, dates: AsOf) -> Callable[[PartRow], str]:
    if by == "project":
        return lambda part: reverse("subsidy.project", args=[part.key]) + dates.query()
    return lambda part: reverse("overdue.families") + dates.query(**{by: part.key or "none"})


@requires("resettlement.view")
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponseBase:
    """The accounts of a project, family by family."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    held = get_object_or_404(projects_for(actor, verb=VIEW).defer("shape").select_related("client"), pk=code)
    rows = rows_for(actor, on=dates.on, known=dates.known, project=code)
    until = forecast_day(request, dates)
    whole = totals_of(row.account for row in rows)
    names = Names(actor, rows)
    table = Table(
        name="project-subsidies", title=_("Subsidy ledger"), rows=rows, request=request,
        columns=_project_columns(names, dates), filters=_project_filters(), sort="household",
        row_href=lambda row: reverse("subsidy.household", args=[row.household]) + dates.query(),
        totals=_family_totals(whole), source=_("Subsidy ledger as of the day; sums in yuan to the fen."),
        empty_text=_("Nothing is owed here."),
    )
    if table.wants_export:
        return table.export()
    return render(request, "resettlement/subsidies_project.html", {
        "project": held, "table": table.render_context(), "dates": dates, "whole": whole, "until": until,
        "added": added_by(rows, until=until).get("", ZERO),
        "months_due": months_due(rows, on=dates.on, months=_DUE_MONTHS),
        "why_missing": _reasons(rows), "list_href": reverse("subsidy.list", args=[code]) if _may(actor, code) else "",
    })


def _project_columns(names: Names, dates: AsOf) -> list[Column]:
    shown = {"household", "name_masked", "due_on", "months_late", "accrued", "overdue", "paid", "owed", "arrears",
             "per_day", "basis"}
    columns = family_columns(names, dates)
    return [
        Column(
            one.key, one.label, kind=one.kind, unit=one.unit, value=one.value, is_shown=one.key in shown,
            width=one.width,
        )
        for one in columns if one.key != "project"
    ]


def _project_filters() -> list[Filter]:
    return [
        Filter("household", _("Household"), kind="text"),
        Filter("band", _("Months late"), kind="choice", choices=band_choices(),
               apply=lambda rows, text: [row for row in rows if row.band is not None and row.band.id == text]),
        Filter("owing", _("Something is owed"), kind="flag",
               apply=lambda rows, text: [row for row in rows if row.account.owed]),
        Filter("in_arrears", _("Something fell due unpaid"), kind="flag",
               apply=lambda rows, text: [row for row in rows if row.account.arrears]),
        Filter("changed", _("Payer changed"), kind="flag",
               apply=lambda rows, text: [row for row in rows if len(row.spans) > 1]),
        Filter("missing", _("Basis missing"), kind="flag",
               apply=lambda rows, text: [row for row in rows if row.account.missing is not None]),
    ]


def _family_totals(whole: SubsidyTotals) -> dict[str, object]:
    return {
        "accrued": whole.accrued, "overdue": whole.overdue, "paid": whole.paid, "owed": whole.owed,
        "arrears": whole.arrears, "per_day": whole.per_day,
    } if whole.families > 1 and not whole.is_unknown else {}


def _reasons(rows: Sequence[SubsidyRow]) -> list[tuple[Reason, int]]:
    """Why sums are missing, each once with the number of families."""
    counts: dict[str, tuple[Reason, int]] = {}
    for row in rows:
        if (reason := row.account.missing) is not None:
            key = reason.message + str(reason.parameters)
            counts[key] = (reason, counts.get(key, (reason, 0))[1] + 1)
    return sorted(counts.values(), key=lambda one: -one[1])


def _may(actor: Actor, code: str) -> bool:
    return current_rulebook().authority.may(actor=actor, verb=RECORD, subject=subject_of(code)) is None


@requires("resettlement.view")
@require_safe
def household(request: HttpRequest, code: str) -> HttpResponse:
    """The account of one family: terms, what accrued month by month, what was paid, what is owed."""
    return household_page(request, code)


def household_page(
    request: HttpRequest, code: str, *, reasons: Sequence[Reason] = (), given: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a family's account, with what was refused and typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    row = row_for(actor, code, on=dates.on, known=dates.known)
    if row is None:
        raise Http404
    until = forecast_day(request, dates)
    names = Names(actor, [row])
    payments = payments_of([code], on=dates.on, known=dates.known)
    rule = {one.id: one for one in current_compensation().transition_rules}.get(row.account.rule)
    return render(request, "resettlement/subsidies_household.html", {
        "row": row, "dates": dates, "until": until, "later": row.account_until(until), "rule": rule,
        "rule_label": rule_label(row.account.rule), "payer": names.unit(row.payer),
        "payer_kind": payer_kind_label(row.payer_kind), "project_name": names.project(row.project),
        "jurisdiction": names.unit(row.jurisdiction), **_waits_on(row, until), "shares": _shares(row, names),
        "lines": _lines(row), "payments": _payments(row, payments, names),
        "dossier_href": reverse("household.view", args=[code]) if opens(actor, "household.view") else "",
        "shows_deeds": opens(actor, "ledger.view"), "may_record": _may(actor, code) and dates.is_today,
        "settles_yuan": sum_to_settle(actor, code, on=dates.on) if dates.is_today else None,
        "reasons": reasons, "given": given or _usual(row, payments, dates),
    }, status=status)


def _waits_on(row: SubsidyRow, until: date) -> dict[str, Any]:
    """What its rule counts and when it pays, with the instalments to come."""
    counted = row.terms.rule.counted if row.terms else Counted.M2
    due = instalments_of(row, until=max(until, row.account.on + _YEAR))[:_DUE_SHOWN]
    return {
        "counted": counted.value, "rate_unit": rate_unit(counted), "rhythm": row.terms.rhythm if row.terms else None,
        "instalments": [{"due": one, "last_on": one.instalment.until_on - _DAY} for one in due],
    }


def _shares(row: SubsidyRow, names: Names) -> list[dict[str, Any]]:
    """The account by payer where it changed, in the order of their times."""
    if len(row.shares) < 2:
        return []
    starts = {span.payer: span for span in row.spans}
    return [
        {
            "payer": names.unit(share.payer), "kind": payer_kind_label(share.payer_kind), "account": share.account,
            "from_on": None if share.payer == row.spans[0].payer else starts[share.payer].from_on,
            "takes_debts": starts[share.payer].takes_debts,
        }
        for share in row.shares
    ]


def _lines(row: SubsidyRow) -> list[dict[str, Any]]:
    """Lines of what accrued; their last days are told, as people write periods."""
    return [{"line": line, "last_on": line.until_on - _DAY} for line in row.account.lines]


def _payments(row: SubsidyRow, payments: Sequence[SubsidyPayment], names: Names) -> list[dict[str, Any]]:
    """Payments with what was due for their periods by the rule, and the difference."""
    found = []
    for one in payments:
        try:
            due = due_for(row.terms, one.period) if row.terms is not None else None
        except Refused:
            due = None
        found.append({
            "payment": one, "last_on": one.period.until_on - _DAY, "due": due,
            "difference": None if due is None else one.period.amount - due, "payer": names.unit(one.payer),
        })
    return found


def _usual(row: SubsidyRow, payments: Sequence[SubsidyPayment], dates: AsOf) -> dict[str, str]:
    """What the form proposes: the days that follow the last payment."""
    start = max((one.period.until_on for one in payments), default=row.terms.moved_out_on if row.terms else None)
    return {"from_on": start.isoformat() if start else "", "paid_on": dates.on.isoformat()}
