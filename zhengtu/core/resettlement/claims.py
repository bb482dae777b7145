"""Claims among payers: one advanced what another is held to owe. All of it is repaid, settled or open, to the fen.

Nothing here touches what a family is owed: it has its money or its home, whoever bears it in the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, grouped, to_fen
from zhengtu.core.kernel.reasons import Reason


class ClaimStep(StrEnum):
    """What happens to a claim; the values are kinds of fact."""

    OPENED = "claim_opened"
    REPAID = "claim_repaid"
    SETTLED = "claim_settled"


@dataclass(frozen=True, slots=True)
class ClaimMove:
    """One step with its sum (yuan to the fen)."""

    step: ClaimStep
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ClaimAccount:
    """Where a claim stands: ``opened == repaid + settled + open`` to the fen.

    Attributes:
        settled: what was decided not to be repaid.
        closed_on: the day on which nothing was open any more, or None.
    """

    opened: Decimal = ZERO
    repaid: Decimal = ZERO
    settled: Decimal = ZERO
    closed_on: date | None = None

    @property
    def open(self) -> Decimal:
        """What is still to be repaid or settled."""
        return self.opened - self.repaid - self.settled


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Days that a claim is open: more than ``over``, up to ``up_to`` (None: without end)."""

    over: int
    up_to: int | None

    @property
    def id(self) -> str:
        """``0-90``, ``over-365``."""
        return f"over-{self.over}" if self.up_to is None else f"{self.over}-{self.up_to}"


@dataclass(frozen=True, slots=True)
class ClaimTotals:
    """Claims added up; by_band: what is open, by age."""

    claims: int = 0
    still_open: int = 0
    opened: Decimal = ZERO
    repaid: Decimal = ZERO
    settled: Decimal = ZERO
    open: Decimal = ZERO
    by_band: Sequence[Decimal] = field(default=())


def claim_account(moves: Iterable[ClaimMove]) -> ClaimAccount:
    """The account after these steps."""
    sums = dict.fromkeys(ClaimStep, ZERO)
    closed_on: date | None = None
    for move in sorted(moves, key=lambda one: (one.on, list(ClaimStep).index(one.step))):
        sums[move.step] += move.amount
        still_open = sums[ClaimStep.OPENED] - sums[ClaimStep.REPAID] - sums[ClaimStep.SETTLED]
        closed_on = move.on if still_open == 0 and sums[ClaimStep.OPENED] else None
    return ClaimAccount(sums[ClaimStep.OPENED], sums[ClaimStep.REPAID], sums[ClaimStep.SETTLED], closed_on)


def move_reasons(account: ClaimAccount, amount: Decimal) -> list[Reason]:
    """Why a claim that stands so may not be repaid or settled by that sum; empty when it may."""
    if amount <= 0 or amount != to_fen(amount):
        return [Reason(
            code="resettlement.claim_sum", message=N_("The sum is not above zero and to the fen."),
            remedy=N_("Give the sum in yuan."),
        )]
    if amount > account.open:
        return [Reason(
            code="resettlement.claim_beyond", message=N_("Only %(open)s yuan of the claim are open, not %(given)s."),
            parameters={"open": grouped(account.open), "given": grouped(amount)},
            remedy=N_("Give what was repaid or decided on this claim alone."),
        )]
    return []


def age_bands(limits: Sequence[int]) -> tuple[AgeBand, ...]:
    """Bands of age out of their upper limits in days."""
    starts = (0, *limits)
    return tuple(AgeBand(over, up_to) for over, up_to in zip(starts, (*limits, None), strict=True))


def band_of_age(days: int, bands: Sequence[AgeBand]) -> AgeBand:
    """The band of a claim that is open for so many days."""
    return next(band for band in reversed(bands) if days > band.over or band.over == 0)


def claim_totals(
    claims: Iterable[tuple[ClaimAccount, int]], *, bands: Sequence[AgeBand]
) -> ClaimTotals:
    """Accounts with their age in days, added up."""
    rows = list(claims)
    by_band = dict.fromkeys(bands, ZERO)
    for account, days in rows:
        by_band[band_of_age(days, bands)] += account.open
    return ClaimTotals(
        claims=len(rows), still_open=sum(account.open > 0 for account, _ in rows),
        opened=sum((account.opened for account, _ in rows), ZERO),
        repaid=sum((account.repaid for account, _ in rows), ZERO),
        settled=sum((account.settled for account, _ in rows), ZERO),
        open=sum((account.open for account, _ in rows), ZERO), by_band=tuple(by_band.values()),
    )
