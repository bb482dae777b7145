"""Looking for irregularities: gather project by project, decide by the detectors, write what was found once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from procrastinate.contrib.django import app as task_queue

from zhengtu.campaign import finding_facts as gather
from zhengtu.campaign.finding_payees import account_files, agreed_payees, paid_beyond, paid_to, party_papers
from zhengtu.campaign.finding_queries import is_moving, latest_run
from zhengtu.campaign.finding_sums import project_sums
from zhengtu.campaign.finding_writes import claim_run, hold_findings, insert_run, put_finding, set_gone, set_run
from zhengtu.campaign.models import Finding, FindingRun, RunStage
from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.integrity.agreements import below_market, off_statement, same_hands
from zhengtu.core.integrity.documents import areas_differ, building_overclaimed, inflated_attachments, parties_differ
from zhengtu.core.integrity.findings import Finding as Found
from zhengtu.core.integrity.freeze import additions_after_freeze, enlarged_after_freeze, register_moves
from zhengtu.core.integrity.identities import payee_not_owner, same_account, same_identity
from zhengtu.core.integrity.payments import split_payments, under_limit
from zhengtu.core.integrity.prices import price_classes, unit_price_outliers
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.ledger.writes import insert_refusal
from zhengtu.registry.models import Project
from zhengtu.registry.queries import campaigns, scope_of

TASK: Final = "find_irregularities"
Progress = Callable[[float], None]


def queue_run(*, actor: Actor, city: str, project: str = "", now: datetime) -> FindingRun:
    """Queue a run over a city, or over one of its projects; one that is under way already is given back.

    Raises:
        Refused: when the actor does not see the findings there.
    """
    reach = reach_of(actor, verb="finding.view")
    if not reach.covers(project or city) or (project and not Project.objects.filter(pk=project).exists()):
        reason = Reason(
            code="authority.not_granted", message=N_("Your posts do not include “%(verb)s” for %(subject)s."),
            parameters={"verb": "verb:finding.view", "subject": project or city},
            remedy=N_("Ask the person who administers postings in your unit."),
        )
        insert_refusal(actor=actor.person, verb="finding.view", subject=project or city, at=now, reasons=[reason])
        raise Refused(reason)
    latest = latest_run([city], project=project)
    if latest is not None and is_moving(latest, now=now):
        return latest
    with transaction.atomic():
        run = insert_run(city=city, project=project, person=actor.person, at=now)
        task_queue.configure_task(TASK).defer(run_id=run.pk)
    return run


def run_now(*, city: str, project: str = "", now: datetime, report: Progress = lambda share: None) -> FindingRun:
    """Run at once, for the nightly command and the machine's own console."""
    run = insert_run(city=city, project=project, person="", at=now)
    carry_out_run(run.pk, now=now, report=report)
    run.refresh_from_db()
    return run


def carry_out_run(run_id: int, *, now: datetime, report: Progress = lambda share: None) -> str:
    """Do a queued run; returns the stage it ends at."""
    if not claim_run(run_id):
        return FindingRun.objects.get(pk=run_id).stage
    run = FindingRun.objects.get(pk=run_id)
    try:
        counts = _carry_out(run, now=now, report=report)
    except Exception:
        set_run(run_id, stage=RunStage.FAILED)
        raise
    set_run(run_id, stage=RunStage.DONE, progress=1, counts=counts)
    return RunStage.DONE


def _carry_out(run: FindingRun, *, now: datetime, report: Progress) -> dict[str, Any]:
    projects = [run.project] if run.project else list(
        Project.objects.filter(code__startswith=run.city[:4]).order_by("pk").values_list("pk", flat=True)
    )
    found: dict[str, Found] = {}
    households = unassessed = 0
    for number, project in enumerate(projects, start=1):
        of_project, seen, without_sum = _project_findings(project)
        found |= {one.key: one for one in of_project}
        households, unassessed = households + seen, unassessed + without_sum
        share = number / (len(projects) + 1)
        set_run(run.pk, progress=share)
        report(share)
    for one in _city_findings(run.city):
        if not run.project or run.project in one.projects:
            found[one.key] = one
    new, gone = _reconcile(run, list(found.values()), now=now)
    report(1)
    return {"households": households, "found": len(found), "new": new, "gone": gone, "unassessed": unassessed}


def _project_findings(project: str) -> tuple[list[Found], int, int]:
    """Findings within one project, how many households it has, and how many have a sum that the rules do not give."""
    rules = current_rulebook().integrity.rules
    facts = gather.project_facts(project)
    registrations, sums, paid = gather.registrations(facts), project_sums(facts), gather.payments(facts)
    claims, floors = gather.building_claims(facts)
    payees = [payee for part in facts.parts for payee in agreed_payees(part)]
    beyond = [one for part in facts.parts for one in paid_beyond(part)]
    found: list[Found] = [
        *additions_after_freeze(registrations, freezes=facts.freezes, rules=rules),
        *enlarged_after_freeze(registrations, freezes=facts.freezes, rules=rules),
        *register_moves(gather.register_moves(facts), announced=facts.announced, rules=rules),
        *off_statement(sums.settlements, rules=rules),
        *below_market(gather.valuations(facts), rules=rules),
        *same_hands(gather.hands(project), exclusive=current_rulebook().authority.exclusive, rules=rules),
        *unit_price_outliers(price_classes(sums.priced, rules=rules), rules=rules),
        *under_limit(paid, rules=rules),
        *split_payments(paid, rules=rules),
        *areas_differ(gather.floor_area_papers(facts), rules=rules),
        *parties_differ(party_papers(payees), rules=rules),
        *payee_not_owner([*paid_to(payees), *beyond], rule=rules["payee_not_owner"]),
        *building_overclaimed(claims, floor_areas_m2=floors, rules=rules),
        *inflated_attachments(gather.inventory(facts), rules=rules),
    ]
    return found, len(facts.households), sums.unassessed


def _city_findings(city: str) -> list[Found]:
    """Findings that join files of several projects."""
    rules = current_rulebook().integrity.rules
    files = [*gather.owner_files(city)]
    return [
        *same_identity(files, rule=rules["same_identity"]),
        *same_account([*files, *account_files(agreed_payees(city[:4]))], rule=rules["same_account"]),
    ]


def _reconcile(run: FindingRun, found: Sequence[Found], *, now: datetime) -> tuple[int, int]:
    """Write what was found and note what is gone; returns how many are new and gone."""
    today = civil_date(at=now)
    with transaction.atomic():
        hold_findings(run.city)
        held = {one.key: one for one in _held(run)}
        # Row-locked, so that what is asked or answered meanwhile is not written over.
        known = Finding.objects.select_for_update().in_bulk([one.key for one in found])
        new = sum(put_finding(one, city=run.city, today=today, held=known.get(one.key)) for one in found)
        gone = {key for key, one in held.items() if one.gone_on is None} - {one.key for one in found}
        set_gone(gone, today=today)
    return new, len(gone)


def _held(run: FindingRun) -> Iterable[Finding]:
    held = Finding.objects.filter(city=run.city)
    return held.filter(projects__contains=[run.project]) if run.project else held


def cities_to_search(actor: Actor) -> list[str]:
    """Cities whose findings the actor sees."""
    prefixes = {prefix for prefix in scope_of(actor, verb="finding.view").prefixes if len(prefix) == 4}
    return sorted({city_of(campaign.code) for campaign in campaigns() if campaign.code[:4] in prefixes})
