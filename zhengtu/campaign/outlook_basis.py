"""What the plans and forecasts of a city rest on, as one digest: once it differs, they are computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from zhengtu.ledger.models import ChainHead, Deed
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Deadline, Section

_FORM = "4"
"""Of what is kept: raised whenever plans are kept in another form, so that they are computed anew."""
VERBS_BESIDE_PLANS: Final = (
    "directive.", "review.", "bulletin.", "inspection.draft", "inspection.release", "household.unmask", "address.open",
)
"""Beginnings of the verbs whose deeds move no plan: what is said, asked and looked at on top of them."""


def basis_of(city: str, *, known: date | None) -> str:
    """The digest of a city's chains, deadlines, sections, the rulebook and the form in which plans are kept.

    Forecasts pool what happened in the whole city, so a deed anywhere in it counts, unless it is of a verb that no plan
    reads (``VERBS_BESIDE_PLANS``): a directive that is received moves no date.

    Args:
        city: ``220200``.
        known: the chains as they stood by the end of this day; None for now.
    """
    digest = sha256(f"{_FORM} {current_rulebook().fingerprint}".encode())
    for line in (*_chains(city[:4], known), *_register(city[:4])):
        digest.update(repr(line).encode())
    return digest.hexdigest()


def _chains(prefix: str, known: date | None) -> Iterable[tuple[object, ...]]:
    """Each chain with the hash of its last deed that plans rest on, and by a day that was recorded by then."""
    deeds = _counted().filter(chain=OuterRef("chain"))
    if known is not None:
        deeds = deeds.filter(recorded_on__lte=known)
    last = Subquery(deeds.order_by("-number").values("hash")[:1])
    heads = ChainHead.objects.filter(chain__startswith=prefix).annotate(last=last).exclude(last=None)
    return heads.order_by("chain").values_list("chain", "last")


def _counted() -> QuerySet[Deed]:
    beside = Q()
    for verb in VERBS_BESIDE_PLANS:
        beside |= Q(verb__startswith=verb)
    return Deed.objects.exclude(beside)


def _register(prefix: str) -> Iterable[tuple[object, ...]]:
    deadlines = Deadline.objects.filter(campaign__code__startswith=prefix).order_by("id")
    yield from deadlines.values_list("id", "goal", "due_on", "project_id", "section_id")
    sections = Section.objects.filter(code__startswith=prefix)
    yield (sections.aggregate(count=Count("code"))["count"],)
