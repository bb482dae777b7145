"""Parameters as they would be with some values changed; nothing on file is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from zhengtu.core.compensation.parameter_reading import value_from
from zhengtu.core.compensation.parameters import (
    STANDARD_SET,
    Confidence,
    DatedValue,
    Level,
    Parameter,
    Parameters,
    Value,
)
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

TRIAL_SOURCE: Final = "policy-trial"


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for one parameter, as plain data in the form of a rulebook file."""

    parameter: str
    value: Any


def tried(
    parameters: Parameters, changes: Sequence[Change], *, on: date, place: str, project: str, set_name: str
) -> Parameters:
    """``parameters`` with each change in force on ``on``, put where the value it replaces stands.

    A change stands at the place of the value in force, or at that of the level that sets the parameter; so a trial
    asks “what if that level set this”, and never lets a lower level set it.

    Args:
        place: division code of the households; project: code of the project.
        set_name: the parameter set that the households of the trial are under.

    Raises:
        Refused: naming every parameter that is unknown or whose value cannot be read.
    """
    by_id, reasons = dict(parameters.by_id), []
    places = ("CN", place[:2], place[:4], place[:6], project)
    for change in changes:
        known = by_id.get(change.parameter)
        if known is None:
            reasons.append(_wrong(change.parameter, "unknown"))
            continue
        try:
            value = value_from(change.value, kind=known.kind, choices=known.choices)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            reasons.append(_wrong(change.parameter, f"{type(error).__name__}: {error}"))
            continue
        by_id[known.id] = _with_value(known, value, on=on, places=places, set_name=set_name)
    if reasons:
        raise Refused(*reasons)
    return Parameters(by_id)


def _with_value(
    parameter: Parameter, value: Value, *, on: date, places: tuple[str, ...], set_name: str
) -> Parameter:
    held = parameter.on(day=on, places=places, set_name=set_name)
    place = held.place if held is not None else level_place(parameter.set_by, places=places)
    trial = DatedValue(
        place=place,
        from_on=on,
        value=value,
        source=TRIAL_SOURCE,
        confidence=Confidence.ILLUSTRATIVE,
        set_name=held.set_name if held is not None else STANDARD_SET,
    )
    key = (trial.place, trial.from_on, trial.set_name)
    others = tuple(one for one in parameter.values if (one.place, one.from_on, one.set_name) != key)
    return replace(parameter, values=(*others, trial))


def level_place(level: Level, *, places: tuple[str, ...]) -> str:
    """The place, among nation, province, city, district and project, for which a level sets values."""
    return places[{Level.NATION: 0, Level.PROVINCE: 1, Level.CITY: 2, Level.PROJECT: 4}[level]]


def plain_changes(changes: Sequence[Change]) -> list[Mapping[str, Any]]:
    """The changes as they are stored with a trial."""
    return [{"parameter": change.parameter, "value": change.value} for change in changes]


def _wrong(id: str, problem: str) -> Reason:
    return Reason(
        code="compensation.parameter_malformed",
        message=N_("The entry of parameter %(parameter)s cannot be read: %(problem)s."),
        parameters={"parameter": id, "problem": problem},
        remedy=N_("Write it as docs/algorithms/compensation.md describes."),
    )
