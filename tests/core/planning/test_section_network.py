"""Work on sections: counted by hand, overlaps that compensate first and move after, teams from section to section."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.planning.kit import RATES, bar, case, outlook, planned, section, target
from tests.core.procedure.kit import announced_project, calendar, land_decided_household
from zhengtu.core.planning.paces import days_of
from zhengtu.core.planning.plan import Plan, PlannedActivity
from zhengtu.core.planning.plan_case import MoneyStanding, SectionWork, Stage, StageProgress, StageRate
from zhengtu.core.planning.teams import TeamRate
from zhengtu.core.procedure.case_facts import CaseFacts

ON = date(2025, 3, 12)


def days(one: PlannedActivity) -> tuple[date, date]:
    return one.early_start_on, one.early_end_on


def test_the_stages_of_a_section_counted_by_hand() -> None:
    """Ten households from Wednesday 2025-03-12, everything before the appraiser recorded or possible on that day.

    Survey 10/4 = 3 days: 12th to 14th. Valuation 10/5 = 2 days, begins when the first household is surveyed (13th);
    the last household takes 2 days after the survey's end: until the 18th. Negotiation 10/2 = 5 days from the 17th,
    when the first household is valued: until the 21st, and 3 days after the 18th is the 21st as well. Payment 2 days
    after the last signing: 25th. Moving 5 days after: 1 April. Demolition, the ground not frozen: 2 April; the land is
    handed over on the 3rd (the Qingming holiday begins on the 4th).
    """
    plan = planned(case(ON, facts=announced_project(), sections=(section(1, 10),)))
    assert {stage: days(bar(plan, f"S01:{stage}")) for stage in ("survey", "valuation", "negotiation")} == {
        "survey": (date(2025, 3, 12), date(2025, 3, 14)), "valuation": (date(2025, 3, 13), date(2025, 3, 18)),
        "negotiation": (date(2025, 3, 17), date(2025, 3, 21)),
    }
    rest = ("payment", "vacating", "demolition", "handover")
    ends = {stage: bar(plan, f"S01:{stage}").early_end_on for stage in rest}
    assert ends == {
        "payment": date(2025, 3, 25), "vacating": date(2025, 4, 1), "demolition": date(2025, 4, 2),
        "handover": date(2025, 4, 3),
    }


def test_what_is_still_to_come_arrives_later_than_what_waits() -> None:
    """Twelve households, one surveyed; everything counted by hand from Wednesday 2025-03-12, day 1.

    It is valued and has signed too: survey 11/4 = 3 days, 1 to 3. The second household is surveyed on day 1, so valuing
    begins on day 2; 11/5 = 3 days: 2 to 4, and 2 days after the survey's end: day 5. Talks begin 2 days after, on day
    4; 11/2 = 6 days: until day 9, Monday the 24th.

    Its valuation is struck from the record: valuing can begin at once with the one that waits, but the eleven that are
    still to be surveyed come on day 2 at the soonest: until day 5 as before. The household that waits has signed, so
    talks have to wait for the first of the eleven: from day 4 until day 9 as before. Counted from valuing alone, 2 days
    after day 1, they would begin on day 3 and end on day 8.
    """
    def ends(valued: int) -> tuple[PlannedActivity, ...]:
        done = {Stage.SURVEY: (1, ON), Stage.VALUATION: (valued, ON), Stage.NEGOTIATION: (1, ON)}
        plan = planned(case(ON, sections=(section(1, 12, done=done),)))
        return bar(plan, "S01:valuation"), bar(plan, "S01:negotiation")

    assert [days(one) for one in ends(1)] == [
        (date(2025, 3, 13), date(2025, 3, 18)), (date(2025, 3, 17), date(2025, 3, 24))
    ]
    assert [days(one) for one in ends(0)] == [(ON, date(2025, 3, 18)), (date(2025, 3, 17), date(2025, 3, 24))]


def test_one_that_waits_does_not_keep_the_appraisers_busy_while_the_others_cannot_be_surveyed() -> None:
    """Of twenty households one is surveyed and not valued; the survey of the others is decided for Tuesday 6 May.

    The first of them can be valued from the 7th on, nineteen at five a day take four working days: until Monday the
    12th; the survey, 19/4 = 5 days, ends on Monday the 12th too, and the last one's valuation two days later.
    With a single team that values one household a day the nineteen take from the 7th of May to Monday the 2nd of June
    (18 working days to the 30th, the 31st and 1st a weekend, the 2nd the Dragon Boat holiday): Tuesday the 3rd.
    """
    waits = SectionWork(
        code=section(1).code, name=section(1).name, order=1, households=20,
        stages={Stage.SURVEY: StageProgress(1)}, plan_decisions={Stage.SURVEY: (date(2025, 5, 6), "D-1")},
    )
    assert bar(planned(case(ON, sections=(waits,))), "S01:valuation").early_end_on == date(2025, 5, 14)
    slow = {**RATES, Stage.VALUATION: replace(RATES[Stage.VALUATION], households_per_day=Decimal(1))}
    valuation = bar(planned(case(ON, sections=(waits,), rates=slow)), "S01:valuation")
    assert days(valuation) == (ON, date(2025, 6, 3))


def test_teams_of_different_paces_do_together_what_they_do() -> None:
    """Two teams that do one household a day and one that does two: twelve households in three days, not in four, though
    the mean of the three has no end as a decimal."""
    mean = TeamRate(3, (Decimal(1), Decimal(1), Decimal(2))).households_per_day(default=Decimal(1))
    assert days_of(12, StageRate(mean, 3, 1, "teams")) == 3
    assert days_of(13, StageRate(mean, 3, 1, "teams")) == 4


def test_teams_go_from_section_to_section_and_the_nearer_deadline_is_first() -> None:
    first, second = section(1, 20), section(2, 20)
    plan = planned(case(
        ON, sections=(first, second),
        targets=(target("signed", date(2025, 6, 30), first), target("signed", date(2025, 4, 30), second)),
    ))
    sooner, later = bar(plan, "S02:survey"), bar(plan, "S01:survey")
    assert sooner.early_start_on == ON
    assert later.early_start_on == date(2025, 3, 19), "five working days of the only team in the other section"
    assert later.driver == sooner.id


def test_the_ledger_fills_the_plan_in() -> None:
    done = {
        Stage.SURVEY: (10, date(2025, 2, 20)), Stage.VALUATION: (10, date(2025, 3, 5)),
        Stage.NEGOTIATION: (6, date(2025, 3, 11)),
    }
    plan = planned(case(ON, sections=(section(1, 10, done=done),)))
    negotiation, payment = bar(plan, "S01:negotiation"), bar(plan, "S01:payment")
    assert bar(plan, "S01:survey").actual_end_on == date(2025, 2, 20)
    assert (negotiation.actual_start_on, negotiation.households_left) == (date(2025, 3, 11), 4)
    assert (negotiation.may_be_decided, payment.may_be_decided) == (False, True)
    assert payment.early_start_on == ON, "six households that signed can be paid today"


def test_nothing_is_demolished_on_frozen_ground() -> None:
    done = {stage: (10, date(2025, 11, 20)) for stage in Stage if stage is not Stage.DEMOLITION}
    plan = planned(case(
        date(2025, 12, 3), sections=(section(1, 10, done=done),), frozen_months=frozenset({12, 1, 2}),
    ))
    assert days(bar(plan, "S01:demolition")) == (date(2026, 3, 2), date(2026, 3, 3))


def test_a_unit_may_decide_to_begin_later_and_other_sections_do_not_wait_for_it() -> None:
    decided = section(1, 20, plan_decisions={Stage.NEGOTIATION: (date(2025, 5, 6), "D-1")})
    plan = planned(case(ON, sections=(decided, section(2, 20))))
    assert bar(plan, "S01:negotiation").early_start_on == date(2025, 5, 6)
    reason = bar(plan, "S01:negotiation").driver_reason
    assert reason is not None
    assert (reason.code, reason.parameters["deed"]) == ("planning.decided", "D-1")
    assert bar(plan, "S02:negotiation").early_start_on < date(2025, 4, 1)


def test_payments_wait_for_money_that_is_short() -> None:
    money = MoneyStanding(is_short=True, late_since=date(2025, 3, 1), expected_on=date(2025, 4, 21), payer="JLCT")
    one = case(ON, sections=(section(1, 10),), money=money)
    assert bar(planned(one), "S01:payment").early_start_on == date(2025, 4, 21)
    later = replace(one, money=replace(money, expected_on=date(2025, 5, 6)))
    assert bar(planned(later), "S01:handover").early_end_on > bar(planned(one), "S01:handover").early_end_on


def test_what_is_handed_over_is_over_whatever_the_counts_say() -> None:
    plan = planned(case(ON, sections=(section(1, 10, handed_over_on=date(2025, 3, 1)),)))
    assert all(one.is_done for one in plan.activities)
    assert (plan.light.colour, plan.light.rule) == ("idle", "nothing_left")


def test_on_collective_land_the_application_waits_until_few_households_have_not_agreed() -> None:
    """Of twenty households eighteen have to sign (a tenth may be left): nine working days of one team."""
    empty = planned(case(date(2025, 3, 3), facts=_land_facts(), regime="collective_land"))
    plan = planned(case(
        date(2025, 3, 3), facts=_land_facts(), regime="collective_land", sections=(section(1, 20),)
    ))
    reported, negotiation = bar(plan, ":land_agreements_reported"), bar(plan, "S01:negotiation")
    assert reported.early_start_on > bar(empty, ":land_agreements_reported").early_start_on
    worked = calendar().working_days_between(negotiation.early_start_on, reported.early_start_on).count
    assert worked == 9
    assert reported.driver == negotiation.id


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 20), min_size=6, max_size=6), st.sampled_from(list(Stage)))
def test_the_application_does_not_come_sooner_with_one_fewer_done(counts: list[int], stage: Stage) -> None:
    def reported(counts: dict[Stage, int]) -> date:
        done = {one: (count, date(2025, 3, 3)) for one, count in counts.items()}
        plan = planned(case(
            date(2025, 3, 3), facts=_land_facts(), regime="collective_land", sections=(section(1, 20, done=done),)
        ))
        return bar(plan, ":land_agreements_reported").early_start_on

    now = dict(zip(Stage, counts, strict=True))
    assert reported({**now, stage: max(0, now[stage] - 1)}) >= reported(now)


def _land_facts() -> CaseFacts:
    facts = land_decided_household()
    kept = {
        "land_public_interest_established", "land_pre_announced", "land_frozen", "land_surveyed",
        "land_stability_assessed", "land_scheme_drafted",
    }
    return replace(facts, project=tuple(one for one in facts.project if one.step in kept))


RATE = st.builds(
    StageRate, st.decimals(Decimal("0.2"), 20, places=1), st.integers(1, 6), st.integers(1, 8), st.just("rule")
)
RATES_OF_STAGES = st.fixed_dictionaries(dict.fromkeys(Stage, RATE))
SECTIONS = st.lists(st.integers(0, 60), min_size=1, max_size=6)


def whole(rates: dict[Stage, StageRate], counts: list[int]) -> Plan:
    sections = tuple(section(place + 1, count) for place, count in enumerate(counts))
    return planned(case(
        ON, sections=sections, rates=rates, targets=(target("handed_over", date(2026, 6, 30), *sections),),
        frozen_months=frozenset({12, 1, 2}),
    ))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RATES_OF_STAGES, SECTIONS, st.sampled_from(list(Stage)))
def test_more_teams_never_make_anything_later(rates: dict[Stage, StageRate], counts: list[int], stage: Stage) -> None:
    before = whole(rates, counts)
    after = whole(rates | {stage: replace(rates[stage], teams=rates[stage].teams + 1)}, counts)
    assert all(
        new.early_start_on <= old.early_start_on and new.early_end_on <= old.early_end_on
        for old, new in zip(before.activities, after.activities, strict=True)
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RATES_OF_STAGES, SECTIONS)
def test_compensate_first_move_after_and_no_bar_turns_its_days_round(
    rates: dict[Stage, StageRate], counts: list[int]
) -> None:
    plan = whole(rates, counts)
    for place, count in enumerate(counts):
        if not count:
            continue
        bars = {stage: bar(plan, f"S{place + 1:02}:{stage}") for stage in Stage}
        stages = list(Stage)
        for earlier, later in pairwise(stages):
            assert bars[later].early_start_on > bars[earlier].early_start_on
            assert bars[later].early_end_on > bars[earlier].early_end_on
    for one in plan.activities:
        assert one.early_start_on <= one.early_end_on
        assert one.late_start_on is not None
        assert one.late_end_on is not None
        assert one.late_start_on <= one.late_end_on
    missed = outlook(plan, "handed_over").slack_days < 0
    assert (min(one.float_days or 0 for one in plan.activities) < 0) == missed


def test_a_city_that_takes_vacated_land_does_not_wait_for_the_thaw() -> None:
    done = {stage: (10, date(2025, 11, 20)) for stage in Stage if stage not in (Stage.VACATING, Stage.DEMOLITION)}
    place = section(done=done)
    frozen = {"frozen_months": frozenset({12, 1, 2}), "sections": (place,)}
    vacated = planned(case(date(2025, 12, 1), handover_after=Stage.VACATING, **frozen))
    cleared = planned(case(date(2025, 12, 1), handover_after=Stage.DEMOLITION, **frozen))
    assert bar(vacated, "S01:handover").early_start_on == date(2025, 12, 8)
    assert bar(cleared, "S01:handover").early_start_on >= date(2026, 3, 2)
    assert bar(vacated, "S01:demolition").early_start_on >= date(2026, 3, 2)
