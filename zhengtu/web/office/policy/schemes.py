"""Adopted schemes: the projects, one project's schemes with their differences in words, and adopting the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.casework.adopted_plans import (
    APPROVAL,
    SCHEME,
    PlanVersion,
    adopt_plan,
    known_sets,
    may_adopt,
    plan_projects_for,
    plan_versions,
)
from zhengtu.casework.compensation_facts import rules_for
from zhengtu.casework.policy_trials import trials_for
from zhengtu.core.compensation.parameter_reading import value_from
from zhengtu.core.compensation.parameters import STANDARD_SET, Parameter, Value
from zhengtu.core.compensation.scheme_difference import SchemeChange, scheme_values, settable
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Project, Regime
from zhengtu.web.office.dossier.recording import EvidenceField, given_files
from zhengtu.web.office.policy.value_forms import changed_values, fields_of, is_editable
from zhengtu.web.office.policy.words import value_lines_of, value_text, word
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column
from zhengtu.web.shared.templatetags.figures import named


@requires("policy.view")
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Projects in reach with the scheme that each has adopted."""
    table = Table(
        name="schemes", title=gettext_lazy("Adopted schemes"), request=request, sort="code",
        rows=plan_projects_for(request.actor),  # type: ignore[attr-defined]
        columns=[
            Column("name", gettext_lazy("Project"), value=named, width=36,
                   href=lambda row: reverse("policy.scheme", args=[row.code])),
            Column("code", gettext_lazy("Code"), kind="code"),
            Column("regime", gettext_lazy("Regime"), value=lambda row: str(Regime(row.regime).label)),
            Column("plan_version", gettext_lazy("Scheme no."), kind="integer"),
            Column("plan_from", gettext_lazy("In force from"), kind="date"),
        ],
    )
    if table.wants_export:
        return table.export()
    return render(request, "policy/schemes.html", {"table": table.render_context(), "tab": "schemes"})


def _project(request: HttpRequest, code: str) -> Project:
    return get_object_or_404(plan_projects_for(request.actor), pk=code)  # type: ignore[attr-defined]


@requires("policy.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """One project's schemes, the latest first, each with what it changed, and the trials made on it."""
    project, actor = _project(request, code), request.actor  # type: ignore[attr-defined]
    return render(request, "policy/scheme.html", {
        "project": project, "tab": "schemes", "regime": Regime(project.regime).label,
        "versions": [_version(one, project) for one in plan_versions(project)],
        "trials": trials_for(actor).filter(project=project)[:10], "may_adopt": may_adopt(actor, code),
    })


def _version(one: PlanVersion, project: Project) -> dict[str, Any]:
    plan = one.plan
    values = scheme_values(
        current_compensation().rules.parameters, {**plan.plan, "from": plan.from_on}, project=project.code
    )
    parameters = {parameter.id: parameter for parameter in settable(rules_for(project).parameters)}
    confidence = str(plan.plan.get("confidence", "verified"))
    return {
        "plan": plan, "set": word("parameter_sets", plan.parameter_set), "sentences": sentences_of(one.changes),
        "is_demonstration": confidence == "illustrative", "confidence": word("confidence", confidence),
        "values": [
            (id, in_language(parameters[id].label), value_lines_of(parameters[id], value))
            for id, value in values.items() if id in parameters
        ],
    }


def sentences_of(changes: Any) -> list[str]:
    """The difference between two schemes, one sentence for each parameter."""
    return [_sentence(change) for change in changes]


def _sentence(change: SchemeChange) -> str:
    given = {
        "parameter": in_language(change.parameter.label), "before": value_text(change.parameter, change.before),
        "after": value_text(change.parameter, change.after),
    }
    if change.before is None:
        return _("%(parameter)s is set for the first time: %(after)s.") % given
    return _("%(parameter)s changes from “%(before)s” to “%(after)s”.") % given


@requires("policy.adopt")
def adopt(request: HttpRequest, code: str) -> HttpResponse:
    """Adopt the project's next scheme."""
    project, actor = _project(request, code), request.actor  # type: ignore[attr-defined]
    if not may_adopt(actor, code):
        raise Http404(code)
    parameters = [one for one in settable(rules_for(project).parameters) if is_editable(one, None)]
    reasons: list[Reason] = []
    if request.method == "POST":
        try:
            return _adopted(request, project, parameters)
        except Refused as refused:
            reasons = list(refused.reasons)
    given = request.POST if request.method == "POST" else None
    current, chosen_set, source = _beginning(request, project)
    names = {one.id for one in parameters}
    by_id = current_compensation().rules.parameters.by_id
    return render(request, "policy/adopt.html", {
        "project": project, "tab": "schemes", "reasons": reasons, "given": given or {}, "source": source,
        "groups": [("", [fields_of(one, current.get(one.id), given) for one in parameters])],
        "sets": [(name, word("parameter_sets", name)) for name in known_sets()],
        "chosen_set": given.get("parameter_set", STANDARD_SET) if given else chosen_set,
        "evidence": [
            EvidenceField(f"evidence-{kind}", rulebook_label(group="evidence", id=kind), True)
            for kind in (SCHEME, APPROVAL)
        ],
        "foreign": [
            (in_language(by_id[id].label), word("levels", by_id[id].set_by.value))
            for id in current if id in by_id and id not in names
        ],
        "schemes": sorted(current_compensation().schemes),
    }, status=409 if reasons else 200)


def _beginning(request: HttpRequest, project: Project) -> tuple[Mapping[str, Value], str, str]:
    """What the form begins with: a trial, a form of the rulebook, or the scheme in force; and which of these."""
    parameters = current_compensation().rules.parameters
    number, name = request.GET.get("trial", ""), request.GET.get("scheme", "")
    latest = next(iter(plan_versions(project)), None)
    values: dict[str, Value] = {}
    chosen = latest.plan.parameter_set if latest else STANDARD_SET
    if latest is not None:
        plan = {**latest.plan.plan, "from": latest.plan.from_on}
        values = scheme_values(parameters, plan, project=project.code)
    if number.isdecimal() and len(number) < 9:
        trial = get_object_or_404(trials_for(request.actor), pk=number, project=project)  # type: ignore[attr-defined]
        for change in trial.changes:
            parameter = parameters.by_id.get(change["parameter"])
            if parameter is not None:
                values[parameter.id] = value_from(change["value"], kind=parameter.kind, choices=parameter.choices)
        return values, trial.parameter_set or chosen, "trial"
    if name in current_compensation().schemes:
        return scheme_values(parameters, current_compensation().schemes[name], project=project.code), chosen, "scheme"
    return values, chosen, "latest" if latest else ""


def _adopted(request: HttpRequest, project: Project, parameters: list[Parameter]) -> HttpResponse:
    now: datetime = request.now  # type: ignore[attr-defined]
    values = changed_values([(one, None) for one in parameters], request.POST)
    plan = {"parameters": [{"id": id, "values": [{"value": value}]} for id, value in values.items()]}
    adopted = adopt_plan(
        actor=request.actor, project=project.code, plan=plan, from_on=_from_on(request),  # type: ignore[attr-defined]
        parameter_set=request.POST.get("parameter_set", STANDARD_SET), files=given_files(request), now=now,
    )
    messages.success(request, _("Scheme no. %(version)s is adopted as deed %(deed)s.") % {
        "version": adopted.version, "deed": adopted.adopted_deed,
    })
    return redirect("policy.scheme", code=project.code)


def _from_on(request: HttpRequest) -> date:
    text = request.POST.get("from_on", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(Reason(
            code="policy.day", message=N_("“%(text)s” is no date."), parameters={"text": text[:40]},
            remedy=N_("Write it as year-month-day, e.g. 2025-02-14."),
        )) from None
