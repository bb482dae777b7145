"""Words of the reading of directives from ``rulebook/language``: read, checked, made expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from zhengtu.core.language.due_rules import DueRules
from zhengtu.core.language.words import (
    AssigningWords,
    Expression,
    LanguageRules,
    LayoutWords,
    ProjectWords,
    UnitWords,
    any_of,
)
from zhengtu.core.rules.calendars import load_calendar
from zhengtu.core.rules.due_words import load_due_rules
from zhengtu.core.rules.reading import RulebookInvalid, load_sources, read_entries

WEIGHTS: Final = (
    "known_unit", "collective_unit", "shaped_unit", "person", "speaker", "addressed", "carried_unit",
    "concerned_unit", "section_unit", "bracket_owner", "labelled_owner", "table_owner", "handed_over", "modal",
    "duty", "verb", "act", "reporting", "assigning_opening", "due", "recurrence", "urgent", "project", "intended",
    "superior", "past", "conditional", "exhortation", "quoted", "parallel", "appointed", "no_verb",
)
"""Ids of the rules that speak for or against a directive; ``assignments.yaml`` weighs exactly these."""
ROLES: Final = ("lead", "assist", "person", "due", "matter", "project", "other")


def load_language(folder: Path, *, due: DueRules) -> LanguageRules:
    """Read and check ``language/`` of the rulebook at ``folder``.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    home = folder / "language"
    return LanguageRules(
        units=_File(home / "units.yaml").units(),
        projects=_File(home / "projects.yaml").projects(),
        assigning=_File(home / "assignments.yaml").assigning(),
        layout=_File(home / "layout.yaml").layout(),
        due=due,
    )


def load_language_alone(folder: Path) -> LanguageRules:
    """The same without the rest of the rulebook, for commands that read a text and nothing else.

    Raises:
        RulebookInvalid: naming the file and the entry that is wrong.
    """
    calendar = load_calendar(folder, sources=load_sources(folder))
    return load_language(folder, due=load_due_rules(folder, calendar=calendar))


class _File:
    """One file, whose entries are asked for by name and kind."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._raw: Mapping[str, Any] = read_entries(path)

    def units(self) -> UnitWords:
        return UnitWords(
            endings=re.compile(any_of(self._words("endings"))),
            weak_endings=frozenset(self._words("weak_endings")),
            unit_letters=self._words("unit_letters"),
            not_units=self._words("not_units"),
            never=frozenset(self._words("never")),
            vague=self._words("vague"),
            stops=re.compile(any_of(self._words("stops"))),
            kept=re.compile(any_of(self._words("kept_together"))),
            collective=self._collective(),
            offices=re.compile(any_of(self._words("offices"))),
            heads=re.compile(f"(?:{self._text('of')})?" + any_of(self._words("heads_of_units"))),
            classes=re.compile(any_of(self._words("classes"))),
            fillers=re.compile(any_of(self._words("fillers"))),
            counted=self._expression("counted"),
            not_behind_departments=re.compile(any_of(self._words("not_behind_departments"))),
            plain_departments=self._expression("plain_departments"),
            name_behind_office=self._expression("name_behind_office"),
            given_name=self._expression("given_name"),
            speaker=re.compile(f"(?!{any_of(self._words('not_speaker'))}){any_of(self._words('speaker_words'))}"),
            speaker_offices=frozenset(self._words("speaker_offices")),
            speaker_name=self._text("speaker"),
            addressed=re.compile(any_of(self._words("addressed"))),
            superiors=frozenset(self._words("superiors")),
            short_forms=self._pairs("short_forms"),
            place_prefixes=self._words("place_prefixes"),
            department_word=self._text("department_word"),
            department_endings=self._words("department_endings"),
        )

    def _collective(self) -> Expression:
        """各区（开发区）, 各县（市、区）人民政府, 各有关部门, 市直相关单位."""
        each, groups = self._raw["collective"], self._raw["groups"]
        pieces = {name: any_of(words) for name, words in each.items() if isinstance(words, list)}
        pieces |= {f"group_{name}": any_of(words) for name, words in groups.items()}
        pattern = each["pattern"]
        for name, piece in pieces.items():
            pattern = pattern.replace(f"<{name}>", piece)
        return self._compiled("collective", pattern)

    def projects(self) -> ProjectWords:
        return ProjectWords(
            endings=re.compile(any_of(self._words("endings"))),
            classes=self._words("classes"),
            common=frozenset(self._words("common_names")),
            common_longest=tuple(sorted(self._words("common_names"), key=lambda word: (-len(word), word))),
            common_least=self._count("common_least"),
            stops=re.compile(any_of(self._words("stops"))),
            kept=re.compile(any_of(self._words("kept_together"))),
            place_letters="".join(self._words("place_letters")),
            place_ends=self._words("place_ends"),
            list_class=self._expression("list_class"),
            counts=self._expression("counts"),
            times=self._expression("times"),
            longest=self._count("longest"),
        )

    def assigning(self) -> AssigningWords:
        names = (
            "openings", "assigning_openings", "askings", "askings_inside", "requests", "adverbs", "modals",
            "not_modals", "duties", "leads", "assists", "joint_markers", "verbs", "not_verbs", "noun_verbs",
            "reporting", "exhortations", "past", "tales", "conditional", "reasons", "pointers", "concerns",
            "not_askings", "assist_askings", "owner_askings", "handing_on",
        )
        expressions = (
            "circumstances", "times", "with_others", "past_marks", "intended", "roles", "subjects", "topics",
            "duty_word", "bare_duties", "assigning_headings", "lead_roles", "assist_roles",
            "appointments", "references", "assists_behind", "assists_with", "attitudes",
            "exhorting", "empty_matters",
        )
        weights = self._raw["weights"]
        if tuple(weights) != WEIGHTS or not all(isinstance(weight, int | float) for weight in weights.values()):
            raise RulebookInvalid(f"{self._name}: weights are exactly {', '.join(WEIGHTS)}, each a number")
        threshold = self._raw["threshold"]
        if not isinstance(threshold, float) or not 0 < threshold < 1:
            raise RulebookInvalid(f"{self._name}: threshold lies between 0 and 1")
        return AssigningWords(
            **{name: re.compile(any_of(self._words(name))) for name in names},
            **{name: self._expression(name) for name in expressions},
            actors=self._words("actors"), weights={id: float(weight) for id, weight in weights.items()},
            threshold=threshold,
        )

    def layout(self) -> LayoutWords:
        raw = self._raw["labels"]
        if tuple(raw) != ROLES:
            raise RulebookInvalid(f"{self._name}: labels are exactly {', '.join(ROLES)}")
        labels: dict[str, str] = {}
        for role, words in raw.items():
            for word in words:
                if word in labels:
                    raise RulebookInvalid(f"{self._name}: {word} labels two things")
                labels[word] = role
        return LayoutWords(
            ordinals=self._expression("ordinals"),
            labels=labels,
            label=re.compile(any_of(labels) + "：" + f"|【{any_of(labels)}】：?"),
            titles=self._expression("titles"),
            closers=re.compile(any_of(self._words("owner_closers")) + "$"),
            first_leads=frozenset(self._words("first_leads")),
            routed=self._expression("routed"),
            meetings=self._expression("meetings"),
            longest_owner_bracket=self._count("longest_owner_bracket"),
            longest_clause=self._count("longest_clause"),
        )

    def _words(self, name: str) -> tuple[str, ...]:
        words = self._raw.get(name)
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
            raise RulebookInvalid(f"{self._name}: {name} is a list of words")
        return tuple(words)

    def _pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        pairs = self._raw.get(name)
        if not isinstance(pairs, dict) or not all(isinstance(part, str) for pair in pairs.items() for part in pair):
            raise RulebookInvalid(f"{self._name}: {name} gives a short form for each long one")
        return tuple(pairs.items())

    def _text(self, name: str) -> str:
        text = self._raw.get(name)
        if not isinstance(text, str) or not text:
            raise RulebookInvalid(f"{self._name}: {name} is a word")
        return text

    def _count(self, name: str) -> int:
        count = self._raw.get(name)
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise RulebookInvalid(f"{self._name}: {name} is a whole number above 0")
        return count

    def _expression(self, name: str) -> Expression:
        return self._compiled(name, self._text(name))

    def _compiled(self, name: str, pattern: str) -> Expression:
        try:
            return re.compile(pattern)
        except re.error as error:
            raise RulebookInvalid(f"{self._name}: {name}: {error}") from error
