"""Directives read out of a text: who is charged with what, until when, and where the text says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice, pairwise
from typing import Final

from zhengtu.core.language.clauses import ClauseReader
from zhengtu.core.language.directive_text import ExtractedDirective, Lexicon, Mention
from zhengtu.core.language.drafts import Draft, Finisher
from zhengtu.core.language.item_reading import ItemReader
from zhengtu.core.language.names import Names
from zhengtu.core.language.owners import OwnerReader, Owners
from zhengtu.core.language.passages import Passage, passages_of
from zhengtu.core.language.project_names import ProjectReader, distinct
from zhengtu.core.language.reading_tools import ReadingTools
from zhengtu.core.language.task_tables import TableReader
from zhengtu.core.language.text_head import address_of, speaker_of
from zhengtu.core.language.topics import NO_TOPIC
from zhengtu.core.language.unit_names import UnitReader
from zhengtu.core.language.words import LanguageRules, LayoutWords

_ITEM_PASSAGES: Final = 6
"""So many paragraphs back an item may begin whose owners stand in lines below it."""
_LABELS_TRIED: Final = 20
_LONGEST_HEADING: Final = 30
_LONGEST_LEAD_IN: Final = 200
_BEFORE_ORDINAL: Final = "。；：）！？”\t"


def extract_directives(
    text: str, *, said_on: date | None, lexicon: Lexicon, rules: LanguageRules
) -> list[ExtractedDirective]:
    """The directives of a text in its order; never raises, whatever the text.

    Args:
        text: its line ends as ``\\n``; spans count its characters.
        said_on: the day on which it was said or signed; where unknown, days that it does not fix stay open.
        lexicon: names of the registry; other units and projects are known by the shape of their names.
    """
    passages = list(passages_of(text))
    reader = _TextReader(passages, said_on=said_on, lexicon=lexicon, rules=rules)
    return sorted(reader.directives(), key=lambda one: one.span)


class _TextReader:
    """Goes through the passages once: rows of tables, lines of labels, items with brackets, running text."""

    def __init__(
        self, passages: Sequence[Passage], *, said_on: date | None, lexicon: Lexicon, rules: LanguageRules
    ) -> None:
        names = Names(lexicon, words=rules.units)
        self._passages = passages
        self._layout = rules.layout
        self._headings = rules.assigning.assigning_headings
        self._units = UnitReader(names=names, rules=rules)
        self._owners = OwnerReader(units=self._units, rules=rules)
        self._tables = TableReader(owners=self._owners, units=self._units, words=rules.layout)
        self._projects = projects = ProjectReader(names=names, rules=rules)
        self._finisher = Finisher(
            projects=projects, rules=rules, said_on=said_on, campaign_end_on=lexicon.campaign_end_on
        )
        self._address, addressee, is_routed = address_of(passages, units=self._units, layout=rules.layout)
        self._addressee = self._units.mentions(addressee)
        self._items = ItemReader(ReadingTools(
            clauses=ClauseReader(units=self._units, rules=rules), units=self._units, projects=projects,
            finisher=self._finisher, rules=rules, speaker=speaker_of(passages, words=rules.units),
            addressee=self._addressee, is_routed=is_routed,
        ))
        self._section: Sequence[Mention] = ()
        self._assigns = False
        self._topic = self._spoken_of = NO_TOPIC

    def directives(self) -> Iterator[ExtractedDirective]:
        """Every directive of the text."""
        for draft in self._drafts():
            directive = self._finisher.finished(draft)
            if directive is not None:
                yield directive

    def _drafts(self) -> Iterator[Draft]:
        place = 0
        held: list[Passage] = []  # running text that owners in lines below may yet claim
        while place < len(self._passages):
            rows = self._table_at(place)
            labels = [] if rows else self._labels_at(place)
            bracket = None if rows or labels else self._bracket_alone(place)
            if rows:
                yield from self._running(held)
                held = []
                yield from self._tables.read(rows)
            elif labels:
                item, held = self._item_above(held)
                yield from self._running(held)
                held = []
                yield from self._labelled(item, labels)
            elif bracket is not None and held:
                item, held = self._item_above(held)
                yield from self._running(held)
                held = []
                yield self._below(item, self._passages[place], bracket)
            else:
                held.append(self._passages[place])
            place += len(rows) or len(labels) or 1
        yield from self._running(held)

    def _table_at(self, place: int) -> list[Passage]:
        """The rows of a table of tasks that begins at the place; empty where none does."""
        if "\t" not in self._passages[place].text or not self._tables.is_head(self._passages[place]):
            return []
        end = place
        while end < len(self._passages) and "\t" in self._passages[end].text:
            end += 1
        return list(self._passages[place:end])

    def _bracket_alone(self, place: int) -> Owners | None:
        """The owners in a bracket that is a paragraph of its own."""
        text = self._passages[place].text
        held = next(self._owners.brackets(text, start=0, end=len(text)), None)
        is_alone = held is not None and held.start == 0 and not text[held.end :].strip("。；")
        return held.owners if held is not None and is_alone and held.owners.is_said else None

    def _below(self, item: Sequence[Passage], bracket: Passage, owners: Owners) -> Draft:
        """The directive of an item whose owners stand in a bracket below it."""
        whole = [*item, bracket]
        text = "".join(one.text for one in whole)
        passage = Passage(text, [place for one in whole for place in one.places])
        matter = "，".join(self._unnumbered(one.text) for one in item)
        return self._owned(passage, 0, len(text), owners, [matter], "bracket_owner")

    def _labels_at(self, place: int) -> list[Passage]:
        """The passages with labels of owners from the place on; empty where none stands there."""
        found: list[Passage] = []
        roles: set[str] = set()
        for passage in self._passages[place : place + _ITEM_PASSAGES]:
            label = self._label(passage.text)
            if label is None or (found and label.start() > 0) or (found and self._begins_item(passage.text)):
                break
            found.append(passage)
            roles |= {self._owners.role(one[0]) for one in self._layout.label.finditer(passage.text)}
        return found if {"lead", "person"} & roles and "\t" not in "".join(one.text for one in found) else []

    def _label(self, text: str) -> re.Match[str] | None:
        """The first label of the passage, where it stands at its beginning or behind the end of a sentence."""
        ordinal = self._layout.ordinals.match(text)
        for label in islice(self._layout.label.finditer(text), _LABELS_TRIED):
            before = text[: label.start()]
            if before == "" or before[-1] in "。；），" or (ordinal is not None and ordinal.end() == label.start()):
                opened = before.count("（") > before.count("）")
                return None if opened else label
        return None

    def _begins_item(self, text: str) -> bool:
        return self._layout.ordinals.match(text) is not None

    def _item_above(self, held: list[Passage]) -> tuple[list[Passage], list[Passage]]:
        """The paragraphs of the item that owners below belong to, and the paragraphs before it."""
        for back in range(1, min(len(held), _ITEM_PASSAGES) + 1):
            if self._begins_item(held[-back].text):
                return held[-back:], held[:-back]
        return held[-1:], held[:-1]

    def _labelled(self, item: Sequence[Passage], labels: Sequence[Passage]) -> Iterator[Draft]:
        first = labels[0]
        label = self._label(first.text)
        assert label is not None
        said = "；".join([first.text[label.start() :], *(one.text for one in labels[1:])])
        owners = self._owners.labelled(said)
        ordinal = self._layout.ordinals.match(first.text)
        own = first.text[ordinal.end() if ordinal else 0 : label.start()]
        if owners is None:
            yield from self._running([*item, *labels])
            return
        if len(own) >= 4 or owners.matter:
            yield from self._running(item)
            matter, whole = (own if len(own) >= 4 else ""), [*labels]
        else:
            matter, whole = "，".join(self._unnumbered(one.text) for one in item), [*item, *labels]
        text = "".join(one.text for one in whole)
        passage = Passage(text, [place for one in whole for place in one.places])
        parts = [part for part in (matter, owners.matter) if part]
        yield self._owned(passage, 0, len(text), owners, parts, "labelled_owner")

    def _unnumbered(self, text: str) -> str:
        ordinal = self._layout.ordinals.match(text)
        return text[ordinal.end() :].strip("。；") if ordinal is not None else text.strip("。；")

    def _owned(
        self, passage: Passage, start: int, end: int, owners: Owners, matter: Sequence[str], rule: str
    ) -> Draft:
        lead = self._units.mentions(owners.lead)
        due = owners.due if rule == "labelled_owner" or (owners.due and self._finisher.due(owners.due)) else ""
        kind = "known_unit" if any(one.code or one.members for one in lead) else "shaped_unit"
        return Draft(
            passage, start, end, lead, [rule, kind], assisting=list(self._units.mentions(owners.assisting)),
            pieces=list(matter), due_text=due, project_text=owners.projects, clauses=list(matter),
        )

    def _running(self, passages: Sequence[Passage]) -> Iterator[Draft]:
        for passage in passages:
            yield from self._passage(passage)

    def _passage(self, passage: Passage) -> Iterator[Draft]:
        if self._layout.titles.fullmatch(passage.text):
            return
        if passage is self._address:
            self._section = ()
            return
        items = _items(passage.text, layout=self._layout)
        heading = self._heading_units(passage.text)
        if heading is not None:
            self._section = heading
            return
        loose: list[tuple[int, int]] = []
        for start, end in items:
            past = start
            for bracket in self._owners.brackets(passage.text, start=start, end=end):
                begin = _begin(passage.text, past, bracket.start)
                if bracket.start - begin >= 4:
                    matter = self._opened(passage.text[begin : bracket.start])
                    yield self._owned(passage, begin, bracket.end, bracket.owners, [matter], "bracket_owner")
                past = bracket.end
            if end > past:
                loose.append((past, end))
        if not self._begins_item(passage.text):
            self._section = ()
        walk = self._items.read(
            passage, loose, section=self._section, assigns=self._assigns, topic=self._topic,
            spoken_of=self._spoken_of,
        )
        yield from walk.drafts
        self._note_heading(passage.text)
        if passage.text.endswith("：") and walk.carried:
            self._section = walk.carried

    def _opened(self, matter: str) -> str:
        """The matter of an item without the word that only announces it (具体措施：)."""
        head, colon, rest = matter.partition("：")
        return rest if colon and len(head) <= 6 and head in self._layout.labels else matter

    def _note_heading(self, text: str) -> None:
        """Whether what follows stands under a heading of tasks."""
        is_heading = len(text) <= _LONGEST_HEADING and ("。" not in text.rstrip("。") and "，" not in text)
        if is_heading and (text.endswith("：") or self._layout.ordinals.match(text)):
            self._assigns = self._headings.search(text) is not None
            named = self._projects.found(text.rstrip("："))
            self._topic = (distinct(named), text[named[0].start : named[-1].end]) if named else NO_TOPIC
            self._spoken_of = distinct(named), self._unnumbered(text.rstrip("："))
        elif text.endswith("：") and len(led := distinct(self._projects.found(text[-_LONGEST_LEAD_IN:]))) == 1:
            self._topic = led, led[0].name
        if not is_heading and text.endswith("：") and self._headings.search(text[-_LONGEST_HEADING:]):
            self._assigns = True

    def _heading_units(self, text: str) -> Sequence[Mention] | None:
        """The units of a heading that names nothing else; None for any other passage."""
        ordinal = self._layout.ordinals.match(text)
        shown = text[ordinal.end() :] if ordinal is not None else text
        if not 2 < len(shown) <= 60 or (ordinal is None and not shown.endswith("：")):
            return None
        names = self._units.named(shown.rstrip("：。"))
        return self._units.mentions(names) if names and all(map(self._units.is_unit, names)) else None


def _items(text: str, *, layout: LayoutWords) -> list[tuple[int, int]]:
    """The stretches of a passage between the numbers of its items, the numbers left out."""
    marks: list[tuple[int, int]] = []
    for found in layout.ordinals.finditer(text):
        before = text[found.start() - 1] if found.start() else ""
        is_bracketed = found[0][0] == "（" and "\u4e00" <= before <= "\u9fff" and before not in "第款条项"
        is_reference = text[found.end() : found.end() + 1] in tuple("款项条")
        if not before or before in _BEFORE_ORDINAL or (is_bracketed and not is_reference):
            marks.append(found.span())
    edges = [(0, 0), *marks, (len(text), len(text))]
    return [(first[1], second[0]) for first, second in pairwise(edges) if second[0] > first[1]]


def _begin(text: str, start: int, end: int) -> int:
    while start < end and text[start] in "。；，、 \t":
        start += 1
    return start
