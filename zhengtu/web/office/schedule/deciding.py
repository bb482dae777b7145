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

from zhengtu.campaign.plan_actions import BASELINE, DECIDED, VERB, Decidable, decidable, decide_plan, set_baseline
from zhengtu.campaign.plan_queries import plan_for
from zhengtu.campaign.plan_values import PlanView
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.planning.plan_case import Stage
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.dossier.recording import evidence_fields, given_date, given_files
from zhengtu.web.office.schedule.gantt_page import stage_label
from zhengtu.web.office.schedule.parts import kind_or_none
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language


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
            return redirect(f"{reverse('schedule.of', args=[found.view.code])}?part={code}")
    return render(request, "schedule/decide.html", {
        **_decision(found, code, Stage(stage)), "reasons": reasons,
        "start_on": request.POST.get("start_on") or request.GET.get("start_on") or _first_choice(found).isoformat(),
        "happened_on": request.POST.get("happened_on") or today.isoformat(),
        "reason": request.POST.get("reason", ""), "accepts_late": request.POST.get("accepts_late") == "1",
    }, status=409 if reasons else 200)


def _decision(found: Decidable, code: str, stage: Stage) -> dict[str, Any]:
    """What the form says of the bar."""
    return {
        "code": code, "stage": str(stage), "stage_label": stage_label(str(stage)), "found": found,
        "view": found.view, "section": in_language(found.view.names[code]) if code in found.view.names else code,
        "part_name": in_language(found.view.name),
        "evidence": evidence_fields(current_rulebook().fact_kinds[DECIDED]),
    }


def _first_choice(found: Decidable) -> date:
    return max(found.activity.early_start_on, found.window.earliest_on)


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
    view = _view(actor, code, today)
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
        "code": code, "view": view, "part_name": in_language(view.name), "reasons": reasons,
        "baseline_on": request.POST.get("baseline_on") or today.isoformat(),
        "happened_on": request.POST.get("happened_on") or today.isoformat(),
        "reason": request.POST.get("reason", ""),
        "evidence": evidence_fields(current_rulebook().fact_kinds[BASELINE]),
    }, status=409 if reasons else 200)


def _view(actor: Actor, code: str, today: date) -> PlanView:
    view = plan_for(actor, code, on=today, known=None, verb=VERB) if kind_or_none(code) == "participation" else None
    if view is None:
        raise Http404
    return view
