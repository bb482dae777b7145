"""What stands on every page, and reasons in the user's words."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve, reverse
from django.utils.translation import override

from tests.factories import CHUANYING_SECTION, PROJECT, build_campaign, person_with, signed_in_client
from zhengtu.core.kernel.reasons import Reason
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.ledger.writes import reason_as_json
from zhengtu.registry.models import Campaign
from zhengtu.web.shared.navigation import GROUPS

pytestmark = pytest.mark.django_db

STEP_MISSING = Reason(
    code="ledger.step_missing",
    message="“%(kind)s” needs “%(needs)s” first, and none is recorded.",
    parameters={"kind": "fact:paid", "needs": "milestone:signed|milestone:decided"},
    source="state-council-decree-590#27",
    remedy="Record that step with its evidence first.",
)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


def bars(html: str) -> tuple[str, str]:
    """The bar of a wide page, and the folded menu of a phone."""
    wide, folded = html.split("<nav", 3)[1:3]
    return wide.split("</nav>")[0], folded.split("</nav>")[0]


def links(bar: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', bar)


def page(client: Client, path: str = "/account") -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("coordinator", ["/cockpit/", "/wall/", "/projects/", "/households/", "/ledger/", "/organisation"], []),
        ("field_officer", ["/cockpit/", "/households/"], ["/organisation"]),
        ("family", ["/households/"], ["/cockpit/", "/wall/", "/projects/", "/ledger/", "/organisation"]),
    ],
)
def test_the_bar_leads_only_where_the_posts_open(role: str, shown: list[str], hidden: list[str]) -> None:
    scene = build_campaign()
    subject = scene.households[0].code if role == "family" else ""
    bar = page(signed_in_client(person_with(role, subject=subject))).split("<nav", 1)[1].split("</nav>")[0]
    for address in shown:
        assert f'href="{address}"' in bar
    for address in hidden:
        assert f'href="{address}' not in bar


def test_every_place_names_the_verb_of_its_page() -> None:
    for group in GROUPS:
        for place in group.places:
            assert resolve(reverse(place.name)).func.verb == place.verb, place.name  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", ["mayor", "coordinator", "inspector", "district_leader", "client", "auditor"])
def test_the_bar_and_the_folded_menu_of_a_phone_hold_the_same_places(role: str) -> None:
    build_campaign()
    wide, folded = (links(bar) for bar in bars(page(signed_in_client(person_with(role)))))
    assert wide == folded
    assert len(wide) == len(set(wide)) > 6


def test_many_places_stand_in_groups_and_few_one_by_one() -> None:
    build_campaign()
    groups = bars(page(signed_in_client(person_with("coordinator"))))[0]
    assert groups.count("<details") == 7
    assert "督办调度" in groups
    assert "督查考核" in groups
    few = bars(page(signed_in_client(person_with("appraiser", subject=CHUANYING_SECTION))))[0]
    assert "<details" not in few
    assert links(few) == ["/wall/", "/projects/", "/households/", "/agreements/"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/projects/", "/projects/"),
        (f"/projects/{PROJECT}/", "/projects/"),
        ("/sections/", "/projects/"),
        ("/teams/", "/schedule/"),
        ("/findings/", "/findings/"),
        ("/findings/questions/", "/findings/questions/"),
        ("/organisation", "/organisation"),
        ("/search/?q=a", None),
        ("/account", None),
    ],
)
def test_one_place_is_marked_as_the_current_one(path: str, current: str | None) -> None:
    build_campaign()
    client = signed_in_client(person_with("district_leader" if "questions" in path else "inspector"))
    for bar in bars(page(client, path)):
        assert re.findall(r'<a[^>]*href="([^"]*)"[^>]*aria-current', bar) == ([current] if current else [])


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_invented_data_is_marked_on_every_page(is_demonstration: bool) -> None:
    build_campaign()
    Campaign.objects.update(is_demonstration=is_demonstration)
    assert ("演示数据" in page(signed_in_client(person_with("coordinator")))) is is_demonstration


def test_the_dates_are_one_control_that_keeps_the_rest_of_the_address() -> None:
    build_campaign()
    client = signed_in_client(person_with("coordinator"))
    html = page(client, "/projects/?kind=railway&on=2025-02-01&known=2025-02-05&page=2")
    control = html.split('class="as-of as-of-past"')[1].split("</form>")[0]
    assert 'name="on" value="2025-02-01"' in control
    assert 'name="known" value="2025-02-05"' in control
    assert '<input type="hidden" name="kind" value="railway">' in control
    assert 'name="page"' not in control
    bar = html.split("<nav", 1)[1].split("</nav>")[0]
    assert "on=2025-02-01&amp;known=2025-02-05" in bar


@pytest.mark.parametrize("stored", [False, True])
def test_a_reason_is_told_in_the_words_of_the_rulebook(stored: bool) -> None:
    reason = reason_as_json(STEP_MISSING) if stored else STEP_MISSING
    with override("zh-hans"):
        chinese = spoken_reason(reason)
    with override("en"):
        english = spoken_reason(reason)
    assert "补偿到位" in chinese.message
    assert "签约或补偿决定" in chinese.message
    assert chinese.remedy == "请先附证据记录该环节。"
    assert "第 27 条" in chinese.source
    assert "“Signed or Compensation decided”" in english.message
    assert english.remedy == STEP_MISSING.remedy


def test_a_stored_reason_with_a_lost_place_is_still_readable() -> None:
    lost = {"code": "x", "message": "“%(kind)s” needs “%(needs)s” first, and none is recorded.", "parameters": {}}
    with override("en"):
        assert spoken_reason(lost).message == lost["message"]
