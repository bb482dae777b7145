"""Pictures drawn for the demonstration, each marked as invented."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import typst

from zhengtu.press.typesetting import fonts, fonts_of_roles

SKIES: Final = ("#9fb7cc", "#b5c4d1", "#8fa9c2", "#c3cdd4")
_MARK: Final = "演示照片（虚构）"


def pictures(template: Path, items: Sequence[Mapping[str, object]], *, per_inch: int) -> list[bytes]:
    """A PNG for each item, in order.

    Args:
        template: draws one page for every item; each holds what the template asks for, and gets the mark.
        per_inch: points of the picture to an inch of the page.
    """
    if not items:
        return []
    values = {"fonts": list(fonts_of_roles()["hei"]), "items": [{**item, "mark": _MARK} for item in items]}
    made: Any = typst.compile(
        template, root=template.parent, font_paths=fonts(), format="png", ppi=float(per_inch),
        sys_inputs={"photos": json.dumps(values, ensure_ascii=False)},
    )
    return [made] if isinstance(made, bytes) else list(made)
