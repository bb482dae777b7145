"""Directives in running text: clause after clause, the units of one carried over to the next."""

from __future__ import annotations

from collections.abc import Sequence

from zhengtu.core.language.clauses import Clause, ClauseReader, Reading, clauses_of
from zhengtu.core.language.directive_text import DueKind, Mention
from zhengtu.core.language.drafts import Draft, Finisher
from zhengtu.core.language.passages import Passage
from zhengtu.core.language.project_names import ProjectMention, ProjectReader, distinct
from zhengtu.core.language.unit_names import UnitList
from zhengtu.core.language.words import LanguageRules

_LONGEST_TIME = 14
_JOINS = "、和及与"


class ItemReader:
    """Reads the running text of one passage at a time."""

    def __init__(
        self, *, clauses: ClauseReader, projects: ProjectReader, finisher: Finisher, rules: LanguageRules, speaker: str,
        addressee: Sequence[Mention],
    ) -> None:
        self._clauses = clauses
        self._projects = projects
        self._finisher = finisher
        self._words = rules.assigning
        self._duty = rules.assigning.duty_word
        self._longest = rules.layout.longest_clause
        self._speaker = Mention(speaker)
        self._addressee = tuple(addressee)

    def read(
        self, passage: Passage, stretches: Sequence[tuple[int, int]], *, section: Sequence[Mention], assigns: bool
    ) -> _Walk:
        """The drafts of the passage's stretches (its items), read in order.

        Args:
            section: units that head the section, to whom an item without units belongs.
            assigns: whether the passage stands under a heading of tasks.
        """
        walk = _Walk(self, passage, section, ["assigning_opening"] if assigns else [])
        for start, end in stretches:
            walk.begin_item()
            for clause in clauses_of(passage.text, start=start, end=end):
                if clause.end - clause.start <= self._longest:
                    walk.take(clause)
                else:
                    walk.close()
        walk.close()
        return walk

    def without_duty(self, matter: str) -> str:
        """The matter without the word that only says whose it is (负责)."""
        duty = self._duty.match(matter)
        return matter if duty is None else matter[duty.end() :]

    def mentions(self, units: UnitList) -> tuple[Mention, ...]:
        """The units of a list; the speaker and the addressee under their names."""
        if units.kind == "speaker":
            return (self._speaker,)
        if units.kind == "addressed":
            return self._addressee or tuple(map(Mention, units.names))
        return tuple(units.mentions) or tuple(map(Mention, units.names))


class _Walk:
    """The state between clauses of one passage."""

    def __init__(
        self, reader: ItemReader, passage: Passage, section: Sequence[Mention], heading: list[str]
    ) -> None:
        self._heading = heading
        self._reader = reader
        self._passage = passage
        self._section = tuple(section)
        self._open: Draft | None = None
        self._carried: tuple[Mention, ...] = ()
        self._topic: tuple[Mention, ...] = ()
        self._topic_text = ""
        self._noun: Clause | None = None
        self._time: Clause | None = None
        self._lead_in: list[str] = []
        self._gap: list[Clause] = []
        self.drafts: list[Draft] = []

    @property
    def carried(self) -> tuple[Mention, ...]:
        """The units charged last."""
        return self._carried

    def begin_item(self) -> None:
        """An item begins: what the words before it were about is over, who was charged is not."""
        self.close()
        self._topic, self._topic_text, self._noun, self._time = (), "", None, None

    def close(self) -> None:
        """The directive being read is over."""
        self._gap = []
        if self._open is not None:
            self.drafts.append(self._open)
            self._open = None

    def take(self, clause: Clause) -> None:
        """Read one more clause."""
        text = self._passage.text
        projects = self._reader._projects.found(text[clause.start : clause.end])
        begins = _beginning(text[clause.start : clause.end], projects)
        reading = self._reader._clauses.read(text, clause, projects_end=clause.start + begins)
        if reading.is_context:
            self._noun = None
        elif reading.units is not None:
            self._take_units(clause, reading, projects)
        else:
            self._take_other(clause, reading, projects)
        if clause.mark in "。；！？" and clause.mark:
            self.close()
            self._noun = self._time = None
            if clause.mark != "；":
                self._lead_in = []
            self._topic, self._topic_text = (), ""

    def _take_units(self, clause: Clause, reading: Reading, projects: Sequence[ProjectMention]) -> None:
        units = reading.units
        assert units is not None
        mentions = self._reader.mentions(units)
        others = list(self._reader.mentions(reading.others)) if reading.others is not None else []
        rules = list(reading.rules)
        if units.is_bare_head and self._carried and units.kind == "person":
            mentions, rules = self._carried, ["carried_unit", *rules]
        if reading.part == "assist" and self._open is not None:
            self._open.assisting += mentions
            self._extend(clause)
            return
        if self._open is not None and self._open.waits_for_matter and not reading.part and "no_verb" in rules:
            self._open.assisting += others
        topic, topic_text = self._topic, self._topic_text
        own = self._own_topic(clause, units, projects)
        if own:
            topic, topic_text = own
        self.close()
        start = clause.start if own or reading.before else units.start
        draft = Draft(
            self._passage, start, clause.end, mentions, [*self._heading, *self._lead_in, *rules], assisting=others,
            topic=topic, topic_text=topic_text, clauses=[self._text(clause.start, clause.end)],
        )
        self._open = draft
        self._begin_matter(draft, clause, reading)
        tells = {"past", "conditional", "superior"} & set(rules) or ("no_verb" in rules and reading.matter < clause.end)
        if units.kind != "speaker" and not tells:
            self._carried = mentions
        if clause.mark == "：" and reading.matter >= clause.end and units.kind != "speaker":
            self._section = mentions

    def _begin_matter(self, draft: Draft, clause: Clause, reading: Reading) -> None:
        before = "" if reading.before is None else self._text(*reading.before)
        time = "" if self._time is None else self._text(self._time.start, self._time.end)
        if self._time is not None:
            draft.pieces.append(time)
            draft.clauses.insert(0, time)
            draft.start, self._time = min(draft.start, self._time.start), None
        noun, self._noun, noun_at = ("", None, 0) if self._noun is None else (
            self._text(self._noun.start, self._noun.end), None, self._noun.start
        )
        if noun and not before and not draft.topic_text and (
            reading.part in ("lead", "joint") or self._reader._words.subjects.match(noun)
        ):
            draft.pieces.append(noun)
            draft.clauses.insert(0, noun)
            draft.start = noun_at
        head = "" if reading.head is None else self._text(*reading.head)
        rest = self._reader.without_duty(self._text(reading.matter, clause.end))
        if before or head or rest:
            draft.pieces.append(before + head + rest)
        if reading.is_open:
            draft.waits_for_matter = True
            return
        draft.waits_for_matter = not any(piece != time for piece in draft.pieces) or (reading.part != "" and not before and reading.part != "assist")

    def _take_other(self, clause: Clause, reading: Reading, projects: Sequence[ProjectMention]) -> None:
        text = self._passage.text
        words = self._reader._words
        if "assigning_opening" in reading.rules:
            self._lead_in = ["assigning_opening"]
        if words.reasons.match(text, clause.start, clause.end) and self._open is not None:
            return
        going_on = self._reader._clauses.continuation(text, clause)
        if going_on is None:
            self._describe(clause, projects)
            return
        rules = [rule for rule in going_on.rules if rule != "assigning_opening"]
        if self._open is not None and not going_on.has_own_subject and not self._has_other_due(clause):
            self._extend(clause, matter=going_on.matter, rules=rules)
            return
        self._begin_carried(clause, going_on, rules, projects)

    def _begin_carried(
        self, clause: Clause, going_on: Reading, rules: list[str], projects: Sequence[ProjectMention]
    ) -> None:
        """A directive for the units that were charged last, or that head the section."""
        was_open = self._open
        self.close()
        units, kind = (self._carried, "carried_unit") if self._carried else (self._section, "section_unit")
        is_task = {"modal", "reporting"} & set(rules) or was_open is not None or kind == "section_unit"
        if not units or not (is_task or self._has_day(clause)):
            self._describe(clause, projects)
            return
        topic = (was_open.topic, was_open.topic_text) if was_open is not None else (self._topic, self._topic_text)
        self._open = Draft(
            self._passage, clause.start, clause.end, units, [kind, *self._heading, *self._lead_in, *rules],
            pieces=[self._text(going_on.matter, clause.end)], topic=topic[0], topic_text=topic[1],
            clauses=[self._text(clause.start, clause.end)], is_carried=True,
        )

    def _describe(self, clause: Clause, projects: Sequence[ProjectMention]) -> None:
        """A clause that assigns nothing may say what the next ones are about."""
        if self._open is not None and (self._open.waits_for_matter or self._open.end == clause.start - 1) and not projects:
            if self._open.waits_for_matter or self._reader._finisher.due(self._text(clause.start, clause.end)):
                self._extend(clause, matter=clause.start)
                return
        if self._open is not None:
            self._gap.append(clause)
        elif clause.end - clause.start <= _LONGEST_TIME and self._has_day(clause):
            self._time = clause
            return
        is_said_first = bool(projects) and _beginning(self._text(clause.start, clause.end), projects) > 0
        if projects and (is_said_first or not self._topic):
            self.close()
            self._topic = distinct(projects)
            self._topic_text = self._text(
                clause.start + projects[0].start, clause.start + self._behind(clause, projects)
            )
        self._noun = clause

    def _behind(self, clause: Clause, projects: Sequence[ProjectMention]) -> int:
        """Where the list of projects ends with which a topic begins."""
        shown, end = self._text(clause.start, clause.end), projects[0].end
        for one in projects[1:]:
            if shown[end : one.start].strip(_JOINS) or not shown[end : one.start]:
                break
            end = one.end
        return end

    def _extend(self, clause: Clause, *, matter: int | None = None, rules: Sequence[str] = ()) -> None:
        draft = self._open
        assert draft is not None
        for passed in self._gap if matter is not None else ():
            draft.pieces.append(self._text(passed.start, passed.end))
        self._gap = []
        draft.end = clause.end
        draft.clauses.append(self._text(clause.start, clause.end))
        if matter is not None:
            draft.pieces.append(self._text(matter, clause.end))
            if draft.waits_for_matter:
                if {"modal", "duty", "handed_over"} & {*rules, *draft.rules}:
                    draft.rules = [rule for rule in draft.rules if rule != "no_verb"]
                draft.rules += rules
            elif "exhortation" in draft.rules and not {"exhortation", "past"} & set(rules) and {"verb", "modal", "duty"} & set(rules):
                draft.rules.remove("exhortation")
            draft.waits_for_matter = False

    def _has_day(self, clause: Clause) -> bool:
        due = self._reader._finisher.due(self._text(clause.start, clause.end))
        return due is not None and due.kind is not DueKind.UNSPECIFIED

    def _has_other_due(self, clause: Clause) -> bool:
        """Whether the clause has a deadline of its own, another than the open directive's."""
        draft, due = self._open, self._reader._finisher.due(self._text(clause.start, clause.end))
        if draft is None or due is None or due.kind is DueKind.UNSPECIFIED:
            return False
        before = self._reader._finisher.due("，".join(draft.clauses))
        return before is not None and before.kind is not DueKind.UNSPECIFIED and before.text != due.text

    def _own_topic(
        self, clause: Clause, units: UnitList, projects: Sequence[ProjectMention]
    ) -> tuple[tuple[Mention, ...], str] | None:
        before = [one for one in projects if clause.start + one.end <= units.start]
        if not before:
            return None
        return distinct(before), self._text(clause.start + before[0].start, clause.start + before[-1].end)

    def _text(self, start: int, end: int) -> str:
        return self._passage.text[start:end]


def _beginning(shown: str, projects: Sequence[ProjectMention]) -> int:
    """Where the projects end with which the clause begins; 0 where it begins with something else."""
    end = 0
    for one in projects:
        if shown[end : one.start].strip(_JOINS) and not (end == 0 and one.start <= 4 and not shown[: one.start].strip("对于关于在")):
            break
        end = one.end
    return end
