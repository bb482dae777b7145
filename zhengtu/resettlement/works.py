"""When buildings are completed: permits and stages out of the facts, and what usually follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from zhengtu.core.resettlement.works import CompletionForecast, completion_forecast
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.resettlement.facts import ToldFact, told_in_order
from zhengtu.resettlement.models import ResettlementBuilding

PERMITTED = "site_permitted"
REACHED = "works_reached"
ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class StageReached:
    """A permit or stage of the works with its day and the deed that holds its papers."""

    stage: str
    on: date
    deed: str
    number: str = ""


def forecasts_of(
    buildings: Collection[ResettlementBuilding], *, on: date, known: date | None = None
) -> dict[str, CompletionForecast]:
    """Building -> when it will be completed, as seen on a day; those that stand alike are reckoned once."""
    rules = current_rulebook().resettlement
    stages = stages_of(buildings, on=on, known=known)
    reckoned: dict[tuple[tuple[str, date], ...], CompletionForecast] = {}
    found = {}
    for one in buildings:
        reached = {stage.stage: stage.on for stage in stages[one.code]}
        key = tuple(sorted(reached.items()))
        if key not in reckoned:
            reckoned[key] = completion_forecast(rules.stages, reached=reached, on=on, frost_months=rules.frost_months)
        found[one.code] = reckoned[key]
    return found


def chances_by_site(city: str, *, on: date) -> dict[str, dict[str, CompletionForecast]]:
    """Site -> building -> when it will be completed, of all sites of a city, as seen on a day."""
    buildings = list(ResettlementBuilding.objects.filter(site__code__startswith=city[:4]).order_by("code"))
    forecasts = forecasts_of(buildings, on=on)
    found: dict[str, dict[str, CompletionForecast]] = {}
    for one in buildings:
        found.setdefault(one.site_id, {})[one.code] = forecasts[one.code]
    return found


def stages_of(
    buildings: Collection[ResettlementBuilding], *, on: date, known: date | None = None
) -> dict[str, list[StageReached]]:
    """Building -> its permits, those of its site among them, and its stages by a day, in the order of the works."""
    codes = {one.code for one in buildings} | {one.site_id for one in buildings}
    by_subject: dict[str, list[ToldFact]] = {}
    if codes:
        reach = Reach(codes=tuple(sorted(codes)))
        for row in told_in_order((PERMITTED, REACHED), reach=reach, on=on, known=known):
            by_subject.setdefault(row.subject, []).append(row)
    places = {stage.id: place for place, stage in enumerate(current_rulebook().resettlement.stages)}
    found = {}
    for one in buildings:
        first: dict[str, StageReached] = {}
        for row in (*by_subject.get(one.site_id, ()), *by_subject.get(one.code, ())):
            told: Mapping[str, str] = row.attributes
            stage = told["permit"] if row.kind == PERMITTED else told["stage"]
            held = first.get(stage)
            if held is None or row.happened_on < held.on:
                first[stage] = StageReached(stage, row.happened_on, row.deed_id, told.get("number", ""))
        found[one.code] = sorted(first.values(), key=lambda stage: places[stage.stage])
    return found
