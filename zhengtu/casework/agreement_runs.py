"""Bulk runs: statements computed and agreements drafted for every valued household that has chosen its way.

One run writes one deed for each section and one workbook: what was drafted with its sum, what was refused and why.
A run that died is started anew; households that have an open agreement by then are named and left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import groupby

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils.translation import gettext, override
from procrastinate.contrib.django import app as task_queue

from zhengtu.accounts.queries import actor_of
from zhengtu.casework import writes
from zhengtu.casework.agreement_actions import drafted_reason
from zhengtu.casework.agreement_drafts import AgreedTerms, Draft, drafted, drafted_under
from zhengtu.casework.agreement_queries import OPEN_STATES, households_by_code
from zhengtu.casework.compensation_documents import spoken_way
from zhengtu.casework.compensation_facts import compensation_cases_of, rules_for
from zhengtu.casework.models import Agreement, AgreementRun, RunStage
from zhengtu.casework.statement_words import spoken_notes
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.agreement_terms import AgreedDates, missing_terms
from zhengtu.core.compensation.facts import Mode, Option
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import act
from zhengtu.ledger.models import Milestones
from zhengtu.press.spreadsheet import SheetColumn, write_workbook
from zhengtu.registry.models import Household, Project, Section
from zhengtu.registry.queries import households_for, subject_of

TASK = "draft_agreements"
_SILENT_FOR = timedelta(minutes=5)
"""A run that has told nothing for so long has died."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one household: its draft, or the reasons against one."""

    household: Household
    draft: Draft | None
    reasons: Sequence[Reason] = ()


def start_run(
    *, actor: Actor, project: Project, section: Section | None, dates: AgreedDates, now: datetime
) -> AgreementRun:
    """Note a run and queue it.

    Raises:
        Refused: when a date is missing, or the household would move out before it is paid.
    """
    reasons = missing_terms(option=Option(mode=Mode.CASH), dates=dates)
    if reasons:
        raise Refused(*reasons)
    with transaction.atomic():
        run = writes.insert_run(
            project=project, section=section, started_by_id=actor.person, started_at=now, sign_on=dates.sign_on,
            pay_by=dates.pay_by, move_out_by=dates.move_out_by,
        )
        task_queue.configure_task(TASK).defer(run_id=run.pk)
    return run


def is_dead(run: AgreementRun, *, now: datetime) -> bool:
    """Whether a run says that it is running while nobody works on it any more."""
    return run.stage == RunStage.RUNNING and run.moved_at is not None and now - run.moved_at > _SILENT_FOR


def result_name(run: AgreementRun) -> str:
    """Where the run's workbook is kept."""
    return f"agreement-runs/{run.pk}.xlsx"


def result_storage() -> Storage:
    """Where workbooks of runs lie."""
    return storages["uploads"]


def carry_out_drafting(run_id: int, *, clock: Callable[[], datetime]) -> str:
    """Work through a queued run; returns the stage it ends at."""
    now = clock()
    if not writes.claim_run(run_id, at=now):
        return AgreementRun.objects.get(pk=run_id).stage
    run = AgreementRun.objects.select_related("project", "section", "started_by").get(pk=run_id)
    try:
        outcomes = _worked(run, clock=clock)
    except Exception:
        writes.set_run(run_id, stage=RunStage.FAILED)
        raise
    _keep_result(run, outcomes, now=now)
    drafted_count = sum(outcome.draft is not None for outcome in outcomes)
    writes.set_run(
        run_id, stage=RunStage.DONE, done_count=len(outcomes), drafted_count=drafted_count,
        refused_count=len(outcomes) - drafted_count, moved_at=clock(),
    )
    return RunStage.DONE


def _worked(run: AgreementRun, *, clock: Callable[[], datetime]) -> list[Outcome]:
    actor = actor_of(run.started_by, on=civil_date(at=clock()))
    codes = _candidates(run, actor)
    writes.set_run(run.pk, household_count=len(codes))
    outcomes: list[Outcome] = []
    for _section, group in groupby(codes, key=lambda code: code.rpartition("-")[0]):
        outcomes += _section_outcomes(run, actor, list(group), now=clock())
        writes.set_run(run.pk, done_count=len(outcomes), moved_at=clock())
    return outcomes


def _candidates(run: AgreementRun, actor: Actor) -> list[str]:
    """Valued households of the project or section that have neither signed nor been decided on."""
    rows = households_for(actor, verb="agreement.draft").filter(section__project=run.project)
    if run.section_id:
        rows = rows.filter(section=run.section_id)
    valued = Milestones.objects.filter(
        subject__in=rows.values("code"), valued_on__isnull=False, signed_on__isnull=True, decided_on__isnull=True
    )
    return list(valued.order_by("subject").values_list("subject", flat=True))


def _section_outcomes(run: AgreementRun, actor: Actor, codes: list[str], *, now: datetime) -> list[Outcome]:
    """Drafts of one section under one deed, and what was refused."""
    outcomes = list(_drafts(run, codes))
    drafts = [outcome.draft for outcome in outcomes if outcome.draft is not None]
    if drafts:
        try:
            _store(drafts, actor, section=codes[0].rpartition("-")[0], now=now)
        except Refused as refused:
            outcomes = [
                Outcome(one.household, None, refused.reasons) if one.draft is not None else one for one in outcomes
            ]
    return outcomes


def _drafts(run: AgreementRun, codes: list[str]) -> Iterator[Outcome]:
    cases, rules = compensation_cases_of(codes), rules_for(run.project)
    held = dict(
        Agreement.objects.filter(household__in=codes, state__in=OPEN_STATES).values_list("household_id", "number")
    )
    households = households_by_code(codes)
    counts = dict.fromkeys(codes, 0)
    for code in Agreement.objects.filter(household__in=codes).values_list("household_id", flat=True):
        counts[code] += 1
    dates = AgreedDates(run.sign_on, run.pay_by, run.move_out_by)
    for code in codes:
        case, household = cases[code], households[code]
        if code in held:
            yield Outcome(household, None, [_reason(N_("Agreement %(number)s is still open."), number=held[code])])
        elif case.option is None:
            yield Outcome(household, None, [_reason(N_("The household has not chosen its way of compensation."))])
        else:
            option = replace(case.option, signed_on=run.sign_on, vacated_on=run.move_out_by)
            try:
                terms = AgreedTerms(option=option, dates=dates)
                draft = drafted(household, case=case, rules=rules, terms=terms, sequence=counts[code] + 1)
                yield Outcome(household, draft)
            except Refused as refused:
                yield Outcome(household, None, refused.reasons)


def _store(drafts: Sequence[Draft], actor: Actor, *, section: str, now: datetime) -> None:
    with act(actor, "agreement.draft", on=subject_of(section), at=now) as deed:
        reasons = [drafted_reason(drafts[0])] if len(drafts) == 1 else [
            Reason(
                code="agreement.drafted_together",
                message=N_("%(count)s agreements drafted over %(amount)s yuan in all."),
                parameters={
                    "count": len(drafts), "amount": str(sum(draft.agreement.amount_yuan for draft in drafts)),
                },
            )
        ]
        key = deed.record(because=reasons)
        drafted_under(drafts, person=actor.person, on=deed.recorded_on, deed=key)
        writes.insert_agreements(
            [draft.agreement for draft in drafts], [payee for draft in drafts for payee in draft.payees]
        )


def _keep_result(run: AgreementRun, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """The run's one workbook, in the language of whoever started it."""
    target = BytesIO()
    with override(run.started_by.language or "zh-hans"):
        write_workbook(
            target, sheet_name=gettext("Agreements"),
            columns=[
                SheetColumn(gettext("Household"), width=26), SheetColumn(gettext("Owner")),
                SheetColumn(gettext("Outcome")), SheetColumn(gettext("Number of the agreement"), width=30),
                SheetColumn(gettext("Way of compensation")), SheetColumn(gettext("Sum (yuan)"), "money", 18),
                SheetColumn(gettext("Reasons"), width=80),
            ],
            rows=(_row(outcome) for outcome in outcomes),
            particulars_name=gettext("About this table"),
            particulars=[
                (gettext("Project"), run.project.code), (gettext("Section"), run.section_id or "–"),
                (gettext("Signed on, as assumed"), run.sign_on.isoformat()),
                (gettext("Started by"), run.started_by.name), (gettext("Started"), f"{run.started_at:%Y-%m-%d %H:%M}"),
            ],
            created=now.astimezone(SHANGHAI).replace(tzinfo=None),
        )
    storage = result_storage()
    storage.delete(result_name(run))
    storage.save(result_name(run), ContentFile(target.getvalue()))


def _row(outcome: Outcome) -> list[object]:
    household = outcome.household
    if outcome.draft is None:
        why = " ".join(f"{one.message} {one.remedy}".strip() for one in spoken_notes(outcome.reasons))
        return [household.code, household.name_masked, gettext("Refused"), None, None, None, why]
    agreement = outcome.draft.agreement
    return [
        household.code, household.name_masked, gettext("Drafted"), agreement.number, spoken_way(agreement.way),
        agreement.amount_yuan, None,
    ]


def _reason(message: str, **parameters: object) -> Reason:
    return Reason(code="agreement.left_out", message=message, parameters=parameters)
