"""The plans of a whole city, for documents and jobs that stand for the city itself and not for an actor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from zhengtu.campaign.models import Outlook
from zhengtu.campaign.outlook_basis import basis_of
from zhengtu.campaign.outlook_runs import is_stale, parts_of_city, refresh_city, request_outlooks
from zhengtu.campaign.plan_values import PlanRow, ReachView, Trajectory
from zhengtu.core.kernel.plain_values import value_from


@dataclass(frozen=True, slots=True)
class CityPlans:
    """Every part of a city in short, and the city as a whole, on a pair of dates.

    Attributes:
        rows: by code; parts whose plan is not computed are absent.
        whole: the curves and forecasts of the whole city; None where they are not computed.
        parts: how many parts there are.
    """

    rows: Sequence[PlanRow]
    whole: ReachView | None
    parts: int

    @property
    def missing(self) -> int:
        """Parts whose plan for these dates is not computed."""
        return self.parts - len(self.rows)


def city_plans(city: str, *, on: date, known: date | None) -> CityPlans:
    """The plans of a city as they were last computed for a pair of dates; nothing is computed or queued."""
    codes = parts_of_city(city)
    basis = basis_of(city, known=known)
    held = Outlook.objects.filter(code__in=[*codes, city], on=on, known_on=known).order_by("code")
    rows, whole = [], None
    for code, row, based_on, computed_at in held.values_list("code", "row", "basis", "computed_at"):
        if code == city:
            whole = _whole(code, on=on, known=known, is_stale_now=based_on != basis)
        else:
            rows.append(replace(value_from(PlanRow, row), is_stale=based_on != basis, computed_at=computed_at))
    return CityPlans(rows=rows, whole=whole, parts=len(codes))


def _whole(city: str, *, on: date, known: date | None, is_stale_now: bool) -> ReachView:
    held = Outlook.objects.get(code=city, on=on, known_on=known)
    return replace(value_from(ReachView, held.view), computed_at=held.computed_at, is_stale=is_stale_now)


def curves_of(codes: Sequence[str], *, on: date, known: date | None) -> dict[str, Mapping[str, Trajectory]]:
    """Code of a part, section, project, district or city -> its curves, of those that are computed."""
    held = Outlook.objects.filter(code__in=codes, on=on, known_on=known)
    return {
        code: value_from(Mapping[str, Trajectory], curves)
        for code, curves in held.values_list("code", "view__trajectories")
    }


def plans_are_current(city: str, *, on: date, known: date | None) -> bool:
    """Whether every part of the city has a plan on these dates that rests on everything recorded."""
    return not is_stale(city, on=on, known=known)


def compute_city_plans(city: str, *, on: date, known: date | None, now: datetime) -> None:
    """Compute the plans of a city for a pair of dates now, where they are missing or stale."""
    if is_stale(city, on=on, known=known):
        refresh_city(city, on=on, known=known, now=now)


def request_city_plans(city: str, *, on: date, known: date | None) -> None:
    """Queue the computing of a city's plans for a pair of dates, where they are missing or stale."""
    if is_stale(city, on=on, known=known):
        request_outlooks(city, on=on, known=known)
