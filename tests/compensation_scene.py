"""The lawful scene of the factories with an adopted scheme, and agreements of its households."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.factories import (
    CHUANYING,
    NOW,
    PROJECT,
    Scene,
    actor_with,
    advance,
    announce,
    build_campaign,
    record,
    serve_valuation,
)
from zhengtu.casework.agreement_drafts import AgreedTerms, drafted, drafted_under
from zhengtu.casework.compensation_facts import compensation_cases_of, rules_for
from zhengtu.casework.models import Agreement
from zhengtu.casework.writes import insert_adopted_plan, insert_agreements
from zhengtu.core.compensation.agreement_terms import AgreedDates
from zhengtu.core.compensation.facts import Mode, Option
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Household

SIGN_ON, PAY_BY, OUT_BY = date(2025, 2, 14), date(2025, 2, 20), date(2025, 2, 25)
DATES: Final = AgreedDates(SIGN_ON, PAY_BY, OUT_BY)
CASH: Final = Option(mode=Mode.CASH, signed_on=SIGN_ON, vacated_on=OUT_BY)


def adopt_demonstration_scheme() -> None:
    """The rulebook's example scheme, adopted for the project."""
    insert_adopted_plan(
        project=PROJECT, from_on=date(2024, 12, 1), plan=current_compensation().schemes["demonstration"],
        approval_sha256="0" * 64, deed="220204-D000000001",
    )


def build_compensation_scene() -> Scene:
    """Announced and adopted; the first household is valued and its report served."""
    scene = build_campaign()
    announce(CHUANYING)
    adopt_demonstration_scheme()
    advance(scene.households[0], to="valued")
    serve_valuation(scene.households[0])
    return scene


def agreement_row(household: Household) -> Agreement:
    """A draft as it would be stored, put there without a deed: for lists and doors."""
    if household.unregistered_area_m2:
        record(
            household.code, "unregistered_recognised", date(2025, 1, 9),
            {"recognised_area_m2": str(household.unregistered_area_m2)},
        )
    case = compensation_cases_of([household.code])[household.code]
    draft = drafted(
        household, case=case, rules=rules_for(PROJECT), terms=AgreedTerms(CASH, DATES),
        sequence=household.agreements.count() + 1,
    )
    drafted_under([draft], person=actor_with("field_officer").person, on=NOW.date(), deed="220204-D000000001")
    insert_agreements([draft.agreement], draft.payees)
    return draft.agreement
