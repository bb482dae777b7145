"""Fields that people typed, counted from deeds; what is imported, derived or looked into unseen is not."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import CHUANYING_SECTION, CITY, Scene, advance, at, build_campaign, record
from zhengtu.assessment.burden import burden_months
from zhengtu.core.assessment.burden import BurdenMonth, tendency

pytestmark = pytest.mark.django_db

UNTIL = date(2025, 2, 14)


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def month_of(number: int) -> BurdenMonth:
    return next(one for one in burden_months(CITY, until=UNTIL) if one.month == date(2025, number, 1))


def test_a_household_surveyed_valued_and_signed_costs_what_its_forms_ask(scene: Scene) -> None:
    advance(scene.households[0], to="signed")
    january = month_of(1)
    # The day and a note of the survey; the day and three values of the valuation; of the agreement its day alone,
    # since its sum follows from the statement. Nobody typed the register, which was imported.
    assert january.fields == {"valued": 4, "surveyed": 2, "signed": 1}
    assert (january.steps, january.households) == (3, 6)
    assert january.per_step == pytest.approx(7 / 3)


def test_what_was_recorded_in_february_counts_there_whenever_it_happened(scene: Scene) -> None:
    record(
        CHUANYING_SECTION, "handed_over", date(2025, 1, 31), {"note": "交地"}, recorded_at=at(date(2025, 2, 3))
    )
    (month,) = burden_months(CITY, until=UNTIL)  # in January nothing was typed: the register was imported
    assert (month.month, month.fields) == (date(2025, 2, 1), {"handed_over": 2})


def test_what_is_looked_into_unseen_leaves_the_count_as_it_is(scene: Scene) -> None:
    record(CHUANYING_SECTION, "handed_over", date(2025, 2, 3), {})
    before = burden_months(CITY, until=UNTIL)
    record(scene.households[0].code, "violation_found", date(2025, 2, 12), {"violation": "violence", "found": "x"})
    assert burden_months(CITY, until=UNTIL) == before


@pytest.mark.parametrize(
    ("totals", "falls"), [((60, 50, 40, 30), True), ((30, 30, 30, 30), False), ((10, 20, 30, 40), False)]
)
def test_whether_it_falls_is_told_of_as_many_months_before_and_after(totals: tuple[int, ...], falls: bool) -> None:
    months = [
        BurdenMonth(date(2025, number, 1), {"surveyed": total}, 100, 10) for number, total in enumerate(totals, 1)
    ]
    told = tendency(months)
    assert told is not None
    assert told.is_falling is falls
    assert tendency(months[:1]) is None
