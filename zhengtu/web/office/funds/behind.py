"""The facts behind a figure of the funds wall."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.core.kernel.codes import kind_of
from zhengtu.funds.funding_queries import KINDS_OF_FIGURE, Account, accounts_for, facts_behind
from zhengtu.registry.queries import scope_of
from zhengtu.web.office.funds.wording import account_href, account_name, name_of, source_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

FIGURES = {
    "planned": _("Planned"), "arrived": _("Arrived"), "committed": _("Committed"), "paid": _("Paid"),
    "balance": _("Balance"), "proof": _("Budget proved"),
}


@require_safe
@requires("funds.view")
def view(request: HttpRequest) -> HttpResponseBase:
    """Facts of the accounts in reach that the figure sums up."""
    dates = as_of(request)
    accounts = accounts_for(request.actor)  # type: ignore[attr-defined]
    figure = request.GET.get("figure", "")
    figure = figure if figure in KINDS_OF_FIGURE else "committed"
    chosen = [account for account in accounts if _is_chosen(account, request)]
    rows = facts_behind([account.code for account in chosen], figure, on=dates.on, known=dates.known)
    opens = {
        page: bool(scope_of(request.actor, verb=f"{page}.view"))  # type: ignore[attr-defined]
        for page in ("household", "ledger")
    }
    table = Table(
        name=f"funds-facts-{figure}", title=FIGURES[figure], rows=rows, request=request,
        columns=_columns(figure, accounts, dates, opens),
        filters=_filters(accounts), source=_("Facts of dedicated accounts and households"),
    )
    if table.wants_export:
        return table.export()
    return render(request, "funds/behind.html", {
        "table": table.render_context(), "dates": dates, "figure": figure,
        "figures": [(id, label, id == figure) for id, label in FIGURES.items()],
        "account_name": account_name(chosen[0]) if len(chosen) == 1 else "",
    })


def _is_chosen(account: Account, request: HttpRequest) -> bool:
    given = request.GET
    named = given.get("accounts", "")
    return (
        (not named or account.code in named.split(","))
        and given.get("account", "") in ("", account.code)
        and given.get("client", "") in ("", account.project.client_id)
        and given.get("district", "") in ("", account.jurisdiction.code)
    )


def _filters(accounts: list[Account]) -> list[Filter]:
    def untouched(found: Any, value: str) -> Any:
        return found

    return [
        Filter("account", _("Account"), kind="choice", apply=untouched,
               choices=[(account.code, account_name(account)) for account in accounts]),
        Filter("client", _("Client"), kind="choice", apply=untouched, choices=sorted(
            {(account.project.client_id, name_of(account.client)) for account in accounts}
        )),
        Filter("district", _("District"), kind="choice", apply=untouched, choices=sorted(
            {(account.jurisdiction.code, name_of(account.jurisdiction)) for account in accounts}
        )),
        Filter("happened_on", _("Happened on"), kind="dates"),
    ]


def _columns(figure: str, accounts: list[Account], dates: AsOf, opens: Mapping[str, bool]) -> list[Column]:
    names = {account.code: account_name(account) for account in accounts}

    def account_of(fact: Any) -> str:
        return "-".join(fact.subject.split("-")[:2])

    def subject_href(fact: Any) -> str:
        if kind_of(fact.subject) == "household" and opens["household"]:
            return reverse("household.view", args=[fact.subject])
        return ""

    def sign(fact: Any) -> Any:
        if fact.change_yuan is None:
            return None
        is_out = figure == "balance" and fact.kind not in KINDS_OF_FIGURE["arrived"]
        return -fact.change_yuan if is_out else fact.change_yuan

    columns = [
        Column("happened_on", _("Happened on"), kind="date"),
        Column("account", _("Account"), sort="subject",
               value=lambda fact: names.get(account_of(fact), account_of(fact)),
               href=lambda fact: account_href(account_of(fact), dates), width=30),
        Column("kind", _("Fact"), value=lambda fact: rulebook_label(group="fact", id=fact.kind)),
        Column("subject", _("Subject"), kind="code", href=subject_href, width=24),
    ]
    if figure in ("planned", "arrived", "balance"):
        columns.append(Column("source", _("Source of the money"), sort="", value=_source))
    if figure == "planned":
        columns += [
            Column("plan_reference", _("Number of the plan line"), sort="",
                   value=lambda fact: fact.attributes.get("plan_reference")),
            Column("due_on", _("Due on"), sort="", value=lambda fact: fact.attributes.get("due_on")),
        ]
    if figure == "proof":
        columns += [
            Column(name, rulebook_label(group="attribute", id=f"funds_in_account.{name}"), kind="money", sort="",
                   value=lambda fact, name=name: _money(fact, name))
            for name in ("balance_yuan", "budget_yuan")
        ]
    else:
        columns += [
            Column("amount_yuan", _("Sum in the paper"), kind="money", unit=_("yuan")),
            Column("change_yuan", _("Counts as"), kind="money", unit=_("yuan"), sort="", value=sign),
        ]
    return [
        *columns,
        Column("is_verified", _("Verified"), value=lambda fact: _("yes") if fact.is_verified else _("not verified")),
        Column("deed", _("Deed"), kind="code", value=lambda fact: fact.deed_id, sort="deed_id",
               href=lambda fact: reverse("deed.view", args=[fact.deed_id]) if opens["ledger"] else ""),
    ]


def _source(fact: Any) -> str | None:
    source = fact.attributes.get("source")
    return source_label(source) if source else None


def _money(fact: Any, name: str) -> Any:
    value = fact.attributes.get(name)
    return None if value is None else Decimal(value)
