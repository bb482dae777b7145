"""Plans with their forecasts as screens read them: one view of a part of a project, one light row of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Light, Plan, TrajectoryPoint
from zhengtu.core.planning.plan_case import Target
from zhengtu.core.procedure.steps import Label


@dataclass(frozen=True, slots=True)
class FanPoint:
    """What is forecast to be reached by the end of a day: the middle, and the band that holds eight of ten courses."""

    on: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a part of a project or a section comes to a goal, from what was observed.

    Attributes:
        subject: code of the part or section.
        target: key of the target; empty for a section's handing over without one.
        figure: what is counted (``signed_count``, ``vacated_count``, ``handed_over_count``).
        p50_on, p80_on, p95_on: days by which it is reached in 50, 80 and 95 of 100 courses; None: beyond the horizon,
            or the forecast abstains.
        probability: that the deadline is met, 0 to 1; None where there is no deadline or the forecast abstains.
        households, weeks: how many households' histories over how many weeks stand behind it.
        basis: in a sentence, from what it is taken.
        abstains: why no forecast is given, or None.
    """

    subject: str
    target: str
    figure: str
    p50_on: date | None = None
    p80_on: date | None = None
    p95_on: date | None = None
    probability: float | None = None
    households: int = 0
    weeks: int = 0
    basis: Reason | None = None
    abstains: Reason | None = None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """Plan against actual of one figure.

    Attributes:
        figure: ``signed_count``, ``vacated_count`` or ``handed_over_count``.
        of: what it can be at most.
        planned: cumulative curve of the backward plan.
        actual: by the end of each day on which it changed, the page's day last.
        fan: from the page's day on; empty where the forecast abstains.
    """

    figure: str
    of: int
    planned: Sequence[TrajectoryPoint]
    actual: Sequence[TrajectoryPoint]
    fan: Sequence[FanPoint] = ()


@dataclass(frozen=True, slots=True)
class Baseline:
    """The plan that was set as the baseline: as it was on its day, by which deed."""

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
    """

    code: str
    project: str
    jurisdiction: str
    name: Label
    on: date
    known: date | None
    plan: Plan
    forecasts: Sequence[Forecast]
    trajectories: Mapping[str, Trajectory]
    names: Mapping[str, Label]
    frozen_months: frozenset[int]
    computed_at: datetime
    is_stale: bool
    baseline: Baseline | None = None

    def forecast(self, *, target: str, subject: str = "") -> Forecast | None:
        """The forecast of a target for the part, or for the section named."""
        about = subject or self.code
        return next((one for one in self.forecasts if (one.target, one.subject) == (target, about)), None)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target in short: the honest date and how probable the deadline is."""

    target: Target
    is_met: bool
    earliest_on: date | None
    slack_days: int
    needs_agreement: bool
    forecast: Forecast | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One part of a project in short.

    Attributes:
        name: (Chinese, English) of the project.
        nearest: the target that decides the light; None where no deadline is ahead.
        section_lights: section code -> its light.
        responsible: unit whose move it is: that of the blocker, else the part's jurisdiction.
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
