"""From simulated courses to answers: lawful floors, fans, what stands behind them, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from zhengtu.core.forecast.cohort import STAGES, Cohort, Ints
from zhengtu.core.forecast.fitting import Fitted
from zhengtu.core.forecast.history import GOAL_LABELS, NOT_YET, Goal
from zhengtu.core.forecast.outlook import Basis, FanWeek, Forecast
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.forecast.simulation import WEEK_DAYS, GroupCourses
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

FAN_SHARES: Final = (0.1, 0.5, 0.9)
_GOALS: Final = tuple(Goal)
_WEAKEST_FIRST: Final[tuple[Basis, ...]] = ("none", "throughput", "pooled", "own", "done")

Key = tuple[str, Goal]
"""Subject and goal."""


@dataclass(frozen=True, slots=True)
class Part:
    """One group on its way to one goal.

    Attributes:
        completion: ordinal by course, ``NOT_YET`` beyond the horizon; None where nothing can be said.
        counts: how many are there by the end of each step, shape (courses, steps); None likewise.
        total, open: households (of a handover: 1, and whether it is open).
        finished_on: ordinal on which the last one was there, where none is open.
    """

    place: int
    goal: Goal
    completion: Ints | None
    counts: Ints | None
    total: int
    open: int
    finished_on: int


@dataclass(slots=True)
class Parts:
    """Groups on their way to one goal, summed up in every course."""

    completion: Ints | None = None
    counts: Ints | None = None
    total: int = 0
    open: int = 0
    events: int = 0
    weeks: int = 0
    groups: int = 0
    finished_on: int = 0
    bases: set[Basis] = field(default_factory=set)
    silent: list[Forecast] = field(default_factory=list)

    def add(self, part: Part, forecast: Forecast) -> None:
        """Count one group in, of which that forecast was made."""
        self.groups += 1
        self.total += part.total
        self.open += part.open
        self.events += forecast.events
        self.weeks = max(self.weeks, forecast.weeks_observed)
        self.bases.add(forecast.basis)
        if part.completion is None or part.counts is None:
            self.silent.append(forecast)
            return
        if part.open == 0:
            self.finished_on = max(self.finished_on, part.finished_on)
        self.completion = part.completion if self.completion is None else np.maximum(self.completion, part.completion)
        self.counts = part.counts.copy() if self.counts is None else self.counts + part.counts


@dataclass(frozen=True, slots=True)
class Assembly:
    """Makes forecasts out of courses.

    Attributes:
        cohort, fitted: what the courses were drawn from.
        today: ordinal of the day of the forecast.
        ends: last days of the steps; the last is the horizon.
        not_before: subject and goal -> the earliest lawful day.
    """

    cohort: Cohort
    fitted: Fitted
    today: int
    ends: Ints
    rules: OutlookRules
    not_before: Mapping[Key, date]

    def part(self, courses: GroupCourses, goal: Goal) -> Part:
        """One group's way to a goal in every course, no earlier than the law allows."""
        place, samples = courses.place, self.rules.samples
        if goal is Goal.HANDED_OVER:
            past = self.cohort.handed_over[place : place + 1]
            coming = None if courses.handed_over is None else courses.handed_over[:, None]
            if past[0] < NOT_YET:
                coming = np.empty((samples, 0), dtype=np.int64)
            past = past[past < NOT_YET]
            total = 1
        else:
            reached = self.cohort.reached[_GOALS.index(goal), self.cohort.group == place]
            past, total = reached[reached < NOT_YET], len(reached)
            coming = courses.days[_GOALS.index(goal)]
        still = total - len(past)
        finished_on = int(past.max(initial=0))
        if coming is None or total == 0:
            return Part(place, goal, None, None, total, still, finished_on)
        completion = np.maximum(coming.max(axis=1, initial=0), finished_on)
        counts = len(past) + _counted(coming, self.ends)
        if still:
            completion, counts = self._floored(self.cohort.codes[place], goal, completion, counts, total=total)
        return Part(place, goal, completion, counts, total, still, finished_on)

    def _floored(
        self, subject: str, goal: Goal, completion: Ints, counts: Ints, *, total: int
    ) -> tuple[Ints, Ints]:
        floors = [self.not_before.get((subject, one)) for one in _GOALS[: _GOALS.index(goal) + 1]]
        floor = max((day.toordinal() for day in floors if day is not None), default=0)
        completion = np.maximum(completion, floor)
        completion = np.where(completion > self.ends[-1], NOT_YET, completion)
        before = self.ends < floor
        return completion, np.where(before, np.minimum(counts, total - 1), counts)

    def of_group(self, part: Part) -> Forecast:
        """The forecast of one group."""
        place = part.place
        events = int(self.cohort.sizes[place] - self.cohort.open_counts(0)[place])
        started = int(self.cohort.started[place])
        weeks = max(0, (self.today - started) // WEEK_DAYS) if started < NOT_YET else 0
        basis: Basis = "none"
        if part.open == 0 and part.total:
            basis = "done"
        elif part.completion is not None and self.fitted.basis == "throughput":
            basis = "throughput"
        elif part.completion is not None:
            is_own = events >= self.rules.own_events and weeks >= self.rules.own_weeks
            basis = "own" if is_own else "pooled"
        reasons = self._silence(part) if basis == "none" else self._behind(basis, events, weeks)
        return self._forecast(
            self.cohort.codes[place], part.goal, basis, part, events=events, weeks=weeks, reasons=reasons
        )

    def of_parts(self, subject: str, goal: Goal, parts: Parts) -> Forecast:
        """The forecast of a project or of another set of groups: weakest where its weakest open group is."""
        basis: Basis = min(parts.bases, key=_WEAKEST_FIRST.index)
        completion, counts, reasons = parts.completion, parts.counts, self._behind(basis, parts.events, parts.weeks)
        if parts.silent:
            completion = counts = None
            reasons = [_some_silent(parts), *parts.silent[0].reasons]
        elif parts.open and completion is not None and counts is not None:
            completion, counts = self._floored(subject, goal, completion, counts, total=parts.total)
        whole = Part(-1, goal, completion, counts, parts.total, parts.open, parts.finished_on)
        return self._forecast(subject, goal, basis, whole, events=parts.events, weeks=parts.weeks, reasons=reasons)

    def _forecast(
        self, subject: str, goal: Goal, basis: Basis, part: Part, *, events: int, weeks: int, reasons: Sequence[Reason]
    ) -> Forecast:
        days: tuple[int, ...] = ()
        samples = 0
        fan: tuple[FanWeek, ...] = ()
        if basis == "done":
            days, samples = (part.finished_on,), 1
        elif basis != "none" and part.completion is not None and part.counts is not None:
            within = np.sort(part.completion[part.completion < NOT_YET])
            days, samples = tuple(within.tolist()), len(part.completion)
            fan = _fan(part.counts, self.ends, total=part.total)
        return Forecast(
            subject=subject, goal=goal, on=date.fromordinal(self.today), basis=basis, events=events, open=part.open,
            weeks_observed=weeks, horizon_on=date.fromordinal(int(self.ends[-1])), completion_days=days,
            samples=samples, fan=fan, reasons=tuple(reasons),
        )

    def _behind(self, basis: Basis, events: int, weeks: int) -> list[Reason]:
        if basis == "done":
            return []
        reasons = [Reason(
            code="forecast.behind",
            message=N_(
                "Behind it: %(events)s agreements or decisions of its own in %(weeks)s weeks; %(pool_events)s in "
                "%(pool_groups)s sections altogether."
            ),
            parameters={
                "events": events, "weeks": weeks, "pool_events": self.fitted.pool_events,
                "pool_groups": self.fitted.pool_groups,
            },
        )]
        if basis == "pooled":
            reasons.append(Reason(
                code="forecast.pooled",
                message=N_("A history of its own is short or missing: it is taken to go as the other sections went."),
            ))
        return [*reasons, *self.fitted.reasons]

    def _silence(self, part: Part) -> list[Reason]:
        """Why nothing is said of a group, the first cause on its way."""
        if part.total == 0:
            return [Reason(code="forecast.no_households", message=N_("No household is in the register."))]
        if self.fitted.basis == "none":
            return list(self.fitted.reasons)
        place = part.place
        if self.cohort.started[place] == NOT_YET:
            return [Reason(
                code="forecast.not_begun",
                message=N_("Not enough data: signing has not begun, and no day is planned for it."),
            )]
        if self.fitted.opening is None and self.cohort.opened[place] == NOT_YET:
            return [Reason(
                code="forecast.few_openings",
                message=N_(
                    "Not enough data: nobody has signed, and fewer than %(least)s sections show how long that takes."
                ),
                parameters={"least": self.rules.handovers},
            )]
        if part.goal is not Goal.SETTLED and self.cohort.awaits[place] and self.cohort.payable_from[place] == NOT_YET:
            return [Reason(
                code="forecast.not_payable",
                message=N_(
                    "Compensation is paid only after the expropriation is announced, and no day is known for that."
                ),
            )]
        missing = next(
            (stage for stage in range(1, _GOALS.index(part.goal) + 1) if self.fitted.stages[stage] is None), 1
        )
        least = self.rules.lag_events if missing < STAGES else self.rules.handovers
        return [Reason(
            code="forecast.few_before_goal",
            message=N_("Not enough data: fewer than %(least)s cases show how long it takes until: %(goal)s."),
            parameters={"least": least, "goal": f"label:{GOAL_LABELS[_GOALS[missing]]}"},
        )]


def _some_silent(parts: Parts) -> Reason:
    return Reason(
        code="forecast.some_silent",
        message=N_("%(silent)s of %(groups)s sections cannot be forecast, the first of them %(code)s:"),
        parameters={"silent": len(parts.silent), "groups": parts.groups, "code": parts.silent[0].subject},
    )


def _counted(days: Ints, ends: Ints) -> Ints:
    """How many of each course's days have come by the end of each step: shape (courses, steps)."""
    samples, steps = len(days), len(ends)
    place = np.searchsorted(ends, days, side="left")
    flat = np.bincount((np.arange(samples)[:, None] * (steps + 1) + place).ravel(), minlength=samples * (steps + 1))
    return np.cumsum(flat.reshape(samples, steps + 1)[:, :steps], axis=1)


def _fan(counts: Ints, ends: Ints, *, total: int) -> tuple[FanWeek, ...]:
    """Low, median and high counts by step, up to the step at which even the low ones are all there."""
    places = [int(share * (len(counts) - 1)) for share in FAN_SHARES]
    ordered = np.partition(counts, places, axis=0)
    rows = [ordered[place].tolist() for place in places]
    weeks = []
    for end, low, median, high in zip(ends.tolist(), *rows, strict=True):
        weeks.append(FanWeek(on=date.fromordinal(end), low=low, median=median, high=high))
        if low >= total:
            break
    return tuple(weeks)
