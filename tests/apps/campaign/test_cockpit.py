"""The cockpit's figures, worked by hand: as of a day, as known on a day, within reach."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    PROJECT,
    Scene,
    actor_with,
    advance,
    at,
    build_campaign,
    build_household,
    build_project,
    build_section,
    record,
    register,
)
from zhengtu.campaign.deadline_outlooks import without_repetition
from zhengtu.campaign.facts import LateItem
from zhengtu.campaign.outlook_runs import refresh_city
from zhengtu.campaign.plan_queries import plans_standing
from zhengtu.campaign.queries import Cockpit, cockpit
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Blocker, BlockerKind, Colour
from zhengtu.ledger.models import Fact
from zhengtu.registry.models import Deadline, DeadlineGoal

pytestmark = pytest.mark.django_db

ON = date(2025, 2, 14)


@pytest.fixture
def scene() -> Scene:
    """船营: one demolished (2025-01-22), one vacated (02-11), one registered. 昌邑: one signed (02-10), two registered.

    Steps follow each other every two days: surveyed, valued, signed, paid, vacated, demolished. Money came before.
    """
    built = build_campaign()
    for district in (CHUANYING, CHANGYI):
        arrived = {"source": "client", "amount_yuan": "2000000.00", "bank_reference": "R1"}
        record(f"{district}-P0001", "funds_arrived", date(2025, 1, 2), arrived)
    first, second, _third, fourth, _fifth, _sixth = built.households
    advance(first, to="demolished", start_on=date(2025, 1, 10))  # signed 01-14, vacated 01-18, demolished 01-20
    advance(second, to="vacated", start_on=date(2025, 2, 3))  # signed 02-07, vacated 02-11
    advance(fourth, to="signed", start_on=date(2025, 2, 6))  # signed 02-10
    return built


def mayor() -> Actor:
    return actor_with("mayor")


def headline(shown: Cockpit, figure: str) -> tuple[int, int]:
    one = next(one for one in shown.headlines if one.figure == figure)
    return one.value, one.change


def test_totals_and_change_in_seven_days(scene: Scene) -> None:
    shown = cockpit(mayor(), on=ON, known=None)
    assert shown.households == 6
    assert headline(shown, "signed_count") == (3, 1)  # 02-07 was exactly seven days ago: before the week
    assert headline(shown, "vacated_count") == (2, 1)
    assert headline(shown, "handed_over_count") == (0, 0)


def test_as_of_an_earlier_day(scene: Scene) -> None:
    shown = cockpit(mayor(), on=date(2025, 2, 9), known=None)
    assert headline(shown, "signed_count") == (2, 1)
    assert headline(shown, "vacated_count") == (1, 0)


def test_as_known_before_a_late_entry(scene: Scene) -> None:
    record(scene.households[4].code, "surveyed", date(2025, 2, 1), recorded_at=at(date(2025, 2, 13)))
    assert cockpit(mayor(), on=ON, known=None).total["surveyed_count"] == 4
    assert cockpit(mayor(), on=ON, known=date(2025, 2, 12)).total["surveyed_count"] == 3
    assert cockpit(mayor(), on=date(2025, 1, 31), known=None).total["surveyed_count"] == 1


def test_a_correction_changes_what_is_known_but_not_what_was(scene: Scene) -> None:
    code = scene.households[5].code
    deed = record(code, "surveyed", date(2025, 1, 31))
    record(code, "surveyed", date(2025, 2, 5), supersedes=f"{deed}/1", recorded_at=at(date(2025, 2, 10)))
    assert cockpit(mayor(), on=date(2025, 2, 1), known=date(2025, 2, 9)).total["surveyed_count"] == 2
    assert cockpit(mayor(), on=date(2025, 2, 1), known=None).total["surveyed_count"] == 1


def test_the_series_ends_with_the_figure(scene: Scene) -> None:
    shown = cockpit(mayor(), on=ON, known=None)
    assert shown.curve_from == date(2025, 1, 1)
    days = (ON - shown.curve_from).days
    assert shown.curves["signed_count"][13] == 1  # 14 January
    assert shown.curves["signed_count"][days] == 3
    assert len(shown.curves["signed_count"]) == days + 1


def test_a_deadline_counts_what_is_left(scene: Scene) -> None:
    (deadline,) = cockpit(mayor(), on=ON, known=None).deadlines
    assert (deadline.goal, deadline.due_on) == ("handed_over", date(2025, 3, 15))
    assert (deadline.sections_left, deadline.sections) == (2, 2)
    assert (deadline.households_left, deadline.households) == (4, 6)


def test_a_section_handed_over_is_done(scene: Scene) -> None:
    record(scene.chuanying.code, "handed_over", date(2025, 2, 12))
    shown = cockpit(mayor(), on=ON, known=None)
    assert (shown.deadlines[0].sections_left, shown.deadlines[0].households_left) == (1, 3)
    assert shown.section_states == {"handed_over": 1, "registered": 1}
    assert shown.project_states == {"registered": 1}
    assert headline(shown, "handed_over_count") == (1, 1)


def test_what_cannot_be_in_time_needs_a_decision_with_the_reason_of_its_light(scene: Scene) -> None:
    refresh_city(CITY, on=ON, known=None, now=at(ON))
    late = cockpit(mayor(), on=ON, known=None).late
    rows = {row.code: row for row in plans_standing(mayor(), on=ON, known=None).rows}
    told = [(item.kind, item.place) for item in late]
    assert told == [
        ("plan", code) for code, row in sorted(rows.items()) if row.light.colour in (Colour.RED, Colour.YELLOW)
    ]
    for item in late:
        light = rows[item.place].light
        assert (item.light, item.reason, item.blocker) == (str(light.colour), light.reason, light.blocker)
        assert (item.goal, item.due_on) == ("handed_over", date(2025, 3, 15))


def test_no_light_is_shown_before_the_plan_is_computed(scene: Scene) -> None:
    shown = cockpit(mayor(), on=ON, known=None)
    assert (shown.late, shown.outlooks, shown.plans.missing) == ([], {}, 2)


def test_a_deadline_says_the_earliest_honest_day_of_the_part_that_comes_last(scene: Scene) -> None:
    refresh_city(CITY, on=ON, known=None, now=at(ON))
    shown = cockpit(mayor(), on=ON, known=None)
    outlook = shown.outlooks[shown.deadlines[0].key]
    rows = {row.code: row for row in plans_standing(mayor(), on=ON, known=None).rows}
    assert outlook.latest is not None
    days = [row.targets[0].earliest_on for row in rows.values()]
    assert outlook.latest[1].earliest_on == max(day for day in days if day is not None)
    assert (outlook.parts, outlook.parts_met) == (2, 0)
    assert outlook.probability is None  # six households teach nothing
    assert outlook.forecast is not None
    assert outlook.forecast.abstains


def test_money_that_a_plan_names_as_its_blocker_is_not_told_twice() -> None:
    def item(kind: str, **more: Any) -> LateItem:
        return LateItem(kind=kind, light="red", subject="220204-P0001", due_on=None, responsible=(), **more)

    blocker = Blocker(BlockerKind.CLIENT_MONEY, ON, None, "", Reason("test", "Money is short."))
    own, other = item("funds", place="220204-P0001"), item("funds", place="220202-P0001")
    plan = item("plan", place="220204-P0001", blocker=blocker)
    assert without_repetition([plan, own, other]) == [plan, other]
    waiting = LateItem(kind="overdue", light="red", subject="220200-P0001", due_on=None, responsible=())
    resettled = item("plan", place="220204-P0001", goal="resettled")
    assert without_repetition([waiting, resettled]) == [waiting]


def test_an_open_matter_is_listed_until_it_is_closed(scene: Scene) -> None:
    opened = {"matter": "与军方协调用地", "responsible": "船营区", "due_on": "2025-02-10"}
    deed = record(PROJECT, "matter_opened", date(2025, 1, 10), opened)
    (item,) = cockpit(mayor(), on=ON, known=None).late
    assert (item.kind, item.light, item.text, item.deed) == ("matter", "red", "与军方协调用地", deed)
    assert cockpit(mayor(), on=date(2025, 2, 9), known=None).late[0].light == "yellow"
    record(PROJECT, "matter_closed", date(2025, 2, 12), {"result": "已协调"})
    assert cockpit(mayor(), on=ON, known=None).late == []
    assert len(cockpit(mayor(), on=date(2025, 2, 11), known=None).late) == 1


def test_a_closing_closes_what_was_listed_first(scene: Scene) -> None:
    for day, text in ((9, "一"), (10, "二")):
        record(PROJECT, "matter_opened", date(2025, 1, day), {"matter": text, "responsible": "船营区"})
    record(PROJECT, "matter_closed", date(2025, 2, 1), {"result": "好"})
    assert [item.text for item in cockpit(mayor(), on=ON, known=None).late] == ["二"]


def test_overdue_homes_are_late_by_project(scene: Scene) -> None:
    record(
        scene.households[0].code, "resettlement_promised", date(2025, 1, 14), {"promised_on": "2024-01-31"},
    )
    (item,) = cockpit(mayor(), on=ON, known=None).late
    assert (item.kind, item.subject) == ("overdue", PROJECT)
    assert dict(item.numbers) == {"overdue_over_0": 1, "overdue_over_12": 1, "overdue_over_40": 0}


def test_money_short_is_late_between_homes_and_matters(scene: Scene) -> None:
    record(f"{CHANGYI}-P0001", "withdrawn", ON, {"reason": "退回"}, supersedes=f"{arrival_of(CHANGYI)}/1")
    record(PROJECT, "matter_opened", date(2025, 1, 10), {
        "matter": "与军方协调用地", "responsible": "船营区", "due_on": "2025-02-10",
    })
    late = cockpit(mayor(), on=ON, known=None).late
    assert [(item.kind, item.light, item.place) for item in late] == [
        ("funds", "red", f"{CHANGYI}-P0001"), ("matter", "red", ""),
    ]
    assert [item.kind for item in cockpit(actor_with("field_officer", CHANGYI), on=ON, known=None).late] == ["matter"]


def arrival_of(district: str) -> str:
    return Fact.objects.get(subject=f"{district}-P0001", kind="funds_arrived").deed_id


def test_the_ranking_orders_districts_by_share_settled(scene: Scene) -> None:
    first, second = cockpit(mayor(), on=ON, known=None).ranking
    assert (first.code, first.settled, first.vacated, first.households, first.rank) == (CHUANYING, 2, 2, 3, 1)
    assert (second.code, second.settled, second.rank) == (CHANGYI, 1, 2)
    assert first.share == pytest.approx(2 / 3)
    assert (first.change, second.change) == (pytest.approx(0), pytest.approx(1 / 3))


def test_projects_that_only_wait_for_resettlement_do_not_rank(scene: Scene) -> None:
    project = build_project(number=2)
    Deadline.objects.filter(project=project).update(goal=DeadlineGoal.RESETTLED)
    section = build_section(project, CHANGYI, west=126.57)
    household = build_household(section, number=1, person_number=20)
    register([household], on=date(2025, 1, 6))
    advance(household, to="demolished")
    assert [row.households for row in cockpit(mayor(), on=ON, known=None).ranking] == [3, 3]


def test_a_district_sees_its_own_figures_alone(scene: Scene) -> None:
    shown = cockpit(actor_with("district_leader", CHANGYI), on=ON, known=None)
    assert (shown.households, shown.sections) == (3, 1)
    assert headline(shown, "signed_count") == (1, 1)
    assert [row.code for row in shown.ranking] == [CHANGYI]
    assert shown.deadlines[0].sections == 1


def test_a_client_sees_its_own_projects_alone(scene: Scene) -> None:
    other = build_project(number=2, client="220200-transport-bureau")
    section = build_section(other, CHANGYI, west=126.57)
    register([build_household(section, number=1, person_number=20)], on=date(2025, 1, 6))
    assert cockpit(mayor(), on=ON, known=None).households == 7
    assert cockpit(actor_with("client"), on=ON, known=None).households == 6


def test_the_cockpit_asks_a_bounded_number_of_times(scene: Scene) -> None:
    actor = mayor()
    refresh_city(CITY, on=ON, known=None, now=at(ON))
    with CaptureQueriesContext(connection) as few:
        cockpit(actor, on=ON, known=None)
    for number in range(2, 6):
        project = build_project(number=number)
        for place in range(2):
            section = build_section(project, CHANGYI, number=place + 1, west=126.57 + number / 100)
            register([build_household(section, number=1, person_number=50 + 2 * number + place)], on=date(2025, 1, 6))
    refresh_city(CITY, on=ON, known=None, now=at(ON))
    with CaptureQueriesContext(connection) as many:
        cockpit(actor, on=ON, known=None)
    assert len(many) == len(few) <= 26
