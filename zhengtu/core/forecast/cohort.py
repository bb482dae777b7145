"""Histories as arrays, and as spells: who was at risk of the next stage from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from zhengtu.core.forecast.history import NOT_YET, GroupHistory, Journey

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

STAGES = 3
"""Settled, paid, vacated."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """All groups with all their households.

    Attributes:
        codes, projects: by group.
        project: place of each group's project in ``project_codes``.
        started, handed_over, payable_from: ordinals by group; ``NOT_YET`` where not known.
        awaits: by group, whether payment waits for ``payable_from``.
        group: by household, the place of its group.
        reached: shape (3, households): ordinals of settled, paid, vacated; never decreasing down a column.
    """

    codes: tuple[str, ...]
    project_codes: tuple[str, ...]
    project: Ints
    started: Ints
    handed_over: Ints
    payable_from: Ints
    awaits: NDArray[np.bool_]
    group: Ints
    reached: Ints

    @property
    def sizes(self) -> Ints:
        """Households by group."""
        return np.bincount(self.group, minlength=len(self.codes))

    def until(self, on: int) -> Cohort:
        """What of it had happened by the end of a day; a group that had not started has no known start."""
        def cut(days: Ints) -> Ints:
            return np.where(days <= on, days, NOT_YET)

        return replace(
            self, started=cut(self.started), handed_over=cut(self.handed_over), payable_from=cut(self.payable_from),
            reached=cut(self.reached),
        )

    def open_counts(self, stage: int) -> Ints:
        """Households by group that have not reached a stage."""
        return np.bincount(self.group[self.reached[stage] == NOT_YET], minlength=len(self.codes))

    @property
    def opened(self) -> Ints:
        """By group the day of its first settlement; ``NOT_YET`` while there is none."""
        first = np.full(len(self.codes), NOT_YET, dtype=np.int64)
        np.minimum.at(first, self.group, self.reached[0])
        return first

    def last(self, stage: int) -> Ints:
        """By group the day on which its last household reached a stage; ``NOT_YET`` while one has not."""
        latest = np.full(len(self.codes), -1, dtype=np.int64)
        np.maximum.at(latest, self.group, self.reached[stage])
        return np.where(latest < 0, NOT_YET, latest)


@dataclass(frozen=True, slots=True)
class Spells:
    """Times at risk of one stage.

    Attributes:
        unit: by spell, the group that it counts for.
        entry: ordinal from the end of which the stage can be reached.
        exit: ordinal on which it was reached, or until which it was watched.
        is_event: whether it was reached.
    """

    unit: Ints
    entry: Ints
    exit: Ints
    is_event: NDArray[np.bool_]


def cohort_of(histories: Sequence[GroupHistory]) -> Cohort:
    """The arrays of histories; what lies after a history's ``on`` is left out, but for a planned start."""
    projects = sorted({history.project for history in histories})
    place = {code: index for index, code in enumerate(projects)}
    sizes = [history.households for history in histories]
    reached = np.full((STAGES, sum(sizes)), NOT_YET, dtype=np.int64)
    offset = 0
    for history in histories:
        until = history.on.toordinal()
        for index, journey in enumerate(sorted(history.journeys, key=_order), start=offset):
            for stage, day in enumerate(journey):
                if day is not None and day.toordinal() <= until:
                    reached[stage, index] = day.toordinal()
        offset += history.households
    # Whoever reached a later stage is taken to have reached the earlier ones by then.
    reached[1] = np.minimum(reached[1], reached[2])
    reached[0] = np.minimum(reached[0], reached[1])
    group = np.repeat(np.arange(len(histories)), sizes)
    first = np.full(len(histories), NOT_YET, dtype=np.int64)
    np.minimum.at(first, group, reached[0])
    started = np.array([_ordinal(history.started_on) for history in histories], dtype=np.int64)
    handed_over = [_ordinal(h.handed_over_on if h.handed_over_on and h.handed_over_on <= h.on else None)
                   for h in histories]
    return Cohort(
        codes=tuple(history.code for history in histories), project_codes=tuple(projects),
        project=np.array([place[history.project] for history in histories], dtype=np.int64),
        started=np.where(first < NOT_YET, np.minimum(started, first - 1), started),
        handed_over=np.array(handed_over, dtype=np.int64),
        payable_from=np.array([_ordinal(history.payable_from_on) for history in histories], dtype=np.int64),
        awaits=np.array([history.awaits_payable for history in histories], dtype=bool),
        group=group, reached=reached,
    )


def _order(journey: Journey) -> tuple[int, ...]:
    """Households have no names here; a fixed order makes equal histories give equal forecasts."""
    return tuple(_ordinal(day) for day in journey)


def _ordinal(day: date | None) -> int:
    return NOT_YET if day is None else day.toordinal()


def entries(cohort: Cohort, stage: int) -> Ints:
    """By household the day from which it is watched for a stage; ``NOT_YET`` where that is not known.

    For settling that is the day of the group's first settlement: how long the first one takes to come is watched apart.
    """
    if stage == 0:
        return np.asarray(cohort.opened[cohort.group])
    before = cohort.reached[stage - 1]
    if stage == 1:
        waits = np.where(cohort.awaits, cohort.payable_from, 0)[cohort.group]
        return np.asarray(np.maximum(before, waits))
    return np.asarray(before)


def spells_of(cohort: Cohort, stage: int, *, on: int) -> Spells:
    """Every household's time at risk of a stage until the end of a day; for settling without each group's first."""
    entry, reached = entries(cohort, stage), cohort.reached[stage]
    if stage == 0:
        order = np.lexsort((reached, cohort.group))
        leading = order[np.append(True, np.diff(cohort.group[order]) > 0)] if len(order) else order
        entry[leading] = NOT_YET
    is_event = reached <= on
    watched = entry <= on
    # Paid before the law let it be paid: the record stands, the wait was none.
    entry = np.where(is_event, np.minimum(entry, reached), entry)
    watched |= is_event & (stage > 0)
    return Spells(
        unit=cohort.group[watched], entry=entry[watched], exit=np.minimum(reached[watched], on),
        is_event=is_event[watched],
    )


def opening_spells(cohort: Cohort, *, on: int) -> Spells:
    """Every group's time from its start to its first settlement, counted for the group."""
    opened = cohort.opened
    watched = (cohort.started <= on) & (cohort.sizes > 0)
    return Spells(
        unit=np.flatnonzero(watched), entry=cohort.started[watched], exit=np.minimum(opened, on)[watched],
        is_event=(opened <= on)[watched],
    )


def handover_spells(cohort: Cohort, *, on: int) -> Spells:
    """Every group's time from its last vacated home to the handover, counted for the group."""
    entry = cohort.last(STAGES - 1)
    is_event = cohort.handed_over <= on
    watched = (entry <= on) & (cohort.sizes > 0)
    entry = np.minimum(entry, np.where(is_event, cohort.handed_over, entry))
    return Spells(
        unit=np.flatnonzero(watched), entry=entry[watched], exit=np.minimum(cohort.handed_over, on)[watched],
        is_event=is_event[watched],
    )
