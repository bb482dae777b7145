"""When a unit may decide that work begins, and what refuses it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.plan_scene import SECOND, made_plan
from zhengtu.core.planning.plan import PlannedActivity
from zhengtu.core.planning.plan_decisions import DecisionWindow, baseline_reasons, decision_reasons

WINDOW = DecisionWindow(date(2025, 2, 20), date(2025, 2, 25))


def bar() -> PlannedActivity:
    return next(one for one in made_plan().activities if one.subject == SECOND)


def codes(start: date, *, accepts_late: bool = False, window: DecisionWindow = WINDOW, **changes: object) -> list[str]:
    found = decision_reasons(
        replace(bar(), **changes), start_on=start, window=window, accepts_late=accepts_late  # type: ignore[arg-type]
    )
    return [reason.code for reason in found]


def test_a_start_within_the_window_stands() -> None:
    assert codes(date(2025, 2, 20)) == codes(date(2025, 2, 25)) == []


def test_before_the_earliest_lawful_day_nothing_helps() -> None:
    assert codes(date(2025, 2, 19)) == codes(date(2025, 2, 19), accepts_late=True) == ["schedule.too_early"]


def test_too_late_a_start_has_to_be_said() -> None:
    assert codes(date(2025, 2, 26)) == ["schedule.too_late"]
    assert codes(date(2025, 2, 26), accepts_late=True) == []


def test_where_the_deadline_is_lost_already_the_earliest_day_needs_no_giving_up() -> None:
    lost = DecisionWindow(date(2025, 2, 20), date(2025, 2, 10))
    assert not lost.is_open
    assert codes(date(2025, 2, 20), window=lost) == []
    assert codes(date(2025, 2, 21), window=lost) == ["schedule.too_late"]


def test_what_has_begun_or_is_no_units_to_decide_is_refused() -> None:
    assert codes(date(2025, 2, 20), actual_start_on=date(2025, 2, 12)) == ["schedule.begun"]
    assert codes(date(2025, 2, 20), may_be_decided=False) == ["schedule.not_decidable"]


def test_a_baseline_lies_in_the_campaign_and_not_ahead() -> None:
    def found(on: date) -> list[str]:
        reasons = baseline_reasons(baseline_on=on, today=date(2025, 2, 14), first_on=date(2025, 1, 1))
        return [reason.code for reason in reasons]

    assert found(date(2025, 2, 14)) == found(date(2025, 1, 1)) == []
    assert found(date(2025, 2, 15)) == ["schedule.baseline_ahead"]
    assert found(date(2024, 12, 31)) == ["schedule.baseline_before"]
