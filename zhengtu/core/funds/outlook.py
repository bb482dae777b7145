"""How long the money lasts: the day on which the account runs out, and the gap of each coming week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhengtu.core.funds.history import AccountHistory, Course
from zhengtu.core.funds.need import DAYS_A_WEEK, ForecastRules, Need, Trend, need_until
from zhengtu.core.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class Week:
    """One coming week: what is planned to come in, what has to be paid, what is left at its end.

    ``until_then`` is the need of all weeks until its end; ``gap_yuan`` is what is missing by then, planned money
    counted in, zero where nothing is.
    """

    starts_on: date
    ends_on: date
    planned_yuan: Decimal
    need_yuan: Decimal
    until_then: Need
    closing_yuan: Decimal
    gap_yuan: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead of an account with a forecast.

    Attributes:
        needs: weeks -> need over so many coming weeks.
        runs_out_on: first day on which the money does not suffice, nothing more coming in; None: not in sight.
        runs_out_early_on: the same for the upper bound of the need.
        runs_out_with_plan_on: the same with planned money coming in on its day.
        coverage: balance over the need of the coverage weeks; None where nothing is needed.
    """

    needs: dict[int, Need]
    runs_out_on: date | None
    runs_out_early_on: date | None
    runs_out_with_plan_on: date | None
    coverage: Decimal | None
    weeks: Sequence[Week]


def outlook_of(
    history: AccountHistory, trend: Trend, *, on: date, rules: ForecastRules, planned: Course, arrived: Course
) -> Outlook:
    """The outlook from the end of a day on.

    Args:
        planned, arrived: courses of the history's plan and arrivals.
    """
    balance = arrived.by(on) - history.payments.by(on)
    horizon = rules.horizon_days
    known: dict[int, Need] = {}

    def need(days: int) -> Need:
        if days not in known:
            known[days] = need_until(history, trend, on=on, days=days, rules=rules)
        return known[days]

    def coming(days: int) -> Decimal:
        return still_to_come(planned, arrived, on=on, until=on + timedelta(days=days))

    def days_until(outflow: Callable[[int], Decimal], income: Callable[[int], Decimal]) -> date | None:
        due = [(day - on).days for day in planned.days if 0 < (day - on).days <= horizon]
        days = _first_short(balance, outflow, income, steps=[0, *sorted(set(due))], horizon=horizon)
        return None if days is None else on + timedelta(days=days)

    def nothing(days: int) -> Decimal:
        return ZERO

    spent = need(rules.coverage_weeks * DAYS_A_WEEK).likely_yuan
    return Outlook(
        needs={weeks: need(weeks * DAYS_A_WEEK) for weeks in rules.need_weeks},
        runs_out_on=days_until(lambda days: need(days).likely_yuan, nothing),
        runs_out_early_on=days_until(lambda days: need(days).high_yuan, nothing),
        runs_out_with_plan_on=days_until(lambda days: need(days).likely_yuan, coming),
        coverage=max(Decimal(0), balance) / spent if spent else None,
        weeks=_weeks(
            balance, [need(week * DAYS_A_WEEK) for week in range(max(rules.need_weeks) + 1)],
            [coming(week * DAYS_A_WEEK) for week in range(max(rules.need_weeks) + 1)], on=on,
        ),
    )


def still_to_come(planned: Course, arrived: Course, *, on: date, until: date) -> Decimal:
    """Planned money that will come in from the next day to ``until``.

    What came early is not expected again; what is late is not counted on.
    """
    return max(ZERO, planned.by(until) - max(planned.by(on), arrived.by(on)))


def _first_short(
    balance: Decimal,
    outflow: Callable[[int], Decimal],
    income: Callable[[int], Decimal],
    *,
    steps: Sequence[int],
    horizon: int,
) -> int | None:
    """The first day of 0 … horizon on which outflow exceeds the balance and what has come in; None: none.

    Outflow never falls, and income rises on the given days alone: between two of them the days divide into those
    before and those after, so that halving finds the place.
    """
    for first, following in zip(steps, [*steps[1:], horizon + 1], strict=True):
        held = balance + income(first)
        if outflow(following - 1) <= held:
            continue
        low, high = first, following - 1
        while low < high:
            middle = (low + high) // 2
            if outflow(middle) > held:
                high = middle
            else:
                low = middle + 1
        return low
    return None


def _weeks(balance: Decimal, needs: Sequence[Need], coming: Sequence[Decimal], *, on: date) -> list[Week]:
    """Coming weeks from what is needed and comes in by the end of each; the first entry is the day itself."""
    weeks = []
    for number, (need, before) in enumerate(zip(needs[1:], [Need(ZERO, ZERO, ZERO), *needs[1:]], strict=False)):
        # What is due at once belongs to the first week.
        closing = balance + coming[number + 1] - need.likely_yuan
        start = on + timedelta(days=number * DAYS_A_WEEK)
        weeks.append(Week(
            starts_on=start + timedelta(days=1), ends_on=start + timedelta(days=DAYS_A_WEEK),
            planned_yuan=coming[number + 1] - coming[number],
            need_yuan=need.likely_yuan - before.likely_yuan, until_then=need,
            closing_yuan=closing, gap_yuan=max(ZERO, -closing),
        ))
    return weeks
