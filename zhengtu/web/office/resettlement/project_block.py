"""The section on homes of a project's page: who waits, whose promise is at risk, which claims are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.money import ZERO
from zhengtu.resettlement.claims import claims_for
from zhengtu.resettlement.facts import VIEW
from zhengtu.resettlement.promises import counts_of, promises_of_parts
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
        "claims": len(claims), "claims_open": sum((one.account.open for one in claims), ZERO),
        "waiting_href": ledger + dates.query(project=project),
        "late_href": reverse("overdue.families") + dates.query(project=project),
        "unnamed_href": ledger + dates.query(project=project, naming="none"),
        "foreseen_href": ledger + dates.query(project=project, state="foreseen"),
        "unanswered_href": ledger + dates.query(project=project, answered="no"),
        "claims_href": reverse("advance.list") + dates.query(project=project, open="1"),
        "subsidies_href": reverse("subsidy.project", args=[project]) + dates.query(),
    }
