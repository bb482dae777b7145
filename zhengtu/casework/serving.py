"""The day of service of a fact about to be recorded: counted from what was done, never typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.procedure.service import delivery_of, serve
from zhengtu.core.procedure.steps import Step
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import owner_count, standing_facts_of


def with_day_of_service(
    stored: Mapping[str, Any], *, step: Step | None, household: str, happened_on: date
) -> tuple[dict[str, Any], list[Reason]]:
    """The attributes with the owner served and the counted day of service, or why there is no such day.

    A service of a household with one owner reached that owner; with several it has to say whom.
    """
    given = dict(stored)
    if step is None or not step.is_service or not given.get("method"):
        return given, []
    owners = owner_count(standing_facts_of([household]).get(household, ()))
    if not given.get("owner") and owners == 1:
        given["owner"] = 1
    reasons = _owner_reasons(given.get("owner"), owners=owners)
    delivery = delivery_of(happened_on=happened_on, attributes=given)
    assert delivery is not None
    service = serve(delivery, calendar=current_rulebook().calendar)
    if service.served is not None:
        given["served_on"] = service.served.on.isoformat()
    return given, [*reasons, *service.reasons]


def _owner_reasons(owner: object, *, owners: int) -> list[Reason]:
    if owner and 1 <= int(str(owner)) <= owners:
        return []
    return [
        Reason(
            code="service.owner", message=N_("The household has %(count)s owners; say which of them was served."),
            parameters={"count": owners}, source="administrative-enforcement-law#38",
            remedy=N_("Record the service on each owner by itself."),
        )
    ]
