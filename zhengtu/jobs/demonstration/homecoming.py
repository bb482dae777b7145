"""Homes in the demonstration this winter: homes on offer, a stage of the works with its photo, a drawing of lots."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.files.base import ContentFile

from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.housing import SCRIPT
from zhengtu.jobs.demonstration.script import leader_of
from zhengtu.jobs.demonstration.staging import moment, script_of
from zhengtu.jobs.demonstration.works_photos import WorksPhoto, works_photos
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.choosing_order import choosing_orders, who_choose
from zhengtu.resettlement.home_actions import assign_home
from zhengtu.resettlement.lot_actions import close_list, draw_lots, prepare_lots
from zhengtu.resettlement.models import Site
from zhengtu.resettlement.promises import told_homes
from zhengtu.resettlement.queries import HomeState, homes_of
from zhengtu.resettlement.register import sites_in
from zhengtu.resettlement.site_actions import offer_stock, reach_stage
from zhengtu.resettlement.works import stages_of

_NEXT: Final = {"topped_out": "fitted", "half_height": "topped_out", "foundation": "half_height"}
_PAPER: Final = "演示材料，内容虚构：{text}\n"
_WHOLE: Final = 20_000
_CHOOSE: Final = 12
"""Families that have chosen their home by the order drawn."""


def bring_home(*, city: str, now: datetime) -> None:
    """Play the winter: stages with photos, lots and the first homes chosen."""
    for site in sites_in(city):
        if site.code.endswith("2"):
            _build(site, now=now)
    _draw(city, now=now)


def offer_homes(*, city: str, households: int, now: datetime) -> None:
    """Put existing homes on offer.

    Args:
        households: size of the demonstration, by which their number is scaled.
    """
    told: dict[str, Any] = script_of(SCRIPT)
    on = civil_date(at=now) - timedelta(days=40)
    actor = actor_called("client_guokai", on=on)
    for entry in told["stock"]:
        for kind, count in entry["counts"].items():
            area = Decimal(told["areas"][kind])
            price = area * Decimal(told["stock_yuan_per_m2"]) * Decimal(str(entry["factor"]))
            offer_stock(
                actor=actor, city=city, client=actor.postings[0].unit, name=entry["name"], home_type=kind, area_m2=area,
                count=max(1, round(count * households / _WHOLE)), price_yuan=price.quantize(Decimal(1000)),
                ready_on=civil_date(at=now) + timedelta(days=20), now=moment(on, hour=10, now=now),
            )


def _build(site: Site, *, now: datetime) -> None:
    """The first building that may reach its next stage does, with a photo."""
    on = civil_date(at=now) - timedelta(days=12)
    buildings = list(site.buildings.order_by("code"))
    for building, reached in ((one, stages_of([one], on=on)[one.code]) for one in buildings):
        stage = _NEXT.get(reached[-1].stage if reached else "")
        username = {"220200-guokai-jilin": "client_guokai", "220200-railway-investment": "client_railway"}.get(
            site.client_id
        )
        if stage is None or username is None:
            continue
        picture = works_photos([WorksPhoto(building.code, on.isoformat(), stage, building.floors)])[0]
        file = OfferedFile("site_photo", "工程照片（演示）.png", ContentFile(picture, name="works.png"))
        reach_stage(
            actor=actor_called(username, on=on), site=site, building=building.code, stage=stage, reached_on=on,
            files=[file], now=moment(on, hour=11, now=now),
        )
        return


def _draw(city: str, *, now: datetime) -> None:
    """Lots for the site with the most families that choose there, and the first of them with their homes."""
    today = civil_date(at=now)
    sites = [one for one in sites_in(city) if who_choose(one.code, on=today)]
    if not sites:
        return
    site = max(sites, key=lambda one: (len(who_choose(one.code, on=today)), one.code))
    actor = actor_called(leader_of(site.code[:6]), on=today)
    prepared, closed, drawn = (today - timedelta(days=days) for days in (20, 15, 8))
    draw = prepare_lots(
        actor=actor, site=site, title=f"{site.name}首批选房摇号", now=moment(prepared, hour=9, now=now)
    )
    families = sorted(who_choose(site.code, on=closed))
    close_list(
        actor=actor, draw=draw, households=families, files=[_paper("announcement", "摇号名单和种子指纹")],
        now=moment(closed, hour=9, now=now),
    )
    draw_lots(actor=actor, draw=draw, now=moment(drawn, hour=9, now=now))
    families_choosing = who_choose(site.code, on=drawn)
    free = [one.home for one in homes_of(site, on=drawn) if one.state is HomeState.FREE]
    told, why = told_homes(f"{site.code}-", on=today), ""
    for household in choosing_orders(site.code, on=drawn)["lot"][:_CHOOSE]:
        kept = {home for home, families in told.items() if set(families) - {household}}
        wanted = families_choosing[household].home_type
        home = next((one for one in free if one.home_type == wanted and one.code not in kept), None)
        if home is None:
            why = "前面的住户约定的户型暂无余房，本户依次选定（演示）"
            continue
        free.remove(home)
        assign_home(
            actor=actor, household=household, home=home.code, by="lot", why=why,
            files=[_paper("resettlement_agreement", f"选房确认 {home.code}")], now=moment(drawn, hour=10, now=now),
        )


def _paper(kind: str, text: str) -> OfferedFile:
    name = "选房材料（演示）.txt"
    return OfferedFile(kind, name, ContentFile(_PAPER.format(text=text).encode(), name=name))
