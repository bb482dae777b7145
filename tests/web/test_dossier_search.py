"""Search: exact names and numbers, parts of addresses; within scope alone, and without a trace of the rest."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import Scene, advance, build_campaign, person_with, personal_data, signed_in_client
from zhengtu.ledger.models import Deed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


@pytest.fixture
def officer() -> Client:
    return signed_in_client(person_with("field_officer"), headers={"accept-language": "en"})


def found(client: Client, text: str) -> list[str]:
    return [household.code for household in client.get("/search/", {"q": text}).context["hits"].households]


def test_a_household_is_found_by_exact_name_identity_and_address(scene: Scene, officer: Client) -> None:
    household, personal = scene.households[0], personal_data(1)
    identity = personal["identity_number"]
    for text in (personal["name"], identity, identity.lower(), "船营段青年路1号", "1室"):
        assert found(officer, text) == [household.code], text
    assert len(found(officer, "220204-P0001-S01-H")) == 3
    assert found(officer, "青年路") == [one.code for one in scene.households[:3]]


def test_part_of_a_name_or_number_finds_nobody(scene: Scene, officer: Client) -> None:
    personal = personal_data(1)
    assert found(officer, personal["name"][0]) == []
    assert found(officer, personal["identity_number"][:10]) == []


def test_what_is_found_is_masked(scene: Scene, officer: Client) -> None:
    personal = personal_data(1)
    text = officer.get("/search/", {"q": personal["identity_number"]}).content.decode()
    assert scene.households[0].name_masked in text
    assert personal["name"] not in text


def test_another_districts_household_is_found_by_nothing(scene: Scene, officer: Client) -> None:
    other, personal = scene.households[3], personal_data(4)
    for text in (personal["name"], personal["identity_number"], other.code, other.code[:16], "昌邑段青年路1号"):
        response = officer.get("/search/", {"q": text})
        assert response.status_code == 200
        assert not response.context["hits"]
        assert "Nothing found within your view" in response.content.decode()


def test_a_full_code_leads_straight_to_the_dossier(scene: Scene, officer: Client) -> None:
    code = scene.households[0].code
    assert officer.get("/search/", {"q": code.lower()})["Location"] == f"/households/{code}/"


def test_projects_and_sections_are_found_by_name_and_code_in_scope(scene: Scene, officer: Client) -> None:
    hits = officer.get("/search/", {"q": "西环线"}).context["hits"]
    assert [project.code for project in hits.projects] == ["220200-P0001"]
    hits = officer.get("/search/", {"q": "22020"}).context["hits"]
    assert [section.code for section in hits.sections] == ["220204-P0001-S01"]


def test_a_deed_is_found_by_whoever_may_read_it(scene: Scene, officer: Client) -> None:
    advance(scene.households[0], to="surveyed")
    advance(scene.households[3], to="surveyed")
    own, other = Deed.objects.filter(verb="fact.record").order_by("chain", "number").reverse()
    assert [deed.id for deed in officer.get("/search/", {"q": own.id.lower()}).context["hits"].deeds] == [own.id]
    assert not officer.get("/search/", {"q": other.id}).context["hits"]


def test_a_family_finds_its_own_home_alone(scene: Scene) -> None:
    family = signed_in_client(person_with("family", subject=scene.households[0].code))
    assert found(family, "青年路") == [scene.households[0].code]
    assert not family.get("/search/", {"q": "西环线"}).context["hits"]


def test_an_empty_search_finds_nothing(scene: Scene, officer: Client) -> None:
    for text in ("", "   "):
        assert not officer.get("/search/", {"q": text}).context["hits"]
