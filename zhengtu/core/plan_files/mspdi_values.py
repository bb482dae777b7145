"""A Microsoft Project plan as values: what an MSPDI file says, with the file's own units made explicit.

Spans of time are whole seconds, instants are naive local times as in the file. Field meanings: Microsoft,
"Project XML Data Interchange Schema Reference" (the MSPDI schema of Project 2007 and 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Final

DAY_SECONDS: Final = 86_400
NAMESPACE: Final = "http://schemas.microsoft.com/project"
NO_UID: Final = -1
UNASSIGNED_RESOURCE_UID: Final = -65535

_ELAPSED_FORMATS: Final = frozenset({4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52})
_PERCENT_FORMATS: Final = frozenset({19, 20, 51, 52})
_ESTIMATED_FORMATS: Final = range(35, 54)


def is_elapsed(duration_format: int) -> bool:
    """Whether a format code (4, 6, 8, 10, 12 and their estimated kin) counts every hour, nights and holidays too."""
    return duration_format in _ELAPSED_FORMATS


def is_percent(lag_format: int) -> bool:
    """Whether a lag's format code (19, 20, 51, 52) means percent of the predecessor's duration."""
    return lag_format in _PERCENT_FORMATS


def is_estimated(duration_format: int) -> bool:
    """Whether a format code marks an estimate (shown with a question mark)."""
    return duration_format in _ESTIMATED_FORMATS


class Constraint(IntEnum):
    """ConstraintType: what may bind a task besides its links."""

    AS_SOON_AS_POSSIBLE = 0
    AS_LATE_AS_POSSIBLE = 1
    MUST_START_ON = 2
    MUST_FINISH_ON = 3
    START_NO_EARLIER_THAN = 4
    START_NO_LATER_THAN = 5
    FINISH_NO_EARLIER_THAN = 6
    FINISH_NO_LATER_THAN = 7


class PlanLinkKind(IntEnum):
    """Type of a PredecessorLink."""

    FINISH_FINISH = 0
    FINISH_START = 1
    START_FINISH = 2
    START_START = 3


class TaskKind(IntEnum):
    """Type of a task: which of units, duration and work stays when another changes."""

    FIXED_UNITS = 0
    FIXED_DURATION = 1
    FIXED_WORK = 2


class ResourceKind(IntEnum):
    """Type of a resource; only work decides when a task can go on."""

    MATERIAL = 0
    WORK = 1
    COST = 2


class RecurrenceKind(IntEnum):
    """Type of a calendar exception: on which days between its dates it holds."""

    DAILY = 1
    YEARLY_ON_DAY = 2
    YEARLY_ON_POSITION = 3
    MONTHLY_ON_DAY = 4
    MONTHLY_ON_POSITION = 5
    WEEKLY = 6


@dataclass(frozen=True, slots=True, order=True)
class WorkingPeriod:
    """Working time within one day, in seconds after midnight; it ends before ``end_s`` (86,400 is midnight)."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How an exception comes again.

    Attributes:
        kind: the pattern.
        every: each so many days, weeks, months; 1 for every one.
        weekdays: bits of the week, 1 Sunday, 2 Monday … 64 Saturday (weekly).
        month: 1 to 12 (yearly).
        month_day: 1 to 31 (on a day).
        position: 1 to 4, 5 for the last (on a position).
        position_item: 0 any day, 1 a weekday, 2 a weekend day, 3 Sunday … 9 Saturday (on a position).
        occurrences: how many times; 0 where the last date alone ends it.
    """

    kind: RecurrenceKind
    every: int = 1
    weekdays: int = 0
    month: int = 1
    month_day: int = 1
    position: int = 1
    position_item: int = 0
    occurrences: int = 0


@dataclass(frozen=True, slots=True)
class CalendarException:
    """Days that differ from the week: without periods they are free, with periods people work then."""

    first_on: date
    last_on: date
    periods: tuple[WorkingPeriod, ...] = ()
    name: str = ""
    recurrence: Recurrence | None = None


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """A week that stands in for the ordinary one between two dates; days not named keep the ordinary week's."""

    first_on: date
    last_on: date
    days: tuple[tuple[int, tuple[WorkingPeriod, ...]], ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class PlanCalendar:
    """A calendar.

    Attributes:
        days: (weekday, periods), weekday 1 Sunday … 7 Saturday; a day not named is the base calendar's, or, in
            a base calendar, free.
        base_uid: the calendar that stands behind this one; -1 for none.
        exceptions, work_weeks: what differs between dates; an exception goes before a work week.
    """

    uid: int
    name: str
    days: tuple[tuple[int, tuple[WorkingPeriod, ...]], ...] = ()
    is_base: bool = True
    base_uid: int = NO_UID
    exceptions: tuple[CalendarException, ...] = ()
    work_weeks: tuple[WorkWeek, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanLink:
    """A link to a predecessor; the lag is seconds of working time, of any time, or percent of the predecessor.

    Attributes:
        lag_s: seconds; 0 where the lag is a percentage.
        lag_percent: whole percent of the predecessor's duration where ``lag_format`` says so.
        lag_format: code of the unit that shows the lag (7 days, 8 elapsed days, 19 percent …).
        is_cross_project: the predecessor lies in another file.
    """

    predecessor_uid: int
    kind: PlanLinkKind = PlanLinkKind.FINISH_START
    lag_s: int = 0
    lag_percent: int = 0
    lag_format: int = 7
    is_cross_project: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was planned once; number 0 is the baseline, 1 to 10 are further ones."""

    number: int = 0
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    duration_s: int | None = None
    duration_format: int = 7


@dataclass(frozen=True, slots=True)
class CarriedDates:
    """The dates that the author's program computed and wrote beside the task; nothing here binds a calculation.

    Attributes:
        total_slack_s: working seconds.
    """

    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    early_starts_at: datetime | None = None
    early_finishes_at: datetime | None = None
    late_starts_at: datetime | None = None
    late_finishes_at: datetime | None = None
    total_slack_s: int | None = None
    is_critical: bool | None = None


@dataclass(frozen=True, slots=True)
class PlanTask:
    """A task.

    Attributes:
        uid, row: UID and ID (place in the list).
        outline_level: 0 for the project's own summary, 1 and up for what lies below.
        is_blank: an empty row (IsNull); ``is_active`` False: kept but not scheduled.
        is_manual: keeps the dates somebody typed.
        duration_s: working seconds, or any seconds where ``duration_format`` is an elapsed one; None: not said.
        stopped_at, resumes_at: end of the work done, start of the work left.
        levelling_delay_s: any seconds by which levelling moved it.
        manual_starts_at, manual_finishes_at: what was typed for a manual task.
        custom: (field id, text) of custom fields.
    """

    uid: int
    row: int
    name: str = ""
    wbs: str = ""
    outline_level: int = 1
    kind: TaskKind = TaskKind.FIXED_UNITS
    is_summary: bool = False
    is_milestone: bool = False
    is_blank: bool = False
    is_active: bool = True
    is_manual: bool = False
    is_external: bool = False
    is_subproject: bool = False
    duration_s: int | None = None
    duration_format: int = 7
    priority: int = 500
    constraint: Constraint = Constraint.AS_SOON_AS_POSSIBLE
    constraint_at: datetime | None = None
    deadline_at: datetime | None = None
    calendar_uid: int = NO_UID
    ignores_resource_calendar: bool = False
    actual_starts_at: datetime | None = None
    actual_finishes_at: datetime | None = None
    actual_duration_s: int | None = None
    remaining_duration_s: int | None = None
    percent_complete: int = 0
    stopped_at: datetime | None = None
    resumes_at: datetime | None = None
    levelling_delay_s: int = 0
    manual_starts_at: datetime | None = None
    manual_finishes_at: datetime | None = None
    manual_duration_s: int | None = None
    notes: str = ""
    links: tuple[PlanLink, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    custom: tuple[tuple[int, str], ...] = ()
    carried: CarriedDates = CarriedDates()


@dataclass(frozen=True, slots=True)
class PlanResource:
    """Somebody or something that tasks need."""

    uid: int
    row: int
    name: str = ""
    kind: ResourceKind = ResourceKind.WORK
    max_units: float = 1.0
    calendar_uid: int = NO_UID
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class WorkSpan:
    """A stretch of an assignment's time and the work (seconds) done in it; 0 where it pauses; None: not said."""

    starts_at: datetime
    finishes_at: datetime
    work_s: int | None
    is_actual: bool = False


@dataclass(frozen=True, slots=True)
class PlanAssignment:
    """A resource on a task.

    Attributes:
        units: 1.0 is one whole resource.
        delay_s: working seconds after the task's start at which it begins.
        contour: shape of the work over time; 0 flat, 8 as the spans say.
        spans: time-phased work, in order.
    """

    uid: int
    task_uid: int
    resource_uid: int = UNASSIGNED_RESOURCE_UID
    units: float = 1.0
    work_s: int | None = None
    remaining_work_s: int | None = None
    delay_s: int = 0
    contour: int = 0
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    spans: tuple[WorkSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of tasks: its number in the schema, its own name and the name people gave it."""

    field_id: int
    field_name: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class MspdiPlan:
    """A whole plan.

    Attributes:
        is_from_start: scheduled forwards from ``starts_at``; otherwise backwards from ``finishes_at``.
        default_start_s, default_finish_s: seconds after midnight of a working day's ends.
        day_s, week_s: working seconds that "a day", "a week" stand for.
        month_days: working days that "a month" stands for.
        critical_slack_days: a task with no more total slack than this is critical.
        multiple_critical_paths: a task without successors is held to its own early finish.
    """

    name: str = ""
    title: str = ""
    author: str = ""
    company: str = ""
    is_from_start: bool = True
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    status_at: datetime | None = None
    default_start_s: int = 8 * 3600
    default_finish_s: int = 17 * 3600
    day_s: int = 8 * 3600
    week_s: int = 40 * 3600
    month_days: int = 20
    week_starts_on: int = 1
    critical_slack_days: int = 0
    multiple_critical_paths: bool = False
    calendar_uid: int = NO_UID
    custom_fields: tuple[CustomField, ...] = ()
    calendars: tuple[PlanCalendar, ...] = ()
    tasks: tuple[PlanTask, ...] = ()
    resources: tuple[PlanResource, ...] = ()
    assignments: tuple[PlanAssignment, ...] = ()
