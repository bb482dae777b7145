"""What may be recorded of a subject now, by whom, and why not yet: the governing procedure's steps and other facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhengtu.casework.facts import RecordedFact, folded, history_of, open_matters_of, vacancy_of, verbs_used_by
from zhengtu.casework.timeline import IMPORTED_VERB
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import FactKind, missing_before, order_reasons
from zhengtu.core.ledger.gates import both_hands_reasons, handover_reasons, matter_reasons
from zhengtu.core.ledger.milestones import Milestone, MilestoneDates
from zhengtu.core.procedure.gate import offer_reasons
from zhengtu.core.procedure.steps import Procedure, Step
from zhengtu.ledger.act import NewFact, OpenDeed
from zhengtu.ledger.projection import milestone_dates
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import OWNERS_NAMED, PAPER_KINDS, case_of, procedures_of
from zhengtu.registry.queries import subject_of

_BY_OTHER_WAYS = frozenset({"withdrawn", OWNERS_NAMED})
"""Kinds that the form of facts does not record: each has a deed of its own."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of fact with what speaks against recording it today; nothing speaks against a lawful one.

    Attributes:
        kind: with the evidence and fields that the governing step asks for.
        step: the step of the governing procedure that it records, or None.
        roles: who may record it, where the actor may not.
    """

    kind: FactKind
    is_granted: bool
    reasons: Sequence[Reason] = ()
    roles: Sequence[str] = ()
    step: Step | None = None

    @property
    def is_lawful(self) -> bool:
        """Whether the actor may record it now."""
        return self.is_granted and not self.reasons


def procedure_of(subject: str) -> Procedure | None:
    """The procedure that governs the subject; None for a project as a whole and under the old regime."""
    if kind_of(subject) == "project":
        return None
    held = procedures_of([project_of(subject)]).get(project_of(subject))
    return None if held is None else held[0]


def recordable_kind(kind: str, *, subject: str) -> tuple[FactKind, Step | None]:
    """The kind as it is recorded of this subject, and the step that it records there.

    Raises:
        Refused: when such a fact is never recorded of this subject by hand.
    """
    rules = current_rulebook().fact_kinds.get(kind)
    procedure = procedure_of(subject)
    if rules is None or not _belongs(rules, subject=subject, procedure=procedure):
        raise Refused(
            Reason(
                code="casework.unknown_kind",
                message=N_("“%(kind)s” cannot be recorded here."),
                parameters={"kind": f"fact:{kind}"},
                remedy=N_("Choose one of the facts that the page offers."),
            )
        )
    if rules.verb == IMPORTED_VERB:
        raise Refused(
            Reason(
                code="casework.by_import",
                message=N_("The register of households changes by import alone."),
                remedy=N_("Import the corrected sheet."),
            )
        )
    step = procedure.recorded_by(kind) if procedure else None
    return as_step(rules, step), step


def _belongs(rules: FactKind, *, subject: str, procedure: Procedure | None) -> bool:
    """Whether the kind is recorded of such a subject, and is no step of a procedure that does not govern it."""
    if rules.id in _BY_OTHER_WAYS or kind_of(subject) not in rules.subject_kinds:
        return False
    if rules.regimes and procedure is not None and procedure.regime not in rules.regimes:
        return False
    is_step = any(one.recorded_by(rules.id) for one in current_rulebook().procedures.versions)
    if not is_step:
        return True
    return rules.milestone is not None or (procedure is not None and procedure.recorded_by(rules.id) is not None)


def as_step(rules: FactKind, step: Step | None) -> FactKind:
    """The kind with the evidence and the required fields of the step that it records.

    Of its order only the register is left: the procedure knows the rest. The day of a service is no field: it is
    counted from what was done.
    """
    if step is None:
        return rules
    required = {*step.requires, *(one.name for one in step.attributes.values() if one.is_required)}
    attributes = {
        name: replace(attribute, is_required=attribute.is_required or name in required)
        for name, attribute in rules.attributes.items()
        if not (step.is_service and name == "served_on")
    }
    after = [group for group in rules.after if tuple(group) == (Milestone.REGISTERED,)]
    return replace(rules, evidence=step.evidence, attributes=attributes, source=step.source, after=after)


def step_reasons(
    deed: OpenDeed, fact: NewFact, rules: FactKind, *, attached: Sequence[str], dates: MilestoneDates
) -> list[Reason]:
    """What the register and the gate say to a fact of a step; fields and services are checked with the form."""
    found = list(missing_before(rules, happened_on=fact.happened_on, dates=dates))
    gate = deed.gate_reasons([fact], evidence=attached)
    return found + [
        reason for reason in gate
        if reason.code != "procedure.field_missing" and not reason.code.startswith("service.")
    ]


def other_reasons(
    rules: FactKind, *, subject: str, happened_on: date, today: date, history: Sequence[RecordedFact] | None = None
) -> list[Reason]:
    """What speaks against a fact that records no step of a procedure: order, handing over, matters.

    Args:
        history: the subject's facts, where they are at hand already.
    """
    history = history_of(subject) if history is None else history
    dates = folded(history)
    reasons = order_reasons(rules, happened_on=happened_on, today=today, dates=dates, corrects=False)
    if rules.milestone is Milestone.HANDED_OVER:
        vacancy = vacancy_of(subject)
        reasons += handover_reasons(
            happened_on=happened_on, unvacated=vacancy.unvacated,
            last_vacated_on=vacancy.last_vacated_on, source=rules.source,
        )
    if rules.id == "matter_closed":
        matters = open_matters_of(history, on=happened_on)
        reasons += matter_reasons(rules.id, open_matters=len(matters))
    return reasons


def hands_reasons(actor: Actor, *, verb: str, subject: str) -> list[Reason]:
    """Why this person may not do that too: they did what excludes it, on the same subject."""
    exclusive = current_rulebook().authority.exclusive
    return both_hands_reasons(verb, done=verbs_used_by(actor.person, subject=subject), exclusive=exclusive)


def offers_for(actor: Actor, *, subject: str, today: date) -> list[Offer]:
    """Every kind of fact that the subject can have: lawful today, or why not, and who may record it.

    Steps that do not apply to the case are left out.
    """
    rules = current_rulebook()
    place = subject_of(subject)
    case = None if kind_of(subject) == "project" else case_of(subject)
    procedure = case.procedure if case else None
    done = verbs_used_by(actor.person, subject=subject)
    dates, history = milestone_dates([subject]).get(subject, {}), history_of(subject)
    offers = []
    for kind in rules.fact_kinds.values():
        if kind.verb == IMPORTED_VERB or kind.id in PAPER_KINDS:  # papers are filed on the court page
            continue
        if not _belongs(kind, subject=subject, procedure=procedure):
            continue
        step = procedure.recorded_by(kind.id) if procedure else None
        if rules.authority.may(actor=actor, verb=kind.verb, subject=place) is not None:
            roles = [role for role, may in rules.authority.roles.items() if kind.verb in may]
            offers.append(Offer(kind, is_granted=False, roles=roles, step=step))
            continue
        if case is not None and step is not None:
            reasons = [*missing_before(as_step(kind, step), happened_on=today, dates=dates), *offer_reasons(
                step=step, facts=case.facts, procedure=case.procedure, calendar=rules.calendar, today=today
            )]
            if any(reason.code == "procedure.not_applicable" for reason in reasons):
                continue
        else:
            reasons = other_reasons(kind, subject=subject, happened_on=today, today=today, history=history)
        reasons += both_hands_reasons(kind.verb, done=done, exclusive=rules.authority.exclusive)
        offers.append(Offer(as_step(kind, step), is_granted=True, reasons=reasons, step=step))
    return offers


def page_reason(rules: FactKind) -> Reason:
    """Where a fact is recorded that no form takes: the page that holds what stands behind it."""
    remedies = {
        "agreement": N_("Draft, check and sign the agreement on its own page; the signing records the fact."),
        "payment": N_("Prepare, check and authorise a payment order; the bank's answer records the fact."),
        "schedule": N_("Decide the plan on the schedule's page; the decision records the fact."),
    }
    return Reason(
        code="casework.through_page",
        message=N_("“%(kind)s” is not recorded by this form."),
        parameters={"kind": f"fact:{rules.id}"},
        source=rules.source,
        remedy=remedies.get(rules.through, N_("Record it on the page of what it belongs to.")),
    )
