"""Documents that are handed out so that somebody else can check them: their text and their fingerprint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, TypeVar

from zhengtu.core.kernel.plain_values import plain, value_from
from zhengtu.core.kernel.reasons import Reason, Refused

Document = TypeVar("Document")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing drawn again.

    Attributes:
        what: an English msgid that names it, with ``%(name)s`` places. agrees: None where the document does not say.
    """

    what: str
    agrees: bool | None
    parameters: Mapping[str, object] = field(default_factory=dict)


def fingerprint_of(document: Any) -> str:
    """SHA-256 of the document as canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(plain(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def text_of(document: Any) -> str:
    """The document as it is handed out: JSON with a line for every value."""
    return json.dumps(plain(document), ensure_ascii=False, indent=1) + "\n"


def document_in(
    text: str, kind: type[Document], *, format: str, check: Callable[[Document], None], refusal: Reason
) -> Document:
    """The document of a kind that ``text_of`` wrote.

    Args:
        format: what its field ``format`` says.
        check: raises ValueError for what the types of its fields do not tell.
        refusal: why it is refused; its message names ``%(error)s``.

    Raises:
        Refused: when it is no such document.
    """
    try:
        held: Any = json.loads(text)
        if not isinstance(held, dict) or held.get("format") != format:
            raise ValueError(format)
        document = value_from(kind, held)
        check(document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(replace(refusal, parameters={"error": str(error)[:200]})) from error
    return document


def holds(question: Callable[[], bool]) -> bool:
    """Whether it holds; what cannot even be asked of a tampered document does not."""
    try:
        return question()
    except ValueError:
        return False
