"""In which order the families of a site choose their homes: as drawn by lot, or as they signed."""

from __future__ import annotations

from datetime import date

from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.ledger.models import Fact
from zhengtu.resettlement.facts import AGREED, CHOSEN
from zhengtu.resettlement.models import LotDraw, Site
from zhengtu.resettlement.queries import Waiting, waiting


def way_of(site: Site) -> str:
    """The way of whoever comes home there: ``building``, or ``purchase`` where existing homes were bought."""
    return "purchase" if site.is_bought else "building"


def chooses_at(family: Waiting, site: Site) -> bool:
    """Whether a family chooses a home there.

    Of a site that is built it is one that agreed on the site and wants no other way; of bought homes, one that wants an
    existing home and is of a project for whose families they were bought.
    """
    if site.is_bought:
        return family.wish == "purchase" and family.project in site.projects
    return family.site == site.code and family.wish in ("", "building")


def who_choose(site: str, *, on: date) -> dict[str, Waiting]:
    """Household -> the family, of those who choose a home of a site and have none."""
    row = Site.objects.get(pk=site)
    asked = {"kind": CHOSEN, "attributes__way": "purchase"} if row.is_bought else {
        "kind": AGREED, "attributes__site": site,
    }
    ever = set(Fact.objects.filter(**asked).values_list("subject", flat=True))
    return {
        one.household: one for one in waiting(f"{site[:4]}00", on=on, households=ever)
        if not one.home and chooses_at(one, row)
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
