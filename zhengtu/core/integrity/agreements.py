"""How much: agreements and decisions off their statement, late rewards, values under the market, both hands in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhengtu.core.integrity.findings import Finding, FindingRow, Rules, key_of, sorted_findings
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was agreed or decided for a household, beside what the rules give.

    Attributes:
        amount: yuan agreed or decided.
        statement: yuan by the rules, from the facts on file; None where the rules give no sum.
        in_time: yuan by the rules had it signed within the period; None where that makes no difference to ask.
        sign_by: last day of the signing period, or None.
    """

    household: str
    amount: Decimal
    on: date
    fact: str
    statement: Decimal | None = None
    in_time: Decimal | None = None
    sign_by: date | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValuedAt:
    """A valuation beside the market price of similar property, both in yuan for the same house."""

    household: str
    value: Decimal
    market: Decimal
    on: date
    fact: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody did something on a file by a deed."""

    household: str
    verb: str
    person: str
    on: date
    fact: str


def off_statement(settlements: Iterable[Settlement], *, rules: Rules) -> list[Finding]:
    """Sums that are not what the rules give for the facts on file; and sums that hold a reward signed too late."""
    found = []
    for one in settlements:
        if one.statement is None or abs(one.amount - one.statement) <= rules["off_statement"].number("yuan"):
            continue
        if _is_late_reward(one):
            found.append(_late(one, reward=one.amount - one.statement, source=rules["late_reward"].source))
            continue
        difference = one.amount - one.statement
        sentence = Reason(
            code="integrity.off_statement",
            message=N_("%(amount)s yuan were agreed or decided, the rules give %(statement)s: %(difference)s yuan."),
            parameters={
                "amount": f"{one.amount:,.2f}", "statement": f"{one.statement:,.2f}",
                "difference": f"{difference:+,.2f}",
            },
            source=rules["off_statement"].source,
            remedy=N_("Name the fact or rule that explains the difference, or correct the agreement."),
        )
        found.append(_finding("off_statement", one, sentence))
    return sorted_findings(found)


def _is_late_reward(one: Settlement) -> bool:
    """Signed after the period, and the sum is what an agreement in time would have brought."""
    if one.sign_by is None or one.on <= one.sign_by or one.in_time is None or one.statement is None:
        return False
    return one.statement < one.amount <= one.in_time


def _late(one: Settlement, *, reward: Decimal, source: str) -> Finding:
    sentence = Reason(
        code="integrity.late_reward",
        message=N_("Signed on %(on)s, after the period that ended on %(sign_by)s, and yet %(reward)s yuan of reward "
                   "for signing early are in the sum."),
        parameters={
            "on": one.on.isoformat(), "sign_by": one.sign_by.isoformat() if one.sign_by else "",
            "reward": f"{reward:,.2f}",
        },
        source=source,
        remedy=N_("Show that the period was extended for everybody, or recover the reward."),
    )
    return _finding("late_reward", one, sentence)


def _finding(detector: str, one: Settlement, sentence: Reason) -> Finding:
    figures = [(N_("Signed or decided on"), one.on.isoformat()), (N_("Amount (yuan)"), f"{one.amount:.2f}")]
    if one.statement is not None:
        figures.append((N_("By the rules (yuan)"), f"{one.statement:.2f}"))
    if one.sign_by is not None:
        figures.append((N_("Signing period until"), one.sign_by.isoformat()))
    row = FindingRow(one.household, one.fact, tuple(figures))
    return Finding(detector, key_of(detector, one.household), sentence, (row,), one.people)


def below_market(valuations: Iterable[ValuedAt], *, rules: Rules) -> list[Finding]:
    """Values under the market price of similar property."""
    found = []
    for one in valuations:
        if one.value >= one.market:
            continue
        sentence = Reason(
            code="integrity.below_market",
            message=N_("Valued at %(value)s yuan, %(short)s yuan under the market price of similar property."),
            parameters={"value": f"{one.value:,.2f}", "short": f"{one.market - one.value:,.2f}"},
            source=rules["below_market"].source,
            remedy=N_("Have it valued again: compensation never lies under the market price."),
        )
        figures = (
            (N_("Valued on"), one.on.isoformat()), (N_("Value (yuan)"), f"{one.value:.2f}"),
            (N_("Market price (yuan)"), f"{one.market:.2f}"),
        )
        row = FindingRow(one.household, one.fact, figures)
        found.append(
            Finding("below_market", key_of("below_market", one.household), sentence, (row,), one.people)
        )
    return sorted_findings(found)


def same_hands(hands: Iterable[Hand], *, exclusive: Sequence[tuple[str, str]], rules: Rules) -> list[Finding]:
    """Files on which one person did both of two things that exclude each other."""
    by_file: dict[tuple[str, str], dict[str, Hand]] = defaultdict(dict)
    for hand in sorted(hands, key=lambda one: (one.on, one.fact), reverse=True):
        by_file[hand.household, hand.person][hand.verb] = hand
    found = []
    for (household, person), done in by_file.items():
        for one, other in exclusive:
            if one not in done or other not in done:
                continue
            sentence = Reason(
                code="integrity.same_hands",
                message=N_("One person did both “%(one)s” and “%(other)s” on this file."),
                parameters={"one": f"verb:{one}", "other": f"verb:{other}"},
                source=rules["same_hands"].source,
                remedy=N_("Have the later act checked by somebody else."),
            )
            rows = tuple(
                FindingRow(
                    household, done[verb].fact, ((N_("Act"), f"verb:{verb}"), (N_("Date"), done[verb].on.isoformat()))
                )
                for verb in (one, other)
            )
            found.append(
                Finding("same_hands", key_of("same_hands", household, person, one, other), sentence, rows, (person,))
            )
    return sorted_findings(found)
