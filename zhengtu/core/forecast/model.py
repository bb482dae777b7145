"""From histories to forecasts of groups, projects and whole reaches; docs/algorithms/forecast.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from zhengtu.core.forecast.assembly import Assembly, Key, Parts
from zhengtu.core.forecast.cohort import cohort_of
from zhengtu.core.forecast.fitting import fit
from zhengtu.core.forecast.history import Goal, GroupHistory
from zhengtu.core.forecast.outlook import Forecast
from zhengtu.core.forecast.rules import OutlookRules
from zhengtu.core.forecast.simulation import courses, step_ends

_ALL_GOALS: Final = tuple(Goal)


def forecast(
    histories: Sequence[GroupHistory],
    *,
    on: date,
    rules: OutlookRules,
    goals: Collection[Goal] = _ALL_GOALS,
    not_before: Mapping[Key, date] | None = None,
    together: Mapping[str, Collection[str]] | None = None,
    seed: int = 0,
) -> dict[Key, Forecast]:
    """Forecasts of every group, of every project, and of further sets of groups.

    All subjects are simulated together, so that a project's day is the last of its groups' days in the same course.

    Args:
        histories: of all groups that may teach something, not only of those asked about; all of the same day, ``on``.
        goals: through which stages.
        not_before: subject and goal -> the earliest lawful day: no earlier day is ever given. What holds for a group
            holds for whatever contains it, and what holds for a goal holds for the later ones.
        together: further subjects (a district, a campaign): code -> codes of groups.
        seed: of the random numbers; equal inputs give equal forecasts.

    Raises:
        ValueError: when a code occurs twice, or a history is of another day.
        KeyError: when ``together`` names a group without history.
    """
    if len({history.code for history in histories}) < len(histories):
        raise ValueError("a group occurs twice")
    if any(history.on != on for history in histories):
        raise ValueError("every history is of the day of the forecast")
    rng = np.random.default_rng(seed)
    cohort, today = cohort_of(histories), on.toordinal()
    fitted = fit(cohort, on=today, rules=rules, rng=rng)
    ends = step_ends(on=today, horizon_weeks=rules.horizon_weeks, weekly_weeks=rules.weekly_weeks)
    assembly = Assembly(cohort, fitted, today=today, ends=ends, rules=rules, not_before=not_before or {})
    containing = _containing(cohort.codes, [history.project for history in histories], together or {})
    sums: dict[Key, Parts] = {}
    found: dict[Key, Forecast] = {}
    for one in courses(cohort, fitted, on=today, ends=ends, samples=rules.samples, rng=rng):
        code = cohort.codes[one.place]
        for goal in goals:
            part = assembly.part(one, goal)
            found[code, goal] = assembly.of_group(part)
            for subject in containing[code]:
                sums.setdefault((subject, goal), Parts()).add(part, found[code, goal])
    return found | {(subject, goal): assembly.of_parts(subject, goal, parts) for (subject, goal), parts in sums.items()}


def _containing(
    codes: Sequence[str], projects: Sequence[str], together: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """Group -> the subjects that it is a part of."""
    containing = {code: [project] for code, project in zip(codes, projects, strict=True)}
    for subject, groups in together.items():
        for code in groups:
            containing[code].append(subject)
    return {code: list(dict.fromkeys(subjects)) for code, subjects in containing.items()}
