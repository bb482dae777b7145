"""Facts as plain data and back, so that a statement can be recomputed years later from what was stored with it."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from zhengtu.core.compensation.facts import HouseholdFacts, Option
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.kernel.reasons import Reason, Refused

T = TypeVar("T")


def household_facts_from(plain: Mapping[str, Any]) -> HouseholdFacts:
    """Facts of a household from a mapping of its attribute names; the inverse of ``as_plain``.

    Raises:
        Refused: naming the attribute that is unknown, missing or of another shape.
    """
    return read_plain(HouseholdFacts, plain, path="facts")


def option_from(plain: Mapping[str, Any]) -> Option:
    """An option from a mapping of its attribute names.

    Raises:
        Refused: naming the attribute that is unknown, missing or of another shape.
    """
    return read_plain(Option, plain, path="option")


def as_plain(value: object) -> Any:
    """Facts, options, statements as dicts, lists and texts, ready for JSON; numbers as text, defaults left in."""
    if is_dataclass(value):
        return {part.name: as_plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(item) for key, item in sorted(value.items())}
    if isinstance(value, frozenset | set):
        return sorted(as_plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [as_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value


@cache
def _hints(type_: Any) -> dict[str, Any]:
    return get_type_hints(type_)


def read_plain(type_: type[T], plain: Any, *, path: str) -> T:
    """A dataclass from what ``as_plain`` made of it.

    Raises:
        Refused: naming the attribute that is unknown, missing or of another shape.
    """
    if not isinstance(plain, Mapping):
        raise _wrong(path, f"a mapping is needed, not {plain!r}")
    hints = _hints(cast("Any", type_))
    unknown = set(plain) - set(hints)
    if unknown:
        raise _wrong(path, f"unknown {sorted(unknown)}")
    for part in fields(type_):  # type: ignore[arg-type]
        if part.name not in plain and part.default is MISSING and part.default_factory is MISSING:
            raise _wrong(f"{path}.{part.name}", "missing")
    return type_(**{name: _value(hints[name], item, path=f"{path}.{name}") for name, item in plain.items()})


def _value(hint: Any, raw: Any, *, path: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not type(None))
        return None if raw is None else _value(inner, raw, path=path)
    if origin is tuple:
        return tuple(_value(arguments[0], item, path=f"{path}[{index}]") for index, item in enumerate(raw))
    if origin is frozenset:
        return frozenset(_value(arguments[0], item, path=path) for item in raw)
    if origin is not None and issubclass(origin, Mapping):
        return {str(key): _value(arguments[1], item, path=f"{path}.{key}") for key, item in raw.items()}
    if is_dataclass(hint):
        return read_plain(cast("type[Any]", hint), raw, path=path)
    return _scalar(hint, raw, path=path)


def _scalar(hint: Any, raw: Any, *, path: str) -> Any:
    if hint is object:
        return raw
    try:
        if hint is Decimal:
            return decimal_of(raw)
        if hint is date:
            return raw if isinstance(raw, date) else date.fromisoformat(raw)
        if issubclass(hint, StrEnum):
            return hint(raw)
    except (TypeError, ValueError) as error:
        raise _wrong(path, str(error)) from error
    if type(raw) is not hint:
        raise _wrong(path, f"{hint.__name__} is needed, not {raw!r}")
    return raw


def _wrong(path: str, problem: str) -> Refused:
    return Refused(
        Reason(
            code="compensation.facts_malformed",
            message=N_("%(path)s cannot be read: %(problem)s."),
            parameters={"path": path, "problem": problem},
            remedy=N_("Correct it where the facts were entered."),
        )
    )
