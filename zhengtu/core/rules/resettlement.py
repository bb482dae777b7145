"""The part of the rulebook about resettlement homes: stages of the works and types of homes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from zhengtu.core.ledger.fact_kinds import FactKind
from zhengtu.core.resettlement.rules import HomeType, ListColumn, ResettlementRules
from zhengtu.core.resettlement.works import WorksStage
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

_WORKS: Final = "resettlement/works.yaml"
_TYPES: Final = "resettlement/home_types.yaml"
_LISTS: Final = "resettlement/lists.yaml"
LISTS: Final = ("entitlements", "sites", "homes", "stock", "addresses")
_CELL_TYPES: Final = ("text", "date", "number", "choice", "home_type", "unit", "site", "rule")
_STAGE_ENTRIES: Final = {"id", "label", "usual_months", "spread", "is_outdoor"}
_TYPE_ENTRIES: Final = {"id", "label", "from_m2", "below_m2"}


def load_resettlement(
    folder: Path, *, sources: Mapping[str, tuple[str, str]], facts: Mapping[str, FactKind]
) -> ResettlementRules:
    """Read and check ``resettlement/works.yaml`` and ``resettlement/home_types.yaml``.

    Args:
        facts: kinds of fact, whose permits and stages the works are made of.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "resettlement" / "works.yaml")
    types = read_entries(folder / "resettlement" / "home_types.yaml")
    known_source(types["source"], sources=sources, where=_TYPES)
    lists = read_entries(folder / "resettlement" / "lists.yaml")
    stages = tuple(_stage(entry) for entry in raw["stages"])
    told = (*facts["site_permitted"].attributes["permit"].choices, *facts["works_reached"].attributes["stage"].choices)
    if tuple(stage.id for stage in stages) != told:
        raise RulebookInvalid(f"{_WORKS}: stages are the permits and then the stages of facts.yaml, in their order")
    return ResettlementRules(
        stages=stages, frost_months=_months(raw["frost_months"]),
        source=known_source(raw["source"], sources=sources, where=_WORKS), confidence=str(raw["confidence"]),
        home_types=_types(types["home_types"]), lists=_lists(lists["lists"], facts), lines_limit=lists["lines_limit"],
    )


def resettlement_labels(rules: ResettlementRules) -> dict[str, dict[str, tuple[str, str]]]:
    """Labels of stages and of types of homes."""
    return {
        "works_stage": {stage.id: stage.label for stage in rules.stages},
        "home_type": {one.id: one.label for one in rules.home_types.values()},
        "housing_column": {
            f"{name}.{column.id}": column.label for name, columns in rules.lists.items() for column in columns
        },
    }


def _stage(raw: Mapping[str, Any]) -> WorksStage:
    where = f"{_WORKS}: {raw.get('id', '?')}"
    _refuse_unknown(raw, _STAGE_ENTRIES, where)
    usual, spread = raw.get("usual_months"), raw.get("spread")
    for number in (usual, spread):
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < 240:
            raise RulebookInvalid(f"{where}: usual_months and spread are numbers above zero, not {number!r}")
    return WorksStage(
        id=raw["id"], label=label_pair(raw.get("label"), where=where), usual_months=float(usual or 0),
        spread=float(spread or 0), is_outdoor=raw.get("is_outdoor", False) is True,
    )


def _months(raw: Any) -> tuple[int, ...]:
    if not isinstance(raw, list) or any(isinstance(one, bool) or one not in range(1, 13) for one in raw):
        raise RulebookInvalid(f"{_WORKS}: frost_months are calendar months from 1 to 12")
    if len(set(raw)) in {0, 12} and raw:
        raise RulebookInvalid(f"{_WORKS}: frost_months leave a month to work in")
    return tuple(raw)


def _types(raw: list[Mapping[str, Any]]) -> dict[str, HomeType]:
    """The types, which follow one another without a gap from zero on."""
    found: dict[str, HomeType] = {}
    reached: Decimal | None = Decimal(0)
    for entry in raw:
        where = f"{_TYPES}: {entry.get('id', '?')}"
        _refuse_unknown(entry, _TYPE_ENTRIES, where)
        try:
            start = Decimal(str(entry["from_m2"]))
            end = Decimal(str(entry["below_m2"])) if "below_m2" in entry else None
        except (KeyError, InvalidOperation) as error:
            raise RulebookInvalid(f"{where}: from_m2 and below_m2 are areas in m²") from error
        if entry["id"] in found or reached is None or start != reached or (end is not None and end <= start):
            raise RulebookInvalid(f"{where}: each type begins where the one before ends, from 0 m² on")
        found[entry["id"]] = HomeType(entry["id"], label_pair(entry.get("label"), where=where), start, end)
        reached = end
    if not found or reached is not None:
        raise RulebookInvalid(f"{_TYPES}: the last type has no end")
    return found


def _lists(raw: Mapping[str, list[Mapping[str, Any]]], facts: Mapping[str, FactKind]) -> dict[str, list[ListColumn]]:
    """Columns of every list; those of entitlements are the fact's own fields, beside household and day."""
    if tuple(raw) != LISTS:
        raise RulebookInvalid(f"{_LISTS}: the lists are {', '.join(LISTS)}")
    found = {}
    for name, entries in raw.items():
        columns = []
        for entry in entries:
            where = f"{_LISTS}: {name}: {entry.get('id', '?')}"
            if entry.get("type") not in _CELL_TYPES or not entry.get("headings"):
                raise RulebookInvalid(f"{where}: a column has a type of {', '.join(_CELL_TYPES)} and headings")
            columns.append(ListColumn(
                id=entry["id"], type=entry["type"], label=label_pair(entry.get("label"), where=where),
                headings=tuple(map(str, entry["headings"])), is_required=entry.get("required", False) is True,
            ))
        headed = [heading for column in columns for heading in column.headings]
        if len(set(headed)) != len(headed):
            raise RulebookInvalid(f"{_LISTS}: {name}: a heading names two columns")
        found[name] = columns
    told = {column.id for column in found["entitlements"]} - {"household", "agreed_on"}
    if unknown := sorted(told - set(facts["entitlement_agreed"].attributes)):
        raise RulebookInvalid(f"{_LISTS}: entitlement_agreed has no field {unknown[0]}")
    return found


def _refuse_unknown(raw: Mapping[str, Any], entries: Collection[str], where: str) -> None:
    if unknown := sorted(set(raw) - set(entries)):
        raise RulebookInvalid(f"{where}: unknown entry {unknown[0]}")
