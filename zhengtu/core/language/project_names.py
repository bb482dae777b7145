"""Where a text names projects: registered ones by name, others by the shape of their names, alone and in lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.language.directive_text import Mention
from zhengtu.core.language.names import Names
from zhengtu.core.language.words import LanguageRules

_NAME_CHARACTER: Final = re.compile(r"[\u4e00-\u9fffA-Za-z0-9“”·#＃～~—-]")
_LIST_MARKS: Final = "、和及与"
_LISTED_AT_MOST: Final = 30
_PLACE_AT_MOST: Final = 5
_BETWEEN: Final = 6
"""Characters at most between two endings of one name."""


@dataclass(frozen=True, slots=True)
class ProjectMention:
    """One project in a text, and the stretch of the list or name that it stands in."""

    mention: Mention
    start: int
    end: int


class ProjectReader:
    """Finds projects in a plain text."""

    def __init__(self, *, names: Names, rules: LanguageRules) -> None:
        self._names = names
        self._words = rules.projects
        self._verbs, self._noun_verbs = rules.assigning.verbs, rules.assigning.noun_verbs
        self._classes = rules.projects.classes

    def found(self, text: str) -> list[ProjectMention]:
        """Every project that the text names, in its order; no two share a character."""
        taken: list[ProjectMention] = sorted(self._known(text), key=lambda one: one.start)
        covered = {place for one in taken for place in range(one.start, one.end)}
        for start, end in self._closed_lists(text):
            if covered.isdisjoint(range(start, end)):
                taken.append(ProjectMention(self._mention(text[start:end]), start, end))
                covered.update(range(start, end))
        for start, end, ending_at in self._shaped(text):
            if covered.isdisjoint(range(start, end)):
                taken += self._one_or_list(text, start, end, covered)
                covered.update(range(start, end))
            else:
                taken += self._beside_known(text, start, end, ending_at, covered)
        return sorted(taken, key=lambda one: one.start)

    def _known(self, text: str) -> Iterator[ProjectMention]:
        place = 0
        while place < len(text):
            for name in self._names.project_starts.get(text[place], ()):
                if text.startswith(name, place):
                    end = place + len(name)
                    behind = self._words.endings.match(text, end)
                    mention = self._names.project(name, endings=self._classes)
                    end = behind.end() if behind is not None and behind[0] in self._classes else end
                    yield ProjectMention(mention, self._with_place(text, place), end)
                    place = end - 1
                    break
            place += 1

    def _with_place(self, text: str, start: int) -> int:
        """Where the name begins with the place in front of it (某区某项目)."""
        begin = start
        while begin > 0 and start - begin < _PLACE_AT_MOST and "\u4e00" <= text[begin - 1] <= "\u9fff":
            begin -= 1
        place = text[begin:start]
        is_whole = begin == 0 or not "\u4e00" <= text[begin - 1] <= "\u9fff"
        return begin if len(place) > 1 and is_whole and place.endswith(self._words.place_ends) else start

    def _closed_lists(self, text: str) -> Iterator[tuple[int, int]]:
        """The names of every list that a class of projects closes: A、B等快速路项目, A、B、C三个项目."""
        for closing in self._words.list_class.finditer(text):
            end = closing.start()
            for _ in range(_LISTED_AT_MOST):
                start = self._begin(text, end)
                if start is None or end - start <= self._words.common_least or text[start:end] in self._words.common:
                    break
                yield start, end
                if start < 2 or text[start - 1] != "、":
                    break
                end = start - 1

    def _shaped(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, start of the ending) of every stretch with the shape of a project's name."""
        past = 0
        while (found := self._words.endings.search(text, past)) is not None:
            end, ending_at = found.end(), found.start()
            while (more := self._more(text, end)) is not None:
                ending_at, end = more
            past = end
            start = self._begin(text, ending_at)
            if start is not None and self._is_project(text, start, end, ending_at):
                yield start, end, ending_at

    def _more(self, text: str, end: int) -> tuple[int, int] | None:
        """(start, end) of a further ending of the same name: 水厂 + 扩容工程."""
        more = self._words.endings.match(text, end)
        if more is not None:
            return more.span()
        for place in range(end + 1, min(len(text), end + _BETWEEN) + 1):
            if not "\u4e00" <= text[place - 1] <= "\u9fff":
                return None
            named = next((one for one in self._classes if text.startswith(one, place)), None)
            if named is not None:
                is_whole = self._words.stops.search(text, end, place) is None and not self._verbs.match(text, end)
                return (place, place + len(named)) if is_whole else None
        return None

    def _begin(self, text: str, ending_at: int) -> int | None:
        """How far back the name, or the list that it closes, reaches."""
        words = self._words
        low = max(0, ending_at - words.longest)
        start = ending_at
        while start > low and _NAME_CHARACTER.match(text[start - 1]):
            start -= 1
        window = text[start:ending_at]
        shown = words.kept.sub(lambda kept: "＃" * len(kept[0]), window)
        last = 0
        for stop in words.stops.finditer(shown):
            is_street = window[stop.end() : stop.end() + 1] in tuple(words.place_letters)
            if is_street and len(stop[0]) > 1 and not self._verbs.fullmatch(stop[0]):
                continue
            last = stop.end()
        for time in words.times.finditer(window, last):
            last = time.end()
        while (verb := self._verbs.match(window, last)) is not None and len(verb[0]) > 1 and not (
            self._noun_verbs.match(window, last)
        ):
            last = verb.end()
        return start + last if last < len(window) else None

    def _is_project(self, text: str, start: int, end: int, ending_at: int) -> bool:
        body = text[start:ending_at]
        if text.startswith(("部", "化", "类", "局", "管理局", "公司", "办", "指挥部", "沿线"), end):
            return False
        while body:
            common = next((word for word in self._words.common_longest if body.startswith(word)), None)
            count = self._words.counts.match(body)
            if common is None and count is None:
                break
            body = body[len(common) if common is not None else count.end() if count is not None else 0 :]
        return len(body) >= self._words.common_least and not body.isdigit()

    def _one_or_list(self, text: str, start: int, end: int, covered: set[int]) -> list[ProjectMention]:
        """The name, and the names joined to it by 、 before it."""
        pieces = [(start, end)]
        place = start
        while place > 1 and text[place - 1] == "、" and place - 1 not in covered:
            before = self._begin(text, place - 1)
            if before is None or place - 1 - before < 2 or before in covered:
                break
            pieces.insert(0, (before, place - 1))
            place = before
        return [ProjectMention(self._mention(text[first:past]), first, past) for first, past in pieces]

    def _beside_known(
        self, text: str, start: int, end: int, ending_at: int, covered: set[int]
    ) -> list[ProjectMention]:
        """The name that closes a list in which a registered project stands."""
        free = start
        while free < end and any(place in covered for place in range(free, end)):
            free += 1
        while free < end and text[free] in _LIST_MARKS:
            free += 1
        if free >= ending_at or not self._is_project(text, free, end, ending_at):
            return []
        return [ProjectMention(self._mention(text[free:end]), free, end)]

    def _mention(self, name: str) -> Mention:
        return self._names.project(name, endings=self._classes)


def distinct(found: Sequence[ProjectMention]) -> tuple[Mention, ...]:
    """Each project once, in the order in which they are named."""
    return tuple(dict.fromkeys(one.mention for one in found))
