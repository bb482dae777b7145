"""Finds the chain with the fewest lines that proves that a target cannot be met (`certificate`).

Layer by layer: ``n`` lines reach the start or finish of each activity at some latest tick; the first layer that
overshoots the target has the fewest lines. Dates never fall when a date before them grows, so the latest tick of a
layer is all that the next one needs. Only activities without float to spare before the target take part.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhengtu.core.scheduling.certificate import Certificate, Line, LineKind, Target
from zhengtu.core.scheduling.methods.backward import pulled_back
from zhengtu.core.scheduling.methods.forward import EarlyDates, early_dates
from zhengtu.core.scheduling.network import FF, FINISHED, FIXED, FS, PASSED, SS, STARTED, Network, shifted
from zhengtu.core.scheduling.problem import Problem
from zhengtu.core.scheduling.problem_check import check
from zhengtu.core.scheduling.working_time import NEVER

MOST_LABELS = 2_000_000
"""Beyond this many steps the search gives up on the fewest lines and hands back the chain of drivers."""


def missed_targets(network: Network, early: EarlyDates) -> list[Target]:
    """Limits, deadlines and fixed starts that the earliest dates do not keep, in the problem's order."""
    held_up = {network.problem.links[link].after for link in early.broken}
    missed: list[Target] = []
    for number, activity in enumerate(network.problem.activities):
        fixed, state = activity.fixed_start, network.states[number]
        if fixed is not None and (state == PASSED or (state == FIXED and activity.id in held_up)):
            missed.append(Target(activity.id, fixed, at_start=True))
        if state != FINISHED and early.finishes[number] > network.latest[number]:
            missed.append(Target(activity.id, network.latest[number]))
    return missed


def certificate_of(*, problem: Problem, target: Target, most_labels: int = MOST_LABELS) -> Certificate | None:
    """The chain with the fewest lines that proves that a target cannot be met; None where it can.

    Raises:
        Refused: the problem cannot be computed.
        KeyError: the target names no activity.
    """
    network = check(problem)
    return certificate_in(network=network, early=early_dates(network), target=target, most_labels=most_labels)


def certificate_in(
    *, network: Network, early: EarlyDates, target: Target, most_labels: int = MOST_LABELS
) -> Certificate | None:
    """`certificate_of` for a network whose early dates are known."""
    search = _Search(network, early, target)
    label = search.fewest(most_labels)
    fewest = label is not None
    if label is None and search.labels > most_labels:
        label = search.driven()
    if label is None or label.tick <= target.tick:
        return None
    lines: list[Line] = []
    step: _Label | None = label
    while step is not None:
        if step.line is not None:
            lines.append(step.line)
        step = step.previous
    return Certificate(target=target, lines=tuple(reversed(lines)), reached=label.tick, fewest=fewest)


@dataclass(frozen=True, slots=True)
class _Label:
    """The tick that some lines lead to; ``line`` is None for a step that needs none."""

    tick: int
    line: Line | None
    previous: _Label | None


class _Search:
    """Labels of starts and finishes, by number of the activity."""

    def __init__(self, network: Network, early: EarlyDates, target: Target) -> None:
        self._network, self._early, self._target = network, early, target
        self._aim = network.index[target.activity]
        bounds = [NEVER] * network.count
        if not target.at_start:
            bounds[self._aim] = target.tick
        late = pulled_back(network, early, bounds)
        tight = zip(early.starts, late.starts, early.finishes, late.finishes, network.states, strict=True)
        self._takes_part = [s > ls or f > lf or state >= STARTED for s, ls, f, lf, state in tight]
        self._takes_part[self._aim] = True
        self._starts: dict[int, _Label] = {}
        self._finishes: dict[int, _Label] = {}
        self.labels = 0

    def fewest(self, most_labels: int) -> _Label | None:
        """The label of the first layer that overshoots; None where none does, or the search gives up."""
        starts = {number: self._limit(number) for number in range(self._network.count) if self._takes_part[number]}
        finishes = {
            number: label for number in starts if (label := self._actual_finish(number)) is not None
        }
        while starts or finishes:
            for number, label in list(finishes.items()):
                self._plain_links(number, label, starts)
            starts = self._improved(self._starts, starts)
            finishes = self._improved(self._finishes, finishes)
            reached = (self._starts if self._target.at_start else self._finishes).get(self._aim)
            if reached is not None and reached.tick > self._target.tick:
                return reached
            self.labels += len(starts) + len(finishes)
            if self.labels > most_labels:
                return None
            starts, finishes = self._next_layer(starts, finishes)
        return None

    def driven(self) -> _Label:
        """The chain of drivers, which is a proof as well, if not the shortest."""
        links, network = self._network.problem.links, self._network
        broken = self._early.broken if self._target.at_start else []
        chain = [link for link in broken if links[link].after == self._target.activity][:1]
        at = network.index[links[chain[0]].before] if chain else self._aim
        while (link := self._early.drivers[at]) >= 0:
            chain.append(link)
            at = network.index[links[link].before]
        label, is_finish = self._limit(at), False
        if network.states[at] == FINISHED:
            label, is_finish = self._actual_finish(at) or label, True
        for link in reversed(chain):
            leaves_finish = links[link].kind.value[0] == "F"
            if leaves_finish and not is_finish:
                label = self._worked(at, label)
            elif not leaves_finish and is_finish:
                label = self._limit(at)
            at = network.index[links[link].after]
            label = self._crossed(link, at, label)
            is_finish = links[link].kind.value[1] == "F"
            if is_finish and network.states[at] < STARTED:
                label, is_finish = self._forced(at, label), False
        return label if is_finish or self._target.at_start else self._worked(at, label)

    def _improved(self, best: dict[int, _Label], found: dict[int, _Label]) -> dict[int, _Label]:
        better = {
            number: label for number, label in found.items() if number not in best or label.tick > best[number].tick
        }
        best.update(better)
        return better

    def _next_layer(
        self, starts: dict[int, _Label], finishes: dict[int, _Label]
    ) -> tuple[dict[int, _Label], dict[int, _Label]]:
        """Everything one line further than the labels that the last layer improved."""
        next_starts: dict[int, _Label] = {}
        next_finishes: dict[int, _Label] = {}
        for number, label in starts.items():
            if self._network.states[number] != FINISHED:
                _keep(next_finishes, number, self._worked(number, label))
            self._lines_over_links(number, label, False, next_starts, next_finishes)
        for number, label in finishes.items():
            self._lines_over_links(number, label, True, next_starts, next_finishes)
        return next_starts, next_finishes

    def _lines_over_links(
        self, i: int, label: _Label, from_finish: bool, starts: dict[int, _Label], finishes: dict[int, _Label]
    ) -> None:
        side = self._network.outgoing
        for e in range(side.first[i], side.first[i + 1]):
            j, kind = side.other[e], side.kind[e]
            if (kind in (FS, FF)) != from_finish or (kind == FS and not side.lag[e]) or not self._may_enter(j):
                continue
            crossed = self._crossed(side.link[e], j, label)
            if kind <= SS:
                _keep(starts, j, crossed)
            else:
                _keep(finishes, j, crossed)
                if self._network.states[j] < STARTED:
                    _keep(starts, j, self._forced(j, crossed))

    def _plain_links(self, i: int, label: _Label, starts: dict[int, _Label]) -> None:
        """Finish-to-start links without lag take no line of their own."""
        side = self._network.outgoing
        for e in range(side.first[i], side.first[i + 1]):
            if side.kind[e] == FS and not side.lag[e] and self._may_enter(side.other[e]):
                _keep(starts, side.other[e], _Label(self._begun(side.other[e], label.tick), None, label))

    def _may_enter(self, number: int) -> bool:
        is_aim = self._target.at_start and number == self._aim
        return self._takes_part[number] and (self._network.states[number] != FIXED or is_aim)

    def _limit(self, number: int) -> _Label:
        tick = self._network.limits[number]
        return _Label(self._begun(number, tick), Line(LineKind.LIMIT, self._id(number), tick, tick), None)

    def _actual_finish(self, number: int) -> _Label | None:
        if self._network.states[number] != FINISHED:
            return None
        tick = self._network.ends[number]
        return _Label(tick, Line(LineKind.LIMIT, self._id(number), tick, tick), None)

    def _begun(self, number: int, tick: int) -> int:
        """When work really starts that may start at a tick."""
        network = self._network
        if network.states[number] >= FIXED or not network.durations[number]:
            return tick
        return network.calendars[network.calendar_of[number]].next_working_one(tick)

    def _forced(self, number: int, finish: _Label) -> _Label:
        """The earliest start that finishes no sooner than a link to the finish asks."""
        network = self._network
        calendar = network.calendars[network.calendar_of[number]]
        tick = calendar.retreat_one(finish.tick - 1, network.durations[number]) + 1
        return _Label(self._begun(number, tick), None, finish)

    def _worked(self, number: int, start: _Label) -> _Label:
        network, first = self._network, start.tick
        activity = network.problem.activities[number]
        if network.states[number] == STARTED:
            last = network.ends[number]
            if activity.remaining is not None:
                first = max(first, network.problem.start)
        else:
            last = network.calendars[network.calendar_of[number]].advance_one(first, network.durations[number])
        return _Label(last, Line(LineKind.ACTIVITY, activity.id, first, last), start)

    def _crossed(self, link: int, after: int, label: _Label) -> _Label:
        """Over a link; a plain one adds no line."""
        fields = self._network.problem.links[link]
        calendar = self._network.problem.calendars.get(fields.lag_calendar, self._network.calendars[0])
        tick = shifted(calendar, label.tick, fields.lag)
        enters_start = fields.kind.value[1] == "S"
        begun = self._begun(after, tick) if enters_start else tick
        if fields.kind.value == "FS" and not fields.lag:
            return _Label(begun, None, label)
        return _Label(begun, Line(LineKind.LINK, fields.after, label.tick, tick, fields), label)

    def _id(self, number: int) -> str:
        return self._network.problem.activities[number].id


def _keep(best: dict[int, _Label], number: int, label: _Label) -> None:
    if number not in best or label.tick > best[number].tick:
        best[number] = label
