"""Plans that cannot be computed are refused here, each with what is wrong by name, all faults at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.network import Network, circle_in, network_of
from zhengtu.core.scheduling.problem import Activity, Problem
from zhengtu.core.scheduling.step_table import StepTable
from zhengtu.core.scheduling.working_time import NEVER

MOST_REASONS = 50
"""So many faults are named at once; the rest is for the next attempt."""


def check(problem: Problem) -> Network:
    """The problem as numbered arrays, if it can be computed.

    Raises:
        Refused: ids twice, links to nothing or to themselves or in a circle, unknown or empty calendars, negative
            durations, finishes before starts, limits that contradict each other, resources that do not suffice.
    """
    try:
        network = network_of(problem)
    except KeyError:
        _refuse(_wrong_names(problem))
        raise
    if network.in_circle or len(network.index) < len(problem.activities):
        _refuse(_wrong_names(problem))
        _refuse([_circle(circle_in(network))])
    wrong = [_wrong_resources(problem), _wrong_calendars(network), _wrong_activities(network)]
    _refuse([reason for found in (*wrong, _wrong_lags(problem), _wrong_demands(problem)) for reason in found])
    return network


def _refuse(reasons: Iterator[Reason] | list[Reason]) -> None:
    found = [reason for reason, _ in zip(reasons, range(MOST_REASONS), strict=False)]
    if found:
        raise Refused(*found)


def _reason(code: str, message: str, remedy: str = "", **parameters: object) -> Reason:
    return Reason(code=f"scheduling.{code}", message=message, parameters=parameters, remedy=remedy)


def _wrong_names(problem: Problem) -> Iterator[Reason]:
    ids = {activity.id for activity in problem.activities}
    if len(ids) < len(problem.activities):
        for name, times in Counter(activity.id for activity in problem.activities).items():
            if times > 1:
                message = N_("Activity %(activity)s is there %(times)s times.")
                yield _reason("duplicate", message, activity=name, times=times)
    known = {"", *problem.calendars}
    for activity in problem.activities:
        if activity.calendar not in known:
            yield _unknown_calendar(activity.id, activity.calendar)
    for link in problem.links:
        before, after = link.before, link.after
        if before not in ids or after not in ids:
            yield _reason(
                "link.missing",
                N_("The link from %(before)s to %(after)s names %(missing)s, which does not exist."),
                N_("Add the activity, or remove the link."),
                before=before, after=after, missing=after if before in ids else before,
            )
        elif before == after:
            yield _reason("link.self", N_("%(activity)s is linked to itself."), N_("Remove the link."), activity=before)
        elif link.lag_calendar not in known:
            yield _unknown_calendar(f"{before} → {after}", link.lag_calendar)


def _wrong_resources(problem: Problem) -> Iterator[Reason]:
    for resource in problem.resources:
        if resource.calendar and resource.calendar not in problem.calendars:
            yield _unknown_calendar(resource.id, resource.calendar)


def _unknown_calendar(user: str, calendar: str) -> Reason:
    return _reason(
        "calendar.unknown",
        N_("%(user)s uses calendar “%(calendar)s”, which does not exist."),
        user=user, calendar=calendar,
    )


def _circle(circle: list[str]) -> Reason:
    return _reason(
        "circle",
        N_("Links run in a circle: %(circle)s."),
        N_("Remove one of these links."),
        circle=" → ".join([*circle, circle[0]]),
    )


def _wrong_calendars(network: Network) -> Iterator[Reason]:
    problem = network.problem
    used = {activity.calendar for activity in problem.activities if activity.duration > 0}
    used |= {link.lag_calendar for link in problem.links if link.lag}
    begins = dict.fromkeys(used, problem.start)
    for activity in problem.activities:
        started = activity.started
        if started is not None and activity.finished is None and started < begins.get(activity.calendar, -NEVER):
            begins[activity.calendar] = started
    for name in sorted(used - {""}):
        calendar = problem.calendars[name]
        if not calendar.has_work:
            yield _reason(
                "calendar.empty",
                N_("Calendar “%(calendar)s” has no working time."),
                N_("Give it working days."),
                calendar=name,
            )
        elif calendar.begins > begins[name]:
            yield _reason(
                "calendar.begins",
                N_("Calendar “%(calendar)s” begins at %(begins)s, after the work that it is for (%(work)s)."),
                N_("Begin the calendar sooner."),
                calendar=name, begins=calendar.begins, work=begins[name],
            )


def _wrong_activities(network: Network) -> Iterator[Reason]:
    for activity in network.problem.activities:
        if activity.duration < 0 or (activity.remaining or 0) < 0:
            yield _reason("duration", N_("%(activity)s has a negative duration."), activity=activity.id)
        elif activity.started is not None or activity.finished is not None:
            yield from _wrong_actuals(activity, network.problem.start)
        elif activity.fixed_start is not None or activity.not_later is not None:
            yield from _wrong_limits(activity, network)


def _wrong_actuals(activity: Activity, start: int) -> Iterator[Reason]:
    started, finished = activity.started, activity.finished
    if started is not None and finished is not None and finished < started:
        yield _reason(
            "finished_before_started",
            N_("%(activity)s finished at %(finished)s, before it started at %(started)s."),
            N_("Correct one of the two dates."),
            activity=activity.id, finished=finished, started=started,
        )
    # What finishes on the plan's own tick has the next one as its finish.
    last = started if finished is None else finished - 1
    if last is not None and last > start:
        yield _reason(
            "actual_ahead",
            N_("%(activity)s has an actual date of %(actual)s, after the plan's own day %(start)s."),
            N_("What has not happened yet is planned, not recorded."),
            activity=activity.id, actual=last, start=start,
        )


def _wrong_limits(activity: Activity, network: Network) -> Iterator[Reason]:
    """Limits that contradict each other whatever the day is; one that time has overtaken only makes float negative."""
    earliest, fixed, last = activity.not_earlier, activity.fixed_start, activity.not_later
    if fixed is not None and earliest is not None and fixed < earliest:
        yield _reason(
            "fixed_too_early",
            N_("%(activity)s has the fixed start %(fixed)s, but cannot start before %(earliest)s."),
            N_("Move the fixed start, or lift the other limit."),
            activity=activity.id, fixed=fixed, earliest=earliest,
        )
    begin = earliest if fixed is None else fixed
    if begin is None or last is None:
        return
    calendar = network.calendars[network.calendar_of[network.index[activity.id]]]
    finish = calendar.advance_one(begin, activity.duration)
    if finish > last:
        yield _reason(
            "limit_impossible",
            N_("%(activity)s must finish by %(last)s, but its own start limit and duration lead to %(finish)s."),
            N_("Move one of the two limits, or shorten the work."),
            activity=activity.id, last=last, finish=finish,
        )


def _wrong_lags(problem: Problem) -> Iterator[Reason]:
    tables = {name for name, calendar in problem.calendars.items() if isinstance(calendar, StepTable)}
    for link in problem.links:
        if link.lag < 0 and link.lag_calendar in tables:
            yield _reason(
                "lag",
                N_("The lag from %(before)s to %(after)s counts steps of “%(calendar)s” backwards: no meaning."),
                before=link.before, after=link.after, calendar=link.lag_calendar,
            )


def _wrong_demands(problem: Problem) -> Iterator[Reason]:
    capacity = {resource.id: resource.capacity for resource in problem.resources}
    for activity in problem.activities:
        if not activity.demands:
            continue
        for name, amount in activity.demands.items():
            if amount < 0 or amount > capacity.get(name, 0):
                yield _reason(
                    "demand",
                    N_("%(activity)s needs %(amount)s of %(resource)s, of which there is %(capacity)s."),
                    N_("Give the resource more, or ask for less."),
                    activity=activity.id, amount=amount, resource=name, capacity=capacity.get(name, 0),
                )
