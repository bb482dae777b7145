"""Who waits for a home on a day, as known on a day, and who sees it; entitlements follow from facts alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import CHANGYI, CHUANYING, CITY, PROJECT, TODAY, actor_with, at, record
from tests.resettlement_scene import BUILDING, PROMISED_ON, SITE, build_site, build_waiting, entitle
from zhengtu.core.ledger.figures import OVERDUE_FIGURES
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, figures_by_section, total_of
from zhengtu.resettlement.models import Entitlement, HomeAssignment
from zhengtu.resettlement.projection import rebuild_resettlement, resettlement_differences
from zhengtu.resettlement.queries import HomeState, homes_of, months_late, site_for, sites_for, waiting, waiting_for

pytestmark = pytest.mark.django_db


def test_families_wait_with_their_terms_until_they_come_home() -> None:
    scene = build_waiting(late=2)
    rows = waiting(CITY, on=TODAY)
    assert [row.household for row in rows] == [one.code for one in scene.households[:3]]
    first, _, third = rows
    assert (first.months_late, third.months_late) == (23, 0)
    assert (first.due_on, first.project, first.jurisdiction) == (PROMISED_ON, PROJECT, CHUANYING)
    assert first.terms is not None
    assert (first.terms.rule, first.site) == ("jilin-city-legacy", SITE)
    record(first.household, "resettled", date(2025, 2, 1))
    assert len(waiting(CITY, on=TODAY)) == 2
    assert len(waiting(CITY, on=date(2025, 1, 31))) == 3
    assert waiting(CHANGYI, on=TODAY) == []


@pytest.mark.parametrize("day", [date(2023, 4, 1), date(2023, 4, 2), date(2023, 10, 1), date(2023, 10, 2), TODAY])
def test_months_late_agree_with_the_figures_on_every_day(day: date) -> None:
    build_waiting()
    figures = total_of(figures_by_section(reach=Reach(prefixes=("2202",)), on=day))
    rows = waiting(CITY, on=day)
    for months, figure in OVERDUE_FIGURES.items():
        assert sum(row.months_late > months for row in rows) == figures[figure]


def test_months_late_begin_the_day_after_and_at_a_months_end() -> None:
    assert months_late(date(2023, 1, 31), on=date(2023, 1, 31)) == 0
    assert months_late(date(2023, 1, 31), on=date(2023, 2, 28)) == 1
    assert months_late(date(2023, 1, 31), on=date(2023, 3, 1)) == 2
    assert months_late(None, on=TODAY) == 0


def test_what_was_known_on_a_day_and_what_was_agreed_last() -> None:
    scene = build_waiting()
    household = scene.households[0].code
    record(household, "way_chosen", date(2024, 5, 6), {"way": "cash"}, recorded_at=at(date(2025, 1, 20)))
    assert waiting(CITY, on=TODAY)[0].wish == "cash"
    assert waiting(CITY, on=TODAY, known=date(2025, 1, 19))[0].wish == ""
    assert waiting(CITY, on=date(2024, 5, 5))[0].wish == ""
    entitle(household, on=date(2024, 6, 1), home_type="studio", home_area_m2="45.00")
    assert Entitlement.objects.get(household=household).home_type == "studio"
    earlier = waiting(CITY, on=date(2024, 5, 31))[0]
    assert earlier.home_type == "two_bedroom"


def test_a_withdrawn_entitlement_is_none() -> None:
    household = build_waiting().households[0].code
    entry = Fact.objects.get(subject=household, kind="entitlement_agreed")
    record(household, "withdrawn", TODAY, {"reason": "录错户"}, supersedes=entry.reference)
    assert not Entitlement.objects.filter(household=household).exists()
    row = waiting(CITY, on=TODAY)[0]
    assert (row.household, row.terms, row.payer) == (household, None, "")


def test_the_projection_is_rebuilt_to_the_same_rows() -> None:
    household = build_waiting().households[0].code
    record(household, "home_assigned", TODAY, {"home": f"{BUILDING}-U0001", "by": "plan"})
    assert resettlement_differences(limit=10) == []
    Entitlement.objects.filter(household=household).update(agreed_months=99)
    HomeAssignment.objects.all().delete()
    assert {one.table for one in resettlement_differences(limit=10)} == {
        "resettlement_entitlement", "resettlement_homeassignment",
    }


@pytest.mark.django_db(transaction=True)
def test_rebuilding_mends_what_was_bent() -> None:
    household = build_waiting().households[0].code
    Entitlement.objects.filter(household=household).update(agreed_months=99)
    assert rebuild_resettlement() == 3
    assert Entitlement.objects.get(household=household).agreed_months == 24
    assert resettlement_differences(limit=10) == []


def test_homes_are_free_assigned_and_handed_over_on_their_days() -> None:
    household = build_waiting().households[0].code
    home = f"{BUILDING}-U0002"
    record(household, "home_assigned", date(2025, 1, 10), {"home": home, "by": "signing"})
    record(household, "resettled", date(2025, 2, 1))

    def state(on: date) -> HomeState:
        return next(one.state for one in homes_of(SITE, on=on) if one.home.code == home)

    assert state(date(2025, 1, 9)) is HomeState.FREE
    assert state(date(2025, 1, 10)) is HomeState.ASSIGNED
    assert state(date(2025, 2, 1)) is HomeState.HANDED_OVER
    assert [one.state for one in homes_of(SITE, on=TODAY)].count(HomeState.FREE) == 5


def test_a_home_given_back_is_free_since_and_was_held_before() -> None:
    household = build_waiting().households[0].code
    home = f"{BUILDING}-U0002"
    record(household, "home_assigned", date(2025, 1, 10), {"home": home, "by": "signing"})
    record(household, "home_released", date(2025, 1, 20), {"home": home, "reason": "改选"})
    assert not HomeAssignment.objects.exists()
    held = [one.household for one in homes_of(SITE, on=TODAY - timedelta(days=26))]
    assert household in held
    assert household not in [one.household for one in homes_of(SITE, on=TODAY)]


def test_who_reaches_which_sites_and_families() -> None:
    build_waiting()
    build_site("220202-T0001")
    mayor, chuanying = actor_with("mayor"), actor_with("district_leader", CHUANYING)
    assert [one.code for one in sites_for(mayor, on=TODAY)] == ["220202-T0001", SITE]
    assert [one.code for one in sites_for(chuanying, on=TODAY)] == [SITE]
    assert site_for(actor_with("district_leader", CHANGYI), SITE, on=TODAY) is None
    assert len(waiting_for(chuanying, on=TODAY)) == 3
    assert waiting_for(actor_with("district_leader", CHANGYI), on=TODAY) == []
    assert len(waiting_for(actor_with("client"), on=TODAY)) == 3
    assert not sites_for(actor_with("appraiser", subject=PROJECT), on=TODAY).exists()
