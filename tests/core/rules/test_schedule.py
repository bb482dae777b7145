"""The rulebook's file on plans: what it says, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.procedure.kit import RULEBOOK, rulebook
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.schedule_rules import LIGHT_RULES
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.schedule import load_schedule


def changed(folder: Path, change: Any) -> Path:
    """A folder with the file, changed by a function of its entries."""
    raw = yaml.safe_load((RULEBOOK / "lights" / "schedule.yaml").read_text(encoding="utf-8"))
    change(raw)
    (folder / "lights").mkdir()
    (folder / "lights" / "schedule.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False))
    return folder


def test_the_file_gives_rules_paces_and_prices() -> None:
    rules = rulebook().schedule
    assert tuple(rule.id for rule in rules.lights) == LIGHT_RULES
    assert set(rules.rates) == set(Stage)
    assert all(rate.basis == "rule" for rate in rules.rates.values())
    price = rules.team_day_price(Stage.NEGOTIATION)
    assert price is not None
    assert price.is_illustrative
    assert rules.team_day_price(Stage.VACATING) is None
    assert rulebook().label(group="stage", id="vacating", language="en") == "Vacating"


def test_the_longest_place_gives_the_frozen_months() -> None:
    rules = rulebook().schedule
    assert rules.frozen_months_in("220204") == frozenset({12, 1, 2})
    assert rules.frozen_months_in("230102") == frozenset({11, 12, 1, 2, 3})
    assert rules.frozen_months_in("440100") == rules.frozen_months


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["light"].update({"tight": {"light": "yellow", "label": ["紧", "Tight"]}}), "tight"),
        (lambda raw: raw["light"].pop("doubtful"), "in this order"),
        (lambda raw: raw["light"]["improbable"].update({"below": "1.5"}), "probability"),
        (lambda raw: raw["light"]["on_course"].update({"light": "blue"}), "light is one of"),
        (lambda raw: raw["stages"].pop("survey"), "stages are exactly"),
        (lambda raw: raw["stages"]["survey"].update({"households_per_day": "0"}), "above 0"),
        (lambda raw: raw["stages"]["survey"].update({"teams": 0}), "whole number"),
        (lambda raw: raw["frozen_months"].pop("default"), "default"),
        (lambda raw: raw["frozen_months"].update({"22": list(range(1, 13))}), "not all of them"),
        (lambda raw: raw.update({"confidence": "verified"}), "design"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: Any, said: str) -> None:
    with pytest.raises(RulebookInvalid, match=said):
        load_schedule(changed(tmp_path, change))
