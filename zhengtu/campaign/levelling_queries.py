"""Levellings for the screens: those of the districts in reach, with their results as values."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.accounts.models import Unit
from zhengtu.campaign.models import LevellingStage, TeamLevelling
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.core.planning.team_plan import Levelling
from zhengtu.registry.models import Section
from zhengtu.registry.queries import jurisdictions_for, scope_of

VERB: Final = "schedule.view"
START: Final = "team.manage"
_SILENT_FOR: Final = timedelta(minutes=10)


def levellings_for(actor: Actor, *, verb: str = VERB) -> QuerySet[TeamLevelling]:
    """Levellings of the districts that the actor reaches as a whole, the latest first."""
    reach = Q(pk__in=[])
    for prefix in scope_of(actor, verb=verb).prefixes:
        reach |= Q(jurisdiction__code__startswith=prefix)
    return (
        TeamLevelling.objects.filter(reach).select_related("jurisdiction", "asked_by").order_by("-asked_at", "-pk")
    )


def districts_to_level(actor: Actor) -> list[Unit]:
    """Districts whose teams the actor may level."""
    scope = scope_of(actor, verb=START)
    return [unit for unit in jurisdictions_for(actor, verb=START) if scope.covers(Subject(unit.code))]


def result_of(levelling: TeamLevelling) -> Levelling | None:
    """The result as a value; None before it is computed."""
    return None if levelling.result is None else value_from(Levelling, levelling.result)


def latest_levelling(actor: Actor, *, jurisdiction: str = "") -> TeamLevelling | None:
    """The latest computed levelling of a district in reach, or of any of them."""
    rows = levellings_for(actor).exclude(result=None)
    return (rows.filter(jurisdiction=jurisdiction) if jurisdiction else rows).first()


def section_names(jurisdiction: str) -> dict[str, tuple[str, str]]:
    """Code -> (Chinese, English) name of every section in a district."""
    rows = Section.objects.filter(jurisdiction=jurisdiction).values_list("code", "name", "name_en")
    return {code: (name, name_en) for code, name, name_en in rows}


def is_moving(levelling: TeamLevelling, *, now: datetime) -> bool:
    """Whether it waits or somebody still works on it."""
    if levelling.stage == LevellingStage.QUEUED:
        return True
    return levelling.stage == LevellingStage.RUNNING and not is_dead(levelling, now=now)


def is_dead(levelling: TeamLevelling, *, now: datetime) -> bool:
    """Whether it says that it is computed while nobody works on it any more."""
    return (
        levelling.stage == LevellingStage.RUNNING
        and levelling.moved_at is not None and now - levelling.moved_at > _SILENT_FOR
    )
