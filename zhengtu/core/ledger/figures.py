"""Figures: what each subject adds to the daily counts, and takes from them when a fact is corrected.

A figure on a date is the sum of all changes up to that date. So the same rows answer for any
date, and rows that carry the day they were recorded answer for what was known on any day.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Final

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.ledger.milestones import (
    ENDED_BY,
    STATE_MILESTONES,
    Milestone,
    MilestoneDates,
    State,
    state_on,
)

OVERDUE_AFTER_MONTHS: Final = (0, 6, 12, 24, 40)
"""An overdue household is counted once for each of these that its delay exceeds, in months."""

MILESTONE_FIGURES: Final = {milestone: f"{milestone}_count" for milestone in Milestone}
STATE_FIGURES: Final = {state: f"state_{state}" for state in State}
OVERDUE_FIGURES: Final = {months: f"overdue_over_{months}" for months in OVERDUE_AFTER_MONTHS}

FIGURES: Final[tuple[str, ...]] = (
    *MILESTONE_FIGURES.values(),
    *STATE_FIGURES.values(),
    *OVERDUE_FIGURES.values(),
)
"""Names of all figures, in the order of the database's columns."""

Changes = Counter[tuple[date, str]]
"""(day, figure) -> change of the figure on that day."""

_DAY: Final = timedelta(days=1)
_FROM_THE_LAST: Final = tuple((STATE_FIGURES[state], STATE_MILESTONES[state]) for state in reversed(State))
_DELAYS: Final = tuple(OVERDUE_FIGURES.items())


def changes_of(dates: MilestoneDates) -> Changes:
    """Every change that one subject with these milestone dates makes to the daily figures."""
    changes: Changes = Counter()
    for milestone, day in dates.items():
        changes[day, MILESTONE_FIGURES[milestone]] += 1
    for milestone, end in ENDED_BY.items():
        if end in dates and milestone in dates:
            changes[dates[end], MILESTONE_FIGURES[milestone]] -= 1
    _add_states(changes, dates)
    _add_overdue(changes, dates)
    return changes


def _add_states(changes: Changes, dates: MilestoneDates) -> None:
    """Enter each state on the day it becomes the furthest reached, and leave the one before."""
    if any(end in dates for end in ENDED_BY.values()):
        _add_states_day_by_day(changes, dates)
        return
    left_on: date | None = None
    for figure, milestones in _FROM_THE_LAST:
        day = None
        for milestone in milestones:
            reached = dates.get(milestone)
            if reached is not None and (day is None or reached < day):
                day = reached
        if day is None or (left_on is not None and day >= left_on):
            continue
        changes[day, figure] += 1
        if left_on is not None:
            changes[left_on, figure] -= 1
        left_on = day


def _add_states_day_by_day(changes: Changes, dates: MilestoneDates) -> None:
    """The same where a state may be left backwards: the state is asked anew on each day on which anything happened."""
    held: State | None = None
    for day in sorted(set(dates.values())):
        state = state_on(dates, on=day)
        if state is held:
            continue
        if held is not None:
            changes[day, STATE_FIGURES[held]] -= 1
        if state is not None:
            changes[day, STATE_FIGURES[state]] += 1
        held = state


def _add_overdue(changes: Changes, dates: MilestoneDates) -> None:
    """Count the household from the day after each delay is exceeded until it comes home."""
    promised = dates.get(Milestone.PROMISED)
    if promised is None:
        return
    resettled = dates.get(Milestone.RESETTLED)
    for months, figure in _DELAYS:
        day = add_months(promised, months) + _DAY
        if resettled is None or resettled > day:
            changes[day, figure] += 1
            if resettled is not None:
                changes[resettled, figure] -= 1


def difference(*, before: MilestoneDates, after: MilestoneDates) -> Changes:
    """What a subject's new dates change in the figures, beside what its old dates already did."""
    changes = changes_of(after)
    if before:
        changes.subtract(changes_of(before))
    return Changes({key: change for key, change in changes.items() if change})
