"""Twins of real households: from the ledger, within the actor's reach, with the difference to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import (
    ANNOUNCED_ON,
    CHANGYI,
    TODAY,
    Scene,
    actor_with,
    announce,
    build_campaign,
    build_household,
    record,
    register,
)
from zhengtu.casework.equal_treatment import assessments_of, equal_treatment_of
from zhengtu.core.kernel.money import total

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    further = [build_household(scene.chuanying, number=number, person_number=number + 20) for number in (4, 5, 6)]
    register(further, on=date(2025, 1, 6))
    announce()
    households = [*scene.households[:3], *further]
    for number, household in enumerate(households):
        value = 400_000 if number < 4 else 460_000
        record(household.code, "surveyed", date(2025, 1, 8))
        if number < 5:
            record(household.code, "valued", date(2025, 1, 10), {
                "value_yuan": f"{value}.00", "value_on": ANNOUNCED_ON.isoformat(),
            })
    return Scene(scene.campaign, scene.project, scene.chuanying, scene.changyi, tuple(households))


def test_twins_are_treated_alike_to_the_fen_or_the_difference_is_named(scene: Scene) -> None:
    mine = scene.households[0]
    found = equal_treatment_of(actor_with("inspector"), mine, on=TODAY)
    assert found.mine is not None
    assert found.compared == 4
    first, *_rest = found.twins
    assert (first.total_difference, first.items) == (0, ())
    dear = equal_treatment_of(actor_with("inspector"), scene.households[4], on=TODAY)
    twin = dear.twins[0]
    assert twin.total_difference == Decimal("60000.00")
    assert total([item.mine - item.theirs for item in twin.items]) == twin.total_difference
    assert total([item.unexplained for item in twin.items]) == Decimal("60000.00")


def test_a_named_fact_explains_its_own_item(scene: Scene) -> None:
    mine = scene.households[1]
    record(mine.code, "item_quoted", date(2025, 1, 12), {"item": "fittings", "amount_yuan": "18000.00"})
    twin = equal_treatment_of(actor_with("inspector"), mine, on=TODAY).twins[0]
    assert [(item.item, item.mine - item.theirs, item.unexplained) for item in twin.items] == [
        ("fittings", Decimal("18000.00"), Decimal("0.00")),
    ]
    assert [fact.fact for fact in twin.items[0].facts] == ["quotes"]


def test_only_households_within_reach_are_twins(scene: Scene) -> None:
    mine = scene.households[0]
    family = actor_with("family", subject=mine.code)
    assert equal_treatment_of(family, mine, on=TODAY).twins == ()
    assert equal_treatment_of(actor_with("field_officer", CHANGYI), mine, on=TODAY).twins == ()
    section = actor_with("appraiser", subject=scene.chuanying.code)
    assert len(equal_treatment_of(section, mine, on=TODAY).twins) == 3


def test_without_a_valuation_the_page_says_so(scene: Scene) -> None:
    found = equal_treatment_of(actor_with("inspector"), scene.households[5], on=TODAY)
    assert found.mine is None
    assert [reason.code for reason in found.reasons] == ["casework.not_valued"]
    assert assessments_of([scene.households[5].code]).assessed == {}


def test_an_earlier_day_knows_less(scene: Scene) -> None:
    assert equal_treatment_of(actor_with("inspector"), scene.households[0], on=date(2025, 1, 9)).mine is None
