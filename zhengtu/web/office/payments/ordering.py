"""Making and amending an order: who is due, how much, and starting a bulk run of everything due."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtu.casework.paid_payees import agreement_payees
from zhengtu.core.funds.payments import OrderStep
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.models import PaymentOrder, PaymentRun, RunStage
from zhengtu.funds.ordering import OrderedSum
from zhengtu.funds.payment_actions import amend_order, prepare_order
from zhengtu.funds.payment_queries import due_households, is_silent, next_steps, payable_parts, runs_for
from zhengtu.funds.payment_runs import result_of, run_again, start_run
from zhengtu.web.office.imports.uploading import WORKBOOK_TYPE
from zhengtu.web.office.payments.order import order_or_404, order_page
from zhengtu.web.shared.access import requires

_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payment.prepare")
def prepare(request: HttpRequest) -> HttpResponse:
    """Choose a part of a project and the households to pay; a POST makes the order."""
    part = request.POST.get("part") or request.GET.get("part", "")
    if request.method != "POST":
        return _page(request, part)
    if part not in dict(payable_parts(request.actor)):  # type: ignore[attr-defined]
        raise Http404(part)
    try:
        made = prepare_order(
            actor=request.actor, participation=part, sums=_sums(request), payees=agreement_payees,  # type: ignore[attr-defined]
            purpose=request.POST.get("purpose", "")[:255], now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, part, reasons=refused.reasons, status=409)
    messages.success(request, _("The order is made; somebody else checks it."))
    return redirect("payment.order", code=made.code)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payment.prepare")
def amend(request: HttpRequest, code: str) -> HttpResponse:
    """Change the lines of a returned order."""
    order = order_or_404(request, code)
    offers = {offer.step: offer for offer in next_steps(request.actor, order)}  # type: ignore[attr-defined]
    if request.method != "POST":
        if OrderStep.AMEND not in offers:
            return redirect("payment.order", code=code)
        return _page(request, order.participation, order=order)
    try:
        amend_order(
            actor=request.actor, order=order.code, sums=_sums(request), payees=agreement_payees,  # type: ignore[attr-defined]
            purpose=request.POST.get("purpose", "")[:255], now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        if OrderStep.AMEND not in offers:
            return order_page(request, order, reasons=refused.reasons, status=409)
        return _page(request, order.participation, order=order, reasons=refused.reasons, status=409)
    messages.success(request, _("The order is amended; somebody else checks it."))
    return redirect("payment.order", code=code)


def _page(
    request: HttpRequest, part: str, *, order: PaymentOrder | None = None, reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    parts = payable_parts(request.actor)  # type: ignore[attr-defined]
    chosen = part if part in dict(parts) else ""
    due = due_households(chosen, leaving_out=order.code if order else "") if chosen else []
    held = {} if order is None else {line.household_id: line for line in order.lines.all()}
    wanted = set(request.POST.getlist("household")) or set(held) or {request.GET.get("household", "")}
    rows = [
        {
            "due": one, "is_chosen": one.household.code in wanted,
            "amount": request.POST.get(f"amount-{one.household.code}")
            or f"{held[one.household.code].amount_yuan if one.household.code in held else one.balance.open_yuan:.2f}",
            "other": request.POST.get(f"other-{one.household.code}", ""),
        }
        for one in due
    ]
    rows.sort(key=lambda row: not row["is_chosen"])
    context: dict[str, Any] = {
        "parts": parts, "part": chosen, "order": order, "rows": rows[:_SHOWN], "due_count": len(due),
        "due_sum": sum(one.balance.open_yuan for one in due), "is_cut": len(rows) > _SHOWN, "reasons": reasons,
        "purpose": request.POST.get("purpose", order.purpose if order else ""),
        "asks_other": any(reason.code == "payment.same_owner" for reason in reasons),
    }
    return render(request, "payments/prepare.html", context, status=status)


def _sums(request: HttpRequest) -> list[OrderedSum]:
    return [
        OrderedSum(code, given_sum(request.POST.get(f"amount-{code}", "")), request.POST.get(f"other-{code}", "")[:255])
        for code in dict.fromkeys(request.POST.getlist("household"))
    ]


def given_sum(text: str) -> Decimal:
    """A sum from a form; zero, which no order takes, where it holds none."""
    try:
        amount = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() and abs(amount) < 10**13 else Decimal(0)


@require_POST
@requires("payment.prepare")
def start(request: HttpRequest) -> HttpResponse:
    """Start a bulk run of everything due in one part of a project."""
    part = request.POST.get("part", "")
    if part not in dict(payable_parts(request.actor)):  # type: ignore[attr-defined]
        raise Http404(part)
    run = start_run(
        actor=request.actor, participation=part, purpose=request.POST.get("purpose", ""),  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    )
    return redirect("payment.run", number=run.pk)


def _run_or_404(request: HttpRequest, number: int) -> PaymentRun:
    return get_object_or_404(runs_for(request.actor), pk=number)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payment.view")
def run(request: HttpRequest, number: int) -> HttpResponse:
    """How far a run is and what came of it; a POST starts one again whose worker died."""
    held = _run_or_404(request, number)
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            run_again(held, now=request.now)  # type: ignore[attr-defined]
            return redirect("payment.run", number=number)
        except Refused as refused:
            reasons = refused.reasons
    silent = is_silent(held, now=request.now)  # type: ignore[attr-defined]
    context = {
        "run": held, "is_silent": silent, "percent": round(held.progress * 100), "reasons": reasons,
        "is_moving": held.stage in (RunStage.WAITING, RunStage.RUNNING) and not silent,
        "has_result": held.stage == RunStage.DONE,
    }
    return render(request, "payments/run.html", context, status=409 if reasons else 200)


@require_safe
@requires("payment.view")
def progress(request: HttpRequest, number: int) -> JsonResponse:
    """How far a run is, for the page that waits."""
    held = _run_or_404(request, number)
    is_moving = held.stage in (RunStage.WAITING, RunStage.RUNNING)
    is_moving = is_moving and not is_silent(held, now=request.now)  # type: ignore[attr-defined]
    return JsonResponse({
        "label": held.get_stage_display(), "percent": round(held.progress * 100), "isMoving": is_moving
    })


@require_safe
@requires("payment.view")
def result(request: HttpRequest, number: int) -> HttpResponse:
    """The result file of a run."""
    held = _run_or_404(request, number)
    content = result_of(held)
    if content is None:
        raise Http404(number)
    response = HttpResponse(content, content_type=WORKBOOK_TYPE)
    response["Content-Disposition"] = f'attachment; filename="payment-run-{held.pk}.xlsx"'
    return response
