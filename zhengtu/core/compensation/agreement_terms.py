"""What a compensation agreement must state, each term present or said not to apply: decree 590, art. 25.

The terms follow from the statement, the option and the dates agreed; nothing is typed twice. An agreement with a
term missing is not made, so no paper with a blank can come of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.facts import Mode, Option, Transition
from zhengtu.core.compensation.statement import Payee, Statement
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import ZERO, grouped, in_words, total
from zhengtu.core.kernel.reasons import Reason, Refused

SOURCE: Final = "state-council-decree-590#25"
PAID_FIRST: Final = "state-council-decree-590#27"
NOT_APPLICABLE: Final = N_("Does not apply.")


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its heading, what is agreed as English templates with their values, or that it does not apply."""

    id: str
    label: str
    clauses: Sequence[tuple[str, Mapping[str, object]]] = field(default_factory=tuple)

    @property
    def applies(self) -> bool:
        """Whether anything is agreed under it."""
        return bool(self.clauses)


@dataclass(frozen=True, slots=True)
class AgreedDates:
    """The dates that only the parties can give.

    Attributes:
        sign_on: day of signing that the statement was computed for.
        pay_by: last day for paying the whole sum.
        move_out_by: day by which the household moves out.
    """

    sign_on: date | None
    pay_by: date | None
    move_out_by: date | None


def payable(statement: Statement) -> Decimal:
    """What is paid under the agreement to all its payees (yuan); nothing where the household pays the difference."""
    return total([max(statement.of_payee(payee), ZERO) for payee in Payee])


def due_from_household(statement: Statement) -> Decimal:
    """What the household pays for a more valuable house (yuan); mostly nothing."""
    return max(-statement.of_payee(Payee.HOUSEHOLD), ZERO)


def missing_terms(*, option: Option, dates: AgreedDates) -> list[Reason]:
    """Which terms are missing or contradict one another; empty when the agreement can be made."""
    reasons = [
        _reason("term_missing", message)
        for message, given in (
            (N_("The day of signing is missing."), dates.sign_on),
            (N_("The day by which the compensation is paid is missing."), dates.pay_by),
            (N_("The day by which the household moves out is missing."), dates.move_out_by),
        )
        if given is None
    ]
    if dates.sign_on and dates.pay_by and dates.pay_by < dates.sign_on:
        reasons.append(_reason("paid_before_signing", N_("The last day for paying lies before the day of signing.")))
    if dates.pay_by and dates.move_out_by and dates.move_out_by < dates.pay_by:
        reasons.append(
            Reason(
                code="agreement.moves_before_payment",
                message=N_(
                    "The household would have to move out by %(out)s, before it is paid by %(paid)s:"
                    " compensation comes first."
                ),
                parameters={"out": dates.move_out_by.isoformat(), "paid": dates.pay_by.isoformat()},
                source=PAID_FIRST,
                remedy=N_("Agree a day of payment no later than the day of moving out."),
            )
        )
    if option.mode is not Mode.EXCHANGE:
        return reasons
    if not option.replacements:
        reasons.append(_reason("term_missing", N_("The place and area of the house taken in exchange are missing.")))
    if any(not house.code.strip() for house in option.replacements):
        reasons.append(_reason("term_missing", N_("A house taken in exchange has no place.")))
    if option.transition is not Transition.NONE and option.transition_months <= 0:
        reasons.append(_reason("term_missing", N_("The length of the transition is missing.")))
    return reasons


def terms_of(*, statement: Statement, option: Option, dates: AgreedDates) -> tuple[Term, ...]:
    """Every term of art. 25 in its order.

    Raises:
        Refused: when one is missing.
    """
    reasons = missing_terms(option=option, dates=dates)
    if reasons:
        raise Refused(*reasons)
    assert dates.pay_by is not None
    assert dates.move_out_by is not None
    exchanges = option.mode is Mode.EXCHANGE
    return (
        Term("way", N_("Way of compensation"), ((_WAYS[option.mode], {}),)),
        Term("amount", N_("Sum of compensation"), tuple(_amount(statement))),
        Term("pay_by", N_("Term of payment"), ((N_("Paid whole by %(on)s, before the household moves out."),
                                                {"on": dates.pay_by.isoformat()}),)),
        Term("replacement", N_("Place and area of the house taken in exchange"), tuple(
            (N_("%(house)s, %(area)s m², at %(price)s yuan per m²."),
             {"house": house.code, "area": f"{house.floor_area_m2:f}", "price": grouped(house.price_per_m2)})
            for house in option.replacements
        )),
        Term("relocation_fee", N_("Relocation fee"), _sum_clause(statement, "relocation_fee")),
        Term("accommodation", N_("Temporary accommodation fee or turnover housing"), _accommodation(statement, option)),
        Term("business_loss", N_("Loss of business"), _sum_clause(statement, "business_loss")),
        Term("move_out_by", N_("Term of moving out"), ((N_("The household moves out by %(on)s."),
                                                       {"on": dates.move_out_by.isoformat()}),)),
        Term("transition", N_("Way and length of transition"), _transition(option) if exchanges else ()),
    )


_WAYS: Final[Mapping[Mode, str]] = {
    Mode.CASH: N_("Compensation in cash."),
    Mode.EXCHANGE: N_("Exchange of title."),
    Mode.RESITE: N_("A new homestead."),
}


def _amount(statement: Statement) -> list[tuple[str, Mapping[str, object]]]:
    due, own = payable(statement), due_from_household(statement)
    clauses: list[tuple[str, Mapping[str, object]]] = []
    if due or not own:
        clauses.append((N_("%(sum)s yuan (%(words)s)."), {"sum": grouped(due), "words": in_words(due)}))
    if own:
        clauses.append((
            N_("The household pays the difference of %(sum)s yuan (%(words)s)."),
            {"sum": grouped(own), "words": in_words(own)},
        ))
    return clauses


def _sum_clause(statement: Statement, item: str) -> tuple[tuple[str, Mapping[str, object]], ...]:
    amount = statement.of_item(item)
    return ((N_("%(sum)s yuan."), {"sum": grouped(amount)}),) if amount else ()


def _accommodation(statement: Statement, option: Option) -> tuple[tuple[str, Mapping[str, object]], ...]:
    if option.mode is Mode.EXCHANGE and option.transition is Transition.TURNOVER:
        return ((N_("Turnover housing is provided until delivery; no fee is due."), {}),)
    return _sum_clause(statement, "temporary_accommodation")


def _transition(option: Option) -> tuple[tuple[str, Mapping[str, object]], ...]:
    if option.transition is Transition.NONE:
        return ((N_("The house is ready: there is no transition."), {}),)
    message = (
        N_("Turnover housing for %(months)s months from moving out.")
        if option.transition is Transition.TURNOVER
        else N_("Found by the household, for %(months)s months from moving out.")
    )
    return ((message, {"months": option.transition_months}),)


def _reason(code: str, message: str) -> Reason:
    return Reason(
        code=f"agreement.{code}", message=message, source=SOURCE,
        remedy=N_("Agree it and enter it; an agreement states every term or says that it does not apply."),
    )


def lines_changed(one: Statement, other: Statement) -> list[tuple[str, Decimal, Decimal]]:
    """Items of which two statements pay different sums (yuan), or compute them otherwise; empty when both agree."""

    def computed(statement: Statement, item: str) -> list[tuple[object, ...]]:
        return [
            (line.subject, line.quantity, line.times, line.rate, line.per, line.amount)
            for line in statement.lines
            if line.item == item
        ]

    items = dict.fromkeys(line.item for line in (*one.lines, *other.lines))
    return [
        (item, one.of_item(item), other.of_item(item))
        for item in items
        if computed(one, item) != computed(other, item)
    ]


def share_reasons(*, amount: Decimal, shares: Sequence[Decimal]) -> list[Reason]:
    """Why payees' shares do not make up the sum."""
    reasons = []
    if any(share <= 0 for share in shares):
        reasons.append(
            Reason(
                code="agreement.share_not_positive",
                message=N_("A payee has no share, or one below nothing."),
                remedy=N_("Leave the payee out, or enter the share in yuan."),
            )
        )
    if sum(shares, ZERO) != amount:
        reasons.append(
            Reason(
                code="agreement.shares_differ",
                message=N_("The payees' shares come to %(shares)s yuan; the agreement is about %(amount)s."),
                parameters={"shares": str(sum(shares, ZERO)), "amount": str(amount)},
                remedy=N_("Correct the shares until they make up the sum."),
            )
        )
    return reasons
