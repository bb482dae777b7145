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

from zhengtu.core.kernel.plain_values import plain, value_from
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.reviews.week import CampaignDays, Kept, Names

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
class ClearedFigures:
    """How much of a reported figure of cleared households is so, by released inspections and other sources.

    Attributes:
        verified: of those reported, confirmed by an independent source and contradicted by none.
        contradicted: of those reported, said by a source not to be cleared.
        low, high: the reported figure after what inspections found there, 95 in 100; None where none tells.
    """

    verified: int
    contradicted: int
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """A jurisdiction, or the whole city.

    Attributes:
        settled: households that signed or were decided upon. ``…_change``: since the day before the period.
        rank, rank_before: place by share at both dates; None for the city and where no household is ranked.
        ranked_households, ranked_settled: what the share is of: without projects that wait for resettlement alone.
        permille: settled of ranked households in tenths of a per cent; None where there are none.
        permille_before: the same on the day before the period.
        cleared: how much of ``vacated`` is so; None where nothing is reported as vacated.
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
    cleared: ClearedFigures | None = None

    @property
    def verified_permille(self) -> int | None:
        """Verified of vacated households in tenths of a per cent; None where nothing is vacated."""
        return permille_of(self.cleared.verified, self.vacated) if self.cleared is not None else None

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


def kept_total(promises: Mapping[str, int]) -> int:
    """Promises of the last review without those that were cancelled."""
    return sum(count for kept, count in promises.items() if kept != Kept.CANCELLED)
