"""A household's agreements and the form in which one is drafted, or the signed one supplemented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtu.casework.agreement_actions import draft_agreement, draft_supplement
from zhengtu.casework.agreement_queries import OPEN_STATES, SUPPLEMENTED, agreement_for, agreements_of
from zhengtu.casework.compensation_facts import compensation_cases_of
from zhengtu.casework.models import Agreement, AgreementState, PayeeKind
from zhengtu.core.compensation.facts import Transition
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.queries import subject_of
from zhengtu.web.office.compensation.agreement_form import first_values, terms_from, typed_values
from zhengtu.web.office.compensation.standing import shown_agreement
from zhengtu.web.office.compensation.statement import household_or_404
from zhengtu.web.shared.access import requires


@requires("household.view")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The household's agreements; a POST drafts one."""
    household = household_or_404(request, code)
    if request.method != "POST":
        return _page(request, household)
    try:
        agreement = draft_agreement(
            actor=request.actor, household=household, terms=terms_from(request),  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, household, reasons=refused.reasons, status=409)
    messages.success(request, _("Agreement %(number)s is drafted.") % {"number": agreement.number})
    return redirect("agreement.view", number=agreement.number)


@requires("agreement.draft")
@require_http_methods(["GET", "HEAD", "POST"])
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a supplementary agreement to a signed one."""
    previous = agreement_for(request.actor, number)  # type: ignore[attr-defined]
    if previous is None or previous.state != AgreementState.SIGNED:
        raise Http404
    if request.method != "POST":
        return _page(request, previous.household, previous=previous)
    try:
        agreement = draft_supplement(
            actor=request.actor, previous=previous, terms=terms_from(request),  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, previous.household, previous=previous, reasons=refused.reasons, status=409)
    messages.success(request, _("Supplementary agreement %(number)s is drafted.") % {"number": agreement.number})
    return redirect("agreement.view", number=agreement.number)


def _page(
    request: HttpRequest, household: Household, *, previous: Agreement | None = None, reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    held = agreements_of(household.code)
    denied = current_rulebook().authority.may(
        actor=request.actor, verb="agreement.draft", subject=subject_of(household.code)  # type: ignore[attr-defined]
    )
    is_open = any(one.state in OPEN_STATES for one in held)
    is_signed = any(one.state == AgreementState.SIGNED for one in held)
    binding = next(
        (one for one in held if one.state == AgreementState.SIGNED and one.standing != SUPPLEMENTED), None
    )
    context: dict[str, Any] = {
        "household": household, "agreements": [shown_agreement(one) for one in held], "previous": previous,
        "reasons": reasons, "may_draft": denied is None and not is_open and (previous is not None or not is_signed),
        "binding": binding if denied is None and not is_open else None, "payee_kinds": PayeeKind.choices,
        "transitions": [Transition.FEE, Transition.TURNOVER, Transition.NONE],
    }
    if context["may_draft"]:
        case = compensation_cases_of([household.code])[household.code]
        today = request.today  # type: ignore[attr-defined]
        is_typed = request.method == "POST"
        context["form"] = typed_values(request) if is_typed else first_values(case, today=today, previous=previous)
    return render(request, "compensation/drafting.html", context, status=status)
