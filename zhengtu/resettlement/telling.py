"""Which homes a family can be told, and from which day on a promise for each of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhengtu.core.resettlement.promises import HomeOutlook, Naming
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.home_coming import HomeName, home_names
from zhengtu.resettlement.models import Home, HomeAssignment
from zhengtu.resettlement.promises import FamilyPromise, Named, Outlooks, site_names
from zhengtu.resettlement.queries import site_of


@dataclass(frozen=True, slots=True)
class HomeOffer:
    """A home, or a type at a site (``code`` and ``home`` empty); first_on: from when on a day may be told, or None."""

    code: str
    home: HomeName | None
    site: str
    site_name: str
    type: str
    first_on: date | None


def offers_of(promise: FamilyPromise, *, on: date, limit: int) -> list[HomeOffer]:
    """The family's own home, or homes of its type at its site that nobody has, and the type as a whole."""
    family = promise.waiting
    site, kind = promise.named.site, family.home_type or promise.named.type
    if not site:
        return []
    outlooks = Outlooks([site], on=on)
    names = site_names([site])
    if family.home:
        codes = [family.home]
    else:
        held = HomeAssignment.objects.values("home")
        rows = Home.objects.filter(building__site=site, home_type=kind).exclude(pk__in=held).order_by("code")
        codes = list(rows.values_list("code", flat=True)[:limit])
    homes = home_names(codes)
    offers = [
        HomeOffer(code, homes[code], site, names.get(site, site), kind, first_day(
            outlooks.of(Named(Naming.HOME, site_of(code), code, kind))
        ))
        for code in codes if code in homes
    ]
    if not family.home and kind:
        whole = first_day(outlooks.of(Named(Naming.TYPE, site, type=kind)))
        offers.append(HomeOffer("", None, site, names.get(site, site), kind, whole))
    return offers


def first_day(outlook: HomeOutlook | None) -> date | None:
    """The first day that holds by the rulebook; None where none does."""
    kept_from = current_rulebook().promises.kept_from
    if outlook is None or outlook.covered < kept_from:
        return None
    return outlook.day_at(min(1.0, kept_from / outlook.covered))
