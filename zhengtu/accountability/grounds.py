"""What meets the triggers by a day, read from the ledger; nothing here is typed by anybody or asks who looks.

Each function gives the grounds on the rule's own days, so that a night in which nothing ran changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from django.db.models import Q

from zhengtu.accountability.duty_grounds import directives_all, directives_overdue, goals_early
from zhengtu.accountability.money_grounds import funds_early, funds_late
from zhengtu.accountability.truth_grounds import figures_true, figures_untrue, violations
from zhengtu.core.assessment.triggers import Answerable, Ground, Trigger, all_home_on, late_home_days
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, project_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.milestone_queries import milestones_of, subjects_where
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Project
from zhengtu.registry.procedure_cases import participation_of

Found = list[Ground]


def grounds_of(trigger: Trigger, city: str, *, on: date) -> Found:
    """Everything in a city that met a trigger by the end of a day, one ground for each unit that answers, by day.

    Args:
        city: division code of the city.
    """
    found: dict[tuple[str, str, str, date], Ground] = {}
    for ground in _FINDERS[trigger.when](trigger, city, on):
        key = (ground.unit, ground.subject, *ground.key)
        held = found.get(key)
        basis = tuple(dict.fromkeys((*(held.basis if held else ()), *ground.basis)))
        measured = " · ".join(dict.fromkeys(filter(None, ((held.measured if held else ""), ground.measured))))
        found[key] = replace(ground, basis=basis, measured=measured)
    return sorted(found.values(), key=lambda one: (one.met_on, one.unit, one.about))


def promised_days(city: str, *, on: date) -> dict[str, list[tuple[date, date, Fact]]]:
    """Household -> (day of the promise, promised day, fact) of every standing promise of a home made by a day."""
    kinds = {
        kind.id: kind.dated_by for kind in current_rulebook().fact_kinds.values()
        if kind.milestone is Milestone.PROMISED
    }
    found: dict[str, list[tuple[date, date, Fact]]] = defaultdict(list)
    for fact in standing_facts(tuple(kinds), reach=Reach(prefixes=(city[:4],)), on=on):
        dated_by = kinds[fact.kind]
        due_on = date.fromisoformat(fact.attributes[dated_by]) if dated_by else fact.happened_on
        found[fact.subject].append((fact.happened_on, due_on, fact))
    return found


def families_waiting(city: str, *, on: date) -> list[tuple[str, date]]:
    """Household -> its promised day, of those who have not come home by a day, by household."""
    waiting = Q(promised_on__isnull=False) & (Q(resettled_on__isnull=True) | Q(resettled_on__gt=on))
    codes = Household.objects.filter(
        code__startswith=city[:4], code__in=subjects_where(waiting)
    ).order_by("code").values_list("code", flat=True)
    return [(code, dates[Milestone.PROMISED]) for code, dates in sorted(milestones_of(list(codes)).items())]


def answering(trigger: Trigger, place: str, clients: Mapping[str, str]) -> list[str]:
    """Units that answer for a household, section or part of a project; the city itself, which decides, does not.

    Args:
        clients: project -> the unit that it is built for.
    """
    named = {Answerable.JURISDICTION: jurisdiction_of(place), Answerable.CLIENT: clients.get(project_of(place), "")}
    return list(dict.fromkeys(unit for who in trigger.of if (unit := named.get(who, "")) not in ("", city_of(place))))


def clients_of(city: str) -> dict[str, str]:
    """Project of a city -> the unit that it is built for."""
    return dict(Project.objects.filter(code__startswith=city[:4]).values_list("code", "client_id"))


def _homes_late(trigger: Trigger, city: str, on: date) -> Found:
    promised, clients = promised_days(city, on=on), clients_of(city)
    home = milestones_of(sorted(promised))
    found = []
    for household, held in promised.items():
        days = late_home_days(
            [(made_on, due_on) for made_on, due_on, _ in held],
            home_on=home.get(household, {}).get(Milestone.RESETTLED), months=trigger.limits["months"], on=on,
        )
        for met_on, due_on in days:
            basis = tuple(fact.reference for made_on, due, fact in held if due == due_on and made_on <= met_on)
            found += [
                Ground(unit, participation_of(household), household, met_on, due_on=due_on, basis=basis)
                for unit in answering(trigger, household, clients)
            ]
    return found


def _homes_all(trigger: Trigger, city: str, on: date) -> Found:
    promised, clients = promised_days(city, on=on), clients_of(city)
    parts: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    for household, dates in milestones_of(sorted(promised)).items():
        if (due_on := dates.get(Milestone.PROMISED)) is not None:
            parts[participation_of(household)].append((due_on, dates.get(Milestone.RESETTLED)))
    found = []
    for part, families in sorted(parts.items()):
        met_on = all_home_on(families, least=trigger.limits["least"], on=on)
        if met_on is None:
            continue
        late = sum(1 for due_on, home_on in families if home_on is not None and due_on < home_on <= met_on)
        found += [
            Ground(unit, part, part, met_on, measured=str(late)) for unit in answering(trigger, part, clients)
        ]
    return found


def _goals(trigger: Trigger, city: str, on: date) -> Found:
    return goals_early(city, on=on)


_FINDERS: Final[Mapping[str, Callable[[Trigger, str, date], Found]]] = {
    "home_late": _homes_late, "homes_all": _homes_all, "directive_overdue": directives_overdue,
    "directives_all": directives_all, "goal_early": _goals, "funds_late": funds_late, "funds_early": funds_early,
    "figures_untrue": figures_untrue, "figures_true": figures_true, "violation": violations,
}
