"""Facts of sponsorship and hard cases as they are recorded: short, about the file, without anybody's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.rulebook import current_rulebook


def checked_fact(
    subject: str, kind: str, day: date, given: Mapping[str, Any], text: str,
    reasons: Sequence[Reason] = (), *, is_own: bool = False,
) -> NewFact:
    """The fact, its text with identity and telephone numbers masked.

    Args:
        text: name of the attribute that is free text.
        is_own: whether a family writes about itself: it may say what nobody else may.

    Raises:
        Refused: with everything that speaks against it.
    """
    against = list(reasons)
    clean = {
        name: mask_identifiers_in(value.strip()) if isinstance(value, str) else value for name, value in given.items()
    }
    attributes, wrong = checked_attributes(current_rulebook().fact_kinds[kind], clean)
    against += wrong
    if clean[text]:
        against += current_rulebook().sponsorship.text_reasons(clean[text], is_own=is_own)
    if against:
        raise Refused(*against)
    return NewFact(kind_of(subject), subject, kind, day, attributes)
