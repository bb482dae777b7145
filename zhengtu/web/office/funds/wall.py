"""The funds wall: where money comes from, where it goes and what is missing, by project and client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.core.funds.history import Source
from zhengtu.funds.funding_queries import AccountRow, account_rows
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.funds.flow import PROJECTS_ON_A_PHONE, flow_of
from zhengtu.web.office.funds.lines import FundsLine, by_account, by_client
from zhengtu.web.office.funds.wording import account_href, facts_href, name_of, source_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter
from zhengtu.web.shared.templatetags.figures import light_meaning


@require_safe
@requires("funds.view")
def view(request: HttpRequest) -> HttpResponseBase:
    """All accounts in reach on the page's dates, as a flow, as figures and as a table."""
    dates = as_of(request)
    rows = account_rows(request.actor, on=dates.on, known=dates.known)  # type: ignore[attr-defined]
    is_by_client = request.GET.get("by") == "client"
    filtered = _filtered(request, rows)
    lines = by_client(filtered) if is_by_client else by_account(filtered)
    table = Table(
        name="funds-clients" if is_by_client else "funds", title=_("Funds"), rows=lines, request=request,
        sort="light", columns=_columns(dates, is_by_client=is_by_client), filters=_filters(rows),
        source=_("Facts of dedicated accounts and households"),
    )
    whole = FundsLine("", "", filtered)
    table.totals = _totals(whole) if lines else {}
    if table.wants_export:
        return table.export()
    return render(request, "funds/wall.html", {
        "table": table.render_context(), "dates": dates, "whole": whole, "is_by_client": is_by_client,
        "rows": filtered, "cards": _cards(whole, dates, request) if filtered else [],
        "flow": {
            "wide": flow_of(filtered), "narrow": flow_of(filtered, projects=PROJECTS_ON_A_PHONE),
            "texts": {"unit": gettext("10k yuan")},
        },
        "reds": [row for row in filtered if row.standing.light.name == "red"],
        "account_count": len(filtered), "weeks": current_rulebook().funds.rules.forecast.coverage_weeks,
    })


def _filters(rows: Sequence[AccountRow]) -> list[Filter]:
    """Fields of the filter row; the accounts are narrowed before they are grouped."""
    def untouched(found: Any, value: str) -> Any:
        return found

    return [
        Filter("client", _("Client"), kind="choice", apply=untouched, choices=sorted(
            {(row.account.project.client_id, name_of(row.account.client)) for row in rows}
        )),
        Filter("district", _("District"), kind="choice", apply=untouched, choices=sorted(
            {(row.account.jurisdiction.code, name_of(row.account.jurisdiction)) for row in rows}
        )),
        Filter("source", _("Source of the money"), kind="choice", apply=untouched,
               choices=[(source.value, source_label(source)) for source in Source]),
        Filter("lamp", _("Light"), kind="choice", apply=untouched,
               choices=[(name, light_meaning(name)) for name in ("red", "yellow", "green", "idle")]),
        Filter("name", _("Name or code"), apply=untouched),
    ]


def _filtered(request: HttpRequest, rows: Sequence[AccountRow]) -> list[AccountRow]:
    given = {name: request.GET.get(name, "").strip() for name in ("client", "district", "source", "lamp", "name")}
    return [
        row for row in rows
        if given["client"] in ("", row.account.project.client_id)
        and given["district"] in ("", row.account.jurisdiction.code)
        and given["lamp"] in ("", row.standing.light.name)
        and (not given["source"] or _has_source(row, given["source"]))
        and given["name"].lower() in f"{row.account.project.name} {row.account.project.name_en} {row.code}".lower()
    ]


def _has_source(row: AccountRow, source: str) -> bool:
    """Whether money of the source is planned for or came into the account."""
    return any(line.source == source for line in row.history.plan) or source in row.history.arrivals


def _columns(dates: AsOf, *, is_by_client: bool) -> list[Column]:
    def behind(figure: str) -> Any:
        if is_by_client:
            return lambda line: facts_href(figure, dates, accounts=",".join(row.code for row in line.rows))
        return lambda line: facts_href(figure, dates, account=line.key)

    def need(weeks: int) -> Column:
        return Column(
            f"need_{weeks}", _("Need in %(weeks)s weeks") % {"weeks": weeks}, kind="wan", unit=_("10k yuan"),
            value=lambda line: line.need(weeks),
            href=None if is_by_client else lambda line: f"{account_href(line.key, dates)}#outlook",
        )

    def page(line: FundsLine) -> str:
        if is_by_client:
            return reverse("funds.view") + dates.query(client=line.key)
        return account_href(line.key, dates)

    names = [Column("name", _("Client") if is_by_client else _("Project"), href=page, width=30)]
    if is_by_client:
        names.append(Column("accounts", _("Accounts"), kind="integer", value=lambda line: len(line.rows)))
    else:
        names += [
            Column("district", _("District"), value=lambda line: name_of(line.account.jurisdiction)),
            Column("client_name", _("Client"), value=lambda line: name_of(line.account.client)),
            Column("code", _("Code"), kind="code", value=lambda line: line.key, is_shown=False),
        ]
    return [
        *names,
        Column("planned", _("Planned to date"), kind="wan", unit=_("10k yuan"), href=behind("planned")),
        Column("arrived", _("Arrived"), kind="wan", unit=_("10k yuan"), href=behind("arrived")),
        Column("committed", _("Committed"), kind="wan", unit=_("10k yuan"), href=behind("committed")),
        Column("paid", _("Paid"), kind="wan", unit=_("10k yuan"), href=behind("paid")),
        Column("balance", _("Balance"), kind="wan", unit=_("10k yuan"), href=behind("balance")),
        *(need(weeks) for weeks in current_rulebook().funds.rules.forecast.need_weeks),
        Column("coverage", _("Coverage"), kind="share"),
        Column("runs_out_on", _("Runs out on"), kind="date"),
        Column("budget", _("Budget proved"), kind="wan", unit=_("10k yuan"), is_shown=False, href=behind("proof")),
        Column("late", _("Planned and late"), kind="wan", unit=_("10k yuan"), is_shown=False),
        Column("missing", _("Gap"), kind="wan", unit=_("10k yuan"), is_shown=False),
        Column("light", _("Light"), kind="light", width=60, value=_Lit),
    ]


class _Lit(tuple[str, str]):
    """A light with its sentence that sorts by severity, the gravest first."""

    __slots__ = ()

    def __new__(cls, line: FundsLine) -> _Lit:
        """The light of a line."""
        return super().__new__(cls, line.light)

    def __lt__(self, other: object) -> bool:
        order = ("red", "yellow", "green", "idle")
        return isinstance(other, tuple) and order.index(self[0]) < order.index(other[0])


def _totals(whole: FundsLine) -> dict[str, object]:
    weeks = current_rulebook().funds.rules.forecast.need_weeks
    figures = ("planned", "arrived", "committed", "paid", "balance", "late", "missing", "budget")
    return {figure: getattr(whole, figure) for figure in figures} | {f"need_{n}": whole.need(n) for n in weeks} | {
        "accounts": len(whole.rows),
    }


def _cards(whole: FundsLine, dates: AsOf, request: HttpRequest) -> list[dict[str, Any]]:
    """The large figures, each with the facts behind it."""
    is_narrowed = any(request.GET.get(name) for name in ("client", "district", "source", "lamp", "name"))
    accounts = ",".join(row.code for row in whole.rows) if is_narrowed else ""
    figures = (
        ("planned", _("Planned to date")), ("arrived", _("Arrived")), ("committed", _("Committed")),
        ("paid", _("Paid")), ("balance", _("Balance")),
    )
    return [
        {"name": name, "value": getattr(whole, figure), "href": facts_href(figure, dates, accounts=accounts)}
        for figure, name in figures
    ]
