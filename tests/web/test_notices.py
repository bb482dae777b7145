"""The inbox, the channels and the log of messages as their readers see them."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client

from tests.apps.notices.scene import told
from tests.factories import CHANGYI, NOW, build_campaign, person_with, signed_in_client
from zhengtu.accounts.models import Person
from zhengtu.accounts.sealing import unseal
from zhengtu.notices.models import Channel, Delivery, DeliveryAttempt, DeliveryState, Notice
from zhengtu.notices.writes import keep_notices

MAILBOX = "liu.zhiqiang@jl.example.cn"
WEBHOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stopped_clock() -> object:
    with patch("django.utils.timezone.now", return_value=NOW + timedelta(minutes=5)):
        yield


@pytest.fixture
def leader() -> Person:
    build_campaign()
    return person_with("district_leader")


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_inbox_counts_shows_and_marks_as_read_by_opening(leader: Person) -> None:
    client = signed_in_client(leader)
    assert "暂无通知" in page_of(client, "/inbox/")
    keep_notices([told(leader, key="1"), told(leader, key="2", kind="directive_overdue")], now=NOW)
    page = page_of(client, "/inbox/")
    assert "督办事项超期" in page
    assert "未读（2）" in page
    assert '<b class="unread">2</b>' in page_of(client, "/cockpit/"), "the chrome of every page counts"
    notice = Notice.objects.get(key="1")
    answer = client.get(f"/inbox/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, notice.path)
    page = page_of(client, "/inbox/?show=unread")
    assert page.count("is-unread") == 1
    assert "督办事项临近时限" not in page.partition('<ol class="plain inbox')[2]
    client.post("/inbox/read/")
    assert '<b class="unread">' not in page_of(client, "/inbox/")


def test_a_head_request_reads_nothing(leader: Person) -> None:
    keep_notices([told(leader)], now=NOW)
    signed_in_client(leader).head(f"/inbox/{Notice.objects.get().pk}/")
    assert Notice.objects.get().read_at is None


def test_the_inbox_speaks_english(leader: Person) -> None:
    keep_notices([told(leader)], now=NOW)
    client = signed_in_client(leader, headers={"accept-language": "en"})
    page = page_of(client, "/inbox/")
    assert "Directive due soon" in page
    assert "“西环线交地” is due on 2025-03-15." in page
    assert "unread" in page


def test_a_family_has_no_inbox_in_its_chrome() -> None:
    build_campaign()
    family = person_with("family", subject="220204-P0001-S01-H00001")
    assert "inbox-link" not in page_of(signed_in_client(family), "/account")


def test_ones_own_e_mail_is_set_masked_and_ended(leader: Person) -> None:
    client = signed_in_client(leader)
    answer = client.post("/inbox/channels/", {
        "address": MAILBOX, "digest": "weekly", "quiet_from": "21:00", "quiet_until": "07:00",
    })
    assert answer.status_code == 302
    page = page_of(client, "/inbox/channels/")
    assert "l***@jl.example.cn" in page
    assert MAILBOX not in page
    assert 'value="21:00"' in page
    channel = Channel.objects.get()
    assert (channel.digest, channel.person) == ("weekly", leader)
    client.post("/inbox/channels/", {"address": "", "digest": "daily"})
    assert unseal(Channel.objects.get().address_sealed) == {"address": MAILBOX}
    assert Channel.objects.get().digest == "daily"
    assert client.post(f"/inbox/channels/{channel.pk}/end/").status_code == 302
    assert not Channel.objects.get().is_active


@pytest.mark.parametrize("given", [
    {"address": "no mailbox", "digest": "role"}, {"address": MAILBOX, "digest": "hourly"},
    {"address": MAILBOX, "digest": "role", "quiet_from": "21:00"},
    {"address": MAILBOX, "digest": "role", "quiet_from": "late", "quiet_until": "early"},
])
def test_a_wrong_form_is_refused_whole(leader: Person, given: dict[str, str]) -> None:
    assert signed_in_client(leader).post("/inbox/channels/", given).status_code == 409
    assert not Channel.objects.exists()


def test_a_robot_is_added_tested_and_seen_in_the_log_but_not_by_the_neighbour(leader: Person) -> None:
    client = signed_in_client(leader)
    assert page_of(client, "/inbox/channels/robot/").count("<option value=\"220204\"") == 1
    answer = client.post("/inbox/channels/robot/", {
        "unit": "220204", "kind": "wecom", "address": WEBHOOK, "digest": "role",
    })
    assert answer.status_code == 302
    channel = Channel.objects.get()
    answer = client.post(f"/inbox/channels/{channel.pk}/test/")
    assert answer.status_code == 302
    delivery = Delivery.objects.get()
    page = page_of(client, f"/inbox/messages/{delivery.pk}/")
    assert "测试通知" in page
    assert "qyapi.weixin.qq.com …5aaa" in page
    assert "693a91f6" not in page + page_of(client, "/inbox/channels/") + page_of(client, "/inbox/messages/")
    other = signed_in_client(person_with("district_leader", CHANGYI))
    for address in (f"/inbox/messages/{delivery.pk}/", f"/inbox/channels/{channel.pk}/test/"):
        assert other.post(address).status_code == 404
    assert "船营区" not in page_of(other, "/inbox/messages/").partition("<tbody")[2]


def test_a_given_up_message_says_why_and_is_sent_again(leader: Person) -> None:
    client = signed_in_client(leader)
    client.post("/inbox/channels/", {"address": MAILBOX, "digest": "role"})
    keep_notices([told(leader)], now=NOW)
    Delivery.objects.update(state=DeliveryState.GIVEN_UP, attempts=1)
    delivery = Delivery.objects.get()
    DeliveryAttempt.objects.create(
        delivery=delivery, at=NOW, outcome="refused", error="mailbox_refused", answer_code="550"
    )
    address = f"/inbox/messages/{delivery.pk}/"
    page = page_of(client, address)
    assert "邮件服务器拒收该邮箱" in page
    assert "再次发送" in page
    assert "督办事项临近时限" in page
    manager = signed_in_client(person_with("coordinator"))
    page = page_of(manager, address)
    assert "再次发送" not in page, "somebody else's e-mail"
    assert "l***" not in page
    assert "督办事项临近时限" not in page
    assert manager.post(address).status_code == 409
    assert client.post(address).status_code == 302
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_a_question_about_a_finding_is_told_to_the_unit_that_answers(leader: Person) -> None:
    from tests.factories import TODAY, actor_with
    from zhengtu.campaign.finding_actions import ask_unit
    from zhengtu.campaign.finding_runs import run_now
    from zhengtu.campaign.models import Finding
    from zhengtu.registry.models import Household

    one, other = Household.objects.filter(section__jurisdiction="220204").order_by("code")[:2]
    other.identity_index = one.identity_index
    other.save()
    run_now(city="220200", now=NOW)
    neighbour, officer = person_with("district_leader", CHANGYI), person_with("field_officer")
    ask_unit(
        actor=actor_with("inspector"), finding=Finding.objects.get(detector="same_identity"), unit="220204",
        text="请说明", due_on=TODAY + timedelta(days=7), now=NOW,
    )
    [notice] = Notice.objects.all()
    assert (notice.person, notice.kind) == (leader, "finding_asked")
    assert not Notice.objects.filter(person__in=[neighbour, officer]).exists()
    client = signed_in_client(leader)
    assert "有一项疑点转交你单位核实，答复时限 2025-02-21。" in page_of(client, "/inbox/")
    assert client.get(client.get(f"/inbox/{notice.pk}/")["Location"]).status_code == 200
