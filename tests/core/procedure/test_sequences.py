"""No sequence of accepted facts ever breaks an invariant: random facts through the gate, then an independent check."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.core.procedure.kit import (
    HOUSEHOLD,
    announced_project,
    calendar,
    decided_household,
    demanded_household,
    fact,
    procedure,
    record,
    refusals,
    ruled_household,
    signed_household,
    valued_household,
    whole_dossier,
)
from tests.core.procedure.naive_checker import violations
from zhengtu.core.procedure.case_facts import CaseFacts
from zhengtu.core.procedure.standing import StepStatus, case_standing
from zhengtu.core.procedure.steps import OUTSIDE_ACTORS, Act

RULES = procedure()
LAST_DAY = date(2026, 12, 20)
EMPTY = CaseFacts(household_code=HOUSEHOLD, section_code="220204-P0001-S01", dossier=whole_dossier())
NEARLY_DECIDED = announced_project(until="legality_reviewed")
STARTS = {
    "empty": (EMPTY, date(2025, 1, 2)),
    "nearly decided": (NEARLY_DECIDED, date(2025, 2, 26)),
    "money short": (
        record(NEARLY_DECIDED, fact("funds_in_account", date(2025, 3, 3), balance_yuan="1")),
        date(2025, 3, 3),
    ),
    "buildings open": (
        record(NEARLY_DECIDED, fact("buildings_recognised", date(2025, 3, 3), unresolved_count=2)),
        date(2025, 3, 3),
    ),
    "announced": (announced_project(), date(2025, 3, 10)),
    "valued, nothing offered": (valued_household(until="valuation_report_served"), date(2025, 4, 1)),
    "valued": (valued_household(), date(2025, 4, 1)),
    "signing period runs": (valued_household(), date(2025, 4, 14)),
    "signed": (signed_household(), date(2025, 4, 20)),
    "decided": (decided_household(), date(2025, 6, 3)),
    "remedies run": (decided_household(), date(2025, 10, 1)),
    "remedies over": (decided_household(), date(2025, 12, 4)),
    "demand served": (demanded_household(), date(2025, 12, 5)),
    "ruling granted": (ruled_household(), date(2026, 4, 2)),
}
TWISTS: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {"remedies_stated": "no"}, {"offered": "cash_only"}, {"option": "exchange"}, {"balance_yuan": "1"},
    {"amount_yuan": "100"}, {"unresolved_count": 2}, {"appraiser": "另一家评估"}, {"started_at": "03:00"},
    {"result": "annulled"}, {"result": "withdrawn"}, {"result": "dismissed"}, {"evidence": ()},
    {"against": "expropriation_decision"}, {"market_value_yuan": "700000"}, {"owner_unclear": "yes"},
)
TEMPTING = (
    "funds_in_account", "buildings_recognised", "expropriation_decided", "household_valued", "options_offered",
    "agreement_signed", "compensation_decided", "compensation_paid", "household_vacated", "house_demolished",
    "decision_served", "lawsuit_filed", "periods_verified", "demand_served", "court_applied", "court_accepted",
    "court_reviewed", "court_ruling_granted", "enforcement_carried_out",
)
"""Steps that somebody behind schedule would like to have recorded."""


class Recording(RuleBasedStateMachine):
    """Officers who record whatever they like, whenever they like."""

    def __init__(self) -> None:
        super().__init__()
        self.case, self.today = STARTS["empty"]
        self.accepted = 0

    @initialize(start=st.sampled_from(sorted(STARTS)))
    def begin(self, start: str) -> None:
        self.case, self.today = STARTS[start]

    @rule(days=st.sampled_from([1, 1, 2, 7, 16, 31, 65, 190]))
    def wait(self, days: int) -> None:
        self.wait_for(days)

    @rule(data=st.data(), twist=st.sampled_from(TWISTS))
    def record_what_seems_open(self, data: st.DataObject, twist: dict[str, Any]) -> None:
        standing = case_standing(facts=self.case, procedure=RULES, calendar=calendar(), today=self.today)
        steps = [one.step.id for one in standing.having(StepStatus.OPEN)]
        if steps:
            self.try_to_record(data.draw(st.sampled_from(steps)), days_back=0, twist=twist)

    @rule(
        step=st.sampled_from(sorted(RULES.steps)), days_back=st.integers(0, 250), twist=st.sampled_from(TWISTS)
    )
    def record_anything(self, step: str, days_back: int, twist: dict[str, Any]) -> None:
        self.try_to_record(step, days_back=days_back, twist=twist)

    @rule(data=st.data(), days=st.sampled_from([0, 0, 0, 1, 2, 5, 15]))
    def be_in_a_hurry(self, data: st.DataObject, days: int) -> None:
        self.wait_for(days)
        step = data.draw(st.sampled_from(self.within_reach() or TEMPTING))
        attributes = set(RULES.steps[step].attributes)
        twist = data.draw(st.sampled_from([{}, *(one for one in TWISTS if attributes.intersection(one))]))
        self.try_to_record(step, days_back=0, twist=twist)

    def within_reach(self) -> list[str]:
        """Tempting steps not yet recorded of which one needed step is recorded, whatever else is missing."""
        recorded = {one.step for one in self.case.all_facts()}
        return [
            id for id in TEMPTING
            if (id not in recorded or RULES.steps[id].repeats)
            and any(recorded.intersection(group) for group in RULES.steps[id].needs)
        ]

    def wait_for(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), LAST_DAY)

    def try_to_record(self, step_id: str, *, days_back: int, twist: dict[str, Any]) -> None:
        step = RULES.steps[step_id]
        if step.actor in OUTSIDE_ACTORS and step.act is not Act.VACATING:
            # What others do becomes known on the day; a day that is known late is the subject of another test.
            self.wait_for(1)
            days_back = 0
        fitting = {
            name: value for name, value in twist.items() if name in step.attributes or name == "evidence"
        }
        if step_id == "household_valued":
            announced = [one for one in self.case.project if one.step == "expropriation_announced"]
            fitting["value_on"] = announced[0].happened_on if announced else self.today
        if step_id == "preliminary_valuation_published":
            fitting["published_until"] = self.today
        proposed = fact(step, self.today - timedelta(days=days_back), **fitting)
        if not refusals(self.case, proposed, today=self.today):
            self.case = self.case.with_fact(proposed, step=step)
            self.accepted += 1

    @invariant()
    def nothing_accepted_breaks_an_invariant(self) -> None:
        broken = violations(self.case.all_facts())
        assert not broken, broken


TestRecording = Recording.TestCase
TestRecording.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_checker_sees_what_a_gate_would_have_stopped() -> None:
    case = announced_project()
    early = fact("household_vacated", date(2025, 3, 11))
    assert violations([*case.project, early]) == ["INV-2 household_vacated before compensation"]
    raid = fact("enforcement_carried_out", date(2025, 10, 1), started_at="03:00")
    assert len(violations([*case.project, raid])) == 3
    assert not violations(decided_household().all_facts())
