"""How a directive stands in words: state, light, rung, units, dates; shared by lists and pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext

from zhengtu.core.directives.standing import OPEN_STATES, Colour, DirectiveStanding, Rung, State
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import Names, kept, name_of, short_name_of, subject_href
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason


def state_label(state: State) -> str:
    """Where a directive is in its life."""
    return rulebook_label(group="directive_state", id=str(state))


def rung_label(rung: Rung) -> str:
    """Whom an overdue directive has climbed to; nothing for none."""
    return "" if rung == Rung.NONE else rulebook_label(group="directive_rung", id=str(rung))


def colour_label(colour: Colour) -> str:
    """What a light says."""
    return rulebook_label(group="directive_light", id=str(colour))


def urgency_choices() -> list[tuple[str, str]]:
    """Urgencies with their names."""
    return [
        (id, rulebook_label(group="urgency", id=id)) for id in current_rulebook().directives.handling_workdays
    ]


def light_of(standing: DirectiveStanding) -> tuple[str, str]:
    """(light, sentence) as the light tag draws them; what was closed has a tick instead of a lamp."""
    is_over = standing.state in (State.CLOSED, State.ARCHIVED)
    name = "done" if is_over and standing.colour == Colour.IDLE else str(standing.colour)
    return name, spoken_reason(standing.light_reason).message


def is_open(standing: DirectiveStanding) -> bool:
    """Whether somebody still has a move."""
    return standing.state in OPEN_STATES


def unit_list(codes: Iterable[str], names: Names) -> str:
    """Units by name, in order."""
    return gettext(", ").join(name_of(code, names) for code in codes)


def short_unit(code: str, names: Names) -> str:
    """A unit by its short name."""
    return short_name_of(code, names) if code else ""


def place_links(codes: Iterable[str], names: Names, dates: AsOf) -> list[tuple[str, str]]:
    """(name, address) of the projects and sections that a directive is about."""
    return [(name_of(code, names), subject_href(code, dates)) for code in codes]


def page_of(code: str, dates: AsOf) -> str:
    """The page of a directive."""
    return reverse("directive.view", args=[code]) + kept(dates)


def counted_label(unit_of_count: str) -> str:
    """What a progress counts."""
    return {"households": gettext("households"), "sections": gettext("sections"), "projects": gettext("projects")}[
        unit_of_count
    ]
