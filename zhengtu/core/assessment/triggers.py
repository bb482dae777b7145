"""What opens a case of accountability or of praise, and the days on which that happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.core.assessment.accountability import overdue_triggers


class Answerable(StrEnum):
    """Who can answer for a result: units and offices alone, never a person or a family."""

    JURISDICTION = "jurisdiction"
    CLIENT = "client"
    LEAD = "lead"


BLAME: Final = "blame"
PRAISE: Final = "praise"


@dataclass(frozen=True, slots=True)
class Trigger:
    """One rule that opens cases.

    Attributes:
        label: (Chinese, English).
        tone: ``blame`` or ``praise``.
        when: what is found in the ledger; an id of ``core.rules.accountability.FOUND``.
        limits: name -> number; which names it has follows from ``when``.
        of: who answers.
        weight: how heavy it is in the set; praise as a whole weighs no less than blame.
        confidence: ``stated`` or ``design``.
        measured: what the number beside a ground says, (Chinese, English); None where there is none.
    """

    id: str
    label: tuple[str, str]
    tone: str
    when: str
    limits: Mapping[str, int]
    of: tuple[Answerable, ...]
    weight: int
    confidence: str
    source: str
    measured: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class AccountabilityRules:
    """All triggers, and how a unit is heard.

    Attributes:
        hearing_workdays: working days that a unit has to state its case.
        appeal_workdays: working days that it has to appeal against a decision.
        countdown_days: how many days ahead families soon late are shown.
        outcomes: tone -> what may be decided, choices of ``case_decided``.
    """

    triggers: Mapping[str, Trigger]
    hearing_workdays: int
    appeal_workdays: int
    countdown_days: int
    outcomes: Mapping[str, tuple[str, ...]]

    def found_by(self, when: str) -> list[Trigger]:
        """The triggers that rest on one finding."""
        return [trigger for trigger in self.triggers.values() if trigger.when == when]


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that met a trigger.

    Attributes:
        unit: who answers.
        subject: what the case is about: part of a project, directive, inspection or the unit itself.
        about: what met the trigger: household, section, directive, inspection, part of a project or unit.
        met_on: the rule's day, whatever day it was noticed on.
        due_on: the day that was to be kept, where there was one.
        measured: the number or choice that met it, as text; empty where ``due_on`` says all.
        basis: references of the facts (``deed/ordinal``) that it rests on.
    """

    unit: str
    subject: str
    about: str
    met_on: date
    due_on: date | None = None
    measured: str = ""
    basis: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, date]:
        """What makes it the same ground when it is found again."""
        return self.about, self.met_on


def late_home_days(
    promises: Iterable[tuple[date, date]], *, home_on: date | None, months: int, on: date
) -> list[tuple[date, date]]:
    """The days on which a family became late by more than so many months, each with the promised day that ran out.

    A promise that another one replaced before then, and a family that was home by then, do not count; a later day
    that was agreed afterwards leaves what had happened by then as it was.

    Args:
        promises: (day of the promise, promised day) of one family.
        home_on: the day it came home, or None.
    """
    found = []
    held = sorted(promises)
    for _, due_on in held:
        for _, day in overdue_triggers([("", due_on)], months=months, on=on):
            standing = max((due for made_on, due in held if made_on <= day), default=None)
            if standing == due_on and (home_on is None or home_on > day):
                found.append((day, due_on))
    return sorted(set(found))


def all_home_on(families: Sequence[tuple[date, date | None]], *, least: int, on: date) -> date | None:
    """The day on which the last overdue family of a part came home; None while one waits or where too few were late.

    Args:
        families: (promised day, day of coming home or None) of each.
        least: so many of them must have come home late.
    """
    late = [(due_on, home_on) for due_on, home_on in families if due_on < (home_on or on)]
    days = [home_on for _, home_on in late if home_on is not None and home_on <= on]
    return max(days) if len(days) == len(late) and len(days) >= max(least, 1) else None
