"""What two schemes of a project say differently, parameter by parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhengtu.core.compensation.parameter_reading import plan_adopted
from zhengtu.core.compensation.parameters import Level, Parameter, Parameters, Value


@dataclass(frozen=True, slots=True)
class SchemeChange:
    """One parameter that the later scheme sets otherwise; None where a scheme does not set it."""

    parameter: Parameter
    before: Value | None
    after: Value | None


def scheme_values(parameters: Parameters, plan: Mapping[str, Any], *, project: str) -> dict[str, Value]:
    """Parameter -> the last value that a scheme sets for its project.

    Raises:
        Refused: when the scheme sets what another level sets, or is malformed.
    """
    merged = plan_adopted(parameters, plan, project=project)
    named = {str(entry["id"]) for entry in plan.get("parameters", ())}
    return {
        id: max((v for v in merged.by_id[id].values if v.place == project), key=lambda v: v.from_on).value
        for id in sorted(named)
    }


def scheme_changes(
    parameters: Parameters, *, before: Mapping[str, Any] | None, after: Mapping[str, Any], project: str
) -> list[SchemeChange]:
    """What ``after`` sets otherwise than ``before`` (None: than nothing at all), in the order of ids.

    What the later scheme does not name goes on as the earlier one has it, and is no change.
    """
    old = scheme_values(parameters, before, project=project) if before is not None else {}
    new = scheme_values(parameters, after, project=project)
    known = plan_adopted(parameters, after, project=project).by_id
    return [SchemeChange(known[id], old.get(id), value) for id, value in new.items() if old.get(id) != value]


def settable(parameters: Parameters) -> list[Parameter]:
    """What a project's scheme may set, by id."""
    return [one for _, one in sorted(parameters.by_id.items()) if one.set_by is Level.PROJECT]
