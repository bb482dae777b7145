"""A parameter's values over time as lines to draw, and what speaks against relying on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.parameters import STANDARD_SET, Confidence, DatedValue, Kind, Parameter
from zhengtu.core.compensation.schedules import Charge
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

CHECKED_WITHIN_MONTHS: Final = 12
RELIABLE: Final = frozenset({Confidence.VERIFIED, Confidence.SECONDARY})


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One number over time.

    Attributes:
        part: key of the table or part of the charge, empty for a plain number.
        points: (first day, value) in order; None from a day on which the value ended.
    """

    place: str
    set_name: str
    part: str
    points: tuple[tuple[date, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Review:
    """A parameter on one day in one place.

    Attributes:
        in_force: its value there, or None.
        reasons: why somebody must look at it: lapsed, not checked for long, not the place's own instrument.
    """

    parameter: Parameter
    in_force: DatedValue | None
    reasons: Sequence[Reason] = field(default_factory=tuple)

    @property
    def is_stale(self) -> bool:
        """Whether it lapsed or nobody has checked it for long."""
        return any(reason.code in ("policy.lapsed", "policy.unchecked") for reason in self.reasons)


def value_lines(parameter: Parameter) -> list[ValueLine]:
    """The lines of a NUMBER, TABLE or CHARGE; a CHOICE and TIERS have no number to draw."""
    points: dict[tuple[str, str, str], list[tuple[date, Decimal | None]]] = {}
    held: dict[tuple[str, str], list[DatedValue]] = {}
    for value in parameter.values:
        held.setdefault((value.place, value.set_name), []).append(value)
    for (place, set_name), values in held.items():
        values.sort(key=lambda value: value.from_on)
        for value, following in zip(values, [*values[1:], None], strict=True):
            numbers = _numbers(parameter.kind, value)
            for part, number in numbers.items():
                points.setdefault((place, set_name, part), []).append((value.from_on, number))
            gone = set() if following is None else set(numbers) - set(_numbers(parameter.kind, following))
            ends_on = value.until_on if value.until_on else following.from_on if following else None
            is_gap = value.until_on is not None and (following is None or value.until_on < following.from_on)
            for part in numbers if is_gap else gone:
                if ends_on is not None:
                    points[place, set_name, part].append((ends_on, None))
    return [ValueLine(*key, tuple(found)) for key, found in points.items()]


def _numbers(kind: Kind, value: DatedValue) -> dict[str, Decimal]:
    held = value.value
    if isinstance(held, Decimal):
        return {"": held}
    if kind is Kind.TABLE and isinstance(held, Mapping):
        return dict(held)
    if isinstance(held, Charge):
        parts = ((name, getattr(held, name)) for name in Charge.__dataclass_fields__)
        return {name: number for name, number in parts if number is not None}
    return {}


def reviewed(
    parameter: Parameter, *, on: date, places: tuple[str, ...], set_name: str = STANDARD_SET
) -> Review:
    """What stands for a parameter on a day in a place, and what speaks against relying on it."""
    value = parameter.on(day=on, places=places, set_name=set_name)
    reasons = []
    months = parameter.lapses_after_months
    if value is not None and months and add_months(value.from_on, months) < on:
        reasons.append(
            Reason(
                code="policy.lapsed",
                message=N_("The value dates from %(from)s and lapsed after %(months)s months."),
                parameters={"from": value.from_on.isoformat(), "months": months},
                source=parameter.lapse_source,
                remedy=N_("Enter the adjusted or re-published value."),
            )
        )
    if parameter.checked_on is None or add_months(parameter.checked_on, CHECKED_WITHIN_MONTHS) < on:
        reasons.append(
            Reason(
                code="policy.unchecked",
                message=N_("Nobody has checked it for more than %(months)s months (last on %(on)s)."),
                parameters={
                    "months": CHECKED_WITHIN_MONTHS,
                    "on": parameter.checked_on.isoformat() if parameter.checked_on else "–",
                },
                remedy=N_("Compare it with the instrument in force and enter the day of the check."),
            )
        )
    if value is not None and value.confidence not in RELIABLE:
        reasons.append(_unsure(value))
    return Review(parameter, value, tuple(reasons))


def _unsure(value: DatedValue) -> Reason:
    is_recalled = value.confidence is Confidence.RECALLED
    return Reason(
        code=f"policy.{value.confidence.value}",
        message=N_("It was written from memory and has not been checked against the instrument.")
        if is_recalled
        else N_("It is a demonstration value: illustrative until the city's own instrument is entered."),
        source=value.source,
        remedy=N_("Enter the value of the city's instrument with document number and article."),
    )
