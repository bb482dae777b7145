"""Reads of uploads: who sees which, and whether one that says it is running still is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import postings_on
from zhengtu.core.authority.actor import Actor
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.facts import IMPORT_VERB
from zhengtu.registry.models import ColumnMapping, ImportStage, Project, Section, SurveyImport
from zhengtu.registry.queries import projects_for, scope_of, sections_for
from zhengtu.registry.writes import LOCK_CLASS

RUNNING = (ImportStage.CHECKING, ImportStage.IMPORTING)


def import_projects_for(actor: Actor) -> QuerySet[Project]:
    """Projects into which the actor may import."""
    return projects_for(actor, verb=IMPORT_VERB).order_by("code")


def import_sections_for(actor: Actor, project: str) -> QuerySet[Section]:
    """Sections of a project into which the actor may import."""
    return sections_for(actor, verb=IMPORT_VERB).filter(project=project).order_by("order", "code")


def imports_for(actor: Actor) -> QuerySet[SurveyImport]:
    """Uploads of the units in scope: a district sees its own, the city all; newest first."""
    prefixes = scope_of(actor, verb=IMPORT_VERB).prefixes
    units = [
        unit
        for unit in SurveyImport.objects.values_list("unit_id", flat=True).distinct()
        if any(unit.startswith(prefix) for prefix in prefixes)
    ]
    own = SurveyImport.objects.filter(unit__in=units)
    return own.select_related("project", "unit", "uploaded_by").order_by("-uploaded_at", "-pk")


def interrupted(imports: list[SurveyImport]) -> set[int]:
    """Numbers of the uploads that say they are being worked on while nobody is: their worker died."""
    running = [one.pk for one in imports if one.stage in RUNNING]
    if not running:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_CLASS],
        )
        alive = {row[0] for row in cursor.fetchall()}
    return set(running) - alive


def importing_unit(actor: Actor) -> str:
    """The unit in whose name the actor imports: of the first post that allows it; empty without one."""
    roles = current_rulebook().authority.roles
    return next((post.unit for post in actor.postings if IMPORT_VERB in roles.get(post.role, {})), "")


def remembered_mapping(*, unit: str, header_digest: str) -> Mapping[str, str] | None:
    """How the unit confirmed that a sheet with these headings maps to the registry."""
    found = ColumnMapping.objects.filter(unit=unit, header_digest=header_digest).first()
    return found.columns if found else None


def person_named(username: str) -> Person | None:
    """Somebody by the name they sign in with."""
    return Person.objects.filter(username=username, is_active=True).first()


def people_who_import(project: str, *, on: date) -> list[Person]:
    """Active people with a post today that lets them import into the whole city of the project."""
    roles = [role for role, may in current_rulebook().authority.roles.items() if may.get(IMPORT_VERB) == "city"]
    posts = postings_on(on).filter(
        role__in=roles, unit__code__startswith=project[:4], person__is_active=True, subject=""
    )
    return [post.person for post in posts.select_related("person").order_by("person__username")]
