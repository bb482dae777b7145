"""What follows from the facts about homes: entitlements, and who has which home; kept in the deed's own transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction

from zhengtu.ledger.act import NewFact
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach
from zhengtu.resettlement.addresses import unproven_addresses
from zhengtu.resettlement.facts import (
    AGREED,
    ASSIGNED,
    RELEASED,
    HeldHome,
    Terms,
    held_of,
    terms_of_fact,
    told_in_order,
)
from zhengtu.resettlement.models import Entitlement, HomeAssignment

_KINDS: Final = (AGREED, ASSIGNED, RELEASED)
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class ProjectionDifference:
    """A kept row that does not follow from the facts, or one that follows and is not kept."""

    table: str
    key: str
    kept: object
    rebuilt: object


def project_resettlement(facts: Sequence[NewFact], *, deed: str) -> None:
    """Bring entitlements and homes of the households of a deed up to date (settings.DEED_PROJECTIONS)."""
    touched = {
        fact.subject for fact in facts
        if fact.subject_kind == "household" and (fact.kind in _KINDS or fact.supersedes)
    }
    for codes in _batches(sorted(touched)):
        _replace(codes)


def rebuild_resettlement() -> int:
    """Derive all entitlements and homes anew and put them in the place of the kept ones; how many households."""
    with transaction.atomic(durable=True):
        HomeAssignment.objects.all().delete()
        Entitlement.objects.all().delete()
        codes = _households()
        for some in _batches(codes):
            _replace(some)
    return len(codes)


def resettlement_differences(*, limit: int) -> list[ProjectionDifference]:
    """The first rows that are kept otherwise than the facts have them, and sealed texts that their digest belies."""
    found: list[ProjectionDifference] = []
    codes = sorted(
        {*_households(), *Entitlement.objects.values_list("household_id", flat=True),
         *HomeAssignment.objects.values_list("household_id", flat=True)}
    )
    for some in _batches(codes):
        terms, homes = _folded(some)
        kept = {row.household_id: _columns_kept(row) for row in Entitlement.objects.filter(household__in=some)}
        held = {
            row.household_id: HeldHome(row.home_id, row.household_id, row.by, row.assigned_on, row.fact)
            for row in HomeAssignment.objects.filter(household__in=some)
        }
        for code in some:
            follows = _columns(terms[code]) if code in terms else None
            if kept.get(code) != follows:
                found.append(ProjectionDifference("resettlement_entitlement", code, kept.get(code), follows))
            if held.get(code) != homes.get(code):
                found.append(
                    ProjectionDifference("resettlement_homeassignment", code, held.get(code), homes.get(code))
                )
    found += [
        ProjectionDifference("resettlement_transitionaddress", household, digest, "")
        for household, digest in unproven_addresses(limit=limit)
    ]
    return found[:limit]


def _households() -> list[str]:
    rows = Fact.objects.filter(kind__in=_KINDS).order_by("subject")
    return list(rows.values_list("subject", flat=True).distinct())


def _batches(codes: Sequence[str]) -> list[list[str]]:
    return [list(codes[start:start + _AT_ONCE]) for start in range(0, len(codes), _AT_ONCE)]


def _folded(households: Collection[str]) -> tuple[dict[str, Terms], dict[str, HeldHome]]:
    reach = Reach(codes=tuple(households))
    rows = told_in_order(_KINDS, reach=reach, on=date.max)
    terms = {row.subject: terms_of_fact(row) for row in rows if row.kind == AGREED}
    return terms, held_of(row for row in rows if row.kind != AGREED)


def _replace(households: Collection[str]) -> None:
    terms, homes = _folded(households)
    HomeAssignment.objects.filter(household__in=households).delete()
    HomeAssignment.objects.bulk_create(
        HomeAssignment(home_id=one.home, household_id=one.household, by=one.by, assigned_on=one.assigned_on,
                       fact=one.fact)
        for one in homes.values()
    )
    Entitlement.objects.filter(household__in=households).delete()
    Entitlement.objects.bulk_create(
        Entitlement(household_id=code, **_columns(one)) for code, one in terms.items()
    )


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        "payer_id": terms.payer, "payer_kind": terms.payer_kind, "home_type": terms.home_type,
        "home_area_m2": terms.home_area_m2, "site_id": terms.site or None,
        "given_up_area_m2": terms.given_up_area_m2, "moved_out_on": terms.moved_out_on,
        "agreed_months": terms.agreed_months, "rule": terms.rule,
        "agreed_yuan_m2_month": terms.agreed_yuan_m2_month, "overdue_multiplier": terms.overdue_multiplier,
        "rooms": terms.rooms, "persons": terms.persons, "pay_every_months": terms.pay_every_months,
        "takes_debts": terms.takes_debts,
        "in_turnover_housing": terms.in_turnover_housing, "may_choose_cash": terms.may_choose_cash,
        "cash_yuan": terms.cash_yuan, "agreed_on": terms.agreed_on, "fact": terms.fact,
    }


def _columns_kept(row: Entitlement) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _NAMES}


_NAMES: Final = (
    "payer_id", "payer_kind", "home_type", "home_area_m2", "site_id", "given_up_area_m2", "moved_out_on",
    "agreed_months", "rule", "agreed_yuan_m2_month", "overdue_multiplier", "rooms", "persons",
    "pay_every_months", "takes_debts", "in_turnover_housing", "may_choose_cash",
    "cash_yuan", "agreed_on", "fact",
)
