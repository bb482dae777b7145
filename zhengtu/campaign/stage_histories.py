"""How far the households of sections have come, stage by stage and day by day, read in one query for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection

from zhengtu.core.forecast.history import Journey
from zhengtu.core.kernel.codes import section_of
from zhengtu.core.planning.plan_case import Homecoming, Stage, StageProgress
from zhengtu.ledger.milestone_queries import replayed_milestones
from zhengtu.ledger.models import Milestones
from zhengtu.ledger.queries import Reach

_COLUMNS: Final = (
    "surveyed_on", "valued_on", "signed_on", "decided_on", "paid_on", "vacated_on", "demolished_on", "resettled_on",
    "reoccupied_on", "promised_on",
)
_STAGE_COLUMNS: Final[Mapping[Stage, tuple[int, ...]]] = {
    Stage.SURVEY: (0,), Stage.VALUATION: (1,), Stage.NEGOTIATION: (2, 3), Stage.PAYMENT: (4,), Stage.VACATING: (5,),
    Stage.DEMOLITION: (6,),
}

_VACATED: Final = _COLUMNS.index("vacated_on")

Row = Sequence[date | None]


@dataclass(slots=True)
class SectionHistory:
    """One section's households until a day.

    Attributes:
        households: registered by the day.
        stage_days: stage -> the days on which households were through it; whoever stands further is through it too,
            on the first later day that is recorded. Payment alone follows from nothing: who moved out unpaid is owed.
        decided_on: of households with a compensation decision and no agreement that have not moved out, the day of
            each.
        journeys: of households that have reached anything that a forecast looks at.
        first_valued_on: the first valuation, or None.
        promised_on: of households that wait for a promised home, the day promised.
    """

    households: int = 0
    stage_days: dict[Stage, list[date]] = field(default_factory=lambda: {stage: [] for stage in Stage})
    decided_on: list[date] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)
    first_valued_on: date | None = None
    promised_on: list[date] = field(default_factory=list)

    def progress(self) -> dict[Stage, StageProgress]:
        """Each stage: how many are through it, and the first and last day."""
        return {
            stage: StageProgress(len(days), min(days, default=None), max(days, default=None))
            for stage, days in self.stage_days.items()
        }

    def homecoming(self, *, on: date) -> Homecoming:
        """Who waits for a promised home on the day."""
        past = [day for day in self.promised_on if day < on]
        return Homecoming(len(self.promised_on), len(past), min(past, default=None))


def section_histories(reach: Reach, *, on: date, known: date | None) -> dict[str, SectionHistory]:
    """Section within reach -> its households' history by the end of a day, as known on a day (None: now).

    Sections without a registered household are absent.
    """
    found: dict[str, SectionHistory] = defaultdict(SectionHistory)
    for section, *days in _rows(reach, on=on, known=known):
        # A promised day is a date in the promise, not of the deed: it may lie ahead.
        *reached, reoccupied, promised = days
        if reoccupied is not None and reoccupied <= on:
            reached[_VACATED] = None
        _add(found[section], [day if day is not None and day <= on else None for day in reached])
        if promised is not None and (reached[-1] is None or reached[-1] > on):
            found[section].promised_on.append(promised)
    return dict(found)


def _add(history: SectionHistory, row: Row) -> None:
    history.households += 1
    later: date | None = None
    for stage in reversed(Stage):
        own = _earliest(row[place] for place in _STAGE_COLUMNS[stage])
        day = own if own is not None or stage is Stage.PAYMENT else later
        if day is not None:
            history.stage_days[stage].append(day)
            later = day
    signed, decided, valued = row[2], row[3], row[1]
    moved_out = bool(_earliest((row[5], row[6])))
    if decided is not None and signed is None and not moved_out:
        history.decided_on.append(decided)
    settled = _earliest((signed, decided))
    if settled is not None or row[4] is not None or row[5] is not None:
        history.journeys.append(Journey(settled, row[4], row[5]))
    history.first_valued_on = _earliest((history.first_valued_on, valued))


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _rows(reach: Reach, *, on: date, known: date | None) -> Iterator[tuple[Any, ...]]:
    """Section and dates of every household registered by the day."""
    if known is None:
        rows = Milestones.objects.filter(reach.condition("section"), subject_kind="household", registered_on__lte=on)
        yield from rows.order_by().values_list("section", *_COLUMNS).iterator(chunk_size=20_000)
        return
    replay, parameters = replayed_milestones(known)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject, {', '.join(_COLUMNS)} FROM ({replay}) m WHERE registered_on <= %s",  # noqa: S608
            [*parameters, on],
        )
        for subject, *days in cursor:
            section = section_of(subject)
            if reach.covers(section):
                yield (section, *days)
