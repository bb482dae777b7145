"""The demonstration's schemes of compensation, adopted from the day they were published, and one policy tried.

The values are those of the rulebook's demonstration scheme and say so wherever a statement uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.core.files.base import ContentFile

from zhengtu.casework import policy_writes, writes
from zhengtu.casework.adopted_plans import (
    APPROVAL,
    SCHEME,
    adopted_reason,
    adopting_subject,
)
from zhengtu.casework.policy_trials import carry_out_trial, tried_reason
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.compensation.parameters import STANDARD_SET
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.jobs.demonstration.model import DemonstrationCampaign
from zhengtu.ledger.act import act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.rulebook import current_compensation, current_rulebook
from zhengtu.registry.queries import subject_of

TRIED_PROJECT: Final = "220200-P0009"
TRIED_TITLE: Final = "签约奖励：三十日内提高到4万元，四十五日后降为5千元"
TRIED_DAY: Final = 30
TRIED: Final[Mapping[str, Any]] = {
    "parameter": "signing_reward.dwelling",
    "value": {
        "measure": "both",
        "tiers": [
            {"until_day": "30", "per_household": "40000"},
            {"until_day": "45", "per_household": "20000"},
            {"until_day": "90", "per_household": "5000"},
        ],
    },
}


def record_policy(demonstration: DemonstrationCampaign, *, person_codes: dict[str, str], now: datetime) -> None:
    """Try another reward on one project; the schemes themselves were adopted on their days in the history."""
    if any(project.code == TRIED_PROJECT for project in demonstration.projects):
        _try(person_codes["coordinator"], now=now)


def adopt_scheme(
    demonstration: DemonstrationCampaign, project: str, *, from_on: date, person_codes: dict[str, str], at: datetime
) -> None:
    """The government that leads the project adopts the rulebook's example scheme, from the day it was published."""
    subject, plan = adopting_subject(project), current_compensation().schemes["demonstration"]
    leader = next(
        person_codes[person.username] for person in demonstration.people
        if person.role == "district_leader" and person.unit == jurisdiction_of(subject)
    )
    actor = Actor(leader, (Posting("district_leader", jurisdiction_of(subject)),))
    papers = {kind: _paper(kind, project, from_on) for kind in (SCHEME, APPROVAL)}
    with act(actor, "policy.adopt", on=subject_of(subject), at=at, joins_transaction=True) as deed:
        deed.record(evidence=list(papers.values()), because=[adopted_reason(project, from_on)])
        writes.insert_adopted_plan(
            project=project, from_on=from_on, plan=plan, approval_sha256=papers[APPROVAL].sha256, deed=deed.id,
            parameter_set=STANDARD_SET,
        )


def _try(person: str, *, now: datetime) -> None:
    actor = Actor(person, (Posting("coordinator", f"{TRIED_PROJECT[:4]}00"),))
    with act(actor, "policy.try", on=subject_of(TRIED_PROJECT), at=now, joins_transaction=True) as deed:
        deed.record(because=[tried_reason(TRIED_TITLE)])
        trial = policy_writes.insert_trial(
            project=TRIED_PROJECT, subject=TRIED_PROJECT, title=TRIED_TITLE, tried_on=civil_date(at=now),
            parameter_set="", signing_day=TRIED_DAY, changes=[TRIED], person=person, at=now, deed=deed.id,
        )
    carry_out_trial(trial.pk, clock=lambda: now)


def _paper(kind: str, project: str, day: date) -> AttachedFile:
    label = current_rulebook().label(group="evidence", id=kind, language="zh")
    content = f"演示材料（虚构），{label}，{project}，{day:%Y-%m-%d}\n"
    return keep_file(
        ContentFile(content.encode()), kind=kind, name=f"{project}-{day:%Y%m%d}-{kind}.txt", media_type="text/plain"
    )
