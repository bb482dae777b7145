"""The rights clock, the way to the court, and the shortest lawful path."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.procedure.kit import (
    HOUSEHOLD,
    announced_project,
    calendar,
    decided_household,
    demanded_household,
    fact,
    procedure,
    record,
    valued_household,
    whole_dossier,
)
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.procedure.case_facts import CaseFacts, CourtDossier, SelfCheckLine, StepFact
from zhengtu.core.procedure.court_application import application_reasons
from zhengtu.core.procedure.court_predicates import court_window
from zhengtu.core.procedure.question import Question
from zhengtu.core.procedure.rights import RightPeriod, RightState, rights
from zhengtu.core.procedure.standing import StepStatus, case_standing


def clock(case: CaseFacts, *, today: date) -> dict[str, RightPeriod]:
    found = rights(facts=case, procedure=procedure(), calendar=calendar(), today=today)
    return {one.right.id: one for one in found}


def test_a_right_starts_the_day_after_service_and_never_on_the_day_of_issue() -> None:
    case = record(valued_household(), fact("compensation_decided", date(2025, 6, 3)))
    assert clock(case, today=date(2025, 6, 10))["litigate_decision"].state is RightState.NOT_STARTED
    served = record(case, fact("decision_served", date(2025, 6, 20)))
    period = clock(served, today=date(2025, 6, 20))["litigate_decision"]
    assert (period.counted_from, period.first_on) == (date(2025, 6, 20), date(2025, 6, 21))
    assert period.last is not None
    assert period.last.on == date(2025, 12, 22)  # 20 December is a Saturday
    assert period.is_calendar_certain
    assert period.reasons[0].source == "administrative-litigation-law#46"


def test_a_right_runs_to_the_end_of_its_last_day() -> None:
    case = decided_household()
    assert clock(case, today=date(2025, 8, 4))["reconsider_decision"].state is RightState.RUNNING
    assert clock(case, today=date(2025, 8, 5))["reconsider_decision"].state is RightState.OVER


def test_service_by_announcement_does_not_start_the_clock_before_it_counts_as_served() -> None:
    case = record(valued_household(), fact("compensation_decided", date(2025, 6, 3)))
    announced = record(
        case, fact("decision_served", date(2025, 6, 9), method="announcement", served_on=date(2025, 7, 9))
    )
    period = clock(announced, today=date(2025, 6, 20))["reconsider_decision"]
    assert period.state is RightState.NOT_STARTED
    assert period.last is not None
    assert period.last.on == date(2025, 9, 8)  # 7 September is a Sunday
    assert clock(announced, today=date(2025, 7, 9))["reconsider_decision"].state is RightState.RUNNING


def test_a_used_right_shows_the_day_it_was_used() -> None:
    case = record(valued_household(), fact("revaluation_requested", date(2025, 4, 10)))
    used = clock(case, today=date(2025, 4, 11))["request_revaluation"]
    assert (used.state, used.exercised_on) == (RightState.EXERCISED, date(2025, 4, 10))
    answered = record(case, fact("revaluation_answered", date(2025, 4, 18)))
    expert = clock(answered, today=date(2025, 4, 21))["request_expert_appraisal"]
    assert expert.state is RightState.RUNNING
    assert expert.last is not None
    assert expert.last.on == date(2025, 4, 28)


def test_a_proceeding_against_the_expropriation_leaves_the_rights_on_compensation_alone() -> None:
    filed = fact("reconsideration_filed", date(2025, 6, 10), against="expropriation_decision")
    found = clock(record(decided_household(), filed), today=date(2025, 6, 11))
    assert found["litigate_expropriation"].state is RightState.REPLACED
    assert found["reconsider_decision"].state is RightState.RUNNING
    assert found["litigate_decision"].state is RightState.RUNNING


def test_a_withdrawn_reconsideration_gives_the_right_to_sue_back() -> None:
    filed = fact("reconsideration_filed", date(2025, 6, 10))
    case = record(decided_household(), filed)
    assert clock(case, today=date(2025, 6, 11))["litigate_decision"].state is RightState.REPLACED
    back = record(case, fact("reconsideration_decided", date(2025, 6, 20), result="withdrawn"))
    assert clock(back, today=date(2025, 6, 23))["litigate_decision"].state is RightState.RUNNING


def test_an_annulled_decision_leaves_no_clock_running() -> None:
    case = record(
        decided_household(),
        fact("lawsuit_filed", date(2025, 7, 7)), fact("judgment_given", date(2025, 11, 3), result="annulled"),
    )
    assert clock(case, today=date(2025, 11, 4))["litigate_decision"].state is RightState.NOT_STARTED


def test_imported_service_without_its_date_starts_no_clock() -> None:
    history = StepFact("decision_served", date(2024, 5, 6), is_verified=False)
    case = replace(announced_project(), household=(history,))
    period = clock(case, today=date(2025, 6, 2))["litigate_decision"]
    assert (period.state, period.last) == (RightState.NOT_STARTED, None)


def test_a_year_without_arrangement_is_flagged_on_the_right() -> None:
    case = decided_household(on=date(2026, 8, 10))
    period = clock(case, today=date(2026, 8, 11))["litigate_decision"]
    assert not period.is_calendar_certain
    assert [reason.code for reason in period.reasons] == ["right.counted", "calendar.not_published"]


# The application to the court


def test_each_paper_and_each_line_of_the_self_check_is_asked_for() -> None:
    court = procedure().court
    assert len(application_reasons(None, procedure())) == len(court.documents) + len(court.refusal_grounds) == 9 + 7
    assert application_reasons(whole_dossier(), procedure()) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (None, "court.ground_unanswered"),
        (SelfCheckLine(applies=False), "court.ground_unproved"),
        (SelfCheckLine(applies=True, document="x.pdf"), "court.ground_applies"),
    ],
)
def test_a_line_of_the_self_check_needs_a_no_and_its_document(line: SelfCheckLine | None, code: str) -> None:
    whole = whole_dossier()
    lines = {id: one for id, one in whole.self_check.items() if id != "unfair"} | ({"unfair": line} if line else {})
    reasons = application_reasons(CourtDossier(whole.documents, lines), procedure())
    assert [reason.code for reason in reasons] == [code]
    assert reasons[0].parameters["ground"] == "refusal_ground:state_land.unfair"
    assert reasons[0].source == "spc-2012-4#6"


def test_the_window_opens_after_the_demand_and_closes_three_months_after_the_time_to_sue() -> None:
    step = procedure().steps["court_applied"]
    window = court_window(Question(step, date(2025, 12, 8), demanded_household(), procedure(), calendar()))
    assert window.remedies_end is not None
    assert window.last is not None
    assert (window.remedies_end.on, window.earliest_on, window.last.on) == (
        date(2025, 12, 3), date(2025, 12, 20), date(2026, 3, 3),
    )
    unserved = court_window(Question(step, date(2025, 6, 3), valued_household(), procedure(), calendar()))
    assert (unserved.remedies_end, unserved.earliest_on, unserved.last) == (None, None, None)


@settings(max_examples=80, deadline=None)
@given(st.dates(min_value=date(2024, 1, 2), max_value=date(2027, 12, 31)))
def test_from_service_to_ruling_never_takes_less_than_seven_and_a_half_months(served_on: date) -> None:
    """Six months to sue, ten working days of demand, the court's five and thirty days."""
    decided = fact("compensation_decided", served_on, is_verified=False, move_out_by=served_on + timedelta(days=30))
    served = fact("decision_served", served_on)
    case = CaseFacts(
        household_code=HOUSEHOLD, household=(decided, served, fact("compensation_verified", served_on)),
        dossier=whole_dossier(),
    )
    standing = case_standing(facts=case, procedure=procedure(), calendar=calendar(), today=served_on)
    earliest = {id: one.earliest_on for id, one in standing.steps.items()}
    ruling = earliest["court_ruling_granted"]
    assert ruling is not None
    assert ruling >= add_months(served_on, 7) + timedelta(days=15)
    assert ruling <= add_months(served_on, 9) + timedelta(days=15)
    for before, after in (
        ("periods_verified", "demand_served"), ("demand_served", "court_applied"), ("court_applied", "court_accepted"),
        ("court_accepted", "court_reviewed"), ("court_reviewed", "court_ruling_granted"),
    ):
        assert earliest[before] <= earliest[after], (before, after)  # type: ignore[operator]
    window = court_window(Question(procedure().steps["court_applied"], served_on, case, procedure(), calendar()))
    assert window.last is not None
    assert earliest["court_applied"] <= window.last.on, "the lawful path fits into the window"  # type: ignore[operator]


# Where a case stands


def test_statuses_of_one_case() -> None:
    case = announced_project(until="scheme_published")
    standing = case_standing(facts=case, procedure=procedure(), calendar=calendar(), today=date(2025, 1, 20))
    status = {id: one.status for id, one in standing.steps.items()}
    assert status["scheme_drafted"] is StepStatus.DONE
    assert status["scheme_published"] is StepStatus.RUNNING
    assert status["stability_assessed"] is StepStatus.OPEN
    assert status["expropriation_decided"] is StepStatus.BLOCKED
    assert status["annual_plan_listed"] is StepStatus.NOT_APPLICABLE
    assert standing.version == "state_land@2018-02-08"
    decision = standing.steps["expropriation_decided"]
    # The comment period ends on Monday 10 February, and what follows may all come on the day after.
    assert decision.earliest_on == date(2025, 2, 11)
    assert all(reason.source for reason in decision.reasons)


def test_the_project_alone_shows_no_household_steps() -> None:
    case = replace(announced_project(), household=(), household_code="", section_code="")
    standing = case_standing(facts=case, procedure=procedure(), calendar=calendar(), today=date(2025, 4, 1))
    assert {one.step.scope for one in standing.steps.values()} == {"project"}


def test_a_missing_paper_is_listed_for_completion_and_a_whole_one_for_checking() -> None:
    lacking = fact("agreement_signed", date(2024, 4, 1), is_verified=False, evidence=(), amount_yuan=None)
    whole = fact("compensation_paid", date(2024, 5, 6), is_verified=False)
    case = replace(announced_project(), household=(lacking, whole))
    standing = case_standing(facts=case, procedure=procedure(), calendar=calendar(), today=date(2025, 4, 1))
    assert [(reason.code, reason.parameters.get("lacking")) for reason in standing.to_complete] == [
        ("procedure.to_complete", "evidence:agreement"),
        ("procedure.to_complete", "attribute:signed.amount_yuan"),
        ("procedure.to_verify", None),
    ]


def test_facts_after_the_day_asked_about_are_not_seen() -> None:
    case = demanded_household()
    then = case_standing(facts=case, procedure=procedure(), calendar=calendar(), today=date(2025, 5, 30))
    assert then.steps["compensation_decided"].status is StepStatus.OPEN
    assert then.steps["decision_served"].status is StepStatus.NOT_APPLICABLE
