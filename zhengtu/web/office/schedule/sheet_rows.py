"""Rows of the backward schedule as a clerk reads them: sections × stages with their latest days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan import ActivityKind, PlannedActivity
from zhengtu.press.schedule_sheet import COLOURS, SheetRow, SheetTarget, Span
from zhengtu.press.spreadsheet import CellValue, SheetColumn
from zhengtu.web.office.schedule.gantt_data import ChartPart, NameOf, state_of
from zhengtu.web.shared.figure_text import NOTHING, day, grouped
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_source
from zhengtu.web.shared.templatetags.figures import LIGHTS

_DAY: Final = timedelta(days=1)
_INKS: Final = {
    "green": "#1a7d49", "yellow": "#a86c00", "red": COLOURS["late"], "running": COLOURS["running"], "idle": "#77828f",
}


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One bar with the part that it belongs to and the name of its section, empty for the part's own steps."""

    part: ChartPart
    section: str
    activity: PlannedActivity


def schedule_lines(parts: Sequence[ChartPart], name_of: NameOf) -> list[ScheduleLine]:
    """Every bar, the part's own steps first, then section by section; the way over the court is left to the chart."""
    lines = []
    for part in parts:
        for subject in subjects_of(part):
            section = name_of(subject) if kind_of(subject) == "section" else ""
            lines += [
                ScheduleLine(part, section, one) for one in part.plan.activities
                if one.subject == subject and one.kind is not ActivityKind.TRACK
            ]
    return lines


def subjects_of(part: ChartPart) -> list[str]:
    """What the part's bars are about: itself, then its sections."""
    subjects = {activity.subject for activity in part.plan.activities}
    return sorted(subjects, key=lambda code: (kind_of(code) == "section", code))


def status_of(activity: PlannedActivity, on: date) -> str:
    """Where a bar stands, in a word or two."""
    if activity.is_done:
        return _("done")
    if activity.kind is ActivityKind.PERIOD and activity.actual_start_on is not None:
        return _("statutory period running")
    if activity.float_days is not None and activity.float_days < 0:
        return _("too late for the deadline")
    if activity.actual_start_on is not None:
        return _("under way")
    return _("can start") if activity.early_start_on <= on else _("waits")


def sheet_columns() -> list[SheetColumn]:
    """Columns of the workbook."""
    return [
        SheetColumn(_("No."), "integer", 6), SheetColumn(_("Project"), width=28), SheetColumn(_("Section"), width=18),
        SheetColumn(_("Step or work"), width=26), SheetColumn(_("Responsible unit"), width=18),
        SheetColumn(_("Latest start"), "date", 12), SheetColumn(_("Latest end"), "date", 12),
        SheetColumn(_("Earliest start"), "date", 12), SheetColumn(_("Earliest end"), "date", 12),
        SheetColumn(_("Households left"), "integer", 10), SheetColumn(_("Float (working days)"), "integer", 12),
        SheetColumn(_("State"), width=14), SheetColumn(_("Article"), width=40),
    ]


def sheet_row(number: int, line: ScheduleLine, name_of: NameOf) -> list[CellValue]:
    """A line as values of the workbook's columns."""
    one = line.activity
    return [
        number, line.part.name, line.section, in_language(one.label),
        name_of(one.responsible) if one.responsible else "",
        None if one.is_done else one.late_start_on, None if one.is_done else one.late_end_on,
        one.actual_start_on or one.early_start_on, one.actual_end_on or one.early_end_on,
        one.households_left if one.households else None, None if one.is_done else one.float_days,
        status_of(one, line.part.plan.on), spoken_source(one.source) if one.source else "",
    ]


def wall_rows(parts: Sequence[ChartPart], name_of: NameOf) -> list[SheetRow]:
    """Headings and bars of the wall sheet; of many parts each has its own heading and shows what is left alone."""
    rows = []
    for part in parts:
        several = len(parts) > 1
        left = [one for one in part.plan.activities if not several or _is_left(one)]
        if several and left:
            rows.append(_heading(part.name, 0, left, str(part.plan.light.colour)))
        baselines = part.baselines
        for subject in subjects_of(part):
            members = [one for one in left if one.subject == subject]
            if not members:
                continue
            is_section = kind_of(subject) == "section"
            light = part.plan.section_lights.get(subject) if is_section else part.plan.light if not several else None
            name = name_of(subject) if is_section else _("Statutory procedure")
            rows.append(_heading(name, int(several), members, str(light.colour) if light else ""))
            rows += [_bar(one, baselines.get(one.id), name_of, 1 + several, part.plan.on) for one in members]
    return rows


def _is_left(one: PlannedActivity) -> bool:
    """Whether a bar is worth its room where many parts hang on one wall."""
    return not one.is_done and one.kind is not ActivityKind.TRACK


def _heading(name: str, depth: int, members: Sequence[PlannedActivity], light: str) -> SheetRow:
    start = min(one.actual_start_on or one.early_start_on for one in members)
    end = max(one.actual_end_on or one.early_end_on for one in members)
    mark = LIGHTS[light][0] if light else ""
    return SheetRow((name, "", "", "", ""), "group", depth, early=(start, end), mark=mark,
                    mark_colour=_INKS.get(light, ""))


def _bar(
    one: PlannedActivity, baseline: PlannedActivity | None, name_of: NameOf, depth: int, on: date
) -> SheetRow:
    is_late = not one.is_done and one.float_days is not None and one.float_days < 0
    late = (one.late_start_on, one.late_end_on) if one.late_start_on and one.late_end_on else None
    early = (one.actual_start_on or one.early_start_on, one.actual_end_on or one.early_end_on)
    actual = None
    if one.actual_start_on:
        actual = (one.actual_start_on, one.actual_end_on or max(one.actual_start_on, min(on, one.early_end_on)))
    shown = (NOTHING, NOTHING) if one.is_done or late is None else (day(late[0]), day(late[1]))
    float_text = "✓" if one.is_done else grouped(one.float_days)
    return SheetRow(
        (in_language(one.label), name_of(one.responsible) if one.responsible else "", *shown, float_text),
        str(one.kind), depth, early=early, late=None if one.is_done else late, actual=actual,
        baseline=(baseline.early_start_on, baseline.early_end_on) if baseline else None,
        is_critical=one.is_critical and not one.is_done, is_late=is_late,
    )


def wall_targets(parts: Sequence[ChartPart]) -> list[SheetTarget]:
    """Deadlines, each day and name once."""
    found: dict[tuple[date, str], bool] = {}
    for part in parts:
        for outlook in part.plan.targets:
            key = (outlook.target.due_on, in_language(outlook.target.name))
            found[key] = found.get(key, False) or state_of(outlook) == "missed"
    return [SheetTarget(on, label, is_missed) for (on, label), is_missed in sorted(found.items())]


def wall_span(parts: Sequence[ChartPart], on: date) -> Span:
    """First and last day of the printed chart: what lies long ago or over the court alone does not stretch it."""
    days = [on, on + 30 * _DAY]
    for part in parts:
        days += [outlook.target.due_on for outlook in part.plan.targets]
        for one in part.plan.activities:
            if one.kind is not ActivityKind.TRACK and not one.is_done:
                days += [one.early_end_on, one.late_end_on or one.early_end_on]
                days.append(one.actual_start_on or one.early_start_on)
    return max(min(days), on - 120 * _DAY) - 3 * _DAY, min(max(days), on + 500 * _DAY) + 7 * _DAY


def rest_runs(calendar: WorkCalendar, span: Span) -> list[Span]:
    """Weekends and holidays of a span as runs of days."""
    return _runs(span, lambda on: not calendar.is_working_day(on))


def frozen_runs(months: frozenset[int], span: Span) -> list[Span]:
    """Months of frozen ground within a span."""
    return _runs(span, lambda on: on.month in months)


def _runs(span: Span, holds: Callable[[date], bool]) -> list[Span]:
    """The days of a span for which something holds, as runs from the first to the last."""
    runs: list[Span] = []
    for offset in range((span[1] - span[0]).days + 1):
        on = span[0] + offset * _DAY
        if not holds(on):
            continue
        if runs and runs[-1][1] == on - _DAY:
            runs[-1] = (runs[-1][0], on)
        else:
            runs.append((on, on))
    return runs
