"""Deeds on directives: receive, object, answer, check, extend, chase, close, cancel, archive.

Each is done for one of the actor's units: the responsible ones receive, object and answer, the lead alone asks for more
time, and everything else belongs to the unit that set the directive. What may be done when is decided by
``core.directives.next_deeds``; nothing here skips it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from zhengtu.accounts.models import Unit
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.directives.life_cycle import FINAL
from zhengtu.core.directives.next_deeds import (
    DirectiveDeed,
    reasons_against,
    unit_that_acts,
)
from zhengtu.core.directives.numbering import head_of
from zhengtu.core.directives.particulars import final_answer_reasons, new_day_reasons, objector_reasons
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons
from zhengtu.directives import writes
from zhengtu.directives.cases import HeldCase, case_of, units_of, verb_of
from zhengtu.directives.setting import divide_directive, set_directives
from zhengtu.directives.text_actions import (
    add_proposal,
    add_text,
    change_proposal,
    drop_proposal,
    merge_proposals,
)
from zhengtu.ledger.act import NewFact, OpenDeed, act
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook

__all__ = [
    "add_proposal", "add_text", "archive_directive", "ask_extension", "cancel_directive", "change_proposal",
    "chase_directive", "close_directive", "decline_objection", "divide_directive", "drop_proposal", "grant_extension",
    "merge_proposals", "object_to_directive", "reassign_directive", "receive_directive", "refuse_extension",
    "release_unit", "report_on_directive", "return_report", "set_directives", "verify_report",
]

TEXT_LIMIT: Final = 4_000

_KINDS: Final[Mapping[DirectiveDeed, str]] = {
    DirectiveDeed.RECEIVE: "directive_received", DirectiveDeed.OBJECT: "directive_objected",
    DirectiveDeed.REASSIGN: "directive_reassigned",
    DirectiveDeed.DECLINE_OBJECTION: "directive_objection_declined",
    DirectiveDeed.RELEASE: "directive_unit_released", DirectiveDeed.REPORT: "directive_reported",
    DirectiveDeed.RETURN: "directive_returned", DirectiveDeed.VERIFY: "directive_verified",
    DirectiveDeed.ASK_EXTENSION: "directive_extension_asked", DirectiveDeed.GRANT_EXTENSION: "directive_extended",
    DirectiveDeed.REFUSE_EXTENSION: "directive_extension_refused", DirectiveDeed.CHASE: "directive_chased",
    DirectiveDeed.CLOSE: "directive_closed", DirectiveDeed.CANCEL: "directive_cancelled",
    DirectiveDeed.ARCHIVE: "directive_archived",
}


@dataclass(frozen=True, slots=True)
class _Doing:
    """A deed that is allowed, before it is recorded: of which directive, for which unit."""

    deed: OpenDeed
    held: HeldCase
    unit: str


MoreReasons = Callable[[HeldCase, str], Sequence[Reason]]


def receive_directive(*, actor: Actor, code: str, officer: str, now: datetime, unit: str = "") -> str:
    """Receive a directive for a responsible unit and name who answers for it; returns the deed's key.

    Args:
        officer: name of the responsible person.
        unit: which of the actor's units, where several are responsible; empty: the lead, else the first.

    Raises:
        Refused: no right, not given to the unit, received already, or no name.
    """
    return _done(actor, DirectiveDeed.RECEIVE, code, now, {"officer": officer}, for_unit=unit, names_unit=True)


def object_to_directive(*, actor: Actor, code: str, reason: str, now: datetime, unit: str = "") -> str:
    """Object to an assignment that concerns another unit; returns the deed's key.

    Args:
        unit: which of the actor's units, where several are responsible; empty: the lead, else the first.

    Raises:
        Refused: no right, not given to the unit, received already, no reason, or the days for it have passed.
    """
    return _done(actor, DirectiveDeed.OBJECT, code, now, {"reason": reason}, for_unit=unit, names_unit=True)


def reassign_directive(*, actor: Actor, code: str, lead: str, reason: str, now: datetime) -> str:
    """Give a directive to another lead unit; returns the deed's key.

    Raises:
        Refused: no right, not the setter, an unknown unit or the same one, no reason, or parts are open.
    """
    def against(held: HeldCase, unit: str) -> list[Reason]:
        if lead in (held.case.life.lead, held.content.setter):
            return [_reason("same_lead", N_("Choose another lead unit."))]
        if not Unit.objects.filter(code=lead, code__startswith=city_of(code)[:4]).exists():
            return [_reason("lead", N_("A directive needs one lead unit."), N_("Choose a unit from the list."))]
        return []

    with _doing(actor, DirectiveDeed.REASSIGN, code, now, more=against) as doing:
        key = _record(doing, DirectiveDeed.REASSIGN, {"lead": lead, "reason": reason})
        writes.insert_later_lead(head_of(code)[0], lead)
        return key


def decline_objection(*, actor: Actor, code: str, reason: str, now: datetime, unit: str = "") -> str:
    """Leave the assignment as it is; returns the deed's key.

    Args:
        unit: whose objection; may be empty where one alone waits.

    Raises:
        Refused: no right, not the setter, no objection, or no reason.
    """
    with _doing(
        actor, DirectiveDeed.DECLINE_OBJECTION, code, now,
        more=lambda held, _: objector_reasons(held.case.objectors, unit=unit),
    ) as doing:
        given = {"unit": unit or doing.held.case.objectors[0], "reason": reason}
        return _record(doing, DirectiveDeed.DECLINE_OBJECTION, given)


def release_unit(*, actor: Actor, code: str, reason: str, now: datetime, unit: str = "") -> str:
    """Accept the objection of a jointly responsible unit, which then shares the duty no more; returns the deed's key.

    Args:
        unit: whose objection; may be empty where one alone waits.

    Raises:
        Refused: no right, not the setter, no such objection, or no reason.
    """
    with _doing(
        actor, DirectiveDeed.RELEASE, code, now,
        more=lambda held, _: objector_reasons(sorted(held.case.life.objections), unit=unit),
    ) as doing:
        given = {"unit": unit or sorted(doing.held.case.life.objections)[0], "reason": reason}
        return _record(doing, DirectiveDeed.RELEASE, given)


def report_on_directive(
    *, actor: Actor, code: str, text: str, is_final: bool, files: Sequence[OfferedFile], now: datetime, unit: str = ""
) -> str:
    """Answer for a responsible unit, with evidence; returns the deed's key.

    Args:
        is_final: whether it says that the matter is done; else it tells how far it is.
        files: at least the report itself, as ``directive_report``.
        unit: which of the actor's units, where several are responsible; empty: the lead, else the first.

    Raises:
        Refused: no right, not received, no text, no evidence, parts are open, or an answer waits to be checked.
    """
    def against(held: HeldCase, own: str) -> Sequence[Reason]:
        return final_answer_reasons(held.case, unit=own) if is_final else ()

    given = {"text": text, "is_final": FINAL if is_final else "interim"}
    return _done(
        actor, DirectiveDeed.REPORT, code, now, given, files=files, for_unit=unit, names_unit=True, more=against
    )


def return_report(*, actor: Actor, code: str, reason: str, due_on: date | None, now: datetime) -> str:
    """Return an answer that does not show the result, to be answered again by a day; returns the deed's key.

    Raises:
        Refused: no right, not the setter, no answer waits, no reason, or no day after today.
    """
    return _with_day(DirectiveDeed.RETURN, actor, code, due_on, reason, now)


def verify_report(*, actor: Actor, code: str, finding: str, now: datetime) -> str:
    """Find a final answer verified; returns the deed's key.

    Raises:
        Refused: no right, not the setter, no final answer waits, one's own answer, or nothing is said of the check.
    """
    return _done(actor, DirectiveDeed.VERIFY, code, now, {"finding": finding})


def ask_extension(*, actor: Actor, code: str, due_on: date | None, reason: str, now: datetime) -> str:
    """Ask for a later last day, before it has passed; returns the deed's key.

    Raises:
        Refused: no right, not the lead, the last day has passed, asked already, no later day, or no reason.
    """
    return _with_day(DirectiveDeed.ASK_EXTENSION, actor, code, due_on, reason, now, names_unit=True)


def grant_extension(*, actor: Actor, code: str, due_on: date | None, reason: str, now: datetime) -> str:
    """Set a new last day, the one asked for or another; returns the deed's key.

    Raises:
        Refused: no right, not the setter, nobody asked, no later day, or no opinion.
    """
    return _with_day(DirectiveDeed.GRANT_EXTENSION, actor, code, due_on, reason, now)


def refuse_extension(*, actor: Actor, code: str, reason: str, now: datetime) -> str:
    """Leave the last day as it is; returns the deed's key.

    Raises:
        Refused: no right, not the setter, nobody asked, or no opinion.
    """
    return _done(actor, DirectiveDeed.REFUSE_EXTENSION, code, now, {"reason": reason})


def chase_directive(*, actor: Actor, code: str, text: str, now: datetime, files: Sequence[OfferedFile] = ()) -> str:
    """Press a unit for its receipt or answer; returns the deed's key.

    Raises:
        Refused: no right, not the setter, it is not the unit's move, or no text.
    """
    return _done(actor, DirectiveDeed.CHASE, code, now, {"text": text}, files=files)


def close_directive(*, actor: Actor, code: str, conclusion: str, now: datetime) -> str:
    """Close a directive on a verified answer, or once the ledger shows its goal reached; returns the deed's key.

    Raises:
        Refused: no right, not the setter, nothing verified, parts or occurrences open, or no conclusion.
    """
    return _done(actor, DirectiveDeed.CLOSE, code, now, {"conclusion": conclusion})


def cancel_directive(
    *, actor: Actor, code: str, reason: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Take a directive back on an instruction, with its parts and occurrences; returns the deed's key.

    Raises:
        Refused: no right, not the setter, over already, no reason, or no ``instruction`` as evidence.
    """
    return _done(actor, DirectiveDeed.CANCEL, code, now, {"reason": reason}, files=files)


def archive_directive(*, actor: Actor, code: str, now: datetime) -> str:
    """Put a closed or cancelled directive into the archive; returns the deed's key.

    Raises:
        Refused: no right, not the setter, or it is open.
    """
    return _done(actor, DirectiveDeed.ARCHIVE, code, now, {})


def _with_day(
    kind: DirectiveDeed,
    actor: Actor,
    code: str,
    due_on: date | None,
    reason: str,
    now: datetime,
    *,
    names_unit: bool = False,
) -> str:
    """A deed that names a new last day."""
    def against(held: HeldCase, unit: str) -> list[Reason]:
        return new_day_reasons(kind, held.case, due_on=due_on, on=civil_date(at=now))

    given = {"reason": reason, "due_on": due_on}
    return _done(actor, kind, code, now, given, names_unit=names_unit, more=against)


def _done(
    actor: Actor,
    kind: DirectiveDeed,
    code: str,
    now: datetime,
    given: Mapping[str, Any],
    *,
    files: Sequence[OfferedFile] = (),
    for_unit: str = "",
    names_unit: bool = False,
    more: MoreReasons = lambda held, unit: (),
) -> str:
    with _doing(actor, kind, code, now, for_unit=for_unit, more=more) as doing:
        return _record(doing, kind, {"unit": doing.unit, **given} if names_unit else given, files)


@contextmanager
def _doing(
    actor: Actor,
    kind: DirectiveDeed,
    code: str,
    now: datetime,
    *,
    for_unit: str = "",
    more: MoreReasons = lambda held, unit: (),
) -> Iterator[_Doing]:
    """Open a deed on a directive and refuse what its life does not allow; the city's chain is held meanwhile."""
    today = civil_date(at=now)
    before = case_of(code, on=today)
    verb = verb_of(kind, is_part=before is not None and before.is_part)
    units = before.given if before is not None else frozenset()
    with act(actor, verb, on=Subject(code=code, units=units), at=now) as deed:
        held = case_of(code, on=today)
        if held is None:
            raise Refused(_reason("vanished", N_("There is no directive of that code.")))
        rulebook = current_rulebook()
        rules = {"on": today, "rules": rulebook.directives, "calendar": rulebook.calendar}
        own = units_of(actor, kind, is_part=held.is_part)
        if for_unit:
            own &= {for_unit}
        unit = unit_that_acts(kind, held.case, units=own, **rules)
        reasons = reasons_against(kind, held.case, unit=unit, person=actor.person, **rules)
        if not reasons:
            reasons = list(more(held, unit))
        if reasons:
            raise Refused(*reasons)
        yield _Doing(deed, held, unit)


def _record(
    doing: _Doing, kind: DirectiveDeed, given: Mapping[str, Any], files: Sequence[OfferedFile] = ()
) -> str:
    fact_kind = current_rulebook().fact_kinds[_KINDS[kind]]
    clean = {
        name: mask_identifiers_in(value.strip()) if isinstance(value, str) else value for name, value in given.items()
    }
    attributes, reasons = checked_attributes(fact_kind, clean)
    if any(isinstance(value, str) and len(value) > TEXT_LIMIT for value in clean.values()):
        reasons.append(
            Reason(
                code="directive.text_long", message=N_("The text has more than %(limit)s characters."),
                parameters={"limit": TEXT_LIMIT}, remedy=N_("Attach the rest as a file."),
            )
        )
    reasons += evidence_reasons(fact_kind, attached=[file.kind for file in files])
    kept = kept_files(files, reasons)
    fact = NewFact("directive", doing.held.code, fact_kind.id, doing.deed.recorded_on, attributes)
    return doing.deed.record(facts=[fact], evidence=kept)


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"directive.{code}", message=message, remedy=remedy)
