"""Unit prices of a project by class, for the parts of it that an actor reaches whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.cache import cache

from zhengtu.campaign.finding_sums import priced_households
from zhengtu.campaign.reach import reach_of
from zhengtu.casework.equal_treatment import assessments_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.integrity.prices import PriceClass, price_classes
from zhengtu.core.kernel.codes import city_of, jurisdiction_of
from zhengtu.ledger.models import ChainHead, Milestones
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Participation, Project
from zhengtu.registry.queries import projects_for

_KEPT_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class ProjectPrices:
    """Classes of a project's parts within reach.

    Attributes:
        valued: valued households looked at.
        unassessed: those for which the rules give no sum.
        parts_out_of_reach: how many parts of the project the actor does not reach whole.
    """

    classes: Sequence[PriceClass]
    valued: int
    unassessed: int
    parts_out_of_reach: int


def may_compare(actor: Actor, project: Project) -> bool:
    """Whether the actor reaches households of the project."""
    return projects_for(actor, verb="household.view").filter(pk=project.pk).exists()


def project_prices(actor: Actor, project: Project, *, on: date) -> ProjectPrices:
    """Prices per m² of a project that the actor reaches, class by class."""
    reach = reach_of(actor, verb="household.view")
    classes: list[PriceClass] = []
    valued = unassessed = hidden = 0
    for part in Participation.objects.filter(project=project).order_by("jurisdiction"):
        if not f"{part.code}-".startswith(reach.prefixes):
            hidden += 1
            continue
        found, seen, without = _part_prices(part.code, on=on)
        classes += found
        valued, unassessed = valued + seen, unassessed + without
    classes.sort(key=lambda one: (-len(one.prices), one.group))
    return ProjectPrices(classes, valued, unassessed, hidden)


def _part_prices(part: str, *, on: date) -> tuple[list[PriceClass], int, int]:
    """Classes of one part; kept until something more is recorded in its jurisdiction or city, or the rules change."""
    chains = [jurisdiction_of(part), city_of(part)]
    head = sum(ChainHead.objects.filter(pk__in=chains).values_list("number", flat=True))
    key = f"prices:{part}:{on}:{head}:{current_rulebook().fingerprint[:16]}"
    kept: tuple[list[PriceClass], int, int] | None = cache.get(key)
    if kept is not None:
        return kept
    codes = list(
        Milestones.objects.filter(subject__startswith=f"{part}-", subject_kind="household", valued_on__lte=on)
        .order_by("pk").values_list("pk", flat=True)
    )
    found = assessments_of(codes, on=on)
    classes = price_classes(priced_households(found.assessed), rules=current_rulebook().integrity.rules)
    result = classes, len(codes), len(found.refused)
    cache.set(key, result, _KEPT_SECONDS)
    return result
