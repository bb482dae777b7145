"""From plans to what the cockpit says of deadlines and of what needs a decision; every light is the plan's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhengtu.campaign.facts import LateItem
from zhengtu.campaign.plan_values import ForecastLine, PlanRow, ReachView, TargetRow
from zhengtu.core.planning.plan import BlockerKind, Colour
from zhengtu.core.planning.plan_case import Target

DECIDE: frozenset[Colour] = frozenset({Colour.RED, Colour.YELLOW})
"""Lights that ask for a decision; a statutory period that runs does not."""


@dataclass(frozen=True, slots=True)
class DeadlineOutlook:
    """Everything due on one day for one goal, by plans and forecast.

    Attributes:
        parts: how many parts of projects it is about; ``parts_met`` of them have reached it.
        latest: the part that comes last by law and teams, of those that have not reached it; None where all have.
        impossible: parts that cannot lawfully meet it any more.
        probability: that all parts meet it, of a forecast of them together; None where none is made of exactly what
            the actor reaches, or it abstains.
        weakest: the part with the least probability, where the forecast speaks of any.
        forecast: the forecast of all of them together, or None.
    """

    target: Target
    parts: int
    parts_met: int
    latest: tuple[PlanRow, TargetRow] | None
    impossible: int
    probability: float | None
    weakest: tuple[PlanRow, float] | None
    forecast: ForecastLine | None

    @property
    def is_unplanned(self) -> bool:
        """Whether plans say nothing of it: homes to come back to are built elsewhere."""
        return self.parts_met < self.parts and self.latest is None and self.forecast is None


def deadline_outlooks(rows: Iterable[PlanRow], *, whole: ReachView | None) -> dict[str, DeadlineOutlook]:
    """Key of a deadline -> its outlook over these parts.

    Args:
        whole: the forecast of exactly these parts together, where there is one.
    """
    held: dict[str, list[tuple[PlanRow, TargetRow]]] = defaultdict(list)
    for row in rows:
        for one in row.targets:
            held[one.target.key].append((row, one))
    outlooks = {key: _outlook(key, pairs, whole) for key, pairs in held.items()}
    return {key: found for key, found in outlooks.items() if not found.is_unplanned}


def _outlook(
    key: str, pairs: Sequence[tuple[PlanRow, TargetRow]], whole: ReachView | None
) -> DeadlineOutlook:
    target = pairs[0][1].target
    open_pairs = [(row, one) for row, one in pairs if not one.is_met]
    dated = [(row, one) for row, one in open_pairs if one.earliest_on is not None]
    probable = [
        (row, one.forecast.probability) for row, one in open_pairs
        if one.forecast is not None and one.forecast.probability is not None
    ]
    forecast = whole.forecast(target=key) if whole is not None else None
    if forecast is None and len(pairs) == 1:
        forecast = pairs[0][1].forecast
    return DeadlineOutlook(
        target=target, parts=len(pairs), parts_met=len(pairs) - len(open_pairs),
        latest=max(dated, key=lambda pair: pair[1].earliest_on or target.due_on, default=None),
        impossible=sum(
            one.earliest_on is not None and one.earliest_on > target.due_on for _, one in open_pairs
        ),
        probability=forecast.probability if forecast is not None else None,
        weakest=min(probable, key=lambda pair: pair[1], default=None), forecast=forecast,
    )


def decision_items(rows: Iterable[PlanRow]) -> list[LateItem]:
    """Parts whose light is red or yellow, each with the reason of its light and its one blocker."""
    items = []
    for row in rows:
        if row.light.colour not in DECIDE:
            continue
        nearest = row.nearest
        items.append(
            LateItem(
                kind="plan", light=str(row.light.colour), subject=row.code,
                due_on=nearest.target.due_on if nearest else None, goal=nearest.target.goal if nearest else "",
                responsible=(row.responsible,), reason=row.light.reason, place=row.code, blocker=row.light.blocker,
                section_names=row.section_names,
            )
        )
    return items


def without_repetition(items: Iterable[LateItem]) -> list[LateItem]:
    """Leave out what a plan's light or overdue homes say already: the account that its blocker names, the same
    project's deadline for resettlement."""
    held = list(items)
    told = {
        item.place for item in held
        if item.blocker is not None and item.blocker.kind is BlockerKind.CLIENT_MONEY
    }
    homes = {item.subject.partition("-")[2] for item in held if item.kind == "overdue"}
    return [
        item for item in held
        if not (item.kind == "funds" and item.place in told)
        and not (item.kind == "plan" and item.goal == "resettled" and item.subject.partition("-")[2] in homes)
    ]
