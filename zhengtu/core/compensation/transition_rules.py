"""Rules on transition subsidies, and what an agreement says beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.compensation.facts import Regime
from zhengtu.core.compensation.parameters import Confidence, Label


class PartMonth(StrEnum):
    """What a month counts that was begun but not completed."""

    FULL = "full"
    DAYS = "days"
    THIRTIETHS = "thirtieths"
    NOTHING = "nothing"


class CountFrom(StrEnum):
    """From when the steps count their months: from the start of transition, or from the end of the agreed term."""

    START = "start"
    TERM_END = "term_end"


class Multiplied(StrEnum):
    """What a multiplier multiplies."""

    AGREED_RATE = "agreed_rate"
    LATEST_STANDARD = "latest_standard"


@dataclass(frozen=True, slots=True)
class Step:
    """Months ``from_month`` to ``to_month`` (both counted, None: without end) at a rate or at a multiple.

    ``by_agreement``: the multiple is the one that the agreement itself states.
    """

    from_month: int
    to_month: int | None
    yuan_per_m2: Decimal | None = None
    multiplier: Decimal | None = None
    by_agreement: bool = False


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """How one place pays for the time until delivery.

    Attributes:
        place: prefix of division codes, empty for the agreement's own clause, which holds where an agreement names it.
        regimes: those it is written for.
        least_area_m2: smaller homes count as this.
        turnover_multiplier: multiple paid for overdue months to who lives in turnover housing; None: not regulated.
        months_after_delivery: months still paid, at the single rate, after delivery (fitting out).
        part_month_source: what the policy for begun months rests on.
    """

    id: str
    label: Label
    place: str
    regimes: frozenset[Regime]
    count_from: CountFrom
    steps: tuple[Step, ...]
    source: str
    confidence: Confidence
    part_month: PartMonth
    part_month_source: str
    multiplied: Multiplied = Multiplied.AGREED_RATE
    least_area_m2: Decimal | None = None
    turnover_multiplier: Decimal | None = None
    months_after_delivery: int = 0
    from_on: date | None = None
    until_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AgreedTransition:
    """What the agreement says: term in months, rate in yuan per m² and month; the latest published standard.

    ``overdue_multiplier``: multiple of the agreed rate for overdue months, where the agreement states one.
    """

    months: int
    yuan_per_m2_month: Decimal | None
    latest_standard: Decimal | None = None
    in_turnover_housing: bool = False
    overdue_multiplier: Decimal | None = None
