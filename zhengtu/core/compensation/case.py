"""A case under assessment: facts, rules in force and option, and how a line is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.facts import COMPENSABLE, Building, HouseholdFacts, Mode, Option, Use
from zhengtu.core.compensation.parameters import Basis, ParametersInForce, Rate
from zhengtu.core.compensation.schedules import Charge, Tier
from zhengtu.core.compensation.statement import Items, StatementLine
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import product, total
from zhengtu.core.kernel.reasons import Reason, Refused

ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Case:
    """One household under one option and the rules of one day."""

    facts: HouseholdFacts
    option: Option
    rules: ParametersInForce
    items: Items

    def buildings(self, *uses: Use) -> list[Building]:
        """Registered and recognised buildings of these uses (of all, when none is named)."""
        return [b for b in self.facts.buildings if b.standing in COMPENSABLE and (not uses or b.use in uses)]

    def area(self, *uses: Use) -> Decimal:
        """Their floor area in m²."""
        return total([building.floor_area_m2 for building in self.buildings(*uses)])

    def value(self, *uses: Use) -> Decimal:
        """Their appraised value in yuan, each rounded to the fen as its own line is."""
        return total([product(b.floor_area_m2, b.appraised_per_m2 or Decimal(0)) for b in self.buildings(*uses)])

    @property
    def is_exchange(self) -> bool:
        """Whether houses are exchanged."""
        return self.option.mode is Mode.EXCHANGE

    def line(
        self,
        item: str,
        *,
        quantity: Decimal,
        unit: str,
        rate: Decimal,
        because: Reason,
        by: Rate | None = None,
        also: Iterable[Rate | None] = (),
        times: Decimal = ONE,
        times_unit: str = "",
        per: Decimal = ONE,
        subject: str = "",
        evidence: Iterable[str] = (),
    ) -> StatementLine:
        """A line of ``item``: quantity × times × rate ÷ per, to the fen.

        Args:
            by: the parameter behind the rate.
            also: further parameters that shaped the quantity, the times or the rate.
        """
        head = self.items.get(item)
        if head is None:
            raise LookupError(f"no head {item!r} in the rulebook")
        return StatementLine(
            item=item,
            label=head.label,
            group=head.group,
            payee=head.payee,
            quantity=quantity,
            unit=unit,
            times=times,
            times_unit=times_unit,
            rate=rate,
            per=per,
            amount=product(quantity, times, rate, per=per),
            basis=by.basis if by is not None else Basis(source=head.source),
            also=tuple(rate.basis for rate in also if rate is not None),
            because=because,
            evidence=(*head.evidence, *evidence),
            subject=subject,
        )


def charge_lines(
    case: Case,
    item: str,
    *,
    by: Rate,
    parts: Charge | Tier,
    area: Decimal,
    value: Decimal,
    because: Reason,
    times: Decimal = ONE,
    times_unit: str = "",
    also: Iterable[Rate | None] = (),
) -> list[StatementLine]:
    """Lines of a fee or reward of several parts, and one more where the sum is raised or held to a limit.

    Args:
        area: m² that ``per_m2`` multiplies; what the household part already covers is taken off.
        value: yuan of which ``share`` is a share.
        times: how often the whole is due (moves); the limits hold for each time.
    """
    lines = []

    def add(quantity: Decimal, unit: str, rate: Decimal) -> None:
        lines.append(
            case.line(
                item,
                quantity=quantity,
                unit=unit,
                rate=rate,
                by=by,
                times=times,
                times_unit=times_unit,
                also=also,
                because=because,
            )
        )

    if parts.per_household is not None:
        add(ONE, "household", parts.per_household)
    if parts.per_m2 is not None:
        included = parts.included_m2 if isinstance(parts, Charge) and parts.included_m2 is not None else Decimal(0)
        if area > included or parts.per_household is None:
            add(max(area - included, Decimal(0)), "m2", parts.per_m2)
    if isinstance(parts, Charge) and parts.per_member is not None:
        add(Decimal(len(case.facts.members)), "member", parts.per_member)
    if parts.share is not None:
        add(value, "yuan", parts.share)
    limit = _limit_line(case, item, by=by, parts=parts, lines=lines, times=times)
    return [*lines, limit] if limit else lines


def _limit_line(
    case: Case, item: str, *, by: Rate, parts: Charge | Tier, lines: list[StatementLine], times: Decimal
) -> StatementLine | None:
    amount = total([line.amount for line in lines])
    least = None if parts.at_least is None else product(parts.at_least, times)
    most = None if parts.at_most is None else product(parts.at_most, times)
    if least is not None and amount < least:
        limit, message = least, N_("The parts come to %(parts)s yuan, raised to the least sum of %(limit)s yuan.")
    elif most is not None and amount > most:
        limit, message = most, N_("The parts come to %(parts)s yuan, held to the largest sum of %(limit)s yuan.")
    else:
        return None
    because = Reason(
        code="compensation.limit",
        message=message,
        parameters={"parts": str(amount), "limit": str(limit)},
        source=by.dated.source,
    )
    return case.line(item, quantity=ONE, unit="household", rate=limit - amount, by=by, because=because)


def line_of_each_building(case: Case, line_of: Callable[[Case, Building], StatementLine]) -> list[StatementLine]:
    """One line for every building of the household.

    Raises:
        Refused: with what is wrong with any of the buildings, all at once.
    """
    reasons: list[Reason] = []
    lines: list[StatementLine] = []
    for building in case.facts.buildings:
        try:
            lines.append(line_of(case, building))
        except Refused as refusal:
            reasons.extend(refusal.reasons)
    if reasons:
        raise Refused(*reasons)
    return lines
