"""Why a date cannot come sooner, in words of the law: the chain that decides it, each link with article and days.

Whoever adds the lines up with the calendar finds the date again: `verify` does, by the calendar alone, without the
network and the passes that the chain came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.network import Count, Node, PlanNetwork, bar_of, due_tick
from zhengtu.core.planning.plan import ActivityKind, Certificate, CertificateLine
from zhengtu.core.scheduling.certificate import Certificate as Proof
from zhengtu.core.scheduling.certificate import Target as Goal
from zhengtu.core.scheduling.chain_search import certificate_in
from zhengtu.core.scheduling.plan import Driver, DriverKind
from zhengtu.core.scheduling.plan import Plan as DatedPlan
from zhengtu.core.scheduling.problem import Link

_DAY = timedelta(days=1)


def certificate_of(
    network: PlanNetwork, dated: DatedPlan, *, last: str, target: str, earliest_on: date, due_on: date
) -> Certificate:
    """The chain that decides when an activity is over, as lines that follow one another day by day.

    Args:
        last: the activity that decides the target.
    """
    chain = dated.driving_chain(last)
    adding = _Adding(network, cursor=network.case.on)
    adding.hold(network.nodes[chain[0]], dated.driver(chain[0]))
    for id, following in zip(chain, [*map(dated.driver, chain[1:]), None], strict=True):
        adding.add(network.nodes[id], following=following.link if following else None)
    return Certificate(
        target=target, earliest_on=earliest_on, days_short=(earliest_on - due_on).days, lines=adding.lines
    )


def shortest_proof(
    network: PlanNetwork, dated: DatedPlan, *, goals: Sequence[str], target: str, due_on: date
) -> Certificate | None:
    """The chain with the fewest lines that alone leads beyond a deadline; None where none of the goals misses it.

    It need not be the chain that decides the earliest date: ``earliest_on`` is the day that this chain leads to.

    Args:
        goals: activities of which each has to be over by the deadline.
    """
    found = [proof for id in goals if (proof := _proof(network, dated, id, target=target, due_on=due_on)) is not None]
    return min(found, key=lambda one: (len(one.lines), -one.days_short), default=None)


def _proof(
    network: PlanNetwork, dated: DatedPlan, goal: str, *, target: str, due_on: date
) -> Certificate | None:
    chain = certificate_in(
        network=dated.network, early=dated.early, target=Goal(goal, due_tick(network.nodes[goal], due_on))
    )
    if chain is None:
        return None
    first, path = chain.lines[0], _path(chain, goal)
    adding = _Adding(network, cursor=network.case.on)
    is_held = first.first > network.problem.start
    adding.hold(network.nodes[first.activity], Driver(
        DriverKind.NOT_EARLIER if is_held else DriverKind.PROJECT_START, first.first
    ))
    for id, following in path:
        adding.add(network.nodes[id], following=following)
    proved_on = adding.lines[-1].until_on
    if proved_on <= due_on:
        return None
    return Certificate(target=target, earliest_on=proved_on, days_short=(proved_on - due_on).days, lines=adding.lines)


def _path(chain: Proof, goal: str) -> list[tuple[str, Link | None]]:
    """The activities of a proof in order, each with the link to the next one; plain links have no line of their own."""
    path: list[tuple[str, Link | None]] = []
    here = chain.lines[0].activity
    for line in chain.lines[1:]:
        if line.link is not None:
            if line.link.before != here:
                path.append((here, Link(here, line.link.before)))
            path.append((line.link.before, line.link))
        elif line.activity != here:
            path.append((here, Link(here, line.activity)))
        here = line.activity
    if here != goal:
        path.append((here, Link(here, goal)))
    return [*path, (goal, None)]


@dataclass
class _Adding:
    """Lines so far, and the first day that none of them accounts for."""

    network: PlanNetwork
    cursor: date
    lines: list[CertificateLine] = field(default_factory=list)

    def hold(self, node: Node, driver: Driver) -> None:
        """The wait before the first activity of the chain, where a day holds it."""
        if driver.kind is DriverKind.NOT_EARLIER and node.held_until is not None and node.held_until > self.cursor:
            self.lines.append(_waiting(node, self.cursor))
            self.cursor = node.held_until

    def add(self, node: Node, *, following: Link | None) -> None:
        """The activity's own line, and that of the time between it and the next one of the chain."""
        if node.count is Count.STEP:
            self.lines.append(_step_line(node, self.cursor))
        elif node.period is not None and node.count in (Count.PERIOD, Count.ALLOWED):
            line = _period_line(node, self.cursor, calendar=self.network.case.calendar)
            self.lines.append(line)
            self.cursor = line.until_on if node.count is Count.ALLOWED else line.until_on + _DAY
        elif node.count is Count.UNTIL:
            self.lines.append(_announced_line(node, self.cursor))
            self.cursor = self.lines[-1].until_on + _DAY
        elif node.kind is ActivityKind.HANDOVER:
            self._work(node, node.working_days, node.frozen, _handover_reason(node))
        if following is not None and following.lag:
            after = self.network.nodes[following.after]
            frozen = after.frozen if after.count is not Count.BEGIN or after.stage is node.stage else node.frozen
            is_first = after.count is Count.BEGIN and after.subject == node.subject
            about = node if is_first or after.count is Count.STEP else after
            self._work(about, following.lag, frozen, _lag_reason(node, after, following.lag))

    def _work(self, node: Node, days: int, frozen: frozenset[int], reason: Reason) -> None:
        until = after_work(self.cursor, days, calendar=self.network.case.calendar, frozen=frozen)
        self.lines.append(CertificateLine(
            activity=bar_of(node.id), label=node.label, from_on=self.cursor, until_on=until,
            source=reason.source, reason=reason, count=Count.WORK.value, working_days=days, frozen=frozen,
        ))
        self.cursor = until + _DAY


def _waiting(node: Node, on: date) -> CertificateLine:
    assert node.held_until is not None
    reason = node.held_by or Reason(
        code="planning.held", message=N_("It cannot be taken before %(on)s."),
        parameters={"on": node.held_until.isoformat()}, source=node.source,
    )
    return CertificateLine(
        activity=node.id, label=node.label, from_on=on, until_on=node.held_until - _DAY,
        source=reason.source or node.source, reason=reason, count=Count.UNTIL.value,
    )


def _period_line(node: Node, cursor: date, *, calendar: WorkCalendar) -> CertificateLine:
    assert node.period is not None
    start = node.counted_from or cursor
    last = calendar.last_day(node.period, start_on=start).on
    return CertificateLine(
        activity=node.id, label=node.label, from_on=start + _DAY, until_on=last, source=node.source,
        reason=_period_reason(node, start, last), count=node.count.value, period=node.period,
    )


def _step_line(node: Node, on: date) -> CertificateLine:
    reason = Reason(
        code="planning.step", message=N_("“%(step)s” is taken on that day at the soonest."),
        parameters={"step": f"step:{node.step}"}, source=node.source,
    )
    return CertificateLine(
        activity=node.id, label=node.label, from_on=on, until_on=on, source=node.source, reason=reason,
        count=Count.STEP.value,
    )


def _announced_line(node: Node, cursor: date) -> CertificateLine:
    last = node.runs_until or cursor
    reason = Reason(
        code="planning.announced", message=N_("“%(step)s” was announced to last until %(until)s."),
        parameters={"step": f"step:{node.step}", "until": last.isoformat()}, source=node.source,
    )
    return CertificateLine(
        activity=node.id, label=node.label, from_on=cursor, until_on=last, source=node.source, reason=reason,
        count=Count.UNTIL.value,
    )


def _period_reason(node: Node, start: date, last: date) -> Reason:
    return Reason(
        code="planning.period",
        message=N_("%(period)s: counted from %(start)s, the last day is %(last)s."),
        parameters={
            "period": f"period:{node.step}.{node.id.rpartition('.')[2]}", "start": start.isoformat(),
            "last": last.isoformat(),
        },
        source=node.source,
    )


def _handover_reason(node: Node) -> Reason:
    return Reason(
        code="planning.handover", message=N_("The handing over of %(section)s takes a working day."),
        parameters={"section": node.subject}, source=node.source,
    )


def _lag_reason(before: Node, after: Node, days: int) -> Reason:
    """What happens between the starts or the ends of two activities of the chain."""
    named = {"section": after.subject, "stage": f"stage:{after.stage}", "days": days}
    if before.count is Count.BEGIN and bar_of(before.id) == after.id:
        message = (
            N_("%(stage)s of %(left)s households in %(section)s takes %(days)s working days outside frozen months.")
            if after.frozen else
            N_("%(stage)s of %(left)s households in %(section)s takes %(days)s working days.")
        )
        return Reason("planning.work", message, {**named, "left": before.households_left}, after.source)
    if before.subject != after.subject:
        if after.stage is None:
            return Reason(
                "planning.share",
                N_("“%(step)s” waits until enough have signed in %(section)s: %(days)s working days."),
                {"step": f"step:{after.step}", "section": before.subject, "days": days}, after.source,
            )
        return Reason(
            "planning.teams", N_("The teams of %(stage)s work %(days)s working days elsewhere before %(section)s."),
            named, before.source,
        )
    if after.count is Count.BEGIN:
        return Reason(
            "planning.first_household",
            N_("%(before)s of the first household in %(section)s takes %(days)s working days."),
            {**named, "before": f"stage:{before.stage}"}, before.source,
        )
    return Reason(
        "planning.last_household", N_("%(stage)s of the last household in %(section)s takes %(days)s working days."),
        named, after.source,
    )


def after_work(first: date, days: int, *, calendar: WorkCalendar, frozen: frozenset[int] = frozenset()) -> date:
    """The day on which so many working days from a day on are over, frozen months left out."""
    day, left = first - _DAY, days
    while left:
        day += _DAY
        left -= calendar.is_working_day(day) and day.month not in frozen
    return day


def verify(certificate: Certificate, *, calendar: WorkCalendar, on: date) -> list[Reason]:
    """What is wrong with a certificate when its lines are added up by the calendar alone; empty where it holds.

    Args:
        on: the plan's day, on which the first line begins unless a recorded day set it going.
    """
    cursor, last, faults = on, on, []
    for place, line in enumerate(certificate.lines):
        end, following = _added(line, cursor, is_first=place == 0, calendar=calendar)
        if end != line.until_on:
            faults.append(Reason(
                code="planning.line_differs",
                message=N_("Line %(line)s ends on %(said)s; added up from %(from)s it ends on %(found)s."),
                parameters={
                    "line": place + 1, "said": line.until_on.isoformat(), "from": cursor.isoformat(),
                    "found": end.isoformat(),
                },
            ))
        cursor, last = following, end
    if last != certificate.earliest_on:
        faults.append(Reason(
            code="planning.sum_differs",
            message=N_("The lines add up to %(found)s, not to %(said)s."),
            parameters={"found": last.isoformat(), "said": certificate.earliest_on.isoformat()},
        ))
    return faults


def _added(line: CertificateLine, cursor: date, *, is_first: bool, calendar: WorkCalendar) -> tuple[date, date]:
    """Where a line ends, and the first day that the next one may take."""
    if line.count == Count.STEP:
        return cursor, cursor
    if line.count in (Count.PERIOD, Count.ALLOWED) and line.period is not None:
        start = line.from_on - _DAY if is_first and line.from_on <= cursor + _DAY else cursor
        end = calendar.last_day(line.period, start_on=start).on
        return end, end if line.count == Count.ALLOWED else end + _DAY
    if line.count == Count.UNTIL:
        return line.until_on, line.until_on + _DAY
    end = after_work(cursor, line.working_days, calendar=calendar, frozen=line.frozen)
    return end, end + _DAY
