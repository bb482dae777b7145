"""Curves for ``js/trajectories.js``: plan, actual, the forecast as a fan, deadlines and today as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext, gettext_lazy

from zhengtu.campaign.plan_values import ForecastLine, Trajectory
from zhengtu.core.planning.plan import TrajectoryPoint

FIGURES: Final[Mapping[str, tuple[Any, Any, str]]] = {
    # figure: (name, unit, goal of its forecast)
    "signed_count": (gettext_lazy("Signed or decided"), gettext_lazy("households"), "settled"),
    "vacated_count": (gettext_lazy("Vacated"), gettext_lazy("households"), "vacated"),
    "handed_over_count": (gettext_lazy("Handed over"), gettext_lazy("sections"), "handed_over"),
}
_BEFORE: Final = timedelta(days=300)
_AFTER: Final = timedelta(days=540)
_MARGIN: Final = timedelta(days=14)


def drawn(
    trajectory: Trajectory, *, on: date, deadlines: Sequence[tuple[date, str]], forecast: ForecastLine | None
) -> dict[str, Any]:
    """One chart.

    Args:
        deadlines: (day, name) of those to be shown.
        forecast: of the figure's goal, whose days are marked; None for none.
    """
    name, unit, _goal = FIGURES[trajectory.figure]
    marks = _marks(forecast)
    start, end = _span(trajectory, on=on, days=[day for day, _ in (*deadlines, *marks)])
    return {
        "name": str(name), "unit": str(unit), "of": trajectory.of, "on": on.isoformat(),
        "start": start.isoformat(), "end": end.isoformat(),
        "planned": _to_the_end(_within(trajectory.planned, start, end), end),
        "actual": _from_nothing(_within(trajectory.actual, start, on), start),
        "fan": [
            [point.on.isoformat(), point.low, point.middle, point.high]
            for point in trajectory.fan if point.on <= end
        ],
        "deadlines": [[day.isoformat(), label] for day, label in deadlines if start <= day <= end],
        "marks": [[day.isoformat(), label] for day, label in marks if day <= end],
        "texts": {
            "planned": gettext("Baseline plan") if trajectory.baselines else gettext("Plan"),
            "actual": gettext("Actual"), "fan": gettext("Forecast"),
            "band": gettext("8 of 10 courses"), "today": gettext("as of"),
        },
    }


def _marks(forecast: ForecastLine | None) -> list[tuple[date, str]]:
    """Days by which the whole is reached, of what is not done."""
    if forecast is None or forecast.basis in ("done", "none"):
        return []
    days = {"P50": forecast.p50_on, "P80": forecast.p80_on, "P95": forecast.p95_on}
    return [(day, label) for label, day in days.items() if day is not None]


def _span(trajectory: Trajectory, *, on: date, days: Sequence[date]) -> tuple[date, date]:
    first = min(
        [point.on for point in (*trajectory.actual, *trajectory.planned) if point.count], default=on - _BEFORE
    )
    last = max([*days, *(point.on for point in trajectory.planned), on + _MARGIN])
    return max(min(first, on), on - _BEFORE) - _MARGIN, min(last, on + _AFTER) + _MARGIN


def _within(points: Sequence[TrajectoryPoint], start: date, end: date) -> list[list[Any]]:
    """Steps within a span; what was reached before it stands at its beginning."""
    before = [point for point in points if point.on < start]
    shown = [[point.on.isoformat(), float(point.count)] for point in points if start <= point.on <= end]
    if before:
        shown.insert(0, [start.isoformat(), float(before[-1].count)])
    return shown


def _to_the_end(shown: list[list[Any]], end: date) -> list[list[Any]]:
    """What is planned stays reached after the plan's last day."""
    return [*shown, [end.isoformat(), shown[-1][1]]] if shown and shown[-1][0] != end.isoformat() else shown


def _from_nothing(shown: list[list[Any]], start: date) -> list[list[Any]]:
    """A recorded curve that begins within the span stands on the ground before."""
    if shown and shown[0][0] != start.isoformat():
        return [[start.isoformat(), 0.0], *shown]
    return shown


def plan_sentence(trajectory: Trajectory) -> str:
    """Which plan the planned curve is: that of the baselines, the current one, or both by parts."""
    held = sorted(set(trajectory.baselines))
    if not held:
        return gettext("Plan: the current backward plan; no baseline is set.")
    day = held[0].isoformat() if len(held) == 1 else f"{held[0]} – {held[-1]}"
    count = len(trajectory.baselines)
    if count == trajectory.parts:
        return gettext("Plan: the baseline of %(day)s.") % {"day": day}
    return gettext("Plan: the baseline of %(day)s for %(count)s of %(of)s parts, the current plan for the others.") % {
        "day": day, "count": count, "of": trajectory.parts,
    }
