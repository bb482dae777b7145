"""Building cases for the tests of procedures: facts with everything they need, recorded through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.procedure.case_facts import CaseFacts, CourtDossier, SelfCheckLine, StepFact
from zhengtu.core.procedure.gate import gate
from zhengtu.core.procedure.steps import Procedure, Step
from zhengtu.core.rules.rulebook import Rulebook, load_rulebook

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"
HOUSEHOLD = "220204-P0001-S01-H00001"
VALUES: Mapping[str, Any] = {
    "ground": "infrastructure",
    "unresolved_count": 0,
    "households": 60,
    "objecting_households": 3,
    "members": 60,
    "objecting_members": 3,
    "level": "low",
    "account": "0001",
    "balance_yuan": "9000000",
    "budget_yuan": "8000000",
    "social_security_balance_yuan": "500000",
    "social_security_budget_yuan": "500000",
    "remedies_stated": "yes",
    "appraiser": "信衡评估",
    "method": "consultation",
    "value_yuan": "600000",
    "offered": "cash_and_exchange",
    "option": "cash",
    "amount_yuan": "650000",
    "transition": "ready_house",
    "exchange_house": "北奇花园 60 ㎡",
    "turnover_house": "北奇花园 45 ㎡",
    "against": "decision",
    "result": "upheld",
    "started_at": "09:00",
    "ended_at": "15:00",
    "parties": 60,
    "unsigned": 2,
    "zone_price_from": "2024-01-01",
    "document_number": "吉市政征〔2026〕1号",
}
"""Attribute values that any step accepts, by name."""


@cache
def rulebook() -> Rulebook:
    return load_rulebook(RULEBOOK)


@cache
def calendar() -> WorkCalendar:
    return rulebook().calendar


def procedure(regime: str = "state_land") -> Procedure:
    return max(
        (one for one in rulebook().procedures.versions if one.regime == regime), key=lambda one: one.in_force_from
    )


def fact(step: Step | str, on: date, *, regime: str = "state_land", is_verified: bool = True, **given: Any) -> StepFact:
    """A fact of the step with all its evidence, dates and attributes, unless the test says otherwise."""
    if isinstance(step, str):
        step = procedure(regime).steps[step]
    dates = {name: given.pop(name, on) for name in ("served_on", "published_from") if name in step.requires}
    if "published_until" in step.requires or "published_until" in given:
        dates["published_until"] = given.pop("published_until", on)
    evidence = given.pop("evidence", step.evidence)
    attributes: dict[str, Any] = {}
    for attribute in step.attributes.values():
        if attribute.is_required:
            attributes[attribute.name] = on.isoformat() if attribute.type == "date" else VALUES[attribute.name]
            if attribute.choices and attributes[attribute.name] not in attribute.choices:
                attributes[attribute.name] = next(iter(attribute.choices))
    attributes.update({name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()})
    return StepFact(
        step=step.id, happened_on=on, attributes=attributes, evidence=frozenset(evidence), is_verified=is_verified,
        reference=f"{step.id}/{on}", **dates,
    )


def refusals(
    case: CaseFacts, proposed: StepFact, *, regime: str = "state_land", today: date | None = None
) -> list[Reason]:
    """What the gate says to the fact on the day it happened."""
    return gate(
        proposed=proposed, facts=case, procedure=procedure(regime), calendar=calendar(),
        today=today or proposed.happened_on,
    )


def record(case: CaseFacts, *facts: StepFact, regime: str = "state_land") -> CaseFacts:
    """The case with the facts recorded one after the other, each accepted by the gate."""
    for one in facts:
        reasons = refusals(case, one, regime=regime)
        assert not reasons, f"{one.step} on {one.happened_on}: " + "; ".join(reason.in_english() for reason in reasons)
        case = case.with_fact(one, step=procedure(regime).steps[one.step])
    return case


def whole_dossier(regime: str = "state_land") -> CourtDossier:
    """Every document there and every ground of refusal denied with its document."""
    court = procedure(regime).court
    return CourtDossier(
        documents={id: f"{id}.pdf" for id in court.documents},
        self_check={id: SelfCheckLine(applies=False, document=f"{id}.pdf") for id in court.refusal_grounds},
    )


def announced_project(*, until: str = "expropriation_announced") -> CaseFacts:
    """A state-land project, lawful up to the named step; announced on 2025-03-10 with signing until 2025-05-09."""
    case = CaseFacts(household_code=HOUSEHOLD, section_code="220204-P0001-S01", dossier=whole_dossier())
    for one in (
        fact("public_interest_established", date(2024, 12, 2)),
        fact("plans_conform", date(2024, 12, 9)),
        fact("scope_announced", date(2024, 12, 16)),
        fact("freeze_notified", date(2024, 12, 16), until=date(2025, 12, 15)),
        fact("household_surveyed", date(2024, 12, 20)),
        fact("survey_results_published", date(2024, 12, 27)),
        fact("buildings_recognised", date(2025, 1, 3)),
        fact("scheme_drafted", date(2025, 1, 6)),
        fact("scheme_reviewed", date(2025, 1, 8)),
        fact("scheme_published", date(2025, 1, 10)),
        fact("stability_assessed", date(2025, 1, 24)),
        fact("opinions_registered", date(2025, 2, 11)),
        fact("opinions_published", date(2025, 2, 14)),
        fact("funds_in_account", date(2025, 2, 20)),
        fact("legality_reviewed", date(2025, 2, 26)),
        fact("expropriation_decided", date(2025, 3, 7)),
        fact("expropriation_announced", date(2025, 3, 10), sign_by=date(2025, 5, 9)),
    ):
        case = record(case, one)
        if one.step == until:
            break
    return case


def valued_household(*, until: str = "options_offered") -> CaseFacts:
    """The announced project with the household valued, the report served on 2025-04-01 and both ways offered."""
    case = announced_project()
    for one in (
        fact("appraiser_choice_invited", date(2025, 3, 10), choose_by=date(2025, 3, 20)),
        fact("appraiser_chosen", date(2025, 3, 18)),
        fact("household_valued", date(2025, 3, 25), value_on=date(2025, 3, 10)),
        fact("preliminary_valuation_published", date(2025, 3, 26), published_until=date(2025, 3, 31)),
        fact("valuation_report_served", date(2025, 4, 1)),
        fact("options_offered", date(2025, 4, 1)),
    ):
        case = record(case, one)
        if one.step == until:
            break
    return case


def decided_household(*, on: date = date(2025, 6, 3), served_on: date | None = None) -> CaseFacts:
    """The valued household without agreement: decided, its compensation verified, the decision served."""
    return record(
        valued_household(),
        fact("compensation_decided", on, move_out_by=date.fromordinal(on.toordinal() + 30)),
        fact("compensation_verified", on),
        fact("decision_served", served_on or on),
    )


def signed_household() -> CaseFacts:
    """The valued household with its agreement of 2025-04-18; nothing is paid."""
    return record(valued_household(), fact("agreement_signed", date(2025, 4, 18)))


def demanded_household() -> CaseFacts:
    """The decided household after its remedies, with the demand served on 2025-12-05."""
    return record(
        decided_household(), fact("periods_verified", date(2025, 12, 4)), fact("demand_served", date(2025, 12, 5))
    )


def ruled_household() -> CaseFacts:
    """The household against which the court granted enforcement, the ruling served on 2026-04-03."""
    return record(
        demanded_household(),
        fact("court_applied", date(2025, 12, 22)),
        fact("court_accepted", date(2025, 12, 25)),
        fact("court_reviewed", date(2026, 1, 20)),
        fact("court_ruling_granted", date(2026, 4, 1), served_on=date(2026, 4, 3)),
    )


def codes(reasons: list[Reason]) -> set[str]:
    return {reason.code.removeprefix("procedure.") for reason in reasons}


def land_decided_household() -> CaseFacts:
    """A collective-land project announced on 2025-06-03 whose household did not agree and was served a decision."""
    papers = whole_dossier("collective_land")
    case = CaseFacts(household_code=HOUSEHOLD, section_code="220204-P0001-S01", dossier=papers)

    def land(step: str, on: date, **given: Any) -> StepFact:
        return fact(step, on, regime="collective_land", **given)

    return record(
        case,
        land("land_public_interest_established", date(2024, 12, 2)),
        land("land_pre_announced", date(2024, 12, 9)),
        land("land_frozen", date(2024, 12, 9)),
        land("land_surveyed", date(2024, 12, 30)),
        land("land_household_surveyed", date(2024, 12, 30)),
        land("land_stability_assessed", date(2025, 1, 8)),
        land("land_scheme_drafted", date(2025, 1, 10)),
        land("land_scheme_announced", date(2025, 2, 10), register_by=date(2025, 3, 14)),
        land("land_opinions_registered", date(2025, 3, 13)),
        land("land_options_offered", date(2025, 3, 13)),
        land("land_fees_in_account", date(2025, 3, 17)),
        land("land_agreements_reported", date(2025, 3, 17)),
        land("land_dossier_assembled", date(2025, 3, 20)),
        land("land_applied", date(2025, 3, 24)),
        land("land_approved", date(2025, 5, 28), received_on=date(2025, 5, 29)),
        land("land_expropriation_announced", date(2025, 6, 3)),
        land("land_compensation_decided", date(2025, 6, 20), move_out_by=date(2025, 7, 15)),
        land("land_decision_served", date(2025, 6, 23)),
        regime="collective_land",
    )


STARTS = {
    "announced_project": announced_project,
    "valued_household": valued_household,
    "land_decided_household": land_decided_household,
}
"""Cases that a worked timeline may start from."""
