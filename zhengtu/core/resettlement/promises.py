"""Promises to families that wait: which home is named, when it will be there, and whether the day that was told holds.

The chance of a promise is the chance that the home is completed by its day, times the part of the families of its type
for whom a home is built at all. A breach is foreseen by rule from these figures; nobody sets it by hand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import accumulate
from typing import Final

from zhengtu.core.kernel.civil_dates import add_months, whole_months_between
from zhengtu.core.resettlement.works import CompletionForecast

_NEARLY: Final = 1e-9


class Naming(StrEnum):
    """How far a family's home is named."""

    HOME = "home"
    TYPE = "type"
    NONE = "none"


class PromiseState(StrEnum):
    """Where a promise stands by rule, the worst first."""

    BROKEN = "broken"
    FORESEEN = "foreseen"
    UNDATED = "undated"
    HOLDS = "holds"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class FamilyRight:
    """What a family may rely on while it waits.

    Attributes:
        text: Chinese and English, in plain words.
        source: id in the sources with its article.
        regimes: regimes of projects that it holds for; empty: all.
    """

    id: str
    text: tuple[str, str]
    source: str
    regimes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """What the rulebook says of promises and of claims among payers.

    Attributes:
        kept_from: from this chance on a promise counts as one that holds.
        ahead_months: a breach is foreseen of promises that are due within so many months.
        levels: chances of the early, the middle and the late day of a forecast.
        ageing_days: upper limits of the bands of open claims, in days, rising; above the last is the oldest band.
        rights: what the family's page tells, in order.
    """

    kept_from: float
    ahead_months: int
    levels: tuple[float, float, float]
    ageing_days: Sequence[int]
    rights: Sequence[FamilyRight] = ()


@dataclass(frozen=True, slots=True)
class Supply:
    """Homes of one type in one building that nobody has yet, and when the building is completed."""

    homes: int
    forecast: CompletionForecast


@dataclass(frozen=True)
class HomeOutlook:
    """When a family's home will be there, as seen on a day.

    Attributes:
        chances: whole months from the day -> chance that the home is completed in that month, if the family gets one.
        homes, families: homes that are left, and families that wait for such a home; the family's own home: 1 and 1.
    """

    on: date
    chances: Mapping[int, float]
    homes: int = 1
    families: int = 1

    @property
    def covered(self) -> float:
        """The part of the families for whom a home is built, 0 to 1."""
        return min(1.0, self.homes / self.families) if self.families else 1.0

    @cached_property
    def _reached(self) -> list[tuple[int, float]]:
        months = sorted(self.chances)
        return list(zip(months, accumulate(self.chances[month] for month in months), strict=True))

    @property
    def is_completed(self) -> bool:
        """Whether the home stands already."""
        return self.chances.get(0, 0.0) >= 1 - _NEARLY

    def day_at(self, level: float) -> date:
        """The day by which the home is completed with at least that chance, if the family gets one."""
        for months, reached in self._reached:
            if reached >= level - _NEARLY:
                return add_months(self.on, months)
        return add_months(self.on, self._reached[-1][0])

    def chance_by(self, day: date) -> float:
        """The chance that the family has its home by the end of that day: completed, and enough for all."""
        if day < self.on:
            return 0.0
        limit = whole_months_between(start=self.on, end=day)
        place = bisect_right(self._reached, limit, key=lambda one: one[0])
        return min(1.0, self._reached[place - 1][1]) * self.covered if place else 0.0


def outlook_of(supplies: Sequence[Supply], *, families: int, on: date) -> HomeOutlook | None:
    """The outlook of each of several families that wait for homes of one type at one site, by lot among them.

    The homes that are completed first are given first; what is left over of the last building counts only as far as it
    is needed.

    Args:
        families: families without a home of their own that wait for such a home; at least one.

    Returns:
        None where no such home is left.
    """
    left, parts = families, []
    for supply in sorted(supplies, key=lambda one: (one.forecast.day_at(0.5), one.homes)):
        taken = min(left, supply.homes)
        if taken > 0:
            parts.append((taken, supply.forecast))
            left -= taken
    given = sum(count for count, _ in parts)
    if not given:
        return None
    chances: dict[int, float] = {}
    for count, forecast in parts:
        for month, chance in forecast.chances.items():
            chances[month] = chances.get(month, 0.0) + chance * count / given
    homes = sum(max(0, supply.homes) for supply in supplies)
    return HomeOutlook(on=on, chances=chances, homes=homes, families=families)


def promise_state(
    *, promised_on: date | None, on: date, chance: float | None, rules: PromiseRules
) -> PromiseState:
    """Where the promise of a family that has not come home stands.

    Args:
        promised_on: the day that was told last.
        chance: that it is kept; None where no home is named or none is left, which counts as none.
    """
    if promised_on is None:
        return PromiseState.UNDATED
    if on > promised_on:
        return PromiseState.BROKEN
    if promised_on > add_months(on, rules.ahead_months):
        return PromiseState.LATER
    return PromiseState.HOLDS if (chance or 0.0) >= rules.kept_from else PromiseState.FORESEEN
