"""A directive about to be set, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

from zhengtu.core.directives.recurrences import rule_reasons
from zhengtu.core.directives.rules import DirectiveRules
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar

DATED: Final = ("date", "campaign_end", "festival")
"""Kinds of due that are one day."""
KINDS: Final = (*DATED, "recurring", "unspecified")
GOALS: Final = ("signed", "vacated", "handed_over", "started", "launched", "resettled")
MATTER_LIMIT: Final = 2_000
UNITS_LIMIT: Final = 60


class SaidDue(Protocol):
    """When something is due; ``core.language.directive_text.Due`` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def on(self) -> date | None: ...
    @property
    def rrule(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DraftDue:
    """When a directive is due, where no text said so: as ``core.language.directive_text.Due``."""

    kind: str = "unspecified"
    on: date | None = None
    rrule: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class DirectiveDraft:
    """A directive about to be set.

    Attributes:
        lead: code of the one unit that answers for it.
        joint, assisting: codes of units that share the duty, and that help.
        matter: what is to be done, in the words of an order.
        due: a day, a recurrence, or unspecified: then the urgency's handling period counts from the day it is set.
        projects: codes of projects or sections.
        goal: what the ledger knows of it (one of ``GOALS``), or empty.
        proposal: key of the proposal that it confirms, or None.
        span: first and past-the-last character in the source text.
    """

    lead: str
    matter: str
    joint: Sequence[str] = ()
    assisting: Sequence[str] = ()
    due: SaidDue = field(default_factory=DraftDue)
    projects: Sequence[str] = ()
    goal: str = ""
    urgency: str = "normal"
    proposal: int | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Parent:
    """The directive that a draft is a part of.

    Attributes:
        due_on: its last day, or None; projects: those that it is about, if it names any.
        subordinates: units that the dividing unit may give a part to.
    """

    due_on: date | None
    goal: str
    projects: Sequence[str]
    subordinates: Collection[str]


def due_on_of(
    draft: DirectiveDraft, *, set_on: date, rules: DirectiveRules, calendar: WorkCalendar, parent: Parent | None = None
) -> date | None:
    """The last day of a draft that is set on a day: its own, else the handling period's; None where it recurs.

    A part of a directive ends with it at the latest, where no day was said.
    """
    if draft.due.kind == "recurring":
        return None
    if draft.due.on is not None:
        return draft.due.on
    workdays = rules.handling_workdays.get(draft.urgency, rules.handling_workdays["normal"])
    found = calendar.add_working_days(set_on, workdays).on
    return min(found, parent.due_on) if parent is not None and parent.due_on is not None else found


def draft_reasons(
    draft: DirectiveDraft,
    *,
    set_on: date,
    units: Collection[str],
    places: Mapping[str, Collection[str]],
    setter: str,
    rules: DirectiveRules,
    parent: Parent | None = None,
) -> list[Reason]:
    """What is wrong with a draft that is set on a day, each in a sentence with what to do.

    Args:
        units: codes of the city's units that can be responsible.
        places: code of a project or section -> jurisdictions in which it lies.
        setter: the unit that sets it; nobody answers to themselves.
        parent: where it is a part of another directive.
    """
    reasons = [*_matter_reasons(draft), *_unit_reasons(draft, units=units, setter=setter)]
    reasons += _due_reasons(draft, set_on=set_on)
    reasons += _place_reasons(draft, places=places, units=units)
    if draft.urgency not in rules.handling_workdays:
        reasons.append(_reason("urgency", N_("There is no urgency “%(given)s”."), given=draft.urgency))
    if parent is not None:
        reasons += _part_reasons(draft, parent)
    return reasons


def _matter_reasons(draft: DirectiveDraft) -> list[Reason]:
    if not draft.matter.strip():
        return [_reason("matter", N_("A directive says what is to be done."), N_("Write the matter."))]
    if len(draft.matter) > MATTER_LIMIT:
        return [
            _reason(
                "matter_long", N_("The matter has more than %(limit)s characters."),
                N_("Keep to what is to be done; the source text stays attached."), limit=MATTER_LIMIT,
            )
        ]
    return []


def _unit_reasons(draft: DirectiveDraft, *, units: Collection[str], setter: str) -> list[Reason]:
    named = [draft.lead, *draft.joint, *draft.assisting]
    reasons = []
    if not draft.lead:
        reasons.append(
            _reason("lead", N_("A directive needs one lead unit."), N_("Choose the unit that answers for it."))
        )
    for unit in named:
        if unit and unit not in units:
            reasons.append(
                _reason("unit", N_("No unit of the city has the code “%(unit)s”."), N_("Choose a unit from the list."),
                        unit=unit)
            )
    repeated = sorted({unit for unit in named if unit and named.count(unit) > 1})
    reasons += [
        _reason("unit_twice", N_("“%(unit)s” is named twice."), N_("Each unit has one part in a directive."),
                unit=unit)
        for unit in repeated
    ]
    if setter in (draft.lead, *draft.joint):
        reasons.append(
            _reason("own_unit", N_("A unit does not answer to itself."), N_("Choose another responsible unit."))
        )
    if len(named) > UNITS_LIMIT:
        reasons.append(
            _reason("units", N_("A directive names at most %(limit)s units."), N_("Set it as several directives."),
                    limit=UNITS_LIMIT)
        )
    return reasons


def _due_reasons(draft: DirectiveDraft, *, set_on: date) -> list[Reason]:
    due = draft.due
    if due.kind not in KINDS:
        return [_reason("due_kind", N_("There is no kind of due date “%(given)s”."), given=str(due.kind))]
    if due.kind == "recurring":
        return rule_reasons(due.rrule)
    if due.kind in DATED and due.on is None:
        return [_reason("due", N_("The last day is missing."), N_("Give a date, or leave it to the urgency."))]
    if due.on is not None and due.on < set_on:
        return [
            _reason("due_past", N_("The last day %(on)s has passed already."), N_("Give a day from today on."),
                    on=due.on.isoformat())
        ]
    return []


def _place_reasons(
    draft: DirectiveDraft, *, places: Mapping[str, Collection[str]], units: Collection[str]
) -> list[Reason]:
    reasons = [
        _reason("place", N_("No project or section has the code “%(place)s”."), N_("Choose one from the list."),
                place=place)
        for place in draft.projects
        if place not in places
    ]
    if draft.goal and draft.goal not in GOALS:
        reasons.append(_reason("goal", N_("The ledger knows no goal “%(given)s”."), given=draft.goal))
    divisions = {unit for unit in (draft.lead, *draft.joint) if _is_division(unit)}
    known = [set(places[place]) for place in draft.projects if place in places]
    if draft.goal and divisions and known and not divisions & set().union(*known):
        reasons.append(
            _reason(
                "place_elsewhere", N_("None of the projects lies in a responsible district."),
                N_("Correct the projects or the units, or set no goal."),
            )
        )
    if draft.goal and draft.due.kind == "recurring":
        reasons.append(
            _reason("goal_recurs", N_("What recurs has no goal that is reached once."), N_("Set no goal, or a date."))
        )
    return reasons


def joined_matters(matters: Sequence[str], *, rules: DirectiveRules) -> str:
    """Several matters as one, each once, in their order."""
    return rules.matter_joint.join(dict.fromkeys(one.rstrip(rules.matter_ends) for one in matters))


def _is_division(unit: str) -> bool:
    return len(unit) == 6 and not unit.endswith("00")


def _part_reasons(draft: DirectiveDraft, parent: Parent) -> list[Reason]:
    """A part is not beyond its whole: no later day, no other goal or project, only units below."""
    reasons = [
        _reason(
            "not_below", N_("“%(unit)s” is not below your unit."),
            N_("Parts go to your own subordinate units; others are asked by who set the directive."),
            unit=unit,
        )
        for unit in (draft.lead, *draft.joint)
        if unit and unit not in parent.subordinates
    ]
    if parent.due_on is not None and draft.due.on is not None and draft.due.on > parent.due_on:
        reasons.append(
            _reason("beyond", N_("A part is due no later than the whole: by %(on)s."), N_("Give an earlier day."),
                    on=parent.due_on.isoformat())
        )
    if draft.goal and parent.goal and draft.goal != parent.goal:
        reasons.append(_reason("other_goal", N_("A part has the goal of the whole."), N_("Set the same goal or none.")))
    outside = [
        place for place in draft.projects
        if parent.projects and not any(_lies_in(place, whole) for whole in parent.projects)
    ]
    if outside:
        reasons.append(
            _reason("outside", N_("“%(place)s” is not among the projects of the whole."), place=outside[0])
        )
    return reasons


def _lies_in(place: str, whole: str) -> bool:
    """Whether a place is the whole itself or one of its sections."""
    own, outer = place.split("-"), whole.split("-")
    return place == whole or (len(outer) == 2 and len(own) > 2 and own[1] == outer[1])


def _reason(code: str, message: str, remedy: str = "", **parameters: object) -> Reason:
    return Reason(code=f"directive.{code}", message=message, parameters=parameters, remedy=remedy)
