"""Typed fields for the values of parameters, and what a form gives back, in the rulebook's own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from zhengtu.core.compensation.parameter_reading import value_from
from zhengtu.core.compensation.parameter_writing import value_as_plain
from zhengtu.core.compensation.parameters import Kind, Parameter, Value
from zhengtu.core.compensation.schedules import Measure, TierTable
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.web.office.policy.words import word
from zhengtu.web.shared.languages import in_language

TIER_PARTS: Final = ("per_household", "per_m2", "share", "at_least", "at_most")
_SPARE_TIERS: Final = 2


@dataclass(frozen=True, slots=True)
class ValueField:
    """One input: a number, or a choice where there are choices."""

    name: str
    label: str
    value: str
    unit: str = ""
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class ParameterFields:
    """The inputs of one parameter; tiers come as rows under common headings."""

    parameter: Parameter
    label: str
    unit: str
    level: str
    fields: Sequence[ValueField] = ()
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[ValueField]] = field(default_factory=tuple)
    is_changed: bool = False


def fields_of(parameter: Parameter, current: Value | None, given: QueryDict | None = None) -> ParameterFields:
    """The inputs of a parameter, filled with what the form gave or with the value in force."""
    plain = value_as_plain(current) if current is not None else None
    id, kind = parameter.id, parameter.kind

    def filled(name: str, held: Any) -> str:
        return given.get(name, "") if given is not None and name in given else "" if held is None else str(held)

    rows: list[list[ValueField]] = []
    headings: list[str] = []
    if kind is Kind.NUMBER:
        inputs = [ValueField(id, in_language(parameter.label), filled(id, plain), word("units", parameter.unit))]
    elif kind is Kind.CHOICE:
        choices = [(one, word("choices", one)) for one in parameter.choices]
        inputs = [ValueField(id, in_language(parameter.label), filled(id, plain), choices=choices)]
    elif kind is Kind.TABLE:
        inputs = [
            ValueField(f"{id}:{key}", word("keys", key), filled(f"{id}:{key}", held), word("units", parameter.unit))
            for key, held in (plain or {}).items()
        ]
    elif kind is Kind.CHARGE:
        inputs = [
            ValueField(f"{id}:{part}", word("parts", part), filled(f"{id}:{part}", (plain or {}).get(part)),
                       word("units", unit))
            for part, unit in current_compensation().part_units.items()
        ]
    else:
        inputs, headings, rows = _tier_fields(parameter, plain, filled)
    return ParameterFields(
        parameter, in_language(parameter.label), word("units", parameter.unit),
        word("levels", parameter.set_by.value), inputs, headings, rows,
        is_changed=given is not None and any(
            one.value != str(before) for one, before in _beside(inputs, rows, plain)
        ),
    )


def _beside(inputs: Sequence[ValueField], rows: Sequence[Sequence[ValueField]], plain: Any) -> list[tuple[Any, Any]]:
    flat = {name: str(held) for name, held in _flat(plain)}
    found = []
    for one in [*inputs, *(cell for row in rows for cell in row)]:
        key = one.name.partition(":")[2]
        found.append((one, flat.get(key, "")))
    return found


def _flat(plain: Any) -> list[tuple[str, Any]]:
    if not isinstance(plain, Mapping):
        return [("", "" if plain is None else plain)]
    if "tiers" not in plain:
        return list(plain.items())
    cells = [
        (f"{number}:{part}", held) for number, tier in enumerate(plain["tiers"]) for part, held in tier.items()
    ]
    return [("measure", plain["measure"]), *cells]


def _tier_fields(parameter: Parameter, plain: Any, filled: Any) -> tuple[list[Any], list[str], list[list[ValueField]]]:
    id = parameter.id
    held = plain or {"measure": Measure.SIGNING.value, "tiers": []}
    choices = [(one.value, word("measures", one.value)) for one in Measure]
    measure = ValueField(f"{id}:measure", word("parts", "measure"), filled(f"{id}:measure", held["measure"]),
                         choices=choices)
    units = current_compensation().part_units
    headings = [word("parts", "until_day"), *(f"{word('parts', p)} ({word('units', units[p])})" for p in TIER_PARTS)]
    rows = []
    for number in range(len(held["tiers"]) + _SPARE_TIERS):
        tier = held["tiers"][number] if number < len(held["tiers"]) else {}
        rows.append([
            ValueField(f"{id}:{number}:{part}", headings[position],
                       filled(f"{id}:{number}:{part}", tier.get(part)))
            for position, part in enumerate(("until_day", *TIER_PARTS))
        ])
    return [measure], headings, rows


def is_editable(parameter: Parameter, current: Value | None) -> bool:
    """Whether a form can hold it: a table needs its keys from a value on file, tiers their days as counts."""
    if isinstance(current, TierTable):
        return current.counts_days
    return parameter.kind is not Kind.TABLE or current is not None


def given_value(parameter: Parameter, given: QueryDict) -> Any:
    """The value that the form gives for a parameter, as plain data; None when all its fields are empty.

    Raises:
        Refused: naming each field that holds no number, and what the rulebook's reader refuses.
    """
    id, kind = parameter.id, parameter.kind
    if kind in (Kind.NUMBER, Kind.CHOICE):
        plain: Any = given.get(id, "").strip() or None
    elif kind is Kind.TIERS:
        plain = _given_tiers(id, given)
    else:
        prefix = f"{id}:"
        plain = {
            name.removeprefix(prefix): text.strip() for name, text in given.items()
            if name.startswith(prefix) and text.strip()
        } or None
    if plain is None:
        return None
    reasons = [_no_number(parameter, text) for text in _texts(plain, kind) if not _is_number(text)]
    if reasons:
        raise Refused(*reasons)
    try:
        value_from(plain, kind=kind, choices=parameter.choices)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(_unread(parameter, error)) from error
    return plain


def _given_tiers(id: str, given: QueryDict) -> Any:
    numbers = sorted({
        int(parts[1]) for name in given
        if name.startswith(f"{id}:") and len(parts := name.rsplit(":", 2)) == 3 and parts[1].isdecimal()
    })
    tiers = []
    for number in numbers:
        tier = {
            part: text for part in ("until_day", *TIER_PARTS)
            if (text := given.get(f"{id}:{number}:{part}", "").strip())
        }
        if tier:
            tiers.append(tier)
    return {"measure": given.get(f"{id}:measure", ""), "tiers": tiers} if tiers else None


def _texts(plain: Any, kind: Kind) -> list[str]:
    if kind is Kind.CHOICE:
        return []
    if isinstance(plain, str):
        return [plain]
    if kind is Kind.TIERS:
        return [text for tier in plain["tiers"] for text in tier.values()]
    return list(plain.values())


def _is_number(text: str) -> bool:
    try:
        return decimal_of(text) >= 0
    except ValueError:
        return False


def _no_number(parameter: Parameter, text: str) -> Reason:
    return Reason(
        code="policy.no_number",
        message=N_("%(parameter)s: “%(text)s” is not a number from zero up."),
        parameters={"parameter": in_language(parameter.label), "text": text[:40]},
        remedy=N_("Write digits with a full stop for decimals; shares as 0.15 for 15 %%."),
    )


def _unread(parameter: Parameter, error: Exception) -> Reason:
    if parameter.kind is Kind.TIERS:
        message = N_("%(parameter)s: every tier needs its last day, the days must rise, and a measure is chosen.")
    elif parameter.kind is Kind.CHARGE:
        message = N_("%(parameter)s: an included area needs the sum per household that covers it.")
    else:
        message = N_("%(parameter)s: the value is none that the rulebook takes.")
    return Reason(
        code="policy.value_unread", message=message, parameters={"parameter": in_language(parameter.label)},
        remedy=N_("Correct the fields of this parameter."),
    )


def changed_values(parameters: Sequence[tuple[Parameter, Value | None]], given: QueryDict) -> dict[str, Any]:
    """Parameter -> plain value, of those that the form gives otherwise than the current value.

    Raises:
        Refused: with everything that is wrong with any of the fields.
    """
    changed: dict[str, Any] = {}
    reasons: list[Reason] = []
    for parameter, current in parameters:
        if not is_editable(parameter, current):
            continue
        try:
            plain = given_value(parameter, given)
        except Refused as refused:
            reasons += refused.reasons
            continue
        if plain is None:
            continue
        if current is None or value_from(plain, kind=parameter.kind, choices=parameter.choices) != current:
            changed[parameter.id] = plain
    if reasons:
        raise Refused(*reasons)
    return changed
