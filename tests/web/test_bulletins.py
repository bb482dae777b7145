"""Pages of bulletins: every figure leads to as many rows as it says, and the page reads as the document."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    NOW,
    Scene,
    actor_with,
    advance,
    announce,
    build_campaign,
    person_with,
    record,
)
from tests.factories import signed_in_client as client_of
from zhengtu.publication.actions import draft_bulletin, release_bulletin, submit_bulletin
from zhengtu.publication.models import Bulletin
from zhengtu.publication.week_figures import compute_plans, period_of_bulletin, released_figures

pytestmark = pytest.mark.django_db(transaction=True)

PROVEN = re.compile(r'<a class="figure" href="(?P<href>/(?:projects|sections|households)/[^"]*)">(?P<text>[\d,]+)</a>')


@pytest.fixture
def bulletin() -> Bulletin:
    """Released for a week in which one household signed, after another had vacated before it."""
    scene: Scene = build_campaign()
    announce()
    advance(scene.households[0], to="demolished", start_on=date(2025, 1, 21))
    advance(scene.households[1], to="signed", start_on=date(2025, 2, 2))
    record(f"{scene.changyi.code}-H00001", "resettlement_promised", date(2023, 6, 1), {"promised_on": "2024-01-31"})
    coordinator = actor_with("coordinator")
    code = draft_bulletin(
        actor=coordinator, city=CITY, kind="circular", from_on=date(2025, 2, 3), until_on=date(2025, 2, 10), now=NOW
    )
    compute_plans(CITY, period_of_bulletin(Bulletin.objects.get(pk=code)), now=NOW)
    submit_bulletin(actor=coordinator, code=code, now=NOW)
    release_bulletin(actor=actor_with("vice_mayor"), code=code, now=NOW)
    return Bulletin.objects.get(pk=code)


def page_of(client: Client, bulletin: Bulletin) -> str:
    return client.get(f"/bulletins/{bulletin.code}/").content.decode()


def test_every_figure_of_the_sentences_leads_to_as_many_rows_as_it_says(bulletin: Bulletin) -> None:
    client = client_of(person_with("mayor"))
    found = [(hit["href"].replace("&amp;", "&"), hit["text"]) for hit in PROVEN.finditer(page_of(client, bulletin))]
    total = released_figures(bulletin).figures.total
    assert {text for _, text in found} >= {str(total.households), str(total.settled), str(total.vacated)}
    for href, text in found:
        answer = client.get(href)
        assert answer.status_code == 200, href
        assert answer.context["table"]["count"] == int(text.replace(",", "")), href
    assert len(found) >= 8


def test_a_district_reads_the_released_page_and_takes_its_three_files(bulletin: Bulletin) -> None:
    leader = client_of(person_with("district_leader"))
    page = page_of(leader, bulletin)
    assert bulletin.number in page
    assert bulletin.figures_sha256 in page
    for ending, start in (("docx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        answer = leader.get(f"/bulletins/{bulletin.code}/file.{ending}")
        assert b"".join(answer.streaming_content).startswith(start)  # type: ignore[attr-defined]


def test_what_people_write_is_never_read_as_markup(bulletin: Bulletin) -> None:
    Bulletin.objects.filter(pk=bulletin.code).update(remarks={"practices": ["<script>alert(1)</script>"]})
    page = page_of(client_of(person_with("mayor")), bulletin)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.fixture
def draft() -> Bulletin:
    """Begun for a week whose plans are computed."""
    build_campaign()
    announce()
    code = draft_bulletin(
        actor=actor_with("coordinator"), city=CITY, kind="circular", from_on=date(2025, 2, 3),
        until_on=date(2025, 2, 10), now=NOW,
    )
    compute_plans(CITY, period_of_bulletin(Bulletin.objects.get(pk=code)), now=NOW)
    return Bulletin.objects.get(pk=code)


def sent(client: Client, bulletin: Bulletin, units: list[str], text: str = "") -> Any:
    return client.post(f"/bulletins/{bulletin.code}/write/", {
        "addressees-shown": "1", "addressees": units, "remark-practices": text,
    })


def test_whoever_drafts_sees_the_usual_units_ticked_by_kind_and_chooses(draft: Bulletin) -> None:
    client = client_of(person_with("coordinator"))
    groups = client.get(f"/bulletins/{draft.code}/").context["groups"]
    assert [group.kind for group in groups] == [
        "city", "district", "development_zone", "department", "enterprise",
    ]
    assert {unit.code for group in groups for unit in group.units if unit.is_chosen} == set(draft.addressees)
    assert CITY not in draft.addressees
    assert sent(client, draft, [CHUANYING], "逐户建档。").status_code == 302
    kept = Bulletin.objects.get(pk=draft.code)
    assert (kept.addressees, kept.remarks) == ([CHUANYING], {"practices": ["逐户建档。"]})


def test_a_refused_choice_keeps_what_was_typed_on_the_page_and_nothing_in_the_store(draft: Bulletin) -> None:
    client = client_of(person_with("coordinator"))
    for units in ([], ["229999"]):
        answer = sent(client, draft, units, "还没有保存的话")
        assert answer.status_code == 409
        assert "还没有保存的话" in answer.content.decode()
        assert not any(unit.is_chosen for group in answer.context["groups"] for unit in group.units)
    kept = Bulletin.objects.get(pk=draft.code)
    assert (kept.addressees, kept.remarks) == (draft.addressees, {})


def test_only_the_units_chosen_read_it_once_it_is_released(draft: Bulletin) -> None:
    sent(client_of(person_with("coordinator")), draft, [CHANGYI])
    leader = client_of(person_with("district_leader"))
    submit_bulletin(actor=actor_with("coordinator"), code=draft.code, now=NOW)
    release_bulletin(actor=actor_with("vice_mayor"), code=draft.code, now=NOW)
    assert leader.get(f"/bulletins/{draft.code}/").status_code == 404
    neighbour = client_of(person_with("district_leader", unit=CHANGYI))
    page = neighbour.get(f"/bulletins/{draft.code}/")
    assert page.status_code == 200
    assert [unit.code for group in page.context["groups"] for unit in group.units if unit.is_chosen] == [CHANGYI]


def test_a_report_offers_leaders_alone(draft: Bulletin) -> None:
    code = draft_bulletin(
        actor=actor_with("inspector"), city=CITY, kind="inspection", from_on=date(2025, 2, 3),
        until_on=date(2025, 2, 10), now=NOW,
    )
    client = client_of(person_with("inspector"))
    assert [group.kind for group in client.get(f"/bulletins/{code}/").context["groups"]] == ["city"]
    assert sent(client, Bulletin.objects.get(pk=code), [CHUANYING]).status_code == 409
    assert Bulletin.objects.get(pk=code).addressees == [CITY]
