"""One scenario: what is otherwise in it, how far its computing is, and the comparison with the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.campaign.models import RunStage, Scenario
from zhengtu.campaign.scenario_runs import compute_again, growth_from, is_dead, scenarios_for
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.planning.scenario import Change, ChangeKind, change_from
from zhengtu.registry.models import Project
from zhengtu.registry.queries import sections_for
from zhengtu.web.office.scenarios.listing import LIGHTS
from zhengtu.web.shared import figure_text
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason
from zhengtu.web.shared.templatetags.figures import named

VERB = "scenario.try"
_MOVING = (RunStage.QUEUED, RunStage.RUNNING)


@requires(VERB)
@require_safe
def view(request: HttpRequest, number: int) -> HttpResponse:
    """What was asked, how far it is, and what came out."""
    scenario = _of(request, number)
    growth = growth_from(scenario.growth)
    changes = [change_from(held) for held in scenario.changes]
    places = names_of_places(request.actor, scenario.project, {change.place for change in changes})  # type: ignore[attr-defined]
    return render(request, "scenarios/scenario.html", {
        "scenario": scenario, "tab": "scenarios", "light": LIGHTS[RunStage(scenario.stage)],
        "is_moving": scenario.stage in _MOVING, "percent": round(100 * scenario.progress),
        "may_again": scenario.stage == RunStage.FAILED or is_dead(scenario, now=request.now),  # type: ignore[attr-defined]
        "changes": [change_in_words(change, names_of(scenario), places) for change in changes],
        "growth": growth, "failures": [spoken_reason(held) for held in scenario.reasons],
        "parts": [_part(part) for part in scenario.result],
        "total": _total(scenario.result),
    })


@requires(VERB)
@require_safe
def progress(request: HttpRequest, number: int) -> JsonResponse:
    """How far a scenario is, for the page that waits."""
    scenario = _of(request, number)
    return JsonResponse({
        "label": scenario.get_stage_display(), "percent": round(100 * scenario.progress),
        "isMoving": scenario.stage in _MOVING,
    })


@requires(VERB)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Queue a scenario that failed or died once more."""
    scenario = _of(request, number)
    if scenario.stage == RunStage.FAILED or is_dead(scenario, now=request.now):  # type: ignore[attr-defined]
        compute_again(scenario)
    return redirect("scenario.view", number=number)


def _of(request: HttpRequest, number: int) -> Scenario:
    return get_object_or_404(scenarios_for(request.actor), pk=number)  # type: ignore[attr-defined]


def names_of(scenario: Scenario) -> Mapping[str, str]:
    """Names of deadlines as the computed comparison has them, by key; empty before it is computed."""
    return {
        target["key"]: in_language(target["name"]) for part in scenario.result for target in part["targets"]
    }


def names_of_places(actor: Actor, project: Project, codes: Iterable[str]) -> dict[str, str]:
    """Names of sections, and of parts by project and district, by code; a code of neither kind is left out."""
    held = set(codes)
    units = unit_names({code[:6] for code in held})
    parts = {
        code: f"{named(project)} · {in_language(units[code[:6]])}"
        for code in held if kind_of(code) == "participation" and code[:6] in units
    }
    sections = sections_for(actor, verb=VERB).filter(code__in=held)
    return {**parts, **{one.code: named(one) for one in sections.only("code", "name", "name_en")}}


def change_in_words(change: Change, targets: Mapping[str, str], places: Mapping[str, str]) -> str:
    """One change as a sentence, given the names of deadlines and places."""
    told: dict[str, Any] = {
        "place": places.get(change.place, change.place), "days": figure_text.grouped(change.days, sign=True),
        "teams": figure_text.grouped(change.teams, sign=True), "on": figure_text.day(change.on),
        "stage": "" if change.stage is None else rulebook_label(group="stage", id=change.stage),
        "target": targets.get(change.target, change.target),
    }
    return {
        ChangeKind.MONEY: gettext("%(place)s: planned money arrives %(days)s days from its planned day"),
        ChangeKind.TEAMS: gettext("%(place)s: %(teams)s teams for “%(stage)s”"),
        ChangeKind.REROUTE: gettext("%(place)s: not needed, the line goes elsewhere"),
        ChangeKind.DEADLINE: gettext("%(place)s: “%(target)s” is due on %(on)s"),
        ChangeKind.LAUNCH: gettext("%(place)s: the expropriation is announced on %(on)s at the soonest"),
    }[change.kind] % told


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **part, "name": in_language(part["name"]),
        "before": _light(part["light_before"]), "after": _light(part["light_after"]),
        "targets": [_target(target) for target in part["targets"]],
        "costs": [
            {**line, "yuan": _sum(line["yuan"]), "reason": spoken_reason(line["reason"])} for line in part["costs"]
        ],
        "cost_yuan": _sum(part["cost_yuan"]),
    }


def _light(light: Mapping[str, Any]) -> dict[str, str]:
    return {"colour": light["colour"], "why": spoken_reason(light["reason"]).message}


def _target(target: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **target, "name": in_language(target["name"]), "days_lost": -(target["days_gained"] or 0),
        "before": _standing(target["before"]),
        "after": None if target["after"] is None else _standing(target["after"]),
    }


def _standing(standing: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(standing[name]) if standing[name] else None
            for name in ("due_on", "earliest_on", "likely_on")}
    return {**standing, **days}


def _sum(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _total(parts: Sequence[Mapping[str, Any]]) -> Decimal | None:
    sums = [Decimal(part["cost_yuan"]) for part in parts if part["cost_yuan"] is not None]
    return sum(sums, Decimal(0)) if sums else None
