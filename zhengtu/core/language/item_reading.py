"""Directives in running text: clause after clause, the units of one carried over to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zhengtu.core.language.clauses import Clause, Reading, clauses_of
from zhengtu.core.language.directive_text import Due, Mention
from zhengtu.core.language.drafts import Draft
from zhengtu.core.language.due_dates import is_fixed, is_same
from zhengtu.core.language.passages import Passage
from zhengtu.core.language.project_names import ProjectMention, distinct
from zhengtu.core.language.reading_tools import ReadingTools, alone
from zhengtu.core.language.shared_matters import with_governing_words
from zhengtu.core.language.topics import NO_TOPIC, Topic, TopicReader

_CLASS_WORD: Final = 2
_LONGEST_NOUN: Final = 24
_LONGEST_TIME: Final = 14
_LONGEST_REST: Final = 14
_MOST_CLAUSES: Final = 40
_TELLS: Final = frozenset({"past", "conditional", "superior", "act", "appointed"})
_DOES: Final = frozenset({"verb", "modal", "duty"})


class ItemReader:
    """Reads the running text of one passage at a time."""

    def __init__(self, tools: ReadingTools) -> None:
        self._tools = tools

    def read(
        self, passage: Passage, stretches: Sequence[tuple[int, int]], *, section: Sequence[Mention], assigns: bool,
        topic: Topic = NO_TOPIC, spoken_of: Topic = NO_TOPIC,
    ) -> _Walk:
        """The drafts of the passage's stretches (its items), read in order.

        Args:
            section: units that head the section, to whom an item without units belongs.
            assigns: whether the passage stands under a heading of tasks.
            topic: projects that the heading names, which a sentence is about that names none.
            spoken_of: what the heading speaks of, for a word that stands for it (这项工作).
        """
        walk = _Walk(self._tools, passage, section, ["assigning_opening"] if assigns else [], topic, spoken_of)
        for start, end in stretches:
            walk.begin_item(start)
            for clause in clauses_of(passage.text, start=start, end=end):
                if clause.end - clause.start <= self._tools.longest_clause:
                    walk.take(clause)
                else:
                    walk.close()
        walk.close()
        walk.drafts = list(with_governing_words(walk.drafts))
        return walk


class _Walk:
    """The state between clauses of one passage."""

    def __init__(
        self, reader: ReadingTools, passage: Passage, section: Sequence[Mention], heading: list[str], topic: Topic,
        spoken_of: Topic,
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
        self._has_charged = False
        self._is_new_sentence = True
        self._sentence = 0
        self._topics = TopicReader(passage, words=reader.words, spoken_of=spoken_of)
        self._item_start = 0
        self._item_topic, self._heading_topic = NO_TOPIC, topic
        self._carried_as = "carried_unit"
        self._lead_in: list[str] = []
        self._gap: list[Clause] = []
        self._led: Draft | None = None
        self.drafts: list[Draft] = []

    @property
    def carried(self) -> tuple[Mention, ...]:
        """The units charged last."""
        return self._carried

    def begin_item(self, start: int) -> None:
        """An item begins: what the words before it were about is over, who was charged is not."""
        self.close()
        self._item_start = start
        self._topic, self._topic_text, self._noun, self._time = (), "", None, None
        self._item_topic = NO_TOPIC

    def close(self) -> None:
        """The directive being read is over."""
        self._keep_rest()
        if self._open is not None:
            self.drafts.append(self._open)
            self._open = None

    def _keep_rest(self) -> None:
        """What the sentence says behind the task of how it is to be done belongs to its matter."""
        words, gap, self._gap = self._reader.words, self._gap, []
        if self._open is None or not {"modal", "duty"} & set(self._open.rules):
            return
        for clause in gap:
            said = self._text(clause.start, clause.end)
            tells = words.past.search(said) or words.past_marks.search(said) or words.conditional.match(said)
            if self._open.end + 1 != clause.start or len(said) > _LONGEST_REST or tells:
                return
            self._open.pieces.append(said)
            self._open.end = clause.end

    def take(self, clause: Clause) -> None:
        """Read one more clause."""
        text = self._passage.text
        projects = self._reader.projects.found(text[clause.start : clause.end])
        referred, spoken_of = self._topics.referred(clause)
        if referred:
            self._topic, self._topic_text = tuple(spoken_of[0]), spoken_of[1]
        begins = max(referred, self._topics.beginning(clause, projects))
        reading = self._reader.clauses.read(text, clause, projects_end=clause.start + begins)
        self._topics.note(clause, reading, projects)
        if reading.is_context:
            self._noun = None
        elif reading.units is not None:
            self._take_units(clause, reading, projects)
        else:
            self._take_other(clause, reading, projects)
        self._is_new_sentence = False
        if clause.mark in "。；！？" and clause.mark:
            self.close()
            self._noun = self._time = None
            self._sentence += 1
            self._topics.end_sentence()
            self._led = self.drafts[-1] if clause.mark == "；" and self.drafts else None
            if clause.mark != "；":
                self._lead_in, self._has_charged, self._is_new_sentence = [], False, True
            self._topic, self._topic_text = (), ""

    def _take_units(self, clause: Clause, reading: Reading, projects: Sequence[ProjectMention]) -> None:
        units = reading.units
        assert units is not None
        others = self._others(reading)
        is_carried = units.is_bare_head and bool(self._carried) and units.kind == "person"
        mentions = self._carried if is_carried else self._reader.mentions(units)
        if self._assists(clause, reading, mentions):
            return
        reading = alone(reading, units)
        rules = ["carried_unit", *reading.rules] if is_carried else list(reading.rules)
        if self._open is not None and self._open.waits_for_matter and not reading.part and "no_verb" in rules:
            self._open.assisting += others
        waiting = self._open if self._open is not None and self._open.is_lead and self._open.waits_for_matter else None
        if waiting is not None and reading.part == "":
            mentions, rules = tuple(dict.fromkeys((*waiting.units, *mentions))), [*waiting.rules, *rules]
            others += waiting.assisting
            self._open = None
        topic, topic_text = self._about((self._topic, self._topic_text), projects)
        if reading.names_owner and self._is_new_sentence and not topic_text:
            topic, topic_text = self._topics.spoken_of
        own = self._topics.before_units(clause, units, projects)
        if own:
            self._topic, self._topic_text = topic, topic_text = tuple(own[0]), own[1]
        self.close()
        if self._has_charged and not {"modal", "duty", "handed_over"} & set(rules):
            rules.append("parallel")
        start = clause.start if own or reading.before else units.start
        start = start if waiting is None or reading.part else waiting.start
        said = self._text(clause.start, units.start) + self._text(units.end, clause.end)  # whose name is no time
        draft = Draft(
            self._passage, start, clause.end, mentions, [*self._heading, *self._lead_in, *rules], assisting=others,
            topic=topic, topic_text=topic_text, clauses=[said], due=self._reader.finisher.due(said),
            sentence=self._sentence, is_headed=topic_text == self._heading_topic[1],
        )
        self._open = draft
        self._begin_matter(draft, clause, reading)
        says_nothing = "no_verb" in rules and reading.matter < clause.end
        if units.kind != "speaker" and not says_nothing and not _TELLS & set(rules):
            self._carried, self._carried_as = mentions, "carried_unit"
            self._has_charged = self._has_charged or bool({"modal", "duty", "handed_over"} & set(rules))
        heads_item = reading.matter >= clause.end and not reading.part and (
            clause.mark == "：" or (clause.mark == "。" and clause.start == self._item_start)
        )
        if heads_item and units.kind != "speaker":
            self._section, self._carried = mentions, ()
            draft.rules = [rule for rule in draft.rules if rule != "no_verb"] + ["section_unit"]
            if clause.mark == "。":
                self._open = None

    def _assists(self, clause: Clause, reading: Reading, mentions: Sequence[Mention]) -> bool:
        """Whether the units of the clause only help those who were charged before; they are added to these then."""
        led = self._open if self._open is not None else self._led
        if led is None or led.end + 1 < clause.start:
            return False
        takes_part = reading.part == "assist" or (
            led.is_led and (reading.shares or (reading.part == "joint" and led is self._open))
        )
        if not takes_part and not (reading.helps and not is_fixed(self._due(clause)) and led.rules):
            return False
        led.assisting += mentions
        self._open = led
        if self.drafts and self.drafts[-1] is led:
            self.drafts.pop()
        self._extend(clause, matter=None if takes_part else reading.matter)
        return True

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
        if noun and not before and draft.topic_text in noun and (
            reading.part in ("lead", "joint") or self._reader.words.subjects.match(noun)
            or ("handed_over" in reading.rules and len(noun) <= _LONGEST_NOUN)
        ):
            draft.pieces.append(noun)
            draft.clauses.insert(0, noun)
            draft.start = noun_at
        head = "" if reading.head is None else self._text(*reading.head)
        is_behind = bool(before or draft.topic_text)
        rest = self._text(reading.matter, clause.end)
        if not is_behind and not head:
            draft.noun, draft.duty_word = self._reader.bare_noun(rest)
            draft.governed_by = noun if draft.noun and self._reader.words.verbs.search(noun) else ""
        rest = self._reader.without_duty(rest, is_behind=is_behind)
        if before or head or rest:
            draft.pieces.append(before + head + rest)
        if reading.is_open:
            draft.waits_for_matter = True
            return
        has_matter = any(piece != time for piece in draft.pieces)
        draft.is_led = reading.part == "lead"
        draft.is_lead = reading.part in ("lead", "joint") and not before
        draft.waits_for_matter = not has_matter or draft.is_lead

    def _take_other(self, clause: Clause, reading: Reading, projects: Sequence[ProjectMention]) -> None:
        text = self._passage.text
        words = self._reader.words
        if "assigning_opening" in reading.rules:
            self._lead_in = ["assigning_opening"]
            if reading.matter >= clause.end:
                return
        if words.reasons.match(text, clause.start, clause.end) and self._open is not None:
            return
        if reading.is_request and (self._reader.addressee or self._section):
            self._begin_request(clause, reading)
            return
        going_on = self._reader.clauses.continuation(text, clause)
        if going_on is None:
            self._describe(clause, projects)
            return
        if "past" in going_on.rules:
            self._note_past(clause)
        rules = [rule for rule in going_on.rules if rule != "assigning_opening"]
        if self._open is not None and not going_on.has_own_subject and not self._is_full(clause):
            self._extend(clause, matter=going_on.matter, rules=rules)
            self._open.assisting += self._others(going_on)
            return
        self._begin_carried(clause, going_on, rules, projects)

    def _begin_carried(
        self, clause: Clause, going_on: Reading, rules: list[str], projects: Sequence[ProjectMention]
    ) -> None:
        """A directive for the units that were charged last, or that head the section."""
        was_open, noun = self._open, self._noun
        on = "" if noun is None or was_open is not None else self._text(noun.start, noun.end)
        on = on if self._reader.words.subjects.match(on) else ""
        self.close()
        units, kind = (self._carried, self._carried_as) if self._carried else (self._section, "section_unit")
        if not units and self._reader.is_routed and (is_fixed(self._due(clause)) or "reporting" in rules):
            units, kind = self._reader.addressee, "addressed"
        is_task = {"modal", "duty", "reporting"} & set(rules) or was_open is not None or kind == "section_unit"
        acts_itself = (going_on.has_own_subject and (
            going_on.subject.endswith(self._reader.words.actors)
            or (self._is_new_sentence and not is_fixed(self._due(clause)))
        )) or (was_open is None and self._noun is not None and not on and not is_fixed(self._due(clause)))
        if not units or acts_itself or not (is_task or is_fixed(self._due(clause))):
            self._describe(clause, projects)
            return
        topic = (was_open.topic, was_open.topic_text) if was_open is not None else (self._topic, self._topic_text)
        topic = self._about(topic, projects)
        self._open = Draft(
            self._passage, clause.start, clause.end, units, [kind, *self._heading, *self._lead_in, *rules],
            pieces=[one for one in (on, self._text(going_on.matter, clause.end)) if one], topic=topic[0],
            topic_text=topic[1], clauses=[self._text(clause.start, clause.end)], due=self._due(clause),
            sentence=self._sentence, assisting=self._others(going_on),
        )

    def _others(self, reading: Reading) -> list[Mention]:
        return [] if reading.others is None else list(self._reader.mentions(reading.others))

    def _begin_request(self, clause: Clause, reading: Reading) -> None:
        """A directive for those to whom the text is addressed (请于某日前将…报送…)."""
        self.close()
        asked = self._section or self._reader.addressee
        self._open = Draft(
            self._passage, clause.start, clause.end, asked, ["addressed", *self._heading, "act"],
            pieces=[self._text(reading.matter, clause.end)], clauses=[self._text(clause.start, clause.end)],
            due=self._due(clause),
        )

    def _describe(self, clause: Clause, projects: Sequence[ProjectMention]) -> None:
        """A clause that assigns nothing may say what the next ones are about."""
        is_short = clause.end - clause.start <= _LONGEST_TIME
        open_draft = self._open
        if open_draft is not None and not projects and (
            (open_draft.waits_for_matter and not self._reader.names_part(self._text(clause.start, clause.end)))
            or (open_draft.end == clause.start - 1 and self._due(clause) is not None)
        ):
            self._extend(clause, matter=clause.start)
            return
        self._note_concerned(clause)
        self._note_past(clause)
        if self._open is not None:
            self._gap.append(clause)
        elif is_short and is_fixed(self._due(clause)):
            self._time = clause
            return
        begins = self._topics.beginning(clause, projects)
        is_said_first = bool(projects) and begins > 0
        if is_said_first and clause.start == self._item_start and clause.end - clause.start - begins <= _CLASS_WORD:
            self._item_topic = self._topics.leading(clause, projects)
        if projects and (is_said_first or not self._topic):
            self.close()
            self._topic, self._topic_text = distinct(projects), self._topics.leading(clause, projects)[1]
        self._noun = clause

    def _note_past(self, clause: Clause) -> None:
        """A clause that tells what was done makes the open directive a tale, unless a word obliges in it."""
        obliges = self._open is None or bool({"modal", "past"} & set(self._open.rules))
        if not obliges and self._reader.clauses.tells_of_the_past(self._passage.text, clause):
            assert self._open is not None
            self._open.rules.append("past")

    def _note_concerned(self, clause: Clause) -> None:
        """A clause that says which units a thing concerns names those who are meant next."""
        concerns = self._reader.words.concerns.search(self._passage.text, clause.start, clause.end)
        if concerns is not None and not self._has_charged:
            units = self._reader.units.at(self._passage.text, concerns.end(), end=clause.end)
            if units is not None:
                self._carried, self._carried_as = self._reader.mentions(units), "concerned_unit"

    def _extend(self, clause: Clause, *, matter: int | None = None, rules: Sequence[str] = ()) -> None:
        draft = self._open
        assert draft is not None
        for passed in self._gap if matter is not None else ():
            draft.pieces.append(self._text(passed.start, passed.end))
        self._gap = []
        draft.end = clause.end
        if not is_fixed(draft.due):
            draft.due = self._due(clause)
        draft.clauses.append(self._text(clause.start, clause.end))
        if matter is not None:
            piece = self._text(matter, clause.end)
            draft.pieces.append(self._reader.without_duty(piece, is_behind=False) if draft.waits_for_matter else piece)
            if draft.waits_for_matter:
                if {"modal", "duty", "handed_over"} & {*rules, *draft.rules}:
                    draft.rules = [rule for rule in draft.rules if rule != "no_verb"]
                draft.rules += rules
            elif (
                "exhortation" in draft.rules and "exhortation" not in rules and _DOES & set(rules)
                and not self._reader.words.attitudes.match(piece)
            ):
                draft.rules.remove("exhortation")
            draft.waits_for_matter = False

    def _due(self, clause: Clause) -> Due | None:
        return self._reader.finisher.due(self._text(clause.start, clause.end))

    def _is_full(self, clause: Clause) -> bool:
        """Whether the open directive takes no more: the clause has another deadline, or it has too many clauses."""
        draft, due = self._open, self._due(clause)
        assert draft is not None
        if due is None or draft.due is None or is_same(due, draft.due):
            return len(draft.clauses) >= _MOST_CLAUSES
        return len(draft.clauses) >= _MOST_CLAUSES or (is_fixed(due) and is_fixed(draft.due))

    def _about(self, topic: Topic, projects: Sequence[ProjectMention]) -> Topic:
        """What a directive is about: the sentence's topic, else its item's, else its heading's where it names none."""
        found = topic if topic[1] else self._item_topic
        return found if found[1] or projects else self._heading_topic

    def _text(self, start: int, end: int) -> str:
        return self._passage.text[start:end]
