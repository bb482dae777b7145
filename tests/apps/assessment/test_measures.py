"""One fact more, and the score moves by exactly what it is worth; one test for each thing that is assessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.apps.assessment.kit import CLIENTS, card_of, points
from tests.apps.directives.kit import answered, new_directive, verified
from tests.factories import (
    CHANGYI,
    CHUANYING,
    CHUANYING_SECTION,
    NOW,
    PROJECT,
    RAILWAY_INVESTMENT,
    Scene,
    actor_with,
    advance,
    announce,
    at,
    build_campaign,
    record,
    serve_valuation,
)
from tests.inspection_scene import concluded, drawn, vacated_scene, visited
from zhengtu.assessment.measuring import ESTIMATES, EVENTS, SHARES
from zhengtu.core.directives.draft import DraftDue
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.assessment import RESULTS
from zhengtu.directives.actions import receive_directive
from zhengtu.inspection.actions import release_inspection
from zhengtu.ledger.act import act
from zhengtu.ledger.models import Refusal
from zhengtu.registry.models import Deadline
from zhengtu.registry.queries import subject_of

pytestmark = pytest.mark.django_db

FEBRUARY = (date(2025, 2, 1), date(2025, 3, 1))


def received(**changes: Any) -> str:
    """A directive that 船营区 leads and has received; returns its code."""
    code = new_directive(**changes)
    receive_directive(actor=actor_with("district_leader"), code=code, officer="某甲", now=NOW)
    return code


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def test_whatever_a_scheme_may_name_is_computed() -> None:
    assert {*SHARES, *EVENTS, *ESTIMATES} == set(RESULTS)


def test_a_unit_with_nothing_due_has_no_score_and_conduct_alone_makes_none(scene: Scene) -> None:
    card = card_of(period=FEBRUARY)
    assert card.card.per_hundred is None
    assert set(card.card.unmeasured) == {
        "deadlines_kept", "plan_progress", "directives_on_time", "truthfulness", "homes_in_time", "requests_answered",
        "lawful_conduct",
    }


def test_a_section_handed_over_by_its_deadline_gives_its_share_of_the_points(scene: Scene) -> None:
    Deadline.objects.create(
        campaign=scene.campaign, section=scene.chuanying, goal="vacated", due_on=date(2025, 2, 20), name="腾空",
        name_en="Vacated",
    )
    assert points("deadlines_kept") == 0  # two due in the quarter: 20 February and 15 March; none kept
    record(CHUANYING_SECTION, "handed_over", date(2025, 3, 15))
    kept = card_of()
    assert [(case.about, case.done) for case in kept.measured["deadlines_kept"].cases] == [
        ("2025-02-20.vacated", 0), ("2025-03-15.handed_over", 1)
    ]


def test_handed_over_a_day_late_is_late(scene: Scene) -> None:
    record(CHUANYING_SECTION, "handed_over", date(2025, 3, 16))
    assert points("deadlines_kept") == 0


def test_deadlines_are_compared_with_what_others_did_with_cases_as_hard(scene: Scene) -> None:
    """Two districts with a section each on state land: 船营区 handed over in time, 昌邑区 did not."""
    record(CHUANYING_SECTION, "handed_over", date(2025, 3, 1))
    mine = card_of().measured["deadlines_kept"]
    assert (mine.due, mine.done, mine.expected) == (1, 1, 0.0)
    assert points("deadlines_kept") == Decimal("20.00")
    theirs = card_of(CHANGYI).measured["deadlines_kept"]
    assert (theirs.done, theirs.expected) == (0, 1.0)
    assert theirs.cases[0].difficulty == "STATE_LAND.unannounced.agreed"


def test_a_decision_in_the_section_makes_its_case_one_of_the_contested(scene: Scene) -> None:
    announce(CHUANYING)
    advance(scene.households[0], to="decided")
    (case,) = card_of().measured["deadlines_kept"].cases
    assert case.difficulty == "STATE_LAND.new.contested"


def test_a_household_signed_is_one_of_the_steps_that_the_baseline_wanted(scene: Scene) -> None:
    """By the plan of 20 January all three households are signed and vacated by the deadline of 15 March: six steps."""
    announce(CHUANYING)
    for household in scene.households[:3]:
        advance(household, to="valued")
    record(f"{CHUANYING}-P0001", "baseline_set", date(2025, 1, 20), {"baseline_on": "2025-01-20", "reason": "基线"})
    assert points("plan_progress") == 0
    record(scene.households[0].code, "signed", date(2025, 2, 10), {"option": "cash", "amount_yuan": "430000.00"})
    measured = card_of().measured["plan_progress"]
    assert [(case.about, case.due, case.done) for case in measured.cases] == [
        ("signed_count", 3, 1), ("vacated_count", 3, 0)
    ]
    assert points("plan_progress") == Decimal("3.33")
    record(scene.households[0].code, "paid", date(2025, 2, 11), {"amount_yuan": "430000.00"})
    record(scene.households[0].code, "vacated", date(2025, 2, 12), {})
    assert points("plan_progress") == Decimal("6.67")


def test_a_directive_closed_in_time_moves_the_score_from_a_half_to_all(scene: Scene) -> None:
    due = DraftDue("date", date(2025, 3, 14))
    done, other = (received(due=due, matter=f"事项{n}") for n in (1, 2))
    answered(done)
    verified(done)
    assert points("directives_on_time") == Decimal("7.50")
    answered(other, on=date(2025, 3, 14))
    verified(other, on=date(2025, 3, 18))
    assert points("directives_on_time") == Decimal("15.00")
    assert points("directives_on_time", CHANGYI) == Decimal("15.00")  # it shares the duty


def test_a_directive_answered_late_counts_as_not_done_in_time(scene: Scene) -> None:
    code = received(due=DraftDue("date", date(2025, 2, 20)))
    answered(code, on=date(2025, 2, 25))
    verified(code, on=date(2025, 2, 26))
    (case,) = card_of().measured["directives_on_time"].cases
    assert (case.done, case.done_on, case.subject) == (0, date(2025, 2, 25), code)


def test_one_family_come_home_moves_the_score_by_a_third(scene: Scene) -> None:
    for household, promised in zip(scene.households[:3], ("2024-06-01", "2025-02-10", "2025-03-20"), strict=True):
        advance(household, to="signed")
        record(household.code, "resettlement_promised", date(2025, 1, 20), {"promised_on": promised})
    assert points("homes_in_time") == 0
    record(scene.households[0].code, "resettled", date(2025, 3, 1))
    assert points("homes_in_time") == Decimal("5.00")
    record(scene.households[1].code, "resettled", date(2025, 2, 9))
    assert points("homes_in_time") == Decimal("10.00")


def test_an_old_debt_that_was_settled_before_the_period_is_not_counted_again(scene: Scene) -> None:
    for household in scene.households[:2]:
        advance(household, to="signed")
        record(household.code, "resettlement_promised", date(2025, 1, 20), {"promised_on": "2024-06-01"})
    record(scene.households[0].code, "resettled", date(2025, 1, 31))
    assert card_of(period=FEBRUARY).measured["homes_in_time"].due == 1


def test_a_revaluation_answered_within_ten_days_counts_from_its_service(scene: Scene) -> None:
    for household, served in zip(scene.households[:2], ("2025-02-20", "2025-02-21"), strict=True):
        advance(household, to="valued")
        serve_valuation(household)
        record(household.code, "revaluation_requested", date(2025, 2, 10), {})
        record(household.code, "revaluation_answered", date(2025, 2, 19), {"served_on": served})
    measured = card_of().measured["requests_answered"]
    assert [(case.done, case.due_on) for case in measured.cases] == [(1, date(2025, 2, 20)), (0, date(2025, 2, 20))]
    assert points("requests_answered") == Decimal("2.50")


def test_an_open_matter_closed_by_its_day_counts_and_a_withdrawn_one_is_none(scene: Scene) -> None:
    said = {"matter": "电力迁改", "responsible": "市电力公司", "due_on": "2025-02-28"}
    opened = record(CHUANYING_SECTION, "matter_opened", date(2025, 2, 3), said)
    assert points("requests_answered") == 0
    record(CHUANYING_SECTION, "matter_closed", date(2025, 2, 28), {"result": "已迁改"}, supersedes=f"{opened}/1")
    assert points("requests_answered") == Decimal("5.00")
    other = record(CHUANYING_SECTION, "matter_opened", date(2025, 2, 4), said)
    assert points("requests_answered") == Decimal("2.50")
    record(CHUANYING_SECTION, "withdrawn", date(2025, 2, 5), {"reason": "重复"}, supersedes=f"{other}/1")
    assert points("requests_answered") == Decimal("5.00")


def test_a_violation_takes_five_points_and_an_agreed_section_gives_them(scene: Scene) -> None:
    new_directive(due=DraftDue("date", date(2025, 3, 14)))  # so that something is due at all
    assert points("lawful_conduct") == Decimal(10)
    record(scene.households[0].code, "violation_found", date(2025, 2, 12), {"violation": "violence", "found": "x"})
    assert points("lawful_conduct") == Decimal(5)
    assert points("lawful_conduct", CHANGYI) == Decimal(10)
    for household in scene.households[3:]:
        advance(household, to="demolished")
    record(f"{CHANGYI}-P0001-S01", "handed_over", date(2025, 3, 1))
    assert points("lawful_conduct", CHANGYI) == Decimal(15)


def test_a_section_with_a_decision_or_a_violation_earns_no_praise(scene: Scene) -> None:
    new_directive(due=DraftDue("date", date(2025, 3, 14)))
    for household in scene.households[:2]:
        advance(household, to="demolished")
    advance(scene.households[2], to="decided")
    record(CHUANYING_SECTION, "handed_over", date(2025, 3, 1))
    assert points("lawful_conduct") == Decimal(10)


def test_a_refused_attempt_changes_nothing(scene: Scene) -> None:
    new_directive(due=DraftDue("date", date(2025, 3, 14)))
    before = card_of().card.total
    with pytest.raises(Refused), act(
        actor_with("appraiser", subject=PROJECT), "fact.record", on=subject_of(CHUANYING_SECTION), at=NOW
    ):
        pass
    assert Refusal.objects.count() == 1
    assert card_of().card.total == before


def test_what_an_inspection_found_gives_an_estimate_with_its_interval() -> None:
    """All six households of the city are looked at; of the three in 船营区 one had never left."""
    scene = vacated_scene()
    code = drawn()
    visited(code, {scene.households[0].code: "never_left"})
    concluded(code)
    assert "truthfulness" not in card_of().measured  # nothing is fed back yet
    release_inspection(actor=actor_with("mayor"), code=code, now=NOW)
    mine, theirs = card_of().measured["truthfulness"], card_of(CHANGYI).measured["truthfulness"]
    assert (mine.low, mine.middle, mine.high, mine.sample) == (0.666667, 0.666667, 0.666667, 3)  # all were looked at
    assert (theirs.low, theirs.middle, theirs.high) == (1.0, 1.0, 1.0)
    assert points("truthfulness") == Decimal("10.00")
    later = (date(2025, 3, 1), date(2025, 4, 1))
    assert "truthfulness" not in card_of(period=later).measured  # it counts in the period in which it was fed back


def test_money_counts_by_the_day_of_the_plan_and_source_by_source(scene: Scene) -> None:
    part = f"{CHUANYING}-P0001"
    for number, (source, due, yuan) in enumerate(
        (("fiscal", "2025-02-10", "100.00"), ("fiscal", "2025-03-10", "50.00"), ("client", "2025-02-10", "70.00")), 1
    ):
        record(part, "funds_planned", date(2025, 1, 10), {
            "plan_reference": f"Z{number}", "source": source, "due_on": due, "amount_yuan": yuan,
        })
    arrived = {"source": "fiscal", "amount_yuan": "100.00", "bank_reference": "1"}
    assert points("funds_on_time", RAILWAY_INVESTMENT, id=CLIENTS) == 0
    record(part, "funds_arrived", date(2025, 2, 10), arrived)
    assert points("funds_on_time", RAILWAY_INVESTMENT, id=CLIENTS) == Decimal("11.67")
    record(part, "funds_arrived", date(2025, 3, 9), {**arrived, "amount_yuan": "50.00", "bank_reference": "2"})
    assert points("funds_on_time", RAILWAY_INVESTMENT, id=CLIENTS) == Decimal("23.33")


def test_compensation_paid_on_the_thirtieth_day_is_in_time(scene: Scene) -> None:
    for household in scene.households[:2]:
        advance(household, to="valued", start_on=date(2025, 1, 2))
        record(household.code, "signed", date(2025, 1, 10), {"option": "cash", "amount_yuan": "430000.00"})
    assert points("paid_in_time", RAILWAY_INVESTMENT, id=CLIENTS) == 0
    record(scene.households[0].code, "paid", date(2025, 2, 9), {"amount_yuan": "430000.00"})
    assert points("paid_in_time", RAILWAY_INVESTMENT, id=CLIENTS) == Decimal("15.00")
    record(scene.households[1].code, "paid", date(2025, 2, 10), {"amount_yuan": "430000.00"})
    assert points("paid_in_time", RAILWAY_INVESTMENT, id=CLIENTS) == Decimal("15.00")


def test_what_was_recorded_later_was_not_known(scene: Scene) -> None:
    advance(scene.households[0], to="signed")
    record(scene.households[0].code, "resettlement_promised", date(2025, 1, 20), {"promised_on": "2025-02-10"})
    record(scene.households[0].code, "resettled", date(2025, 2, 9), recorded_at=at(date(2025, 3, 5)))
    assert card_of(known=date(2025, 3, 4)).measured["homes_in_time"].done == 0
    assert card_of(known=date(2025, 3, 5)).measured["homes_in_time"].done == 1
