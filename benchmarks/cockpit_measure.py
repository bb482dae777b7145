"""Measuring: the product's cockpit call, and the ORM aggregating the same figures over the facts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, Max, Min, OuterRef, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat

from zhengtu.campaign.queries import cockpit
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.ledger.figures import FIGURES, OVERDUE_FIGURES, STATE_FIGURES
from zhengtu.core.ledger.milestones import STATE_MILESTONES
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, figures_by_section, total_of

MAYOR = Actor(person="benchmark", postings=(Posting(role="mayor", unit="220200"),))
CITY = Reach(prefixes=("2202",))


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds and the answer."""
    started = time.perf_counter()
    answer = call()
    return (time.perf_counter() - started) * 1000, answer


def by_orm(on: date) -> dict[str, int]:
    """The city's figures as of a day, aggregated by the ORM from the facts alone.

    A promise is dated by its attribute; every other milestone by its fact. A superseded fact does not count.
    """
    ordinal = Cast(OuterRef("ordinal"), TextField())
    reference = Concat(OuterRef("deed_id"), Value("/"), ordinal, output_field=TextField())
    standing = Fact.objects.exclude(Exists(Fact.objects.filter(supersedes=reference).exclude(supersedes="")))
    happened = standing.filter(happened_on__lte=on)
    figures = dict.fromkeys(FIGURES, 0)
    for kind, count in happened.values("kind").annotate(n=Count("subject", distinct=True)).values_list("kind", "n"):
        if f"{kind}_count" in figures:
            figures[f"{kind}_count"] = count
    promised = Cast(KeyTextTransform("promised_on", "attributes"), TextField())
    promises = standing.filter(kind="resettlement_promised").annotate(promised=promised)
    figures["promised_count"] = promises.filter(promised__lte=on.isoformat()).values("subject").distinct().count()
    rank = Case(
        *(When(kind__in=[str(m) for m in milestones], then=Value(place))
          for place, milestones in enumerate(STATE_MILESTONES.values())),
        output_field=IntegerField(),
    )
    kinds = [str(m) for milestones in STATE_MILESTONES.values() for m in milestones]
    ranks = happened.filter(kind__in=kinds).values("subject").annotate(rank=Max(rank))
    figures |= ranks.aggregate(**{
        STATE_FIGURES[state]: Count("subject", filter=Q(rank=place)) for place, state in enumerate(STATE_MILESTONES)
    })
    waiting = promises.exclude(
        Exists(Fact.objects.filter(subject=OuterRef("subject"), kind="resettled", happened_on__lte=on))
    )
    figures |= waiting.values("subject").annotate(promised=Min("promised")).aggregate(**{
        figure: Count("subject", filter=Q(promised__lt=latest(on, months).isoformat()))
        for months, figure in OVERDUE_FIGURES.items()
    })
    return figures


def latest(on: date, months: int) -> date:
    """The first promised date whose delay does not exceed so many months on the day."""
    day = add_months(on, -months)
    while add_months(day, months) < on:
        day += date.resolution
    return day


def quantiles(times: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    ordered = sorted(times)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


def measure(dates: Sequence[date], *, orm_dates: int) -> None:
    """Time the figures and the whole cockpit call on every date, the ORM on the first few; compare the numbers."""
    cockpit(MAYOR, on=dates[0], known=None)
    figures_ms, cockpit_ms = [], []
    for on in dates:
        figures_ms.append(timed(lambda on=on: total_of(figures_by_section(reach=CITY, on=on)))[0])
        cockpit_ms.append(timed(lambda on=on: cockpit(MAYOR, on=on, known=None))[0])
    orm_ms = []
    for on in dates[:orm_dates]:
        elapsed, expected = timed(lambda on=on: by_orm(on))
        orm_ms.append(elapsed)
        found = total_of(figures_by_section(reach=CITY, on=on))
        assert found == expected, {f: (found[f], expected[f]) for f in FIGURES if found[f] != expected[f]}
        print(f"{on}: {found['registered_count']:,} registered, {found['signed_count']:,} signed, equal in both; "
              f"ORM {elapsed / 1000:.1f} s", flush=True)
    rows = {"cockpit, whole call": cockpit_ms, "figures of all sections": figures_ms, "ORM over the facts": orm_ms}
    base = quantiles(orm_ms)[0] if orm_ms else None
    print("\n| what | p50 | p95 | ORM takes |\n|---|---|---|---|")
    for name, times in rows.items():
        if times:
            p50, p95 = quantiles(times)
            ratio = f"{base / p50:,.0f} ×" if base else ""
            print(f"| {name} | {p50:,.0f} ms | {p95:,.0f} ms | {ratio} |")
