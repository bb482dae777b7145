"""A table on the server: filters, order, page and columns live in the address; the same rows go to Excel.

::

    table = Table(
        name="projects", title=_("Projects"), rows=projects_for(request.actor), request=request,
        columns=[Column("name", _("Name"), href=lambda p: reverse("project.view", args=[p.code])),
                 Column("due_on", _("Due"), kind="date"), …],
        filters=[Filter("name", _("Name")), Filter("kind", _("Kind"), kind="choice", choices=ProjectKind.choices)],
    )
    if table.wants_export:
        return table.export()
    return render(request, "records/projects.html", {"table": table.render_context()})

and in the template ``{% include "components/table.html" %}``, with ``js/table.js`` in its scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.safestring import SafeString

from zhengtu.core.planning.plan import Colour
from zhengtu.web.shared import figure_text
from zhengtu.web.shared.addresses import changed_query
from zhengtu.web.shared.table_columns import Column, Filter, Row, Rows
from zhengtu.web.shared.table_export import may_export, table_workbook
from zhengtu.web.shared.templatetags.figures import light

PAGE_ROWS: Final = 50
_RESERVED: Final = {"on", "known", "sort", "page", "columns", "format", "q"}
_BY_URGENCY: Final = [str(colour) for colour in Colour.by_urgency()]
_URGENCY: Final = (*_BY_URGENCY[:2], "blue", *_BY_URGENCY[2:], "done")
"""Lights, the most urgent first; blue is due soon, as lists of directives show it."""
_CLASSES: Final = {"date": "date", "instant": "date", "code": "code-cell", "masked": "nowrap", "light": "light-cell"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown."""

    text: str | SafeString
    css: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head with the address that sorts by it."""

    label: str
    unit: str
    css: str
    href: str
    sorted: str


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field of the filter row with what the address says."""

    key: str
    label: str
    kind: str
    value: str
    lowest: str
    highest: str
    choices: list[tuple[str, str, bool]]


class Table:
    """Rows of one kind with columns to show and filters to narrow them.

    Args:
        rows: a query whose rows the actor may see, or a list of rows.
        title: what the rows are; it names the workbook.
        sort: how rows are ordered before anybody chooses: a column key, with ``-`` for descending.
        row_href: the address of a row; with ``opens_panel`` it opens beside the list.
        totals: values of a last row, by column key.
        export_verb: what the actor must be allowed to do to take the rows away; empty: no export.
        source: where the figures come from, for the workbook's particulars.
    """

    def __init__(
        self,
        *,
        name: str,
        title: object,
        columns: Sequence[Column],
        rows: Rows,
        request: HttpRequest,
        filters: Sequence[Filter] = (),
        sort: str = "",
        per_page: int = PAGE_ROWS,
        row_href: Callable[[Row], str] | None = None,
        opens_panel: bool = False,
        totals: Mapping[str, object] | None = None,
        export_verb: str = "registry.export",
        source: object = "",
        empty_text: object = "",
    ) -> None:
        clash = _RESERVED & {one for filter in filters for one in filter.names}
        if clash:
            raise ValueError(f"filters of {name} use reserved parameters: {clash}")
        self.name, self.title, self.columns, self.filters = name, title, columns, filters
        self.request, self.per_page, self.row_href = request, per_page, row_href
        self.opens_panel, self.totals, self.export_verb = opens_panel, totals or {}, export_verb
        self.source, self.empty_text = source, empty_text
        self._default_sort = sort
        self._given = rows

    @property
    def wants_export(self) -> bool:
        """Whether the address asks for the workbook."""
        return self.request.GET.get("format") == "xlsx"

    def export(self) -> HttpResponseBase:
        """The rows as the filters and columns of the address leave them, as a workbook.

        Raises:
            PermissionDenied: when the actor may not take the rows away.
        """
        return table_workbook(self)

    @cached_property
    def rows(self) -> Rows:
        """All rows that pass the filters, in order."""
        rows = self._given
        for filter in self.filters:
            rows = filter.narrowed(rows, self.request.GET)
        column, descending = self._sorting
        if isinstance(rows, QuerySet):
            if column is None:
                return rows if rows.ordered else rows.order_by("pk")
            return rows.order_by(column.ordering(descending=descending), "pk")
        if column is None:
            return list(rows)
        known = [row for row in rows if column.value_of(row) is not None]
        unknown = [row for row in rows if column.value_of(row) is None]
        return sorted(known, key=lambda row: _sort_key(column, column.value_of(row)), reverse=descending) + unknown

    @cached_property
    def count(self) -> int:
        """How many rows pass the filters."""
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    @cached_property
    def shown_columns(self) -> list[Column]:
        """Columns chosen in the address, in the table's own order; without a choice the usual ones."""
        chosen = {key for value in self.request.GET.getlist("columns") for key in value.split(",")}
        shown = [column for column in self.columns if column.key in chosen]
        return shown or [column for column in self.columns if column.is_shown]

    @cached_property
    def page_count(self) -> int:
        return max(1, -(-self.count // self.per_page))

    @cached_property
    def page(self) -> int:
        """The page shown, from 1; a number out of range gives the nearest page."""
        text = self.request.GET.get("page", "1")
        return min(max(int(text), 1), self.page_count) if text.isdecimal() and len(text) < 9 else 1

    @cached_property
    def page_rows(self) -> list[Row]:
        """Rows of the page shown."""
        start = (self.page - 1) * self.per_page
        return list(self.rows[start : start + self.per_page])

    def render_context(self) -> dict[str, object]:
        """What ``components/table.html`` shows."""
        return {
            "name": self.name,
            "headings": [self._heading(column) for column in self.shown_columns],
            "rows": [
                {"cells": [self._cell(column, row) for column in self.shown_columns],
                 "href": self.row_href(row) if self.row_href else ""}
                for row in self.page_rows
            ],
            "totals": [
                Cell(_shown(column, self.totals[column.key]) if column.key in self.totals else "", _css(column), "", "")
                for column in self.shown_columns
            ] if self.totals else [],
            "count": self.count,
            "page": self.page,
            "pages": list(self._page_links()),
            "first": (self.page - 1) * self.per_page + 1 if self.count else 0,
            "last": min(self.page * self.per_page, self.count),
            "filters": [self._field(filter) for filter in self.filters],
            "is_filtered": any(self.request.GET.get(name) for filter in self.filters for name in filter.names),
            "clear_href": self._address({name: None for filter in self.filters for name in filter.names}),
            "kept": self._kept({one for filter in self.filters for one in filter.names}),
            "column_choices": [
                (column.key, str(column.label), column in self.shown_columns) for column in self.columns
            ],
            "kept_without_columns": self._kept({"columns"}),
            "export_href": self._address({"format": "xlsx"}) if self._may_export else "",
            "opens_panel": self.opens_panel,
            "empty_text": str(self.empty_text),
        }

    @property
    def _may_export(self) -> bool:
        return may_export(self)

    @property
    def _sorting(self) -> tuple[Column | None, bool]:
        for text in (self.request.GET.get("sort", ""), self._default_sort):
            column = next((c for c in self.columns if c.key == text.removeprefix("-") and c.is_sortable), None)
            if column is not None:
                return column, text.startswith("-")
        return None, False

    def _heading(self, column: Column) -> Heading:
        sorted_by, descending = self._sorting
        is_sorted = sorted_by is column
        # Figures are first asked for from the largest down, words and dates from the first on.
        key = column.key
        goes_down = not descending if is_sorted else column.is_number
        next_sort = f"-{key}" if goes_down else key
        return Heading(
            label=str(column.label),
            unit=str(column.unit),
            css=_css(column),
            href=self._address({"sort": next_sort}) if column.is_sortable else "",
            sorted=("descending" if descending else "ascending") if is_sorted else "",
        )

    def _cell(self, column: Column, row: Row) -> Cell:
        text = _shown(column, column.value_of(row))
        href = column.href(row) if column.href is not None else ""
        label = f"{column.label} ({column.unit})" if column.unit else str(column.label)
        return Cell(text=text, css=_css(column), href=href or "", label=label)

    def _field(self, filter: Filter) -> FilterField:
        value = self.request.GET.get(filter.key, "")
        return FilterField(
            key=filter.key, label=str(filter.label), kind=filter.kind, value=value,
            lowest=self.request.GET.get(f"{filter.key}_from", ""), highest=self.request.GET.get(f"{filter.key}_to", ""),
            choices=[(choice, str(label), choice == value) for choice, label in filter.choices],
        )

    def _address(self, changes: Mapping[str, object]) -> str:
        return changed_query(self.request.GET, {"format": None, **changes})

    def _kept(self, leaving_out: set[str]) -> list[tuple[str, str]]:
        left_out = leaving_out | {"page", "format"}
        return [(n, value) for n, values in self.request.GET.lists() if n not in left_out for value in values]

    def _page_links(self) -> Iterator[tuple[int | None, str]]:
        """(page, address) around the page shown, with the first and the last; (None, "") for a gap."""
        around = {1, self.page_count, *range(max(1, self.page - 2), min(self.page_count, self.page + 2) + 1)}
        previous = 0
        for number in sorted(around):
            if number != previous + 1:
                yield None, ""
            yield number, self._address({"page": number if number > 1 else None})
            previous = number


def _css(column: Column) -> str:
    return "number" if column.is_number else _CLASSES.get(column.kind, "")


def _shown(column: Column, value: Any) -> str | SafeString:
    """A value as the column shows it."""
    if value is None or value == "":
        return figure_text.NOTHING
    match column.kind:
        case "integer":
            return figure_text.grouped(value)
        case "decimal" | "money" | "area":
            return figure_text.grouped(value, digits=2)
        case "wan":
            return figure_text.wan(value)
        case "share":
            return figure_text.percent(value)
        case "chance":
            return figure_text.chance(value)
        case "date":
            return figure_text.day(value)
        case "instant":
            return figure_text.minute(value)
        case "light":
            return light(value[0], value[1]) if isinstance(value, tuple) else light(value)
    return value if isinstance(value, SafeString) else str(value)


def _sort_key(column: Column, value: Any) -> Any:
    """Words without regard to case; lights by urgency, then by their sentence."""
    if column.kind == "light":
        name, why = value if isinstance(value, tuple) else (value, "")
        return (_URGENCY.index(name) if name in _URGENCY else len(_URGENCY)), str(why)
    return value.lower() if isinstance(value, str) else value
