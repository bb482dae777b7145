"""Nobody looks at personal data without saying what for."""

from __future__ import annotations

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused


def stated_purpose(text: str) -> str:
    """The purpose of a look, as it is recorded with the look.

    Raises:
        Refused: when none is given.
    """
    if not text.strip():
        raise Refused(Reason(
            code="personal_data.purpose_missing", message=N_("Looking at personal data needs a purpose."),
            remedy=N_("Write what you need the data for."),
        ))
    return text.strip()
