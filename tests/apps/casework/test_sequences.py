"""No sequence of deeds that the database took ever breaks an invariant, as a checker sees it that knows no engine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.apps.casework.statutory_ledger import StatutoryLedger
from tests.core.procedure.kit import (
    announced_project,
    calendar,
    decided_household,
    demanded_household,
    fact,
    signed_household,
    valued_household,
)
from tests.core.procedure.naive_checker import violations
from tests.core.procedure.test_sequences import TEMPTING, TWISTS
from tests.factories import record
from zhengtu.core.procedure.standing import StepStatus, case_standing
from zhengtu.core.procedure.steps import OUTSIDE_ACTORS, Act
from zhengtu.registry.procedure_verification import contradictions_of

STARTS: Final = {
    "nearly decided": (announced_project(until="legality_reviewed"), date(2025, 2, 26)),
    "announced": (announced_project(), date(2025, 3, 10)),
    "valued": (valued_household(), date(2025, 4, 14)),
    "signed": (signed_household(), date(2025, 4, 20)),
    "decided": (decided_household(), date(2025, 10, 1)),
    "demand served": (demanded_household(), date(2025, 12, 5)),
}
LAST_DAY: Final = date(2026, 12, 20)


class Recording(RuleBasedStateMachine):
    """Officers who record whatever they like through the platform's actions."""

    def __init__(self) -> None:
        super().__init__()
        # Every example is rolled back; the mark lets the durable transactions of deeds run inside it.
        self.example = transaction.atomic()
        self.example._from_testcase = True
        self.example.__enter__()
        self.ledger: StatutoryLedger | None = None
        self.today = date(2025, 1, 2)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(start=st.sampled_from(sorted(STARTS)))
    def begin(self, start: str) -> None:
        case, self.today = STARTS[start]
        self.ledger = StatutoryLedger(regime="state_land")
        for one in sorted(case.all_facts(), key=lambda held: held.happened_on):
            assert not self.ledger.record(one)
        self.ledger.assemble_dossier()

    @rule(days=st.sampled_from([1, 2, 7, 16, 31, 65, 190]))
    def wait(self, days: int) -> None:
        self.wait_for(days)

    @rule(data=st.data(), twist=st.sampled_from(TWISTS))
    def record_what_seems_open(self, data: st.DataObject, twist: dict[str, Any]) -> None:
        assert self.ledger is not None
        standing = case_standing(
            facts=self.ledger.facts(), procedure=self.ledger.procedure, calendar=calendar(), today=self.today
        )
        steps = [one.step.id for one in standing.having(StepStatus.OPEN)]
        if steps:
            self.try_to_record(data.draw(st.sampled_from(steps)), twist=twist)

    @rule(data=st.data(), days_back=st.sampled_from([0, 0, 1, 30]))
    def be_in_a_hurry(self, data: st.DataObject, days_back: int) -> None:
        assert self.ledger is not None
        step = data.draw(st.sampled_from(TEMPTING))
        attributes = set(self.ledger.procedure.steps[step].attributes)
        twist = data.draw(st.sampled_from([{}, *(one for one in TWISTS if attributes.intersection(one))]))
        self.try_to_record(step, twist=twist, days_back=days_back)

    def wait_for(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), LAST_DAY)

    def try_to_record(self, step_id: str, *, twist: dict[str, Any], days_back: int = 0) -> None:
        assert self.ledger is not None
        step = self.ledger.procedure.steps[step_id]
        if step.actor in OUTSIDE_ACTORS and step.act is not Act.VACATING:
            # What others do becomes known on the day; a day that is known late is the subject of another test.
            self.wait_for(1)
            days_back = 0
        given = {name: value for name, value in twist.items() if name in step.attributes or name == "evidence"}
        if step_id == "household_valued":
            announced = self.ledger.facts().by_step.get("expropriation_announced")
            given["value_on"] = announced[0].happened_on if announced else self.today
        if step_id == "preliminary_valuation_published":
            given["published_until"] = self.today
        self.ledger.record(fact(step, self.today - timedelta(days=days_back), **given), recorded_on=self.today)

    @invariant()
    def nothing_accepted_breaks_an_invariant(self) -> None:
        if self.ledger is not None:
            broken = violations(self.ledger.facts().all_facts())
            assert not broken, broken


@pytest.mark.django_db
def test_no_accepted_sequence_of_deeds_breaks_an_invariant() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Recording,
        settings=settings(
            max_examples=6, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.django_db
def test_the_replay_names_once_what_went_past_the_gate() -> None:
    ledger = StatutoryLedger(regime="state_land")
    for one in announced_project(until="legality_reviewed").all_facts():
        assert not ledger.record(one)
    assert not list(contradictions_of())
    record(ledger.participation, "expropriation_announced", date(2025, 2, 27), {
        "published_from": "2025-02-27", "sign_by": "2025-05-09", "remedies_stated": "yes",
    })  # the factory asks no gate
    record(ledger.section.code, "handed_over", date(2025, 2, 28), {})
    record(ledger.household, "vacated", date(2025, 3, 11), {})
    found = [(one.subject, one.reason.parameters.get("step")) for one in contradictions_of(project="220200-P0001")]
    assert {subject for subject, _ in found} == {ledger.participation, ledger.section.code, ledger.household}
    assert {subject for subject, step in found if step == "step:expropriation_announced"} == {ledger.participation}
