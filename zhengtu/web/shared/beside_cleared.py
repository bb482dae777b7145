"""What stands beside every figure of cleared households: what is verified, said against and taken off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.discrepancy import Discrepancy
from zhengtu.inspection.truth import (
    Discounted,
    VerifiedCount,
    cities_of,
    discounted,
    discrepancies_for,
    summed,
    verified_counts,
)
from zhengtu.ledger.queries import Reach
from zhengtu.web.shared.as_of import AsOf

NONE = VerifiedCount()


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of cleared households and what is known of its truth.

    Attributes:
        count: reported, verified, contradicted.
        after: the figure after what inspections found there, or None where none tells.
    """

    count: VerifiedCount
    after: Discounted | None
    verified_href: str
    contradicted_href: str
    unverified_href: str


def beside(
    count: VerifiedCount, dates: AsOf, *, found: Discrepancy | None = None, is_listed: bool = True, **where: object
) -> Beside:
    """The figure with addresses of the households behind each part, empty ones where they cannot be listed.

    Args:
        found: the discrepancy of the place, where it is a whole district.
        is_listed: whether the list of households can be narrowed to the place.
        where: narrows the list of households to the place.
    """

    def href(standing: str) -> str:
        return reverse("household.list") + dates.query(cleared=standing, **where) if is_listed else ""

    return Beside(
        count=count, after=discounted(count.reported, found), verified_href=href("verified"),
        contradicted_href=href("contradicted"), unverified_href=href("unverified"),
    )


def counts_of(actor: Actor, dates: AsOf, *, verb: str, by: str = "") -> dict[str, VerifiedCount]:
    """What the actor reaches with a verb, by section or added up by ``project``, ``jurisdiction`` or ``all``."""
    counts = verified_counts(reach_of(actor, verb=verb), on=dates.on, known=dates.known)
    return summed(counts, by=by) if by else counts


def counts_below(codes: Iterable[str], dates: AsOf) -> VerifiedCount:
    """All households of these sections, or these very households."""
    listed = tuple(codes)
    reach = Reach(prefixes=tuple(f"{code}-" for code in listed), codes=listed)
    return summed(verified_counts(reach, on=dates.on, known=dates.known)).get("", NONE)


def districts(actor: Actor, dates: AsOf, *, verb: str) -> dict[str, Beside]:
    """District -> its cleared figure with what is known of its truth; those without a cleared household are absent.

    A discount is said of whole districts only: whoever reaches a part of one sees none.
    """
    counts = counts_of(actor, dates, verb=verb, by="jurisdiction")
    reach = reach_of(actor, verb=verb)
    found = discrepancies_for(actor, cities_of(counts), on=dates.on)
    return {
        code: beside(
            count, dates, found=found.get(code) if reach.covers(code) else None, district=code
        )
        for code, count in sorted(counts.items())
    }


def whole(parts: Mapping[str, Beside], dates: AsOf) -> dict[str, Any]:
    """All districts together; the discount is said only where every one of them was inspected."""
    count = sum((one.count for one in parts.values()), NONE)
    return {"beside": beside(count, dates), "inspected": sum(one.after is not None for one in parts.values()),
            "districts": len(parts)}
