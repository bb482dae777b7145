"""The order in which the stages of a district's sections are served: good rules first, then improved step by step.

An order is judged by the outcome of the plan that the dispatcher makes of it, so every candidate is a sound plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.team_dispatch import Dispatcher, TeamPlan
from zhengtu.core.planning.team_outcome import TeamOutcome, outcome_of
from zhengtu.core.planning.team_work import ListRank, Piece, SectionEnd, SectionGoal, TeamWork

_SEED: Final = 20260315
Unit = tuple[str, Stage]
Order = tuple[Unit, ...]
"""Stages of sections, the first served first."""


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
    units = _units(dispatcher.work)
    return [
        _of_order(dispatcher, tuple(sorted(units, key=lambda unit: rule(unit[0]))), source="rule")
        for rule in _rules(dispatcher.work)
    ]


def solver_candidate(dispatcher: Dispatcher, starts: Mapping[str, int]) -> Candidate:
    """The plan in which pieces are served by the starts that a solver gave them."""
    plan = dispatcher.placed(lambda piece: (starts.get(piece.id, 0),))
    return Candidate(plan=plan, outcome=outcome_of(plan, dispatcher=dispatcher), source="solver")


def improved(
    dispatcher: Dispatcher, best: Candidate, *, rounds: int, tell: Callable[[float], None] = lambda share: None
) -> Candidate:
    """The best plan after so many moves of a section, or of one of its stages; the same for the same input.

    Sections whose deadlines are missed are moved more often than others, and towards the front.
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
    """Another order: one stage of a section, or all of its stages together, at another place."""
    order = list(current.order)
    if len(order) < 2:
        return None
    late = {one.goal.section for one in current.outcome.goals if one.days_late > 0}
    movable = [unit for unit in order if unit[0] in late] if late and random.random() < 0.7 else order
    unit = random.choice(movable or order)
    chosen = [unit] if random.random() < 0.5 else [one for one in order if one[0] == unit[0]]
    place = order.index(chosen[0])
    rest = [one for one in order if one not in chosen]
    ahead = place if place and random.random() < 0.8 else len(rest)
    target = random.randint(0, ahead)
    return tuple(rest[:target] + chosen + rest[target:])


def _of_order(dispatcher: Dispatcher, order: Order, *, source: str) -> Candidate:
    place = {unit: number for number, unit in enumerate(order)}

    def key(piece: Piece) -> tuple[object, ...]:
        return (place[piece.section, piece.stage],)

    plan = dispatcher.placed(key)
    return Candidate(plan=plan, outcome=outcome_of(plan, dispatcher=dispatcher), source=source, order=order)


def _units(work: TeamWork) -> list[Unit]:
    return list(dict.fromkeys((piece.section, piece.stage) for piece in work.pieces))


def _order_of(candidate: Candidate, work: TeamWork) -> Order:
    """Stages of sections by the first day on which a plan serves them; those without a place last."""
    first: dict[Unit, int] = {}
    for one in candidate.plan.assignments.values():
        unit, day = (one.piece.section, one.piece.stage), one.start_on.toordinal()
        first[unit] = min(day, first.get(unit, day))
    return tuple(sorted(_units(work), key=lambda unit: first.get(unit, 10**9)))


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
