"""Directives on other pages: what is overdue or escalated, and what concerns one project or section."""

from __future__ import annotations

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext

from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.standing import Colour, DirectiveStanding, Rung
from zhengtu.directives import page_queries, queries
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import LateLine, Names, name_of
from zhengtu.web.office.directives import words
from zhengtu.web.office.directives.desk import line
from zhengtu.web.shared.as_of import AsOf

_MATTER_CHARACTERS = 60
_URGENT = (Colour.RED, Colour.YELLOW)


def overdue_lines(actor: Actor, *, names: Names, dates: AsOf) -> list[LateLine]:
    """Overdue and escalated directives in reach as lines of the cockpit, red first."""
    if not page_queries.may(actor, "directive.view"):
        return []
    rows = [
        row for row in queries.directives_for(actor, on=dates.on, known=dates.known)
        if words.is_open(row) and (row.overdue_workdays or row.rung != Rung.NONE or row.colour == Colour.RED)
    ]
    rows.sort(key=lambda row: (_URGENT.index(row.colour) if row.colour in _URGENT else len(_URGENT),
                               -row.overdue_workdays, row.code))
    return [_late_line(row, names, dates) for row in rows]


def _late_line(row: DirectiveStanding, names: Names, dates: AsOf) -> LateLine:
    lamp, why = words.light_of(row)
    ends = current_rulebook().directives.matter_ends
    matter = Truncator(row.matter.rstrip(ends)).chars(_MATTER_CHARACTERS)
    sentence = gettext("%(matter)s: %(why)s") % {"matter": matter, "why": why}
    if row.rung != Rung.NONE:
        sentence = gettext("%(sentence)s Escalated to: %(rung)s.") % {
            "sentence": sentence, "rung": words.rung_label(row.rung),
        }
    href = words.page_of(row.code, dates)
    return LateLine(
        light=lamp, subject=row.number, href=href, sentence=sentence, responsible=name_of(row.lead, names),
        due_on=row.due_on, proof_href=href,
    )


def lines_about(actor: Actor, place: str, *, names: Names, dates: AsOf) -> list[dict[str, Any]]:
    """Directives in reach that are about a project or one of its sections, open ones first."""
    if not page_queries.may(actor, "directive.view"):
        return []
    rows = page_queries.directives_about(actor, place, on=dates.on, known=dates.known)
    return [line(row, names, dates) for row in rows]
