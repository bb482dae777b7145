"""When "cleared" counts as verified: a second source that does not depend on who reported it says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Source(StrEnum):
    """Who says that a house is empty or gone."""

    UNIT = "unit"
    INSPECTOR = "inspector"
    IMAGERY = "imagery"
    UTILITY = "utility"
    PAYMENT = "payment"
    FAMILY = "family"


INDEPENDENT: Final = frozenset(Source) - {Source.UNIT}
"""Sources other than the unit that is measured by the figure."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One source's word on one household.

    Attributes:
        is_cleared: whether it says that the house is cleared.
        said_on: the day of which it speaks.
    """

    source: Source
    is_cleared: bool
    said_on: date


@dataclass(frozen=True, slots=True)
class Verified:
    """How a reported clearing stands.

    Attributes:
        by: independent sources whose latest word agrees.
        against: sources whose latest word contradicts.
    """

    by: frozenset[Source]
    against: frozenset[Source]

    @property
    def is_verified(self) -> bool:
        """Whether some independent source agrees and none contradicts."""
        return bool(self.by) and not self.against


def verified(*, reported_on: date, sayings: Iterable[Saying]) -> Verified:
    """What the sources say of a clearing reported for a day; of each source its latest word on or after it counts."""
    latest: dict[Source, Saying] = {}
    for saying in sayings:
        held = latest.get(saying.source)
        # A payment comes before the move by law, so it speaks from its own day on whatever that day is.
        counts = saying.said_on >= reported_on or saying.source is Source.PAYMENT
        if saying.source in INDEPENDENT and counts and (held is None or held.said_on <= saying.said_on):
            latest[saying.source] = saying
    return Verified(
        by=frozenset(source for source, one in latest.items() if one.is_cleared),
        against=frozenset(source for source, one in latest.items() if not one.is_cleared),
    )


def verified_share(households: Mapping[str, Sequence[Saying]], *, reported: Mapping[str, date]) -> tuple[int, int]:
    """How many of the households reported as cleared are verified, and how many are reported."""
    count = sum(
        verified(reported_on=on, sayings=households.get(code, ())).is_verified for code, on in reported.items()
    )
    return count, len(reported)
