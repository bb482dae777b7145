"""Pages of reviews: what the chair, a called district and a stranger to the review read; and the room's own answers."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from tests.factories import (
    CHANGYI,
    CHUANYING,
    NOW,
    TODAY,
    Scene,
    actor_with,
    announce,
    build_campaign,
    person_with,
    record,
    signed_in_client,
)
from tests.review_scene import HELD, RUNNING, held_and_running
from zhengtu.directives.models import Directive
from zhengtu.reviews.deciding import decisions_of
from zhengtu.reviews.models import Review, ReviewStage

pytestmark = pytest.mark.django_db
ROOM = f"/reviews/{RUNNING}/room/"
SCRIPT = {"HTTP_X_ROOM": "1"}


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Two reviews of the day; every request is made at half past nine of it."""
    monkeypatch.setattr("zhengtu.web.shared.middleware.timezone.now", lambda: NOW)
    scene = build_campaign()
    announce()
    matter = {"matter": "楼栋产权未清", "responsible": "船营区"}
    record(scene.chuanying.code, "matter_opened", date(2025, 2, 10), matter)
    held_and_running()
    return scene


@pytest.fixture
def chair(scene: Scene) -> Client:
    return signed_in_client(person_with("coordinator"))


@pytest.fixture
def leader(scene: Scene) -> Client:
    return signed_in_client(person_with("district_leader"))


def text_of(client: Client, path: str) -> str:
    response = client.get(path, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert response.status_code == 200, path
    return response.content.decode()


def test_the_list_shows_the_rhythm_its_next_days_and_what_is_in_session(chair: Client) -> None:
    page = text_of(chair, "/reviews/?month=2025-02")
    for words in ("近期调度", "2025-02-21", "周调度", "半月调度", "月调度", "进行中", "进入会场", "安排调度"):
        assert words in page, words
    assert 'href="/reviews/plan/?rhythm=weekly&amp;day=2025-02-21"' in page


def test_a_district_may_not_plan_and_is_not_offered_it(leader: Client) -> None:
    page = text_of(leader, "/reviews/?month=2025-02")
    assert "/reviews/plan/" not in page
    assert "/room/" not in page


def test_the_agenda_tells_the_chair_everything_and_a_district_its_own(chair: Client, leader: Client) -> None:
    whole, own = text_of(chair, f"/reviews/{RUNNING}/"), text_of(leader, f"/reviews/{RUNNING}/")
    for words in ("楼栋产权未清", "难点问题未解决", "截至2025-02-13", "结束调度（议定0项）"):
        assert words in whole, words
    assert "本单位负责事项" in own
    assert "楼栋产权未清" in own
    neighbour = text_of(signed_in_client(person_with("district_leader", CHANGYI)), f"/reviews/{RUNNING}/")
    assert "楼栋产权未清" not in neighbour


def test_a_district_reads_of_the_minutes_page_its_own_matters_and_takes_the_released_file(leader: Client) -> None:
    page = text_of(leader, f"/reviews/{HELD}/minutes/")
    assert "船营专题记录" in page
    assert "昌邑专题记录" not in page
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        response = leader.get(f"/reviews/{HELD}/minutes.{ending}")
        content = b"".join(response.streaming_content)
        assert content.startswith(start)
        assert response["Content-Disposition"].startswith("attachment")
    text = ZipFile(BytesIO(content)).read("word/document.xml").decode()
    assert "昌邑专题" in text, "released minutes are the same for everybody who was called"
    assert leader.get(f"/reviews/{RUNNING}/minutes.pdf").status_code == 404, "a draft is not released"


def test_a_review_is_planned_by_its_form_and_refused_with_what_was_typed(chair: Client) -> None:
    typed = {"rhythm": "special", "held_on": "2025-02-17", "begins_at": "10:30", "place": "三楼会议室", "topic": " ",
             "attending": [CHUANYING], "chair": actor_with("coordinator").person}
    refused = chair.post("/reviews/plan/", typed, HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "专题调度须写明议题" in page
    assert 'value="2025-02-17"' in page
    assert 'value="三楼会议室"' in page
    planned = chair.post("/reviews/plan/", {**typed, "topic": "吉荒高速"})
    assert planned.status_code == 302
    review = Review.objects.get(topic="吉荒高速")
    assert (review.attending, f"{review.begins_at:%H:%M}", review.stage) == ([CHUANYING], "10:30", ReviewStage.PLANNED)
    page = text_of(chair, planned["Location"])
    assert "正式议程于召开当日按前一日数据确定" in page


def test_the_room_records_a_decision_and_tells_the_other_page(chair: Client) -> None:
    before = chair.get(f"{ROOM}state/").json()
    good = {"lead": CHUANYING, "matter": "完成剩余签约", "due_on": "2025-02-21", "goal": "signed"}
    answer = chair.post(f"{ROOM}1/decide/", good, **SCRIPT)
    assert (answer.status_code, answer.json()) == (200, {"made": 1})
    after = chair.get(f"{ROOM}state/").json()
    assert after["revision"] == before["revision"] + 1
    piece = text_of(chair, f"{ROOM}1/")
    assert "完成剩余签约" in piece
    assert "2025-02-21" in piece
    assert chair.post(f"{ROOM}1/undecide/", {"decision": "1"}, **SCRIPT).status_code == 200
    assert decisions_of(Review.objects.get(pk=RUNNING).matters.get(ordinal=1)) == ()


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("1/decide/", {"lead": CHUANYING, "matter": "甲", "due_on": ""}, "议定事项须有完成时限"),
        ("1/decide/", {"lead": CHUANYING, "matter": "甲", "due_on": "tomorrow"}, "议定事项须有完成时限"),
        ("99/note/", {"note": "甲"}, "没有该议题"),
        ("show/", {"ordinal": "-3"}, "没有该议题"),
        ("raise/", {"title": ""}, "议题须有标题"),
    ],
)
def test_what_the_room_refuses_is_said_in_words(chair: Client, path: str, data: dict[str, str], words: str) -> None:
    refused = chair.post(f"{ROOM}{path}", data, HTTP_ACCEPT_LANGUAGE="zh-hans", **SCRIPT)
    assert refused.status_code == 409
    assert any(words in line for line in refused.json()["reasons"])


def test_the_room_shows_what_the_server_holds_so_that_a_reload_changes_nothing(chair: Client) -> None:
    assert chair.post(f"{ROOM}show/", {"ordinal": "1"}, **SCRIPT).status_code == 200
    page = text_of(chair, ROOM)
    assert 'data-shown="1"' in page
    assert "data-curve=" in page
    assert 'id="curves"' in page


def test_closing_in_the_room_leads_to_the_minutes_with_numbers(chair: Client) -> None:
    chair.post(f"{ROOM}1/decide/", {"lead": CHANGYI, "matter": "解决产权", "due_on": "2025-02-20"}, **SCRIPT)
    closed = chair.post(f"/reviews/{RUNNING}/close/", follow=True, HTTP_ACCEPT_LANGUAGE="zh-hans")
    directive = Directive.objects.get(review=RUNNING)
    page = closed.content.decode()
    assert f"/directives/{directive.code}/" in page
    assert "解决产权" in page
    assert chair.get(ROOM).status_code == 302, "the room is closed"
    assert (directive.due_on, directive.matter) == (date(2025, 2, 20), "解决产权")


def test_on_another_day_than_its_own_a_review_is_not_begun(chair: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    chair.post("/reviews/plan/", {"rhythm": "weekly", "held_on": "2025-02-21", "attending": [CHUANYING],
                                  "place": "会议室", "begins_at": "14:00"})
    review = Review.objects.get(held_on=TODAY + timedelta(days=7))
    refused = chair.post(f"/reviews/{review.code}/begin/", HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert refused.status_code == 409
    assert "该次调度定于2025-02-21召开" in refused.content.decode()
