"""Naming the right holders of a household from its proof of title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtu.casework.naming_owners import OWNERS_LIMIT, TITLE_EVIDENCE, GivenOwner, name_owners
from zhengtu.casework.queries import household_for
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.registry.models import Household
from zhengtu.registry.owners import JOINT, owners_of
from zhengtu.web.office.dossier.recording import EvidenceField, given_date, given_files
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import rulebook_label

_EMPTY_ROWS: Final = 2


@requires("fact.record")
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The owners as they stand, masked, and a form that names them anew; what stays masked stays as it is."""
    household = household_for(request.actor, code, verb="fact.record")  # type: ignore[attr-defined]
    if household is None:
        raise Http404
    if request.method != "POST":
        return _page(request, household)
    try:
        deed = name_owners(
            actor=request.actor, household=household, owners=_given(request),  # type: ignore[attr-defined]
            happened_on=given_date(request), files=given_files(request), now=request.now,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        return _page(request, household, reasons=refused.reasons, status=409)
    messages.success(request, _("The owners are recorded as deed %(deed)s.") % {"deed": deed})
    return redirect("household.view", code=household.code)


def _given(request: HttpRequest) -> list[GivenOwner]:
    columns = [request.POST.getlist(name) for name in ("name", "identity_number", "phone", "share")]
    rows = zip(*(column[:OWNERS_LIMIT] for column in columns), strict=False)
    return [GivenOwner(*(value.strip()[:64] for value in row)) for row in rows]


def _page(
    request: HttpRequest, household: Household, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    if request.method == "POST":
        rows = [one for one in _given(request) if not one.is_empty]
    else:
        rows = [GivenOwner(one.name_masked, one.identity_masked, "", one.share) for one in owners_of(household)]
    context = {
        "household": household,
        "rows": [*rows, *[GivenOwner("", share=JOINT)] * _EMPTY_ROWS],
        "joint": JOINT,
        "happened_on": request.POST.get("happened_on", "") or request.today.isoformat(),  # type: ignore[attr-defined]
        "evidence": [
            EvidenceField(f"evidence-{TITLE_EVIDENCE}", rulebook_label(group="evidence", id=TITLE_EVIDENCE), True)
        ],
        "reasons": reasons,
    }
    return render(request, "dossier/owners.html", context, status=status)
