"""Lists of entitlements, sites, homes and homes on offer: all lines in one deed, or none and every cell named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.factories import CHUANYING, CITY, RAILWAY_INVESTMENT, TODAY, actor_with, at, record
from tests.resettlement_scene import SITE, build_waiting
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Fact
from zhengtu.resettlement.list_actions import import_entitlements, import_homes, import_sites, import_stock
from zhengtu.resettlement.models import Entitlement, Home, HomeStock, Site
from zhengtu.resettlement.queries import stock

pytestmark = pytest.mark.django_db

NOW = at(TODAY)
HEADINGS = [
    "户编号", "协议日期", "过渡费支付单位", "支付单位性质", "约定面积（m²）", "安置小区", "计费面积（m²）",
    "过渡期起算日", "约定过渡期（月）", "过渡费规则", "可改选货币安置", "货币安置金额（元）",
]


def row(household: str, **changed: Any) -> list[Any]:
    told = dict(zip(HEADINGS, [
        household, date(2021, 3, 2), "铁路投资公司", "国有企业", 75, "江畔家园（演示）", 60.5, "2021-04-01", 24,
        "jilin-city-legacy", "是", "320,000",
    ], strict=True))
    return list((told | changed).values())


def sheet(folder: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    for one in rows:
        book.active.append(list(one))
    path = folder / "list.xlsx"
    book.save(path)
    return path


def entitlements(folder: Path, rows: Sequence[Sequence[Any]]) -> Any:
    return import_entitlements(
        actor=actor_with("field_officer", CHUANYING), jurisdiction=CHUANYING, name="安置台账.xlsx", now=NOW,
        path=sheet(folder, [["安置台账（演示）"], HEADINGS, *rows]),
    )


def refused(call: Any, *given: Any) -> list[Any]:
    deeds = Deed.objects.count()
    with pytest.raises(Refused) as raised:
        call(*given)
    assert Deed.objects.count() == deeds
    return list(raised.value.reasons)


def test_entitlements_are_imported_with_their_file(tmp_path: Path) -> None:
    codes = [one.code for one in build_waiting().households[:3]]
    done = entitlements(tmp_path, [row(code) for code in codes])
    assert done.lines == 3
    held = Entitlement.objects.get(household=codes[0])
    assert held.payer_id == RAILWAY_INVESTMENT
    assert (held.payer_kind, held.home_type, held.site_id) == ("state_enterprise", "two_bedroom", SITE)
    assert (held.given_up_area_m2, held.cash_yuan, held.may_choose_cash) == (60.5, 320_000, True)
    assert Deed.objects.get(pk=done.deed).evidence.get().name == "安置台账.xlsx"


@pytest.mark.parametrize(("changed", "field"), [
    ({"户编号": "220202-P0001-S01-H00001"}, "household"),
    ({"协议日期": "明年"}, "agreed_on"),
    ({"协议日期": "2020-01-01"}, "agreed_on"),
    ({"协议日期": "2030-01-01"}, "agreed_on"),
    ({"过渡费支付单位": "无此单位"}, "payer"),
    ({"支付单位性质": "合伙"}, "payer_kind"),
    ({"约定面积（m²）": "七十五"}, "home_area_m2"),
    ({"约定面积（m²）": None}, "home_area_m2"),
    ({"计费面积（m²）": -3}, "given_up_area_m2"),
    ({"约定过渡期（月）": 24.5}, "agreed_months"),
    ({"安置小区": "无此小区"}, "site"),
    ({"过渡费规则": "无此规则"}, "rule"),
    ({"可改选货币安置": "否"}, "cash_yuan"),
])
def test_a_wrong_cell_is_named_and_nothing_is_written(
    tmp_path: Path, changed: dict[str, Any], field: str
) -> None:
    good, bad = (one.code for one in build_waiting().households[:2])
    reasons = refused(entitlements, tmp_path, [row(good), row(bad, **changed)])
    told = reasons[0].parameters
    assert (told["file"], told["row"], told["field"]) == (
        "安置台账.xlsx", 4, f"housing_column:entitlements.{field}"
    )
    assert reasons[0].remedy
    assert Fact.objects.filter(kind="entitlement_agreed", deed__recorded_on=TODAY).count() == 0


def test_a_household_twice_and_a_column_that_is_missing(tmp_path: Path) -> None:
    code = build_waiting().households[0].code
    assert refused(entitlements, tmp_path, [row(code), row(code)])[0].parameters["row"] == 4
    path = sheet(tmp_path, [HEADINGS[1:], row(code)[1:]])
    reasons = refused(lambda: import_entitlements(
        actor=actor_with("field_officer", CHUANYING), jurisdiction=CHUANYING, name="a.xlsx", now=NOW, path=path
    ))
    assert reasons[0].parameters["field"] == "housing_column:entitlements.household"


def test_only_the_officers_of_a_division_import_there(tmp_path: Path) -> None:
    path = sheet(tmp_path, [HEADINGS, row(build_waiting().households[0].code)])
    for actor in (actor_with("field_officer", "220202"), actor_with("client"), actor_with("mayor")):
        assert refused(lambda actor=actor: import_entitlements(
            actor=actor, jurisdiction=CHUANYING, name="a.xlsx", now=NOW, path=path
        ))


def test_homes_become_buildings(tmp_path: Path) -> None:
    build_waiting()
    site, client = Site.objects.get(pk=SITE), actor_with("client")
    headings = ["楼号", "计划竣工日期", "房号", "楼层", "建筑面积（m²）"]
    rows = [["2号楼", "2026-10-01", f"{floor}0{door}", floor, 76] for floor in (1, 2) for door in (1, 2)]
    done = import_homes(
        actor=client, site=site, path=sheet(tmp_path, [headings, *rows]), name="homes.xlsx", now=NOW
    )
    assert done.lines == 4
    assert Home.objects.filter(building=f"{SITE}-Z02", home_type="two_bedroom").count() == 4
    again = refused(lambda: import_homes(
        actor=client, site=site, path=sheet(tmp_path, [headings, *rows]), name="homes.xlsx", now=NOW
    ))
    assert again[0].parameters["field"] == "housing_column:homes.building"
    wrong = [["3号楼", "2026-10-01", "101", 1, 76], ["3号楼", "2026-10-01", "101", 1.5, 76]]
    fields = [one.parameters["field"].rpartition(".")[2] for one in refused(lambda: import_homes(
        actor=client, site=site, path=sheet(tmp_path, [headings, *wrong]), name="homes.xlsx", now=NOW
    ))]
    assert fields == ["number", "floor"]


def test_sites_and_homes_on_offer(tmp_path: Path) -> None:
    build_waiting()
    client = actor_with("client")
    headings = ["小区名称", "地址", "项目编号", "经度", "纬度"]
    path = sheet(tmp_path, [headings, ["南山新居（演示）", "演示路2号", "220200-P0001", 126.5, 43.8]])
    call = {"actor": client, "jurisdiction": CHUANYING, "client": RAILWAY_INVESTMENT, "name": "s.xlsx", "now": NOW}
    import_sites(**call, path=path)
    assert Site.objects.get(name="南山新居（演示）").code == "220204-T0002"
    assert refused(lambda: import_sites(**call, path=path))[0].parameters["field"].endswith(".name")
    offers = sheet(tmp_path, [
        ["小区名称", "建筑面积（m²）", "套数", "单套价格（元）", "可交付日期"],
        ["北山新居（演示）", 76, 40, 350000, "2025-03-01"],
    ])
    import_stock(actor=client, city=CITY, client=RAILWAY_INVESTMENT, path=offers, name="o.xlsx", now=NOW)
    assert [(one.count, one.home_type) for one in stock(CITY, on=TODAY)] == [(40, "two_bedroom")]
    assert HomeStock.objects.get().offered_on == TODAY


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    build_waiting()
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"\x00" * 4096)
    assert refused(lambda: import_entitlements(
        actor=actor_with("field_officer", CHUANYING), jurisdiction=CHUANYING, name="list.xlsx", now=NOW, path=path
    ))


def test_a_correction_by_hand_is_still_open(tmp_path: Path) -> None:
    household = build_waiting().households[0].code
    entitlements(tmp_path, [row(household)])
    entry = Fact.objects.get(subject=household, kind="entitlement_agreed", deed__recorded_on=TODAY)
    record(household, "withdrawn", TODAY, {"reason": "录错户"}, supersedes=entry.reference)
    assert Entitlement.objects.get(household=household).given_up_area_m2 == 60


def test_rooms_rhythm_and_debts_that_go_over_stand_in_a_list(tmp_path: Path) -> None:
    codes = [one.code for one in build_waiting().households[:2]]
    more = ["计费间数", "每几个月支付一次", "原支付单位此前欠付部分"]

    def imported(*values: Any) -> Any:
        return import_entitlements(
            actor=actor_with("field_officer", CHUANYING), jurisdiction=CHUANYING, name="安置台账.xlsx", now=NOW,
            path=sheet(tmp_path, [
                [*HEADINGS, *more], [*row(codes[0], 过渡费规则="胶州市李哥庄镇（按间）"), *values],
                [*row(codes[1]), "", "", ""],
            ]),
        )

    imported(4, 3, "由新支付单位承接")
    held = Entitlement.objects.get(household=codes[0])
    assert (held.rule, held.rooms, held.pay_every_months, held.takes_debts) == ("jiaozhou-ligezhuang", 4, 3, True)
    other = Entitlement.objects.get(household=codes[1])
    assert (other.rooms, other.persons, other.pay_every_months, other.takes_debts) == (None, None, None, False)
    (problem,) = refused(imported, 2.5, 3, "")
    assert problem.parameters["field"] == "housing_column:entitlements.rooms"
