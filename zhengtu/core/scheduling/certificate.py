"""Why a target cannot be met: the chain with the fewest lines whose lengths add up beyond it.

A chain begins with a limit (the problem's start, an own limit, an actual date) and goes on line by line, activity or
link, each from the tick where the one before it ended. It proves on its own that its last activity cannot keep the
target, whatever else is in the plan. `verify_certificate` follows it with nothing but the problem and its calendars.
Chains are found in `chain_search`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem
from zhengtu.core.scheduling.working_time import EVERY_TICK, Calendar


class LineKind(StrEnum):
    """What one line of a chain is."""

    LIMIT = "limit"
    ACTIVITY = "activity"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a limit at a tick, an activity's work, or a link.

    Attributes:
        activity: the activity that is limited or worked on; of a link: the one that waits.
        first, last: ticks; equal for a limit.
        link: the link of a LINK line. Plain finish-to-start links without lag have no line of their own.
    """

    kind: LineKind
    activity: str
    first: int
    last: int
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An activity must finish (or start, where ``at_start``) by a tick."""

    activity: str
    tick: int
    at_start: bool = False


@dataclass(frozen=True, slots=True)
class Certificate:
    """A chain that proves that a target cannot be met.

    Attributes:
        lines: from a limit to the target's activity.
        reached: the tick that the chain leads to; always beyond ``target.tick``.
        fewest: whether no chain with fewer lines proves it; False only where the search gave up.
    """

    target: Target
    lines: tuple[Line, ...]
    reached: int
    fewest: bool = True


def verify_certificate(*, problem: Problem, certificate: Certificate) -> bool:
    """Whether the chain follows from the problem line by line and leads beyond its target."""
    return _Walk(problem).leads_to(certificate)


class _Walk:
    """Follows a chain: at which activity's start or finish it stands, and at which tick that must be at the least."""

    def __init__(self, problem: Problem) -> None:
        self._activities: Mapping[str, Activity] = {activity.id: activity for activity in problem.activities}
        self._links = {
            (link.before, link.after, link.kind, link.lag, link.lag_calendar if link.lag else "")
            for link in problem.links
        }
        self._calendars: Mapping[str, Calendar] = {"": EVERY_TICK, **problem.calendars}
        self._start = problem.start
        self._target = Target("", 0)
        self._at, self._tick = "", 0
        self._ends: frozenset[str] = frozenset()

    def leads_to(self, certificate: Certificate) -> bool:
        """Whether each line follows from the one before it, and the last one overshoots."""
        self._target, lines = certificate.target, certificate.lines
        activity = self._activities.get(self._target.activity)
        if activity is None or (self._target.at_start and activity.fixed_start != self._target.tick):
            return False
        if not lines or not all(self._follow(line, is_first=number == 0) for number, line in enumerate(lines)):
            return False
        arrives = self._go_on(activity.id, "start" if self._target.at_start else "finish")
        return arrives and self._tick == certificate.reached > self._target.tick

    def _follow(self, line: Line, *, is_first: bool) -> bool:
        if line.activity not in self._activities or (line.kind is LineKind.LIMIT) != is_first:
            return False
        match line.kind:
            case LineKind.LIMIT:
                return line.first == line.last and self._from_limit(self._activities[line.activity], line.first)
            case LineKind.ACTIVITY:
                return self._through(self._activities[line.activity], line)
            case _:
                return line.link is not None and self._over(line.link, line)

    def _from_limit(self, activity: Activity, tick: int) -> bool:
        ends = {"start"} if tick in self._starts(activity) else set()
        if activity.finished is not None and tick == activity.finished:
            ends.add("finish")
        self._at, self._tick, self._ends = activity.id, tick, frozenset(ends)
        return bool(ends)

    def _starts(self, activity: Activity) -> set[int | None]:
        """Ticks before which an activity did not or will not start, links aside."""
        if activity.started is not None or activity.finished is not None:
            return {activity.finished if activity.started is None else activity.started}
        return {self._start, activity.not_earlier, activity.fixed_start} - {None}

    def _through(self, activity: Activity, line: Line) -> bool:
        if activity.finished is not None or not self._go_on(activity.id, "start"):
            return False
        calendar, amount, first = self._calendars[activity.calendar], activity.duration, self._tick
        if activity.started is not None and activity.remaining is not None:
            amount, first = activity.remaining, max(first, self._start)
        last = calendar.advance_one(first, amount)
        if activity.started is not None:
            last = max(last, self._start)
        self._tick, self._ends = last, frozenset({"finish"})
        return (line.first, line.last) == (first, last)

    def _over(self, link: Link, line: Line) -> bool:
        key = (link.before, link.after, link.kind, link.lag, link.lag_calendar if link.lag else "")
        if key not in self._links or link.after != line.activity:
            return False
        leaves = "finish" if link.kind in (LinkKind.FINISH_START, LinkKind.FINISH_FINISH) else "start"
        enters = "start" if link.kind in (LinkKind.FINISH_START, LinkKind.START_START) else "finish"
        if not self._go_on(link.before, leaves) or not self._may_enter(link.after, enters):
            return False
        calendar, first = self._calendars[link.lag_calendar], self._tick
        last = calendar.advance_one(first, link.lag) if link.lag >= 0 else calendar.retreat_one(first, -link.lag)
        self._at, self._tick, self._ends = link.after, last, frozenset({enters})
        return (line.first, line.last) == (first, last)

    def _may_enter(self, name: str, end: str) -> bool:
        """What is over waits for nothing; what is under way only with its finish; what is fixed only as the target."""
        activity = self._activities[name]
        if activity.finished is not None or (activity.started is not None and end == "start"):
            return False
        return self._is_free(activity) or activity.started is not None or self._is_target(name)

    def _is_target(self, name: str) -> bool:
        return self._target.at_start and self._target.activity == name

    def _is_free(self, activity: Activity) -> bool:
        """Not begun, and not held by a fixed start that is still to come."""
        if activity.started is not None or activity.finished is not None:
            return False
        return activity.fixed_start is None or activity.fixed_start < self._start

    def _go_on(self, name: str, end: str) -> bool:
        """Steps that have no line: over a plain link, back from a finish that a link forces, on to worked time."""
        if self._at != name:
            plain = (self._at, name, LinkKind.FINISH_START, 0, "") in self._links
            if not plain or "finish" not in self._ends or not self._may_enter(name, "start"):
                return False
            self._at, self._ends = name, frozenset({"start"})
        activity = self._activities[name]
        calendar = self._calendars[activity.calendar]
        if end not in self._ends:
            if end != "start" or not (self._is_free(activity) or self._is_target(name)):
                return False
            self._tick = calendar.retreat_one(self._tick - 1, activity.duration) + 1
            self._ends = frozenset({"start"})
        if end == "start" and self._is_free(activity) and activity.duration:
            self._tick = calendar.next_working_one(self._tick)
        return True
