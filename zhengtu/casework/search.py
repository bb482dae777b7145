"""What somebody finds by typing a code, an exact name or number, or part of an address: within their scope alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from zhengtu.accounts.sealing import search_index
from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.models import Deed
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Owner, Project, Section
from zhengtu.registry.queries import households_for, projects_for, sections_for, subject_of

HITS_SHOWN = 50
_SHORTEST_PART = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found; ``is_cut`` says that more households match than are shown."""

    households: Sequence[Household] = ()
    projects: Sequence[Project] = ()
    sections: Sequence[Section] = ()
    deeds: Sequence[Deed] = ()
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.households or self.projects or self.sections or self.deeds)


def search(actor: Actor, text: str) -> Hits:
    """Find households, sections, projects and deeds in scope.

    Households: by the beginning of their code, an exact name or identity number, a part of the address
    or room. Projects and sections: by the beginning of their code or a part of their name. Deeds: by key.
    """
    text = " ".join(text.split())
    if not text:
        return Hits()
    households = _households(actor, text)
    return Hits(
        households=households[:HITS_SHOWN],
        projects=list(_named(projects_for(actor), text)),
        sections=list(_named(sections_for(actor).select_related("project"), text)),
        deeds=_deeds(actor, text),
        is_cut=len(households) > HITS_SHOWN,
    )


def _households(actor: Actor, text: str) -> list[Household]:
    """Exact hits first; at most one more than is shown."""
    index = search_index(text)
    owners = Owner.objects.filter(Q(name_index=index) | Q(identity_index=index)).values("household")
    exact = Q(code=text.upper()) | Q(name_index=index) | Q(identity_index=index) | Q(pk__in=owners)
    part = Q(code__startswith=text.upper()) | Q(room__iexact=text)
    if len(text) >= _SHORTEST_PART:
        part |= Q(address__icontains=text) | Q(room__icontains=text)
    rows = households_for(actor).select_related("section__project").order_by("code")
    found: dict[str, Household] = {}
    for condition in (exact, part):
        for row in rows.filter(condition)[: HITS_SHOWN + 1]:
            found.setdefault(row.code, row)
    return list(found.values())[: HITS_SHOWN + 1]


def _named(rows: QuerySet[Any], text: str) -> Iterable[Any]:
    named = Q(name__icontains=text) | Q(name_en__icontains=text) if len(text) >= _SHORTEST_PART else Q(pk__in=[])
    return rows.filter(named | Q(code__startswith=text.upper())).order_by("code")[:HITS_SHOWN]


def _deeds(actor: Actor, text: str) -> list[Deed]:
    deed = Deed.objects.filter(pk=text.upper()).first()
    if deed is None:
        return []
    authority, subject = current_rulebook().authority, subject_of(deed.subject)
    is_seen = authority.may(actor=actor, verb="ledger.view", subject=subject) is None
    return [deed] if is_seen and not authority.conceals(actor=actor, verb=deed.verb, subject=subject) else []
