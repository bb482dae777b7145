"""What must hold of the passes for every plan."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.scheduling.networks import CALENDARS, limited_problems, plain_problems
from zhengtu.core.scheduling.checker import faults
from zhengtu.core.scheduling.methods.backward import LateFrom
from zhengtu.core.scheduling.plan import Plan, plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import NEVER


def faults_of(plan: Plan, problem: Problem, starts: list[int], finishes: list[int]) -> list[str]:
    ids = [activity.id for activity in problem.activities]
    found = faults(
        problem=problem,
        starts=dict(zip(ids, starts, strict=True)),
        finishes=dict(zip(ids, finishes, strict=True)),
        deadlines=True,
    )
    return [reason.code for reason in found]


@given(problem=plain_problems(), later=st.integers(0, 30))
def test_late_is_never_before_early_where_the_target_can_be_met(problem: Problem, later: int) -> None:
    finish = plan_of(problem).project_finish
    plan = plan_of(problem, target=finish + later)
    assert (plan.late_starts >= plan.early_starts).all()
    assert (plan.late_finishes >= plan.early_finishes).all()
    assert (plan.total_floats >= plan.free_floats).all()
    assert (plan.free_floats >= 0).all()


@given(problem=plain_problems(calendars=False))
def test_a_chain_without_float_leads_from_start_to_finish(problem: Problem) -> None:
    plan = plan_of(problem)
    last = max(plan.rows(), key=lambda row: row.early_finish)
    chain = plan.driving_chain(last.id)
    assert all(plan.of(name).total_float == 0 and plan.of(name).critical for name in chain)
    assert plan.of(chain[0]).early_start == problem.start


@given(problem=plain_problems())
def test_early_and_late_schedules_both_pass_the_checker(problem: Problem) -> None:
    """The late schedule of a plan's own finish is a schedule as good as the early one."""
    plan = plan_of(problem)
    assert faults_of(plan, problem, plan.early_starts.tolist(), plan.early_finishes.tolist()) == []
    assert faults_of(plan, problem, plan.late_starts.tolist(), plan.late_finishes.tolist()) == []


@given(problem=plain_problems())
def test_counting_back_from_the_finish_and_forward_again_gives_the_same_plan(problem: Problem) -> None:
    """Late starts as start limits move nothing beyond themselves, and leave no float."""
    late = plan_of(problem)
    held = [
        replace(activity, not_earlier=int(start))
        for activity, start in zip(problem.activities, late.late_starts, strict=True)
    ]
    again = plan_of(replace(problem, activities=held))
    assert again.early_starts.tolist() == late.late_starts.tolist()
    assert again.project_finish == late.project_finish
    assert again.total_floats.tolist() == [0] * len(held)


@given(problem=plain_problems())
def test_one_tick_sooner_and_one_tick_later_are_not_possible(problem: Problem) -> None:
    """Early is the least schedule and late the greatest: the checker refuses to move any one activity beyond them."""
    plan = plan_of(problem)
    for number, activity in enumerate(problem.activities):
        calendar = CALENDARS.get(activity.calendar)
        for starts, finishes, step in (
            (plan.early_starts.tolist(), plan.early_finishes.tolist(), -1),
            (plan.late_starts.tolist(), plan.late_finishes.tolist(), 1),
        ):
            start = starts[number] + step
            if calendar and activity.duration and not isinstance(calendar, StepTable):
                start = calendar.last_start(start) if step < 0 else calendar.next_working(start)
            starts[number] = start
            finishes[number] = calendar.advance(start, activity.duration) if calendar else start + activity.duration
            beyond = step > 0 and finishes[number] > plan.project_finish
            assert beyond or faults_of(plan, problem, starts, finishes)


@given(problem=limited_problems(), data=st.data())
def test_adding_a_link_never_shortens(problem: Problem, data: st.DataObject) -> None:
    plan = plan_of(problem)
    count = len(problem.activities)
    if count < 2:
        return
    before = data.draw(st.integers(0, count - 2))
    after = data.draw(st.integers(before + 1, count - 1))
    link = Link(f"A{before}", f"A{after}", data.draw(st.sampled_from(LinkKind)), data.draw(st.integers(-3, 5)), "week")
    more = plan_of(replace(problem, links=[*problem.links, link]))
    assert (more.early_starts >= plan.early_starts).all()
    assert (more.early_finishes >= plan.early_finishes).all()


@given(problem=plain_problems(), data=st.data())
def test_lengthening_never_shortens(problem: Problem, data: st.DataObject) -> None:
    """Where links hold starts. Work that a link holds by its finish starts sooner when it is longer, see below."""
    to_starts = [link for link in problem.links if link.kind in (LinkKind.FINISH_START, LinkKind.START_START)]
    problem = replace(problem, links=to_starts)
    plan = plan_of(problem)
    number = data.draw(st.integers(0, len(problem.activities) - 1))
    longer = replace(problem.activities[number], duration=problem.activities[number].duration + 1)
    activities = [*problem.activities[:number], longer, *problem.activities[number + 1 :]]
    assert (plan_of(replace(problem, activities=activities)).early_finishes >= plan.early_finishes).all()


def test_the_known_exception_that_longer_work_held_by_its_finish_starts_sooner() -> None:
    """Wiest, Precedence diagramming method: some unusual characteristics, 1981."""
    links = [Link("A", "B", LinkKind.FINISH_FINISH), Link("B", "C", LinkKind.START_START)]
    short, long = (
        Problem(activities=[Activity("A", 9), Activity("B", days), Activity("C", 4)], links=links) for days in (2, 6)
    )
    assert (plan_of(short).project_finish, plan_of(long).project_finish) == (11, 9)


@given(problem=limited_problems())
def test_a_plan_with_limits_and_actual_dates_breaks_only_what_it_says(problem: Problem) -> None:
    plan = plan_of(problem)
    codes = set(faults_of(plan, problem, plan.starts.tolist(), plan.finishes.tolist()))
    missed = any(
        finish > latest and activity.finished is None
        for activity, finish, latest in zip(problem.activities, plan.finishes, plan.network.latest, strict=True)
    )
    assert ("scheduling.check.too_late" in codes) == missed
    assert not codes - {"scheduling.check.too_late", "scheduling.check.link", "scheduling.check.fixed"}
    assert ("scheduling.check.link" in codes) == bool(plan.early.broken)
    for row, activity in zip(plan.rows(), problem.activities, strict=True):
        if activity.finished is not None:
            assert (row.finish, row.total_float, row.free_float) == (activity.finished, 0, 0)
        if activity.started is not None:
            assert row.start == row.late_start == activity.started


@given(problem=limited_problems())
def test_late_dates_from_deadlines_are_no_sooner_than_with_the_project_finish(problem: Problem) -> None:
    both = plan_of(problem)
    alone = plan_of(problem, late_from=LateFrom.DEADLINES)
    assert (alone.late_finishes >= both.late_finishes).all()
    asked = [(a.deadline, a.not_later, a.fixed_start) for a in problem.activities]
    if all(limits == (None, None, None) for limits in asked):
        assert all(
            finish >= NEVER or activity.finished is not None
            for finish, activity in zip(alone.late_finishes, problem.activities, strict=True)
        )


@given(problem=plain_problems(most=6), data=st.data())
@settings(max_examples=50)
def test_waiting_on_purpose_delays_nothing(problem: Problem, data: st.DataObject) -> None:
    waiting = [replace(activity, as_late_as_possible=data.draw(st.booleans())) for activity in problem.activities]
    held = replace(problem, activities=waiting)
    plan = plan_of(held)
    assert faults_of(plan, held, plan.starts.tolist(), plan.finishes.tolist()) == []
    assert plan.project_finish == plan_of(problem).project_finish
    for row, activity in zip(plan.rows(), waiting, strict=True):
        assert row.start >= row.early_start
        assert activity.as_late_as_possible or row.start == row.early_start


@given(problem=limited_problems(), data=st.data())
def test_activities_in_any_order_give_the_same_plan(problem: Problem, data: st.DataObject) -> None:
    """Passes walk through a copy in working order; every row and every driving date comes back where it belongs."""
    mixed = replace(problem, activities=data.draw(st.permutations(problem.activities)))
    one, other = plan_of(problem), plan_of(mixed)
    for activity in problem.activities:
        assert one.of(activity.id) == other.of(activity.id)
        assert one.driver(activity.id) == other.driver(activity.id)
        assert one.late_driver(activity.id) == other.late_driver(activity.id)


def test_activities_in_any_order_give_the_same_dates() -> None:
    activities = [Activity(name, 2, "week") for name in "ABCD"]
    links = [Link("A", "C"), Link("B", "C"), Link("C", "D", LinkKind.START_START, 1, "week")]
    one = plan_of(Problem(activities=activities, links=links, calendars=CALENDARS))
    other = plan_of(Problem(activities=activities[::-1], links=links, calendars=CALENDARS))
    assert [one.of(name) for name in "ABCD"] == [other.of(name) for name in "ABCD"]
