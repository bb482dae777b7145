"""In which order the families of a site choose their homes: as drawn by lot, or as they signed."""

from __future__ import annotations

from datetime import date

from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.ledger.models import Fact
from zhengtu.resettlement.facts import AGREED
from zhengtu.resettlement.models import LotDraw
from zhengtu.resettlement.queries import Waiting, waiting


def who_choose(site: str, *, on: date) -> dict[str, Waiting]:
    """Household -> the family, of those who wait for a home of a site, have none and want no other way."""
    ever = set(Fact.objects.filter(kind=AGREED, attributes__site=site).values_list("subject", flat=True))
    return {
        one.household: one for one in waiting(f"{site[:4]}00", on=on, households=ever)
        if one.site == site and not one.home and one.wish in ("", "building")
    }


def choosing_orders(site: str, *, on: date) -> dict[str, list[str]]:
    """The families of a site that are to choose yet, in each order: ``lot`` and ``signing``.

    By lot those of earlier drawings come first; by signing the day of signing counts, then the code.
    """
    choosing = who_choose(site, on=on)
    drawn = LotDraw.objects.filter(site=site, drawn_on__lte=on).order_by("drawn_on", "code")
    signed = milestones_of(list(choosing))
    return {
        "lot": list(dict.fromkeys(code for one in drawn for code in one.order if code in choosing)),
        "signing": sorted(
            choosing, key=lambda code: (signed.get(code, {}).get(Milestone.SIGNED, date.max), code)
        ),
    }
