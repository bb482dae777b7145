"""How figures become sentences: phrases with cases, chosen by rule and never by taste.

A phrase has one text for each case of its figure: ``none``, ``one`` or ``many`` of something, or whether something
``rose``, ``fell`` or stayed ``unchanged``. Words such as “sharply” stand only in a case of their own
(``rose_much``, ``fell_much``), which is taken from the number in ``rulebook/bulletins`` on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from string import Formatter

from zhengtu.core.bulletins.figures import DirectiveFigure
from zhengtu.core.reviews.week import Names

CASES = (
    "always", "none", "one", "many", "rose", "rose_much", "fell", "fell_much", "unchanged",
)
"""Cases that a phrase may have."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers behind the words.

    Attributes:
        names: so many names are listed, the rest is counted.
        much_permille: from so many tenths of a point on a change is called large.
        reply_workdays: working days within which the units named answer.
        talk_workdays: working days overdue from which a report proposes to summon the unit.
    """

    names: int
    much_permille: int
    reply_workdays: int
    talk_workdays: int


@dataclass(frozen=True, slots=True)
class PartRules:
    """A part of a kind of bulletin: its heading, and whether people may write beside the figures there."""

    id: str
    heading: Names
    takes_remarks: bool


@dataclass(frozen=True, slots=True)
class KindRules:
    """A kind of bulletin.

    Attributes:
        view, draft, release: verbs that let see it before its release, draft it and release it.
        type: the statutory type of document (通报) that it is; empty of an internal bulletin.
        layout: ``official``, under the red head of the city's office, of a statutory type; else ``bulletin``.
        series: of its running number, one for each city and year.
        mark, issue, title, subtitle, issuer: texts of its head, in Chinese as the document is.
        number: how its number is written in the register.
        goes_to: kinds of units that it is addressed to unless the draft says otherwise.
        may_go_to: kinds of units that the draft may choose.
        notices: moment -> kind of notice. facts: ``released`` and ``withdrawn`` -> kind of fact.
        parts: in order.
    """

    id: str
    label: Names
    view: str
    draft: str
    release: str
    notices: Mapping[str, str]
    facts: Mapping[str, str]
    type: str
    layout: str
    series: str
    mark: str
    issue: str
    number: str
    title: str
    subtitle: str
    issuer: str
    goes_to: Sequence[str]
    may_go_to: Sequence[str]
    copies_to: str
    parts: Sequence[PartRules]

    @property
    def is_official(self) -> bool:
        """Whether it stands under the red head of an office."""
        return self.layout == "official"


@dataclass(frozen=True, slots=True)
class OfficeHead:
    """The office of a city that issues statutory documents: its name, its red mark, and the code in their numbers."""

    office: str
    mark: str
    code: str


@dataclass(frozen=True, slots=True)
class BulletinRules:
    """``rulebook/bulletins``.

    Attributes:
        phrases: id -> case -> (Chinese, English).
        words: single words and heads of tables, id -> (Chinese, English).
        heads: city -> the office that issues statutory documents; a city without one has internal bulletins alone.
        all_of: kind of unit -> how all its units are addressed together.
    """

    kinds: Mapping[str, KindRules]
    phrases: Mapping[str, Mapping[str, Names]]
    words: Mapping[str, Names]
    limits: Limits
    heads: Mapping[str, OfficeHead]
    all_of: Mapping[str, str]

    def may_issue(self, kind: KindRules, *, city: str) -> bool:
        """Whether a city issues bulletins of a kind: those under a red head only where an office may."""
        return not kind.is_official or city in self.heads


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a sentence; ``proof`` names what proves a figure (``core.bulletins.proofs``), empty for plain text."""

    text: str
    proof: str = ""


Sentence = tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes phrases in one language with the names of codes."""

    rules: BulletinRules
    names: Mapping[str, Names]
    is_english: bool = False

    def say(self, phrase: str, case: str = "always", **given: str | Said | Sentence) -> Sentence:
        """A phrase in one of its cases, its blanks filled in.

        Raises:
            KeyError: when the phrase has no such case.
        """
        template = self.rules.phrases[phrase][case][self.is_english]
        pieces: list[Said] = []
        for text, field, _, _ in Formatter().parse(template):
            if text:
                pieces.append(Said(text))
            if field is not None:
                pieces += _pieces(given[field])
        return tuple(pieces)

    def run_on(self, *sentences: Sentence) -> Sentence:
        """Sentences of one paragraph one after the other: in English with a space between them."""
        found: list[Said] = []
        for sentence in sentences:
            if self.is_english and found and sentence and not (text_of(sentence)[:1].isspace() or _ends_open(found)):
                found.append(Said(" "))
            found += sentence
        return tuple(found)

    def word(self, id: str) -> str:
        """One word."""
        return self.rules.words[id][self.is_english]

    def name(self, code: str) -> str:
        """The name of a code; the code where it has none."""
        pair = self.names.get(code)
        return code if pair is None else (pair[self.is_english] or pair[0])

    def listed(self, codes: Sequence[str]) -> str:
        """Names with the list's comma; beyond the limit the rest is counted."""
        return self.counted_list([self.name(code) for code in codes], "and_others")

    def counted_list(self, texts: Sequence[str], rest: str) -> str:
        """Texts with the list's comma; beyond the limit the word of ``rest`` counts them."""
        limit = self.rules.limits.names
        shown = self.word("between").join(texts[:limit])
        return shown if len(texts) <= limit else self.word(rest).format(names=shown, count=len(texts))

    def number(self, value: int) -> str:
        """A whole number: grouped in English, plain in Chinese as official documents write it."""
        return f"{value:,}" if self.is_english else str(value)

    def percent(self, permille: int) -> str:
        """Tenths of a per cent with one decimal."""
        return f"{_tenths(permille)}%"

    def points(self, permille: int) -> str:
        """A difference of shares, without its sign, with one decimal."""
        return _tenths(abs(permille))

    def day(self, on: date) -> str:
        """A date in words."""
        return self.word("date").format(year=on.year, month=on.month, day=on.day, iso=on.isoformat())

    def day_in_table(self, on: date) -> str:
        """A date as narrow columns hold it."""
        return self.word("date_in_table").format(year=on.year, month=on.month, day=on.day, iso=on.isoformat())

    def last_day(self, on: date, *, first: date) -> str:
        """The last day of a period in words: without its year where the first day has told it."""
        word = self.word("date_in_year" if on.year == first.year else "date")
        return word.format(year=on.year, month=on.month, day=on.day, iso=on.isoformat())

    def wan(self, yuan: Decimal) -> str:
        """A sum in ten thousand yuan with one decimal."""
        return str((yuan / 10_000).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))

    def moved(self, change: int, *, is_share: bool = False) -> str:
        """The case of a change; a share's change is large from the rulebook's number on."""
        if change == 0:
            return "unchanged"
        much = "_much" if is_share and abs(change) >= self.rules.limits.much_permille else ""
        return ("rose" if change > 0 else "fell") + much


def _ends_open(pieces: Sequence[Said]) -> bool:
    """Whether what was said so far ends with its own space."""
    return text_of(tuple(pieces))[-1:].isspace()


def counted(count: int) -> str:
    """The case of a number of things."""
    return "none" if count == 0 else "one" if count == 1 else "many"


def text_of(sentence: Sentence) -> str:
    """A sentence as plain text."""
    return "".join(piece.text for piece in sentence)


def matter_in_short(directive: DirectiveFigure, *, longest: int = 40) -> str:
    """What a directive is about, to stand within a sentence."""
    matter = directive.matter.strip().rstrip(".\u3002;\uff1b,\uff0c")
    return matter if len(matter) <= longest else f"{matter[: longest - 1]}\u2026"


def _pieces(value: str | Said | Sentence) -> tuple[Said, ...]:
    if isinstance(value, str):
        return (Said(value),) if value else ()
    return (value,) if isinstance(value, Said) else value


def _tenths(permille: int) -> str:
    sign = "-" if permille < 0 else ""
    return f"{sign}{abs(permille) // 10}.{abs(permille) % 10}"
