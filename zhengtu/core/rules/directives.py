"""The part of the rulebook about directives: numbers with their sources, names of states, lights and rungs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from zhengtu.core.directives.papers import Papers
from zhengtu.core.directives.rules import DirectiveRules, GoalWords, Step
from zhengtu.core.directives.standing import Colour, Rung, State
from zhengtu.core.rules.directive_papers import load_directive_papers, paper_labels
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

_FILE: Final = "directives/rules.yaml"
_CONFIDENCES: Final = ("verified", "secondary", "design")
_GOALS: Final = ("signed", "vacated", "handed_over", "started", "launched", "resettled")
_LABELS: Final = {"states": tuple(State), "colours": tuple(Colour), "rungs": tuple(Rung)}
_GROUPS: Final = {"states": "directive_state", "colours": "directive_light", "rungs": "directive_rung"}

Sources = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DirectiveRulebook:
    """The rules of directives and their papers, with the labels (``directive_state``, ``directive_light``,
    ``directive_rung``, ``urgency``, ``directive_paper``)."""

    rules: DirectiveRules
    papers: Papers
    labels: Mapping[str, Mapping[str, tuple[str, str]]]


def load_directives(folder: Path, *, sources: Sources, roles: Mapping[str, Any]) -> DirectiveRulebook:
    """Read and check ``directives/rules.yaml`` and the papers beside it.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "directives" / "rules.yaml")
    numbering, urgencies = raw["numbering"], raw["urgencies"]
    _vouched(numbering, "numbering", sources)
    handling = {id: _count(entry, "workdays", id, sources) for id, entry in urgencies.items()}
    if "normal" not in handling:
        raise RulebookInvalid(f"{_FILE}: urgencies need “normal”, which is meant where none is said")
    periods = {id: _count(entry, "value", id, sources) for id, entry in raw["periods"].items()}
    lights = {id: _count(entry, "value", id, sources) for id, entry in raw["lights"].items()}
    rules = DirectiveRules(
        series=numbering["series"], number=numbering["directive"], sub_item_number=numbering["sub_item"],
        occurrence_number=numbering["occurrence"], handling_workdays=handling,
        objection_workdays=periods["objection_workdays"], check_workdays=periods["check_workdays"],
        blue_workdays=lights["blue_workdays"], yellow_overdue_workdays=lights["yellow_overdue_workdays"],
        yellow_points=lights["yellow_points"], red_points=lights["red_points"],
        setter_roles=_roles(raw["setter_roles"], "setter_roles", roles),
        ladder=_ladder(raw["ladder"], sources=sources, roles=roles),
        matter_joint=raw["wording"]["joint"], matter_ends=raw["wording"]["ends"],
        groups={name: tuple(kinds) for name, kinds in raw["groups"].items()},
        goals=[_goal(entry) for entry in raw["goals"]],
    )
    if rules.yellow_points >= rules.red_points:
        raise RulebookInvalid(f"{_FILE}: lights: yellow_points lies below red_points")
    papers = load_directive_papers(folder, sources=sources)
    return DirectiveRulebook(
        rules=rules, papers=papers,
        labels={**_labels(raw["labels"]), "urgency": _urgencies(urgencies), **paper_labels(papers)},
    )


def _labels(raw: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, str]]]:
    found = {}
    for group, ids in _LABELS.items():
        if list(raw.get(group, {})) != list(ids):
            raise RulebookInvalid(f"{_FILE}: labels: {group} are exactly {', '.join(ids)}, in that order")
        found[_GROUPS[group]] = {
            id: label_pair(pair, where=f"{_FILE}: {group}.{id}") for id, pair in raw[group].items()
        }
    return found


def _urgencies(raw: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    return {id: label_pair(entry["label"], where=f"{_FILE}: {id}") for id, entry in raw.items()}


def _ladder(raw: Any, *, sources: Sources, roles: Mapping[str, Any]) -> list[Step]:
    steps = []
    for entry in raw:
        days = _count(entry, "workdays", "ladder", sources)
        told = _roles(entry["roles"], "ladder", roles)
        steps.append(Step(Rung(entry["rung"]), days, told, bool(entry["unit"])))
    if [step.rung for step in steps] != [rung for rung in Rung if rung is not Rung.NONE]:
        raise RulebookInvalid(f"{_FILE}: ladder: its rungs are unit_head, coordinator, vice_mayor and mayor, in order")
    if any(lower.workdays >= higher.workdays for lower, higher in pairwise(steps)):
        raise RulebookInvalid(f"{_FILE}: ladder: each rung is reached later than the one below")
    return steps


def _roles(names: Any, where: str, roles: Mapping[str, Any]) -> tuple[str, ...]:
    unknown = set(names) - set(roles)
    if unknown:
        raise RulebookInvalid(f"{_FILE}: {where} names unknown roles {sorted(unknown)}")
    return tuple(names)


def _goal(entry: Mapping[str, Any]) -> GoalWords:
    if entry.get("goal") not in _GOALS:
        raise RulebookInvalid(f"{_FILE}: goals: one of {', '.join(_GOALS)}, not {entry.get('goal')!r}")
    words = {name: tuple(entry.get(name, ())) for name in ("all", "any", "none")}
    if not words["all"] and not words["any"]:
        raise RulebookInvalid(f"{_FILE}: goals: {entry['goal']} needs words")
    return GoalWords(goal=entry["goal"], **words)


def _count(entry: Mapping[str, Any], name: str, where: str, sources: Sources) -> int:
    """A whole number of at least 1 with its source and confidence."""
    _vouched(entry, where, sources)
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise RulebookInvalid(f"{_FILE}: {where}: {name} is a whole number of at least 1, not {value!r}")
    return value


def _vouched(entry: Mapping[str, Any], where: str, sources: Sources) -> None:
    known_source(entry.get("source", ""), sources=sources, where=f"{_FILE}: {where}")
    if entry.get("confidence") not in _CONFIDENCES:
        raise RulebookInvalid(f"{_FILE}: {where}: confidence is one of {', '.join(_CONFIDENCES)}")
