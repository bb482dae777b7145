"""Local items and hardship: what a city or a project adds, as data; and what a household may claim besides money."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.case import ONE, Case
from zhengtu.core.compensation.facts import COMPENSABLE, Building, Transition, Use
from zhengtu.core.compensation.parameters import LocalItem, Rate
from zhengtu.core.compensation.statement import Group, StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import product, total
from zhengtu.core.kernel.reasons import Reason

HARDSHIP: Final = "hardship_subsidy"


def local_items(case: Case) -> list[StatementLine]:
    """Every local item on file whose conditions the household meets: heating, property management, telephone …"""
    lines = []
    for rate in case.rules.local_rates:
        scope = rate.parameter.local
        if scope is not None and _is_offered(case, scope):
            line = _local_line(case, rate, scope)
            if line is not None:
                lines.append(line)
    return lines


def _is_offered(case: Case, scope: LocalItem) -> bool:
    return (
        (not scope.modes or case.option.mode in scope.modes)
        and (not scope.transitions or case.option.transition in scope.transitions)
        and (not scope.regimes or case.facts.regime in scope.regimes)
    )


def _buildings(case: Case, scope: LocalItem) -> list[Building]:
    standings = scope.standings or COMPENSABLE
    return [b for b in case.facts.buildings if b.standing in standings and (not scope.uses or b.use in scope.uses)]


def _local_line(case: Case, rate: Rate, scope: LocalItem) -> StatementLine | None:
    id, unit = rate.parameter.id, rate.parameter.unit
    buildings = _buildings(case, scope)
    area = total([building.floor_area_m2 for building in buildings])
    quantity, label, times = {
        "yuan_per_m2": (area, "m2", ONE),
        "yuan_per_m2_month": (area, "m2", Decimal(case.option.transition_months)),
        "yuan_per_household": (ONE if buildings else Decimal(0), "household", ONE),
        "yuan_per_member": (Decimal(len(case.facts.members)) if buildings else Decimal(0), "member", ONE),
        "yuan_per_piece": (case.facts.pieces.get(id, Decimal(0)), "piece", ONE),
    }[unit]
    if not quantity or not times:
        return None
    return StatementLine(
        item=id,
        label=rate.parameter.label,
        group=Group.SUBSIDY,
        payee=case.items["local_item"].payee,
        quantity=quantity,
        unit=label,
        times=times,
        times_unit="months" if unit == "yuan_per_m2_month" else "",
        rate=rate.number,
        per=ONE,
        amount=product(quantity, times, rate.number),
        basis=rate.basis,
        because=Reason(
            code="compensation.local_item",
            message=N_("Local item that the household meets the conditions of."),
            source=rate.dated.source,
        ),
        evidence=case.items["local_item"].evidence,
    )


def hardship(case: Case) -> list[StatementLine]:
    """The local subsidy for each person in hardship, or the highest of the household, as the scheme says.

    Persons are counted by kind of hardship, so that the order of names cannot matter.
    """
    counts: dict[str, int] = {}
    for member in case.facts.members:
        for kind in member.hardships:
            counts[kind] = counts.get(kind, 0) + 1
    rate = case.rules.find(HARDSHIP)
    if rate is None:
        return []
    kinds = sorted((kind for kind in counts if kind in rate.table), key=lambda kind: (-rate.table[kind], kind))
    stacking = case.rules.find(f"{HARDSHIP}.stacking")
    only_highest = stacking is None or stacking.choice == "highest_only"
    message = (
        N_("Hardship: %(kind)s; the highest subsidy of the household counts.")
        if only_highest
        else N_("Hardship: %(kind)s; each person counts.")
    )
    return [
        case.line(
            HARDSHIP,
            quantity=ONE if only_highest else Decimal(counts[kind]),
            unit="household" if only_highest else "member",
            rate=rate.table[kind],
            by=rate,
            also=(stacking,),
            subject=kind,
            because=Reason(
                code="compensation.hardship", message=message, parameters={"kind": kind}, source=rate.dated.source
            ),
        )
        for kind in (kinds[:1] if only_highest else kinds)
    ]


def entitlements(case: Case) -> list[Reason]:
    """Rights besides money: priority housing, turnover housing, an exchange near by."""
    found = []
    dwelling = bool(case.buildings(Use.DWELLING))
    if dwelling and any("low_income" in member.hardships for member in case.facts.members):
        found.append(
            Reason(
                code="compensation.priority_housing",
                message=N_("Meets the conditions of housing security: it is provided first, without waiting in line."),
                source="state-council-decree-590#18",
            )
        )
    if dwelling and case.option.transition is Transition.TURNOVER:
        found.append(
            Reason(
                code="compensation.turnover_housing",
                message=N_("Turnover housing is provided until delivery; no temporary accommodation fee is due."),
                source="state-council-decree-590#22",
            )
        )
    return found
