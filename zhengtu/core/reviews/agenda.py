"""The agenda of a review, proposed from the week's facts by one rule; docs/algorithms/agenda.md.

Nobody picks what is spoken about: whatever is red, late, near, broken or waiting is on it exactly once, in an order
that the rulebook gives and that has no ties.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Blocker
from zhengtu.core.reviews.week import Kept, PlaceWeek

PROMISES: Final = "promises"
"""Key of the matter that gathers the promises of the last review."""


class AgendaKind(StrEnum):
    """Why something is on the agenda; ``rulebook/reviews`` names each and gives its place in the order."""

    PROMISE_BROKEN = "promise_broken"
    TURNED_RED = "turned_red"
    DIRECTIVE_OVERDUE = "directive_overdue"
    DUTY_MISSED = "duty_missed"
    DEADLINE_NEAR = "deadline_near"
    STILL_RED = "still_red"
    MONEY_LATE = "money_late"
    HOMES_OVERDUE = "homes_overdue"
    WAITS_FOR_CITY = "waits_for_city"
    MATTER_OPEN = "matter_open"
    PROMISE_LATE = "promise_late"
    PROMISE_DUE = "promise_due"
    PROMISE_KEPT = "promise_kept"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One thing to speak about.

    Attributes:
        key: what it is about, once on an agenda: ``part/220204-P0001``, ``directive/220200-D0001`` …
        priority: its kind's place in the order; the lowest is dealt with first.
        colour: light shown beside it: red, yellow, blue, green or idle.
        subject: code of the part, project, section, household or directive.
        project: code of the project, or empty.
        jurisdiction: code of the district or zone that it lies in, or empty.
        units: codes of the units that answer for it, the first of them first of all.
        who: unit in words, where only words name it.
        text: matter of a directive or hard matter in its own words; empty else.
        number: of a directive as people write it; empty else.
        reason: why it is on the agenda, in a sentence.
        days: working days overdue of a directive, calendar days left of a deadline, or None.
        counts: name -> number: ``sections``, ``sections_left``, ``households``, ``households_left``, ``overdue``,
            ``over_12``, ``over_40``, ``done``, ``total``.
        amounts_yuan: name -> sum: ``missing``, ``arrived``, ``committed``, ``paid``.
        probability: that its deadline is met, 0 to 1, or None.
        blocker: the one thing that holds it up, or None.
        section_names: (Chinese, English) of sections that the blocker may name.
    """

    key: str
    kind: AgendaKind
    priority: int
    colour: str
    subject: str
    project: str
    jurisdiction: str
    units: Sequence[str]
    reason: Reason
    who: str = ""
    text: str = ""
    number: str = ""
    goal: str = ""
    due_on: date | None = None
    earliest_on: date | None = None
    probability: float | None = None
    days: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    amounts_yuan: Mapping[str, Decimal] = field(default_factory=dict)
    blocker: Blocker | None = None
    section_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, int, date, str]:
        """Place on the agenda: by kind, then the longest overdue, then the earliest due; the key breaks every tie."""
        late = self.days if self.days is not None and self.kind is not AgendaKind.DEADLINE_NEAR else 0
        return (self.priority, -late, self.due_on or date.max, self.key)


@dataclass(frozen=True, slots=True)
class AgendaMatter:
    """What is dealt with in one go: the items of one project, of one unit, or the promises of the last review.

    Attributes:
        key: code of the project or unit, or ``promises``; once on an agenda.
        items: in their order.
    """

    key: str
    items: Sequence[AgendaItem]

    @property
    def units(self) -> tuple[str, ...]:
        """Units that answer for some item of it, each once, in the items' order."""
        return tuple(dict.fromkeys(unit for item in self.items for unit in item.units))

    @property
    def colour(self) -> str:
        """The most urgent light of its items."""
        held = {item.colour for item in self.items}
        return next((colour for colour in ("red", "yellow", "blue", "running", "green") if colour in held), "idle")


@dataclass(frozen=True, slots=True)
class Agenda:
    """The agenda of a review as it is put.

    Attributes:
        on, known_on, since: the dates of the week that it follows from.
        last_review: code of the review whose promises are looked at, or empty.
        kept: what became of them -> how many.
        matters: in their order.
        names: code -> (Chinese, English) of what is named.
        total: the city's figures at both dates.
        parts_missing: parts of projects whose plan is not computed, so that the agenda may lack them.
    """

    city: str
    rhythm: str
    on: date
    known_on: date | None
    since: date
    last_review: str
    kept: Mapping[Kept, int]
    matters: Sequence[AgendaMatter]
    names: Mapping[str, tuple[str, str]]
    total: PlaceWeek
    parts_missing: int = 0

    def items(self) -> list[AgendaItem]:
        """Every item, matter by matter."""
        return [item for matter in self.matters for item in matter.items]

    def matter(self, key: str) -> AgendaMatter | None:
        """The matter with that key."""
        return next((matter for matter in self.matters if matter.key == key), None)

    def of_units(self, units: Collection[str]) -> Agenda:
        """The same with those items alone that one of the units answers for; counts of promises follow."""
        own = [
            AgendaMatter(matter.key, items) for matter in self.matters
            if (items := [item for item in matter.items if set(units).intersection(item.units)])
        ]
        held = {item.kind for item in (item for matter in own for item in matter.items)}
        counts = {
            kept: sum(item.kind is kind for matter in own for item in matter.items) if kind in held else 0
            for kept, kind in PROMISE_KINDS.items()
        }
        return replace(self, matters=own, kept=counts)


PROMISE_KINDS: Final = {
    Kept.BROKEN: AgendaKind.PROMISE_BROKEN, Kept.LATE: AgendaKind.PROMISE_LATE, Kept.KEPT: AgendaKind.PROMISE_KEPT,
    Kept.NOT_YET_DUE: AgendaKind.PROMISE_DUE,
}
"""A cancelled promise is no matter any more; it is counted and not spoken about."""
