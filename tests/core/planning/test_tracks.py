"""The way over a decision to the court beside the agreement: which deadlines only agreement can meet."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.planning.kit import bar, case, outlook, planned, section, target
from tests.core.procedure.kit import calendar, decided_household, procedure, signed_household, valued_household
from zhengtu.core.planning.household_plan import household_plan
from zhengtu.core.planning.plan import ActivityKind
from zhengtu.core.planning.plan_case import Stage

DONE = {Stage.SURVEY: (10, date(2025, 1, 9)), Stage.VALUATION: (10, date(2025, 4, 1)),
        Stage.NEGOTIATION: (8, date(2025, 6, 2))}


def test_only_agreement_meets_a_deadline_nearer_than_the_court() -> None:
    place = section(1, 10, done=DONE)
    one = case(
        date(2025, 6, 3), facts=valued_household(), sections=(place,),
        targets=(target("vacated", date(2025, 9, 30), place), target("handed_over", date(2026, 12, 31), place)),
    )
    plan = planned(one)
    soon, late = outlook(plan, "vacated"), outlook(plan, "handed_over")
    assert soon.decision_on == date(2026, 1, 23), "the day of the worked way to the court"
    assert (soon.needs_agreement, late.needs_agreement) == (True, False)
    assert [repair.kind for repair in soon.repairs] == ["agreement"]
    assert late.decision_on is not None
    assert late.decision_on > soon.decision_on, "demolition and handing over come after"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 500))
def test_from_service_to_ruling_a_plan_never_shows_less_than_seven_and_a_half_months(days: int) -> None:
    place = section(1, 10, done=DONE)
    plan = planned(case(date(2025, 6, 3) + timedelta(days=days), facts=valued_household(), sections=(place,)))
    served, ruled = bar(plan, ":track.decision_served"), bar(plan, ":track.court_ruling_granted")
    assert served.kind is ActivityKind.TRACK
    assert (ruled.early_end_on - served.early_end_on).days >= 225


def test_a_section_whose_rest_was_decided_counts_from_that_day() -> None:
    """Served on the 20th of June at the soonest, the court clears as late as for an open one; only agreement is faster.

    A decision ends the negotiation, not the waiting: it takes no deadline away from those which only agreement meets.
    """
    over = {**DONE, Stage.NEGOTIATION: (10, date(2025, 6, 3))}
    decided = section(1, 10, done=over, decided_on=(date(2025, 6, 3), date(2025, 6, 3)))
    open_place = section(1, 10, done=DONE)
    on, due = date(2025, 6, 20), date(2025, 9, 30)
    plans = [
        planned(case(
            on, facts=valued_household(), sections=(one,),
            targets=(target("signed", due, one), target("vacated", due, one), target("handed_over", due, one)),
        ))
        for one in (decided, open_place)
    ]
    goals = ("signed", "vacated", "handed_over")
    signed, vacated, handed_over = ([outlook(one, goal) for one in plans] for goal in goals)
    assert (signed[0].is_met, signed[0].decision_on, signed[1].decision_on) == (True, None, on)
    assert [one.needs_agreement for one in vacated] == [True, True]
    assert vacated[0].decision_on is not None
    assert date(2026, 2, 3) <= vacated[0].decision_on <= (vacated[1].decision_on or date.min)
    assert handed_over[0].decision_on is not None
    assert handed_over[0].decision_on > vacated[0].decision_on
    assert bar(plans[0], ":track.court_ruling_granted").kind is ActivityKind.TRACK


def test_where_all_have_agreed_there_is_no_second_track() -> None:
    place = section(1, 8, done={**DONE, Stage.SURVEY: (8, date(2025, 1, 9)), Stage.VALUATION: (8, date(2025, 4, 1))})
    plan = planned(case(
        date(2025, 6, 3), facts=valued_household(), sections=(place,),
        targets=(target("vacated", date(2025, 9, 30), place),),
    ))
    assert outlook(plan, "vacated").decision_on is None
    assert all(one.kind is not ActivityKind.TRACK for one in plan.activities)


def test_a_household_sees_both_tracks_side_by_side() -> None:
    plan = household_plan(
        facts=valued_household(), procedure=procedure(), calendar=calendar(), today=date(2025, 6, 3)
    )
    agreed = {one.step: (one.on, one.is_recorded) for one in plan.agreement}
    assert agreed["household_valued"] == (date(2025, 3, 25), True)
    assert agreed["agreement_signed"] == (date(2025, 6, 3), False)
    assert plan.vacated_by_agreement_on == date(2025, 6, 3)
    assert plan.vacated_by_court_on == date(2026, 1, 23)
    assert plan.needs_agreement(date(2025, 12, 31))
    assert not plan.needs_agreement(date(2026, 3, 1))
    assert [one.on for one in plan.decision] == sorted(one.on for one in plan.decision)


def test_a_household_that_has_signed_has_one_track_and_a_decided_one_bears_its_dates() -> None:
    signed = household_plan(
        facts=signed_household(), procedure=procedure(), calendar=calendar(), today=date(2025, 6, 3)
    )
    assert (list(signed.decision), signed.vacated_by_court_on) == ([], None)
    decided = household_plan(
        facts=decided_household(), procedure=procedure(), calendar=calendar(), today=date(2025, 7, 1)
    )
    dates = {one.step: one for one in decided.decision}
    assert dates["compensation_decided"].is_recorded
    assert dates["periods_verified"].on == date(2025, 12, 4), "six months from the service, whatever day it is now"
