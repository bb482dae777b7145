"""Recording subsidies that were paid: one for a family, or a list for a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from zhengtu.core.compensation.subsidy_account import PaidPeriod
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.statement_import import taken_in
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import projects_for
from zhengtu.resettlement.money_settlement import VOUCHER as MONEY_VOUCHER
from zhengtu.resettlement.money_settlement import settle_in_money
from zhengtu.resettlement.subsidies import row_for
from zhengtu.resettlement.subsidy_actions import RECORD, VOUCHER, record_subsidy, record_subsidy_list
from zhengtu.web.office.resettlement.subsidies import household_page
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.figure_text import grouped

_FIELDS: Final = ("from_on", "last_on", "amount_yuan", "paid_on")
_DAY: Final = timedelta(days=1)


@requires("subsidy.record")
@require_POST
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """Record one payment to a family."""
    actor, today = request.actor, request.today  # type: ignore[attr-defined]
    if row_for(actor, code, on=today, verb=RECORD) is None:
        raise Http404
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    files = [OfferedFile(VOUCHER, file.name or "", file) for file in request.FILES.getlist("voucher")]
    try:
        period, paid_on = _told(given)
        record_subsidy(
            actor=actor, household=code, period=period, paid_on=paid_on, payer="", files=files,
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return household_page(request, code, reasons=refused.reasons, given=given, status=409)
    messages.success(request, _("Recorded."))
    return redirect(reverse("subsidy.household", args=[code]))


@requires("subsidy.record")
@require_POST
def settle(request: HttpRequest, code: str) -> HttpResponse:
    """Record that a family was paid its settlement in money, by which it comes home."""
    actor, today = request.actor, request.today  # type: ignore[attr-defined]
    if row_for(actor, code, on=today, verb=RECORD) is None:
        raise Http404
    files = [OfferedFile(MONEY_VOUCHER, file.name or "", file) for file in request.FILES.getlist("voucher")]
    try:
        settle_in_money(
            actor=actor, household=code, files=files, now=request.now,  # type: ignore[attr-defined]
            **_settled({name: request.POST.get(name, "").strip() for name in ("paid_on", "amount_yuan")}),
        )
    except Refused as refused:
        return household_page(request, code, reasons=refused.reasons, status=409)
    messages.success(request, _("Recorded."))
    return redirect(reverse("subsidy.household", args=[code]))


def _settled(given: Mapping[str, str]) -> dict[str, Any]:
    """Day and sum of a settlement.

    Raises:
        Refused: naming every field that cannot be read.
    """
    reasons: list[Reason] = []
    paid_on, amount = None, _amount(given["amount_yuan"])
    try:
        paid_on = date.fromisoformat(given["paid_on"])
    except ValueError:
        reasons.append(_unread("paid_on"))
    if amount is None:
        reasons.append(_unread("amount_yuan"))
    if reasons:
        raise Refused(*reasons)
    return {"paid_on": paid_on, "amount_yuan": amount}


def _told(given: Mapping[str, str]) -> tuple[PaidPeriod, date]:
    """The period, its last day counted, and the day of payment.

    Raises:
        Refused: naming every field that cannot be read.
    """
    reasons: list[Reason] = []
    days: dict[str, date] = {}
    for name in ("from_on", "last_on", "paid_on"):
        try:
            days[name] = date.fromisoformat(given[name])
        except ValueError:
            reasons.append(_unread(name))
    amount = _amount(given["amount_yuan"])
    if amount is None:
        reasons.append(_unread("amount_yuan"))
    if reasons or amount is None:
        raise Refused(*reasons)
    if days["last_on"] == date.max:
        raise Refused(_unread("last_on"))
    return PaidPeriod(days["from_on"], days["last_on"] + _DAY, amount), days["paid_on"]


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**9 else None


def _unread(name: str) -> Reason:
    return Reason(
        code="resettlement.field", message=N_("“%(field)s” is missing or cannot be read."),
        parameters={"field": f"subsidy_column:{name}"}, remedy=N_("Fill it in as the form shows."),
    )


@requires("subsidy.record")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """The upload form of a list of a project; a POST records it whole or not at all."""
    actor = request.actor  # type: ignore[attr-defined]
    project = get_object_or_404(projects_for(actor, verb=RECORD).defer("shape"), pk=code)
    reasons: list[Reason] = []
    if request.method == "POST":
        try:
            return _recorded(request, code)
        except Refused as refused:
            reasons = list(refused.reasons)
    return render(request, "resettlement/subsidy_list.html", {
        "project": project, "reasons": reasons, "columns": current_rulebook().waiting.columns,
        "total": request.POST.get("total_yuan", ""),
    }, status=409 if reasons else 200)


def _recorded(request: HttpRequest, code: str) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Refused(Reason(
            code="resettlement.no_file", message=N_("No file was chosen."),
            remedy=N_("Choose a file and upload it again."),
        ))
    total = _amount(request.POST.get("total_yuan", "").strip())
    if total is None:
        raise Refused(Reason(
            code="resettlement.no_total", message=N_("The sum that the bank paid in all is missing or cannot be read."),
            remedy=N_("Give it in yuan: the lines must add up to it to the fen."),
        ))
    with TemporaryDirectory() as folder:
        done = record_subsidy_list(
            actor=request.actor, project=code, path=taken_in(file, folder=Path(folder)),  # type: ignore[attr-defined]
            name=file.name or "", total_yuan=total, now=request.now,  # type: ignore[attr-defined]
        )
    text = ngettext(
        "%(count)s payment of %(total)s yuan was recorded.", "%(count)s payments of %(total)s yuan were recorded.",
        done.payments,
    )
    messages.success(request, text % {"count": grouped(done.payments), "total": grouped(done.total_yuan, digits=2)})
    return redirect(reverse("subsidy.project", args=[code]))
