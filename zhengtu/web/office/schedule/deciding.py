"""Forms of the plan: decide when work begins, where a bar was dropped or by hand; set the baseline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengtu.campaign.plan_actions import BASELINE, DECIDED, VERB, decidable, decide_plan, set_baseline
from zhengtu.campaign.plan_queries import plan_codes
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import jurisdiction_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.plan_decisions import Decidable
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.web.office.cockpit.sentences import Names, name_of
from zhengtu.web.office.dossier.recording import evidence_fields, given_date, given_files
from zhengtu.web.office.schedule.gantt_page import stage_label
from zhengtu.web.office.schedule.parts import kind_or_none, names_for
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.reason_text import spoken_of_places


@requires(VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Decide when the work of ``?stage=`` begins on a section; ``start_on`` comes from where the bar was dropped."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    stage = request.POST.get("stage") or request.GET.get("stage", "")
    if kind_or_none(code) != "section" or stage not in set(Stage):
        raise Http404
    found = decidable(actor, section=code, stage=Stage(stage), on=today)
    if found is None:
        raise Http404
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            deed = decide_plan(
                actor=actor, section=code, stage=Stage(stage), start_on=given_day(request, "start_on"),
                reason=request.POST.get("reason", ""), accepts_late=request.POST.get("accepts_late") == "1",
                happened_on=given_date(request), files=given_files(request),
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The decision is recorded as deed %(deed)s; the plan follows it.") % {
                "deed": deed,
            })
            return redirect(f"{reverse('schedule.of', args=[participation_of(code)])}?part={code}")
    return render(request, "schedule/decide.html", {
        **_decision(actor, found, code, Stage(stage)), "reasons": reasons,
        "start_on": request.POST.get("start_on") or request.GET.get("start_on") or _first_choice(found).isoformat(),
        "happened_on": request.POST.get("happened_on") or today.isoformat(),
        "reason": request.POST.get("reason", ""), "accepts_late": request.POST.get("accepts_late") == "1",
    }, status=409 if reasons else 200)


def _decision(actor: Actor, found: Decidable, code: str, stage: Stage) -> dict[str, Any]:
    """What the form says of the bar."""
    part = participation_of(code)
    names = names_for(actor)
    return {
        "code": code, "part": part, "stage": str(stage), "stage_label": stage_label(str(stage)), "found": found,
        "section": name_of(code, names), "part_name": _part_name(part, names),
        "responsible": name_of(found.activity.responsible, names) if found.activity.responsible else "",
        "evidence": evidence_fields(current_rulebook().fact_kinds[DECIDED]),
        "why": spoken_of_places(found.activity.driver_reason, lambda place: name_of(place, names))
        if found.activity.driver_reason else None,
    }


def _part_name(part: str, names: Names) -> str:
    return f"{name_of(project_of(part), names)} · {name_of(jurisdiction_of(part), names)}"


def _first_choice(found: Decidable) -> date:
    return max(found.decided_on or found.window.earliest_on, found.window.earliest_on)


def given_day(request: HttpRequest, name: str) -> date:
    """A date of the form.

    Raises:
        Refused: when it is missing or no date.
    """
    text = request.POST.get(name, "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        label = f"attribute:{BASELINE if name == 'baseline_on' else DECIDED}.{name}"
        raise Refused(Reason(
            code="schedule.date_missing", message=N_("“%(field)s” needs a date."), parameters={"field": label},
        )) from None


@requires(VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def baseline(request: HttpRequest, code: str) -> HttpResponse:
    """Set the plan of a day as the one to measure against."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    if kind_or_none(code) != "participation" or code not in plan_codes(actor, verb=VERB):
        raise Http404
    reasons: Sequence[Reason] = ()
    if request.method == "POST":
        try:
            deed = set_baseline(
                actor=actor, part=code, baseline_on=given_day(request, "baseline_on"),
                reason=request.POST.get("reason", ""), happened_on=given_date(request), files=given_files(request),
                now=request.now,  # type: ignore[attr-defined]
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("The baseline is recorded as deed %(deed)s.") % {"deed": deed})
            return redirect("schedule.of", code=code)
    return render(request, "schedule/baseline.html", {
        "code": code, "part_name": _part_name(code, names_for(actor)), "reasons": reasons,
        "baseline_on": request.POST.get("baseline_on") or today.isoformat(),
        "happened_on": request.POST.get("happened_on") or today.isoformat(),
        "reason": request.POST.get("reason", ""),
        "evidence": evidence_fields(current_rulebook().fact_kinds[BASELINE]),
    }, status=409 if reasons else 200)

