"""What a government inspection needs and may not do, and when "cleared" is verified."""

from __future__ import annotations

from datetime import date

from zhengtu.core.inspection.authorisation import (
    InspectionScope,
    PastInspection,
    last_day_to_object,
    plan_reasons,
    reviewer_reasons,
    widening_reasons,
)
from zhengtu.core.inspection.verification import Saying, Source, verified, verified_share

DAY = date(2025, 2, 14)
SCOPE = InspectionScope("vacated", frozenset({"220204"}))
SPAN = {"from_on": DAY, "until_on": date(2025, 2, 18), "quiet_days": 60}


def codes(reasons: list) -> list[str]:
    return [one.code for one in reasons]


def test_an_inspection_needs_the_instruction_of_the_government_or_its_head() -> None:
    asked = {"past": (), **SPAN}
    assert not plan_reasons(SCOPE, authorised_by_role="mayor", instruction_on=date(2025, 2, 10), **asked)
    for role, on in (("coordinator", DAY), ("mayor", None), ("mayor", date(2025, 2, 15))):
        assert codes(plan_reasons(SCOPE, authorised_by_role=role, instruction_on=on, **asked)) == [
            "inspection.not_authorised"
        ]


def test_a_place_is_not_inspected_again_for_the_same_matter() -> None:
    past = [PastInspection("220200-I0001", SCOPE, date(2025, 1, 10), date(2025, 1, 15))]
    again = plan_reasons(SCOPE, authorised_by_role="mayor", instruction_on=DAY, past=past, **SPAN)
    assert codes(again) == ["inspection.repeated"]
    other = InspectionScope("paid_first", SCOPE.places)
    assert not plan_reasons(other, authorised_by_role="mayor", instruction_on=DAY, past=past, **SPAN)


def test_a_plan_is_not_widened_on_the_way() -> None:
    assert not widening_reasons(SCOPE, place="220204-P0001-S01-H00001", matter="vacated")
    assert codes(widening_reasons(SCOPE, place="220202-P0001-S01-H00001", matter="vacated")) == [
        "inspection.wider_than_planned"
    ]
    assert widening_reasons(SCOPE, place="220204-P0001", matter="paid_first")


def test_thirty_days_to_object_to_somebody_who_took_no_part() -> None:
    assert last_day_to_object(served_on=DAY) == date(2025, 3, 16)
    assert codes(reviewer_reasons(reviewer="a", inspectors=("a", "b"))) == ["inspection.own_review"]
    assert not reviewer_reasons(reviewer="c", inspectors=("a", "b"))


def test_the_reporting_unit_never_verifies_itself() -> None:
    unit = Saying(Source.UNIT, is_cleared=True, said_on=DAY)
    assert not verified(reported_on=DAY, sayings=[unit]).is_verified
    assert verified(reported_on=DAY, sayings=[unit, Saying(Source.UTILITY, True, DAY)]).is_verified


def test_a_source_that_contradicts_undoes_the_verification_until_its_next_word() -> None:
    moved_back = Saying(Source.INSPECTOR, is_cleared=False, said_on=date(2025, 3, 1))
    sayings = [Saying(Source.UTILITY, True, DAY), moved_back]
    assert verified(reported_on=DAY, sayings=sayings).against == {Source.INSPECTOR}
    assert verified(reported_on=DAY, sayings=[*sayings, Saying(Source.INSPECTOR, True, date(2025, 3, 9))]).is_verified


def test_what_was_said_before_the_clearing_says_nothing_of_it_but_a_payment_does() -> None:
    before = date(2025, 1, 1)
    assert not verified(reported_on=DAY, sayings=[Saying(Source.INSPECTOR, True, before)]).is_verified
    assert verified(reported_on=DAY, sayings=[Saying(Source.PAYMENT, True, before)]).is_verified
    assert verified_share({"a": [Saying(Source.FAMILY, True, DAY)]}, reported={"a": DAY, "b": DAY}) == (1, 2)
