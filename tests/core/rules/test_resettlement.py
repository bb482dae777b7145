"""Stages of works, types of homes and lists: read whole, and refused by the entry that is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.resettlement import LISTS
from zhengtu.core.rules.rulebook import load_rulebook

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"
RULES = load_rulebook(RULEBOOK).resettlement


def test_the_works_begin_with_permits_and_end_with_the_acceptance() -> None:
    ids = [stage.id for stage in RULES.stages]
    assert ids[:3] == ["land", "planning", "construction"]
    assert ids[-1] == "accepted"
    assert set(RULES.frost_months) == {11, 12, 1, 2, 3}
    assert RULES.confidence == "design"


@given(st.decimals(min_value=0, max_value=400, places=2))
def test_every_area_is_of_exactly_one_type(area: Decimal) -> None:
    assert [one.id for one in RULES.home_types.values() if one.holds(area)] == [RULES.type_of(area)]


def test_a_limit_belongs_to_the_greater_type() -> None:
    assert RULES.type_of(Decimal("64.99")) == "one_bedroom"
    assert RULES.type_of(Decimal(65)) == "two_bedroom"


def test_lists_know_their_headings_with_any_brackets_and_blanks() -> None:
    assert tuple(RULES.lists) == LISTS
    area = next(column for column in RULES.lists["homes"] if column.id == "area_m2")
    assert area.is_headed("建筑面积(m²)")
    assert area.is_headed(" 建筑 面积 ")
    assert not area.is_headed("套内面积")


def _stage(raw: Any) -> None:
    raw["stages"][3]["usual_months"] = 0


def _order(raw: Any) -> None:
    raw["stages"].reverse()


def _frost(raw: Any) -> None:
    raw["frost_months"] = list(range(1, 13))


def _gap(raw: Any) -> None:
    raw["home_types"][1]["from_m2"] = 55


def _no_end(raw: Any) -> None:
    raw["home_types"][-1]["below_m2"] = 300


def _twice(raw: Any) -> None:
    raw["lists"]["homes"][0]["headings"] = ["房号"]


def _field(raw: Any) -> None:
    raw["lists"]["entitlements"][3]["id"] = "favourite_colour"


def _unknown(raw: Any) -> None:
    raw["stages"][0]["colour"] = "red"


@pytest.mark.parametrize(("file", "change", "told"), [
    ("works", _stage, "started: usual_months"),
    ("works", _order, "in their order"),
    ("works", _frost, "leave a month"),
    ("works", _unknown, "unknown entry colour"),
    ("home_types", _gap, "one_bedroom: each type begins"),
    ("home_types", _no_end, "the last type has no end"),
    ("lists", _twice, "a heading names two columns"),
    ("lists", _field, "no field favourite_colour"),
])
def test_what_is_wrong_is_named(tmp_path: Path, file: str, change: Callable[[Any], None], told: str) -> None:
    folder = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK, folder)
    path = folder / "resettlement" / f"{file}.yaml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match=told):
        load_rulebook(folder)
