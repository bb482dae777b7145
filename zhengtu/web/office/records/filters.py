"""Choices and filters that several lists share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengtu.campaign.facts import PLACE_STATES
from zhengtu.campaign.queries import deadline_choices
from zhengtu.core.authority.actor import Actor
from zhengtu.registry.models import StartList
from zhengtu.registry.queries import jurisdictions_for, projects_for
from zhengtu.web.office.cockpit.sentences import goal_label, is_english, state_label
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.table_columns import Filter

Apply = Callable[[Any, str], Any]


def district_filter(actor: Actor, *, apply: Apply | None = None, verb: str = "registry.view") -> Filter:
    """Jurisdictions in reach."""
    choices = [
        (unit.code, unit.name_en if is_english() and unit.name_en else unit.short_name or unit.name)
        for unit in jurisdictions_for(actor, verb=verb)
    ]
    return Filter("district", _("District"), kind="choice", choices=choices, paths=("jurisdiction",), apply=apply)


def project_filter(actor: Actor, *, apply: Apply | None = None, verb: str = "registry.view") -> Filter:
    """Projects in reach."""
    choices = [
        (project.code, project.name_en if is_english() and project.name_en else project.name)
        for project in projects_for(actor, verb=verb).only("code", "name", "name_en").order_by("code")
    ]
    return Filter("project", _("Project"), kind="choice", choices=choices, paths=("project",), apply=apply)


def state_filter(apply: Apply | None = None, *, with_hand_over: bool = True) -> Filter:
    """States of sections and projects, or of households."""
    states = PLACE_STATES if with_hand_over else PLACE_STATES[:-1]
    return Filter("state", _("State"), kind="choice", choices=[(s, state_label(s)) for s in states], apply=apply)


def deadline_filter(actor: Actor, dates: AsOf, apply: Apply) -> Filter:
    """What still stands between a deadline and its goal."""
    choices = [
        (key, f"{due_on.isoformat()} {goal_label(goal)}") for key, due_on, goal in deadline_choices(actor)
    ]
    return Filter("deadline", _("Left for deadline"), kind="choice", choices=choices, apply=apply)


def list_name(entry: StartList) -> str:
    """The name of a start or supervision list in the current language."""
    return entry.name_en if is_english() and entry.name_en else entry.name
