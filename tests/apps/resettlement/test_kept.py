"""Kept terms and homes of a day are those that its facts fold to; two counts of late families always add up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import TODAY, Scene, record
from tests.resettlement_scene import BUILDING, build_waiting, entitle
from zhengtu.ledger.queries import Reach
from zhengtu.resettlement.facts import held_homes, reach_around, terms_within
from zhengtu.resettlement.kept import homes_on, terms_on
from zhengtu.resettlement.late_figures import late_figures
from zhengtu.resettlement.promises import Told


@pytest.fixture
def scene() -> Scene:
    return build_waiting(late=2)


@pytest.mark.django_db
def test_terms_and_homes_of_any_day_are_those_of_the_facts(scene: Scene) -> None:
    one, other = (household.code for household in scene.households[:2])
    entitle(one, on=date(2024, 5, 1), home_area_m2="88.00")
    record(one, "home_assigned", date(2024, 2, 1), {"home": f"{BUILDING}-U0001", "by": "signing"})
    record(one, "home_released", date(2024, 8, 1), {"home": f"{BUILDING}-U0001", "reason": "withdrew"})
    record(one, "home_assigned", date(2024, 9, 1), {"home": f"{BUILDING}-U0002", "by": "signing"})
    record(other, "home_assigned", date(2024, 3, 1), {"home": f"{BUILDING}-U0003", "by": "signing"})
    reach = Reach(prefixes=("2202",))
    seen = set()
    for day in (date(2023, 1, 1), date(2024, 2, 1), date(2024, 4, 30), date(2024, 8, 1), date(2024, 12, 1), TODAY):
        terms, homes = terms_on(reach, on=day), homes_on(reach, on=day)
        assert terms == terms_within(reach, on=day)
        assert homes == held_homes(reach, on=day)
        seen.add((len(homes), str(terms[one].home_area_m2)))
    assert len(seen) >= 4


def test_few_codes_are_asked_for_one_by_one_and_many_by_their_divisions() -> None:
    assert reach_around(["220204-P0001-S01-H00002", "220202-P0001-S01-H00001"]).prefixes == ()
    many = reach_around([f"22020{number % 2}-P0001-S01-H{number:05d}" for number in range(500)])
    assert many == Reach(prefixes=("220200", "220201"))


_DAYS = st.dates(date(2020, 1, 1), date(2026, 1, 1))
_TOLD = st.builds(lambda day: Told(home="h", site="", expected_on=day, told_on=date(2020, 1, 1), deed="d"), _DAYS)


@given(st.lists(st.tuples(st.none() | _DAYS, st.none() | _TOLD)), _DAYS)
def test_the_counts_of_late_families_add_up(days: list[tuple[date | None, Told | None]], on: date) -> None:
    found = late_figures(days, on=on)
    assert found.by_agreement == found.by_promise + found.renewed - found.told_earlier
    assert late_figures([(on, None), (on - timedelta(days=1), None)], on=on).by_agreement == 1
