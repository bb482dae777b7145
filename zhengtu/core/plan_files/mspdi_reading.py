"""Microsoft Project XML (MSPDI) into a plan value: ``read_mspdi``."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from datetime import datetime
from enum import IntEnum
from typing import Final, TypeVar

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.plan_files.mspdi_calendar_reading import read_calendar
from zhengtu.core.plan_files.mspdi_values import (
    NO_UID,
    UNASSIGNED_RESOURCE_UID,
    Baseline,
    CarriedDates,
    Constraint,
    CustomField,
    MspdiPlan,
    PlanAssignment,
    PlanLink,
    PlanLinkKind,
    PlanResource,
    PlanTask,
    ResourceKind,
    TaskKind,
    WorkSpan,
    is_percent,
)
from zhengtu.core.plan_files.xml_fields import Fields, parse_xml

MAX_BYTES: Final = 300_000_000
_TENTH_OF_MINUTE_S: Final = 6
_REMAINING_WORK, _ACTUAL_WORK = 1, 2
_AnEnum = TypeVar("_AnEnum", bound=IntEnum)


def read_mspdi(content: bytes) -> MspdiPlan:
    """The plan that an MSPDI file holds; elements that no calculation or exchange needs are left aside.

    Raises:
        Refused: for what is not XML, not MSPDI, or has a field that cannot be read; the element is named.
    """
    if len(content) > MAX_BYTES:
        raise Refused(
            Reason(
                code="plan_file.too_large",
                message=N_("The file has %(megabytes)s MB; plans up to %(limit)s MB are read."),
                parameters={"megabytes": len(content) // 1_000_000, "limit": MAX_BYTES // 1_000_000},
                remedy=N_("Split the plan, or save it without time-phased data."),
            )
        )
    root = parse_xml(content)
    if root.tag != "Project" or root.find("Tasks") is None:
        raise _not_mspdi(root)
    head = Fields(root, where="Project", named_by="")
    tasks = tuple(_task(element) for element in head.listed("Tasks", "Task"))
    plan = MspdiPlan(
        name=head.text("Name"),
        title=head.text("Title"),
        author=head.text("Author"),
        company=head.text("Company"),
        is_from_start=head.flag("ScheduleFromStart", True),
        starts_at=head.moment("StartDate"),
        finishes_at=head.moment("FinishDate"),
        status_at=head.moment("StatusDate"),
        default_start_s=_or(head.clock("DefaultStartTime"), 8 * 3600),
        default_finish_s=_or(head.clock("DefaultFinishTime"), 17 * 3600),
        day_s=head.whole("MinutesPerDay", 480) * 60 or 8 * 3600,
        week_s=head.whole("MinutesPerWeek", 2400) * 60 or 40 * 3600,
        month_days=head.whole("DaysPerMonth", 20) or 20,
        week_starts_on=head.whole("WeekStartDay", 1),
        critical_slack_days=head.whole("CriticalSlackLimit"),
        multiple_critical_paths=head.flag("MultipleCriticalPaths"),
        calendar_uid=head.whole("CalendarUID", NO_UID),
        custom_fields=tuple(_custom_field(child) for child in head.listed("ExtendedAttributes", "ExtendedAttribute")),
        calendars=tuple(read_calendar(element) for element in head.listed("Calendars", "Calendar")),
        tasks=tasks,
        resources=tuple(_resource(element) for element in head.listed("Resources", "Resource")),
        assignments=tuple(_assignment(element) for element in head.listed("Assignments", "Assignment")),
    )
    _refuse_doubles("Task", (task.uid for task in plan.tasks))
    _refuse_doubles("Calendar", (calendar.uid for calendar in plan.calendars))
    _refuse_doubles("Resource", (resource.uid for resource in plan.resources))
    return plan


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


def _not_mspdi(root: ET.Element) -> Refused:
    known = {
        "APIBusinessObjects": "Primavera P6 (PMXML)",
        "BusinessObjects": "Primavera P6 (PMXML)",
        "project": "GanttProject",
        "Workbook": "Excel",
    }
    if root.tag == "Project":
        return Refused(
            Reason(
                code="plan_file.no_tasks",
                message=N_("The file has a Project but no Tasks: it is not a Microsoft Project XML plan."),
                remedy=N_("Save the plan as XML from Microsoft Project or ProjectLibre and use that file."),
            )
        )
    return Refused(
        Reason(
            code="plan_file.not_mspdi",
            message=N_(
                "The file is not Microsoft Project XML (MSPDI): its root is <%(root)s>%(program)s, not <Project>."
            ),
            parameters={"root": root.tag, "program": f" ({known[root.tag]})" if root.tag in known else ""},
            remedy=N_("Save the plan as XML from Microsoft Project or ProjectLibre and use that file."),
        )
    )


def _refuse_doubles(what: str, uids: Iterable[int]) -> None:
    seen: set[int] = set()
    for uid in uids:
        if uid in seen:
            raise Refused(
                Reason(
                    code="plan_file.uid_twice",
                    message=N_("%(what)s %(uid)s occurs twice: a UID must stand for one thing."),
                    parameters={"what": what, "uid": uid},
                    remedy=N_("Open the plan in the planning program and save it as XML again."),
                )
            )
        seen.add(uid)


def _member(kind: type[_AnEnum], fields: Fields, name: str, default: _AnEnum) -> _AnEnum:
    value = fields.whole(name, default)
    try:
        return kind(value)
    except ValueError:
        raise fields.unreadable(name) from None


def _task(element: ET.Element) -> PlanTask:
    fields = Fields(element, where="Task")
    if not fields.has("UID"):
        raise fields.unreadable("UID")
    return PlanTask(
        uid=fields.whole("UID"),
        row=fields.whole("ID"),
        name=fields.text("Name"),
        wbs=fields.text("WBS"),
        outline_level=fields.whole("OutlineLevel", 1),
        kind=_member(TaskKind, fields, "Type", TaskKind.FIXED_UNITS),
        is_summary=fields.flag("Summary"),
        is_milestone=fields.flag("Milestone"),
        is_blank=fields.flag("IsNull"),
        is_active=fields.flag("Active", True),
        is_manual=fields.flag("Manual"),
        is_external=fields.flag("ExternalTask"),
        is_subproject=fields.flag("IsSubproject"),
        duration_s=fields.span_s("Duration"),
        duration_format=fields.whole("DurationFormat", 7),
        priority=fields.whole("Priority", 500),
        constraint=_member(Constraint, fields, "ConstraintType", Constraint.AS_SOON_AS_POSSIBLE),
        constraint_at=fields.moment("ConstraintDate"),
        deadline_at=fields.moment("Deadline"),
        calendar_uid=fields.whole("CalendarUID", NO_UID),
        ignores_resource_calendar=fields.flag("IgnoreResourceCalendar"),
        actual_starts_at=fields.moment("ActualStart"),
        actual_finishes_at=fields.moment("ActualFinish"),
        actual_duration_s=fields.span_s("ActualDuration"),
        remaining_duration_s=fields.span_s("RemainingDuration"),
        percent_complete=fields.whole("PercentComplete"),
        stopped_at=fields.moment("Stop"),
        resumes_at=fields.moment("Resume"),
        levelling_delay_s=fields.whole("LevelingDelay") * _TENTH_OF_MINUTE_S,
        manual_starts_at=fields.moment("ManualStart"),
        manual_finishes_at=fields.moment("ManualFinish"),
        manual_duration_s=fields.span_s("ManualDuration"),
        notes=fields.text("Notes"),
        links=tuple(_link(child, fields.where) for child in fields.children("PredecessorLink")),
        baselines=tuple(_baseline(child, fields.where) for child in fields.children("Baseline")),
        custom=tuple(_custom_value(child, fields.where) for child in fields.children("ExtendedAttribute")),
        carried=_carried(fields),
    )


def _carried(fields: Fields) -> CarriedDates:
    return CarriedDates(
        starts_at=fields.moment("Start"),
        finishes_at=fields.moment("Finish"),
        early_starts_at=fields.moment("EarlyStart"),
        early_finishes_at=fields.moment("EarlyFinish"),
        late_starts_at=fields.moment("LateStart"),
        late_finishes_at=fields.moment("LateFinish"),
        total_slack_s=fields.whole("TotalSlack") * _TENTH_OF_MINUTE_S if fields.has("TotalSlack") else None,
        is_critical=fields.flag("Critical") if fields.has("Critical") else None,
    )


def _link(element: ET.Element, task: str) -> PlanLink:
    fields = Fields(element, where=f"{task}, PredecessorLink", named_by="PredecessorUID")
    if not fields.has("PredecessorUID"):
        raise fields.unreadable("PredecessorUID")
    lag_format = fields.whole("LagFormat", 7)
    lag = fields.number("LinkLag")
    return PlanLink(
        predecessor_uid=fields.whole("PredecessorUID"),
        kind=_member(PlanLinkKind, fields, "Type", PlanLinkKind.FINISH_START),
        lag_s=0 if is_percent(lag_format) else round(lag * _TENTH_OF_MINUTE_S),
        lag_percent=round(lag) if is_percent(lag_format) else 0,
        lag_format=lag_format,
        is_cross_project=fields.flag("CrossProject"),
    )


def _baseline(element: ET.Element, task: str) -> Baseline:
    fields = Fields(element, where=f"{task}, Baseline", named_by="Number")
    return Baseline(
        number=fields.whole("Number"),
        starts_at=fields.moment("Start"),
        finishes_at=fields.moment("Finish"),
        duration_s=fields.span_s("Duration"),
        duration_format=fields.whole("DurationFormat", 7),
    )


def _custom_value(element: ET.Element, task: str) -> tuple[int, str]:
    fields = Fields(element, where=f"{task}, ExtendedAttribute", named_by="FieldID")
    return fields.whole("FieldID"), fields.text("Value")


def _custom_field(element: ET.Element) -> CustomField:
    fields = Fields(element, where="ExtendedAttribute", named_by="FieldID")
    return CustomField(fields.whole("FieldID"), fields.text("FieldName"), fields.text("Alias"))


def _resource(element: ET.Element) -> PlanResource:
    fields = Fields(element, where="Resource")
    return PlanResource(
        uid=fields.whole("UID"),
        row=fields.whole("ID"),
        name=fields.text("Name"),
        kind=_member(ResourceKind, fields, "Type", ResourceKind.WORK),
        max_units=fields.number("MaxUnits", 1.0),
        calendar_uid=fields.whole("CalendarUID", NO_UID),
        is_blank=fields.flag("IsNull"),
    )


def _assignment(element: ET.Element) -> PlanAssignment:
    fields = Fields(element, where="Assignment")
    return PlanAssignment(
        uid=fields.whole("UID"),
        task_uid=fields.whole("TaskUID"),
        resource_uid=fields.whole("ResourceUID", UNASSIGNED_RESOURCE_UID),
        units=fields.number("Units", 1.0),
        work_s=fields.span_s("Work"),
        remaining_work_s=fields.span_s("RemainingWork"),
        delay_s=fields.whole("Delay") * _TENTH_OF_MINUTE_S,
        contour=fields.whole("WorkContour"),
        starts_at=fields.moment("Start"),
        finishes_at=fields.moment("Finish"),
        spans=_spans(fields),
    )


def _spans(fields: Fields) -> tuple[WorkSpan, ...]:
    """The time-phased work (kinds 1 remaining, 2 actual) in order; other kinds are baselines and costs."""
    found: list[tuple[datetime, WorkSpan]] = []
    for child in fields.children("TimephasedData"):
        phase = Fields(child, where=f"{fields.where}, TimephasedData", named_by="Start")
        kind = phase.whole("Type")
        starts_at, finishes_at = phase.moment("Start"), phase.moment("Finish")
        if kind not in (_REMAINING_WORK, _ACTUAL_WORK) or starts_at is None or finishes_at is None:
            continue
        span = WorkSpan(starts_at, finishes_at, phase.span_s("Value"), kind == _ACTUAL_WORK)
        found.append((starts_at, span))
    return tuple(span for _, span in sorted(found, key=lambda pair: pair[0]))
