"""The Gantt: of one part, of a project, of everything in reach; the plan as JSON, the page, the list for a phone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.plan_queries import VERB, plans_standing
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.planning.plan import PlannedActivity, TargetOutlook
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.press.schedule_sheet import PAPERS
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import subject_of
from zhengtu.web.office.cockpit.sentences import kept, part_name, plan_href
from zhengtu.web.office.schedule.gantt_data import ChartPart, chart_data, state_of
from zhengtu.web.office.schedule.gantt_page import gantt_context, gantt_texts
from zhengtu.web.office.schedule.parts import (
    EVERYTHING,
    Selection,
    kind_or_none,
    names_for,
    proof_address,
    selection,
    target_address,
)
from zhengtu.web.office.schedule.sheet_rows import status_of, subjects_of
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of
from zhengtu.web.shared.blocker_text import blocker_line
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_of_places

DECIDE = "schedule.decide"


@require_safe
@requires(VERB)
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The chart of a part or project; a section leads to its part's chart, narrowed to it."""
    if kind_or_none(code) == "section":
        part = participation_of(code)
        selection(request, part)  # 404 out of scope
        return redirect(f"{reverse('schedule.of', args=[part])}?part={code}")
    chosen = selection(request, code)
    return render(request, "schedule/chart.html", _context(request, chosen))


@require_safe
@requires(VERB)
def everything(request: HttpRequest) -> HttpResponse:
    """The chart of all parts in reach, by district and project."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    plans, names = plans_standing(actor, on=dates.on, known=dates.known), names_for(actor)
    if not plans.codes:
        raise Http404
    return render(request, "schedule/everything.html", {
        "plans": plans, "dates": dates, "code": EVERYTHING, "texts": gantt_texts(), "papers": list(PAPERS),
        "gantt": gantt_context(
            data_href=reverse("schedule.data", args=[EVERYTHING]) + kept(dates), part_label=_("Part"),
        ),
        "parts": [
            {"name": part_name(row, names), "href": plan_href(row.code, dates), "light": row.light}
            for row in plans.rows
        ],
    })


@require_safe
@requires(VERB)
def data(request: HttpRequest, code: str) -> JsonResponse:
    """The plan of a part, of a project's parts or of everything in reach, as ``js/schedule/plan.js`` reads it."""
    chosen = selection(request, code)
    dates = chosen.dates
    return JsonResponse(chart_data(
        chosen.parts, on=dates.on, calendar=current_rulebook().calendar, name_of=chosen.name_of,
        proof_of=proof_address(dates), target_href=lambda part, key: target_address(dates, part, key),
    ))


def _context(request: HttpRequest, chosen: Selection) -> dict[str, Any]:
    dates = chosen.dates
    is_part = kind_or_none(chosen.code) == "participation"
    one = chosen.parts[0].view if is_part else None
    return {
        "chosen": chosen, "dates": dates, "view": one, "code": chosen.code,
        "gantt": gantt_context(
            data_href=reverse("schedule.data", args=[chosen.code]) + kept(dates),
            part_label=_("Section") if is_part else _("Part"),
        ),
        "texts": gantt_texts(), "papers": list(PAPERS),
        "targets": [_target(one.code, outlook, chosen) for outlook in one.plan.targets] if one else [],
        "list_groups": _list_groups(chosen),
        "may_decide": bool(one) and may_decide(request.actor, one.code),  # type: ignore[attr-defined]
        "blocker": blocker_line(one.plan.light.blocker, names=one.names, on=dates.on)
        if one and one.plan.light.blocker else None,
        "is_stale": any(part.view.is_stale for part in chosen.parts),
        "project_href": reverse("project.view", args=[one.project]) + kept(dates) if one else "",
    }


def may_decide(actor: Actor, part: str) -> bool:
    """Whether the actor decides plans of that part."""
    return current_rulebook().authority.may(actor=actor, verb=DECIDE, subject=subject_of(part)) is None


def _target(code: str, outlook: TargetOutlook, chosen: Selection) -> dict[str, Any]:
    """One deadline in the strip above the chart."""
    view = chosen.parts[0].view
    return {
        "name": in_language(outlook.target.name), "due_on": outlook.target.due_on, "earliest_on": outlook.earliest_on,
        "state": state_of(outlook), "slack_days": outlook.slack_days, "needs_agreement": outlook.needs_agreement,
        "forecast": view.forecast(target=outlook.target.key),
        "href": target_address(chosen.dates, code, outlook.target.key),
    }


def _list_groups(chosen: Selection) -> list[dict[str, Any]]:
    """The bars as a list, for a phone: group by group, what is done folded."""
    return [
        _list_group(part, subject, chosen) for part in chosen.parts for subject in subjects_of(part)
    ]


def _list_group(part: ChartPart, subject: str, chosen: Selection) -> dict[str, Any]:
    is_section = kind_of(subject) == "section"
    bars = [_list_bar(one, chosen) for one in part.plan.activities if one.subject == subject]
    name = chosen.name_of(subject) if is_section else _("Statutory procedure")
    return {
        "name": name if len(chosen.parts) == 1 else f"{part.name} · {name}",
        "light": part.plan.section_lights.get(subject) if is_section else None,
        "bars": [bar for bar in bars if not bar["bar"].is_done],
        "done": [bar for bar in bars if bar["bar"].is_done],
    }


def _list_bar(one: PlannedActivity, chosen: Selection) -> dict[str, Any]:
    return {
        "bar": one, "label": in_language(one.label), "status": status_of(one, chosen.dates.on),
        "unit": chosen.name_of(one.responsible) if one.responsible else "",
        "why": spoken_of_places(one.driver_reason, chosen.name_of).message if one.driver_reason else "",
        "is_late": one.float_days is not None and one.float_days < 0 and not one.is_done,
        "decide_href": f"{reverse('schedule.decide', args=[one.subject])}?stage={one.stage}"
        if one.may_be_decided else "",
    }
