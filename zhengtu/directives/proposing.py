"""What was read out of a text, as the rows of proposals hold it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhengtu.core.directives.draft import MATTER_LIMIT, SaidDue
from zhengtu.core.directives.progress import proposed_goal
from zhengtu.core.directives.rules import DirectiveRules
from zhengtu.core.language.directive_text import DueKind, ExtractedDirective, Mention


def stored_mentions(mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    """Units or projects as JSON: name, code and, of a collective name, the codes of its members."""
    return [{"name": one.name, "code": one.code, "members": list(one.members)} for one in mentions]


def stored_due(due: SaidDue) -> dict[str, Any]:
    """A due date as JSON."""
    return {
        "kind": str(due.kind), "on": due.on.isoformat() if due.on is not None else None, "rrule": due.rrule,
        "text": due.text,
    }


def proposal_columns(found: ExtractedDirective, *, rules: DirectiveRules) -> dict[str, Any]:
    """The columns of the proposal of a sentence, with the goal that its words name where the ledger can know it."""
    return {
        "span_start": found.span[0], "span_end": found.span[1], "matter": found.matter[:MATTER_LIMIT],
        "units": stored_mentions(found.units), "assisting": stored_mentions(found.assisting),
        "projects": stored_mentions(found.projects), "due": stored_due(found.due),
        "goal": goal_of(found, rules=rules), "confidence": found.confidence, "because": list(found.because),
    }


def goal_of(found: ExtractedDirective, *, rules: DirectiveRules) -> str:
    """The goal of a sentence, or empty: the ledger knows goals only of its projects and districts, reached once."""
    places = [one.code for one in found.projects if one.code]
    divisions = [
        code for one in found.units for code in (one.code, *one.members) if len(code) == 6 and not code.endswith("00")
    ]
    if found.due.kind is DueKind.RECURRING or not (places or divisions):
        return ""
    return proposed_goal(found.matter, words=rules.goals)
