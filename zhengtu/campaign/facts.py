"""What the cockpit and the lists show, as plain values, and how they follow from a section's figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Final

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.ledger.figures import STATE_FIGURES
from zhengtu.core.ledger.milestones import State
from zhengtu.core.planning.plan import Blocker

UNREGISTERED: Final = "unregistered"
HANDED_OVER: Final = "handed_over"
PLACE_STATES: Final[tuple[str, ...]] = (UNREGISTERED, *(str(state) for state in State), HANDED_OVER)
"""States of a section or project, in order: that of its least advanced household, and hand-over at the end."""

SETTLED_STATES: Final = (State.SETTLED, State.PAID, State.VACATED, State.DEMOLISHED)
VACATED_STATES: Final = (State.VACATED, State.DEMOLISHED)
Figures = Mapping[str, int]

_IN_ANY_STATE: Final = itemgetter(*STATE_FIGURES.values())
_SETTLED: Final = itemgetter(*(STATE_FIGURES[state] for state in SETTLED_STATES))
_VACATED: Final = itemgetter(*(STATE_FIGURES[state] for state in VACATED_STATES))
_STATE_OF_FIGURE: Final = tuple((figure, str(state)) for state, figure in STATE_FIGURES.items())


@dataclass(frozen=True, slots=True)
class SectionStanding:
    """One section with its figures on the page's dates and their change in seven days.

    Attributes:
        households: households in the register.
        settled: households that signed or were decided upon, or stand further.
        vacated: households that vacated or stand further.
        is_handed_over: whether the land was handed over.
        state: the state of its least advanced household; ``handed_over`` once it is, ``unregistered`` without any.
    """

    code: str
    name: str
    name_en: str
    project: str
    jurisdiction: str
    figures: Figures
    change: Figures
    is_launched: bool = False
    households: int = field(init=False)
    settled: int = field(init=False)
    vacated: int = field(init=False)
    is_handed_over: bool = field(init=False)
    state: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "households", sum(_IN_ANY_STATE(self.figures)))
        object.__setattr__(self, "settled", sum(_SETTLED(self.figures)))
        object.__setattr__(self, "vacated", sum(_VACATED(self.figures)))
        object.__setattr__(self, "is_handed_over", self.figures["handed_over_count"] > 0)
        object.__setattr__(self, "state", self._state())

    def _state(self) -> str:
        if self.is_handed_over:
            return HANDED_OVER
        for figure, state in _STATE_OF_FIGURE:
            if self.figures[figure]:
                return state
        return UNREGISTERED

    def households_left(self, goal: str) -> int:
        """Households that have not yet reached what the goal of a deadline asks."""
        if goal == "signed":
            return self.households - self.settled
        if goal == "resettled":
            return max(0, self.households - self.figures["resettled_count"])
        if goal == "launched":
            return 0 if self.is_launched else self.households
        return 0 if self.is_handed_over else self.households - self.vacated

    def is_left(self, goal: str) -> bool:
        """Whether the section has not yet reached the goal of a deadline."""
        if goal in ("handed_over", "started"):
            return not self.is_handed_over
        if goal == "launched":
            return not self.is_launched
        return self.households_left(goal) > 0


@dataclass(frozen=True, slots=True)
class DeadlineStanding:
    """Everything that is due on one day for one goal.

    Attributes:
        names: (Chinese, English) of the one deadline, or None where several share the day and the goal.
    """

    goal: str
    due_on: date
    names: tuple[str, str] | None
    projects: int
    sections: int
    sections_left: int
    households: int
    households_left: int

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.due_on.isoformat()}.{self.goal}"


@dataclass(frozen=True, slots=True)
class DeadlineOf:
    """A deadline with the sections it is about; ``project`` is empty for one of the whole campaign."""

    goal: str
    due_on: date
    names: tuple[str, str]
    project: str
    sections: Sequence[SectionStanding]


@dataclass(frozen=True, slots=True)
class LateItem:
    """Something late or at risk, with one sentence.

    Attributes:
        kind: ``matter``, ``plan``, ``overdue`` or ``funds``; says which numbers are given.
        subject: code of the project, section or household.
        text: the matter in the words of its deed; empty for the other kinds.
        responsible: unit codes, or the words of the matter's deed.
        numbers: what the sentence counts.
        deed: the matter's deed.
        reason: why an account is short, of ``funds``; since ``due_on``. Why a plan's light is what it is, of ``plan``.
        place: the part of the project that an account or a plan belongs to.
        blocker: the one thing that holds a plan up now, or None.
        section_names: (Chinese, English) of sections that the blocker may name.
    """

    kind: str
    light: str
    subject: str
    due_on: date | None
    responsible: tuple[str, ...]
    text: str = ""
    goal: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    deed: str = ""
    reason: Reason | None = None
    place: str = ""
    blocker: Blocker | None = None
    section_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JurisdictionStanding:
    """A district or zone in the ranking.

    Attributes:
        share: settled households of those registered, 0 to 1; None where none is registered.
        change: change of the share in seven days; None where there was none to compare with.
        rank, rank_before: place by share today and seven days ago; None without a share.
    """

    code: str
    households: int
    settled: int
    vacated: int
    share: float | None
    change: float | None
    rank: int | None
    rank_before: int | None


def ranked(sections: Iterable[SectionStanding]) -> list[JurisdictionStanding]:
    """Jurisdictions by the share of households settled, the highest first; docs/algorithms/ranking.md.

    Args:
        sections: those that count; sections that only wait for resettlement are left out by the caller.
    """
    sums: dict[str, list[int]] = {}
    for section in sections:
        held = sums.setdefault(section.jurisdiction, [0] * 5)
        held[0] += section.households
        held[1] += section.settled
        held[2] += section.vacated
        held[3] += section.households - sum(_IN_ANY_STATE(section.change))
        held[4] += section.settled - sum(_SETTLED(section.change))
    shares = {code: held[1] / held[0] for code, held in sums.items() if held[0]}
    before = {code: held[4] / held[3] for code, held in sums.items() if held[3]}
    places, places_before = _places(shares), _places(before)
    rows = [
        JurisdictionStanding(
            code=code, households=held[0], settled=held[1], vacated=held[2], share=shares.get(code),
            change=shares[code] - before[code] if code in shares and code in before else None,
            rank=places.get(code), rank_before=places_before.get(code),
        )
        for code, held in sums.items()
    ]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.code))


def _places(shares: Mapping[str, float]) -> dict[str, int]:
    """Equal shares take the same place."""
    ordered = sorted(shares.values(), reverse=True)
    return {code: ordered.index(share) + 1 for code, share in shares.items()}


def deadlines_by_day(deadlines: Iterable[DeadlineOf], *, on: date) -> list[DeadlineStanding]:
    """Deadlines that lie ahead or still have work left, those of one day and goal together, the next first."""
    groups: dict[tuple[date, str], list[DeadlineOf]] = {}
    for deadline in deadlines:
        groups.setdefault((deadline.due_on, deadline.goal), []).append(deadline)
    found = []
    for (due_on, goal), group in sorted(groups.items()):
        sections = {section.code: section for deadline in group for section in deadline.sections}
        names = {deadline.names for deadline in group}
        standing = DeadlineStanding(
            goal=goal, due_on=due_on, names=names.pop() if len(names) == 1 else None,
            projects=len({section.project for section in sections.values()}),
            sections=len(sections),
            sections_left=sum(section.is_left(goal) for section in sections.values()),
            households=sum(section.households for section in sections.values()),
            households_left=sum(section.households_left(goal) for section in sections.values()),
        )
        if sections and (due_on >= on or standing.sections_left):
            found.append(standing)
    return found


def overdue_projects(
    sections: Iterable[SectionStanding], *, responsible: Mapping[str, tuple[str, ...]]
) -> list[LateItem]:
    """Projects whose households were promised a home for an earlier day, the most households first."""
    figures = ("overdue_over_0", "overdue_over_12", "overdue_over_40")
    sums: dict[str, dict[str, int]] = {}
    for section in sections:
        held = sums.setdefault(section.project, dict.fromkeys(figures, 0))
        for figure in figures:
            held[figure] += section.figures[figure]
    return [
        LateItem(
            kind="overdue", light="red", subject=project, due_on=None, goal="resettled",
            responsible=responsible.get(project, ()), numbers=numbers,
        )
        for project, numbers in sorted(sums.items(), key=lambda item: -item[1]["overdue_over_0"])
        if numbers["overdue_over_0"]
    ]


def place_state(sections: Iterable[SectionStanding]) -> str:
    """The state of a project: that of its least advanced section."""
    return min((section.state for section in sections), key=PLACE_STATES.index, default=UNREGISTERED)
