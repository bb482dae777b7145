"""A comparison of a scenario with the plan, as plain values: what is stored, and what the page reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhengtu.core.planning.comparison import PartComparison, TargetComparison, TargetStanding
from zhengtu.core.planning.plan import Light
from zhengtu.core.planning.scenario_cost import CostLine
from zhengtu.ledger.writes import reason_as_json


def comparison_as_plain(part: PartComparison) -> dict[str, Any]:
    """Everything that is compared of one part of a project; dates as ISO text, sums as text in yuan."""
    return {
        "code": part.code,
        "name": list(part.name),
        "light_before": _light(part.light_before),
        "light_after": _light(part.light_after),
        "targets": [_target(target) for target in part.targets],
        "costs": [_cost(line) for line in part.costs],
        "cost_yuan": str(part.cost_yuan) if any(line.yuan is not None for line in part.costs) else None,
    }


def _light(light: Light) -> dict[str, Any]:
    return {"colour": str(light.colour), "reason": reason_as_json(light.reason)}


def _target(target: TargetComparison) -> dict[str, Any]:
    return {
        "key": target.key, "name": list(target.name), "goal": target.goal,
        "before": _standing(target.before), "after": None if target.after is None else _standing(target.after),
        "days_gained": target.days_gained, "probability_gained": target.probability_gained,
    }


def _standing(standing: TargetStanding) -> dict[str, Any]:
    return {
        "due_on": standing.due_on.isoformat(), "earliest_on": _day(standing.earliest_on),
        "slack_days": standing.slack_days, "is_met": standing.is_met, "probability": standing.probability,
        "likely_on": _day(standing.likely_on),
    }


def _cost(line: CostLine) -> dict[str, Any]:
    return {
        "head": str(line.head), "place": line.place, "yuan": None if line.yuan is None else str(line.yuan),
        "reason": reason_as_json(line.reason),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
