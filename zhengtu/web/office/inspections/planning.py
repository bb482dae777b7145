"""The form that plans an inspection or a patrol."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.authorisation import AUTHORISING_ROLES, REGULATION
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection.actions import WrittenInstruction, plan_inspection
from zhengtu.inspection.choices import jurisdictions_of, project_places
from zhengtu.inspection.models import InspectionForm
from zhengtu.inspection.queries import instructions_for
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.inspections.forms import city_for, given_day, given_files, given_number
from zhengtu.web.office.inspections.words import asks, form_label, matter_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_VERB: Final = "inspection.plan"
_DAYS_ON_SITE: Final = 7
"""How many days on site the form proposes."""


@requires(_VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest) -> HttpResponse:
    """``?form=patrol`` plans a patrol, ``?instruction=`` chooses the instruction; a POST plans."""
    given = request.POST if request.method == "POST" else request.GET
    form = given.get("form", "")
    if form not in _forms():
        form = InspectionForm.SPECIAL
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            code = _plan(request, form)
            messages.success(request, gettext("The plan stands; draw once the day of its figures is over."))
            return redirect("inspection.view", code=code)
        except Refused as refused:
            reasons = refused.reasons
    return render(
        request, "inspections/plan.html", {**_fields(request, form), "reasons": reasons}, status=409 if reasons else 200
    )


def _plan(request: HttpRequest, form: str) -> str:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = request.POST
    instruction = given.get("instruction", "")
    return plan_inspection(
        actor=actor, city=city_for(actor, _VERB), form=form, matter=given.get("matter", ""),
        title=given.get("title", ""), places=given.getlist("places"), from_on=given_day(request, "from_on"),
        until_on=given_day(request, "until_on"), as_of_on=given_day(request, "as_of_on"),
        households=given_number(request, "households"), instruction=instruction,
        written=None if instruction else _written(request), now=request.now,  # type: ignore[attr-defined]
    )


def _written(request: HttpRequest) -> WrittenInstruction:
    files = given_files(request, "paper", kind="instruction")
    return WrittenInstruction(
        words=request.POST.get("words", ""), role=request.POST.get("role", ""),
        given_on=given_day(request, "given_on"), file=files[0] if files else None,
    )


def _forms() -> list[str]:
    """Forms in which some matter is looked at."""
    matters = current_rulebook().inspection.matters.values()
    return [form for form in InspectionForm.values if any(form in one.forms for one in matters)]


def _fields(request: HttpRequest, form: str) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else request.GET
    rules, city = current_rulebook().inspection, city_for(actor, _VERB)
    matters = [one for one in rules.matters.values() if form in one.forms]
    chosen = set(given.getlist("places"))
    waiting = instructions_for(actor)
    first = waiting[0].code if waiting and request.method != "POST" else ""
    return {
        "form": form, "forms": [(id, form_label(id)) for id in _forms()], "is_patrol": form == InspectionForm.PATROL,
        "matters": [(one.id, matter_label(one.id), asks(one.id), one.quiet_days) for one in matters],
        "matter": given.get("matter") or matters[0].id, "given": given, "waiting": waiting,
        "instruction": given.get("instruction", first), "most": rules.most_households,
        "roles": [(role, rulebook_label(group="role", id=role)) for role in sorted(AUTHORISING_ROLES)],
        "from_on": given.get("from_on") or today.isoformat(),
        "until_on": given.get("until_on") or (today + timedelta(days=_DAYS_ON_SITE - 1)).isoformat(),
        "as_of_on": given.get("as_of_on") or (today - timedelta(days=1)).isoformat(),
        "jurisdictions": [(code, in_language(names), code in chosen) for code, names in jurisdictions_of(city)],
        "projects": [
            {
                "code": one.code, "name": in_language(one.name), "is_chosen": one.code in chosen,
                "sections": [(code, in_language(names), code in chosen) for code, names in one.sections],
                "is_open": any(code in chosen for code, _ in one.sections),
            }
            for one in project_places(city)
        ],
        "instruction_source": f"{REGULATION}#11", "scope_source": f"{REGULATION}#15",
    }
