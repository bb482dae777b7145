"""Two resettlement sites, a building with six homes, and families with entitlements, for tests of resettlement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.files.base import ContentFile

from tests.factories import PROJECT, RAILWAY_INVESTMENT, TODAY, Scene, actor_with, at, build_campaign, record
from zhengtu.core.compensation.subsidy_account import SubsidyAccount
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.models import Home, ResettlementBuilding, Site
from zhengtu.resettlement.site_actions import reach_stage, record_permit
from zhengtu.resettlement.subsidies import accounts_of

SITE: Final = "220204-T0001"
BUILDING: Final = f"{SITE}-Z01"
SIGNED_ON: Final = date(2021, 3, 1)
MOVED_ON: Final = date(2021, 4, 1)
PROMISED_ON: Final = date(2023, 4, 1)
"""24 months after moving out; on 2025-02-14 that is more than 22 months ago."""

TERMS: Final[dict[str, Any]] = {
    "payer": RAILWAY_INVESTMENT, "payer_kind": "state_enterprise", "home_type": "two_bedroom", "home_area_m2": "75.00",
    "site": SITE, "given_up_area_m2": "60.00", "moved_out_on": MOVED_ON.isoformat(), "agreed_months": 24,
    "rule": "jilin-city-legacy",
}


def build_site(code: str = SITE, *, client: str = RAILWAY_INVESTMENT, homes: int = 6) -> Site:
    """A site with one building of so many homes of 75 m², two on a floor."""
    site = Site.objects.create(
        code=code, name="江畔家园（演示）", client_id=client, address="演示路1号", longitude=126.55, latitude=43.84,
        projects=[PROJECT],
    )
    building = ResettlementBuilding.objects.create(
        code=f"{code}-Z01", site=site, name="1号楼", floors=3, planned_completion_on=date(2025, 10, 31),
        budget_yuan=Decimal("12000000.00"),
    )
    for number in range(1, homes + 1):
        Home.objects.create(
            code=f"{building.code}-U{number:04d}", building=building, home_type="two_bedroom",
            area_m2=Decimal("75.00"), floor=(number + 1) // 2, number=f"{(number + 1) // 2}0{2 - number % 2}",
        )
    return site


def build_waiting(*, late: int = 3) -> Scene:
    """The test campaign with a site; the three families of 船营区 wait, so many of them past their promised day."""
    scene = build_campaign()
    build_site()
    for number, household in enumerate(scene.households[:3]):
        promised = PROMISED_ON if number < late else date(2026, 4, 1)
        record(household.code, "signed", SIGNED_ON, recorded_at=None)
        record(household.code, "resettlement_promised", SIGNED_ON, {"promised_on": promised.isoformat()})
        entitle(household.code)
    return scene


def entitle(household: str, *, on: date = SIGNED_ON, supersedes: str = "", **changed: Any) -> str:
    """Record an entitlement; returns the deed's key."""
    return record(household, "entitlement_agreed", on, {**TERMS, **changed}, supersedes=supersedes)


def account_of(household: str, *, until: date) -> SubsidyAccount:
    """The account of one family on a day; a day ahead is a forecast."""
    return accounts_of([household], until=until)[household]


def paper(*kinds: str) -> Sequence[OfferedFile]:
    """A paper of each kind of evidence."""
    return [
        OfferedFile(kind, f"{kind}.txt", ContentFile(f"演示材料，内容虚构：{kind}".encode(), name=f"{kind}.txt"))
        for kind in kinds
    ]


def works_to(stage: str, *, start_on: date = date(2022, 5, 1)) -> None:
    """Record the permit to build and the stages of the building up to one, 120 days each."""
    client, site = actor_with("client"), Site.objects.get(pk=SITE)
    record_permit(
        actor=client, site=site, subject=BUILDING, permit="construction", number="演示1号",
        permitted_on=start_on - timedelta(days=30), files=paper("permit"), now=at(TODAY),
    )
    stages = ("started", "foundation", "half_height", "topped_out", "fitted", "accepted")
    for place, one in enumerate(stages[: stages.index(stage) + 1]):
        reach_stage(
            actor=client, site=site, building=BUILDING, stage=one, reached_on=start_on + timedelta(days=120 * place),
            files=paper("site_photo"), now=at(TODAY),
        )
