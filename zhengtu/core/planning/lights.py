"""The light of a plan: a colour by the first rule that holds, its reason in a sentence, and whose move it is.

Nobody sets a light. A statutory period that runs is neutral: while nothing but the law's own time stands before the
deadline, the light is ``running`` and not late, unless the deadline can no longer be met lawfully at all; that is said
in red, with the certificate. Since float counts everything that is still to be done, leaving out a step, or its record,
can only lower it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.blockers import blocker_of, homes_blocker
from zhengtu.core.planning.day_calendars import day_calendars
from zhengtu.core.planning.plan import ActivityKind, Blocker, Light, Plan, PlannedActivity
from zhengtu.core.planning.plan_case import Homecoming, PlanCase, SectionWork, Target
from zhengtu.core.planning.schedule_rules import ScheduleLightRule, ScheduleRules
from zhengtu.core.planning.targets import RESETTLED, activities_of

Probabilities = Mapping[tuple[str, str], float | None]
"""(code of the part or a section, key of a target) -> probability that it is met; None: the forecast abstains."""


def light_up(plan: Plan, case: PlanCase, *, rules: ScheduleRules, probabilities: Probabilities) -> Plan:
    """The plan with its light and those of its sections, by rule, from float and what a forecast holds probable."""
    bars = {bar.id: bar for bar in plan.activities}
    own = [
        _Aim(one.target, one.earliest_on, one.slack_days, probabilities.get((plan.code, one.target.key)))
        for one in plan.targets if not one.is_met and one.earliest_on is not None
    ]
    worst = min(own, key=_Aim.order, default=None)
    lighting = _Lighting(plan, case, rules, bars)
    return replace(
        plan,
        light=lighting.light(plan.code, own, chain=plan.chains.get(worst.target.key if worst else plan.code, ())),
        section_lights={
            section.code: lighting.light(
                section.code, lighting.aims(section.code, probabilities), chain=plan.chains.get(section.code, ())
            )
            for section in case.sections
        },
    )


@dataclass(frozen=True, slots=True)
class _Aim:
    """A target that is not reached: when it can be, and how probable that is."""

    target: Target
    earliest_on: date
    slack_days: int
    probability: float | None

    def order(self) -> tuple[int, date]:
        """The one with the least to spare first, then the nearest."""
        return self.slack_days, self.target.due_on


@dataclass(frozen=True, slots=True)
class _State:
    """What the rules compare.

    Attributes:
        homes: who waits for a promised home; ``homes_due``: the nearest deadline for them, or None.
        running: the period that alone stands before everything else, or None.
    """

    aims: Sequence[_Aim]
    homes: Homecoming
    homes_due: Target | None
    is_over: bool
    running: PlannedActivity | None

    @property
    def worst(self) -> _Aim | None:
        """The target with the least to spare."""
        return min(self.aims, key=_Aim.order, default=None)

    def least_probable(self) -> _Aim | None:
        """The target that is least probable; None where no forecast says anything."""
        known = [aim for aim in self.aims if aim.probability is not None]
        return min(known, key=lambda aim: (aim.probability or 0.0, aim.target.due_on), default=None)


Test = Callable[[ScheduleLightRule, _State], "tuple[_Aim | None, Reason] | None"]


@dataclass(frozen=True, slots=True)
class _Lighting:
    """Lights of one plan."""

    plan: Plan
    case: PlanCase
    rules: ScheduleRules
    bars: Mapping[str, PlannedActivity]

    def aims(self, section: str, probabilities: Probabilities) -> list[_Aim]:
        """The targets of a section that it has not reached."""
        found = []
        for outlook in self.plan.targets:
            target = outlook.target
            ids = [id for id in activities_of(target, self.case) if id.startswith(f"{section}:")]
            bar = self.bars.get(ids[0]) if ids else None
            if bar is not None and not bar.is_done:
                found.append(_Aim(
                    target, bar.early_end_on, self._slack(bar.early_end_on, target.due_on),
                    probabilities.get((section, target.key)),
                ))
        return found

    def _homes_due(self, sections: Sequence[SectionWork]) -> Target | None:
        """The nearest deadline by which households of these sections are to be home."""
        codes = {one.code for one in sections if one.homecoming.waiting}
        asked = [one for one in self.case.targets if one.goal == RESETTLED and codes.intersection(one.sections)]
        return min(asked, key=lambda one: one.due_on, default=None)

    def _slack(self, earliest_on: date, due_on: date) -> int:
        return day_calendars(self.case.calendar, on=self.case.on).working_days(earliest_on, due_on)

    def light(self, code: str, aims: Sequence[_Aim], *, chain: Sequence[str]) -> Light:
        """The light of the part or of one section by the first rule that holds."""
        left = [self.bars[id] for id in chain if id in self.bars and not self.bars[id].is_done]
        running = left[0] if left and _is_lawful_wait(left[0], on=self.plan.on) else None
        sections = [one for one in self.case.sections if code in (self.case.code, one.code)]
        homes = _homes(sections)
        state = _State(aims, homes, self._homes_due(sections), not left, running)
        blocker = blocker_of(left, self.case) if left and running is None else None
        if blocker is None and homes.waiting and not left:
            blocker = homes_blocker(homes, self.case)
        for rule in self.rules.lights:
            found = _TESTS[rule.id](rule, state)
            if found is not None:
                return _light(rule, found, state, None if rule.id == "statutory_period" else blocker)
        raise AssertionError("the last rule always holds")


def _homes(sections: Sequence[SectionWork]) -> Homecoming:
    """Of several sections together."""
    past = [one.homecoming.overdue_since for one in sections if one.homecoming.overdue_since is not None]
    return Homecoming(
        waiting=sum(one.homecoming.waiting for one in sections),
        overdue=sum(one.homecoming.overdue for one in sections), overdue_since=min(past, default=None),
    )


def _light(
    rule: ScheduleLightRule, found: tuple[_Aim | None, Reason], state: _State, blocker: Blocker | None
) -> Light:
    aim, reason = found
    worst = state.worst
    since = state.running.actual_start_on if state.running is not None else blocker.since if blocker else None
    if rule.id == "homes_overdue":
        since = state.homes.overdue_since
    return Light(
        colour=rule.colour, rule=rule.id, reason=reason, since=since, blocker=blocker,
        probability=aim.probability if aim else None, float_days=worst.slack_days if worst else None,
        target=aim.target.key if aim else "",
    )


def _is_lawful_wait(head: PlannedActivity, *, on: date) -> bool:
    """Whether nothing but the law's time stands before the rest: a period runs, or a dated obstacle is not gone."""
    if head.kind is ActivityKind.PERIOD:
        return head.actual_start_on is not None
    return head.is_held_by_law and head.early_start_on > on


def _homes_overdue(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    homes = state.homes
    if not homes.overdue or homes.overdue_since is None:
        return None
    return None, Reason(
        code="planning.homes_overdue",
        message=N_(
            "%(overdue)s of %(waiting)s households that wait for a home are past the day promised to them, the first "
            "since %(since)s."
        ),
        parameters={
            "overdue": homes.overdue, "waiting": homes.waiting, "since": homes.overdue_since.isoformat(),
        },
        source=state.homes_due.source if state.homes_due else "",
    )


def _homes_unplanned(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    if not state.homes.waiting or state.homes_due is None or state.aims:
        return None
    return None, Reason(
        code="planning.homes_unplanned",
        message=N_(
            "%(waiting)s households are to be home by %(due)s; no buildings are on file from which a date could be "
            "reckoned."
        ),
        parameters={"waiting": state.homes.waiting, "due": state.homes_due.due_on.isoformat()},
        source=state.homes_due.source,
    )


def _nothing_left(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    if not state.is_over or state.aims or (state.homes.waiting and state.homes_due is not None):
        return None
    return None, Reason("planning.nothing_left", N_("Nothing is left to do."))


def _impossible(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    worst = state.worst
    if worst is None or (worst.slack_days >= 0 and worst.earliest_on <= worst.target.due_on):
        return None
    return worst, Reason(
        code="planning.impossible",
        message=N_(
            "Due on %(due)s; by law and with the teams at work it is %(earliest)s at the earliest, %(days)s days late."
        ),
        parameters={
            "due": worst.target.due_on.isoformat(), "earliest": worst.earliest_on.isoformat(),
            "days": (worst.earliest_on - worst.target.due_on).days,
        },
        source=worst.target.source,
    )


def _statutory(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    running = state.running
    if running is None:
        return None
    if running.kind is ActivityKind.PERIOD:
        reason = Reason(
            code="planning.running",
            message=N_("A statutory period of “%(step)s” runs until %(last)s; nothing can be done sooner."),
            parameters={"step": f"step:{running.step}", "last": running.early_end_on.isoformat()},
            source=running.source,
        )
    else:
        reason = Reason(
            code="planning.held_by_law", message=N_("The law lets what comes next begin on %(on)s, not sooner."),
            parameters={"on": running.early_start_on.isoformat()}, source=running.source,
        )
    return state.worst, reason


def _no_deadline(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    return None if state.aims else (None, Reason("planning.no_deadline", N_("No deadline is set for what is left.")))


def _courses(probability: float) -> str:
    """Of 100 courses; what is simulated never says none."""
    return "< 1" if probability < 0.01 else str(round(100 * probability))


def _improbable(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    least = state.least_probable()
    if least is None or least.probability is None or rule.below is None or least.probability >= float(rule.below):
        return None
    return least, Reason(
        code=f"planning.{rule.id}",
        message=N_(
            "At the pace so far the deadline of %(due)s is met in %(percent)s of 100 courses, fewer than %(least)s."
        ),
        parameters={
            "due": least.target.due_on.isoformat(), "percent": _courses(least.probability),
            "least": round(100 * float(rule.below)),
        },
        source=least.target.source,
    )


def _tight(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    worst = state.worst
    if worst is None or worst.slack_days >= rule.days:
        return None
    return worst, Reason(
        code="planning.tight",
        message=N_("%(days)s working days to spare until %(due)s, fewer than %(least)s."),
        parameters={
            "days": worst.slack_days, "due": worst.target.due_on.isoformat(), "least": rule.days,
        },
        source=worst.target.source,
    )


def _on_course(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    worst = state.worst
    return worst, Reason(
        code="planning.on_course", message=N_("%(days)s working days to spare until %(due)s."),
        parameters={
            "days": worst.slack_days if worst else 0, "due": worst.target.due_on.isoformat() if worst else "",
        },
        source=worst.target.source if worst else "",
    )


_TESTS: Final[Mapping[str, Test]] = {
    "homes_overdue": _homes_overdue, "nothing_left": _nothing_left, "deadline_impossible": _impossible,
    "statutory_period": _statutory, "homes_unplanned": _homes_unplanned, "no_deadline": _no_deadline,
    "improbable": _improbable, "tight": _tight, "doubtful": _improbable, "on_course": _on_course,
}
