"""Plain row changes of policy trials; a trial begins inside its deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhengtu.casework.models import PolicyTrial, TrialStage


def insert_trial(
    *,
    project: str,
    subject: str,
    title: str,
    tried_on: date,
    parameter_set: str,
    signing_day: int | None,
    changes: Sequence[Mapping[str, Any]],
    person: str,
    at: datetime,
    deed: str,
) -> PolicyTrial:
    """Add a trial that waits, under the deed that asks for it."""
    return PolicyTrial.objects.create(
        project_id=project, subject=subject, title=title[:120], tried_on=tried_on, parameter_set=parameter_set,
        signing_day=signing_day, changes=list(changes), asked_by_id=person, asked_at=at, asked_deed=deed,
    )


def set_trial(trial_id: int, **values: Any) -> None:
    """Change what is noted of a trial's computing."""
    PolicyTrial.objects.filter(pk=trial_id).update(**values)


def claim_trial(trial_id: int, *, at: datetime) -> bool:
    """Take a waiting trial in hand; false when somebody else did."""
    waiting = PolicyTrial.objects.filter(pk=trial_id, stage=TrialStage.QUEUED)
    return bool(waiting.update(stage=TrialStage.RUNNING, progress=0, moved_at=at))
