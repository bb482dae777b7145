"""Columns and filters of a table, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

Row = Any
Rows = QuerySet[Any] | Sequence[Any]

NUMBER_KINDS: Final = ("integer", "decimal", "money", "wan", "area", "share", "chance")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: its name in the address, and where its value lies unless ``value`` says otherwise.
        kind: ``text``, ``masked`` (text that is not broken), ``code``, ``integer``, ``decimal``, ``money`` (yuan, shown
            to the fen), ``wan`` (yuan, shown as 万元), ``area`` (m²), ``share`` (0 to 1), ``chance`` (a probability, 0
            to 1), ``date``, ``instant`` or ``light`` (a name, or name and why).
        unit: shown in the column's head.
        value: how a row gives the value; by default its attribute or entry ``key`` (``a__b`` goes deeper).
        sort: ORM path or expression to sort a query by; by default ``key``; empty: cannot be sorted by.
            Rows in a list are sorted by the value.
        href: a row's address behind the cell, or an empty text.
        is_shown: whether it shows before anybody chooses columns.
        is_exported: whether it goes into the workbook; columns of buttons do not.
        width: in characters, for the workbook.
    """

    key: str
    label: object
    kind: str = "text"
    unit: object = ""
    value: Callable[[Row], object] | None = None
    sort: Any = None
    href: Callable[[Row], str] | None = None
    is_shown: bool = True
    is_exported: bool = True
    width: int = 16

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBER_KINDS

    @property
    def is_sortable(self) -> bool:
        return self.sort != ""

    def value_of(self, row: Row) -> object:
        """The row's value in this column."""
        return self.value(row) if self.value is not None else value_at(row, self.key)

    def ordering(self, *, descending: bool) -> OrderBy:
        """The query's order by this column; what has no value comes last either way."""
        path = self.key if self.sort is None else self.sort
        expression = F(path) if isinstance(path, str) else path
        return expression.desc(nulls_last=True) if descending else expression.asc(nulls_last=True)


@dataclass(frozen=True, slots=True)
class Filter:
    """A field of the filter row.

    Attributes:
        key: its name in the address; a range has ``key_from`` and ``key_to``.
        kind: ``text`` (contains), ``choice``, ``dates`` or ``numbers`` (ranges with both ends), ``flag``.
        choices: (value, label) of a ``choice``.
        paths: ORM paths (or row keys) looked at; by default ``key``. A text matches in any of them.
        apply: how the rows are narrowed instead, given the rows and the text from the address.
    """

    key: str
    label: object
    kind: str = "text"
    choices: Sequence[tuple[str, object]] = ()
    paths: Sequence[str] = ()
    apply: Callable[[Any, str], Any] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Its parameters in the address."""
        return (f"{self.key}_from", f"{self.key}_to") if self.kind in ("dates", "numbers") else (self.key,)

    def narrowed(self, rows: Rows, parameters: Mapping[str, str]) -> Rows:
        """The rows that pass; what is malformed or no choice narrows nothing."""
        given = {name: parameters[name].strip() for name in self.names if parameters.get(name, "").strip()}
        if not given:
            return rows
        if self.kind == "choice" and given[self.key] not in {value for value, _ in self.choices}:
            return rows
        if self.apply is not None:
            return self.apply(rows, given[self.key])
        if self.kind in ("dates", "numbers"):
            return self._within(rows, given)
        text = given[self.key]
        paths = self.paths or (self.key,)
        lookup = "icontains" if self.kind == "text" else "exact"
        wanted: object = True if self.kind == "flag" else text
        if isinstance(rows, QuerySet):
            condition = Q()
            for path in paths:
                condition |= Q(**{f"{path}__{lookup}": wanted})
            return rows.filter(condition)
        if self.kind == "flag":
            return [row for row in rows if any(value_at(row, path) for path in paths)]
        if self.kind == "text":
            return [row for row in rows if any(text.lower() in str(value_at(row, path)).lower() for path in paths)]
        return [row for row in rows if any(str(value_at(row, path)) == text for path in paths)]

    def _within(self, rows: Rows, given: Mapping[str, str]) -> Rows:
        lowest = self._bound(given.get(f"{self.key}_from"))
        highest = self._bound(given.get(f"{self.key}_to"))
        path = (self.paths or (self.key,))[0]
        if isinstance(rows, QuerySet):
            if lowest is not None:
                rows = rows.filter(**{f"{path}__gte": lowest})
            return rows.filter(**{f"{path}__lte": highest}) if highest is not None else rows
        kept = []
        for row in rows:
            value: Any = value_at(row, path)
            if value is None and (lowest is not None or highest is not None):
                continue
            if (lowest is None or value >= lowest) and (highest is None or value <= highest):
                kept.append(row)
        return kept

    def _bound(self, text: str | None) -> Any:
        if not text:
            return None
        try:
            if self.kind == "dates":
                return date.fromisoformat(text)
            number = Decimal(text)
            return number if number.is_finite() else None
        except (ValueError, InvalidOperation):
            return None


def value_at(row: Row, path: str) -> object:
    """The value at ``a__b`` of a row that is an object or a mapping; None where the way ends early."""
    value = row
    for name in path.split("__"):
        if value is None:
            return None
        value = value[name] if isinstance(value, Mapping) else getattr(value, name)
    return value
