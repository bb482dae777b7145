"""What is wrong with the particulars of a deed: its new last day, whose objection it decides, an early final answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from zhengtu.core.directives.next_deeds import Case, DirectiveDeed
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason


def new_day_reasons(
    deed: DirectiveDeed, case: Case, *, due_on: date | None, on: date
) -> list[Reason]:
    """What is wrong with the new last day of an extension or of a returned answer."""
    if due_on is None:
        return [_reason("new_day", N_("A new last day is needed."), N_("Give a day after today."))]
    reasons = []
    after = on
    if deed in (DirectiveDeed.ASK_EXTENSION, DirectiveDeed.GRANT_EXTENSION) and case.life.due_on is not None:
        after = max(on, case.life.due_on) if deed is DirectiveDeed.ASK_EXTENSION else case.life.due_on
    if due_on <= after or due_on < on:
        reasons.append(
            _reason("new_day_early", N_("The new last day lies after %(on)s."), N_("Give a later day."),
                    on=after.isoformat())
        )
    if case.latest_on is not None and due_on > case.latest_on:
        reasons.append(
            _reason("beyond", N_("A part is due no later than the whole: by %(on)s."), N_("Give an earlier day."),
                    on=case.latest_on.isoformat())
        )
    return reasons


def objector_reasons(among: Collection[str], *, unit: str) -> list[Reason]:
    """Why a decision is not about one objection that waits.

    Args:
        among: the units whose objections can be decided so.
        unit: the unit whose objection is decided; may be empty where there is one alone.
    """
    if unit in among or (not unit and len(among) == 1):
        return []
    return [
        _reason("whose_objection", N_("No objection of that unit waits."), N_("Choose a unit from the list."))
    ]


def final_answer_reasons(case: Case, *, unit: str) -> list[Reason]:
    """Why the lead's answer cannot be the final one: parts that it gave to others are open."""
    if unit != case.life.lead or not case.open_below:
        return []
    return [
        _reason(
            "parts_open", N_("%(count)s parts that your unit gave to others are open, the first is %(number)s."),
            N_("Close or cancel them first, or answer with an interim report."), count=len(case.open_below),
            number=case.open_below[0],
        )
    ]


def _reason(code: str, message: str, remedy: str = "", **parameters: object) -> Reason:
    return Reason(code=f"directive.{code}", message=message, parameters=parameters, remedy=remedy)
