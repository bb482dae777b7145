"""Sentences and clauses of a passage, and what a clause says to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from zhengtu.core.language.unit_names import UnitList, UnitReader
from zhengtu.core.language.words import Expression, LanguageRules

_OPENS: Final = "（“《【〔「"
_CLOSES: Final = "）”》】〕」"
_LONGEST_BRACKET: Final = 400
_NO_DUTY: Final = ("人", "制", "同志")
_NO_ACT: Final = ("的", "、", "等", "和", "与", "及")
_CLAUSE_ENDS: Final = "，。；！？：\t"
_SENTENCE_ENDS: Final = "。！？"


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a passage between two marks; ``mark`` is the one behind it, or empty."""

    start: int
    end: int
    mark: str

    @property
    def closes_sentence(self) -> bool:
        return self.mark in ("。", "！", "？", "")


def clauses_of(text: str, *, start: int, end: int) -> Iterator[Clause]:
    """Clauses of the stretch in order; marks within brackets and quotation marks part none.

    A bracket that is not closed within some hundred characters is no bracket.
    """
    begin = place = start
    while place < end:
        character = text[place]
        if character in _OPENS:
            close = text.find(_CLOSES[_OPENS.index(character)], place, min(end, place + _LONGEST_BRACKET))
            if close > place:
                place = close + 1
                continue
        if character in _CLAUSE_ENDS:
            if place > begin:
                yield Clause(begin, place, character)
            begin = place + 1
        place += 1
    if end > begin:
        yield Clause(begin, end, "")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clause says.

    Attributes:
        units: who is charged, where the clause names them.
        part: ``lead`` or ``assist`` where the clause says no more than the units' part, else empty.
        others: units that act together with them (会同).
        before: stretch of the matter before the units (的 … 由), or None.
        head: stretch of the circumstances between units and modal, kept in the matter.
        matter: place from which on the matter stands.
        rules: ids of the rules that spoke.
        has_own_subject: the clause says of a thing, not of the units, what must be.
        is_context: it only sets a condition.
        is_request: it asks whomever the text is addressed to.
        shares: it says no more than that the units do it (具体实施).
        helps: it says with what they help (配合做好…).
        names_owner: it names who is charged with what was said before (责任单位是…).
        is_open: it ends with circumstances; what is to be done stands in the next clause.
    """

    units: UnitList | None
    matter: int
    rules: tuple[str, ...] = ()
    part: str = ""
    others: UnitList | None = None
    before: tuple[int, int] | None = None
    head: tuple[int, int] | None = None
    has_own_subject: bool = False
    subject: str = ""
    is_context: bool = False
    is_open: bool = False
    is_request: bool = False
    shares: bool = False
    helps: bool = False
    names_owner: bool = False


@dataclass(slots=True)
class _Predicate:
    matter: int
    reached: int = 0
    kept: int | None = None
    has_time: bool = False
    is_open: bool = False
    head: tuple[int, int] | None = None
    rules: list[str] = field(default_factory=list)


class ClauseReader:
    """Reads one clause at a time; knows nothing of the clauses around it."""

    def __init__(self, *, units: UnitReader, rules: LanguageRules) -> None:
        self._units = units
        self._words = rules.assigning
        self._unit_words = rules.units

    def read(self, text: str, clause: Clause, *, projects_end: int) -> Reading:
        """What the clause says.

        Args:
            projects_end: place behind a project or list of projects with which the clause begins; else its start.
        """
        opened, rules = self._opened(text, clause.start, clause.end)
        if self._words.conditional.match(text, opened, clause.end):
            return Reading(None, opened, ("conditional",), is_context=True)
        place = opened
        if projects_end > place and not self._unit_reaches(text, place, projects_end, clause.end):
            place = projects_end
        asking = self._words.askings.match(text, place, clause.end)
        if asking is not None and self._is_within(text, asking, self._words.not_askings):
            asking = None
        past = self._after_times(text, asking.end() if asking else place, clause.end)
        units = self._speaking(text, past, clause.end, (self._unit_words.addressed, self._unit_words.speaker))
        units = units or self._units.at(text, past, end=clause.end)
        units = units or self._speaking(text, past, clause.end, (self._unit_words.given_name,))
        asking, units = self._handed_on(text, clause, asking, units)
        if units is None and asking is None:
            return self._asked_inside(text, opened, place, clause, rules)
        if units is None:
            is_request = asking is not None and self._words.requests.fullmatch(asking[0]) is not None
            return Reading(None, asking.end() if asking and is_request else place, tuple(rules), is_request=is_request)
        if asking is not None:
            rules.append("handed_over")
            if self._words.assist_askings.fullmatch(asking[0]):
                return Reading(units, clause.end, (units.kind, *rules), part="assist")
            if self._words.owner_askings.fullmatch(asking[0]):
                return replace(self._with_units(text, clause, units, rules, None), names_owner=True)
        return self._with_units(text, clause, units, rules, None)

    def continuation(self, text: str, clause: Clause) -> Reading | None:
        """The clause as one that goes on without naming units; None where it does not begin like that."""
        place, rules = self._opened(text, clause.start, clause.end)
        if self._words.conditional.match(text, place, clause.end):
            return None
        predicate = self._predicate(text, place, clause.end)
        joined = self._words.with_others.match(text, predicate.reached, clause.end)
        if joined is not None and (found := self._units.at(text, joined.end(), end=clause.end)) is not None:
            again = self._predicate(text, found.end, clause.end)
            start = again.head[0] if again.head else again.matter
            return Reading(None, start, (*rules, *predicate.rules, *again.rules, "duty"), others=found)
        if set(predicate.rules) - {"reporting", "past"}:
            start = predicate.head[0] if predicate.head else predicate.matter
            return Reading(None, start if predicate.head else predicate.matter, (*rules, *predicate.rules))
        if predicate.rules and self._words.reporting.match(text, predicate.reached, clause.end):
            return Reading(None, place, (*rules, "verb", *predicate.rules))
        modal = self._words.modals.search(text, place, min(clause.end, place + 30))
        while modal is not None and self._is_no_modal(text, modal):
            modal = self._words.modals.search(text, modal.end(), min(clause.end, place + 30))
        if modal is not None and modal.start() > place + 1:
            return Reading(
                None, place, (*rules, "modal"), has_own_subject=True, subject=text[place : modal.start()]
            )
        reports = self._words.reporting.search(text, place, clause.end) is not None
        if reports and not self._words.past.search(text, place, clause.end):
            return Reading(None, place, (*rules, "verb", "reporting"), has_own_subject=True, subject="")
        return None

    def tells_of_the_past(self, text: str, clause: Clause) -> bool:
        """Whether the clause says what was done or how things stand."""
        place = self._opened(text, clause.start, clause.end)[0]
        words = self._words
        return (
            words.tales.match(text, place, clause.end) is not None
            or words.past_marks.search(text, place, clause.end) is not None
        )

    def _handed_on(
        self, text: str, clause: Clause, asking: re.Match[str] | None, units: UnitList | None
    ) -> tuple[re.Match[str] | None, UnitList | None]:
        """The word and the units to whom those named first hand the matter on (区政府要求区教育局…)."""
        handing = None if units is None else self._words.handing_on.match(text, units.end, clause.end)
        charged = None if handing is None else self._units.at(text, handing.end(), end=clause.end)
        return (asking, units) if charged is None else (handing, charged)

    def _unit_reaches(self, text: str, place: int, past: int, end: int) -> bool:
        """Whether a unit's name begins here and ends behind a project's (a command post named for its project)."""
        units = self._units.at(text, place, end=end)
        return units is not None and units.end > past

    def _opened(self, text: str, place: int, end: int) -> tuple[int, list[str]]:
        """The place behind connecting words and times at the beginning."""
        rules: list[str] = []
        while True:
            opening = self._words.openings.match(text, place, end)
            if opening is None:
                return place, rules
            if self._words.assigning_openings.fullmatch(opening[0]):
                rules.append("assigning_opening")
            place = opening.end()

    def _after_times(self, text: str, place: int, end: int) -> int:
        while (found := self._words.times.match(text, place, end)) is not None and found.end() > place:
            place = found.end()
        return place

    def _speaking(self, text: str, place: int, end: int, expressions: Sequence[Expression]) -> UnitList | None:
        """An addressee, the speaker, or a person named by nothing but a name."""
        words = self._unit_words
        kinds = {words.addressed: "addressed", words.speaker: "speaker", words.given_name: "person"}
        for expression in expressions:
            found, kind = expression.match(text, place, end), kinds[expression]
            if found is not None:
                return UnitList(names=(found[0],), mentions=(), start=place, end=found.end(), kind=kind)
        return None

    def _asked_inside(self, text: str, opened: int, place: int, clause: Clause, rules: list[str]) -> Reading:
        """A clause whose unit stands behind its object: 整改工作由县住建局负责."""
        for asking in self._words.askings_inside.finditer(text, place + 1, clause.end):
            if self._is_within(text, asking, self._words.not_askings):
                continue
            units = self._units.at(text, self._after_times(text, asking.end(), clause.end), end=clause.end)
            if units is None or (units.kind == "person" and units.is_bare_head):
                continue
            if len(asking[0]) > 1 and asking.start() - place > 12:
                continue
            inner = self._with_units(text, clause, units, [*rules, "handed_over"], (opened, asking.start()))
            if inner.part or inner.matter < clause.end:
                return inner
        return Reading(None, place, tuple(rules))

    def _with_units(
        self, text: str, clause: Clause, units: UnitList, rules: list[str], before: tuple[int, int] | None
    ) -> Reading:
        words, place = self._words, units.end
        if text.startswith("（", place):
            close = text.find("）", place, clause.end)
            place = close + 1 if close > 0 else place
        rules = [units.kind, *rules]
        if units.is_superior:
            rules.append("superior")
        told = self._told(text, place, clause.end)
        if told is not None:
            return Reading(units, clause.end, (*rules, *told[1]), part=told[0], before=before)
        others: UnitList | None = None
        shares = words.bare_duties.fullmatch(text, place, clause.end) is not None
        helps = words.assists_with.match(text, place, clause.end) is not None
        joined = words.with_others.match(text, place, clause.end)
        if joined is not None:
            others = self._units.at(text, joined.end(), end=clause.end)
            place = others.end if others is not None else place
        part, behind = self._part(text, place, clause.end)
        leads_on = "handed_over" in rules and (before is not None or clause.mark == "，")
        if not part and leads_on and words.bare_duties.fullmatch(text, place, clause.end):
            part, behind = "lead", clause.end
        if part and behind < clause.end:
            others = self._units.at(text, behind, end=clause.end)
        if part:
            return Reading(units, clause.end, (*rules, "duty"), part=part, others=others, before=before)
        predicate = self._predicate(text, place, clause.end)
        if "reporting" in predicate.rules and "verb" not in predicate.rules:
            predicate.rules.append("verb")
        joined = words.with_others.match(text, predicate.matter, clause.end) if others is None else None
        if joined is not None and (found := self._units.at(text, joined.end(), end=clause.end)) is not None:
            others, again = found, self._predicate(text, found.end, clause.end)
            predicate = _Predicate(
                again.matter, head=again.head or predicate.head, rules=[*predicate.rules, *again.rules, "duty"]
            )
        if others is not None and "duty" not in predicate.rules:
            predicate.rules.append("duty")
        if "modal" in predicate.rules and "superior" in rules:
            rules.remove("superior")
        if not predicate.rules and not predicate.is_open:
            rules.append("act" if self._is_act(text, place, clause.end) else "no_verb")
        return Reading(
            units, predicate.matter, (*rules, *predicate.rules), others=others, before=before, head=predicate.head,
            is_open=predicate.is_open and not predicate.rules, shares=shares, helps=helps,
        )

    def _told(self, text: str, place: int, end: int) -> tuple[str, tuple[str, ...]] | None:
        """(part, rules) where the rest only names the units' part, gives an office or says nothing; else None."""
        words = self._words
        for name, expression in (("lead", words.lead_roles), ("assist", words.assist_roles)):
            if expression.fullmatch(text, place, end):
                return name, ("duty",)
        if words.appointments.match(text, place, end):
            return "", ("appointed",)
        if words.roles.match(text[place:end]):
            return "", ()
        return ("", ("no_verb",)) if place == end else None

    def _is_act(self, text: str, place: int, end: int) -> bool:
        """Whether the words behind the unit may say what it does, though no verb is known among them."""
        rest = text[place:end]
        tells = self._words.past.search(rest[:8]) or self._words.past_marks.search(rest)
        return len(rest) > 3 and tells is None and not rest.startswith(_NO_ACT)

    def _part(self, text: str, place: int, end: int) -> tuple[str, int]:
        """(part, end) where the rest of the clause says nothing but the units' part, or joins the others to it."""
        words = self._words
        parts = (words.joint_markers, words.leads, words.assists)
        while place < end and not any(one.match(text, place, end) for one in parts):
            adverb = words.adverbs.match(text, place, end) or words.modals.match(text, place, end)
            if adverb is None:
                break
            place = adverb.end()
        kinds = (("joint", words.joint_markers), ("lead", words.leads), ("assist", words.assists))
        for name, expression in kinds:
            found = expression.match(text, place, end)
            if found is None:
                continue
            if end - found.end() <= (0 if name == "lead" else 2):
                return name, end
            if name == "lead" and text[found.end()] == "、" and self._assists_end(text, found.end() + 1, end):
                return name, found.end() + 1
        if words.assists_behind.fullmatch(text, place, end):
            return "assist", end
        return "", place

    def _assists_end(self, text: str, place: int, end: int) -> bool:
        units = self._units.at(text, place, end=end)
        return units is not None and self._part(text, units.end, end)[0] == "assist"

    def _predicate(self, text: str, place: int, end: int) -> _Predicate:
        """Modal, duty or verb after adverbs and circumstances; no rules where there is none of these."""
        words, found, start = self._words, _Predicate(place), place
        if words.past.match(text, place, end):
            found.rules.append("past")
        while place < end:
            modal = words.modals.match(text, place, end)
            if modal is not None and not self._is_no_modal(text, modal):
                found.rules.append("modal")
                keeps = modal[0][0] in "不严禁切"
                shortest = 2 if found.has_time else 4
                found.head = (start, place) if place - start >= shortest else found.head
                place = modal.start() if keeps else modal.end()
                start = place
                if keeps:
                    found.kept = modal.end()
                    break
                continue
            step = words.times.match(text, place, end) or words.circumstances.match(text, place, end)
            if step is not None and step.end() > place:
                found.has_time = True
                ensures = words.verbs.match(step[0])
                found.rules += ["verb"] if ensures is not None and len(ensures[0]) > 1 else []
                place = step.end()
                continue
            adverb = words.adverbs.match(text, place, end)
            if adverb is None or words.leads.match(text, place, end) or self._exhorts(text, place, end):
                break
            place = adverb.end()
        self._judge(text, place, end, found)
        found.reached = place
        found.is_open = place >= end > start
        found.matter = start
        return found

    def _judge(self, text: str, place: int, end: int, found: _Predicate) -> None:
        words = self._words
        if "past" not in found.rules and words.past.match(text, place, end) and "modal" not in found.rules:
            found.rules.append("past")
        if words.intended.match(text[place:end]) and "modal" not in found.rules:
            found.rules += ["intended", "verb"]
        elif self._exhorts(text, place, end) or (found.kept is not None and self._exhorts(text, found.kept, end)):
            found.rules += ["exhortation"] if "modal" in found.rules else ["exhortation", "verb"]
        elif (duty := words.duties.match(text, place, end) or words.leads.match(text, place, end)) is not None and (
            not text.startswith(_NO_DUTY, duty.end())
        ):
            found.rules.append("duty")
        elif (verb := words.verbs.match(text, place, end)) is not None and not words.not_verbs.match(text, place) and (
            "modal" in found.rules or found.has_time or not words.noun_verbs.match(text, place, end)
        ) and not text.startswith("的", verb.end()):
            found.rules.append("verb")
        if words.reporting.search(text, place, end):
            found.rules.append("reporting")
        if words.past_marks.search(text, place, end) and "modal" not in found.rules and "past" not in found.rules:
            found.rules.append("past")

    def _exhorts(self, text: str, place: int, end: int) -> bool:
        """Whether the clause calls for an attitude."""
        return any(words.match(text, place, end) for words in (self._words.exhortations, self._words.exhorting))

    def _is_no_modal(self, text: str, modal: re.Match[str]) -> bool:
        """Whether the characters belong to another word (主要, 应急)."""
        return self._is_within(text, modal, self._words.not_modals)

    def _is_within(self, text: str, word: re.Match[str], longer: Expression) -> bool:
        """Whether a longer word holds the word at this place."""
        for start in range(max(0, word.start() - 2), word.start() + 1):
            held = longer.match(text, start)
            if held is not None and held.end() > word.start() and held[0] not in ("必须要",):
                return True
        return False
