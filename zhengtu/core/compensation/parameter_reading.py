"""Parameters from plain mappings: rulebook files, a project's adopted scheme, values in a worked case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from zhengtu.core.compensation.parameters import (
    STANDARD_SET,
    Confidence,
    DatedValue,
    Kind,
    Level,
    LocalItem,
    Parameter,
    Parameters,
    Value,
    check_values,
)
from zhengtu.core.compensation.schedules import Charge, Measure, Tier, TierTable
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.kernel.reasons import Reason, Refused

LOCAL_UNITS: Final = ("yuan_per_m2", "yuan_per_household", "yuan_per_member", "yuan_per_piece", "yuan_per_m2_month")
PLAN_SOURCE: Final = "adopted-plan"
_ENTRY_KEYS: Final = {
    "id",
    "label",
    "unit",
    "kind",
    "set_by",
    "values",
    "checked_on",
    "choices",
    "lapses_after_months",
    "lapse_source",
    "local",
}
_VALUE_KEYS: Final = {"place", "from", "until", "set", "value", "source", "confidence", "note"}


def parameters_from(entries: Sequence[Mapping[str, Any]], *, sources: set[str]) -> list[Parameter]:
    """Parameters of the architecture's file form (id, label, unit, kind, set_by, values …).

    Args:
        sources: ids of the instruments that a value may cite.

    Raises:
        Refused: naming the parameter and what is wrong with it.
    """
    found = [_parameter(entry, known=None, sources=sources) for entry in entries]
    for parameter in found:
        check_values(parameter)
    return found


def values_added(parameters: Parameters, entries: Sequence[Mapping[str, Any]], *, sources: set[str]) -> Parameters:
    """``parameters`` with the values of ``entries``; an entry for a known parameter needs only id and values.

    Raises:
        Refused: naming the parameter and what is wrong with it.
    """
    return parameters.merged(
        _parameter(entry, known=parameters.by_id.get(str(entry.get("id", ""))), sources=sources) for entry in entries
    )


def plan_adopted(parameters: Parameters, plan: Mapping[str, Any], *, project: str) -> Parameters:
    """``parameters`` with a project's adopted compensation scheme.

    Args:
        plan: ``{"from": date, "confidence": …, "parameters": [{"id": …, "values": [{"value": …}]}]}``. Day,
            place, source and confidence of a value default to the plan's day, the project, ``adopted-plan:PROJECT``
            and ``verified``, for the approved scheme is itself the law of the project. Numbers are text or integers.
        project: code of the project, e.g. ``220200-P0001``.

    Raises:
        Refused: when the plan sets what only the nation, province or city may set, or is malformed.
    """
    defaults = {
        "from": plan.get("from"),
        "place": project,
        "source": f"{PLAN_SOURCE}:{project}",
        "confidence": plan.get("confidence", Confidence.VERIFIED.value),
    }
    entries = [
        {"set_by": Level.PROJECT.value, **entry, "values": [{**defaults, **value} for value in entry["values"]]}
        if entry.get("id") not in parameters.by_id
        else {**entry, "values": [{**defaults, **value} for value in entry["values"]]}
        for entry in plan.get("parameters", ())
    ]
    return values_added(parameters, entries, sources={defaults["source"]})


def _wrong(id: str, problem: str) -> Refused:
    return Refused(
        Reason(
            code="compensation.parameter_malformed",
            message=N_("The entry of parameter %(parameter)s cannot be read: %(problem)s."),
            parameters={"parameter": id, "problem": problem},
            remedy=N_("Write it as docs/algorithms/compensation.md describes."),
        )
    )


def _parameter(entry: Mapping[str, Any], *, known: Parameter | None, sources: set[str]) -> Parameter:
    id = str(entry.get("id", ""))
    try:
        unknown = set(entry) - _ENTRY_KEYS
        if not id or unknown:
            raise ValueError(f"id missing or unknown keys {sorted(unknown)}")
        if known is not None:
            changed = [key for key in ("unit", "set_by") if key in entry and entry[key] != getattr(known, key)]
            if changed or "label" in entry:
                raise ValueError(f"label, unit and level of a known parameter stay; give values only {changed}")
            values = tuple(
                _dated(value, kind=known.kind, choices=known.choices, sources=sources) for value in entry["values"]
            )
            return Parameter(
                id=id,
                label=known.label,
                unit=known.unit,
                kind=known.kind,
                set_by=known.set_by,
                values=values,
                choices=known.choices,
                local=known.local,
            )
        return _new_parameter(id, entry, sources=sources)
    except Refused:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _wrong(id, f"{type(error).__name__}: {error}") from error


def _new_parameter(id: str, entry: Mapping[str, Any], *, sources: set[str]) -> Parameter:
    kind = Kind(entry.get("kind", Kind.NUMBER))
    choices = tuple(entry.get("choices", ()))
    local = _local(entry["local"]) if "local" in entry else None
    if (local is not None) != id.startswith("local."):
        raise ValueError("local items, and they alone, have an id that starts with “local.” and a “local” block")
    if local is not None and entry["unit"] not in LOCAL_UNITS:
        raise ValueError(f"the unit of a local item is one of {', '.join(LOCAL_UNITS)}")
    chinese, english = entry["label"]
    if not isinstance(chinese, str) or not isinstance(english, str):
        raise ValueError("the label needs two texts, Chinese and English; put one with a colon in quotation marks")
    return Parameter(
        id=id,
        label=(chinese, english),
        unit=entry["unit"],
        kind=kind,
        set_by=Level(entry["set_by"]),
        values=tuple(_dated(value, kind=kind, choices=choices, sources=sources) for value in entry["values"]),
        checked_on=_day(entry["checked_on"]) if entry.get("checked_on") else None,
        choices=choices,
        lapses_after_months=int(entry.get("lapses_after_months", 0)),
        lapse_source=entry.get("lapse_source", ""),
        local=local,
    )


def _dated(raw: Mapping[str, Any], *, kind: Kind, choices: tuple[str, ...], sources: set[str]) -> DatedValue:
    unknown = set(raw) - _VALUE_KEYS
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)} in a value")
    source = str(raw["source"])
    if source.partition("#")[0] not in sources:
        raise ValueError(f"the source {source!r} is not among the instruments on file")
    return DatedValue(
        place=str(raw["place"]),
        from_on=_day(raw["from"]),
        until_on=_day(raw["until"]) if raw.get("until") else None,
        set_name=raw.get("set", STANDARD_SET),
        value=value_from(raw["value"], kind=kind, choices=choices),
        source=source,
        confidence=Confidence(raw["confidence"]),
        note=raw.get("note", ""),
    )


def value_from(raw: Any, *, kind: Kind, choices: tuple[str, ...] = ()) -> Value:
    """A value of the given kind from plain data.

    Raises:
        KeyError, TypeError, ValueError: when it has another shape.
    """
    if kind is Kind.NUMBER:
        return _amount(raw)
    if kind is Kind.CHOICE:
        if raw not in choices:
            raise ValueError(f"{raw!r} is none of {', '.join(choices)}")
        return str(raw)
    if kind is Kind.TABLE:
        return {str(key): _amount(value) for key, value in raw.items()}
    if kind is Kind.CHARGE:
        charge = Charge(**{str(key): _amount(value) for key, value in raw.items()})
        if charge.included_m2 is not None and charge.per_household is None:
            raise ValueError("included_m2 is the area that per_household covers; give per_household too")
        return charge
    return _tier_table(raw)


def _tier_table(raw: Mapping[str, Any]) -> TierTable:
    tiers = tuple(_tier(step) for step in raw["tiers"])
    limits: list[Any] = [tier.until_on if tier.until_day is None else tier.until_day for tier in tiers]
    if not tiers or any(type(one) is not type(other) or one >= other for one, other in pairwise(limits)):
        raise ValueError("tiers need rising last days, all counts of days or all dates")
    return TierTable(measure=Measure(raw["measure"]), tiers=tiers)


def _tier(raw: Mapping[str, Any]) -> Tier:
    amounts = {str(key): _amount(value) for key, value in raw.items() if key not in ("until_day", "until_on")}
    day = int(raw["until_day"]) if "until_day" in raw else None
    on = _day(raw["until_on"]) if "until_on" in raw else None
    if (day is None) == (on is None):
        raise ValueError("a tier ends either until_day or until_on")
    return Tier(until_day=day, until_on=on, **amounts)


def _local(raw: Mapping[str, Sequence[str]]) -> LocalItem:
    return LocalItem(**{str(key): frozenset(words) for key, words in raw.items()})


def _amount(raw: Any) -> Decimal:
    number = decimal_of(raw)
    if number < 0:
        raise ValueError(f"{number} is negative")
    return number


def _day(raw: Any) -> date:
    return raw if isinstance(raw, date) else date.fromisoformat(raw)
