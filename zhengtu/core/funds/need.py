"""What the account will have to pay over the coming weeks; docs/algorithms/funds.md.

Two parts: what is promised already and falls due, and what the pace of signing lets expect. Both wait the time from
promise to payment that recent payments took. Where too little is known the answer says so and gives no figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from zhengtu.core.funds.history import AccountHistory, Course
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import EXACT, ZERO, to_fen
from zhengtu.core.kernel.reasons import Reason

DAYS_A_WEEK: Final = 7
_SPEED_DIGITS: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """The numbers of ``rulebook/lights/funds.yaml`` under ``forecast``."""

    window_weeks: int
    least_weeks: int
    least_agreements: int
    least_payments: int
    lag_window_days: int
    spread_factor: Decimal
    horizon_days: int
    need_weeks: Sequence[int]
    coverage_weeks: int


@dataclass(frozen=True, slots=True)
class Trend:
    """What the dated facts say of signing and paying, with how much stands behind it.

    Attributes:
        weeks: full weeks observed.
        agreements: agreements and decisions in these weeks.
        pace: of them, in the mean of a week.
        spread: sample standard deviation of a week's number.
        mean_yuan: mean sum of an agreement.
        mean_of: over how many agreements that mean was taken.
        lag_days: median days from promise to payment; ``lag_of`` payments stand behind it, half of which
            took from ``lag_lower_days`` to ``lag_upper_days``.
    """

    weeks: int
    agreements: int
    pace: Decimal
    spread: Decimal
    mean_yuan: Decimal
    mean_of: int
    lag_days: int
    lag_of: int
    lag_lower_days: int
    lag_upper_days: int


@dataclass(frozen=True, slots=True)
class Need:
    """What has to be paid from the next day on to a day: likely, and between which bounds."""

    low_yuan: Decimal
    likely_yuan: Decimal
    high_yuan: Decimal


def trend_of(history: AccountHistory, *, on: date, rules: ForecastRules) -> tuple[Trend | None, list[Reason]]:
    """The trend by the end of a day, or None with the reasons why nothing is forecast."""
    weeks = _observed_weeks(history.commitments, on=on, rules=rules)
    window = weekly_counts(history.commitments, on=on, weeks=weeks)
    lags = history.lags_days
    paid = sum(lags.values())
    known = history.commitments.count_by(on)
    reasons = [
        _too_few(code, message, held, least)
        for code, message, held, least in (
            ("weeks", N_("Not enough data: %(held)s weeks of signing, %(least)s are needed."), weeks,
             rules.least_weeks),
            ("agreements", N_("Not enough data: %(held)s agreements or decisions, %(least)s are needed."), known,
             rules.least_agreements),
            ("payments", N_("Not enough data: %(held)s recent payments, %(least)s are needed."), paid,
             rules.least_payments),
        )
        if held < least
    ]
    if reasons:
        return None, reasons
    pace, spread = _mean_and_spread(window)
    mean, mean_of = _mean_agreement(history.commitments, on=on, weeks=weeks, least=rules.least_agreements)
    return Trend(
        weeks=weeks, agreements=sum(window), pace=pace, spread=spread, mean_yuan=mean, mean_of=mean_of,
        lag_days=quantile(lags, Decimal("0.5")), lag_of=paid, lag_lower_days=quantile(lags, Decimal("0.25")),
        lag_upper_days=quantile(lags, Decimal("0.75")),
    ), []


def _too_few(code: str, message: str, held: int, least: int) -> Reason:
    return Reason(code=f"funds.too_few_{code}", message=message, parameters={"held": held, "least": least})


def _observed_weeks(commitments: Course, *, on: date, rules: ForecastRules) -> int:
    first = commitments.first_on
    if first is None or first > on:
        return 0
    return min(rules.window_weeks, ((on - first).days + 1) // DAYS_A_WEEK)


def weekly_counts(commitments: Course, *, on: date, weeks: int) -> list[int]:
    """Households settled in each of the last weeks, the latest week first; a week ends on ``on``."""
    ends = [on - timedelta(days=DAYS_A_WEEK * week) for week in range(weeks + 1)]
    counts = [commitments.count_by(end) for end in ends]
    return [later - earlier for later, earlier in pairwise(counts)]


def _mean_and_spread(counts: Sequence[int]) -> tuple[Decimal, Decimal]:
    mean = EXACT.divide(Decimal(sum(counts)), Decimal(len(counts)))
    squares = sum(((Decimal(count) - mean) ** 2 for count in counts), Decimal(0))
    spread = EXACT.sqrt(EXACT.divide(squares, Decimal(max(1, len(counts) - 1))))
    return mean, spread


def _mean_agreement(commitments: Course, *, on: date, weeks: int, least: int) -> tuple[Decimal, int]:
    """The mean of the observed weeks where they hold enough agreements, else of all until now."""
    before = on - timedelta(days=DAYS_A_WEEK * weeks)
    count = commitments.count_by(on) - commitments.count_by(before)
    if count >= least:
        amount = commitments.by(on) - commitments.by(before)
    else:
        count, amount = commitments.count_by(on), commitments.by(on)
    return max(ZERO, to_fen(EXACT.divide(amount, Decimal(count)))), count


def quantile(counted: Mapping[int, int], share: Decimal) -> int:
    """The smallest value that at least the share of the counted ones do not exceed."""
    needed, reached = share * sum(counted.values()), 0
    for value in sorted(counted):
        reached += counted[value]
        if reached >= needed:
            return value
    raise ValueError("nothing counted")


def owed(history: AccountHistory, *, on: date) -> Decimal:
    """What is promised and not yet paid."""
    return max(ZERO, history.commitments.by(on) - history.payments.by(on))


def need_until(
    history: AccountHistory, trend: Trend, *, on: date, days: int, rules: ForecastRules
) -> Need:
    """What has to be paid by the end of the day so many days after ``on``.

    What was promised first is taken to be paid first. Households still unsettled bound what can be signed.
    """
    ripe = history.commitments.by(min(on, on + timedelta(days=days - trend.lag_days)))
    due = min(max(ZERO, ripe - history.payments.by(on)), owed(history, on=on))
    weeks, root = _weeks_of(max(0, days - trend.lag_days))
    likely = trend.pace * weeks
    margin = rules.spread_factor * trend.spread * root
    return Need(*(
        due + to_fen(min(Decimal(history.unsettled), max(Decimal(0), households)) * trend.mean_yuan)
        for households in (likely - margin, likely, likely + margin)
    ))


@lru_cache(maxsize=1024)
def _weeks_of(days: int) -> tuple[Decimal, Decimal]:
    """Days as weeks, and the root of these: errors of independent weeks add up like their roots."""
    weeks = EXACT.divide(Decimal(days), Decimal(DAYS_A_WEEK))
    return weeks, EXACT.sqrt(weeks)


def shown_pace(value: Decimal) -> Decimal:
    """A pace or spread to two decimals, as it is shown."""
    return value.quantize(_SPEED_DIGITS)
