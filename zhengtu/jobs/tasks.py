"""Queued tasks; the worker finds them here."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from zhengtu.registry.tiles import TASK as BUILD_TILES
from zhengtu.registry.tiles import build_jurisdiction


@app.task(name=BUILD_TILES)
def build_tiles(jurisdiction: str) -> str:
    """Rebuild the vector tiles of a jurisdiction; returns the published version."""
    return build_jurisdiction(jurisdiction, at=timezone.now()).version
