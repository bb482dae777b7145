"""An independent check of a schedule: does it keep every duration, link, lag, calendar, limit, actual and capacity?

It shares nothing with the passes: no numbered arrays, no order, no `advance`. Durations and lags are verified by
counting the worked ticks that lie between two dates. Every plan that anybody shows ought to pass here first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import EVERY_TICK, Calendar

Dates = Mapping[str, int]


def faults(
    *, problem: Problem, starts: Dates, finishes: Dates, deadlines: bool = False, resources: bool = True
) -> list[Reason]:
    """What is wrong with a schedule; empty where it is sound.

    Args:
        starts, finishes: tick of every activity, by id.
        deadlines: also report deadlines that are missed, which a plan may do.
        resources: also report more use of a resource than there is of it. An activity holds what it demands from its
            start to its finish, pauses of its calendar included.
    """
    return list(_faults(problem, starts, finishes, deadlines, resources))


def _faults(
    problem: Problem, starts: Dates, finishes: Dates, deadlines: bool, resources: bool
) -> Iterator[Reason]:
    known = {activity.id: activity for activity in problem.activities}
    absent = [name for name in known if name not in starts or name not in finishes]
    for name in absent:
        yield _fault("absent", N_("%(activity)s has no dates."), activity=name)
    if absent:
        return
    calendars: dict[str, Calendar] = {"": EVERY_TICK, **problem.calendars}
    for activity in problem.activities:
        start, finish = starts[activity.id], finishes[activity.id]
        if activity.started is not None or activity.finished is not None:
            yield from _actual_faults(activity, start, finish, calendars[activity.calendar], problem.start)
        else:
            yield from _work_faults(activity, start, finish, calendars[activity.calendar])
            yield from _limit_faults(activity, start, problem.start)
        if activity.finished is None:
            yield from _finish_faults(activity, finish, deadlines)
    for link in problem.links:
        yield from _link_faults(link, known[link.after], starts, finishes, calendars[link.lag_calendar])
    if resources:
        yield from _resource_faults(problem, starts, finishes)


def _fault(code: str, message: str, **parameters: object) -> Reason:
    return Reason(code=f"scheduling.check.{code}", message=message, parameters=parameters)


def _work_faults(activity: Activity, start: int, finish: int, calendar: Calendar) -> Iterator[Reason]:
    """Start and finish must enclose exactly the duration, and not lie in a pause, but for a start fixed there."""
    if isinstance(calendar, StepTable):
        right = calendar.advance_one(start, activity.duration) == finish
    elif activity.duration == 0:
        right = start == finish
    else:
        right = calendar.between_one(start, finish) == activity.duration
        right = right and calendar.between_one(finish - 1, finish) == 1
        right = right and (start == activity.fixed_start or calendar.between_one(start, start + 1) == 1)
    if not right:
        yield _fault(
            "duration",
            N_("%(activity)s lasts from %(start)s to %(finish)s, which is not its duration of %(duration)s."),
            activity=activity.id, start=start, finish=finish, duration=activity.duration,
        )


def _actual_faults(
    activity: Activity, start: int, finish: int, calendar: Calendar, status: int
) -> Iterator[Reason]:
    """What has happened stays; what is under way has at least its remaining work before it."""
    right = activity.started is None or start == activity.started
    if activity.finished is not None:
        right = right and finish == activity.finished
    elif activity.remaining is not None:
        go_on = max(status, start)
        right = right and finish >= go_on and (
            calendar.advance_one(go_on, activity.remaining) <= finish
            if isinstance(calendar, StepTable)
            else calendar.between_one(go_on, finish) >= activity.remaining
        )
    elif isinstance(calendar, StepTable):
        right = right and finish >= max(status, calendar.advance_one(start, activity.duration))
    else:
        right = right and finish >= status and calendar.between_one(start, finish) >= activity.duration
    if not right:
        yield _fault(
            "actual",
            N_("%(activity)s from %(start)s to %(finish)s is not what has happened and what remains of it."),
            activity=activity.id, start=start, finish=finish,
        )


def _limit_faults(activity: Activity, start: int, problem_start: int) -> Iterator[Reason]:
    least = problem_start if activity.not_earlier is None else max(problem_start, activity.not_earlier)
    if start < least:
        yield _fault(
            "too_early",
            N_("%(activity)s starts at %(start)s, before %(least)s."),
            activity=activity.id, start=start, least=least,
        )
    if activity.fixed_start is not None and start != activity.fixed_start:
        yield _fault(
            "fixed",
            N_("%(activity)s starts at %(start)s instead of its fixed %(fixed)s."),
            activity=activity.id, start=start, fixed=activity.fixed_start,
        )


def _finish_faults(activity: Activity, finish: int, deadlines: bool) -> Iterator[Reason]:
    for limit in (activity.not_later, activity.deadline if deadlines else None):
        if limit is not None and finish > limit:
            yield _fault(
                "too_late",
                N_("%(activity)s is done at %(finish)s, after %(limit)s."),
                activity=activity.id, finish=finish, limit=limit,
            )


def _link_faults(
    link: Link, after: Activity, starts: Dates, finishes: Dates, calendar: Calendar
) -> Iterator[Reason]:
    to_start = link.kind in (LinkKind.FINISH_START, LinkKind.START_START)
    if after.finished is not None or (after.started is not None and to_start):
        return
    first = (finishes if link.kind in (LinkKind.FINISH_START, LinkKind.FINISH_FINISH) else starts)[link.before]
    last = (starts if to_start else finishes)[link.after]
    if not _lag_is_kept(first, last, link.lag, calendar):
        yield _fault(
            "link",
            N_("%(before)s at %(first)s and %(after)s at %(last)s break their link (%(kind)s, lag %(lag)s)."),
            before=link.before, first=first, after=link.after, last=last, kind=link.kind.value, lag=link.lag,
        )


def _lag_is_kept(first: int, last: int, lag: int, calendar: Calendar) -> bool:
    """So many worked ticks lie between; for a lag backwards, fewer than so many lie after ``last`` and before."""
    if last >= first and lag <= 0:
        return True
    if isinstance(calendar, StepTable):
        return calendar.advance_one(first, lag) <= last
    if lag >= 0:
        return last >= first and calendar.between_one(first, last) >= lag
    return calendar.between_one(last + 1, first) < -lag


def _resource_faults(problem: Problem, starts: Dates, finishes: Dates) -> Iterator[Reason]:
    changes: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for activity in problem.activities:
        if activity.finished is None and finishes[activity.id] > starts[activity.id]:
            for name, amount in activity.demands.items():
                changes[name][max(starts[activity.id], problem.start)] += amount
                changes[name][finishes[activity.id]] -= amount
    for resource in problem.resources:
        in_use = 0
        for tick, change in sorted(changes.pop(resource.id, {}).items()):
            in_use += change
            if in_use > resource.capacity:
                yield _fault(
                    "resource",
                    N_("%(resource)s: %(used)s are in use at %(tick)s, of %(capacity)s."),
                    resource=resource.id, used=in_use, tick=tick, capacity=resource.capacity,
                )
                break
    for name in changes:
        yield _fault("resource_unknown", N_("Resource %(resource)s is demanded, but does not exist."), resource=name)
