"""The figures of a bulletin made out of a week in review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from zhengtu.core.bulletins.figures import (
    BulletinFigures,
    ClearedFigures,
    CurvePoint,
    DirectiveCounts,
    DirectiveFigure,
    LateMoney,
    NamedFigures,
    NearGoal,
    Period,
    PlaceFigures,
    RedPart,
    permille_of,
)
from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.planning.plan import Colour
from zhengtu.core.reviews.week import PartLight, PlaceWeek, RankedPlace, WeekInReview


def figures_of(
    week: WeekInReview, *, kind: str, period: Period, curve: Sequence[CurvePoint] = (),
    after: Mapping[str, tuple[int, int]] | None = None,
) -> NamedFigures:
    """The figures of a bulletin out of the week that it tells.

    Args:
        after: jurisdiction -> its vacated households after what released inspections found, low and high.

    Raises:
        ValueError: when the week stands for other dates than the period.
    """
    if (week.on, week.known_on, week.since) != (period.as_of_on, period.known_on, period.since_on):
        raise ValueError("the week and the bulletin stand for different dates")
    places = sorted(_places(week), key=lambda one: (one.rank is None, one.rank or 0, one.code))
    places = [_after(one, (after or {}).get(one.code)) for one in places]
    open_ones = [one for one in week.directives if one.is_open and not one.rrule]
    figures = BulletinFigures(
        kind=kind, city=week.city, period=period, campaign=week.campaign, total=_whole(week), places=places,
        red=_red(week), left_red=sorted(one.code for one in week.left_red),
        yellow=week.light_count(Colour.YELLOW), near=_near(week),
        money_late=[LateMoney(one.part, one.client, one.missing_yuan, one.since_on) for one in week.money_late],
        directives=[
            _directive(one) for one in sorted(open_ones, key=lambda one: (-one.overdue_workdays, one.code))
        ],
        directive_counts=_counts(week.directives, open_ones, since=week.since, on=week.on),
        promises={str(kept): count for kept, count in week.kept_count.items()} if week.promises else {},
        homes=sum(one.overdue for one in week.homes), homes_before=sum(one.before for one in week.homes),
        curve=list(curve), parts_missing=week.parts_missing + week.parts_missing_before,
    )
    named = set(_codes(plain(figures)))
    sections = {code: pair for one in week.lights for code, pair in one.section_names.items()}
    names = {code: (pair[0], pair[1]) for code, pair in {**sections, **week.names}.items() if code in named}
    return NamedFigures(figures=figures, names=names)


def _after(place: PlaceFigures, ends: tuple[int, int] | None) -> PlaceFigures:
    if place.cleared is None or ends is None:
        return place
    return replace(place, cleared=replace(place.cleared, low=ends[0], high=ends[1]))


def _whole(week: WeekInReview) -> PlaceFigures:
    households = sum(one.households for one in week.ranking)
    settled = sum(one.settled for one in week.ranking)
    before = sum(_settled_before(one) for one in week.ranking)
    return _place(
        week.total, households=households, settled=settled, permille_before=permille_of(before, households),
        red=week.light_count(Colour.RED), yellow=week.light_count(Colour.YELLOW), overdue=len(week.overdue),
    )


def _places(week: WeekInReview) -> list[PlaceFigures]:
    ranking = {one.code: one for one in week.ranking}
    found = []
    for place in week.places:
        ranked = ranking.get(place.code)
        if ranked is None:
            found.append(
                _place(
                    place, households=0, settled=0, permille_before=None,
                    red=week.light_count(Colour.RED, jurisdiction=place.code),
                    yellow=week.light_count(Colour.YELLOW, jurisdiction=place.code),
                    overdue=sum(one.lead == place.code for one in week.overdue),
                )
            )
            continue
        found.append(
            _place(
                place, households=ranked.households, settled=ranked.settled,
                permille_before=permille_of(_settled_before(ranked), ranked.households), red=ranked.red,
                yellow=ranked.yellow, overdue=ranked.overdue, rank=ranked.rank, rank_before=ranked.rank_before,
            )
        )
    return found


def _settled_before(one: RankedPlace) -> int:
    """The settled households behind the earlier share; counts are whole, so rounding gives them back exactly."""
    return round((one.share_before or 0.0) * one.households)


def _place(
    place: PlaceWeek, *, households: int, settled: int, permille_before: int | None, red: int, yellow: int,
    overdue: int, rank: int | None = None, rank_before: int | None = None,
) -> PlaceFigures:
    return PlaceFigures(
        code=place.code, projects=place.projects, sections=place.sections, households=place.households,
        settled=place.settled, settled_change=place.settled - place.settled_before, vacated=place.vacated,
        vacated_change=place.vacated - place.vacated_before, handed_over=place.handed_over,
        handed_over_change=place.handed_over - place.handed_over_before, ranked_households=households,
        ranked_settled=settled, permille=permille_of(settled, households), permille_before=permille_before,
        rank=rank, rank_before=rank_before, red=red, yellow=yellow, overdue=overdue,
        cleared=ClearedFigures(place.verified, place.contradicted) if place.verified is not None else None,
    )


def _red(week: WeekInReview) -> list[RedPart]:
    red = [one for one in week.lights if one.light.colour is Colour.RED]
    return [_red_part(one) for one in sorted(red, key=lambda one: (not one.has_turned_red, one.code))]


def _red_part(one: PartLight) -> RedPart:
    blocker = one.light.blocker
    return RedPart(
        part=one.code, project=one.project, jurisdiction=one.jurisdiction, responsible=one.responsible,
        has_turned=one.has_turned_red, goal=one.goal, due_on=one.due_on, earliest_on=one.earliest_on,
        reason=one.light.reason, blocker=str(blocker.kind) if blocker is not None else "",
    )


def _near(week: WeekInReview) -> list[NearGoal]:
    """Deadlines of the city by day and goal, with the parts that have not reached them."""
    found = []
    for one in week.deadlines:
        parts = [near for near in week.near if (near.due_on, near.goal) == (one.due_on, one.goal)]
        days_left = (one.due_on - week.on).days
        if not one.sections_left or days_left > week.deadlines_within_days:
            continue
        found.append(
            NearGoal(
                key=one.key, goal=one.goal, due_on=one.due_on, days_left=days_left,
                parts=[near.part for near in parts], sections=one.sections, sections_left=one.sections_left,
                households=one.households, households_left=one.households_left,
                units=sorted({near.jurisdiction for near in parts}),
            )
        )
    return found


def _directive(one: DirectiveStanding) -> DirectiveFigure:
    return DirectiveFigure(
        code=one.code, number=one.number, matter=one.matter, lead=one.lead, joint=list(one.joint), set_on=one.set_on,
        due_on=one.due_on, state=str(one.state), colour=str(one.colour), overdue_workdays=one.overdue_workdays,
        rung=str(one.rung), chased_times=one.chased_times, returned_times=one.returned_times,
        done=one.progress.done if one.progress else None, total=one.progress.total if one.progress else None,
    )


def _counts(
    directives: Sequence[DirectiveStanding], open_ones: Sequence[DirectiveStanding], *, since: date, on: date
) -> DirectiveCounts:
    closed = [one for one in directives if one.closed_on is not None and since < one.closed_on <= on]
    return DirectiveCounts(
        open=len(open_ones), overdue=sum(one.overdue_workdays > 0 for one in open_ones),
        set=sum(since < one.set_on <= on and not one.parent for one in directives), closed=len(closed),
    )


def _codes(value: Any) -> list[str]:
    """Every text within a plain value; those among them that are codes get their names."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [code for own in value.values() for code in _codes(own)]
    if isinstance(value, list):
        return [code for own in value for code in _codes(own)]
    return []
