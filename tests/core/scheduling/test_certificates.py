"""Certificates: what cannot be met is proven by a chain that stands on its own, with as few lines as possible."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.scheduling.networks import CALENDARS, limited_problems
from zhengtu.core.scheduling.certificate import Certificate, Line, LineKind, Target, verify_certificate
from zhengtu.core.scheduling.chain_search import certificate_of, missed_targets
from zhengtu.core.scheduling.plan import plan_of
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem

DECISION = Problem(
    activities=[
        Activity("decide", 5, "week"),
        Activity("serve", 2, "week"),
        Activity("appeal", 60),
        Activity("survey", 3, "week"),
        Activity("court", 20, "week"),
        Activity("hand over", 0, deadline=100),
    ],
    links=[
        Link("decide", "serve"),
        Link("survey", "serve"),
        Link("serve", "appeal"),
        Link("appeal", "court", LinkKind.FINISH_START, 15),
        Link("court", "hand over"),
    ],
    calendars=CALENDARS,
)


def lines(certificate: Certificate | None) -> list[tuple[str, str, int, int]]:
    assert certificate is not None
    return [(line.kind.value, line.activity, line.first, line.last) for line in certificate.lines]


def test_the_chain_that_breaks_a_deadline() -> None:
    """Of a plan that misses by ten ticks: no need to start with the decision itself; the period and court suffice."""
    certificate = certificate_of(problem=DECISION, target=Target("hand over", 100))
    assert lines(certificate) == [
        ("limit", "appeal", 0, 0),
        ("activity", "appeal", 0, 60),
        ("link", "court", 60, 75),
        ("activity", "court", 77, 103),
        ("activity", "hand over", 103, 103),
    ]
    assert certificate is not None
    assert verify_certificate(problem=DECISION, certificate=certificate)


def test_a_later_target_needs_more_of_the_chain() -> None:
    certificate = certificate_of(problem=DECISION, target=Target("hand over", 105))
    names = [line[1] for line in lines(certificate)]
    assert names == ["decide", "decide", "serve", "appeal", "court", "court", "hand over"]
    assert certificate_of(problem=DECISION, target=Target("hand over", 110)) is None


def test_a_broken_fixed_start_has_its_chain() -> None:
    problem = Problem(
        activities=[Activity("A", 4), Activity("B", 3, fixed_start=2), Activity("C", 9, fixed_start=1)],
        links=[Link("A", "B"), Link("A", "C", LinkKind.FINISH_FINISH, 7)],
    )
    targets = missed_targets(plan_of(problem).network, plan_of(problem).early)
    assert targets == [Target("B", 2, at_start=True), Target("C", 1, at_start=True)]
    certificates = [certificate_of(problem=problem, target=target) for target in targets]
    assert lines(certificates[0]) == [("limit", "A", 0, 0), ("activity", "A", 0, 4)]
    assert lines(certificates[1]) == [("limit", "A", 0, 0), ("activity", "A", 0, 4), ("link", "C", 4, 11)]
    assert [certificate.reached for certificate in certificates if certificate] == [4, 2]


def test_what_has_happened_begins_a_chain() -> None:
    problem = Problem(
        activities=[
            Activity("A", 5, started=0, finished=9),
            Activity("B", 6, started=4, remaining=8),
            Activity("C", 2, deadline=20),
        ],
        links=[Link("A", "C", lag=10), Link("B", "C")],
        start=10,
    )
    assert lines(certificate_of(problem=problem, target=Target("C", 20))) == [
        ("limit", "A", 9, 9),
        ("link", "C", 9, 19),
        ("activity", "C", 19, 21),
    ]
    alone = replace(problem, links=[Link("B", "C")])
    assert lines(certificate_of(problem=alone, target=Target("C", 19))) == [
        ("limit", "B", 4, 4),
        ("activity", "B", 10, 18),
        ("activity", "C", 18, 20),
    ]


@given(problem=limited_problems(), data=st.data())
def test_a_chain_exists_exactly_where_the_target_is_missed(problem: Problem, data: st.DataObject) -> None:
    """For every free target: missed and proven by a chain that an independent walk accepts, or met and none."""
    plan = plan_of(problem)
    activity = data.draw(st.sampled_from(problem.activities))
    row = plan.of(activity.id)
    target = Target(activity.id, row.early_finish + data.draw(st.integers(-20, 3)))
    assume(activity.finished is None)
    certificate = certificate_of(problem=problem, target=target)
    assert (certificate is not None) == (row.early_finish > target.tick)
    if certificate is not None:
        assert certificate.fewest
        assert target.tick < certificate.reached <= row.early_finish
        assert verify_certificate(problem=problem, certificate=certificate)


@given(problem=limited_problems())
def test_every_miss_of_a_plan_is_proven(problem: Problem) -> None:
    plan = plan_of(problem)
    for target in missed_targets(plan.network, plan.early):
        certificate = certificate_of(problem=problem, target=target)
        assert certificate is not None
        assert verify_certificate(problem=problem, certificate=certificate)


@given(problem=limited_problems(most=5), data=st.data())
def test_no_chain_with_fewer_lines_proves_it(problem: Problem, data: st.DataObject) -> None:
    """Against every chain that can be put together from limits, activities and links of a small plan."""
    plan = plan_of(problem)
    activity = data.draw(st.sampled_from(problem.activities))
    assume(activity.finished is None)
    target = Target(activity.id, plan.of(activity.id).early_finish - data.draw(st.integers(1, 20)))
    certificate = certificate_of(problem=problem, target=target)
    assert certificate is not None
    assert len(certificate.lines) <= min(_proofs(problem, target, len(certificate.lines)), default=99)


def _proofs(problem: Problem, target: Target, most: int) -> list[int]:
    """Lengths of all chains of fewer than ``most`` lines that lead beyond the target, by trying every sequence."""
    steps: list[str | Link] = [activity.id for activity in problem.activities]
    steps += [link for link in set(problem.links) if link.lag or link.kind is not LinkKind.FINISH_START]
    found = []
    for length in range(1, min(most, 4)):
        for limit, *rest in product(problem.activities, *[steps] * (length - 1)):
            for tick in {problem.start, limit.not_earlier, limit.fixed_start, limit.started, limit.finished} - {None}:
                if _leads(problem, target, limit.id, int(tick or 0), rest):
                    found.append(length)
    return found


def _leads(problem: Problem, target: Target, limit: str, tick: int, steps: list[str | Link]) -> bool:
    """Whether some ticks make this sequence a valid chain: each line's are found by trying, through the walk alone."""
    chain = [Line(LineKind.LIMIT, limit, tick, tick)]
    at = tick
    for step in steps:
        line = _next(problem, at, step)
        if line is None:
            return False
        chain.append(line)
        at = line.last
    return any(
        verify_certificate(problem=problem, certificate=Certificate(target, tuple(chain), reached))
        for reached in range(target.tick + 1, at + 1)
    )


def _next(problem: Problem, at: int, step: str | Link) -> Line | None:
    calendars = problem.calendars
    if isinstance(step, Link):
        before = next(activity for activity in problem.activities if activity.id == step.before)
        calendar = calendars.get(before.calendar)
        leaves_start = step.kind in (LinkKind.START_START, LinkKind.START_FINISH)
        free = before.started is None and before.finished is None and not _is_held(problem, before)
        if leaves_start and free and calendar and before.duration:
            at = calendar.next_working(at)
        lag = calendars.get(step.lag_calendar)
        shifted = at + step.lag
        if lag:
            shifted = lag.advance(at, step.lag) if step.lag >= 0 else lag.retreat(at, -step.lag)
        return Line(LineKind.LINK, step.after, at, shifted, step)
    activity = next(activity for activity in problem.activities if activity.id == step)
    if activity.finished is not None:
        return None
    calendar, work = calendars.get(activity.calendar), activity.duration
    if activity.started is not None:
        if activity.remaining is not None:
            at, work = max(at, problem.start), activity.remaining
    elif not _is_held(problem, activity) and calendar and work:
        at = calendar.next_working(at)
    last = calendar.advance(at, work) if calendar else at + work
    return Line(LineKind.ACTIVITY, activity.id, at, last if activity.started is None else max(last, problem.start))


def _is_held(problem: Problem, activity: Activity) -> bool:
    return activity.fixed_start is not None and activity.fixed_start >= problem.start


def test_a_chain_that_was_tampered_with_is_rejected() -> None:
    certificate = certificate_of(problem=DECISION, target=Target("hand over", 105))
    assert certificate is not None
    chain = certificate.lines
    for number, line in enumerate(chain):
        longer = replace(line, last=line.last + 1)
        for lines_ in ((*chain[:number], *chain[number + 1 :]), (*chain[:number], longer, *chain[number + 1 :])):
            assert not verify_certificate(problem=DECISION, certificate=replace(certificate, lines=lines_))
    assert not verify_certificate(problem=DECISION, certificate=replace(certificate, target=Target("hand over", 115)))
    assert not verify_certificate(problem=DECISION, certificate=replace(certificate, reached=certificate.reached + 1))
    sooner = replace(DECISION, activities=[Activity("decide", 1), *DECISION.activities[1:]])
    assert not verify_certificate(problem=sooner, certificate=certificate)


@given(problem=limited_problems())
def test_where_the_search_gives_up_the_drivers_still_prove_it(problem: Problem) -> None:
    plan = plan_of(problem)
    for target in missed_targets(plan.network, plan.early):
        certificate = certificate_of(problem=problem, target=target, most_labels=-1)
        assert certificate is not None
        assert verify_certificate(problem=problem, certificate=certificate)


def test_a_target_must_name_an_activity() -> None:
    with pytest.raises(KeyError):
        certificate_of(problem=DECISION, target=Target("nobody", 3))
