"""Frontier of bringing families home, computed for 5,000 families and 1,500 flats, beside first come first served.

A made-up city: twelve payers, four types of homes, 900 flats in eight buildings whose completion is uncertain and 600
on the market, budgets of three years that do not suffice, recorded choices and hardships. The same seed gives the same
case.

    .venv/bin/python benchmarks/resettlement_options.py [--families 5000] [--flats 1500] [--points 8] [--seed 7]
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import date
from decimal import Decimal

from zhengtu.core.resettlement.assignment import assignments
from zhengtu.core.resettlement.choosing import OptionsPlan
from zhengtu.core.resettlement.first_come import first_come_plan
from zhengtu.core.resettlement.frontier import frontier, worth_of_homes, worth_of_money
from zhengtu.core.resettlement.homecoming import expected_home
from zhengtu.core.resettlement.options import (
    Budget,
    BuildingSupply,
    MarketSupply,
    OptionsCase,
    WaitingFamily,
    Way,
)
from zhengtu.core.resettlement.works import WorksStage, completion_forecast

PAYERS = [f"payer-{number:02d}" for number in range(12)]
HOMES = {"55": 380_000, "65": 450_000, "80": 560_000, "100": 700_000}
STAGES = [
    WorksStage("foundation", ("", ""), 3, 0.35, is_outdoor=True), WorksStage("topped_out", ("", ""), 6, 0.35),
    WorksStage("fitted", ("", ""), 7, 0.4), WorksStage("accepted", ("", ""), 2, 0.5),
]


def a_case(*, families: int, flats: int, seed: int, first_after_months: int | None) -> OptionsCase:
    """The made-up case."""
    chance = random.Random(seed)
    in_buildings = flats * 3 // 5
    buildings = []
    for number in range(8):
        reached = {stage.id: date(2024, 9, 1) for stage in STAGES[:number % 4]}
        forecast = completion_forecast(STAGES, reached=reached, on=date(2025, 2, 14), frost_months=(11, 12, 1, 2, 3))
        for home in HOMES:
            share = in_buildings // 32 + (number * 4 + list(HOMES).index(home) < in_buildings % 32)
            buildings.append(BuildingSupply(f"B{number}-{home}", f"S{number // 2}", home, share, forecast.chances))
    on_market = flats - sum(one.count for one in buildings)
    market = [
        MarketSupply(f"M{number}", home, on_market // 12 + (number < on_market % 12),
                     Decimal(price + 20_000 * (number % 3)), (number % 3) * 5)
        for number, (home, price) in enumerate([one for one in HOMES.items() for _ in range(3)])
    ]
    budgets = [
        Budget(payer, start, Decimal(chance.randrange(6, 40) * 1_000_000)) for payer in PAYERS for start in (0, 11, 23)
    ]
    return OptionsCase(
        [_family(number, chance) for number in range(families)], buildings, market, budgets,
        first_after_months=first_after_months,
    )


def _family(number: int, chance: random.Random) -> WaitingFamily:
    home = chance.choice(list(HOMES))
    has_cash = chance.random() < 0.6
    ways = frozenset({Way.BUILDING, Way.PURCHASE} | ({Way.CASH} if has_cash else set()))
    return WaitingFamily(
        code=f"H{number:05d}", payer=chance.choice(PAYERS), home=home, waited_months=chance.randrange(-3, 60),
        monthly_yuan=Decimal(int(home) * chance.choice([10, 14, 18, 24])), ways=ways,
        is_vulnerable=chance.random() < 0.08, building=chance.choice(["", "S0", "S1", "S2", "S3"]),
        choice=chance.choice([None, None, None, Way.BUILDING, *(ways & {Way.CASH})]),
        cash_yuan=Decimal(int(home) * chance.randrange(5_000, 7_500)) if has_cash else None,
    )


def _row(name: str, plan: OptionsPlan, case: OptionsCase, cap: str = "") -> str:
    home = expected_home(plan, case)
    by = " | ".join(f"{home[month]:,.0f}" for month in (3, 6, 12, 24, 36, 60))
    left = sum(plan.waiting.values())
    wan = [f"{yuan / 10_000:,.0f}" for yuan in (plan.spent_yuan, plan.subsidy_yuan, plan.total_yuan)]
    return f"| {name} | {cap} | {' | '.join(wan)} | {plan.family_months:,.0f} | {by} | {left:,} | {plan.gap:.2e} |"


def main() -> None:
    """Print the frontier, the comparison, some worths and the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=5_000)
    parser.add_argument("--flats", type=int, default=1_500)
    parser.add_argument("--points", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--first-after", type=int, default=40, help="months; below zero: nobody before all others")
    given = parser.parse_args()
    first_after = None if given.first_after < 0 else given.first_after
    case = a_case(families=given.families, flats=given.flats, seed=given.seed, first_after_months=first_after)
    wall, cpu = time.perf_counter(), time.process_time()
    points = frontier(case, points=given.points)
    wall_frontier, cpu_frontier = time.perf_counter() - wall, time.process_time() - cpu
    print("| plan | cap (万元) | homes and money | subsidies | in all | family-months | 3 | 6 | 12 | 24 | 36 "
          "| 60 months | left waiting | gap |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for number, point in enumerate(points, start=1):
        print(_row(f"{number}", point.plan, case, f"{point.cap_yuan / 10_000:,.0f}"))
    print(_row("first come", first_come_plan(case), case))
    print(f"frontier: {wall_frontier:.1f} s, {cpu_frontier:.1f} CPU s; "
          f"largest gap {max(point.plan.gap for point in points):.2e}")
    wall, cpu = time.perf_counter(), time.process_time()
    best = points[-1].plan
    print(worth_of_money(case, payer=PAYERS[0], from_month=0, more_yuan=Decimal(1_000_000)))
    print(worth_of_homes(case, supply="M3", more=10))
    print(f"{len(assignments(best, case)):,} assignments and two worths: {time.perf_counter() - wall:.1f} s, "
          f"{time.process_time() - cpu:.1f} CPU s")


if __name__ == "__main__":
    main()
