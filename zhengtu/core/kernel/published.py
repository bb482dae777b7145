"""Documents that are handed out so that somebody else can check them: their text and their fingerprint."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from zhengtu.core.kernel.plain_values import plain


def fingerprint_of(document: Any) -> str:
    """SHA-256 of the document as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def text_of(document: Any) -> str:
    """The document as it is handed out: JSON with a line for every value."""
    return json.dumps(plain(document), ensure_ascii=False, indent=1) + "\n"
