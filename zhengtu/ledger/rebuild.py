"""Rebuilding of what follows from the facts: milestones, daily figures and their sums.

The facts are streamed subject by subject in the order in which they became known. For every day of recording the
subject's dates before and after it are compared, exactly as they were when its deeds were recorded; so the rebuilt
rows equal the kept ones, but for rows of which nothing remains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import orjson
from django.db import connection, models, transaction
from psycopg import Connection
from psycopg.types.json import set_json_loads

from zhengtu.core.kernel.codes import section_of
from zhengtu.core.ledger.figures import FIGURES, Changes, changes_of
from zhengtu.core.ledger.milestones import EffectiveFact, Milestone, fold
from zhengtu.ledger.models import DailyFigures, Milestones, PeriodFigures
from zhengtu.ledger.projection import MILESTONE_COLUMNS, effective_fact
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.ledger.snapshot import one_snapshot

_COPIED_AT_ONCE: Final = 20_000
_FIGURE_PLACE: Final = {figure: place for place, figure in enumerate(FIGURES)}
_KEYS: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Milestones: ("subject",),
    DailyFigures: ("section", "day", "recorded_on"),
    PeriodFigures: ("span", "starts_on", "section"),
}
_VALUES: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Milestones: ("subject_kind", "section", "is_verified", *MILESTONE_COLUMNS),
    DailyFigures: FIGURES,
    PeriodFigures: FIGURES,
}

Progress = Callable[[int, int], None]
"""Told how many facts are folded, out of about how many."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One kept value that does not follow from the facts; a missing row counts as None or 0 in every column."""

    table: str
    key: str
    column: str
    kept: object
    rebuilt: object


def replace_projections(*, progress: Progress | None = None) -> int:
    """Build all projections anew and put them in the place of the kept ones; no deed is recorded meanwhile.

    Returns:
        how many facts were folded.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_chainhead IN EXCLUSIVE MODE")
        folded = _rebuild(progress)
        for model, key in _KEYS.items():
            table, columns = model._meta.db_table, ", ".join((*key, *_VALUES[model]))
            cursor.execute(f"TRUNCATE {table}")
            # Rows in the order of their key lie together on disk as they are read: some dozens of days at once.
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {columns} FROM rebuilt_{table} ORDER BY {', '.join(key)}"
            )
    with connection.cursor() as cursor:
        for model in _KEYS:
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    return folded


def differences(*, limit: int, progress: Progress | None = None) -> tuple[list[Difference], int]:
    """Build all projections anew beside the kept ones and compare every value.

    Args:
        limit: how many differences to return.

    Returns:
        the first differences of each projection, and how many rows differ in all.
    """
    found: list[Difference] = []
    rows_differing = 0
    with one_snapshot():
        _rebuild(progress)
        for model in _KEYS:
            rows_differing += _compare(model, found, limit)
    return found, rows_differing


def _rebuild(progress: Progress | None) -> int:
    with connection.cursor() as cursor:
        for model in _KEYS:
            table = model._meta.db_table
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.rebuilt_{table}")
            cursor.execute(f"CREATE TEMP TABLE rebuilt_{table} (LIKE {table}) ON COMMIT DROP")
    folded = _rebuild_by_subject(progress)
    sums = ", ".join(f"sum({figure})" for figure in FIGURES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rebuilt_ledger_dailyfigures")
        for span, starts_on in {
            "year": "date_trunc('year', day)::date", "month": "date_trunc('month', day)::date", "day": "day"
        }.items():
            cursor.execute(
                f"INSERT INTO rebuilt_ledger_periodfigures (span, starts_on, section, {', '.join(FIGURES)}) "
                f"SELECT %s, {starts_on}, section, {sums} FROM rebuilt_ledger_dailyfigures GROUP BY 2, 3",
                [span],
            )
        for table in ("rebuilt_ledger_dailyfigures", "rebuilt_ledger_periodfigures"):
            cursor.execute(f"DELETE FROM {table} WHERE {_all_zero()}")
    return folded


def _all_zero(row: str = "") -> str:
    prefix = f"{row}." if row else ""
    return " AND ".join(f"{prefix}{figure} = 0" for figure in FIGURES)


def _rebuild_by_subject(progress: Progress | None) -> int:
    """Fill the rebuilt milestones and daily figures; the number of facts that bear on them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(facts_count), 0) FROM ledger_deed")
        (total,) = cursor.fetchone()
    milestones = _Buffer(Milestones)
    daily = _Buffer(DailyFigures)
    done = 0
    for section, facts in groupby(_facts(), key=lambda fact: section_of(fact[0])):
        changes: dict[tuple[date, date], list[int]] = {}
        for subject, rows in groupby(facts, key=itemgetter(0)):
            history = list(rows)
            done += len(history)
            milestones.add((subject, *_subject_row(section, history, changes)))
        daily.extend((section, *days, *counts) for days, counts in changes.items() if any(counts))
        if progress:
            progress(done, total)
    milestones.flush()
    daily.flush()
    return done


def _facts() -> Iterator[tuple[Any, ...]]:
    """Facts that bear on milestones, by subject and then in the order in which they became known.

    Rows: subject, its kind, recorded on, verified, deed, ordinal, kind, happened on, attributes where a date
    stands in them, supersedes.
    """
    kinds = [kind for kind in current_rulebook().fact_kinds.values() if kind.milestone is not None]
    driver: Connection[Any] = connection.connection
    with driver.cursor(name="facts_by_subject") as cursor:
        set_json_loads(orjson.loads, cursor)
        cursor.itersize = 5000
        cursor.execute(
            """
            SELECT f.subject, f.subject_kind, d.recorded_on, f.is_verified, f.deed_id, f.ordinal, f.kind,
                   f.happened_on, CASE WHEN f.kind = ANY(%s) THEN f.attributes END, f.supersedes
            FROM ledger_fact f JOIN ledger_deed d ON d.id = f.deed_id
            WHERE f.kind = ANY(%s) OR f.supersedes <> ''
            ORDER BY f.subject, d.recorded_on, d.recorded_at, f.deed_id, f.ordinal
            """,
            [[kind.id for kind in kinds if kind.dated_by], [kind.id for kind in kinds]],
        )
        yield from cursor


def _subject_row(
    section: str, history: list[tuple[Any, ...]], changes: dict[tuple[date, date], list[int]]
) -> tuple[Any, ...]:
    """The milestones of one subject as a row; adds to ``changes`` what each day of recording changed."""
    facts: list[EffectiveFact] = []
    held: dict[Milestone, date] = {}
    counted: Changes = Changes()
    is_verified = True
    for recorded_on, news in groupby(history, key=itemgetter(2)):
        for _, _, _, verified, deed, ordinal, kind, happened_on, attributes, supersedes in news:
            is_verified = is_verified and verified
            facts.append(
                effective_fact(
                    reference=f"{deed}/{ordinal}", kind=kind, happened_on=happened_on,
                    attributes=attributes or {}, supersedes=supersedes,
                )
            )
        after = fold(facts)
        if after == held:
            continue
        now = changes_of(after)
        for key in now.items() ^ counted.items():
            day, figure = key[0]
            counts = changes.get((day, recorded_on))
            if counts is None:
                counts = changes[day, recorded_on] = [0] * len(FIGURES)
            # Each side of the symmetric difference stands for its own: what is now, and what no longer is.
            counts[_FIGURE_PLACE[figure]] += key[1] if now.get(key[0]) == key[1] else -key[1]
        held, counted = after, now
    return (history[0][1], section, is_verified, *(held.get(milestone) for milestone in Milestone))


class _Buffer:
    """Rows on their way into a rebuilt table; copied between two fetches, which share the connection."""

    def __init__(self, model: type[models.Model]) -> None:
        self._table = f"rebuilt_{model._meta.db_table}"
        self._columns = ", ".join((*_KEYS[model], *_VALUES[model]))
        self._rows: list[tuple[Any, ...]] = []

    def add(self, row: tuple[Any, ...]) -> None:
        """Take one row."""
        self._rows.append(row)
        if len(self._rows) >= _COPIED_AT_ONCE:
            self.flush()

    def extend(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take many rows."""
        for row in rows:
            self.add(row)

    def flush(self) -> None:
        """Copy what is held."""
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {self._table} ({self._columns}) FROM STDIN") as copy,
        ):
            for row in self._rows:
                copy.write_row(row)
        self._rows.clear()


def _compare(model: type[models.Model], found: list[Difference], limit: int) -> int:
    """Add the differences of one projection to ``found``; the number of rows that differ."""
    table, key, values = model._meta.db_table, _KEYS[model], _VALUES[model]
    kept = ", ".join(f"k.{value}" for value in values)
    rebuilt = ", ".join(f"r.{value}" for value in values)
    # Sums that came back to nothing leave rows of zeros behind; they say the same as no row.
    left_out = f"WHERE NOT ({_all_zero()})" if model is not Milestones else ""
    sql = (
        f"FROM (SELECT * FROM {table} {left_out}) k FULL JOIN rebuilt_{table} r USING ({', '.join(key)}) "
        f"WHERE ({kept}) IS DISTINCT FROM ({rebuilt})"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {sql}")
        (count,) = cursor.fetchone()
        cursor.execute(
            f"SELECT {', '.join(key)}, {kept}, {rebuilt} {sql} ORDER BY {', '.join(key)} LIMIT %s",
            [max(0, limit - len(found))],
        )
        for row in cursor.fetchall():
            found.extend(_differing(table, row, key=key, values=values))
    del found[limit:]
    return int(count)


def _differing(
    table: str, row: tuple[Any, ...], *, key: tuple[str, ...], values: tuple[str, ...]
) -> Iterator[Difference]:
    named, rest = row[: len(key)], row[len(key) :]
    kept, rebuilt = rest[: len(values)], rest[len(values) :]
    for column, before, after in zip(values, kept, rebuilt, strict=True):
        if before != after and (before or after):
            yield Difference(table, " ".join(str(part) for part in named), column, before, after)
