"""Objections to what was found, and their decision by somebody who took no part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.inspection.authorisation import (
    DECISION_DAYS,
    REGULATION,
    last_day_to_object,
    reviewer_reasons,
)
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection import writes
from zhengtu.inspection.entering import MOVED_BACK, SITE, VIOLATION, answer_of, site_attributes
from zhengtu.inspection.models import Conclusion, Inspection, Objection, ObjectionOutcome
from zhengtu.inspection.refusing import reason, seen, text_reasons
from zhengtu.inspection.telling import tell_decided, tell_objected
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import Fact
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.queries import facts_of
from zhengtu.ledger.rulebook import current_rulebook

ANSWER: Final = "inspection.answer"
REVIEW: Final = "inspection.review"


def decision_due_on(objection: Objection) -> date:
    """The last day to decide: thirty days after the objection (art. 17)."""
    return objection.made_on + timedelta(days=DECISION_DAYS)


def object_to_conclusion(
    *, actor: Actor, code: str, jurisdiction: str, households: Sequence[str], why: str,
    files: Sequence[OfferedFile], now: datetime,
) -> str:
    """Object for a jurisdiction to findings there, with the unit's statement; returns the deed's key.

    Args:
        households: codes of the findings that are said to be wrong.
        files: at least the statement, as ``statement``.

    Raises:
        Refused: no right, nothing released there, a household without a finding, too late, or objected before.
    """
    today = civil_date(at=now)
    inspection = seen(actor, code, today=today)
    with act(actor, ANSWER, on=Subject(code=code, units=frozenset({jurisdiction})), at=now) as deed:
        conclusion = _released(inspection, jurisdiction, today=today)
        named = list(dict.fromkeys(households))
        reasons = _objection_reasons(conclusion, named, today=today)
        reasons += text_reasons(why, message=N_("An objection needs its reason."), remedy=N_("Write what is wrong."))
        if not any(offered.kind == "statement" for offered in files):
            reasons.append(reason("statement", N_("An objection needs the unit's statement."), N_("Attach it.")))
        kept = kept_files(files, reasons)
        said = mask_identifiers_in(why.strip())
        deed.record(evidence=kept, facts=[NewFact(
            "inspection", code, "inspection_objected", today,
            {"jurisdiction": jurisdiction, "households": " ".join(named), "reason": said},
        )])
        objection = Objection(
            conclusion=conclusion, households=named, reason=said, made_by_id=actor.person, made_on=today, deed=deed.id
        )
        writes.insert_objection(objection)
    tell_objected(objection, now=now)
    return deed.id


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about an objection.

    Attributes:
        outcome: ``upheld`` or ``dismissed``.
        corrections: of one that is upheld: household -> the answer that holds in the place of the one found.
        files: at least the decision, as ``decision``.
    """

    outcome: str
    why: str
    files: Sequence[OfferedFile]
    corrections: Mapping[str, str]


def decide_objection(*, actor: Actor, code: str, jurisdiction: str, decision: Decision, now: datetime) -> str:
    """Decide an objection; one that is upheld corrects its findings. Returns the deed's key.

    Raises:
        Refused: no right, took part in the inspection, nothing to decide, or no reason, paper or correction.
    """
    today = civil_date(at=now)
    inspection = seen(actor, code, today=today)
    with act(actor, REVIEW, on=Subject(code=code), at=now) as deed:
        conclusion = _released(inspection, jurisdiction, today=today)
        deed.lock([jurisdiction])
        objection = Objection.objects.select_for_update().filter(conclusion=conclusion, outcome="").first()
        if objection is None:
            raise Refused(reason("no_objection", N_("There is no objection that waits.")))
        reasons = reviewer_reasons(reviewer=actor.person, inspectors=_took_part(inspection))
        reasons += _decision_reasons(inspection, objection, decision)
        kept = kept_files(decision.files, reasons)
        said = mask_identifiers_in(decision.why.strip())
        facts = [NewFact(
            "inspection", code, "inspection_objection_decided", today,
            {"jurisdiction": jurisdiction, "outcome": decision.outcome, "reason": said},
        )]
        for household, found in decision.corrections.items():
            facts += _correcting_facts(inspection, household, found, why=said, today=today)
        deed.record(facts=facts, evidence=kept)
        answers = {one: (found, answer_of(inspection, found).is_false) for one, found in decision.corrections.items()}
        writes.correct_findings(inspection, answers, deed=deed.id)
        writes.decide(
            objection, outcome=decision.outcome, decision=said, person=actor.person, on=today, deed=deed.id
        )
    tell_decided(objection, now=now)
    return deed.id


def _released(inspection: Inspection, jurisdiction: str, *, today: date) -> Conclusion:
    conclusion = inspection.conclusions.filter(jurisdiction=jurisdiction).first()
    is_released = inspection.released_on is not None and inspection.released_on <= today
    if conclusion is None or not is_released:
        raise Refused(reason("not_released", N_("Nothing was fed back to %(place)s."), place=jurisdiction))
    return conclusion


def _objection_reasons(conclusion: Conclusion, households: Sequence[str], *, today: date) -> list[Reason]:
    reasons = []
    assert conclusion.inspection.released_on is not None
    last_on = last_day_to_object(served_on=conclusion.inspection.released_on)
    if today > last_on:
        reasons.append(reason(
            "too_late", N_("Objections were taken until %(last)s."), source=f"{REGULATION}#17", last=last_on.isoformat()
        ))
    if Objection.objects.filter(conclusion=conclusion).exists():
        reasons.append(reason("objected", N_("This conclusion was objected to already.")))
    found = set(
        conclusion.inspection.drawn.filter(
            household__startswith=conclusion.jurisdiction, is_false__isnull=False
        ).values_list("household", flat=True)
    )
    if not households or not set(households) <= found:
        reasons.append(reason("finding", N_("An objection names the findings that it is about."),
                              N_("Choose households where something was found.")))
    return reasons


def _took_part(inspection: Inspection) -> set[str]:
    """Everybody who took part: drawn, on site, or by writing the plan or a conclusion."""
    return {
        inspection.planned_by_id, *inspection.teams.values_list("inspector", flat=True),
        *inspection.drawn.exclude(found_by=None).values_list("found_by", flat=True),
        *inspection.conclusions.values_list("written_by", flat=True),
    }


def _decision_reasons(inspection: Inspection, objection: Objection, decision: Decision) -> list[Reason]:
    reasons = text_reasons(decision.why, message=N_("A decision needs its reason."), remedy=N_("Write why."))
    if decision.outcome not in ObjectionOutcome.values:
        reasons.append(reason("outcome", N_("Choose how the objection is decided.")))
    if not any(offered.kind == "decision" for offered in decision.files):
        reasons.append(reason("decision", N_("A decision needs its paper."), N_("Attach it.")))
    is_upheld = decision.outcome == ObjectionOutcome.UPHELD
    if is_upheld != bool(decision.corrections):
        reasons.append(reason("corrections", N_("An objection that is upheld says what holds instead, and no other."),
                              N_("Choose what was really so for at least one household.")))
    answers = current_rulebook().inspection.matters[inspection.matter].answers
    for household, found in decision.corrections.items():
        if household not in objection.households or found not in answers:
            reasons.append(reason("correction", N_("%(household)s cannot be corrected so."), household=household))
    return reasons


def _correcting_facts(
    inspection: Inspection, household: str, found: str, *, why: str, today: date
) -> list[NewFact]:
    """What stands in the place of the household's released findings: another finding, or nothing."""
    answer = answer_of(inspection, found)
    keeps = {SITE: answer.is_false is not None, MOVED_BACK: answer.is_moved_back, VIOLATION: bool(answer.violation)}
    conclusion_deeds = set(inspection.conclusions.values_list("found_by_deed", flat=True))
    facts = []
    for fact in facts_of(household).filter(kind__in=keeps, deed__in=conclusion_deeds):
        if fact.superseded_by is not None:
            continue
        if fact.kind == SITE and keeps[SITE]:
            facts.append(_instead(fact, SITE, site_attributes(inspection, found), on=fact.happened_on))
        elif not keeps[fact.kind]:
            facts.append(_instead(fact, "withdrawn", {"reason": why}, on=today))
    return facts


def _instead(fact: Fact, kind: str, attributes: dict[str, object], *, on: date) -> NewFact:
    return NewFact("household", fact.subject, kind, on, attributes, supersedes=fact.reference)
