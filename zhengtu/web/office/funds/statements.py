"""Bank statements: the upload, and reasons for what is left over."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.funding_actions import explain_difference
from zhengtu.funds.funding_queries import Account, account_for
from zhengtu.funds.statement_import import import_statement, taken_in
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.funds.account import account_page
from zhengtu.web.office.funds.wording import account_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.figure_text import grouped


@requires("funds.record")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """The upload form of an account's statement; a POST imports it whole or not at all."""
    account = _account(request, code)
    reasons: list[Reason] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Refused(Reason(
                    code="funds.no_file", message=N_("No file was chosen."),
                    remedy=N_("Choose a file and upload it again."),
                ))
            with TemporaryDirectory() as folder:
                done = import_statement(
                    actor=request.actor, account=account.code,  # type: ignore[attr-defined]
                    path=taken_in(file, folder=Path(folder)), name=file.name or "",
                    now=request.now,  # type: ignore[attr-defined]
                )
        except Refused as refused:
            reasons = list(refused.reasons)
        else:
            text = ngettext("%(count)s new line was imported.", "%(count)s new lines were imported.", done.new_lines)
            if not done.new_lines:
                text = _("Every line was imported already; nothing changed.")
            messages.success(request, text % {"count": grouped(done.new_lines)})
            return redirect(f"{account_address(account)}#reconciliation")
    return render(request, "funds/statement.html", {
        "account": account, "name": account_name(account), "reasons": reasons,
        "columns": current_rulebook().funds.columns,
    }, status=409 if reasons else 200)


@requires("funds.record")
@require_POST
def explain(request: HttpRequest, code: str) -> HttpResponse:
    """Record why a line has no record, or a record no line."""
    account = _account(request, code)
    try:
        explain_difference(
            actor=request.actor, account=account.code, item=request.POST.get("item", ""),  # type: ignore[attr-defined]
            reason=request.POST.get("reason", ""), now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return account_page(request, account, reasons=refused.reasons, status=409)
    messages.success(request, _("Recorded."))
    return redirect(f"{account_address(account)}#reconciliation")


def account_address(account: Account) -> str:
    """The page of an account today."""
    return reverse("funds.account", args=[account.code])


def _account(request: HttpRequest, code: str) -> Account:
    account = account_for(request.actor, code, verb="funds.record")  # type: ignore[attr-defined]
    if account is None:
        raise Http404
    return account
