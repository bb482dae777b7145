"""A directive while it is read, and what is made of it: matter, due date, confidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from zhengtu.core.language.directive_text import Due, DueKind, ExtractedDirective, Mention
from zhengtu.core.language.due_dates import due_of
from zhengtu.core.language.passages import Passage
from zhengtu.core.language.project_names import ProjectReader, distinct
from zhengtu.core.language.words import LanguageRules

_TRIM: Final = "，。；：、！？. \t"
_UNIT_RULES: Final = frozenset({
    "known_unit", "collective_unit", "shaped_unit", "person", "speaker", "addressed", "carried_unit",
    "concerned_unit", "section_unit",
})
_DEED_RULES: Final = frozenset({"modal", "duty", "verb", "handed_over"})
_REMEMBERED: Final = 2000
_SHORT_MATTER: Final = 24
_LONGEST_PROJECT: Final = 30
_LONGEST_MATTER: Final = 2000


def _listed(names: str) -> list[str]:
    """The names of a cell or label of projects that have no shape of a project's."""
    parts = re.split("[、，；]", names)
    return [part for part in parts if 2 <= len(part) <= _LONGEST_PROJECT and part[0] not in "—-" and not part.isdigit()]


@dataclass(slots=True)
class Draft:
    """What has been read of one directive so far.

    Attributes:
        start, end: stretch of the passage.
        pieces: the matter, piece by piece, in the words of the text.
        topic: projects that the words before it are about.
        topic_text: how the text names them, to put before the matter; empty where the matter has them.
        is_headed: the topic is the heading's; alone it is no matter.
        due_text: words of a deadline that stand outside the matter.
        project_text: words of projects that stand outside the matter.
        clauses: whole clauses, in which the deadline is looked for.
        due: the deadline that these give so far.
        is_led: a word says that its units lead.
        is_lead: its last clause says no more than who leads.
        waits_for_matter: who is charged has been said, with what not yet.
        sentence: number of the sentence that it begins in, within its passage.
        noun: the bare noun that is all its matter, behind a word of duty, ``duty_word``; else empty.
        governed_by: what the sentence says before it of what is to be done with such nouns.
    """

    passage: Passage
    start: int
    end: int
    units: Sequence[Mention]
    rules: list[str]
    assisting: list[Mention] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    topic: Sequence[Mention] = ()
    topic_text: str = ""
    is_headed: bool = False
    due_text: str = ""
    project_text: str = ""
    clauses: list[str] = field(default_factory=list)
    due: Due | None = None
    is_lead: bool = False
    is_led: bool = False
    waits_for_matter: bool = False
    sentence: int = 0
    noun: str = ""
    duty_word: str = ""
    governed_by: str = ""


class Finisher:
    """Makes directives of drafts."""

    def __init__(
        self, *, projects: ProjectReader, rules: LanguageRules, said_on: date | None, campaign_end_on: date | None
    ) -> None:
        self._projects = projects
        self._rules = rules
        self._said_on = said_on
        self._campaign_end_on = campaign_end_on
        self._read: dict[str, Due | None] = {}

    def due(self, words: str) -> Due | None:
        """When the words say that something is due."""
        if words not in self._read:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            self._read[words] = due_of(
                words, said_on=self._said_on, campaign_end_on=self._campaign_end_on, rules=self._rules.due
            )
        return self._read[words]

    def finished(self, draft: Draft) -> ExtractedDirective | None:
        """The directive; None where the rules speak more against it than for it, or nothing is to be done."""
        matter = self._matter(draft)
        only_points = len(matter) < _SHORT_MATTER and self._rules.assigning.pointers.search(matter) is not None
        says_nothing = only_points or (
            self._rules.assigning.empty_matters.fullmatch(matter) is not None and "bracket_owner" not in draft.rules
        )
        if len(matter) < 2 or not draft.units or says_nothing:
            return None
        due = (self.due(draft.due_text) if draft.due_text else None) or self.due("，".join(draft.clauses)) or Due()
        if draft.due_text and due.kind is DueKind.UNSPECIFIED and not due.text:
            due = replace(due, text=draft.due_text)
        body = "，".join([draft.project_text, *draft.pieces])
        named = distinct(self._projects.found(body[:_LONGEST_MATTER]))
        listed = self._projects.found(draft.project_text) if draft.project_text else []
        if draft.project_text and not listed:
            named = (*(Mention(name) for name in _listed(draft.project_text)), *named)
        projects = tuple(dict.fromkeys([*draft.topic, *named]))
        rules = list(dict.fromkeys(draft.rules))
        if due.kind is DueKind.RECURRING:
            rules.append("recurrence")
        elif due.kind is not DueKind.UNSPECIFIED:
            rules.append("due")
        elif due.text:
            rules.append("urgent")
        if projects:
            rules.append("project")
        confidence = self._confidence(rules)
        if confidence < self._rules.assigning.threshold:
            return None
        assisting = [one for one in dict.fromkeys(draft.assisting) if one not in draft.units]
        return ExtractedDirective(
            units=tuple(draft.units), assisting=tuple(assisting), projects=projects, matter=matter, due=due,
            span=draft.passage.span(draft.start, draft.end), confidence=confidence, because=tuple(rules),
        )

    def _matter(self, draft: Draft) -> str:
        pieces = [piece.strip(_TRIM) for piece in draft.pieces]
        text = "，".join(piece for piece in pieces if piece).replace("\t", "，")
        if not text and draft.is_headed:
            return ""
        if draft.topic_text and draft.topic_text not in text:
            text = f"{draft.topic_text.strip(_TRIM)}，{text}"
        return text[:_LONGEST_MATTER].strip(_TRIM)

    def _confidence(self, rules: Sequence[str]) -> float:
        weights = self._rules.assigning.weights
        unit = max((weights[rule] for rule in rules if rule in _UNIT_RULES), default=0.0)
        if "act" in rules and not ({"due", "recurrence", "parallel"} | _DEED_RULES) & set(rules):
            return 0.0
        deed = max((weights[rule] for rule in rules if rule in _DEED_RULES), default=0.0)
        others = sum(weights[rule] for rule in rules if rule not in _UNIT_RULES | _DEED_RULES)
        return round(min(0.98, max(0.0, unit + deed + others)), 2)
