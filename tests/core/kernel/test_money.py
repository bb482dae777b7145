"""Money: one rounding rule, no floats, sums in Chinese capitals."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.money import (
    decimal_of,
    from_words,
    grouped,
    in_words,
    product,
    to_fen,
    to_square_metres,
    total,
)

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("0.005", "0.01"),
        ("0.0049", "0.00"),
        ("-0.005", "-0.01"),
        ("1.015", "1.02"),
        ("2.675", "2.68"),
        ("-0.001", "0.00"),
    ],
)
def test_halves_of_a_fen_go_away_from_zero(exact: str, rounded: str) -> None:
    assert str(to_fen(Decimal(exact))) == rounded


def test_a_product_is_rounded_once_at_its_end() -> None:
    assert product(Decimal("85.37"), Decimal("6512.35")) == Decimal("555959.32")
    assert product(Decimal("100000"), Decimal(7), per=Decimal(24)) == Decimal("29166.67")
    assert product(Decimal("0.5"), Decimal("0.01")) == Decimal("0.01")


def test_no_context_of_a_caller_changes_an_amount() -> None:
    with localcontext() as context:
        context.prec, context.rounding = 4, ROUND_DOWN
        assert product(Decimal("85.37"), Decimal("6512.35")) == Decimal("555959.32")
        assert total([Decimal("123456.78"), Decimal("0.01")]) == Decimal("123456.79")
    assert getcontext().prec == 28


@pytest.mark.parametrize("value", [0.1, True, None, [1]])
def test_floats_and_things_that_are_no_numbers_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        decimal_of(value)


@pytest.mark.parametrize("value", ["", "ten", "NaN", "Infinity"])
def test_text_that_is_no_finite_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="number"):
        decimal_of(value)


def test_numbers_are_read_and_shown() -> None:
    assert decimal_of("0.05") == Decimal("0.05")
    assert decimal_of(3) == 3
    assert grouped(Decimal("-1234567.5")) == "-1,234,567.50"
    assert to_square_metres(Decimal("85.375")) == Decimal("85.38")


@pytest.mark.parametrize(
    ("amount", "words"),
    [  # the first six are the examples of the People's Bank's appendix, in the form it allows that writes fewest zeros
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0", "零元整"),
        ("0.30", "叁角整"),
        ("0.05", "伍分"),
        ("10", "壹拾元整"),
        ("100000", "壹拾万元整"),
        ("100050", "壹拾万零伍拾元整"),
        ("100000005", "壹亿零伍元整"),
        ("1000050000", "壹拾亿零伍万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1200300000000", "壹万贰仟零叁亿元整"),
        ("-20.01", "负贰拾元零壹分"),
    ],
)
def test_sums_in_words(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


@given(amounts)
def test_words_name_one_sum_only(amount: Decimal) -> None:
    assert from_words(in_words(amount)) == amount


def test_optional_zeros_and_older_characters_are_read_too() -> None:
    assert from_words("壹拾万零柒仟圆零伍角叁分") == Decimal("107000.53")
    assert from_words("叁佰元正") == Decimal(300)


@pytest.mark.parametrize("words", ["", "三百元", "元角", "壹贰元整", "叁佰"])
def test_other_text_is_no_sum(words: str) -> None:
    with pytest.raises(ValueError, match="not a sum"):
        from_words(words)


def test_a_sum_beyond_the_fen_has_no_words() -> None:
    with pytest.raises(ValueError, match="fen"):
        in_words(Decimal("1.005"))
    with pytest.raises(ValueError, match="too large"):
        in_words(Decimal(10) ** 16)
