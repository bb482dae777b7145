"""The account of one family's transition subsidy on any day: accrued by its rule, paid, owed, and what waiting costs.

A family whose agreement names no rule that can be reckoned has no accrued sum: the reason stands in its place, and
totals count such families beside the money.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.payment_calendar import Instalment, due_through, instalments
from zhengtu.core.compensation.transition_rules import PaymentRhythm
from zhengtu.core.compensation.transition_subsidy import (
    Accrual,
    AccrualLine,
    AgreedTransition,
    PartMonth,
    TransitionRule,
    accrue_transition_subsidy,
    counted_by,
    rate_steps,
)
from zhengtu.core.kernel.civil_dates import add_months, whole_months_between
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, product, total
from zhengtu.core.kernel.reasons import Reason, Refused

NO_RULE_NAMED: Final = N_("Basis missing: no rule on transition subsidies was entered for this family's agreement.")
RULE_UNKNOWN: Final = N_("Basis missing: the rule %(rule)s that the agreement names is not in the rulebook.")
NO_TERMS: Final = N_("Basis missing: what was agreed with this family on transition is not on file.")
OWN_CLAUSE: Final = "agreement"
"""Id of the rule that takes rate and multiple from the agreement itself."""
_MONTHS_A_YEAR: Final = Decimal(12)
_DAYS_A_YEAR: Final = Decimal(365)
_DAYS_A_MONTH: Final = 365 / 12
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WaitingTerms:
    """On what a family waits, as its agreement has it.

    Attributes:
        rule: the rule that the agreement froze.
        area_m2: area that the subsidy counts.
        moved_out_on: first day of transition.
        home_on: day on which the family came home; that day is no longer counted. None: it waits.
        is_delivered: whether it came home into a home, not by a settlement in money.
    """

    rule: TransitionRule
    area_m2: Decimal
    moved_out_on: date
    agreed: AgreedTransition
    home_on: date | None = None
    is_delivered: bool = False

    @property
    def stops_on(self) -> date | None:
        """First day for which nothing is due any more; None while the family waits."""
        if self.home_on is None:
            return None
        pays_on = self.is_delivered and not self.agreed.in_turnover_housing
        return add_months(self.home_on, self.rule.months_after_delivery) if pays_on else self.home_on

    @property
    def rhythm(self) -> PaymentRhythm | None:
        """When it falls due: by the agreement's own rhythm, else by the rule's; None: neither says.

        Nobody prepays beyond the agreed term: what is overdue cannot be foreseen.
        """
        own, pays = self.agreed.pay_every_months, self.rule.pays
        if own is None and pays is None:
            return None
        prepaid = min(pays.prepaid_months, self.agreed.months) if pays else 0
        return PaymentRhythm(own if own is not None else pays.every_months if pays else None, prepaid)


@dataclass(frozen=True, slots=True)
class SubsidyAccount:
    """Where a family's subsidy stands by the end of a day; sums in yuan to the fen.

    Attributes:
        accrued: by its rule, None where the basis is missing; overdue: the part of it after the agreed period.
        monthly: what the month that runs on the day comes to, 0 when none runs; None where the basis is missing.
        due: what has fallen due by the rhythm on file, also what is paid ahead by it; None where the basis is missing.
        is_dated: whether a rhythm says when the rest falls due.
        missing: why there is no sum.
        is_former: the share of a payer that no longer pays.
        parts: the same by payer where it changed: what one paid ahead does not set off what another owes.
    """

    on: date
    paid: Decimal = ZERO
    accrued: Decimal | None = None
    overdue: Decimal | None = None
    monthly: Decimal | None = None
    due: Decimal | None = None
    is_dated: bool = False
    rule: str = ""
    lines: Sequence[AccrualLine] = field(default=(), repr=False)
    missing: Reason | None = None
    is_former: bool = False
    parts: Sequence[SubsidyAccount] = field(default=(), repr=False)

    @property
    def owed(self) -> Decimal | None:
        """Accrued and not paid."""
        return self._of_parts(lambda one: one.owed, lambda accrued, due: accrued - self.paid)

    @property
    def prepaid(self) -> Decimal | None:
        """Paid beyond what has accrued."""
        return self._of_parts(lambda one: one.prepaid, lambda accrued, due: self.paid - accrued)

    @property
    def arrears(self) -> Decimal | None:
        """Fallen due and not paid."""
        return self._of_parts(lambda one: one.arrears, lambda accrued, due: due - self.paid)

    @property
    def running(self) -> Decimal | None:
        """Accrued, not paid and not fallen due: by the rhythm on file, or because none is."""
        return self._of_parts(lambda one: one.running, lambda accrued, due: accrued - max(due, self.paid))

    def _of_parts(
        self, of_part: Callable[[SubsidyAccount], Decimal | None], reckon: Callable[[Decimal, Decimal], Decimal]
    ) -> Decimal | None:
        """A sum of an account that is never below nought; where payers changed, that of their shares."""
        if self.parts:
            return total([of_part(one) or ZERO for one in self.parts])
        if self.accrued is None or self.due is None:
            return None
        return max(reckon(self.accrued, self.due), ZERO)

    @property
    def per_day(self) -> Decimal | None:
        """What one more day costs (yuan)."""
        return None if self.monthly is None else per_day(self.monthly)


@dataclass(frozen=True, slots=True)
class PaidPeriod:
    """A payment for the days from ``from_on`` until ``until_on`` (not counted)."""

    from_on: date
    until_on: date
    amount: Decimal


def per_day(monthly: Decimal) -> Decimal:
    """Yuan per day of a monthly sum: twelve months over 365 days, to the fen."""
    return product(monthly, _MONTHS_A_YEAR, per=_DAYS_A_YEAR)


def frozen_rule(
    rules: Mapping[str, TransitionRule], id: str, *, overdue_multiplier: Decimal | None = None
) -> TransitionRule:
    """The rule that an agreement froze; where it names none but states a multiple, that is its own clause.

    Raises:
        Refused: basis missing, when there is neither, or the rulebook does not have the rule.
    """
    if not id and overdue_multiplier is not None:
        id = OWN_CLAUSE
    if not id:
        raise Refused(basis_missing(NO_RULE_NAMED))
    if id not in rules:
        raise Refused(basis_missing(RULE_UNKNOWN, rule=id))
    return rules[id]


def accrued_until(terms: WaitingTerms, until_on: date) -> Accrual:
    """What accrued from the first day of transition until a day, which is not counted; nothing accrues after the stop.

    After the delivery of a home the months for fitting out accrue as they begin, where the rule has any.

    Raises:
        Refused: basis missing.
    """
    home_on, rule = terms.home_on, terms.rule
    if home_on is None or until_on <= home_on:
        return accrue_transition_subsidy(
            rule=rule, area_m2=terms.area_m2, start_on=terms.moved_out_on, until_on=until_on, agreed=terms.agreed
        )
    begun = whole_months_between(start=home_on, end=until_on - _DAY) + 1
    return accrue_transition_subsidy(
        rule=rule, area_m2=terms.area_m2, start_on=terms.moved_out_on, until_on=home_on, agreed=terms.agreed,
        is_delivered=terms.is_delivered, fitting_out_months=begun,
    )


def accrued_by(terms: WaitingTerms, day: date) -> Decimal:
    """What has accrued by the end of a day (yuan).

    Raises:
        Refused: basis missing.
    """
    return accrued_until(terms, day + _DAY).total


def due_for(terms: WaitingTerms, period: PaidPeriod) -> Decimal:
    """What accrues in a period by the rule (yuan): periods that follow one another add up to what accrues in all.

    Raises:
        Refused: basis missing.
    """
    return accrued_until(terms, period.until_on).total - accrued_until(terms, period.from_on).total


def account_on(terms: WaitingTerms, *, on: date, paid: Decimal = ZERO) -> SubsidyAccount:
    """The account by the end of a day, or the account that says why there is none.

    Args:
        on: in the future: a forecast, if the family waits until then.
        paid: sum of the payments that count on the day.
    """
    try:
        accrual = accrued_until(terms, on + _DAY)
        rhythm = terms.rhythm
        monthly, due = _monthly(terms, accrual, on), _due(terms, accrual, on) if rhythm is not None else ZERO
    except Refused as refused:
        return SubsidyAccount(on=on, paid=paid, rule=terms.rule.id, missing=refused.reasons[0])
    return SubsidyAccount(
        on=on, paid=paid, accrued=accrual.total, overdue=accrual.overdue, monthly=monthly, due=due,
        is_dated=rhythm is not None and rhythm.every_months is not None, rule=accrual.rule,
        lines=accrual.lines,
    )


def due_until_on(terms: WaitingTerms, *, on: date) -> date:
    """The day until which (not counted) everything that accrues has fallen due by the end of a day."""
    return due_through(terms.rhythm, start_on=terms.moved_out_on, stops_on=terms.stops_on, on=on)


def _due(terms: WaitingTerms, accrual: Accrual, on: date) -> Decimal:
    """What has fallen due by the end of a day, read off its accrual where that reaches so far."""
    day = due_until_on(terms, on=on)
    if day <= terms.moved_out_on:
        return ZERO
    sums = []
    for line in accrual.lines:
        if line.until_on <= day:
            sums.append(line.amount)
        elif line.from_on < day:
            if not line.first_month or line.month_days != 1:
                return accrued_until(terms, day).total
            months = whole_months_between(start=terms.moved_out_on, end=day) - line.first_month + 1
            sums.append(line.monthly * months)
    return total(sums) if day <= on + _DAY else accrued_until(terms, day).total


@dataclass(frozen=True, slots=True)
class DueInstalment:
    """An instalment with its sum (yuan)."""

    instalment: Instalment
    amount: Decimal


def instalments_after(terms: WaitingTerms, day: date, *, until: date) -> Iterator[DueInstalment]:
    """What falls due after a day and by another, if the family waits until then; instalments of nothing are left out.

    Raises:
        Refused: basis missing.
    """
    for one in instalments(terms.rhythm, start_on=terms.moved_out_on, stops_on=terms.stops_on, after=day):
        if one.due_on > until:
            return
        amount = due_for(terms, PaidPeriod(one.from_on, one.until_on, ZERO))
        if amount:
            yield DueInstalment(one, amount)


def _monthly(terms: WaitingTerms, accrual: Accrual, on: date) -> Decimal:
    """The monthly sum of the month that runs on the day."""
    if on < terms.moved_out_on:
        return ZERO
    if terms.home_on is not None and on >= terms.home_on:
        last = accrual.lines[-1] if accrual.lines else None
        is_fitting_out = last is not None and last.first_month == 0 and on < last.until_on
        return last.monthly if last is not None and is_fitting_out else ZERO
    if terms.rule.part_month is not PartMonth.NOTHING:
        return accrual.lines[-1].monthly
    month = whole_months_between(start=terms.moved_out_on, end=on) + 1
    *_, step = rate_steps(terms.rule, terms.agreed, months=month)
    return product(accrual.counted, step.rate)


def sums_ahead(terms: WaitingTerms, *, on: date, months: int) -> tuple[tuple[float, Decimal], ...]:
    """Monthly sums that a family is paid later, if it waits on: after how many months (of 365/12 days), and how much.

    Args:
        months: how far it looks from the day.

    Raises:
        Refused: basis missing for one of these months.
    """
    rule, start = terms.rule, terms.moved_out_on
    counted = counted_by(rule, terms.agreed, terms.area_m2)
    begun = whole_months_between(start=start, end=on) + 1 if on >= start else 0
    ahead = months if begun else months + whole_months_between(start=on, end=start) + 1
    found: list[tuple[float, Decimal]] = []
    rate: Decimal | None = None
    for step in rate_steps(rule, terms.agreed, months=begun + ahead):
        if step.first_month > begun and step.rate != rate:
            days = (add_months(start, step.first_month - 1) - on).days
            found.append((days / _DAYS_A_MONTH, product(counted, step.rate)))
        rate = step.rate
    return tuple(found)


def overlaps(periods: Iterable[PaidPeriod], period: PaidPeriod) -> PaidPeriod | None:
    """The first of the periods that shares a day with this one."""
    return next(
        (one for one in periods if one.from_on < period.until_on and period.from_on < one.until_on), None
    )


def basis_missing(message: str, **parameters: object) -> Reason:
    """Why there is no sum, with what to do."""
    return Reason(
        code="transition.basis_missing", message=message, parameters=parameters, source="state-council-decree-590#22",
        remedy=N_("Enter the local rule, or the clause of the agreement, with its source."),
    )
