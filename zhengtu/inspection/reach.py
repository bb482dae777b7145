"""Who sees what of inspections: before release the mayor and the inspection office alone, afterwards each its part."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.inspection.models import Drawn, Inspection
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook

VIEW: Final = "inspection.view"
READ: Final = "inspection.read"


def sees_unreleased(actor: Actor, city: str) -> bool:
    """Whether the actor sees inspections of a city before they are released."""
    return current_rulebook().authority.scope(actor=actor, verb=VIEW).covers(Subject(code=city))


def part_of(actor: Actor, code: str) -> Reach:
    """The places of an inspection that the actor sees: all of its city, or what is theirs once it is released."""
    return Reach(prefixes=(code[:4],)) if sees_unreleased(actor, code) else reach_of(actor, verb=READ)


def sees_whole(actor: Actor, code: str) -> bool:
    """Whether the part that the actor sees of an inspection is all of it."""
    return code.startswith(part_of(actor, code).prefixes)


def inspections_seen(actor: Actor, *, on: date) -> QuerySet[Inspection]:
    """Inspections that exist for the actor on a day, the latest plan first."""
    unreleased = Q(pk__in=[])
    for prefix in current_rulebook().authority.scope(actor=actor, verb=VIEW).prefixes:
        unreleased |= Q(code__startswith=prefix)
    read = reach_of(actor, verb=READ)
    own = Drawn.objects.filter(read.condition("household"), inspection=OuterRef("pk"))
    released = Q(released_on__lte=on) & Q(Exists(own)) if read else Q(pk__in=[])
    rows = Inspection.objects.filter(unreleased | released).select_related("planned_by")
    return rows.defer("candidates", "weights").order_by("-planned_at", "-code")


def inspection_seen(actor: Actor, code: str, *, on: date) -> Inspection | None:
    """One of them; None where there is none, or none for the actor."""
    return inspections_seen(actor, on=on).filter(pk=code).first()
