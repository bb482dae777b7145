"""What a forecast promises whatever the history: bounds, order, lawful floors, abstention and its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.forecast.worlds import RULES, TODAY, world
from zhengtu.core.forecast.history import Goal, GroupHistory, Journey
from zhengtu.core.forecast.model import forecast
from zhengtu.core.forecast.outlook import Forecast

DAY = timedelta(days=1)


def known(seed: int = 1) -> list[GroupHistory]:
    return world(seed).at(TODAY)


def of(histories: list[GroupHistory], subject: str, goal: Goal = Goal.SETTLED, **options: object) -> Forecast:
    return forecast(histories, on=TODAY, rules=RULES, **options)[subject, goal]  # type: ignore[arg-type]


def open_group(histories: list[GroupHistory], *, least: int = 2) -> GroupHistory:
    return next(
        group for group in histories
        if group.stage(Goal.SETTLED).open >= least and len(group.stage(Goal.SETTLED).reached_on) >= RULES.own_events
    )


def new_group(*, households: int = 20, started_on: date | None = TODAY - 3 * DAY, **fields: object) -> GroupHistory:
    return GroupHistory(
        code="new", project="PN", households=households, started_on=started_on, on=TODAY, **fields  # type: ignore[arg-type]
    )


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_probabilities_lie_between_0_and_1_and_rise_with_the_deadline(seed: int) -> None:
    answers = forecast(world(seed, groups=6, projects=2, households=12).at(TODAY), on=TODAY, rules=RULES, seed=seed)
    for one in answers.values():
        chances = [one.probability_by(TODAY + weeks * 7 * DAY) for weeks in (0, 1, 4, 13, 52, 104, 520)]
        if one.basis == "none":
            assert set(chances) == {None}
            assert one.reasons
            continue
        known_chances = [chance for chance in chances if chance is not None]
        assert len(known_chances) == len(chances)
        assert known_chances == sorted(known_chances)
        assert 0 <= known_chances[0] <= known_chances[-1] <= 1
        dates = [day for day in (one.p50_on, one.p80_on, one.p95_on) if day is not None]
        assert dates == sorted(dates)
        if one.basis != "done":
            assert chances[0] == 0
            assert all(day > TODAY for day in dates)


def test_later_goals_are_never_reached_before_earlier_ones_in_distribution() -> None:
    answers = forecast(known(), on=TODAY, rules=RULES)
    for code in {subject for subject, _goal in answers}:
        ways = [answers[code, goal] for goal in Goal]
        if all(one.basis in ("own", "pooled") for one in ways):
            for weeks in (4, 13, 26, 52, 104):
                chances = [one.probability_by(TODAY + 7 * weeks * DAY) for one in ways]
                assert chances == sorted(chances, reverse=True)


def test_a_project_is_no_surer_than_its_least_sure_group() -> None:
    histories = known()
    answers = forecast(histories, on=TODAY, rules=RULES, goals=[Goal.SETTLED])
    for project in {history.project for history in histories}:
        groups = [answers[h.code, Goal.SETTLED] for h in histories if h.project == project]
        for weeks in (4, 26, 104):
            day = TODAY + 7 * weeks * DAY
            assert answers[project, Goal.SETTLED].probability_by(day) <= min(one.probability_by(day) for one in groups)


def test_more_open_households_are_never_earlier() -> None:
    histories = known()
    group = open_group(histories)
    # Alike but for the number of those who have not settled; its own settlements say the same of its pace.
    alike = replace(group, code="few", project="few")
    longer = replace(group, code="many", project="many", households=group.households + 40)
    answers = forecast([*histories, alike, longer], on=TODAY, rules=replace(RULES, samples=800), goals=[Goal.SETTLED])
    for weeks in (8, 26, 52, 104, 208):
        day = TODAY + 7 * weeks * DAY
        few, many = answers["few", Goal.SETTLED].probability_by(day), answers["many", Goal.SETTLED].probability_by(day)
        assert many <= few + 0.03


def test_a_group_that_stands_still_is_later_than_one_that_moves() -> None:
    histories = known()
    start = TODAY - 120 * DAY
    moving = GroupHistory(
        code="moving", project="a", households=30, started_on=start, on=TODAY,
        journeys=[Journey(TODAY - (4 * place + 1) * DAY) for place in range(20)],
    )
    still = replace(moving, code="still", project="b", journeys=[
        Journey(start + (2 * place + 5) * DAY) for place in range(20)
    ])
    answers = forecast([*histories, moving, still], on=TODAY, rules=RULES, goals=[Goal.SETTLED])
    assert answers["moving", Goal.SETTLED].p50_on < answers["still", Goal.SETTLED].p50_on


def test_no_day_is_earlier_than_the_lawful_one_for_the_group_its_later_goals_and_its_project() -> None:
    histories = known()
    group = open_group(histories)
    floor = TODAY + 400 * DAY
    answers = forecast(histories, on=TODAY, rules=RULES, not_before={(group.code, Goal.SETTLED): floor})
    for subject in (group.code, group.project):
        for goal in (Goal.SETTLED, Goal.HANDED_OVER):
            one = answers[subject, goal]
            assert one.probability_by(floor - DAY) == 0
            assert one.p50_on >= floor
    for week in answers[group.code, Goal.SETTLED].fan:
        assert week.on >= floor or week.high < group.households


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), first=st.integers(1, 300), more=st.integers(1, 300), goal=st.sampled_from(Goal))
def test_no_goal_is_surer_than_the_one_before_it_nor_for_a_later_lawful_day(
    seed: int, first: int, more: int, goal: Goal
) -> None:
    """In every course a household is paid after it settles, out after it is paid, and the land handed over last."""
    histories = world(seed, groups=6, projects=2, households=12).at(TODAY)
    code = histories[0].code
    free, bound, later = (
        forecast(histories, on=TODAY, rules=RULES, seed=seed, not_before=floors) for floors in (
            {}, {(code, goal): TODAY + first * DAY}, {(code, goal): TODAY + (first + more) * DAY}
        )
    )
    days = [TODAY + weeks * 7 * DAY for weeks in (1, 4, 13, 26, 52, 104, 520)]
    for subject in {*(one.code for one in histories), *(one.project for one in histories)}:
        for day in days:
            for answers in (free, bound, later):
                chances = [answers[subject, one].probability_by(day) for one in Goal]
                said = [chance for chance in chances if chance is not None]
                assert said == sorted(said, reverse=True)
            for one in Goal:
                series = [answers[subject, one].probability_by(day) for answers in (free, bound, later)]
                known_series = [chance for chance in series if chance is not None]
                assert known_series == sorted(known_series, reverse=True)


def test_a_lawful_day_of_the_past_changes_nothing() -> None:
    histories = known()
    group = open_group(histories)
    free = forecast(histories, on=TODAY, rules=RULES)
    assert forecast(histories, on=TODAY, rules=RULES, not_before={(group.code, Goal.SETTLED): date(2020, 1, 1)}) == free


def test_the_fan_begins_above_what_is_reached_and_never_falls() -> None:
    histories = known()
    group = open_group(histories)
    one = of(histories, group.code)
    reached = group.households - one.open
    for week in one.fan:
        assert reached <= week.low <= week.median <= week.high <= group.households
    medians = [week.median for week in one.fan]
    assert medians == sorted(medians)


def test_what_is_done_is_done_on_its_last_day() -> None:
    histories = known()
    group = next(group for group in histories if group.stage(Goal.SETTLED).open == 0)
    one = of(histories, group.code)
    last = group.stage(Goal.SETTLED).reached_on[-1]
    assert (one.basis, one.p50_on, one.p95_on) == ("done", last, last)
    assert one.probability_by(last - DAY) == 0
    assert one.probability_by(last) == 1


def test_a_group_without_a_history_goes_as_the_others_went() -> None:
    one = of([*known(), new_group()], "new")
    assert one.basis == "pooled"
    assert one.events == 0
    assert [reason.code for reason in one.reasons] == ["forecast.behind", "forecast.pooled"]
    assert one.p50_on is not None


def test_a_planned_start_puts_everything_off() -> None:
    later = TODAY + 300 * DAY
    one = of([*known(), new_group(started_on=later)], "new")
    assert one.weeks_observed == 0
    assert one.probability_by(later) == 0
    assert one.p50_on > later


@pytest.mark.parametrize(("group", "goal", "code"), [
    (new_group(started_on=None), Goal.SETTLED, "forecast.not_begun"),
    (new_group(households=0), Goal.SETTLED, "forecast.no_households"),
    (new_group(awaits_payable=True), Goal.PAID, "forecast.not_payable"),
    (new_group(awaits_payable=True), Goal.HANDED_OVER, "forecast.not_payable"),
])
def test_it_says_why_it_says_nothing_and_so_does_the_project(group: GroupHistory, goal: Goal, code: str) -> None:
    answers = forecast([*known(), group], on=TODAY, rules=RULES)
    one, project = answers["new", goal], answers["PN", goal]
    assert (one.basis, one.p50_on, one.probability_by(TODAY + 1000 * DAY)) == ("none", None, None)
    assert [reason.code for reason in one.reasons] == [code]
    assert project.basis == "none"
    assert [reason.code for reason in project.reasons] == ["forecast.some_silent", code]


def test_payment_waits_for_the_announcement_where_the_law_says_so() -> None:
    announced = TODAY + 200 * DAY
    histories = [*known(), new_group(awaits_payable=True, payable_from_on=announced)]
    assert of(histories, "new", Goal.PAID).probability_by(announced) == 0
    assert of(histories, "new", Goal.SETTLED).probability_by(announced) > 0


def test_with_too_little_history_nothing_is_said_of_anything_open() -> None:
    lone = new_group(started_on=TODAY - 60 * DAY, journeys=[Journey(TODAY - 20 * DAY)] * 5)
    one = of([lone], "new")
    assert one.basis == "none"
    assert one.reasons[0].code == "forecast.too_little"
    assert one.reasons[0].parameters == {"events": 5, "weeks": 8, "least_events": 12, "least_weeks": 4}


def test_a_short_history_gives_a_mere_pace_and_says_so() -> None:
    lone = new_group(
        started_on=TODAY - 60 * DAY, households=40, journeys=[Journey(TODAY - place * DAY) for place in range(15)]
    )
    one = of([lone], "new")
    assert one.basis == "throughput"
    assert "forecast.pace_only" in {reason.code for reason in one.reasons}
    assert one.p50_on is not None
    paid = of([lone], "new", Goal.PAID)
    assert (paid.basis, paid.reasons[0].code) == ("none", "forecast.few_before_goal")


def test_what_lies_after_the_day_of_the_forecast_is_not_looked_at() -> None:
    whole = [replace(group, on=TODAY) for group in world(3).groups if group.started_on <= TODAY]
    cut = [
        replace(
            group, journeys=[Journey(*(day if day <= TODAY else None for day in one)) for one in group.journeys],
            handed_over_on=group.handed_over_on if group.handed_over_on <= TODAY else None,
        )
        for group in whole
    ]
    assert forecast(whole, on=TODAY, rules=RULES) == forecast(cut, on=TODAY, rules=RULES)


def test_equal_inputs_give_equal_forecasts_and_further_sets_are_taken_together() -> None:
    histories = known()
    codes = [history.code for history in histories]
    answers = forecast(histories, on=TODAY, rules=RULES, together={"city": [*codes, codes[0]]}, seed=5)
    turned = [replace(history, journeys=tuple(reversed(history.journeys))) for history in histories]
    assert answers == forecast(turned, on=TODAY, rules=RULES, together={"city": codes}, seed=5)
    city = answers["city", Goal.HANDED_OVER]
    assert city.open == sum(history.stage(Goal.HANDED_OVER).open for history in histories)
    assert city.fan[-1].high <= len(codes)


def test_groups_that_occur_twice_or_are_of_another_day_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        forecast([new_group(), new_group()], on=TODAY, rules=RULES)
    with pytest.raises(ValueError, match="day"):
        forecast([new_group()], on=TODAY + DAY, rules=RULES)
    with pytest.raises(ValueError, match="2 journeys of 1 households"):
        new_group(households=1, journeys=[Journey(), Journey()])
