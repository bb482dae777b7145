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


class Counted(StrEnum):
    """What a monthly rate is paid for: each m² or each room of the home given up, or each person of the family."""

    M2 = "m2"
    ROOM = "room"
    PERSON = "person"


class Multiplied(StrEnum):
    """What a multiplier multiplies."""

    AGREED_RATE = "agreed_rate"
    LATEST_STANDARD = "latest_standard"
    OWN_RATE = "own_rate"


@dataclass(frozen=True, slots=True)
class Step:
    """Months ``from_month`` to ``to_month`` (both counted, None: without end) at a rate or at a multiple.

    ``yuan``: a month for each m², room or person that the rule counts; ``by_agreement``: the multiple is the one that
    the agreement itself states.
    """

    from_month: int
    to_month: int | None
    yuan: Decimal | None = None
    multiplier: Decimal | None = None
    by_agreement: bool = False


@dataclass(frozen=True, slots=True)
class PaymentRhythm:
    """When what accrues falls due.

    Attributes:
        every_months: months of transition that are paid together once they have run; None: nothing says when.
        prepaid_months: the first of them are paid at once on the first day.
    """

    every_months: int | None
    prepaid_months: int = 0


@dataclass(frozen=True, slots=True)
class WaitingRight:
    """What a family may demand once it has waited past the agreed term for so many months.

    Attributes:
        overdue_months: it may from the first day after so many overdue months; 0: from the first overdue day.
        way: the wish that demands it, as ``way_chosen`` has it.
        within_months: in so many months from the demand it must be done; None: no term is set.
        text: Chinese and English, in plain words.
    """

    id: str
    overdue_months: int
    way: str
    within_months: int | None
    text: Label
    source: str


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """How one place pays for the time until delivery.

    Attributes:
        place: prefix of division codes, empty for the agreement's own clause, which holds where an agreement names it.
        regimes: those it is written for.
        counted: what its rates are paid for; own_rate: yuan a month for each of them, where the rule itself gives one.
        named_only: never found by place, only where an agreement names it: it is of a part of the place, or its
            regime is not on file.
        pays: when it falls due; None: the rule does not say.
        rights: what the family may demand once overdue.
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
    counted: Counted = Counted.M2
    own_rate: Decimal | None = None
    named_only: bool = False
    pays: PaymentRhythm | None = None
    rights: tuple[WaitingRight, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    note: str = ""

    def __hash__(self) -> int:
        """By its id: rates of many agreements are looked up by their rule."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class AgreedTransition:
    """What the agreement says: term in months, rate in yuan per m² and month; the latest published standard.

    ``overdue_multiplier``: multiple of the agreed rate for overdue months, where the agreement states one;
    ``rooms``, ``persons``: those that a rule by room or by person counts; ``pay_every_months``: its own rhythm.
    """

    months: int
    yuan_per_m2_month: Decimal | None
    latest_standard: Decimal | None = None
    in_turnover_housing: bool = False
    overdue_multiplier: Decimal | None = None
    rooms: int | None = None
    persons: int | None = None
    pay_every_months: int | None = None
