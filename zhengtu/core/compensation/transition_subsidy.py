"""Transition subsidy by month until delivery, as each place's rule has it; without a rule there is no number.

National law sets no multiplier for overdue resettlement (decree 590, art. 22 only obliges to pay until delivery), so
every figure here rests on a rule on file, frozen by the agreement through its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from zhengtu.core.compensation.facts import Regime
from zhengtu.core.compensation.parameters import Confidence
from zhengtu.core.compensation.transition_rules import (
    AgreedTransition,
    Counted,
    CountFrom,
    Multiplied,
    PartMonth,
    Step,
    TransitionRule,
)
from zhengtu.core.kernel.civil_dates import add_months, whole_months_between
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import product, total
from zhengtu.core.kernel.reasons import Reason, Refused

__all__ = [
    "Accrual", "AccrualLine", "AgreedTransition", "CountFrom", "Counted", "Multiplied", "PartMonth", "RateStep", "Step",
    "TransitionRule", "accrue_transition_subsidy", "rate_steps", "transition_rule_for",
]

NO_RULE: Final = N_("Basis missing: no rule on transition subsidies is on file for this place and regime (%(about)s).")
NO_AGREED_RATE: Final = N_("Basis missing: rule %(about)s needs the agreed term and rate, which are not on file.")
NO_STANDARD: Final = N_("Basis missing: rule %(about)s multiplies the latest published standard, which is not on file.")
NO_TURNOVER: Final = N_("Basis missing: rule %(about)s does not say what is due in turnover housing.")
NO_CLAUSE: Final = N_("Basis missing: rule %(about)s takes the agreement's overdue multiple, and it states none.")
NO_ROOMS: Final = N_("Basis missing: rule %(about)s pays by room, and the number of rooms is not on file.")
NO_PERSONS: Final = N_("Basis missing: rule %(about)s pays by person, and the number of persons is not on file.")
NO_STEP: Final = N_("Basis missing: rule %(about)s has no step for month %(month)s.")


class AccrualLine(NamedTuple):
    """Months at one rate: ``amount = monthly × months`` (whole months), or the counted part of a begun month.

    Attributes:
        from_on, until_on: half-open.
        first_month, last_month: index from the start of transition, 1 first; 0 for months after delivery.
        months: whole months, or the part of one as ``days ÷ month_days``.
        rate: yuan a month for each m², room or person counted; monthly: their number × rate, to the fen.
        is_overdue: lies after the agreed term.
        rule, counted, source: what it rests on; the reason is only put into words where somebody reads it.
    """

    from_on: date
    until_on: date
    first_month: int
    last_month: int
    months: Decimal
    month_days: Decimal
    rate: Decimal
    monthly: Decimal
    amount: Decimal
    is_overdue: bool
    rule: TransitionRule
    counted: Decimal
    source: str

    @property
    def because(self) -> Reason:
        """Why it accrued."""
        if self.first_month:
            message = _ACCRUED[self.rule.counted]
            parameters: dict[str, object] = {"count": str(self.counted), "rate": f"{self.rate.normalize():f}"}
            return Reason("transition.accrued", message, parameters, source=self.source)
        parameters = {"months": int(self.months)}
        return Reason("transition.after_delivery", _AFTER_DELIVERY, parameters, source=self.source)


@dataclass(frozen=True, slots=True)
class Accrual:
    """What has accrued, by rule, with the m², rooms or persons counted and the sum of the lines (yuan)."""

    rule: str
    confidence: Confidence
    counted: Decimal
    lines: tuple[AccrualLine, ...]
    total: Decimal

    @property
    def overdue(self) -> Decimal:
        """The part that lies after the agreed term (yuan)."""
        return total([line.amount for line in self.lines if line.is_overdue])


def transition_rule_for(*, rules: Iterable[TransitionRule], place: str, regime: Regime, on: date) -> TransitionRule:
    """The rule of the closest place for an agreement made ``on``.

    Raises:
        Refused: basis missing, when no rule is on file. Never a number without a rule.
    """
    fitting = [
        rule
        for rule in rules
        if rule.place
        and not rule.named_only
        and place.startswith(rule.place)
        and regime in rule.regimes
        and (rule.from_on is None or rule.from_on <= on)
        and (rule.until_on is None or on < rule.until_on)
    ]
    if not fitting:
        raise _basis_missing(NO_RULE, place)
    return max(fitting, key=lambda rule: (len(rule.place), rule.from_on or date.min, rule.id))


def accrue_transition_subsidy(
    *,
    rule: TransitionRule | None,
    area_m2: Decimal,
    start_on: date,
    until_on: date,
    agreed: AgreedTransition | None = None,
    is_delivered: bool = False,
    fitting_out_months: int | None = None,
) -> Accrual:
    """The subsidy from ``start_on`` until ``until_on`` (not counted), month by month of the start day.

    The monthly sum is rounded to the fen once and then multiplied, so that monthly payments add up to it.

    Args:
        rule: None when none is on file.
        area_m2: area of the home given up.
        agreed: term and rate of the agreement, needed by rules that multiply them; rooms or persons, by those that
            count them.
        is_delivered: ``until_on`` is the delivery, after which some rules pay on for fitting out.
        fitting_out_months: how many of these months count; None: all that the rule pays.

    Raises:
        Refused: basis missing, when there is no rule or it lacks what it multiplies.
    """
    if rule is None:
        raise _basis_missing(NO_RULE, "—")
    counted = counted_by(rule, agreed, area_m2)
    lines: list[AccrualLine] = []
    complete = whole_months_between(start=start_on, end=until_on)
    begun = complete + (add_months(start_on, complete) < until_on)
    for step in rate_steps(rule, agreed, months=begun):
        for line in _lines_of(step, rule, counted, start_on=start_on, until_on=until_on, complete=complete):
            if not _joined(lines, line):
                lines.append(line)
    after = rule.months_after_delivery
    if fitting_out_months is not None:
        after = min(after, fitting_out_months)
    if is_delivered and after:
        lines += _after_delivery(rule, agreed, counted, until_on, months=after)
    return Accrual(
        rule=rule.id,
        confidence=rule.confidence,
        counted=counted,
        lines=tuple(lines),
        total=total([line.amount for line in lines]),
    )


def counted_by(rule: TransitionRule, agreed: AgreedTransition | None, area_m2: Decimal) -> Decimal:
    """The m², rooms or persons that the rule pays for.

    Raises:
        Refused: basis missing, where the number of rooms or persons is not on file.
    """
    if rule.counted is Counted.M2:
        return max(area_m2, rule.least_area_m2) if rule.least_area_m2 is not None else area_m2
    by_room = rule.counted is Counted.ROOM
    number = None if agreed is None else agreed.rooms if by_room else agreed.persons
    if number is None:
        raise _basis_missing(NO_ROOMS if by_room else NO_PERSONS, rule.id)
    return Decimal(number)


class RateStep(NamedTuple):
    """Months since the start of transition that are paid alike, 1 first.

    Attributes:
        last_month: the last of them, counted.
        rate: yuan a month for each m², room or person counted.
        is_overdue: lies after the agreed term.
    """

    first_month: int
    last_month: int
    rate: Decimal
    is_overdue: bool


def rate_steps(rule: TransitionRule, agreed: AgreedTransition | None, *, months: int) -> Iterator[RateStep]:
    """The rates of the first so many months, in order and without a gap.

    Raises:
        Refused: basis missing, when it comes to months that the rule cannot rate.
    """
    rates = _rates(rule, agreed)
    for place, (first, rate, is_overdue) in enumerate(rates):
        if first > months:
            return
        if isinstance(rate, Reason):
            raise Refused(rate)
        following = rates[place + 1].first_month if place + 1 < len(rates) else months + 1
        yield RateStep(first, min(following - 1, months), rate, is_overdue)


class _Rate(NamedTuple):
    """From which month on a rate holds, or why there is none."""

    first_month: int
    rate: Decimal | Reason
    is_overdue: bool


@lru_cache(maxsize=4_096)
def _rates(rule: TransitionRule, agreed: AgreedTransition | None) -> tuple[_Rate, ...]:
    """The rates of all months; families whose agreements say the same share them."""
    offset = 0 if rule.count_from is CountFrom.START or agreed is None else agreed.months
    starts = {1}
    if agreed is not None:
        starts.add(agreed.months + 1)
    for step in rule.steps:
        starts.add(offset + step.from_month)
        if step.to_month is not None:
            starts.add(offset + step.to_month + 1)
    found = []
    for first in sorted(starts):
        try:
            rate: Decimal | Reason = _rate(rule, agreed, first)
        except Refused as refused:
            rate = refused.reasons[0]
        found.append(_Rate(first, rate, agreed is not None and first > agreed.months))
    return tuple(found)


def _rate(rule: TransitionRule, agreed: AgreedTransition | None, index: int) -> Decimal:
    is_overdue = agreed is not None and index > agreed.months
    if rule.count_from is CountFrom.START:
        step = _step(rule, index)
    elif agreed is None:
        raise _basis_missing(NO_AGREED_RATE, rule.id)
    elif not is_overdue:
        return Decimal(0) if agreed.in_turnover_housing else _agreed_rate(rule, agreed)
    else:
        step = _step(rule, index - agreed.months)
    if step.yuan is not None:
        return _in_turnover(rule, agreed, step.yuan, is_overdue=is_overdue)
    if agreed is None:
        raise _basis_missing(NO_AGREED_RATE, rule.id)
    if rule.multiplied is Multiplied.LATEST_STANDARD:
        if agreed.latest_standard is None:
            raise _basis_missing(NO_STANDARD, rule.id)
        base = agreed.latest_standard
    else:
        base = _agreed_rate(rule, agreed)
    if agreed.in_turnover_housing:
        return _in_turnover(rule, agreed, base, is_overdue=is_overdue)
    times = agreed.overdue_multiplier if step.by_agreement else step.multiplier
    if times is None:
        raise _basis_missing(NO_CLAUSE, rule.id)
    return base * times


def _agreed_rate(rule: TransitionRule, agreed: AgreedTransition) -> Decimal:
    """The rate within the term: the rule's own where it gives one, else the agreement's."""
    if rule.own_rate is not None:
        return rule.own_rate
    if agreed.yuan_per_m2_month is None:
        raise _basis_missing(NO_AGREED_RATE, rule.id)
    return agreed.yuan_per_m2_month


def _in_turnover(rule: TransitionRule, agreed: AgreedTransition | None, rate: Decimal, *, is_overdue: bool) -> Decimal:
    if agreed is None or not agreed.in_turnover_housing:
        return rate
    if not is_overdue:
        return Decimal(0)
    if rule.turnover_multiplier is None:
        raise _basis_missing(NO_TURNOVER, rule.id)
    return rate * rule.turnover_multiplier


def _step(rule: TransitionRule, index: int) -> Step:
    for step in rule.steps:
        if step.from_month <= index and (step.to_month is None or index <= step.to_month):
            return step
    raise _basis_missing(NO_STEP, rule.id, month=index)


def _lines_of(
    step: RateStep, rule: TransitionRule, counted: Decimal, *, start_on: date, until_on: date, complete: int
) -> Iterator[AccrualLine]:
    """The complete months of a step, then the month that was begun in it, as the rule counts that one."""
    monthly = product(counted, step.rate)
    last = min(complete, step.last_month)
    whole = last - step.first_month + 1
    if whole > 0:
        yield AccrualLine(
            from_on=add_months(start_on, step.first_month - 1), until_on=add_months(start_on, last),
            first_month=step.first_month, last_month=last, months=Decimal(whole), month_days=_ONE, rate=step.rate,
            monthly=monthly, amount=monthly * whole, is_overdue=step.is_overdue, rule=rule, counted=counted,
            source=rule.source,
        )
    if step.last_month == complete or last < complete or rule.part_month is PartMonth.NOTHING:
        return
    begun_on = add_months(start_on, complete)
    days, per = _counted_days(
        rule.part_month, (until_on - begun_on).days, (add_months(start_on, complete + 1) - begun_on).days
    )
    yield AccrualLine(
        from_on=begun_on, until_on=until_on, first_month=complete + 1, last_month=complete + 1, months=days,
        month_days=per, rate=step.rate, monthly=monthly,
        amount=monthly if per == 1 else product(monthly, days, per=per), is_overdue=step.is_overdue, rule=rule,
        counted=counted, source=rule.part_month_source,
    )


def _counted_days(policy: PartMonth, days: int, month_days: int) -> tuple[Decimal, Decimal]:
    """What a begun month counts, as days and the days that a month has; one of one where it counts whole."""
    per = 30 if policy is PartMonth.THIRTIETHS else month_days
    counted = per if policy is PartMonth.FULL else min(days, per)
    return (_ONE, _ONE) if counted == per else (Decimal(counted), Decimal(per))


_ONE: Final = Decimal(1)
_ACCRUED: Final = {
    Counted.M2: N_("%(count)s m² counted at %(rate)s yuan per m² and month; begun months by the rule's policy."),
    Counted.ROOM: N_("%(count)s rooms at %(rate)s yuan per room and month; begun months by the rule's policy."),
    Counted.PERSON: N_("%(count)s persons at %(rate)s yuan per person and month; begun months by the rule's policy."),
}
_AFTER_DELIVERY: Final = N_("%(months)s months after delivery, for fitting out.")


def _joined(lines: list[AccrualLine], line: AccrualLine) -> bool:
    """Whether ``line`` continues the last one, which then is replaced by both together."""
    if not lines:
        return False
    last = lines[-1]
    if (last.rate, last.is_overdue, last.source) != (line.rate, line.is_overdue, line.source):
        return False
    if last.month_days != 1 or line.month_days != 1:
        return False
    lines[-1] = last._replace(
        until_on=line.until_on, last_month=line.last_month, months=last.months + line.months,
        amount=last.amount + line.amount,
    )
    return True


def _after_delivery(
    rule: TransitionRule, agreed: AgreedTransition | None, counted: Decimal, delivered_on: date, *, months: int
) -> list[AccrualLine]:
    if agreed is None:
        raise _basis_missing(NO_AGREED_RATE, rule.id)
    if agreed.in_turnover_housing:
        return []
    rate = _agreed_rate(rule, agreed)
    monthly = product(counted, rate)
    return [
        AccrualLine(
            from_on=delivered_on, until_on=add_months(delivered_on, months), first_month=0, last_month=0,
            months=Decimal(months), month_days=_ONE, rate=rate, monthly=monthly, amount=monthly * months,
            is_overdue=False, rule=rule, counted=counted, source=rule.source,
        )
    ]


def _basis_missing(message: str, about: str, **parameters: object) -> Refused:
    return Refused(
        Reason(
            code="transition.basis_missing",
            message=message,
            parameters={"about": about, **parameters},
            source="state-council-decree-590#22",
            remedy=N_("Enter the local rule, or the clause of the agreement, with its source."),
        )
    )
