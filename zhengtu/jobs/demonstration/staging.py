"""How the demonstration plays its scripts: each move on its day and hour, with papers that say they are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.core.files.base import ContentFile

from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.ledger.offered_files import OfferedFile

_PAPER = "演示材料，内容虚构：{text}\n"
_NAMES = {"directive_report": "办理情况报告（演示）.txt", "instruction": "撤销意见（演示）.txt"}


@cache
def script_of(path: Path) -> dict[str, Any]:
    """A script as read; nobody changes what is returned."""
    script: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return script


@dataclass(frozen=True, slots=True)
class Move:
    """One turn of a script: when, and what is done; those of one day in the order of the script."""

    on: date
    order: int
    run: Callable[[], None]


def play(moves: Iterable[Move]) -> None:
    """Run the moves day by day."""
    for move in sorted(moves, key=lambda one: (one.on, one.order)):
        move.run()


def moment(on: date, *, hour: int, now: datetime) -> datetime:
    """That hour of the day in Asia/Shanghai; never after the loading."""
    return min(datetime.combine(on, time(hour), tzinfo=SHANGHAI), now)


def invented_paper(kind: str, text: str) -> OfferedFile:
    """A report or an instruction as a file that says that it is invented."""
    name = _NAMES[kind]
    return OfferedFile(kind, name, ContentFile(_PAPER.format(text=text).encode(), name=name))
