"""Plans as a Microsoft Project plan, and a Microsoft Project plan of a unit set against the lawful one.

A bar covers whole days, so that its task runs from the first day's morning to the last day's evening: in the work
calendar where both are working days, in a calendar of every day otherwise (a statutory period counts rest days too).
Each task carries the id of its bar in the field Text1; by it alone an imported task is known again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.plan_files.mspdi_values import (
    Baseline,
    CalendarException,
    CarriedDates,
    Constraint,
    CustomField,
    MspdiPlan,
    PlanCalendar,
    PlanLink,
    PlanLinkKind,
    PlanTask,
    TaskKind,
    WorkingPeriod,
)
from zhengtu.core.planning.plan import ActivityKind, Plan, PlannedActivity
from zhengtu.core.procedure.steps import Label

ID_FIELD, SOURCE_FIELD, UNIT_FIELD = 188743731, 188743734, 188743737
"""Text1, Text2 and Text3 of a task."""
WORK_UID, EVERY_DAY_UID = 1, 2
_MORNING, _EVENING = time(8), time(17)
_PERIODS: Final = (WorkingPeriod(8 * 3600, 12 * 3600), WorkingPeriod(13 * 3600, 17 * 3600))
_DAY, _DAY_SECONDS = timedelta(days=1), 8 * 3600
_ELAPSED_DAYS: Final = 8
_KINDS: Final = {
    "FS": PlanLinkKind.FINISH_START, "SS": PlanLinkKind.START_START, "FF": PlanLinkKind.FINISH_FINISH,
    "SF": PlanLinkKind.START_FINISH,
}


@dataclass(frozen=True, slots=True)
class ExchangeWords:
    """Texts of an exported plan in the reader's language.

    Attributes:
        of_label: the half of a (Chinese, English) pair that is wanted.
        name_of: a code's name.
        source_of: a statute and article in words.
        reason_of: why a bar cannot start sooner, in a sentence.
        procedure: what the part's own steps are called together.
        fields: names of the fields that hold the id, the source and the unit.
        calendars: names of the work calendar and that of every day.
    """

    of_label: Callable[[Label], str]
    name_of: Callable[[str], str]
    source_of: Callable[[str], str]
    reason_of: Callable[[PlannedActivity], str]
    procedure: str
    fields: tuple[str, str, str]
    calendars: tuple[str, str]


def exchanged(
    plans: Sequence[Plan], *, title: str, calendar: WorkCalendar, words: ExchangeWords,
    baselines: Mapping[str, Plan],
) -> MspdiPlan:
    """Plans of parts as one Microsoft Project plan.

    Args:
        plans: at least one; of one day.
        baselines: part -> the plan that was set as its baseline.

    Raises:
        ValueError: without a plan.
    """
    if not plans:
        raise ValueError("an exported plan has at least one part")
    tasks: list[PlanTask] = []
    for plan in plans:
        _add_plan(plan, tasks, calendar, words, baselines.get(plan.code))
    first, last = _span(plans)
    return MspdiPlan(
        name=title, title=title, starts_at=_morning(first), finishes_at=_evening(last), status_at=_evening(plans[0].on),
        calendar_uid=WORK_UID, calendars=_calendars(calendar, first, last, words), tasks=tuple(tasks),
        custom_fields=tuple(
            CustomField(field, f"Text{place}", alias)
            for place, (field, alias) in enumerate(
                zip((ID_FIELD, SOURCE_FIELD, UNIT_FIELD), words.fields, strict=True), start=1
            )
        ),
    )


def _add_plan(
    plan: Plan, tasks: list[PlanTask], calendar: WorkCalendar, words: ExchangeWords, baseline: Plan | None
) -> None:
    """The part as a summary, its steps and sections below, and in these the bars."""
    held = {one.id: one for one in baseline.activities} if baseline else {}
    groups: dict[str, list[PlannedActivity]] = {}
    for activity in plan.activities:
        groups.setdefault(activity.subject, []).append(activity)
    ordered = sorted(groups, key=lambda code: (kind_of(code) == "section", code))
    uids: dict[str, int] = {}
    number = len(tasks) + 1
    for subject in ordered:
        number += 1
        for activity in groups[subject]:
            number += 1
            uids[activity.id] = number
    links: dict[str, list[PlanLink]] = {}
    for link in plan.links:
        if link.before in uids and link.after in uids:
            links.setdefault(link.after, []).append(PlanLink(
                uids[link.before], _KINDS[link.kind], lag_s=link.lag_days * 86_400,
                lag_format=_ELAPSED_DAYS if link.lag_days else 7,
            ))
    tasks.append(_summary(len(tasks) + 1, words.name_of(plan.code), 1))
    for subject in ordered:
        name = words.name_of(subject) if kind_of(subject) == "section" else words.procedure
        tasks.append(_summary(len(tasks) + 1, name, 2))
        for activity in groups[subject]:
            tasks.append(_task(activity, len(tasks) + 1, calendar, words, links.get(activity.id, []), held))


def _summary(uid: int, name: str, level: int) -> PlanTask:
    return PlanTask(uid=uid, row=uid, name=name, outline_level=level, is_summary=True)


def _task(
    activity: PlannedActivity, uid: int, calendar: WorkCalendar, words: ExchangeWords, links: Sequence[PlanLink],
    baselines: Mapping[str, PlannedActivity],
) -> PlanTask:
    start = activity.actual_start_on or activity.early_start_on
    end = max(start, activity.actual_end_on or activity.early_end_on)
    in_work = calendar.is_working_day(start) and calendar.is_working_day(end) and activity.kind is ActivityKind.WORK
    duration = _DAY_SECONDS * sum(
        not in_work or calendar.is_working_day(start + offset * _DAY) for offset in range((end - start).days + 1)
    )
    held = baselines.get(activity.id)
    fields = (
        (ID_FIELD, activity.id), (SOURCE_FIELD, words.source_of(activity.source) if activity.source else ""),
        (UNIT_FIELD, words.name_of(activity.responsible) if activity.responsible else ""),
    )
    return PlanTask(
        uid=uid, row=uid, name=words.of_label(activity.label), outline_level=3, kind=TaskKind.FIXED_DURATION,
        duration_s=duration, calendar_uid=WORK_UID if in_work else EVERY_DAY_UID, ignores_resource_calendar=True,
        constraint=Constraint.START_NO_EARLIER_THAN, constraint_at=_morning(start),
        deadline_at=_evening(activity.late_end_on) if activity.late_end_on and not activity.is_done else None,
        actual_starts_at=_morning(activity.actual_start_on) if activity.actual_start_on else None,
        actual_finishes_at=_evening(activity.actual_end_on) if activity.actual_end_on else None,
        actual_duration_s=duration if activity.is_done else None,
        remaining_duration_s=0 if activity.is_done else None,
        percent_complete=100 if activity.is_done else _percent(activity),
        notes=words.reason_of(activity), links=tuple(links),
        baselines=(
            Baseline(0, _morning(held.early_start_on), _evening(held.early_end_on)),
        ) if held else (),
        custom=tuple((field, text) for field, text in fields if text),
        carried=_carried(activity, start, end),
    )


def _percent(activity: PlannedActivity) -> int:
    """Of work that began, the share of its households that are done."""
    if activity.actual_start_on is None or not activity.households:
        return 0
    return (activity.households - activity.households_left) * 100 // activity.households


def _carried(activity: PlannedActivity, start: date, end: date) -> CarriedDates:
    late = activity.late_start_on, activity.late_end_on
    return CarriedDates(
        starts_at=_morning(start), finishes_at=_evening(end), early_starts_at=_morning(start),
        early_finishes_at=_evening(end), late_starts_at=_morning(late[0]) if late[0] else None,
        late_finishes_at=_evening(late[1]) if late[1] else None,
        total_slack_s=None if activity.float_days is None else activity.float_days * _DAY_SECONDS,
        is_critical=activity.is_critical,
    )


def _calendars(
    calendar: WorkCalendar, first: date, last: date, words: ExchangeWords
) -> tuple[PlanCalendar, PlanCalendar]:
    """The work calendar with what differs from the plain week, and that of every day."""
    exceptions = []
    for offset in range((last - first).days + 1):
        day = first + offset * _DAY
        works = calendar.is_working_day(day)
        if works != (day.weekday() < 5):
            name = calendar.holiday_name(day)
            exceptions.append(CalendarException(
                day, day, _PERIODS if works else (), words.of_label(name) if name else "",
            ))
    week = tuple((weekday, _PERIODS) for weekday in range(2, 7))
    return (
        PlanCalendar(WORK_UID, words.calendars[0], ((1, ()), *week, (7, ())), exceptions=tuple(exceptions)),
        PlanCalendar(EVERY_DAY_UID, words.calendars[1], tuple((weekday, _PERIODS) for weekday in range(1, 8))),
    )


def _span(plans: Sequence[Plan]) -> tuple[date, date]:
    days = [plan.on for plan in plans]
    for plan in plans:
        for one in plan.activities:
            days += [one.early_start_on, one.early_end_on]
            days += [day for day in (one.actual_start_on, one.late_end_on) if day]
    return min(days), max(days) + 30 * _DAY


def _morning(day: date) -> datetime:
    return datetime.combine(day, _MORNING)


def _evening(day: date) -> datetime:
    return datetime.combine(day, _EVENING)


class Verdict(StrEnum):
    """What the lawful plan says to an imported task."""

    SAME = "same"
    POSSIBLE = "possible"
    """The unit may decide this start, and the deadline still holds."""
    TOO_EARLY = "too_early"
    """Before the earliest lawful day."""
    TOO_LATE = "too_late"
    """After the latest day that still meets the deadline; it can be decided with its reason."""
    FIXED = "fixed"
    """Law, teams or the ledger give this date; no unit decides it."""
    UNKNOWN = "unknown"
    """No bar of the plan carries its id."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An imported task beside its bar.

    Attributes:
        uid, name: of the task, as in the file.
        activity: the bar; None where none carries the id.
        start_on, end_on: as the file has them; None where it has none.
        start_days: days by which the file starts later than the plan; negative: sooner.
    """

    uid: int
    name: str
    activity: PlannedActivity | None
    start_on: date | None
    end_on: date | None
    start_days: int
    verdict: Verdict

    @property
    def may_be_taken_over(self) -> bool:
        """Whether the start can be recorded as a plan decision."""
        return self.verdict in (Verdict.POSSIBLE, Verdict.TOO_LATE)


def differences(imported: MspdiPlan, activities: Mapping[str, PlannedActivity]) -> list[Difference]:
    """Every task of a file that is no summary, in the file's order, beside the lawful plan's bar."""
    return [
        _difference(task, activities.get(_id_of(task)))
        for task in imported.tasks
        if not (task.is_summary or task.is_blank) and task.outline_level > 0
    ]


def _id_of(task: PlanTask) -> str:
    return next((text.strip() for field, text in task.custom if field == ID_FIELD), "")


def _difference(task: PlanTask, activity: PlannedActivity | None) -> Difference:
    starts_at = task.manual_starts_at if task.is_manual and task.manual_starts_at else task.carried.starts_at
    ends_at = task.manual_finishes_at if task.is_manual and task.manual_finishes_at else task.carried.finishes_at
    start_on, end_on = starts_at.date() if starts_at else None, ends_at.date() if ends_at else None
    if activity is None or start_on is None:
        return Difference(task.uid, task.name, activity, start_on, end_on, 0, Verdict.UNKNOWN)
    planned = activity.actual_start_on or activity.early_start_on
    verdict = _verdict(activity, start_on, planned)
    return Difference(task.uid, task.name, activity, start_on, end_on, (start_on - planned).days, verdict)


def _verdict(activity: PlannedActivity, start_on: date, planned: date) -> Verdict:
    if start_on == planned:
        return Verdict.SAME
    if not activity.may_be_decided:
        return Verdict.FIXED
    if start_on < activity.early_start_on:
        return Verdict.TOO_EARLY
    is_late = activity.late_start_on is not None and start_on > activity.late_start_on
    return Verdict.TOO_LATE if is_late else Verdict.POSSIBLE
