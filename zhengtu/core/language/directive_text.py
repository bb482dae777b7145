"""What is read out of a text: directives with their units, projects, matter, due date and place in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class DueKind(StrEnum):
    """How the time by which a matter is to be done is said."""

    DATE = "date"
    CAMPAIGN_END = "campaign_end"
    FESTIVAL = "festival"
    RECURRING = "recurring"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class Due:
    """When a matter is due.

    Attributes:
        on: the day, where the text and the day it was said fix one; a festival's too.
        rrule: recurrence by RFC 5545 without its start, e.g. ``FREQ=WEEKLY;INTERVAL=2``; only for RECURRING.
        text: the words of the text, or empty where it says nothing.
    """

    kind: DueKind = DueKind.UNSPECIFIED
    on: date | None = None
    rrule: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name that a text may mention.

    Attributes:
        code: its key in the registry, or empty for one that no registry knows.
        name: the full name.
        aliases: other names, short names included.
    """

    name: str
    code: str = ""
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names that the registry holds; what it does not hold is recognised by the shape of its name.

    Attributes:
        groups: a collective name of units (each district and zone, departments) -> codes of its members.
        campaign_end_on: last day of the campaign, where one runs.
    """

    units: Sequence[Named] = ()
    projects: Sequence[Named] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    campaign_end_on: date | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit or project as a directive names it.

    Attributes:
        name: the registry's name where it is known there, else as the text has it.
        code: key in the registry, or empty.
        members: codes of the members of a collective name, so that it can be expanded on demand.
    """

    name: str
    code: str = ""
    members: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ExtractedDirective:
    """One sentence or clause that assigns work.

    Attributes:
        units: responsible units; where there are several without a named lead, the first leads.
        span: first and past-the-last character in the text.
        confidence: 0 to 1.
        because: ids of the rules that spoke for it.
    """

    units: Sequence[Mention]
    assisting: Sequence[Mention]
    projects: Sequence[Mention]
    matter: str
    due: Due
    span: tuple[int, int]
    confidence: float
    because: Sequence[str] = ()
