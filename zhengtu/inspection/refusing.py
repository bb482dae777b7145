"""What the actions of inspections share: finding one for an actor, and saying why something is refused."""

from __future__ import annotations

from datetime import date

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.models import Inspection
from zhengtu.inspection.reach import inspection_seen

TEXT_LIMIT = 4_000


def seen(actor: Actor, code: str, *, today: date) -> Inspection:
    """The inspection, if it exists for the actor; asked before anything is written down, refusals included.

    Raises:
        Refused: there is none for them, in the words for a code that was never given.
    """
    row = inspection_seen(actor, code, on=today)
    if row is None:
        raise Refused(reason("unknown", N_("There is no such inspection."), N_("Open it from the list.")))
    return row


def text_reasons(text: str, *, message: str, remedy: str) -> list[Reason]:
    """Why a text cannot be kept: it is missing or too long."""
    if not text.strip():
        return [reason("text", message, remedy)]
    if len(text) > TEXT_LIMIT:
        return [
            reason("text_long", N_("The text has more than %(limit)s characters."),
                   N_("Attach the rest as a file."), limit=TEXT_LIMIT)
        ]
    return []


def standing_reasons(row: Inspection, *, drawn: bool) -> list[Reason]:
    """Why an inspection takes no more deeds of its own: cancelled, released, not drawn yet or drawn already."""
    if row.cancelled_on is not None:
        return [reason("cancelled", N_("The inspection was cancelled."))]
    if row.released_on is not None:
        return [reason("released", N_("The conclusions were fed back already."))]
    if drawn and row.drawn_on is None:
        return [reason("not_drawn", N_("Nothing is drawn yet."), N_("Draw the households and inspectors first."))]
    if not drawn and row.drawn_on is not None:
        return [reason("drawn", N_("The draw is made; it is made once."))]
    return []


def reason(code: str, message: str, remedy: str = "", source: str = "", **parameters: object) -> Reason:
    """One reason of this part of the product."""
    return Reason(
        code=f"inspection.{code}", message=message, parameters=parameters, source=source, remedy=remedy
    )
