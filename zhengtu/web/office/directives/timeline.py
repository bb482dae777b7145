"""What happened to a directive, in words: each fact with what it says, who recorded it and its papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse

from zhengtu.campaign.deeds import names_of_people
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.life_cycle import DirectiveEvent
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.shared.reason_text import rulebook_label

_UNSHOWN: Final = ("content_sha256",)
_UNITS: Final = ("unit", "lead")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A paper of an event."""

    name: str
    kind: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event as the timeline draws it."""

    name: str
    on: date
    attributes: Sequence[tuple[str, str]]
    by: str
    deed: str
    deed_href: str
    files: Sequence[ShownFile]


def shown_events(actor: Actor, events: Iterable[DirectiveEvent], names: Names) -> list[ShownEvent]:
    """The latest first."""
    known = sorted(events, key=lambda event: (event.on, event.recorded_at, event.reference), reverse=True)
    people = names_of_people(event.by for event in known)
    authority = current_rulebook().authority
    reads_ledger = bool(authority.scope(actor=actor, verb="ledger.view"))
    return [
        ShownEvent(
            name=rulebook_label(group="fact", id=event.kind), on=event.on, by=people.get(event.by, event.by),
            attributes=_attributes(event, names), deed=event.deed,
            deed_href=reverse("deed.view", args=[event.deed]) if reads_ledger else "",
            files=shown_files(event),
        )
        for event in known
    ]


def shown_files(event: DirectiveEvent) -> list[ShownFile]:
    """The papers of an event, with the ways to them."""
    return [
        ShownFile(
            name=file.name, kind=file.kind, href=reverse("directive.evidence", args=[event.directive, file.sha256])
        )
        for file in event.evidence
    ]


def _attributes(event: DirectiveEvent, names: Names) -> list[tuple[str, str]]:
    kind = current_rulebook().fact_kinds[event.kind]
    return [
        (rulebook_label(group="attribute", id=f"{event.kind}.{name}"), _spoken(event, name, attribute.type, names))
        for name, attribute in kind.attributes.items()
        if name not in _UNSHOWN and event.attributes.get(name) not in (None, "")
    ]


def _spoken(event: DirectiveEvent, name: str, type: str, names: Names) -> str:
    value = str(event.attributes[name])
    if name in _UNITS:
        return name_of(value, names)
    if type == "choice":
        return rulebook_label(group="choice", id=f"{event.kind}.{name}.{value}")
    return value
