"""The promise ledger: what is named and told, which breach is foreseen, and the deeds that tell and answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.factories import CHANGYI, NOW, RAILWAY_INVESTMENT, TODAY, Scene, actor_with, at, record
from tests.resettlement_scene import BUILDING, PROMISED_ON, SITE, build_waiting, entitle
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.resettlement.promises import Naming, PromiseState
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import keep_file
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.home_coming import home_coming_of
from zhengtu.resettlement.promise_actions import answer_breach, tell_home
from zhengtu.resettlement.promises import counts_of, promise_of, promises_for
from zhengtu.resettlement.spring_festival import before_festival
from zhengtu.resettlement.telling import offers_of

pytestmark = pytest.mark.django_db

HOME = f"{BUILDING}-U0001"


@pytest.fixture
def scene() -> Scene:
    """Three families wait: two are late, one is due in April 2026; the building is topped out since last autumn."""
    scene = build_waiting(late=2)
    builder = Actor("220200-u-builder", actor_with("client", RAILWAY_INVESTMENT).postings)
    stages = ("started", "foundation", "half_height", "topped_out")
    facts = [
        NewFact("resettlement_building", BUILDING, "works_reached", date(2024, 4 + 2 * place, 1), {"stage": stage})
        for place, stage in enumerate(stages)
    ]
    photo = keep_file(ContentFile(b"photo"), kind="site_photo", name="photo.txt", media_type="text/plain")
    subject = Subject(code=SITE, clients=frozenset({RAILWAY_INVESTMENT}))
    with act(builder, "site.record", on=subject, at=at(date(2024, 10, 2))) as deed:
        deed.record(facts=facts, evidence=[photo])
    return scene


@pytest.fixture
def leader(scene: Scene) -> Actor:
    return actor_with("district_leader")


def paper(kind: str = "other") -> OfferedFile:
    return OfferedFile(kind, "paper.txt", ContentFile("会议纪要（演示）".encode(), name="paper.txt"))


def tell(leader: Actor, household: str, **changed: Any) -> str:
    given: dict[str, Any] = {"home": HOME, "expected_on": date(2026, 6, 30), "now": NOW}
    return tell_home(actor=leader, household=household, **{**given, **changed})


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code.removeprefix("resettlement.") for reason in refused.value.reasons]


def test_a_family_with_an_agreed_site_has_its_type_named_and_no_more(scene: Scene) -> None:
    promise = promise_of(scene.households[0].code, on=TODAY)
    assert promise is not None
    assert (promise.named.naming, promise.named.site, promise.promised_on) == (Naming.TYPE, SITE, PROMISED_ON)
    assert promise.outlook is not None
    assert (promise.outlook.homes, promise.outlook.families) == (6, 3)
    assert (promise.state, promise.chance) == (PromiseState.BROKEN, 0.0)


def test_without_a_site_no_home_is_named_and_that_is_counted(scene: Scene) -> None:
    entitle(scene.households[0].code, on=date(2021, 3, 2), site="")
    rows = promises_for(actor_with("mayor"), on=TODAY)
    counts = counts_of(rows)
    assert (counts.families, counts.named, counts.typed, counts.unnamed) == (3, 0, 2, 1)
    assert (counts.broken, counts.unanswered) == (2, 2)
    assert counts.later + counts.holds + counts.foreseen == 1


def test_a_told_home_is_named_and_its_day_counts(scene: Scene, leader: Actor) -> None:
    own = scene.households[0].code
    tell(leader, own)
    promise = promise_of(own, on=TODAY)
    assert promise is not None
    assert (promise.named.naming, promise.named.home) == (Naming.HOME, HOME)
    assert promise.promised_on == date(2026, 6, 30)
    assert promise.waiting.due_on == PROMISED_ON
    assert promise.waiting.months_late > 22
    assert promise.chance is not None
    assert promise.chance > 0.5
    assert promise.state is PromiseState.LATER


def test_works_that_stand_still_let_a_breach_be_foreseen(scene: Scene, leader: Actor) -> None:
    own = scene.households[0].code
    tell(leader, own)
    seen = [promise_of(own, on=day) for day in (date(2025, 7, 1), date(2026, 4, 1), date(2026, 7, 1))]
    states = [promise.state for promise in seen if promise is not None]
    assert states == [PromiseState.HOLDS, PromiseState.FORESEEN, PromiseState.BROKEN]


@pytest.mark.parametrize(("changed", "code"), [
    ({"expected_on": TODAY - timedelta(days=1)}, "told_past"),
    ({"expected_on": date(2025, 3, 31)}, "day_not_held"),
    ({"home": f"{BUILDING}-U0099"}, "no_home"),
    ({"home": "palace"}, "no_home"),
    ({"home": "two_bedroom"}, "told_nowhere"),
    ({"home": "studio", "site": SITE}, "none_left"),
])
def test_a_day_or_a_home_that_does_not_hold_is_not_told(
    scene: Scene, leader: Actor, changed: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        tell(leader, scene.households[0].code, **changed)
    assert codes(refused) == [code]
    promise = promise_of(scene.households[0].code, on=TODAY)
    assert promise is not None
    assert promise.told is None


def test_a_home_is_told_to_one_family(scene: Scene, leader: Actor) -> None:
    tell(leader, scene.households[0].code)
    with pytest.raises(Refused) as refused:
        tell(leader, scene.households[1].code)
    assert codes(refused) == ["taken_or_told"]
    tell(leader, scene.households[0].code, home=f"{BUILDING}-U0002")
    tell(leader, scene.households[1].code)


def test_nobody_from_elsewhere_tells_or_answers(scene: Scene) -> None:
    with pytest.raises(Refused):
        tell(actor_with("district_leader", CHANGYI), scene.households[0].code)
    with pytest.raises(Refused):
        answer_breach(actor=actor_with("mayor"), subject=SITE, measure="加班", files=[paper()], now=NOW)


def test_offers_say_from_when_on_a_day_may_be_told(scene: Scene, leader: Actor) -> None:
    own = scene.households[0].code
    promise = promise_of(own, on=TODAY)
    assert promise is not None
    offers = offers_of(promise, on=TODAY, limit=10)
    assert len(offers) == 7
    first = offers[0].first_on
    assert first is not None
    tell(leader, own, home=offers[0].code, expected_on=first)
    with pytest.raises(Refused) as refused:
        tell(leader, own, home=offers[0].code, expected_on=first - timedelta(days=40))
    assert codes(refused) == ["day_not_held"]


@pytest.mark.parametrize("subject", ["household", "220204-P0001", SITE])
def test_a_breach_is_answered_for_a_family_its_part_or_its_site(scene: Scene, leader: Actor, subject: str) -> None:
    own = scene.households[0].code
    code = own if subject == "household" else subject
    answer_breach(actor=leader, subject=code, measure="增派两支施工队，九月前竣工。", files=[paper()], now=NOW)
    promises = {one.household: one for one in promises_for(actor_with("mayor"), on=TODAY)}
    assert promises[own].answers[0].measure == "增派两支施工队，九月前竣工。"
    assert promises[scene.households[1].code].is_answered == (subject != "household")
    assert not promises_for(actor_with("mayor"), on=TODAY - timedelta(days=1))[0].answers


def test_an_answer_needs_a_paper_and_a_measure(scene: Scene, leader: Actor) -> None:
    with pytest.raises(Refused) as refused:
        answer_breach(actor=leader, subject=SITE, measure="  ", files=[], now=NOW)
    assert len(refused.value.reasons) == 2
    with pytest.raises(LookupError):
        answer_breach(actor=leader, subject="220204-T0099", measure="x", files=[paper()], now=NOW)
    with pytest.raises(LookupError):
        answer_breach(actor=leader, subject="220200-P0001", measure="x", files=[paper()], now=NOW)


def test_the_way_home_names_building_stage_payer_and_rights(scene: Scene, leader: Actor) -> None:
    own = scene.households[0]
    tell(leader, own.code)
    held = home_coming_of(own, on=TODAY, known=None, is_promised=True)
    assert held is not None
    assert held.home is not None
    assert (held.home.building, held.home.number) == ("1号楼", "101")
    assert [(one.name, one.reached.stage if one.reached else "") for one in held.works] == [("1号楼", "topped_out")]
    assert held.account is not None
    assert held.account.owed == held.account.accrued
    assert held.payer[0] == held.builder[0] != ""
    assert {right.id for right in held.rights} >= {"subsidy", "lawsuit"}


def test_who_is_home_or_owed_nothing_waits_no_more(scene: Scene, django_assert_num_queries: Any) -> None:
    own = scene.households[0]
    record(own.code, "resettled", TODAY, {"address": "江畔家园"})
    assert promise_of(own.code, on=TODAY) is None
    assert promise_of(own.code, on=TODAY - timedelta(days=1)) is not None
    with django_assert_num_queries(1):
        assert home_coming_of(scene.households[3], on=TODAY, known=None, is_promised=False) is None


def test_what_was_told_later_is_not_known_before(scene: Scene, leader: Actor) -> None:
    own = scene.households[0].code
    later: datetime = at(TODAY + timedelta(days=10))
    tell(leader, own, now=later)
    known = promise_of(own, on=TODAY + timedelta(days=10), known=TODAY)
    assert known is not None
    assert known.told is None


def test_the_promise_ledger_says_who_is_expected_home_before_the_spring_festival(scene: Scene, leader: Actor) -> None:
    """On 14 February 2025 the next one is 17 February 2026: a building topped out last autumn may be done by then."""
    found = before_festival(promises_for(leader, on=TODAY), on=TODAY)
    assert found is not None
    assert (found.festival_on, found.days_left) == (date(2026, 2, 17), 368)
    assert (found.families, found.late) == (3, 2)
    chances = [one.outlook.chance_by(date(2026, 2, 16)) for one in promises_for(leader, on=TODAY) if one.outlook]
    assert found.expected == pytest.approx(sum(chances))
    assert 0 < found.expected_late < found.expected <= 3


def test_who_has_no_home_named_is_not_expected_before_the_festival(scene: Scene, leader: Actor) -> None:
    for household in scene.households:
        entitle(household.code, site="")
    found = before_festival(promises_for(leader, on=TODAY), on=TODAY)
    assert found is not None
    assert (found.families, found.expected, found.expected_late) == (3, 0, 0)
