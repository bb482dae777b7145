"""Forecasts of 60 projects with 300 sections and 20,000 households, all goals and fans, and a replay of them.

    .venv/bin/python benchmarks/forecast_speed.py [--sections N] [--households N] [--runs N]

The histories are drawn here: households wait with rates that are gamma distributed, sections differ, a quarter of the
sections has not begun to sign. Times are wall and processor time of one process; the first run is not counted.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))

from zhengtu.core.forecast.backtest import replay  # noqa: E402
from zhengtu.core.forecast.history import Goal, GroupHistory, Journey  # noqa: E402
from zhengtu.core.forecast.model import forecast  # noqa: E402
from zhengtu.core.rules.rulebook import load_rulebook  # noqa: E402

TODAY = date(2026, 3, 1)
PROJECT_SECTIONS = 5


def histories(*, sections: int, households: int) -> list[GroupHistory]:
    """Sections of about equal size that began over the last two years, as known today."""
    rng = np.random.default_rng(0)
    made = []
    for number in range(sections):
        begins = TODAY - timedelta(days=int(rng.integers(10, 700))) if number % 4 else TODAY + timedelta(days=30)
        count, pace = int(rng.integers(1, 2 * households // sections)), rng.gamma(3.0) / 3.0
        waits = np.minimum(rng.exponential(30, count) / (rng.gamma(1.5, size=count) / 1.5) / pace, 6000)
        journeys, last = [], begins
        for wait in waits.tolist():
            settled = begins + timedelta(days=int(wait) + 1)
            paid = settled + timedelta(days=int(rng.exponential(12)) + 1)
            vacated = paid + timedelta(days=int(rng.exponential(20)) + 1)
            last = max(last, vacated)
            journeys.append(Journey(*(day if day <= TODAY else None for day in (settled, paid, vacated))))
        handed_over = last + timedelta(days=10)
        made.append(GroupHistory(
            code=f"S{number:04}", project=f"P{number // PROJECT_SECTIONS:03}", households=count, started_on=begins,
            on=TODAY, journeys=tuple(journeys), handed_over_on=handed_over if handed_over <= TODAY else None,
        ))
    return made


def main() -> None:
    """Time the forecast, then a replay of every 26th week."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sections", type=int, default=300)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    rules = load_rulebook(REPOSITORY / "rulebook").forecast
    groups = histories(sections=options.sections, households=options.households)
    everything = {"city": [group.code for group in groups]}
    open_now = sum(group.stage(Goal.VACATED).open for group in groups)
    print(f"{len(groups)} sections, {sum(group.households for group in groups)} households, {open_now} not vacated")
    walls, processor = [], []
    for _run in range(options.runs + 1):
        wall, used = time.perf_counter(), time.process_time()
        answers = forecast(groups, on=TODAY, rules=rules, together=everything)
        walls.append(time.perf_counter() - wall)
        processor.append(time.process_time() - used)
    print(
        f"{len(answers)} forecasts of {rules.samples} courses: {np.median(walls[1:]):.2f} s wall, "
        f"{np.median(processor[1:]):.2f} s processor"
    )
    wall, used = time.perf_counter(), time.process_time()
    asked = 0
    for case in replay(groups, rules=rules, every_weeks=26):
        asked += 1
        last = case
    print(
        f"replay of every 26th week: {asked} questions, the last of {date.fromordinal(last.on).isoformat()}; "
        f"{time.perf_counter() - wall:.1f} s wall, {time.process_time() - used:.1f} s processor"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
