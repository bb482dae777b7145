"""Accounts whose arrivals lag the need, as late items for the client and the district."""

from __future__ import annotations

from datetime import date

from zhengtu.campaign.facts import LateItem
from zhengtu.core.authority.actor import Actor
from zhengtu.funds.funding_queries import late_accounts


def late_funds(actor: Actor, *, on: date, known: date | None, project: str = "") -> list[LateItem]:
    """Red accounts among those that the actor may see, the longest first; one project's where one is named."""
    return [
        LateItem(
            kind="funds", light="red", subject=row.account.project.code, due_on=row.standing.light.since_on,
            responsible=(row.account.project.client_id, row.account.jurisdiction.code),
            reason=row.standing.light.reason, place=row.code,
        )
        for row in late_accounts(actor, on=on, known=known, project=project)
    ]
