"""Pages of the register: who waits, what is built, which home is whose, lots that anybody draws again."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tests.factories import (
    CHUANYING,
    CITY,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    at,
    person_with,
    record,
    signed_in_client,
)
from tests.resettlement_scene import BUILDING, SITE, build_site, build_waiting, entitle
from zhengtu.ledger.models import Fact
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.address_actions import record_address
from zhengtu.resettlement.addresses import lived_at
from zhengtu.resettlement.lot_actions import prepare_lots
from zhengtu.resettlement.models import Entitlement, HomeAssignment, LotDraw, Site
from zhengtu.resettlement.site_actions import record_permit
from zhengtu.resettlement.works import forecasts_of
from zhengtu.web.office.resettlement.sites import chance_bars

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(TODAY) + timedelta(hours=1))
    return build_waiting(late=2)


def signed_in(role: str, unit: str = "") -> Client:
    return signed_in_client(person_with(role, unit))


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_register_counts_and_filters(scene: Scene) -> None:
    mayor = signed_in("mayor")
    page = text(mayor, "/resettlement/register/")
    codes = [one.code for one in scene.households[:3]]
    assert all(code in page for code in codes)
    late = text(mayor, "/resettlement/register/?late=1")
    assert codes[0] in late
    assert codes[2] not in late
    assert scene.households[0].name_masked in page
    assert "江畔家园" in text(mayor, f"/resettlement/register/?site={SITE}")


def test_a_home_that_is_told_is_counted_apart_from_one_that_is_assigned(scene: Scene) -> None:
    first, second, third = (one.code for one in scene.households[:3])
    told = {"home": f"{BUILDING}-U0002", "site": SITE, "expected_on": "2025-12-31"}
    record(first, "home_promised", date(2025, 1, 20), told)
    record(second, "home_assigned", date(2025, 1, 21), {"home": f"{BUILDING}-U0001", "by": "plan"})
    leader = signed_in("district_leader")
    page = leader.get("/resettlement/register/")
    assert (page.context["with_home"], page.context["told"], page.context["waiting"]) == (1, 1, 3)
    for query, codes in (("home", {second}), ("told", {first}), ("no_home", {first, third})):
        rows = text(leader, f"/resettlement/register/?{query}=1").split("<tbody")[1]
        assert {code for code in (first, second, third) if code in rows} == codes
    family = text(leader, f"/resettlement/register/{first}/")
    assert "江畔家园（演示） 1号楼 102" in family
    assert f"/resettlement/buildings/{BUILDING}/" in text(leader, f"/resettlement/register/{second}/")
    building = leader.get(f"/resettlement/buildings/{BUILDING}/")
    homes = {one["home"].number: one for floor in building.context["floors"] for one in floor["homes"]}
    assert (homes["102"]["state"], homes["102"]["told_to"], homes["101"]["household"]) == ("free", first, second)
    assert leader.get(f"/resettlement/sites/{SITE}/").context["told"] == {f"{BUILDING}-U0002": [first]}
    other = signed_in_client(person_with("family", subject=third)).get(f"/resettlement/buildings/{BUILDING}/")
    assert first not in other.content.decode()


def test_a_district_sees_its_own_families(scene: Scene) -> None:
    other = text(signed_in("district_leader", "220202"), "/resettlement/register/")
    assert scene.households[0].code not in other


def test_a_home_is_assigned_on_the_page_and_refused_twice(scene: Scene) -> None:
    leader = signed_in("district_leader")
    first, second = (one.code for one in scene.households[:2])

    def assign(household: str) -> int:
        return leader.post(f"/resettlement/register/{household}/assign/", {
            "home": f"{BUILDING}-U0001", "by": "plan",
            "resettlement_agreement": SimpleUploadedFile("协议（演示）.txt", "演示材料，内容虚构".encode()),
        }).status_code

    assert assign(first) == 302
    assert assign(second) == 409
    assert HomeAssignment.objects.get().household_id == first
    building = text(leader, f"/resettlement/buildings/{BUILDING}/")
    assert first in building


def test_a_new_payer_is_entered_with_what_becomes_of_the_debts(scene: Scene) -> None:
    first, officer = scene.households[0].code, signed_in("field_officer")
    page = f"/resettlement/register/{first}/"
    assert 'name="takes_debts"' in officer.get(page).content.decode()
    given = {
        "agreed_on": "2024-06-01", "payer": CITY, "payer_kind": "public_finance", "home_type": "two_bedroom",
        "home_area_m2": "75", "site": SITE, "given_up_area_m2": "60", "moved_out_on": "2021-04-01",
        "agreed_months": "24", "rule": "huainan-by-person", "persons": "3", "pay_every_months": "6",
        "takes_debts": "yes", "may_choose_cash": "no",
    }
    refused = officer.post(f"{page}entitle/", {**given, "persons": "1000", **_agreement()})
    assert refused.status_code == 409
    assert 'value="1000"' in refused.content.decode()
    assert officer.post(f"{page}entitle/", given | _agreement()).status_code == 302
    held = Entitlement.objects.get(household=first)
    assert (held.payer_id, held.persons, held.rooms, held.pay_every_months, held.takes_debts) == (
        CITY, 3, None, 6, True
    )


def _agreement() -> dict[str, SimpleUploadedFile]:
    return {"resettlement_agreement": SimpleUploadedFile("承接协议（演示）.txt", "演示材料，内容虚构".encode())}


def test_a_family_without_a_site_has_a_page(scene: Scene) -> None:
    """Its agreement names no site yet: nothing can be chosen, and that is said."""
    first = scene.households[0].code
    entitle(first, on=date(2025, 1, 10), site="")
    page = signed_in("district_leader").get(f"/resettlement/register/{first}/")
    assert (page.status_code, page.context["free"], page.context["site"]) == (200, 0, None)


def test_a_family_that_came_home_settles_the_area_and_gets_its_title(scene: Scene) -> None:
    first, officer = scene.households[0].code, signed_in("field_officer")
    page = f"/resettlement/register/{first}/"
    paper = {"other": SimpleUploadedFile("结算单（演示）.txt", "演示材料，内容虚构".encode())}
    sums = {"settled_on": "2025-02-12", "surveyed_area_m2": "76.20", "family_pays_yuan": "4200.00"}
    assert officer.post(f"{page}settle/", sums | paper).status_code == 404  # it waits: nothing to settle yet
    record(first, "home_assigned", date(2025, 1, 5), {"home": f"{BUILDING}-U0001", "by": "plan"})
    record(first, "resettled", date(2025, 1, 20), {"address": "江畔家园1号楼101"})
    assert "76.2" not in text(officer, page)
    both = {**sums, "family_gets_yuan": "10.00", "other": SimpleUploadedFile("结算单（演示）.txt", b"demo")}
    assert officer.post(f"{page}settle/", both).status_code == 409
    settled = {**sums, "other": SimpleUploadedFile("结算单（演示）.txt", b"demo")}
    assert officer.post(f"{page}settle/", settled).status_code == 302
    given = {"registered_on": "2025-02-13", "number": "吉（2025）演示第0001号"}
    assert officer.post(f"{page}title/", given).status_code == 409  # without the certificate
    given["title_certificate"] = SimpleUploadedFile("权证（演示）.txt", b"demo")
    assert officer.post(f"{page}title/", given).status_code == 302
    shown = text(officer, page)
    assert "76.20" in shown
    assert "4,200.00" in shown
    assert "演示第0001号" in shown
    assert "<form" not in shown.split("<main")[1]


def test_who_has_a_home_is_not_named_to_a_family_of_another_house(scene: Scene) -> None:
    first = scene.households[0].code
    record(first, "home_assigned", TODAY, {"home": f"{BUILDING}-U0001", "by": "plan"})
    family = signed_in_client(person_with("family", subject=scene.households[1].code))
    assert first not in text(family, f"/resettlement/buildings/{BUILDING}/")
    assert first not in text(family, "/resettlement/register/")


def test_the_site_shows_when_its_building_will_be_completed(scene: Scene) -> None:
    page = text(signed_in("client"), f"/resettlement/sites/{SITE}/")
    assert "1号楼" in page
    assert "五成把握" in page
    assert 'name="site_photo"' in page
    assert 'name="site_photo"' not in text(signed_in("mayor"), f"/resettlement/sites/{SITE}/")


def test_the_bars_of_a_forecast_stay_in_their_picture(scene: Scene) -> None:
    building = Site.objects.get(pk=SITE).buildings.get()
    bars = chance_bars(forecasts_of([building], on=TODAY)[building.code])
    assert bars
    assert all(0 <= bar.y <= 120 and 0 <= bar.x <= 1080 for bar in bars)
    assert sum(bar.chance for bar in bars) == pytest.approx(1, abs=0.02)


def test_a_photo_is_shown_to_whoever_reaches_the_site(scene: Scene) -> None:
    client = signed_in("client")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    )
    record_permit(
        actor=actor_with("client"), site=Site.objects.get(pk=SITE), subject=BUILDING, permit="construction",
        number="演示1号", permitted_on=date(2024, 4, 1), now=at(TODAY),
        files=[OfferedFile("permit", "许可（演示）.txt", SimpleUploadedFile("a.txt", "演示材料".encode()))],
    )
    done = client.post(f"/resettlement/sites/{SITE}/stage/", {
        "building": BUILDING, "stage": "started", "on": "2024-05-01",
        "site_photo": SimpleUploadedFile("照片（演示）.png", pixel, content_type="image/png"),
    })
    assert done.status_code == 302, done.content.decode()[:2000]
    fact = Fact.objects.get(subject=BUILDING, kind="works_reached")
    address = f"/resettlement/sites/{SITE}/photos/{fact.deed.evidence.get().file_id}/"
    assert address in text(client, f"/resettlement/sites/{SITE}/")
    assert client.get(address).status_code == 200
    assert signed_in("district_leader", "220202").get(address).status_code == 404


def test_lots_from_the_fingerprint_to_the_file(scene: Scene, tmp_path: Path) -> None:
    leader = signed_in("district_leader")
    draw = prepare_lots(
        actor=actor_with("district_leader", CHUANYING), site=Site.objects.get(pk=SITE), title="选房（演示）",
        now=at(TODAY),
    )
    row = LotDraw.objects.get(pk=draw)
    address = f"/resettlement/lots/{draw}/"
    page = text(leader, address)
    assert row.commitment in page
    assert row.seed not in page
    assert leader.get(f"{address}lots.json").status_code == 404
    closed = leader.post(f"{address}close/", {
        "households": "\n".join(one.code for one in scene.households[:3]),
        "announcement": SimpleUploadedFile("公告（演示）.txt", "演示材料，内容虚构".encode()),
    })
    assert closed.status_code == 302
    assert row.seed not in text(leader, address)
    assert leader.post(f"{address}draw/").status_code == 302
    assert row.seed in text(leader, address)
    file = tmp_path / "lots.json"
    file.write_bytes(leader.get(f"{address}lots.json").content)
    call_command("lots", replay=file)
    file.write_text(file.read_text(encoding="utf-8").replace(row.seed, "0" * 64), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("lots", replay=file)


def test_a_client_enters_a_site_and_a_building_on_their_pages(scene: Scene) -> None:
    client = signed_in("client")
    assert "/resettlement/sites/new/" in text(client, "/resettlement/sites/")
    told = {"name": "北山新居（演示）", "jurisdiction": CHUANYING}
    wrong = client.post("/resettlement/sites/new/", told | {"longitude": "x"})
    assert wrong.status_code == 409
    assert 'value="北山新居（演示）"' in wrong.content.decode()
    done = client.post("/resettlement/sites/new/", told | {
        "address": "演示路8号", "longitude": "126.5", "latitude": "43.8", "projects": [PROJECT],
    })
    site = Site.objects.get(name="北山新居（演示）")
    assert (done.status_code, done["Location"]) == (302, f"/resettlement/sites/{site.code}/")
    assert (site.client_id, site.projects) == (RAILWAY_INVESTMENT, [PROJECT])
    page = f"/resettlement/sites/{site.code}/new-building/"
    assert page in text(client, f"/resettlement/sites/{site.code}/")
    given = {
        "name": "1号楼", "planned_completion_on": "2026-10-31", "floors": "11", "budget_yuan": "21,000,000",
        "count_1": "2", "area_1": "76", "count_2": "1", "area_2": "45.5",
    }
    for name, value in {
        "name": "", "floors": "0", "count_1": "1.5", "area_1": "-3", "planned_completion_on": "", "budget_yuan": "NaN",
        "area_2": "9" * 30,
    }.items():
        assert client.post(page, given | {name: value}).status_code == 409, name
    assert not site.buildings.exists()
    done = client.post(page, given)
    building = site.buildings.get()
    assert done["Location"] == f"/resettlement/buildings/{building.code}/"
    assert (building.floors, building.budget_yuan, building.homes.count()) == (11, 21_000_000, 33)
    assert "1103" in text(client, f"/resettlement/buildings/{building.code}/")


def test_nobody_builds_at_the_site_of_another_client(scene: Scene) -> None:
    other = build_site("220204-T0009", client="220200-transport-bureau", homes=1)
    page = f"/resettlement/sites/{other.code}/new-building/"
    client = signed_in("client")
    assert client.get(f"/resettlement/sites/{other.code}/").status_code == 200  # its own project's families go there
    assert client.get(page).status_code == 404
    assert client.post(page, {"name": "2号楼"}).status_code == 404
    assert "new-building" not in text(client, f"/resettlement/sites/{other.code}/")


def test_what_was_told_of_a_site_stands_in_the_form_that_was_refused(scene: Scene) -> None:
    refused = signed_in("client").post(f"/resettlement/sites/{SITE}/permit/", {
        "subject": BUILDING, "permit": "planning", "number": "演示9号", "on": "2024-01-09",
    })
    assert refused.status_code == 409
    page = refused.content.decode()
    assert 'value="演示9号"' in page
    assert "许可或批准文件" in page.split("reason-list")[1].split("</section>")[0]
    assert page.count('value="2024-01-09"') == 1


def test_where_a_family_lives_is_recorded_masked_and_opened_on_record(scene: Scene) -> None:
    first, officer = scene.households[0].code, signed_in("field_officer")
    page = f"/resettlement/register/{first}/"
    told = {"since_on": "2021-04-02", "address": "吉林市昌邑区演示街12号501室", "told_by": "lease"}
    refused = officer.post(f"{page}address/", told)
    assert refused.status_code == 409  # without a paper
    assert 'value="吉林市昌邑区演示街12号501室"' in refused.content.decode()
    paper = {"address_paper": SimpleUploadedFile("租房合同（演示）.txt", "演示材料，内容虚构".encode())}
    assert officer.post(f"{page}address/", told | paper).status_code == 302
    family = signed_in_client(person_with("family", subject=first))
    file = f"/households/{first}/"
    for reader, address in (
        (officer, page), (officer, file), (family, file), (signed_in("mayor"), file), (signed_in("client"), page),
        (officer, "/resettlement/register/"),
    ):
        shown = text(reader, address)
        assert "吉林市昌邑******" in shown
        assert "演示街" not in shown
    assert "address-purpose" not in text(signed_in("mayor"), file)
    assert signed_in("mayor").post(f"{file}address/", {"purpose": "看看"}).status_code == 403
    assert officer.post(f"{file}address/", {"purpose": ""}).status_code == 409
    for reader in (officer, family):
        opened = reader.post(f"{file}address/", {"purpose": "核对住址（演示）"}).content.decode()
        assert "吉林市昌邑区演示街12号501室" in opened
    assert "核对住址（演示）" in text(family, file)
    assert first not in text(officer, "/resettlement/register/?no_address=1").split("<tbody")[1]


def test_a_mistyped_day_of_an_address_is_corrected_without_its_text(scene: Scene) -> None:
    first, officer = scene.households[0].code, signed_in("field_officer")
    record_address(
        actor=actor_with("field_officer", CHUANYING), household=first, since_on=date(2021, 5, 1), told_by="family",
        address="吉林市昌邑区演示街12号501室", now=at(TODAY),
        files=[OfferedFile("address_paper", "告知单（演示）.txt", SimpleUploadedFile("a.txt", "演示材料".encode()))],
    )
    fact = Fact.objects.get(subject=first, kind="transition_address_recorded")
    page = reverse("fact.correct", args=[fact.deed_id, fact.ordinal])
    assert "digest" not in text(officer, page)
    done = officer.post(page, {
        "deed": "correct", "happened_on": "2021-06-01", "attribute-told_by": "family", "reason": "日期录错",
    })
    assert done.status_code == 302
    assert [(one.since_on, one.masked) for one in lived_at([first], on=TODAY)[first]] == [
        (date(2021, 6, 1), "吉林市昌邑******")
    ]


def test_a_list_that_is_wrong_is_told_by_cell(scene: Scene) -> None:
    officer = signed_in("field_officer")
    header = "户编号,协议日期,过渡费支付单位,支付单位性质,约定面积（m²）,计费面积（m²）,过渡期起算日,约定过渡期（月）"
    line = f"{scene.households[0].code},2021-03-02,无此单位,国有企业,75,60,2021-04-01,24"
    response = officer.post("/resettlement/lists/entitlements/", {
        "file": SimpleUploadedFile("安置台账.csv", f"{header}\n{line}\n".encode("utf-8-sig"), content_type="text/csv"),
    })
    assert response.status_code == 409
    page = response.content.decode()
    assert "第2行，“过渡费支付单位”：“无此单位”" in page
