"""Deeds about a resettlement plan: draft, submit, return, approve, file, follow by directives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.core.files.base import ContentFile

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.directives.setting import problems_by_draft, set_directives
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.numbering import next_number
from zhengtu.registry.models import Participation
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement import options_writes as writes
from zhengtu.resettlement.handed_out import may_draft_from
from zhengtu.resettlement.models import OptionsRun, PlanFiling
from zhengtu.resettlement.models.options import FilingStage
from zhengtu.resettlement.plan_content import content_sha256, plan_content
from zhengtu.resettlement.plan_documents import MEDIA_TYPES, milestone_matters, plan_document, plan_files
from zhengtu.resettlement.plan_queries import DRAFT, part_named

APPROVE: Final = "resettlement_plan.approve"
FILE: Final = "resettlement_plan.file"
_SUBJECT: Final = "plan_filing"
_REASON_LENGTH: Final = 500


def draft_plan(*, actor: Actor, run: OptionsRun, point: int, part: str, now: datetime) -> str:
    """Draft a plan of a part of a project out of a point of a run; returns its code.

    Raises:
        Refused: no right, a run that is not done, a point or part that it does not have, a run of others' projects too
            of which this point was not handed out, or nobody to bring home.
    """
    with act(actor, DRAFT, on=subject_of(part), at=now) as deed:
        reasons = []
        if not may_draft_from(actor, run, point=point):
            reasons.append(_reason(
                "not_handed_out", N_("This point was not handed out, and the run holds projects that are not yours."),
                N_("Ask whoever asked for the run to hand the point out, or try options for your own projects."),
            ))
        elif not run.result or not 0 <= point < len(run.result["points"]) or part not in run.projects:
            reasons.append(_reason("point", N_("The run has no such point."), N_("Choose a point of its frontier.")))
        content = {} if reasons else plan_content(run, point=point, part=part)
        if content and not content["milestones"]:
            reasons.append(_reason(
                "nobody", N_("At this point the run brings no family of the project home."),
                N_("Choose a point that spends more, or ask for another run."),
            ))
        if reasons:
            raise Refused(*reasons)
        jurisdiction = jurisdiction_of(part)
        code = f"{jurisdiction}-F{next_number(city=city_of(part), series=f'plan_filing_{jurisdiction}', year=0):04d}"
        deed.record(because=[_told("drafted", N_("Resettlement plan %(plan)s drafted"), code)])
        writes.insert_filing(PlanFiling(
            code=code, project=part, run=run, point=point, title=run.title, drafted_by_id=actor.person, drafted_at=now,
            content=content, content_sha256=content_sha256(content),
        ))
    return code


def submit_plan(*, actor: Actor, code: str, now: datetime) -> str:
    """Hand a draft to whoever approves it; returns the deed's key.

    Raises:
        Refused: no right, or not a draft.
    """
    with act(actor, DRAFT, on=Subject(code=code), at=now) as deed:
        plan = writes.locked_filing(code)
        _require(_stage_reasons(plan, FilingStage.DRAFT))
        deed.record(because=[_told("submitted", N_("Resettlement plan %(plan)s submitted"), code)])
        writes.set_filing(plan, stage=FilingStage.SUBMITTED, return_reason="")
        return deed.id


def return_plan(*, actor: Actor, code: str, reason: str, now: datetime) -> str:
    """Return a submitted plan with the reason; returns the deed's key.

    Raises:
        Refused: no right, not submitted, one's own, or without a reason.
    """
    with act(actor, APPROVE, on=Subject(code=code), at=now) as deed:
        plan, said = writes.locked_filing(code), reason.strip()
        reasons = [*_stage_reasons(plan, FilingStage.SUBMITTED), *_own_reasons(plan, actor)]
        if not 0 < len(said) <= _REASON_LENGTH:
            reasons.append(_reason(
                "reason", N_("A reason is missing or too long."),
                N_("Say in up to 500 characters what is to be mended."),
            ))
        _require(reasons)
        told = _told("returned", N_("Resettlement plan %(plan)s returned: %(text)s"), code, text=said)
        deed.record(because=[told])
        writes.set_filing(plan, stage=FilingStage.DRAFT, return_reason=said)
        return deed.id


def approve_plan(*, actor: Actor, code: str, now: datetime) -> str:
    """Approve a submitted plan: its document is kept and never changes; returns the deed's key.

    Raises:
        Refused: no right, not submitted, or one's own draft.
    """
    with act(actor, APPROVE, on=Subject(code=code), at=now) as deed:
        plan = writes.locked_filing(code)
        _require([*_stage_reasons(plan, FilingStage.SUBMITTED), *_own_reasons(plan, actor)])
        today = civil_date(at=now)
        files = _kept(plan, dated_on=today)
        deed.record(
            facts=[NewFact(_SUBJECT, code, "plan_approved", today, {"content_sha256": plan.content_sha256})],
            evidence=list(files.values()),
        )
        writes.set_filing(
            plan, stage=FilingStage.APPROVED, approved_by_id=actor.person, approved_at=now,
            word_id=files["docx"].sha256, pdf_id=files["pdf"].sha256,
        )
        return deed.id


def file_plan(*, actor: Actor, code: str, now: datetime) -> str:
    """File an approved plan with the inspection office, with its document as evidence; returns the deed's key.

    Raises:
        Refused: no right, not approved, or one's own draft.
    """
    with act(actor, FILE, on=Subject(code=code), at=now) as deed:
        plan = writes.locked_filing(code)
        _require([*_stage_reasons(plan, FilingStage.APPROVED), *_own_reasons(plan, actor)])
        files = _kept(plan, dated_on=_approved_on(plan))
        today = civil_date(at=now)
        deed.record(
            facts=[NewFact(_SUBJECT, code, "plan_filed", today, {"content_sha256": plan.content_sha256})],
            evidence=list(files.values()),
        )
        writes.set_filing(plan, stage=FilingStage.FILED, filed_by_id=actor.person, filed_at=now)
        return deed.id


def follow_plan(*, actor: Actor, code: str, now: datetime) -> list[str]:
    """Set a directive for each milestone of a filed plan; returns their codes. The district answers for them.

    Raises:
        Refused: no right to set directives, not filed, followed already, or a milestone whose day is past.
    """
    plan = PlanFiling.objects.get(pk=code)
    reasons = _stage_reasons(plan, FilingStage.FILED)
    if plan.directives:
        reasons.append(_reason("followed", N_("The plan's milestones are followed by directives already.")))
    _require(reasons)
    codes = set_directives(actor=actor, drafts=directive_drafts(plan), now=now)
    writes.set_filing(plan, directives=codes)
    return codes


def directive_drafts(plan: PlanFiling) -> list[DirectiveDraft]:
    """The directives by which a plan would be followed, milestone by milestone."""
    part = _part(plan.project)
    lead = jurisdiction_of(plan.project)
    return [
        DirectiveDraft(
            lead=lead, matter=matter, joint=[payer for payer in one["payers"] if payer != lead],
            due=DraftDue(kind="date", on=date.fromisoformat(one["due_on"])), projects=[project_of(plan.project)],
        )
        for one, matter in zip(
            plan.content["milestones"], milestone_matters(plan.content, part, code=plan.code), strict=True
        )
    ]


def follow_problems(plan: PlanFiling, *, actor: Actor, on: date) -> list[Reason]:
    """What would keep the milestones from being set as directives on a day."""
    found = problems_by_draft(actor=actor, drafts=directive_drafts(plan), on=on)
    return [reason for reasons in found for reason in reasons]


def draft_files(plan: PlanFiling, *, dated_on: date, is_draft: bool) -> dict[str, bytes]:
    """Word and PDF of a plan, made anew."""
    document = plan_document(
        plan.content, _part(plan.project), code=plan.code, sha256=plan.content_sha256, dated_on=dated_on,
        is_draft=is_draft,
    )
    return plan_files(document)


def _part(code: str) -> Participation:
    part = part_named(code)
    if part is None:
        raise LookupError(code)
    return part


def _approved_on(plan: PlanFiling) -> date:
    if plan.approved_at is None:
        raise LookupError(plan.code)
    return civil_date(at=plan.approved_at)


def _kept(plan: PlanFiling, *, dated_on: date) -> dict[str, AttachedFile]:
    return {
        ending: keep_file(
            ContentFile(content), kind="other", name=f"{plan.code}.{ending}", media_type=MEDIA_TYPES[ending]
        )
        for ending, content in draft_files(plan, dated_on=dated_on, is_draft=False).items()
    }


def _require(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise Refused(*reasons)


def _stage_reasons(plan: PlanFiling, stage: FilingStage) -> list[Reason]:
    if plan.stage == stage:
        return []
    return [Reason(
        code="resettlement_plan.stage", message=N_("The plan is not at that stage any more: %(stage)s."),
        parameters={"stage": f"label:{FilingStage(plan.stage).label}"}, remedy=N_("Load the page anew."),
    )]


def _own_reasons(plan: PlanFiling, actor: Actor) -> list[Reason]:
    if plan.drafted_by_id != actor.person:
        return []
    return [_reason("own", N_("Nobody approves or files a plan of one's own draft."), N_("Let somebody else do it."))]


def _reason(code: str, message: str, remedy: str = "") -> Reason:
    return Reason(code=f"resettlement_plan.{code}", message=message, remedy=remedy)


def _told(code: str, message: str, plan: str, *, text: str = "") -> Reason:
    return Reason(code=f"resettlement_plan.{code}", message=message, parameters={"plan": plan, "text": text})
