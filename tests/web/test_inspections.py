"""The screens of an inspection: what the mayor, the inspectors and the inspected each read, from draw to objection."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import CHANGYI, CHUANYING, NOW, person_with, signed_in_client
from tests.inspection_scene import concluded, drawn, inspectors, released, vacated_scene, visited
from zhengtu.inspection.models import Drawn, InspectionTeam
from zhengtu.inspection.site_findings import findings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are opened on the first day on site."""
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)


def drawn_inspector(code: str, household: str) -> Client:
    """Signed in as somebody who was drawn to go to that house."""
    team = InspectionTeam.objects.filter(inspection=code, jurisdiction=household[:6]).order_by("pk")
    return signed_in_client(team[0].inspector)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("site.jpg", b"\xff\xd8\xffa house\xff\xd9", content_type="image/jpeg")


def test_an_inspector_finds_the_house_on_the_list_and_records_it_with_a_photo() -> None:
    vacated_scene()
    code = drawn()
    house = Drawn.objects.filter(inspection=code).order_by("household")[0].household
    client = drawn_inspector(code, house)
    assert f"/inspections/{code}/on-site/{house}/" in client.get("/inspections/on-site/").content.decode()
    form = f"/inspections/{code}/on-site/{house}/"
    assert 'capture="environment"' in client.get(form).content.decode()
    refused = client.post(form, {"found": "empty", "longitude": "126.55", "latitude": "43.84", "accuracy": "9"})
    assert refused.status_code == 409
    assert "照片" in refused.content.decode()
    kept = client.post(form, {
        "found": "never_left", "photos": photo(), "longitude": "126.5505", "latitude": "43.8403", "accuracy_m": "9",
        "note": "室内有人居住",
    })
    assert kept.status_code == 302, kept.content.decode()
    row = Drawn.objects.get(inspection=code, household=house)
    assert (row.found, row.is_false) == ("never_left", True)


def test_the_draw_is_published_with_what_a_second_person_needs() -> None:
    vacated_scene()
    code = drawn()
    client = signed_in_client(inspectors()[0])
    page = client.get(f"/inspections/{code}/draw/").content.decode()
    file = json.loads(client.get(f"/inspections/{code}/draw.json").content)
    assert file["seed"] in page
    assert "sha256sum" in page


def test_a_district_reads_its_own_part_once_released_and_objects_within_thirty_days() -> None:
    scene = vacated_scene()
    mine = next(house.code for house in scene.households if house.code.startswith(CHUANYING))
    code = released({mine: "never_left"}, repair="立即清退")
    district = signed_in_client(person_with("district_leader"))
    page = district.get(f"/inspections/{code}/").content.decode()
    assert f"对{CHUANYING}的督查结论" in page
    assert f"对{CHANGYI}的督查结论" not in page
    assert f"/inspections/{code}/object/{CHUANYING}/" in page
    assert district.get(f"/inspections/{code}/object/{CHANGYI}/").status_code == 404
    objected = district.post(f"/inspections/{code}/object/{CHUANYING}/", {
        "households": [mine], "why": "当日为搬家公司清运",
        "statement": SimpleUploadedFile("statement.txt", "情况说明".encode()),
    })
    assert objected.status_code == 302, objected.content.decode()
    assert "当日为搬家公司清运" in district.get(f"/inspections/{code}/").content.decode()


def test_the_mayor_sees_before_the_release_who_will_be_told_what() -> None:
    scene = vacated_scene()
    mine = next(house.code for house in scene.households if house.code.startswith(CHUANYING))
    code = drawn()
    visited(code, {mine: "never_left"})
    concluded(code)
    mayor = signed_in_client(person_with("mayor"))
    preview = mayor.get(f"/inspections/{code}/release/")
    assert preview.status_code == 200
    assert "从未搬离" in preview.content.decode()
    assert findings("220200", on=date(2025, 2, 14), released_only=True) == []
    assert mayor.post(f"/inspections/{code}/release/").status_code == 302
    found = {one.household: one.is_false for one in findings("220200", on=date(2025, 2, 14), released_only=True)}
    assert found[mine] is True
