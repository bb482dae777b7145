"""The rights clock as the dossier and the family's page show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtu.casework.rights_clock import ClockedRight
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.rights import RightState
from zhengtu.web.office.cockpit.sentences import is_english
from zhengtu.web.shared.reason_text import rulebook_label

_STATES: Final[Mapping[RightState, tuple[str, Promise]]] = {
    RightState.RUNNING: ("running", _("running")),
    RightState.NOT_STARTED: ("idle", _("not started")),
    RightState.EXERCISED: ("green", _("used")),
    RightState.REPLACED: ("idle", _("replaced by another proceeding")),
    RightState.OVER: ("idle", _("run out")),
}


@dataclass(frozen=True, slots=True)
class ShownRight:
    """One right in words.

    Attributes:
        light: its mark; ``state`` says the same in words.
        to: whom the household turns to, by the body's own name where it is known.
        reasons: what the days rest on, and warnings.
    """

    name: str
    light: str
    state: Promise
    first_on: date | None
    last_on: date | None
    days_left: int | None
    is_running: bool
    is_untold: bool
    exercised_on: date | None
    to: str
    how: str
    uncertain_years: Sequence[int]
    reasons: Sequence[Reason]
    source: str


def shown_rights(rights: Sequence[ClockedRight]) -> list[ShownRight]:
    """The rights in the reader's language, in the given order."""
    english = is_english()
    shown = []
    for one in rights:
        period, right = one.period, one.period.right
        light, state = _STATES[period.state]
        shown.append(ShownRight(
            name=rulebook_label(group="right", id=right.id), light=light, state=state, first_on=period.first_on,
            last_on=period.last.on if period.last else None, days_left=one.days_left, is_running=one.is_running,
            is_untold=period.is_untold, exercised_on=period.exercised_on,
            to=one.authority if one.authority and not english else right.to[english], how=right.how[english],
            uncertain_years=one.uncertain_years, reasons=period.reasons, source=right.source,
        ))
    return shown
