"""Relocation fee and temporary accommodation: decree 590, art. 17 and 22; Land Administration Law, art. 48."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.case import ONE, Case, charge_lines
from zhengtu.core.compensation.facts import Mode, Transition, Use
from zhengtu.core.compensation.parameters import Rate
from zhengtu.core.compensation.statement import StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import product
from zhengtu.core.kernel.reasons import Reason, Refused

STATE_SOURCE: Final = "state-council-decree-590#22"
COLLECTIVE_SOURCE: Final = "land-administration-law#48"


def relocation_fee(case: Case) -> list[StatementLine]:
    """State-owned land: a charge for each use, once for cash, as often as the province says for an exchange."""
    lines = []
    moves, why, by_moves = _moves(case, prefix="state_land")
    for use in Use:
        if not case.buildings(use):
            continue
        rate = case.rules.require(f"state_land.relocation_fee.{use}")
        because = Reason(
            code="compensation.relocation", message=why, parameters={"moves": str(moves)}, source=STATE_SOURCE
        )
        lines += charge_lines(
            case,
            "relocation_fee",
            by=rate,
            parts=rate.charge,
            area=case.area(use),
            value=case.value(use),
            times=moves,
            times_unit="moves",
            because=because,
            also=(by_moves,),
        )
    return lines


def rural_relocation_fee(case: Case) -> list[StatementLine]:
    """Collective land: for rural houses, the charge of the city."""
    if not case.buildings(Use.DWELLING):
        return []
    rate = case.rules.require("collective_land.relocation_fee")
    moves, why, by_moves = _moves(case, prefix="collective_land")
    because = Reason(
        code="compensation.relocation", message=why, parameters={"moves": str(moves)}, source=COLLECTIVE_SOURCE
    )
    return charge_lines(
        case,
        "relocation_fee",
        by=rate,
        parts=rate.charge,
        area=case.area(Use.DWELLING),
        value=Decimal(0),
        times=moves,
        times_unit="moves",
        because=because,
        also=(by_moves,),
    )


def _moves(case: Case, *, prefix: str) -> tuple[Decimal, str, Rate | None]:
    if case.option.mode is Mode.CASH or case.option.transition is Transition.NONE:
        return ONE, N_("The household moves once."), None
    rate = case.rules.require(f"{prefix}.relocation_fee.moves_{case.option.transition}")
    return rate.number, N_("The household moves out and in again: due %(moves)s times."), rate


def temporary_accommodation(case: Case) -> list[StatementLine]:
    """State-owned land: fee × area × months, or turnover housing instead, never both: decree 590, art. 22."""
    return _accommodation(case, prefix="state_land", source=STATE_SOURCE)


def rural_temporary_accommodation(case: Case) -> list[StatementLine]:
    """Collective land: the same for rural houses whose owners wait for new ones."""
    return _accommodation(case, prefix="collective_land", source=COLLECTIVE_SOURCE)


def _accommodation(case: Case, *, prefix: str, source: str) -> list[StatementLine]:
    if not case.buildings(Use.DWELLING):
        return []
    months, why, by_months = _months(case, prefix=prefix)
    if not months:
        return []
    rate = case.rules.require(f"{prefix}.temporary_accommodation.per_m2_month")
    least_area = case.rules.find(f"{prefix}.temporary_accommodation.least_area_m2")
    area = case.area(Use.DWELLING)
    counted = area if least_area is None else max(area, least_area.number)
    parameters = {"months": str(months), "area": str(area), "counted": str(counted)}
    line = case.line(
        "temporary_accommodation",
        quantity=counted,
        unit="m2",
        times=months,
        times_unit="months",
        rate=rate.number,
        by=rate,
        also=(least_area, by_months),
        because=Reason(code="compensation.accommodation", message=why, parameters=parameters, source=source),
    )
    return [line, *_raised(case, line, prefix=prefix, months=months)]


def _months(case: Case, *, prefix: str) -> tuple[Decimal, str, Rate | None]:
    option = case.option
    if option.mode is Mode.CASH:
        lump = case.rules.find(f"{prefix}.temporary_accommodation.cash_months")
        why = N_("Cash: %(months)s months at once; %(area)s m² counted as %(counted)s m².")
        return (lump.number if lump else Decimal(0)), why, lump
    if option.transition is not Transition.FEE:
        return Decimal(0), "", None
    if option.transition_months <= 0:
        raise Refused(
            Reason(
                code="compensation.transition_open",
                message=N_("The agreed transition in months is missing."),
                source="state-council-decree-590#25",
                remedy=N_("Agree the transition period; the agreement must state it."),
            )
        )
    why = N_("Own arrangement for the agreed %(months)s months; %(area)s m² counted as %(counted)s m².")
    return Decimal(option.transition_months), why, None


def _raised(case: Case, line: StatementLine, *, prefix: str, months: Decimal) -> list[StatementLine]:
    least: Rate | None = case.rules.find(f"{prefix}.temporary_accommodation.least_per_month")
    if least is None or product(least.number, months) <= line.amount:
        return []
    missing = product(least.number, months) - line.amount
    because = Reason(
        code="compensation.accommodation_least",
        message=N_("Raised to the least sum of %(least)s yuan a month."),
        parameters={"least": str(least.number)},
        source=least.dated.source,
    )
    return [case.line(line.item, quantity=ONE, unit="household", rate=missing, by=least, because=because)]
