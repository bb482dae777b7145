"""What inspections take off the reported figures of cleared houses, district by district.

What independent sources say of each house is counted in ``campaign.cleared_counts``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.discrepancy import Discrepancy, Inspected, discrepancy
from zhengtu.core.kernel.codes import city_of, kind_of
from zhengtu.inspection.reach import sees_unreleased
from zhengtu.inspection.site_findings import inspected_strata


@dataclass(frozen=True, slots=True)
class Discounted:
    """A reported figure after what inspections found, in households: ends of the interval and the middle."""

    low: int
    middle: int
    high: int


def discrepancies(
    city: str, *, on: date, released_only: bool, known: date | None = None
) -> dict[str, Discrepancy]:
    """Jurisdiction -> how many of its reported cleared households are not so, by the last inspection that tells.

    Args:
        known: with ``released_only``, what the ledger held of released findings by the end of this day; None for now.
        released_only: False only where the actor holds ``inspection.view`` over the city; see ``discrepancies_for``.
    """
    strata = inspected_strata(city, on=on, released_only=released_only, known=known)
    found = {jurisdiction: told_by(tuple(parts)) for jurisdiction, parts in strata.items()}
    return {jurisdiction: one for jurisdiction, one in found.items() if one is not None}


def discrepancies_for(
    actor: Actor, cities: Iterable[str], *, on: date, known: date | None = None
) -> dict[str, Discrepancy]:
    """The same as the actor may know it: with what is not yet released only for who sees that."""
    found: dict[str, Discrepancy] = {}
    for city in sorted(set(cities)):
        found |= discrepancies(city, on=on, known=known, released_only=not sees_unreleased(actor, city))
    return found


def released_discrepancies(
    cities: Iterable[str], *, on: date, known: date | None = None
) -> dict[str, Discrepancy]:
    """The same as everybody may know it."""
    found: dict[str, Discrepancy] = {}
    for city in sorted(set(cities)):
        found |= discrepancies(city, on=on, known=known, released_only=True)
    return found


def cities_of(codes: Iterable[str]) -> set[str]:
    """The cities that codes of sections, districts or projects lie in."""
    return {city_of(code) if kind_of(code) != "project" else code[:6] for code in codes}


@lru_cache(maxsize=1024)
def told_by(strata: tuple[Inspected, ...]) -> Discrepancy | None:
    """What these strata tell, kept in memory: it follows from them alone, and takes long to find."""
    return discrepancy(strata)


def discounted(figure: int, found: Discrepancy | None) -> Discounted | None:
    """A figure after what was found: the share that was not so is taken off; None where nothing was inspected.

    The inspection was of the figure as of its own day; of a later one the same share is taken. Houses of which the
    finding is a fact have left the figure already and are not taken off once more.
    """
    if found is None:
        return None
    low, middle, high = found.rates_left()
    return Discounted(*(round(figure * (1 - rate)) for rate in (high, middle, low)))
