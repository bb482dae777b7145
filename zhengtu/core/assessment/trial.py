"""A scheme with other weights: tried before it is adopted, and adopted as it was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from zhengtu.core.assessment.scheme import Criterion, Measure, Scheme
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

MOST_POINTS: Final = Decimal(1000)


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """What is set otherwise of one criterion; None leaves it as it is.

    Attributes:
        points: 0 takes the criterion out. Of events, praise may then add up to as much.
        per_event: kind of event -> points of one.
    """

    points: Decimal | None = None
    is_adjusted: bool | None = None
    per_event: Mapping[str, Decimal] = field(default_factory=dict)


def changed_scheme(scheme: Scheme, changes: Mapping[str, CriterionChange]) -> Scheme:
    """The scheme with these changes.

    Raises:
        Refused: for points that cannot be, for praise that weighs otherwise than blame, and where nothing is left.
    """
    reasons: list[Reason] = []
    criteria = []
    for criterion in scheme.criteria:
        made = _changed(criterion, changes.get(criterion.id), reasons)
        if made.points:
            criteria.append(made)
    if not criteria:
        reasons.append(Reason(
            code="assessment.nothing_left", message=N_("No criterion carries any points."),
            remedy=N_("Give points to at least one criterion."),
        ))
    if reasons:
        raise Refused(*reasons)
    return replace(scheme, criteria=tuple(criteria))


def changed_criteria(before: Scheme, after: Scheme) -> Sequence[str]:
    """Ids of criteria that the two schemes weigh otherwise, in order."""
    ids = dict.fromkeys([*(one.id for one in before.criteria), *(one.id for one in after.criteria)])
    return [id for id in ids if before.criterion(id) != after.criterion(id)]


def _changed(criterion: Criterion, change: CriterionChange | None, reasons: list[Reason]) -> Criterion:
    if change is None:
        return criterion
    points = criterion.points if change.points is None else change.points
    is_events = criterion.measure is Measure.EVENTS
    worths = [points, *change.per_event.values()]
    if not 0 <= points <= MOST_POINTS or any(
        abs(worth) > MOST_POINTS or worth != worth.quantize(Decimal("0.01")) for worth in worths
    ):
        reasons.append(Reason(
            code="assessment.points", message=N_("Points lie between 0 and %(most)s, with at most two decimals."),
            parameters={"most": MOST_POINTS, "criterion": criterion.id}, remedy=N_("Enter other points."),
        ))
        return criterion
    made = replace(
        criterion, points=points, bonus=points if is_events else Decimal(0),
        is_adjusted=criterion.is_adjusted if change.is_adjusted is None else (
            change.is_adjusted and criterion.measure is Measure.SHARE
        ),
        per_event=tuple((kind, change.per_event.get(kind, worth)) for kind, worth in criterion.per_event),
    )
    if made.points and not made.is_fair:
        reasons.append(Reason(
            code="assessment.unfair", message=N_("Praise must weigh as much as blame."),
            parameters={"criterion": criterion.id},
            remedy=N_("Give the greatest praise of one event as many points as the greatest blame takes."),
        ))
    return made
