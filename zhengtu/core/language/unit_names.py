"""Where a text names units: alone, in lists, collectively, or by those who answer for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.language.directive_text import Mention
from zhengtu.core.language.names import Names
from zhengtu.core.language.words import LanguageRules

_LONGEST_NAME: Final = 24
_OF: Final = "的"
_LONGEST_LISTED: Final = 12
_LONGEST_FIELD: Final = 6
_LONGEST_BEFORE_OFFICE: Final = 5
_LONGEST_OF_VERB: Final = 5
"""A longer name does not begin with a verb (督查室 is a unit, 督促某某局 is none)."""
_HAN: Final = re.compile(r"[\u4e00-\u9fffA-Za-z0-9“”（）·]+")
_SEPARATOR: Final = re.compile(r"、|以及|和|及|与|暨")
_AND_OTHERS: Final = re.compile(r"等(?:\d{1,2}|[一二三四五六七八九十]{1,2})?个?(?=[\u4e00-\u9fff])|等")
_ASIDE: Final = re.compile(r"（[^（）]{1,40}）")
_BOUND: Final = re.compile(r"[，。；：、（）\t]")


@dataclass(frozen=True, slots=True)
class UnitList:
    """Units named one after another.

    Attributes:
        names: as the text has them.
        kind: id of the rule by which the first was seen.
        is_superior: whether one of them stands above those who are charged.
        is_bare_head: leaders, without the unit that they lead.
    """

    names: Sequence[str]
    mentions: Sequence[Mention]
    start: int
    end: int
    kind: str
    is_superior: bool = False
    is_bare_head: bool = False


@dataclass(frozen=True, slots=True)
class _One:
    name: str
    end: int
    kind: str
    is_bare_head: bool = False


class UnitReader:
    """Reads units at a place in a plain text."""

    def __init__(self, *, names: Names, rules: LanguageRules) -> None:
        self._names = names
        self._words = rules.units
        after = rules.assigning
        self._confirmed = re.compile(
            "|".join(
                expression.pattern for expression in (
                    after.modals, after.adverbs, after.duties, after.leads, after.assists, after.verbs,
                    after.with_others, after.times, after.circumstances, after.past, after.lead_roles,
                    after.assist_roles, after.appointments, self._words.heads, self._words.offices,
                )
            )
            + "|" + self._words.fillers.pattern + r"|[，：、（\t用以把在从到向于对]|以及|和|及|与|等|作为|至少|将|每|$"
        )
        self._with_others = after.with_others
        self._verbs, self._noun_verbs = after.verbs, after.noun_verbs

    def at(self, text: str, place: int, *, end: int) -> UnitList | None:
        """The units that begin at the place; None where none does."""
        found: list[_One] = []
        past = place
        while True:
            one = self._one(text, past, end) or (self._listed(text, past, end) if past < end else None)
            if one is None:
                break
            if one.kind == "" and not self._leads_to_unit(text, one.end, end):
                break
            found.append(one)
            past = one.end
            separator = _SEPARATOR.match(text, past, end)
            if separator is None:
                break
            past = separator.end()
        if not found:
            return None
        return self._finished(text, place, found, end)

    def named(self, text: str) -> list[str]:
        """The names of a list that holds nothing but units (a bracket, a cell); empty where it holds something else."""
        names: list[str] = []
        past = 0
        while past < len(text):
            one = self._one(text, past, len(text)) or self._listed(text, past, len(text))
            if one is None:
                return []
            names.append(one.name)
            aside = _ASIDE.match(text, one.end)
            past = one.end if aside is None else aside.end()
            others = _AND_OTHERS.match(text, past)
            if others is not None:
                past = others.end()
                continue
            separator = _SEPARATOR.match(text, past)
            if separator is None and past < len(text):
                return []
            past = separator.end() if separator else past
        return names

    def is_unit(self, name: str) -> bool:
        """Whether the whole name is seen to be a unit's or a person's."""
        one = self._one(name, 0, len(name))
        return one is not None and one.end == len(name)

    def ends_like_unit(self, name: str) -> bool:
        """Whether a name ends with a class of units (驻市有关单位), whatever stands before it."""
        return any(found.end() == len(name) for found in self._words.classes.finditer(name))

    def mentions(self, names: Sequence[str]) -> tuple[Mention, ...]:
        """Names as mentions, each unit once."""
        return tuple(dict.fromkeys(map(self._names.unit, names)))

    def _finished(self, text: str, start: int, found: list[_One], end: int) -> UnitList | None:
        past = found[-1].end
        names = [one.name for one in found]
        others, named = _AND_OTHERS.match(text, past, end), None
        if others is not None:
            closing, named = self._one(text, others.end(), end), self._words.classes.match(text, others.end(), end)
            past = max(others.end(), closing.end if closing else 0, named.end() if named else 0)
            if closing is not None and closing.kind == "collective_unit":
                names.append(closing.name)
        elif found[-1].kind == "":
            return None
        kinds = [one.kind for one in found if one.kind]
        if not kinds and others is None:
            return None
        filler = self._words.fillers.match(text, past, end)
        past = past if filler is None else filler.end()
        if named is not None and self._words.department_word in named[0]:
            names = [*names, self._words.department_word]
        mentions = self.mentions(self._completed(names))
        kind = "known_unit" if any(one.code or one.members for one in mentions) else (kinds or ["shaped_unit"])[0]
        return UnitList(
            names=tuple(names), mentions=mentions, start=start, end=past, kind=kind,
            is_superior=any(name in self._words.superiors for name in names),
            is_bare_head=all(one.is_bare_head for one in found),
        )

    def _completed(self, names: list[str]) -> list[str]:
        """财政、住建部门 are the departments of finance and of construction."""
        word, last = self._words.department_word, names[-1]
        if not last.endswith(word):
            return names
        fields = [name for name in names if name != word]
        return [name if self.is_unit(name) or len(name) > _LONGEST_FIELD else name + word for name in fields]

    def _one(self, text: str, place: int, end: int) -> _One | None:
        if place >= end or text.startswith(self._words.vague, place):
            return None
        known = self._known(text, place, end)
        named = [one for one in (self._collective(text, place, end), self._shaped(text, place, end)) if one is not None]
        shaped = max(named, key=lambda one: one.end, default=None)
        if known is not None and (shaped is None or known.end >= shaped.end):
            return self._with_head(text, known, place, end)
        if shaped is not None:
            return self._with_head(text, shaped, place, end)
        return self._person(text, place, end)

    def _known(self, text: str, place: int, end: int) -> _One | None:
        for name in self._names.unit_starts.get(text[place], ()):
            if text.startswith(name, place, end):
                return _One(name, place + len(name), "known_unit")
        return None

    def _collective(self, text: str, place: int, end: int) -> _One | None:
        found = self._words.collective.match(text, place, end)
        return None if found is None else _One(found[0], found.end(), "collective_unit")

    def _shaped(self, text: str, place: int, end: int) -> _One | None:
        words = self._words
        bound = _BOUND.search(text, place, end)
        limit = min(end, place + _LONGEST_NAME, bound.start() if bound else end)
        best: _One | None = None
        for ending in _ends(words.endings, text, place, limit):
            name = text[place:ending[1]]
            if name in words.never or name.endswith(words.not_units) or len(name) < 2:
                continue
            if name[0].isdigit() or (len(name) > _LONGEST_OF_VERB and self._begins_with_verb(name)):
                continue
            if not self._is_name(name):
                break
            confirmed = self._confirmed.match(text, ending[1], end)
            is_noun = self._noun_verbs.match(text, ending[1], end) is not None
            is_plain = words.plain_departments.fullmatch(name) is not None and (
                words.not_behind_departments.match(text, ending[1], end) is None
            )
            if ending[2] in words.weak_endings and (confirmed is None or is_noun) and not is_plain:
                continue
            counted = words.counted.search(name)
            name = name[: counted.start()] if counted is not None and counted.start() > 1 else name
            best = _One(name, ending[1], "shaped_unit")
        return best

    def _begins_with_verb(self, name: str) -> bool:
        return self._verbs.match(name) is not None and self._noun_verbs.match(name) is None

    def _is_name(self, body: str) -> bool:
        """Whether the body of a name holds no word that no name contains, and joins no two units."""
        words = self._words
        shown = words.kept.sub("＃", body)
        for joining in (*re.finditer("[和与及]", shown), *self._with_others.finditer(shown)):
            before = shown[: joining.start()]
            if before.endswith(words.unit_letters):
                return False
        return words.stops.search(re.sub("[和与及]", "", shown)) is None

    def _with_head(self, text: str, one: _One, place: int, end: int) -> _One:
        """A unit with the words for those who answer for it, or with an office, or its office in brackets."""
        aside = _ASIDE.match(text, one.end, end)
        past = aside.end() if aside is not None and self._closes(text, aside.end(), end) else one.end
        head = self._words.heads.match(text, past, end)
        if head is None and aside is None:
            head = self._words.offices.match(text, past, end)
        if head is None:
            return one
        past = self._behind_name(text, head.end(), end)
        name = text[place : one.end] if head[0].startswith(_OF) else text[place:past]
        return _One(name, past, one.kind)

    def _behind_name(self, text: str, place: int, end: int) -> int:
        """The place behind a person's name that follows the office."""
        name = self._words.name_behind_office.match(text, place, end)
        return place if name is None else name.end()

    def _closes(self, text: str, place: int, end: int) -> bool:
        return self._words.heads.match(text, place, end) is not None

    def _person(self, text: str, place: int, end: int) -> _One | None:
        words = self._words
        head = words.heads.match(text, place, end)
        if head is not None:
            return _One(head[0], head.end(), "person", is_bare_head=True)
        for length in range(_LONGEST_BEFORE_OFFICE + 1):
            office = words.offices.match(text, place + length, end)
            if office is not None:
                past = self._behind_name(text, office.end(), end)
                return _One(text[place:past], past, "person")
            past = place + length
            if past >= end or not _HAN.fullmatch(text[past]) or text[past] in "（）" or words.stops.match(text, past):
                return None
        return None

    def _listed(self, text: str, place: int, end: int) -> _One | None:
        """A name without shape in a list: up to the separator, with no word that no name contains."""
        stop = min(end, place + _LONGEST_LISTED)
        for past in range(place, stop + 1):
            if past < end and (_SEPARATOR.match(text, past) or text[past] == "等"):
                name = text[place:past]
                return _One(name, past, "") if self._may_be_listed(name) else None
        return None

    def _may_be_listed(self, name: str) -> bool:
        words = self._words
        return (
            len(name) >= 2 and _HAN.fullmatch(name) is not None and not name[0].isdigit()
            and words.stops.search(words.kept.sub("＃", name)) is None
            and not name.endswith(words.not_units) and not self._begins_with_verb(name)
        )

    def _leads_to_unit(self, text: str, place: int, end: int) -> bool:
        """Whether the list goes on to a unit, or is closed by a class of units."""
        for _ in range(12):
            others = _AND_OTHERS.match(text, place, end)
            if others is not None:
                closes = self._words.classes.match(text, others.end(), end) is not None
                return closes or self._one(text, others.end(), end) is not None
            separator = _SEPARATOR.match(text, place, end)
            if separator is None:
                return False
            if self._one(text, separator.end(), end) is not None:
                return True
            listed = self._listed(text, separator.end(), end)
            if listed is None:
                return False
            place = listed.end
        return False


def _ends(endings: re.Pattern[str], text: str, start: int, limit: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, ending) of every ending of a name in the stretch, ordered by where it ends, the longest first."""
    found: dict[int, tuple[int, int, str]] = {}
    for place in range(start, limit):
        match = endings.match(text, place, limit)
        if match is not None and (match.end() not in found):
            found[match.end()] = (match.start(), match.end(), match[0])
    return iter(found[end] for end in sorted(found))
