"""A scoring scheme as data: what is measured, how many points it carries, and how points follow from events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

Label = tuple[str, str]
"""(Chinese, English)."""


class Measure(StrEnum):
    """How points follow from what happened.

    SHARE: points in proportion to what was due and done, each thing alike.
    EVENTS: points for or against each event, up to the criterion's points.
    ESTIMATE: points in proportion to an estimated share with an interval.
    """

    SHARE = "share"
    EVENTS = "events"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is assessed.

    Attributes:
        id: the result that it measures, as in ``rulebook/assessment/results.yaml``.
        points: the most that it gives; of EVENTS criteria where they start from. Praise may add up to ``bonus``.
        per_event: points of one event by its kind: below zero for what went wrong, above for what deserves praise.
        bonus: how far praise may lead beyond ``points``; it weighs as much as blame.
        is_adjusted: whether a share is compared with what was to be expected of cases as hard as these.
        source: statute or adopted decision behind it.
    """

    id: str
    label: Label
    measure: Measure
    points: Decimal
    per_event: tuple[tuple[str, Decimal], ...] = ()
    bonus: Decimal = Decimal(0)
    is_adjusted: bool = False
    source: str = ""

    def points_of(self, event_kind: str) -> Decimal:
        """Points of one event of that kind.

        Raises:
            KeyError: for a kind that the criterion does not know.
        """
        return dict(self.per_event)[event_kind]


    @property
    def is_fair(self) -> bool:
        """Whether praise weighs as much as blame: in sum, and of one event."""
        if self.measure is not Measure.EVENTS:
            return not self.bonus and not self.per_event
        worths = [value for _, value in self.per_event]
        return bool(worths) and self.bonus == self.points and max(worths) == -min(worths) > 0


@dataclass(frozen=True, slots=True)
class Band:
    """A grade: of whoever reaches so many points of a hundred, and no higher grade."""

    id: str
    label: Label
    from_points: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as adopted for a time.

    Attributes:
        from_on, until_on: first day and first day after; None is open.
        appeal_days: calendar days within which a unit may appeal after the scores were made known.
        units: kinds of units that it scores, as in the register of units.
        bands: grades, the highest first.
    """

    id: str
    label: Label
    criteria: Sequence[Criterion]
    from_on: date
    until_on: date | None = None
    appeal_days: int = 30
    units: Sequence[str] = ()
    bands: Sequence[Band] = ()

    @property
    def full_points(self) -> Decimal:
        """The points of a unit with which nothing is wrong and nothing to be praised."""
        return sum((one.points for one in self.criteria), Decimal(0))

    def criterion(self, id: str) -> Criterion | None:
        """The criterion of that id; None where the scheme has none."""
        return next((one for one in self.criteria if one.id == id), None)

    def band_of(self, per_hundred: Decimal | None) -> Band | None:
        """The grade of a score; None of a unit of which nothing counts."""
        if per_hundred is None:
            return None
        return next((band for band in self.bands if per_hundred >= band.from_points), None)


@dataclass(frozen=True, slots=True)
class AnswerTerm:
    """A request of a family that must be answered within so many calendar days: two kinds of facts, and the article."""

    asked: str
    answered: str
    days: int
    source: str


@dataclass(frozen=True, slots=True)
class Result:
    """Something that can be assessed: a result that stands in the ledger, never how busy somebody was.

    Attributes:
        counts: what one case of it is, as a page counts them.
        explained: how it is found, in one sentence.
        facts: kinds of facts that prove it.
        events: kind of an event -> its label.
    """

    id: str
    label: Label
    measure: Measure
    counts: Label
    explained: Label
    facts: Sequence[str] = ()
    events: Mapping[str, Label] | None = None


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """``rulebook/assessment``: what can be assessed, by which schemes, and what the burden on people is counted from.

    Attributes:
        payment_days: calendar days after agreement or decision within which compensation counts as paid in time.
        new_days: so long after its announcement a section counts as newly begun.
        court_facts: kinds of facts that show a case before a court or a reviewing authority.
        answers: requests of families with their terms.
        difficulties: part of a class of difficulty -> its label.
        typed: kind of fact -> attributes that people type; every attribute of a kind that a form takes is typed.
        imported_verbs: verbs whose facts come out of files, so that nobody types them.
    """

    schemes: Mapping[str, Scheme]
    results: Mapping[str, Result]
    payment_days: int
    new_days: int
    court_facts: Sequence[str]
    answers: Sequence[AnswerTerm]
    difficulties: Mapping[str, Label]
    typed: Mapping[str, Sequence[str]]
    imported_verbs: Sequence[str]

    def schemes_on(self, day: date) -> list[Scheme]:
        """Schemes that hold on a day, in the order of the file."""
        return [
            one for one in self.schemes.values()
            if one.from_on <= day and (one.until_on is None or day < one.until_on)
        ]
