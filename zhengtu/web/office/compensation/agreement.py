"""One agreement: its terms, payees and statement as frozen, and the deeds that move it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.casework.agreement_actions import cancel_agreement, check_agreement, sign_agreement
from zhengtu.casework.agreement_queries import SUPPLEMENTED, agreement_for, option_in, statement_in
from zhengtu.casework.compensation_documents import spoken_term
from zhengtu.casework.models import Agreement, AgreementState, PayeeKind
from zhengtu.casework.statement_words import evidence_held, owed_by, spoken_groups, spoken_notes
from zhengtu.core.compensation.agreement_terms import AgreedDates, terms_of
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.web.office.compensation.standing import shown_agreement
from zhengtu.web.office.dossier.recording import given_date, given_files
from zhengtu.web.shared.access import requires


def agreement_or_404(request: HttpRequest, number: str) -> Agreement:
    """The agreement, if it is in the actor's scope.

    Raises:
        Http404: otherwise.
    """
    agreement = agreement_for(request.actor, number)  # type: ignore[attr-defined]
    if agreement is None:
        raise Http404
    return agreement


@requires("household.view")
@require_safe
def view(request: HttpRequest, number: str) -> HttpResponse:
    """The agreement with its deeds."""
    return _page(request, agreement_or_404(request, number))


@requires("agreement.check")
@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Check a draft: computed again by somebody else."""
    return _moved(
        request, number, _("The agreement is checked: the statement came out the same."),
        lambda: check_agreement(actor=request.actor, number=number, now=request.now),  # type: ignore[attr-defined]
    )


@requires("agreement.sign")
@require_POST
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Record the signing with its scan."""
    return _moved(
        request, number, _("The signing is recorded."),
        lambda: sign_agreement(
            actor=request.actor, number=number, signed_on=given_date(request),  # type: ignore[attr-defined]
            files=given_files(request), now=request.now,  # type: ignore[attr-defined]
        ),
    )


@requires("agreement.draft")
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel what is not signed."""
    return _moved(
        request, number, _("The agreement is cancelled."),
        lambda: cancel_agreement(
            actor=request.actor, number=number, reason=request.POST.get("reason", ""),  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        ),
    )


def _moved(request: HttpRequest, number: str, done: str, deed: Callable[[], str]) -> HttpResponse:
    agreement = agreement_or_404(request, number)
    try:
        deed()
    except Refused as refused:
        return _page(request, agreement, reasons=refused.reasons, status=409)
    messages.success(request, done)
    return redirect("agreement.view", number=number)


def _page(
    request: HttpRequest, agreement: Agreement, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    statement, state = statement_in(agreement), agreement.state
    dates = AgreedDates(agreement.sign_on, agreement.pay_by, agreement.move_out_by)
    subject, authority = subject_of(agreement.household_id), current_rulebook().authority

    def may(verb: str) -> bool:
        return authority.may(actor=request.actor, verb=verb, subject=subject) is None  # type: ignore[attr-defined]

    is_draft, is_checked = state == AgreementState.DRAFT, state == AgreementState.CHECKED
    context = {
        "agreement": agreement, "household": agreement.household, "shown": shown_agreement(agreement),
        "statement": statement, "groups": spoken_groups(statement, held=evidence_held(agreement.household_id)),
        "owed": owed_by(statement), "notes": spoken_notes(statement.warnings), "reasons": reasons,
        "terms": [
            spoken_term(term) for term in terms_of(statement=statement, option=option_in(agreement), dates=dates)
        ],
        "payees": [(payee, PayeeKind(payee.kind).label) for payee in agreement.payees.order_by("ordinal")],
        "may_check": is_draft and may("agreement.check"),
        "is_own_draft": agreement.drafted_by == request.actor.person,  # type: ignore[attr-defined]
        "may_sign": is_checked and may("agreement.sign"),
        "may_cancel": (is_draft or is_checked) and may("agreement.draft"),
        "may_supplement": state == AgreementState.SIGNED and agreement.standing != SUPPLEMENTED  # type: ignore[attr-defined]
        and may("agreement.draft"),
        "may_unmask": may("household.unmask"), "may_open_deeds": may("ledger.view"),
        "supplements": agreement.supplements.order_by("sequence"),
        "given_date": request.POST.get("happened_on") or request.today.isoformat(),  # type: ignore[attr-defined]
    }
    return render(request, "compensation/agreement.html", context, status=status)
