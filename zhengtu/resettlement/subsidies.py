"""The subsidy ledger: every family that was promised a home or has an entitlement, with its account on any day.

A handful of questions to the database for any number of families; the sums are reckoned in the core. Lists, pages, the
overdue wall and exports all take their rows from here, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.payer_shares import PayerShare, PayerSpan, PaymentMade, divided, holder_of
from zhengtu.core.compensation.subsidy_account import (
    NO_TERMS,
    PaidPeriod,
    SubsidyAccount,
    WaitingTerms,
    account_on,
    accrued_by,
    basis_missing,
    frozen_rule,
)
from zhengtu.core.compensation.transition_subsidy import AgreedTransition, TransitionRule
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.lateness import Band, Wait, band_of, months_late
from zhengtu.ledger.milestone_queries import subjects_where, waits_among
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Household
from zhengtu.registry.queries import households_for
from zhengtu.resettlement.facts import VIEW, Terms, payers_changed, payers_within, reach_around
from zhengtu.resettlement.kept import terms_on
from zhengtu.resettlement.subsidy_payments import paid_sums, payments_of, settled_in_money

_PLACES: Final = ("code", "name_masked", "section__project_id", "section__jurisdiction_id",
                  "section__project__client_id")


@dataclass(frozen=True)
class SubsidyRow:
    """A family with its account by the end of a day, which is reckoned when somebody asks for it.

    Attributes:
        payer, payer_kind: who pays its subsidy; empty where no entitlement is on file.
        due_on: the promised day; None where none was promised.
        home_on: day on which it came home, if by that day.
        on, paid: the day of the account, and what was paid by then (yuan).
        rule: the rule that its agreement names, or empty.
        basis: on what it waits, or why that is missing.
        spans, payments: its payers one after another, and what was paid where they changed.
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
    on: date
    paid: Decimal
    rule: str
    basis: WaitingTerms | Reason = field(repr=False)
    spans: Sequence[PayerSpan] = field(repr=False)
    payments: Sequence[PaymentMade] = field(default=(), repr=False)

    @property
    def terms(self) -> WaitingTerms | None:
        """On what it waits, None where the basis is missing."""
        return None if isinstance(self.basis, Reason) else self.basis

    @property
    def account(self) -> SubsidyAccount:
        """Where its subsidy stands by the end of the day."""
        return self._standing[0]

    @property
    def shares(self) -> Sequence[PayerShare]:
        """The account by payer, the one of the day last; more than one where it changed."""
        return self._standing[1]

    @cached_property
    def _standing(self) -> tuple[SubsidyAccount, Sequence[PayerShare]]:
        return self._standing_on(self.on)

    def _standing_on(self, day: date) -> tuple[SubsidyAccount, Sequence[PayerShare]]:
        if isinstance(self.basis, Reason):
            account = SubsidyAccount(on=day, paid=self.paid, rule=self.rule, missing=self.basis)
            return account, (PayerShare(self.spans[-1].payer, self.spans[-1].payer_kind, account),)
        account = account_on(self.basis, on=day, paid=self.paid)
        return divided(self.basis, account, spans=self.spans, payments=self.payments)

    @property
    def wait(self) -> Wait | None:
        """Its two dates, where a home was promised."""
        return None if self.due_on is None else Wait(self.due_on, self.home_on)

    @property
    def is_late(self) -> bool:
        """Whether it waits past its promised day."""
        return self.due_on is not None and self.home_on is None and self.due_on < self.on

    @property
    def months_late(self) -> int:
        """Months begun since the promised day; 0 where it is not late."""
        return months_late(self.due_on, on=self.on) if self.due_on is not None and self.is_late else 0

    @property
    def band(self) -> Band | None:
        """The band of months that it is late by."""
        return band_of(self.due_on, on=self.on) if self.due_on is not None and self.is_late else None

    def account_until(self, until: date) -> SubsidyAccount:
        """Its account on a later day, if it waits until then and is paid nothing more."""
        return self.account if isinstance(self.basis, Reason) else self._standing_on(until)[0]

    @property
    def owed_by_former(self) -> Decimal:
        """What payers owe it that no longer pay."""
        return sum((share.account.owed or ZERO for share in self.shares if share.account.is_former), ZERO)

    def payer_of(self, period: PaidPeriod, *, on: date) -> str:
        """Who owes on a day what accrues from the beginning of a period on; empty where no entitlement is on file."""
        return holder_of(self.spans, period.from_on, on=on).payer if self.spans else self.payer

    def added_until(self, until: date) -> Decimal | None:
        """What accrues from its day until a later one, if it waits until then; None where a basis is missing."""
        if self.terms is None or self.account.accrued is None:
            return None
        if (stops_on := self.terms.stops_on) is not None and stops_on <= self.on:
            return ZERO
        try:
            return accrued_by(self.terms, until) - self.account.accrued
        except Refused:
            return None


@dataclass(frozen=True, slots=True)
class PayerRow:
    """A family with what one payer owes it and paid on its account."""

    row: SubsidyRow
    payer: str
    payer_kind: str
    account: SubsidyAccount


def by_payer(rows: Iterable[SubsidyRow]) -> list[PayerRow]:
    """The rows once for each payer that they have or had; by payer or by kind of payer they add up to the rows."""
    return [
        PayerRow(row, share.payer, share.payer_kind, share.account) for row in rows for share in row.shares
    ]


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


def accounts_of(households: Collection[str], *, until: date, known: date | None = None) -> dict[str, SubsidyAccount]:
    """Household -> its account, of those to whom anything is owed; for computations that nobody asks for."""
    return {code: row.account for code, row in rows_by_household(households, on=until, known=known).items()}


def rows_by_household(
    households: Collection[str], *, on: date, known: date | None = None
) -> dict[str, SubsidyRow]:
    """Household -> its row with the terms on which it waits; for computations that nobody asks for."""
    rows = _rows(Household.objects.filter(code__in=households), on=on, known=known)
    return {row.household: row for row in rows}


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
    agreed, payers = terms_on(reach_around(codes), on=on, known=known), _payers(codes, on=on, known=known)
    rules = transition_rules()
    found = []
    for code, name, project, jurisdiction, client in places:
        due_on, home_on = waits.get(code, (None, None))
        home_on = home_on if home_on is not None and home_on <= on else None
        terms = agreed.get(code)
        if terms is None and due_on is None:
            continue
        waiting = waiting_terms(terms, rules, home_on=home_on, is_delivered=code not in in_money)
        payer, kind = (terms.payer, terms.payer_kind) if terms else ("", "")
        spans, payments = payers.get(code) or (_one_payer(payer, kind), ())
        found.append(SubsidyRow(
            household=code, name_masked=name, project=project, jurisdiction=jurisdiction, client=client,
            payer=payer, payer_kind=kind, due_on=due_on,
            home_on=home_on, on=on, paid=paid.get(code, ZERO), rule=terms.rule if terms else "", basis=waiting,
            spans=spans, payments=payments,
        ))
    return found


@lru_cache(maxsize=4_096)
def _one_payer(payer: str, kind: str) -> tuple[PayerSpan, ...]:
    """The payer from the beginning; an empty one where no entitlement is on file."""
    return (PayerSpan(payer, kind, date.min),)


def _payers(
    codes: Sequence[str], *, on: date, known: date | None
) -> dict[str, tuple[tuple[PayerSpan, ...], list[PaymentMade]]]:
    """Household -> its payers one after another and its payments, of those alone whose payer changed."""
    changed = sorted(payers_changed(reach_around(codes), on=on, known=known) & set(codes))
    if not changed:
        return {}
    made: dict[str, list[PaymentMade]] = {code: [] for code in changed}
    for one in payments_of(changed, on=on, known=known):
        made[one.household].append(PaymentMade(one.period, one.paid_on))
    return {code: (spans, made[code]) for code, spans in payers_within(changed, on=on, known=known).items()}


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
        rooms=terms.rooms, persons=terms.persons, pay_every_months=terms.pay_every_months,
    )
    return WaitingTerms(
        rule=rule, area_m2=terms.given_up_area_m2, moved_out_on=terms.moved_out_on, agreed=agreed, home_on=home_on,
        is_delivered=is_delivered,
    )


@cache
def transition_rules() -> dict[str, TransitionRule]:
    """Rules on transition subsidies by id."""
    return {rule.id: rule for rule in current_compensation().transition_rules}
