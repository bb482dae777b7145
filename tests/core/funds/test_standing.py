"""Where an account stands: the worked table, abstention, each light with its since, and what always holds."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.funds.kit import ON, RULES, account, arrived, course, days_before, planned, weekly
from zhengtu.core.funds.history import AccountHistory, Course, DaySum, PlanLine, Proof, Source
from zhengtu.core.funds.lights import run_since, wan
from zhengtu.core.funds.need import need_until, quantile, trend_of, weekly_counts
from zhengtu.core.funds.outlook import still_to_come
from zhengtu.core.funds.standing import Standing, standing_of


def standing(history: AccountHistory, *, on: date = ON) -> Standing:
    return standing_of(history, on=on, rules=RULES)


def worked() -> AccountHistory:
    """docs/algorithms/funds.md: 5 agreements of 40 万元 a week, 14 days to payment, all older ones paid."""
    return account(
        arrivals=arrived((days_before(70), 18_000_000)),
        commitments=weekly(5),
        payments=[(days_before(7 * week + 6 - 14), 2_000_000, 5) for week in range(2, 8)],
        plan=planned((days_before(70), 18_000_000), (ON + timedelta(days=20), 4_000_000)),
        unsettled=40,
    )


def test_the_worked_table() -> None:
    found = standing(worked())
    assert found.trend is not None
    assert found.outlook is not None
    assert (found.trend.pace, found.trend.spread, found.trend.mean_yuan) == (5, 0, Decimal("400000.00"))
    assert (found.trend.lag_days, found.trend.lag_of, found.trend.weeks) == (14, 20, 8)
    assert (found.committed_yuan, found.paid_yuan, found.balance_yuan) == (16_000_000, 12_000_000, 6_000_000)
    assert found.owed_yuan == 4_000_000
    # Two weeks: the two weeks of agreements not yet paid fall due. Then 5 x 40 万元 a week.
    needs = {weeks: need.likely_yuan for weeks, need in found.outlook.needs.items()}
    assert needs == {2: Decimal(4_000_000), 4: Decimal(8_000_000), 8: Decimal(16_000_000)}
    # 6 million last for the 4 million due and one more week: the 22nd day is the first beyond.
    assert found.outlook.runs_out_on == ON + timedelta(days=22)
    # With 4 million on the 20th day, two weeks longer.
    assert found.outlook.runs_out_with_plan_on == ON + timedelta(days=36)
    assert found.outlook.coverage == Decimal("0.75")
    assert [week.gap_yuan for week in found.outlook.weeks] == [0, 0, 0, 0, 0, 2_000_000, 4_000_000, 6_000_000]
    assert (found.light.name, found.light.rule) == ("yellow", "running_out")


def test_unsettled_households_bound_what_can_be_signed() -> None:
    few = worked()
    few = AccountHistory(few.regime, few.plan, few.arrivals, few.commitments, few.payments, 3, few.lags_days)
    found = standing(few)
    assert found.outlook is not None
    assert found.outlook.needs[8].likely_yuan == Decimal(4_000_000) + 3 * Decimal(400_000)
    assert found.outlook.runs_out_on is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"commitments": [(days_before(20), 8_000_000, 20)]}, "funds.too_few_weeks"),
        ({"commitments": [(days_before(70), 800_000, 2)]}, "funds.too_few_agreements"),
        ({"commitments": weekly(5), "lags_days": {3: 4}}, "funds.too_few_payments"),
        ({}, "funds.too_few_weeks"),
    ],
)
def test_too_little_is_no_forecast(changed: dict[str, object], code: str) -> None:
    found = standing(account(arrivals=arrived((days_before(60), 90_000_000)), **changed))
    assert found.trend is None
    assert found.outlook is None
    assert code in [reason.code for reason in found.not_enough]
    assert found.light.name == "green"


def test_nothing_begun_is_idle() -> None:
    assert standing(account()).light.name == "idle"
    assert standing(account(plan=planned((ON + timedelta(days=9), 5)))).light.name == "idle"


def test_arrivals_below_agreements_are_red_since_the_day_they_fell_behind() -> None:
    history = account(
        arrivals=arrived((days_before(60), 1_000_000), (days_before(10), 1_000_000)),
        commitments=[(days_before(50), 800_000, 2), (days_before(30), 900_000, 2), (days_before(8), 600_000, 1)],
    )
    found = standing(history)
    assert (found.light.name, found.light.rule) == ("red", "arrivals_below_commitments")
    # 1.7 million were promised on the 30th day before and counted three days later, until money came; again since.
    assert found.light.since_on == days_before(8 - 3)
    assert found.missing_yuan == 300_000
    assert found.light.reason is not None
    assert found.light.reason.source == "state-council-decree-590#12(2)"
    assert found.light.reason.parameters["short"] == "30.00"
    assert standing(history, on=days_before(20)).light.since_on == days_before(27)
    assert standing(history, on=days_before(9)).light.name == "green"
    assert standing(history, on=days_before(28)).light.name == "green"


def test_late_plan_is_red_only_with_the_account_running_out() -> None:
    late = planned((days_before(12), 21_000_000))
    running = standing(AccountHistory(**{**_fields(worked()), "plan": late}))
    assert (running.light.name, running.light.rule) == ("red", "plan_late_and_running_out")
    assert running.light.since_on == days_before(11)
    assert running.late_yuan == 3_000_000
    calm = account(arrivals=arrived((days_before(60), 1_000_000)), plan=planned((days_before(12), 1_500_000)))
    assert (standing(calm).light.name, standing(calm).light.rule) == ("yellow", "plan_late")
    # Due today is not late today.
    today = account(arrivals=arrived((days_before(60), 1_000_000)), plan=planned((ON, 1_500_000)))
    assert standing(today).light.name == "green"
    assert standing(today).late_yuan == 0


def test_a_smaller_supplement_and_a_proof_that_differs() -> None:
    history = account(
        arrivals=arrived((days_before(60), 1_000_000)),
        commitments=[(days_before(50), 800_000, 1), (days_before(40), -300_000, 0)],
        payments=[(days_before(30), 500_000, 1)],
        proof=Proof(days_before(20), "123", Decimal(450_000), Decimal(900_000)),
    )
    found = standing(history)
    assert found.required_yuan == 900_000
    assert (found.committed_yuan, found.owed_yuan, found.proof_difference_yuan) == (500_000, 0, 50_000)
    assert (found.light.name, found.light.rule) == ("yellow", "proof_differs")


def test_arrivals_below_the_proved_budget_are_red_from_the_proof_on() -> None:
    history = account(
        arrivals=arrived((days_before(60), 1_000_000), (days_before(2), 100_000)),
        proof=Proof(days_before(40), "123", Decimal(1_500_000), Decimal(1_500_000)),
    )
    found = standing(history)
    assert (found.light.name, found.light.rule) == ("red", "arrivals_below_budget")
    assert found.light.since_on == days_before(37)
    assert (found.missing_yuan, found.proof_difference_yuan) == (400_000, -500_000)
    assert standing(history, on=days_before(38)).light.name == "yellow"


def test_sentences_round_as_the_pages_do() -> None:
    rounded = {"4077450": "407.75", "4077350": "407.74", "50": "0.01", "49.99": "0.00"}
    assert {amount: wan(Decimal(amount)) for amount in rounded} == rounded


def test_the_median_and_the_weeks() -> None:
    assert [quantile({1: 1, 5: 2, 9: 1}, Decimal(share)) for share in ("0.25", "0.5", "0.75", "1")] == [1, 5, 5, 9]
    counted = course((days_before(0), 5, 1), (days_before(6), 5, 2), (days_before(7), 5, 4), (days_before(14), 5, 8))
    assert weekly_counts(counted, on=ON, weeks=3) == [3, 4, 8]


def test_money_that_came_early_is_not_expected_again() -> None:
    plan, came = course((ON + timedelta(days=5), 100, 1)), course((days_before(3), 60, 1))
    assert still_to_come(plan, came, on=ON, until=ON + timedelta(days=9)) == 40
    late = course((days_before(5), 100, 1))
    assert still_to_come(late, came, on=ON, until=ON + timedelta(days=9)) == 0


def _fields(history: AccountHistory) -> dict[str, object]:
    return {name: getattr(history, name) for name in AccountHistory.__slots__}


money = st.integers(1, 9_000_000).map(lambda fen: Decimal(fen * 7) / 100)
past = st.integers(0, 120).map(days_before)
ahead = st.integers(-60, 200).map(lambda days: ON + timedelta(days=days))
histories = st.builds(
    AccountHistory,
    regime=st.just("STATE_LAND"),
    plan=st.lists(st.builds(PlanLine, st.text("ab", max_size=3), st.sampled_from(Source), ahead, money), max_size=5),
    arrivals=st.dictionaries(
        st.sampled_from(Source), st.lists(st.builds(DaySum, past, money, st.just(1)), max_size=4), max_size=4
    ),
    commitments=st.lists(st.builds(DaySum, past, money, st.integers(1, 5)), max_size=20).map(Course),
    payments=st.lists(st.builds(DaySum, past, money, st.integers(1, 5)), max_size=8).map(Course),
    unsettled=st.integers(0, 60),
    lags_days=st.dictionaries(st.integers(0, 60), st.integers(1, 9), max_size=5),
    proof=st.none() | st.builds(Proof, past, st.just("1"), money, money),
)


@settings(max_examples=150, deadline=None)
@given(histories)
def test_no_fen_appears_or_is_lost(history: AccountHistory) -> None:
    found = standing(history)
    assert sum(found.arrived_by_source.values()) == found.arrived_yuan
    assert found.balance_yuan == found.arrived_yuan - found.paid_yuan
    # The flow at a project: what came in and what is missing is what was paid, what is owed and what is free.
    reserved = max(found.arrived_yuan, found.required_yuan) - max(found.committed_yuan, found.paid_yuan)
    assert reserved >= 0
    assert found.arrived_yuan + found.missing_yuan == found.paid_yuan + found.owed_yuan + reserved
    assert found.planned_yuan + sum(line.amount_yuan for line in history.plan if line.due_on > ON) == (
        found.planned_in_all_yuan
    )
    if found.outlook is not None:
        coming = sum(week.planned_yuan for week in found.outlook.weeks)
        needed = sum(week.need_yuan for week in found.outlook.weeks)
        assert found.balance_yuan + coming - needed == found.outlook.weeks[-1].closing_yuan
        assert all(n.low_yuan <= n.likely_yuan <= n.high_yuan for n in found.outlook.needs.values())
        likely = [found.outlook.needs[weeks].likely_yuan for weeks in (2, 4, 8)]
        assert likely == sorted(likely)


@settings(max_examples=150, deadline=None)
@given(histories, past, money)
def test_more_money_never_runs_out_sooner(history: AccountHistory, day: date, amount: Decimal) -> None:
    more = {source: list(sums) for source, sums in history.arrivals.items()}
    more.setdefault(Source.OTHER, []).append(DaySum(day, amount, 1))
    before = standing(AccountHistory(**{**_fields(history), "plan": (), "arrivals": history.arrivals}))
    after = standing(AccountHistory(**{**_fields(history), "plan": (), "arrivals": more}))
    assert after.missing_yuan <= before.missing_yuan
    if before.outlook is not None and after.outlook is not None:
        for name in ("runs_out_on", "runs_out_early_on", "runs_out_with_plan_on"):
            assert (getattr(after.outlook, name) or date.max) >= (getattr(before.outlook, name) or date.max)


@settings(max_examples=150, deadline=None)
@given(histories)
def test_the_day_found_is_the_first_short_one(history: AccountHistory) -> None:
    """Halving finds the same day as walking."""
    found = standing(history)
    trend, _ = trend_of(history, on=ON, rules=RULES.forecast)
    if trend is None or found.outlook is None:
        return
    planned_course, arrived_course = history.planned_course(), history.arrived_course()
    walked: dict[str, date | None] = {"plain": None, "with_plan": None}
    for days in range(RULES.forecast.horizon_days + 1):
        until = ON + timedelta(days=days)
        need = need_until(history, trend, on=ON, days=days, rules=RULES.forecast).likely_yuan
        coming = still_to_come(planned_course, arrived_course, on=ON, until=until)
        if walked["plain"] is None and found.balance_yuan < need:
            walked["plain"] = until
        if walked["with_plan"] is None and found.balance_yuan + coming < need:
            walked["with_plan"] = until
    assert (found.outlook.runs_out_on, found.outlook.runs_out_with_plan_on) == tuple(walked.values())
    assert (found.outlook.runs_out_with_plan_on or date.max) >= (found.outlook.runs_out_on or date.max)


@settings(max_examples=150, deadline=None)
@given(histories, st.integers(0, 5))
def test_since_is_the_start_of_the_unbroken_run(history: AccountHistory, lag: int) -> None:
    came = history.arrived_course()
    since = run_since(history.commitments, came, on=ON, upper_lag_days=lag)

    def lies_above(day: date) -> bool:
        return history.commitments.by(day - timedelta(days=lag)) > came.by(day)

    walked, day = None, ON
    while lies_above(day) and (ON - day).days < 400:
        walked, day = day, day - timedelta(days=1)
    assert since == walked
