"""Adopted by the mayor with the scheme as evidence, published once, changed by upheld appeals alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.apps.assessment.kit import CLIENTS, DISTRICTS, JANUARY, adopted, published, scheme
from tests.apps.directives.kit import paper
from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    advance,
    at,
    build_campaign,
    record,
)
from zhengtu.assessment.actions import adopt_assessment, appeal_score, decide_appeal, publish_assessment
from zhengtu.assessment.checking import check_publication
from zhengtu.assessment.models import Appeal, Assessment
from zhengtu.assessment.queries import (
    assessments_for,
    may_see_card,
    scheme_of,
    standing_cards,
    standing_ranking,
)
from zhengtu.core.assessment.trial import CriterionChange
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Evidence, Fact
from zhengtu.notices.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    """Of two families promised a home by 20 January in 船营区 one is home by then; one in 昌邑区 waits."""
    scene = build_campaign()
    for household in (*scene.households[:2], scene.households[3]):
        advance(household, to="signed", start_on=date(2025, 1, 8))
        record(household.code, "resettlement_promised", date(2025, 1, 15), {"promised_on": "2025-01-20"})
    record(scene.households[0].code, "resettled", date(2025, 1, 18))
    return scene


def refused_with(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def appealed(code: str, reference: str, *, on: date = TODAY, unit: str = CHUANYING) -> int:
    return appeal_score(
        actor=actor_with("district_leader", unit), code=code, unit=unit, criterion="homes_in_time",
        reference=reference, text="住户已于1月19日领取钥匙，交房单见附件。", files=[paper("statement")], now=at(on),
    )


def test_the_scheme_is_kept_as_evidence_and_its_fingerprint_in_the_fact(scene: Scene) -> None:
    code = adopted()
    fact = Fact.objects.get(subject=code, kind="assessment_adopted")
    row = Assessment.objects.get(pk=code)
    assert fact.attributes["scheme_sha256"] == row.scheme_sha256
    assert Evidence.objects.get(deed=fact.deed_id).kind == "scheme"
    assert scheme_of(row) == scheme()


def test_what_was_tried_is_adopted_with_its_points(scene: Scene) -> None:
    code = adopt_assessment(
        actor=actor_with("mayor"), city=CITY, scheme=DISTRICTS, from_on=JANUARY[0], until_on=JANUARY[1], now=at(TODAY),
        changes={
            "homes_in_time": CriterionChange(points=Decimal(30)), "truthfulness": CriterionChange(points=Decimal(0)),
        },
    )
    held = scheme_of(Assessment.objects.get(pk=code))
    assert held.criterion("truthfulness") is None
    assert held.full_points == Decimal(100)


@pytest.mark.parametrize("role", ["vice_mayor", "coordinator", "inspector", "district_leader", "client", "auditor"])
def test_only_the_mayor_adopts_and_publishes(scene: Scene, role: str) -> None:
    with pytest.raises(Refused) as refused:
        adopt_assessment(
            actor=actor_with(role), city=CITY, scheme=DISTRICTS, from_on=JANUARY[0], until_on=JANUARY[1], now=at(TODAY)
        )
    assert refused_with(refused) == ["authority.not_granted"]
    code = adopted()
    with pytest.raises(Refused) as refused:
        publish_assessment(actor=actor_with(role), code=code, now=at(TODAY))
    assert refused_with(refused) == ["authority.not_granted"]


def test_a_period_stands_once_and_is_published_when_it_is_over(scene: Scene) -> None:
    code = adopted()
    with pytest.raises(Refused) as refused:
        adopted(period=(date(2025, 1, 15), date(2025, 3, 1)))
    assert refused_with(refused) == ["assessment.taken"]
    with pytest.raises(Refused) as refused:
        publish_assessment(actor=actor_with("mayor"), code=code, now=at(date(2025, 1, 31)))
    assert refused_with(refused) == ["assessment.not_over"]
    publish_assessment(actor=actor_with("mayor"), code=code, now=at(date(2025, 2, 1)))
    with pytest.raises(Refused) as refused:
        publish_assessment(actor=actor_with("mayor"), code=code, now=at(date(2025, 2, 2)))
    assert refused_with(refused) == ["assessment.published"]


def test_published_cards_come_out_the_same_again_though_more_is_recorded_since(scene: Scene) -> None:
    code = published()
    record(scene.households[1].code, "resettled", date(2025, 1, 19), recorded_at=at(TODAY + timedelta(days=1)))
    check = check_publication(code)
    assert check is not None
    assert check.is_equal


def test_a_card_changed_behind_the_ledger_is_found(scene: Scene) -> None:
    code = published()
    row = Assessment.objects.get(pk=code)
    card = next(one for one in row.cards if one["card"]["unit"] == CHUANYING)
    card["measured"]["homes_in_time"]["cases"][1]["done"] = 1
    row.save()
    check = check_publication(code)
    assert check is not None
    assert (check.is_kept, check.is_equal) == (False, False)
    assert [(unit, criterion) for unit, criterion, _, _ in check.differences] == [(CHUANYING, "homes_in_time")]


def test_an_upheld_appeal_changes_the_published_card_and_says_by_which_fact(scene: Scene) -> None:
    code = published()
    row = Assessment.objects.get(pk=code)
    before = {card.unit: card.card.per_hundred for card in standing_cards(row, today=TODAY)}
    number = appealed(code, scene.households[1].code)
    decide_appeal(
        actor=actor_with("inspector"), appeal=number, outcome="upheld", remedy="done", decision="交房单属实。",
        now=at(TODAY + timedelta(days=3)),
    )
    card = next(one for one in standing_cards(row, today=TODAY) if one.unit == CHUANYING)
    assert before[CHUANYING] == Decimal("70.00")  # half of 15 points, and 10 for conduct
    assert card.card.per_hundred == Decimal("100.00")
    fact = Fact.objects.get(subject=code, kind="assessment_appeal_decided")
    assert [one.fact for one in card.corrections] == [fact.reference]
    assert Assessment.objects.get(pk=code).cards == row.cards  # what was published stays as it was


def test_a_dismissed_appeal_changes_nothing_and_stands_once(scene: Scene) -> None:
    code = published()
    number = appealed(code, scene.households[1].code)
    decide_appeal(
        actor=actor_with("inspector"), appeal=number, outcome="dismissed", remedy="", decision="无交房单。",
        now=at(TODAY),
    )
    row = Assessment.objects.get(pk=code)
    assert not next(one for one in standing_cards(row, today=TODAY) if one.unit == CHUANYING).corrections
    with pytest.raises(Refused) as refused:
        appealed(code, scene.households[1].code)
    assert refused_with(refused) == ["assessment.appealed"]
    with pytest.raises(Refused) as refused:
        decide_appeal(
            actor=actor_with("inspector"), appeal=number, outcome="upheld", remedy="done", decision="x", now=at(TODAY)
        )
    assert refused_with(refused) == ["assessment.decided"]


def test_the_thirtieth_day_after_publication_is_the_last(scene: Scene) -> None:
    code = published()
    with pytest.raises(Refused) as refused:
        appealed(code, scene.households[1].code, on=TODAY + timedelta(days=31))
    assert refused_with(refused) == ["assessment.too_late"]
    assert appealed(code, scene.households[1].code, on=TODAY + timedelta(days=30))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reference": "220204-P0001-S01-H00009"}, "assessment.no_line"),
        ({"criterion": "truthfulness"}, "assessment.estimate"),
        ({"text": " "}, "assessment.reason"),
        ({"files": []}, "assessment.statement"),
        ({"unit": CHANGYI}, "authority.not_granted"),
    ],
)
def test_an_appeal_needs_the_own_line_a_reason_and_a_statement(
    scene: Scene, changes: dict[str, object], reason: str
) -> None:
    code = published()
    given: dict[str, object] = {
        "unit": CHUANYING, "criterion": "homes_in_time", "reference": scene.households[1].code, "text": "已安置",
        "files": [paper("statement")], **changes,
    }
    with pytest.raises(Refused) as refused:
        appeal_score(actor=actor_with("district_leader"), code=code, now=at(TODAY), **given)  # type: ignore[arg-type]
    assert refused_with(refused) == [reason]
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("role", ["mayor", "vice_mayor", "coordinator", "district_leader", "auditor"])
def test_the_inspection_office_alone_decides(scene: Scene, role: str) -> None:
    number = appealed(published(), scene.households[1].code)
    with pytest.raises(Refused) as refused:
        decide_appeal(
            actor=actor_with(role), appeal=number, outcome="upheld", remedy="done", decision="x", now=at(TODAY)
        )
    assert refused_with(refused) == ["authority.not_granted"]


def test_units_see_what_was_published_about_them_and_their_own_card_only(scene: Scene) -> None:
    running = adopted(period=(date(2025, 2, 1), date(2025, 3, 1)))
    code = published()
    leader, client = actor_with("district_leader"), actor_with("client")
    assert [row.code for row in assessments_for(leader)] == [code]
    assert not assessments_for(client).exists()
    row = Assessment.objects.get(pk=code)
    assert may_see_card(leader, row, CHUANYING)
    assert not may_see_card(leader, row, CHANGYI)
    assert {one.code for one in assessments_for(actor_with("coordinator"))} == {code, running}
    assert not assessments_for(actor_with("field_officer")).exists()


def test_the_ranking_moves_against_the_month_before(scene: Scene) -> None:
    published()
    record(scene.households[3].code, "resettled", date(2025, 2, 5))
    later = Assessment.objects.get(pk=published(period=(date(2025, 2, 1), date(2025, 3, 1)), on=date(2025, 3, 3)))
    assert [(one.ranked.unit, one.ranked.rank, one.ranked.moved) for one in standing_ranking(later, today=TODAY)] == [
        (CHANGYI, 1, 1), (CHUANYING, 2, -1)
    ]


def test_clients_are_scored_by_a_scheme_of_their_own(scene: Scene) -> None:
    code = published(CLIENTS, period=(date(2025, 1, 1), date(2025, 3, 1)), on=date(2025, 3, 3))
    row = Assessment.objects.get(pk=code)
    units = {one.unit for one in standing_cards(row, today=TODAY)}
    assert RAILWAY_INVESTMENT in units
    assert CHUANYING not in units


def test_units_and_the_inspection_office_are_told_in_turn(scene: Scene) -> None:
    leader, inspector = actor_with("district_leader"), actor_with("inspector")
    number = appealed(published(), scene.households[1].code)
    decide_appeal(
        actor=inspector, appeal=number, outcome="upheld", remedy="left_out", decision="属实", now=at(TODAY)
    )
    told = set(Notice.objects.values_list("person", "kind"))
    assert told == {
        (leader.person, "assessment_published"), (inspector.person, "assessment_appealed"),
        (leader.person, "assessment_decided"),
    }
