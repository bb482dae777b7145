"""An independent check of a list of facts against the invariants, written without the engine: plain loops over plain
dates, the holidays from the notices copied as bare lists. It knows houses on state-owned land only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.procedure.case_facts import StepFact


def _span(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=offset) for offset in range((end - start).days + 1)}


REST = (
    _span("2025-01-01", "2025-01-01") | _span("2025-01-28", "2025-02-04") | _span("2025-04-04", "2025-04-06")
    | _span("2025-05-01", "2025-05-05") | _span("2025-05-31", "2025-06-02") | _span("2025-10-01", "2025-10-08")
    | _span("2026-01-01", "2026-01-03") | _span("2026-02-15", "2026-02-23") | _span("2026-04-04", "2026-04-06")
    | _span("2026-05-01", "2026-05-05") | _span("2026-06-19", "2026-06-21") | _span("2026-09-25", "2026-09-27")
    | _span("2026-10-01", "2026-10-07")
)
MADE_UP = {
    date.fromisoformat(day)
    for day in (
        "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28",
        "2026-05-09", "2026-09-20", "2026-10-10",
    )
}


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in REST)


def six_months_after(day: date) -> date:
    """The corresponding day, or the last day of that month; at least the month's own rule, never earlier."""
    year, month = (day.year, day.month + 6) if day.month <= 6 else (day.year + 1, day.month - 6)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)


def violations(facts: Iterable[StepFact]) -> list[str]:
    """Every invariant that the recorded facts break, as a sentence; empty when none is."""
    known = list(facts)
    found: list[str] = []

    def of(step: str, by: date) -> list[StepFact]:
        return [fact for fact in known if fact.step == step and fact.happened_on <= by]

    def money(rows: list[StepFact]) -> Decimal:
        return sum((Decimal(str(fact.attributes["amount_yuan"])) for fact in rows), Decimal(0))

    def compensated(by: date) -> bool:
        for settled in [*of("agreement_signed", by), *of("compensation_decided", by)]:
            paid = money(of("compensation_paid", by)) + money(of("compensation_deposited", by))
            if paid >= Decimal(str(settled.attributes["amount_yuan"])):
                return True
            if settled.attributes["option"] == "exchange" and of("housing_provided", by):
                return True
        return bool(of("compensation_decided", by) and of("compensation_verified", by))

    for fact in known:
        on = fact.happened_on
        match fact.step:
            case "expropriation_decided":
                funds = sorted(of("funds_in_account", on), key=lambda row: row.happened_on)[-1:]
                if not any(
                    Decimal(str(row.attributes["balance_yuan"])) >= Decimal(str(row.attributes["budget_yuan"]))
                    for row in funds
                ):
                    found.append("INV-3 decided before the money was in the account")
                if not any(
                    row.published_from is not None and row.published_from + timedelta(days=30) < on
                    for row in of("scheme_published", on)
                ):
                    found.append("decided before the scheme hung for thirty days")
                if not of("stability_assessed", on):
                    found.append("decided before the stability risk was assessed")
                buildings = sorted(of("buildings_recognised", on), key=lambda row: row.happened_on)[-1:]
                if not any(row.attributes["unresolved_count"] == 0 for row in buildings):
                    found.append("INV-10 decided with buildings unrecognised")
            case "household_valued":
                if fact.attributes["appraiser"] not in {
                    row.attributes["appraiser"] for row in of("appraiser_chosen", on)
                }:
                    found.append("valued by an appraiser whom nobody chose")
                market = fact.attributes.get("market_value_yuan")
                if market is not None and Decimal(str(fact.attributes["value_yuan"])) < Decimal(str(market)):
                    found.append("INV-8 valued below the market")
            case "agreement_signed" | "compensation_decided":
                if not any(row.attributes["offered"] == "cash_and_exchange" for row in of("options_offered", on)):
                    found.append("INV-7 settled without both ways offered")
                if fact.step == "compensation_decided" and fact.attributes.get("owner_unclear") != "yes" and not any(
                    date.fromisoformat(row.attributes["sign_by"]) < on for row in of("expropriation_announced", on)
                ):
                    found.append("decided while the signing period ran")
            case "decision_served" | "expropriation_announced":
                if fact.attributes["remedies_stated"] != "yes":
                    found.append("INV-9 served without the remedies")
            case "household_vacated" | "move_out_date_set":
                if not compensated(on):
                    found.append(f"INV-2 {fact.step} before compensation")
            case "house_demolished":
                if not of("household_vacated", on) or not compensated(on):
                    found.append("INV-2 demolished before vacating and compensation")
            case "court_applied":
                served = [row.served_on for row in of("decision_served", on) if row.served_on is not None]
                if not served or on <= min(served) + timedelta(days=60):
                    found.append("INV-1 applied to the court before the remedies ran out")
                has_reconsidered = bool(of("reconsideration_decided", on))
                if served and not has_reconsidered and on <= six_months_after(max(served)):
                    found.append("INV-1 applied to the court within six months of service")
                for filed, closed in (
                    ("reconsideration_filed", "reconsideration_decided"), ("lawsuit_filed", "judgment_given"),
                ):
                    last = max((row.happened_on for row in of(filed, on)), default=None)
                    if last is not None and not any(row.happened_on >= last for row in of(closed, on)):
                        found.append(f"applied to the court with {filed} pending")
                demands = [row.served_on for row in of("demand_served", on) if row.served_on is not None]
                if not any(
                    sum(works(day + timedelta(days=one)) for one in range(1, (on - day).days)) >= 10 for day in demands
                ):
                    found.append("applied to the court before ten working days after the demand")
            case "enforcement_carried_out":
                if not any(
                    row.served_on is not None and row.served_on <= on for row in of("court_ruling_granted", on)
                ):
                    found.append("INV-1 enforced without a ruling of the court")
                started_at, ended_at = fact.attributes["started_at"], fact.attributes["ended_at"]
                if not works(on) or not "06:00" <= started_at <= ended_at <= "22:00":
                    found.append("INV-6 enforced by night or on a rest day")
                if not compensated(on):
                    found.append("INV-2 enforced before compensation")
    return found
