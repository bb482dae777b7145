"""The steps of a project's procedure as a network: what each needs, the periods in between, what holds it to a day.

The earliest dates are those of `core.procedure.earliest`, which the tests compare; of alternatives (one of several
steps) the one that is ready first leads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.network import FS, SS, Count, Draft, Node
from zhengtu.core.planning.plan import ActivityKind
from zhengtu.core.procedure.applicability import Applies, applies
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, date_at, latest
from zhengtu.core.procedure.earliest import EarliestDates
from zhengtu.core.procedure.gate import applicable_of
from zhengtu.core.procedure.invariants import predicates_of
from zhengtu.core.procedure.periods import finish_of, has_announced_end
from zhengtu.core.procedure.question import Question
from zhengtu.core.procedure.steps import Bound, Procedure, Scope, Step, StepPeriod

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gate:
    """A step that something waits for: for its finish, or only for its having begun."""

    step: str
    must_finish: bool


class StepNetwork:
    """Adds the project's steps to a draft, and lets other work wait for them."""

    def __init__(self, draft: Draft, *, facts: CaseFacts, procedure: Procedure) -> None:
        self.draft, self.facts, self.procedure = draft, facts, procedure
        self.on, self.calendar = draft.case.on, draft.case.calendar
        self.earliest = EarliestDates(facts=facts, procedure=procedure, calendar=self.calendar, today=self.on)
        self._holds: dict[str, list[str]] = {}

    def node_id(self, step: str) -> str:
        """``220204-P0001:scheme_published``."""
        return f"{self.draft.case.code}:{step}"

    def add(self) -> None:
        """Add every step that applies with its periods, then let each wait for what it needs."""
        steps = [
            step for step in self.procedure.steps.values()
            if step.scope is Scope.PROJECT and (self._fact(step.id) is not None or self._applies(step))
        ]
        for step in steps:
            fact = self._fact(step.id)
            if fact is not None:
                self._add_recorded(step, fact)
            else:
                self._add_open(step)
        for step in steps:
            self._wait_for_allowed(step)
            self.wait(self.node_id(step.id), self.gates_of(step))

    def gates_of(self, step: Step) -> list[Gate]:
        """What a step needs, of alternatives the one that is ready first."""
        found = []
        for groups, must_finish in ((step.needs, True), (step.needs_begun, False)):
            for group in groups:
                leading = self.leading(group, must_finish=must_finish, of=step)
                if leading is not None:
                    found.append(Gate(leading.id, must_finish))
        return found

    def leading(self, group: Iterable[str], *, must_finish: bool, of: Step) -> Step | None:
        """The step of a group that is there first; None where none of them applies."""
        question = Question(of, self.on, self.facts, self.procedure, self.calendar)
        candidates = applicable_of(tuple(group), question)
        ready = self.earliest.ready if must_finish else self.earliest.of
        return min(candidates, key=lambda one: ready(one.id).on, default=None)

    def wait(self, id: str, gates: Iterable[Gate]) -> None:
        """Let an activity wait for steps and, where they must be finished, for their least periods."""
        for gate in gates:
            step = self.node_id(gate.step)
            holds = self._holds.get(gate.step, ()) if gate.must_finish else ()
            for hold in holds:
                self.draft.link(hold, id, FS)
            if not holds:
                self.draft.link(step, id, SS)

    def ready_on(self, gates: Iterable[Gate]) -> date | None:
        """The day from which everything is there; None where something is not recorded."""
        days = [date.min]
        for gate in gates:
            if self._fact(gate.step) is None:
                return None
            days.append(self.ready(gate))
        return max(days) if len(days) > 1 else None

    def ready(self, gate: Gate) -> date:
        """The earliest day on which something that waits for the gate may come."""
        return (self.earliest.ready(gate.step) if gate.must_finish else self.earliest.of(gate.step)).on

    def held(self, step: Step, *, base: date) -> tuple[date | None, Reason | None]:
        """The day before which dated obstacles keep the step from being taken, where that is after the base."""
        first = self.earliest.of(step.id).on
        if first <= base:
            return None, None
        question = Question(step, base, self.facts, self.procedure, self.calendar)
        found = [
            one for predicate in predicates_of(step) for one in predicate(question)
            if one.earliest_on is not None and one.earliest_on > base
        ]
        reasons = [one.reason for one in sorted(found, key=lambda one: one.earliest_on or base)]
        return first, reasons[-1] if reasons else None

    def _fact(self, step: str) -> StepFact | None:
        return latest(step, facts=self.facts, procedure=self.procedure, on=self.on)

    def _applies(self, step: Step) -> bool:
        return applies(step, facts=self.facts, procedure=self.procedure, on=self.on) is not Applies.NO

    def _node(self, step: Step) -> Node:
        return Node(
            id=self.node_id(step.id), subject=self.draft.case.code, label=step.label, kind=ActivityKind.STEP,
            count=Count.STEP, step=step.id, source=step.source, actor=step.actor,
            responsible=self.draft.responsible(step.actor),
        )

    def _period(self, step: Step, period: StepPeriod, count: Count) -> Node:
        return replace(
            self._node(step), id=f"{self.node_id(step.id)}.{period.id}", label=period.label,
            kind=ActivityKind.PERIOD, count=count, source=period.source, period=period.period,
        )

    def _add_recorded(self, step: Step, fact: StepFact) -> None:
        day = fact.happened_on
        self.draft.over(replace(self._node(step), actual_start_on=day, actual_end_on=day))
        self._holds[step.id] = []
        finish = finish_of(
            fact, step=step, facts=self.facts, procedure=self.procedure, calendar=self.calendar
        )
        if finish.day is None:
            return
        for period in step.periods:
            start = self._start(step, period, fact) if period.bound is Bound.AT_LEAST else None
            if start is not None:
                last = self.calendar.last_day(period.period, start_on=start).on
                node = replace(self._period(step, period, Count.PERIOD), counted_from=start)
                self._add_running(step.id, node, start + _DAY, last)
        if fact.published_until is not None and has_announced_end(step) and finish.day == fact.published_until + _DAY:
            node = replace(
                self._node(step), id=f"{self.node_id(step.id)}.announced", kind=ActivityKind.PERIOD,
                count=Count.UNTIL, label=self.draft.rules.announced_label,
            )
            self._add_running(step.id, node, fact.published_from or day, fact.published_until)

    def _start(self, step: Step, period: StepPeriod, fact: StepFact) -> date | None:
        return date_at(
            period.counted_from, own=step.id, facts=self.facts, procedure=self.procedure, on=fact.happened_on
        )

    def _add_running(self, step: str, node: Node, first: date, last: date) -> None:
        """A period that a recorded day set going: over, or running to its last day."""
        if last < self.on:
            self.draft.over(replace(node, actual_start_on=first, actual_end_on=last))
        else:
            self.draft.add(
                replace(node, actual_start_on=min(first, self.on), ready_on=first, runs_until=last),
                duration=last.toordinal() + 1 - self.on.toordinal(),
            )
            self._holds[step].append(node.id)
        self.draft.link(self.node_id(step), node.id, SS)

    def _add_open(self, step: Step) -> None:
        gates = self.gates_of(step)
        base = max([self.on, *(self.ready(gate) for gate in gates), *self._allowed_days(step)])
        until, reason = self.held(step, base=base)
        outside = [self.ready(gate) for gate in gates if self.procedure.steps[gate.step].scope is not Scope.PROJECT]
        node = replace(
            self._node(step), held_until=max([*outside, *([until] if until else [])], default=None), held_by=reason,
            is_held_by_law=True, ready_on=self.ready_on(gates),
        )
        decided = self.draft.case.steps_not_before.get(step.id)
        if decided is not None and (node.held_until is None or decided > node.held_until):
            node = replace(node, held_until=decided, held_by=not_before(step.id, decided), is_held_by_law=False)
        self.draft.add(node, duration=0)
        self._holds[step.id] = []
        for period in step.periods:
            if period.bound in (Bound.AT_LEAST, Bound.REMEDY):
                made = self._period(step, period, Count.PERIOD)
                self.draft.add(made, duration=1, calendar=self.draft.calendars.period(period.period))
                self.draft.link(node.id, made.id, SS)
                self._holds[step.id].append(made.id)

    def _allowed_days(self, step: Step) -> list[date]:
        """Last days of the time that somebody else is given before the step."""
        days = []
        for period in step.periods:
            if period.bound is Bound.ALLOW:
                start = self._allowed_from(step, period) or self.earliest.of(period.counted_from.step).on
                days.append(self.calendar.last_day(period.period, start_on=start).on)
        return days

    def _allowed_from(self, step: Step, period: StepPeriod) -> date | None:
        return date_at(period.counted_from, own=step.id, facts=self.facts, procedure=self.procedure, on=self.on)

    def _wait_for_allowed(self, step: Step) -> None:
        """Let an open step wait for the last day of the time that somebody else is given."""
        if self._fact(step.id) is not None:
            return
        id = self.node_id(step.id)
        for period in step.periods:
            if period.bound is not Bound.ALLOW:
                continue
            node = self._period(step, period, Count.ALLOWED)
            start = self._allowed_from(step, period)
            source = self.node_id(period.counted_from.step)
            if start is None and source in self.draft.open:
                self.draft.add(
                    node, duration=1, calendar=self.draft.calendars.period(period.period, is_allowed=True)
                )
                self.draft.link(source, node.id, SS)
            else:
                begun = start or self.earliest.of(period.counted_from.step).on
                last = self.calendar.last_day(period.period, start_on=begun).on
                if last <= self.on:
                    continue
                self.draft.add(
                    replace(
                        node, counted_from=begun, actual_start_on=min(begun + _DAY, self.on) if start else None,
                        ready_on=begun, runs_until=last,
                    ),
                    duration=last.toordinal() - self.on.toordinal(),
                )
            self.draft.link(node.id, id, FS)


def not_before(step: str, decided: date) -> Reason:
    """Why a step is held back by a decision."""
    return Reason(
        code="planning.not_before", message=N_("“%(step)s” is not to be taken before %(on)s, as was decided."),
        parameters={"step": f"step:{step}", "on": decided.isoformat()},
    )
