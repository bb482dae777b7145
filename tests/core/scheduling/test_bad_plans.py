"""Plans that cannot be computed are refused, and what is wrong is named."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scheduling.networks import CALENDARS, WEEK
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.scheduling.plan import plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem, Resource
from zhengtu.core.scheduling.working_time import WorkingTime

ABC = [Activity("A", 1), Activity("B", 2), Activity("C", 3)]
HOLIDAYS = WorkingTime.of_mask([False] * 30)
SHORT = WorkingTime.of_mask([True] * 4)


def refused(*activities: Activity, links: list[Link] | None = None, **more: object) -> str:
    """The refusal in English."""
    problem = Problem(activities=list(activities), links=links or [], **more)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refusal:
        plan_of(problem)
    return str(refusal.value)


def test_a_circle_is_named_in_order() -> None:
    links = [Link("A", "B"), Link("B", "C", LinkKind.START_START), Link("C", "A"), Link("D", "A"), Link("C", "E")]
    assert "A → B → C → A." in refused(*ABC, Activity("D", 1), Activity("E", 1), links=links)


@given(size=st.integers(2, 7), tail=st.integers(0, 4), data=st.data())
def test_every_circle_is_found_and_is_one(size: int, tail: int, data: st.DataObject) -> None:
    names = [f"C{number}" for number in range(size)]
    follows = dict(zip(names, [*names[1:], names[0]], strict=True))
    rest = [f"T{number}" for number in range(tail)]
    links = [Link(before, after) for before, after in follows.items()]
    links += [Link(before, after) for before, after in zip([names[0], *rest], rest, strict=False)]
    activities = [Activity(name, 1) for name in data.draw(st.permutations([*names, *rest]))]
    text = refused(*activities, links=data.draw(st.permutations(links)))
    circle = text.removeprefix("Links run in a circle: ").split(".")[0].split(" → ")
    assert len(circle) == size + 1
    assert all(follows[before] == after for before, after in pairwise(circle))


def test_links_to_nothing_and_to_oneself() -> None:
    text = refused(*ABC, links=[Link("A", "Z"), Link("Y", "B"), Link("C", "C")])
    assert "from A to Z names Z" in text
    assert "from Y to B names Y" in text
    assert "C is linked to itself" in text


def test_an_id_that_is_there_twice() -> None:
    assert "Activity A is there 2 times" in refused(*ABC, Activity("A", 5))


def test_calendars_that_are_missing_empty_late_or_short() -> None:
    assert "B uses calendar “nights”" in refused(Activity("A", 1), Activity("B", 1, "nights"))
    assert "A → B uses calendar “nights”" in refused(*ABC, links=[Link("A", "B", lag=1, lag_calendar="nights")])
    assert "“holidays” has no working time" in refused(Activity("A", 1, "holidays"), calendars={"holidays": HOLIDAYS})
    assert "“short” ends before A is done" in refused(Activity("A", 5, "short"), calendars={"short": SHORT})
    late = WorkingTime.of_mask([True] * 9, begins=5)
    assert "“late” begins at 5" in refused(Activity("A", 1, "late"), calendars={"late": late})
    assert "R uses calendar “nights”" in refused(*ABC, resources=[Resource("R", 1, "nights")])


def test_a_calendar_without_work_harms_nobody_who_does_not_use_it() -> None:
    problem = Problem(activities=[Activity("A", 0, "holidays")], calendars={"holidays": HOLIDAYS})
    assert plan_of(problem).of("A").finish == 0


def test_durations_limits_and_actual_dates_that_contradict() -> None:
    assert "A has a negative duration" in refused(Activity("A", -1))
    assert "A finished at 3, before it started at 5" in refused(Activity("A", 1, started=5, finished=3), start=9)
    assert plan_of(Problem(activities=[Activity("A", 1, started=9, finished=10)], start=9)).of("A").finish == 10
    assert "A has an actual date of 11" in refused(Activity("A", 1, started=9, finished=12), start=9)
    assert "A has an actual date of 12" in refused(Activity("A", 1, started=12), start=9)
    text = refused(Activity("A", 6, "week", not_earlier=3, not_later=10), calendars=CALENDARS)
    assert "A must finish by 10, but its own start limit and duration lead to 11" in text
    assert "fixed start 4, but cannot start before 7" in refused(Activity("A", 1, not_earlier=7, fixed_start=4))
    assert "A must finish by 5" in refused(Activity("A", 3, fixed_start=4, not_later=5))


def test_more_demanded_than_there_is() -> None:
    text = refused(Activity("A", 1, demands={"team": 3}), resources=[Resource("team", 2)])
    assert "A needs 3 of team, of which there is 2" in text


def test_lags_backwards_through_a_table_mean_nothing() -> None:
    link = Link("A", "B", lag=-1, lag_calendar="notice")
    assert "counts steps of “notice” backwards" in refused(*ABC, links=[link], calendars=CALENDARS)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        plan_of(Problem(activities=[Activity("A", -1), Activity("B", -2, "week")], calendars={"week": WEEK}))
    assert len(refusal.value.reasons) == 2
