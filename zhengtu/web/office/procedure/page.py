"""The statutory procedure of a part of a project, a section or a household: the step line with dates and papers."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhengtu.campaign.reach import reach_of
from zhengtu.casework.procedure_line import LineStep, procedure_line
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.procedure.periods import PeriodRun
from zhengtu.core.procedure.standing import StepStanding, StepStatus
from zhengtu.core.procedure.steps import Confidence
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.web.office.cockpit.sentences import is_english, kept
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.reason_text import rulebook_label

LIGHTS: Final = {
    StepStatus.DONE: "green", StepStatus.RUNNING: "running", StepStatus.OPEN: "idle", StepStatus.BLOCKED: "idle",
}
UNSURE: Final = (Confidence.RECALLED, Confidence.SECONDARY, Confidence.DESIGN)


@requires("household.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The step line; with ``?show=next`` the steps alone that can be taken now or run."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    try:
        kind = kind_of(code)
    except ValueError:
        raise Http404 from None
    line = procedure_line(
        actor, code, on=dates.on, known=dates.known, evidence_reach=reach_of(actor, verb="evidence.view"),
        is_today=dates.is_today,
    )
    if line is None:
        raise Http404
    only_next = request.GET.get("show") == "next"
    context: dict[str, Any] = {
        "line": line, "kind": kind, "dates": dates, "only_next": only_next,
        "phases": [
            {"label": _label(phase.label), "done": sum(_is_done(step) for step in steps), "count": len(steps),
             "steps": [one for one in shown if one["status"] != StepStatus.NOT_APPLICABLE],
             "others": [one for one in shown if one["status"] == StepStatus.NOT_APPLICABLE]}
            for phase, steps in line.phases
            if (shown := [_shown(step) for step in steps if not only_next or _is_current(step)])
        ],
        "next_steps": [_shown(step) for step in line.next_steps],
        "running": [_run(standing, run) for standing, run in line.running],
        "tracks": line.tracks,
        "participation": participation_of(code), "record_href": _record_href(code, kind),
        "project_href": reverse("project.view", args=[line.project.code]) + kept(dates),
    }
    return render(request, "procedure/procedure.html", context)


def _label(pair: tuple[str, str]) -> str:
    return pair[is_english()]


def _record_href(code: str, kind: str) -> str:
    return reverse("household.view" if kind == "household" else "fact.record", args=[code])


def _is_done(step: LineStep) -> bool:
    return step.standing.status in (StepStatus.DONE, StepStatus.RUNNING)


def _is_current(step: LineStep) -> bool:
    return step.standing.status in (StepStatus.OPEN, StepStatus.RUNNING)


def _shown(step: LineStep) -> dict[str, Any]:
    """One step as the template draws it."""
    standing = step.standing
    return {
        "id": standing.step.id, "number": standing.step.number, "status": str(standing.status),
        "light": LIGHTS.get(standing.status, ""), "step": standing.step, "standing": standing,
        "dates": [fact.happened_on for fact in standing.facts], "entries": step.entries,
        "is_unverified": step.is_unverified, "may_record": step.may_record,
        "actor": rulebook_label(group="step_actor", id=str(standing.step.actor)),
        "confidence": str(standing.step.confidence) if standing.step.confidence in UNSURE else "",
        "to_complete": standing.to_complete, "note": _label(standing.step.note), "kind": standing.step.recorded_by,
        "periods": [_run(standing, run) for run in standing.periods],
    }


def _run(standing: StepStanding, run: PeriodRun) -> dict[str, Any]:
    """One period with its last day."""
    return {
        "step": standing.step, "label": rulebook_label(group="period", id=f"{standing.step.id}.{run.period.id}"),
        "counted_from": run.counted_from, "last_on": run.last.on, "state": str(run.state), "is_late": run.is_late,
        "source": run.period.source, "uncertain_years": run.last.uncertain_years,
    }
