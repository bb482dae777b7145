"""Levelling of teams: pieces of work, who does what when, lists before corridors, and what one more team brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.team_scene import CALENDAR, MONDAY, ONE_EACH, PACES, case, district, section, team
from zhengtu.core.kernel.work_calendar import CalendarYear, WorkCalendar
from zhengtu.core.planning.plan_case import PlanCase, Stage
from zhengtu.core.planning.team_checks import breaches
from zhengtu.core.planning.team_dispatch import Dispatcher, TeamPlan
from zhengtu.core.planning.team_plan import DistrictTeams, Levelling, level_teams, with_all_teams
from zhengtu.core.planning.team_work import ListRank, TeamWork, stage_left, team_work
from zhengtu.core.planning.teams import rates_of


def placed(found: DistrictTeams) -> tuple[TeamWork, TeamPlan]:
    work = team_work(found.cases, lawful=found.lawful, paces=found.paces, ranks=found.ranks)
    frozen = {one.code: one.frozen_months for one in found.cases}
    dispatcher = Dispatcher(work, teams=found.teams, calendar=CALENDAR, paces=PACES, frozen_months=frozen)
    plan = dispatcher.placed(lambda piece: (piece.section,))
    assert breaches(plan, work=work, teams=found.teams, calendar=CALENDAR, paces=PACES, frozen_months=frozen) == []
    return work, plan


def dates(plan: TeamPlan) -> dict[str, tuple[str, str]]:
    return {
        key.split(":", 1)[1]: (one.start_on.isoformat(), one.end_on.isoformat())
        for key, one in plan.assignments.items()
    }


def handed_over(found: Levelling) -> dict[str, date | None]:
    return {one.section[-7:]: one.levelled_on for one in found.sections}


def test_one_section_goes_through_its_stages_piece_by_piece() -> None:
    """30 households: survey and valuation of 20 and 10, negotiation of 10 three times, three working days for
    payment and two for vacating before the first demolition."""
    _, plan = placed(district(case(section(1, 30))))
    assert dates(plan) == {
        "survey:1": ("2026-03-02", "2026-03-06"), "survey:2": ("2026-03-09", "2026-03-11"),
        "valuation:1": ("2026-03-09", "2026-03-13"), "valuation:2": ("2026-03-16", "2026-03-18"),
        "negotiation:1": ("2026-03-16", "2026-03-20"), "negotiation:2": ("2026-03-23", "2026-03-27"),
        "negotiation:3": ("2026-03-30", "2026-04-03"),
        "demolition:1": ("2026-03-30", "2026-04-03"), "demolition:2": ("2026-04-06", "2026-04-10"),
        "demolition:3": ("2026-04-13", "2026-04-17"),
    }


def test_what_is_done_is_not_done_again() -> None:
    done = {Stage.SURVEY: 30, Stage.VALUATION: 30, Stage.NEGOTIATION: 26, Stage.VACATING: 25, Stage.DEMOLITION: 25}
    _, plan = placed(district(case(section(1, 30, done))))
    assert {key: one.piece.households for key, one in plan.assignments.items()} == {
        "220204-P0001-S01:negotiation:1": 4, "220204-P0001-S01:demolition:1": 5,
    }


def test_a_later_stage_says_that_the_earlier_ones_are_through() -> None:
    assert stage_left(section(1, 10, {Stage.NEGOTIATION: 7, Stage.SURVEY: 2}), Stage.SURVEY) == 3


def test_the_law_holds_a_stage_back() -> None:
    _, plan = placed(district(case(section(1, 4)), begins={Stage.NEGOTIATION: date(2026, 4, 1)}))
    assert dates(plan)["negotiation:1"] == ("2026-04-01", "2026-04-02")


def test_nothing_is_demolished_in_frozen_ground() -> None:
    done = dict.fromkeys((Stage.SURVEY, Stage.VALUATION, Stage.NEGOTIATION, Stage.PAYMENT, Stage.VACATING), 4)
    _, plan = placed(district(case(section(1, 4, done), frozen=[1, 2, 3, 11, 12])))
    assert dates(plan) == {"demolition:1": ("2026-04-01", "2026-04-02")}


def test_teams_keep_their_own_days() -> None:
    """Off on Tuesday and Wednesday, at work on Saturday; ten households at their own pace of five a day."""
    off = team(1, Stage.SURVEY, days_off=[(date(2026, 3, 3), date(2026, 3, 4))], households_per_day=Decimal(3),
               extra_days=[(date(2026, 3, 7), date(2026, 3, 7))])
    _, plan = placed(district(case(section(1, 10)), teams=[off]))
    assert dates(plan) == {"survey:1": ("2026-03-02", "2026-03-07")}
    assert {one.split(":")[1] for one in plan.unplaced} == {"valuation", "negotiation", "demolition"}


def test_a_holiday_of_the_calendar_is_nobodys_working_day() -> None:
    year = CalendarYear(year=2026, rest_days={date(2026, 3, 2): ("", "")}, make_up_days=frozenset(), is_published=True)
    holiday = WorkCalendar(years={2026: year})
    assert not team(1, Stage.SURVEY).works(MONDAY, calendar=holiday)
    assert team(1, Stage.SURVEY, extra_days=[(MONDAY, MONDAY)]).works(MONDAY, calendar=holiday)


def test_two_teams_share_a_section() -> None:
    _, plan = placed(district(case(section(1, 40)), teams=[team(1, Stage.SURVEY), team(2, Stage.SURVEY)]))
    assert {one.team for one in plan.assignments.values()} == {"220204-T001", "220204-T002"}
    assert {one.end_on for one in plan.assignments.values()} == {date(2026, 3, 6)}


def test_rates_of_a_district_mix_own_and_usual_paces() -> None:
    teams = [team(1, Stage.SURVEY), team(2, Stage.SURVEY, households_per_day=Decimal(2)),
             team(3, Stage.SURVEY, until_on=MONDAY), team(4, Stage.SURVEY, from_on=MONDAY + timedelta(days=1))]
    rate = rates_of(teams, on=MONDAY)[Stage.SURVEY]
    assert (rate.teams, rate.households_per_day(default=Decimal(4))) == (2, Decimal(3))
    assert with_all_teams(case(section(1, 4)), teams, paces=PACES).rates[Stage.SURVEY].teams == 2


counts = st.lists(st.tuples(st.integers(1, 25), st.integers(0, 25), st.integers(1, 4)), min_size=1, max_size=5)
SIGNED_ALL = dict.fromkeys((Stage.SURVEY, Stage.VALUATION, Stage.NEGOTIATION, Stage.PAYMENT, Stage.VACATING), 20)


def two_projects() -> tuple[PlanCase, PlanCase]:
    """Both need two weeks of the one demolition crew and are due after two weeks: only one can be in time."""
    due = date(2026, 3, 14)
    return (
        case(section(1, 20, SIGNED_ALL), due_on=due, project=1),
        case(section(1, 20, SIGNED_ALL, project=2), due_on=due, project=2),
    )


@pytest.mark.parametrize("first", [1, 2])
def test_the_list_that_comes_first_is_served_first(first: int) -> None:
    ranks = {f"220200-P{number:04d}": ListRank.NATIONAL if number == first else ListRank.START for number in (1, 2)}
    found = level_teams(district(*two_projects(), ranks=ranks), rounds=10)
    days = {one.case[-1:]: one.levelled_on for one in found.sections}
    assert days[str(first)] == date(2026, 3, 14)
    assert days[str(3 - first)] == date(2026, 3, 28)
    assert [(one.rank, one.met, one.days_late) for one in found.ranks] == [
        (ListRank.NATIONAL, 1, 0), (ListRank.START, 0, 14),
    ]
    assert [(one.goal.rank, one.days_late) for one in found.missed] == [(ListRank.START, 14)]


def test_of_equal_lists_the_corridor_comes_first() -> None:
    plain, opening = (
        case(section(1, 20, SIGNED_ALL), project=1), case(section(1, 20, SIGNED_ALL, project=2, opens_m=900), project=2)
    )
    found = level_teams(district(plain, opening), rounds=10)
    days = {one.case[-1:]: one.levelled_on for one in found.sections}
    assert days["2"] is not None
    assert days["1"] is not None
    assert days["2"] < days["1"]


@settings(max_examples=15, deadline=None)
@given(counts=counts)
def test_one_more_team_never_makes_the_first_list_worse(counts: list[tuple[int, int, int]]) -> None:
    cases = [
        case(section(1, size, {Stage.SURVEY: min(done, size)}, project=number), project=number,
             due_on=MONDAY + timedelta(days=40))
        for number, (size, done, _) in enumerate(counts, start=1)
    ]
    assert all(one.days_saved >= 0 or one.met > 0 for one in level_teams(district(*cases), rounds=3).one_more)


def test_one_more_crew_meets_the_deadline_that_one_misses() -> None:
    found = level_teams(district(*two_projects()), rounds=10)
    more = {one.stage: one for one in found.one_more}
    assert (more[Stage.DEMOLITION].met, more[Stage.DEMOLITION].days_saved) == (1, 14)
    assert (more[Stage.SURVEY].met, more[Stage.SURVEY].days_saved) == (0, 0)


def test_without_a_crew_the_land_is_never_handed_over() -> None:
    found = level_teams(district(*two_projects(), teams=ONE_EACH[:3]), rounds=5)
    assert set(handed_over(found).values()) == {None}
    assert found.without_team == {Stage.DEMOLITION: 4}


def test_deadlines_reached_already_are_not_counted() -> None:
    done = case(section(1, 20, SIGNED_ALL), due_on=date(2026, 2, 1), goal="signed")
    assert level_teams(district(done), rounds=2).ranks == []


def test_the_weeks_of_the_teams_add_up_to_the_work() -> None:
    found = level_teams(district(case(section(1, 30))), rounds=2)
    by_stage: dict[Stage, Decimal] = {}
    for one in found.weeks:
        by_stage[one.stage] = by_stage.get(one.stage, Decimal(0)) + one.households
        assert one.week_on.weekday() == 0
        assert one.week_on <= one.first_on <= one.last_on
    assert by_stage == dict.fromkeys(PACES, Decimal(30))
    planned = sum(one.planned_days for one in found.loads if one.stage is Stage.SURVEY)
    assert planned == 8
    assert all(one.planned_days <= one.capacity_days for one in found.loads)
    # 30 households at 4 a day are 7.5 team days, spread over ten working days until the latest end.
    assert sum(one.needed_days for one in found.loads if one.stage is Stage.SURVEY) == Decimal("7.6")


def test_nothing_left_is_nothing_to_level() -> None:
    found = level_teams(district(case()), rounds=3)
    assert (found.sections, found.weeks, found.missed) == ([], [], [])


@settings(max_examples=25, deadline=None)
@given(counts=counts, frozen=st.sets(st.sampled_from([3, 4, 5]), max_size=2))
def test_every_plan_keeps_every_rule_and_the_law(
    counts: list[tuple[int, int, int]], frozen: set[int]
) -> None:
    cases = [
        case(
            section(1, size, {Stage.SURVEY: min(done, size)}, project=number, opens_m=100 * number), project=number,
            due_on=MONDAY + timedelta(days=15 * number), frozen=sorted(frozen),
        )
        for number, (size, done, _) in enumerate(counts, start=1)
    ]
    ranks = {one.project: ListRank(rank) for one, (_, _, rank) in zip(cases, counts, strict=True)}
    found = level_teams(district(*cases, ranks=ranks), rounds=5)  # checks its own plan and raises
    assert all(one.unplaced == 0 for one in found.one_more)
    for rank in found.ranks:
        assert 0 <= rank.met <= rank.deadlines
    for dates_of in found.sections:
        assert dates_of.levelled_on is not None
        assert dates_of.lawful_on is not None
        assert dates_of.levelled_on >= dates_of.lawful_on


def test_a_broken_plan_is_told() -> None:
    scene = district(case(section(1, 30)))
    work, plan = placed(scene)
    late = plan.assignments["220204-P0001-S01:valuation:1"]
    spoilt = dict(plan.assignments) | {late.piece.id: replace(late, start_on=MONDAY, end_on=date(2026, 3, 6))}
    found = breaches(
        TeamPlan(assignments=spoilt), work=work, teams=scene.teams, calendar=CALENDAR, paces=PACES, frozen_months={},
    )
    assert found == ["220204-P0001-S01:valuation:1: begins before 220204-P0001-S01:survey:1 is through"]
