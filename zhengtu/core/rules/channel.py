"""The part of the rulebook about the mayor's channel: the words that its directives begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Final

from zhengtu.core.rules.reading import RulebookInvalid, read_entries

_FILE: Final = "channel/directives.yaml"
KINDS: Final = (
    "finding", "discrepancy", "sponsor_promise", "review_promise", "directive", "deadline", "case", "hard_case",
)
SECRET: Final = ("finding", "discrepancy")
"""Kinds of what may come out of an inspection that is not released."""
_PLACES: Final = frozenset({"due", "unit", "number", "subject"})


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """``rulebook/channel/directives.yaml``.

    Attributes:
        workdays: working days until a directive out of the channel is due, unless the mayor says otherwise.
        day: how a day is written, with ``{month}`` and ``{day}``.
        matters: kind of what it follows -> the words it begins with, with ``{name}`` places.
    """

    workdays: int
    day: str
    matters: Mapping[str, str]

    def matter(self, kind: str, *, due_on: date, unit: str = "", number: str = "", subject: str = "") -> str:
        """The first words of a directive; of what is secret neither number nor subject is put in."""
        told = {"number": "", "subject": ""} if kind in SECRET else {"number": number, "subject": subject}
        due = self.day.format(month=due_on.month, day=due_on.day)
        return self.matters[kind].format(due=due, unit=unit, **told)


def load_channel(folder: Path) -> ChannelRules:
    """Read and check ``channel/directives.yaml``.

    Raises:
        RulebookInvalid: naming the entry that is wrong, and words that would give an inspection away.
    """
    raw = read_entries(folder / "channel" / "directives.yaml")
    matters: dict[str, str] = dict(raw["matters"])
    if set(matters) != set(KINDS):
        raise RulebookInvalid(f"{_FILE}: matters are exactly {', '.join(KINDS)}")
    concealed: Sequence[str] = raw["concealed"]
    for kind, text in matters.items():
        used = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
        allowed = {"due", "unit"} if kind in SECRET else _PLACES
        if unknown := sorted(used - allowed):
            raise RulebookInvalid(f"{_FILE}: {kind}: nothing gives {{{unknown[0]}}}")
        if kind in SECRET and (told := [word for word in concealed if word in text]):
            raise RulebookInvalid(f"{_FILE}: {kind}: “{told[0]}” would tell of an inspection before its release")
    if isinstance(raw["workdays"], bool) or not isinstance(raw["workdays"], int) or raw["workdays"] < 1:
        raise RulebookInvalid(f"{_FILE}: workdays is a whole number from 1")
    return ChannelRules(workdays=raw["workdays"], day=raw["day"], matters=matters)
