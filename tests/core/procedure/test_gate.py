"""The gate: each invariant holds at the recording of a fact, and each refusal names article and earliest date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.procedure.kit import (
    announced_project,
    calendar,
    codes,
    decided_household,
    demanded_household,
    fact,
    procedure,
    record,
    refusals,
    ruled_household,
    signed_household,
    valued_household,
)
from zhengtu.core.procedure import gate as gate_module
from zhengtu.core.procedure.case_facts import CaseFacts, Neighbours, StepFact
from zhengtu.core.procedure.gate import contradictions, pulled_steps


def test_a_step_out_of_order_is_refused_with_article_and_remedy() -> None:
    reasons = refusals(announced_project(until="scope_announced"), fact("scheme_drafted", date(2025, 1, 6)))
    assert codes(reasons) == {"step_missing"}
    assert reasons[0].source == "state-council-decree-590#10(1)"
    assert reasons[0].parameters["needs"] == "step:survey_results_published"
    assert reasons[0].remedy


def test_the_comment_period_must_run_out_and_must_not_be_cut_short() -> None:
    case = announced_project(until="scheme_reviewed")
    published = record(case, fact("scheme_published", date(2025, 1, 10)))
    early = refusals(published, fact("opinions_registered", date(2025, 2, 10)))
    assert codes(early) == {"period_runs"}
    assert early[0].parameters["earliest"] == "2025-02-11"
    taken_down = record(case, fact("scheme_published", date(2025, 1, 10), published_until=date(2025, 2, 7)))
    assert codes(refusals(taken_down, fact("opinions_registered", date(2025, 3, 3)))) == {"period_cut_short"}


def test_evidence_dates_and_fields_are_asked_for_one_by_one() -> None:
    case = announced_project(until="scheme_reviewed")
    bare = StepFact(step="scheme_published", happened_on=date(2025, 1, 10))
    reasons = refusals(case, bare)
    assert [reason.code for reason in reasons] == ["procedure.evidence_missing"] * 2 + ["procedure.field_missing"]
    assert {reason.parameters.get("evidence") for reason in reasons} == {
        "evidence:announcement", "evidence:photo", None,
    }
    assert reasons[2].parameters["field"] == "attribute:scheme_published.published_from"


def test_nothing_lies_in_the_future_and_nothing_is_recorded_twice() -> None:
    case = announced_project()
    assert "in_the_future" in codes(refusals(case, fact("results_published", date(2025, 4, 2)), today=date(2025, 4, 1)))
    again = refusals(case, fact("expropriation_decided", date(2025, 3, 20)))
    assert codes(again) == {"already_recorded"}


def test_an_unknown_step_is_refused() -> None:
    assert codes(refusals(announced_project(), StepFact("cut_the_water", date(2025, 4, 1)))) == {"unknown_step"}


# INV-3, INV-7, INV-9, INV-10


@pytest.mark.parametrize(
    ("step", "given", "code"),
    [
        ("funds_in_account", {"balance_yuan": "7999999.99"}, "funds_short"),
        ("buildings_recognised", {"unresolved_count": 1}, "buildings_unrecognised"),
    ],
)
def test_no_expropriation_decision_without_money_and_with_buildings_unrecognised(
    step: str, given: dict[str, Any], code: str
) -> None:
    case = announced_project(until="legality_reviewed")
    case = record(case, fact(step, date(2025, 3, 3), **given))
    assert codes(refusals(case, fact("expropriation_decided", date(2025, 3, 7)))) == {code}


def test_the_estimate_of_the_project_counts_when_it_is_higher_than_the_stated_budget() -> None:
    case = replace(announced_project(until="legality_reviewed"), attributes={"budget_yuan": "9000000.01"})
    assert codes(refusals(case, fact("expropriation_decided", date(2025, 3, 7)))) == {"funds_short"}


def test_a_building_known_to_the_registry_counts_too() -> None:
    case = replace(valued_household(), neighbours=Neighbours(unrecognised_buildings=1))
    reasons = refusals(case, fact("compensation_decided", date(2025, 6, 3)))
    assert codes(reasons) == {"buildings_unrecognised"}
    assert reasons[0].source == "state-council-decree-590#24(2)"


@pytest.mark.parametrize("offered", ["cash_only", "exchange_only"])
def test_both_ways_of_compensation_are_offered_or_nothing_is_settled(offered: str) -> None:
    case = valued_household(until="valuation_report_served")
    assert codes(refusals(case, fact("options_offered", date(2025, 4, 1), offered=offered))) == {"options_not_offered"}
    assert "options_not_offered" in codes(refusals(case, fact("agreement_signed", date(2025, 4, 20))))
    assert "options_not_offered" in codes(refusals(case, fact("compensation_decided", date(2025, 6, 3))))


def test_a_decision_without_the_remedies_is_not_taken_as_served() -> None:
    case = record(valued_household(), fact("compensation_decided", date(2025, 6, 3)))
    reasons = refusals(case, fact("decision_served", date(2025, 6, 4), remedies_stated="no"))
    assert codes(reasons) == {"remedies_not_stated"}


# Reviews and signing before a compensation decision


def test_an_open_right_to_a_revaluation_holds_the_decision_back() -> None:
    served_late = record(
        valued_household(until="preliminary_valuation_published"),
        fact("valuation_report_served", date(2025, 5, 28)), fact("options_offered", date(2025, 5, 28)),
    )
    reasons = refusals(served_late, fact("compensation_decided", date(2025, 6, 9)))
    assert codes(reasons) == {"review_still_open"}
    assert reasons[0].parameters["earliest"] == "2025-06-10"
    assert not refusals(served_late, fact("compensation_decided", date(2025, 6, 10)))


def test_an_unanswered_request_in_time_holds_it_back_and_a_late_one_does_not() -> None:
    in_time = record(valued_household(), fact("revaluation_requested", date(2025, 4, 11)))
    assert codes(refusals(in_time, fact("compensation_decided", date(2025, 6, 3)))) == {"review_unanswered"}
    answered = record(in_time, fact("revaluation_answered", date(2025, 4, 21)))
    assert codes(refusals(answered, fact("compensation_decided", date(2025, 5, 12)))) == set()
    late = record(valued_household(), fact("revaluation_requested", date(2025, 4, 14)))
    assert not refusals(late, fact("compensation_decided", date(2025, 6, 3)))


def test_an_unclear_owner_lifts_the_signing_period_and_nothing_else() -> None:
    case = valued_household()
    assert codes(refusals(case, fact("compensation_decided", date(2025, 4, 28)))) == {"signing_period_runs"}
    assert not refusals(case, fact("compensation_decided", date(2025, 4, 28), owner_unclear="yes"))


# INV-2


def test_money_in_full_a_deposit_or_a_house_puts_compensation_in_place() -> None:
    signed = signed_household()
    moved = fact("household_vacated", date(2025, 5, 6))
    assert codes(refusals(signed, moved)) == {"compensation_missing"}
    part = record(signed, fact("compensation_paid", date(2025, 4, 22), amount_yuan="649999.99"))
    assert codes(refusals(part, moved)) == {"compensation_short"}
    assert not refusals(record(part, fact("compensation_deposited", date(2025, 4, 25), amount_yuan="0.01")), moved)


def test_a_house_counts_only_for_an_exchange_and_a_found_place_only_with_its_payment() -> None:
    house = fact("housing_provided", date(2025, 4, 28))
    moved = fact("household_vacated", date(2025, 5, 6))
    assert refusals(record(signed_household(), house), moved)
    exchanged = record(valued_household(), fact("agreement_signed", date(2025, 4, 18), option="exchange"))
    assert not refusals(record(exchanged, house), moved)
    found = record(exchanged, fact("housing_provided", date(2025, 4, 28), transition="self_found"))
    assert refusals(found, moved)
    assert not refusals(record(found, fact("compensation_paid", date(2025, 4, 29), amount_yuan="12000")), moved)


def test_a_verified_account_serves_a_decision_not_an_agreement() -> None:
    assert not refusals(decided_household(), fact("household_vacated", date(2025, 6, 20)))
    late = record(decided_household(), fact("agreement_signed", date(2025, 6, 10), amount_yuan="700000"))
    assert not refusals(late, fact("household_vacated", date(2025, 6, 20)))
    assert codes(refusals(signed_household(), fact("compensation_verified", date(2025, 5, 6)))) == {"not_applicable"}


def test_payment_after_the_move_is_named_as_the_earliest_date() -> None:
    paid = record(signed_household(), fact("compensation_paid", date(2025, 5, 12)))
    reasons = refusals(paid, fact("household_vacated", date(2025, 5, 6)), today=date(2025, 5, 20))
    assert codes(reasons) == {"compensation_missing"}
    assert reasons[0].parameters["earliest"] == "2025-05-12"


def test_a_shared_structure_stands_until_the_last_neighbour_left() -> None:
    case = record(
        signed_household(), fact("compensation_paid", date(2025, 5, 12)), fact("household_vacated", date(2025, 5, 19))
    )
    down = fact("house_demolished", date(2025, 5, 26))
    assert not refusals(case, down)
    assert codes(refusals(replace(case, neighbours=Neighbours(sharing_unvacated=1)), down)) == {"structure_inhabited"}


@pytest.mark.parametrize(
    ("neighbours", "code"),
    [
        (Neighbours(unsettled=1), "households_unsettled"),
        (Neighbours(unvacated=2), "households_remain"),
        (Neighbours(last_vacated_on=date(2025, 7, 2)), "before_last_vacating"),
    ],
)
def test_no_section_is_handed_over_with_a_household_unsettled(neighbours: Neighbours, code: str) -> None:
    case = record(announced_project(), fact("results_published", date(2025, 6, 30)))
    handover = fact("section_handed_over", date(2025, 7, 1))
    assert not refusals(case, handover)
    assert codes(refusals(replace(case, neighbours=neighbours), handover)) == {code}


# INV-1, INV-6


def test_only_a_served_ruling_lets_anything_be_enforced() -> None:
    reasons = refusals(demanded_household(), fact("enforcement_carried_out", date(2025, 12, 24)))
    assert {"no_court_ruling", "step_missing"} <= codes(reasons)
    assert "administrative-enforcement-law#13" in {reason.source for reason in reasons}
    ruled = ruled_household()
    assert codes(refusals(ruled, fact("enforcement_carried_out", date(2026, 4, 2)))) == {"no_court_ruling"}
    assert not refusals(ruled, fact("enforcement_carried_out", date(2026, 4, 3)))


@pytest.mark.parametrize(
    ("on", "started_at", "ended_at", "expected"),
    [
        (date(2026, 4, 5), "09:00", "11:00", {"rest_day"}),        # Tomb-sweeping Day
        (date(2026, 5, 9), "09:00", "11:00", set()),               # a Saturday on which people work
        (date(2026, 5, 16), "09:00", "11:00", {"rest_day"}),       # a plain Saturday
        (date(2026, 4, 8), "05:59", "11:00", {"night"}),
        (date(2026, 4, 8), "21:00", "22:01", {"night"}),
        (date(2026, 4, 8), "11:00", "09:00", {"night"}),
        (date(2026, 4, 8), "nine", "11:00", {"night"}),
        (date(2026, 4, 8), "06:00", "22:00", set()),
        (date(2027, 3, 10), "09:00", "11:00", {"calendar.not_published"}),
    ],
)
def test_nothing_is_enforced_by_night_or_on_a_rest_day(
    on: date, started_at: str, ended_at: str, expected: set[str]
) -> None:
    proposed = fact("enforcement_carried_out", on, started_at=started_at, ended_at=ended_at)
    assert codes(refusals(ruled_household(), proposed)) == expected


def test_every_owner_is_served_before_the_periods_count_as_over() -> None:
    case = replace(decided_household(), neighbours=Neighbours(unserved_owners=1))
    assert codes(refusals(case, fact("periods_verified", date(2025, 12, 4)))) == {"owners_unserved"}


def test_the_later_of_two_services_sets_the_clock() -> None:
    case = record(decided_household(), fact("decision_served", date(2025, 6, 20)))
    reasons = refusals(case, fact("periods_verified", date(2025, 12, 4)))
    assert codes(reasons) == {"remedies_run"}
    assert reasons[0].parameters["earliest"] == "2025-12-23"


def test_a_date_to_move_out_before_the_compensation_does_not_count() -> None:
    case = record(
        valued_household(),
        fact("compensation_decided", date(2025, 6, 3), move_out_by=date(2025, 6, 30)),
        fact("decision_served", date(2025, 6, 3)),
        fact("compensation_verified", date(2025, 7, 7)),
    )
    assert codes(refusals(case, fact("periods_verified", date(2025, 12, 4)))) == {"move_out_date_missing"}
    cured = record(case, fact("move_out_date_set", date(2025, 12, 1), move_out_by=date(2025, 12, 31)))
    reasons = refusals(cured, fact("periods_verified", date(2025, 12, 4)))
    assert codes(reasons) == {"move_out_date_ahead"}
    assert reasons[0].parameters["earliest"] == "2026-01-01"


def test_after_a_refusal_by_the_court_the_decision_starts_anew() -> None:
    refused = record(
        demanded_household(),
        fact("court_applied", date(2025, 12, 22)), fact("court_accepted", date(2025, 12, 25)),
        fact("court_reviewed", date(2026, 1, 20)), fact("court_ruling_refused", date(2026, 1, 21)),
    )
    assert "not_applicable" in codes(refusals(refused, fact("court_applied", date(2026, 1, 26))))
    again = record(
        refused,
        fact("compensation_decided", date(2026, 2, 2), move_out_by=date(2026, 3, 20)),
        fact("compensation_verified", date(2026, 2, 2)), fact("decision_served", date(2026, 2, 3)),
    )
    reasons = refusals(again, fact("periods_verified", date(2026, 6, 8)))
    assert codes(reasons) == {"remedies_run"}
    assert reasons[0].parameters["earliest"] == "2026-08-04"


# Late knowledge, backdating, history


def test_a_backdated_record_may_not_pull_the_ground_from_under_a_later_step() -> None:
    case = record(demanded_household(), fact("court_applied", date(2025, 12, 22)))
    reasons = refusals(case, fact("decision_served", date(2025, 12, 10)), today=date(2026, 1, 5))
    assert "pulled_step" in codes(reasons)


def test_an_action_that_becomes_known_late_is_taken_and_what_it_upsets_is_listed() -> None:
    case = record(demanded_household(), fact("court_applied", date(2025, 12, 22)))
    filed = fact("lawsuit_filed", date(2025, 12, 2))
    assert not refusals(case, filed, today=date(2026, 1, 5))
    upset = contradictions(facts=record(case, filed), procedure=procedure(), calendar=calendar())
    assert {reason.parameters["step"] for reason in upset} == {
        "step:periods_verified", "step:demand_served", "step:court_applied",
    }
    assert codes(upset) == {"proceeding_pending"}


def test_withdrawing_what_a_later_step_needs_is_seen() -> None:
    case = record(
        signed_household(), fact("compensation_paid", date(2025, 5, 12)), fact("household_vacated", date(2025, 5, 19))
    )
    paid = next(one for one in case.household if one.step == "compensation_paid")
    reasons = pulled_steps(before=case, after=case.without(paid), procedure=procedure(), calendar=calendar())
    assert [reason.parameters["step"] for reason in reasons] == ["step:household_vacated"]


def test_history_from_before_the_platform_may_have_gaps_but_no_contradictions() -> None:
    history = CaseFacts(household_code="220204-P0001-S01-H00001", platform_since=date(2025, 12, 1))
    moved = fact("household_vacated", date(2024, 5, 6), is_verified=False, evidence=())
    assert not refusals(history, moved)
    assert codes(refusals(history, fact("household_vacated", date(2025, 12, 1), is_verified=False))) == {"not_history"}
    assert codes(refusals(replace(history, platform_since=None), moved)) == {"not_history"}
    signed = fact("agreement_signed", date(2024, 4, 1), is_verified=False)
    paid = fact("compensation_paid", date(2024, 6, 3), is_verified=False)
    known = record(history, signed, paid)
    assert codes(refusals(known, moved)) == {"compensation_missing"}


def test_history_satisfies_the_order_for_what_is_recorded_after_it() -> None:
    history = CaseFacts(household_code="220204-P0001-S01-H00001", platform_since=date(2025, 12, 1))
    signed = record(history, fact("agreement_signed", date(2024, 4, 1), is_verified=False))
    assert not refusals(signed, fact("compensation_paid", date(2025, 12, 8)))


def test_not_even_history_knows_enforcement_without_a_ruling() -> None:
    history = CaseFacts(household_code="220204-P0001-S01-H00001", platform_since=date(2025, 12, 1))
    decided = record(history, fact("compensation_decided", date(2024, 4, 1), is_verified=False))
    raid = fact("enforcement_carried_out", date(2024, 9, 3), is_verified=False)
    assert codes(refusals(decided, raid)) == {"no_court_ruling"}


def test_the_gate_has_no_argument_that_switches_anything_off() -> None:
    parameters = set(gate_module.gate.__annotations__) - {"return"}
    assert parameters == {"proposed", "facts", "procedure", "calendar", "today"}


def test_nine_months_of_a_freeze_are_allowed_and_thirteen_are_not() -> None:
    case = announced_project(until="scope_announced")
    start = date(2024, 12, 16)
    assert not refusals(case, fact("freeze_notified", start, until=start + timedelta(days=270)))
    assert codes(refusals(case, fact("freeze_notified", start, until=date(2026, 1, 16)))) == {"longer_than_allowed"}
