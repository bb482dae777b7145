"""Correcting or withdrawing one recorded fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtu.accounts.queries import unit_names
from zhengtu.casework.actions import correct_fact, withdraw_fact
from zhengtu.casework.completing import verify_fact
from zhengtu.casework.facts import RecordedFact, history_of
from zhengtu.casework.offers import recordable_kind
from zhengtu.casework.queries import household_for
from zhengtu.casework.timeline import fact_with_key, may_correct, may_verify, superseded_reasons
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.registry.owners import owners_of
from zhengtu.registry.queries import subject_of
from zhengtu.web.office.dossier.recording import (
    PROOFS,
    attribute_fields,
    evidence_fields,
    given_attributes,
    given_date,
    given_files,
)
from zhengtu.web.office.dossier.timeline import spoken_attributes, units_in
from zhengtu.web.shared.access import requires


@requires("fact.correct")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, deed: str, ordinal: int) -> HttpResponse:
    """The form with what is recorded; a POST corrects, withdraws or verifies it, as the button says."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    fact = fact_with_key(deed, ordinal)
    if fact is None or not (_may_change(actor, fact) or _may_verify(actor, fact)):
        raise Http404
    if request.method != "POST":
        return _page(request, fact, reasons=superseded_reasons(fact, history=history_of(fact.subject)))
    try:
        new_deed = _changed(request, fact)
    except Refused as refused:
        return _page(request, fact, reasons=refused.reasons, status=409)
    messages.success(request, _("Recorded as deed %(deed)s; the earlier entry stays readable.") % {"deed": new_deed})
    return redirect(f"{subject_address(fact)}#{new_deed}")


def subject_address(fact: RecordedFact) -> str:
    """The page on which the fact's subject is read."""
    names = {"household": "household.view", "participation": "procedure.view"}
    name = names.get(fact.subject_kind, "fact.record")
    return reverse(name, args=[fact.subject])


def _may_change(actor: Actor, fact: RecordedFact) -> bool:
    return may_correct(actor, fact, subject=subject_of(fact.subject))


def _may_verify(actor: Actor, fact: RecordedFact) -> bool:
    return may_verify(actor, fact, subject=subject_of(fact.subject))


def _changed(request: HttpRequest, fact: RecordedFact) -> str:
    if request.POST.get("deed") == "verify":
        return verify_fact(actor=request.actor, fact=fact, now=request.now)  # type: ignore[attr-defined]
    common: dict[str, Any] = {
        "actor": request.actor,  # type: ignore[attr-defined]
        "fact": fact,
        "reason": request.POST.get("reason", ""),
        "now": request.now,  # type: ignore[attr-defined]
    }
    if request.POST.get("deed") == "withdraw":
        return withdraw_fact(**common)
    return correct_fact(
        **common,
        happened_on=given_date(request),
        attributes=given_attributes(request, recordable_kind(fact.kind, subject=fact.subject)[0])
        | {name: fact.attributes[name] for name in PROOFS if name in fact.attributes},
        files=given_files(request),
    )


def _page(
    request: HttpRequest, fact: RecordedFact, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    kind, _step = recordable_kind(fact.kind, subject=fact.subject)
    household = household_for(request.actor, fact.subject) if fact.subject_kind == "household" else None  # type: ignore[attr-defined]
    is_answer = request.method == "POST"
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "may_change": _may_change(actor, fact), "may_verify": _may_verify(actor, fact),
        "fact": fact,
        "subject_href": subject_address(fact),
        "attributes": spoken_attributes(fact, units=unit_names(units_in([fact]))),
        "happened_on": request.POST.get("happened_on", "") if is_answer else fact.happened_on.isoformat(),
        "fields": attribute_fields(kind, given_attributes(request, kind) if is_answer else fact.attributes,
                                   owners=owners_of(household) if household else ()),
        "evidence": evidence_fields(kind, are_required=False),
        "reason": request.POST.get("reason", ""),
        "reasons": reasons,
    }
    return render(request, "dossier/correct.html", context, status=status)
