"""The overdue wall: late families by months, place and payer, the course over the years, and what each day costs.

Its rows are those of the subsidy ledger; its counts those of the ledger's figures on every pair of dates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from zhengtu.core.compensation.subsidy_totals import SubsidyTotals, totals_by, totals_of
from zhengtu.core.ledger.lateness import (
    BANDS,
    Band,
    Crossing,
    MonthOfWaiting,
    crossings,
    months_late,
    trend,
    waiting_changes,
)
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.subsidies import SubsidyRow, by_payer

ANSWERED_FROM_MONTHS: Final = 12
"""Who waits longer than so many months past the promised day stands on the list that units answer for."""


@dataclass(frozen=True, slots=True)
class LateGroup:
    """Late families that share a project, a division, a client or a payer.

    Attributes:
        key: code; empty where none is on file. kind: kind of payer, of payers.
        by_band: families in each band of ``BANDS``, in order.
        longest: months of the family that waits longest.
        totals: their accounts.
    """

    key: str
    by_band: Sequence[int]
    longest: int
    totals: SubsidyTotals
    kind: str = ""

    def __add__(self, other: LateGroup) -> LateGroup:
        """Both together, which share nobody, under the name of the first."""
        return replace(
            self, by_band=[one + more for one, more in zip(self.by_band, other.by_band, strict=True)],
            longest=max(self.longest, other.longest), totals=self.totals + other.totals,
        )

    @property
    def families(self) -> int:
        """All of them."""
        return sum(self.by_band)

    @property
    def over_a_year(self) -> int:
        """Those later than twelve months."""
        return sum(
            count for band, count in zip(BANDS, self.by_band, strict=True) if band.over >= ANSWERED_FROM_MONTHS
        )


@dataclass(frozen=True, slots=True)
class OverdueWall:
    """Everything that the wall shows on a pair of dates.

    Attributes:
        whole: all late families; the groups each add up to it.
        waiting: families that wait, late or not.
        months: the course, month by month; crossings: of the watched line.
        late: the late families themselves, the longest waiting first.
    """

    on: date
    whole: LateGroup
    waiting: int
    by_project: Sequence[LateGroup]
    by_jurisdiction: Sequence[LateGroup]
    by_client: Sequence[LateGroup]
    by_payer: Sequence[LateGroup]
    by_payer_kind: Sequence[LateGroup]
    months: Sequence[MonthOfWaiting]
    line: int
    crossings: Sequence[Crossing]
    late: Sequence[SubsidyRow]


def wall_of(rows: Sequence[SubsidyRow], *, on: date) -> OverdueWall:
    """The wall of rows of the subsidy ledger of that day."""
    late = [
        _Late(row, band, months_late(row.due_on, on=on))
        for row in rows if row.due_on is not None and (band := row.band) is not None
    ]
    late.sort(key=lambda one: (one.row.due_on or date.max, one.row.household))
    finest = _finest(late, lambda row: (row.project, row.jurisdiction, row.client))
    payers, kinds = _by_payer(late)
    changes = waiting_changes(row.wait for row in rows if row.wait is not None)
    line = current_rulebook().waiting.line_households
    return OverdueWall(
        on=on, whole=sum(finest.values(), _NOBODY), waiting=sum(row.home_on is None for row in rows),
        by_project=_joined(finest.items(), 0), by_jurisdiction=_joined(finest.items(), 1),
        by_client=_joined(finest.items(), 2), by_payer=payers, by_payer_kind=kinds, months=trend(changes, until=on),
        line=line,
        crossings=crossings(changes, line=line, until=on),
        late=[one.row for one in late],
    )


def late_in(rows: Sequence[SubsidyRow], *, band: str = "", over: int = 0) -> list[SubsidyRow]:
    """Those late families that lie in a band (its id) and are late by more than so many months."""
    chosen = {one.id for one in BANDS if (not band or one.id == band) and one.over >= over}
    return [row for row in rows if (held := row.band) is not None and held.id in chosen]


@dataclass(frozen=True, slots=True)
class _Late:
    """A late family with what is asked of it again and again."""

    row: SubsidyRow
    band: Band
    months: int


def _by_payer(late: Sequence[_Late]) -> tuple[list[LateGroup], list[LateGroup]]:
    """Groups by payer and by kind of payer: families of who pays now, and the sums of all who owe them anything."""
    finest = totals_by(
        by_payer(one.row for one in late), key=lambda one: (one.payer, one.payer_kind), account=lambda one: one.account
    )
    held = _shared(late, lambda row: (row.payer, row.payer_kind))
    groups = [
        (names, replace(_group(held.get(names, ()), sums), kind=names[1])) for names, sums in finest.items()
    ]
    return _joined(groups, 0), _joined(groups, 1)


def _finest(
    late: Sequence[_Late], keys: Callable[[SubsidyRow], tuple[str, ...]]
) -> dict[tuple[str, ...], LateGroup]:
    """Groups of families that share all these keys: their accounts are added up once for all pages' groups."""
    return {
        names: _group(families, totals_of(one.row.account for one in families))
        for names, families in _shared(late, keys).items()
    }


def _shared(
    late: Sequence[_Late], keys: Callable[[SubsidyRow], tuple[str, ...]]
) -> dict[tuple[str, ...], list[_Late]]:
    held: dict[tuple[str, ...], list[_Late]] = {}
    for one in late:
        held.setdefault(keys(one.row), []).append(one)
    return held


def _joined(groups: Iterable[tuple[tuple[str, ...], LateGroup]], place: int) -> list[LateGroup]:
    """The groups of those that share one of their keys, the most families first."""
    found: dict[str, LateGroup] = {}
    for names, group in groups:
        key = names[place]
        found[key] = replace(found[key] + group, kind=group.kind) if key in found else replace(group, key=key)
    return sorted(found.values(), key=lambda one: (-one.families, one.key))


def _group(late: Sequence[_Late], totals: SubsidyTotals) -> LateGroup:
    counts = Counter(one.band for one in late)
    return LateGroup(
        key="", by_band=[counts[band] for band in BANDS], longest=max((one.months for one in late), default=0),
        totals=totals,
    )


_NOBODY: Final = LateGroup("", (0,) * len(BANDS), 0, SubsidyTotals())
