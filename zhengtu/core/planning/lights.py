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
from zhengtu.core.planning.blockers import blocker_of
from zhengtu.core.planning.day_calendars import day_calendars
from zhengtu.core.planning.plan import ActivityKind, Blocker, Light, Plan, PlannedActivity
from zhengtu.core.planning.plan_case import PlanCase, Target
from zhengtu.core.planning.schedule_rules import ScheduleLightRule, ScheduleRules
from zhengtu.core.planning.targets import activities_of

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
        running: the period that alone stands before everything else, or None.
        unplanned: a target that is not reached and that nothing in the plan leads to, or None.
    """

    aims: Sequence[_Aim]
    is_over: bool
    running: PlannedActivity | None
    unplanned: Target | None

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

    def _slack(self, earliest_on: date, due_on: date) -> int:
        return day_calendars(self.case.calendar, on=self.case.on).working_days(earliest_on, due_on)

    def light(self, code: str, aims: Sequence[_Aim], *, chain: Sequence[str]) -> Light:
        """The light of the part or of one section by the first rule that holds."""
        left = [self.bars[id] for id in chain if id in self.bars and not self.bars[id].is_done]
        running = left[0] if left and _is_lawful_wait(left[0], on=self.plan.on) else None
        unplanned = [
            one.target for one in self.plan.targets
            if not one.is_met and one.earliest_on is None and code in (self.plan.code, *one.target.sections)
        ]
        state = _State(aims, not left, running, min(unplanned, key=lambda one: one.due_on, default=None))
        blocker = blocker_of(left, self.case) if left and running is None else None
        for rule in self.rules.lights:
            found = _TESTS[rule.id](rule, state)
            if found is not None:
                return _light(rule, found, state, None if rule.id == "statutory_period" else blocker)
        raise AssertionError("the last rule always holds")


def _light(
    rule: ScheduleLightRule, found: tuple[_Aim | None, Reason], state: _State, blocker: Blocker | None
) -> Light:
    aim, reason = found
    worst = state.worst
    since = state.running.actual_start_on if state.running is not None else blocker.since if blocker else None
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


def _nothing_left(rule: ScheduleLightRule, state: _State) -> tuple[_Aim | None, Reason] | None:
    if not state.is_over or state.aims:
        return None
    if state.unplanned is not None:
        return None, Reason(
            "planning.not_in_plan",
            N_("All planned work is over; the deadline of %(due)s is about something that this plan does not hold."),
            {"due": state.unplanned.due_on.isoformat()}, state.unplanned.source,
        )
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
            "due": least.target.due_on.isoformat(), "percent": round(100 * least.probability),
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
    "nothing_left": _nothing_left, "deadline_impossible": _impossible, "statutory_period": _statutory,
    "no_deadline": _no_deadline, "improbable": _improbable, "tight": _tight, "doubtful": _improbable,
    "on_course": _on_course,
}
