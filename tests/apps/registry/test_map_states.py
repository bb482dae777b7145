"""States on the map, as of a date and as known on a date, against an example worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.factories import CHUANYING, Scene, advance, at, build_campaign, build_household, record, register
from zhengtu.core.ledger.milestones import Milestone, State
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.registry.ledger_days import NEVER, day_number, household_days
from zhengtu.registry.map_areas import whole_area
from zhengtu.registry.map_states import OVERDUE_BIT, RANKS, AreaDays, area_days, states_on

pytestmark = pytest.mark.django_db

REGISTERED, SURVEYED, VALUED, SETTLED, VACATED = 1, 2, 3, 4, 6
HANDED_OVER = 8


@pytest.fixture
def scene() -> Scene:
    """Household 1 surveyed on 10 January, valued on the 12th, signed on the 14th; household 2 surveyed; 3 registered.

    A fourth household lives on household 1's parcel and is only registered.
    """
    made = build_campaign()
    advance(made.households[0], to="signed")
    record(made.households[1].code, "surveyed", date(2025, 1, 11))
    fourth = build_household(made.chuanying, number=4)
    fourth.parcel_id = made.households[0].parcel_id
    fourth.save()
    register([fourth], on=date(2025, 1, 8))
    return made


def days(known: date | None = None) -> AreaDays:
    return area_days(whole_area(CHUANYING), known=known, tiles=None)


def states(level: str, on: date, known: date | None = None) -> list[int]:
    return states_on(days(known), level=level, on=on).tolist()


def test_ranks_are_nothing_then_the_states_then_handed_over() -> None:
    assert ("unregistered", *State, "handed_over") == RANKS


def test_each_household_stands_at_the_furthest_state_it_reached(scene: Scene) -> None:
    assert states("household", date(2025, 1, 14)) == [SETTLED, SURVEYED, REGISTERED, REGISTERED]
    assert states("household", date(2025, 1, 13)) == [VALUED, SURVEYED, REGISTERED, REGISTERED]
    assert states("household", date(2025, 1, 7)) == [REGISTERED, REGISTERED, REGISTERED, 0]
    assert states("household", date(2025, 1, 5)) == [0, 0, 0, 0]


def test_a_parcel_stands_where_its_least_advanced_household_stands(scene: Scene) -> None:
    # Parcel 1 holds households 1 and 4; parcel 4 holds none any more. Place 0 is no parcel.
    assert states("parcel", date(2025, 1, 14)) == [0, REGISTERED, SURVEYED, REGISTERED, 0]
    assert states("parcel", date(2025, 1, 7)) == [0, 0, REGISTERED, REGISTERED, 0]
    # Each household has a building of its own.
    assert states("building", date(2025, 1, 14)) == [0, SETTLED, SURVEYED, REGISTERED, REGISTERED]


def test_a_section_stands_with_its_last_household_until_it_is_handed_over(scene: Scene) -> None:
    assert states("section", date(2025, 1, 20)) == [REGISTERED]
    record(scene.chuanying.code, "handed_over", date(2025, 1, 25))
    assert states("section", date(2025, 1, 24)) == [REGISTERED]
    assert states("section", date(2025, 1, 25)) == [HANDED_OVER]


def test_a_promised_home_is_overdue_from_the_day_after_until_the_home_coming(scene: Scene) -> None:
    code = scene.households[0].code
    record(code, "resettlement_promised", date(2025, 1, 15), {"promised_on": "2025-01-20"})
    record(code, "resettled", date(2025, 1, 28))

    def late(level: str, day: int) -> list[bool]:
        return [bool(state & OVERDUE_BIT) for state in states(level, date(2025, 1, day))]

    assert [late("household", day)[0] for day in (20, 21, 27, 28)] == [False, True, True, False]
    assert late("parcel", 21) == [False, True, False, False, False]
    assert late("section", 21) == [True]


def test_as_known_counts_only_what_was_recorded_by_then(scene: Scene) -> None:
    # Valued on the 13th, but recorded no earlier than the 30th.
    record(scene.households[1].code, "valued", date(2025, 1, 13), recorded_at=at(date(2025, 1, 30)))
    on = date(2025, 1, 14)
    assert states("household", on)[1] == VALUED
    assert states("household", on, known=date(2025, 1, 29))[1] == SURVEYED
    assert states("household", on, known=date(2025, 1, 30))[1] == VALUED


def test_as_known_sees_a_fact_that_was_corrected_later(scene: Scene) -> None:
    deed = record(scene.households[2].code, "surveyed", date(2025, 1, 12))
    record(
        scene.households[2].code, "surveyed", date(2025, 1, 18),
        supersedes=f"{deed}/1", recorded_at=at(date(2025, 1, 20)),
    )
    on = date(2025, 1, 13)
    assert states("household", on)[2] == REGISTERED
    assert states("household", on, known=date(2025, 1, 19))[2] == SURVEYED


def test_as_known_today_equals_the_projection_and_the_fold_of_single_subjects(scene: Scene) -> None:
    area = whole_area(CHUANYING)
    projected, replayed = household_days(area), household_days(area, known=date(2025, 12, 31))
    assert np.array_equal(projected.reached, replayed.reached)
    known = date(2025, 1, 12)
    folded = milestones_of([household.code for household in scene.households[:3]], known=known)
    surveyed = household_days(area, known=known).reached[:3, 1]
    expected = [dates.get(Milestone.SURVEYED) for _code, dates in sorted(folded.items())]
    assert [NEVER if day is None else day_number(day) for day in expected] == surveyed.tolist()


def test_parcels_name_their_section_and_the_end_of_their_code(scene: Scene) -> None:
    assert days().parcels.section.tolist() == [0, 1, 1, 1, 1]
    assert days().parcels.ordinal.tolist() == [0, 1, 2, 3, 4]
    assert days().households.sections == ("220204-P0001-S01",)


def test_days_are_read_anew_after_a_deed(scene: Scene) -> None:
    before = states("household", date(2025, 2, 1))
    record(scene.households[2].code, "surveyed", date(2025, 1, 31))
    assert states("household", date(2025, 2, 1)) != before
