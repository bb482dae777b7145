"""Plain row changes of scenarios; a scenario begins inside its deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhengtu.campaign.models import RunStage, Scenario


def insert_scenario(
    *,
    project: str,
    subject: str,
    title: str,
    on: date,
    changes: Sequence[Mapping[str, Any]],
    growth: Mapping[str, Any],
    person: str,
    at: datetime,
    deed: str,
) -> Scenario:
    """Add a scenario that waits, under the deed that asks for it."""
    return Scenario.objects.create(
        project_id=project, subject=subject, title=title[:120], on=on, changes=list(changes), growth=dict(growth),
        asked_by_id=person, asked_at=at, asked_deed=deed,
    )


def set_scenario(scenario_id: int, **values: Any) -> None:
    """Change what is noted of a scenario's computing."""
    Scenario.objects.filter(pk=scenario_id).update(**values)


def claim_scenario(scenario_id: int, *, at: datetime) -> bool:
    """Take a waiting scenario in hand; false when somebody else did."""
    waiting = Scenario.objects.filter(pk=scenario_id, stage=RunStage.QUEUED)
    return bool(waiting.update(stage=RunStage.RUNNING, progress=0, moved_at=at, result=[], reasons=[]))
