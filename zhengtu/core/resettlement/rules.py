"""Types of homes and stages of works, as the rulebook has them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhengtu.core.resettlement.works import WorksStage


@dataclass(frozen=True, slots=True)
class HomeType:
    """A type of resettlement home: built areas in m² from one (counted) below another (None: without end)."""

    id: str
    label: tuple[str, str]
    from_m2: Decimal
    below_m2: Decimal | None = None

    def holds(self, area_m2: Decimal) -> bool:
        """Whether a home of that area is of the type."""
        return self.from_m2 <= area_m2 and (self.below_m2 is None or area_m2 < self.below_m2)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list that is imported.

    Attributes:
        type: text, date, number, choice (of the fact's attribute), home_type, unit, site or rule.
        headings: what the column may be called; pages show the first in Chinese, the last in English.
    """

    id: str
    type: str
    label: tuple[str, str]
    headings: Sequence[str]
    is_required: bool = False

    def is_headed(self, heading: str) -> bool:
        """Whether a heading means this column, blanks, case and width of letters apart."""
        return plain_heading(heading) in {plain_heading(one) for one in self.headings}


def plain_heading(text: str) -> str:
    """A heading without blanks and case, its letters and brackets of usual width."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


@dataclass(frozen=True, slots=True)
class ResettlementRules:
    """What the rulebook says of resettlement homes.

    Attributes:
        stages: stages of the works in order, permits first.
        frost_months: calendar months in which outdoor works rest.
        source: what the usual times rest on; confidence: how far that carries.
        home_types: by id, the smallest first.
        lists: list (entitlements, sites, homes, stock, addresses) -> its columns; lines_limit: most lines read at once.
    """

    stages: Sequence[WorksStage]
    frost_months: Sequence[int]
    source: str
    confidence: str
    home_types: Mapping[str, HomeType]
    lists: Mapping[str, Sequence[ListColumn]]
    lines_limit: int

    def type_of(self, area_m2: Decimal) -> str:
        """Id of the type of a home of that area; the types leave no area out."""
        return next(one.id for one in self.home_types.values() if one.holds(area_m2))
