"""When a resettlement building is completed: the stages still to come, each with what such stages usually take.

The time of a stage in working months is taken as lognormal about the usual one; of the stage that is under way only the
part of the distribution counts that lies beyond the months it has lasted. Months of frost do not count for outdoor
stages. The stages are added up month by month, exactly, without a random number, so that the same facts give the same
chances on every machine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import erf, log, sqrt
from typing import Final

from zhengtu.core.kernel.civil_dates import add_months, whole_months_between

HORIZON_MONTHS: Final = 180
"""Months that are looked ahead; what chance remains beyond them is put on the last."""


@dataclass(frozen=True, slots=True)
class WorksStage:
    """One stage of the works, in order.

    Attributes:
        usual_months: the median time in working months; above zero.
        spread: standard deviation of the logarithm of that time; above zero.
        is_outdoor: whether months of frost stop it.
    """

    id: str
    label: tuple[str, str]
    usual_months: float
    spread: float
    is_outdoor: bool = False


@dataclass(frozen=True, slots=True)
class CompletionForecast:
    """When a building will be completed.

    Attributes:
        chances: whole months from the day of the forecast -> chance of completion in that month; they add up to one.
        under_way: id of the stage that is under way, or empty where all is done.
        lasted_months: months that this stage has lasted.
    """

    on: date
    chances: Mapping[int, float]
    under_way: str = ""
    lasted_months: int = 0

    def day_at(self, level: float) -> date:
        """The day by which it is completed with at least that chance."""
        reached = 0.0
        for months, chance in sorted(self.chances.items()):
            reached += chance
            if reached >= level - 1e-9:
                return add_months(self.on, months)
        return add_months(self.on, max(self.chances))

    def chance_by(self, day: date) -> float:
        """The chance that it is completed by the end of that day."""
        return min(1.0, sum(chance for months, chance in self.chances.items() if add_months(self.on, months) <= day))


def completion_forecast(
    stages: Sequence[WorksStage], *, reached: Mapping[str, date], on: date, frost_months: Collection[int] = (),
    begun_on: date | None = None,
) -> CompletionForecast:
    """When a building is completed whose stages were reached on these days.

    Args:
        reached: stage -> day on which it was completed, as of ``on``; a later stage that is reached proves the earlier.
        frost_months: calendar months (1 to 12) in which outdoor works rest.
        begun_on: when the first stage began, where none is reached; None: on the day of the forecast.
    """
    done = max((index for index, stage in enumerate(stages) if stage.id in reached), default=-1)
    left = stages[done + 1:]
    if not left:
        return CompletionForecast(on=on, chances={0: 1.0})
    since = reached[stages[done].id] if done >= 0 else (begun_on or on)
    lasted = _working_months(left[0], since=since, until=on, frost_months=frost_months)
    now: dict[int, float] = {0: 1.0}
    for number, stage in enumerate(left):
        spent = lasted if number == 0 else 0
        now = _after(stage, now, on=on, spent=spent, frost_months=frost_months)
    return CompletionForecast(
        on=on, chances=now, under_way=left[0].id, lasted_months=whole_months_between(start=since, end=on)
    )


def _after(
    stage: WorksStage, begun: Mapping[int, float], *, on: date, spent: int, frost_months: Collection[int]
) -> dict[int, float]:
    """Months from now -> chance that the stage is completed then, from the chances of when it began."""
    durations = _durations(stage, spent=spent)
    following = [_next_working(stage, month, on=on, frost_months=frost_months) for month in range(HORIZON_MONTHS)]
    ended: dict[int, float] = {}
    for start, chance in begun.items():
        month = start
        for share in durations:
            month = following[month] if month < HORIZON_MONTHS else month
            if month >= HORIZON_MONTHS:
                break
            ended[month] = ended.get(month, 0.0) + chance * share
    missing = sum(begun.values()) - sum(ended.values())
    if missing > 0:
        ended[HORIZON_MONTHS] = ended.get(HORIZON_MONTHS, 0.0) + missing
    return dict(sorted(ended.items()))


@lru_cache(maxsize=1_024)
def _durations(stage: WorksStage, *, spent: int) -> tuple[float, ...]:
    """Chances that the stage takes one, two, three … further working months, having taken ``spent`` already."""
    left = 1.0 - _reached(stage, spent)
    if left < 1e-12:
        return (1.0,)
    shares = []
    before = _reached(stage, spent)
    for month in range(1, HORIZON_MONTHS + 1):
        after = _reached(stage, spent + month)
        shares.append((after - before) / left)
        before = after
        if 1.0 - after < 1e-9 * left:
            break
    return tuple(shares)


def _reached(stage: WorksStage, months: float) -> float:
    """The chance that the stage takes no longer than so many working months."""
    if months <= 0:
        return 0.0
    return 0.5 * (1 + erf(log(months / stage.usual_months) / (stage.spread * sqrt(2))))


def _next_working(stage: WorksStage, month: int, *, on: date, frost_months: Collection[int]) -> int:
    """The month by whose end one more working month is done; months of frost are passed over."""
    following = month + 1
    if stage.is_outdoor and len(set(frost_months)) < 12:
        while add_months(on, following - 1).month in frost_months:
            following += 1
    return following


def _working_months(stage: WorksStage, *, since: date, until: date, frost_months: Collection[int]) -> int:
    """Whole months between two days in which the stage could be worked on."""
    count = whole_months_between(start=since, end=until)
    if not stage.is_outdoor:
        return count
    return sum(add_months(since, index).month not in frost_months for index in range(count))
