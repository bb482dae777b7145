"""The part of the rulebook about plans: the rules of their lights, paces, frozen months and prices of teams."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.planning.plan import Colour
from zhengtu.core.planning.plan_case import Stage, StageRate
from zhengtu.core.planning.schedule_rules import LIGHT_RULES, ScheduleLightRule, ScheduleRules, TeamDayPrice
from zhengtu.core.rules.reading import RulebookInvalid, label_pair, read_entries

_FILE: Final = "lights/schedule.yaml"
_BELOW: Final = frozenset({"improbable", "doubtful"})
_DAYS: Final = frozenset({"tight"})


def load_schedule(folder: Path) -> ScheduleRules:
    """Read and check ``lights/schedule.yaml``.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "lights" / "schedule.yaml")
    if raw.get("confidence") != "design":
        raise RulebookInvalid(f"{_FILE}: no statute fixes these numbers; confidence is design")
    frozen = {str(place): _months(months, str(place)) for place, months in raw["frozen_months"].items()}
    if "default" not in frozen:
        raise RulebookInvalid(f"{_FILE}: frozen_months names a default")
    stages = raw["stages"]
    if list(stages) != list(Stage):
        raise RulebookInvalid(f"{_FILE}: stages are exactly {', '.join(Stage)}, in order")
    illustrative = bool(raw["prices_are_illustrative"])
    return ScheduleRules(
        lights=_lights(raw["light"]),
        rates={Stage(id): _rate(id, entry) for id, entry in stages.items()},
        most_teams={Stage(id): _count(entry, "most_teams", id, least=0) for id, entry in stages.items()},
        team_day_prices={
            Stage(id): TeamDayPrice(_positive(entry, "team_day_yuan", id), illustrative)
            for id, entry in stages.items() if "team_day_yuan" in entry
        },
        frozen_months=frozen["default"],
        frozen_by_place={place: months for place, months in frozen.items() if place != "default"},
        horizon_days=_count(raw, "horizon_days", "horizon_days", least=1),
        handover_after=_handover_after(raw["handover"]),
        stage_labels={
            Stage(id): label_pair(entry.get("label"), where=f"{_FILE}: {id}") for id, entry in stages.items()
        },
        handover_label=label_pair(raw["handover"]["label"], where=f"{_FILE}: handover"),
        announced_label=label_pair(raw["holds"]["announced"], where=f"{_FILE}: holds"),
    )


def schedule_labels(rules: ScheduleRules) -> dict[str, dict[str, tuple[str, str]]]:
    """Label groups: rules of the light, and stages of work."""
    return {
        "schedule_light": {rule.id: rule.label for rule in rules.lights},
        "stage": {str(stage): label for stage, label in rules.stage_labels.items()},
    }


def _lights(raw: Mapping[str, Any]) -> tuple[ScheduleLightRule, ...]:
    if tuple(raw) != LIGHT_RULES:
        raise RulebookInvalid(f"{_FILE}: rules are exactly {', '.join(LIGHT_RULES)}, in this order")
    rules = []
    for id, entry in raw.items():
        if entry.get("light") not in list(Colour):
            raise RulebookInvalid(f"{_FILE}: {id}: light is one of {', '.join(Colour)}")
        if ("below" in entry) != (id in _BELOW) or ("days" in entry) != (id in _DAYS):
            raise RulebookInvalid(f"{_FILE}: {id}: below belongs to improbable and doubtful, days to tight")
        below = _positive(entry, "below", id) if id in _BELOW else None
        if below is not None and below > 1:
            raise RulebookInvalid(f"{_FILE}: {id}: below is a probability")
        rules.append(ScheduleLightRule(
            id=id, colour=Colour(entry["light"]), label=label_pair(entry.get("label"), where=f"{_FILE}: {id}"),
            below=below, days=_count(entry, "days", id, least=1) if id in _DAYS else 0,
        ))
    return tuple(rules)


def _handover_after(entry: Mapping[str, Any]) -> Stage:
    if entry.get("after") not in (Stage.VACATING, Stage.DEMOLITION):
        raise RulebookInvalid(f"{_FILE}: handover: after is {Stage.VACATING} or {Stage.DEMOLITION}")
    return Stage(entry["after"])


def _rate(id: str, entry: Mapping[str, Any]) -> StageRate:
    return StageRate(
        households_per_day=_positive(entry, "households_per_day", id), teams=_count(entry, "teams", id, least=1),
        least_days=_count(entry, "least_days", id, least=1), basis="rule",
    )


def _months(raw: Any, place: str) -> frozenset[int]:
    if not isinstance(raw, list) or not all(isinstance(one, int) and 1 <= one <= 12 for one in raw) or len(raw) > 11:
        raise RulebookInvalid(f"{_FILE}: frozen_months of {place}: months from 1 to 12, not all of them")
    return frozenset(raw)


def _positive(entry: Mapping[str, Any], name: str, where: str) -> Decimal:
    try:
        number = decimal_of(entry.get(name))
    except ValueError as error:
        raise RulebookInvalid(f"{_FILE}: {where}: {name} is a number") from error
    if number <= 0:
        raise RulebookInvalid(f"{_FILE}: {where}: {name} lies above 0")
    return number


def _count(entry: Mapping[str, Any], name: str, where: str, *, least: int) -> int:
    value = entry.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise RulebookInvalid(f"{_FILE}: {where}: {name} is a whole number of at least {least}, not {value!r}")
    return value
