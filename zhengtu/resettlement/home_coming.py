"""When one family comes home: its promise, the works of its home, its subsidy, and who answers for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.accounts.queries import unit_names
from zhengtu.core.compensation.subsidy_account import SubsidyAccount
from zhengtu.core.compensation.waiting_rights import RightStanding
from zhengtu.core.resettlement.promises import FamilyRight, Naming
from zhengtu.core.resettlement.works import CompletionForecast
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.resettlement.models import AdvanceClaim, Entitlement, Home, ResettlementBuilding, Site
from zhengtu.resettlement.promises import FamilyPromise, promises_of
from zhengtu.resettlement.queries import waiting
from zhengtu.resettlement.subsidies import accounts_of
from zhengtu.resettlement.waiting_rights import rights_of
from zhengtu.resettlement.works import StageReached, forecasts_of, stages_of


@dataclass(frozen=True, slots=True)
class HomeName:
    """A home as people call it."""

    site: str
    building: str
    number: str
    floor: int
    area_m2: object


@dataclass(frozen=True, slots=True)
class WorksOfHome:
    """A building in which the family's home is, or may be; reached: its last permit or stage, or None."""

    code: str
    name: str
    reached: StageReached | None
    forecast: CompletionForecast


@dataclass(frozen=True, slots=True)
class HomeComing:
    """What is known of one family's way home.

    Attributes:
        home: the named home, or None where only a type or nothing is named.
        works: buildings in which its home is or may be, the first completed first.
        account: its subsidy; None where nothing is on file.
        payer, builder, district: (Chinese, English) names of who pays, builds and expropriates; empty where unknown.
        rights: what the family may rely on under its project's regime.
        demands: what it may demand by its own rule, from which day.
        claims: claims among payers about this family; officials follow them, the family has its money.
    """

    promise: FamilyPromise
    home: HomeName | None
    site: str
    works: Sequence[WorksOfHome]
    account: SubsidyAccount | None
    payer: tuple[str, str]
    builder: tuple[str, str]
    district: tuple[str, str]
    rights: Sequence[FamilyRight]
    demands: Sequence[RightStanding]
    claims: int


def home_coming_of(
    household: Household, *, on: date, known: date | None, is_promised: bool
) -> HomeComing | None:
    """A family that a door gave; None where it waits for no home.

    Args:
        is_promised: whether a day for its home is on file; else its entitlement is looked for.
    """
    code = household.code
    if not is_promised and not Entitlement.objects.filter(pk=code).exists():
        return None
    promise = next(iter(promises_of(waiting(Reach(codes=(code,)), on=on, known=known), on=on, known=known)), None)
    if promise is None:
        return None
    terms = promise.waiting.terms
    site = Site.objects.filter(pk=promise.named.site).first() if promise.named.site else None
    builder = site.client_id if site else ""
    names = unit_names({one for one in (terms.payer if terms else "", builder, promise.waiting.jurisdiction) if one})
    return HomeComing(
        promise=promise, home=home_names([promise.named.home]).get(promise.named.home) if promise.named.home else None,
        site=site.name if site else "", works=_works(promise, on=on, known=known),
        account=accounts_of([code], until=on, known=known).get(code),
        payer=names.get(terms.payer if terms else "", ("", "")), builder=names.get(builder, ("", "")),
        district=names.get(promise.waiting.jurisdiction, ("", "")),
        rights=[
            right for right in current_rulebook().promises.rights
            if not right.regimes or household.section.project.regime in right.regimes
        ],
        demands=rights_of(code, terms, on=on, known=known) if terms else [],
        claims=AdvanceClaim.objects.filter(household=code, advanced_on__lte=on).count(),
    )


def home_names(codes: Collection[str]) -> Mapping[str, HomeName]:
    """Code -> how people call the home."""
    rows = Home.objects.filter(pk__in=set(codes)).values_list(
        "code", "building__site__name", "building__name", "number", "floor", "area_m2"
    )
    return {code: HomeName(*values) for code, *values in rows}


def _works(promise: FamilyPromise, *, on: date, known: date | None) -> list[WorksOfHome]:
    """The building of the named home, or those of the site that have homes of its type."""
    named = promise.named
    if named.naming is Naming.NONE:
        return []
    rows = ResettlementBuilding.objects.filter(pk=named.building) if named.home else (
        ResettlementBuilding.objects.filter(site=named.site, homes__home_type=named.type).distinct()
    )
    buildings = list(rows)
    if not buildings:
        return []
    forecasts, stages = forecasts_of(buildings, on=on, known=known), stages_of(buildings, on=on, known=known)
    works = [
        WorksOfHome(one.code, one.name, stages[one.code][-1] if stages[one.code] else None, forecasts[one.code])
        for one in buildings
    ]
    return sorted(works, key=lambda one: (one.forecast.day_at(0.5), one.code))
