"""The subsidy ledger: every family that was promised a home or has an entitlement, with its account on any day.

A handful of questions to the database for any number of families; the sums are reckoned in the core. Lists, pages, the
overdue wall and exports all take their rows from here, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.subsidy_account import (
    NO_TERMS,
    SubsidyAccount,
    SubsidyTotals,
    WaitingTerms,
    account_on,
    basis_missing,
    frozen_rule,
    totals_by,
    totals_of,
)
from zhengtu.core.compensation.transition_subsidy import AgreedTransition, TransitionRule
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.lateness import Band, Wait, band_of, is_late, months_late
from zhengtu.ledger.milestone_queries import subjects_where, waits_among
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Household
from zhengtu.registry.queries import households_for
from zhengtu.resettlement.facts import VIEW, Terms, terms_within
from zhengtu.resettlement.models import Entitlement
from zhengtu.resettlement.queries import Waiting
from zhengtu.resettlement.subsidy_payments import paid_sums, settled_in_money

_PLACES: Final = ("code", "name_masked", "section__project_id", "section__jurisdiction_id",
                  "section__project__client_id")
_KEPT: Final = ("household_id", *(f"{one.name}_id" if one.name in ("payer", "site") else one.name
                                  for one in fields(Terms)))
_ANY: Final = "SELECT unnest(string_to_array(%s, ','))"


@dataclass(frozen=True, slots=True)
class SubsidyRow:
    """A family with its account by the end of a day.

    Attributes:
        payer, payer_kind: who pays its subsidy; empty where no entitlement is on file.
        due_on: the promised day; None where none was promised.
        home_on: day on which it came home, if by that day.
        terms: on what it waits, None where the basis is missing.
    """

    household: str
    name_masked: str
    project: str
    jurisdiction: str
    client: str
    payer: str
    payer_kind: str
    due_on: date | None
    home_on: date | None
    account: SubsidyAccount
    terms: WaitingTerms | None = None

    @property
    def wait(self) -> Wait | None:
        """Its two dates, where a home was promised."""
        return None if self.due_on is None else Wait(self.due_on, self.home_on)

    @property
    def is_late(self) -> bool:
        """Whether it waits past its promised day."""
        wait = self.wait
        return wait is not None and is_late(wait, on=self.account.on)

    @property
    def months_late(self) -> int:
        """Months begun since the promised day; 0 where it is not late."""
        return months_late(self.due_on, on=self.account.on) if self.due_on is not None and self.is_late else 0

    @property
    def band(self) -> Band | None:
        """The band of months that it is late by."""
        return band_of(self.due_on, on=self.account.on) if self.due_on is not None and self.is_late else None

    def account_until(self, until: date) -> SubsidyAccount:
        """Its account on a later day, if it waits until then and is paid nothing more."""
        if self.terms is None:
            return self.account
        return account_on(self.terms, on=until, paid=self.account.paid)

    def added_until(self, until: date) -> Decimal | None:
        """What accrues from its day until a later one, if it waits until then; None where a basis is missing."""
        later = self.account_until(until).accrued
        return None if later is None or self.account.accrued is None else later - self.account.accrued


@dataclass(frozen=True, slots=True)
class SubsidyLedger:
    """Accounts added up as a whole and by who pays, for what and where.

    Attributes:
        by_payer: (payer, kind of payer) -> totals; the empty code stands for families without an entitlement.
    """

    whole: SubsidyTotals
    by_payer_kind: Mapping[str, SubsidyTotals]
    by_payer: Mapping[tuple[str, str], SubsidyTotals]
    by_project: Mapping[str, SubsidyTotals]
    by_jurisdiction: Mapping[str, SubsidyTotals]


def rows_for(
    actor: Actor, *, on: date, known: date | None = None, project: str = "", verb: str = VIEW
) -> list[SubsidyRow]:
    """Families in the actor's scope, by code; with ``project`` those of one."""
    households = households_for(actor, verb=verb)
    if project:
        households = households.filter(section__project=project)
    return _rows(households, on=on, known=known)


def row_for(
    actor: Actor, household: str, *, on: date, known: date | None = None, verb: str = VIEW
) -> SubsidyRow | None:
    """One family in the actor's scope; None where it is not in scope, or nothing is owed to it."""
    return next(iter(_rows(households_for(actor, verb=verb).filter(code=household), on=on, known=known)), None)


def rows_of_city(city: str, *, on: date, known: date | None = None) -> list[SubsidyRow]:
    """Every family of a city; for jobs and for computations that nobody asks for."""
    return _rows(Household.objects.filter(code__startswith=city[:4]), on=on, known=known)


def account_of(family: str | Entitlement | Waiting, *, until: date, known: date | None = None) -> SubsidyAccount:
    """The account of one family on a day; a day ahead is a forecast. A reason stands in it where the basis is missing.

    Args:
        family: its code, or what it is owed.

    Raises:
        LookupError: when nothing is owed to the family.
    """
    code = family if isinstance(family, str) else family.household_id if isinstance(family, Entitlement) else (
        family.household
    )
    return accounts_of([code], until=until, known=known)[code]


def accounts_of(households: Collection[str], *, until: date, known: date | None = None) -> dict[str, SubsidyAccount]:
    """Household -> its account, of those to whom anything is owed; for computations that nobody asks for."""
    return {code: row.account for code, row in rows_by_household(households, on=until, known=known).items()}


def rows_by_household(
    households: Collection[str], *, on: date, known: date | None = None
) -> dict[str, SubsidyRow]:
    """Household -> its row with the terms on which it waits; for computations that nobody asks for."""
    rows = _rows(Household.objects.filter(code__in=households), on=on, known=known)
    return {row.household: row for row in rows}


def ledger_of(rows: Sequence[SubsidyRow]) -> SubsidyLedger:
    """The rows' accounts added up."""
    by = _adder(rows)
    return SubsidyLedger(
        whole=totals_of(row.account for row in rows), by_payer_kind=by(lambda row: row.payer_kind),
        by_payer=by(lambda row: (row.payer, row.payer_kind)), by_project=by(lambda row: row.project),
        by_jurisdiction=by(lambda row: row.jurisdiction),
    )


def _adder(rows: Sequence[SubsidyRow]) -> Callable[[Callable[[SubsidyRow], Any]], dict[Any, SubsidyTotals]]:
    return lambda key: totals_by(rows, key=key, account=lambda row: row.account)


def added_by(
    rows: Iterable[SubsidyRow], *, until: date, key: Callable[[SubsidyRow], str] = lambda row: ""
) -> dict[str, Decimal]:
    """What accrues until a later day, if nobody comes home before, of the rows that share a key."""
    found: dict[str, Decimal] = {}
    for row in rows:
        found[key(row)] = found.get(key(row), ZERO) + (row.added_until(until) or ZERO)
    return found


def _rows(households: QuerySet[Household], *, on: date, known: date | None) -> list[SubsidyRow]:
    promised = subjects_where(Q(promised_on__isnull=False), known=known)
    held = households.filter(Q(entitlement__isnull=False) | Q(code__in=promised)).order_by("code")
    places = list(held.values_list(*_PLACES))
    codes = [code for code, *_ in places]
    if not codes:
        return []
    waits, paid = waits_among(codes, known=known), paid_sums(codes, on=on, known=known)
    in_money = settled_in_money(codes, on=on, known=known)
    agreed = _terms(codes, on=on, known=known)
    rules = transition_rules()
    found = []
    for code, name, project, jurisdiction, client in places:
        due_on, home_on = waits.get(code, (None, None))
        home_on = home_on if home_on is not None and home_on <= on else None
        terms = agreed.get(code)
        if terms is None and due_on is None:
            continue
        waiting = waiting_terms(terms, rules, home_on=home_on, is_delivered=code not in in_money)
        sum_paid = paid.get(code, ZERO)
        if isinstance(waiting, Reason):
            account = SubsidyAccount(on=on, paid=sum_paid, rule=terms.rule if terms else "", missing=waiting)
        else:
            account = account_on(waiting, on=on, paid=sum_paid)
        found.append(SubsidyRow(
            household=code, name_masked=name, project=project, jurisdiction=jurisdiction, client=client,
            payer=terms.payer if terms else "", payer_kind=terms.payer_kind if terms else "", due_on=due_on,
            home_on=home_on, account=account, terms=None if isinstance(waiting, Reason) else waiting,
        ))
    return found


def waiting_terms(
    terms: Terms | None, rules: Mapping[str, TransitionRule], *, home_on: date | None, is_delivered: bool
) -> WaitingTerms | Reason:
    """On what a family waits, or why that cannot be reckoned."""
    if terms is None:
        return basis_missing(NO_TERMS)
    try:
        rule = frozen_rule(rules, terms.rule, overdue_multiplier=terms.overdue_multiplier)
    except Refused as refused:
        return refused.reasons[0]
    agreed = AgreedTransition(
        months=terms.agreed_months, yuan_per_m2_month=terms.agreed_yuan_m2_month,
        in_turnover_housing=terms.in_turnover_housing, overdue_multiplier=terms.overdue_multiplier,
    )
    return WaitingTerms(
        rule=rule, area_m2=terms.given_up_area_m2, moved_out_on=terms.moved_out_on, agreed=agreed, home_on=home_on,
        is_delivered=is_delivered,
    )


def _terms(codes: Sequence[str], *, on: date, known: date | None) -> dict[str, Terms]:
    """The terms of a day: as kept, where nothing was agreed since and nobody asks what was known."""
    if known is not None:
        return terms_within(Reach(codes=tuple(codes)), on=on, known=known)
    kept = Entitlement.objects.filter(household__in=RawSQL(_ANY, [",".join(codes)])).values(*_KEPT)
    found, since = {}, []
    for row in kept:
        if row["agreed_on"] > on:
            since.append(row["household_id"])
        else:
            found[row["household_id"]] = _terms_kept(row)
    return found | (terms_within(Reach(codes=tuple(since)), on=on) if since else {})


def _terms_kept(row: Mapping[str, Any]) -> Terms:
    told = {name.removesuffix("_id"): value for name, value in row.items() if name != "household_id"}
    return Terms(**{**told, "site": told["site"] or ""})


@cache
def transition_rules() -> dict[str, TransitionRule]:
    """Rules on transition subsidies by id."""
    return {rule.id: rule for rule in current_compensation().transition_rules}
