"""What may stand under the red head of a document: the fifteen statutory types, and never an internal form.

Source: 《党政机关公文处理工作条例》 (2012) art. 8 for the types; GB/T 9704-2012 for who signed a document that goes up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

_DATA: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("document_words.json").read_text(encoding="utf-8"))
STATUTORY_TYPES: Final[Sequence[str]] = tuple(_DATA["statutory_types"])
"""As the end of a title names them."""
UPWARD_TYPES: Final[Sequence[str]] = tuple(_DATA["upward_types"])
"""Those that go to a higher authority, which alone name their signer in the head."""
INTERNAL_FORMS: Final[Sequence[str]] = tuple(_DATA["internal_forms"])
"""Words by which internal forms and bulletins are known."""
_IN_BRACKETS: Final = re.compile("[\uff08(][^\uff08\uff09()]*[\uff09)]$")


def red_head_reason(title: str, *, mark: str, is_signed: bool, is_red: bool) -> str:
    """Why a title may not stand under a head; empty where it may.

    Args:
        mark: what the head says. is_signed: whether it names who signed. is_red: whether it is an authority's red head.
    """
    bare = _IN_BRACKETS.sub("", title.replace("\n", "").strip()).strip()
    if is_signed and not bare.endswith(tuple(UPWARD_TYPES)):
        return "only a document to a higher authority names its signer in the head"
    if not is_red:
        return ""
    if any(form in mark or bare.endswith(form) for form in INTERNAL_FORMS):
        return "an internal form or bulletin never stands under a red head"
    if not bare.endswith(tuple(STATUTORY_TYPES)):
        return "only a document of a statutory type, which ends its title, stands under a red head"
    return ""
