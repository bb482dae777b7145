"""The answer of a forecast: when, how surely, on what data, or why nothing can be said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhengtu.core.forecast.history import Goal
from zhengtu.core.kernel.reasons import Reason

Basis = Literal["own", "pooled", "throughput", "done", "none"]
"""What a forecast rests on: the subject's own course within that of all; that of all others alone; a mere pace,
because history is short; nothing, because it is done; nothing, because too little is known."""


@dataclass(frozen=True, slots=True)
class FanWeek:
    """How many households have reached the goal by the end of a day: 10th, 50th and 90th of 100 courses."""

    on: date
    low: int
    median: int
    high: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """When everybody of a subject will be through.

    Attributes:
        subject: code of a group or of a project.
        goal: through which stage.
        on: made with what was known by the end of this day.
        basis: what it rests on.
        events: settlements of the subject's own that stand behind it.
        open: households (of a handover: groups) of the subject that have not reached the goal.
        weeks_observed: full weeks since the subject's clock started, 0 when it has not.
        horizon_on: later than this nothing is said.
        completion_days: the simulated days of completion that are no later than the horizon, as sorted ordinals.
        samples: how many courses were simulated; those missing in ``completion_days`` end beyond the horizon.
        p50_on, p80_on, p95_on: by then so many of 100 courses are complete; None beyond the horizon, and for
            basis ``none``.
        fan: cumulative count of households (of a handover: of groups) by the end of coming weeks, weekly at first.
        reasons: how much data stands behind it, or why there is no answer.
    """

    subject: str
    goal: Goal
    on: date
    basis: Basis
    events: int
    open: int
    weeks_observed: int
    horizon_on: date
    completion_days: Sequence[int] = field(default=(), repr=False)
    samples: int = 0
    fan: Sequence[FanWeek] = field(default=(), repr=False)
    reasons: Sequence[Reason] = ()

    @property
    def p50_on(self) -> date | None:
        """The day by which half of the courses are complete."""
        return self.quantile_on(0.5)

    @property
    def p80_on(self) -> date | None:
        """The day by which 80 of 100 courses are complete."""
        return self.quantile_on(0.8)

    @property
    def p95_on(self) -> date | None:
        """The day by which 95 of 100 courses are complete."""
        return self.quantile_on(0.95)

    def quantile_on(self, share: float) -> date | None:
        """The first day by which at least this share of the courses is complete; None beyond the horizon."""
        if not 0 < share <= 1:
            raise ValueError(f"a share lies above 0 and up to 1, not at {share}")
        place = max(0, -int(-share * self.samples // 1) - 1)
        if self.samples == 0 or place >= len(self.completion_days):
            return None
        return date.fromordinal(self.completion_days[place])

    def probability_by(self, day: date) -> float | None:
        """How probable it is that everybody is through by the end of the day.

        None where the forecast abstains; beyond the horizon what is true on the horizon, which is a lower bound.
        """
        if self.samples == 0:
            return None
        return bisect_right(self.completion_days, day.toordinal()) / self.samples
