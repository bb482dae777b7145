"""What the plans and forecasts of a city rest on, as one digest: once it differs, they are computed anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from django.db.models import Count, Max

from zhengtu.ledger.models import ChainHead, Deed
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Deadline, Section

_FORM = "3"
"""Of what is kept: raised whenever plans are kept in another form, so that they are computed anew."""


def basis_of(city: str, *, known: date | None) -> str:
    """The digest of a city's chains, deadlines, sections, the rulebook and the form in which plans are kept.

    Forecasts pool what happened in the whole city, so a deed anywhere in it counts.

    Args:
        city: ``220200``.
        known: the chains as they stood by the end of this day; None for now.
    """
    digest = sha256(f"{_FORM} {current_rulebook().fingerprint}".encode())
    for line in (*_chains(city[:4], known), *_register(city[:4])):
        digest.update(repr(line).encode())
    return digest.hexdigest()


def _chains(prefix: str, known: date | None) -> Iterable[tuple[object, ...]]:
    if known is None:
        return ChainHead.objects.filter(chain__startswith=prefix).order_by("chain").values_list("chain", "hash")
    deeds = Deed.objects.filter(chain__startswith=prefix, recorded_on__lte=known)
    return deeds.order_by("chain").values_list("chain").annotate(last=Max("number"))


def _register(prefix: str) -> Iterable[tuple[object, ...]]:
    deadlines = Deadline.objects.filter(campaign__code__startswith=prefix).order_by("id")
    yield from deadlines.values_list("id", "goal", "due_on", "project_id", "section_id")
    sections = Section.objects.filter(code__startswith=prefix)
    yield (sections.aggregate(count=Count("code"))["count"],)
