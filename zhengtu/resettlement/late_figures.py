"""Two counts of late families side by side: past the day of their agreement, and past the promise in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from zhengtu.resettlement.promises import FamilyPromise, Told
from zhengtu.resettlement.subsidies import SubsidyRow


@dataclass(frozen=True, slots=True)
class LateFigures:
    """Families that wait, by which of their days has passed: ``by_agreement == by_promise + renewed - told_earlier``.

    Attributes:
        by_agreement: past the day of the agreement; these the overdue wall, the cockpit and the months late count.
        by_promise: past the day that counts now, which is the one told last, else the agreement's.
        renewed: past the agreement's day, and told a later one that has not passed.
        told_earlier: told a day before the agreement's, which has passed while the agreement's has not.
    """

    by_agreement: int
    by_promise: int
    renewed: int
    told_earlier: int


def late_figures(days: Iterable[tuple[date | None, Told | None]], *, on: date) -> LateFigures:
    """The counts of families that wait, each with its agreement's day and what it was told last."""
    agreement = promise = renewed = earlier = 0
    for due_on, told in days:
        counts = told.expected_on if told is not None else due_on
        is_late, is_broken = due_on is not None and due_on < on, counts is not None and counts < on
        agreement += is_late
        promise += is_broken
        renewed += is_late and not is_broken
        earlier += is_broken and not is_late
    return LateFigures(agreement, promise, renewed, earlier)


def late_figures_of(promises: Iterable[FamilyPromise], *, on: date) -> LateFigures:
    """The counts of a promise ledger."""
    return late_figures(((one.waiting.due_on, one.told) for one in promises), on=on)


def late_figures_among(rows: Iterable[SubsidyRow], told: Mapping[str, Told], *, on: date) -> LateFigures:
    """The counts of the families of a subsidy ledger that wait, with what each was told last."""
    return late_figures(((row.due_on, told.get(row.household)) for row in rows if row.home_on is None), on=on)
