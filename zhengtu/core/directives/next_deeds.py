"""Which deeds a directive allows next, for whom, and why not the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.core.directives.life_cycle import Life
from zhengtu.core.directives.rules import DirectiveRules
from zhengtu.core.directives.standing import State
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar


class DirectiveDeed(StrEnum):
    """What can be done about a directive once it is set."""

    RECEIVE = "receive"
    OBJECT = "object"
    REASSIGN = "reassign"
    DECLINE_OBJECTION = "decline_objection"
    RELEASE = "release"
    REPORT = "report"
    RETURN = "return"
    VERIFY = "verify"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    CHASE = "chase"
    CLOSE = "close"
    CANCEL = "cancel"
    ARCHIVE = "archive"
    DIVIDE = "divide"


OF_RESPONSIBLE: Final = (DirectiveDeed.RECEIVE, DirectiveDeed.OBJECT, DirectiveDeed.REPORT)
"""Done by each responsible unit for itself."""
OF_LEAD: Final = (DirectiveDeed.ASK_EXTENSION, DirectiveDeed.DIVIDE)
"""Done by the lead alone; everything else is done by whoever set the directive."""
OF_CHECKER: Final = (DirectiveDeed.VERIFY, DirectiveDeed.RETURN, DirectiveDeed.CLOSE)
"""Not done by a person who answered for it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A directive with everything that decides what may be done.

    Attributes:
        joint: units that share the duty.
        open_below: numbers of its sub-items and occurrences that are open.
        is_recurring: whether it is a head with occurrences; is_occurrence: whether it is one of these.
        is_reached: whether the ledger shows its goal reached.
        latest_on: the last day of the whole that it is a part of, or None.
    """

    life: Life
    setter: str
    joint: Collection[str]
    open_below: Sequence[str] = ()
    is_recurring: bool = False
    is_occurrence: bool = False
    is_reached: bool = False
    latest_on: date | None = None

    @property
    def responsible(self) -> frozenset[str]:
        """The lead and the units that share the duty."""
        return frozenset({self.life.lead, *self.joint})

    @property
    def objectors(self) -> tuple[str, ...]:
        """The units whose objections wait for a decision, the lead first."""
        lead = (self.life.lead,) if self.life.state is State.OBJECTED else ()
        return (*lead, *sorted(self.life.objections))

    def units_for(self, deed: DirectiveDeed) -> frozenset[str]:
        """The units of which one does that deed."""
        if deed in OF_RESPONSIBLE:
            return self.responsible
        return frozenset({self.life.lead if deed in OF_LEAD else self.setter})


@dataclass(frozen=True, slots=True)
class _Asked:
    """A deed asked about: who, when, by which rules."""

    case: Case
    unit: str
    on: date
    rules: DirectiveRules
    calendar: WorkCalendar

    @property
    def life(self) -> Life:
        return self.case.life

    @property
    def is_lead(self) -> bool:
        return self.unit == self.case.life.lead


def reasons_against(
    deed: DirectiveDeed,
    case: Case,
    *,
    unit: str,
    person: str,
    on: date,
    rules: DirectiveRules,
    calendar: WorkCalendar,
) -> list[Reason]:
    """Why somebody of that unit may not do this on that day; empty: nothing speaks against it."""
    if unit not in case.units_for(deed):
        return [_wrong_unit(deed)]
    reasons = _AGAINST[deed](_Asked(case, unit, on, rules, calendar))
    if deed in OF_CHECKER and person in case.life.reporters:
        reasons.append(
            _reason("own_answer", N_("You answered for this directive yourself."), N_("Somebody else has to check it."))
        )
    return reasons


def deeds_open_to(
    case: Case, *, units: Collection[str], person: str, on: date, rules: DirectiveRules, calendar: WorkCalendar
) -> Mapping[DirectiveDeed, Sequence[Reason]]:
    """Each deed that belongs to one of these units, with what speaks against it on that day."""
    found: dict[DirectiveDeed, Sequence[Reason]] = {}
    for deed in DirectiveDeed:
        own = sorted(case.units_for(deed) & set(units), key=lambda unit: (unit != case.life.lead, unit))
        answers = [
            reasons_against(deed, case, unit=unit, person=person, on=on, rules=rules, calendar=calendar)
            for unit in own
        ]
        if answers:
            found[deed] = next((answer for answer in answers if not answer), answers[0])
    return found


def unit_that_acts(
    deed: DirectiveDeed, case: Case, *, units: Collection[str], on: date, rules: DirectiveRules, calendar: WorkCalendar
) -> str:
    """Of a person's units the one for which they do it: one against which nothing speaks, the lead first; or empty."""
    own = sorted(case.units_for(deed) & set(units), key=lambda unit: (unit != case.life.lead, unit))
    free = [
        unit for unit in own
        if not reasons_against(deed, case, unit=unit, person="", on=on, rules=rules, calendar=calendar)
    ]
    return (free or own or [""])[0]


def _wrong_unit(deed: DirectiveDeed) -> Reason:
    if deed in OF_RESPONSIBLE:
        return _reason(
            "not_responsible", N_("The directive was not given to your unit."),
            N_("Only the lead and jointly responsible units receive and answer it."),
        )
    if deed in OF_LEAD:
        return _reason("not_lead", N_("Only the lead unit may do this."), N_("Ask the lead unit."))
    return _reason(
        "not_setter", N_("Only the unit that set the directive may do this."), N_("Ask the unit that set it.")
    )


def _ended(asked: _Asked) -> list[Reason]:
    if asked.life.is_open:
        return []
    return [
        _reason("ended", N_("The directive is over: %(state)s."), state=f"directive_state:{asked.life.state}")
    ]


def _must_be(asked: _Asked, *states: State) -> list[Reason]:
    """It has to be in one of these states."""
    ended = _ended(asked)
    if ended or asked.life.state in states:
        return ended
    return [
        _reason(
            "state", N_("The directive is “%(state)s”; this is done when it is “%(needs)s”."),
            state=f"directive_state:{asked.life.state}", needs="|".join(f"directive_state:{one}" for one in states),
        )
    ]


def _against_receiving(asked: _Asked) -> list[Reason]:
    if asked.case.is_occurrence:
        return [_reason("occurrence", N_("An occurrence is received with its directive."))]
    if asked.unit in asked.life.received:
        return [_reason("received", N_("Your unit has received it already."))]
    if asked.unit in asked.life.objections:
        return [_objection_waits()]
    return _must_be(asked, State.ASSIGNED) if asked.is_lead else _ended(asked)


def _against_objecting(asked: _Asked) -> list[Reason]:
    if asked.case.is_occurrence:
        return [_reason("occurrence_objection", N_("Objections are made to the directive, not to one occurrence."))]
    life = asked.life
    if asked.unit in life.declined:
        return [_reason("objected_once", N_("The objection was decided already."), N_("Receive the directive."))]
    if asked.unit in life.objections:
        return [_objection_waits()]
    since = life.assigned_on if asked.is_lead else life.first_assigned_on
    if asked.is_lead or since is None:
        reasons = _must_be(asked, State.ASSIGNED)
    else:
        reasons = _ended(asked) or _received_already(asked)
    passed = asked.calendar.working_days_between(since or life.assigned_on, asked.on).count
    if not reasons and passed > asked.rules.objection_workdays:
        reasons.append(
            _reason(
                "objection_late", N_("An assignment is objected to within %(days)s working days; %(passed)s passed."),
                N_("Receive it, and ask whoever set it to reassign it."), days=asked.rules.objection_workdays,
                passed=passed,
            )
        )
    return reasons


def _objection_waits() -> Reason:
    return _reason(
        "objection_waits", N_("Your unit's objection waits for a decision."),
        N_("Wait for whoever set the directive to decide."),
    )


def _received_already(asked: _Asked) -> list[Reason]:
    if asked.unit not in asked.life.received:
        return []
    return [
        _reason(
            "received_objection", N_("Your unit has received it, and with that taken it on."),
            N_("Ask whoever set it."),
        )
    ]


def _against_reassigning(asked: _Asked) -> list[Reason]:
    if asked.case.is_occurrence:
        return [_reason("occurrence_lead", N_("An occurrence has the lead unit of its directive."))]
    reasons = _must_be(asked, State.ASSIGNED, State.OBJECTED, State.RECEIVED, State.RETURNED)
    return reasons or _nothing_below(asked)


def _against_declining(asked: _Asked) -> list[Reason]:
    return _ended(asked) if asked.case.objectors else _must_be(asked, State.OBJECTED)


def _against_releasing(asked: _Asked) -> list[Reason]:
    if ended := _ended(asked):
        return ended
    if asked.life.objections:
        return []
    return [
        _reason(
            "no_joint_objection", N_("No jointly responsible unit objects."),
            N_("A lead unit is not released: give the directive to another unit."),
        )
    ]


def _against_reporting(asked: _Asked) -> list[Reason]:
    if asked.case.is_recurring:
        return [_reason("recurring", N_("A recurring directive is answered occurrence by occurrence."))]
    if ended := _ended(asked):
        return ended
    if asked.unit not in asked.life.received:
        return [_reason("not_received", N_("Your unit has not received it yet."), N_("Receive it first."))]
    return _must_be(asked, State.RECEIVED, State.RETURNED) if asked.is_lead else []


def _against_returning(asked: _Asked) -> list[Reason]:
    return _must_be(asked, State.REPORTED)


def _against_asking(asked: _Asked) -> list[Reason]:
    life = asked.life
    if life.due_on is None:
        return [_reason("no_due", N_("It has no last day that could be extended."))]
    reasons = _must_be(asked, State.RECEIVED, State.RETURNED)
    if life.asks_until is not None:
        reasons.append(_reason("asked", N_("An extension is asked for already."), N_("Wait for the decision.")))
    if asked.on > life.due_on:
        reasons.append(
            _reason(
                "asked_late", N_("An extension is asked for before the last day has passed; it was %(on)s."),
                N_("Answer now, and say why it is late."), on=life.due_on.isoformat(),
            )
        )
    return reasons


def _against_deciding(asked: _Asked) -> list[Reason]:
    if ended := _ended(asked):
        return ended
    return [] if asked.life.asks_until else [_reason("not_asked", N_("Nobody has asked for an extension."))]


def _against_chasing(asked: _Asked) -> list[Reason]:
    if asked.case.is_recurring:
        return [_reason("recurring_chased", N_("A recurring directive is chased occurrence by occurrence."))]
    return _must_be(asked, State.ASSIGNED, State.RECEIVED, State.RETURNED)


def _against_closing(asked: _Asked) -> list[Reason]:
    reasons = _ended(asked) or _nothing_below(asked)
    if reasons or asked.case.is_recurring or asked.case.is_reached or asked.life.state is State.VERIFIED:
        return reasons
    return [
        _reason(
            "not_verified", N_("A directive is closed on a verified final answer, or when the ledger shows it done."),
            N_("Have the answer verified first."),
        )
    ]


def _nothing_below(asked: _Asked) -> list[Reason]:
    if not asked.case.open_below:
        return []
    return [
        _reason(
            "open_below", N_("%(count)s of its parts or occurrences are open, the first is %(number)s."),
            N_("Close or cancel them first."), count=len(asked.case.open_below), number=asked.case.open_below[0],
        )
    ]


def _against_archiving(asked: _Asked) -> list[Reason]:
    if asked.life.state in (State.CLOSED, State.CANCELLED):
        return []
    return [_reason("not_ended", N_("What is archived was closed or cancelled before."))]


def _against_dividing(asked: _Asked) -> list[Reason]:
    if asked.case.is_occurrence or asked.case.is_recurring:
        return [_reason("recurring_parts", N_("A recurring directive is not divided."))]
    return _must_be(asked, State.RECEIVED, State.RETURNED)


_AGAINST: Final[Mapping[DirectiveDeed, Callable[[_Asked], list[Reason]]]] = {
    DirectiveDeed.RECEIVE: _against_receiving,
    DirectiveDeed.OBJECT: _against_objecting,
    DirectiveDeed.REASSIGN: _against_reassigning,
    DirectiveDeed.DECLINE_OBJECTION: _against_declining,
    DirectiveDeed.RELEASE: _against_releasing,
    DirectiveDeed.REPORT: _against_reporting,
    DirectiveDeed.RETURN: _against_returning,
    DirectiveDeed.VERIFY: _against_returning,
    DirectiveDeed.ASK_EXTENSION: _against_asking,
    DirectiveDeed.GRANT_EXTENSION: _against_deciding,
    DirectiveDeed.REFUSE_EXTENSION: _against_deciding,
    DirectiveDeed.CHASE: _against_chasing,
    DirectiveDeed.CLOSE: _against_closing,
    DirectiveDeed.CANCEL: _ended,
    DirectiveDeed.ARCHIVE: _against_archiving,
    DirectiveDeed.DIVIDE: _against_dividing,
}


def _reason(code: str, message: str, remedy: str = "", **parameters: object) -> Reason:
    return Reason(code=f"directive.{code}", message=message, parameters=parameters, remedy=remedy)
