"""Papers of directives as data: which there are, when each may be made, and its fields filled with what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhengtu.core.directives.standing import OPEN_STATES, DirectiveStanding, State
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

NAMES: Final = frozenset({
    "all_chases", "assisting", "chases", "contact", "due", "joint", "last_chase", "lead", "matter", "number",
    "objection_workdays", "officer", "overdue", "phone", "progress", "set_on", "setter", "source", "state", "today",
    "urgency",
})
"""What a field may name."""
_NAME: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class PaperField:
    """A field of a form: label, text with names in braces, least height in lines, and the name that it cannot lack."""

    label: str
    text: str
    lines: int = 1
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper.

    Attributes:
        label: its title in Chinese, and what the screens call it in English.
        layout: as ``press`` names it: ``slip`` or ``red_slip``.
        rows: fields from the top.
        chases: how often the directive has to have been chased before; is_overdue: whether it has to be overdue.
    """

    id: str
    label: tuple[str, str]
    layout: str
    rows: Sequence[Sequence[PaperField]]
    chases: int
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """All papers in the order of their weight, with the phrases and units that they share."""

    papers: Mapping[str, Paper]
    phrases: Mapping[str, str]
    units_of_count: Mapping[str, str]


def paper_reasons(paper: Paper, standing: DirectiveStanding, *, chases: int) -> list[Reason]:
    """Why the paper may not be made now; empty where it may."""
    reasons = []
    if standing.state not in OPEN_STATES or standing.state is State.SET:
        reasons.append(Reason(
            "directive.paper_not_open",
            N_("The directive is %(state)s; a notice is made while it is with the unit that answers for it."),
            {"state": f"directive_state:{standing.state}"},
        ))
    if chases < paper.chases:
        reasons.append(Reason(
            "directive.paper_too_early",
            N_("“%(paper)s” follows %(needed)s demands; so far there have been %(chases)s."),
            {"paper": f"directive_paper:{paper.id}", "needed": paper.chases, "chases": chases},
            remedy=N_("Chase the directive first; the demand is recorded with its text."),
        ))
    if paper.is_overdue and standing.overdue_workdays == 0:
        reasons.append(Reason(
            "directive.paper_not_overdue",
            N_("“%(paper)s” is for directives past their last day; this one is not."),
            {"paper": f"directive_paper:{paper.id}"},
        ))
    return reasons


def filled_rows(paper: Paper, values: Mapping[str, str]) -> list[list[PaperField]]:
    """The rows with their texts filled; values are put in as they are, and what they say is not read again."""
    rows = []
    for row in paper.rows:
        fields = [
            PaperField(field.label, filled(field.text, values), field.lines)
            for field in row if not field.needs or values.get(field.needs)
        ]
        if fields:
            rows.append(fields)
    return rows


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its names filled, each from the values alone."""
    return _NAME.sub(lambda found: values[found.group(1)], text)


def names_in(text: str) -> Iterator[str]:
    """The names that a text takes."""
    return (found.group(1) for found in _NAME.finditer(text))
