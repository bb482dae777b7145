"""Deeds about a finding: put it to a unit, answer it, close it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.urls import reverse

from zhengtu.campaign import finding_writes as writes
from zhengtu.campaign.finding_queries import questions_for, units_to_ask
from zhengtu.campaign.models import ClosingOutcome, Finding, FindingAnswer, FindingQuestion, FindingState
from zhengtu.casework.offered_files import OfferedFile, kept_files
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.notices.notice import NewNotice
from zhengtu.ledger.act import act
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices
from zhengtu.registry.queries import subject_of

ASK, ANSWER, CLOSE = "finding.ask", "finding.answer", "finding.close"
TEXT_LIMIT = 4_000


def ask_unit(*, actor: Actor, finding: Finding, unit: str, text: str, due_on: date | None, now: datetime) -> str:
    """Put a finding to a unit that answers for it; returns the deed's key.

    Raises:
        Refused: no right, a unit that the finding does not concern, no text, no day, or a question that waits.
    """
    places = {one.code: place for one, place in units_to_ask(finding)}
    with act(actor, ASK, on=subject_of(places.get(unit, finding.subjects[0])), at=now) as deed:
        held = _locked(finding)
        reasons = _text_reasons(text, N_("A question needs its text."), N_("Write what the unit is to explain."))
        if unit not in places:
            reasons.append(_reason("unit", N_("This unit does not answer for the finding."), N_("Choose another.")))
        if held.state == FindingState.CLOSED:
            reasons.append(_reason("closed", N_("The finding is closed.")))
        if held.gone_on is not None:
            reasons.append(_reason("gone", N_("The latest run does not find this any more.")))
        if due_on is None or due_on <= civil_date(at=now):
            reasons.append(_reason("due", N_("A question needs a day after today by which to answer.")))
        if FindingQuestion.objects.filter(finding=held, unit=unit, answers=None).exists():
            reasons.append(_reason("waits", N_("A question to this unit waits for its answer already.")))
        if reasons or due_on is None:
            raise Refused(*reasons)
        clean = mask_identifiers_in(text.strip())
        deed.record(because=[_said(held, N_("Question: %(text)s"), clean)])
        question = writes.insert_question(deed, held, unit=unit, place=places[unit], text=clean, due_on=due_on)
        _tell_unit(question, now=now)
        return deed.id


def _tell_unit(question: FindingQuestion, *, now: datetime) -> None:
    """Tell whoever answers for the unit that a question waits; what it is about stands on its page alone."""
    concerned = subject_of(question.place)
    people = recipients(unit=question.unit_id, on=civil_date(at=now), verb=ANSWER, subject=concerned)
    keep_notices([
        NewNotice(
            person=person, key=f"finding-question/{question.pk}", kind="finding_asked",
            message=N_("A finding was put to your unit; the answer is due on %(due_on)s."),
            parameters={"due_on": question.due_on.isoformat()}, path=reverse("finding.answer", args=[question.pk]),
            subject=question.place, units=concerned.clients,
        )
        for person in people
    ], now=now)


def answer_question(
    *, actor: Actor, question: FindingQuestion, text: str, files: Sequence[OfferedFile], now: datetime
) -> str:
    """Answer a question put to the actor's unit, with evidence; returns the deed's key.

    An answer is never edited; a further one may be added until the finding is closed.

    Raises:
        Refused: no right, not the actor's unit, no text, no evidence, or the finding is closed.
    """
    with act(actor, ANSWER, on=subject_of(question.place), at=now) as deed:
        held = _locked(question.finding)
        reasons = _text_reasons(text, N_("An answer needs its text."), N_("Write what explains the finding."))
        if not questions_for(actor).filter(pk=question.pk).exists():
            reasons.append(_reason("other_unit", N_("The question was put to another unit.")))
        if held.state == FindingState.CLOSED:
            reasons.append(_reason("closed", N_("The finding is closed.")))
        if not files:
            reasons.append(
                _reason("evidence", N_("An answer needs evidence."), N_("Attach the paper that shows it."))
            )
        kept = kept_files(files, reasons)
        clean = mask_identifiers_in(text.strip())
        deed.record(evidence=kept, because=[_said(held, N_("Answer: %(text)s"), clean)])
        others = FindingQuestion.objects.filter(finding=held, answers=None).exclude(pk=question.pk)
        writes.insert_answer(deed, question, text=clean, is_last=not others.exists())
        return deed.id


def close_finding(*, actor: Actor, finding: Finding, outcome: str, text: str, now: datetime) -> str:
    """Close a finding on its answers; returns the deed's key.

    Raises:
        Refused: no right, no answer yet, no outcome or text, or the actor is one of those whom it is about or who
            answered.
    """
    with act(actor, CLOSE, on=subject_of(finding.subjects[0]), at=now) as deed:
        held = _locked(finding)
        reasons = _text_reasons(text, N_("A closing needs its reason."), N_("Write what the answers showed."))
        if outcome not in ClosingOutcome.values:
            reasons.append(_reason("outcome", N_("Choose how the finding ended.")))
        if held.state == FindingState.CLOSED:
            reasons.append(_reason("closed", N_("The finding is closed.")))
        reasons += _answered_reasons(held)
        reasons += _hands_reasons(actor, held)
        if reasons:
            raise Refused(*reasons)
        clean = mask_identifiers_in(text.strip())
        deed.record(because=[_said(held, N_("Closed: %(text)s"), clean)])
        writes.insert_closing(deed, held, outcome=outcome, text=clean)
        return deed.id


def _locked(finding: Finding) -> Finding:
    held = writes.locked_finding(finding.pk)
    if held is None:
        raise Refused(_reason("vanished", N_("This finding does not exist.")))
    return held


def _answered_reasons(finding: Finding) -> list[Reason]:
    """Every question is answered, and at least one since the finding came back."""
    questions = FindingQuestion.objects.filter(finding=finding)
    if questions.filter(answers=None).exists():
        return [_reason("unanswered", N_("A question still waits for its answer."))]
    asked = [civil_date(at=at) for at in questions.values_list("asked_at", flat=True)]
    if not [on for on in asked if finding.reopened_on is None or on >= finding.reopened_on]:
        return [
            _reason(
                "no_answer", N_("A finding is closed on a recorded answer, and there is none yet."),
                N_("Put it to a unit first."),
            )
        ]
    return []


def _hands_reasons(actor: Actor, finding: Finding) -> list[Reason]:
    """Whom a finding is about, and who answered it, does not close it."""
    reasons = []
    if actor.person in finding.people:
        reasons.append(
            _reason("own_act", N_("The finding is about an act of your own."), N_("Somebody else has to close it."))
        )
    if FindingAnswer.objects.filter(question__finding=finding, answered_by=actor.person).exists():
        reasons.append(
            _reason("own_answer", N_("You answered this finding yourself."), N_("Somebody else has to close it."))
        )
    return reasons


def _text_reasons(text: str, message: str, remedy: str) -> list[Reason]:
    if not text.strip():
        return [_reason("text", message, remedy)]
    if len(text) > TEXT_LIMIT:
        return [
            Reason(
                code="integrity.text_long", message=N_("The text has more than %(limit)s characters."),
                parameters={"limit": TEXT_LIMIT}, remedy=N_("Attach the rest as a file."),
            )
        ]
    return []


def _said(finding: Finding, message: str, text: str) -> Reason:
    """What was asked, answered or closed, with the finding's key, as the deed keeps it."""
    return Reason(code=f"integrity.{finding.pk}", message=message, parameters={"text": text, "finding": finding.pk})


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"integrity.{code}", message=message, remedy=remedy)
