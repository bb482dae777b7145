"""Keeping plans and forecasts computed: what is stale is computed anew by a task, what is missing when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from procrastinate.contrib.django import app as task_queue
from procrastinate.exceptions import AlreadyEnqueued

from zhengtu.campaign.models import Outlook
from zhengtu.campaign.outlook_basis import basis_of
from zhengtu.campaign.outlook_making import Made, make_outlooks
from zhengtu.campaign.outlook_writes import ComputedOutlook, clear_outlooks, put_outlooks
from zhengtu.campaign.plan_values import ReachView
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of, kind_of
from zhengtu.core.kernel.plain_values import plain
from zhengtu.ledger.snapshot import one_snapshot
from zhengtu.registry.models import Participation
from zhengtu.registry.queries import cities

TASK: Final = "refresh_outlooks"
KEPT_FOR: Final = timedelta(days=14)
_PASSING: Final = ("computed_at", "is_stale")
"""Fields that say nothing about what was computed."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class OutlookDifference:
    """A part whose kept plan is not what follows from the ledger now; ``paths`` names the values that differ."""

    code: str
    paths: Sequence[str]


def refresh_city(
    city: str, *, on: date, known: date | None, now: datetime, report: Progress = lambda done, of: None
) -> int:
    """Compute every part of a city on a pair of dates and keep it; returns how many parts there are."""
    codes = parts_of_city(city)
    with one_snapshot():
        # The basis is read in the same view of the ledger as the facts: what is recorded meanwhile makes it stale.
        basis = basis_of(city, known=known)
        made = make_outlooks(codes, on=on, known=known, now=now)
    put_outlooks(_rows(made, of_reaches=made.reaches, report=report), on=on, known=known, basis=basis, at=now)
    return len(made.parts)


def _rows(
    made: Made, *, of_reaches: Iterable[ReachView], report: Progress = lambda done, of: None
) -> Iterator[ComputedOutlook]:
    """Everything computed in plain form, parts last."""
    for reach in of_reaches:
        yield ComputedOutlook(reach.code, {}, plain(reach))
    for number, (row, view) in enumerate(made.parts, start=1):
        yield ComputedOutlook(view.code, plain(row), plain(view))
        report(number, len(made.parts))


def compute_part(code: str, *, on: date, known: date | None, now: datetime) -> None:
    """Compute one part at once, for a page that asks for dates nobody has asked for yet."""
    compute_parts([code], on=on, known=known, now=now)


def compute_parts(codes: Sequence[str], *, on: date, known: date | None, now: datetime) -> None:
    """Compute some parts of one city at once, with their sections."""
    with one_snapshot():
        basis = basis_of(city_of(codes[0]), known=known)
        made = make_outlooks(codes, on=on, known=known, now=now)
    sections = [reach for reach in made.reaches if kind_of(reach.code) == "section"]
    put_outlooks(_rows(made, of_reaches=sections), on=on, known=known, basis=basis, at=now)


def keep_fresh(*, now: datetime) -> list[str]:
    """Compute today's plans of every city in which something changed since; returns those cities."""
    today = civil_date(at=now)
    stale = [city for city in cities() if is_stale(city, on=today, known=None)]
    for city in stale:
        refresh_city(city, on=today, known=None, now=now)
    clear_outlooks(before=now - KEPT_FOR, today=today)
    return stale


def is_stale(city: str, *, on: date, known: date | None) -> bool:
    """Whether some part of the city lacks a plan on these dates, or has one from before the last change."""
    fresh = Outlook.objects.filter(
        code__in=parts_of_city(city), on=on, known_on=known, basis=basis_of(city, known=known)
    )
    return fresh.count() < len(parts_of_city(city))


def request_outlooks(city: str, *, on: date, known: date | None) -> None:
    """Queue the computing of a city's plans on a pair of dates, once however often it is asked for."""
    lock = f"{TASK} {city} {on} {known}"
    arguments = {"city": city, "on": on.isoformat(), "known": known.isoformat() if known else ""}
    # A second request breaks the transaction that it is made in, so it gets one of its own.
    with suppress(AlreadyEnqueued), transaction.atomic():
        task_queue.configure_task(TASK, queueing_lock=lock).defer(**arguments)


def differences(city: str, *, on: date, known: date | None, now: datetime) -> list[OutlookDifference]:
    """Compute the city's plans beside the kept ones and compare every value; parts not kept differ as a whole."""
    made = make_outlooks(parts_of_city(city), on=on, known=known, now=now)
    kept = dict(Outlook.objects.filter(on=on, known_on=known).values_list("code", "view"))
    found = []
    for _, view in made.parts:
        paths = list(_differing(kept.get(view.code), plain(view)))
        if paths:
            found.append(OutlookDifference(view.code, paths))
    return found


def _differing(kept: Any, made: Any, path: str = "") -> Iterator[str]:
    """Paths of the values that differ."""
    if isinstance(kept, dict) and isinstance(made, dict):
        for name in sorted({*kept, *made}):
            if name not in _PASSING:
                yield from _differing(kept.get(name), made.get(name), f"{path}.{name}" if path else name)
    elif isinstance(kept, list) and isinstance(made, list) and len(kept) == len(made):
        for place, (before, after) in enumerate(zip(kept, made, strict=True)):
            yield from _differing(before, after, f"{path}[{place}]")
    elif kept != made:
        yield path


def parts_of_city(city: str) -> list[str]:
    """Codes of every part of a project in a city."""
    rows = Participation.objects.filter(project__code__startswith=city[:4])
    return sorted(row.code for row in rows.only("project_id", "jurisdiction_id"))
