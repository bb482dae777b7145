"""Deadlines of campaign, projects and sections as targets of the parts of projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q

from zhengtu.core.planning.plan_case import Target
from zhengtu.registry.models import Deadline
from zhengtu.registry.procedure_cases import participation_of


def target_key(*, goal: str, due_on: date) -> str:
    """``2025-03-15.handed_over``: how a target is named in addresses, as the cockpit names its deadlines."""
    return f"{due_on.isoformat()}.{goal}"


def targets_of(sections: Mapping[str, Sequence[str]], *, projects: Mapping[str, str]) -> dict[str, list[Target]]:
    """Part of a project -> its targets, the earliest first; deadlines of one day and goal are one target.

    Args:
        sections: part -> codes of its sections.
        projects: part -> its project.
    """
    parts_of: dict[str, list[str]] = defaultdict(list)
    for part, project in projects.items():
        parts_of[project].append(part)
    rows = Deadline.objects.filter(
        Q(project__in=parts_of) | Q(section__project__in=parts_of)
        | Q(project__isnull=True, section__isnull=True, campaign__projects__in=parts_of)
    ).distinct().order_by("due_on", "id").values_list(
        "goal", "due_on", "name", "name_en", "source", "project", "section", "campaign"
    )
    found: dict[str, dict[str, Target]] = defaultdict(dict)
    for goal, due_on, name, name_en, source, project, section, campaign in rows:
        for part in _parts_about(section, project, campaign, parts_of):
            about = sections.get(part, ())
            codes = [section] if section else list(about)
            if section and section not in about:
                continue
            key = target_key(goal=goal, due_on=due_on)
            found[part][key] = _joined(
                found[part].get(key), Target(key, goal, due_on, (name, name_en), codes, source)
            )
    return {part: list(targets.values()) for part, targets in found.items()}


def _parts_about(
    section: str | None, project: str | None, campaign: str, parts_of: Mapping[str, Sequence[str]]
) -> Iterable[str]:
    if section:
        return [participation_of(section)]
    if project:
        return parts_of.get(project, ())
    return [part for parts in parts_of.values() for part in parts if part[:4] == campaign[:4]]


def _joined(held: Target | None, more: Target) -> Target:
    """Two deadlines of one day and goal as one, named as the first."""
    if held is None:
        return more
    sections = list(dict.fromkeys((*held.sections, *more.sections)))
    return Target(held.key, held.goal, held.due_on, held.name, sections, held.source or more.source)
