"""The assessment: every formula of the regime in its order, all refusals at once, one total.

When a law changes its numbers, add a dated value to the rulebook. When it changes its shape, add a second formula
with its own day under the same name: statements valued before that day keep the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from zhengtu.core.compensation import (
    business_loss,
    collective_land,
    house_value,
    local_items,
    moving,
    rewards,
)
from zhengtu.core.compensation.case import Case
from zhengtu.core.compensation.facts import HouseholdFacts, Mode, Option, Regime
from zhengtu.core.compensation.parameters import Confidence, Parameters
from zhengtu.core.compensation.statement import Items, Statement, StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import to_fen, total
from zhengtu.core.kernel.reasons import Reason, Refused


@dataclass(frozen=True, slots=True)
class Formula:
    """One computation with the day from which it holds."""

    name: str
    regime: Regime
    from_on: date
    lines: Callable[[Case], list[StatementLine]]


@dataclass(frozen=True, slots=True)
class CompensationRules:
    """What an assessment needs of the rulebook: parameters with their history, and the heads."""

    parameters: Parameters
    items: Items


_DECREE: Final = date(2011, 1, 21)
_LAND_LAW: Final = date(2020, 1, 1)

FORMULAS: Final[tuple[Formula, ...]] = (
    Formula("building_values", Regime.STATE_LAND, _DECREE, house_value.building_values),
    Formula("guaranteed_minimum", Regime.STATE_LAND, _DECREE, house_value.guaranteed_minimum),
    Formula("quoted", Regime.STATE_LAND, _DECREE, house_value.quoted),
    Formula("attachments", Regime.STATE_LAND, _DECREE, house_value.attachments),
    Formula("relocation_fee", Regime.STATE_LAND, _DECREE, moving.relocation_fee),
    Formula("temporary_accommodation", Regime.STATE_LAND, _DECREE, moving.temporary_accommodation),
    Formula("business_loss", Regime.STATE_LAND, _DECREE, business_loss.business_loss),
    Formula("hardship", Regime.STATE_LAND, _DECREE, local_items.hardship),
    Formula("local_items", Regime.STATE_LAND, _DECREE, local_items.local_items),
    Formula("signing_rewards", Regime.STATE_LAND, _DECREE, rewards.signing_rewards),
    Formula("moving_reward", Regime.STATE_LAND, _DECREE, rewards.moving_reward),
    Formula("cash_reward", Regime.STATE_LAND, _DECREE, rewards.cash_reward),
    Formula("stairwell_reward", Regime.STATE_LAND, _DECREE, rewards.stairwell_reward),
    Formula("replacement_houses", Regime.STATE_LAND, _DECREE, house_value.replacement_houses),
    Formula("land_and_resettlement", Regime.COLLECTIVE_LAND, _LAND_LAW, collective_land.land_and_resettlement),
    Formula("young_crops", Regime.COLLECTIVE_LAND, _LAND_LAW, collective_land.young_crops),
    Formula("attachments", Regime.COLLECTIVE_LAND, _LAND_LAW, house_value.attachments),
    Formula("rural_houses", Regime.COLLECTIVE_LAND, _LAND_LAW, collective_land.rural_houses),
    Formula("homestead", Regime.COLLECTIVE_LAND, _LAND_LAW, collective_land.homestead),
    Formula("quoted", Regime.COLLECTIVE_LAND, _LAND_LAW, house_value.quoted),
    Formula("relocation_fee", Regime.COLLECTIVE_LAND, _LAND_LAW, moving.rural_relocation_fee),
    Formula("temporary_accommodation", Regime.COLLECTIVE_LAND, _LAND_LAW, moving.rural_temporary_accommodation),
    Formula("social_security", Regime.COLLECTIVE_LAND, _LAND_LAW, collective_land.social_security),
    Formula("hardship", Regime.COLLECTIVE_LAND, _LAND_LAW, local_items.hardship),
    Formula("local_items", Regime.COLLECTIVE_LAND, _LAND_LAW, local_items.local_items),
    Formula("replacement_houses", Regime.COLLECTIVE_LAND, _LAND_LAW, house_value.replacement_houses),
)


@cache
def formulas_on(regime: Regime, on: date) -> tuple[Formula, ...]:
    """The formulas of a regime in force on a day: of each name the one begun last."""
    latest: dict[str, Formula] = {}
    for formula in FORMULAS:
        if formula.regime is regime and formula.from_on <= on:
            known = latest.get(formula.name)
            if known is None or formula.from_on > known.from_on:
                latest[formula.name] = formula
    return tuple(latest.values())


def assess(*, facts: HouseholdFacts, rules: CompensationRules, option: Option, on: date) -> Statement:
    """The statement of one household.

    Args:
        facts: the household as surveyed, recognised and valued (yuan, m²).
        rules: the rulebook's parameters, with the project's adopted scheme merged in, and its heads.
        option: what it chose and when it acted.
        on: the day the expropriation decision is announced: value date, and the day whose rules apply.

    Raises:
        Refused: with every reason found, when the facts contradict the law or a needed parameter is not on file.
            There is no partial statement and no assumed number.
    """
    formulas = formulas_on(facts.regime, on)
    _check(facts, option, has_formulas=bool(formulas), on=on)
    in_force = rules.parameters.on(date=on, place=facts.place, project=facts.project, set_name=facts.parameter_set)
    case = Case(facts=facts, option=option, rules=in_force, items=rules.items)
    lines: list[StatementLine] = []
    reasons: list[Reason] = []
    for formula in formulas:
        try:
            lines += formula.lines(case)
        except Refused as refusal:
            reasons += [reason for reason in refusal.reasons if reason not in reasons]
    if reasons:
        raise Refused(*reasons)
    return Statement(
        household=facts.code,
        place=facts.place,
        project=facts.project,
        regime=facts.regime,
        mode=option.mode,
        parameter_set=facts.parameter_set,
        valued_on=on,
        lines=tuple(lines),
        total=total([line.amount for line in lines]),
        rulebook=in_force.fingerprint,
        formulas=tuple(f"{formula.name}@{formula.from_on.isoformat()}" for formula in formulas),
        warnings=tuple(_warnings(case, lines)),
        entitlements=tuple(local_items.entitlements(case)),
    )


def _check(facts: HouseholdFacts, option: Option, *, has_formulas: bool, on: date) -> None:
    reasons = []
    if not has_formulas:
        reasons.append(
            Reason(
                code="compensation.no_formula",
                message=N_("For this regime no compensation is computed by the rules of %(on)s."),
                parameters={"on": on.isoformat()},
                remedy=N_("Legacy projects keep their own agreement; record what it says."),
            )
        )
    if option.mode is Mode.RESITE and facts.regime is not Regime.COLLECTIVE_LAND:
        reasons.append(
            Reason(
                code="compensation.resite",
                message=N_("A new homestead can be chosen on collective land only."),
                source="land-administration-law#48",
                remedy=N_("Choose cash or an exchange."),
            )
        )
    for path, area in _areas(facts):
        if area < 0 or area != to_fen(area):
            reasons.append(
                Reason(
                    code="compensation.area",
                    message=N_("The area of %(what)s, %(area)s m², is negative or finer than a hundredth."),
                    parameters={"what": path, "area": str(area)},
                    remedy=N_("Enter the area as surveyed, to two decimals."),
                )
            )
    if reasons:
        raise Refused(*reasons)


def _areas(facts: HouseholdFacts) -> list[tuple[str, Decimal]]:
    areas = [(building.code, building.floor_area_m2) for building in facts.buildings]
    areas += [(land.code, land.area_m2) for land in facts.lands]
    areas += [(land.code, land.crop_area_m2) for land in facts.lands]
    if facts.homestead is not None:
        areas += [("homestead", facts.homestead.legal_area_m2), ("homestead", facts.homestead.control_area_m2)]
    return areas


def _warnings(case: Case, lines: list[StatementLine]) -> list[Reason]:
    found = _unsure_values(lines)
    if case.facts.regime is not Regime.STATE_LAND:
        return found
    found += rewards.open_rewards(case)
    for building in case.buildings():
        if building.market_per_m2 is None:
            found.append(
                Reason(
                    code="compensation.market_unknown",
                    message=N_(
                        "The market price of property similar to building %(building)s is not on file:"
                        " that the value is not under it could not be checked."
                    ),
                    parameters={"building": building.code},
                    source="state-council-decree-590#19",
                )
            )
    return found


def _unsure_values(lines: list[StatementLine]) -> list[Reason]:
    found: dict[str, Reason] = {}
    for line in lines:
        for basis in (line.basis, *line.also):
            if basis.confidence is Confidence.ILLUSTRATIVE:
                message = N_("%(parameter)s is a demonstration value that the city must replace.")
            elif basis.confidence is Confidence.RECALLED:
                message = N_("%(parameter)s was written from memory and has not been verified.")
            else:
                continue
            found.setdefault(
                basis.parameter,
                Reason(
                    code=f"compensation.{basis.confidence}",
                    message=message,
                    parameters={"parameter": basis.parameter},
                    source=basis.source,
                ),
            )
    return list(found.values())
