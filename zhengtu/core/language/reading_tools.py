"""What the reading of running text works with: readers, words, the speaker and the addressee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from zhengtu.core.language.clauses import ClauseReader, Reading
from zhengtu.core.language.directive_text import Mention
from zhengtu.core.language.drafts import Finisher
from zhengtu.core.language.project_names import ProjectReader
from zhengtu.core.language.unit_names import UnitList, UnitReader
from zhengtu.core.language.words import LanguageRules

_LONGEST_BARE_NOUN: Final = 12


class ReadingTools:
    """The readers of clauses, units, projects and times, and what they share."""

    def __init__(
        self, *, clauses: ClauseReader, units: UnitReader, projects: ProjectReader, finisher: Finisher,
        rules: LanguageRules, speaker: str, addressee: Sequence[Mention], is_routed: bool = False,
    ) -> None:
        self.clauses = clauses
        self.projects = projects
        self.units = units
        self.finisher = finisher
        self.words = rules.assigning
        self._duty = rules.assigning.duty_word
        self.longest_clause = rules.layout.longest_clause
        self._speaker = Mention(speaker)
        self.addressee = tuple(addressee)
        self.is_routed = is_routed

    def bare_noun(self, rest: str) -> tuple[str, str]:
        """(noun, word of duty) of a matter that is nothing but a noun behind the word; empty words for any other."""
        duty = self._duty.match(rest)
        noun = "" if duty is None else rest[duty.end() :]
        is_bare = 0 < len(noun) <= _LONGEST_BARE_NOUN and not self.words.verbs.search(noun)
        return (noun, duty[0]) if duty and is_bare and not self.words.subjects.match(noun) else ("", "")

    def names_part(self, said: str) -> bool:
        """Whether words say whose part something is, of units that are not seen (村是实施主体)."""
        return any(one.search(said) for one in (self.words.lead_roles, self.words.assist_roles))

    def without_duty(self, matter: str, *, is_behind: bool) -> str:
        """The matter without the word that only says whose it is (负责).

        Args:
            is_behind: whether the matter itself stands before the units.
        """
        if is_behind and self.words.bare_duties.fullmatch(matter):
            return ""
        duty = self._duty.match(matter)
        return matter if duty is None else matter[duty.end() :]

    def mentions(self, units: UnitList) -> tuple[Mention, ...]:
        """The units of a list; the speaker and the addressee under their names."""
        if units.kind == "speaker":
            return (self._speaker,)
        if units.kind == "addressed":
            return self.addressee or tuple(map(Mention, units.names))
        return tuple(units.mentions) or tuple(map(Mention, units.names))

def alone(reading: Reading, units: UnitList) -> Reading:
    """The reading where nobody is there whom units that only help could help: asked for, it is their own task."""
    if reading.part != "assist":
        return reading
    told = "verb" if "handed_over" in reading.rules else "exhortation"
    rules = tuple(told if rule == "duty" else rule for rule in reading.rules)
    return replace(reading, part="", matter=units.end, rules=rules)
