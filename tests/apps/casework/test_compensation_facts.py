"""From ledger and register to the input of a statement: what each fact becomes, corrections, places and rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import CHUANYING, PROJECT, Scene, build_campaign, build_household, record, register
from zhengtu.casework.compensation_facts import compensation_cases_of, household_facts_of, rules_for
from zhengtu.casework.models import AdoptedPlan
from zhengtu.casework.writes import insert_adopted_plan
from zhengtu.core.compensation.assess import assess
from zhengtu.core.compensation.facts import HouseholdFacts, Mode, Option, Regime, Standing, Transition, Use
from zhengtu.core.kernel.money import product, total
from zhengtu.ledger.rulebook import current_compensation

pytestmark = pytest.mark.django_db

ANNOUNCED = date(2025, 1, 8)


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def facts_of(code: str, **options: Any) -> HouseholdFacts:
    return household_facts_of([code], **options)[code]


def value(code: str, yuan: str = "412000.00", **more: str) -> str:
    record(code, "surveyed", date(2025, 1, 10))
    return record(
        code, "valued", date(2025, 1, 12), {"value_yuan": yuan, "value_on": ANNOUNCED.isoformat(), **more}
    )


def test_a_registered_household_has_area_use_place_and_persons_without_names(scene: Scene) -> None:
    household = scene.households[0]
    facts = facts_of(household.code)
    assert (facts.place, facts.project, facts.regime) == (CHUANYING, PROJECT, Regime.STATE_LAND)
    assert [(b.use, b.standing, b.floor_area_m2) for b in facts.buildings] == [
        (Use.DWELLING, Standing.REGISTERED, Decimal("86.50")),
        (Use.DWELLING, Standing.UNDETERMINED, Decimal("12.00")),
    ]
    assert [member.name for member in facts.members] == ["", "", ""]
    assert household_facts_of(["220204-P0001-S01-H09999"]) == {}


def test_the_value_of_the_report_comes_back_to_the_fen(scene: Scene) -> None:
    code = scene.households[0].code
    value(code, "412345.67", market_value_yuan="400000.01")
    record(code, "unregistered_recognised", date(2025, 1, 11), {
        "recognised_area_m2": "7.33", "temporary_area_m2": "2.00", "unlawful_area_m2": "1.00",
        "approved_months": 24, "remaining_months": 6,
    })
    facts = facts_of(code)
    by_standing = {building.standing: building for building in facts.buildings}
    lawful = [by_standing[Standing.REGISTERED], by_standing[Standing.RECOGNISED]]
    assert total([product(b.floor_area_m2, b.appraised_per_m2 or Decimal(0)) for b in lawful]) == Decimal("412345.67")
    assert total([product(b.floor_area_m2, b.market_per_m2 or Decimal(0)) for b in lawful]) == Decimal("400000.01")
    assert by_standing[Standing.TEMPORARY].remaining_months == 6
    assert by_standing[Standing.UNAUTHORISED].floor_area_m2 == Decimal("1.00")
    assert by_standing[Standing.UNDETERMINED].floor_area_m2 == Decimal("1.67")


def test_what_was_inventoried_becomes_items_pieces_business_and_hardships(scene: Scene) -> None:
    code, on = scene.households[0].code, date(2025, 1, 10)
    record(code, "item_inventoried", on, {"item": "fruit_tree", "quantity": "12"})
    record(code, "item_inventoried", on, {"item": "other", "quantity": "1", "amount_yuan": "850.00"})
    record(code, "item_inventoried", on, {"item": "telephone_transfer", "quantity": "1"})
    quote = record(code, "item_quoted", on, {"item": "fittings", "amount_yuan": "18000.00"})
    record(code, "business_inventoried", on, {"has_licence": "yes", "pays_tax": "no", "monthly_profit_yuan": "3200"})
    record(code, "hardship_recognised", on, {"hardship": "low_income", "member": 2})
    record(code, "hardship_recognised", on, {"hardship": "disability", "member": 2})
    record(code, "sole_home_recognised", on, {"sole_home": "yes"})
    facts = facts_of(code)
    assert [(one.kind, one.quantity, one.appraised) for one in facts.attachments] == [
        ("fruit_tree", Decimal(12), None), ("other", Decimal(1), Decimal("850.00")),
    ]
    assert facts.pieces == {"local.telephone_transfer": Decimal(1)}
    assert [(one.item, one.amount, one.evidence) for one in facts.quotes] == [
        ("fittings", Decimal("18000.00"), f"{quote}/1")
    ]
    assert facts.business is not None
    assert (facts.business.has_licence, facts.business.pays_tax) == (True, False)
    assert [sorted(member.hardships) for member in facts.members] == [[], ["disability", "low_income"], []]
    assert facts.is_sole_home


def test_land_homestead_and_farmers_of_collective_land(scene: Scene) -> None:
    code, on = scene.households[0].code, date(2025, 1, 10)
    scene.project.regime = Regime.COLLECTIVE_LAND
    scene.project.save()
    value(code, "96000.00")
    record(code, "land_inventoried", on, {
        "zone": "2202-I", "land_class": "farmland", "area_m2": "1334.00", "crop": "maize", "crop_area_m2": "1200.00",
    })
    record(code, "homestead_inventoried", on, {
        "legal_area_m2": "300.00", "control_area_m2": "270.00", "built_area_m2": "86.50", "household_splits": 1,
    })
    record(code, "farmers_recognised", on, {"members": 4})
    facts = facts_of(code)
    assert facts.regime is Regime.COLLECTIVE_LAND
    assert facts.buildings[0].replacement_cost == Decimal("96000.00")
    assert facts.buildings[0].appraised_per_m2 is None
    assert (facts.lands[0].zone, facts.lands[0].crop_area_m2) == ("2202-I", Decimal("1200.00"))
    assert facts.homestead is not None
    assert facts.homestead.household_splits == 1
    assert sum(member.loses_farmland for member in facts.members) == 4


def test_a_correction_counts_instead_and_a_withdrawal_counts_nothing(scene: Scene) -> None:
    code, on = scene.households[0].code, date(2025, 1, 10)
    well = record(code, "item_inventoried", on, {"item": "well", "quantity": "2"})
    record(code, "item_inventoried", on, {"item": "well", "quantity": "1"}, supersedes=f"{well}/1")
    stove = record(code, "item_inventoried", on, {"item": "heating_stove", "quantity": "1"})
    assert [one.kind for one in facts_of(code).attachments] == ["well", "heating_stove"]
    record(code, "withdrawn", on, {"reason": "重复"}, supersedes=f"{stove}/1")
    assert [(one.kind, one.quantity) for one in facts_of(code).attachments] == [("well", Decimal(1))]


def test_what_happened_after_the_day_asked_for_is_left_out(scene: Scene) -> None:
    code = scene.households[0].code
    value(code)
    assert facts_of(code, on=date(2025, 1, 11)).buildings[0].appraised_per_m2 is None
    assert facts_of(code, on=date(2025, 1, 12)).buildings[0].appraised_per_m2 is not None


def test_the_signing_period_opens_with_the_announcement_of_the_part_or_of_the_section(scene: Scene) -> None:
    one, other = scene.households[0].code, scene.households[3].code
    record(scene.chuanying.code, "expropriation_announced", ANNOUNCED, {"published_from": "2025-01-09"})
    assert facts_of(one).signing_opens_on == date(2025, 1, 9)
    assert facts_of(other).signing_opens_on is None
    assert compensation_cases_of([one])[one].valued_on == date(2025, 1, 9)


def test_the_option_is_what_was_signed_else_what_was_chosen(scene: Scene) -> None:
    code, on = scene.households[0].code, date(2025, 1, 13)
    assert compensation_cases_of([code])[code].option is None
    record(code, "option_chosen", on, {"option": "exchange", "transition": "fee", "transition_months": 24})
    record(code, "replacement_chosen", on, {
        "house": "和龙新居3号楼2单元501", "floor_area_m2": "92.00", "price_yuan_per_m2": "6000.00",
    })
    option = compensation_cases_of([code])[code].option
    assert option is not None
    assert (option.mode, option.transition, option.transition_months) == (Mode.EXCHANGE, Transition.FEE, 24)
    assert option.replacements[0].floor_area_m2 == Decimal("92.00")
    value(code)
    record(code, "signed", date(2025, 1, 14))
    option = compensation_cases_of([code])[code].option
    assert option is not None
    assert (option.mode, option.replacements, option.signed_on) == (Mode.CASH, (), date(2025, 1, 14))


def test_many_households_take_as_many_queries_as_one(scene: Scene) -> None:
    more = [build_household(scene.chuanying, number=number) for number in range(10, 40)]
    register(more, on=date(2025, 1, 6))
    with CaptureQueriesContext(connection) as one:
        household_facts_of([more[0].code])
    with CaptureQueriesContext(connection) as many:
        assert len(household_facts_of([household.code for household in more])) == 30
    assert len(many) == len(one) <= 4


# Rules


def adopt(**more: Any) -> AdoptedPlan:
    plan = current_compensation().schemes["demonstration"]
    given = {"from_on": date(2025, 1, 1), "plan": plan, "approval_sha256": "0" * 64, "deed": "220200-D000000001"}
    return insert_adopted_plan(project=PROJECT, **{**given, **more})


def test_without_a_plan_the_city_alone_rules_and_a_plan_adds_the_projects_own(scene: Scene) -> None:
    code = scene.households[0].code
    value(code)
    record(scene.chuanying.code, "expropriation_announced", ANNOUNCED, {"published_from": ANNOUNCED.isoformat()})
    record(code, "unregistered_recognised", date(2025, 1, 11), {
        "recognised_area_m2": "0", "unlawful_area_m2": "12.00",
    })
    option = Option(mode=Mode.CASH, signed_on=date(2025, 1, 20), vacated_on=date(2025, 2, 1))
    case = compensation_cases_of([code])[code]
    assert case.valued_on == ANNOUNCED
    before = assess(facts=case.facts, rules=rules_for(PROJECT), option=option, on=ANNOUNCED)
    assert before.of_item("signing_reward") == 0
    adopt()
    after = assess(facts=case.facts, rules=rules_for(scene.project), option=option, on=ANNOUNCED)
    assert after.of_item("signing_reward") == Decimal("30000.00")
    assert after.of_item("house_value") == Decimal("412000.00")


def test_a_later_plan_changes_no_statement_of_an_earlier_day(scene: Scene) -> None:
    code = scene.households[0].code
    value(code)
    record(scene.chuanying.code, "expropriation_announced", ANNOUNCED, {"published_from": ANNOUNCED.isoformat()})
    record(code, "unregistered_recognised", date(2025, 1, 11), {"recognised_area_m2": "12.00"})
    adopt()
    case = compensation_cases_of([code])[code]
    option = Option(mode=Mode.CASH, signed_on=date(2025, 1, 20), vacated_on=date(2025, 2, 1))
    before = assess(facts=case.facts, rules=rules_for(PROJECT), option=option, on=ANNOUNCED)
    adopt(from_on=date(2025, 6, 1), parameter_set="farmland_pilot", plan={"parameters": [
        {"id": "moving_reward", "values": [{"value": {"measure": "after_signing", "tiers": [
            {"until_day": 15, "per_household": "9000"}]}}]},
    ]})
    assert facts_of(code).parameter_set == "standard"
    again = compensation_cases_of([code])[code]
    after = assess(facts=again.facts, rules=rules_for(PROJECT), option=option, on=ANNOUNCED)
    assert after.to_bytes() == before.to_bytes()


def test_an_adopted_plan_is_frozen_by_the_database(scene: Scene) -> None:
    plan = adopt()
    plan.from_on = date(2024, 1, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.delete()
