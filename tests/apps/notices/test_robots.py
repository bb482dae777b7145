"""Group robots against servers of this machine: success, limits, errors, silence, redirects; two workers at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.db import connection

from tests.apps.notices.scene import Clock, Robot, robot_server, told
from tests.factories import CHANGYI, CHUANYING, NOW, TODAY, actor_with, build_units, person_with
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Refusal
from zhengtu.notices.actions import ChannelTerms, RobotAddress, add_robot, end_robot, send_again, send_test
from zhengtu.notices.delivering import deliver_due
from zhengtu.notices.models import Channel, Delivery, DeliveryState
from zhengtu.notices.queries import address_shown, attempts_of, deliveries_for, inbox_for, robots_for, shown_notices
from zhengtu.notices.writes import keep_notices

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def robot(settings: LazySettings) -> Iterator[Robot]:
    """A messenger's server to which this installation may send."""
    build_units()
    with robot_server() as found:
        settings.WEBHOOK_ORIGINS = [found.origin]
        settings.PUBLIC_ADDRESS = "https://zhengtu.city.example.cn"
        yield found


def added(robot: Robot, kind: str = "wecom", unit: str = CHUANYING, **fields: Any) -> Channel:
    """A robot of the unit's group, added by its district leader."""
    address = robot.wecom() if kind == "wecom" else robot.dingtalk()
    return add_robot(
        actor_with("district_leader", unit), unit=unit, kind=kind, robot=RobotAddress(address, **fields),
        terms=ChannelTerms(), now=NOW,
    )


def last_attempt() -> tuple[str, str, str]:
    attempt = attempts_of(Delivery.objects.order_by("-pk")[0])[0]
    return attempt.outcome, attempt.error, attempt.answer_code


def test_a_group_is_told_once_although_several_colleagues_are(robot: Robot) -> None:
    added(robot)
    leader, officer = person_with("district_leader"), person_with("field_officer")
    keep_notices([told(leader), told(officer)], now=NOW)
    assert deliver_due(clock=Clock()) == {"sent": 1}
    [body] = robot.bodies
    assert body["msgtype"] == "markdown"
    text = body["markdown"]["content"]
    assert text.count("220200-D0001 《西环线交地》 时限 2025-03-15") == 1
    assert "(https://zhengtu.city.example.cn/directives/220200-D0001)" in text
    assert "mentioned" not in str(body)


def test_a_group_hears_nothing_of_others_units_nor_of_findings(robot: Robot) -> None:
    added(robot)
    neighbour, leader = person_with("district_leader", CHANGYI), person_with("district_leader")
    keep_notices([
        told(neighbour),
        told(leader, key="finding", kind="finding_asked", subject=f"{CHUANYING}-P0001"),
        told(person_with("mayor"), key="mayor", units=frozenset({CHUANYING})),
    ], now=NOW)
    assert not Delivery.objects.exists()


def test_dingtalk_is_signed_and_says_its_keyword(robot: Robot) -> None:
    added(robot, "dingtalk", secret="SECtest", keyword="督查", is_markdown=False)
    keep_notices([told(person_with("district_leader"))], now=NOW)
    assert deliver_due(clock=Clock()) == {"sent": 1}
    query = parse_qs(urlsplit(robot.paths[0]).query)
    assert query["timestamp"] == [str(int(NOW.timestamp() * 1000))]
    assert set(query) == {"access_token", "timestamp", "sign"}
    assert robot.bodies[0]["msgtype"] == "text"
    assert "督查" in robot.bodies[0]["text"]["content"]


@pytest.mark.parametrize(("answer", "state", "error"), [
    ((200, b'{"errcode":45009,"errmsg":"api freq out of limit"}'), "waiting", "limited"),
    ((429, b""), "waiting", "limited"),
    ((200, b'{"errcode":-1}'), "waiting", "server_failed"),
    ((503, b"busy"), "waiting", "server_failed"),
    ((504, b""), "uncertain", "cut_off"),
    ((200, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), "given_up", "robot_gone"),
    ((200, b'{"errcode":40058}'), "given_up", "content_refused"),
    ((404, b""), "given_up", "address_refused"),
    ((302, b"http://127.0.0.1:9/secret"), "given_up", "address_refused"),
    ((200, b"<html>captive portal</html>"), "uncertain", "answer_unreadable"),
    ((200, b"{" * 100_000), "uncertain", "answer_unreadable"),
    (None, "uncertain", "cut_off"),
])
def test_what_an_answer_leads_to(robot: Robot, answer: tuple[int, bytes] | None, state: str, error: str) -> None:
    robot.answers = [answer]
    added(robot)
    keep_notices([told(person_with("district_leader"))], now=NOW)
    assert deliver_due(clock=Clock()) == {state: 1}
    assert last_attempt()[1] == error
    assert len(robot.bodies) == 1


def test_a_robot_that_asks_for_less_is_left_alone_for_ten_minutes(robot: Robot) -> None:
    robot.answers = [(200, b'{"errcode":45009}'), (200, b'{"errcode":0}')]
    added(robot)
    clock = Clock()
    keep_notices([told(person_with("district_leader"))], now=clock.at)
    send_test(actor_with("district_leader"), channel=Channel.objects.get(), now=clock.at)
    assert deliver_due(clock=clock) == {"waiting": 1}, "the second message to it is not even tried"
    clock.forward(minutes=9)
    assert deliver_due(clock=clock) == {"sent": 1}
    clock.forward(minutes=1)
    assert deliver_due(clock=clock) == {"sent": 1}


def test_a_dead_server_is_asked_again_later(robot: Robot, settings: LazySettings) -> None:
    settings.WEBHOOK_ORIGINS = ["http://127.0.0.1:9"]
    add_robot(
        actor_with("district_leader"), unit=CHUANYING, kind="wecom", terms=ChannelTerms(), now=NOW,
        robot=RobotAddress("http://127.0.0.1:9/cgi-bin/webhook/send?key=0123456789abcdef"),
    )
    keep_notices([told(person_with("district_leader"))], now=NOW)
    assert deliver_due(clock=Clock()) == {"waiting": 1}
    assert last_attempt() == ("later", "unreachable", "")


def test_an_uncertain_message_goes_out_again_only_by_hand_and_says_so(robot: Robot) -> None:
    robot.answers = [None, (200, b'{"errcode":0}')]
    added(robot)
    clock = Clock()
    keep_notices([told(person_with("district_leader"))], now=clock.at)
    assert deliver_due(clock=clock) == {"uncertain": 1}
    clock.forward(days=3)
    assert deliver_due(clock=clock) == {}
    leader = actor_with("district_leader", on=clock.at.date())
    assert "delivery_uncertain" in {notice.kind for notice in inbox_for(leader)}
    delivery = Delivery.objects.get()
    with pytest.raises(Refused, match="do not include"):
        send_again(actor_with("district_leader", CHANGYI), delivery=delivery, now=clock.at)
    send_again(leader, delivery=delivery, now=clock.at)
    assert deliver_due(clock=clock) == {"sent": 1}
    first, second = (body["markdown"]["content"] for body in robot.bodies)
    assert "再次收到" in second
    assert "再次收到" not in first


def test_two_workers_send_each_message_once(robot: Robot) -> None:
    for _ in range(3):
        added(robot)
    keep_notices([told(person_with("district_leader"))], now=NOW)
    both = threading.Barrier(2, timeout=30)
    robot.meanwhile = lambda: both.wait() if len(robot.bodies) <= 2 else None  # two are on their way at once

    def work(_: int) -> int:
        try:
            return sum(deliver_due(clock=Clock()).values())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        counts = list(workers.map(work, range(2)))
    assert sum(counts) == len(robot.bodies) == 3
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_addresses_lead_only_to_the_messengers_and_to_named_origins(robot: Robot) -> None:
    leader = actor_with("district_leader")
    for address in (
        "https://qyapi.weixin.qq.com.example.org/cgi-bin/webhook/send?key=1234567890abcdef",
        "https://qyapi.weixin.qq.com@169.254.169.254/cgi-bin/webhook/send?key=1234567890abcdef",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1234567890abcdef",
        "https://127.0.0.1/cgi-bin/webhook/send?key=1234567890abcdef",
        "file:///etc/passwd",
        robot.origin + "/other?key=1234567890abcdef",
        robot.wecom() + "&debug=1",
        robot.dingtalk(),
        "",
    ):
        with pytest.raises(Refused):
            add_robot(
                leader, unit=CHUANYING, kind="wecom", robot=RobotAddress(address), terms=ChannelTerms(), now=NOW
            )
    assert not Channel.objects.exists()
    assert not robot.bodies


def test_an_origin_taken_out_of_the_settings_gets_nothing_more(robot: Robot, settings: LazySettings) -> None:
    added(robot)
    keep_notices([told(person_with("district_leader"))], now=NOW)
    settings.WEBHOOK_ORIGINS = []
    assert deliver_due(clock=Clock()) == {"given_up": 1}
    assert robot.bodies == []


def test_a_robot_is_a_deed_in_its_unit_and_its_address_is_told_nowhere(robot: Robot) -> None:
    channel = added(robot)
    key = robot.wecom().partition("key=")[2]
    deed = Deed.objects.get(pk=channel.deed)
    assert (deed.verb, deed.subject) == ("notice.manage", CHUANYING)
    assert key not in str(deed.reasons)
    assert "船营区" in str(deed.reasons)
    with pytest.raises(Refused, match="do not include"):
        add_robot(
            actor_with("district_leader", CHANGYI), unit=CHUANYING, kind="wecom", terms=ChannelTerms(), now=NOW,
            robot=RobotAddress(robot.wecom()),
        )
    assert key.encode() not in bytes(channel.address_sealed)
    assert key not in address_shown(channel)
    with pytest.raises(Refused, match="do not include"):
        end_robot(actor_with("district_leader", CHANGYI), channel=channel, now=NOW)
    assert Refusal.objects.filter(verb="notice.manage").exists()
    keep_notices([told(person_with("district_leader"))], now=NOW)
    end_robot(actor_with("coordinator"), channel=channel, now=NOW)
    assert bytes(Channel.objects.get().address_sealed) == b""
    assert deliver_due(clock=Clock()) == {}
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.EMPTY}
    with pytest.raises(Refused, match="ended already"):
        end_robot(actor_with("coordinator"), channel=channel, now=NOW)


def test_who_manages_a_unit_sees_its_robots_and_their_log(robot: Robot) -> None:
    added(robot)
    keep_notices([told(person_with("district_leader"))], now=NOW)
    deliver_due(clock=Clock())
    own, neighbour = actor_with("district_leader"), actor_with("district_leader", CHANGYI)
    assert len(robots_for(own)) == len(robots_for(actor_with("coordinator"))) == 1
    assert robots_for(neighbour) == robots_for(actor_with("mayor")) == []
    [delivery] = deliveries_for(own, on=TODAY)
    assert [notice.subject for notice in shown_notices(own, delivery)] == ["220200-D0001"]
    assert not deliveries_for(neighbour, on=TODAY).exists()
    assert not deliveries_for(actor_with("field_officer"), on=TODAY + timedelta(days=1)).exists()


def test_nothing_of_a_family_leaves_the_building(robot: Robot) -> None:
    added(robot)
    keep_notices([told(person_with("district_leader"), message="%(owner)s of %(title)s, %(note)s", parameters={
        "title": "签约 13904321234 交地", "owner": "王建国", "note": "青年路3号", "due_on": "王建国 2025-03-15",
    })], now=NOW)
    deliver_due(clock=Clock())
    [body] = robot.bodies
    for personal in ("王建国", "青年路", "13904321234"):
        assert personal not in str(body)
    assert "签约" in str(body)
