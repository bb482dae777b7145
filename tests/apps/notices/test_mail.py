"""E-mail against a real mail server: down and up again, refusing, and breaking off after it took the message."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings

from tests.apps.notices.scene import Clock, told
from tests.factories import actor_with, person_with
from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import actor_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.notices.actions import ChannelTerms, send_again, send_test, set_own_email
from zhengtu.notices.delivering import deliver_due
from zhengtu.notices.models import Channel, Delivery, DeliveryState, Notice
from zhengtu.notices.queries import attempts_of, inbox_for, notice_for
from zhengtu.notices.writes import keep_notices, mark_read

MAILBOX = "liu.zhiqiang@chuanying.example.cn"

pytestmark = pytest.mark.django_db(transaction=True)


class Mailbox:
    """What the server got; ``answer`` is what it says after the message, None to break off without a word."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str | None] = ["250 OK"]
        self.recipient_answer = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None or answer.startswith("250"):
            self.mails.append(mail)
        if answer is None:
            server.transport.abort()
            return "250 never heard"
        return answer


@pytest.fixture
def port(settings: LazySettings) -> int:
    """A port on which nobody listens yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", free, 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "zhengtu@city.example.cn"
    settings.PUBLIC_ADDRESS = "https://zhengtu.city.example.cn"
    return free


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    """A mail server that listens."""
    with listening(port) as found:
        yield found


class listening:  # noqa: N801 - reads as a block
    """A mail server that listens within the block."""

    def __init__(self, port: int) -> None:
        self.mailbox = Mailbox()
        self.controller = Controller(self.mailbox, hostname="127.0.0.1", port=port)

    def __enter__(self) -> Mailbox:
        self.controller.start()
        return self.mailbox

    def __exit__(self, *_: object) -> None:
        self.controller.stop()


@pytest.fixture
def leader() -> Person:
    """A district leader whose notices follow by e-mail."""
    person = person_with("district_leader")
    set_own_email(actor_of(person, on=Clock().at.date()), address=MAILBOX, terms=ChannelTerms())
    return person


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_server_that_is_down_keeps_notices_waiting_and_nobody_is_told_twice(port: int, leader: Person) -> None:
    clock = Clock()
    keep_notices([told(leader)], now=clock.at)
    for _ in range(5):
        assert deliver_due(clock=clock) == {"waiting": 1}
        clock.forward(minutes=20)
    [delivery] = Delivery.objects.all()
    assert {attempt.error for attempt in attempts_of(delivery)} == {"unreachable"}
    assert delivery.attempts == len(attempts_of(delivery)) == 5
    with listening(port) as mailbox:
        assert deliver_due(clock=clock) == {"sent": 1}
        keep_notices([told(leader)], now=clock.at)
        clock.forward(days=3)
        assert deliver_due(clock=clock) == {}
        [mail] = mailbox.mails
    assert mail["To"] == MAILBOX
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "督办事项临近时限 220200-D0001" in text
    assert "西环线交地" in text
    assert f"https://zhengtu.city.example.cn/inbox/{Notice.objects.get().pk}/" in text
    assert "<li>" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_a_dead_server_costs_one_attempt_of_one_message_a_run(port: int, leader: Person) -> None:
    other = person_with("field_officer")
    set_own_email(actor_of(other, on=Clock().at.date()), address="wang@chuanying.example.cn", terms=ChannelTerms(
        digest="at_once",
    ))
    clock = Clock()
    keep_notices([told(leader), told(other)], now=clock.at)
    assert deliver_due(clock=clock) == {"waiting": 1}
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 1]


def test_given_up_after_a_day_is_told_to_who_manages_and_to_the_person(port: int, leader: Person) -> None:
    person_with("coordinator")
    clock = Clock()
    keep_notices([told(leader)], now=clock.at)
    for _ in range(300):
        if states() == [DeliveryState.GIVEN_UP]:
            break
        deliver_due(clock=clock)
        clock.forward(hours=1)
    assert states() == [DeliveryState.GIVEN_UP]
    [notice] = inbox_for(actor_with("coordinator", on=clock.at.date()))
    assert notice.kind == "delivery_given_up"
    assert MAILBOX not in str(notice.parameters)
    assert "delivery_given_up" in {one.kind for one in inbox_for(actor_of(leader, on=clock.at.date()))}
    assert Delivery.objects.count() == 1, "what is told of a failure is no message in turn"


def test_a_mailbox_that_does_not_exist_is_given_up_at_once(mailbox: Mailbox, leader: Person) -> None:
    mailbox.recipient_answer = f"550 <{MAILBOX}> no such user"
    clock = Clock()
    keep_notices([told(leader)], now=clock.at)
    assert deliver_due(clock=clock) == {"given_up": 1}
    [attempt] = attempts_of(Delivery.objects.get())
    assert (attempt.error, attempt.answer_code) == ("mailbox_refused", "550")


def test_a_server_that_says_not_now_is_asked_again(mailbox: Mailbox, leader: Person) -> None:
    mailbox.answers = ["451 greylisted", "250 OK"]
    clock = Clock()
    keep_notices([told(leader)], now=clock.at)
    assert deliver_due(clock=clock) == {"waiting": 1}
    assert deliver_due(clock=clock) == {}, "not before its time"
    clock.forward(minutes=2)
    assert deliver_due(clock=clock) == {"sent": 1}
    [mail] = mailbox.mails
    assert "再次收到" not in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_broken_acknowledgement_leads_to_one_copy_that_says_so(mailbox: Mailbox, leader: Person) -> None:
    mailbox.answers = [None, None, None, "250 OK"]
    clock = Clock()
    keep_notices([told(leader)], now=clock.at)
    for expected in ({"waiting": 1}, {"uncertain": 1}, {}, {}):
        assert deliver_due(clock=clock) == expected
        clock.forward(days=1)
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert "再次收到" not in first.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "再次收到" in second.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_worker_that_dies_between_sending_and_noting_tells_nobody_twice_in_silence(
    mailbox: Mailbox, leader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    keep_notices([told(leader)], now=clock.at)

    def killed(*_: object, **__: object) -> str:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("zhengtu.notices.delivering._noted", killed)
        with pytest.raises(SystemExit):
            deliver_due(clock=clock)
    assert states() == [DeliveryState.SENDING]
    clock.forward(minutes=5)
    assert deliver_due(clock=clock) == {}, "perhaps somebody is still at it"
    clock.forward(minutes=20)
    deliver_due(clock=clock)
    clock.forward(minutes=20)
    deliver_due(clock=clock)
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert "再次收到" in second.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_was_read_or_is_no_longer_shown_is_not_mailed(mailbox: Mailbox, leader: Person) -> None:
    clock = Clock()
    keep_notices([told(leader)], now=clock.at)
    notice = notice_for(actor_of(leader, on=clock.at.date()), Notice.objects.get().pk)
    assert notice is not None
    mark_read(notice, now=clock.at)
    assert deliver_due(clock=clock) == {"empty": 1}
    keep_notices([told(leader, key="second")], now=clock.at)
    leader.postings.update(until_on=clock.at.date())
    assert deliver_due(clock=clock) == {"empty": 1}
    assert mailbox.mails == []


def test_a_digest_is_one_mail_at_eight_on_the_next_working_day(mailbox: Mailbox) -> None:
    mayor = person_with("mayor")
    set_own_email(actor_with("mayor"), address="mayor@city.example.cn", terms=ChannelTerms())
    clock = Clock()  # Friday, half past nine
    keep_notices([told(mayor, key="1")], now=clock.at)
    clock.forward(hours=5)
    keep_notices([told(mayor, key="2"), told(mayor, key="3", kind="directive_overdue")], now=clock.at)
    assert deliver_due(clock=clock) == {"sent": 1}, "what is urgent breaks the digest"
    clock.forward(hours=60)
    assert clock.at.isoformat() == "2025-02-17T02:30:00+08:00"
    assert deliver_due(clock=clock) == {}
    clock.forward(hours=6)
    assert deliver_due(clock=clock) == {"sent": 1}
    urgent, digest = mailbox.mails
    assert "督办事项超期" in urgent.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert digest.get_body(("plain",)).get_content().count("督办事项临近时限") == 2  # type: ignore[union-attr]
    assert digest["Subject"] == "征图：2 条通知"


def test_a_mail_about_a_finding_names_no_household(mailbox: Mailbox, leader: Person) -> None:
    household = "220204-P0001-S01-H00001"
    keep_notices([told(leader, kind="finding_asked", subject=household, parameters={"due_on": "2025-02-21"})],
                 now=Clock().at)
    assert deliver_due(clock=Clock()) == {"sent": 1}
    assert household not in mailbox.mails[0].as_string()
    text = mailbox.mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "疑点转交核实 时限 2025-02-21" in text
    assert "H00001" not in text


def test_what_came_minutes_apart_is_one_mail(mailbox: Mailbox, leader: Person) -> None:
    clock = Clock()
    for number in range(4):
        keep_notices([told(leader, key=str(number))], now=clock.at)
        clock.forward(minutes=2)
    assert deliver_due(clock=clock) == {"sent": 1}
    [mail] = mailbox.mails
    assert mail["Subject"] == "征图：4 条通知"
    assert deliver_due(clock=clock) == {}


def test_nothing_goes_out_in_quiet_hours_not_even_what_is_urgent(mailbox: Mailbox, leader: Person) -> None:
    clock = Clock()
    clock.forward(hours=13)  # 22:30
    keep_notices([told(leader, kind="directive_overdue")], now=clock.at)
    assert deliver_due(clock=clock) == {}
    clock.forward(hours=9)
    assert deliver_due(clock=clock) == {"sent": 1}


def test_a_test_message_and_one_sent_again(mailbox: Mailbox, leader: Person) -> None:
    clock = Clock()
    actor = actor_of(leader, on=clock.at.date())
    channel = Channel.objects.get()
    delivery = send_test(actor, channel=channel, now=clock.at)
    with pytest.raises(Refused, match="waits already"):
        send_test(actor, channel=channel, now=clock.at)
    with pytest.raises(Refused, match="do not include"):
        send_test(actor_with("mayor"), channel=channel, now=clock.at)
    with pytest.raises(Refused, match="given up"):
        send_again(actor, delivery=delivery, now=clock.at)
    mailbox.recipient_answer = "550 no"
    assert deliver_due(clock=clock) == {"given_up": 1}
    mailbox.recipient_answer = "250 OK"
    send_again(actor, delivery=Delivery.objects.get(), now=clock.at)
    assert deliver_due(clock=clock) == {"sent": 1}
    assert mailbox.mails[0]["Subject"] == "征图：测试通知"


def test_without_a_mail_server_in_the_settings_mail_waits(leader: Person, settings: LazySettings) -> None:
    settings.EMAIL_HOST = ""
    keep_notices([told(leader)], now=Clock().at)
    assert deliver_due(clock=Clock()) == {}
    assert states() == [DeliveryState.WAITING]


def test_the_address_stands_nowhere_in_the_clear(
    mailbox: Mailbox, leader: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAILBOX.encode() not in bytes(Channel.objects.get().address_sealed)
    keep_notices([told(leader)], now=Clock().at)

    def failing(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot send to {MAILBOX}")

    monkeypatch.setattr("zhengtu.notices.delivering.send_email", failing)
    assert deliver_due(clock=Clock()) == {"waiting": 1}
    assert "RuntimeError" in caplog.text
    assert MAILBOX not in caplog.text
