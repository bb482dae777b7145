"""``zhengtu schedule``: early and late dates of a Microsoft Project plan."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.plan_times import PlanTimes, TaskTimes, schedule_plan
from zhengtu.jobs.terminal_words import Say, columns, in_words, spoken, words

_NAME_WIDTH = 40
_HEADINGS: Final = (
    N_("UID"),
    N_("Task"),
    N_("Early start"),
    N_("Early finish"),
    N_("Late start"),
    N_("Late finish"),
    N_("Total float (working days)"),
    N_("Critical"),
)
_YES: Final = N_("yes")
_MET: Final = N_("The deadline can be met: the plan finishes on %(finish)s at the soonest.")
_UNMET: Final = N_(
    "The deadline cannot be met: the plan finishes on %(finish)s at the soonest; %(count)s tasks come too late."
)


class Command(BaseCommand):
    """Reads a file and nothing else; it needs neither database nor application, and starts at once."""

    help = (
        "Print early and late dates, total float (working days) and criticality of every task of a Microsoft Project "
        "XML plan. Exit status 1 where the plan is refused or a constraint in it cannot hold."
    )
    requires_system_checks: Sequence[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan", help="the plan, Microsoft Project XML (MSPDI)")
        parser.add_argument(
            "--deadline",
            type=_deadline,
            help="count late dates back from the end of this day (2025-03-15) or from this instant (2025-03-15T12:00)",
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="a JSON array, one object a task")
        parser.add_argument("--language", choices=("zh", "en"), default="", help="zh, unless en; messages in both")

    def handle(
        self, *args: Any, plan: str, deadline: datetime | None, as_json: bool, language: str, **options: Any
    ) -> None:
        say = words(language)
        voices = (say,) if language else (say, str)
        try:
            times = schedule_plan(read_mspdi(_content(plan)), finish_by=deadline)
        except Refused as refused:
            raise CommandError(spoken(plan, refused.reasons, voices)) from refused
        if as_json:
            self.stdout.write(json.dumps([_as_object(row) for row in times.rows], ensure_ascii=False, indent=1))
        else:
            self._write_table(times, say)
        if deadline is not None:
            self.stderr.write("\n".join(_deadline_text(times, voice) for voice in voices))
        if times.conflicts:
            raise CommandError(spoken(plan, times.conflicts, voices))

    def _write_table(self, times: PlanTimes, say: Say) -> None:
        lines = [tuple(map(say, _HEADINGS)), *(_cells(row, say) for row in times.rows)]
        widths = [max(columns(line[column]) for line in lines) for column in range(len(_HEADINGS))]
        for line in lines:
            padded = (cell + " " * (width - columns(cell)) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(padded).rstrip())


def _deadline(text: str) -> datetime:
    """A day means its end."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2025-03-15") from None
    if len(text) <= len("2025-03-15"):
        return datetime.combine(moment.date() + timedelta(days=1), time.min)
    return moment.replace(tzinfo=None)


def _content(plan: str) -> bytes:
    try:
        return Path(plan).read_bytes()
    except OSError as error:
        raise CommandError(f"{plan}: {error.strerror}") from error


def _as_object(row: TaskTimes) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "name": row.name,
        "early_start": _iso(row.early_starts_at),
        "early_finish": _iso(row.early_finishes_at),
        "late_start": _iso(row.late_starts_at),
        "late_finish": _iso(row.late_finishes_at),
        "total_float": row.total_float_days,
        "critical": row.is_critical,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _cells(row: TaskTimes, say: Say) -> tuple[str, ...]:
    dates = (row.early_starts_at, row.early_finishes_at, row.late_starts_at, row.late_finishes_at)
    days = "" if row.total_float_days is None else f"{row.total_float_days:g}"
    name = row.name if len(row.name) <= _NAME_WIDTH else row.name[: _NAME_WIDTH - 1] + "…"
    shown = ("" if at is None else f"{at:%Y-%m-%d %H:%M}" for at in dates)
    return (str(row.uid), name, *shown, days, say(_YES) if row.is_critical else "")


def _deadline_text(times: PlanTimes, say: Say) -> str:
    """Whether the date can be met, and if not what comes too late and what the earliest date is."""
    parameters = {"finish": _iso(times.finishes_at) or "", "count": len(times.unmet)}
    if not times.unmet:
        return say(_MET) % parameters
    return "\n".join([say(_UNMET) % parameters, *(in_words(reason, say) for reason in times.unmet)])
