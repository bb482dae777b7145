"""The rules of accountability: what is read, and which sets are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.assessment.triggers import BLAME, PRAISE, AccountabilityRules, all_home_on, late_home_days
from zhengtu.core.rules.accountability import load_accountability
from zhengtu.core.rules.reading import RulebookInvalid

FOLDER = Path(__file__).parents[3] / "rulebook"
RAW = yaml.safe_load((FOLDER / "accountability" / "triggers.yaml").read_text(encoding="utf-8"))
DECIDED = [one for held in RAW["outcomes"].values() for one in held]
SOURCES = dict.fromkeys(
    ("local-inspection-practice", "state-council-decree-590", "government-inspection-regulation-2020"), ("x", "x")
)


def load(tmp_path: Path, change: Callable[[Any], object]) -> AccountabilityRules:
    raw = yaml.safe_load(yaml.safe_dump(RAW, allow_unicode=True))
    change(raw)
    (tmp_path / "accountability").mkdir()
    (tmp_path / "accountability" / "triggers.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    return load_accountability(tmp_path, sources=SOURCES, decided=DECIDED)


def test_the_set_praises_at_least_as_much_as_it_blames(tmp_path: Path) -> None:
    rules = load(tmp_path, lambda raw: None)
    weights = {
        tone: [one.weight for one in rules.triggers.values() if one.tone == tone] for tone in (BLAME, PRAISE)
    }
    assert len(weights[PRAISE]) >= len(weights[BLAME])
    assert sum(weights[PRAISE]) >= sum(weights[BLAME])
    assert rules.triggers["home_late"].limits == {"months": 12}


@pytest.mark.parametrize(("change", "told"), [
    (lambda raw: raw["triggers"]["goal_early"].update(weight=1), "praise weighs less"),
    (lambda raw: raw["triggers"].pop("funds_early"), "praise weighs less"),
    (lambda raw: raw["triggers"]["home_late"].update(of=["family"]), "never persons or families"),
    (lambda raw: raw["triggers"]["home_late"].update(of=["household"]), "never persons or families"),
    (lambda raw: raw["triggers"]["directive_overdue"].update(of=["person"]), "never persons or families"),
    (lambda raw: raw["triggers"]["home_late"].update(of=[]), "never persons or families"),
    (lambda raw: raw["triggers"]["home_late"].update(when="visits"), "activity"),
    (lambda raw: raw["triggers"]["home_late"].update(when="log_ins"), "activity"),
    (lambda raw: raw["triggers"]["home_late"].update(when="reports_filed"), "activity"),
    (lambda raw: raw["triggers"]["homes_all"].update(tone="blame"), "is praise"),
    (lambda raw: raw["triggers"]["home_late"].update(limits={}), "months"),
    (lambda raw: raw["triggers"]["home_late"].update(limits={"months": 0}), "whole number"),
    (lambda raw: raw["triggers"]["home_late"].update(source="hearsay"), "hearsay"),
    (lambda raw: raw["outcomes"].update(praise=["commended"]), "outcomes"),
    (lambda raw: raw["outcomes"].update(praise=[*raw["outcomes"]["praise"], "talk"]), "outcomes"),
    (lambda raw: raw.pop("hearing_workdays"), "hearing_workdays"),
])
def test_what_is_unfair_or_unknown_is_refused(
    tmp_path: Path, change: Callable[[Any], object], told: str
) -> None:
    with pytest.raises(RulebookInvalid, match=told):
        load(tmp_path, change)


DAYS = st.dates(date(2020, 1, 1), date(2024, 12, 31))


@given(made=DAYS, term=st.integers(0, 900), home=st.none() | st.integers(-400, 2000), months=st.integers(1, 24))
def test_a_family_is_late_once_and_only_if_it_still_waited(
    made: date, term: int, home: int | None, months: int
) -> None:
    due_on = made + timedelta(days=term)
    home_on = None if home is None else due_on + timedelta(days=home)
    found = late_home_days([(made, due_on)], home_on=home_on, months=months, on=date(2035, 1, 1))
    assert len(found) <= 1
    assert bool(found) == (home_on is None or home_on > late_home_days(
        [(made, due_on)], home_on=None, months=months, on=date(2035, 1, 1)
    )[0][0])


def test_praise_for_bringing_everybody_home_waits_for_the_last_and_for_enough() -> None:
    promised, home = date(2025, 1, 10), date(2025, 1, 20)
    late = [(promised, home)] * 4
    assert all_home_on([*late, (promised, date(2025, 2, 1))], least=5, on=date(2025, 2, 14)) == date(2025, 2, 1)
    assert all_home_on([*late, (promised, None)], least=4, on=date(2025, 2, 14)) is None
    assert all_home_on([*late, (promised, date(2025, 2, 1))], least=4, on=date(2025, 1, 31)) is None
    assert all_home_on([*late, (promised, promised)], least=5, on=date(2025, 2, 14)) is None
    assert all_home_on([], least=1, on=date(2025, 2, 14)) is None
