"""A corridor as a strip: its sections along the kilometres, its gaps with what they hold up, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from zhengtu.campaign.facts import SectionStanding
from zhengtu.core.spatial.corridors import Corridor, Opening
from zhengtu.registry.corridor_queries import ProjectCorridor
from zhengtu.web.office.cockpit.sentences import is_english, kept, state_label
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.figure_text import grouped

_STEPS_KM: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_MOST_TICKS: Final = 12
_LABEL_PERCENT: Final = 11.0
"""Width of a gap's label beside the strip's, on a desk's screen."""
_LABEL_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class StripPart:
    """One section on the strip; ``left`` and ``width`` in percent."""

    left: float
    width: float
    css: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class StripGap:
    """One gap with its mark.

    Attributes:
        number: its rank, the most metres opened per household first.
        place: sections in words.
        row: line of its label from the strip downwards; -1 where no label fits.
        is_right: whether the label is written leftwards from the gap's middle.
    """

    number: int
    left: float
    width: float
    middle: float
    row: int
    is_right: bool
    place: str
    span: str
    households: str
    opens: str
    joins: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A corridor drawn: parts, gaps in order along it, ticks (percent, kilometre), free stretches."""

    parts: Sequence[StripPart]
    gaps: Sequence[StripGap]
    ticks: Sequence[tuple[float, str]]
    free: Sequence[tuple[float, float, str]]
    rows: int
    legend: Sequence[tuple[str, str]]

    @property
    def ranked(self) -> list[StripGap]:
        """The gaps by rank."""
        return sorted(self.gaps, key=lambda gap: gap.number)


def kilometres(metres: float, *, digits: int = 2) -> str:
    """A length in kilometres, without the unit."""
    return grouped(metres / 1000, digits=digits)


def section_name(standing: SectionStanding) -> str:
    """A section's name in the current language."""
    return standing.name_en if is_english() and standing.name_en else standing.name


def strip_of(one: ProjectCorridor, standings: Mapping[str, SectionStanding], dates: AsOf) -> Strip:
    """The strip of a corridor, gaps marked by sections."""
    corridor = one.corridor
    length = corridor.length_m or 1.0
    parts = []
    states = {}
    for stretch in corridor.stretches:
        standing = standings[stretch.code]
        css = standing.state.replace("_", "-")
        states[standing.state] = css
        title = gettext("%(name)s, km %(from)s–%(to)s: %(state)s") % {
            "name": section_name(standing), "from": kilometres(stretch.from_m), "to": kilometres(stretch.to_m),
            "state": state_label(standing.state),
        }
        parts.append(
            StripPart(
                left=100 * stretch.from_m / length, width=100 * stretch.length_m / length, css=css, title=title,
                href=reverse("section.view", args=[stretch.code]) + kept(dates),
            )
        )
    gaps = _gaps(corridor, standings)
    return Strip(
        parts=parts, gaps=gaps, ticks=_ticks(length), rows=1 + max((gap.row for gap in gaps), default=-1),
        free=[
            (100 * begin / length, 100 * (to - begin) / length, kilometres(to - begin, digits=1))
            for begin, to in corridor.free
        ],
        legend=sorted(((css, state_label(state)) for state, css in states.items()), key=lambda pair: pair[0]),
    )


def households_text(count: int) -> str:
    """Households left, in words."""
    if not count:
        return gettext("nobody left")
    return ngettext("%(count)s household left", "%(count)s households left", count) % {"count": grouped(count)}


def _gaps(corridor: Corridor, standings: Mapping[str, SectionStanding]) -> list[StripGap]:
    length = corridor.length_m or 1.0
    order = sorted(
        corridor.gaps, key=lambda gap: (-round(gap.opens_m_per_household, 1), gap.households_left, gap.from_m)
    )
    numbers = {id(gap): number for number, gap in enumerate(order, start=1)}
    taken = [-1.0] * _LABEL_ROWS
    found = []
    for gap in corridor.gaps:
        middle = 50 * (gap.from_m + gap.to_m) / length
        is_right = middle > 100 - _LABEL_PERCENT
        begin = middle - (_LABEL_PERCENT if is_right else 0.0)
        row = next((row for row, until in enumerate(taken) if until <= begin), -1)
        if row >= 0:
            taken[row] = begin + _LABEL_PERCENT
        found.append(
            StripGap(
                number=numbers[id(gap)], left=100 * gap.from_m / length, width=100 * (gap.to_m - gap.from_m) / length,
                middle=middle, row=row, is_right=is_right, place=_place(gap, standings),
                span=f"{kilometres(gap.from_m)}–{kilometres(gap.to_m)}",
                households=households_text(gap.households_left), opens=grouped(gap.opens_m, digits=0),
                joins=kilometres(gap.joins_m),
            )
        )
    return found


def _place(gap: Opening, standings: Mapping[str, SectionStanding]) -> str:
    """The sections of a gap: the first and the last where there are several."""
    names = [section_name(standings[code]) if code in standings else code for code in gap.codes]
    if len(names) == 1:
        return names[0]
    return gettext("%(first)s to %(last)s (%(count)s sections)") % {
        "first": names[0], "last": names[-1], "count": len(names),
    }


def _ticks(length_m: float) -> list[tuple[float, str]]:
    kilometre = length_m / 1000
    step = next((one for one in _STEPS_KM if kilometre / one <= _MOST_TICKS), _STEPS_KM[-1])
    digits = 1 if step < 1 else 0
    return [
        (100 * number * step / kilometre, grouped(number * step, digits=digits))
        for number in range(int(kilometre / step) + 1)
        if number * step <= 0.96 * kilometre  # the unit stands at the end
    ]
