"""Scenarios as worked examples: what each change does to a case, what is refused, what a later value date costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.planning.plan_case import (
    MoneyStanding,
    PlanCase,
    SectionWork,
    Stage,
    StageProgress,
    StageRate,
    Target,
)
from zhengtu.core.planning.scenario import Change, ChangeKind, change_from, changed, launching_step, plain
from zhengtu.core.planning.scenario_cost import Growth, Unvalued, land_value_line, no_basis_line, team_line, total_of
from zhengtu.core.planning.schedule_rules import TeamDayPrice
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact
from zhengtu.core.rules.rulebook import load_rulebook

RULEBOOK = load_rulebook(Path(__file__).parents[3] / "rulebook")
CODE = "220211-P0008"


def section(number: int, *, handed_over_on: date | None = None) -> SectionWork:
    return SectionWork(
        code=f"{CODE}-S{number:02}", name=(f"第{number}节点", f"Section {number}"), order=number, households=40,
        stages={stage: StageProgress() for stage in Stage}, handed_over_on=handed_over_on,
    )


def a_case(**values: object) -> PlanCase:
    case = PlanCase(
        code=CODE, project="220200-P0008", jurisdiction="220211", name=("小白山", "Xiaobaishan"),
        on=date(2025, 2, 14), calendar=RULEBOOK.calendar,
        procedure=RULEBOOK.procedures.governing(regime="state_land", on=date(2025, 1, 1)), facts=CaseFacts(),
        sections=[section(1), section(2)],
        rates={Stage.NEGOTIATION: StageRate(Decimal(2), teams=3, least_days=1, basis="rule")},
        targets=[
            Target("start", "handed_over", date(2025, 4, 20), ("开工", "Start"), [f"{CODE}-S01", f"{CODE}-S02"]),
            Target("second", "vacated", date(2025, 3, 15), ("腾空", "Vacated"), [f"{CODE}-S02"]),
        ],
        money=MoneyStanding(expected_on=date(2025, 3, 1), payer="220200-land-bureau"),
    )
    return replace(case, **values)


def test_money_that_comes_two_weeks_later_moves_the_day_it_is_expected() -> None:
    later = changed(a_case(), [Change(ChangeKind.MONEY, CODE, days=14)])
    assert later.money.expected_on == date(2025, 3, 15)


def test_money_never_comes_before_the_plans_own_day() -> None:
    sooner = changed(a_case(), [Change(ChangeKind.MONEY, CODE, days=-60)])
    assert sooner.money.expected_on == date(2025, 2, 14)


def test_two_more_teams_work_on_the_named_stage_alone() -> None:
    more = changed(a_case(), [Change(ChangeKind.TEAMS, CODE, stage=Stage.NEGOTIATION, teams=2)])
    assert more.rates[Stage.NEGOTIATION].teams == 5


def test_a_section_that_is_gone_round_leaves_the_deadlines_of_the_others() -> None:
    without = changed(a_case(), [Change(ChangeKind.REROUTE, f"{CODE}-S02")])
    assert [one.code for one in without.sections] == [f"{CODE}-S01"]
    assert [(one.key, list(one.sections)) for one in without.targets] == [("start", [f"{CODE}-S01"])]


def test_a_deadline_moves_and_the_others_stay() -> None:
    moved = changed(a_case(), [Change(ChangeKind.DEADLINE, CODE, target="start", on=date(2025, 6, 1))])
    assert [one.due_on for one in moved.targets] == [date(2025, 6, 1), date(2025, 3, 15)]


def test_an_announcement_not_yet_made_is_put_on_a_later_day() -> None:
    later = changed(a_case(), [Change(ChangeKind.LAUNCH, CODE, on=date(2026, 10, 1))])
    assert later.steps_not_before == {"expropriation_announced": date(2026, 10, 1)}


def test_an_announcement_that_was_made_keeps_its_value_date() -> None:
    announced = CaseFacts(project=(StepFact("expropriation_announced", date(2024, 12, 20)),))
    with pytest.raises(Refused, match="announced already"):
        changed(a_case(facts=announced), [Change(ChangeKind.LAUNCH, CODE, on=date(2026, 10, 1))])


@pytest.mark.parametrize(
    ("change", "case", "said"),
    [
        (Change(ChangeKind.MONEY, CODE, days=14), a_case(money=MoneyStanding()), "No money is planned"),
        (Change(ChangeKind.MONEY, CODE), a_case(), "names no days"),
        (Change(ChangeKind.TEAMS, CODE, stage=Stage.SURVEY, teams=1), a_case(), "no stage with teams"),
        (Change(ChangeKind.TEAMS, CODE, stage=Stage.NEGOTIATION, teams=-3), a_case(), "nobody is left"),
        (Change(ChangeKind.REROUTE, f"{CODE}-S09"), a_case(), "is no section"),
        (Change(ChangeKind.REROUTE, f"{CODE}-S01"), a_case(sections=[section(1)]), "is no section"),
        (Change(ChangeKind.REROUTE, f"{CODE}-S01"),
         a_case(sections=[section(1, handed_over_on=date(2025, 1, 2)), section(2)]), "handed over already"),
        (Change(ChangeKind.DEADLINE, CODE, target="none", on=date(2025, 6, 1)), a_case(), "names no deadline"),
        (Change(ChangeKind.LAUNCH, CODE, on=date(2026, 1, 1)), a_case(procedure=None), "no announcement"),
    ],
)
def test_what_cannot_be_laid_over_a_case_is_refused_by_name(change: Change, case: PlanCase, said: str) -> None:
    with pytest.raises(Refused, match=said):
        changed(case, [change])


def test_changes_of_another_place_leave_the_case_as_it_is() -> None:
    case = a_case()
    assert changed(case, [Change(ChangeKind.MONEY, "220204-P0001", days=14)]) is case


def test_every_refusal_of_a_scenario_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        changed(a_case(money=MoneyStanding()), [
            Change(ChangeKind.MONEY, CODE, days=3), Change(ChangeKind.DEADLINE, CODE, target="none"),
        ])
    assert [reason.code for reason in refused.value.reasons] == ["scenario.money", "scenario.deadline"]


@given(
    kind=st.sampled_from(ChangeKind), days=st.integers(-99, 99), teams=st.integers(-9, 9),
    stage=st.none() | st.sampled_from(Stage), on=st.none() | st.dates(date(2024, 1, 1), date(2030, 1, 1)),
)
def test_a_change_is_read_back_as_it_was_stored(
    kind: ChangeKind, days: int, teams: int, stage: Stage | None, on: date | None
) -> None:
    change = Change(kind, CODE, days=days, stage=stage, teams=teams, on=on)
    assert change_from(plain(change)) == change


def test_the_collective_procedure_has_its_own_announcement() -> None:
    collective = RULEBOOK.procedures.governing(regime="collective_land", on=date(2025, 1, 1))
    assert launching_step(a_case(procedure=collective)) == "land_expropriation_announced"


# Houses worth 30,000,000 yuan in all on 2025-02-14, prices growing by 4 % a year, 25 % more once the roads open on
# 2026-07-01. Valued 365 days later: 31,200,000. Valued on 2026-08-08, 540 days later: 1.04 ^ (540/365) × 1.25.
UNVALUED = Unvalued(households=60, mean_yuan=Decimal(500000), valued=25, on=date(2025, 2, 14))
GROWTH = Growth(Decimal("0.04"), opens_on=date(2026, 7, 1), opening_share=Decimal("0.25"))


def test_a_year_later_costs_a_years_growth() -> None:
    line = land_value_line(
        CODE, unvalued=UNVALUED, growth=GROWTH, plan_on=date(2025, 2, 14), scenario_on=date(2026, 2, 14)
    )
    assert line.yuan == Decimal("1200000.00")


def test_after_the_network_opens_its_share_is_added_once() -> None:
    line = land_value_line(
        CODE, unvalued=UNVALUED, growth=GROWTH, plan_on=date(2025, 2, 14), scenario_on=date(2026, 8, 8)
    )
    by_hand = 30_000_000 * 1.04 ** (540 / 365) * 1.25 - 30_000_000
    assert line.yuan is not None
    assert abs(float(line.yuan) - by_hand) < 1


def test_acquiring_sooner_saves_what_waiting_costs() -> None:
    days = date(2025, 6, 1), date(2026, 9, 1)
    wait = land_value_line(CODE, unvalued=UNVALUED, growth=GROWTH, plan_on=days[0], scenario_on=days[1])
    hurry = land_value_line(CODE, unvalued=UNVALUED, growth=GROWTH, plan_on=days[1], scenario_on=days[0])
    assert wait.yuan == -hurry.yuan  # type: ignore[operator]


def test_where_nothing_like_it_was_valued_no_sum_is_given() -> None:
    line = no_basis_line(CODE, households=60)
    assert line.yuan is None
    assert total_of([line]) == 0


def test_teams_cost_their_days_and_nothing_is_invented_without_a_price() -> None:
    price = TeamDayPrice(Decimal(1800), is_illustrative=True)
    priced = team_line(CODE, stage="negotiation", teams=2, team_days=15, price=price)
    unpriced = team_line(CODE, stage="negotiation", teams=2, team_days=15, price=None)
    assert (priced.yuan, unpriced.yuan) == (Decimal("54000.00"), None)
    assert "illustrative" in priced.reason.in_english()


def test_money_that_comes_after_the_account_has_run_out_holds_the_payments() -> None:
    money = MoneyStanding(expected_on=date(2025, 3, 1), runs_out_on=date(2025, 3, 5))
    soon = changed(a_case(money=money), [Change(ChangeKind.MONEY, CODE, days=2)])
    late = changed(a_case(money=money), [Change(ChangeKind.MONEY, CODE, days=14)])
    assert (soon.money.is_short, late.money.is_short) == (False, True)
