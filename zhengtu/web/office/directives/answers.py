"""What each responsible unit has done about a shared directive, side by side: the lead first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtu.core.directives.life_cycle import FINAL, DirectiveEvent
from zhengtu.core.directives.standing import DirectiveStanding, State
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.office.directives.timeline import ShownFile, shown_files
from zhengtu.web.shared.reason_text import rulebook_label


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """One responsible unit with its last answer.

    Attributes:
        received_on: the day it received the directive, or None; officer: whom it named.
        note: what is to be said of the unit instead of an answer, or of the answer; may be empty.
        kind: final or interim, in words; empty while it has not answered.
    """

    unit: str
    is_lead: bool
    received_on: date | None
    officer: str
    note: str
    kind: str = ""
    on: date | None = None
    text: str = ""
    files: Sequence[ShownFile] = ()


def answers_side_by_side(
    row: DirectiveStanding, history: Sequence[DirectiveEvent], names: Names
) -> list[UnitAnswer]:
    """One answer per responsible unit; nothing where one unit alone answers.

    Args:
        history: its facts by the day of the page, earliest first.
    """
    units = [row.lead, *row.joint, *row.released]
    return [_of_unit(unit, row, history, names) for unit in units] if len(units) > 1 else []


def _of_unit(
    unit: str, row: DirectiveStanding, history: Sequence[DirectiveEvent], names: Names
) -> UnitAnswer:
    own = [event for event in history if event.attributes.get("unit") == unit]
    receipt = next((event for event in reversed(own) if event.kind == "directive_received"), None)
    report = next((event for event in reversed(own) if event.kind == "directive_reported"), None)
    if receipt is not None and unit in row.not_received:
        receipt = None
    answer = UnitAnswer(
        unit=name_of(unit, names), is_lead=unit == row.lead, received_on=receipt.on if receipt else None,
        officer=str(receipt.attributes.get("officer", "")) if receipt else "", note=_note(unit, row, report),
    )
    if report is None:
        return answer
    is_final = str(report.attributes["is_final"])
    return replace(
        answer, kind=rulebook_label(group="choice", id=f"directive_reported.is_final.{is_final}"),
        on=report.on, text=str(report.attributes["text"]), files=shown_files(report),
    )


def _note(unit: str, row: DirectiveStanding, report: DirectiveEvent | None) -> str:
    if unit in row.released:
        return _("shares it no more: its objection was accepted")
    if unit in row.objections or (unit == row.lead and row.state is State.OBJECTED):
        return _("objects; waits for a decision")
    if unit in row.not_received and row.occurrence_on is None:
        return _("not yet received")
    if report is None:
        return _("not yet answered")
    is_final = report.attributes["is_final"] == FINAL
    return pgettext("answer", "returned") if is_final and unit in row.not_answered else ""
