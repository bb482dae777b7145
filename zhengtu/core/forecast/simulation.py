"""Many possible courses of all groups together, from what was learnt; docs/algorithms/forecast.md.

Settling is simulated week by week in counts, for all groups and courses at once, under multipliers that all groups, the
groups of one project, or one group share. Payment, vacating and handover follow household by household.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zhengtu.core.forecast.baseline import Baseline
from zhengtu.core.forecast.cohort import STAGES, Cohort, Floats, Ints, entries
from zhengtu.core.forecast.fitting import Fitted, Intensity, left_bins
from zhengtu.core.forecast.frailty import drawn
from zhengtu.core.forecast.history import NOT_YET

WEEK_DAYS = 7
_LATE_STEP_WEEKS = 4
_LONGEST_DAYS = 100_000.0
_LEAST_FACTOR = 1e-6


@dataclass(frozen=True, slots=True)
class GroupCourses:
    """The simulated days of one group.

    Attributes:
        place: of the group in the cohort.
        days: for settling, paying, vacating: ordinals of its households that had not, shape (courses, open);
            ``NOT_YET`` beyond the horizon; None where the stage cannot be simulated.
        handed_over: ordinals by course; None where it cannot be simulated.
    """

    place: int
    days: tuple[Ints | None, ...]
    handed_over: Ints | None


def step_ends(*, on: int, horizon_weeks: int, weekly_weeks: int) -> Ints:
    """The last days of the steps: week by week first, four weeks at a time later."""
    weeks = [*range(1, weekly_weeks + 1), *range(weekly_weeks + _LATE_STEP_WEEKS, horizon_weeks + 1, _LATE_STEP_WEEKS)]
    return on + WEEK_DAYS * np.array(weeks, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Lag:
    """The wait for one stage after another, household by household.

    Attributes:
        replicate: by course, which of the baseline's hazards holds.
        now, fresh: for city, project and group the multiplier as it stands, and one drawn without knowing anything:
            shape (courses, 1 or projects or groups). What begins later forgets the first for the second.
        memory: for the same three, by course, what is kept over a week.
        project: of each group.
    """

    on: int
    baseline: Baseline
    replicate: Ints
    now: tuple[Floats, ...]
    fresh: tuple[Floats, ...]
    memory: tuple[Floats, ...]
    project: Ints

    def reached(self, entry: Ints, place: int, *, rng: np.random.Generator) -> Ints:
        """When the stage is reached by those of one group who enter on these days, shape (courses, any)."""
        if entry.shape[1] == 0:
            return entry
        comes = entry < NOT_YET
        since = np.where(comes, entry, self.on)
        weeks = np.maximum(0, since - self.on) / WEEK_DAYS
        factor = np.ones(entry.shape)
        for level, column in enumerate((0, int(self.project[place]), place)):
            kept = self.memory[level][:, None] ** weeks
            factor *= kept * self.now[level][:, column, None] + (1 - kept) * self.fresh[level][:, column, None]
        waited = np.maximum(0, self.on - since).astype(np.float64)
        demand = rng.standard_exponential(entry.shape) / np.maximum(factor, _LEAST_FACTOR)
        replicate = np.broadcast_to(self.replicate[:, None], entry.shape)
        wait = np.minimum(self.baseline.waits(replicate, waited, demand), _LONGEST_DAYS)
        day = np.maximum(self.on + 1, since + np.ceil(wait).astype(np.int64))
        return np.where(comes & (wait < _LONGEST_DAYS), day, NOT_YET)


def _lag(
    intensity: Intensity, cohort: Cohort, *, on: int, samples: int, rng: np.random.Generator
) -> _Lag:
    levels = [drawn(one, draws=samples, rng=rng) for one in (intensity.city, intensity.project, intensity.group)]
    return _Lag(
        on=on, baseline=intensity.baseline, replicate=rng.integers(0, len(intensity.baseline.hazards), samples),
        now=tuple(one.values for one in levels),
        fresh=tuple(rng.standard_gamma(one.shape[:, None], one.values.shape) / one.shape[:, None] for one in levels),
        memory=tuple(one.memory for one in levels), project=cohort.project,
    )


def courses(
    cohort: Cohort, fitted: Fitted, *, on: int, ends: Ints, samples: int, rng: np.random.Generator
) -> Iterator[GroupCourses]:
    """Simulated courses of every group, one after the other.

    Args:
        cohort: what had happened by the end of ``on``; a start in the future is a planned one.
        ends: last days of the steps; see ``step_ends``.
    """
    settling = fitted.stages[0]
    begins = np.concatenate([[on], ends[:-1]])
    counts: Ints | None = None
    opened = np.broadcast_to(cohort.opened, (samples, len(cohort.codes))).copy()
    if fitted.opening is not None:
        first = _lag(fitted.opening, cohort, on=on, samples=samples, rng=rng)
        for unopened in np.flatnonzero((cohort.opened == NOT_YET) & (cohort.started < NOT_YET)).tolist():
            entry = np.full((samples, 1), cohort.started[unopened])
            opened[:, unopened] = first.reached(entry, unopened, rng=rng)[:, 0]
    if settling is not None:
        counts = _settling(cohort, settling, opened, on=on, ends=ends, rng=rng)
    lags = [
        None if stage is None else _lag(stage, cohort, on=on, samples=samples, rng=rng) for stage in fitted.stages[1:]
    ]
    waiting = entries(cohort, 1)
    order = np.argsort(cohort.group, kind="stable")
    bounds = np.searchsorted(cohort.group[order], np.arange(len(cohort.codes) + 1))
    for place in range(len(cohort.codes)):
        members = order[bounds[place] : bounds[place + 1]]
        reached = cohort.reached[:, members]
        settled: Ints | None = None
        if not np.any(reached[0] == NOT_YET):
            settled = np.empty((samples, 0), dtype=np.int64)
        elif counts is not None and _is_foreseen(cohort, fitted, place):
            settled = _days(counts[:, :, place], begins, ends, rng=rng)
        days = _later_stages(cohort, place, settled, reached, waiting[members], lags, samples=samples, rng=rng)
        yield GroupCourses(
            place=place, days=days,
            handed_over=_handed_over(cohort, place, days[-1], reached, lags[-1], samples=samples, rng=rng),
        )


def _is_foreseen(cohort: Cohort, fitted: Fitted, place: int) -> bool:
    """Whether a group's settling has begun, or can be told to begin."""
    has_begun = bool(cohort.opened[place] < NOT_YET)
    return has_begun or (fitted.opening is not None and bool(cohort.started[place] < NOT_YET))


def _later_stages(
    cohort: Cohort, place: int, settled: Ints | None, reached: Ints, waiting: Ints, lags: Sequence[_Lag | None], *,
    samples: int, rng: np.random.Generator,
) -> tuple[Ints | None, ...]:
    """The days of one group's settling, paying and vacating; ``reached`` and ``waiting`` are of its members."""
    earliest = int(cohort.payable_from[place]) if cohort.awaits[place] else 0
    days = [settled]
    for stage in range(1, STAGES):
        before, lag = days[-1], lags[stage - 1]
        done = reached[stage] < NOT_YET
        if done.all():
            days.append(np.empty((samples, 0), dtype=np.int64))
        elif before is None or lag is None or (stage == 1 and earliest == NOT_YET):
            days.append(None)
        else:
            here = (reached[stage - 1] < NOT_YET) & ~done
            past = waiting[here] if stage == 1 else reached[stage - 1][here]
            coming = np.maximum(before, earliest) if stage == 1 else before
            entry = np.concatenate([np.broadcast_to(past, (samples, len(past))), coming], axis=1)
            days.append(lag.reached(entry, place, rng=rng))
    return tuple(days)


def _handed_over(
    cohort: Cohort, place: int, vacated: Ints | None, reached: Ints, lag: _Lag | None, *, samples: int,
    rng: np.random.Generator,
) -> Ints | None:
    if cohort.handed_over[place] < NOT_YET:
        return np.full(samples, cohort.handed_over[place])
    if vacated is None or lag is None:
        return None
    past = reached[-1][reached[-1] < NOT_YET].max(initial=0)
    last = np.maximum(vacated.max(axis=1, initial=0), past)
    return lag.reached(last[:, None], place, rng=rng)[:, 0]


def _settling(
    cohort: Cohort, settling: Intensity, opened: Ints, *, on: int, ends: Ints, rng: np.random.Generator
) -> Ints:
    """How many of each group settle in each step, and never within the horizon: shape (courses, steps + 1, groups).

    Args:
        opened: day of each group's first settlement by course, shape (courses, groups); on a coming day one household
            settles, and the others are watched from then on.
    """
    samples, groups = opened.shape
    city, project, own = (
        drawn(one, draws=samples, rng=rng) for one in (settling.city, settling.project, settling.group)
    )
    baseline, knots, sizes = settling.baseline, settling.baseline.knots(), np.maximum(1, cohort.sizes)
    replicate: Ints = rng.integers(0, len(knots), size=(samples,))
    left = np.broadcast_to(cohort.open_counts(0), (samples, groups)).copy()
    counts = np.zeros((samples, len(ends) + 1, groups), dtype=np.int64)
    begin = on
    for step, end in enumerate(ends.tolist()):
        opening = (opened > begin) & (opened <= end) & (left > 0)
        counts[:, step] += opening
        left -= opening
        active = left > 0
        if not active.any():
            break
        weeks = (end - begin) // WEEK_DAYS
        city.move(rng, weeks=weeks)
        project.move(rng, weeks=weeks)
        own.move(rng, weeks=weeks, active=active & (opened <= end))
        course, group = np.nonzero(active & (opened <= end))
        since = np.asarray(opened[course, group])
        of_course = np.asarray(replicate[course])
        until = baseline.passed(of_course, np.asarray(end - since, dtype=np.float64), knots=knots)
        before = np.asarray(np.maximum(begin - since, 0), dtype=np.float64)
        hazard = until - baseline.passed(of_course, before, knots=knots)
        hazard *= city.values[course, 0] * project.values[course, cohort.project[group]] * own.values[course, group]
        here = left[course, group]
        hazard *= settling.left[left_bins(here / sizes[group])]
        now = rng.binomial(here, -np.expm1(-hazard))
        counts[course, step, group] += now
        left[course, group] = here - now
        begin = end
    counts[:, -1] = left
    return counts


def _days(counts: Ints, begins: Ints, ends: Ints, *, rng: np.random.Generator) -> Ints:
    """One day for each household of one group that is still open, from its counts by course and step."""
    samples, columns = counts.shape
    step = np.repeat(np.tile(np.arange(columns), samples), counts.ravel()).reshape(samples, -1)
    starts, lengths = np.append(begins, NOT_YET - 1), np.append(ends - begins, 1)
    return np.asarray(starts[step] + 1 + np.floor(rng.random(step.shape) * lengths[step]).astype(np.int64))
