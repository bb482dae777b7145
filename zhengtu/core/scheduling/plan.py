"""A plan: early and late dates, floats, what is critical, and why each date is what it is.

`plan_of` runs both passes. Columns are numpy arrays in the order of the problem's activities; `Plan.of` is one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zhengtu.core.scheduling.floats import free_floats, planned_dates, total_floats
from zhengtu.core.scheduling.methods.backward import LateDates, LateFrom, late_dates
from zhengtu.core.scheduling.methods.forward import EarlyDates, early_dates
from zhengtu.core.scheduling.network import FINISHED, FIXED, PASSED, STARTED, Network
from zhengtu.core.scheduling.problem import Link, Problem
from zhengtu.core.scheduling.problem_check import check
from zhengtu.core.scheduling.working_time import NEVER, Whole


class DriverKind(StrEnum):
    """What decides a date."""

    LINK = "link"
    PROJECT_START = "project start"
    NOT_EARLIER = "not earlier"
    FIXED_START = "fixed start"
    STARTED = "started"
    FINISHED = "finished"
    TARGET = "target"
    DEADLINE = "deadline"
    NOT_LATER = "not later"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Driver:
    """Why an early start or a late finish is what it is.

    Attributes:
        link: the deciding link where the kind is LINK.
        tick: the limit itself (before a calendar moves it to worked time); of a link: the date of its other end.
    """

    kind: DriverKind
    tick: int
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class ActivityDates:
    """One row of a plan, in ticks; floats in worked ticks of the activity's calendar.

    Attributes:
        start, finish: as planned: early, unless it is to be as late as possible or its start is levelled.
        late_start, late_finish, total_float: None where nothing asks for a date (late dates from deadlines only).
        critical: not over, and without float.
    """

    id: str
    start: int
    finish: int
    early_start: int
    early_finish: int
    late_start: int | None
    late_finish: int | None
    total_float: int | None
    free_float: int
    critical: bool


@dataclass(frozen=True)
class Plan:
    """Dates of all activities, each column in the order of ``problem.activities``.

    Attributes:
        starts, finishes: as planned.
        early_starts, early_finishes: the earliest by links, limits and calendars.
        late_starts, late_finishes, total_floats: NEVER where nothing asks for a date.
        target: what late dates count back from where there is no deadline; None with `LateFrom.DEADLINES`.
    """

    problem: Problem
    network: Network
    starts: Whole
    finishes: Whole
    early_starts: Whole
    early_finishes: Whole
    late_starts: Whole
    late_finishes: Whole
    total_floats: Whole
    free_floats: Whole
    critical: NDArray[np.bool_]
    target: int | None
    early: EarlyDates
    late: LateDates

    @cached_property
    def project_finish(self) -> int:
        """When everything planned is done; the problem's start where there is nothing."""
        return int(self.finishes.max(initial=self.problem.start))

    def of(self, activity: str) -> ActivityDates:
        """One activity's row.

        Raises:
            KeyError: no such activity.
        """
        return self._row(self.network.index[activity])

    def rows(self) -> Iterator[ActivityDates]:
        """All rows, in the problem's order."""
        return map(self._row, range(self.network.count))

    def _row(self, number: int) -> ActivityDates:
        total = int(self.total_floats[number])
        late_start, late_finish = int(self.late_starts[number]), int(self.late_finishes[number])
        return ActivityDates(
            id=self.problem.activities[number].id,
            start=int(self.starts[number]),
            finish=int(self.finishes[number]),
            early_start=int(self.early_starts[number]),
            early_finish=int(self.early_finishes[number]),
            late_start=None if late_start >= NEVER else late_start,
            late_finish=None if late_finish >= NEVER else late_finish,
            total_float=None if total >= NEVER else total,
            free_float=int(self.free_floats[number]),
            critical=bool(self.critical[number]),
        )

    def driver(self, activity: str) -> Driver:
        """What decides an activity's early dates: "this date because of …"."""
        number = self.network.index[activity]
        link = self.early.drivers[number]
        if link >= 0:
            return self._by_link(link, late=False)
        fields, start = self.problem.activities[number], self.problem.start
        state = self.network.states[number]
        if state == FINISHED:
            return Driver(DriverKind.FINISHED, self.early.finishes[number])
        if state == STARTED:
            return Driver(DriverKind.STARTED, self.early.starts[number])
        if state == FIXED and fields.fixed_start is not None:
            return Driver(DriverKind.FIXED_START, fields.fixed_start)
        if fields.not_earlier is not None and fields.not_earlier > start:
            return Driver(DriverKind.NOT_EARLIER, fields.not_earlier)
        return Driver(DriverKind.PROJECT_START, start)

    def late_driver(self, activity: str) -> Driver:
        """What decides an activity's late dates."""
        number = self.network.index[activity]
        link = self.late.drivers[number]
        if link >= 0:
            return self._by_link(link, late=True)
        fields, state = self.problem.activities[number], self.network.states[number]
        if state == FINISHED:
            return Driver(DriverKind.FINISHED, self.late.finishes[number])
        if state in (PASSED, FIXED) and fields.fixed_start == self.late.starts[number]:
            return Driver(DriverKind.FIXED_START, self.late.starts[number])
        least = min(self.network.latest[number], NEVER if self.target is None else self.target)
        if least >= NEVER:
            return Driver(DriverKind.NOTHING, NEVER)
        if fields.not_later == least:
            return Driver(DriverKind.NOT_LATER, least)
        return Driver(DriverKind.DEADLINE if fields.deadline == least else DriverKind.TARGET, least)

    def driving_chain(self, activity: str) -> list[str]:
        """Activities that decide this one's early dates, one through the other, the first one first."""
        chain = [activity]
        while (link := self.early.drivers[self.network.index[chain[-1]]]) >= 0:
            chain.append(self.problem.links[link].before)
        return chain[::-1]

    def _by_link(self, number: int, *, late: bool) -> Driver:
        link = self.problem.links[number]
        dates: EarlyDates | LateDates = self.late if late else self.early
        at_start = link.kind.value[1 if late else 0] == "S"
        other = self.network.index[link.after if late else link.before]
        return Driver(DriverKind.LINK, (dates.starts if at_start else dates.finishes)[other], link)


def plan_of(
    problem: Problem,
    *,
    late_from: LateFrom = LateFrom.PROJECT_FINISH,
    target: int | None = None,
) -> Plan:
    """Early and late dates of a problem, resources left aside.

    Args:
        late_from: whether late dates count back from the project's finish as well, or from deadlines alone.
        target: a tick by which everything is to finish, instead of the project's own finish.

    Raises:
        Refused: the problem cannot be computed (`check`), or a calendar ends before the work does.
    """
    network = check(problem)
    walked = network.in_order()
    early = early_dates(walked)
    late = late_dates(walked, early, late_from=late_from, target=target)
    if walked is not network:
        early, late = early.put_back(network.order), late.put_back(network.order)
    soonest = _array(early.starts), _array(early.finishes)
    latest = _array(late.starts), _array(late.finishes)
    planned = planned_dates(network, early)
    starts, finishes = soonest if planned[0] is early.starts else (_array(planned[0]), _array(planned[1]))
    total = total_floats(network, soonest, latest)
    if target is None and late_from is LateFrom.PROJECT_FINISH:
        target = max(early.finishes, default=problem.start)
    return Plan(
        problem=problem,
        network=network,
        starts=starts,
        finishes=finishes,
        early_starts=soonest[0],
        early_finishes=soonest[1],
        late_starts=latest[0],
        late_finishes=latest[1],
        total_floats=total,
        free_floats=free_floats(network, soonest),
        critical=(total <= 0) & (network.columns[2] != FINISHED),
        target=target,
        early=early,
        late=late,
    )


def _array(ticks: list[int]) -> Whole:
    return np.array(ticks, dtype=np.int64)


def latest_starts(problem: Problem, *, target: int) -> dict[str, int]:
    """The latest start of every activity that has not started, for everything to finish by ``target``."""
    plan = plan_of(problem, target=target)
    states = plan.network.states
    return {
        activity.id: int(plan.late_starts[number])
        for number, activity in enumerate(problem.activities)
        if states[number] < STARTED
    }
