"""Nobody below the mayor and the inspection office learns of an unreleased inspection, by whatever route.

The whole url configuration is walked as everybody else, with every code that there is, before and after: a plan, its
draw, checks on site with photos, conclusions, refused attempts, one that was cancelled and a recusal. Every answer has
to be the same, byte for byte.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories import CHANGYI, CHUANYING, CITY, NOW, PROJECT, TODAY, Scene, actor_with, advance, record
from tests.inspection_scene import concluded, drawn, inspectors, planned, visit, visited
from tests.web.leak_walk import CHANGING, Known, arguments_of, leaks, patterns
from tests.web.test_screens import clients as clients
from tests.web.test_screens import scene as scene
from zhengtu.accounts.queries import actor_of
from zhengtu.core.directives.draft import DirectiveDraft
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.notices.notice import NewNotice
from zhengtu.directives.actions import set_directives
from zhengtu.inspection.actions import (
    authorise_inspection,
    cancel_inspection,
    declare_recusal,
    draw_inspection,
    release_inspection,
)
from zhengtu.inspection.models import Drawn, Inspection
from zhengtu.ledger.models import Deed, Evidence
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.models import Delivery, Notice
from zhengtu.notices.writes import keep_notices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

NEVER_GIVEN = f"{CITY}-I00001"
OUTSIDERS = (
    "district_leader", "field_officer", "client", "department", "coordinator", "auditor", "vice_mayor", "family",
    "stranger",
)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is half past nine of the scene's day for everybody, and thousands of refused requests are not logged."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def ready(scene: Scene) -> Scene:
    """The scene of all screens, with one household that is reported as vacated in each district."""
    for household in (scene.households[1], scene.households[4]):
        advance(household, to="vacated")
    inspectors()
    return scene


@pytest.fixture
def outsiders(ready: Scene, clients: dict[str, Client]) -> dict[str, Client]:
    """Everybody who does not hold ``inspection.view``, strangers and the dismissed included."""
    insiders = {role for role, may in current_rulebook().authority.roles.items() if "inspection.view" in may}
    assert insiders == {"mayor", "inspector"}
    return {role: client for role, client in clients.items() if role in OUTSIDERS and role not in insiders}


def office() -> Any:
    return actor_of(inspectors()[0], on=TODAY)


def refused(doing: Callable[[], object]) -> None:
    with pytest.raises(Refused):
        doing()


def an_inspection_is_under_way() -> str:
    """All that the mayor and the inspection office can do before a release; returns the inspection's code."""
    authorise_inspection(actor=actor_with("mayor"), city=CITY, words="另一项督查", now=NOW)
    declare_recusal(actor=office(), inspector=inspectors()[3].code, jurisdiction=CHANGYI, why="亲属", now=NOW)
    left = drawn(places=[CHUANYING], matter="signed_true", title="取消的督查")
    cancel_inspection(actor=office(), code=left, why="暂缓", now=NOW)
    code = drawn(households=2)
    household = Drawn.objects.filter(inspection=code).order_by("household")[0].household
    refused(lambda: draw_inspection(actor=office(), code=code, now=NOW))
    refused(lambda: visit(code, household, photos=[]))
    refused(lambda: planned(places=[CHUANYING]))
    visited(code, {household: "lived_in_again"})
    concluded(code, repair="劝离返住人员")
    return code


def known_values(scene: Scene) -> Known:
    """Every code and number that there is while the inspection is there."""
    secret = Deed.objects.filter(verb__startswith="inspection.")
    deeds = list(secret.order_by("pk").values_list("pk", flat=True))
    photos = list(Evidence.objects.filter(deed__in=deeds, kind="photo").values_list("file_id", flat=True))
    inspection = Inspection.objects.get(cancelled_on=None).code
    codes = [
        inspection, scene.households[1].code, scene.chuanying.code, PROJECT, f"{CHUANYING}-P0001", "220200-D0001",
        "220200-R20250214-1", "220200-B0001", secret.filter(verb="inspection.record")[0].pk,
    ]
    notices = Notice.objects.filter(kind__startswith="inspection_").order_by("-pk").values_list("pk", flat=True)
    return Known(
        values={
            "code": codes, "number": [notices[0], 1, f"{scene.households[0].code}-A01"], "deed": [deeds[0]],
            "sha256": photos, "ordinal": [1],
            "format": ["xlsx", "docx", "json"], "name": ["districts"], "area": [CHUANYING],
            "version": ["0123456789abcdef"], "ending": ["xlsx"],
            "key": ["2025-03-15.handed_over"], "paper": ["notice"], "way": ["cash"], "notice": ["rights_notice"],
            "household": [scene.households[1].code],
        },
        words=[inspection],
    )


def test_every_route_answers_outsiders_as_if_there_were_no_inspection(
    ready: Scene, outsiders: dict[str, Client]
) -> None:
    told = Notice.objects.count(), Delivery.objects.count()
    for client in outsiders.values():
        client.get(reverse("account.codes"))  # draws a secret of the visitor's own, once
    found = leaks(outsiders, happens=an_inspection_is_under_way, known=lambda: known_values(ready))
    assert not found.leaks, "\n" + "\n".join(found.leaks)
    assert not found.unsteady, "\n" + "\n".join(found.unsteady)
    assert found.names == {pattern.name for pattern in patterns() if pattern.name}, "addresses that nobody walked"
    assert (Notice.objects.count(), Delivery.objects.count()) == told


def test_an_unreleased_code_is_answered_like_one_that_was_never_given(
    ready: Scene, outsiders: dict[str, Client]
) -> None:
    """To reading and to writing, under every address that takes a code."""
    code = an_inspection_is_under_way()
    told = []
    for pattern in patterns():
        names = arguments_of(pattern)
        if not pattern.name or "code" not in names:
            continue
        usual = {"ordinal": 1, "format": "xlsx", "number": 1}
        others = {name: usual.get(name, "x") for name in names if name != "code"}
        for role, client in outsiders.items():
            for ask in (client.get, client.post):
                try:
                    address = reverse(pattern.name, kwargs={"code": code, **others})
                except NoReverseMatch:
                    continue
                ask(address)  # takes along what an earlier page left to be said
                answers = []
                for given in (code, NEVER_GIVEN):
                    response = ask(address.replace(code, given))
                    body = response.content.replace(given.encode(), b"CODE")
                    answers.append((response.status_code, CHANGING.sub(b"", body)))
                if answers[0] != answers[1]:
                    told.append(f"{pattern.name} as {role}")
    assert not told, "\n" + "\n".join(told)


def test_notices_of_it_reach_the_mayor_and_the_inspection_office_alone_and_stay_inside(ready: Scene) -> None:
    before = set(Notice.objects.values_list("pk", flat=True))
    deliveries = Delivery.objects.count()
    an_inspection_is_under_way()
    told = Notice.objects.exclude(pk__in=before)
    assert {notice.kind for notice in told} == {
        "inspection_instructed", "inspection_assigned", "inspection_concluded",
    }
    roles = set(told.values_list("person__postings__role", flat=True))
    assert roles == {"mayor", "inspector"}
    assert Delivery.objects.count() == deliveries


@pytest.mark.parametrize(
    ("plant", "names"),
    [
        ("ledger", ["ledger.view", "deed.view"]),
        ("refusals", ["refusal.list"]),
        ("photos", ["evidence.view"]),
        ("fact", ["household.view"]),
        ("notice", ["notice.inbox"]),
        ("directive", ["directive.list"]),
        ("figure", ["cockpit.view"]),
    ],
)
def test_the_walk_finds_what_is_planted(
    ready: Scene, outsiders: dict[str, Client], monkeypatch: pytest.MonkeyPatch, plant: str, names: list[str]
) -> None:
    """Each kind of leak, planted by hand: a walk that could not see it would prove nothing."""
    def happens() -> None:
        code = an_inspection_is_under_way()
        household = ready.households[1].code
        if plant == "fact":
            record(household, "moved_back_found", TODAY, {"inspection": code, "found": "回迁居住"})
        elif plant == "figure":
            record(ready.households[2].code, "surveyed", date(2025, 1, 12))
        elif plant == "notice":
            keep_notices([NewNotice(
                person=actor_with("district_leader").person, key="leak", kind="directive_assigned", message="leak",
                subject=CHUANYING,
            )], now=NOW)
        elif plant == "directive":
            set_directives(
                actor=actor_with("mayor"), drafts=[DirectiveDraft(lead=CHUANYING, matter="劝离返住人员")], now=NOW
            )

    if plant in ("ledger", "refusals", "photos"):
        monkeypatch.setattr("zhengtu.campaign.reach.unseen_verbs", lambda actor, verb: ())
    found = leaks(outsiders, happens=happens, known=lambda: known_values(ready), names=names)
    assert found.leaks


def test_once_released_it_is_seen(ready: Scene, outsiders: dict[str, Client]) -> None:
    """The same walk: what was hidden was there to be seen."""
    def happens() -> None:
        release_inspection(actor=actor_with("mayor"), code=an_inspection_is_under_way(), now=NOW)

    found = leaks(
        outsiders, happens=happens, known=lambda: known_values(ready), names=["household.view", "notice.inbox"]
    )
    assert any("as district_leader" in one for one in found.leaks)
