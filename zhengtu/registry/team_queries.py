"""Field teams as of a day and as known on a day: for the screens with the actor's scope, for plans without one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from zhengtu.accounts.models import Unit
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.teams import FieldTeam, Span, TeamRate, rates_of
from zhengtu.registry.models import Section, Team
from zhengtu.registry.queries import scope_of

MANAGE = "team.manage"


def team_versions(*, known: date | None = None) -> QuerySet[Team]:
    """Every version recorded by the end of that day (None: now), the latest of each team first."""
    rows = Team.objects.select_related("jurisdiction", "unit").order_by("code", "-version")
    return rows if known is None else rows.filter(recorded_on__lte=known)


def teams_for(
    actor: Actor, *, on: date, known: date | None = None, verb: str = "schedule.view"
) -> list[Team]:
    """The version that holds on a day of each team in scope that serves then or later, by code.

    A jurisdiction's people see the teams that work there, a client or leading unit the teams of its own.
    """
    return standing_versions(team_versions(known=known).filter(_teams_in(actor, verb=verb)), on=on)


def team_history_for(actor: Actor, *, code: str, verb: str = "schedule.view") -> list[Team]:
    """All versions of one team, the latest first; empty when it is not in scope."""
    return list(team_versions().filter(_teams_in(actor, verb=verb), code=code))


def field_teams(jurisdictions: Iterable[str], *, on: date, known: date | None = None) -> list[FieldTeam]:
    """The teams that serve in these jurisdictions on the day or later, as values; asks no actor."""
    rows = team_versions(known=known).filter(jurisdiction__in=list(jurisdictions))
    return [field_team(row) for row in standing_versions(rows, on=on)]


def team_rates(
    jurisdictions: Iterable[str], *, on: date, known: date | None = None
) -> Mapping[str, Mapping[Stage, TeamRate]]:
    """Jurisdiction -> skill -> its teams on the day; a jurisdiction or skill without teams is absent."""
    held: dict[str, list[FieldTeam]] = {}
    for team in field_teams(jurisdictions, on=on, known=known):
        held.setdefault(team.jurisdiction, []).append(team)
    rates = {code: rates_of(teams, on=on) for code, teams in held.items()}
    return {code: rate for code, rate in rates.items() if rate}


def standing_versions(versions: Iterable[Team], *, on: date) -> list[Team]:
    """Of each team the version that holds on the day, or its first one to come; what has ended by then is left out."""
    by_code: dict[str, list[Team]] = {}
    for version in versions:
        by_code.setdefault(version.code, []).append(version)
    standing = []
    for held in by_code.values():
        latest_first = sorted(held, key=lambda one: -one.version)
        begun = [one for one in latest_first if one.from_on <= on]
        chosen = begun[0] if begun else latest_first[0]
        if chosen.until_on is None or chosen.until_on > max(on, chosen.from_on):
            standing.append(chosen)
    return sorted(standing, key=lambda one: one.code)


def field_team(row: Team) -> FieldTeam:
    """One version as planning sees it."""
    return FieldTeam(
        code=row.code, name=(row.name, row.name_en or row.name), jurisdiction=row.jurisdiction_id, unit=row.unit_id,
        skill=Stage(row.skill), members=row.members, households_per_day=row.households_per_day, from_on=row.from_on,
        until_on=row.until_on, days_off=_spans(row.days_off), extra_days=_spans(row.extra_days),
    )


def team_units_for(actor: Actor) -> list[Unit]:
    """Units whose teams the actor may enter: the places in reach, and the enterprises, departments and appraisers of
    their cities."""
    places = team_places_for(actor)
    cities = Q(pk__in=[])
    for city in {place.code[:4] for place in places}:
        cities |= Q(code__startswith=city)
    others = Unit.objects.filter(cities, code__contains="-").order_by("code")
    return [*places, *others]


def team_places_for(actor: Actor) -> list[Unit]:
    """Jurisdictions in which the actor may let teams work: those in reach that have a section."""
    scope = scope_of(actor, verb=MANAGE)
    codes = Section.objects.order_by().values_list("jurisdiction", flat=True).distinct()
    return [unit for unit in Unit.objects.filter(code__in=codes).order_by("code") if scope.covers(Subject(unit.code))]


def _teams_in(actor: Actor, *, verb: str) -> Q:
    scope = scope_of(actor, verb=verb)
    reach = Q(unit__in=scope.clients | scope.leads)
    for prefix in scope.prefixes:
        reach |= Q(jurisdiction__code__startswith=prefix)
    return reach


def _spans(stored: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in stored)
