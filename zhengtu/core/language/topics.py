"""What sentences are about: the projects that lead in, and what a word for something spoken of before stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhengtu.core.language.clauses import Clause, Reading
from zhengtu.core.language.directive_text import Mention
from zhengtu.core.language.passages import Passage
from zhengtu.core.language.project_names import ProjectMention, distinct
from zhengtu.core.language.unit_names import UnitList
from zhengtu.core.language.words import AssigningWords

Topic = tuple[Sequence[Mention], str]
"""Projects, and the words by which the text names them."""
NO_TOPIC: Final[Topic] = ((), "")
_JOINS: Final = "、和及与"
_LONGEST_REFERENT: Final = 40


class TopicReader:
    """Reads in one passage what its clauses are about."""

    def __init__(self, passage: Passage, *, words: AssigningWords, spoken_of: Topic) -> None:
        self._text = passage.text
        self._words = words
        self._spoken_of = spoken_of
        self._first: Topic | None = None

    @property
    def spoken_of(self) -> Topic:
        """What the sentence before began with."""
        return self._spoken_of

    def beginning(self, clause: Clause, projects: Sequence[ProjectMention]) -> int:
        """Where the projects end with which the clause begins; 0 where it begins with something else."""
        shown, end = self._text[clause.start : clause.end], 0
        for one in projects:
            between = shown[end : one.start]
            if between.strip(_JOINS) and not (end == 0 and self._words.topics.fullmatch(between)):
                break
            end = one.end
        return end

    def leading(self, clause: Clause, projects: Sequence[ProjectMention]) -> Topic:
        """The projects of a clause that assigns nothing, and the list of them with which its topic begins."""
        shown, end = self._text[clause.start : clause.end], projects[0].end
        for one in projects[1:]:
            if shown[end : one.start].strip(_JOINS) or not shown[end : one.start]:
                break
            end = one.end
        return distinct(projects), self._text[clause.start + projects[0].start : clause.start + end]

    def before_units(
        self, clause: Clause, units: UnitList, projects: Sequence[ProjectMention]
    ) -> Topic | None:
        """The projects that stand before the units of the clause."""
        before = [one for one in projects if clause.start + one.end <= units.start]
        if not before:
            return None
        return distinct(before), self._text[clause.start + before[0].start : clause.start + before[-1].end]

    def referred(self, clause: Clause) -> tuple[int, Topic]:
        """How far a word reaches that stands for what was spoken of before, and what it stands for."""
        found = self._words.references.match(self._text, clause.start, clause.end)
        if found is None or not self._spoken_of[1]:
            return 0, NO_TOPIC
        self._first = self._spoken_of
        return found.end() - clause.start, self._spoken_of

    def note(self, clause: Clause, reading: Reading, projects: Sequence[ProjectMention]) -> None:
        """Keep what the first clause of a sentence speaks of, for words in the next sentence that stand for it."""
        if self._first is not None:
            return
        start = reading.matter if reading.units is not None and reading.matter < clause.end else clause.start
        start = max(start, clause.start)
        for skipped in (self._words.openings, self._words.modals):
            found = skipped.match(self._text, start, clause.end)
            start = found.end() if found is not None else start
        words = self._text[start : clause.end]
        named = self.leading(clause, projects) if projects else NO_TOPIC
        self._first = (named[0], words if len(words) <= _LONGEST_REFERENT else named[1])

    def end_sentence(self) -> None:
        """What the sentence began with may be referred to from now on."""
        self._spoken_of, self._first = self._first or self._spoken_of, None
