"""Row changes of assessments and appeals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from zhengtu.assessment.models import Appeal, AppealState, Assessment


def insert_assessment(assessment: Assessment) -> None:
    """Keep a newly adopted assessment."""
    assessment.save(force_insert=True)


def locked_assessment(code: str) -> Assessment:
    """The assessment, row-locked until the transaction ends."""
    return Assessment.objects.select_for_update().get(pk=code)


def publish(assessment: Assessment, *, cards: Any, sha256: str, on: date, known_on: date) -> None:
    """Freeze the cards."""
    assessment.cards, assessment.cards_sha256 = cards, sha256
    assessment.published_on, assessment.known_on = on, known_on
    assessment.save(update_fields=["cards", "cards_sha256", "published_on", "known_on"])


def insert_appeal(appeal: Appeal) -> None:
    """Keep a new appeal."""
    appeal.save(force_insert=True)


def locked_appeal(number: int) -> Appeal | None:
    """The appeal, row-locked until the transaction ends; None where there is none."""
    return Appeal.objects.select_for_update().filter(pk=number).first()


def decide(
    appeal: Appeal, *, state: AppealState, remedy: str, decision: str, person: str, at: datetime, fact: str
) -> None:
    """Keep what was decided about an appeal."""
    appeal.state, appeal.remedy, appeal.decision = state, remedy, decision
    appeal.decided_by_id, appeal.decided_at, appeal.decided_fact = person, at, fact
    appeal.save(update_fields=["state", "remedy", "decision", "decided_by", "decided_at", "decided_fact"])
