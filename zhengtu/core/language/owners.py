"""Units that stand beside an item: in the bracket behind it, behind labels below it, in a cell of its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.language.unit_names import UnitReader
from zhengtu.core.language.words import LanguageRules

_BRACKET: Final = re.compile(r"（[^（）]*(?:（[^（）]*）[^（）]*){0,6}）|【[^【】]*】|〔[^〔〕]*〕")
_PARTS: Final = re.compile(r"[，；,。]")
_CLOSING: Final = "。；"
_LONGEST_NAME: Final = 30
_LETTER: Final = re.compile(r"[A-Za-z\u4e00-\u9fff]")
_AROUND_LABEL: Final = "：【】"


@dataclass(frozen=True, slots=True)
class Owners:
    """Who is charged with an item.

    Attributes:
        lead, assisting: names as the text has them.
        due: words of a deadline that stand with them, or empty.
        matter: words of the matter that stand with them, or empty.
        projects: words of the projects that stand with them, or empty.
        is_said: whether a word says that they are charged; without it a bracket merely lists them.
    """

    lead: Sequence[str]
    assisting: Sequence[str] = ()
    due: str = ""
    matter: str = ""
    projects: str = ""
    is_said: bool = True


@dataclass(frozen=True, slots=True)
class OwnerBracket:
    """A bracket that names owners, and where it stands in the passage."""

    owners: Owners
    start: int
    end: int


class OwnerReader:
    """Reads owners beside items."""

    def __init__(self, *, units: UnitReader, rules: LanguageRules) -> None:
        self._units = units
        self._words = rules.assigning
        self._layout = rules.layout

    def brackets(self, text: str, *, start: int, end: int) -> Iterator[OwnerBracket]:
        """Every bracket in the stretch that names owners."""
        for found in _BRACKET.finditer(text, start, end):
            if found.end() - found.start() > self._layout.longest_owner_bracket:
                continue
            owners = self.in_bracket(found[0][1:-1])
            closes = found.end() >= end or text[found.end()] in _CLOSING
            if owners is not None and (owners.is_said or closes):
                yield OwnerBracket(owners, found.start(), found.end())

    def in_bracket(self, content: str) -> Owners | None:
        """The owners that the content of a bracket names; None where it is another bracket."""
        labelled = self.labelled(content)
        if labelled is not None:
            return labelled
        by_role: dict[str, list[str]] = {"lead": [], "joint": [], "assist": []}
        first: list[str] = []
        is_said = False
        due = ""
        for part in self._parts(content):
            said = self._part(part)
            if not said and not first and not self._words.times.match(part):
                return None
            due = due or (part if not said else "")
            for role, names in said:
                first, is_said = first or names, is_said or role != ""
                by_role[role or "joint"] += names
        if not is_said and not all(map(self._is_plain_list, self._parts(content))):
            return None
        lead = by_role["lead"] or by_role["joint"] or first
        others = [*by_role["assist"], *(by_role["joint"] if by_role["lead"] else ())]
        assisting = tuple(name for name in dict.fromkeys(others) if name not in lead)
        return Owners(tuple(dict.fromkeys(lead)), assisting, due, is_said=is_said) if lead else None

    def labelled(self, text: str) -> Owners | None:
        """The owners behind labels (责任单位：…；完成时限：…); None where no label names owners."""
        fields: dict[str, list[str]] = {}
        labels = list(self._layout.label.finditer(text))
        for number, label in enumerate(labels):
            end = labels[number + 1].start() if number + 1 < len(labels) else len(text)
            role = self.role(label[0])
            role = "first" if label[0].strip(_AROUND_LABEL) in self._layout.first_leads else role
            fields.setdefault(role, []).append(text[label.end() : end].strip(" 。；，、\t"))
        first = [name for field in fields.get("first", ()) for name in self.names(field)]
        others = [name for field in fields.get("lead", ()) for name in self.names(field)]
        lead = first or others
        assisting = [name for field in fields.get("assist", ()) for name in self.names(field)]
        assisting = [*others, *assisting] if first else assisting
        persons = [name for field in fields.get("person", ()) for name in self.names(field, takes_any=True)]
        if not lead and not persons:
            return None
        return Owners(
            lead=tuple(dict.fromkeys(lead or persons)),
            assisting=tuple(name for name in dict.fromkeys(assisting) if name not in lead),
            due="；".join(fields.get("due", ())), matter="；".join(fields.get("matter", ())),
            projects="；".join(fields.get("project", ())),
        )

    def role(self, label: str) -> str:
        """The role of a label, written with its colon or brackets."""
        return self._layout.labels.get(label.strip(_AROUND_LABEL), "other")

    def names(self, field: str, *, takes_any: bool = True) -> list[str]:
        """The units that a field lists, each once; what does not look like a name is left out.

        Args:
            takes_any: also names that have no shape of a unit, as a field of owners may hold them.
        """
        names: list[str] = []
        for part in re.split(r"[；，。\n\t ]", field):
            said = [name for _, listed in self._part(part) for name in listed]
            names += said or (self._any(part) if takes_any else [])
        return list(dict.fromkeys(names))

    def _any(self, part: str) -> list[str]:
        return [name for name in re.split(r"[、]", part) if 2 <= len(name) <= _LONGEST_NAME and _LETTER.search(name)]

    def _parts(self, content: str) -> list[str]:
        return [part for part in _PARTS.split(content) if part]

    def _part(self, part: str) -> list[tuple[str, list[str]]]:
        """(role, names) of one part of an owners' statement; empty where it names something else."""
        role, rest = "", part.removeprefix("由")
        words = self._words
        for name, expression in (("joint", words.joint_markers), ("lead", words.leads), ("assist", words.assists)):
            found = [one for one in expression.finditer(rest) if len(rest) - one.end() <= 2]
            if found and found[0].start() > 0:
                role, rest = ("joint" if found[0][0] == "负责" else name), rest[: found[0].start()]
                break
        joined = words.with_others.search(rest)
        if joined is None or joined.start() == 0:
            names = self._split(rest)
            return [(role, names)] if names else []
        names, others = self._split(rest[: joined.start()]), self._split(rest[joined.end() :])
        return [("lead", names), ("assist", others)] if names and others else []

    def _split(self, listed: str) -> list[str]:
        return self._units.named(listed)

    def _is_plain_list(self, content: str) -> bool:
        """Whether nothing but units stands in the bracket, each with the shape of a unit."""
        names = self._units.named(content)
        return bool(names) and all(self._units.is_unit(name) and len(name) > 2 for name in names)
