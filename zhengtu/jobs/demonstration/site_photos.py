"""Invented pictures of on-site checks: a drawn house for each, marked as invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import typst

from zhengtu.core.inspection.matters import SiteAnswer
from zhengtu.press.typesetting import fonts, fonts_of_roles

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_MARK: Final = "演示照片（虚构）"
_PER_INCH: Final = 110
_WALLS: Final = ("#c9b8a0", "#d8cfc2", "#b9a58c", "#cbbfb3", "#a89684")
_ROOFS: Final = ("#8c4a3c", "#5d6670", "#7a4f3a", "#6b5a52")
_SKIES: Final = ("#9fb7cc", "#b5c4d1", "#8fa9c2", "#c3cdd4")
_GROUNDS: Final = ("#e4e8ea", "#8b8f7a", "#a59b88", "#d5dadd")


@dataclass(frozen=True, slots=True)
class SitePhoto:
    """What one picture shows: the house of that code at a time, as the answer has it."""

    code: str
    at: str
    answer: SiteAnswer


def site_photos(photos: Sequence[SitePhoto]) -> list[bytes]:
    """A PNG for each, in order."""
    if not photos:
        return []
    values = {"fonts": list(fonts_of_roles()["hei"]), "items": [_values(photo) for photo in photos]}
    made: Any = typst.compile(
        _TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts(), format="png", ppi=float(_PER_INCH),
        sys_inputs={"photos": json.dumps(values, ensure_ascii=False)},
    )
    return [made] if isinstance(made, bytes) else list(made)


def _values(photo: SitePhoto) -> dict[str, object]:
    chance = sha256(photo.code.encode()).digest()
    return {
        "code": photo.code, "at": photo.at, "mark": _MARK, "gone": photo.answer.id == "torn_down",
        "lit": photo.answer.is_cleared is False, "belongings": photo.answer.id in ("belongings_left", "never_left"),
        "wall": _WALLS[chance[0] % len(_WALLS)], "roof": _ROOFS[chance[1] % len(_ROOFS)],
        "sky": _SKIES[chance[2] % len(_SKIES)], "ground": _GROUNDS[chance[3] % len(_GROUNDS)],
    }
