"""On worlds with a known course the stated certainty is the share that comes true."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from scipy.stats import binom

from tests.core.forecast.worlds import RULES, TODAY, world
from zhengtu.core.forecast.history import Goal
from zhengtu.core.forecast.model import forecast

SEEDS = range(14)


@pytest.fixture(scope="module")
def chances() -> dict[tuple[str, Goal], list[list[float]]]:
    """Kind of subject and goal -> by seed: how probable each open subject's true day was held to be undercut."""
    found: dict[tuple[str, Goal], list[list[float]]] = defaultdict(list)
    for seed in SEEDS:
        of = world(seed)
        mine: dict[tuple[str, Goal], list[float]] = defaultdict(list)
        answers = forecast(of.at(TODAY), on=TODAY, rules=RULES, seed=seed, goals=(Goal.SETTLED, Goal.VACATED))
        for (subject, goal), one in answers.items():
            if one.basis in ("own", "pooled"):
                chance = one.probability_by(of.completed_on(subject, goal))
                assert chance is not None
                mine[subject[0], goal].append(chance)
        for key, values in mine.items():
            found[key].append(values)
    return found


@pytest.mark.parametrize("goal", [Goal.SETTLED, Goal.VACATED])
@pytest.mark.parametrize("certainty", [0.5, 0.8, 0.95])
def test_a_date_given_with_a_certainty_holds_about_as_often(chances, goal: Goal, certainty: float) -> None:
    values = np.concatenate([np.array(one) for one in chances["S", goal]])
    held = int((values <= certainty).sum())
    # Groups of one world err together: a third of them count as independent.
    independent = len(values) // 3
    low, high = binom.ppf([0.005, 0.995], independent, certainty) / independent
    assert len(values) > 100
    assert low <= held / len(values) <= high


@pytest.mark.parametrize("goal", [Goal.SETTLED, Goal.VACATED])
def test_a_project_made_of_several_groups_is_not_held_for_too_sure(chances, goal: Goal) -> None:
    values = np.concatenate([np.array(one) for one in chances["P", goal]])
    assert len(values) > 40
    assert (values <= 0.95).mean() >= 0.85
    assert (values <= 0.8).mean() >= 0.62
