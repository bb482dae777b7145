"""Masking: a case stays recognisable, a person is not found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.masking import mask_address, mask_identifiers_in, mask_identity, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王建国", "王**"), ("李四", "李*"), ("王", "王"), (" 张伟 ", "张*"), ("", ""), ("欧阳建国", "欧***"),
        ("吉林市铁路投资公司", "吉林*****公司"),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_identity_and_phone_keep_three_and_two_digits() -> None:
    assert mask_identity("220204197001010018") == "220*************18"
    assert mask_identity("22020419700101001X") == "220*************1X"
    assert mask_phone("13904321234") == "139******34"
    assert mask_identity("123456") == "******"
    assert mask_identity("") == ""


@pytest.mark.parametrize(("address", "masked"), [
    ("吉林市昌邑区演示街12号3单元501室", "吉林市昌邑区******"),
    ("演示路12号院3栋2单元501室", "演示路******"),
    ("12号楼", "******"),
    ("演示", "******"),
    (" ", ""),
])
def test_of_an_address_at_most_a_third_stays_and_no_number(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_numbers_inside_a_text_are_masked_and_other_numbers_are_not() -> None:
    text = "户主220204197001010018，电话13904321234，账户6222020800012345678，面积86.50㎡，220204-P0001-S01-H00001"
    masked = mask_identifiers_in(text)
    assert masked == (
        "户主220*************18，电话139******34，账户622**************78，面积86.50㎡，220204-P0001-S01-H00001"
    )


identities = st.from_regex(r"[1-9]\d{16}[\dX]", fullmatch=True).filter(lambda number: number.isascii())


@given(identities)
def test_an_identity_number_hides_its_birthday_and_keeps_its_length(number: str) -> None:
    masked = mask_identity(number)
    assert len(masked) == len(number)
    assert masked.count("*") == len(number) - 5
    assert (masked[:3], masked[-2:]) == (number[:3], number[-2:])


@given(identities, st.text(alphabet="户主，。 的", max_size=8), st.text(alphabet="户主，。 的", max_size=8))
def test_no_identity_number_survives_in_a_text(number: str, before: str, after: str) -> None:
    masked = mask_identifiers_in(f"{before}{number}{after}")
    assert number not in masked
    assert masked == f"{before}{mask_identity(number)}{after}"
    assert mask_identifiers_in(masked) == masked


@given(st.text(min_size=2, max_size=4).filter(lambda name: len(name.strip()) >= 2))
def test_of_a_persons_name_only_the_first_character_stays(name: str) -> None:
    name = name.strip()
    assert mask_name(name) == name[0] + "*" * (len(name) - 1)
