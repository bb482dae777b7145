"""The generator: the same every time, any size, people who cannot exist."""

import dataclasses
from datetime import date

import numpy as np
import pytest
import shapely

from zhengtu.jobs.demonstration import generate
from zhengtu.jobs.demonstration.model import FACT_KINDS
from zhengtu.jobs.demonstration.people import identity_numbers, names, phones

TODAY = date(2026, 2, 8)


def differences(left, right, path="") -> list[str]:
    """Return where two campaigns differ, field by field."""
    if dataclasses.is_dataclass(left):
        fields = [field.name for field in dataclasses.fields(left)]
        return [d for name in fields for d in differences(getattr(left, name), getattr(right, name), f"{path}.{name}")]
    if isinstance(left, np.ndarray):
        if left.dtype == object:
            same = len(left) == len(right) and (shapely.to_wkb(left) == shapely.to_wkb(right)).all()
        else:
            same = np.array_equal(left, right, equal_nan=left.dtype.kind in "fmM")
        return [] if same else [path]
    if isinstance(left, tuple) and left and dataclasses.is_dataclass(left[0]):
        if len(left) != len(right):
            return [path]
        return [d for a, b in zip(left, right, strict=True) for d in differences(a, b, path)]
    if isinstance(left, shapely.Geometry):
        return [] if left.wkb == right.wkb else [path]
    return [] if left == right else [path]


def test_the_same_arguments_give_the_same_campaign():
    first = generate(households=1_500, seed=7, today=TODAY)
    assert differences(first, generate(households=1_500, seed=7, today=TODAY)) == []


def test_another_seed_gives_other_people_and_another_plan():
    found = differences(generate(households=300, seed=7, today=TODAY), generate(households=300, seed=8, today=TODAY))
    assert {".households.head_name", ".facts.happened_on", ".seed"} <= set(found)


def test_another_day_moves_the_dates_and_nothing_else():
    first = generate(households=300, today=TODAY)
    later = generate(households=300, today=date(2026, 2, 18))
    shift = (later.facts.happened_on - first.facts.happened_on).astype(int)
    assert set(shift.tolist()) == {10}
    assert differences(first.households, later.households) == []
    assert differences(first.parcels, later.parcels) == []


@pytest.mark.parametrize("households", [200, 777, 20_000, 60_000])
def test_the_campaign_has_exactly_the_households_asked_for(households):
    campaign = generate(households=households, today=TODAY, with_geometry=False)
    assert len(campaign.households) == households
    assert sum(project.in_speech for project in campaign.projects) == 13
    assert campaign.parcels.geometry is None
    assert campaign.projects[0].geometry is None
    overdue = np.unique(campaign.sections.project[campaign.households.section])
    assert len(overdue) == len(campaign.projects)


def test_overdue_households_grow_with_the_campaign():
    small, large = (generate(households=n, today=TODAY, with_geometry=False) for n in (2_000, 40_000))

    def overdue(campaign):
        facts, today = campaign.facts, np.datetime64(TODAY)
        promised = facts.subject[facts.promised_on < today]
        resettled = facts.subject[facts.kind == FACT_KINDS.index("resettled")]
        return len(set(promised.tolist()) - set(resettled.tolist()))

    assert overdue(small) == 526
    assert overdue(large) == 10_520


def test_too_few_households_are_refused():
    with pytest.raises(ValueError, match="at least 200"):
        generate(households=100, today=TODAY)


def test_identity_numbers_are_well_formed_distinct_and_of_no_division():
    numbers = identity_numbers(np.random.default_rng(1), count=50_000).tolist()
    assert len(set(numbers)) == 50_000
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    for number in numbers[:5_000]:
        assert number[:6] == "999999"
        assert len(number) == 18
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
        assert number[17] == "10X98765432"[total % 11]


def test_telephone_numbers_begin_with_100_and_are_distinct():
    numbers = phones(np.random.default_rng(1), count=50_000).tolist()
    assert len(set(numbers)) == 50_000
    assert all(len(number) == 11 and number.startswith("100") for number in numbers)


def test_names_are_of_two_to_four_characters_and_various():
    found = names(np.random.default_rng(1), count=20_000)
    assert {len(name) for name in found} <= {2, 3, 4}
    assert len(set(found)) > 10_000


def test_households_own_what_stands_on_their_parcel(demonstration):
    households = demonstration.households
    assert np.allclose(households.floor_area_m2, households.registered_area_m2 + households.unregistered_area_m2)
    dwellings = households.use == 0
    assert households.registered_area_m2[dwellings].min() > 25
    assert households.registered_area_m2[dwellings].max() < 500
    assert (demonstration.buildings.parcel[households.building] == households.parcel).all()
    assert (demonstration.parcels.section[households.parcel] == households.section).all()
    assert len(set(zip(households.address, households.room, strict=True))) > 0.98 * len(households)
