"""Row changes of field teams; only ``team_actions`` calls them, inside a deed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhengtu.core.planning.teams import Span
from zhengtu.ledger.act import OpenDeed
from zhengtu.registry.models import Team


def insert_team(
    deed: OpenDeed, *, jurisdiction: str, unit: str, days_off: Sequence[Span], extra_days: Sequence[Span], **values: Any
) -> Team:
    """Keep one version of a team; needs the recorded deed."""
    return Team.objects.create(
        jurisdiction_id=jurisdiction, unit_id=unit, days_off=_stored(days_off), extra_days=_stored(extra_days),
        recorded_on=deed.recorded_on, deed=deed.id, **values,
    )


def _stored(spans: Sequence[Span]) -> list[list[str]]:
    return [[first.isoformat(), last.isoformat()] for first, last in spans]
