"""Who comes home when: the plan within the budget, families by order of waiting, more money and homes, and lots."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.resettlement.assignment import assignments
from zhengtu.core.resettlement.choosing import best_plan, subsidy_for
from zhengtu.core.resettlement.feasibility import obstacles
from zhengtu.core.resettlement.first_come import first_come_plan
from zhengtu.core.resettlement.frontier import frontier, worth_of_homes, worth_of_money
from zhengtu.core.resettlement.homecoming import expected_home
from zhengtu.core.resettlement.lot_replay import LotDocument, checks
from zhengtu.core.resettlement.lots import drawn_lots
from zhengtu.core.resettlement.options import (
    Budget,
    BuildingSupply,
    MarketSupply,
    OptionsCase,
    WaitingFamily,
    Way,
    groups_of,
    mean_months,
    precedence,
    purses,
    slots_for,
)

EVERY_WAY = frozenset(Way)
SEED = "5f" * 16


def family(number: int, *, waited: int = 10, choice: Way | None = None, **changes: object) -> WaitingFamily:
    values: dict[str, object] = {
        "code": f"220202-P0006-S01-H{number:05d}", "payer": "railway", "home": "60", "waited_months": waited,
        "monthly_yuan": Decimal(1080), "ways": EVERY_WAY, "choice": choice, "cash_yuan": Decimal(330_000),
    }
    return WaitingFamily(**{**values, **changes})  # type: ignore[arg-type]


def test_a_family_that_waits_is_paid_by_the_steps_of_its_rule() -> None:
    waits = family(1, monthly_yuan=Decimal(840), later_yuan=((6.0, Decimal(1080)), (18.0, Decimal(1200))))
    paid = [subsidy_for(waits, months) for months in (0, 3, 6, 8, 20)]
    assert paid == [Decimal(0), Decimal(2520), Decimal(5040), Decimal(7200), Decimal(5040 + 12 * 1080 + 2 * 1200)]
    assert subsidy_for(family(1), 2.5) == Decimal(2700)


BUILDING = BuildingSupply("B1-60", "B1", "60", 2, {12: 0.5, 24: 0.5})
MARKET = MarketSupply("M1-60", "60", 2, Decimal(400_000), from_month=1)


def test_homes_that_were_bought_go_to_who_may_take_an_existing_home_whatever_site_it_agreed_on() -> None:
    bought = BuildingSupply("B9-60", "T9", "60", 1, {0: 1.0}, is_bought=True)
    wants = family(1, waited=3, choice=Way.PURCHASE, building="B1")
    stays = family(2, waited=30, choice=Way.BUILDING, building="B1")
    held = case(wants, stays, yuan=1, buildings=[BUILDING, bought], market=[])
    plan = best_plan(held)
    ways = {one.family: one.slot for one in assignments(plan, held)}
    got, kept = ways[wants.code], ways[stays.code]
    assert got is not None
    assert kept is not None
    assert (got.way, got.supply, got.yuan, got.spend_month) == (Way.PURCHASE, "B9-60", Decimal(0), None)
    assert (kept.way, kept.supply) == (Way.BUILDING, "B1-60")
    assert expected_home(plan, held)[0] == pytest.approx(1.0)


def case(*families: WaitingFamily, yuan: int = 800_000, **changes: object) -> OptionsCase:
    values: dict[str, object] = {
        "buildings": [BUILDING], "market": [MARKET], "budgets": [Budget("railway", 0, Decimal(yuan))],
    }
    return OptionsCase(families, **{**values, **changes})  # type: ignore[arg-type]


def test_money_brings_two_home_at_once_and_the_building_two_in_a_year_and_a_half() -> None:
    plan = best_plan(case(*[family(number, waited=number) for number in range(1, 6)]))
    ways = Counter({(one.slot.way, one.slot.months): one.count for one in plan.chosen})
    assert ways == {(Way.PURCHASE, 1): 2, (Way.BUILDING, 18.0): 2}
    assert plan.waiting == {plan.chosen[0].group: 1}
    assert plan.family_months == 1 + 1 + 18 + 18 + 60
    assert (plan.spent_yuan, plan.gap) == (Decimal(800_000), 0)


def test_those_who_wait_longest_come_home_first_and_hardship_before_them() -> None:
    families = [family(1, waited=30), family(2, waited=45), family(3, waited=2, is_vulnerable=True)]
    given_ = {one.family[-1]: one for one in assignments(best_plan(case(*families)), case(*families))}
    assert [given_[number].slot.way for number in "321"] == [Way.PURCHASE, Way.PURCHASE, Way.BUILDING]  # type: ignore[union-attr]
    assert given_["3"].because.code == "resettlement.vulnerable_first"
    assert given_["2"].because.parameters["waited"] == "45"


def test_settling_in_money_is_planned_rounded_up_so_that_the_budget_suffices() -> None:
    assert family(1, cash_yuan=Decimal(330_000)).planned_cash_yuan == Decimal(350_000)
    assert family(1, cash_yuan=Decimal(350_000)).planned_cash_yuan == Decimal(350_000)
    assert best_plan(case(family(1, choice=Way.CASH), yuan=300_000)).spent_yuan == 0


def test_nobody_is_led_against_a_recorded_choice() -> None:
    families = [family(1, choice=Way.BUILDING), family(2, choice=Way.CASH)]
    found = {one.family[-1]: one for one in assignments(best_plan(case(*families)), case(*families))}
    assert found["1"].slot is not None
    assert found["1"].slot.way is Way.BUILDING
    assert found["2"].slot is not None
    assert found["2"].slot.way is Way.CASH
    assert found["2"].yuan == Decimal(330_000)
    assert found["1"].because.code == "resettlement.as_chosen"


def test_a_choice_that_is_not_open_is_explained_and_does_not_break_the_plan() -> None:
    closed = family(1, choice=Way.CASH, cash_yuan=None)
    found = assignments(best_plan(case(closed)), case(closed))
    assert [one.because.code for one in found] == ["resettlement.no_way_open"]


def test_without_money_and_homes_everybody_waits_and_is_told_what_would_help() -> None:
    alone = case(family(1), yuan=0, buildings=[], market=[])
    plan = best_plan(alone)
    assert plan.spent_yuan == 0
    assert [one.because.code for one in assignments(plan, alone)] == ["resettlement.nothing_left"]
    assert best_plan(OptionsCase([])).family_months == 0


def test_the_rest_of_a_year_is_lost_unless_it_is_carried_over() -> None:
    families = [family(number, choice=Way.CASH, cash_yuan=Decimal(350_000)) for number in range(1, 6)]
    years = [Budget("railway", month, Decimal(600_000)) for month in (0, 11, 23)]
    kept = [replace(one, carries_over=True) for one in years]
    for budgets, home in ((years, 3), (kept, 5), ([kept[0], *years[1:]], 4), ([years[0], *kept[1:]], 4)):
        given_case = case(*families, budgets=budgets, buildings=[], market=[])
        for plan in (best_plan(given_case), first_come_plan(given_case)):
            assert sum(one.count for one in plan.chosen) == home
    assert [one.yuan for one in purses(case(budgets=kept))] == [600_000, 1_200_000, 1_800_000]
    assert [one.yuan for one in purses(case(budgets=years))] == [600_000] * 3


def test_money_is_not_spent_before_its_year_and_small_years_add_up() -> None:
    years = [Budget("railway", month, Decimal(200_000), carries_over=True) for month in (0, 11)]
    alone = case(family(1, choice=Way.CASH), budgets=years, buildings=[], market=[])
    [chosen] = best_plan(alone).chosen
    assert (chosen.slot.spend_month, chosen.slot.months) == (11, 13)
    assert obstacles(alone) == []
    lost = replace(alone, budgets=[replace(one, carries_over=False) for one in years])
    assert [one.because.code for one in obstacles(lost)] == ["resettlement.budget_too_small"]


def test_another_million_and_another_home_are_worth_what_they_win() -> None:
    tight = case(*[family(number) for number in range(1, 6)], yuan=400_000)
    money = worth_of_money(tight, payer="railway", from_month=0, more_yuan=Decimal(1_000_000))
    assert money.family_months == (1 + 18 + 18 + 60 + 60) - (2 + 2 + 2 + 2 + 18)  # four settled in money
    assert money.subsidy_yuan == money.family_months * 1080
    homes = worth_of_homes(tight, supply="B1-60", more=1)
    assert homes.family_months == 60 - 18
    assert worth_of_money(tight, payer="another", from_month=0, more_yuan=Decimal(1_000_000)).family_months == 0
    with pytest.raises(KeyError):
        worth_of_homes(tight, supply="nowhere", more=1)


def test_the_frontier_falls_as_spending_rises() -> None:
    points = frontier(case(*[family(number) for number in range(1, 8)], yuan=1_600_000), points=5)
    months = [point.plan.family_months for point in points]
    assert months == sorted(months, reverse=True)
    assert [point.plan.spent_yuan for point in points] == sorted({point.plan.spent_yuan for point in points})
    assert all(point.plan.spent_yuan <= point.cap_yuan for point in points)


FAMILIES = st.lists(
    st.builds(
        family, st.integers(1, 999), waited=st.integers(-6, 45), choice=st.none() | st.sampled_from(Way),
        payer=st.sampled_from(["railway", "guokai"]), home=st.sampled_from(["60", "80"]), is_vulnerable=st.booleans(),
        building=st.sampled_from(["", "B1"]),
    ),
    max_size=14, unique_by=lambda one: one.code,
)


@settings(max_examples=40, deadline=None)
@given(FAMILIES, st.integers(0, 3_000_000))
def test_a_plan_keeps_within_everything_and_is_no_worse_than_first_come(
    families: list[WaitingFamily], yuan: int
) -> None:
    both = [Budget(payer, start, Decimal(yuan)) for payer in ("railway", "guokai") for start in (0, 12)]
    given_case = case(*families, budgets=both)
    plan = best_plan(given_case)
    found = assignments(plan, given_case)
    assert len(found) == len(families)
    homes = Counter(one.slot.supply for one in found if one.slot and one.slot.supply)
    assert homes["B1-60"] <= 2
    assert homes["M1-60"] <= 2
    by_code = {one.code: one for one in families}
    spent: Counter[tuple[str, int | None]] = Counter()
    for one in found:
        if one.slot is not None:
            assert one.slot.way in by_code[one.family].open_ways
            spent[by_code[one.family].payer, one.slot.spend_month] += int(one.yuan)
    assert all(sum_ <= yuan for sum_ in spent.values())
    assert plan.family_months <= first_come_plan(given_case).family_months + 1e-6


def test_a_home_that_suits_two_payers_goes_to_the_family_that_waits_longest() -> None:
    one_home = [BuildingSupply("B1-60", "B1", "60", 1, {12: 1.0})]
    late = family(2, waited=44, payer="guokai", choice=Way.BUILDING)
    for families in ([family(1, waited=3, choice=Way.BUILDING), late], [late, family(3, choice=Way.BUILDING)]):
        given_case = case(*families, buildings=one_home, market=[])
        home = [one.family for one in assignments(best_plan(given_case), given_case) if one.slot is not None]
        assert home == [late.code]


def test_those_before_all_others_come_home_though_their_way_costs_more() -> None:
    dear = family(1, waited=50, choice=Way.CASH, cash_yuan=Decimal(600_000))
    cheap = [family(number, waited=5, choice=Way.CASH, cash_yuan=Decimal(300_000)) for number in (2, 3)]
    given_case = case(dear, *cheap, yuan=600_000)
    assert best_plan(given_case).waiting == {group.key: 1 for group in groups_of(given_case) if dear in group.families}
    first = case(dear, *cheap, yuan=600_000, first_after_months=40)
    assert {one.family for one in assignments(best_plan(first), first) if one.slot} == {dear.code}
    assert best_plan(first).gap == 0
    hardship = case(family(1, is_vulnerable=True, choice=Way.CASH, cash_yuan=Decimal(600_000)), *cheap,
                    yuan=600_000, first_after_months=40)
    assert sum(best_plan(hardship).waiting.values()) == 2


def test_who_may_still_wait_beyond_the_horizon_counts_as_waiting_until_it() -> None:
    late = BuildingSupply("B1-60", "B1", "60", 1, {12: 0.5, 180: 0.5})
    assert late.expected_months(horizon=60) == 36
    assert best_plan(case(family(1, choice=Way.BUILDING), buildings=[late])).family_months == 36


@settings(max_examples=40, deadline=None)
@given(FAMILIES, st.integers(0, 3_000_000))
def test_nobody_envies_a_family_behind_it_what_both_could_exchange_for_nothing(
    families: list[WaitingFamily], yuan: int
) -> None:
    both = [Budget(payer, 0, Decimal(yuan)) for payer in ("railway", "guokai")]
    given_case = case(*families, budgets=both)
    means = mean_months(given_case)
    usable = {
        one.code: set(slots_for(group, given_case, means=means))
        for group in groups_of(given_case) for one in group.families
    }
    by_code = {one.code: one for one in families}
    found = [(by_code[one.family], one.slot) for one in assignments(best_plan(given_case), given_case)]
    for ahead, own in found:
        for behind, other in found:
            if other is None or other not in usable[ahead.code] or (own and own.months <= other.months):
                continue
            if own is not None and own not in usable[behind.code]:
                continue
            pays = other.spend_month is not None or (own is not None and own.spend_month is not None)
            if not pays or ahead.payer == behind.payer:
                assert precedence(behind) <= precedence(ahead)


@given(st.sets(st.integers(1, 9999), min_size=1, max_size=30))
def test_anybody_replays_a_drawing_of_lots(numbers: set[int]) -> None:
    families = [f"220202-P0006-S01-H{number:05d}" for number in numbers]
    drawing = drawn_lots(families, seed=SEED)
    assert sorted(drawing.order) == sorted(families)

    def agrees(households: list[str]) -> list[bool]:
        document = LotDocument(
            draw="220202-L0001", site="220202-T0001", title="选房（演示）", drawn_on=date(2025, 2, 14),
            commitment=drawing.commitment, list_digest=drawing.list_digest, households=households, seed=SEED,
            order=drawing.order,
        )
        return [check.agrees for check in checks(document)]

    assert agrees(families[::-1]) == [True, True, True]
    assert agrees([*families, "220202-P0006-S01-H99999"]) == [True, False, False]
