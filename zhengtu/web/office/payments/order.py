"""One payment order: its lines matched with what is due and what the bank answered, its hands, its next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.core.funds.payments import OrderStep
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.bank_files import LAYOUTS, bank_file
from zhengtu.funds.models import OrderKind, PaymentOrder
from zhengtu.funds.paying import record_deposit, record_reply
from zhengtu.funds.payment_actions import authorise_order, cancel_order, check_order, return_order
from zhengtu.funds.payment_queries import lines_of, matched_lines, next_steps, orders_for, replies_of, steps_of
from zhengtu.funds.reply_reading import EXECUTED, NOT_EXECUTED, REPLY_COLUMNS
from zhengtu.ledger.evidence_intake import OfferedFile
from zhengtu.web.office.payments.listing import state_light
from zhengtu.web.shared.access import requires

_PER_PAGE = 50
STEP_LABELS = {
    "prepare": N_("Made"), "amend": N_("Amended"), "cancel": N_("Cancelled"), "check": N_("Order checked"),
    "return": N_("Returned"), "authorise": N_("Authorised"), "send": N_("Bank file handed out"),
    "answer": N_("Answer recorded"),
}


def order_or_404(request: HttpRequest, code: str) -> PaymentOrder:
    """The order, if it is in the actor's scope.

    Raises:
        Http404: otherwise.
    """
    return get_object_or_404(orders_for(request.actor), pk=code)  # type: ignore[attr-defined]


@require_safe
@requires("payment.view")
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The order's page."""
    return order_page(request, order_or_404(request, code))


def order_page(
    request: HttpRequest, order: PaymentOrder, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The order as it stands, with what was refused just now."""
    page = Paginator(lines_of(order), _PER_PAGE).get_page(request.GET.get("page"))
    offers = {offer.step: offer for offer in next_steps(request.actor, order)}  # type: ignore[attr-defined]
    blocked = [offer for step, offer in offers.items() if offer.reasons and step in _ASKED]
    lines = list(lines_of(order).values_list("amount_yuan", "state"))
    steps = [(_(STEP_LABELS[step.step]), step) for step in steps_of(order)]
    context: dict[str, Any] = {
        "order": order, "light": state_light(order.state), "page": page, "steps": steps, "reasons": reasons,
        "matched": matched_lines(order, lines=list(page.object_list)), "replies": replies_of(order),
        "total": sum(amount for amount, _state in lines), "line_count": len(lines),
        "sums": {
            state: sum(amount for amount, held in lines if held == state) for state in ("paid", "pending", "failed")
        },
        "offers": {str(step): offer for step, offer in offers.items()},
        "blocked": blocked,
        "waits_for_others": bool(offers) and not blocked and all(offer.reasons for offer in offers.values()),
        "is_deposit": order.kind == OrderKind.DEPOSIT, "layouts": LAYOUTS,
        "reply_columns": [_(heading) for heading in REPLY_COLUMNS.values()],
        "results": [_(word) for word in (*EXECUTED[:1], *NOT_EXECUTED[:1])],
    }
    return render(request, "payments/order.html", context, status=status)


_ASKED = (OrderStep.CHECK, OrderStep.AUTHORISE)


def _done(
    request: HttpRequest, code: str, act: Callable[[PaymentOrder], object], done: str
) -> HttpResponse:
    order = order_or_404(request, code)
    try:
        act(order)
    except Refused as refused:
        return order_page(request, order_or_404(request, code), reasons=refused.reasons, status=409)
    messages.success(request, done)
    return redirect("payment.order", code=order.code)


@require_POST
@requires("payment.check")
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm and freeze the lines."""
    return _done(request, code, lambda order: check_order(
        actor=request.actor, order=order.code, now=request.now,  # type: ignore[attr-defined]
    ), _("Checked; the lines are frozen."))


@require_POST
@requires("payment.authorise")
def authorise(request: HttpRequest, code: str) -> HttpResponse:
    """Let the order go to the bank."""
    return _done(request, code, lambda order: authorise_order(
        actor=request.actor, order=order.code, now=request.now,  # type: ignore[attr-defined]
    ), _("Authorised; the bank file may be handed out."))


@require_POST
@requires("payment.check")
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Return the order with a reason."""
    return _done(request, code, lambda order: return_order(
        actor=request.actor, order=order.code, reason=request.POST.get("reason", ""),  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    ), _("Returned to its maker."))


@require_POST
@requires("payment.prepare")
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Give the order up."""
    return _done(request, code, lambda order: cancel_order(
        actor=request.actor, order=order.code, reason=request.POST.get("reason", ""),  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    ), _("Cancelled; its sums are free again."))


@require_POST
@requires("payment.authorise")
def hand_out(request: HttpRequest, code: str) -> HttpResponse:
    """The bank file; that it was handed out is recorded."""
    order = order_or_404(request, code)
    layout = request.POST.get("layout", "")
    try:
        file = bank_file(
            actor=request.actor, order=order.code,  # type: ignore[attr-defined]
            layout=layout if layout in LAYOUTS else LAYOUTS[0], now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return order_page(request, order, reasons=refused.reasons, status=409)
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires("fact.record_payment")
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Take in the bank's reply, or the notary's certificate of a deposit."""
    order = order_or_404(request, code)
    file = request.FILES.get("file")
    if file is None:
        missing = Reason("payment.no_file", N_("No file was chosen."), remedy=N_("Choose a file and upload it again."))
        return order_page(request, order, reasons=[missing], status=400)
    who: dict[str, Any] = {"actor": request.actor, "order": order.code, "now": request.now}  # type: ignore[attr-defined]

    def act(held: PaymentOrder) -> None:
        if held.kind == OrderKind.DEPOSIT:
            certificate = OfferedFile("deposit_certificate", file.name or "", file)
            record_deposit(**who, certificate=certificate, deposited_on=given_day(request, "deposited_on"))
        else:
            record_reply(**who, file=file, name=file.name or "")

    return _done(request, code, act, _("Recorded."))


def given_day(request: HttpRequest, name: str) -> date:
    """A day from a form.

    Raises:
        Refused: when there is none.
    """
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        raise Refused(Reason("payment.no_day", N_("The day is missing."), remedy=N_("Give the day."))) from None
