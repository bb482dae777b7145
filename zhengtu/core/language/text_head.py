"""What the head and the foot of a text say: who speaks, to whom, and on what day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from zhengtu.core.language.passages import Passage
from zhengtu.core.language.unit_names import UnitReader
from zhengtu.core.language.words import Expression, LanguageRules, LayoutWords, UnitWords

_HEAD_PASSAGES: Final = 12
_HEAD_CHARACTERS: Final = 1500
_FOOT_CHARACTERS: Final = 400
_LONGEST_ADDRESS: Final = 240
_AND: Final = re.compile("[，；]|并(?!州)")
_LONGEST_OPENING: Final = 120
_MEETING: Final = 4
_NUMBER_YEAR: Final = re.compile(r"[〔（(\[【](?P<year>20\d\d)[】\])）〕]|(?<!\d)(?P<year_>20\d\d)年")
_DAY: Final = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d|[一二]〇[〇零一二三四五六七八九]{2}|二[〇零○]{1}[〇零○一二三四五六七八九]{2})\s?年\s{0,3}|(?<![\d年月十]))(?P<month>\d{1,2}|十?[一二]|[一二三四五六七八九十])\s{0,3}月"
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


def said_on_of(text: str, *, words: LanguageRules) -> SaidOn | None:
    """The day that the head of a text or its foot gives; None where neither does.

    A day alone on its line or in a bracket of its own goes before one within a sentence. Of sentences only one counts
    that begins with the day of the meeting which it tells of; where it leaves out the year, that of the text's number.
    """
    numerals, meetings = words.due.numerals, words.layout.meetings
    head, foot = text[:_HEAD_CHARACTERS].translate(_DIGITS), text[-_FOOT_CHARACTERS:].translate(_DIGITS)
    found = [(_rank(head, one, meetings=meetings), one) for one in _DAY.finditer(head)]
    if len(text) > _HEAD_CHARACTERS:
        found += [(_rank(foot, one, meetings=meetings), one) for one in _DAY.finditer(foot)]
    numbered = _NUMBER_YEAR.search(head)
    for _, one in sorted(((rank, one) for rank, one in found if rank >= 0), key=lambda entry: entry[0]):
        year = one["year"] or (numbered["year"] or numbered["year_"] if numbered is not None else "")
        try:
            day = numerals.number(one["day"]) if one["day"] else 1
            on = date(numerals.number(year.replace("○", "〇")), numerals.number(one["month"]), day)
        except ValueError:
            continue
        return SaidOn(on, one["day"] is not None)
    return None


_DIGITS: Final = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


def _rank(text: str, found: re.Match[str], *, meetings: Expression) -> int:
    """How surely a day is the text's own, the surest 0; -1 where it stands within a sentence."""
    if not found["year"]:
        return _MEETING + 1 if _opens_meeting(text, found, meetings=meetings) else -1
    before = text[: found.start()].rpartition("\n")[2].strip(" （(\u3000—-")
    after = text[found.end() :].partition("\n")[0].strip(" ）)\u3000")
    if not before and not after:
        return 0
    if text[: found.start()].rstrip().endswith(("（", "(", "——")) and after == "":
        return 1
    is_opened = text[: found.start()].rstrip().endswith(("（", "("))
    if is_opened and text[found.end() :].lstrip()[:1] in ("）", ")"):
        return 2
    if before.endswith(("：", ":", "日期", "时间")) and len(before) < 12:
        return _MEETING - 1
    return _MEETING if _opens_meeting(text, found, meetings=meetings) else -1


def _opens_meeting(text: str, found: re.Match[str], *, meetings: Expression) -> bool:
    """Whether a paragraph begins with the day and its first sentence says that a meeting was held on it."""
    before = text[: found.start()].rpartition("\n")[2].strip(" \u3000")
    behind = re.split("[。\n]", text[found.end() : found.end() + _LONGEST_OPENING], maxsplit=1)[0]
    return not before and meetings.match(behind) is not None


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


def address_of(
    passages: Sequence[Passage], *, units: UnitReader, layout: LayoutWords
) -> tuple[Passage | None, list[str], bool]:
    """The line in the head of a letter that names its addressees, the names, and whether it is a note that routes.

    A letter's line ends with a colon; a note asks those whom it names to see to the matter (请某局阅处).

    A line of names under which numbered items stand is a heading, unless it parts names by commas or a title stands
    before it.
    """
    has_title = False
    for passage, behind in pairwise(passages[: _HEAD_PASSAGES + 1]):
        text = passage.text
        routed = layout.routed.fullmatch(text)
        if routed is not None and (names := _addressed(routed["names"], units=units)):
            return passage, names, True
        has_title = has_title or layout.titles.fullmatch(text) is not None
        if not text.endswith("：") or len(text) > _LONGEST_ADDRESS or "。" in text:
            continue
        names = _addressed(text.rstrip("："), units=units)
        is_heading = not has_title and "，" not in text and layout.ordinals.match(behind.text) is not None
        if names:
            return (None, [], False) if is_heading else (passage, names, False)
    return None, [], False


def _addressed(line: str, *, units: UnitReader) -> list[str]:
    """The units of a line that names nothing else; empty where it holds other words."""
    names: list[str] = []
    for part in re.split(_AND, line):
        named = units.named(part) or ([part] if names and units.ends_like_unit(part) else [])
        if not named:
            return []
        names += named
    return names
