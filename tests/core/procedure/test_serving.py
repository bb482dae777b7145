"""Service worked through holidays: the day of service by each method, the clocks from it, and who is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.procedure.kit import calendar, decided_household, fact, procedure, record, valued_household
from zhengtu.core.procedure.rights import RightState, rights
from zhengtu.core.procedure.service import delivery_of, serve, service_reasons, unserved_owners
from zhengtu.core.procedure.serving import ServiceState, services_due


@pytest.mark.parametrize(("done", "attributes", "served", "revaluation_until", "litigation_until"), [
    # Handed over on the eve of National Day 2025 (1–8 October off, Saturday 11 October worked): ten calendar days end
    # on 10 October, a working day. Six months end on 30 March 2026.
    (date(2025, 9, 30), {"method": "direct", "is_signed": "yes"}, date(2025, 9, 30), date(2025, 10, 10),
     date(2026, 3, 30)),
    # Ten days end in the holiday: they roll to 9 October. Six months from 25 September end on 25 March.
    (date(2025, 9, 25), {"method": "left_in_place", "has_witness": "yes"}, date(2025, 9, 25), date(2025, 10, 9),
     date(2026, 3, 25)),
    # Posted before, received in the holiday: receipt counts, 3 October; ten days end on Monday 13 October.
    (date(2025, 9, 29), {"method": "post", "received_on": "2025-10-03"}, date(2025, 10, 3), date(2025, 10, 13),
     date(2026, 4, 3)),
    # Announced on 1 September: served thirty days later, on 1 October, a holiday; that day does not roll, the
    # periods that run from it do: ten days end on the worked Saturday 11 October; six months on 1 April 2026.
    (date(2025, 9, 1), {"method": "announcement", "is_untraceable": "yes"}, date(2025, 10, 1), date(2025, 10, 11),
     date(2026, 4, 1)),
    # Spring Festival 2026 (15–23 February off): ten days from 10 February end on the 20th and roll to the 24th.
    (date(2026, 2, 10), {"method": "electronic", "has_consent": "yes", "received_on": "2026-02-10"}, date(2026, 2, 10),
     date(2026, 2, 24), date(2026, 8, 10)),
])
def test_clocks_start_from_the_counted_day_of_service(
    done: date, attributes: dict[str, str], served: date, revaluation_until: date, litigation_until: date
) -> None:
    delivery = delivery_of(happened_on=done, attributes=attributes)
    assert delivery is not None
    found = serve(delivery, calendar=calendar())
    assert found.served is not None
    assert found.served.on == served

    def last_day(right: str, step: str) -> date:
        case = valued_household(until=step) if step == "valuation_report_served" else decided_household()
        without = replace(case, household=tuple(one for one in case.household if one.step != step))
        served_fact = fact(step, done, **{**attributes, "served_on": served})
        case = replace(without, household=(*without.household, served_fact))
        periods = rights(facts=case, procedure=procedure(), calendar=calendar(), today=date(2026, 12, 31))
        period = next(one for one in periods if one.right.id == right)
        assert period.counted_from == served
        assert period.last is not None
        return period.last.on

    assert last_day("request_revaluation", "valuation_report_served") == revaluation_until
    assert last_day("litigate_decision", "decision_served") == litigation_until


def test_a_stated_day_must_be_the_counted_one() -> None:
    step = procedure().steps["decision_served"]
    stated = fact(step, date(2025, 6, 3), method="post", received_on="2025-06-05", served_on=date(2025, 6, 3))
    assert [reason.code for reason in service_reasons(stated, step=step, calendar=calendar())] == ["service.other_day"]
    right = replace(stated, served_on=date(2025, 6, 5))
    assert service_reasons(right, step=step, calendar=calendar()) == []
    history = replace(stated, is_verified=False)
    assert service_reasons(history, step=step, calendar=calendar()) == []


def test_owners_whom_the_decision_has_not_reached_are_counted_once_it_reached_one() -> None:
    case = decided_household()
    assert unserved_owners(facts=case, procedure=procedure(), owners=1) == 0
    assert unserved_owners(facts=case, procedure=procedure(), owners=3) == 2
    case = record(case, fact("decision_served", date(2025, 6, 20), owner=2))
    assert unserved_owners(facts=case, procedure=procedure(), owners=3) == 1
    before = valued_household()
    assert unserved_owners(facts=before, procedure=procedure(), owners=3) == 0


def test_what_is_due_appears_with_its_document_and_each_owner() -> None:
    case = valued_household(until="valuation_report_served")

    def due(on: date) -> list[tuple[str, int, ServiceState]]:
        found = services_due(facts=case, procedure=procedure(), calendar=calendar(), owners=2, today=on)
        return [(one.step.id, one.owner, one.state) for one in found]

    report = "valuation_report_served"
    assert due(date(2025, 1, 1)) == []
    valued_on = min(one.happened_on for one in case.household if one.step == "household_valued")
    assert due(valued_on) == [(report, 1, ServiceState.UNSERVED), (report, 2, ServiceState.UNSERVED)]


def test_a_demand_is_due_only_once_it_was_made() -> None:
    held = decided_household()
    proof = {"method": "direct", "is_signed": "yes"}
    served = replace(held, household=tuple(
        replace(one, attributes={**one.attributes, **proof}) if one.step == "decision_served" else one
        for one in held.household
    ))
    unproved = services_due(facts=held, procedure=procedure(), calendar=calendar(), owners=1, today=date(2025, 12, 31))
    assert next(one for one in unproved if one.step.id == "decision_served").state is ServiceState.UNSERVED
    found = services_due(facts=served, procedure=procedure(), calendar=calendar(), owners=2, today=date(2025, 12, 31))
    assert {(one.step.id, one.owner): one.state for one in found if one.step.id != "valuation_report_served"} == {
        ("decision_served", 1): ServiceState.SERVED, ("decision_served", 2): ServiceState.UNSERVED,
    }


def test_imported_history_is_not_taken_as_proved() -> None:
    case = valued_household()
    unproved = replace(case, household=tuple(
        replace(one, is_verified=False) if one.step == "valuation_report_served" else one for one in case.household
    ))
    found = services_due(
        facts=unproved, procedure=procedure(), calendar=calendar(), owners=1, today=date(2025, 6, 1)
    )
    assert [one.state for one in found] == [ServiceState.UNVERIFIED]


def test_a_running_right_says_so_on_its_last_day_and_not_after() -> None:
    case = decided_household(on=date(2025, 6, 3))

    def state(on: date) -> RightState:
        periods = rights(facts=case, procedure=procedure(), calendar=calendar(), today=on)
        return next(one.state for one in periods if one.right.id == "reconsider_decision")

    # Sixty days from 3 June end on Saturday 2 August and roll to Monday 4 August.
    assert state(date(2025, 8, 4)) is RightState.RUNNING
    assert state(date(2025, 8, 5)) is RightState.OVER
