"""The week of a city from its ledger: figures and lights at both dates, and the same again a month later."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.factories import (
    CHANGYI,
    CHANGYI_SECTION,
    CHUANYING,
    CITY,
    NOW,
    PROJECT,
    Scene,
    advance,
    announce,
    at,
    build_campaign,
    record,
)
from zhengtu.campaign.city_plans import compute_city_plans
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.planning.plan import Colour
from zhengtu.registry.models import Deadline
from zhengtu.reviews.queries import week_in_review

pytestmark = pytest.mark.django_db

ON, SINCE = date(2025, 2, 13), date(2025, 2, 6)
OWN, FOREIGN = f"{CHUANYING}-P0001", f"{CHANGYI}-P0001"


@pytest.fixture
def scene() -> Scene:
    """Both districts announced; one household of 船营区 is signed before the earlier day, one after it."""
    scene = build_campaign()
    announce()
    advance(scene.households[0], to="signed", start_on=date(2025, 1, 21))
    advance(scene.households[1], to="signed", start_on=date(2025, 2, 7))
    return scene


def ready_plans() -> None:
    for day in (ON, SINCE):
        compute_city_plans(CITY, on=day, known=day, now=NOW)


def test_figures_are_told_at_both_dates_and_places_add_up_to_the_whole(scene: Scene) -> None:
    week = week_in_review(CITY, on=ON, known=ON, since=SINCE)
    assert (week.total.households, week.total.settled, week.total.settled_before) == (6, 2, 1)
    assert week.total.change("signed_count") == 1
    by_place = {place.code: place for place in week.places}
    assert {code: (place.settled, place.settled_before) for code, place in by_place.items()} == {
        CHUANYING: (2, 1), CHANGYI: (0, 0),
    }
    for figure in week.total.figures:
        assert week.total.figures[figure] == sum(place.figures[figure] for place in week.places)
        assert week.total.before[figure] == sum(place.before[figure] for place in week.places)
    assert [(one.code, one.rank) for one in week.ranking] == [(CHUANYING, 1), (CHANGYI, 2)]


def test_plans_that_are_not_computed_are_counted_as_missing_not_taken_for_green(scene: Scene) -> None:
    week = week_in_review(CITY, on=ON, known=ON, since=SINCE)
    assert (week.lights, week.parts_missing, week.parts_missing_before) == ([], 2, 2)
    ready_plans()
    week = week_in_review(CITY, on=ON, known=ON, since=SINCE)
    assert [one.code for one in week.lights] == [FOREIGN, OWN]
    assert (week.parts_missing, week.parts_missing_before) == (0, 0)


def test_what_has_turned_red_is_told_by_the_light_that_was_seen_then(scene: Scene) -> None:
    compute_city_plans(CITY, on=SINCE, known=SINCE, now=NOW)
    Deadline.objects.create(
        campaign=scene.campaign, project=scene.project, section=scene.changyi, goal="signed", due_on=ON,
        name="签约截止", name_en="All signed",
    )
    compute_city_plans(CITY, on=ON, known=ON, now=NOW)
    week = week_in_review(CITY, on=ON, known=ON, since=SINCE)
    assert [(one.code, one.light.colour) for one in week.turned_red] == [(FOREIGN, Colour.RED)]
    assert [(one.part, one.goal, one.sections_left, one.days_left) for one in week.near] == [(FOREIGN, "signed", 1, 0)]


def test_a_deadline_further_ahead_than_the_rhythm_looks_is_left_out(scene: Scene) -> None:
    Deadline.objects.filter(campaign=scene.campaign).delete()
    for days, name in ((14, "近"), (15, "远")):
        Deadline.objects.create(
            campaign=scene.campaign, project=scene.project, goal="vacated", due_on=ON + timedelta(days=days),
            name=name, name_en=name,
        )
    ready_plans()
    weekly = week_in_review(CITY, on=ON, known=ON, since=SINCE)
    assert {one.days_left for one in weekly.near} == {14}
    monthly = week_in_review(CITY, on=ON, known=ON, since=SINCE, rhythm="monthly")
    assert {one.days_left for one in monthly.near} == {14, 15}
    assert [one.due_on - ON for one in weekly.deadlines] == [timedelta(days=14), timedelta(days=15)]


def test_a_month_later_the_same_dates_give_the_same_week(scene: Scene) -> None:
    ready_plans()
    first = plain(week_in_review(CITY, on=ON, known=ON, since=SINCE))
    advance(scene.households[2], to="surveyed", start_on=date(2025, 2, 3))
    record(
        PROJECT, "matter_opened", date(2025, 2, 10), {"matter": "楼栋产权未清", "responsible": "船营区"},
        recorded_at=at(date(2025, 3, 10)),
    )
    # What was recorded on the day itself is known on it; what came a month later is not.
    assert plain(week_in_review(CITY, on=ON, known=ON, since=SINCE))["matters"] == first["matters"] == []
    later = week_in_review(CITY, on=ON, since=SINCE)
    assert [matter.text for matter in later.matters] == ["楼栋产权未清"]
    assert later.matters[0].responsible_unit == CHUANYING


def test_waiting_families_are_told_by_part(scene: Scene) -> None:
    record(CHANGYI_SECTION + "-H00001", "resettlement_promised", date(2023, 6, 1), {"promised_on": "2024-01-31"})
    week = week_in_review(CITY, on=ON, known=ON, since=SINCE)
    assert [(one.part, one.overdue, one.over_12, one.before) for one in week.homes] == [(FOREIGN, 1, 1, 1)]
