"""Names of the registry as texts shorten them, and mentions made of what a text has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from zhengtu.core.language.directive_text import Lexicon, Mention, Named
from zhengtu.core.language.words import UnitWords

_PLACE_LETTERS_AT_MOST: Final = 6
_SHORT_LETTERS_AT_LEAST: Final = 3
"""A name that is only the beginning of a registered one needs so many letters."""
_JOINING: Final = str.maketrans("", "", "（）、和及与·“”\"' ")
_BRACKETED: Final = re.compile(r"（([^（）]+)）")


class Names:
    """Units, projects and groups of a lexicon, found under their names, aliases and usual short forms."""

    def __init__(self, lexicon: Lexicon, *, words: UnitWords) -> None:
        self._words = words
        self._units = _by_form(lexicon.units, self._forms)
        self._projects = _by_form(lexicon.projects, lambda name: (plain(name),))
        self._wholes = [
            (plain(one.name), frozenset(map(plain, _BRACKETED.findall(one.name))), one)
            for one in lexicon.projects if one.code.count("-") < 2
        ]
        self._shortened_seen: dict[str, Mention | None] = {}
        self._seen: dict[str, Mention] = {}
        self._groups = {self.short(name): (name, tuple(codes)) for name, codes in lexicon.groups.items()}
        self.unit_starts = _starts(lexicon.units, lexicon.groups)
        self.project_starts = _starts(lexicon.projects, ())

    def short(self, name: str) -> str:
        """The short form in which names are compared."""
        name = plain(name)
        for long, short in self._words.short_forms:
            name = name.replace(long, short) or name
        return name

    def unit(self, name: str) -> Mention:
        """The registry's unit or group of that name, else the name as the text has it."""
        if name not in self._seen:
            self._seen[name] = self._looked_up(name)
        return self._seen[name]

    def _looked_up(self, name: str) -> Mention:
        group = self._groups.get(self.short(name))
        if group is not None:
            return Mention(name=group[0], members=group[1])
        for form in self._forms(name):
            found = self._units.get(form)
            if found is not None and len(found) == 1:
                return Mention(name=found[0].name, code=found[0].code)
        return Mention(name=name)

    def project(self, name: str, *, endings: Sequence[str]) -> Mention:
        """The registry's project of that name, with or without the class word behind it, else as the text has it.

        Speech leaves off how a name ends (望江片区 for 望江片区改造) or says only what stands in its
        brackets: then it is the one project of which that is true, and none where it is true of several.
        """
        forms = [plain(name), *(plain(name.removesuffix(ending)) for ending in endings if name.endswith(ending))]
        forms += [form + ending for form in tuple(forms) for ending in endings]
        for form in forms:
            found = self._projects.get(form)
            if form and found is not None and len(found) == 1:
                return Mention(name=found[0].name, code=found[0].code)
        if name not in self._shortened_seen:
            self._shortened_seen[name] = self._shortened(forms)
        return self._shortened_seen[name] or Mention(name=name)

    def _shortened(self, forms: Sequence[str]) -> Mention | None:
        """The one project whose name begins with one of these forms, or has it in brackets; its sections follow it."""
        for form in forms:
            if len(form) < _SHORT_LETTERS_AT_LEAST:
                continue
            meant = [one for whole, bracketed, one in self._wholes if whole.startswith(form) or form in bracketed]
            if len(meant) == 1:
                return Mention(name=meant[0].name, code=meant[0].code)
        return None

    def _forms(self, name: str) -> tuple[str, ...]:
        """Forms under which a unit may be named, the closest first."""
        words, short = self._words, self.short(name)
        forms = [plain(name), short]
        for form in (plain(name), short):
            for prefix in words.place_prefixes:
                place, found, rest = form.partition(prefix)
                if found and len(rest) >= 2 and len(place) <= _PLACE_LETTERS_AT_MOST:
                    forms += [prefix + rest, rest]
                    break
        fields = [
            form.removesuffix(ending) for form in tuple(forms)
            for ending in (*words.department_endings, words.department_word)
            if form.endswith(ending) and len(form) > len(ending) + 1
        ]
        return tuple(dict.fromkeys([*forms, *(field + words.department_word for field in fields)]))


def plain(name: str) -> str:
    """A name without brackets, quotation marks and joining words, as names are compared."""
    return name.translate(_JOINING)


def _by_form(named: Iterable[Named], forms_of: Callable[[str], Sequence[str]]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    exact: set[str] = set()
    for one in named:
        for name in (one.name, *one.aliases):
            exact.add(plain(name))
            found.setdefault(plain(name), [])
            if one not in found[plain(name)]:
                found[plain(name)].append(one)
    for one in named:
        for name in (one.name, *one.aliases):
            for form in forms_of(name):
                if form not in exact and form and one not in found.setdefault(form, []):
                    found[form].append(one)
    return found


def _starts(named: Iterable[Named], groups: Mapping[str, Sequence[str]] | Iterable[str]) -> dict[str, list[str]]:
    """First character -> names and aliases that begin with it, the longest first."""
    starts: dict[str, set[str]] = {}
    for name in [name for one in named for name in (one.name, *one.aliases)] + list(groups):
        if len(name) > 1:
            starts.setdefault(name[0], set()).add(name)
    return {first: sorted(names, key=lambda name: (-len(name), name)) for first, names in starts.items()}
