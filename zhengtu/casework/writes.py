"""Plain row changes of casework; each needs an open deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhengtu.casework.models import AdoptedPlan, Agreement, AgreementPayee, AgreementRun, RunStage
from zhengtu.core.compensation.facts_reading import as_plain
from zhengtu.core.compensation.parameters import STANDARD_SET


def insert_adopted_plan(
    *,
    project: str,
    from_on: date,
    plan: Mapping[str, Any],
    approval_sha256: str,
    deed: str,
    parameter_set: str = STANDARD_SET,
) -> AdoptedPlan:
    """Add a project's next adopted scheme, under the deed that adopts it.

    Args:
        plan: as a file of ``rulebook/compensation/schemes``; ``from`` is taken from ``from_on``. Check it with
            ``plan_adopted`` first.
    """
    version = AdoptedPlan.objects.filter(project=project).count() + 1
    return AdoptedPlan.objects.create(
        project_id=project, version=version, from_on=from_on, parameter_set=parameter_set,
        plan=as_plain({**plan, "from": from_on}), approval_sha256=approval_sha256, adopted_deed=deed,
    )


def insert_agreements(agreements: Sequence[Agreement], payees: Sequence[AgreementPayee]) -> None:
    """Add drafts with their payees, under the deed that each names."""
    Agreement.objects.bulk_create(agreements, batch_size=1_000)
    AgreementPayee.objects.bulk_create(payees, batch_size=1_000)


def set_agreement(number: str, **values: Any) -> None:
    """Move an agreement on: to checked, signed or cancelled, under the deed that the values name."""
    Agreement.objects.filter(pk=number).update(**values)


def insert_run(**values: Any) -> AgreementRun:
    """Note a bulk run that is about to be queued."""
    return AgreementRun.objects.create(**values)


def set_run(number: int, **values: Any) -> None:
    """Note how far a bulk run is."""
    AgreementRun.objects.filter(pk=number).update(**values)


def claim_run(number: int, *, at: datetime) -> bool:
    """Take a waiting run in hand; False when somebody else has it."""
    waiting = AgreementRun.objects.filter(pk=number, stage=RunStage.QUEUED)
    return bool(waiting.update(stage=RunStage.RUNNING, moved_at=at))
