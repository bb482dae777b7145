"""The work on a project's sections as a network: stages that overlap household by household, teams that go from section
to section, and the law's steps that each stage waits for.

A household is paid only after it signs and moves only after it is paid: a later stage begins once the first household
is through the earlier one and ends no sooner than its last household can be through. Teams work on the whole part of
the project: one section's share of a stage begins once the households before it have been worked on.

Where some wait between two stages, the later one goes on with them at once; those whose turn in the earlier one is
still to come arrive there when that goes on, and from then on the later stage is busy at least with them. Without the
arrivals a household fewer done would leave one waiting, and bring the end forward. So every stage that is not over is
followed through the stages after it, up to the first that has nobody waiting from it. No chain is shorter with fewer
done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.day_calendars import WORK
from zhengtu.core.planning.network import FS, Count, Draft, Node, arrival_of, begin_of
from zhengtu.core.planning.paces import days_of
from zhengtu.core.planning.plan import ActivityKind
from zhengtu.core.planning.plan_case import SectionWork, Stage, StageProgress
from zhengtu.core.planning.stage_queue import Queued
from zhengtu.core.planning.step_network import Gate, StepNetwork
from zhengtu.core.procedure.acts import Actor
from zhengtu.core.procedure.steps import Scope, Step

STAGE_KINDS: Final[Mapping[Stage, str]] = {
    Stage.SURVEY: "surveyed", Stage.VALUATION: "valued", Stage.NEGOTIATION: "signed", Stage.PAYMENT: "paid",
    Stage.VACATING: "vacated", Stage.DEMOLITION: "demolished",
}
"""Stage -> the kind of fact that records it; the procedure says which step that is and what it needs."""
HANDED_OVER: Final = "handed_over"
HOLDOUTS_ARE_FEW: Final = "holdouts_are_few"
HOLDOUT_SHARE: Final = "holdout_share"
_NOTHING: Final = StageProgress()
_BY_FAMILIES: Final = Stage.VACATING
"""Families move on their own: no team goes from section to section."""


@dataclass(frozen=True, slots=True)
class _Hold:
    """The day before which a stage does not begin, why, and whether the law says so."""

    until: date | None = None
    reason: Reason | None = None
    is_law: bool = False

    def or_later(self, until: date, reason: Reason) -> _Hold:
        """The later of this and another that is not the law's."""
        return self if self.until is not None and self.until >= until else _Hold(until, reason)


class SectionNetwork:
    """Adds the stages and the handing over of every section to a draft."""

    def __init__(self, draft: Draft, steps: StepNetwork | None) -> None:
        self.draft, self.steps, self.case = draft, steps, draft.case
        self.stages = [stage for stage in Stage if steps is None or self._step(stage) is not None]
        self._gates = {stage: self._gates_of(self._step(stage)) for stage in self.stages}
        self._handover = self.steps.procedure.recorded_by(HANDED_OVER) if self.steps else None
        self._handover_gates = self._gates_of(self._handover)
        self._arrivals: dict[str, list[tuple[str, int]]] = {}
        self._held = {stage: self._held_of(self._step(stage), self._gates[stage]) for stage in self.stages}
        self._due = {
            section.code: min(
                (one.due_on for one in self.case.targets if section.code in one.sections), default=date.max
            )
            for section in self.case.sections
        }

    def add(self) -> None:
        """Add all sections, the teams' way through them, and the share of agreements that a step waits for."""
        for section in self.case.sections:
            self._add_section(section)
        for stage in self.stages:
            if stage is not _BY_FAMILIES:
                self._chain_teams(stage)
        self._wait_for_shares()

    def node_id(self, section: str, stage: Stage) -> str:
        """``220204-P0001-S01:negotiation``."""
        return f"{section}:{stage}"

    def _step(self, stage: Stage) -> Step | None:
        return self.steps.procedure.recorded_by(STAGE_KINDS[stage]) if self.steps else None

    def _gates_of(self, step: Step | None) -> list[Gate]:
        """Steps of the project that a household's step waits for, through other steps of the household."""
        found: dict[str, Gate] = {}
        waiting, seen = [step] if step else [], set[str]()
        while waiting and self.steps is not None:
            one = waiting.pop()
            if one is None or one.id in seen:
                continue
            seen.add(one.id)
            for gate in self._needed(one):
                needed = self.steps.procedure.steps[gate.step]
                if needed.scope is Scope.HOUSEHOLD:
                    waiting.append(needed)
                elif needed.scope is Scope.PROJECT:
                    is_finish = gate.must_finish or (gate.step in found and found[gate.step].must_finish)
                    found[gate.step] = Gate(gate.step, is_finish)
        return list(found.values())

    def _needed(self, step: Step) -> list[Gate]:
        """What a step needs, leaving out what the order of the stages asks already."""
        assert self.steps is not None
        stages = {one.id for stage in self.stages_of_law() if (one := self._step(stage))}
        found = []
        for groups, must_finish in ((step.needs, True), (step.needs_begun, False)):
            for group in groups:
                if stages.isdisjoint(group):
                    leading = self.steps.leading(group, must_finish=must_finish, of=step)
                    if leading is not None:
                        found.append(Gate(leading.id, must_finish))
        return found

    def stages_of_law(self) -> list[Stage]:
        """Stages that the procedure knows; all of them where none governs."""
        return [stage for stage in Stage if self.steps is None or self._step(stage) is not None]

    def _held_of(self, step: Step | None, gates: Sequence[Gate]) -> tuple[date | None, Reason | None]:
        if step is None or self.steps is None:
            return None, None
        base = max([self.case.on, *(self.steps.ready(gate) for gate in gates)])
        return self.steps.held(step, base=base)

    def _add_section(self, section: SectionWork) -> None:
        stages = self.stages if section.households else ()
        for stage in stages:
            self._add_stage(section, stage)
        for before, stage in pairwise(stages):
            earlier, later = self.node_id(section.code, before), self.node_id(section.code, stage)
            self.draft.link(earlier, later, FS, self.case.rates[stage].least_days, self._calendar(later))
        for stage in stages:
            self._follow(section, stage)
        self._add_handover(section)

    def _add_stage(self, section: SectionWork, stage: Stage) -> None:
        step, progress = self._step(stage), section.stages.get(stage, _NOTHING)
        left = 0 if section.handed_over_on else max(0, section.households - progress.done)
        rate = self.case.rates[stage]
        gates, step_source = self._gates[stage], step.source if step else ""
        held = self._hold(section, stage, step_source) if left else _Hold()
        node = Node(
            id=self.node_id(section.code, stage), subject=section.code, label=self.draft.rules.stage_labels[stage],
            kind=ActivityKind.WORK, count=Count.WORK, stage=stage, source=step_source,
            responsible=self.draft.responsible(Actor.APPRAISER if stage is Stage.VALUATION else None),
            actual_start_on=progress.first_on, households=section.households, households_left=left,
            held_until=held.until, held_by=held.reason, is_held_by_law=held.is_law,
            may_be_decided=left > 0 and progress.first_on is None, working_days=days_of(left, rate) if left else 0,
            ready_on=self.steps.ready_on(gates) if self.steps else None,
            frozen=self.case.frozen_months if stage is Stage.DEMOLITION else frozenset(),
        )
        if not left:
            end = progress.last_on or section.handed_over_on or self.case.on
            self.draft.over(replace(node, actual_start_on=progress.first_on or end, actual_end_on=end))
            return
        self.draft.add_work(node, calendar=self.draft.calendars.thawed(node.frozen))
        if self.steps is not None:
            self.steps.wait(self.draft.begin(node.id), gates)

    def _hold(self, section: SectionWork, stage: Stage, source: str) -> _Hold:
        """What keeps a stage from beginning: the law, money that is short, or a unit's decision until it has begun."""
        until, reason = self._held[stage]
        hold = _Hold(until, reason, until is not None)
        money = self.case.money
        if stage is Stage.PAYMENT and money.is_short and money.expected_on and money.expected_on > self.case.on:
            hold = hold.or_later(money.expected_on, Reason(
                code="planning.money", message=N_("The money that is missing is planned to arrive on %(on)s."),
                parameters={"on": money.expected_on.isoformat()}, source=source,
            ))
        decided = section.plan_decisions.get(stage)
        if decided is None or section.stages.get(stage, _NOTHING).first_on is not None:
            return hold
        return hold.or_later(decided[0], Reason(
            code="planning.decided", message=N_("The unit decided to begin “%(stage)s” on %(on)s (deed %(deed)s)."),
            parameters={"stage": f"stage:{stage}", "on": decided[0].isoformat(), "deed": decided[1]},
        ))

    def _follow(self, section: SectionWork, stage: Stage) -> None:
        """Later stages follow household by household; where some wait for one it goes on at once, and what this stage
        has still to do arrives there later."""
        origin = self.node_id(section.code, stage)
        if origin not in self.draft.open:
            return
        left = self.draft.nodes[origin].households_left
        before, at = stage, begin_of(origin)
        for later in self.stages[self.stages.index(stage) + 1 :]:
            id = self.node_id(section.code, later)
            if id not in self.draft.open:
                return
            node, lag = self.draft.nodes[id], self.case.rates[before].least_days
            calendar = self._calendar(self.node_id(section.code, before))
            if node.households_left <= left:
                self.draft.link(at, begin_of(id), FS, lag, calendar)
                return
            arrival = replace(node, id=arrival_of(id, stage), count=Count.BEGIN, households_left=left, held_until=None)
            self.draft.add(arrival, duration=0)
            self.draft.link(at, arrival.id, FS, lag, calendar)
            self.draft.link_paced(arrival.id, node, left, self._calendar(id))
            self._arrivals.setdefault(id, []).append((arrival.id, left))
            before, at = later, arrival.id

    def _calendar(self, id: str) -> str:
        return self.draft.calendars.thawed(self.draft.nodes[id].frozen)

    def _add_handover(self, section: SectionWork) -> None:
        step, gates = self._handover, self._handover_gates
        day = section.handed_over_on
        node = Node(
            id=f"{section.code}:handover", subject=section.code, label=self.draft.rules.handover_label,
            kind=ActivityKind.HANDOVER, count=Count.WORK, step=step.id if step else "",
            source=step.source if step else "", responsible=self.draft.responsible(None), working_days=1,
            actual_start_on=day, actual_end_on=day, ready_on=self.steps.ready_on(gates) if self.steps else None,
        )
        if day is not None:
            self.draft.over(node)
            return
        self.draft.add(node, duration=1, calendar=WORK)
        order = list(Stage)
        for stage in self.stages:
            if order.index(stage) <= order.index(self.case.handover_after):
                self.draft.link(self.node_id(section.code, stage), node.id, FS)
        if self.steps is not None:
            self.steps.wait(node.id, gates)

    def _chain_teams(self, stage: Stage) -> None:
        """Each section waits until the teams have worked on those before it: by deadline, then in their order."""
        queue = []
        for section in sorted(self.case.sections, key=lambda one: self._turn(one, stage)):
            id = self.node_id(section.code, stage)
            if id in self.draft.open:
                left, arrivals = self.draft.nodes[id].households_left, self._arrivals.get(id, [])
                queue.append(Queued(begin_of(id), left, arrivals, self._calendar(id)))
        self.draft.queues[stage] = queue

    def _turn(self, section: SectionWork, stage: Stage) -> tuple[date, bool, date, int, str]:
        decided = section.plan_decisions.get(stage)
        begun = section.stages.get(stage, _NOTHING).first_on is not None
        start = decided[0] if decided is not None and not begun and decided[0] > self.case.on else date.min
        return start, not begun, self._due[section.code], section.order, section.code

    def _wait_for_shares(self) -> None:
        """A step that asks for few holdouts waits until so many have signed in every section."""
        if self.steps is None:
            return
        share = self.steps.procedure.parameters.get(HOLDOUT_SHARE)
        for step in self.steps.procedure.steps.values():
            waiting = self.steps.node_id(step.id)
            if share is None or HOLDOUTS_ARE_FEW not in step.conditions or waiting not in self.draft.open:
                continue
            for section in self.case.sections:
                node = self.draft.nodes.get(self.node_id(section.code, Stage.NEGOTIATION))
                if node is None or not node.households_left:
                    continue
                may_be_left = int(share * section.households)
                for id, left in ((begin_of(node.id), node.households_left), *self._arrivals.get(node.id, ())):
                    if left > may_be_left:
                        self.draft.link_paced(
                            id, self.draft.nodes[waiting], left - may_be_left, WORK, stage=Stage.NEGOTIATION
                        )
