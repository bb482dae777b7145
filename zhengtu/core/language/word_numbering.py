"""The numbers that Word adds to paragraphs by itself: counted as Word counts them, written as the list says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, parse

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS: Final = "〇一二三四五六七八九"
_CHINESE: Final = frozenset({
    "chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "chineseLegalSimplified",
})
_LEVELS: Final = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: how numbers are written, the text around them, the first number."""

    form: str
    text: str
    first: int


@dataclass(slots=True)
class Numbering:
    """Counts the paragraphs of lists while a document is read from its beginning."""

    levels: Mapping[str, Mapping[int, _Level]] = field(default_factory=dict)
    styles: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def number(self, paragraph: Element) -> str:
        """The number that stands before the paragraph; empty for one outside of lists and for a bullet."""
        list_id, level = self._place(paragraph)
        levels = self.levels.get(list_id)
        if levels is None or level not in levels:
            return ""
        counts = self._counts.setdefault(list_id, {})
        counts[level] = counts.get(level, levels[level].first - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            counts.pop(deeper, None)
        if levels[level].form in ("bullet", "none"):
            return ""
        text = levels[level].text
        for number in range(level + 1):
            one = levels.get(number)
            if one is not None:
                text = text.replace(f"%{number + 1}", _written(counts.get(number, one.first), one.form))
        return text

    def _place(self, paragraph: Element) -> tuple[str, int]:
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        if own is not None:
            return _value(own.find(f"{_W}numId")), _whole(_value(own.find(f"{_W}ilvl")))
        style = _value(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        return self.styles.get(style, ("", 0))


def read_numbering(parts: Mapping[str, bytes]) -> Numbering:
    """The lists of a document out of its parts ``numbering`` and ``styles``, either of which may be absent."""
    levels: dict[str, dict[int, _Level]] = {}
    if "numbering" in parts:
        root = parse(BytesIO(parts["numbering"])).getroot()
        abstract = {
            one.get(f"{_W}abstractNumId", ""): {
                _whole(level.get(f"{_W}ilvl", "")): _Level(
                    form=_value(level.find(f"{_W}numFmt")), text=_value(level.find(f"{_W}lvlText")),
                    first=_whole(_value(level.find(f"{_W}start")) or "1"),
                )
                for level in one.findall(f"{_W}lvl")
            }
            for one in root.findall(f"{_W}abstractNum")
        }
        for one in root.findall(f"{_W}num"):
            levels[one.get(f"{_W}numId", "")] = abstract.get(_value(one.find(f"{_W}abstractNumId")), {})
    styles: dict[str, tuple[str, int]] = {}
    if "styles" in parts:
        for style in parse(BytesIO(parts["styles"])).getroot().findall(f"{_W}style"):
            own = style.find(f"{_W}pPr/{_W}numPr")
            if own is not None and own.find(f"{_W}numId") is not None:
                place = (_value(own.find(f"{_W}numId")), _whole(_value(own.find(f"{_W}ilvl"))))
                styles[style.get(f"{_W}styleId", "")] = place
    return Numbering(levels=levels, styles=styles)


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(f"{_W}val", "")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _written(number: int, form: str) -> str:
    if form in _CHINESE:
        return chinese_number(number)
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    return str(number)


def chinese_number(number: int) -> str:
    """A number up to 999 as lists count: 九, 十, 十一, 二十, 一百〇三; figures above."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (_DIGITS[ones] if ones else "")
