"""The operator's command: what is due goes out, and how deliveries stand is said without an address."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.apps.notices.scene import robot_server, told
from tests.factories import CHUANYING, NOW, actor_with, build_units, person_with
from zhengtu.notices.actions import ChannelTerms, RobotAddress, add_robot, set_own_email
from zhengtu.notices.models import Delivery
from zhengtu.notices.writes import keep_notices

MAILBOX = "liu.zhiqiang@example.cn"

pytestmark = pytest.mark.django_db(transaction=True)


def said(*options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("notices", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_status_and_delivery(settings: LazySettings) -> None:
    build_units()
    leader = actor_with("district_leader")
    with robot_server() as robot:
        settings.WEBHOOK_ORIGINS = [robot.origin]
        settings.EMAIL_HOST = ""
        all_day = ChannelTerms(quiet_from=NOW.time(), quiet_until=NOW.time())
        add_robot(leader, unit=CHUANYING, kind="wecom", robot=RobotAddress(robot.wecom()), terms=all_day, now=NOW)
        set_own_email(leader, address=MAILBOX, terms=all_day)
        keep_notices([told(person_with("district_leader"))], now=NOW)
        assert Delivery.objects.filter(due_at__lt=timezone.now()).count() == 2
        before, warned = said("--status")
        assert "2 waiting" in before
        assert "1 email, 1 wecom" in before
        assert "past its hour" in before
        assert "ZHENGTU_SMTP_HOST" in warned
        assert said("--deliver")[0] == "1 sent\n"
        assert said("--deliver")[0] == "nothing is due\n"
        assert len(robot.bodies) == 1
        after, _ = said("--status")
    assert "1 sent, 1 waiting" in after
    assert MAILBOX not in before + after
    assert "key=" not in before + after


def test_it_does_nothing_unasked() -> None:
    with pytest.raises(CommandError, match="--deliver or --status"):
        said()
