"""The part of the rulebook about integrity: what is looked for in every file alike, and from which measure on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from zhengtu.core.integrity.findings import DetectorRule, Threshold
from zhengtu.core.kernel.money import decimal_of
from zhengtu.core.rules.reading import RulebookInvalid, known_source, label_pair, read_entries

THRESHOLDS: Final[Mapping[str, tuple[str, ...]]] = {
    "same_identity": ("files",),
    "same_account": ("people",),
    "payee_not_owner": (),
    "registered_after_freeze": ("grace_days",),
    "split_after_freeze": ("grace_days",),
    "enlarged_after_freeze": ("area_m2", "members"),
    "register_move": ("days_before",),
    "off_statement": ("yuan",),
    "late_reward": (),
    "below_market": (),
    "same_hands": (),
    "unit_price_outlier": ("deviations", "least_households", "least_spread_share"),
    "under_limit": ("limits_yuan", "margin_share", "least_payments", "times_above"),
    "split_payments": ("limits_yuan", "window_days"),
    "areas_differ": ("area_m2",),
    "parties_differ": (),
    "building_overclaimed": ("share",),
    "inflated_attachments": ("least_land_m2",),
}
"""Every detector with the thresholds that it reads; attachments name further items of their own."""
MOVE_COLUMNS: Final = ("identity_number", "moved_in_on")
_OPEN: Final = ("inflated_attachments",)
_CONFIDENCE: Final = ("verified", "secondary", "recalled", "design")


@dataclass(frozen=True, slots=True)
class IntegrityRulebook:
    """Everything that the rulebook says about integrity.

    Attributes:
        rules: detector -> its rule.
        move_columns: column of a police list of moves -> its headings, the usual one first.
        labels: group (``detector``, ``threshold``, ``threshold_unit``) -> id -> (Chinese, English).
    """

    rules: Mapping[str, DetectorRule]
    move_columns: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, Mapping[str, tuple[str, str]]]


def load_integrity(folder: Path, *, sources: Mapping[str, tuple[str, str]]) -> IntegrityRulebook:
    """Read and check ``integrity/rules.yaml``.

    Raises:
        RulebookInvalid: naming the entry that is wrong.
    """
    raw = read_entries(folder / "integrity" / "rules.yaml")
    if set(raw["detectors"]) != set(THRESHOLDS):
        raise RulebookInvalid(f"integrity/rules.yaml: detectors are exactly {', '.join(THRESHOLDS)}")
    units = {id: (pair[0], pair[1]) for id, pair in raw["units"].items()}
    rules = {id: _rule(id, entry, units=units, sources=sources) for id, entry in raw["detectors"].items()}
    return IntegrityRulebook(
        rules=rules,
        move_columns=_move_columns(raw["move_columns"]),
        labels={
            "detector": {id: rule.label for id, rule in rules.items()},
            "threshold": {
                f"{id}.{name}": threshold.label
                for id, rule in rules.items()
                for name, threshold in rule.thresholds.items()
            },
            "threshold_unit": units,
        },
    )


def _move_columns(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    where = "integrity/rules.yaml: move_columns"
    if set(raw) != set(MOVE_COLUMNS):
        raise RulebookInvalid(f"{where}: columns are exactly {', '.join(MOVE_COLUMNS)}")
    for id, entry in raw.items():
        label_pair(entry.get("label"), where=f"{where}: {id}")
        if not entry.get("headings"):
            raise RulebookInvalid(f"{where}: {id} needs headings")
    return {id: tuple(entry["headings"]) for id, entry in raw.items()}


def _rule(
    id: str, entry: Mapping[str, Any], *, units: Mapping[str, tuple[str, str]], sources: Mapping[str, tuple[str, str]]
) -> DetectorRule:
    where = f"integrity/rules.yaml: {id}"
    given = entry.get("thresholds") or {}
    missing = set(THRESHOLDS[id]) - set(given)
    unknown = set(given) - set(THRESHOLDS[id]) if id not in _OPEN else set()
    if missing or unknown:
        raise RulebookInvalid(f"{where}: thresholds missing {sorted(missing)}, unknown {sorted(unknown)}")
    if entry.get("confidence") not in _CONFIDENCE:
        raise RulebookInvalid(f"{where}: confidence is one of {', '.join(_CONFIDENCE)}")
    if not isinstance(entry.get("since"), date):
        raise RulebookInvalid(f"{where}: since is a date")
    return DetectorRule(
        id=id,
        label=label_pair(entry.get("label"), where=where),
        thresholds={name: _threshold(name, spec, units=units, where=where) for name, spec in given.items()},
        source=known_source(entry["source"], sources=sources, where=where),
        confidence=entry["confidence"],
        since=entry["since"],
    )


def _threshold(
    name: str, spec: Mapping[str, Any], *, units: Mapping[str, tuple[str, str]], where: str
) -> Threshold:
    if spec.get("unit") not in units:
        raise RulebookInvalid(f"{where}: {name}: unknown unit {spec.get('unit')!r}")
    given = spec.get("value")
    try:
        values = tuple(decimal_of(value) for value in (given if isinstance(given, list) else [given]))
    except (TypeError, ValueError) as error:
        raise RulebookInvalid(f"{where}: {name}: {error}") from error
    if not values or min(values) < Decimal(0):
        raise RulebookInvalid(f"{where}: {name}: thresholds are not negative")
    return Threshold(id=name, label=label_pair(spec.get("label"), where=where), unit=spec["unit"], values=values)
