"""Reads of cases: a unit sees its own alone, the leaders and inspection office of the city see all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.accountability.facts import CaseLife, lives_of
from zhengtu.accountability.grounds import answering, clients_of, families_waiting
from zhengtu.accountability.models import Case
from zhengtu.accounts.queries import people_called
from zhengtu.core.assessment.accountability import CaseEventKind, CaseState, approaching_triggers, closing_reasons
from zhengtu.core.assessment.triggers import Trigger
from zhengtu.core.authority.actor import Actor, Scope, Subject
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.models import Evidence
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import participation_of

VIEW: Final = "accountability.view"
STATE: Final = "accountability.state"
DECIDE: Final = "accountability.decide"


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """A case with its life and where it stands on a day.

    Attributes:
        heard_until: last day on which the unit states its case before it may be decided without.
        appeal_until: last day of an appeal against the decision; None while nothing is decided.
    """

    row: Case
    life: CaseLife
    state: CaseState
    heard_until: date | None
    appeal_until: date | None

    @property
    def code(self) -> str:
        """``220200-A0001``."""
        return self.row.code


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with everything its page shows.

    Attributes:
        names: person code -> name of whoever said or decided something.
        files: deed -> its evidence.
        doors: what the actor may do now (``state``, ``decide``, ``appeal``, ``decide_appeal``, ``close``) -> what
            speaks against it; a deed that is not theirs is absent.
    """

    case: CaseStanding
    names: Mapping[str, str]
    files: Mapping[str, Sequence[Evidence]]
    doors: Mapping[str, Sequence[Reason]]


@dataclass(frozen=True, slots=True)
class Approaching:
    """A family that will soon be late by the months of a trigger.

    Attributes:
        units: units that would answer.
        met_on: the day on which the case would open.
    """

    household: str
    part: str
    trigger: str
    units: tuple[str, ...]
    due_on: date
    met_on: date
    days_left: int


def cases_for(actor: Actor, *, on: date) -> list[CaseStanding]:
    """Every case in scope, the latest first."""
    rows = list(_rows(actor).select_related("unit").order_by("-met_on", "-code"))
    lives = lives_of([row.code for row in rows])
    return [standing_of(row, lives[row.code], on=on) for row in rows]


def case_for(actor: Actor, code: str, *, on: date) -> CasePage | None:
    """One case with its steps, files and what the actor may do; None where it is not in scope."""
    row = _rows(actor).filter(code=code).select_related("unit").first()
    if row is None:
        return None
    case = standing_of(row, lives_of([code])[code], on=on)
    deeds = [step.deed for step in case.life.steps]
    files: dict[str, list[Evidence]] = {deed: [] for deed in deeds}
    for one in Evidence.objects.filter(deed__in=deeds).select_related("file").order_by("deed", "ordinal"):
        files[one.deed_id].append(one)
    return CasePage(
        case=case, names=people_called({step.by for step in case.life.steps} - {""}), files=files,
        doors=_doors(actor, case, on=on),
    )


def evidence_of_case(actor: Actor, code: str, sha256: str) -> Evidence | None:
    """A file of a case in scope; None otherwise."""
    rows = Evidence.objects.filter(deed__subject__in=_rows(actor).filter(code=code).values("code"), file=sha256)
    return rows.select_related("file").order_by("deed", "ordinal").first()


def approaching(city: str, *, on: date, within_days: int) -> list[Approaching]:
    """Families of a city that will be late by the months of a trigger within so many days, soonest first; for jobs."""
    waiting, clients = families_waiting(city, on=on), clients_of(city)
    due, found = dict(waiting), []
    for trigger in current_rulebook().accountability.found_by("home_late"):
        months = trigger.limits["months"]
        for household, days in approaching_triggers(waiting, months=months, on=on, within_days=within_days):
            found.append(Approaching(
                household=household, part=participation_of(household), trigger=trigger.id,
                units=tuple(answering(trigger, household, clients)), due_on=due[household],
                met_on=on + timedelta(days=days), days_left=days,
            ))
    return sorted(found, key=lambda one: (one.days_left, one.household))


def approaching_for(actor: Actor, *, on: date, within_days: int) -> list[Approaching]:
    """The same, of those for which a unit in the actor's scope would answer."""
    scope = _scope(actor)
    cities = {city_of(prefix) for prefix in scope.prefixes} | {city_of(unit) for unit in scope.units}
    return [
        one for city in sorted(cities) for one in approaching(city, on=on, within_days=within_days)
        if one.household.startswith(tuple(scope.prefixes)) or scope.units.intersection(one.units)
    ]


def standing_of(row: Case, life: CaseLife, *, on: date) -> CaseStanding:
    """Where a case stands on a day."""
    rules, calendar = current_rulebook().accountability, current_rulebook().calendar
    decided = life.last("case_decided")
    return CaseStanding(
        row=row, life=life, state=life.state(on=on),
        heard_until=calendar.add_working_days(life.opened_on, rules.hearing_workdays).on if life.opened_on else None,
        appeal_until=calendar.add_working_days(decided.on, rules.appeal_workdays).on if decided else None,
    )


def subject_of_case(row: Case) -> Subject:
    """What decides who may act on a case."""
    return Subject(code=row.code, units=frozenset({row.unit_id}))


def trigger_of(row: Case) -> Trigger | None:
    """The rule that opened it, while the rulebook still has it."""
    return current_rulebook().accountability.triggers.get(row.trigger)


def reasons_against(what: str, case: CaseStanding, *, person: str, on: date) -> list[Reason]:
    """Why this may not be done in the case now.

    Args:
        what: ``state``, ``decide``, ``appeal``, ``decide_appeal`` or ``close``.
    """
    if case.state in (CaseState.CLOSED, CaseState.WITHDRAWN):
        return [_reason("over", N_("The case is closed or withdrawn."), N_("Nothing more can be recorded in it."))]
    kinds = [event.kind for event in case.life.events]
    is_decided, waits = CaseEventKind.DECISION in kinds, _appeal_waits(kinds)
    if what == "state":
        return [_decided()] if is_decided else []
    if what == "decide":
        return [_decided()] if is_decided else _hearing_reasons(case, person=person, on=on)
    if what == "decide_appeal":
        return [] if waits else [_reason("no_appeal", N_("No appeal waits."), N_("Nothing is to be decided."))]
    if what == "appeal":
        return _appeal_reasons(case, kinds, on=on)
    reasons = closing_reasons(case.life.events)
    is_open = case.appeal_until is not None and on <= case.appeal_until
    if not reasons and CaseEventKind.APPEAL not in kinds and is_open:
        reasons.append(_reason(
            "appeal_possible", N_("The unit may appeal until %(day)s."), N_("Close the case afterwards."),
            day=str(case.appeal_until),
        ))
    return reasons


def _hearing_reasons(case: CaseStanding, *, person: str, on: date) -> list[Reason]:
    if any(step.by == person for step in case.life.steps if step.kind == "case_stated"):
        return [_reason("own_statement", N_("Nobody decides on their own statement."), N_("Leave it to a colleague."))]
    is_heard = any(event.kind is CaseEventKind.STATEMENT for event in case.life.events)
    if not is_heard and case.heard_until is not None and on <= case.heard_until:
        return [_reason(
            "hearing", N_("The unit may state its case until %(day)s and has not yet."),
            N_("Wait for its statement or for that day."), day=case.heard_until.isoformat(),
        )]
    return []


def _appeal_reasons(case: CaseStanding, kinds: Sequence[CaseEventKind], *, on: date) -> list[Reason]:
    if CaseEventKind.DECISION not in kinds:
        return [_reason("not_decided", N_("Nothing is decided yet."), N_("State your case instead."))]
    if CaseEventKind.APPEAL in kinds:
        return [_reason("appealed", N_("The unit has appealed already."), N_("The appeal's decision is final here."))]
    if case.appeal_until is not None and on > case.appeal_until:
        return [_reason(
            "too_late", N_("Appeals were possible until %(day)s."), N_("Write to the inspection office."),
            day=case.appeal_until.isoformat(),
        )]
    return []


def _doors(actor: Actor, case: CaseStanding, *, on: date) -> dict[str, Sequence[Reason]]:
    """What is the actor's to do and has its time, with what speaks against it."""
    authority, subject = current_rulebook().authority, subject_of_case(case.row)
    if case.state in (CaseState.CLOSED, CaseState.WITHDRAWN):
        return {}
    kinds = [event.kind for event in case.life.events]
    is_decided, waits = CaseEventKind.DECISION in kinds, _appeal_waits(kinds)
    timely = {
        STATE: ["appeal"] if is_decided and CaseEventKind.APPEAL not in kinds else [] if is_decided else ["state"],
        DECIDE: ["decide_appeal"] if waits else ["close"] if is_decided else ["decide"],
    }
    return {
        what: reasons_against(what, case, person=actor.person, on=on)
        for verb, names in timely.items() if authority.may(actor=actor, verb=verb, subject=subject) is None
        for what in names
    }


def _appeal_waits(kinds: Sequence[CaseEventKind]) -> bool:
    return kinds.count(CaseEventKind.APPEAL) > kinds.count(CaseEventKind.APPEAL_DECISION)


def _scope(actor: Actor) -> Scope:
    return current_rulebook().authority.scope(actor=actor, verb=VIEW)


def _rows(actor: Actor) -> QuerySet[Case]:
    scope = _scope(actor)
    reached = Q(unit__in=scope.units)
    for prefix in scope.prefixes:
        reached |= Q(code__startswith=prefix)
    return Case.objects.filter(reached)


def _decided() -> Reason:
    return _reason("decided", N_("The case is decided already."), N_("An appeal is possible within its days."))


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(code=f"accountability.{code}", message=message, parameters=parameters, remedy=remedy)
