"""What opens a case of accountability or of praise, and the days on which that happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.core.assessment.accountability import overdue_triggers
from zhengtu.core.kernel.work_calendar import WorkCalendar


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
class AnswerPeriod:
    """How long a unit has to answer, in working days after the day on which it was told.

    Attributes:
        remind: so many working days before the last day the unit is reminded; 0 where it is not.
        confidence: ``stated`` or ``design``.
    """

    workdays: int
    confidence: str
    source: str
    remind: int = 0

    def last_day(self, told_on: date, *, calendar: WorkCalendar) -> date:
        """The last day on which the unit may answer."""
        return calendar.add_working_days(told_on, self.workdays).on

    def is_near(self, last_on: date, *, on: date, calendar: WorkCalendar) -> bool:
        """Whether no more working days are left on a day than those of the reminder."""
        return on >= last_on or calendar.working_days_between(on, last_on).count <= self.remind


@dataclass(frozen=True, slots=True)
class AccountabilityRules:
    """All triggers, and how a unit is heard.

    Attributes:
        hearing: how long a unit has to state its case.
        appeal: how long it has to appeal against a decision.
        countdown_days: how many days ahead families soon late are shown.
        outcomes: tone -> what may be decided, choices of ``case_decided``.
    """

    triggers: Mapping[str, Trigger]
    hearing: AnswerPeriod
    appeal: AnswerPeriod
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


def all_home_days(
    families: Iterable[tuple[date, date | None]], *, least: int, on: date
) -> list[tuple[date, int]]:
    """The days on which the last overdue family of a part came home, each with how many had come home late by then.

    They are counted anew each time: who was brought home and praised for does not count again when another family
    becomes late afterwards, so that praise is not had once more for every family that is let slip.

    Args:
        families: (promised day, day of coming home or None) of each.
        least: so many of them must have come home late until then.
    """
    late = sorted(
        (due_on, home_on if home_on is not None and home_on <= on else date.max) for due_on, home_on in families
        if due_on < on and (home_on is None or due_on < home_on)
    )
    found: list[tuple[date, int]] = []
    count, until = 0, date.min
    for due_on, home_on in late:
        if count and until <= due_on:
            found.append((until, count))
            count = 0
        if home_on == date.max:  # it waits
            return [one for one in found if one[1] >= least]
        count, until = count + 1, max(until, home_on)
    if count:
        found.append((until, count))
    return [one for one in found if one[1] >= least]
