"""Small MSPDI texts: a week from Monday 6 January 2025, worked 8–12 and 13–17, Monday to Friday."""

from __future__ import annotations

from datetime import datetime

from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.plan_times import PlanTimes, TaskTimes, schedule_plan

DAY = "<WorkingTimes>{}</WorkingTimes>"
TIME = "<WorkingTime><FromTime>{}:00</FromTime><ToTime>{}:00</ToTime></WorkingTime>"


def working(*periods: str) -> str:
    """``working("08:00-12:00")``: the inside of a working day."""
    times = "".join(TIME.format(*period.split("-")) for period in periods)
    return f"<DayWorking>1</DayWorking><WorkingTimes>{times}</WorkingTimes>"


OFFICE = working("08:00-12:00", "13:00-17:00")
FREE = "<DayWorking>0</DayWorking>"


def calendar(uid: int, *, days: dict[int, str] | None = None, more: str = "", base: int = -1, name: str = "") -> str:
    """A calendar, by default the office week; days are 1 Sunday … 7 Saturday."""
    week = {day: OFFICE if 2 <= day <= 6 else FREE for day in range(1, 8)} if days is None else days
    inside = "".join(f"<WeekDay><DayType>{day}</DayType>{text}</WeekDay>" for day, text in week.items())
    return (
        f"<Calendar><UID>{uid}</UID><Name>{name or f'Calendar {uid}'}</Name>"
        f"<IsBaseCalendar>{int(base < 0)}</IsBaseCalendar><BaseCalendarUID>{base}</BaseCalendarUID>"
        f"<WeekDays>{inside}</WeekDays>{more}</Calendar>"
    )


ROUND_THE_CLOCK = calendar(2, days={day: working("00:00-00:00") for day in range(1, 8)}, name="24 Hours")


def link(predecessor: int, kind: int = 1, lag: int = 0, lag_format: int = 7) -> str:
    """A link; the lag in minutes (or percent), kinds 0 FF, 1 FS, 2 SF, 3 SS."""
    tenths = lag if lag_format in (19, 20) else lag * 10
    return (
        f"<PredecessorLink><PredecessorUID>{predecessor}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{tenths}</LinkLag><LagFormat>{lag_format}</LagFormat></PredecessorLink>"
    )


def task(uid: int, hours: float = 8, *more: str, level: int = 1, duration_format: int = 7) -> str:
    """A task by its hours; ``more`` are further elements."""
    minutes = round(hours * 60)
    milestone = "<Milestone>1</Milestone>" if minutes == 0 else ""
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>T{uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Duration>PT{minutes // 60}H{minutes % 60}M0S</Duration>"
        f"<DurationFormat>{duration_format}</DurationFormat>{milestone}{''.join(more)}</Task>"
    )


def constraint(kind: int, at: str) -> str:
    """A constraint and its date."""
    return f"<ConstraintType>{kind}</ConstraintType><ConstraintDate>{at}:00</ConstraintDate>"


def mspdi(
    *tasks: str,
    start: str = "2025-01-06T08:00",
    head: str = "",
    calendars: tuple[str, ...] = (calendar(1),),
    resources: str = "",
    assignments: str = "",
) -> bytes:
    """A plan."""
    said = f"<StartDate>{start}:00</StartDate>" if start else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Project xmlns="http://schemas.microsoft.com/project">'
        f"{said}<CalendarUID>1</CalendarUID>{head}<Calendars>{''.join(calendars)}</Calendars>"
        f"<Tasks>{''.join(tasks)}</Tasks><Resources>{resources}</Resources>"
        f"<Assignments>{assignments}</Assignments></Project>"
    ).encode()


def times(content: bytes, finish_by: str = "") -> PlanTimes:
    """The plan, calculated."""
    return schedule_plan(read_mspdi(content), finish_by=datetime.fromisoformat(finish_by) if finish_by else None)


def row(content: bytes, uid: int, finish_by: str = "") -> TaskTimes:
    """One task, calculated."""
    return next(found for found in times(content, finish_by).rows if found.uid == uid)


def early(content: bytes, uid: int) -> str:
    """Early start and finish, as ``06 08:00 – 06 17:00`` (day of January 2025)."""
    found = row(content, uid)
    return _span(found.early_starts_at, found.early_finishes_at)


def late(content: bytes, uid: int, finish_by: str = "") -> str:
    """Late start and finish in the same way."""
    found = row(content, uid, finish_by)
    return _span(found.late_starts_at, found.late_finishes_at)


def _span(start: datetime | None, finish: datetime | None) -> str:
    assert start is not None
    assert finish is not None
    return f"{start:%d %H:%M} – {finish:%d %H:%M}"
