"""How a directive stands in words: state, light, rung, units, dates; shared by lists and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from zhengtu.core.directives.standing import OPEN_STATES, Colour, DirectiveStanding, Rung, State
from zhengtu.core.kernel.codes import kind_of
from zhengtu.web.office.cockpit.sentences import Names, kept, name_of, short_name_of, subject_href
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.reason_text import spoken_reason

STATES: Final[Mapping[State, object]] = {
    State.SET: gettext_lazy("Set, not yet assigned"),
    State.ASSIGNED: gettext_lazy("Assigned, to be received"),
    State.OBJECTED: gettext_lazy("Objected to"),
    State.RECEIVED: gettext_lazy("In hand"),
    State.REPORTED: gettext_lazy("Reported, to be checked"),
    State.RETURNED: gettext_lazy("Returned, to be done again"),
    State.VERIFIED: gettext_lazy("Verified, to be closed"),
    State.CLOSED: gettext_lazy("Closed as done"),
    State.ARCHIVED: gettext_lazy("Archived"),
    State.CANCELLED: gettext_lazy("Cancelled"),
}
COLOURS: Final[Mapping[Colour, object]] = {
    Colour.RED: gettext_lazy("Red: overdue beyond the limit"),
    Colour.YELLOW: gettext_lazy("Yellow: overdue or behind"),
    Colour.BLUE: gettext_lazy("Blue: due soon"),
    Colour.GREEN: gettext_lazy("Green: on time"),
    Colour.IDLE: gettext_lazy("Closed or not yet begun"),
}
RUNGS: Final[Mapping[Rung, object]] = {
    Rung.NONE: gettext_lazy("Not escalated"),
    Rung.UNIT_HEAD: gettext_lazy("Unit head"),
    Rung.COORDINATOR: gettext_lazy("Coordinator"),
    Rung.VICE_MAYOR: gettext_lazy("Vice-mayor"),
    Rung.MAYOR: gettext_lazy("Mayor"),
}


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


def rows_of_progress(standing: DirectiveStanding, dates: AsOf) -> str:
    """The list of the rows behind a directive's progress: households, sections or projects that it counts."""
    progress = standing.progress
    if progress is None:
        return ""
    place = {kind_of(code): code for code in standing.projects} if len(standing.projects) == 1 else {}
    narrowed = {name: place[name] for name in ("project", "section") if name in place}
    if progress.unit_of_count == "households":
        return reverse("household.list") + kept(dates, **narrowed)
    if progress.unit_of_count == "projects":
        return reverse("project.list") + kept(dates)
    return reverse("section.list") + kept(dates, **narrowed)
