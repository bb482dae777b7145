"""The one thing that holds a place up, in words, with its clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from zhengtu.core.planning.plan import Blocker, BlockerKind
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_of_places

BLOCKERS: Final[Mapping[BlockerKind, Any]] = {
    BlockerKind.CLIENT_MONEY: gettext_lazy("Client's money"),
    BlockerKind.DISTRICT: pgettext_lazy("blocker", "District"),
    BlockerKind.APPRAISER: gettext_lazy("Appraiser"),
    BlockerKind.APPROVAL: pgettext_lazy("blocker", "Approval"),
    BlockerKind.COURT: gettext_lazy("Court"),
    BlockerKind.WEATHER: gettext_lazy("Weather"),
}


@dataclass(frozen=True, slots=True)
class BlockerLine:
    """A blocker as it is shown.

    Attributes:
        since, days: when it began to hold up, and how many days ago; None where that is withheld.
        until: the day by which it has to be gone, or None.
        is_past: whether that day is over.
    """

    kind: str
    label: str
    unit: str
    sentence: str
    since: date | None
    days: int | None
    until: date | None
    is_past: bool


def blocker_line(blocker: Blocker, *, names: Mapping[str, tuple[str, str]], on: date) -> BlockerLine:
    """A blocker in words as of a day."""
    return BlockerLine(
        kind=str(blocker.kind), label=str(BLOCKERS[blocker.kind]), unit=_named(blocker.unit, names),
        sentence=spoken_of_places(blocker.reason, lambda code: _named(code, names)).message, since=blocker.since,
        days=max(0, (on - blocker.since).days) if blocker.since else None,
        until=blocker.until, is_past=blocker.until is not None and blocker.until < on,
    )


def _named(code: str, names: Mapping[str, tuple[str, str]]) -> str:
    pair = names.get(code)
    return code if pair is None else in_language(pair) or pair[0]
