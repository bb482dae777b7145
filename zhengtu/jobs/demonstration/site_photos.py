"""Invented pictures of on-site checks: a drawn house for each, marked as invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from zhengtu.core.inspection.matters import SiteAnswer
from zhengtu.jobs.demonstration.pictures import SKIES, pictures

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_PER_INCH: Final = 110
_WALLS: Final = ("#c9b8a0", "#d8cfc2", "#b9a58c", "#cbbfb3", "#a89684")
_ROOFS: Final = ("#8c4a3c", "#5d6670", "#7a4f3a", "#6b5a52")
_GROUNDS: Final = ("#e4e8ea", "#8b8f7a", "#a59b88", "#d5dadd")


@dataclass(frozen=True, slots=True)
class SitePhoto:
    """What one picture shows: the house of that code at a time, as the answer has it."""

    code: str
    at: str
    answer: SiteAnswer


def site_photos(photos: Sequence[SitePhoto]) -> list[bytes]:
    """A PNG for each, in order."""
    return pictures(_TEMPLATE, [_values(photo) for photo in photos], per_inch=_PER_INCH)


def _values(photo: SitePhoto) -> dict[str, object]:
    chance = sha256(photo.code.encode()).digest()
    return {
        "code": photo.code, "at": photo.at, "gone": photo.answer.id == "torn_down",
        "lit": photo.answer.is_cleared is False, "belongings": photo.answer.id in ("belongings_left", "never_left"),
        "wall": _WALLS[chance[0] % len(_WALLS)], "roof": _ROOFS[chance[1] % len(_ROOFS)],
        "sky": SKIES[chance[2] % len(SKIES)], "ground": _GROUNDS[chance[3] % len(_GROUNDS)],
    }
