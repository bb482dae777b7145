"""What the histories teach: the common hazards, and the multipliers of city, projects and groups on top of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from zhengtu.core.forecast.baseline import (
    LAG_EDGES_DAYS,
    PACE_EDGES_DAYS,
    SETTLING_EDGES_DAYS,
    Baseline,
    baseline_of,
    weekly_expectation,
)
from zhengtu.core.forecast.cohort import (
    STAGES,
    Cohort,
    Floats,
    Ints,
    Spells,
    handover_spells,
    opening_spells,
    spells_of,
)
from zhengtu.core.forecast.frailty import Frailty, filtered
from zhengtu.core.forecast.history import NOT_YET
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

MOST_WEEKS: Final = 156
"""What lies further back moves no multiplier any more; it still counts for the common hazards."""
LEFT_EDGES: Final = (0.0, 0.05, 0.15, 0.4)
"""Where the bins of the share of a group's households that is left begin."""
_USUAL_SHAPES: Final = (12.0, 6.0, 2.0)
"""Of the multipliers of city, project and group before any data: standard deviations of about 0.3, 0.4 and 0.7."""
_LEAN: Final = 5.0
"""Events that the effect of the share left needs to be believed half."""


@dataclass(frozen=True, slots=True)
class Intensity:
    """One stage: common hazard times the multipliers of city, project and group.

    Attributes:
        events: that stand behind it.
        left: factor by the share of households left, by bin of ``LEFT_EDGES``; ones but for settling.
    """

    baseline: Baseline
    city: Frailty
    project: Frailty
    group: Frailty
    events: int
    left: Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything learnt by a day.

    Attributes:
        basis: ``none`` where nothing may be said.
        opening: intensity of a group's first settlement; None where too little is known.
        stages: intensity of settling, paying, vacating, handing over; None where too little is known.
        reasons: why ``basis`` is what it is.
        pool_events, pool_groups, pool_weeks: what stands behind the common course.
    """

    basis: Literal["pooled", "throughput", "none"]
    opening: Intensity | None
    stages: Sequence[Intensity | None]
    reasons: Sequence[Reason]
    pool_events: int
    pool_groups: int
    pool_weeks: int


def fit(cohort: Cohort, *, on: int, rules: OutlookRules, rng: np.random.Generator) -> Fitted:
    """Learn from what had happened by the end of a day (the cohort must be cut there)."""
    opening = opening_spells(cohort, on=on)
    events = int((cohort.reached[0] <= on).sum())
    weeks = max(0, (on - int(opening.entry.min())) // 7) if len(opening.entry) else 0
    behind = events, int(opening.is_event.sum()), weeks
    basis, reasons = _basis(cohort, events=events, weeks=weeks, rules=rules)
    if basis == "none":
        return Fitted(basis, None, (None,) * (STAGES + 1), reasons, *behind)
    edges = SETTLING_EDGES_DAYS if basis == "pooled" else PACE_EDGES_DAYS

    def stage(spells: Spells, *, least: int, edges: tuple[int, ...], is_settling: bool = False) -> Intensity | None:
        if spells.is_event.sum() < least:
            return None
        return _intensity(cohort, spells, on=on, edges=edges, rng=rng, is_settling=is_settling)

    first = stage(opening, least=rules.handovers, edges=LAG_EDGES_DAYS)
    stages = [stage(spells_of(cohort, 0, on=on), least=1, edges=edges, is_settling=True)]
    for place in range(1, STAGES):
        stages.append(stage(spells_of(cohort, place, on=on), least=rules.lag_events, edges=LAG_EDGES_DAYS))
    stages.append(stage(handover_spells(cohort, on=on), least=rules.handovers, edges=LAG_EDGES_DAYS))
    return Fitted(basis, first, tuple(stages), reasons, *behind)


def _basis(
    cohort: Cohort, *, events: int, weeks: int, rules: OutlookRules
) -> tuple[Literal["pooled", "throughput", "none"], list[Reason]]:
    sizes = cohort.sizes
    settled = sizes - cohort.open_counts(0)
    finished = int(((settled >= rules.finished_share * sizes) & (sizes > 0)).sum())
    if events >= rules.pooled_events and weeks >= rules.pooled_weeks and finished >= rules.finished_groups:
        return "pooled", []
    held = {"events": events, "weeks": weeks}
    if events >= rules.pace_events and weeks >= rules.pace_weeks:
        return "throughput", [Reason(
            code="forecast.pace_only",
            message=N_(
                "History is short (%(events)s agreements or decisions in %(weeks)s weeks, %(finished)s sections "
                "nearly through): the mean pace of all sections is drawn on, and the last households may take longer."
            ),
            parameters={**held, "finished": finished},
        )]
    return "none", [Reason(
        code="forecast.too_little",
        message=N_(
            "Not enough data: %(events)s agreements or decisions in %(weeks)s weeks; %(least_events)s in "
            "%(least_weeks)s weeks are needed."
        ),
        parameters={**held, "least_events": rules.pace_events, "least_weeks": rules.pace_weeks},
    )]


def _intensity(
    cohort: Cohort, spells: Spells, *, on: int, edges: tuple[int, ...], rng: np.random.Generator,
    is_settling: bool = False,
) -> Intensity:
    groups = len(cohort.codes)
    baseline = baseline_of(spells, units=groups, edges=edges, rng=rng)
    weeks = int(min(MOST_WEEKS, max(1, -(-(on - int(spells.entry.min())) // 7))))
    events, expected = weekly_expectation(spells, baseline, units=groups, on=on, weeks=weeks)
    left = np.ones(len(LEFT_EDGES))
    if is_settling and len(edges) > 1:
        place = left_bins(_shares_left(cohort, on=on, weeks=weeks))
        left = _left_effect(events, expected, place)
        expected = expected * left[place]
    city, project, group = _levels(cohort.project, len(cohort.project_codes), events, expected)
    return Intensity(
        baseline=baseline, city=city, project=project, group=group, events=int(spells.is_event.sum()), left=left
    )


def left_bins(shares: Floats) -> Ints:
    """The bin of ``LEFT_EDGES`` of each share of households left."""
    return np.clip(np.searchsorted(LEFT_EDGES, shares, side="left") - 1, 0, len(LEFT_EDGES) - 1)


def _shares_left(cohort: Cohort, *, on: int, weeks: int) -> Floats:
    """Share of each group's households not settled at the beginning of each week."""
    groups = len(cohort.codes)
    settled = np.zeros((groups, weeks + 1))
    days = cohort.reached[0]
    known = days < NOT_YET
    place = np.clip(weeks - (on - days[known]) // 7, 0, weeks)
    np.add.at(settled, (cohort.group[known], place), 1.0)
    return 1.0 - np.cumsum(settled, axis=1)[:, :-1] / np.maximum(1, cohort.sizes)[:, None]


def _left_effect(events: Floats, expected: Floats, place: Ints) -> Floats:
    """What the share left explains beyond the time waited."""
    happened = np.bincount(place.ravel(), weights=events.ravel(), minlength=len(LEFT_EDGES))
    awaited = np.bincount(place.ravel(), weights=expected.ravel(), minlength=len(LEFT_EDGES))
    return np.asarray((happened + _LEAN) / (awaited + _LEAN))


def _levels(project: Ints, projects: int, events: Floats, expected: Floats) -> tuple[Frailty, Frailty, Frailty]:
    """Multipliers of the city, of projects on top of it, of groups on top of both.

    The counts of a level are divided by how much more than Poisson counts they spread because of the levels below.
    """
    alone = filtered(events, expected, usual_shape=_USUAL_SHAPES[2])
    own = alone.variance
    spread = 1 + own * (expected**2).sum(axis=0) / np.maximum(expected.sum(axis=0), 1e-9)
    city = filtered(
        (events.sum(axis=0) / spread)[None], (expected.sum(axis=0) / spread)[None], usual_shape=_USUAL_SHAPES[0]
    )
    expected = expected * city.means
    of_project = _summed(events, project, projects), _summed(expected, project, projects)
    spread = 1 + own * _summed(expected**2, project, projects) / np.maximum(of_project[1], 1e-9)
    of_projects = filtered(of_project[0] / spread, of_project[1] / spread, usual_shape=_USUAL_SHAPES[1])
    own_level = filtered(events, expected * of_projects.means[project], usual_shape=_USUAL_SHAPES[2])
    return city, of_projects, own_level


def _summed(values: Floats, unit: Ints, units: int) -> Floats:
    total = np.zeros((units, values.shape[1]))
    np.add.at(total, unit, values)
    return total
