"""From a scheduled network to the bars and links of a plan, in days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.day_calendars import WORK
from zhengtu.core.planning.network import Count, Node, PlanNetwork, bar_of, begin_of, is_arrival
from zhengtu.core.planning.plan import ActivityKind, PlannedActivity, PlannedLink
from zhengtu.core.planning.targets import day_before
from zhengtu.core.planning.tracks import DecisionTracks
from zhengtu.core.scheduling.plan import ActivityDates, DriverKind
from zhengtu.core.scheduling.plan import Plan as DatedPlan
from zhengtu.core.scheduling.problem import Link
from zhengtu.core.scheduling.working_time import Calendar

_DAY: Final = timedelta(days=1)


def activities_and_links(
    network: PlanNetwork, dated: DatedPlan, *, tracks: DecisionTracks
) -> tuple[list[PlannedActivity], list[PlannedLink]]:
    """All bars in the order of the chart, the way over decisions last, and the links between them."""
    making = _Making(network, dated)
    bars = [making.bar(node) for node in network.nodes.values() if node.count is not Count.BEGIN]
    chain = making.critical()
    bars = [
        replace(bar, is_critical=bar.id in chain or (bar.float_days is not None and bar.float_days < 0))
        if not bar.is_done else bar
        for bar in bars
    ]
    critical = {bar.id for bar in bars if bar.is_critical}
    links = [
        made for link in (*network.problem.links, *network.shown)
        if (made := making.link(link, critical)) is not None
    ]
    return [*bars, *tracks.bars()], list(dict.fromkeys(links))


class _Making:
    """Bars of one network."""

    def __init__(self, network: PlanNetwork, dated: DatedPlan) -> None:
        self.network, self.dated = network, dated
        self.dates: dict[str, ActivityDates] = {row.id: row for row in dated.rows()}

    def bar(self, node: Node) -> PlannedActivity:
        """One bar: by the ledger where it is over, otherwise by the passes."""
        if node.id not in self.dates:
            return self._over(node)
        begin = self.dates.get(begin_of(node.id))
        own = self.dates[node.id]
        first = own if begin is None else begin
        calendar = self._calendar(node)
        is_whole = node.count not in (Count.STEP, Count.ALLOWED)
        early_end = day_before(own.early_finish, is_whole=is_whole)
        early_start = min(self._start(node, first.early_start, calendar), early_end)
        late_end = None if own.late_finish is None else day_before(own.late_finish, is_whole=is_whole)
        late_start = None
        if first.late_start is not None and late_end is not None:
            late_start = min(self._late_start(node, first.late_start, calendar), late_end)
        driver, reason = self._driver(node, first.id)
        return PlannedActivity(
            id=node.id, subject=node.subject, label=node.label, kind=node.kind, early_start_on=early_start,
            early_end_on=early_end, late_start_on=late_start, late_end_on=late_end,
            actual_start_on=node.actual_start_on,
            float_days=self._float((early_end, late_end), (early_start, late_start)),
            step=node.step, stage=node.stage, source=node.source, driver=driver, driver_reason=reason,
            responsible=node.responsible, households=node.households, households_left=node.households_left,
            may_be_decided=node.may_be_decided, ready_on=node.ready_on, actor=str(node.actor or ""),
            is_held_by_law=node.is_held_by_law,
        )

    def _float(self, *ends: tuple[date, date | None]) -> int | None:
        """Working days by which the start and the end may slip, whichever may slip less."""
        days = [self.network.calendars.working_days(early, late) for early, late in ends if late is not None]
        return min(days, default=None)

    def critical(self) -> set[str]:
        """The chain that decides the target with the least to spare; without targets, the last activity of all."""
        left = [id for ids in self.network.goals.values() for id in ids]
        if left:
            last = min(left, key=lambda id: (self._spare(id), id))
        elif self.dates:
            last = max(self.dates, key=lambda id: (self.dates[id].early_finish, id))
        else:
            return set()
        return {bar_of(id) for id in self.dated.driving_chain(last)}

    def _spare(self, id: str) -> int:
        own = self.dates[id]
        return 0 if own.late_finish is None else own.late_finish - own.early_finish

    def _over(self, node: Node) -> PlannedActivity:
        end = node.actual_end_on or node.actual_start_on or self.network.case.on
        start = node.actual_start_on or end
        return PlannedActivity(
            id=node.id, subject=node.subject, label=node.label, kind=node.kind, early_start_on=start, early_end_on=end,
            late_start_on=None, late_end_on=None, actual_start_on=start, actual_end_on=end, step=node.step,
            stage=node.stage, source=node.source, responsible=node.responsible, households=node.households,
            actor=str(node.actor or ""),
        )

    def _calendar(self, node: Node) -> Calendar | None:
        if node.count is not Count.WORK:
            return None
        return self.network.calendars.named[self.network.calendars.thawed(node.frozen) if node.frozen else WORK]

    def _start(self, node: Node, tick: int, calendar: Calendar | None) -> date:
        """First day of a bar: of planned periods the day after the one that sets them going, of work a working day."""
        if node.count in (Count.PERIOD, Count.ALLOWED) and node.counted_from is None:
            return date.fromordinal(tick + 1)
        return date.fromordinal(tick if calendar is None else calendar.next_working_one(tick))

    def _late_start(self, node: Node, tick: int, calendar: Calendar | None) -> date:
        if calendar is not None:
            return date.fromordinal(calendar.last_start(tick))
        return self._start(node, tick, None)

    def _driver(self, node: Node, first: str) -> tuple[str, Reason | None]:
        """What decides the start of a bar, and the sentence that says so."""
        driver = self.dated.driver(first)
        if driver.kind is DriverKind.LINK and driver.link is not None:
            before = self.network.nodes[driver.link.before]
            return bar_of(before.id), _because(before, driver.link)
        if driver.kind is DriverKind.NOT_EARLIER and node.id in self.dates:
            held = self.network.nodes[first]
            return "", held.held_by or _not_before(held)
        return "", Reason(code="planning.nothing_holds", message=N_("Nothing holds it back: it can begin now."))

    def link(self, link: Link, critical: set[str]) -> PlannedLink | None:
        """A link between bars as the chart draws it; None within one bar, and for what arrives in the midst of one."""
        before, after = self.network.nodes[link.before], self.network.nodes[link.after]
        before_id, after_id = bar_of(before.id), bar_of(after.id)
        if before_id == after_id or is_arrival(before.id) or is_arrival(after.id):
            return None
        leaves = "S" if before.count in (Count.BEGIN, Count.STEP) else "F"
        is_end = after.count is Count.WORK and after.kind is ActivityKind.WORK
        arrives = "F" if is_end or before.count is Count.ALLOWED else "S"
        lag = 1 if after.count in (Count.PERIOD, Count.ALLOWED) and after.counted_from is None else link.lag
        return PlannedLink(
            before=before_id, after=after_id, kind=leaves + arrives, lag_days=lag,
            is_critical=before_id in critical and after_id in critical,
        )


def _not_before(node: Node) -> Reason:
    return Reason(
        code="planning.held", message=N_("It cannot be taken before %(on)s."),
        parameters={"on": (node.held_until or date.min).isoformat()}, source=node.source,
    )


def _because(before: Node, link: Link) -> Reason:
    """Why something waits for what comes before it."""
    if before.count is Count.STEP:
        return Reason(
            code="planning.after_step", message=N_("“%(step)s” has to come first."),
            parameters={"step": f"step:{before.step}"}, source=before.source,
        )
    if before.count in (Count.PERIOD, Count.ALLOWED):
        return Reason(
            code="planning.after_period", message=N_("%(period)s has to run out first."),
            parameters={"period": f"period:{before.step}.{before.id.rpartition('.')[2]}"}, source=before.source,
        )
    if before.count is Count.UNTIL:
        return Reason(
            code="planning.after_announced", message=N_("“%(step)s” lasts as long as was announced."),
            parameters={"step": f"step:{before.step}"}, source=before.source,
        )
    named = {"stage": f"stage:{before.stage}", "section": before.subject, "days": link.lag}
    if before.count is Count.BEGIN and link.lag:
        message = N_("It follows %(stage)s in %(section)s by %(days)s working days.")
    elif before.count is Count.BEGIN:
        message = N_("It follows the beginning of %(stage)s in %(section)s.")
    else:
        message = N_("%(stage)s in %(section)s has to be over first.")
    return Reason(code="planning.after_work", message=message, parameters=named, source=before.source)
