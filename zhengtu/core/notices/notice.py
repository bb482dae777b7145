"""One notice: what somebody is to be told, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Urgency(StrEnum):
    """How soon it has to reach the person: an urgent one breaks into a digest, but never into quiet hours."""

    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice about to be kept.

    Attributes:
        person: code of the recipient.
        key: what it is about and which turn of it, e.g. ``220200-D0001/overdue/5``; a person is told a key once.
        kind: id of a kind in ``rulebook/official_notices``, e.g. ``directive_due``.
        message: an English msgid with ``%(name)s`` places, as a Reason's; said in the reader's language.
        parameters: values of the places. Only ``title`` and ``due_on`` (ISO date) ever leave the building.
        path: the page where it is acted on, beginning with ``/``.
        subject: key of the thing it is about, which decides who may see it.
        urgency: None takes that of the kind.
        units: units that the subject is given to, built for or led by, as in ``authority.actor.Subject``; where none
            are named, the recipient's own units stand in, for whose sake ``recipients`` chose the person.
    """

    person: str
    key: str
    kind: str
    message: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"
    subject: str = ""
    urgency: Urgency | None = None
    units: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.path.startswith("/") or self.path.startswith(("//", "/\\")):
            raise ValueError(f"a notice leads to a page of this server, not to {self.path!r}")
