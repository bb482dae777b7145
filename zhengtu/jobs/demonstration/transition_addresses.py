"""Where the demonstration's families live while they wait: invented addresses, entered by lists of their districts."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.housing import SCRIPT
from zhengtu.jobs.demonstration.script import officer_of
from zhengtu.jobs.demonstration.staging import moment, script_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.address_actions import import_addresses
from zhengtu.resettlement.queries import Waiting, waiting

_NUMBER: Final = 29
_AFTER: Final = timedelta(days=30)
"""So long after moving out a family that moves again does so at the earliest."""


def record_transition_addresses(*, city: str, now: datetime) -> None:
    """Enter the addresses of most families that wait, some of which moved once, by a list for each district."""
    on = civil_date(at=now) - timedelta(days=22)
    by_division: dict[str, list[Waiting]] = defaultdict(list)
    for family in waiting(city, on=on):
        if family.terms is not None and family.terms.moved_out_on <= on:
            by_division[family.jurisdiction].append(family)
    rng = np.random.default_rng(_NUMBER)
    for division, families in sorted(by_division.items()):
        lines = [line for family in families for line in _lines(family, rng, until=on)]
        if not lines:
            continue
        name = f"{division}-过渡住址（演示，虚构）.csv"
        with TemporaryDirectory() as folder:
            path = Path(folder) / "addresses.csv"
            _write(path, lines)
            import_addresses(
                actor=actor_called(officer_of(division), on=on), jurisdiction=division, path=path, name=name,
                now=moment(on, hour=15, now=now),
            )


def _lines(family: Waiting, rng: np.random.Generator, *, until: date) -> Iterator[Sequence[str]]:
    told: dict[str, Any] = script_of(SCRIPT)["addresses"]
    is_told, moves, later = rng.random() < told["on_file"], rng.random() < told["moved"], int(rng.integers(1, 1000))
    first, second = _address(rng, told), _address(rng, told)
    if not is_told or family.terms is None:
        return
    since_on = family.terms.moved_out_on
    yield family.household, since_on.isoformat(), first, told["sources"][later % len(told["sources"])]
    moved_on = since_on + _AFTER + timedelta(days=later)
    if moves and moved_on <= until:
        yield family.household, moved_on.isoformat(), second, told["sources"][0]


def _address(rng: np.random.Generator, told: dict[str, Any]) -> str:
    place, street = rng.choice(told["places"]), rng.choice(told["streets"])
    house, stair, floor, door = (int(rng.integers(1, most)) for most in (180, 6, 18, 4))
    return str(told["form"]).format(place=place, street=street, house=house, stair=stair, room=f"{floor}0{door}")


def _write(path: Path, lines: Sequence[Sequence[str]]) -> None:
    columns = current_rulebook().resettlement.lists["addresses"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.headings[0] for column in columns])
        writer.writerows(lines)
