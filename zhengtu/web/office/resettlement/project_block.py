"""The section on homes of a project's page: who waits, whose promise is at risk, what could be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.money import ZERO
from zhengtu.resettlement.claims import claims_for
from zhengtu.resettlement.facts import VIEW
from zhengtu.resettlement.late_figures import late_figures_of
from zhengtu.resettlement.options_outline import latest_outline
from zhengtu.resettlement.plan_queries import plans_for
from zhengtu.resettlement.promises import counts_of, promises_of_parts
from zhengtu.web.office.resettlement.late_sum import late_sum
from zhengtu.web.office.resettlement_options.frontier_chart import frontier_chart
from zhengtu.web.shared.access import opens
from zhengtu.web.shared.as_of import AsOf


def resettlement_block(actor: Actor, project: str, parts: Sequence[str], dates: AsOf) -> dict[str, Any] | None:
    """Context of the section; None where nobody waits, no claim is on file, or the reader sees no resettlement.

    Args:
        parts: codes of the project's parts in its districts.
    """
    if not opens(actor, VIEW):
        return None
    promises = promises_of_parts(actor, parts, on=dates.on, known=dates.known)
    claims = [one for one in claims_for(actor, on=dates.on, known=dates.known, project=project) if one.is_open]
    if not promises and not claims:
        return None
    ledger = reverse("promise.families")
    return {
        "counts": counts_of(promises), "late": sum(one.waiting.is_late for one in promises),
        "late_sum": late_sum(late_figures_of(promises, on=dates.on), dates, project=project),
        "claims": len(claims), "claims_open": sum((one.account.open for one in claims), ZERO),
        "waiting_href": ledger + dates.query(project=project),
        "late_href": reverse("overdue.families") + dates.query(project=project),
        "unnamed_href": ledger + dates.query(project=project, naming="none"),
        "broken_href": ledger + dates.query(project=project, state="broken"),
        "foreseen_href": ledger + dates.query(project=project, state="foreseen"),
        "unanswered_href": ledger + dates.query(project=project, answered="no"),
        "claims_href": reverse("advance.list") + dates.query(project=project, open="1"),
        "subsidies_href": reverse("subsidy.project", args=[project]) + dates.query(),
        "options": _options(actor, parts, dates),
    }


def _options(actor: Actor, parts: Sequence[str], dates: AsOf) -> dict[str, Any]:
    """The latest frontier over the project with the point of its latest plan, its plans, and the way to another run."""
    filed = plans_for(actor).filter(project__in=parts).defer("content")
    plans = [plan for plan in filed if civil_date(at=plan.drafted_at) <= dates.on]
    tries = opens(actor, "options.try")
    outline = latest_outline(actor, parts, on=dates.on, known=dates.known) if tries else None
    own = [plan for plan in plans if outline is not None and plan.run_id == outline.run.pk]
    return {
        "plans": plans, "outline": outline,
        "try_href": "?".join((reverse("options.try"), urlencode([("part", part) for part in parts]))) if tries else "",
        "chart": None if outline is None else frontier_chart(
            outline.run.pk, outline.points, first_come=outline.first_come, chosen=own[0].point if own else None,
        ),
    }
