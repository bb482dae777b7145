"""Frozen values to plain JSON values and back, by the types that their dataclasses declare.

``plain`` gives dicts, lists, text, numbers, booleans and None; ``value_from`` reads them back into the same value.
Decimals and dates travel as text. Fields of type ``object`` (parameters of reasons) come back as they were written.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
_Reader = Callable[[Any], Any]
_Writer = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """The value as JSON can hold it.

    Raises:
        TypeError: for a type that has no plain form.
    """
    return _WRITERS[type(value)](value)


class _Writers(dict[type, _Writer]):
    """Type -> what makes its values plain; found once for each type."""

    def __missing__(self, kind: type) -> _Writer:
        found = self[kind] = _writer_of(kind)
        return found


_WRITERS: Final = _Writers()


def _writer_of(kind: type) -> _Writer:
    if issubclass(kind, Enum):
        return _value_of
    if kind is type(None) or issubclass(kind, str | int | float):
        return _as_it_is
    if issubclass(kind, date):
        return kind.isoformat
    if issubclass(kind, Decimal):
        return str
    if is_dataclass(kind):
        return _fields_of(kind)
    if issubclass(kind, Mapping):
        return lambda held: {str(plain(key)): _WRITERS[type(own)](own) for key, own in held.items()}
    if issubclass(kind, AbstractSet):
        return lambda held: sorted(plain(own) for own in held)
    if issubclass(kind, Sequence):
        return lambda held: [_WRITERS[type(own)](own) for own in held]
    raise TypeError(f"{kind.__name__} has no plain form")


def _value_of(held: Enum) -> Any:
    return held.value


def _fields_of(kind: Any) -> _Writer:
    names = [one.name for one in fields(kind) if one.init]
    return lambda held: {name: _WRITERS[type(own := getattr(held, name))](own) for name in names}


def value_from(kind: type[Value], held: Any) -> Value:
    """The value of that type that ``plain`` wrote.

    Raises:
        TypeError: a field is missing that has no default.
        ValueError: something held does not fit its type.
    """
    asked: Any = kind
    read: Value = _reader(asked)(held)
    return read


@cache
def _reader(kind: Any) -> _Reader:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _optional(arguments)
    if origin is not None:
        return _container(origin, arguments)
    if is_dataclass(kind):
        return _dataclass_reader(kind)
    if kind in (date, datetime):
        parse: _Reader = kind.fromisoformat
        return parse
    if kind is Decimal or (isinstance(kind, type) and issubclass(kind, Enum)):
        made: _Reader = kind
        return made
    return _as_it_is


def _as_it_is(held: Any) -> Any:
    return held


def _optional(arguments: tuple[Any, ...]) -> _Reader:
    """Of a type or None: what is not None is read as the type."""
    inner = _reader(next(one for one in arguments if one is not type(None)))
    return lambda held: None if held is None else inner(held)


def _container(origin: Any, arguments: tuple[Any, ...]) -> _Reader:
    if issubclass(origin, Mapping):
        key, value = _reader(arguments[0]), _reader(arguments[1])
        return lambda held: {key(name): value(own) for name, own in held.items()}
    if issubclass(origin, AbstractSet):
        member = _reader(arguments[0])
        return lambda held: frozenset(member(own) for own in held)
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        members = [_reader(one) for one in arguments]
        return lambda held: tuple(read(own) for read, own in zip(members, held, strict=True))
    member = _reader(arguments[0])
    if member is _as_it_is:
        return tuple
    return lambda held: tuple(member(own) for own in held)


def _dataclass_reader(kind: Any) -> _Reader:
    hints = get_type_hints(kind)
    readers = [(one.name, _reader(hints[one.name])) for one in fields(kind) if one.init]
    plain_names = [name for name, read in readers if read is _as_it_is]
    others = [(name, read) for name, read in readers if read is not _as_it_is]

    def read(held: Any) -> Any:
        values = {name: held[name] for name in plain_names if name in held}
        for name, reader in others:
            if name in held:
                values[name] = reader(held[name])
        return kind(**values)

    return read
