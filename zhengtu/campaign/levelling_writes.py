"""Plain row changes of levellings; one begins inside its deed."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhengtu.campaign.models import LevellingStage, TeamLevelling
from zhengtu.ledger.act import OpenDeed


def insert_levelling(deed: OpenDeed, *, jurisdiction: str, on: date, seconds: int) -> TeamLevelling:
    """Add a levelling that waits; needs the recorded deed."""
    return TeamLevelling.objects.create(
        jurisdiction_id=jurisdiction, on=on, seconds=seconds, asked_by_id=deed.actor.person, asked_at=deed.at,
        deed=deed.id,
    )


def set_levelling(number: int, **columns: Any) -> None:
    """Change what is noted of a levelling's computing."""
    TeamLevelling.objects.filter(pk=number).update(**columns)


def claim_levelling(number: int, **columns: Any) -> bool:
    """Take a waiting levelling in hand; false when somebody else did."""
    waiting = TeamLevelling.objects.filter(pk=number, stage=LevellingStage.QUEUED)
    return waiting.update(stage=LevellingStage.RUNNING, progress=0, **columns) == 1
