"""The network of one part of a project: what is to be scheduled, what every activity means, and what meets a target.

Law, ledger and work become a `scheduling.Problem` in day ticks (date ordinals). A step of the procedure takes no time
of its own, since the law lets several be taken on one day; periods, work and waiting take time. What is over is kept
beside the problem for whoever looks at the plan, and holds nothing back any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import Period
from zhengtu.core.planning.day_calendars import DayCalendars, day_calendars
from zhengtu.core.planning.paces import days_of, pace_of
from zhengtu.core.planning.plan import ActivityKind
from zhengtu.core.planning.plan_case import PlanCase, Stage, StageRate
from zhengtu.core.planning.schedule_rules import ScheduleRules
from zhengtu.core.planning.stage_queue import Queued, queue_links
from zhengtu.core.procedure.acts import Actor
from zhengtu.core.procedure.steps import Label
from zhengtu.core.scheduling.problem import Activity, Link, LinkKind, Problem

FS, SS, FF = LinkKind.FINISH_START, LinkKind.START_START, LinkKind.FINISH_FINISH

_ROLES: Final[Mapping[Actor, str]] = {
    Actor.APPRAISER: "appraiser", Actor.HIGHER_GOVERNMENT: "government", Actor.COURT: "court",
    Actor.RECONSIDERATION_BODY: "government",
}


class Count(StrEnum):
    """How the length of a node is counted."""

    STEP = "step"
    """Taken on a day; no time of its own."""
    PERIOD = "period"
    """A legal period; what follows comes after its last day."""
    ALLOWED = "allowed"
    """Time given to somebody; what follows may come on its last day."""
    WORK = "work"
    """So many working days, outside the frozen months where there are any."""
    BEGIN = "begin"
    """The beginning of work that may stretch: it ends so many working days later, or when what it follows lets it.
    Further households may arrive later than it begins; each arrival counts as one more beginning of the same work."""
    UNTIL = "until"
    """Until a day that something recorded names."""


@dataclass(frozen=True, slots=True)
class Node:
    """What one activity means.

    Attributes:
        count: how its length is counted.
        period, counted_from: of a legal period: its length, and the recorded day that set it going, if it is recorded.
        runs_until: last day of what a recorded day set going; None where it is only planned.
        working_days: of work.
        frozen: months in which it rests.
        held_until: the day before which it does not begin, for the reason ``held_by``; None where nothing holds it.
        is_held_by_law: whether that reason is the law's (a dated obstacle), not somebody's decision.
        ready_on: the day from which everything before it is there, as far as recorded; None where something is missing.
        actor: of a step: who decides or does it.
    """

    id: str
    subject: str
    label: Label
    kind: ActivityKind
    count: Count
    step: str = ""
    stage: Stage | None = None
    source: str = ""
    responsible: str = ""
    actor: Actor | None = None
    actual_start_on: date | None = None
    actual_end_on: date | None = None
    households: int = 0
    households_left: int = 0
    may_be_decided: bool = False
    period: Period | None = None
    counted_from: date | None = None
    runs_until: date | None = None
    working_days: int = 0
    frozen: frozenset[int] = frozenset()
    held_until: date | None = None
    held_by: Reason | None = None
    is_held_by_law: bool = False
    ready_on: date | None = None


@dataclass(frozen=True, slots=True)
class Paced:
    """A link that lasts as long as a stage's teams work on so many households of one section.

    Attributes:
        link: its number among the links of the draft.
    """

    link: int
    stage: Stage
    households: int


_BEGIN: Final = ":begin"


def begin_of(id: str) -> str:
    """The beginning of work that may stretch."""
    return id + _BEGIN


def arrival_of(id: str, stage: Stage) -> str:
    """The day on which work that has enough waiting for it gets the first of those whose turn in a stage before it is
    still to come."""
    return f"{id}{_BEGIN}:{stage}"


def is_arrival(id: str) -> bool:
    """Whether an activity is an arrival at work that has begun or may have begun."""
    return id not in (bar_of(id), begin_of(bar_of(id)))


def bar_of(id: str) -> str:
    """The work that an activity is the beginning of, or an arrival at; otherwise the activity itself."""
    return id.partition(_BEGIN)[0]


def unit_for(actor: Actor | None, case: PlanCase) -> str:
    """Unit that a step of this actor is up to; the jurisdiction's own where nobody else is named."""
    role = _ROLES.get(actor, "district") if actor is not None else "district"
    return case.responsible.get(role) or case.responsible.get("district", case.jurisdiction)


@dataclass
class Draft:
    """A network being put together.

    Attributes:
        shown: links between what is over and what follows it, for the eye alone.
        paced: which of the links go by the pace of a stage.
        queues: stage -> the sections that its teams work through, in their order; their links are made at the end.
        ends: activity -> the tick by which a target asks it to be over.
        goals: key of a target -> the activities that have to be over, those that are over left out.
    """

    case: PlanCase
    rules: ScheduleRules
    calendars: DayCalendars
    nodes: dict[str, Node] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    shown: list[Link] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    goals: dict[str, list[str]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    paced: list[Paced] = field(default_factory=list)
    queues: dict[Stage, list[Queued]] = field(default_factory=dict)

    def over(self, node: Node) -> None:
        """Add what the ledger says is over."""
        self.nodes[node.id] = node

    def add(self, node: Node, *, duration: int, calendar: str = "") -> None:
        """Add what is still to come, or runs."""
        self.nodes[node.id] = node
        self.open.add(node.id)
        self.activities.append(Activity(
            id=node.id, duration=duration, calendar=calendar,
            not_earlier=node.held_until.toordinal() if node.held_until else None,
        ))

    def add_work(self, node: Node, *, calendar: str) -> None:
        """Add work that may stretch, as its beginning and its end so many working days later at the soonest."""
        begin = replace(node, id=begin_of(node.id), count=Count.BEGIN)
        self.add(begin, duration=0)
        self.nodes[node.id] = node
        self.open.add(node.id)
        self.activities.append(Activity(id=node.id, duration=0))
        self.link_paced(begin.id, node, node.households_left, calendar)

    def link_paced(
        self, before: str, after: Node, households: int, calendar: str, *, stage: Stage | None = None
    ) -> None:
        """Let what is open wait for as long as work on so many households takes, of its own stage or of another."""
        paced = stage or after.stage
        assert paced is not None
        self.paced.append(Paced(len(self.links), paced, households))
        self.links.append(Link(before, after.id, FS, days_of(households, self.case.rates[paced]), calendar))

    def link(self, before: str, after: str, kind: LinkKind, lag: int = 0, lag_calendar: str = "") -> None:
        """Let one wait for the other; where one of them is over the link is only shown."""
        made = Link(before, after, kind, lag, lag_calendar if lag else "")
        if before in self.open and after in self.open:
            self.links.append(made)
        elif before in self.nodes and after in self.nodes:
            self.shown.append(made)

    def begin(self, id: str) -> str:
        """What holds the start of an activity: its own beginning where it may stretch, otherwise itself."""
        return begin_of(id) if begin_of(id) in self.open else id

    def ask(self, id: str, *, due_on: date) -> None:
        """A target asks that this be over by the end of that day; of several the earliest counts."""
        tick = due_tick(self.nodes[id], due_on)
        self.ends[id] = min(tick, self.ends.get(id, tick))

    def responsible(self, actor: Actor | None) -> str:
        """Unit that a step of this actor is up to; the jurisdiction's own where nobody else is named."""
        return unit_for(actor, self.case)


def due_tick(node: Node, due_on: date) -> int:
    """The tick by which an activity finishes that is over by the end of a day: a step is over on its own day."""
    return due_on.toordinal() + (0 if node.count is Count.STEP else 1)


@dataclass(frozen=True)
class PlanNetwork:
    """A network that can be scheduled, with what it means.

    Attributes:
        nodes: by id, those that are over included, in the order of the chart.
        goals: key of a target -> ids that have to be over for it; empty once it is met.
        shown: links from what is over.
    """

    case: PlanCase
    problem: Problem
    nodes: Mapping[str, Node]
    goals: Mapping[str, Sequence[str]]
    shown: Sequence[Link]
    calendars: DayCalendars
    _draft: Draft

    def at_rates(self, rates: Mapping[Stage, StageRate]) -> Problem:
        """The same at other rates of the stages: the links that rest on a pace are counted again."""
        return replace(self.problem, links=_links(self._draft, rates))


def new_draft(case: PlanCase, rules: ScheduleRules) -> Draft:
    """An empty draft for a case."""
    return Draft(case=case, rules=rules, calendars=day_calendars(case.calendar, on=case.on))


def finished(draft: Draft) -> PlanNetwork:
    """The network of a draft."""
    activities = [
        replace(activity, deadline=draft.ends[activity.id]) if activity.id in draft.ends else activity
        for activity in draft.activities
    ]
    links = _links(draft, draft.case.rates)
    used = {one.calendar for one in activities} | {one.lag_calendar for one in draft.links}
    used |= {one.calendar for queue in draft.queues.values() for one in queue}
    return PlanNetwork(
        case=draft.case,
        problem=Problem(
            activities=activities, links=links, start=draft.case.on.toordinal(),
            calendars={name: one for name, one in draft.calendars.named.items() if name in used},
        ),
        nodes=draft.nodes, goals=draft.goals, shown=draft.shown, calendars=draft.calendars, _draft=draft,
    )


def _links(draft: Draft, rates: Mapping[Stage, StageRate]) -> list[Link]:
    links = list(draft.links)
    for one in draft.paced:
        links[one.link] = replace(links[one.link], lag=days_of(one.households, rates[one.stage]))
    for stage, queue in draft.queues.items():
        links += queue_links(queue, pace_of(rates[stage]))
    return links
