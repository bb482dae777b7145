"""Forms of a dedicated account: plan a sum, record an arrival."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.funding_actions import plan_money, record_arrival
from zhengtu.funds.funding_queries import account_for, rows_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.dossier.recording import (
    attribute_fields,
    evidence_fields,
    given_attributes,
    given_date,
    given_files,
)
from zhengtu.web.office.funds.wording import account_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label

Action = Callable[..., str]


@requires("funds.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a sum, or plan the line again that ``?line=`` names."""
    line = request.GET.get("line", "")
    return _form(request, code, verb="funds.plan", kind="funds_planned", action=plan_money, line=line)


@requires("funds.record")
@require_http_methods(["GET", "HEAD", "POST"])
def arrival(request: HttpRequest, code: str) -> HttpResponse:
    """Record what arrived, with the bank's receipt."""
    return _form(request, code, verb="funds.record", kind="funds_arrived", action=record_arrival)


def _form(
    request: HttpRequest, code: str, *, verb: str, kind: str, action: Action, line: str = ""
) -> HttpResponse:
    account = account_for(request.actor, code, verb=verb)  # type: ignore[attr-defined]
    if account is None:
        raise Http404
    rules = current_rulebook().fact_kinds[kind]
    today: date = request.today  # type: ignore[attr-defined]
    reasons: Sequence[Reason] = ()
    values: Mapping[str, Any] = _planned(account, line, today) if line else {}
    if request.method == "POST":
        values = given_attributes(request, rules)
        try:
            deed = action(
                actor=request.actor, account=account.code, happened_on=given_date(request),  # type: ignore[attr-defined]
                attributes=values, files=given_files(request), now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("“%(kind)s” is recorded as deed %(deed)s.") % {
                "kind": rulebook_label(group="fact", id=kind), "deed": deed,
            })
            return redirect("funds.account", code=account.code)
    fields = attribute_fields(rules, values)
    return render(request, "funds/record.html", {
        "account": account, "name": account_name(account), "kind": rules, "reasons": reasons,
        "happened_on": request.POST.get("happened_on") or today.isoformat(),
        "fields": [field for field in fields if field.name != "attribute-plan_reference"],
        "number": next((field for field in fields if field.name == "attribute-plan_reference"), None),
        "evidence": evidence_fields(rules),
    }, status=409 if reasons else 200)


def _planned(account: Any, line: str, today: date) -> Mapping[str, Any]:
    """What the line is planned as now; nothing where there is none of that number."""
    row = rows_of([account], on=today, known=None)[0]
    held = [fact for fact in row.facts if fact.attributes.get("plan_reference") == line]
    return held[-1].attributes if held else {}
