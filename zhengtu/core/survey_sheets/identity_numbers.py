"""Identity numbers of people (GB 11643) and companies (GB 32100), checked in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from zhengtu.core.kernel.masking import mask_identity
from zhengtu.core.survey_sheets.reading import Cell
from zhengtu.core.survey_sheets.values import MASK, Finding, ReadColumn, as_code

LENGTH: Final = 18
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_COMPANY_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_COMPANY_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LARGEST_EXACT: Final = 10**15


def check_digit(first_seventeen: str) -> str:
    """The last character of a person's identity number (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def company_check_character(first_seventeen: str) -> str:
    """The last character of a unified social credit code (ISO 7064 MOD 31-3)."""
    total = sum(
        _COMPANY_CHARACTERS.index(character) * weight
        for character, weight in zip(first_seventeen, _COMPANY_WEIGHTS, strict=True)
    )
    return _COMPANY_CHARACTERS[-total % 31]


def identity_finding(number: str) -> Finding | None:
    """What is wrong with an identity number, or None; findings show it masked."""
    shown = mask_identity(number)
    if len(number) != LENGTH:
        return "identity_shape", {"value": shown, "length": len(number)}, True
    body = number[:17]
    if not (body.isascii() and body.isdigit()):
        if set(number) <= set(_COMPANY_CHARACTERS) and company_check_character(body) == number[17]:
            return None
        return "identity_check_digit", {"value": shown}, True
    if set(number) <= set(_COMPANY_CHARACTERS) and number[0] == "9" and company_check_character(body) == number[17]:
        return None
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "identity_birthday", {"value": shown}, True
    if check_digit(body) != number[17]:
        return "identity_check_digit", {"value": shown}, True
    return None


def read_identity_numbers(cells: Sequence[Cell]) -> ReadColumn:
    """Identity numbers of a column; masked ones are passed through."""
    texts = _plain_texts(cells)
    column = ReadColumn([text or None for text in texts])
    filled = [index for index, text in enumerate(texts) if text and MASK not in text]
    for index in _suspicious(texts, filled):
        cell = cells[index]
        finding: Finding | None
        if isinstance(cell, (int, float)) and abs(cell) >= _LARGEST_EXACT:
            finding = "digits_lost", {}, True
        else:
            finding = identity_finding(texts[index])
        if finding is not None:
            column.values[index] = None
            column.findings.append((index, finding))
    return column


def _plain_texts(cells: Sequence[Cell]) -> list[str]:
    if set(map(type, cells)) == {str}:
        joined = "\n".join(cells)
        if joined.isascii() and " " not in joined and joined.count("\n") == len(cells) - 1 and "\t" not in joined:
            return joined.upper().split("\n")
    return [as_code(cell).lstrip("'’") for cell in cells]


def _suspicious(texts: Sequence[str], filled: Sequence[int]) -> list[int]:
    """Indexes of those that are not plainly right, by arithmetic on all at once."""
    chosen = texts if len(filled) == len(texts) else [texts[index] for index in filled]
    regular = [len(text) == LENGTH and text.isascii() for text in chosen]
    if not all(regular):
        odd = [index for index, is_regular in zip(filled, regular, strict=True) if not is_regular]
        even = [index for index, is_regular in zip(filled, regular, strict=True) if is_regular]
        return sorted([*odd, *_suspicious(texts, even)])
    if not chosen:
        return []
    characters = np.frombuffer("".join(chosen).encode(), dtype=np.uint8).reshape(-1, LENGTH)
    digits = characters[:, :17].astype(np.int16) - ord("0")
    all_digits = ((digits >= 0) & (digits <= 9)).all(axis=1)
    expected = np.frombuffer(_CHECK_DIGITS.encode(), dtype=np.uint8)[(digits @ np.array(_WEIGHTS, np.int16)) % 11]
    right = all_digits & (expected == characters[:, 17]) & _are_dates(digits)
    return [filled[position] for position in np.flatnonzero(~right).tolist()]


def _are_dates(digits: np.ndarray[Any, np.dtype[np.int16]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether characters 7 to 14 are a date."""
    year = digits[:, 6:10] @ np.array((1000, 100, 10, 1), np.int16)
    month = digits[:, 10:12] @ np.array((10, 1), np.int16)
    day = digits[:, 12:14] @ np.array((10, 1), np.int16)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array((0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), np.int16)
    in_year = (year >= 1) & (month >= 1) & (month <= 12)
    last = lengths[np.where(in_year, month, 0)] + (leap & (month == 2))
    result: np.ndarray[Any, np.dtype[np.bool_]] = in_year & (day >= 1) & (day <= last)
    return result
