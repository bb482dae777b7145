"""Scores: every point is a line with the event or cases behind it, and the lines add up to the score exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from zhengtu.core.assessment.scheme import Criterion, Measure, Scheme

_HUNDREDTH: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ScoredEvent:
    """Something that happened and counts.

    Attributes:
        kind: as the criterion's ``per_event`` names it.
        reference: the fact (``deed/ordinal``) behind it.
        subject: code of what it happened to.
    """

    kind: str
    reference: str
    on: date
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CountedCase:
    """One thing that was due to a unit, with what became of it.

    Attributes:
        subject: code of the section, household, directive or account that it is about.
        about: what of it: ``2025-03-15.handed_over``, a figure, a line of a plan; empty where the subject says all.
        due, done: how much was due, and how much of it was done in time; one thing unless households are counted.
        due_on: the day by which; done_on: the day on which it was done, where one day says so.
        difficulty: class of cases as hard as this one; empty where cases are not told apart.
        expected: how much of it units do on the whole with such cases; None where that is not asked.
        facts: ``deed/ordinal`` of facts that prove it.
    """

    subject: str
    about: str = ""
    due: int = 1
    done: int = 0
    due_on: date | None = None
    done_on: date | None = None
    difficulty: str = ""
    expected: float | None = None
    facts: Sequence[str] = ()

    @property
    def reference(self) -> str:
        """How an appeal names it."""
        return f"{self.subject}:{self.about}" if self.about else self.subject


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of a unit for one criterion.

    Attributes:
        due, done: for SHARE: how much was due in the period, and how much of it was done in time.
        expected: for an adjusted SHARE: how much of it units do on the whole with cases as hard as these.
        low, middle, high: for ESTIMATE: shares of 0 to 1.
        sample: for ESTIMATE: how many were looked at.
        events: for EVENTS.
        cases: for SHARE: the cases that ``due`` and ``done`` are the sums of.
    """

    due: int = 0
    done: int = 0
    expected: float | None = None
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    sample: int = 0
    events: Sequence[ScoredEvent] = ()
    cases: Sequence[CountedCase] = ()


def counted(cases: Sequence[CountedCase]) -> Measured:
    """What is known from cases: their sums, and the sum of what was expected where every case says it."""
    each = [case.expected for case in cases]
    known = [one for one in each if one is not None]
    return Measured(
        due=sum(case.due for case in cases), done=sum(case.done for case in cases),
        expected=round(sum(known), 6) if known and len(known) == len(each) else None, cases=tuple(cases),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """Points of a unit and what they are for.

    Attributes:
        points: to the hundredth.
        event: the one event, or None for a share, an estimate or the points a criterion starts from.
        is_capped: whether the line takes back what went beyond the limits of its criterion.
    """

    criterion: str
    points: Decimal
    event: ScoredEvent | None = None
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The score of one unit.

    Attributes:
        low, high: the score at the ends of the intervals of its estimates; both are the total where none is estimated.
        unmeasured: criteria of which nothing was due or known: they are left out of ``of_points`` too.
        of_points: the points that could be reached.
    """

    unit: str
    lines: Sequence[Line]
    of_points: Decimal
    low: Decimal
    high: Decimal
    unmeasured: Sequence[str] = ()

    @property
    def total(self) -> Decimal:
        """The sum of its lines."""
        return sum((line.points for line in self.lines), Decimal(0))

    @property
    def per_hundred(self) -> Decimal | None:
        """The total as points of a hundred, so that units with different criteria compare; None if nothing counts."""
        return (self.total * 100 / self.of_points).quantize(_HUNDREDTH) if self.of_points else None

    def of(self, criterion: str) -> Decimal:
        """The points of one criterion."""
        return sum((line.points for line in self.lines if line.criterion == criterion), Decimal(0))


@dataclass
class _Sheet:
    lines: list[Line] = field(default_factory=list)
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    def add(self, *lines: Line, low: Decimal | None = None, high: Decimal | None = None) -> None:
        sum_ = sum((line.points for line in lines), Decimal(0))
        self.lines += lines
        self.low += sum_ if low is None else low
        self.high += sum_ if high is None else high


def scorecard(unit: str, *, scheme: Scheme, measured: Mapping[str, Measured]) -> Scorecard:
    """The score of a unit by a scheme.

    Args:
        measured: criterion -> what is known; a criterion without an entry counts as not measured.

    Raises:
        KeyError: for an event of a kind that its criterion does not know.
        ValueError: for a count that cannot be.
    """
    sheet, unmeasured, of_points = _Sheet(), [], Decimal(0)
    for criterion in scheme.criteria:
        known = measured.get(criterion.id)
        if known is None or not _is_known(criterion, known):
            unmeasured.append(criterion.id)
            continue
        of_points += criterion.points
        if criterion.measure is Measure.EVENTS:
            sheet.add(*_event_lines(criterion, known.events))
        elif criterion.measure is Measure.SHARE:
            sheet.add(Line(criterion.id, _rounded(criterion.points, _share(criterion, known))))
        else:
            low, middle, high = (Fraction(share or 0) for share in (known.low, known.middle, known.high))
            sheet.add(
                Line(criterion.id, _rounded(criterion.points, middle)),
                low=_rounded(criterion.points, low), high=_rounded(criterion.points, high),
            )
    return Scorecard(
        unit=unit, lines=tuple(sheet.lines), of_points=of_points, low=sheet.low, high=sheet.high,
        unmeasured=tuple(unmeasured),
    )


def _is_known(criterion: Criterion, known: Measured) -> bool:
    if criterion.measure is Measure.SHARE:
        if not 0 <= known.done <= known.due:
            raise ValueError(f"{criterion.id}: {known.done} done of {known.due} due")
        return known.due > 0
    return criterion.measure is Measure.EVENTS or known.middle is not None


def _share(criterion: Criterion, known: Measured) -> Fraction:
    """The share done; adjusted, what is missing against expectation counts, and more than expected gives all points."""
    if criterion.is_adjusted and known.expected is not None and known.expected > 0:
        return min(Fraction(1), Fraction(known.done) / Fraction(known.expected))
    return Fraction(known.done, known.due)


def _rounded(points: Decimal, share: Fraction) -> Decimal:
    exact = Decimal(share.numerator) * points / Decimal(share.denominator)
    return exact.quantize(_HUNDREDTH, rounding=ROUND_HALF_EVEN)


def _event_lines(criterion: Criterion, events: Sequence[ScoredEvent]) -> list[Line]:
    """The points to start from, a line an event in order, and one that takes back what goes beyond the limits."""
    lines = [Line(criterion.id, criterion.points)]
    ordered = sorted(events, key=lambda event: (event.on, event.reference, event.kind))
    lines += [Line(criterion.id, criterion.points_of(event.kind), event) for event in ordered]
    reached = sum((line.points for line in lines), Decimal(0))
    within = min(max(reached, Decimal(0)), criterion.points + criterion.bonus)
    if within != reached:
        lines.append(Line(criterion.id, within - reached, is_capped=True))
    return lines
