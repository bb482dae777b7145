"""One resettlement plan: figures, milestones with what the ledger knows of them, its document, and what is possible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from zhengtu.core.kernel.reasons import Reason
from zhengtu.resettlement.models import PlanFiling
from zhengtu.resettlement.models.options import FilingStage
from zhengtu.resettlement.plan_actions import draft_files, follow_problems
from zhengtu.resettlement.plan_documents import MEDIA_TYPES, home_types
from zhengtu.resettlement.plan_queries import MilestoneStanding, may, milestone_standings, part_named, plans_for
from zhengtu.web.office.resettlement_options.plans import LIGHTS
from zhengtu.web.office.resettlement_options.words import money_rows, way_label
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import file_response, made_response

VERB: Final = "resettlement.view"


@requires(VERB)
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The plan of a code."""
    return plan_page(request, plan_or_404(request, code))


def plan_or_404(request: HttpRequest, code: str) -> PlanFiling:
    """The plan, where its project lies in the reader's reach."""
    return get_object_or_404(plans_for(request.actor), pk=code)  # type: ignore[attr-defined]


def plan_page(
    request: HttpRequest, plan: PlanFiling, *, reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page, with the reasons why something could not be done."""
    today: date = request.today  # type: ignore[attr-defined]
    content, part = plan.content, part_named(plan.project)
    possible = _possible(request, plan)
    return render(request, "resettlement_options/plan.html", {
        "plan": plan, "part": part, "content": content, "tab": "plans", "reasons": reasons,
        "light": LIGHTS[FilingStage(plan.stage)], "yuan": Decimal(content["yuan"]),
        "late": [(int(months), count) for months, count in content["late"].items()],
        "ways": [(way_label(way), count) for way, count in content["ways"].items()],
        "milestones": [_milestone(one, plan, today) for one in milestone_standings(plan, on=today)],
        "money": money_rows(content), "may": possible, "point": plan.point + 1,
        "problems": follow_problems(plan, actor=request.actor, on=today) if "follow" in possible else [],  # type: ignore[attr-defined]
    }, status=status)


@requires(VERB)
@require_safe
def download(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """Word or PDF: the kept one once it is approved, before that made anew and marked as a draft."""
    plan = plan_or_404(request, code)
    if ending not in MEDIA_TYPES:
        raise Http404(ending)
    name, media_type = f"{plan.code}.{ending}", MEDIA_TYPES[ending]
    digest = {"docx": plan.word_id, "pdf": plan.pdf_id}[ending]
    if digest:
        return file_response(digest, name=name, media_type=media_type)
    today: date = request.today  # type: ignore[attr-defined]
    return made_response(
        draft_files(plan, dated_on=today, is_draft=True)[ending], name=name, media_type=media_type
    )


def _milestone(one: MilestoneStanding, plan: PlanFiling, today: date) -> dict[str, Any]:
    held = one.milestone
    start, end = date.fromisoformat(held["from_on"]), one.due_on
    dates = [date.fromisoformat(row[name]) for row in plan.content["milestones"] for name in ("from_on", "due_on")]
    first, whole = min(dates), max(1, (max(dates) - min(dates)).days)
    left = round(100 * (start - first).days / whole)
    return {
        "way": way_label(held["way"]), "name": held["name"], "home": home_types(held), "kind": held["way"],
        "count": one.count, "home_count": one.home, "due_on": one.due_on,
        "likely_on": date.fromisoformat(held["likely_on"]), "yuan": Decimal(held["yuan"]), "directive": one.directive,
        "from_percent": left, "long_percent": max(1, round(100 * (end - start).days / whole)), "from_on": start,
        "light": "green" if one.is_done else "red" if one.due_on < today else "idle",
    }


def _possible(request: HttpRequest, plan: PlanFiling) -> list[str]:
    """Deeds that the stage and the reader's posts allow, and that are not about one's own draft."""
    actor = request.actor  # type: ignore[attr-defined]
    is_own = plan.drafted_by_id == actor.person
    found = {
        FilingStage.DRAFT: [("submit", "resettlement_plan.draft", False)],
        FilingStage.SUBMITTED: [("approve", "resettlement_plan.approve", True)],
        FilingStage.APPROVED: [("file", "resettlement_plan.file", True)],
        FilingStage.FILED: [] if plan.directives else [("follow", "directive.set", False)],
    }[FilingStage(plan.stage)]
    return [
        name for name, verb, others in found
        if not (others and is_own) and may(actor, verb, plan.code if verb != "directive.set" else f"{plan.code[:4]}00")
    ]
