"""The figures of a bulletin: one frozen value that follows from a week in review, and its canonical form.

Shares are whole tenths of a per cent, worked out of counts in whole numbers, so that the same counts give the same
bytes on every machine. Names are no figures: they may be mended without a figure changing, and are kept beside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.plain_values import plain, value_from
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Colour
from zhengtu.core.reviews.week import CampaignDays, Kept, Names, PartLight, PlaceWeek, RankedPlace, WeekInReview

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a bulletin is about, the last one not included, and the two dates of its figures.

    Attributes:
        since_on: the day whose figures it is compared with: the last one before the period.
    """

    from_on: date
    until_on: date
    as_of_on: date
    known_on: date

    @property
    def since_on(self) -> date:
        """The last day before the period."""
        return self.from_on - _DAY


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """A jurisdiction, or the whole city.

    Attributes:
        settled: households that signed or were decided upon. ``…_change``: since the day before the period.
        rank, rank_before: place by share at both dates; None for the city and where no household is ranked.
        ranked_households, ranked_settled: what the share is of: without projects that wait for resettlement alone.
        permille: settled of ranked households in tenths of a per cent; None where there are none.
        permille_before: the same on the day before the period.
    """

    code: str
    projects: int
    sections: int
    households: int
    settled: int
    settled_change: int
    vacated: int
    vacated_change: int
    handed_over: int
    handed_over_change: int
    ranked_households: int
    ranked_settled: int
    permille: int | None
    permille_before: int | None
    rank: int | None = None
    rank_before: int | None = None
    red: int = 0
    yellow: int = 0
    overdue: int = 0

    @property
    def permille_change(self) -> int | None:
        """By how many tenths of a point the share changed, as its two printed values differ; None without one."""
        if self.permille is None or self.permille_before is None:
            return None
        return self.permille - self.permille_before


@dataclass(frozen=True, slots=True)
class RedPart:
    """A part of a project whose light is red.

    Attributes:
        has_turned: whether it was not red on the day before the period.
        reason: the one sentence beside its light.
        section_names: names of sections that the reason may name.
    """

    part: str
    project: str
    jurisdiction: str
    responsible: str
    has_turned: bool
    goal: str
    due_on: date | None
    earliest_on: date | None
    reason: Reason
    blocker: str = ""


@dataclass(frozen=True, slots=True)
class NearGoal:
    """What is due on one day for one goal, near or passed, and what of it is left."""

    key: str
    goal: str
    due_on: date
    days_left: int
    parts: Sequence[str]
    sections: int
    sections_left: int
    households: int
    households_left: int
    units: Sequence[str]


@dataclass(frozen=True, slots=True)
class LateMoney:
    """An account whose money is late."""

    part: str
    client: str
    missing_yuan: Decimal
    since_on: date | None


@dataclass(frozen=True, slots=True)
class DirectiveFigure:
    """A directive, or an occurrence of a recurring one, as the list of the annex has it."""

    code: str
    number: str
    matter: str
    lead: str
    joint: Sequence[str]
    set_on: date
    due_on: date | None
    state: str
    colour: str
    overdue_workdays: int
    rung: str
    chased_times: int
    returned_times: int
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class DirectiveCounts:
    """How many directives are open at the end, how many of those are late, and what moved in the period."""

    open: int
    overdue: int
    set: int
    closed: int


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One day of the campaign's curve, in households; None where it has no value."""

    on: date
    planned: int | None
    actual: int | None
    likely: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class BulletinFigures:
    """Every figure of a bulletin; text, tables, charts, annex and page are made of this value alone.

    Attributes:
        kind: id in ``rulebook/bulletins``.
        places: of each jurisdiction, the first in the ranking first.
        red: turned ones first. left_red: parts that were red on the day before the period and are no more.
        near: the earliest first. directives: open ones, the latest first.
        promises: what became of the promises of the last review -> how many; empty where none was held.
        homes: families that wait for a promised home beyond its day; ``homes_before`` on the day before the period.
        curve: of signing in the whole city; empty where the plans of the dates are not computed.
        parts_missing: parts of projects whose light is not computed for these dates, now or before.
    """

    kind: str
    city: str
    period: Period
    campaign: CampaignDays | None
    total: PlaceFigures
    places: Sequence[PlaceFigures]
    red: Sequence[RedPart]
    left_red: Sequence[str]
    yellow: int
    near: Sequence[NearGoal]
    money_late: Sequence[LateMoney]
    directives: Sequence[DirectiveFigure]
    directive_counts: DirectiveCounts
    promises: Mapping[str, int]
    homes: int
    homes_before: int
    curve: Sequence[CurvePoint] = ()
    parts_missing: int = 0


@dataclass(frozen=True, slots=True)
class NamedFigures:
    """Figures with the names of what they are about, code -> (Chinese, English)."""

    figures: BulletinFigures
    names: Mapping[str, Names] = field(default_factory=dict)


def figures_of(
    week: WeekInReview, *, kind: str, period: Period, curve: Sequence[CurvePoint] = ()
) -> NamedFigures:
    """The figures of a bulletin out of the week that it tells.

    Raises:
        ValueError: when the week stands for other dates than the period.
    """
    if (week.on, week.known_on, week.since) != (period.as_of_on, period.known_on, period.since_on):
        raise ValueError("the week and the bulletin stand for different dates")
    places = sorted(_places(week), key=lambda one: (one.rank is None, one.rank or 0, one.code))
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


def canonical_json(figures: BulletinFigures) -> bytes:
    """The figures as bytes: keys in order, no blanks, UTF-8; equal figures give equal bytes."""
    return json.dumps(plain(figures), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def fingerprint(figures: BulletinFigures) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return sha256(canonical_json(figures)).hexdigest()


def figures_from(held: Any) -> BulletinFigures:
    """The figures out of their plain form."""
    return value_from(BulletinFigures, held)


def differences(before: Any, after: Any, *, path: str = "") -> list[str]:
    """Paths of the plain values in which two bulletins differ, with both values."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            found for name in sorted({*before, *after})
            for found in differences(before.get(name), after.get(name), path=f"{path}.{name}" if path else name)
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            found for at, (one, other) in enumerate(zip(before, after, strict=True))
            for found in differences(one, other, path=f"{path}[{at}]")
        ]
    return [] if before == after else [f"{path}: {_short(before)} -> {_short(after)}"]


def permille_of(part: int, whole: int) -> int | None:
    """Tenths of a per cent, halves rounded up; None of nothing."""
    return (2000 * part + whole) // (2 * whole) if whole else None


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 120 else f"{text[:117]}..."


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


def kept_total(promises: Mapping[str, int]) -> int:
    """Promises of the last review without those that were cancelled."""
    return sum(count for kept, count in promises.items() if kept != Kept.CANCELLED)


def _codes(value: Any) -> list[str]:
    """Every text within a plain value; those among them that are codes get their names."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [code for own in value.values() for code in _codes(own)]
    if isinstance(value, list):
        return [code for own in value for code in _codes(own)]
    return []
