"""What a waiting family may demand by the rule that its agreement names, with the days of its wishes on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from zhengtu.core.compensation.waiting_rights import RightStanding, rights_on
from zhengtu.ledger.queries import Reach
from zhengtu.resettlement.facts import Terms, wish_days_within
from zhengtu.resettlement.subsidies import transition_rules


def rights_of(household: str, terms: Terms, *, on: date, known: date | None = None) -> list[RightStanding]:
    """Rights of a family on a day; none where its rule gives none, or names no rule on file."""
    rule = transition_rules().get(terms.rule)
    if rule is None or not rule.rights:
        return []
    asked = wish_days_within(Reach(codes=(household,)), on=on, known=known).get(household, {})
    return _standing(terms, asked, on=on)


def may_demand(terms: Terms, way: str, *, on: date) -> bool:
    """Whether its rule lets the family demand a way home on a day."""
    return any(one.is_open and one.right.way == way for one in _standing(terms, {}, on=on))


def _standing(terms: Terms, asked: Mapping[str, Collection[date]], *, on: date) -> list[RightStanding]:
    rule = transition_rules().get(terms.rule)
    if rule is None:
        return []
    return rights_on(
        rule, moved_out_on=terms.moved_out_on, agreed_months=terms.agreed_months, asked=asked, on=on
    )
