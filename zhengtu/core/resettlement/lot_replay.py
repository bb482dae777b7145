"""A drawing of lots as it is published, and what a second person finds who draws again from it.

The document holds the seed, the commitment made before the list was closed, the closed list and the order drawn.
Nothing else is needed to draw again; see ``core.kernel.draw`` for the one line that is hashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.kernel.draw import commitment_of, digest_of_list, drawn_order
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.published import Check, document_in, fingerprint_of, holds, text_of
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.resettlement.lots import PURPOSE

FORMAT: Final = "zhengtu-lots-1"


@dataclass(frozen=True, slots=True)
class LotDocument:
    """A drawing of lots as it is published.

    Attributes:
        commitment: SHA-256 of the seed, published before the list was closed.
        list_digest: fingerprint of the closed list; households: that list.
        order: the families as they choose, the first first.
    """

    draw: str
    site: str
    title: str
    drawn_on: date
    commitment: str
    list_digest: str
    households: Sequence[str]
    seed: str
    order: Sequence[str]
    format: str = FORMAT


def fingerprint(document: LotDocument) -> str:
    """SHA-256 of the document as canonical JSON: sorted keys, no spaces, UTF-8."""
    return fingerprint_of(document)


def written(document: LotDocument) -> str:
    """The document as it is handed out."""
    return text_of(document)


def read_document(text: str) -> LotDocument:
    """The document that ``written`` wrote.

    Raises:
        Refused: when it is no such document.
    """
    return document_in(text, LotDocument, format=FORMAT, check=_check_shape, refusal=Reason(
        code="resettlement.no_lot_document", message=N_("The file is no published drawing of lots: %(error)s"),
        remedy=N_("Take the file that the drawing's page offers."),
    ))


def _check_shape(document: LotDocument) -> None:
    if not all(isinstance(code, str) for code in (*document.households, *document.order)):
        raise ValueError("codes are text")


def checks(document: LotDocument) -> list[Check]:
    """Everything that a second person draws again, in order."""
    return [
        Check(N_("The seed is the one committed to before the list was closed"), holds(
            lambda: commitment_of(document.seed) == document.commitment
        )),
        Check(N_("The list is the one that was published"), holds(
            lambda: digest_of_list(document.households) == document.list_digest
        )),
        Check(N_("The order is the one that the seed makes of the list"), holds(
            lambda: drawn_order(document.households, seed=document.seed, purpose=PURPOSE) == list(document.order)
        )),
    ]
