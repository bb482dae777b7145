"""Houses on state-owned land: their value, unregistered and temporary buildings, guaranteed minimum, exchange."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.case import ONE, Case, line_of_each_building
from zhengtu.core.compensation.facts import Building, Mode, Standing, Use
from zhengtu.core.compensation.parameters import Rate
from zhengtu.core.compensation.statement import StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import product, total
from zhengtu.core.kernel.reasons import Reason, Refused

DECREE: Final = "state-council-decree-590"
LOW_INCOME: Final = "low_income"


def building_values(case: Case) -> list[StatementLine]:
    """Each building's value by what it is in law: decree 590, art. 17, 19 and 24.

    Raises:
        Refused: for a building nobody has recognised or refused to recognise, one without a valuation, and one
            valued below the market price of similar property on the day of announcement.
    """
    return line_of_each_building(case, _value_of)


def _value_of(case: Case, building: Building) -> StatementLine:
    if building.standing is Standing.UNDETERMINED:
        raise Refused(
            Reason(
                code="compensation.standing_undetermined",
                message=N_("Building %(building)s is unregistered and has not been investigated."),
                parameters={"building": building.code},
                source=f"{DECREE}#24",
                remedy=N_("Have it investigated, recognised and dealt with before anything is decided."),
            )
        )
    if building.standing in (Standing.UNAUTHORISED, Standing.TEMPORARY_EXPIRED):
        return case.line(
            "uncompensated_building",
            quantity=building.floor_area_m2,
            unit="m2",
            rate=Decimal(0),
            subject=building.code,
            because=Reason(
                code="compensation.uncompensated",
                message=N_("Found to be an illegal building or a temporary one past its term: not compensated."),
                source=f"{DECREE}#24",
            ),
        )
    if building.standing is Standing.TEMPORARY:
        return _temporary(case, building)
    return _appraised(case, building)


def _temporary(case: Case, building: Building) -> StatementLine:
    cost = building.replacement_cost
    if cost is None or not 0 < building.remaining_months <= building.approved_months:
        raise Refused(
            Reason(
                code="compensation.temporary_incomplete",
                message=N_("For temporary building %(building)s the cost or the months approved and left are missing."),
                parameters={"building": building.code},
                source=f"{DECREE}#24",
                remedy=N_("Enter the valuation and the term of the permit; past its term it is not compensated."),
            )
        )
    return case.line(
        "temporary_building",
        quantity=ONE,
        unit="building",
        rate=cost,
        times=Decimal(building.remaining_months),
        times_unit="months",
        per=Decimal(building.approved_months),
        subject=building.code,
        because=Reason(
            code="compensation.temporary_building",
            message=N_("Approved temporary building with %(left)s of %(approved)s months left."),
            parameters={"left": building.remaining_months, "approved": building.approved_months},
            source=f"{DECREE}#24",
        ),
    )


def _appraised(case: Case, building: Building) -> StatementLine:
    price = building.appraised_per_m2
    if price is None:
        raise Refused(
            Reason(
                code="compensation.not_valued",
                message=N_("Building %(building)s has not been valued."),
                parameters={"building": building.code},
                source=f"{DECREE}#19",
                remedy=N_("Enter the household valuation report of the chosen appraiser."),
            )
        )
    if building.market_per_m2 is not None and price < building.market_per_m2:
        raise Refused(
            Reason(
                code="compensation.below_market",
                message=N_(
                    "Building %(building)s is valued at %(price)s yuan per m², under the market price of similar"
                    " property on the day of announcement, %(market)s."
                ),
                parameters={"building": building.code, "price": str(price), "market": str(building.market_per_m2)},
                source=f"{DECREE}#19",
                remedy=N_("Have the valuation reviewed; the value may not be under that price."),
            )
        )
    return case.line(
        "house_value",
        quantity=building.floor_area_m2,
        unit="m2",
        rate=price,
        subject=building.code,
        because=Reason(
            code="compensation.house_value",
            message=N_("Registered or recognised building, by valuation as of %(on)s."),
            parameters={"on": case.rules.on.isoformat()},
            source=f"{DECREE}#19",
        ),
    )


def guaranteed_minimum(case: Case) -> list[StatementLine]:
    """Raises a sole small home to the value of the guaranteed area: decree 590, art. 17 and 18, and local rules.

    The province's least area and the city's own are both on file; the larger counts. The area is priced at the
    highest price among the dwellings: at any lower one, a further cheap room would bring less than none.
    """
    dwellings = case.buildings(Use.DWELLING)
    found = _guaranteed_area(case)
    if found is None or not dwellings:
        return []
    price = max((building.appraised_per_m2 or Decimal(0)) for building in dwellings)
    guaranteed = product(found.number, price)
    missing = guaranteed - case.value(Use.DWELLING)
    if missing <= 0:
        return []
    return [
        case.line(
            "guaranteed_minimum",
            quantity=ONE,
            unit="household",
            rate=missing,
            by=found,
            because=Reason(
                code="compensation.guaranteed_minimum",
                message=N_(
                    "Sole home of %(area)s m²: raised to the value of %(least)s m² at %(price)s yuan, %(sum)s yuan."
                ),
                parameters={
                    "area": str(case.area(Use.DWELLING)),
                    "least": str(found.number),
                    "price": str(price),
                    "sum": str(guaranteed),
                },
                source=found.dated.source,
            ),
        )
    ]


def _guaranteed_area(case: Case) -> Rate | None:
    ids = []
    if case.facts.is_sole_home:
        ids += ["state_land.guaranteed_minimum.area_m2", "state_land.guaranteed_minimum.least_area_m2"]
        if any(LOW_INCOME in member.hardships for member in case.facts.members):
            ids.append("state_land.guaranteed_minimum.low_income_area_m2")
    rates = [rate for rate in map(case.rules.find, ids) if rate is not None]
    return max(rates, key=lambda rate: rate.number, default=None)


def replacement_houses(case: Case) -> list[StatementLine]:
    """The houses taken in exchange, with a negative sign: the total then settles the difference: decree 590, art. 21.

    Raises:
        Refused: when an exchange names no house, or a cash option names one.
    """
    houses = case.option.replacements
    if (case.option.mode is Mode.EXCHANGE) is not bool(houses):
        raise Refused(
            Reason(
                code="compensation.replacement_mismatch",
                message=N_("An exchange of title names the houses taken; any other choice names none."),
                source=f"{DECREE}#21",
                remedy=N_("Enter the replacement houses with area and price, or choose otherwise."),
            )
        )
    because = Reason(
        code="compensation.replacement",
        message=N_("House taken in exchange, at its value of the same day; the total settles the difference."),
        source=f"{DECREE}#21",
    )
    return [
        case.line(
            "replacement_house",
            quantity=house.floor_area_m2,
            unit="m2",
            rate=-house.price_per_m2,
            subject=house.code,
            because=because,
        )
        for house in houses
    ]


def quoted(case: Case) -> list[StatementLine]:
    """Fittings and the moving of equipment, by agreement or by the valuer's or mover's quote: decree 590, art. 17.

    Raises:
        Refused: for a quote without evidence, which would be a sum from nowhere.
    """
    lines = []
    for quote in case.facts.quotes:
        if not quote.evidence or quote.item not in ("fittings", "equipment_moving"):
            raise Refused(
                Reason(
                    code="compensation.quote_unproved",
                    message=N_("The sum of %(sum)s yuan for %(item)s has no evidence or belongs to no known item."),
                    parameters={"sum": str(quote.amount), "item": quote.item},
                    source=f"{DECREE}#17",
                    remedy=N_("Name the report or quote it is taken from."),
                )
            )
        because = Reason(
            code="compensation.quoted",
            message=N_("By agreement, valuation or quote: %(evidence)s."),
            parameters={"evidence": quote.evidence},
            source=f"{DECREE}#17",
        )
        lines.append(case.line(quote.item, quantity=ONE, unit="household", rate=quote.amount, because=because))
    return lines


def attachments(case: Case) -> list[StatementLine]:
    """Things attached to house or land: appraised, or counted at the local unit price of their kind.

    Raises:
        Refused: when a kind has no unit price on file and no valuation.
    """
    lines = []
    for thing in case.facts.attachments:
        if thing.appraised is not None and thing.evidence:
            because = Reason(
                code="compensation.attachment_appraised",
                message=N_("%(kind)s, by valuation: %(evidence)s."),
                parameters={"kind": thing.kind, "evidence": thing.evidence},
            )
            lines.append(
                case.line(
                    "attachments", quantity=ONE, unit="piece", rate=thing.appraised, because=because, subject=thing.kind
                )
            )
            continue
        prices = case.rules.require("attachment_prices")
        price = prices.table.get(thing.kind)
        if price is None:
            raise Refused(
                Reason(
                    code="compensation.attachment_unpriced",
                    message=N_("No unit price is on file for %(kind)s."),
                    parameters={"kind": thing.kind},
                    remedy=N_("Add it to the table of attachment prices, or enter its valuation with evidence."),
                )
            )
        because = Reason(
            code="compensation.attachment_counted",
            message=N_("%(kind)s, at the local unit price."),
            parameters={"kind": thing.kind},
            source=prices.dated.source,
        )
        lines.append(
            case.line(
                "attachments",
                quantity=thing.quantity,
                unit="piece",
                rate=price,
                by=prices,
                because=because,
                subject=thing.kind,
            )
        )
    return lines


def dwelling_value_with_minimum(case: Case) -> Decimal:
    """Value of the dwellings with the guaranteed minimum (yuan): what shares of the dwelling's value are taken of."""
    return total([case.value(Use.DWELLING), *(line.amount for line in guaranteed_minimum(case))])
