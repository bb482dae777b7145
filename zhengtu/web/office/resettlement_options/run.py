"""One run: how far it is; frontier, chosen point, comparison with first come first served, worths and obstacles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from zhengtu.campaign.models import RunStage
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import add_months, whole_months_between
from zhengtu.core.kernel.reasons import Reason
from zhengtu.resettlement.models import OptionsRun
from zhengtu.resettlement.options_outline import OutlinePoint
from zhengtu.resettlement.options_runs import compute_again, is_dead, options_runs_for, stop_options_run
from zhengtu.resettlement.plan_queries import filings_of, may, part_name, part_named, plans_for
from zhengtu.resettlement.spring_festival import eve_of, next_spring_festival
from zhengtu.web.office.resettlement_options.frontier_chart import frontier_chart
from zhengtu.web.office.resettlement_options.listing import LIGHTS
from zhengtu.web.office.resettlement_options.words import home_label, payer_names, spoken, way_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language

VERB: Final = "options.try"
_MOVING: Final = (RunStage.QUEUED, RunStage.RUNNING)
_MONTHS: Final = (6, 12, 24, 36, 60)


@requires(VERB)
@require_safe
def view(request: HttpRequest, number: int) -> HttpResponse:
    """What was asked, how far it is, and what came out at the chosen point."""
    return run_page(request, run_or_404(request, number))


def run_page(
    request: HttpRequest, run: OptionsRun, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page of a run, with the reasons why something could not be done with it."""
    payers = payer_names(run)
    context: dict[str, Any] = {
        "run": run, "tab": "options", "light": LIGHTS[RunStage(run.stage)], "is_moving": run.stage in _MOVING,
        "percent": round(100 * run.progress), "reasons": reasons,
        "may_again": run.stage == RunStage.FAILED or is_dead(run, now=request.now),  # type: ignore[attr-defined]
        "failures": [spoken(held, payers) for held in run.reasons],
    }
    if run.result:
        point = point_of(request, run)
        context |= _result(request.actor, run, point, payers)  # type: ignore[attr-defined]
    return render(request, "resettlement_options/run.html", context, status=status)


@requires(VERB)
@require_safe
def progress(request: HttpRequest, number: int) -> JsonResponse:
    """How far a run is, for the page that waits."""
    run = run_or_404(request, number)
    return JsonResponse({
        "label": run.get_stage_display(), "percent": round(100 * run.progress), "isMoving": run.stage in _MOVING,
    })


@requires(VERB)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Queue a run that failed, was stopped or died once more."""
    run = run_or_404(request, number)
    if run.stage == RunStage.FAILED or is_dead(run, now=request.now):  # type: ignore[attr-defined]
        compute_again(run)
    return redirect("options.view", number=number)


@requires(VERB)
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a run that waits or is computed."""
    run = run_or_404(request, number)
    stop_options_run(run, person=request.user.name, now=request.now)  # type: ignore[attr-defined, union-attr]
    return redirect("options.view", number=number)


def run_or_404(request: HttpRequest, number: int) -> OptionsRun:
    """The run, where every part of it lies in the reader's reach."""
    return get_object_or_404(options_runs_for(request.actor), pk=number)  # type: ignore[attr-defined]


def point_of(request: HttpRequest, run: OptionsRun) -> int:
    """The point that the address names, from 0; else the last, which spends most."""
    count = len(run.result["points"])
    text = request.GET.get("point", "") or request.POST.get("point", "")
    place = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 4 else count - 1
    return place if 0 <= place < count else count - 1


def _result(actor: Actor, run: OptionsRun, point: int, payers: Mapping[str, str]) -> dict[str, Any]:
    result, points = run.result, run.result["points"]
    months = [month for month in _MONTHS if month <= run.settings["horizon_months"]]
    festival = next_spring_festival(on=run.on)
    before = None if festival is None else whole_months_between(start=run.on, end=eve_of(festival))
    homes = {one["key"]: f"{one['name']} · {home_label(one['home'])}" for one in result["market"]}
    plans = filings_of(run.pk, plans_for(actor))
    return {
        "result": result, "months": months, "point": point + 1, "festival": festival,
        "points": [_row(one, months, before, number=place + 1, is_chosen=place == point)
                   for place, one in enumerate(points)],
        "first_come": _row(result["first_come"], months, before),
        "chosen": _row(points[point], months, before, number=point + 1),
        "gain": _gain(points[-1], result["first_come"]),
        "budgets": [_budget(one, payers, run) for one in points[point]["budgets"]],
        "worths": [
            {**one, "name": payers.get(one["of"], one["of"]) if one["kind"] == "money" else homes[one["of"]],
             "yuan": Decimal(one["subsidy_yuan"])}
            for one in result["worths"]
        ],
        "obstacles": [{**one, "told": spoken(one["reason"], payers)} for one in result["obstacles"]],
        "shortages": [spoken(one, payers) for one in result["shortages"]],
        "buildings": [
            {**one, "label": home_label(one["home"]), "likely_on": add_months(run.on, one["p50"]),
             "late_on": add_months(run.on, one["p80"])}
            for one in result["buildings"]
        ],
        "market": [
            {**one, "label": home_label(one["home"]), "price": Decimal(one["yuan"])} for one in result["market"]
        ],
        "drafts": [_draft(part, actor) for part in run.projects if may(actor, "resettlement_plan.draft", part)],
        "may_hand_out": may(actor, "options.hand_out", run.city), "is_handed": run.handed_point == point,
        "handed_number": None if run.handed_point is None else run.handed_point + 1,
        "plans": plans, "chart": _chart(run, point),
    }


def _row(
    held: Mapping[str, Any], months: Sequence[int], before_festival: int | None, *, number: int = 0,
    is_chosen: bool = False,
) -> dict[str, Any]:
    """A plan's figures; families home before the festival are those of whole months, so that none is promised early."""
    home_by = held["home_by"]
    return {
        "number": number, "is_chosen": is_chosen, "spent": Decimal(held["spent_yuan"]),
        "subsidy": Decimal(held["subsidy_yuan"]), "total": Decimal(held["total_yuan"]),
        "family_months": held["family_months"], "waiting": held["waiting"], "gap": held["gap"] * 100,
        "home_by": [(month, home_by[month]) for month in months],
        "before_festival": None if before_festival is None or before_festival >= len(home_by)
        else home_by[before_festival],
        "ways": [(way_label(way), count) for way, count in held["ways"].items()],
    }


def _gain(best: Mapping[str, Any], first_come: Mapping[str, Any]) -> dict[str, Any]:
    """What the plan that spends most wins over first come first served."""
    return {
        "families": first_come["waiting"] - best["waiting"],
        "family_months": first_come["family_months"] - best["family_months"],
        "total": Decimal(first_come["total_yuan"]) - Decimal(best["total_yuan"]),
    }


def _budget(held: Mapping[str, Any], payers: Mapping[str, str], run: OptionsRun) -> dict[str, Any]:
    spent, carried = Decimal(held["spent_yuan"]), Decimal(held.get("carried_yuan", 0))
    yuan = Decimal(held["yuan"]) + carried
    year = add_months(run.on.replace(day=1), held["from_month"]).year
    return {
        "payer": payers.get(held["payer"], held["payer"]), "year": year, "yuan": yuan, "carried": carried,
        "spent": spent, "left": yuan - spent, "share": float(spent / yuan) if yuan else 0.0,
    }


def _draft(part: str, actor: Actor) -> dict[str, str]:
    row = part_named(part)
    return {"code": part, "name": in_language((part, part) if row is None else part_name(row))}


def _chart(run: OptionsRun, point: int) -> dict[str, Any]:
    """Values of the two charts for ``js/resettlement_options.js``."""
    points, first = run.result["points"], run.result["first_come"]
    return {
        **frontier_chart(
            run.pk, [_costs(one) for one in points], first_come=_costs(first), chosen=point,
        ),
        "home": points[point]["home_by"], "homeFirst": first["home_by"], "families": run.result["families"],
    }


def _costs(held: Mapping[str, Any]) -> OutlinePoint:
    return OutlinePoint(Decimal(held["spent_yuan"]), held["family_months"])
