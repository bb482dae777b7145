"""One household's payments: what is due and paid, its orders, its receipts, and a deposit where it cannot be paid."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.casework.queries import subject_with
from zhengtu.core.funds.payments import Payee
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.models import OrderKind, PaymentLine
from zhengtu.funds.ordering import OrderedSum
from zhengtu.funds.paying import confirm_receipt
from zhengtu.funds.payment_actions import prepare_order
from zhengtu.funds.payment_queries import household_payments, paid_line_for
from zhengtu.funds.receipts import receipt_for
from zhengtu.ledger.evidence_intake import OfferedFile
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.pdf import to_pdf
from zhengtu.registry.models import Household
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import households_for
from zhengtu.web.office.payments.order import given_day
from zhengtu.web.office.payments.ordering import given_sum
from zhengtu.web.shared.access import requires


@require_safe
@requires("household.view")
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The page to which the dossier leads for payments."""
    return household_page(request, _household(request, code))


def _household(request: HttpRequest, code: str) -> Household:
    rows = households_for(request.actor).select_related("section__project")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=code)


def payments_block(request: HttpRequest, household: Household) -> dict[str, object]:
    """What ``payments/household_block.html`` shows: balance, lines, and what the actor may do there."""
    subject, authority = subject_with(household), current_rulebook().authority
    may = {
        verb: authority.may(actor=request.actor, verb=verb, subject=subject) is None  # type: ignore[attr-defined]
        for verb in ("payment.view", "payment.prepare", "fact.record_payment")
    }
    return {
        "payments": household_payments(household.code), "household": household,
        "may_see_orders": may["payment.view"], "may_prepare": may["payment.prepare"],
        "may_confirm": may["fact.record_payment"], "part": participation_of(household.code),
    }


def household_page(
    request: HttpRequest, household: Household, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The household's payments, with what was refused just now."""
    context = {**payments_block(request, household), "reasons": reasons}
    return render(request, "payments/household.html", context, status=status)


def _line(request: HttpRequest, reference: str, verb: str) -> PaymentLine:
    line = paid_line_for(request.actor, reference, verb=verb)  # type: ignore[attr-defined]
    if line is None:
        raise Http404(reference)
    return line


@require_POST
@requires("household.view")
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The receipt as PDF; a POST, because handing out full names is recorded."""
    line = _line(request, reference, "household.view")
    document = receipt_for(actor=request.actor, line=line, now=request.now)  # type: ignore[attr-defined]
    response = HttpResponse(to_pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="receipt-{reference}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires("fact.record_payment")
def receive(request: HttpRequest, reference: str) -> HttpResponse:
    """Take in the signed receipt."""
    line = _line(request, reference, "fact.record_payment")
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refused(
                Reason("payment.no_file", N_("No file was chosen."), remedy=N_("Choose a file and upload it again."))
            )
        confirm_receipt(
            actor=request.actor, line=line, now=request.now,  # type: ignore[attr-defined]
            receipt=OfferedFile("payment_receipt", file.name or "", file), signed_on=given_day(request, "signed_on"),
        )
    except Refused as refused:
        return household_page(request, line.household, reasons=refused.reasons, status=409)
    messages.success(request, _("The signed receipt is recorded."))
    return redirect("payment.of", code=line.household_id)


@require_POST
@requires("payment.prepare")
def prepare_deposit(request: HttpRequest, code: str) -> HttpResponse:
    """Order a deposit with a notary for one household."""
    actor = request.actor  # type: ignore[attr-defined]
    household = get_object_or_404(households_for(actor, verb="payment.prepare"), pk=code)
    notary = Payee(request.POST.get("notary", "")[:64], request.POST.get("account", "")[:40])
    try:
        made = prepare_order(
            actor=actor, participation=participation_of(household.code), kind=OrderKind.DEPOSIT,
            purpose=request.POST.get("reason", "")[:255], now=request.now,  # type: ignore[attr-defined]
            sums=[OrderedSum(household.code, given_sum(request.POST.get("amount", "")), payees=(notary,))],
        )
    except Refused as refused:
        return household_page(request, household, reasons=refused.reasons, status=409)
    messages.success(request, _("The order is made; somebody else checks it."))
    return redirect("payment.order", code=made.code)
