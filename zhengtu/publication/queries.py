"""Reads of bulletins: who may see which, the one before, and what its dates need."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.bulletins.wording import KindRules
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.reviews.week import CampaignDays
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.publication.models import Bulletin, BulletinStage
from zhengtu.registry.queries import campaign_of

VIEW: Final = "bulletin.view"
DRAFT: Final = "bulletin.draft"
RELEASE: Final = "bulletin.release"
KEPT_STAGES: Final = (BulletinStage.RELEASED, BulletinStage.WITHDRAWN)
"""Stages of what went out once; its addressees see it from then on."""


def bulletins_for(actor: Actor) -> QuerySet[Bulletin]:
    """Bulletins in scope, the latest first.

    Whoever sees a kind in the whole city sees its drafts as well; who sees what is given to the own unit sees what
    was released to it. An inspection report has verbs of its own, so that nobody inspected sees it before.
    """
    within = Q(pk__in=[])
    for kind in current_rulebook().bulletins.kinds.values():
        scope = current_rulebook().authority.scope(actor=actor, verb=kind.view)
        for prefix in scope.prefixes:
            within |= Q(kind=kind.id, code__startswith=prefix)
        for unit in scope.units:
            within |= Q(kind=kind.id, released_at__isnull=False, addressees__contains=[unit])
    rows = Bulletin.objects.filter(within).select_related("drafted_by", "released_by", "word", "pdf", "annex")
    return rows.order_by("-from_on", "-code")


def bulletin_for(actor: Actor, code: str) -> Bulletin | None:
    """One bulletin in scope; None otherwise."""
    return bulletins_for(actor).filter(pk=code).first()


def stored_bulletin(code: str) -> Bulletin | None:
    """The bulletin of a code, for jobs and the machine's own console; None where there is none."""
    return Bulletin.objects.select_related("word", "pdf", "annex").filter(pk=code).first()


def kind_of_bulletin(bulletin: Bulletin) -> KindRules:
    """The rules of its kind."""
    return current_rulebook().bulletins.kinds[bulletin.kind]


def bulletin_subject(bulletin: Bulletin) -> Subject:
    """A bulletin with what decides who may see it: its addressees only once it went out."""
    units = frozenset(bulletin.addressees) if bulletin.released_at is not None else frozenset()
    return Subject(code=bulletin.code, units=units)


def may(actor: Actor, verb: str, bulletin: Bulletin) -> bool:
    """Whether the actor may do this with the bulletin, whatever its stage."""
    subject = bulletin_subject(bulletin)
    return current_rulebook().authority.may(actor=actor, verb=verb, subject=subject) is None


def kinds_drafted_by(actor: Actor) -> list[KindRules]:
    """Kinds that the actor may draft somewhere; those under a red head only where an office of the city issues them."""
    rulebook = current_rulebook()
    city = city_of(actor.postings[0].unit) if actor.postings else ""
    return [
        kind for kind in rulebook.bulletins.kinds.values()
        if rulebook.authority.scope(actor=actor, verb=kind.draft) and rulebook.bulletins.may_issue(kind, city=city)
    ]


def campaign_days(city: str) -> CampaignDays | None:
    """The city's campaign with its days; None without one."""
    held = campaign_of(city)
    return held and CampaignDays(held.code, (held.name, held.name_en), held.start_on, held.end_on)


def standing_bulletin(city: str, *, kind: str, from_on: date, until_on: date) -> Bulletin | None:
    """The bulletin of that kind and period that is not withdrawn; None where there is none."""
    rows = Bulletin.objects.filter(code__startswith=city, kind=kind, from_on=from_on, until_on=until_on)
    return rows.exclude(stage=BulletinStage.WITHDRAWN).select_related("word", "pdf", "annex").first()


def previous_released(bulletin: Bulletin) -> Bulletin | None:
    """The last bulletin of the same kind and city that was released for an earlier period and stands."""
    rows = Bulletin.objects.filter(
        code__startswith=city_of(bulletin.code), kind=bulletin.kind, from_on__lt=bulletin.from_on,
        stage=BulletinStage.RELEASED,
    )
    return rows.order_by("-from_on", "-released_at").first()
