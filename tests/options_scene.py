"""A run of the options engine over the late families of 船营区, with a plan drafted out of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from tests.factories import CITY, NOW, RAILWAY_INVESTMENT, Scene, actor_with, record
from tests.resettlement_scene import SIGNED_ON, TERMS
from zhengtu.core.authority.actor import Actor
from zhengtu.resettlement.models import HomeStock, OptionsRun
from zhengtu.resettlement.options_runs import carry_out_options_run, start_options_run
from zhengtu.resettlement.options_settings import OptionsSettings, YearBudget
from zhengtu.resettlement.plan_actions import draft_plan

PART: Final = "220204-P0001"


def homes_on_offer(*, count: int = 1) -> HomeStock:
    """Existing homes of 72 m² at 400,000 yuan, ready in two weeks."""
    return HomeStock.objects.create(
        city=CITY, name="江城现房（演示）", home_type="two_bedroom", area_m2=Decimal("72.00"), count=count,
        price_yuan=Decimal("400000.00"), ready_on=date(2025, 3, 1), offered_on=date(2025, 1, 1), deed="220200-0000001",
    )


def options_settings(*, yuan: int = 400_000, points: int = 3) -> OptionsSettings:
    """What the railway company has in 2025."""
    return OptionsSettings(budgets=[YearBudget(RAILWAY_INVESTMENT, 2025, Decimal(yuan))], points=points)


def tried(actor: Actor | None = None, *, yuan: int = 400_000) -> OptionsRun:
    """A run that waits, asked for by the district's leader unless said otherwise."""
    return start_options_run(
        actor=actor or actor_with("district_leader"), parts=[PART], title="先安置后理清",
        settings=options_settings(yuan=yuan), now=NOW,
    )


def computed_run(actor: Actor | None = None, *, yuan: int = 400_000) -> OptionsRun:
    """The same, computed."""
    run = tried(actor, yuan=yuan)
    carry_out_options_run(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    return run


def drafted_plan(scene: Scene) -> str:
    """A plan drafted out of the point that spends most, of a family that is entitled to a home on offer."""
    record(scene.households[1].code, "entitlement_agreed", SIGNED_ON, {**TERMS, "site": ""}, recorded_at=NOW)
    homes_on_offer()
    run = computed_run()
    return draft_plan(
        actor=actor_with("district_leader"), run=run, point=len(run.result["points"]) - 1, part=PART, now=NOW
    )
