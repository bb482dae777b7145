"""What is to be scheduled: activities with durations, links with lags, limits, resources; times are integer ticks.

A tick is a day or a minute, as the caller likes; a finish is the first tick after the work, so an activity of zero
length starts and finishes on the same tick. Dates, articles and units live with the caller.

What has happened is not scheduled again: an activity that has finished keeps its ticks; one that has started keeps its
start and goes on from the problem's start, and only links to its finish still hold it; the rest starts no sooner than
the problem's start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from zhengtu.core.scheduling.working_time import Calendar


class LinkKind(StrEnum):
    """Which ends of two activities a link holds apart."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"


@dataclass(frozen=True, slots=True)
class Activity:
    """One piece of work.

    Attributes:
        duration: in working ticks of its calendar; 0 for a milestone.
        calendar: name of a calendar of the problem; empty for every tick.
        not_earlier: it starts on this tick at the soonest.
        not_later: it must finish by this tick: a limit that no plan may break.
        fixed_start: it starts exactly then, whatever links say; a link that it breaks is a conflict.
        deadline: it ought to finish by this tick; late dates count backwards from it and float may turn negative.
        started, finished: what has happened; an activity that has finished keeps its ticks.
        remaining: working ticks left of an activity that has started; None: what is left of its duration.
        as_late_as_possible: it is planned as late as delays nothing else (its early dates stay what they are).
        priority: 1 and up, the lower the more important; levelling serves it in this order.
        demands: resource -> how much of it while the activity runs.
    """

    id: str
    duration: int
    calendar: str = ""
    not_earlier: int | None = None
    not_later: int | None = None
    fixed_start: int | None = None
    deadline: int | None = None
    started: int | None = None
    finished: int | None = None
    remaining: int | None = None
    as_late_as_possible: bool = False
    priority: int = 1
    demands: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """``after`` may start or finish no sooner than ``before`` has, plus the lag in ticks of the lag's calendar."""

    before: str
    after: str
    kind: LinkKind = LinkKind.FINISH_START
    lag: int = 0
    lag_calendar: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something of which only so much is there at a time; ``calendar`` names the ticks on which it works."""

    id: str
    capacity: int
    calendar: str = ""


@dataclass(frozen=True)
class Problem:
    """Everything a plan is computed from.

    Attributes:
        start: nothing that has not started does so before this tick; what has started goes on from it.
        calendars: by the names that activities, lags and resources use; the empty name is every tick.
    """

    activities: Sequence[Activity]
    links: Sequence[Link] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    resources: Sequence[Resource] = ()
    start: int = 0
