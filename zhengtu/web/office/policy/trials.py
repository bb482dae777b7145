"""Policy trials: the list, the form, one trial with its result, and its file."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhengtu.casework.adopted_plans import known_sets, may_adopt
from zhengtu.casework.compensation_facts import rules_for
from zhengtu.casework.models import PolicyTrial, TrialStage
from zhengtu.casework.policy_trials import (
    compute_again,
    is_dead,
    kept_comparison,
    kept_inputs,
    reproduces,
    start_trial,
    trial_place,
    trial_subjects_for,
    trials_for,
)
from zhengtu.core.compensation.parameter_trying import Change
from zhengtu.core.compensation.parameter_uses import uses_of
from zhengtu.core.compensation.parameters import STANDARD_SET, Parameter, Value
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Project, Regime
from zhengtu.registry.queries import projects_for
from zhengtu.web.office.policy.trial_result import changes_in_words, result_context, result_workbook
from zhengtu.web.office.policy.value_forms import changed_values, fields_of, is_editable
from zhengtu.web.office.policy.words import places_of, word
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column
from zhengtu.web.shared.templatetags.figures import named

LIGHTS = {
    TrialStage.QUEUED: "idle", TrialStage.RUNNING: "running", TrialStage.DONE: "green", TrialStage.FAILED: "red"
}


@requires("policy.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Trials in reach."""
    actor = request.actor  # type: ignore[attr-defined]
    table = Table(
        name="policy-trials", title=_("Policy trials"), rows=trials_for(actor), request=request,
        row_href=lambda row: reverse("policy.trial", args=[row.pk]), empty_text=_("No policy has been tried yet."),
        columns=[
            Column("title", _("Trial"), width=36),
            Column("project", _("Project"), value=lambda row: named(row.project), sort="project__code"),
            Column("subject", _("Households of"), kind="code"),
            Column("tried_on", _("Rules of"), kind="date"),
            Column("stage", _("State"), kind="light", value=lambda row: (LIGHTS[row.stage], row.get_stage_display())),
            Column("asked_by", _("Asked by"), value=lambda row: row.asked_by.name, sort="asked_by__name"),
            Column("asked_at", _("Asked at"), kind="instant"),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "policy/trials.html", {
        "table": table.render_context(), "tab": "trials", "may_try": bool(trial_subjects_for(actor)),
    })


@requires("policy.try")
def new(request: HttpRequest) -> HttpResponse:
    """The form of a trial: whose households, the rules of which day, which values otherwise."""
    actor = request.actor  # type: ignore[attr-defined]
    subjects = {code: (code, names) for code, *names in trial_subjects_for(actor)}
    given = request.POST if request.method == "POST" else request.GET
    subject = given.get("subject", "")
    if subject and subject not in subjects:
        raise Http404(subject)
    context: dict[str, Any] = {
        "subjects": [(code, in_language((pair[0], pair[1]))) for code, pair in subjects.values()],
        "subject": subject, "tab": "trials",
    }
    if not subject:
        return render(request, "policy/try.html", context)
    project = projects_for(actor, verb="policy.try").get(pk=project_of(subject))
    reasons: list[Reason] = []
    try:
        on = _day(given.get("tried_on", ""), default=request.today)  # type: ignore[attr-defined]
        values = _values(project, subject, on)
        if request.method == "POST":
            return _started(request, subject, on, values)
    except Refused as refused:
        reasons = list(refused.reasons)
        on = request.today  # type: ignore[attr-defined]
        values = _values(project, subject, on)
    context |= _form_context(request, project, values)
    context |= {"reasons": reasons, "tried_on": given.get("tried_on") or on.isoformat()}
    return render(request, "policy/try.html", context, status=409 if reasons else 200)


def _started(
    request: HttpRequest, subject: str, on: date, values: list[tuple[Parameter, Value | None]]
) -> HttpResponse:
    now: datetime = request.now  # type: ignore[attr-defined]
    changed = changed_values(values, request.POST)
    wanted = request.POST.get("parameter_set", "")
    trial = start_trial(
        actor=request.actor, subject=subject, title=request.POST.get("title", ""), tried_on=on,  # type: ignore[attr-defined]
        changes=[Change(id, value) for id, value in changed.items()],
        parameter_set=wanted if wanted in known_sets() else "", signing_day=_signing_day(request), now=now,
    )
    return redirect("policy.trial", number=trial.pk)


def _signing_day(request: HttpRequest) -> int | None:
    text = request.POST.get("signing_day", "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 4:
        raise Refused(Reason(
            code="policy.signing_day", message=N_("“%(text)s” is no day of the signing period."),
            parameters={"text": text[:20]}, remedy=N_("Write a count of days, or leave it empty."),
        ))
    return int(text)


def _day(text: str, *, default: date) -> date:
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Reason(
            code="policy.day", message=N_("“%(text)s” is no date."), parameters={"text": text[:40]},
            remedy=N_("Write it as year-month-day, e.g. 2025-02-14."),
        )) from None


def _values(project: Project, subject: str, on: date) -> list[tuple[Parameter, Value | None]]:
    """The parameters that bear on the project's regime, with their values in force for it."""
    places = places_of(trial_place(subject), project.code)
    other = "collective_land." if project.regime == Regime.STATE_LAND else "state_land."
    parameters = rules_for(project).parameters.by_id.values()
    found = []
    for parameter in parameters:
        if not parameter.id.startswith(other):
            held = parameter.on(day=on, places=places, set_name=STANDARD_SET)
            found.append((parameter, held.value if held else None))
    return found


def _form_context(
    request: HttpRequest, project: Project, values: list[tuple[Parameter, Value | None]]
) -> dict[str, Any]:
    given = request.POST if request.method == "POST" else None
    groups: dict[str, list[Any]] = defaultdict(list)
    items = current_compensation().rules.items
    for parameter, current in values:
        if is_editable(parameter, current):
            heads = uses_of(parameter.id)
            label = in_language(items[heads[0]].label) if heads and heads[0] in items else ""
            groups[label].append(fields_of(parameter, current, given))
    return {
        "project": project, "groups": list(groups.items()),
        "sets": [(name, word("parameter_sets", name)) for name in known_sets()],
        "given": given or {},
    }


@requires("policy.view")
@require_safe
def view(request: HttpRequest, number: int) -> HttpResponse:
    """One trial: what was asked, how far it is, and what came out."""
    actor = request.actor  # type: ignore[attr-defined]
    trial = get_object_or_404(trials_for(actor), pk=number)
    context: dict[str, Any] = {
        "trial": trial, "tab": "trials", "light": LIGHTS[TrialStage(trial.stage)],
        "is_moving": trial.stage in (TrialStage.QUEUED, TrialStage.RUNNING),
        "is_dead": is_dead(trial, now=request.now),  # type: ignore[attr-defined]
        "percent": round(100 * trial.progress), "may_try": _may_try(request, trial),
        "changes": changes_in_words(trial), "set_label": word("parameter_sets", trial.parameter_set),
        "may_adopt": may_adopt(actor, trial.project_id),
    }
    if trial.stage == TrialStage.DONE:
        context |= result_context(trial, actor)
    return render(request, "policy/trial.html", context)


def _may_try(request: HttpRequest, trial: PolicyTrial) -> bool:
    return trials_for(request.actor, verb="policy.try").filter(pk=trial.pk).exists()  # type: ignore[attr-defined]


@requires("policy.view")
@require_safe
def progress(request: HttpRequest, number: int) -> JsonResponse:
    """How far a trial is, for the page that waits."""
    trial = get_object_or_404(trials_for(request.actor), pk=number)  # type: ignore[attr-defined]
    return JsonResponse({
        "label": trial.get_stage_display(), "percent": round(100 * trial.progress),
        "isMoving": trial.stage in (TrialStage.QUEUED, TrialStage.RUNNING),
    })


@requires("policy.view")
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The result as one workbook: every household with both sums, or why there is none."""
    trial = get_object_or_404(trials_for(request.actor), pk=number, stage=TrialStage.DONE)  # type: ignore[attr-defined]
    return result_workbook(
        trial, comparison=kept_comparison(trial.result_file), inputs=kept_inputs(trial),
        now=request.now,  # type: ignore[attr-defined]
    )


@requires("policy.try")
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Queue a trial that failed or died once more; of a finished one, recompute and compare to the byte."""
    trial = get_object_or_404(trials_for(request.actor, verb="policy.try"), pk=number)  # type: ignore[attr-defined]
    if trial.stage == TrialStage.DONE:
        if reproduces(trial):
            messages.success(request, _("Recomputed from the kept input: the same result to the byte."))
        else:
            messages.warning(request, _("The rules on file have changed since: recomputed today, the result differs."))
    elif trial.stage == TrialStage.FAILED or is_dead(trial, now=request.now):  # type: ignore[attr-defined]
        compute_again(trial)
    return redirect("policy.trial", number=number)
