"""A case opens by rule on its day and closes only after the unit was heard and a decision stands."""

from __future__ import annotations

from datetime import date

from zhengtu.core.assessment.accountability import (
    CaseEvent,
    CaseEventKind,
    CaseState,
    approaching_triggers,
    case_state,
    closing_reasons,
    overdue_triggers,
)

PROMISED = [("220202-P0006-S01-H00001", date(2024, 2, 14)), ("220202-P0006-S01-H00002", date(2024, 3, 1))]


def happened(*kinds: CaseEventKind) -> list[CaseEvent]:
    return [CaseEvent(kind, date(2025, 3, number)) for number, kind in enumerate(kinds, start=1)]


def test_the_case_opens_on_the_day_after_a_full_year() -> None:
    assert overdue_triggers(PROMISED, months=12, on=date(2025, 2, 14)) == []
    assert overdue_triggers(PROMISED, months=12, on=date(2025, 2, 15)) == [
        ("220202-P0006-S01-H00001", date(2025, 2, 15))
    ]
    assert approaching_triggers(PROMISED, months=12, on=date(2025, 2, 15), within_days=30) == [
        ("220202-P0006-S01-H00002", 15)
    ]


def test_a_case_closes_only_with_the_units_statement_and_a_decision() -> None:
    assert {one.code for one in closing_reasons([])} == {"accountability.not_heard", "accountability.not_decided"}
    statement, decision, appeal = CaseEventKind.STATEMENT, CaseEventKind.DECISION, CaseEventKind.APPEAL
    assert [one.code for one in closing_reasons(happened(decision))] == ["accountability.not_heard"]
    assert closing_reasons([CaseEvent(decision, date(2025, 3, 1), lapsed_on=date(2025, 2, 28))]) == []
    assert closing_reasons(happened(statement, decision)) == []
    assert [one.code for one in closing_reasons(happened(statement, decision, appeal))] == [
        "accountability.appeal_waits"
    ]
    assert closing_reasons(happened(statement, decision, appeal, CaseEventKind.APPEAL_DECISION)) == []


def test_the_state_on_any_day() -> None:
    events = happened(CaseEventKind.STATEMENT, CaseEventKind.DECISION, CaseEventKind.APPEAL)
    states = [case_state(events, on=date(2025, 3, number)) for number in range(1, 4)]
    assert states == [CaseState.HEARD, CaseState.DECIDED, CaseState.HEARD]
    assert case_state(events, on=date(2025, 2, 28)) is CaseState.OPEN


def test_the_period_lapses_after_its_last_day_and_a_late_statement_is_heard_all_the_same() -> None:
    last_on = date(2025, 2, 28)
    assert case_state([], on=last_on, heard_until=last_on) is CaseState.OPEN
    assert case_state([], on=date(2025, 3, 1), heard_until=last_on) is CaseState.LAPSED
    assert case_state([], on=date(2025, 3, 1)) is CaseState.OPEN  # not told: no period runs
    stated = happened(CaseEventKind.STATEMENT)
    assert case_state(stated, on=date(2025, 3, 1), heard_until=last_on) is CaseState.HEARD
