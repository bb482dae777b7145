"""Pages of sponsorship and hard cases: what a sponsor, a coordinator, an officer and the family read and write."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.apps.sponsorship.test_sponsors import named, promised
from tests.factories import (
    CHUANYING,
    NOW,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    build_campaign,
    person_with,
    signed_in_client,
)
from zhengtu.ledger.models import Fact
from zhengtu.sponsorship.case_actions import describe_case
from zhengtu.sponsorship.models import Sponsorship

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Every request is made at half past nine of the day."""
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)
    return build_campaign()


def text_of(client: Client, path: str) -> str:
    response = client.get(path, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert response.status_code == 200, path
    return response.content.decode()


def minutes() -> SimpleUploadedFile:
    return SimpleUploadedFile("纪要.txt", "演示纪要".encode(), content_type="text/plain")


def described(household: str) -> None:
    describe_case(
        actor=actor_with("field_officer"), household=household, cause="inheritance",
        described="登记在已故权利人名下", now=NOW,
    )


def test_the_coordinator_names_a_sponsor_with_the_minutes(scene: Scene) -> None:
    client = signed_in_client(person_with("coordinator"))
    leader = person_with("district_leader")
    page = f"/sponsorship/of/{CHUANYING}-P0001/"
    assert leader.code in text_of(client, page)
    refused = client.post(f"{page}name/", {"sponsor": leader.code, "from_on": "2025-02-14"})
    assert refused.status_code == 409
    sent = {"sponsor": leader.code, "from_on": "2025-02-14", "evidence-minutes": minutes()}
    assert client.post(f"{page}name/", sent).status_code == 302
    assert Sponsorship.objects.get().sponsor == leader
    assert leader.name in text_of(client, "/sponsorship/all/")
    assert leader.name in text_of(client, f"/projects/{PROJECT}/")


def test_a_sponsor_sees_what_they_answer_for_and_the_next_lawful_step(scene: Scene) -> None:
    named("vice_mayor")
    promised("vice_mayor")
    described(scene.households[0].code)
    text = text_of(signed_in_client(person_with("vice_mayor")), "/sponsorship/")
    assert "协调资金到位" in text
    assert "西环线1号工程" in text
    assert "继承公证" in text
    assert scene.households[0].name_masked in text
    assert "王建国" not in text


def test_whoever_sponsors_nothing_is_told_so(scene: Scene) -> None:
    assert "当日没有包保事项" in text_of(signed_in_client(person_with("auditor")), "/sponsorship/")


def test_a_sponsor_promises_visits_and_proves_on_one_page(scene: Scene) -> None:
    named("vice_mayor")
    client = signed_in_client(person_with("vice_mayor"))
    page = f"/sponsorship/of/{PROJECT}/"
    due = (TODAY + timedelta(days=7)).isoformat()
    assert client.post(f"{page}promise/", {"promise": "协调资金到位", "due_on": due}).status_code == 302
    assert client.post(f"{page}visit/", {"result": "实地查看", "visited_on": "2025-02-13"}).status_code == 302
    promise = Fact.objects.get(kind="sponsor_promised")
    sent = {"promised": promise.reference, "result": "资金已到位"}
    assert client.post(f"{page}keep/", sent).status_code == 409
    assert client.post(f"{page}keep/", {**sent, "evidence-other": minutes()}).status_code == 302
    text = text_of(client, page)
    assert "已兑现" in text
    assert "实地查看" in text


def test_visits_are_nowhere_counted_and_nobody_is_ranked(scene: Scene) -> None:
    """A visit leaves every list as it was: neither a figure nor an order follows from it."""
    named("vice_mayor")
    client = signed_in_client(person_with("coordinator"))
    before = [text_of(client, path) for path in ("/sponsorship/all/", "/hard-cases/")]
    visiting = signed_in_client(person_with("vice_mayor"))
    for day in ("2025-02-12", "2025-02-13"):
        visiting.post(f"/sponsorship/of/{PROJECT}/visit/", {"result": "实地查看", "visited_on": day})
    assert Fact.objects.filter(kind="sponsor_visited").count() == 2
    after = [text_of(client, path) for path in ("/sponsorship/all/", "/hard-cases/")]
    assert [_without_token(text) for text in before] == [_without_token(text) for text in after]


def _without_token(text: str) -> list[str]:
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_hard_cases_are_listed_by_cause_with_counts(scene: Scene) -> None:
    for household in scene.households[:2]:
        described(household.code)
    mayor = signed_in_client(person_with("mayor"))
    text = text_of(mayor, "/hard-cases/?cause=inheritance&state=open")
    assert text.count(f"{CHUANYING}-P0001-S01-H0000") >= 2
    assert "继承析产" in text
    assert f"{CHUANYING}-P0001-S01-H0000" not in text_of(mayor, "/hard-cases/?cause=title")


def test_words_about_a_person_come_back_with_what_to_write(scene: Scene) -> None:
    client = signed_in_client(person_with("field_officer"))
    page = f"/sponsorship/of/{scene.households[0].code}/"
    sent = {"cause": "title", "described": "户主难缠 <script>"}
    refused = client.post(f"{page}describe/", sent, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "难点户记录只写档案事项" in text
    assert "户主难缠 &lt;script&gt;" in text  # what was written stays in the form
    assert not Fact.objects.filter(kind="hard_case_described").exists()


def test_the_family_reads_its_own_entry_and_replies(scene: Scene) -> None:
    own = scene.households[0].code
    described(own)
    client = signed_in_client(person_with("family", subject=own))
    text = text_of(client, f"/households/{own}/")
    assert "登记在已故权利人名下" in text
    assert "继承公证" in text
    sent = client.post(f"/sponsorship/of/{own}/reply/", {"text": "母亲的名字写漏了"})
    assert sent.status_code == 302
    assert "母亲的名字写漏了" in text_of(client, f"/households/{own}/")
    officer = text_of(signed_in_client(person_with("field_officer")), f"/sponsorship/of/{own}/")
    assert "母亲的名字写漏了" in officer
    assert "本户意见待回应" in officer


def test_a_family_without_an_entry_sees_none(scene: Scene) -> None:
    own = scene.households[0].code
    described(scene.households[1].code)
    text = text_of(signed_in_client(person_with("family", subject=own)), f"/households/{own}/")
    assert "登记在已故权利人名下" not in text


def test_the_appraiser_sees_no_hard_case_in_the_dossier(scene: Scene) -> None:
    own = scene.households[0].code
    described(own)
    appraiser = signed_in_client(person_with("appraiser", subject=PROJECT))
    assert "登记在已故权利人名下" not in text_of(appraiser, f"/households/{own}/")
    assert "登记在已故权利人名下" in text_of(signed_in_client(person_with("mayor")), f"/households/{own}/")


def test_pages_of_an_earlier_day_take_no_deeds(scene: Scene) -> None:
    named("vice_mayor")
    client = signed_in_client(person_with("vice_mayor"))
    text = text_of(client, f"/sponsorship/of/{PROJECT}/?on=2025-02-13")
    assert "尚未明确包保领导" in text
    assert "<textarea" not in text
