"""Who may be drawn to inspect, and where they must not."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Final

from zhengtu.accounts.models import Posting
from zhengtu.accounts.queries import actors_posted
from zhengtu.core.authority.actor import Subject
from zhengtu.core.inspection.pairing import Inspector
from zhengtu.inspection.models import Recusal
from zhengtu.ledger.rulebook import current_rulebook

RECORD: Final = "inspection.record"


def inspectors_of(city: str, *, on: date) -> list[Inspector]:
    """Everybody posted to inspect in the city that day, by code.

    They recuse themselves wherever they ever held a post, and where they declared a reason.
    """
    authority = current_rulebook().authority
    roles = {role for role, may in authority.roles.items() if RECORD in may}
    people = [
        actor.person for actor in actors_posted(on=on, roles=roles)
        if authority.scope(actor=actor, verb=RECORD).covers(Subject(code=city))
    ]
    recused: dict[str, set[str]] = defaultdict(set)
    for person, unit in Posting.objects.filter(person__in=people).values_list("person", "unit"):
        if not unit.startswith(city):
            recused[person].add(unit[:6])
    for person, place in Recusal.objects.filter(inspector__in=people).values_list("inspector", "jurisdiction"):
        recused[person].add(place)
    return [Inspector(person, frozenset(recused[person])) for person in sorted(people)]
