"""Reads of dedicated accounts: every door asks for the actor and gives only the accounts in scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import DecimalField, F, QuerySet, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Lag

from zhengtu.core.authority.actor import Actor
from zhengtu.core.funds.history import AccountHistory, Course
from zhengtu.core.funds.standing import Standing, standing_of
from zhengtu.core.kernel.money import ZERO
from zhengtu.funds.money_facts import (
    ARRIVALS,
    COMMITMENTS,
    PAYMENTS,
    PLANS,
    PROOFS,
    AccountFact,
    account_facts,
    arrivals_of,
    household_sums,
    latest_proof,
    plan_lines,
)
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, figures_by_section, standing_fact_rows
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Participation
from zhengtu.registry.queries import participations_for

VIEW: Final = "funds.view"
_UNSETTLED: Final = ("state_registered", "state_surveyed", "state_valued")
KINDS_OF_FIGURE: Final[Mapping[str, Sequence[str]]] = {
    "planned": PLANS, "arrived": ARRIVALS, "committed": COMMITMENTS, "paid": PAYMENTS,
    "balance": (*ARRIVALS, *PAYMENTS), "proof": PROOFS,
}
"""Figure of the wall -> kinds of facts behind it."""


@dataclass(frozen=True, slots=True)
class Account:
    """The dedicated account of a project's part in one jurisdiction, named by the part's code."""

    code: str
    participation: Participation

    @property
    def project(self) -> Any:
        return self.participation.project

    @property
    def client(self) -> Any:
        return self.participation.project.client

    @property
    def jurisdiction(self) -> Any:
        return self.participation.jurisdiction


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account with its history and where it stands; what the funds wall lists."""

    account: Account
    history: AccountHistory
    standing: Standing
    facts: Sequence[AccountFact]

    @property
    def code(self) -> str:
        return self.account.code


def code_of(participation: Participation) -> str:
    """``220204-P0001`` of project 220200-P0001 in 220204."""
    return f"{participation.jurisdiction_id}-{participation.project_id.partition('-')[2]}"


def accounts_for(actor: Actor, *, verb: str = VIEW, project: str = "") -> list[Account]:
    """Accounts in scope, by code."""
    rows = participations_for(actor, verb=verb).select_related("project__client", "jurisdiction")
    rows = rows.defer("project__shape")
    if project:
        rows = rows.filter(project=project)
    return sorted((Account(code_of(row), row) for row in rows), key=lambda account: account.code)


def account_for(actor: Actor, code: str, *, verb: str = VIEW) -> Account | None:
    """One account in scope, or None."""
    jurisdiction, _, number = code.partition("-")
    rows = participations_for(actor, verb=verb).select_related("project__client", "jurisdiction")
    row = rows.filter(jurisdiction=jurisdiction, project=f"{jurisdiction[:4]}00-{number}").first()
    return None if row is None else Account(code, row)


def account_rows(
    actor: Actor, *, on: date, known: date | None, verb: str = VIEW, project: str = ""
) -> list[AccountRow]:
    """Every account in scope with where it stands; one project's where one is named."""
    return rows_of(accounts_for(actor, verb=verb, project=project), on=on, known=known)


def rows_of(accounts: Sequence[Account], *, on: date, known: date | None) -> list[AccountRow]:
    """These accounts with where each stands by the end of a day, as known on a day (None: now)."""
    rules = current_rulebook().funds.rules
    codes = [account.code for account in accounts]
    facts = account_facts(codes, (*PLANS, *ARRIVALS, *PROOFS), on=on, known=known)
    sums = household_sums(codes, on=on, known=known, lag_window_days=rules.forecast.lag_window_days)
    unsettled = _unsettled(codes, on=on, known=known)
    rows = []
    for account in accounts:
        own = facts.get(account.code, [])
        history = AccountHistory(
            regime=account.project.regime, plan=plan_lines(own), arrivals=arrivals_of(own),
            commitments=Course(sums[account.code].committed), payments=Course(sums[account.code].paid),
            unsettled=unsettled.get(account.code, 0), lags_days=sums[account.code].lags, proof=latest_proof(own),
        )
        rows.append(AccountRow(account, history, standing_of(history, on=on, rules=rules), own))
    return rows


def _unsettled(codes: Sequence[str], *, on: date, known: date | None) -> dict[str, int]:
    """Part -> registered households with neither agreement nor decision."""
    counts: dict[str, int] = defaultdict(int)
    if codes:
        reach = _reach(codes)
        for section, figures in figures_by_section(reach=reach, on=on, known=known, figures=_UNSETTLED).items():
            counts["-".join(section.split("-")[:2])] += sum(figures.values())
    return counts


def _reach(codes: Sequence[str]) -> Reach:
    """What lies below parts of projects, and the parts themselves; many parts of one city as its prefix.

    Figures of sections beyond are then read too and left aside by whoever asks.
    """
    if len(codes) > 8:
        return Reach(prefixes=tuple(sorted({code[:4] for code in codes})))
    return Reach(prefixes=tuple(f"{code}-" for code in codes), codes=tuple(codes))


def late_accounts(actor: Actor, *, on: date, known: date | None, project: str = "") -> list[AccountRow]:
    """Accounts in scope whose arrivals lag the need: those with a red light, the longest first."""
    return _late(account_rows(actor, on=on, known=known, project=project), on=on)


def city_late_accounts(city: str, *, on: date, known: date | None) -> list[AccountRow]:
    """The same of a whole city, for documents that stand for the city itself."""
    rows = Participation.objects.filter(jurisdiction__code__startswith=city[:4])
    rows = rows.select_related("project__client", "jurisdiction").defer("project__shape")
    accounts = sorted((Account(code_of(row), row) for row in rows), key=lambda account: account.code)
    return _late(rows_of(accounts, on=on, known=known), on=on)


def _late(rows: Sequence[AccountRow], *, on: date) -> list[AccountRow]:
    red = [row for row in rows if row.standing.light.name == "red"]
    return sorted(red, key=lambda row: (row.standing.light.since_on or on, row.code))


def facts_behind(
    codes: Sequence[str], figure: str, *, on: date, known: date | None
) -> QuerySet[Fact]:
    """The facts that a figure of these accounts is the sum of.

    Each has ``amount_yuan`` as its paper states it and ``change_yuan``, by which it changes the figure: of an agreement
    that follows another only the difference counts. Of a planned line the latest version alone is given, once it is
    due.

    Raises:
        KeyError: for a figure that is not one of ``KINDS_OF_FIGURE``.
    """
    kinds = KINDS_OF_FIGURE[figure]
    reach = Reach(prefixes=tuple(f"{code}-" for code in codes), codes=tuple(codes))
    money = DecimalField(max_digits=18, decimal_places=2)
    amount = Cast(KeyTextTransform("amount_yuan", "attributes"), money)
    rows = standing_fact_rows(kinds, reach=reach, on=on, known=known).annotate(amount_yuan=amount)
    if figure == "planned":
        rows = rows.filter(pk__in=_due_lines(codes, on=on, known=known))
    if figure != "committed":
        return rows.annotate(change_yuan=F("amount_yuan"))
    before = Window(
        Lag("amount_yuan"), partition_by=F("subject"),
        order_by=[F("happened_on").asc(), F("deed__recorded_at").asc(), F("deed_id").asc(), F("ordinal").asc()],
    )
    return rows.annotate(change_yuan=F("amount_yuan") - Coalesce(before, ZERO, output_field=money))


def _due_lines(codes: Sequence[str], *, on: date, known: date | None) -> list[tuple[str, int]]:
    """Keys of the facts that hold planned lines due by the day, each as it was last planned."""
    latest = {
        (code, fact.attributes["plan_reference"]): fact
        for code, facts in account_facts(codes, PLANS, on=on, known=known).items() for fact in facts
    }
    due = [fact for fact in latest.values() if fact.attributes["due_on"] <= on.isoformat()]
    return [(fact.deed, int(fact.reference.rpartition("/")[2])) for fact in due]


def gathered(rows: Sequence[AccountRow], figure: str) -> Decimal:
    """The sum of a figure of ``Standing`` over accounts."""
    return sum((getattr(row.standing, figure) for row in rows), ZERO)
