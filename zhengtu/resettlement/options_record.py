"""What a run of the options engine keeps: frontier, comparison, worths, obstacles, and every family's way by point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.resettlement.assignment import Assignment, assignments, reason_for
from zhengtu.core.resettlement.choosing import OptionsPlan
from zhengtu.core.resettlement.feasibility import Obstacle
from zhengtu.core.resettlement.frontier import FrontierPoint, Worth
from zhengtu.core.resettlement.homecoming import expected_home
from zhengtu.core.resettlement.options import OptionsCase, Purse, Way, groups_of, purses
from zhengtu.ledger.writes import reason_as_json
from zhengtu.resettlement.options_case import GatheredCase

NAMED_HOUSEHOLDS: Final = 20
"""Households that an obstacle names; the others are counted."""
_PREFIX: Final = "resettlement."


def gathered_as_plain(gathered: GatheredCase) -> dict[str, Any]:
    """The case's counts, and the buildings and homes for sale that it knows."""
    case = gathered.case
    return {
        "families": len(case.families), "late": gathered.late, "with_home": gathered.with_home,
        "without_terms": len(gathered.without_terms), "without_basis": gathered.without_basis,
        "kept_homes": gathered.kept_homes, "vulnerable": sum(one.is_vulnerable for one in case.families),
        "first": sum(case.comes_first(one) for one in case.families),
        "buildings": [
            {
                "key": one.key, "name": one.name, "home": one.home, "count": one.count,
                "mean": round(one.expected_months(horizon=case.horizon_months), 1), "p50": one.months_at(0.5),
                "p80": one.months_at(0.8),
            }
            for one in case.buildings
        ],
        "market": [
            {"key": one.key, "name": one.name, "home": one.home, "count": one.count, "yuan": str(one.price_yuan),
             "from_month": one.from_month}
            for one in case.market
        ],
    }


def point_as_plain(point: FrontierPoint, gathered: GatheredCase) -> dict[str, Any]:
    """A point of the frontier with the way of every family."""
    found = assignments(point.plan, gathered.case)
    return {
        **plan_as_plain(point.plan, gathered.case), "cap_yuan": str(point.cap_yuan),
        "assignments": [assignment_as_plain(one, gathered) for one in found],
    }


def plan_as_plain(plan: OptionsPlan, case: OptionsCase) -> dict[str, Any]:
    """A plan's figures, with the families expected home by the end of each month."""
    ways: Counter[str] = Counter()
    spent: Counter[tuple[str, int]] = Counter()
    payers = {group.key: group.families[0].payer for group in groups_of(case)}
    own = {(one.payer, one.from_month): one.yuan for one in case.budgets}
    for one in plan.chosen:
        ways[one.slot.way] += one.count
        if one.slot.spend_month is not None:
            spent[payers[one.group], one.slot.spend_month] += int(one.slot.yuan * one.count)
    return {
        "spent_yuan": str(plan.spent_yuan), "subsidy_yuan": str(plan.subsidy_yuan), "total_yuan": str(plan.total_yuan),
        "family_months": round(plan.family_months, 1), "gap": plan.gap, "waiting": sum(plan.waiting.values()),
        "ways": {way.value: ways[way] for way in Way},
        "home_by": [round(count, 1) for count in expected_home(plan, case)],
        "budgets": [
            {"payer": one.payer, "from_month": one.months[-1], "yuan": str(own[one.payer, one.months[-1]]),
             "spent_yuan": str(spent[one.payer, one.months[-1]]),
             "carried_yuan": str(_carried(one, own[one.payer, one.months[-1]], spent))}
            for one in purses(case)
        ],
    }


def _carried(purse: Purse, own: Decimal, spent: Mapping[tuple[str, int], int]) -> Decimal:
    """What the years before leave to a year."""
    return purse.yuan - own - sum(spent[purse.payer, month] for month in purse.months[:-1])


def assignment_as_plain(one: Assignment, gathered: GatheredCase) -> dict[str, Any]:
    """One family's way, short."""
    slot = one.slot
    return {
        "household": one.family, "payer": gathered.payers[one.family],
        "code": one.because.code.removeprefix(_PREFIX), "yuan": str(one.yuan),
        "way": "" if slot is None else slot.way.value, "months": None if slot is None else round(slot.months, 1),
        "supply": "" if slot is None else slot.supply, "spend_month": None if slot is None else slot.spend_month,
        "told": {name: value for name, value in one.because.parameters.items() if name != "way"},
    }


def sentence_of(held: Mapping[str, Any]) -> Reason:
    """The sentence of a kept assignment."""
    way = Way(held["way"]) if held["way"] else None
    told = {**held["told"], **({"way": f"choice:way_chosen.way.{held['way']}"} if held["way"] else {})}
    return reason_for(held["code"], way=way, parameters=told)


def worth_as_plain(worth: Worth, *, kind: str, more: str, of: str) -> dict[str, Any]:
    """A worth; kind: ``money`` or ``homes``; of: the payer, or the key of the homes."""
    return {
        "kind": kind, "of": of, "more": more, "family_months": worth.family_months,
        "subsidy_yuan": str(worth.subsidy_yuan),
    }


def obstacle_as_plain(obstacle: Obstacle) -> dict[str, Any]:
    """An obstacle with how many families it keeps, the first of them by name."""
    return {
        "reason": reason_as_json(obstacle.because), "count": len(obstacle.families),
        "households": list(obstacle.families[:NAMED_HOUSEHOLDS]),
    }


def reasons_as_plain(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """Reasons as they are kept."""
    return [reason_as_json(one) for one in reasons]


