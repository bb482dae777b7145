"""What every deed asks (settings.DEED_GATE): the procedure's gate, and that no sum paid exceeds what is due.

The division's chain is held while it is asked, so that no two deeds can each find room for the same money.
It has no override. History from before the platform passes as long as it does not contradict itself further.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from zhengtu.core.funds.payments import excess_reasons
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Reason
from zhengtu.funds.balances import MONEY_KINDS, MoneyFact, balance_of, money_facts, pending_sums
from zhengtu.ledger.act import NewFact
from zhengtu.registry.procedure_gate import REASONS_SHOWN
from zhengtu.registry.procedure_gate import deed_refusals as procedure_refusals


def deed_refusals(facts: Sequence[NewFact], *, evidence: Collection[str], today: date) -> list[Reason]:
    """Why these facts may not be recorded together in one deed; empty when they may."""
    return [*procedure_refusals(facts, evidence=evidence, today=today), *money_refusals(facts)]


def money_refusals(facts: Sequence[NewFact]) -> list[Reason]:
    """For which households these facts would leave more paid or ordered than is due."""
    by_household: dict[str, list[NewFact]] = defaultdict(list)
    for fact in facts:
        if fact.subject_kind == "household" and (fact.kind in MONEY_KINDS or fact.supersedes):
            by_household[fact.subject].append(fact)
    if not by_household:
        return []
    codes = list(by_household)
    held, pending = money_facts(codes), pending_sums(codes)
    found: list[Reason] = []
    for code, new in by_household.items():
        before = held.get(code, [])
        after = _with(before, new)
        under_way = pending.get(code, ZERO)
        found += excess_reasons(
            code, before=balance_of(before, pending_yuan=under_way), after=balance_of(after, pending_yuan=under_way)
        )
        if len(found) >= REASONS_SHOWN:
            break
    return found


def _with(before: Sequence[MoneyFact], new: Sequence[NewFact]) -> list[MoneyFact]:
    """The standing facts once the new ones are recorded."""
    replaced = {fact.supersedes for fact in new if fact.supersedes}
    after = [fact for fact in before if fact.reference not in replaced]
    after += [
        MoneyFact("", fact.subject, fact.kind, fact.happened_on, fact.attributes)
        for fact in new if fact.kind in MONEY_KINDS
    ]
    return sorted(after, key=lambda fact: fact.happened_on)
