"""What happened between two reviews, as one value: reviews put it on the table, bulletins and their annex print it.

Everything in it follows from the ledger by two dates: ``on``, what had happened by then, and ``known_on``, what had
been recorded by then. The earlier day ``since`` is counted with the same knowledge where figures are compared, so that
a late record never counts for two weeks or for none; lights of the earlier day are those that were seen then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Blocker, Colour, Light

Names = tuple[str, str]
"""(Chinese, English)."""


@dataclass(frozen=True, slots=True)
class CampaignDays:
    """The campaign with its first and last day; where none runs, the week has none."""

    code: str
    name: Names
    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True)
class PlaceWeek:
    """A jurisdiction, or the whole city, at both dates.

    Attributes:
        code: of the jurisdiction; of the city for the whole.
        figures: figure (``core.ledger.figures.FIGURES``) -> its value by the end of ``on``.
        before: the same by the end of ``since``, as known on ``known_on``.
        projects, sections, households: how many there are by the end of ``on``.
        settled: households that signed or were decided upon, or stand further; ``settled_before`` by ``since``.
        vacated: households that vacated, or stand further; ``vacated_before`` by ``since``.
        handed_over: sections handed over; ``handed_over_before`` by ``since``.
        verified: of the vacated, confirmed by an independent source and contradicted by none; None where none vacated.
        contradicted: of the vacated, said by a source not to be cleared.
    """

    code: str
    figures: Mapping[str, int]
    before: Mapping[str, int]
    projects: int
    sections: int
    households: int
    settled: int
    settled_before: int
    vacated: int
    vacated_before: int
    handed_over: int
    handed_over_before: int
    verified: int | None = None
    contradicted: int = 0

    def change(self, figure: str) -> int:
        """By how much a figure changed from the end of ``since`` to the end of ``on``."""
        return self.figures.get(figure, 0) - self.before.get(figure, 0)


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A jurisdiction in the ranking; docs/algorithms/ranking.md.

    Attributes:
        share: settled households of those registered, 0 to 1, without projects that wait for resettlement alone; None
            where no household is registered. ``share_before`` by ``since``.
        rank, rank_before: place by share at either date; None without a share.
        red, yellow: parts of projects with that light on ``on``.
        overdue: directives that it leads and that are overdue on ``on``.
        money_late: accounts of its parts whose money is late.
    """

    code: str
    households: int
    settled: int
    share: float | None
    share_before: float | None
    rank: int | None
    rank_before: int | None
    red: int
    yellow: int
    overdue: int
    money_late: int

    @property
    def change(self) -> float | None:
        """By how much the share changed; None where one of the two is missing."""
        return None if self.share is None or self.share_before is None else self.share - self.share_before


@dataclass(frozen=True, slots=True)
class PartLight:
    """One part of a project (what of it lies in one jurisdiction) with its light at both dates.

    Attributes:
        code: of the part, ``220204-P0001``.
        light: by the end of ``on``; its reason names why, its blocker whose move it is.
        before: the colour that was shown on ``since``; None where the part had no plan then.
        responsible: code of the unit whose move it is.
        goal, due_on: of the deadline that decides the light; empty and None where none is ahead.
        earliest_on: the earliest lawful day for it; None where the plan reaches none.
        section_names: (Chinese, English) of sections that the blocker may name.
    """

    code: str
    project: str
    jurisdiction: str
    light: Light
    before: Colour | None
    responsible: str
    goal: str = ""
    due_on: date | None = None
    earliest_on: date | None = None
    section_names: Mapping[str, Names] = field(default_factory=dict)

    @property
    def has_turned_red(self) -> bool:
        """Whether it is red now and was not on ``since``; a part without a plan then counts as turned."""
        return self.light.colour is Colour.RED and self.before is not Colour.RED

    @property
    def has_left_red(self) -> bool:
        """Whether it was red on ``since`` and is no more."""
        return self.before is Colour.RED and self.light.colour is not Colour.RED


@dataclass(frozen=True, slots=True)
class PartDeadline:
    """One deadline of one part of a project that is not met and lies no further ahead than the rhythm looks.

    Attributes:
        key: ``2025-03-15.handed_over``.
        sections_left, households_left: what has not reached the goal, of ``sections`` and ``households``.
        earliest_on: the earliest lawful day; None where the plan reaches none.
        probability: that it is met, 0 to 1; None where the forecast abstains.
        blocker: the one thing that holds the part up now, or None.
        days_left: calendar days from ``on``; negative once it has passed.
    """

    key: str
    goal: str
    due_on: date
    name: Names
    part: str
    project: str
    jurisdiction: str
    sections: int
    sections_left: int
    households: int
    households_left: int
    earliest_on: date | None
    probability: float | None
    days_left: int
    responsible: str
    blocker: Blocker | None = None
    section_names: Mapping[str, Names] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeadlineWeek:
    """Everything in the city that is due on one day for one goal, ahead or passed with work left.

    Attributes:
        name: (Chinese, English) where one deadline alone has the day and the goal; None else.
        parts, parts_met: parts of projects that it is about, and those that have reached it.
        impossible: parts that can no longer meet it lawfully.
        probability: that all of them meet it; None where no forecast is made of exactly them, or it abstains.
        earliest_on: the day by which the last of them can reach it, or None.
    """

    key: str
    goal: str
    due_on: date
    name: Names | None
    projects: int
    sections: int
    sections_left: int
    households: int
    households_left: int
    parts: int
    parts_met: int
    impossible: int
    probability: float | None
    earliest_on: date | None


@dataclass(frozen=True, slots=True)
class MoneyLate:
    """An account whose arrivals lag the need: its light is red by ``rulebook/lights/funds.yaml``.

    Attributes:
        part: code of the part of the project that the account is for.
        client: code of the unit that has to bring the money.
        missing_yuan: what is required beyond what came in.
    """

    part: str
    project: str
    jurisdiction: str
    client: str
    reason: Reason
    since_on: date | None
    arrived_yuan: Decimal
    committed_yuan: Decimal
    paid_yuan: Decimal
    missing_yuan: Decimal


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A hard matter that was listed by a deed and not closed.

    Attributes:
        reference: deed and ordinal of its fact, ``deed/1``.
        subject: code of the project, section or household.
        text, responsible: in the words of the deed.
        responsible_unit: code of the unit whose name these words are; empty where they name none.
    """

    reference: str
    subject: str
    project: str
    jurisdiction: str
    text: str
    responsible: str
    responsible_unit: str
    opened_on: date
    due_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class HomesOverdue:
    """Families of one part of a project that wait for the home that was promised for an earlier day.

    Attributes:
        overdue: families whose promised day has passed; ``over_12``, ``over_40`` by more than that many months.
        before: ``overdue`` by the end of ``since``.
    """

    part: str
    project: str
    jurisdiction: str
    overdue: int
    over_12: int
    over_40: int
    before: int


class Kept(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    LATE = "late"
    NOT_YET_DUE = "not_yet_due"
    BROKEN = "broken"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Promise:
    """A directive that a review decided, with what became of it by ``on``.

    Attributes:
        review: code of the review that decided it.
        done_on: the day on which it was done, by ``core.reviews.promises``; None while it is not.
    """

    review: str
    directive: DirectiveStanding
    kept: Kept
    done_on: date | None


@dataclass(frozen=True, slots=True)
class WeekInReview:
    """The figures between two days, and everything that a review has to speak about.

    Attributes:
        city: division code, ``220200``.
        on: the day the figures stand for; ``since``: the earlier day that they are compared with.
        known_on: what was recorded by the end of this day counts; None: all that is recorded, which may change.
        rhythm: id in ``rulebook/reviews``, or ``special``; decides how far ahead deadlines are looked for.
        deadlines_within_days: so many days ahead of ``on`` deadlines count as near.
        last_review: code of the review whose promises are looked at; empty where none was held.
        campaign: None where none runs.
        total: of the whole city; ``places`` of each jurisdiction, by code.
        ranking: by share, the highest first.
        lights: of every part of a project, by code.
        near: deadlines of parts that are near or have passed, the earliest first.
        deadlines: of the city by day and goal, the earliest first.
        money_late: the longest first.
        directives: every directive of the city and every occurrence that is open on ``on`` or was set, closed or
            cancelled after ``since``, by code.
        promises: of the last review, by code.
        matters: open on ``on``, the earliest first.
        homes: by part; parts where nobody waits are left out.
        names: code -> (Chinese, English) of projects, parts, sections and units that are named here.
        parts_missing: parts of projects whose plan for ``on`` is not computed, so that ``lights`` lacks them.
        parts_missing_before: the same for ``since``; those parts have ``before`` None though they had a plan.
    """

    city: str
    on: date
    known_on: date | None
    since: date
    rhythm: str
    deadlines_within_days: int
    last_review: str
    campaign: CampaignDays | None
    total: PlaceWeek
    places: Sequence[PlaceWeek]
    ranking: Sequence[RankedPlace]
    lights: Sequence[PartLight]
    near: Sequence[PartDeadline]
    deadlines: Sequence[DeadlineWeek]
    money_late: Sequence[MoneyLate]
    directives: Sequence[DirectiveStanding]
    promises: Sequence[Promise]
    matters: Sequence[OpenMatter]
    homes: Sequence[HomesOverdue]
    names: Mapping[str, Names]
    parts_missing: int = 0
    parts_missing_before: int = 0

    @property
    def turned_red(self) -> list[PartLight]:
        """Parts that are red now and were not on ``since``."""
        return [one for one in self.lights if one.has_turned_red]

    @property
    def left_red(self) -> list[PartLight]:
        """Parts that were red on ``since`` and are no more."""
        return [one for one in self.lights if one.has_left_red]

    @property
    def overdue(self) -> list[DirectiveStanding]:
        """Directives that are open past their last day, the longest first; occurrences among them."""
        late = [one for one in self.directives if one.overdue_workdays > 0]
        return sorted(late, key=lambda one: (-one.overdue_workdays, one.code))

    @property
    def missed(self) -> list[DirectiveStanding]:
        """Occurrences of recurring duties that are overdue, the longest first."""
        return [one for one in self.overdue if one.occurrence_on is not None]

    @property
    def kept_count(self) -> Mapping[Kept, int]:
        """How many promises were kept, kept late, are not yet due, were broken or cancelled."""
        return {kept: sum(one.kept is kept for one in self.promises) for kept in Kept}

    def light_count(self, colour: Colour, *, jurisdiction: str = "") -> int:
        """How many parts have that light on ``on``; of one jurisdiction where it is named."""
        return sum(
            one.light.colour is colour and jurisdiction in ("", one.jurisdiction) for one in self.lights
        )
