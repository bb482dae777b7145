"""Reads about one household, section or project: its dossier, what may be recorded, who looked, what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from zhengtu.accounts.models import Person
from zhengtu.casework.facts import (
    RecordedFact,
    folded,
    history_of,
    open_matters_of,
)
from zhengtu.casework.timeline import TimelineEntry, timeline_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.fact_kinds import order_reasons
from zhengtu.core.ledger.milestones import ENDED_BY, Milestone, MilestoneDates, State, standing_dates, state_on
from zhengtu.core.ledger.standing import Due, Standing, household_standing
from zhengtu.core.procedure.gate import offer_reasons
from zhengtu.ledger.models import Deed
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.reason_text import spoken_value
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Deadline, Household, Parcel, Participation, Project, Section
from zhengtu.registry.procedure_cases import ProcedureCase, cases_by_day
from zhengtu.registry.queries import households_for, participations_for, projects_for, sections_for

LOOKS_SHOWN = 20
LOOKING_VERBS = ("household.unmask", "address.open")
"""Deeds of these verbs show who people are, or where they live."""
NEIGHBOURS_SHOWN = 400
_MARGIN_DEGREES = 0.0012
"""About 100 m: how far around a household's parcel its neighbours are drawn."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the personal data."""

    at: datetime
    person: str
    purpose: str
    verb: str


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone of the way: ``done`` with its date, ``next``, ``blocked`` with its reason, or ``unneeded``."""

    milestone: Milestone
    kind: str
    status: str
    on: date | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A household's file as it stood on a day, as known on a day.

    Attributes:
        history: every fact known of it; case: its case by the procedure with everything known, None
            where none governs it; case_on: the same with what had happened by the day alone.
    """

    household: Household
    dates: MilestoneDates
    state: State | None
    standing: Standing
    steps: Sequence[Step]
    timeline: Sequence[TimelineEntry]
    register: RecordedFact | None
    history: Sequence[RecordedFact]
    case: ProcedureCase | None
    case_on: ProcedureCase | None
    matters: Sequence[RecordedFact] = field(default_factory=tuple)


def dossier(
    actor: Actor, household: Household, *, on: date, known: date | None, evidence_reach: Reach
) -> Dossier:
    """The file of a household that the actor reaches.

    Args:
        on: what happened by the end of this day counts.
        known: what was recorded by the end of this day counts; None for all.
        evidence_reach: what the actor reaches with ``evidence.view``.
    """
    history = history_of(household.code, known=known)
    # A promise is dated by the day promised; whether it was made by then is a matter of when it happened.
    dates = _dates_on(history, on=on)
    matters = open_matters_of(history, on=on)
    cases = cases_by_day([household.code], [None, on], known=known).get(household.code, {})
    registers = [fact for fact in _happened(history, on=on) if fact.kind == "registered"]
    return Dossier(
        household=household,
        dates=dates,
        state=state_on(dates, on=on),
        standing=household_standing(
            dates, deadlines=_deadlines_of(household),
            open_matters=[str(fact.attributes.get("matter", "")) for fact in matters], on=on,
        ),
        steps=_steps(dates, case=cases.get(None), takes_money=_takes_money(history, on=on), on=on),
        timeline=timeline_of(
            actor, subject=subject_with(household), history=history, on=on, evidence_reach=evidence_reach
        ),
        register=registers[-1] if registers else None,
        history=history, case=cases.get(None), case_on=cases.get(on), matters=matters,
    )


def _dates_on(history: Sequence[RecordedFact], *, on: date) -> dict[Milestone, date]:
    """What stood by the end of a day; which vacating counts is asked of the whole history, as the figures do."""
    dates = standing_dates(folded(_happened(history, on=on)), on=on)
    whole = standing_dates(folded(history), on=on)
    for pair in ENDED_BY.items():
        for milestone in pair:
            dates.pop(milestone, None)
            if milestone in whole:
                dates[milestone] = whole[milestone]
    return dates


def _happened(history: Sequence[RecordedFact], *, on: date) -> list[RecordedFact]:
    """What had happened by then; a correction always speaks for what it corrects, whenever it was made."""
    superseded = {fact.supersedes for fact in history if fact.supersedes}
    return [
        fact for fact in history
        if fact.reference not in superseded and not fact.is_withdrawal and fact.happened_on <= on
    ]


def household_for(actor: Actor, code: str, *, verb: str = "household.view") -> Household | None:
    """The household with that code, or None where it does not exist for this actor."""
    return (
        households_for(actor, verb=verb)
        .select_related("section__project", "section__jurisdiction", "parcel", "building")
        .filter(pk=code).first()
    )


def record_subject_for(actor: Actor, code: str) -> Household | Section | Participation | Project | None:
    """The household, section, participation or project with that code if the actor may see it, else None."""
    try:
        kind = kind_of(code)
    except ValueError:
        return None
    if kind == "household":
        return household_for(actor, code)
    if kind == "section":
        return sections_for(actor).select_related("project", "jurisdiction").filter(pk=code).first()
    if kind == "participation":
        jurisdiction, project = jurisdiction_of(code), project_of(code)
        parts = participations_for(actor).select_related("project", "jurisdiction")
        return parts.filter(project=project, jurisdiction=jurisdiction).first()
    return projects_for(actor).filter(pk=code).first() if kind == "project" else None


def subject_with(household: Household) -> Subject:
    """A household, whose section and project are at hand, with what decides who may act on it."""
    project = household.section.project
    leads = frozenset({project.lead_id} if project.lead_id else ())
    return Subject(code=household.code, clients=frozenset({project.client_id}), leads=leads)


def _deadlines_of(household: Household) -> list[Due]:
    section = household.section
    rows = Deadline.objects.filter(Q(section=section) | Q(project=section.project_id, section__isnull=True))
    return [Due(goal=goal, due_on=due_on) for goal, due_on in rows.values_list("goal", "due_on")]


def _takes_money(history: Sequence[RecordedFact], *, on: date) -> bool:
    """Whether the way of compensation that was chosen last is money."""
    chosen = [fact for fact in _happened(history, on=on) if fact.kind == "option_chosen"]
    return bool(chosen) and max(chosen, key=lambda fact: fact.happened_on).attributes.get("option") == "cash"


def _steps(
    dates: MilestoneDates, *, case: ProcedureCase | None, takes_money: bool, on: date
) -> list[Step]:
    kinds = {
        kind.milestone: kind
        for kind in current_rulebook().fact_kinds.values()
        if kind.milestone is not None and "household" in kind.subject_kinds
    }
    steps = []
    settled = {Milestone.SIGNED, Milestone.DECIDED}
    unneeded = settled if settled & dates.keys() else set()
    if takes_money and Milestone.PROMISED not in dates:
        unneeded = unneeded | {Milestone.PROMISED, Milestone.RESETTLED}
    for milestone in Milestone:
        if milestone not in kinds or milestone in ENDED_BY.values():
            continue
        kind = kinds[milestone]
        taken = case.procedure.recorded_by(kind.id) if case else None
        if case is None or taken is None:
            reasons = order_reasons(kind, happened_on=on, today=on, dates=dates, corrects=False)
        else:
            reasons = offer_reasons(
                step=taken, facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, today=on
            )
        if milestone in dates:
            steps.append(Step(milestone, kind.id, "done", on=dates[milestone]))
        elif milestone in unneeded:
            steps.append(Step(milestone, kind.id, "unneeded"))
        elif reasons:
            steps.append(Step(milestone, kind.id, "blocked", reason=reasons[0]))
        else:
            steps.append(Step(milestone, kind.id, "next"))
    return steps


def looks_at(household: str) -> list[Look]:
    """Who looked at the household's personal data, the latest first."""
    deeds = Deed.objects.filter(subject=household, verb__in=LOOKING_VERBS).order_by("-recorded_at")[:LOOKS_SHOWN]
    names = dict(Person.objects.filter(pk__in={deed.actor for deed in deeds}).values_list("code", "name"))
    return [
        Look(
            at=deed.recorded_at, person=names.get(deed.actor, deed.actor),
            purpose=" ".join(spoken_value(reason["parameters"].get("purpose", "")) for reason in deed.reasons),
            verb=deed.verb,
        )
        for deed in deeds
    ]


# Place and search


def neighbourhood(household: Household) -> list[Parcel]:
    """The household's parcel and those around it within its section; empty where it has no shape."""
    parcel = household.parcel
    if parcel is None or parcel.shape is None:
        return []
    around = Parcel.objects.filter(
        section=household.section_id, shape__isnull=False,
        west__lte=parcel.east + _MARGIN_DEGREES, east__gte=parcel.west - _MARGIN_DEGREES,
        south__lte=parcel.north + _MARGIN_DEGREES, north__gte=parcel.south - _MARGIN_DEGREES,
    )
    return [parcel, *around.exclude(pk=parcel.pk).order_by("pk")[:NEIGHBOURS_SHOWN]]
