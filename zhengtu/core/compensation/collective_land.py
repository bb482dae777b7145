"""Collective land: the land itself, crops, rural houses by the homestead, and social security, each on its own line.

Land Administration Law, art. 48; its implementing regulation, art. 32.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.case import ONE, Case, line_of_each_building
from zhengtu.core.compensation.facts import COMPENSABLE, Building, Homestead, Land, Mode, Standing
from zhengtu.core.compensation.parameters import Table
from zhengtu.core.compensation.statement import StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import to_fen, total
from zhengtu.core.kernel.reasons import Reason, Refused

LAW: Final = "land-administration-law#48"
PREFIX: Final = "collective_land"
FARMLAND: Final = "farmland"


def land_and_resettlement(case: Case) -> list[StatementLine]:
    """The composite zone price, split into land compensation and resettlement subsidy.

    The price per m² is split, not the product: land share to the fen, the subsidy is what remains of the price.
    Each part then is area × its own price, because each goes to its own payee.

    Raises:
        Refused: when the zone has no price, or the price is older than three years.
    """
    lines = []
    for land in case.facts.lands:
        prices = case.rules.require(f"{PREFIX}.zone_price")
        share = case.rules.require(f"{PREFIX}.land_share")
        price = _in_table(prices.table, land.zone, prices.parameter.id)
        factors = case.rules.find(f"{PREFIX}.land_class_factor")
        if factors is not None and land.land_class in factors.table:
            price = to_fen(price * factors.table[land.land_class])
        land_price = to_fen(price * share.number)
        parameters = {"zone": land.zone, "price": str(price), "share": str(share.number)}
        because = Reason(
            code="compensation.zone_price",
            message=N_("Composite price of zone %(zone)s: %(price)s yuan per m², of which %(share)s for the land."),
            parameters=parameters,
            source=LAW,
        )
        for item, rate in (("land_compensation", land_price), ("resettlement_subsidy", price - land_price)):
            lines.append(
                case.line(
                    item,
                    quantity=land.area_m2,
                    unit="m2",
                    rate=rate,
                    by=prices,
                    also=(share, factors),
                    because=because,
                    subject=land.code,
                )
            )
        lines += _supplement(case, land)
    return lines


def _supplement(case: Case, land: Land) -> list[StatementLine]:
    rate = case.rules.find(f"{PREFIX}.farmland_supplement")
    if rate is None or land.land_class != FARMLAND:
        return []
    because = Reason(
        code="compensation.farmland_pilot",
        source=rate.dated.source,
        message=N_("Farmland in the area of the compensation pilot."),
    )
    return [
        case.line(
            "farmland_supplement",
            quantity=land.area_m2,
            unit="m2",
            rate=rate.number,
            by=rate,
            because=because,
            subject=land.code,
        )
    ]


def young_crops(case: Case) -> list[StatementLine]:
    """Crops standing on the land, by kind and area.

    Raises:
        Refused: when the kind has no price on file.
    """
    lines = []
    for land in case.facts.lands:
        if not land.crop:
            continue
        prices = case.rules.require(f"{PREFIX}.young_crops")
        because = Reason(
            code="compensation.young_crops",
            message=N_("Crop standing at the survey: %(crop)s."),
            parameters={"crop": land.crop},
            source=LAW,
        )
        rate = _in_table(prices.table, land.crop, prices.parameter.id)
        lines.append(
            case.line(
                "young_crops",
                quantity=land.crop_area_m2,
                unit="m2",
                rate=rate,
                by=prices,
                because=because,
                subject=land.code,
            )
        )
    return lines


def rural_houses(case: Case) -> list[StatementLine]:
    """Rural buildings at replacement cost; unapproved ones only where the local scheme includes them.

    Raises:
        Refused: for a building that has not been investigated or not been valued.
    """
    return line_of_each_building(case, _rural_house)


def _rural_house(case: Case, building: Building) -> StatementLine:
    if building.standing is Standing.UNDETERMINED:
        raise _refused(N_("Rural building %(building)s has not been investigated and recognised."), building.code)
    included = case.rules.find(f"{PREFIX}.unapproved_buildings")
    is_lawful = building.standing in COMPENSABLE
    if not is_lawful and (included is None or included.choice == "excluded"):
        because = Reason(
            code="compensation.rural_unapproved",
            source=included.dated.source if included else LAW,
            message=N_("Not approved; the local scheme does not include it."),
        )
        return case.line(
            "uncompensated_building",
            quantity=building.floor_area_m2,
            unit="m2",
            rate=Decimal(0),
            because=because,
            by=included,
            subject=building.code,
        )
    if building.replacement_cost is None:
        raise _refused(N_("Rural building %(building)s has not been valued at replacement cost."), building.code)
    message = (
        N_("Replacement cost at present condition, by valuation.")
        if is_lawful
        else N_("Not approved, but included by the local scheme at replacement cost.")
    )
    because = Reason(code="compensation.rural_house", message=message, source=LAW)
    return case.line(
        "rural_house",
        quantity=ONE,
        unit="building",
        rate=building.replacement_cost,
        by=None if is_lawful else included,
        because=because,
        subject=building.code,
    )


def homestead(case: Case) -> list[StatementLine]:
    """Location compensation within and beyond the control standard, fittings, split households, unbuilt ground.

    A new homestead replaces the location compensation.
    """
    place = case.facts.homestead
    if place is None:
        return []
    lines = [] if case.option.mode is Mode.RESITE else _location(case, place)
    lawful = total([b.floor_area_m2 for b in case.buildings() if b.is_inside_homestead])
    unbuilt = max(place.legal_area_m2 - place.built_area_m2, Decimal(0))
    for id, item, quantity, unit, message in (
        ("fitting_subsidy_per_m2", "fitting_subsidy", lawful, "m2", N_("Lawful buildings within the homestead.")),
        (
            "household_split",
            "household_split",
            Decimal(place.household_splits),
            "household",
            N_("Households that the village recognises as split off."),
        ),
        ("unbuilt_reward_per_m2", "unbuilt_reward", unbuilt, "m2", N_("Lawful homestead that was not built over.")),
    ):
        rate = case.rules.find(f"{PREFIX}.{id}")
        if rate is None or not quantity:
            continue
        because = Reason(code=f"compensation.{item}", message=message, source=rate.dated.source)
        lines.append(case.line(item, quantity=quantity, unit=unit, rate=rate.number, by=rate, because=because))
    return lines


def _location(case: Case, place: Homestead) -> list[StatementLine]:
    within = min(place.legal_area_m2, place.control_area_m2)
    beyond = place.legal_area_m2 - within
    lines = []
    for id, area, message in (
        ("location_within", within, N_("Lawful homestead up to the control standard of %(standard)s m².")),
        ("location_beyond", beyond, N_("Lawful homestead beyond the control standard of %(standard)s m².")),
    ):
        if not area:
            continue
        rate = case.rules.require(f"{PREFIX}.{id}")
        because = Reason(
            code=f"compensation.{id}", message=message, source=LAW, parameters={"standard": str(place.control_area_m2)}
        )
        lines.append(case.line(id, quantity=area, unit="m2", rate=rate.number, by=rate, because=because))
    return lines


def social_security(case: Case) -> list[StatementLine]:
    """Contributions for farmers whose land is taken: listed apart, never out of the other sums (art. 48, last part)."""
    members = sum(member.loses_farmland for member in case.facts.members)
    if not members:
        return []
    rate = case.rules.require(f"{PREFIX}.social_security_per_member")
    because = Reason(
        code="compensation.social_security",
        source=LAW,
        message=N_("Farmers to be covered; paid into the fund, apart from land and house."),
    )
    return [
        case.line(
            "social_security", quantity=Decimal(members), unit="member", rate=rate.number, by=rate, because=because
        )
    ]


def _in_table(table: Table, key: str, parameter: str) -> Decimal:
    if key not in table:
        raise Refused(
            Reason(
                code="compensation.table_row_missing",
                message=N_("The table of %(parameter)s has no row for %(key)s."),
                parameters={"parameter": parameter, "key": key},
                remedy=N_("Add the row with its source, or correct the fact."),
            )
        )
    return table[key]


def _refused(message: str, building: str) -> Refused:
    return Refused(
        Reason(
            code="compensation.rural_incomplete",
            message=message,
            parameters={"building": building},
            source=LAW,
            remedy=N_("Complete the survey and the valuation."),
        )
    )
