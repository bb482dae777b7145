"""Homes: one for one family, as agreed and in order, never against a wish; handed over with note and key."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from tests.factories import CHANGYI, CHUANYING, RAILWAY_INVESTMENT, TODAY, Scene, actor_with, at, record
from tests.resettlement_scene import BUILDING, SIGNED_ON, SITE, build_site, build_waiting, entitle, paper, works_to
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.resettlement.lot_replay import checks, fingerprint, read_document, written
from zhengtu.ledger.models import Deed, Fact, Refusal
from zhengtu.resettlement.choosing_order import choosing_orders, who_choose
from zhengtu.resettlement.family_actions import record_entitlement, record_wish, register_title, settle_area
from zhengtu.resettlement.home_actions import assign_home, hand_over, release_home
from zhengtu.resettlement.lot_actions import close_list, draw_lots, prepare_lots, published
from zhengtu.resettlement.models import Home, HomeAssignment, LotDraw, Site
from zhengtu.resettlement.queries import HomeState, waiting
from zhengtu.resettlement.register import site_standings
from zhengtu.resettlement.site_actions import (
    NewHome,
    add_building,
    found_site,
    homes_by_floor,
    homes_reasons,
    offer_stock,
    reach_stage,
    record_funding,
    record_permit,
)

pytestmark = pytest.mark.django_db

HOME = f"{BUILDING}-U0001"
NOW = at(TODAY)


@pytest.fixture
def scene() -> Scene:
    return build_waiting()


def leader() -> object:
    return actor_with("district_leader", CHUANYING)


def assign(household: str, home: str = HOME, *, by: str = "plan", why: str = "") -> str:
    return assign_home(
        actor=leader(), household=household, home=home, by=by, why=why, files=paper("resettlement_agreement"), now=NOW
    )


def refused(code: str, call: object, **given: object) -> None:
    deeds = Deed.objects.count()
    with pytest.raises(Refused) as raised:
        call(**given)
    assert code in {reason.code for reason in raised.value.reasons}, raised.value.reasons
    assert Deed.objects.count() == deeds


def test_a_home_is_assigned_once(scene: Scene) -> None:
    first, second, _ = (one.code for one in scene.households[:3])
    assign(first)
    assert HomeAssignment.objects.get(home=HOME).household_id == first
    refused("resettlement.taken", assign, household=second)
    refused("resettlement.has_home", assign, household=first, home=f"{BUILDING}-U0002")
    release_home(actor=leader(), household=first, why="改选其他楼层", now=NOW)
    assign(second)
    assert HomeAssignment.objects.get(home=HOME).household_id == second
    assert Refusal.objects.count() == 2


def test_the_database_itself_holds_one_home_for_one_household(scene: Scene) -> None:
    first, second, _ = (one.code for one in scene.households[:3])
    assign(first)
    with pytest.raises(IntegrityError):
        record(second, "home_assigned", TODAY, {"home": HOME, "by": "plan"})
    assert not Fact.objects.filter(subject=second, kind="home_assigned").exists()


def test_nobody_is_assigned_against_a_recorded_wish(scene: Scene) -> None:
    household = scene.households[0].code
    record(household, "way_chosen", date(2025, 2, 1), {"way": "purchase"})
    refused("resettlement.against_wish", assign, household=household, why="就近安置")
    officer = actor_with("field_officer", CHUANYING)
    record_wish(
        actor=officer, household=household, chosen_on=TODAY, way="building", files=paper("option_form"), now=NOW
    )
    assign(household)


def test_who_wants_an_existing_home_gets_one_that_was_bought_and_comes_home_to_it(scene: Scene) -> None:
    """Bought for the families of a project: whoever chose an existing home on record chooses there, nobody else."""
    first, second, third = (one.code for one in scene.households[:3])
    bought = build_site("220204-T0002", homes=2)
    Site.objects.filter(pk=bought.code).update(is_bought=True)
    home = f"{bought.code}-Z01-U0001"
    record(first, "way_chosen", date(2025, 2, 1), {"way": "purchase"})
    record(second, "way_chosen", date(2025, 2, 1), {"way": "building"})
    assert list(who_choose(bought.code, on=TODAY)) == [first]
    refused("resettlement.against_wish", assign, household=second, home=home, why="就近安置")
    refused("resettlement.not_as_agreed", assign, household=third, home=home)
    assign(first, home, by="signing")
    record(first, "vacated", date(2021, 4, 1))
    officer = actor_with("field_officer", CHUANYING)
    refused(
        "resettlement.has_home", record_wish, actor=officer, household=first, chosen_on=TODAY, way="building",
        files=paper("option_form"), now=NOW,
    )
    client, at_home = actor_with("client", RAILWAY_INVESTMENT), {"site": bought, "files": paper("site_photo", "permit")}
    building = f"{bought.code}-Z01"
    record_permit(
        actor=client, subject=building, permit="construction", number="演示9号", permitted_on=date(2019, 4, 1), now=NOW,
        **at_home,
    )
    reach_stage(actor=client, building=building, stage="accepted", reached_on=date(2021, 9, 1), now=NOW, **at_home)
    hand_over(
        actor=officer, household=first, handed_over_on=TODAY, files=paper("housing_handover", "key_note"),
        now=NOW,
    )
    assert first not in {one.household for one in waiting("220200", on=TODAY)}


def test_homes_bought_for_other_projects_or_for_nobody_are_not_chosen(scene: Scene) -> None:
    household = scene.households[0].code
    bought = build_site("220204-T0002")
    Site.objects.filter(pk=bought.code).update(is_bought=True, projects=["220200-P0002"])
    record(household, "way_chosen", date(2025, 2, 1), {"way": "purchase"})
    assert not who_choose(bought.code, on=TODAY)
    refused("resettlement.not_as_agreed", assign, household=household, home=f"{bought.code}-Z01-U0001")
    client = actor_with("client", RAILWAY_INVESTMENT)
    refused(
        "resettlement.bought_for_nobody", found_site, actor=client, jurisdiction=CHUANYING, client=RAILWAY_INVESTMENT,
        name="江畔现房（演示）", is_bought=True, now=NOW,
    )


def test_another_type_or_site_than_agreed_needs_a_reason(scene: Scene) -> None:
    household = scene.households[0].code
    entitle(household, on=date(2024, 1, 1), home_type="studio", home_area_m2="45.00")
    refused("resettlement.not_as_agreed", assign, household=household)
    assign(household, why="本户同意换大户型并补差价")


def test_a_home_told_to_another_family_is_not_given_away_silently(scene: Scene) -> None:
    first, second, _ = (one.code for one in scene.households[:3])
    record(first, "home_promised", date(2025, 1, 20), {"home": HOME, "site": SITE, "expected_on": "2025-12-31"})
    refused("resettlement.told_elsewhere", assign, household=second)
    assign(second, f"{BUILDING}-U0002")
    assign(first)


def test_who_may_assign(scene: Scene) -> None:
    household = scene.households[0].code
    for role, unit in (("field_officer", CHUANYING), ("client", ""), ("district_leader", CHANGYI), ("mayor", "")):
        with pytest.raises(Refused):
            assign_home(
                actor=actor_with(role, unit), household=household, home=HOME, by="plan",
                files=paper("resettlement_agreement"), now=NOW,
            )
    assert not HomeAssignment.objects.exists()


def test_by_the_order_of_signing(scene: Scene) -> None:
    first, second, third = (one.code for one in scene.households[:3])
    assert choosing_orders(SITE, on=TODAY)["signing"] == [first, second, third]
    refused("resettlement.out_of_turn", assign, household=second, by="signing")
    assign(first, by="signing")
    assign(third, f"{BUILDING}-U0002", by="signing", why="第二户书面放弃本轮选房")
    assert choosing_orders(SITE, on=TODAY)["signing"] == [second]


def test_lots_are_committed_to_closed_drawn_and_drawn_again(scene: Scene) -> None:
    codes = [one.code for one in scene.households[:3]]
    draw = prepare_lots(actor=leader(), site=Site.objects.get(pk=SITE), title="一号楼选房（演示）", now=NOW)
    row = LotDraw.objects.get(pk=draw)
    assert row.commitment in str(Deed.objects.order_by("number").last().reasons)
    refused("resettlement.open_list", draw_lots, actor=leader(), draw=draw, now=NOW)
    refused(
        "resettlement.not_choosing", close_list, actor=leader(), draw=draw,
        households=[*codes, "220202-P0001-S01-H00001"], files=paper("announcement"), now=NOW,
    )
    refused("resettlement.list", close_list, actor=leader(), draw=draw, households=[codes[0]] * 2,
            files=paper("announcement"), now=NOW)
    close_list(actor=leader(), draw=draw, households=codes, files=paper("announcement"), now=NOW)
    with pytest.raises(ValueError, match="not been held"):
        published(LotDraw.objects.get(pk=draw))
    assert row.seed not in str(list(Fact.objects.filter(subject=draw).values_list("attributes", flat=True)))
    draw_lots(actor=leader(), draw=draw, now=NOW)
    refused("resettlement.drawn", draw_lots, actor=leader(), draw=draw, now=NOW)
    document = read_document(written(published(LotDraw.objects.get(pk=draw))))
    assert all(check.agrees for check in checks(document))
    assert Fact.objects.get(kind="lots_drawn").attributes["order_sha256"] == fingerprint(document)
    assert choosing_orders(SITE, on=TODAY)["lot"] == list(document.order)
    refused("resettlement.out_of_turn", assign, household=document.order[1], by="lot")
    assign(document.order[0], by="lot")


def test_a_home_comes_with_key_and_note_once_its_building_is_accepted(scene: Scene) -> None:
    household = scene.households[0].code
    record(household, "vacated", date(2021, 4, 1))
    officer = actor_with("field_officer", CHUANYING)
    both = ("housing_handover", "key_note")
    give = {"actor": officer, "household": household, "handed_over_on": TODAY, "now": NOW}
    refused("resettlement.nothing_held", hand_over, **give, files=paper(*both))
    assign(household)
    works_to("fitted")
    refused("resettlement.not_accepted", hand_over, **give, files=paper(*both))
    reach_stage(
        actor=actor_with("client"), site=Site.objects.get(pk=SITE), building=BUILDING, stage="accepted",
        reached_on=date(2025, 2, 1), files=paper("site_photo"), now=NOW,
    )
    refused("resettlement.key", hand_over, **give, files=paper("housing_handover"))
    hand_over(**give, files=paper(*both))
    assert household not in {row.household for row in waiting(CHUANYING, on=TODAY)}
    refused("resettlement.handed_over", release_home, actor=leader(), household=household, why="退房", now=NOW)
    settle_area(
        actor=officer, household=household, settled_on=TODAY, surveyed_area_m2="76.20", family_pays_yuan="3600",
        files=paper("other"), now=NOW,
    )
    register_title(
        actor=officer, household=household, registered_on=TODAY, number="演示（2025）第1号",
        files=paper("title_certificate"), now=NOW,
    )
    assert set(Fact.objects.filter(subject=household).values_list("kind", flat=True)) >= {
        "resettled", "area_settled", "title_registered",
    }


def test_settling_and_title_come_after_the_key(scene: Scene) -> None:
    officer, household = actor_with("field_officer", CHUANYING), scene.households[0].code
    refused("ledger.step_missing", settle_area, actor=officer, household=household, settled_on=TODAY,
            surveyed_area_m2="76", files=paper("other"), now=NOW)
    refused("ledger.step_missing", register_title, actor=officer, household=household, registered_on=TODAY,
            number="1", files=paper("title_certificate"), now=NOW)


@pytest.mark.parametrize(("changed", "code"), [
    ({"payer": "220200-nobody"}, "resettlement.payer"),
    ({"home_type": "palace"}, "resettlement.home_type"),
    ({"home_area_m2": "300"}, "resettlement.home_area"),
    ({"site": "220204-T0099"}, "resettlement.site"),
    ({"rule": "somewhere-else"}, "resettlement.rule"),
    ({"overdue_multiplier": "2"}, "resettlement.multiplier"),
    ({"may_choose_cash": "no", "cash_yuan": "100"}, "resettlement.cash"),
    ({"agreed_months": ""}, "ledger.attribute"),
])
def test_an_entitlement_that_does_not_hold_is_refused(scene: Scene, changed: dict[str, str], code: str) -> None:
    given = {
        "payer": RAILWAY_INVESTMENT, "payer_kind": "state_enterprise", "home_type": "two_bedroom",
        "home_area_m2": "75", "given_up_area_m2": "60", "moved_out_on": "2021-04-01", "agreed_months": "24",
    }
    call = {
        "actor": actor_with("field_officer", CHUANYING), "household": scene.households[0].code,
        "agreed_on": SIGNED_ON, "files": paper("resettlement_agreement"), "now": NOW,
    }
    refused(code, record_entitlement, given=given | changed, **call)
    record_entitlement(given=given, **call)


def test_money_only_where_the_agreement_gives_a_right_to_it(scene: Scene) -> None:
    officer, household = actor_with("field_officer", CHUANYING), scene.households[0].code
    call = {"actor": officer, "household": household, "chosen_on": TODAY, "way": "cash", "now": NOW}
    refused("resettlement.no_cash", record_wish, **call, files=paper("option_form"))
    refused("ledger.evidence_missing", record_wish, **call, files=())
    entitle(household, on=date(2024, 1, 1), may_choose_cash="yes", cash_yuan="320000.00")
    record_wish(**call, files=paper("option_form"))


def test_floors_that_are_alike_have_the_same_doors(scene: Scene) -> None:
    homes = homes_by_floor(floors=11, doors=[Decimal(76), Decimal(76), Decimal(45)])
    assert len(homes) == 33
    assert [(one.number, one.home_type, one.area_m2) for one in homes[-2:]] == [
        ("1102", "two_bedroom", 76), ("1103", "studio", 45)
    ]
    assert homes_reasons(homes) == []


def test_a_client_founds_a_site_and_builds_it_in_order(scene: Scene) -> None:
    client = actor_with("client")
    code = found_site(
        actor=client, jurisdiction=CHUANYING, client=RAILWAY_INVESTMENT, name="北山新居（演示）",
        projects=["220200-P0001"], longitude=126.5, latitude=43.8, now=NOW,
    )
    assert code == "220204-T0002"
    site = Site.objects.get(pk=code)
    found = {
        "actor": client, "jurisdiction": CHUANYING, "client": RAILWAY_INVESTMENT, "name": "北山二期（演示）",
        "now": NOW,
    }
    refused("resettlement.name_taken", found_site, **found | {"name": "北山新居（演示）"})
    refused("resettlement.name", found_site, **found | {"name": "名" * 121})
    for division in ("110101", "220200", "220299"):
        refused("resettlement.division", found_site, **found | {"jurisdiction": division})
    refused("resettlement.project", found_site, **found, projects=["220200-P0999"])
    refused("resettlement.place", found_site, **found, longitude=126.5)
    refused("resettlement.site_address", found_site, **found, address="路" * 256)
    home = NewHome("two_bedroom", 76, 1, "101")
    add = {"actor": client, "site": site, "name": "1号楼", "planned_completion_on": date(2026, 10, 1), "now": NOW}
    refused("resettlement.number", add_building, **add, homes=[home, home])
    refused("resettlement.home_area", add_building, **add, homes=[NewHome("studio", 76, 1, "101")])
    refused("resettlement.homes", add_building, **add, homes=[])
    refused("resettlement.sum", add_building, **add, homes=[home], budget_yuan=Decimal(-1))
    refused("resettlement.home_area", add_building, **add, homes=[NewHome("studio", Decimal(0), 1, "101")])
    building = add_building(**add, homes=[home, NewHome("studio", 45, 1, "102")])
    assert Home.objects.filter(building=building).count() == 2
    refused("resettlement.name_taken", add_building, **add, homes=[home])
    stage = {"actor": client, "site": site, "building": building, "now": NOW}
    refused("resettlement.no_permit", reach_stage, **stage, stage="started", reached_on=date(2024, 5, 1),
            files=paper("site_photo"))
    record_permit(actor=client, site=site, subject=building, permit="construction", number="演示2号",
                  permitted_on=date(2024, 4, 1), files=paper("permit"), now=NOW)
    reach_stage(**stage, stage="started", reached_on=date(2024, 5, 1), files=paper("site_photo"))
    refused("resettlement.stage_again", reach_stage, **stage, stage="started", reached_on=date(2024, 6, 1),
            files=paper("site_photo"))
    refused("resettlement.stage_order", reach_stage, **stage, stage="foundation", reached_on=date(2024, 4, 2),
            files=paper("site_photo"))
    refused("resettlement.other_site", reach_stage, **{**stage, "building": BUILDING}, stage="started",
            reached_on=date(2024, 5, 1), files=paper("site_photo"))
    record_funding(actor=client, site=site, amount_yuan="5000000", source="专项债券", arrived_on=date(2024, 5, 1),
                   files=paper("bank_receipt"), now=NOW)
    refused("resettlement.sum", record_funding, actor=client, site=site, amount_yuan="0", source="专项债券",
            arrived_on=date(2024, 5, 1), files=paper("bank_receipt"), now=NOW)


def test_only_the_client_of_a_site_records_its_works(scene: Scene) -> None:
    site = build_site("220204-T0009")
    for actor in (actor_with("district_leader", CHUANYING), actor_with("client", "220200-transport-bureau")):
        with pytest.raises(Refused):
            record_permit(actor=actor, site=site, subject=site.code, permit="land", number="1", permitted_on=TODAY,
                          files=paper("permit"), now=NOW)


def test_homes_on_offer(scene: Scene) -> None:
    given = {
        "actor": actor_with("client"), "city": "220200", "client": RAILWAY_INVESTMENT, "name": "北山新居（演示）",
        "home_type": "two_bedroom", "area_m2": 76, "count": 40, "price_yuan": 350_000, "ready_on": TODAY, "now": NOW,
    }
    refused("resettlement.offer", offer_stock, **{**given, "count": 0})
    refused("resettlement.home_area", offer_stock, **{**given, "area_m2": 40})
    offer_stock(**given)


def test_many_sites_ask_no_more_than_one(scene: Scene) -> None:
    assign(scene.households[0].code)
    for number in (2, 3, 4):
        build_site(f"220204-T000{number}")
    sites = list(Site.objects.order_by("code"))
    with CaptureQueriesContext(connection) as one:
        site_standings(sites[:1], on=TODAY)
    with CaptureQueriesContext(connection) as all_of_them:
        found = site_standings(sites, on=TODAY)
    assert len(all_of_them) == len(one)
    assert [sum(row.homes.values()) for row in found] == [6, 6, 6, 6]
    assert [row.homes[HomeState.ASSIGNED] for row in found] == [1, 0, 0, 0]
