"""One dedicated account: where it stands, its weeks, its plan and arrivals, and the bank's statements against them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.funds.history import plan_standings
from zhengtu.core.funds.need import DAYS_A_WEEK, shown_pace
from zhengtu.core.kernel.masking import mask_identity
from zhengtu.core.kernel.reasons import Reason
from zhengtu.funds.funding_queries import Account, AccountRow, account_for, rows_of
from zhengtu.funds.money_facts import ARRIVALS, PLANS, AccountFact
from zhengtu.funds.reconciling import AccountReconciliation, reconciliation_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.web.office.funds.wording import account_name, facts_href, light_sentence, source_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.figure_text import wan

CURVE_WEEKS: Final = 30
"""How far the curve reaches back at most."""


@require_safe
@requires("funds.view")
def view(request: HttpRequest, code: str) -> HttpResponse:
    """One account in reach on the page's dates."""
    account = account_for(request.actor, code)  # type: ignore[attr-defined]
    if account is None:
        raise Http404
    return account_page(request, account)


def account_page(
    request: HttpRequest, account: Account, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page of an account, with the reasons of a refusal above it."""
    dates = as_of(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = rows_of([account], on=dates.on, known=dates.known)[0]
    standing = row.standing
    reconciliation = reconciliation_of(account.code, on=dates.on, known=dates.known)
    return render(request, "funds/account.html", {
        "account": account, "name": account_name(account), "row": row, "standing": standing, "dates": dates,
        "sentence": light_sentence(standing.light), "outlook": standing.outlook, "trend": standing.trend,
        "pace": shown_pace(standing.trend.pace) if standing.trend else None,
        "spread": shown_pace(standing.trend.spread) if standing.trend else None,
        "horizon_weeks": current_rulebook().funds.rules.forecast.horizon_days // DAYS_A_WEEK,
        "needs": sorted(standing.outlook.needs.items()) if standing.outlook else [],
        "figures": _figures(row, dates), "sources": _sources(row),
        "proof_account": mask_identity(row.history.proof.account) if row.history.proof else "",
        "plan": _plan(row), "plan_history": _superseded(row.facts),
        "arrivals": [_arrival(fact) for fact in row.facts if fact.kind in ARRIVALS][::-1],
        "reconciliation": reconciliation, "reconciled": _reconciled(reconciliation),
        "may_plan": dates.is_today and _may(actor, account, "funds.plan"),
        "may_record": dates.is_today and _may(actor, account, "funds.record"),
        "curve": _curve(row, dates), "reasons": reasons,
    }, status=status)


def _may(actor: Actor, account: Account, verb: str) -> bool:
    return current_rulebook().authority.may(actor=actor, verb=verb, subject=subject_of(account.code)) is None


def _figures(row: AccountRow, dates: AsOf) -> list[dict[str, Any]]:
    standing = row.standing
    figures = (
        ("planned", gettext("Planned to date"), standing.planned_yuan),
        ("arrived", gettext("Arrived"), standing.arrived_yuan),
        ("committed", gettext("Committed"), standing.committed_yuan),
        ("paid", gettext("Paid"), standing.paid_yuan),
        ("balance", gettext("Balance"), standing.balance_yuan),
    )
    return [
        {"name": name, "value": value, "href": facts_href(figure, dates, account=row.code)}
        for figure, name, value in figures
    ]


def _sources(row: AccountRow) -> list[dict[str, Any]]:
    """Planned and arrived of each source that has either."""
    found = []
    for source, arrived in row.standing.arrived_by_source.items():
        planned = row.history.planned_from(source, by=row.standing.on)
        if planned or arrived:
            found.append({"label": source_label(source), "planned": planned, "arrived": arrived,
                          "short": max(planned - arrived, arrived * 0)})
    return found


def _plan(row: AccountRow) -> list[dict[str, Any]]:
    latest = {fact.attributes["plan_reference"]: fact for fact in row.facts if fact.kind in PLANS}
    return [
        {
            "standing": one, "line": one.line, "label": source_label(one.line.source),
            "light": one.light(on=row.standing.on), "fact": latest[one.line.reference],
        }
        for one in plan_standings(row.history, on=row.standing.on)
    ]


def _superseded(facts: Sequence[AccountFact]) -> list[AccountFact]:
    """Earlier versions of planned lines, and cancelled ones."""
    latest = {fact.attributes["plan_reference"]: fact.reference for fact in facts if fact.kind in PLANS}
    return [
        fact for fact in facts if fact.kind in PLANS
        and (latest[fact.attributes["plan_reference"]] != fact.reference or fact.attributes["amount_yuan"] == "0.00")
    ]


def _arrival(fact: AccountFact) -> dict[str, Any]:
    return {"fact": fact, "label": source_label(fact.attributes["source"]), "amount": fact.attributes["amount_yuan"]}


def _reconciled(found: AccountReconciliation) -> dict[str, int]:
    """How many lines match by each step."""
    return {by: sum(match.by == by for match in found.matched.matches) for by in ("reference", "day", "batch")}


def _curve(row: AccountRow, dates: AsOf) -> dict[str, Any]:
    """Totals by the end of each week, and the fan of what will have to be paid, in 10k yuan."""
    history, on = row.history, dates.on
    planned, arrived = history.planned_course(), history.arrived_course()
    ahead = len(row.standing.outlook.weeks) if row.standing.outlook else 0
    last_due = max((line.due_on for line in history.plan), default=on)
    ahead = max(ahead, min(8, max(0, (last_due - on).days // DAYS_A_WEEK + 1)))
    back = _weeks_back(row, on)
    days = [on + timedelta(days=DAYS_A_WEEK * week) for week in range(-back, ahead + 1)]

    def past(course: Any) -> list[float | None]:
        return [float(wan_of(course.by(day))) if day <= on else None for day in days]

    fan: dict[str, list[float | None]] = {"low": [], "likely": [], "high": []}
    paid = row.standing.paid_yuan
    weeks = row.standing.outlook.weeks if row.standing.outlook else ()
    for bound, values in fan.items():
        values += [None] * back + [float(wan_of(paid)) if weeks else None]
        values += [float(wan_of(paid + getattr(week.until_then, f"{bound}_yuan"))) for week in weeks]
        values += [None] * (len(days) - len(values))
    return {
        "days": [day.isoformat() for day in days], "on": on.isoformat(), "fan": fan,
        "lines": [
            {"id": "planned", "label": gettext("Planned"), "values": [float(wan_of(planned.by(day))) for day in days]},
            {"id": "arrived", "label": gettext("Arrived"), "values": past(arrived)},
            {"id": "committed", "label": gettext("Committed"), "values": past(history.commitments)},
            {"id": "paid", "label": gettext("Paid"), "values": past(history.payments)},
        ],
        "texts": {"unit": gettext("10k yuan"), "fan": gettext("To be paid, likely"),
                  "range": gettext("Range of about 80 in 100"), "today": gettext("Page date")},
    }


def wan_of(amount: Any) -> str:
    """Yuan as plain 10k yuan to two decimals, for a chart."""
    return wan(amount).replace(",", "").replace("−", "-")


def _weeks_back(row: AccountRow, on: date) -> int:
    """Weeks since the first thing that happened, at most so many."""
    history = row.history
    first = min(
        (day for day in (
            history.commitments.first_on, history.payments.first_on, history.arrived_course().first_on,
        ) if day is not None), default=on,
    )
    return min(CURVE_WEEKS, max(1, (on - first).days // DAYS_A_WEEK + 1))
