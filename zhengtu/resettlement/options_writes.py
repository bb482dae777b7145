"""Plain row changes of runs of the options engine and of plans; each begins inside its deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from zhengtu.campaign.models import RunStage
from zhengtu.resettlement.models import OptionsRun, PlanFiling


def insert_run(
    *, city: str, parts: Sequence[str], title: str, on: date, settings: Mapping[str, Any], person: str, at: datetime,
    deed: str,
) -> OptionsRun:
    """Add a run that waits, under the deed that asks for it."""
    return OptionsRun.objects.create(
        city=city, projects=list(parts), title=title[:120], on=on, settings=dict(settings), asked_by_id=person,
        asked_at=at, asked_deed=deed,
    )


def set_run(run_id: int, **values: Any) -> None:
    """Change what is noted of a run's computing."""
    OptionsRun.objects.filter(pk=run_id).update(**values)


def move_run(run_id: int, *, progress: float, at: datetime) -> bool:
    """Note how far a running run is; false where somebody stopped it."""
    running = OptionsRun.objects.filter(pk=run_id, stage=RunStage.RUNNING)
    return bool(running.update(progress=progress, moved_at=at))


def end_run(run_id: int, *, result: Mapping[str, Any], at: datetime) -> bool:
    """Keep the result of a running run; false where somebody stopped it."""
    running = OptionsRun.objects.filter(pk=run_id, stage=RunStage.RUNNING)
    return bool(running.update(stage=RunStage.DONE, progress=1, result=dict(result), moved_at=at))


def stop_run(run_id: int, *, reasons: Sequence[Mapping[str, Any]], at: datetime) -> bool:
    """Stop a run that waits or is computed; false where it had ended."""
    moving = OptionsRun.objects.filter(pk=run_id, stage__in=(RunStage.QUEUED, RunStage.RUNNING))
    return bool(moving.update(stage=RunStage.FAILED, reasons=list(reasons), moved_at=at))


def claim_run(run_id: int, *, at: datetime) -> bool:
    """Take a waiting run in hand; false when somebody else did."""
    waiting = OptionsRun.objects.filter(pk=run_id, stage=RunStage.QUEUED)
    return bool(waiting.update(stage=RunStage.RUNNING, progress=0, moved_at=at, result={}, reasons=[]))


def insert_filing(filing: PlanFiling) -> None:
    """Keep a new draft."""
    filing.save(force_insert=True)


def locked_filing(code: str) -> PlanFiling:
    """The plan, row-locked until the transaction ends."""
    return PlanFiling.objects.select_for_update().get(pk=code)


def set_filing(filing: PlanFiling, **values: Any) -> None:
    """Change what is noted of a plan."""
    for name, value in values.items():
        setattr(filing, name, value)
    filing.save(update_fields=list(values))
