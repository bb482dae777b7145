"""Cells into values: every way people write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.survey_sheets.fields import FIELD_OF
from zhengtu.core.survey_sheets.identity_numbers import (
    check_digit,
    company_check_character,
    identity_finding,
    read_identity_numbers,
)
from zhengtu.core.survey_sheets.values import as_date, as_text, read_column


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025.2.3", date(2025, 2, 3)),
        ("2025年2月3日", date(2025, 2, 3)),
        ("2025-02-03", date(2025, 2, 3)),
        ("2025/2/3 00:00:00", date(2025, 2, 3)),
        ("20250203", date(2025, 2, 3)),
        ("２０２５．２．３", date(2025, 2, 3)),
        (45691.0, date(2025, 2, 3)),
        ("45691", date(2025, 2, 3)),
        (datetime(2025, 2, 3, 8), date(2025, 2, 3)),  # noqa: DTZ001
        (date(2025, 2, 3), date(2025, 2, 3)),
        ("2025-02-30", None),
        ("2025年2月", None),
        ("2025", None),
        ("昨天", None),
        (True, None),
    ],
)
def test_dates(cell: Any, day: date | None) -> None:
    assert as_date(cell) == day


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        (85.5, "85.50", None),
        ("85.5", "85.50", None),
        ("1,234.5㎡", "1234.50", None),
        ("８５．６", "85.60", None),
        ("85.6平方米", "85.60", None),
        (0.1 + 0.2, "0.30", None),
        (40.375, "40.38", "number_rounded"),
        ("", None, None),
        ("—", None, None),
        ("12,34", None, "number_wrong"),
        ("约60", None, "number_wrong"),
        (-1, None, "number_negative"),
        ("#REF!", None, "error_value"),
        (True, None, "number_wrong"),
        (1e9, None, "number_too_large"),
        ("1e3", None, "number_wrong"),
        (float("inf"), None, "number_wrong"),
    ],
)
def test_areas(cell: Any, value: str | None, code: str | None) -> None:
    column = read_column([cell], FIELD_OF["registered_area_m2"])
    assert column.values == [value]
    assert [finding[0] for _, finding in column.findings] == ([code] if code else [])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (101.0, "101"),
        ("  ３０１　室 ", "301 室"),
        ("a\x00b", "ab"),
        (13800000000.0, "13800000000"),
        (1.5, "1.5"),
        (datetime(2025, 2, 3), "2025-02-03"),  # noqa: DTZ001
        ("多  空格", "多 空格"),
    ],
)
def test_texts(cell: Any, text: str) -> None:
    assert as_text(cell) == text


def test_a_clean_column_and_the_same_read_cell_by_cell_agree() -> None:
    clean = ["王芳", "李强", ""]
    assert read_column(clean, FIELD_OF["name"]).values == ["王芳", "李强", None]
    assert read_column([*clean, " 张　三 "], FIELD_OF["name"]).values == ["王芳", "李强", None, "张 三"]


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("13900000000", "13900000000", None),
        (13900000000.0, "13900000000", None),
        ("0432-62001234", "0432-62001234", None),
        ("139****0000", "139****0000", None),
        ("无", None, None),
        ("12", None, "phone_shape"),
    ],
)
def test_phones(cell: Any, value: str | None, code: str | None) -> None:
    column = read_column([cell, "13800000000"], FIELD_OF["phone"])
    assert column.values[0] == value
    assert [finding[0] for _, finding in column.findings] == ([code] if code else [])


def test_known_identity_numbers() -> None:
    assert identity_finding("11010519491231002X") is None  # the example of GB 11643-1999
    assert identity_finding("91350100M000100Y43") is None  # the example of GB 32100-2015
    assert identity_finding("11010519491231002" + "1")[0] == "identity_check_digit"  # type: ignore[index]
    assert identity_finding("110105194912310")[0] == "identity_shape"  # type: ignore[index]
    assert company_check_character("91350100M000100Y4") == "3"


bodies = st.builds(
    lambda place, day, number: f"{place:06d}{day:%Y%m%d}{number:03d}",
    st.integers(100000, 659999),
    st.dates(date(1900, 1, 1), date(2024, 12, 31)),
    st.integers(0, 999),
)


@given(st.lists(bodies, min_size=1, max_size=30), st.data())
def test_every_right_number_passes_and_every_single_wrong_digit_is_found(
    numbers: list[str], data: st.DataObject
) -> None:
    right = [body + check_digit(body) for body in numbers]
    assert read_identity_numbers(right).findings == []
    index = data.draw(st.integers(0, len(right) - 1))
    place = data.draw(st.integers(0, 16))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != right[index][place]]))
    wrong = list(right)
    wrong[index] = wrong[index][:place] + digit + wrong[index][place + 1 :]
    assert [found for found, _ in read_identity_numbers(wrong).findings] == [index]


def test_numbers_in_bulk_are_judged_as_one_by_one() -> None:
    cells = [
        "11010519491231002x",
        "110105194912310021",
        "",
        "110105199902300015",
        "１１０１０５１９４９１２３１００２Ｘ",
        1.1e17,
    ]
    column = read_identity_numbers(cells)
    assert column.values == ["11010519491231002X", None, None, None, "11010519491231002X", None]
    assert {index: finding[0] for index, finding in column.findings} == {
        1: "identity_check_digit",
        3: "identity_birthday",
        5: "digits_lost",
    }
