"""The case of the options engine out of the ledger: who waits, homes that are free, homes for sale, budgets.

Nothing is guessed: a family whose entitlement is not on file, and one that has its home assigned already, is left out
and counted. Free homes that families outside the run are to have by their agreements are kept for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.core.compensation.subsidy_account import sums_ahead
from zhengtu.core.kernel.civil_dates import whole_months_between
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.resettlement.options import Budget, BuildingSupply, MarketSupply, OptionsCase, WaitingFamily, Way
from zhengtu.resettlement.models import HomeStock, Site
from zhengtu.resettlement.options_settings import OptionsSettings, month_of_year
from zhengtu.resettlement.queries import HomeState, Waiting, homes_by_site, stock, waiting
from zhengtu.resettlement.subsidies import SubsidyRow, rows_by_household
from zhengtu.resettlement.works import chances_by_site

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class GatheredCase:
    """A case with what it leaves out.

    Attributes:
        payers: household -> the unit that pays for it.
        late: families past their promised day among those of the case.
        without_terms: households whose entitlement is not on file. with_home: those that have their home assigned.
        without_basis: families of the case for whom no subsidy can be reckoned; they count as costing nothing.
        kept_homes: free homes that are kept for families outside the run.
    """

    case: OptionsCase
    payers: Mapping[str, str]
    late: int
    without_terms: Sequence[str]
    with_home: int
    without_basis: int
    kept_homes: int


def part_of(row: Waiting) -> str:
    """The part of a project in which a household lies, e.g. ``220204-P0001``."""
    return row.section.rsplit("-", 1)[0]


def waiting_in(parts: Collection[str], *, on: date, known: date | None) -> tuple[list[Waiting], list[Waiting]]:
    """Households of these parts that wait, and those of the rest of the city."""
    rows = waiting(city_of(min(parts)), on=on, known=known)
    chosen = set(parts)
    return [row for row in rows if part_of(row) in chosen], [row for row in rows if part_of(row) not in chosen]


def gathered_case(
    parts: Collection[str], settings: OptionsSettings, *, on: date, known: date | None = None
) -> GatheredCase:
    """The case of these parts of projects on a day.

    Args:
        known: what was recorded by the end of this day counts; None for all.
    """
    inside, outside = waiting_in(parts, on=on, known=known)
    rows = [row for row in inside if row.terms is not None and not row.home]
    held = rows_by_household([row.household for row in rows], on=on, known=known)
    monthly = {code: one.account.monthly for code, one in held.items()}
    later = {code: _later(one, on=on, months=settings.horizon_months) for code, one in held.items()}
    city = city_of(min(parts))
    buildings, kept = _buildings(city, rows, outside, on=on)
    case = OptionsCase(
        families=[_family(row, monthly.get(row.household), later.get(row.household, ())) for row in rows],
        buildings=buildings,
        market=[_offer(one, on=on) for one in stock(city, on=on)],
        budgets=[
            Budget(one.payer, month_of_year(one.year, on=on), one.yuan, one.carries_over) for one in settings.budgets
        ],
        horizon_months=settings.horizon_months, cash_months=settings.cash_months,
        first_after_months=settings.first_after_months,
    )
    return GatheredCase(
        case=case, payers={row.household: row.payer for row in rows}, late=sum(row.is_late for row in rows),
        without_terms=tuple(row.household for row in inside if row.terms is None),
        with_home=sum(bool(row.home) for row in inside),
        without_basis=sum(monthly.get(row.household) is None for row in rows), kept_homes=kept,
    )


def _later(row: SubsidyRow, *, on: date, months: int) -> Sequence[tuple[float, Decimal]]:
    """Steps by which the subsidy changes; none where the rule cannot rate the months ahead: it goes on as it is."""
    if row.terms is None:
        return ()
    try:
        return sums_ahead(row.terms, on=on, months=months)
    except Refused:
        return ()


def _family(
    row: Waiting, monthly_yuan: Decimal | None, later_yuan: Sequence[tuple[float, Decimal]]
) -> WaitingFamily:
    terms = row.terms
    if terms is None:
        raise ValueError(f"{row.household} has no entitlement on file")
    cash = terms.cash_yuan if terms.may_choose_cash else None
    return WaitingFamily(
        code=row.household, payer=terms.payer, home=terms.home_type, waited_months=row.months_late,
        monthly_yuan=monthly_yuan or _NOTHING, building=terms.site, is_vulnerable=row.is_vulnerable,
        ways=frozenset({Way.BUILDING, Way.PURCHASE} | ({Way.CASH} if cash is not None else set())),
        choice=Way(row.wish) if row.wish else None, cash_yuan=cash, later_yuan=later_yuan,
    )


def _offer(one: HomeStock, *, on: date) -> MarketSupply:
    """Homes on the market; ready in a month begun is ready after it."""
    months = 0 if one.ready_on <= on else whole_months_between(start=on, end=one.ready_on) + 1
    return MarketSupply(
        key=f"stock-{one.pk}", home=one.home_type, count=one.count, price_yuan=one.price_yuan, from_month=months,
        name=one.name,
    )


def _buildings(
    city: str, rows: Sequence[Waiting], outside: Sequence[Waiting], *, on: date
) -> tuple[list[BuildingSupply], int]:
    """Free homes of the sites that these families go to, and how many are kept for families outside the run."""
    projects = {row.project for row in rows}
    named = {row.site for row in rows if row.site}
    owed = Counter((row.site, row.home_type) for row in outside if row.site and not row.home)
    chances = chances_by_site(city, on=on)
    found: list[BuildingSupply] = []
    kept = 0
    sites = [
        site for site in Site.objects.filter(code__startswith=city[:4]).order_by("code")
        if projects & set(site.projects) or (site.code in named and not site.is_bought)
    ]
    homes = homes_by_site({site.code for site in sites}, on=on)
    for site in sites:
        free = Counter(
            (one.home.building_id, one.home.home_type) for one in homes[site.code] if one.state is HomeState.FREE
        )
        names = dict(site.buildings.values_list("code", "name"))
        supplies = [
            BuildingSupply(
                key=f"{building}/{home}", building=site.code, home=home, count=count,
                completion_chances=chances[site.code][building].chances, name=f"{site.name} {names[building]}",
                is_bought=site.is_bought,
            )
            for (building, home), count in sorted(free.items())
        ]
        left, held = _without_those_of_others(supplies, owed)
        found += left
        kept += held
    return found, kept


def _without_those_of_others(
    supplies: Sequence[BuildingSupply], owed: Mapping[tuple[str, str], int]
) -> tuple[list[BuildingSupply], int]:
    """The same less the homes that others are to have there, shared out over the buildings as their homes are."""
    totals = Counter({(one.building, one.home): 0 for one in supplies})
    for one in supplies:
        totals[one.building, one.home] += one.count
    left = []
    for one in supplies:
        total, others = totals[one.building, one.home], owed.get((one.building, one.home), 0)
        left.append(replace(one, count=one.count - min(one.count, -(-one.count * min(others, total) // total))))
    kept = sum(one.count for one in supplies) - sum(one.count for one in left)
    return [one for one in left if one.count], kept
