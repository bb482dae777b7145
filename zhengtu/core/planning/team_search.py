"""The order in which a district's sections are served: good rules first, then improved step by step.

An order is judged by the outcome of the plan that the dispatcher makes of it, so every candidate is a sound plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from zhengtu.core.planning.team_dispatch import Dispatcher, TeamPlan
from zhengtu.core.planning.team_outcome import TeamOutcome, outcome_of
from zhengtu.core.planning.team_work import ListRank, Piece, SectionEnd, SectionGoal, TeamWork

_SEED: Final = 20260315
Order = tuple[str, ...]
"""Sections, the first served first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plan of teams with where it came from and what it comes to.

    Attributes:
        source: ``rule``, ``solver`` or ``search``.
    """

    plan: TeamPlan
    outcome: TeamOutcome
    source: str
    order: Order = ()


def first_candidates(dispatcher: Dispatcher) -> list[Candidate]:
    """The plans of four plain rules: lists first, deadlines first, least slack first, corridors first."""
    return [
        _of_order(dispatcher, tuple(sorted(dispatcher.work.ends, key=rule)), source="rule")
        for rule in _rules(dispatcher.work)
    ]


def solver_candidate(dispatcher: Dispatcher, starts: Mapping[str, int]) -> Candidate:
    """The plan in which pieces are served by the starts that a solver gave them."""
    plan = dispatcher.placed(lambda piece: (starts.get(piece.id, 0),))
    return Candidate(plan=plan, outcome=outcome_of(plan, dispatcher=dispatcher), source="solver")


def improved(
    dispatcher: Dispatcher, best: Candidate, *, rounds: int, tell: Callable[[float], None] = lambda share: None
) -> Candidate:
    """The best plan after so many moves of one section towards the front; the same for the same input.

    Sections whose deadlines are missed are moved more often than others.
    """
    random = Random(_SEED)  # noqa: S311 - a search, not a secret
    current = best if best.order else _of_order(dispatcher, _order_of(best, dispatcher.work), source="search")
    for number in range(rounds):
        moved = _moved(current, random)
        if moved is None:
            break
        found = _of_order(dispatcher, moved, source="search")
        if found.outcome.score <= current.outcome.score:
            current = found
        tell((number + 1) / rounds)
    return current if current.outcome.score < best.outcome.score else best


def _moved(current: Candidate, random: Random) -> Order | None:
    order = list(current.order)
    if len(order) < 2:
        return None
    late = [one.goal.section for one in current.outcome.goals if one.days_late > 0]
    section = random.choice(late) if late and random.random() < 0.7 else random.choice(order[1:])
    place = order.index(section)
    order.pop(place)
    order.insert(random.randrange(place) if place else random.randrange(len(order) + 1), section)
    return tuple(order)


def _of_order(dispatcher: Dispatcher, order: Order, *, source: str) -> Candidate:
    place = {section: number for number, section in enumerate(order)}

    def key(piece: Piece) -> tuple[object, ...]:
        return (place[piece.section],)

    plan = dispatcher.placed(key)
    return Candidate(plan=plan, outcome=outcome_of(plan, dispatcher=dispatcher), source=source, order=order)


def _order_of(candidate: Candidate, work: TeamWork) -> Order:
    """Sections by the first day on which a plan serves them; those without work last."""
    first: dict[str, int] = {}
    for one in candidate.plan.assignments.values():
        day = one.start_on.toordinal()
        first[one.piece.section] = min(day, first.get(one.piece.section, day))
    return tuple(sorted(work.ends, key=lambda section: (first.get(section, 10**9), section)))


def _rules(work: TeamWork) -> Sequence[Callable[[str], tuple[object, ...]]]:
    pressing = _pressing(work.goals)
    far = (ListRank.OTHER, 10**9)

    def by_list(section: str) -> tuple[object, ...]:
        return (*pressing.get(section, far), -_ratio(work.ends[section]), section)

    def by_deadline(section: str) -> tuple[object, ...]:
        rank, due = pressing.get(section, far)
        return (due, rank, -_ratio(work.ends[section]), section)

    def by_slack(section: str) -> tuple[object, ...]:
        rank, due = pressing.get(section, far)
        lawful = work.ends[section].lawful_on.get("handed_over", work.on)
        return (rank, due - lawful.toordinal(), section)

    def by_corridor(section: str) -> tuple[object, ...]:
        return (-_ratio(work.ends[section]), *pressing.get(section, far), section)

    return by_list, by_deadline, by_slack, by_corridor


def _pressing(goals: Sequence[SectionGoal]) -> dict[str, tuple[ListRank, int]]:
    """Section -> rank and day of its first deadline of the highest list."""
    pressing: dict[str, tuple[ListRank, int]] = {}
    for goal in goals:
        own = (goal.rank, goal.due_on.toordinal())
        pressing[goal.section] = min(own, pressing.get(goal.section, own))
    return pressing


def _ratio(end: SectionEnd) -> float:
    """Metres of corridor opened for each household left."""
    return float(end.opens_m) / max(1, end.households_left)
