"""Plans with their forecasts as screens read them: one view of a part of a project, one light row of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Light, Plan, TrajectoryPoint
from zhengtu.core.planning.plan_case import Target
from zhengtu.core.planning.work_list import WorkItem
from zhengtu.core.procedure.steps import Label


@dataclass(frozen=True, slots=True)
class FanPoint:
    """How many have reached a figure by the end of a day: the 10th, 50th and 90th of 100 courses."""

    on: date
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """When a part of a project, a section or a wider reach comes to a goal, and how probable its deadline is.

    Attributes:
        subject: code of what it is about.
        target: key of the target; empty for a goal without a deadline.
        goal: of the forecast: ``settled``, ``paid``, ``vacated`` or ``handed_over``.
        basis: ``own``, ``pooled``, ``throughput``, ``done`` or ``none``; see ``core.forecast.outlook``.
        p50_on, p80_on, p95_on: by then so many of 100 courses are complete; None beyond the horizon, or it abstains.
        probability: that the deadline is met, 0 to 1; None without a deadline, or where it abstains.
        events: settlements of the subject's own that stand behind it.
        weeks: full weeks observed of the subject.
        open: households (of a handover: sections) that have not reached the goal.
        reasons: how much data stands behind it, or why nothing is said.
    """

    subject: str
    target: str
    goal: str
    basis: str
    p50_on: date | None
    p80_on: date | None
    p95_on: date | None
    probability: float | None
    events: int
    weeks: int
    open: int
    horizon_on: date
    reasons: Sequence[Reason] = ()

    @property
    def abstains(self) -> bool:
        """Whether too little is known to say anything."""
        return self.basis == "none"


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Plan against actual of one figure.

    Attributes:
        figure: ``signed_count``, ``vacated_count`` or ``handed_over_count``.
        of: what it can be at most.
        planned: cumulative curve of the backward plan: of the baseline where one is set, else of the current one;
            before the plan's own day it is what happened.
        actual: by the end of each day on which it changed, the page's day last.
        fan: from the page's day on; empty where the forecast abstains.
        baselines: days of the baselines that ``planned`` is taken from, one for each part that has one.
        parts: of how many parts of projects the curve is.
    """

    figure: str
    of: int
    planned: Sequence[TrajectoryPoint]
    actual: Sequence[TrajectoryPoint]
    fan: Sequence[FanPoint] = ()
    baselines: Sequence[date] = ()
    parts: int = 1


@dataclass(frozen=True, slots=True)
class BaselineSet:
    """That a baseline was set: its day, the deed, and the day on which that was recorded."""

    on: date
    deed: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class Baseline:
    """The plan that was set as the baseline, as it was on its day by what was known when it was set."""

    on: date
    deed: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything that is shown of the plan of one part of a project.

    Attributes:
        known: as known by the end of this day; None: now.
        forecasts: of the part and its sections, for each target.
        trajectories: figure -> its curves.
        names: (Chinese, English) of the part's sections and of every unit named in the plan.
        computed_at: when it was computed from the ledger.
        is_stale: whether something was recorded since; it is being computed anew.
        week: what has to be done from the plan's day on.
    """

    code: str
    project: str
    jurisdiction: str
    name: Label
    on: date
    known: date | None
    plan: Plan
    forecasts: Sequence[ForecastLine]
    trajectories: Mapping[str, Trajectory]
    names: Mapping[str, Label]
    frozen_months: frozenset[int]
    computed_at: datetime
    is_stale: bool
    week: Sequence[WorkItem] = ()
    baseline_set: BaselineSet | None = None
    baseline: Baseline | None = None

    def forecast(self, *, target: str, subject: str = "") -> ForecastLine | None:
        """The forecast of a target for the part, or for the section named."""
        about = subject or self.code
        return next((one for one in self.forecasts if (one.target, one.subject) == (target, about)), None)


@dataclass(frozen=True, slots=True)
class ReachView:
    """A project, a district or a city as a whole: its curves, and how probable its deadlines are together.

    Attributes:
        forecasts: of each deadline, and of each goal without one (with an empty target).
    """

    code: str
    on: date
    known: date | None
    trajectories: Mapping[str, Trajectory]
    forecasts: Sequence[ForecastLine]
    computed_at: datetime
    is_stale: bool = False

    def forecast(self, *, target: str = "", goal: str = "") -> ForecastLine | None:
        """The forecast of a deadline by its key, or of a goal as a whole."""
        wanted = (one for one in self.forecasts if one.target == target and (not goal or one.goal == goal))
        return next(wanted, None)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target in short: the honest date and how probable the deadline is."""

    target: Target
    is_met: bool
    earliest_on: date | None
    slack_days: int
    needs_agreement: bool
    forecast: ForecastLine | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One part of a project in short.

    Attributes:
        name: (Chinese, English) of the project.
        nearest: the target that decides the light; None where no deadline is ahead.
        section_lights: section code -> its light.
        responsible: unit whose move it is: that of the blocker, else the part's jurisdiction.
        section_names: (Chinese, English) of the part's sections.
    """

    code: str
    project: str
    jurisdiction: str
    name: Label
    light: Light
    targets: Sequence[TargetRow]
    nearest: TargetRow | None
    responsible: str
    computed_at: datetime
    is_stale: bool
    section_lights: Mapping[str, Light] = field(default_factory=dict)
    section_names: Mapping[str, Label] = field(default_factory=dict)

    @property
    def slack_days(self) -> int:
        """Float of the target that decides the light; without a target more than any."""
        return self.light.float_days if self.light.float_days is not None else 9_999
