"""What plans are made from: read for all parts together, on a pair of dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CHUANYING_SECTION,
    PROJECT,
    RAILWAY_INVESTMENT,
    Scene,
    advance,
    at,
    build_campaign,
    build_household,
    build_project,
    build_section,
    record,
    register,
)
from zhengtu.campaign.plan_facts import plan_cases, plan_facts
from zhengtu.campaign.stage_histories import section_histories
from zhengtu.core.planning.plan_case import Stage
from zhengtu.ledger.queries import Reach
from zhengtu.registry.models import Deadline, DeadlineGoal

pytestmark = pytest.mark.django_db

ON = date(2025, 2, 14)
OWN, FOREIGN = f"{CHUANYING}-P0001", f"{CHANGYI}-P0001"
CITY = Reach(prefixes=("2202",))


@pytest.fixture
def scene() -> Scene:
    """Two households of 船营区 on their way, one vacated and one signed."""
    scene = build_campaign()
    advance(scene.households[0], to="vacated")
    advance(scene.households[1], to="signed")
    return scene


def test_a_section_counts_who_is_through_each_stage(scene: Scene) -> None:
    (section,) = plan_cases([OWN], on=ON, known=None)[OWN].sections
    assert (section.code, section.households, section.handed_over_on) == (CHUANYING_SECTION, 3, None)
    done = {stage: progress.done for stage, progress in section.stages.items()}
    assert done == {
        Stage.SURVEY: 2, Stage.VALUATION: 2, Stage.NEGOTIATION: 2, Stage.PAYMENT: 1, Stage.VACATING: 1,
        Stage.DEMOLITION: 0,
    }
    signed = section.stages[Stage.NEGOTIATION]
    assert signed.first_on is not None
    assert signed.first_on <= (signed.last_on or date.min) <= ON


def test_who_stands_further_is_through_the_stages_before(scene: Scene) -> None:
    """Imported history may lack a survey: nobody is sent to survey a house that was paid for."""
    record(scene.households[2].code, "paid", date(2025, 2, 3), {"amount_yuan": "1.00"}, is_verified=False)
    history = section_histories(CITY, on=ON, known=None)[CHUANYING_SECTION]
    assert {stage: len(days) for stage, days in history.stage_days.items()} == {
        Stage.SURVEY: 3, Stage.VALUATION: 3, Stage.NEGOTIATION: 3, Stage.PAYMENT: 2, Stage.VACATING: 1,
        Stage.DEMOLITION: 0,
    }
    assert date(2025, 2, 3) in history.stage_days[Stage.SURVEY]


def test_who_moved_out_unpaid_is_still_to_be_paid(scene: Scene) -> None:
    """Compensation comes first: a payment that is not on record is not done because the house is empty."""
    record(scene.households[2].code, "vacated", date(2025, 2, 3), is_verified=False)
    history = section_histories(CITY, on=ON, known=None)[CHUANYING_SECTION]
    counts = {stage: len(days) for stage, days in history.stage_days.items()}
    assert (counts[Stage.NEGOTIATION], counts[Stage.PAYMENT], counts[Stage.VACATING]) == (3, 1, 2)


def test_who_was_decided_about_and_moved_out_needs_no_court(scene: Scene) -> None:
    advance(scene.households[2], to="decided")
    record(scene.households[2].code, "vacated", date(2025, 2, 13), is_verified=False)
    (section,) = plan_cases([OWN], on=ON, known=None)[OWN].sections
    assert section.decided_on == []


def test_a_decision_without_agreement_is_listed_with_its_day(scene: Scene) -> None:
    advance(scene.households[2], to="decided")
    (section,) = plan_cases([OWN], on=ON, known=None)[OWN].sections
    assert len(section.decided_on) == 1
    assert section.stages[Stage.NEGOTIATION].done == 3


def test_nothing_counts_that_happened_or_became_known_later(scene: Scene) -> None:
    early = plan_cases([OWN], on=date(2025, 1, 8), known=None)[OWN].sections[0]
    assert early.stages[Stage.VACATING].done == 0
    record(scene.households[2].code, "surveyed", date(2025, 2, 1), recorded_at=at(date(2025, 2, 13)))
    now = plan_cases([OWN], on=ON, known=None)[OWN].sections[0]
    before = plan_cases([OWN], on=ON, known=date(2025, 2, 12))[OWN].sections[0]
    assert (now.stages[Stage.SURVEY].done, before.stages[Stage.SURVEY].done) == (3, 2)


def test_what_is_known_by_today_is_what_is_known_now(scene: Scene) -> None:
    now = section_histories(CITY, on=ON, known=None)
    today = section_histories(CITY, on=ON, known=ON)
    assert {code: (h.households, h.progress()) for code, h in now.items()} == {
        code: (h.households, h.progress()) for code, h in today.items()
    }


def test_a_correction_withdraws_a_stage(scene: Scene) -> None:
    deed = record(scene.households[2].code, "surveyed", date(2025, 2, 1))
    record(scene.households[2].code, "withdrawn", ON, {"reason": "重复"}, supersedes=f"{deed}/1")
    assert plan_cases([OWN], on=ON, known=None)[OWN].sections[0].stages[Stage.SURVEY].done == 2


def test_deadlines_of_campaign_project_and_section_become_targets(scene: Scene) -> None:
    Deadline.objects.create(
        campaign=scene.campaign, goal=DeadlineGoal.SIGNED, due_on=date(2025, 3, 1), name="全部签约",
        name_en="All signed",
    )
    Deadline.objects.create(
        campaign=scene.campaign, project=scene.project, section=scene.chuanying, goal=DeadlineGoal.VACATED,
        due_on=date(2025, 2, 28), name="腾空", name_en="Vacated",
    )
    cases = plan_cases([OWN, FOREIGN], on=ON, known=None)
    assert [target.key for target in cases[OWN].targets] == [
        "2025-02-28.vacated", "2025-03-01.signed", "2025-03-15.handed_over",
    ]
    assert [target.key for target in cases[FOREIGN].targets] == ["2025-03-01.signed", "2025-03-15.handed_over"]
    assert list(cases[OWN].targets[1].sections) == [CHUANYING_SECTION]


def test_two_deadlines_of_one_day_and_goal_are_one_target(scene: Scene) -> None:
    Deadline.objects.create(
        campaign=scene.campaign, project=scene.project, goal=DeadlineGoal.HANDED_OVER, due_on=date(2025, 3, 15),
        name="又一期限", name_en="Another",
    )
    (target,) = plan_cases([OWN], on=ON, known=None)[OWN].targets
    assert list(target.sections) == [CHUANYING_SECTION]
    assert target.name[0] != "又一期限"


def test_open_matters_reach_every_part_that_they_are_about(scene: Scene) -> None:
    deed = record(PROJECT, "matter_opened", date(2025, 1, 10), {"matter": "部队用地", "responsible": "船营区"})
    record(CHUANYING_SECTION, "matter_opened", date(2025, 1, 11), {"matter": "坟墓", "responsible": "船营区"})
    cases = plan_cases([OWN, FOREIGN], on=ON, known=None)
    assert [matter.matter for matter in cases[OWN].matters] == ["部队用地", "坟墓"]
    assert [(matter.matter, matter.deed) for matter in cases[FOREIGN].matters] == [("部队用地", deed)]


def test_units_answer_for_their_roles(scene: Scene) -> None:
    roles = plan_cases([OWN], on=ON, known=None)[OWN].responsible
    assert (roles["district"], roles["client"]) == (CHUANYING, RAILWAY_INVESTMENT)
    assert roles.get("appraiser") is None  # the chosen one is no unit of that name


def test_the_pace_of_a_stage_is_the_rulebooks_until_enough_is_observed(scene: Scene) -> None:
    rates = plan_cases([OWN], on=ON, known=None)[OWN].rates
    assert {rate.basis for rate in rates.values()} == {"rule"}
    for number in range(10, 22):
        household = build_household(scene.chuanying, number=number, person_number=100 + number)
        register([household], on=date(2025, 1, 6))
        record(household.code, "surveyed", date(2025, 2, 3))
    observed = plan_cases([OWN], on=ON, known=None)[OWN].rates[Stage.SURVEY]
    assert (observed.basis, observed.teams) == ("observed", 1)
    # Fourteen in the working days of eight weeks, the Spring Festival left out.
    assert Decimal("0.3") < observed.households_per_day < Decimal("0.5")


def test_every_section_of_the_city_teaches_the_forecast(scene: Scene) -> None:
    facts = plan_facts([OWN], on=ON, known=None)
    assert list(facts.cases) == [OWN]
    assert sorted(group.code for group in facts.groups) == [f"{CHANGYI}-P0001-S01", CHUANYING_SECTION]
    assert {group.project for group in facts.groups} == {OWN, FOREIGN}


def test_more_parts_ask_no_more_questions(scene: Scene) -> None:
    with CaptureQueriesContext(connection) as few:
        plan_cases([OWN, FOREIGN], on=ON, known=None)
    codes = [OWN, FOREIGN]
    for number in range(2, 8):
        project = build_project(number=number)
        section = build_section(project, CHANGYI, west=126.57 + number / 100)
        register([build_household(section, number=1, person_number=50 + number)], on=date(2025, 1, 6))
        codes.append(f"{CHANGYI}-P{number:04}")
    with CaptureQueriesContext(connection) as many:
        assert len(plan_cases(codes, on=ON, known=None)) == 8
    assert len(many) <= len(few) <= 24
