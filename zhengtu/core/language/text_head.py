"""What the head and the foot of a text say: who speaks, to whom, and on what day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.language.due_rules import Numerals
from zhengtu.core.language.passages import Passage
from zhengtu.core.language.unit_names import UnitReader
from zhengtu.core.language.words import UnitWords

_HEAD_PASSAGES: Final = 12
_HEAD_CHARACTERS: Final = 1500
_FOOT_CHARACTERS: Final = 400
_LONGEST_ADDRESS: Final = 80
_DAY: Final = re.compile(
    r"(?P<year>(?:19|20)\d\d|[一二]〇[〇零一二三四五六七八九]{2}|二[〇零○]{1}[〇零○一二三四五六七八九]{2})\s?年\s{0,3}(?P<month>\d{1,2}|十?[一二]|[一二三四五六七八九十])\s{0,3}月"
    r"\s{0,3}(?:(?P<day>\d{1,2}|[一二三]?十?[一二三四五六七八九十])\s{0,3})?日"
)


@dataclass(frozen=True, slots=True)
class SaidOn:
    """The day of a text.

    Attributes:
        is_whole: False where the text leaves the day blank and only the month is known; ``on`` is its first day then.
    """

    on: date
    is_whole: bool


def said_on_of(text: str, *, numerals: Numerals) -> SaidOn | None:
    """The day that the head of a text or its foot gives; None where neither does.

    A day alone on its line or in a bracket of its own goes before one within a sentence.
    """
    head, foot = text[:_HEAD_CHARACTERS].translate(_DIGITS), text[-_FOOT_CHARACTERS:].translate(_DIGITS)
    found = [(_rank(head, one), one) for one in _DAY.finditer(head)]
    found += [(_rank(foot, one), one) for one in _DAY.finditer(foot)] if len(text) > _HEAD_CHARACTERS else []
    for _, one in sorted(((rank, one) for rank, one in found if rank >= 0), key=lambda entry: entry[0]):
        try:
            day = numerals.number(one["day"]) if one["day"] else 1
            on = date(numerals.number(one["year"].replace("○", "〇")), numerals.number(one["month"]), day)
        except ValueError:
            continue
        return SaidOn(on, one["day"] is not None)
    return None


_DIGITS: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


def _rank(text: str, found: re.Match[str]) -> int:
    """How surely a day is the text's own, the surest 0; -1 where it stands within a sentence."""
    before = text[: found.start()].rpartition("\n")[2].strip(" （(\u3000—-")
    after = text[found.end() :].partition("\n")[0].strip(" ）)\u3000")
    if not before and not after:
        return 0
    if text[: found.start()].rstrip().endswith(("（", "(", "——")) and after == "":
        return 1
    is_opened = text[: found.start()].rstrip().endswith(("（", "("))
    if is_opened and text[found.end() :].lstrip()[:1] in ("）", ")"):
        return 2
    return 3 if before.endswith(("：", ":", "日期", "时间")) and len(before) < 12 else -1


def speaker_of(passages: Sequence[Passage], *, words: UnitWords) -> str:
    """The office of the speaker, where it stands alone in the head of the text; else the word for any speaker."""
    for passage in passages[:_HEAD_PASSAGES]:
        line = passage.text.strip("（） \t")
        for office in sorted(words.speaker_offices, key=lambda office: (-len(office), office)):
            if line == office or (line.startswith(office) and len(line) <= len(office) + 4 and "，" not in line):
                return office
            if line.endswith(office) and len(line) <= len(office) + 12 and not words.stops.search(line[: -len(office)]):
                return office
    return words.speaker_name


def addressee_of(passages: Sequence[Passage], *, units: UnitReader) -> list[str]:
    """The units to whom a letter is addressed: a line of names in its head that ends with a colon."""
    for passage in passages[:_HEAD_PASSAGES]:
        if passage.text.endswith("：") and len(passage.text) <= _LONGEST_ADDRESS:
            names = units.named(passage.text.rstrip("："))
            if names:
                return names
    return []
