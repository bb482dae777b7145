"""When a matter is due, read out of the clause that assigns it.

A time in a clause is a deadline only where the words say so: by a word before or behind it, or by what is to be done
at it. A time that has passed, a starting time, a report of what was and an event that has no day yet give no day.
What is said first governs; words without a day (soon, at once) count only where nothing better stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhengtu.core.language.directive_text import Due, DueKind
from zhengtu.core.language.due_days import Marker, day_meant
from zhengtu.core.language.due_rules import DuePattern, DueRules, Meaning

_RECURRENCE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_QUARTERLY, _QUARTER_DAYS = "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY;BYMONTH="
_LOOK_BACK = 70
"""Characters before a time in which its context is looked for."""
_LONGEST_WORDS = 64
"""Characters that are kept of the words of a time; only blanks can make them longer."""
_BLANKS = re.compile(r"\s")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF0D, 0xFF0E, 0xFF0F)}


@dataclass(frozen=True, slots=True)
class _Found:
    """One time in the clause, with the words around it."""

    pattern: DuePattern
    match: re.Match[str]

    @property
    def head(self) -> str:
        return self.match.string[max(0, self.match.start() - _LOOK_BACK) : self.match.start()]


def due_of(clause: str, *, said_on: date | None, campaign_end_on: date | None, rules: DueRules) -> Due | None:
    """When the clause says that its matter is due; None where it says nothing of it.

    A day without its year is the next such day from ``said_on`` on; without ``said_on`` the kind stands but not the
    day. No day before ``said_on`` is ever given: a deadline that has passed is UNSPECIFIED with its words.

    Args:
        clause: the sentence or clause that assigns work, as the text has it.
        said_on: the day on which it was said or signed.
        campaign_end_on: last day of the campaign, where one runs.
    """
    read = clause[: rules.longest_clause]
    places = [place for place, character in enumerate(read) if not _BLANKS.match(character)]
    plain = "".join(read[place] for place in places).translate(_WIDE)
    vague: Due | None = None
    rhythm: Due | None = None
    for found in _times(plain, rules=rules):
        due = _due(found, said_on=said_on, campaign_end_on=campaign_end_on, rules=rules)
        if due is None:
            continue
        start, end = _extent(found, rules=rules)
        said = Due(kind=due.kind, on=due.on, rrule=due.rrule, text=_words(read, places[start], places[end - 1]))
        if said.kind is DueKind.UNSPECIFIED:
            vague = vague or said
        elif said.kind is not DueKind.RECURRING:
            return rhythm or said
        elif rhythm is None or is_closer(said, rhythm):
            rhythm = said
    return rhythm or vague


def is_fixed(due: Due | None) -> bool:
    """Whether a day, a rhythm or an event is said."""
    return due is not None and due.kind is not DueKind.UNSPECIFIED


def is_same(one: Due, other: Due) -> bool:
    """Whether both say the same time, or the first only fixes the day of the other's rhythm."""
    return one.text == other.text or (bool(one.rrule) and one.rrule == other.rrule) or is_closer(one, other)


def is_closer(one: Due, other: Due) -> bool:
    """Whether both recur at one rhythm and only the first fixes the day (a weekly review, each Friday)."""
    return bool(other.rrule) and (
        one.rrule.startswith(f"{other.rrule};BY") or (one.rrule.startswith(_QUARTER_DAYS) and other.rrule == _QUARTERLY)
    )


def _words(text: str, first: int, last: int) -> str:
    return text[first : min(last + 1, first + _LONGEST_WORDS)]


def _times(text: str, *, rules: DueRules) -> Iterator[_Found]:
    """Times in the order of the text, the longer of two that overlap, never two over the same characters."""
    found = [
        (match.start(), -match.end(), order, _Found(pattern, match))
        for order, pattern in enumerate(rules.patterns)
        for match in pattern.regex.finditer(text)
        if match.end() > match.start()
    ]
    past = 0
    for start, _, _, one in sorted(found, key=lambda entry: entry[:3]):
        if start >= past:
            past = one.match.end()
            yield one


def _extent(found: _Found, *, rules: DueRules) -> tuple[int, int]:
    """First and past-the-last character of the time with the word that makes it a deadline, or the event before it."""
    start = found.match.start()
    if found.pattern.meaning is Meaning.WITHIN and not _counts_from_today(found, rules=rules):
        event = rules.contexts["event_before"].search(found.head)
        start -= len(rules.contexts["event_begins"].sub("", event[0])) if event else 0
    return start, _behind(found, rules=rules)[1]


def _behind(found: _Found, *, rules: DueRules) -> tuple[Marker, int]:
    """The word right behind the time that makes it a deadline, and where it ends."""
    for marker in (Marker.BEFORE, Marker.BY):
        word = rules.contexts[marker].match(found.match.string, found.match.end())
        if word is not None:
            return marker, word.end()
    return Marker.NONE, found.match.end()


def _due(found: _Found, *, said_on: date | None, campaign_end_on: date | None, rules: DueRules) -> Due | None:
    meaning = found.pattern.meaning
    if meaning is Meaning.VAGUE:
        return Due()
    if meaning is Meaning.RECURRING:
        return _recurrence(found, rules=rules)
    marker = _behind(found, rules=rules)[0]
    if marker is Marker.NONE and rules.contexts["until"].search(found.head):
        marker = Marker.UNTIL
    if not _is_deadline(found, marker, rules=rules):
        return None
    if meaning is Meaning.CAMPAIGN_END:
        is_ahead = campaign_end_on is not None and (said_on is None or campaign_end_on >= said_on)
        return Due(DueKind.CAMPAIGN_END, on=campaign_end_on if is_ahead else None)
    if meaning is Meaning.WITHIN and not _counts_from_today(found, rules=rules):
        return Due()
    try:
        on = day_meant(found.pattern, found.match, marker=marker, said_on=said_on, rules=rules)
    except (ValueError, OverflowError):
        return None
    if on is None or said_on is None or on >= said_on:
        return Due(DueKind.FESTIVAL if meaning is Meaning.FESTIVAL else DueKind.DATE, on=on)
    return Due() if marker else None


def _recurrence(found: _Found, *, rules: DueRules) -> Due | None:
    """The recurrence, unless an amount follows (each year nearly a hundred million) or its numbers are impossible."""
    match = found.match
    if rules.contexts["amount_after"].match(match.string, match.end()):
        return None
    numbers: dict[str, str] = {}
    for group, text in match.groupdict().items():
        name = group.rstrip("_")
        if text is None:
            continue
        try:
            number = rules.words[name][text] if name in rules.words else rules.numerals.number(text)
        except (ValueError, KeyError):
            return None
        if number < 1 and name != "weekday":
            return None
        numbers[group] = _RECURRENCE_DAYS[number] if name == "weekday" else str(number)
        numbers.setdefault(name, numbers[group])
    return Due(DueKind.RECURRING, rrule=found.pattern.rrule.format(**numbers) if found.pattern.rrule else "")


def _is_deadline(found: _Found, marker: Marker, *, rules: DueRules) -> bool:
    """Whether the words around the time make it one by which something is to be done."""
    text, end, around = found.match.string, _behind(found, rules=rules)[1], rules.contexts
    if around["guard_before"].search(found.head) or around["already"].match(text, end):
        return False
    if marker in (Marker.BEFORE, Marker.BY):
        return True
    if around["guard_after"].match(text, end):
        return False
    is_all = len(found.match[0]) == len(text) and found.pattern.meaning is not Meaning.OFFSET
    if found.pattern.is_inherent or marker is Marker.UNTIL or is_all:
        return True
    if found.pattern.meaning is Meaning.FESTIVAL and found.match["during"]:
        return True
    comma = around["comma"].match(text, end) if found.match.start() == 0 else None
    return found.pattern.verb_suffices and around["done_by"].match(text, comma.end() if comma else end) is not None


def _counts_from_today(found: _Found, *, rules: DueRules) -> bool:
    """Whether a period runs from the day of speaking, and not from an event that has no day yet."""
    around = rules.contexts
    return around["event_before"].search(found.head) is None or around["from_now_before"].search(found.head) is not None
