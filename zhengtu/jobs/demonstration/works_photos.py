"""Invented pictures of building sites: the floors that stand at a stage, marked as invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from zhengtu.jobs.demonstration.pictures import SKIES, pictures

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_PER_INCH: Final = 90
_BUILT: Final = {"started": 0.0, "foundation": 0.1, "half_height": 0.5}
"""Stage -> part of the floors that stand; all of them afterwards."""


@dataclass(frozen=True, slots=True)
class WorksPhoto:
    """What one picture shows: a building of so many floors at a stage, on a day."""

    code: str
    at: str
    stage: str
    floors: int


def works_photos(photos: Sequence[WorksPhoto]) -> list[bytes]:
    """A PNG for each, in order."""
    return pictures(_TEMPLATE, [_values(photo) for photo in photos], per_inch=_PER_INCH)


def _values(photo: WorksPhoto) -> dict[str, object]:
    built = round(photo.floors * _BUILT.get(photo.stage, 1.0))
    return {
        "code": photo.code, "at": photo.at, "floors": photo.floors, "built": built,
        "fitted": photo.stage in ("fitted", "accepted"),
        "sky": SKIES[sha256(photo.code.encode()).digest()[0] % len(SKIES)],
    }
