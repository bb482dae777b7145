"""Reads of the registry; every door asks for the actor and gives only the rows in scope."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengtu.accounts.models import Unit
from zhengtu.core.authority.actor import Actor, Scope, Subject
from zhengtu.core.kernel.codes import city_of, kind_of, project_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Building, Campaign, Household, Parcel, Participation, Project, Section, TileSet


def scope_of(actor: Actor, *, verb: str) -> Scope:
    """The rows that the actor reaches with the verb."""
    return current_rulebook().authority.scope(actor=actor, verb=verb)


def _sections_in(scope: Scope, *, path: str = "") -> Q:
    """The condition that a section (at ``path`` from the row) lies in scope; an empty scope matches nothing."""
    reach = Q(pk__in=[])
    for prefix in scope.prefixes:
        # The city's own prefix reaches every jurisdiction; a jurisdiction's reaches its sections.
        reach |= Q(**{f"{path}code__startswith": prefix})
    if scope.clients:
        reach |= Q(**{f"{path}project__client__in": scope.clients})
    if scope.leads:
        reach |= Q(**{f"{path}project__lead__in": scope.leads})
    for code in scope.subjects:
        kind = kind_of(code)
        if kind == "project":
            reach |= Q(**{f"{path}project": code})
        elif kind == "section":
            reach |= Q(**{f"{path}code": code})
        elif kind in ("jurisdiction",):
            reach |= Q(**{f"{path}code__startswith": code})
    return reach


def sections_for(actor: Actor, *, verb: str = "registry.view") -> QuerySet[Section]:
    """Sections in scope."""
    return Section.objects.filter(_sections_in(scope_of(actor, verb=verb)))


def projects_for(actor: Actor, *, verb: str = "registry.view") -> QuerySet[Project]:
    """Projects of which at least one section is in scope, or that lie in scope themselves."""
    scope = scope_of(actor, verb=verb)
    in_scope = Q(sections__in=sections_for(actor, verb=verb)) | Q(client__in=scope.clients) | Q(lead__in=scope.leads)
    for prefix in scope.prefixes:
        in_scope |= Q(code__startswith=prefix) if len(prefix) == 4 else Q(participations__jurisdiction=prefix)
    return Project.objects.filter(in_scope).distinct()


def participations_for(actor: Actor, *, verb: str = "registry.view") -> QuerySet[Participation]:
    """Parts of projects, one in each jurisdiction, of which a section is in scope or that lie in scope themselves."""
    scope = scope_of(actor, verb=verb)
    in_scope = Q(project__client__in=scope.clients) | Q(project__lead__in=scope.leads)
    for prefix in scope.prefixes:
        in_scope |= Q(jurisdiction__code__startswith=prefix)
    own = sections_for(actor, verb=verb).filter(project=OuterRef("project"), jurisdiction=OuterRef("jurisdiction"))
    return Participation.objects.filter(in_scope | Exists(own))


def parcels_for(actor: Actor, *, verb: str = "registry.view") -> QuerySet[Parcel]:
    """Parcels in scope."""
    return Parcel.objects.filter(_sections_in(scope_of(actor, verb=verb), path="section__"))


def buildings_for(actor: Actor, *, verb: str = "registry.view") -> QuerySet[Building]:
    """Buildings in scope."""
    return Building.objects.filter(_sections_in(scope_of(actor, verb=verb), path="section__"))


def households_for(actor: Actor, *, verb: str = "household.view") -> QuerySet[Household]:
    """Households in scope: those of its sections, and those that a posting names one by one."""
    scope = scope_of(actor, verb=verb)
    named = [code for code in scope.subjects if kind_of(code) == "household"]
    return Household.objects.filter(_sections_in(scope, path="section__") | Q(code__in=named))


def jurisdictions_for(actor: Actor, *, verb: str) -> QuerySet[Unit]:
    """Districts and zones of which the actor reaches at least one section with the verb."""
    codes = sections_for(actor, verb=verb).order_by().values_list("jurisdiction", flat=True).distinct()
    return Unit.objects.filter(code__in=codes).order_by("code")


def campaign_of(city: str) -> Campaign | None:
    """The city's latest campaign, or None before one is declared."""
    return Campaign.objects.filter(code__startswith=city[:4]).order_by("-start_on").first()


def subject_of(code: str) -> Subject:
    """A project, section, household, parcel, building or division with what decides who may act on it.

    Raises:
        Project.DoesNotExist: when the code names a project that is not registered.
    """
    if kind_of(code) in ("jurisdiction", "unit", "campaign"):
        return Subject(code=code)
    project = Project.objects.only("client_id", "lead_id").get(code=project_of(code))
    return Subject(
        code=code,
        clients=frozenset({project.client_id}),
        leads=frozenset({project.lead_id} if project.lead_id else ()),
    )


def cities() -> list[str]:
    """Division codes of the cities that have a campaign."""
    return sorted({city_of(code) for code in Campaign.objects.values_list("code", flat=True)})


def campaigns() -> list[Campaign]:
    """Every campaign in the database, oldest first."""
    return list(Campaign.objects.order_by("start_on"))


def tiles_are_missing() -> bool:
    """Whether some jurisdiction with sections has no published tiles yet."""
    return Section.objects.exclude(jurisdiction__in=TileSet.objects.values("jurisdiction")).exists()


def is_demonstration(city: str) -> bool:
    """Whether the city's latest campaign is invented; asked on every page, so remembered for a minute."""
    key = f"demonstration:{city}"
    known = cache.get(key)
    if known is None:
        campaign = campaign_of(city)
        known = campaign is not None and campaign.is_demonstration
        cache.set(key, known, timeout=60)
    return bool(known)


def project_exists(code: str) -> bool:
    """Whether a project is registered under that code; for the machine's own console."""
    return Project.objects.filter(pk=code).exists()
