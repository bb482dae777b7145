"""The cheapest way out of a plan that misses its limits, from a list of changes that the caller allows.

Every chain that proves a miss (`certificate`) must be broken by some repair that touches it; so the cheapest set of
repairs that touches every chain found so far costs no more than any way out. It is tried; if the plan still misses, its
new chain joins the list. The first set under which nothing is missed is therefore the cheapest (implicit hitting sets:
Moreno-Centeno and Karp, 2013). The small covering problems are solved by CP-SAT. Should the rounds run out, a way
out found greedily is handed back and marked as not proven.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from ortools.sat.python import cp_model

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.scheduling.certificate import Certificate
from zhengtu.core.scheduling.chain_search import certificate_in, missed_targets
from zhengtu.core.scheduling.checker import faults
from zhengtu.core.scheduling.methods.forward import early_dates
from zhengtu.core.scheduling.plan import Plan, plan_of
from zhengtu.core.scheduling.problem import Activity, Link, Problem
from zhengtu.core.scheduling.problem_check import check

MOST_ROUNDS = 300
"""So many sets of repairs are tried before a way out is taken that is not proven to be the cheapest."""


@dataclass(frozen=True)
class Repair:
    """One change that the caller allows, at a price. Two that change the same thing exclude each other.

    Attributes:
        cost: any unit, 0 and up.
        durations, remaining: activity -> its shorter duration or remaining work (more teams).
        not_earlier: activity -> its sooner start limit (money that comes sooner).
        deadlines, limits: activity -> its later deadline or ``not_later``.
        drop, add: links that go and links that come in their place (steps that may run side by side).
    """

    id: str
    cost: int
    durations: Mapping[str, int] = field(default_factory=dict)
    remaining: Mapping[str, int] = field(default_factory=dict)
    not_earlier: Mapping[str, int] = field(default_factory=dict)
    deadlines: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    drop: Sequence[Link] = ()
    add: Sequence[Link] = ()

    def changes(self) -> set[object]:
        """What it changes, to see which repairs exclude each other."""
        named: dict[str, Iterable[object]] = {
            "duration": self.durations,
            "remaining": self.remaining,
            "not_earlier": self.not_earlier,
            "deadline": self.deadlines,
            "not_later": self.limits,
            "link": self.drop,
        }
        return {(what, which) for what, names in named.items() for which in names}


@dataclass(frozen=True)
class WayOut:
    """What was found.

    Attributes:
        repairs: the chosen ones; empty where nothing was missed to begin with, or nothing helps.
        plan: the plan under them, recomputed and accepted by the checker; None where no choice of repairs helps.
        cheapest: whether it is proven that no cheaper choice helps.
        unbroken: where nothing helps, a chain that no allowed repair touches, if there is one.
        tried: how many sets of repairs were computed.
    """

    repairs: tuple[Repair, ...]
    plan: Plan | None
    cheapest: bool
    unbroken: Certificate | None
    tried: int

    @property
    def cost(self) -> int:
        """Of all chosen repairs together."""
        return sum(repair.cost for repair in self.repairs)


def cheapest_repairs(*, problem: Problem, repairs: Sequence[Repair], most_rounds: int = MOST_ROUNDS) -> WayOut:
    """The cheapest set of allowed repairs under which no limit, deadline or fixed start is missed.

    Raises:
        Refused: the problem cannot be computed, or a repair names nothing that exists or eases nothing.
    """
    check(problem)
    _refuse_wrong(problem, repairs)
    covering = _Covering(repairs)
    for tried in range(1, most_rounds + 1):
        chosen = covering.cheapest()
        if chosen is None:
            return WayOut((), None, True, covering.unbroken, tried - 1)
        chain = _chain(repaired(problem, chosen))
        if chain is None:
            return WayOut(chosen, _verified(problem, chosen), True, None, tried)
        covering.must_break(chain, chosen)
    greedy = _greedy(problem, repairs)
    plan = None if greedy is None else _verified(problem, greedy)
    return WayOut(greedy or (), plan, False, None, most_rounds)


def repaired(problem: Problem, repairs: Iterable[Repair]) -> Problem:
    """The problem under some repairs."""
    changed: dict[str, dict[str, int]] = {}
    drop: set[Link] = set()
    add: list[Link] = []
    for repair in repairs:
        for name, values in _fields(repair):
            for activity, value in values.items():
                changed.setdefault(activity, {})[name] = value
        drop.update(repair.drop)
        add += repair.add
    if not changed and not drop and not add:
        return problem
    return replace(
        problem,
        activities=[_with(activity, changed.get(activity.id)) for activity in problem.activities],
        links=[link for link in problem.links if link not in drop] + add,
    )


def _with(activity: Activity, values: dict[str, int] | None) -> Activity:
    return replace(activity, **values) if values else activity  # type: ignore[arg-type]


def _fields(repair: Repair) -> Iterable[tuple[str, Mapping[str, int]]]:
    """Field of an activity -> its new values."""
    return (
        ("duration", repair.durations),
        ("remaining", repair.remaining),
        ("not_earlier", repair.not_earlier),
        ("deadline", repair.deadlines),
        ("not_later", repair.limits),
    )


def _refuse_wrong(problem: Problem, repairs: Sequence[Repair]) -> None:
    activities = {activity.id: activity for activity in problem.activities}
    links = set(problem.links)
    wrong: list[Reason] = []
    for repair in repairs:
        named = [name for _, values in _fields(repair) for name in values]
        ends = [end for link in (*repair.drop, *repair.add) for end in (link.before, link.after)]
        missing = [name for name in [*named, *ends] if name not in activities]
        missing += [f"{link.before} → {link.after}" for link in repair.drop if link not in links]
        if missing:
            message = N_("Repair “%(repair)s” names %(missing)s, which the plan does not have.")
            parameters = {"repair": repair.id, "missing": missing[0]}
            wrong.append(Reason(code="scheduling.repair.missing", message=message, parameters=parameters))
        elif repair.cost < 0 or not all(_eases(activities[name], repair) for name in named):
            message = N_("Repair “%(repair)s” eases nothing: it must shorten, or move a limit.")
            wrong.append(
                Reason(code="scheduling.repair.no_easing", message=message, parameters={"repair": repair.id})
            )
    if wrong:
        raise Refused(*wrong)


def _eases(activity: Activity, repair: Repair) -> bool:
    """Whether a repair only eases an activity: the proof of the cheapest set stands on that."""
    for name, values in _fields(repair):
        new, old = values.get(activity.id), getattr(activity, name)
        if new is None:
            continue
        later = name in ("deadline", "not_later")
        if old is None or (new <= old if later else not 0 <= new < old):
            return False
    return True


def _chain(problem: Problem) -> Certificate | None:
    """A chain that proves the plan's first miss, or None where nothing is missed."""
    network = check(problem)
    early = early_dates(network)
    missed = missed_targets(network, early)
    return certificate_in(network=network, early=early, target=missed[0]) if missed else None


def _touches(repair: Repair, chain: Certificate) -> bool:
    """Whether a repair may break a chain; too often yes does no harm, too often no would."""
    names = [line.activity for line in chain.lines] + [chain.target.activity]
    names += [line.link.before for line in chain.lines if line.link is not None]
    here = set(names)
    if any(name in here for _, values in _fields(repair) for name in values):
        return True
    steps = set(pairwise(names)) | {(line.link.before, line.link.after) for line in chain.lines if line.link}
    return any((link.before, link.after) in steps for link in repair.drop)


def _verified(problem: Problem, chosen: Sequence[Repair]) -> Plan:
    after = repaired(problem, chosen)
    plan = plan_of(after)
    ids = [activity.id for activity in after.activities]
    starts = dict(zip(ids, plan.starts.tolist(), strict=True))
    finishes = dict(zip(ids, plan.finishes.tolist(), strict=True))
    if wrong := faults(problem=after, starts=starts, finishes=finishes, deadlines=True, resources=False):
        raise RuntimeError(f"the checker rejects a repaired plan: {wrong[0].in_english()}")
    return plan


class _Covering:
    """Chains that must be broken, and the cheapest choice of repairs that touches them all."""

    def __init__(self, repairs: Sequence[Repair]) -> None:
        self._repairs = repairs
        self._model = cp_model.CpModel()
        self._taken = [self._model.new_bool_var(repair.id) for repair in repairs]
        self.unbroken: Certificate | None = None
        for (i, one), (j, other) in combinations(enumerate(repairs), 2):
            if one.changes() & other.changes():
                self._model.add_at_most_one(self._taken[i], self._taken[j])
        weights = [repair.cost * (len(repairs) + 1) + 1 for repair in repairs]
        self._model.minimize(sum(weight * taken for weight, taken in zip(weights, self._taken, strict=True)))

    def cheapest(self) -> tuple[Repair, ...] | None:
        """Of several equally cheap choices one with the fewest repairs; None where no choice breaks every chain."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        if solver.solve(self._model) != cp_model.OPTIMAL:
            return None
        return tuple(
            repair for repair, taken in zip(self._repairs, self._taken, strict=True) if solver.boolean_value(taken)
        )

    def must_break(self, chain: Certificate, chosen: Sequence[Repair]) -> None:
        """Some repair outside the chosen ones must touch the chain, or one that tightened it must go.

        A repair tightens a chain whose link it brought, or whose activity it shortens where a link pulls that
        activity's finish: shorter work then starts later (Wiest 1981).
        """
        held = {repair.id for repair in chosen}
        links = {line.link for line in chain.lines}
        steps = set(pairwise(line.activity for line in chain.lines))
        pulled = {line.activity for line in chain.lines if line.link is not None and line.link.kind.value[1] == "F"}
        ways = []
        for repair, taken in zip(self._repairs, self._taken, strict=True):
            brought = any(link in links or (link.before, link.after) in steps for link in repair.add)
            if repair.id in held and (brought or pulled & (repair.durations.keys() | repair.remaining.keys())):
                ways.append(taken.negated())
            elif repair.id not in held and _touches(repair, chain):
                ways.append(taken)
        if not ways:
            self.unbroken = chain
        self._model.add_bool_or(ways)


def _greedy(problem: Problem, repairs: Sequence[Repair]) -> tuple[Repair, ...] | None:
    """Takes the cheapest touching repair until nothing is missed, then gives back what is not needed, dearest first."""
    chosen: list[Repair] = []
    while (chain := _chain(repaired(problem, chosen))) is not None:
        free = [
            repair
            for repair in repairs
            if repair not in chosen
            and _touches(repair, chain)
            and not any(repair.changes() & other.changes() for other in chosen)
        ]
        if not free:
            return None
        chosen.append(min(free, key=lambda repair: repair.cost))
    for repair in sorted(chosen, key=lambda repair: -repair.cost):
        rest = [other for other in chosen if other is not repair]
        if _chain(repaired(problem, rest)) is None:
            chosen = rest
    return tuple(chosen)
