"""Terms and homes of many families on a day: as kept, where nothing changed since, else folded from the facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Final, TypeVar

from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach
from zhengtu.resettlement.facts import RELEASED, HeldHome, Terms, held_homes, reach_around, terms_within
from zhengtu.resettlement.models import Entitlement, HomeAssignment

_Value = TypeVar("_Value")
_KEPT: Final = tuple(f"{one.name}_id" if one.name in ("payer", "site") else one.name for one in fields(Terms))
_AGREED_ON: Final = _KEPT.index("agreed_on")
_SITE: Final = _KEPT.index("site_id")


def terms_on(reach: Reach, *, on: date, known: date | None = None) -> dict[str, Terms]:
    """Household -> its terms of a day: those agreed last."""
    if known is not None:
        return terms_within(reach, on=on, known=known)
    found, since = {}, []
    rows = Entitlement.objects.filter(reach.condition("household__code")).values_list("household_id", *_KEPT)
    for household, *row in rows:
        if row[_AGREED_ON] > on:
            since.append(household)
        else:
            row[_SITE] = row[_SITE] or ""
            found[household] = Terms(*row)
    return found | _asked(terms_within(reach_around(since), on=on), since) if since else found


def homes_on(reach: Reach, *, on: date, known: date | None = None) -> dict[str, HeldHome]:
    """Household -> the home that it has on a day."""
    if known is not None:
        return held_homes(reach, on=on, known=known)
    rows = HomeAssignment.objects.filter(reach.condition("household__code")).values_list(
        "home_id", "household_id", "by", "assigned_on", "fact"
    )
    kept = [HeldHome(*row) for row in rows]
    released = Fact.objects.filter(reach.condition("subject"), kind=RELEASED, happened_on__gt=on)
    since = {one.household for one in kept if one.assigned_on > on} | set(released.values_list("subject", flat=True))
    found = {one.household: one for one in kept if one.household not in since}
    return found | _asked(held_homes(reach_around(since), on=on), since) if since else found


def _asked(found: dict[str, _Value], codes: Iterable[str]) -> dict[str, _Value]:
    return {code: found[code] for code in codes if code in found}
