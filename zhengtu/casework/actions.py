"""Deeds on a household, section or project: record, correct and withdraw facts, and look at who people are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhengtu.accounts.purposes import stated_purpose
from zhengtu.accounts.sealing import unseal
from zhengtu.casework.agreement_queries import agreement_behind
from zhengtu.casework.completing import is_completed, replacing
from zhengtu.casework.facts import (
    RecordedFact,
    dated_kinds,
    evidence_kinds_behind,
    folded,
    history_of,
    vacancy_of,
    verbs_used_by,
)
from zhengtu.casework.offered_files import OfferedFile, kept_files
from zhengtu.casework.offers import (
    hands_reasons,
    other_reasons,
    page_reason,
    procedure_of,
    recordable_kind,
    step_reasons,
)
from zhengtu.casework.serving import with_day_of_service
from zhengtu.casework.timeline import STANDING_VERBS, superseded_reasons
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import kind_of, section_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import FactKind, checked_attributes, evidence_reasons, order_reasons
from zhengtu.core.ledger.gates import (
    both_hands_reasons,
    handed_over_section_reasons,
    handover_reasons,
    pulled_step_reasons,
)
from zhengtu.core.ledger.milestones import Milestone, MilestoneDates, lasting_dates
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.projection import milestone_dates
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.queries import subject_of


def record_fact(
    *,
    actor: Actor,
    subject: str,
    kind: str,
    happened_on: date,
    attributes: Mapping[str, Any],
    files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record one fact of a household, section or project, with its evidence.

    Args:
        subject: code of what it is about.
        kind: id of a kind in ``rulebook/facts.yaml``.
        attributes: as the form gives them; empty ones count as absent.

    Returns:
        The key of the deed.

    Raises:
        Refused: no right, wrong order, in the future, recorded already, evidence missing or unfit.
    """
    rules, step = recordable_kind(kind, subject=subject)
    if rules.through:
        raise Refused(page_reason(rules))
    with act(actor, rules.verb, on=subject_of(subject), at=now) as deed:
        stored, reasons = checked_attributes(rules, attributes)
        if not reasons:
            stored, reasons = with_day_of_service(stored, step=step, household=subject, happened_on=happened_on)
        attached = [offered.kind for offered in files]
        fact = NewFact(kind_of(subject), subject, kind, happened_on, stored)
        if step is not None:
            dates = milestone_dates([subject]).get(subject, {})
            reasons += step_reasons(deed, fact, rules, attached=attached, dates=dates)
        else:
            reasons += other_reasons(rules, subject=subject, happened_on=happened_on, today=civil_date(at=now))
            reasons += evidence_reasons(rules, attached=attached)
        reasons += hands_reasons(actor, verb=rules.verb, subject=subject)
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def correct_fact(
    *,
    actor: Actor,
    fact: RecordedFact,
    happened_on: date,
    attributes: Mapping[str, Any],
    files: Sequence[OfferedFile],
    reason: str,
    now: datetime,
) -> str:
    """Put a corrected fact in the place of a recorded one, which stays readable.

    Its evidence goes on to count; more may be attached. Unverified history stays so (see ``completing.verify_fact``).

    Args:
        reason: why, in the words of whoever corrects; kept with the deed.

    Returns:
        The key of the deed.

    Raises:
        Refused: no right, nothing changed, or the subject's history would contradict itself.
    """
    rules, step = recordable_kind(fact.kind, subject=fact.subject)
    with act(actor, "fact.correct", on=subject_of(fact.subject), at=now) as deed:
        history = history_of(fact.subject)
        reasons = _correcting_reasons(actor, fact, rules, history=history, reason=reason)
        if superseded_reasons(fact, history=history):
            raise Refused(*reasons)
        stored, wrong = checked_attributes(rules, attributes)
        if not wrong:
            stored, wrong = with_day_of_service(stored, step=step, household=fact.subject, happened_on=happened_on)
        reasons += wrong
        if not wrong and not is_completed(fact, happened_on=happened_on, attributes=stored, files=files):
            reasons.append(_plain_reason("nothing_changed", N_("Nothing differs from what is recorded.")))
        new = replacing(fact, happened_on=happened_on, attributes=stored)
        attached = [offered.kind for offered in files]
        without = folded([*history, _withdrawal_of(fact)])
        if step is not None:
            reasons += step_reasons(deed, new, rules, attached=attached, dates=without)
        else:
            reasons += order_reasons(
                rules, happened_on=happened_on, today=civil_date(at=now), dates=without, corrects=True
            )
            held = evidence_kinds_behind(fact, history=history) if fact.is_verified else set(rules.evidence)
            reasons += evidence_reasons(rules, attached=[*held, *attached])
        if not wrong:
            corrected = _replacing(fact, kind=fact.kind, happened_on=happened_on, attributes=stored)
            reasons += _consequences(fact, corrected, history=history)
        return deed.record(facts=[new], evidence=kept_files(files, reasons), because=[_because(reason)])


def withdraw_fact(*, actor: Actor, fact: RecordedFact, reason: str, now: datetime) -> str:
    """Take a recorded fact back; it stays readable and counts no more.

    Returns:
        The key of the deed.

    Raises:
        Refused: no right, no reason given, or a later step would lose what it needs.
    """
    rules, step = recordable_kind(fact.kind, subject=fact.subject)
    today = civil_date(at=now)
    with act(actor, "fact.correct", on=subject_of(fact.subject), at=now) as deed:
        history = history_of(fact.subject)
        reasons = _correcting_reasons(actor, fact, rules, history=history, reason=reason)
        new = NewFact(
            fact.subject_kind, fact.subject, "withdrawn", today, {"reason": reason.strip()}, supersedes=fact.reference
        )
        if step is not None:
            reasons += deed.gate_reasons([new], evidence=[])
        reasons += _consequences(fact, _withdrawal_of(fact), history=history)
        if reasons:
            raise Refused(*reasons)
        return deed.record(facts=[new], because=[_because(reason)])


def unmask(*, actor: Actor, household: Household, purpose: str, now: datetime) -> dict[str, Any]:
    """Who the people of a household are; the look and its purpose are recorded.

    Returns:
        The personal data as they were sealed: name, identity_number, phone, account.

    Raises:
        Refused: no right, or no purpose given.
    """
    with act(actor, "household.unmask", on=subject_of(household.code), at=now) as deed:
        purpose_given = Reason(
            code="casework.purpose", message=N_("Purpose: %(purpose)s"), parameters={"purpose": stated_purpose(purpose)}
        )
        deed.record(because=[purpose_given])
        return unseal(household.personal_sealed)


def _correcting_reasons(
    actor: Actor, fact: RecordedFact, rules: FactKind, *, history: Sequence[RecordedFact], reason: str
) -> list[Reason]:
    """Whether this actor may correct this fact at all: it counts, they may record such facts, they say why."""
    authority = current_rulebook().authority
    denied = authority.may(actor=actor, verb=rules.verb, subject=subject_of(fact.subject))
    reasons = [denied] if denied else []
    reasons += both_hands_reasons(
        rules.verb, done=verbs_used_by(actor.person, subject=fact.subject), exclusive=authority.exclusive
    )
    reasons += superseded_reasons(fact, history=history)
    if rules.verb in STANDING_VERBS:
        reasons.append(
            _plain_reason("stands", N_("This stands as it was said."), N_("Record anew what is so now."))
        )
    if rules.through == "agreement" and agreement_behind(fact) is not None:
        reasons.append(
            _plain_reason(
                "agreement_stands", N_("A signed agreement stands behind this fact; it is not corrected by hand."),
                N_("Agree a supplementary agreement on the agreement's page."),
            )
        )
    if not reason.strip():
        reasons.append(
            _plain_reason("reason_missing", N_("A correction needs its reason."), N_("Write what was wrong."))
        )
    return reasons


def _consequences(fact: RecordedFact, new: RecordedFact, *, history: Sequence[RecordedFact]) -> list[Reason]:
    """What the subject's later facts and its section's handing over say to the new fact.

    Of later steps of a procedure the gate speaks; here of all others.
    """
    changed = [*history, new]
    before, after = folded(history), folded(changed)
    procedure = procedure_of(fact.subject)
    reasons = pulled_step_reasons(
        current_rulebook().fact_kinds, before=before, after=after,
        standing=[
            (kind, on) for kind, on in dated_kinds(changed)
            if (kind, on) != (new.kind, new.happened_on)
            and (procedure is None or procedure.recorded_by(kind) is None)
        ],
    )
    vacated_before, vacated_after = (lasting_dates(dates).get(Milestone.VACATED) for dates in (before, after))
    if vacated_before != vacated_after and fact.subject_kind == "household":
        section = section_of(fact.subject)
        section_dates: MilestoneDates = milestone_dates([section]).get(section, {})
        reasons += handed_over_section_reasons(
            vacated_on=vacated_after, handed_over_on=section_dates.get(Milestone.HANDED_OVER)
        )
    if fact.kind == "handed_over" and not new.is_withdrawal and procedure is None:
        vacancy = vacancy_of(fact.subject)
        reasons += handover_reasons(
            happened_on=new.happened_on, unvacated=vacancy.unvacated, last_vacated_on=vacancy.last_vacated_on,
            source=current_rulebook().fact_kinds[fact.kind].source,
        )
    return reasons


def _replacing(
    fact: RecordedFact, *, kind: str, happened_on: date, attributes: Mapping[str, Any]
) -> RecordedFact:
    """A fact that would supersede the given one."""
    return RecordedFact(
        reference=f"{fact.reference}/new", deed="", ordinal=0, subject_kind=fact.subject_kind, subject=fact.subject,
        kind=kind, happened_on=happened_on, attributes=attributes, supersedes=fact.reference, is_verified=True,
    )


def _withdrawal_of(fact: RecordedFact) -> RecordedFact:
    return _replacing(fact, kind="withdrawn", happened_on=fact.happened_on, attributes={})


def _because(reason: str) -> Reason:
    return Reason(code="casework.because", message=N_("Reason: %(reason)s"), parameters={"reason": reason.strip()})


def _plain_reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"casework.{code}", message=message, remedy=remedy)
