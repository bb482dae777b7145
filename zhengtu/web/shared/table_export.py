"""A table's rows as an Excel workbook, with a sheet that says as of when, by whom and from what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.spreadsheet import ROWS_LIMIT, CellValue, SheetColumn, write_workbook
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.chrome import posts_of
from zhengtu.web.shared.figure_text import chance, day, minute
from zhengtu.web.shared.table_columns import Column
from zhengtu.web.shared.templatetags.figures import light_meaning

if TYPE_CHECKING:
    from zhengtu.web.shared.table import Table

_CHUNK_ROWS: Final = 2_000
_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KINDS: Final = {"wan": "decimal", "code": "text", "light": "text", "chance": "text"}


def may_export(table: Table) -> bool:
    """Whether the actor may take the table's rows away."""
    authority = current_rulebook().authority
    return bool(table.export_verb) and bool(
        authority.scope(actor=table.request.actor, verb=table.export_verb)  # type: ignore[attr-defined]
    )


def table_workbook(table: Table) -> HttpResponseBase:
    """The workbook as a download.

    Raises:
        PermissionDenied: when the actor may not take the rows away.
        ValueError: when there are more rows than an Excel sheet holds.
    """
    if not may_export(table):
        raise PermissionDenied(table.export_verb)
    if table.count > ROWS_LIMIT:
        raise ValueError(f"an Excel sheet holds {ROWS_LIMIT} rows")
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - the response closes it
    columns = [column for column in table.shown_columns if column.is_exported]
    write_workbook(
        file,
        sheet_name=str(table.title),
        columns=[_sheet_column(column) for column in columns],
        rows=([_exported(column, row) for column in columns] for row in _all_rows(table)),
        particulars_name=gettext("About this table"),
        particulars=_particulars(table),
        created=table.request.now.astimezone(SHANGHAI).replace(tzinfo=None),  # type: ignore[attr-defined]
    )
    file.seek(0)
    name = f"{table.title}-{day(as_of(table.request).on)}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_MEDIA_TYPE)


def _all_rows(table: Table) -> Iterable[Any]:
    rows = table.rows
    return rows.iterator(chunk_size=_CHUNK_ROWS) if isinstance(rows, QuerySet) else rows


def _sheet_column(column: Column) -> SheetColumn:
    heading = f"{column.label} ({column.unit})" if column.unit else str(column.label)
    kind = _KINDS.get(column.kind, column.kind)
    return SheetColumn(heading=heading, kind=kind, width=column.width)


def _exported(column: Column, row: Any) -> CellValue:
    value: Any = column.value_of(row)
    if value is None or value == "":
        return None
    if column.kind == "wan":
        return value / 10_000
    if column.kind == "chance":
        return chance(value)
    if column.kind == "instant":
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    if column.kind == "light":
        name, why = value if isinstance(value, tuple) else (value, "")
        return f"{light_meaning(name)}. {why}".removesuffix(". ")
    if isinstance(value, SafeString):
        return strip_tags(value)
    return value if isinstance(value, str | int | float) or column.kind != "text" else str(value)


def _particulars(table: Table) -> list[tuple[str, str]]:
    return list(_particular_lines(table))


def _particular_lines(table: Table) -> Iterator[tuple[str, str]]:
    request = table.request
    dates = as_of(request)
    yield gettext("Table"), str(table.title)
    yield gettext("As of"), day(dates.on)
    yield gettext("As known on"), day(dates.known) if dates.known else gettext("now")
    yield gettext("Rows"), str(table.count)
    for filter in table.filters:
        given = [request.GET[name] for name in filter.names if request.GET.get(name)]
        if given:
            labels = {value: str(label) for value, label in filter.choices}
            yield gettext("Filter: %(name)s") % {"name": filter.label}, " – ".join(labels.get(v, v) for v in given)
    yield gettext("Exported by"), f"{request.user.name} ({request.user.username})"  # type: ignore[union-attr]
    yield gettext("Posts"), "; ".join(posts_of(request.actor))  # type: ignore[attr-defined]
    yield gettext("Exported at"), minute(request.now)  # type: ignore[attr-defined]
    yield gettext("Source"), str(table.source) or gettext("Zhengtu, ledger and registry of the city")
    yield gettext("Link"), request.build_absolute_uri()
    yield gettext("Rulebook"), current_rulebook().fingerprint
