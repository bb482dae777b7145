"""A plan value into Microsoft Project XML (MSPDI): ``to_mspdi``.

Elements stand in the order of the schema, which Microsoft Project insists on.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Final

from zhengtu.core.plan_files.mspdi_calendar_writing import put_calendar
from zhengtu.core.plan_files.mspdi_values import (
    NAMESPACE,
    MspdiPlan,
    PlanAssignment,
    PlanLink,
    PlanResource,
    PlanTask,
    is_estimated,
    is_percent,
)
from zhengtu.core.plan_files.xml_fields import clock_text, put, span_text

_SAVE_VERSION: Final = 14  # the schema of Microsoft Project 2010 and later
_TENTH_OF_MINUTE_S: Final = 6
_WORK_IN_HOURS: Final = 2


def to_mspdi(plan: MspdiPlan) -> bytes:
    """The plan as an MSPDI file, UTF-8; ``read_mspdi`` gives the same value back."""
    root = ET.Element("Project", xmlns=NAMESPACE)
    put(root, "SaveVersion", _SAVE_VERSION)
    put(root, "Name", plan.name)
    put(root, "Title", plan.title)
    put(root, "Company", plan.company)
    put(root, "Author", plan.author)
    put(root, "ScheduleFromStart", plan.is_from_start)
    put(root, "StartDate", plan.starts_at)
    put(root, "FinishDate", plan.finishes_at)
    put(root, "CriticalSlackLimit", plan.critical_slack_days)
    put(root, "CalendarUID", plan.calendar_uid)
    put(root, "DefaultStartTime", clock_text(plan.default_start_s))
    put(root, "DefaultFinishTime", clock_text(plan.default_finish_s))
    put(root, "MinutesPerDay", plan.day_s // 60)
    put(root, "MinutesPerWeek", plan.week_s // 60)
    put(root, "DaysPerMonth", plan.month_days)
    put(root, "DurationFormat", 7)
    put(root, "WorkFormat", _WORK_IN_HOURS)
    put(root, "MultipleCriticalPaths", plan.multiple_critical_paths)
    put(root, "WeekStartDay", plan.week_starts_on)
    put(root, "StatusDate", plan.status_at)
    _put_custom_fields(root, plan)
    holder = ET.SubElement(root, "Calendars")
    for calendar in plan.calendars:
        put_calendar(holder, calendar)
    holder = ET.SubElement(root, "Tasks")
    for task in plan.tasks:
        _put_task(holder, task)
    holder = ET.SubElement(root, "Resources")
    for resource in plan.resources:
        _put_resource(holder, resource)
    holder = ET.SubElement(root, "Assignments")
    for assignment in plan.assignments:
        _put_assignment(holder, assignment)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _put_custom_fields(root: ET.Element, plan: MspdiPlan) -> None:
    holder = ET.SubElement(root, "ExtendedAttributes")
    for field in plan.custom_fields:
        element = ET.SubElement(holder, "ExtendedAttribute")
        put(element, "FieldID", field.field_id)
        put(element, "FieldName", field.field_name)
        put(element, "Alias", field.alias)


def _put_task(holder: ET.Element, task: PlanTask) -> None:
    element = ET.SubElement(holder, "Task")
    put(element, "UID", task.uid)
    put(element, "ID", task.row)
    put(element, "Name", task.name)
    put(element, "Active", task.is_active)
    put(element, "Manual", task.is_manual)
    put(element, "Type", int(task.kind))
    put(element, "IsNull", task.is_blank)
    put(element, "WBS", task.wbs)
    put(element, "OutlineLevel", task.outline_level)
    put(element, "Priority", task.priority)
    put(element, "Start", task.carried.starts_at)
    put(element, "Finish", task.carried.finishes_at)
    put(element, "Duration", span_text(task.duration_s))
    put(element, "ManualStart", task.manual_starts_at)
    put(element, "ManualFinish", task.manual_finishes_at)
    put(element, "ManualDuration", span_text(task.manual_duration_s))
    put(element, "DurationFormat", task.duration_format)
    put(element, "Stop", task.stopped_at)
    put(element, "Resume", task.resumes_at)
    put(element, "Estimated", is_estimated(task.duration_format))
    put(element, "Milestone", task.is_milestone)
    put(element, "Summary", task.is_summary)
    put(element, "Critical", task.carried.is_critical)
    put(element, "IsSubproject", task.is_subproject)
    put(element, "ExternalTask", task.is_external)
    _put_task_dates(element, task)
    _put_task_rules(element, task)
    put(element, "Notes", task.notes)
    for link in task.links:
        _put_link(element, link)
    for field_id, text in task.custom:
        custom = ET.SubElement(element, "ExtendedAttribute")
        put(custom, "FieldID", field_id)
        put(custom, "Value", text)
    _put_baselines(element, task)


def _put_task_dates(element: ET.Element, task: PlanTask) -> None:
    carried = task.carried
    put(element, "EarlyStart", carried.early_starts_at)
    put(element, "EarlyFinish", carried.early_finishes_at)
    put(element, "LateStart", carried.late_starts_at)
    put(element, "LateFinish", carried.late_finishes_at)
    put(element, "TotalSlack", _tenths(carried.total_slack_s))
    put(element, "PercentComplete", task.percent_complete)
    put(element, "ActualStart", task.actual_starts_at)
    put(element, "ActualFinish", task.actual_finishes_at)
    put(element, "ActualDuration", span_text(task.actual_duration_s))
    put(element, "RemainingDuration", span_text(task.remaining_duration_s))


def _put_task_rules(element: ET.Element, task: PlanTask) -> None:
    put(element, "ConstraintType", int(task.constraint))
    put(element, "CalendarUID", task.calendar_uid)
    put(element, "ConstraintDate", task.constraint_at)
    put(element, "Deadline", task.deadline_at)
    put(element, "LevelingDelay", _tenths(task.levelling_delay_s))
    put(element, "LevelingDelayFormat", 8)
    put(element, "IgnoreResourceCalendar", task.ignores_resource_calendar)


def _put_link(holder: ET.Element, link: PlanLink) -> None:
    element = ET.SubElement(holder, "PredecessorLink")
    put(element, "PredecessorUID", link.predecessor_uid)
    put(element, "Type", int(link.kind))
    put(element, "CrossProject", link.is_cross_project)
    put(element, "LinkLag", link.lag_percent if is_percent(link.lag_format) else _tenths(link.lag_s))
    put(element, "LagFormat", link.lag_format)


def _put_baselines(holder: ET.Element, task: PlanTask) -> None:
    for baseline in task.baselines:
        element = ET.SubElement(holder, "Baseline")
        put(element, "Number", baseline.number)
        put(element, "Start", baseline.starts_at)
        put(element, "Finish", baseline.finishes_at)
        put(element, "Duration", span_text(baseline.duration_s))
        put(element, "DurationFormat", baseline.duration_format)


def _put_resource(holder: ET.Element, resource: PlanResource) -> None:
    element = ET.SubElement(holder, "Resource")
    put(element, "UID", resource.uid)
    put(element, "ID", resource.row)
    put(element, "Name", resource.name)
    put(element, "Type", int(resource.kind))
    put(element, "IsNull", resource.is_blank)
    put(element, "MaxUnits", _decimal(resource.max_units))
    put(element, "CalendarUID", resource.calendar_uid)


def _put_assignment(holder: ET.Element, assignment: PlanAssignment) -> None:
    element = ET.SubElement(holder, "Assignment")
    put(element, "UID", assignment.uid)
    put(element, "TaskUID", assignment.task_uid)
    put(element, "ResourceUID", assignment.resource_uid)
    put(element, "Delay", _tenths(assignment.delay_s))
    put(element, "Finish", assignment.finishes_at)
    put(element, "RemainingWork", span_text(assignment.remaining_work_s))
    put(element, "Start", assignment.starts_at)
    put(element, "Units", _decimal(assignment.units))
    put(element, "Work", span_text(assignment.work_s))
    put(element, "WorkContour", assignment.contour)
    for span in assignment.spans:
        phase = ET.SubElement(element, "TimephasedData")
        put(phase, "Type", 2 if span.is_actual else 1)
        put(phase, "UID", assignment.uid)
        put(phase, "Start", span.starts_at)
        put(phase, "Finish", span.finishes_at)
        put(phase, "Unit", _unit_code(span.starts_at, span.finishes_at))
        put(phase, "Value", span_text(span.work_s))


def _unit_code(starts_at: datetime, finishes_at: datetime) -> int:
    """The time-phased unit: 2 for days, 1 for hours where the span is shorter than one."""
    return 2 if (finishes_at - starts_at).total_seconds() > 3600 else 1


def _tenths(seconds: int | None) -> int | None:
    return None if seconds is None else round(seconds / _TENTH_OF_MINUTE_S)


def _decimal(value: float) -> str:
    return repr(int(value)) if value == int(value) else repr(value)
