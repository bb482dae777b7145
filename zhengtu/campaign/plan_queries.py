"""Plans and forecasts for the screens: every door asks for the actor and gives only the parts in scope.

Plans are read as they were last computed (``campaign.outlook_making``); of a pair of dates that nobody has asked for
yet, one part is computed at once and a whole list in a task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.campaign.models import Outlook
from zhengtu.campaign.plan_values import PlanRow, PlanView
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.registry.queries import participations_for

VERB: Final = "schedule.view"


@dataclass(frozen=True, slots=True)
class PlansStanding:
    """The parts in reach in short, with how many of them are still being computed.

    Attributes:
        of: how many parts there are in reach.
    """

    rows: Sequence[PlanRow]
    of: int

    @property
    def missing(self) -> int:
        """Parts whose plan for these dates is not computed yet."""
        return self.of - len(self.rows)


def plan_for(
    actor: Actor, code: str, *, on: date, known: date | None, verb: str = VERB
) -> PlanView | None:
    """The plan of one part of a project in scope as of a day, as known on a day (None: now); None out of scope."""
    if code not in plan_codes(actor, verb=verb):
        return None
    row = Outlook.objects.filter(code=code, on=on, known_on=known).first()
    return None if row is None else value_from(PlanView, row.view)


def plan_rows(
    actor: Actor, *, on: date, known: date | None, verb: str = VERB
) -> list[PlanRow]:
    """Every part in scope in short, by code; parts whose plan is still being computed are absent."""
    return list(plans_standing(actor, on=on, known=known, verb=verb).rows)


def plans_standing(
    actor: Actor, *, on: date, known: date | None, verb: str = VERB
) -> PlansStanding:
    """The same with how many there are."""
    codes = plan_codes(actor, verb=verb)
    held = Outlook.objects.filter(code__in=codes, on=on, known_on=known).order_by("code").values_list("row", flat=True)
    return PlansStanding(rows=[value_from(PlanRow, row) for row in held], of=len(codes))


def plan_codes(actor: Actor, *, verb: str = VERB) -> list[str]:
    """Codes of the parts of projects in scope."""
    return sorted(row.code for row in participations_for(actor, verb=verb).only("project_id", "jurisdiction_id"))
