"""Tables: order, filters, pages and columns from the address; the same rows in Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from zhengtu.accounts.models import Unit
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

pytestmark = pytest.mark.django_db

ROWS = [
    {"name": "Harbour", "count": 12, "due_on": date(2025, 3, 15), "sum": Decimal("1234567.80"), "kind": "road"},
    {"name": "=2+5", "count": None, "due_on": None, "sum": None, "kind": "park"},
    {"name": "airport", "count": 3, "due_on": date(2025, 2, 14), "sum": Decimal("0"), "kind": "road"},
]
COLUMNS = [
    Column("name", "Name"), Column("count", "Households", kind="integer"), Column("due_on", "Due", kind="date"),
    Column("sum", "Sum", kind="wan", unit="万元"), Column("kind", "Kind", is_shown=False, sort=""),
]
FILTERS = [
    Filter("name", "Name"),
    Filter("kind", "Kind", kind="choice", choices=[("road", "Road"), ("park", "Park")]),
    Filter("due", "Due", kind="dates", paths=["due_on"]),
    Filter("count", "Households", kind="numbers"),
]


def request_for(query: str, role: str = "coordinator") -> HttpRequest:
    request: Any = RequestFactory().get(f"/projects{query}")
    request.actor = Actor(person="220200-u0001", postings=(Posting(role=role, unit="220200"),))
    request.user = SimpleNamespace(name="许文静", username="coordinator")
    request.now = datetime(2025, 2, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    request.today = date(2025, 2, 20)
    return request


def table(query: str = "", *, rows: Any = ROWS, columns: Sequence[Column] = COLUMNS, **more: Any) -> Table:
    role = more.pop("role", "coordinator")
    return Table(
        name="projects", title="Projects", columns=columns, rows=rows, request=request_for(query, role),
        filters=more.pop("filters", FILTERS), **more,
    )


def names(of: Table) -> list[str]:
    return [row["name"] for row in of.page_rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Harbour", "=2+5", "airport"]),
        ("?sort=name", ["=2+5", "airport", "Harbour"]),
        ("?sort=count", ["airport", "Harbour", "=2+5"]),
        ("?sort=-count", ["Harbour", "airport", "=2+5"]),
        ("?sort=kind", ["Harbour", "=2+5", "airport"]),
        ("?sort=nonsense", ["Harbour", "=2+5", "airport"]),
        ("?name=AIR", ["airport"]),
        ("?kind=park", ["=2+5"]),
        ("?kind=nonsense", ["Harbour", "=2+5", "airport"]),
        ("?due_from=2025-03-01", ["Harbour"]),
        ("?due_to=2025-03-01", ["airport"]),
        ("?due_from=nonsense", ["Harbour", "=2+5", "airport"]),
        ("?count_from=3&count_to=5", ["airport"]),
    ],
)
def test_order_and_filters_come_from_the_address(query: str, expected: list[str]) -> None:
    assert names(table(query)) == expected


@pytest.mark.parametrize(
    ("query", "page", "expected"),
    [
        ("", 1, ["Harbour", "=2+5"]), ("?page=2", 2, ["airport"]), ("?page=99", 2, ["airport"]),
        ("?page=x", 1, ["Harbour", "=2+5"]),
    ],
)
def test_pages_out_of_range_give_the_nearest(query: str, page: int, expected: list[str]) -> None:
    shown = table(query, per_page=2)
    assert (shown.page, names(shown)) == (page, expected)


def test_columns_are_chosen_in_the_address_and_keep_their_order() -> None:
    assert [column.key for column in table("?columns=kind&columns=name").shown_columns] == ["name", "kind"]
    assert [column.key for column in table("?columns=nonsense").shown_columns] == ["name", "count", "due_on", "sum"]


def test_a_query_is_narrowed_and_ordered_by_the_database() -> None:
    for code, name in [("220202", "昌邑区"), ("220203", "龙潭区"), ("220204", "船营区")]:
        Unit.objects.create(code=code, kind="district", name=name, short_name=name[:2], name_en=code)
    columns = [Column("code", "Code"), Column("name", "Name")]
    found = table(
        "?sort=-code&name=区&page=2", rows=Unit.objects.all(), columns=columns, filters=[Filter("name", "Name")],
        per_page=2,
    )
    assert [unit.code for unit in found.page_rows] == ["220202"]
    assert found.count == 3


def test_what_is_shown_and_where_links_lead() -> None:
    context = table("?sort=-count&kind=road", per_page=1).render_context()
    html = render_to_string("components/table.html", {"table": context})
    assert "123.46" in html
    assert 'aria-sort="descending"' in html
    assert "?sort=count&amp;kind=road" in html
    assert "page=2" in html
    assert "format=xlsx" in html


def test_a_reserved_parameter_cannot_be_a_filter() -> None:
    with pytest.raises(ValueError, match="reserved"):
        table(filters=[Filter("on", "On")])


def exported(of: Table) -> Any:
    response: Any = of.export()
    return openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))


def test_a_probability_is_never_nothing_or_certain_and_lights_sort_by_urgency() -> None:
    rows = [
        {"chance": 0.0, "light": ("green", "on course")}, {"chance": 0.999, "light": ("red", "late")},
        {"chance": 0.26, "light": ("yellow", "at risk")}, {"chance": None, "light": ("idle", "no deadline")},
    ]
    columns = [Column("chance", "Probability", kind="chance"), Column("light", "Light", kind="light")]
    shown = table("?sort=light", rows=rows, columns=columns, filters=[]).render_context()
    assert [row["cells"][0].text for row in shown["rows"]] == ["> 99%", "26%", "< 1%", "–"]
    by_chance = exported(table("?sort=-chance", rows=rows, columns=columns, filters=[])).worksheets[0]
    assert [row[0].value for row in by_chance.iter_rows(min_row=2)] == ["> 99%", "26%", "< 1%", None]


def test_the_workbook_holds_the_rows_and_columns_of_the_address_with_their_particulars() -> None:
    book = exported(table("?sort=-count&kind=road&columns=name,sum&on=2025-02-14&format=xlsx"))
    sheet = book.worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Name", "Sum (万元)"], ["Harbour", 123.45678], ["airport", 0],
    ]
    particulars = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    values = list(particulars.values())
    assert "2025-02-14" in values
    assert "许文静 (coordinator)" in values
    assert "Road" in values
    assert "2025-02-20 09:30" in values


def test_a_name_like_a_formula_leaves_as_text() -> None:
    cell = exported(table("?kind=park")).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=2+5", "s", True)


def test_whoever_may_not_export_gets_neither_link_nor_file() -> None:
    closed = table("?format=xlsx", role="appraiser")
    assert closed.render_context()["export_href"] == ""
    with pytest.raises(PermissionDenied):
        closed.export()
