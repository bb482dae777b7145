"""The typesetter with the fonts it may use: those of the machine and those brought by the locked packages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from zhengtu.press.document_setting import FONTS, document_words

_HERE: Final = Path(__file__).resolve().parent
_SHIPPED_FONTS: Final = _HERE.parents[1] / "frontend" / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
_NO_TIME: Final = datetime(1980, 1, 1, tzinfo=UTC)


def typeset(
    template: str, values: Mapping[str, Any], *, name: str, kind: Literal["pdf", "png"] = "pdf", per_inch: int = 300
) -> bytes:
    """Set a template of this folder with values that it reads as JSON under a name; the same bytes for the same values.

    Args:
        per_inch: dots per inch of a picture.

    Raises:
        typst.TypstError: when no font of the machine has Chinese letters.
    """
    made = typst.compile(
        _HERE / template, root=_HERE, font_paths=fonts(), format=kind, ppi=float(per_inch),
        sys_inputs={name: json.dumps(values)}, timestamp=_NO_TIME,
    )
    if not isinstance(made, bytes):
        raise TypeError(f"{template} became several files")
    return made


@cache
def fonts() -> typst.Fonts:
    """The machine's fonts, those of the folders named in ``document_words.json``, and the browser's."""
    folders = [_SHIPPED_FONTS, *map(Path, document_words()["font_folders"])]
    return typst.Fonts(font_paths=[folder for folder in folders if folder.is_dir()])


@cache
def fonts_of_roles() -> Mapping[str, Sequence[str]]:
    """The fonts of each role that are there, in the order of preference."""
    known = set(fonts().families())
    return {role: [name for name in names if name in known] for role, names in FONTS.items()}


def is_title_set_bold() -> bool:
    """Whether what stands for the title's font has to be bold to be as strong."""
    held = fonts_of_roles()["song_title"]
    return bool(held) and held[0] in document_words()["title_substitutes_in_bold"]

