"""Values with a shape: a charge of several parts, and rewards by dated tiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """Which day decides about a reward.

    ``both`` is the later of signing and vacating, counted like these from the opening of the signing period;
    ``after_signing`` is vacating, counted from signing; ``stairwell`` is the day the last household of the
    stairwell signed.
    """

    SIGNING = "signing"
    VACATING = "vacating"
    BOTH = "both"
    AFTER_SIGNING = "after_signing"
    STAIRWELL = "stairwell"


def _parts(item: object) -> Iterator[str]:
    for part in fields(item):  # type: ignore[arg-type]
        value = getattr(item, part.name)
        if isinstance(value, Decimal):
            yield f"{part.name} {value:f}"
        elif value is not None:
            yield f"{part.name} {value}"


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee of parts that add up, each left out when None.

    Attributes:
        per_household: yuan, once for each move.
        included_m2: area that ``per_household`` already covers.
        per_m2: yuan for each m² beyond.
        per_member: yuan for each person.
        share: of the appraised value of the same buildings.
        at_least: the sum of the parts is raised to this (yuan).
        at_most: and held to this (yuan).
    """

    per_household: Decimal | None = None
    included_m2: Decimal | None = None
    per_m2: Decimal | None = None
    per_member: Decimal | None = None
    share: Decimal | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    def as_text(self) -> str:
        """The parts as stable text."""
        return ", ".join(_parts(self))


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a reward: for whoever acts by its last day, which is a count of days or a date."""

    until_day: int | None = None
    until_on: date | None = None
    per_household: Decimal | None = None
    per_m2: Decimal | None = None
    share: Decimal | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    def covers(self, *, day: date, start: date | None) -> bool:
        """Whether ``day`` lies within the tier; the start day itself is not counted (Civil Code, art. 201)."""
        if self.until_on is not None:
            return day <= self.until_on
        return start is not None and self.until_day is not None and (day - start).days <= self.until_day

    def last_day(self, *, start: date | None) -> date | None:
        """The last day of the step; None for a count of days without a start."""
        if self.until_on is not None or start is None or self.until_day is None:
            return self.until_on
        return start + timedelta(days=self.until_day)

    def as_text(self) -> str:
        """The step as stable text."""
        return ", ".join(_parts(self))


@dataclass(frozen=True, slots=True)
class TierTable:
    """Steps in the order of their last days; the first that covers the day pays, later than all pays nothing."""

    measure: Measure
    tiers: tuple[Tier, ...]

    def on(self, *, day: date, start: date | None) -> Tier | None:
        """The step that pays for ``day``, or None."""
        return next((tier for tier in self.tiers if tier.covers(day=day, start=start)), None)

    @property
    def counts_days(self) -> bool:
        """Whether any step is a count of days and therefore needs a start."""
        return any(tier.until_day is not None for tier in self.tiers)

    def as_text(self) -> str:
        """The steps as stable text."""
        return f"{self.measure}: " + "; ".join(tier.as_text() for tier in self.tiers)
