"""Names in a form and the mentions they stand for: units, groups of units, projects and sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.language.directive_text import Lexicon, Mention, Named
from zhengtu.web.office.cockpit.sentences import Names, name_of

SEPARATOR: Final = "\u3001"
_PARTS: Final = re.compile("[;\\n\u3001\uff0c\uff1b]")


@dataclass(frozen=True, slots=True)
class Register:
    """What names in a form may stand for.

    Attributes:
        units: name, short name, alias, English name or code -> the mention; groups too, with their members.
        places: the same of projects and sections.
        names: code -> (Chinese, English).
    """

    units: Mapping[str, Mention]
    places: Mapping[str, Mention]
    names: Names

    @classmethod
    def of(cls, lexicon: Lexicon, names: Names) -> Register:
        """The register of a lexicon."""
        groups = {name: Mention(name=name, members=tuple(members)) for name, members in lexicon.groups.items()}
        return cls(
            units={**groups, **_mentions(lexicon.units, names)}, places=_mentions(lexicon.projects, names), names=names
        )

    def given_units(self, text: str) -> list[Mention]:
        """Units of a field, in order; a name that the register does not hold is kept without a code."""
        return _given(text, self.units)

    def given_places(self, text: str) -> list[Mention]:
        """Projects and sections of a field."""
        return _given(text, self.places)

    def shown(self, mention: Mention) -> str:
        """A mention as the form shows it."""
        return name_of(mention.code, self.names) if mention.code in self.names else mention.name

    def field(self, mentions: Iterable[Mention]) -> str:
        """Mentions as the value of a field."""
        return SEPARATOR.join(self.shown(mention) for mention in mentions)

    def unit_choices(self) -> list[tuple[str, str]]:
        """(name, other names) of all units and groups, for the search in the browser."""
        return self._choices(self.units)

    def place_choices(self) -> list[tuple[str, str]]:
        """(name, other names) of all projects and sections."""
        return self._choices(self.places)

    def _choices(self, known: Mapping[str, Mention]) -> list[tuple[str, str]]:
        found: dict[str, list[str]] = {}
        for name, mention in known.items():
            found.setdefault(self.shown(mention), []).append(name)
        return [(name, " ".join(more)) for name, more in found.items()]


def mentions_of(stored: Iterable[Mapping[str, object]]) -> list[Mention]:
    """Mentions as a proposal keeps them."""
    return [
        Mention(
            name=str(one.get("name", "")), code=str(one.get("code", "")),
            members=tuple(str(code) for code in one.get("members") or ()),  # type: ignore[attr-defined]
        )
        for one in stored
    ]


def _mentions(known: Sequence[Named], names: Names) -> dict[str, Mention]:
    found: dict[str, Mention] = {}
    for one in known:
        mention = Mention(name=one.name, code=one.code)
        for name in (one.name, one.code, *one.aliases, *names.get(one.code, ())):
            if name:
                found.setdefault(name, mention)
    return found


def _given(text: str, known: Mapping[str, Mention]) -> list[Mention]:
    given: dict[str, None] = {}
    for part in _PARTS.split(text):
        # An English name may hold a comma itself.
        for name in [part] if part.strip() in known else part.split(","):
            given |= {name.strip(): None} if name.strip() else {}
    return list(dict.fromkeys(known.get(name) or Mention(name=name) for name in given))
