"""The figures of a bulletin from the ledger, on its two dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from zhengtu.campaign.city_plans import compute_city_plans, curves_of, plans_are_current, request_city_plans
from zhengtu.campaign.plan_values import Trajectory
from zhengtu.core.bulletins.figure_making import figures_of
from zhengtu.core.bulletins.figures import CurvePoint, NamedFigures, Period, figures_from
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.core.reviews.week import WeekInReview
from zhengtu.inspection.truth import discounted, discrepancies
from zhengtu.publication.models import Bulletin
from zhengtu.reviews.queries import week_in_review

RHYTHM: Final = "weekly"
_WEEK: Final = timedelta(days=7)
_CURVE: Final = "signed_count"
_MOST_POINTS: Final = 60


def period_of_bulletin(bulletin: Bulletin) -> Period:
    """Its period with both dates."""
    return Period(
        from_on=bulletin.from_on, until_on=bulletin.until_on, as_of_on=bulletin.as_of_on, known_on=bulletin.known_on
    )


def plan_dates(period: Period) -> list[tuple[date, date]]:
    """(on, as known on) of the plans whose lights a bulletin compares."""
    return [(period.as_of_on, period.known_on), (period.since_on, period.since_on)]


def plans_ready(city: str, period: Period) -> bool:
    """Whether the plans of both dates are computed; what is missing is queued."""
    missing = [dates for dates in plan_dates(period) if not plans_are_current(city, on=dates[0], known=dates[1])]
    for on, known in missing:
        request_city_plans(city, on=on, known=known)
    return not missing


def compute_plans(city: str, period: Period, *, now: datetime) -> None:
    """Compute the plans of both dates now, where they are missing or stale."""
    for on, known in plan_dates(period):
        compute_city_plans(city, on=on, known=known, now=now)


def ledger_figures(city: str, *, kind: str, period: Period) -> NamedFigures:
    """The figures as they follow from the ledger and the plans computed for its dates."""
    week = week_in_review(
        city, on=period.as_of_on, known=period.known_on, since=period.since_on, rhythm=RHYTHM
    )
    held = curves_of([city], on=period.as_of_on, known=period.known_on).get(city, {})
    curve = _curve(held[_CURVE], on=period.as_of_on) if _CURVE in held else []
    return figures_of(week, kind=kind, period=period, curve=curve, after=_after_inspections(city, week))


def _after_inspections(city: str, week: WeekInReview) -> dict[str, tuple[int, int]]:
    """Jurisdiction -> its vacated households after what inspections found, low and high, as released and known then.

    A bulletin goes to those who were inspected: what is not released is not in it, whoever makes it.
    """
    found = discrepancies(city, on=week.on, known=week.known_on, released_only=True)
    after = {one.code: discounted(one.vacated, found.get(one.code)) for one in week.places}
    return {code: (one.low, one.high) for code, one in after.items() if one is not None}


def released_figures(bulletin: Bulletin) -> NamedFigures:
    """The figures of the released copy, as they were kept."""
    names = value_from(NamedFigures, {"figures": bulletin.figures, "names": bulletin.names}).names
    return NamedFigures(figures=figures_from(bulletin.figures), names=names)


def _curve(trajectory: Trajectory, *, on: date) -> list[CurvePoint]:
    """The curve week by week through the day of the figures, from the first day of any of its lines to the last."""
    days = [point.on for line in (trajectory.planned, trajectory.actual, trajectory.fan) for point in line]
    if not days:
        return []
    first, last = min(days), max(days)
    before = (on - first) // _WEEK
    after = (last - on) // _WEEK + bool((last - on) % _WEEK)
    weeks = range(-min(before, _MOST_POINTS // 2), min(after, _MOST_POINTS // 2) + 1)
    planned = [(point.on, int(point.count)) for point in trajectory.planned]
    actual = [(point.on, int(point.count)) for point in trajectory.actual]
    fan = sorted(trajectory.fan, key=lambda point: point.on)
    fan_days = [point.on for point in fan]
    points = []
    for week in weeks:
        day = on + week * _WEEK
        place = bisect_right(fan_days, day) if day >= on else 0
        reached = fan[place - 1] if place else None
        points.append(
            CurvePoint(
                on=day, planned=_at(planned, day), actual=_at(actual, day) if day <= on else None,
                likely=reached.middle if reached else None, low=reached.low if reached else None,
                high=reached.high if reached else None,
            )
        )
    return points


def _at(line: Sequence[tuple[date, int]], day: date) -> int | None:
    """The value of a cumulative line by the end of a day; None before it begins."""
    place = bisect_right([on for on, _ in line], day)
    return line[place - 1][1] if place else None
