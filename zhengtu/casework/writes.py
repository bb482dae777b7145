"""Plain row changes of casework; each needs an open deed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhengtu.casework.models import AdoptedPlan
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
