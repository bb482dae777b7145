"""Money in yuan to the fen and area in m² to the hundredth: Decimal throughout, one written rounding rule.

The rule (docs/algorithms/compensation.md): a product is formed exactly and rounded once, to the fen, halves away
from zero. Sums are never rounded, because their terms already are. Floats are refused where they come in.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Final

FEN: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")
EXACT: Final = Context(prec=60, rounding=ROUND_HALF_UP)
"""A context of our own, so that no caller's context can change an amount."""

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿", "万亿")


def decimal_of(value: object) -> Decimal:
    """A finite Decimal from a Decimal, an integer or a plain decimal text.

    Raises:
        TypeError: for a float (0.1 is not a tenth) and for anything that is no number.
        ValueError: for text that is no finite number.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"write the number {value!r} as text, an integer or a Decimal")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def to_fen(amount: Decimal) -> Decimal:
    """``amount`` in yuan rounded to the fen, halves away from zero: 0.005 -> 0.01, -0.005 -> -0.01."""
    rounded = amount.quantize(FEN, context=EXACT)
    return rounded if rounded else ZERO


def to_square_metres(area: Decimal) -> Decimal:
    """``area`` in m² rounded to the hundredth, as it is surveyed and registered."""
    return to_fen(area)


def product(*factors: Decimal, per: Decimal = Decimal(1)) -> Decimal:
    """The factors multiplied, divided by ``per``, rounded once to the fen (yuan)."""
    result = Decimal(1)
    for factor in factors:
        result = EXACT.multiply(result, factor)
    return to_fen(result if per == 1 else EXACT.divide(result, per))


def total(amounts: list[Decimal]) -> Decimal:
    """The exact sum of amounts in yuan; ``0.00`` of none."""
    result = ZERO
    for amount in amounts:
        result = EXACT.add(result, amount)
    return result


def grouped(amount: Decimal) -> str:
    """``1234567.5`` as ``1,234,567.50``."""
    return f"{to_fen(amount):,.2f}"


def in_words(amount: Decimal) -> str:
    """The sum in Chinese capitals as on bills and receipts, e.g. 16409.02 -> ``壹万陆仟肆佰零玖元零贰分``.

    Follows the appendix of the People's Bank's Measures for Payment and Settlement (1997): one zero for a run of
    zeros inside the number, none where the place of ten thousand or of yuan alone is zero, the closing word after
    yuan or jiao, none after fen.

    Raises:
        ValueError: when the amount is not to the fen, or is ten quadrillion yuan or more.
    """
    if amount != to_fen(amount):
        raise ValueError(f"{amount} is not to the fen")
    fen_in_all = int(abs(amount) * 100)
    whole, fraction = divmod(fen_in_all, 100)
    if whole >= 10**16:
        raise ValueError(f"{amount} is too large to be written out")
    jiao, fen = divmod(fraction, 10)
    text = _whole_in_words(whole) + "元" if whole or not fraction else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif fen and whole:
        text += "零"
    text += _DIGITS[fen] + "分" if fen else "整"
    return ("负" if amount < 0 else "") + text


def _whole_in_words(whole: int) -> str:
    if whole == 0:
        return "零"
    groups: list[int] = []
    while whole:
        whole, group = divmod(whole, 10_000)
        groups.append(group)
    text = ""
    is_gap = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            is_gap = bool(text)
            continue
        if text and (is_gap or group < 1_000):
            text += "零"
        text += _group_in_words(group) + _group_name(index, groups)
        is_gap = False
    return text


def _group_name(index: int, groups: list[int]) -> str:
    # Of a trillion only the ten-thousands are named here when hundred millions follow and name themselves.
    return "万" if index == 3 and groups[2] else _GROUPS[index]


def _group_in_words(group: int) -> str:
    text, is_gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            text += ("零" if is_gap and text else "") + _DIGITS[digit] + _PLACES[place]
            is_gap = False
        else:
            is_gap = True
    return text


def from_words(words: str) -> Decimal:
    """The sum in yuan that Chinese capitals name; the inverse of ``in_words``, tolerant of optional zeros.

    Raises:
        ValueError: when the text is no such sum.
    """
    text = words.strip().replace("圆", "元").replace("正", "整")
    sign = -1 if text.startswith("负") else 1
    whole_text, separator, rest = text.lstrip("负").rpartition("元")
    fraction = _places_in(rest.removesuffix("整").replace("零", ""), {"角": 10, "分": 1}, words)
    whole = _whole_from(whole_text, words) if separator else 0
    if not separator and not fraction:
        raise ValueError(f"not a sum in words: {words!r}")
    return to_fen(sign * (Decimal(whole) + Decimal(fraction) / 100))


def _whole_from(text: str, words: str) -> int:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if name in text:
            high, _, low = text.rpartition(name)
            return _whole_from(high, words) * size + (_whole_from(low, words) if low else 0)
    return _places_in(text.replace("零", ""), {"仟": 1000, "佰": 100, "拾": 10, "": 1}, words)


def _places_in(text: str, places: dict[str, int], words: str) -> int:
    found, digit = 0, 0
    for character in text:
        if character in _DIGITS and not digit:
            digit = _DIGITS.index(character)
        elif character in places and digit:
            found, digit = found + digit * places[character], 0
        else:
            raise ValueError(f"not a sum in words: {words!r}")
    if digit and "" not in places:
        raise ValueError(f"not a sum in words: {words!r}")
    return found + digit
