"""Invented pictures of building sites: the floors that stand at a stage, marked as invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import typst

from zhengtu.press.typesetting import fonts, fonts_of_roles

_TEMPLATE: Final = Path(__file__).with_suffix(".typ")
_MARK: Final = "演示照片（虚构）"
_PER_INCH: Final = 90
_BUILT: Final = {"started": 0.0, "foundation": 0.1, "half_height": 0.5}
"""Stage -> part of the floors that stand; all of them afterwards."""
_SKIES: Final = ("#9fb7cc", "#b5c4d1", "#8fa9c2", "#c3cdd4")


@dataclass(frozen=True, slots=True)
class WorksPhoto:
    """What one picture shows: a building of so many floors at a stage, on a day."""

    code: str
    at: str
    stage: str
    floors: int


def works_photos(photos: Sequence[WorksPhoto]) -> list[bytes]:
    """A PNG for each, in order."""
    if not photos:
        return []
    values = {"fonts": list(fonts_of_roles()["hei"]), "items": [_values(photo) for photo in photos]}
    made: Any = typst.compile(
        _TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts(), format="png", ppi=float(_PER_INCH),
        sys_inputs={"photos": json.dumps(values, ensure_ascii=False)},
    )
    return [made] if isinstance(made, bytes) else list(made)


def _values(photo: WorksPhoto) -> dict[str, object]:
    built = round(photo.floors * _BUILT.get(photo.stage, 1.0))
    return {
        "code": photo.code, "at": photo.at, "mark": _MARK, "floors": photo.floors, "built": built,
        "fitted": photo.stage in ("fitted", "accepted"),
        "sky": _SKIES[sha256(photo.code.encode()).digest()[0] % len(_SKIES)],
    }
