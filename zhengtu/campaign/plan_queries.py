"""Plans and forecasts for the screens: every door asks for the actor and gives only the parts in scope.

Plans are read as they were last computed (``campaign.outlook_runs``). Of a pair of dates that nobody has asked for
yet one part is computed at once, and a whole list by a task, while the page says how far that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db.models import F
from django.utils import timezone

from zhengtu.campaign.models import Outlook
from zhengtu.campaign.outlook_basis import basis_of
from zhengtu.campaign.outlook_forecasts import containers_of
from zhengtu.campaign.outlook_runs import compute_part, compute_parts, parts_of_city, request_outlooks
from zhengtu.campaign.plan_values import Baseline, BaselineSet, PlanRow, PlanView, ReachView
from zhengtu.campaign.plans_without_money import VERB as MONEY
from zhengtu.campaign.plans_without_money import without_money
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.core.planning.plan import Light, Plan
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.work_list import WorkItem
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import participations_for, scope_of

VERB: Final = "schedule.view"


@dataclass(frozen=True, slots=True)
class PlansStanding:
    """The parts in reach in short, with how many of them are still being computed.

    Attributes:
        codes: of every part in reach.
        basis: city -> what a plan of it has to rest on now.
        computed_at: when the oldest of them was computed; None where none is.
    """

    rows: Sequence[PlanRow]
    codes: Sequence[str]
    basis: Mapping[str, str]
    computed_at: datetime | None

    @property
    def of(self) -> int:
        """How many parts there are in reach."""
        return len(self.codes)

    @property
    def missing(self) -> int:
        """Parts whose plan for these dates is not computed yet."""
        return self.of - len(self.rows)

    @property
    def is_stale(self) -> bool:
        """Whether something was recorded since some of them were computed."""
        return any(row.is_stale for row in self.rows)

    @property
    def section_lights(self) -> dict[str, Light]:
        """Section -> its light."""
        return {code: light for row in self.rows for code, light in row.section_lights.items()}


def plan_for(
    actor: Actor, code: str, *, on: date, known: date | None, verb: str = VERB
) -> PlanView | None:
    """The plan of one part of a project in scope as of a day, as known on a day (None: now); None out of scope."""
    return plans_for(actor, [code], on=on, known=known, verb=verb).get(code)


def plans_for(
    actor: Actor, codes: Sequence[str], *, on: date, known: date | None, verb: str = VERB
) -> dict[str, PlanView]:
    """The plans of these parts as far as they are in scope; one part alone is computed at once where it is missing,
    of several those are given that are computed, and the others are queued."""
    asked = sorted(set(codes).intersection(plan_codes(actor, verb=verb)))
    rows = _rows(asked, on=on, known=known)
    if len(asked) == 1 and not rows:
        compute_part(asked[0], on=on, known=known, now=timezone.now())
        rows = _rows(asked, on=on, known=known)
    fresh = {city: basis_of(city, known=known) for city in sorted({city_of(code) for code in rows})}
    current = {code for code, row in rows.items() if row.basis == fresh[city_of(code)]}
    for city in sorted({city_of(code) for code in asked if code not in current}):
        request_outlooks(city, on=on, known=known)
    money = _money_codes(actor, asked, verb=verb)
    views = {
        code: value_from(PlanView, row.view if code in money else without_money(row.view))
        for code, row in rows.items()
    }
    baselines = _baselines(views, money)
    return {
        code: replace(
            view, is_stale=code not in current, computed_at=rows[code].computed_at,
            baseline=baselines.get(code),
        )
        for code, view in views.items()
    }


def _money_codes(actor: Actor, codes: Iterable[str], *, verb: str) -> set[str]:
    """Those of the parts, which are in scope of the verb, whose account the actor may see."""
    if scope_of(actor, verb=verb) == scope_of(actor, verb=MONEY):
        return set(codes)
    return set(codes).intersection(plan_codes(actor, verb=MONEY))


def _rows(codes: Sequence[str], *, on: date, known: date | None) -> dict[str, Outlook]:
    held = Outlook.objects.defer("row").filter(code__in=codes, on=on, known_on=known)
    return {row.code: row for row in held.order_by("code")}


def _row(code: str, *, on: date, known: date | None) -> Outlook | None:
    return Outlook.objects.defer("row").filter(code=code, on=on, known_on=known).first()


def _baselines(views: Mapping[str, PlanView], money: set[str]) -> dict[str, Baseline]:
    """Part -> the plan of its baseline's day by what was known when it was set; computed once and kept."""
    together: dict[tuple[date, date], dict[str, BaselineSet]] = {}
    for code, view in views.items():
        if (held := view.baseline_set) is not None:
            together.setdefault((held.on, held.recorded_on), {})[code] = held
    found = {}
    for (on, recorded_on), sets in together.items():
        rows = _rows(list(sets), on=on, known=recorded_on)
        missing = [code for code in sets if code not in rows]
        if missing:
            compute_parts(missing, on=on, known=recorded_on, now=timezone.now())
            rows |= _rows(missing, on=on, known=recorded_on)
        for code, row in rows.items():
            plan = row.view["plan"] if code in money else without_money(row.view["plan"])
            found[code] = Baseline(on, sets[code].deed, value_from(Plan, plan))
    return found


def week_list(
    actor: Actor, *, on: date, known: date | None, verb: str = VERB
) -> dict[tuple[str, Stage | None], list[WorkItem]]:
    """(unit, stage) -> what it must do from that day on, over all plans in scope; what is overdue first.

    Parts whose plan is still being computed are left out; ``plans_standing`` says how many.
    """
    held = Outlook.objects.filter(code__in=plan_codes(actor, verb=verb), on=on, known_on=known).order_by("code")
    found: dict[tuple[str, Stage | None], list[WorkItem]] = {}
    for week in held.values_list("view__week", flat=True):
        for item in (value_from(WorkItem, one) for one in week or ()):
            found.setdefault((item.responsible, item.stage), []).append(item)
    for items in found.values():
        items.sort(key=lambda one: (not one.is_overdue, one.by_on, one.activity))
    return dict(sorted(found.items(), key=lambda one: (one[0][0], str(one[0][1] or ""))))


def plans_standing(
    actor: Actor, *, on: date, known: date | None, verb: str = VERB, project: str = ""
) -> PlansStanding:
    """Every part in scope in short, by code, with how many there are; of one project where one is named.

    What is missing or stale is queued.
    """
    codes = plan_codes(actor, verb=verb, project=project)
    held = Outlook.objects.filter(code__in=codes, on=on, known_on=known).order_by("code")
    fresh = {city: basis_of(city, known=known) for city in sorted({city_of(code) for code in codes})}
    rows, instants = [], []
    money = _money_codes(actor, codes, verb=verb)
    for code, row, basis, computed_at in held.values_list("code", "row", "basis", "computed_at"):
        stale = basis != fresh[city_of(code)]
        own = row if code in money else without_money(row)
        rows.append(replace(value_from(PlanRow, own), is_stale=stale, computed_at=computed_at))
        instants.append(computed_at)
    found = {row.code for row in rows if not row.is_stale}
    for city in sorted({city_of(code) for code in codes if code not in found}):
        request_outlooks(city, on=on, known=known)
    return PlansStanding(rows=rows, codes=codes, basis=fresh, computed_at=min(instants, default=None))


def reach_view(
    actor: Actor, code: str, *, on: date, known: date | None, verb: str = VERB
) -> ReachView | None:
    """A project, district or city as a whole; None where the actor does not reach all of it, or it is not computed."""
    if code not in whole_reaches(actor, verb=verb):
        return None
    row = _row(code, on=on, known=known)
    if row is None:
        request_outlooks(city_of(code), on=on, known=known)
        return None
    return _reach_of(row)


def section_plan_row(
    actor: Actor, section: str, *, on: date, known: date | None, verb: str = VERB
) -> PlanRow | None:
    """The part of a section in short as it was last computed; None out of scope, or where it is not computed."""
    part = participation_of(section)
    if part not in plan_codes(actor, verb=verb):
        return None
    row = Outlook.objects.filter(code=part, on=on, known_on=known).values_list("row", flat=True).first()
    if row is None:
        return None
    return value_from(PlanRow, row if _money_codes(actor, [part], verb=verb) else without_money(row))


def section_view(
    actor: Actor, code: str, *, on: date, known: date | None, verb: str = VERB
) -> ReachView | None:
    """The curves and forecasts of a section whose part is in scope; None otherwise."""
    if participation_of(code) not in plan_codes(actor, verb=verb):
        return None
    row = _row(code, on=on, known=known)
    if row is None:
        compute_part(participation_of(code), on=on, known=known, now=timezone.now())
        row = _row(code, on=on, known=known)
    return None if row is None else _reach_of(row)


def _reach_of(row: Outlook, *, basis: str = "") -> ReachView:
    is_stale = row.basis != (basis or basis_of(city_of(row.code), known=row.known_on))
    return replace(value_from(ReachView, row.view), computed_at=row.computed_at, is_stale=is_stale)


def whole_view(
    plans: PlansStanding, *, on: date, known: date | None, with_curves: bool = True
) -> ReachView | None:
    """All of these parts together, where they are exactly a city, a district or a project; None otherwise.

    Args:
        with_curves: False leaves the curves of years of days unread, for who asks for forecasts alone.
    """
    own = set(plans.codes)
    code = next((code for code, parts in _parts_by_reach(own).items() if parts == own), "")
    if not code:
        return None
    row = _row(code, on=on, known=known) if with_curves else _row_without_curves(code, on=on, known=known)
    return None if row is None else _reach_of(row, basis=plans.basis[city_of(code)])


def _row_without_curves(code: str, *, on: date, known: date | None) -> Outlook | None:
    held = Outlook.objects.filter(code=code, on=on, known_on=known).defer("row", "view").annotate(
        forecasts=F("view__forecasts")
    ).first()
    if held is not None:
        held.view = {
            "code": code, "on": on.isoformat(), "known": known.isoformat() if known else None, "trajectories": {},
            "forecasts": held.forecasts, "computed_at": held.computed_at.isoformat(),
        }
    return held


def whole_reaches(actor: Actor, *, verb: str = VERB) -> list[str]:
    """Codes of the cities, districts and projects of which every part is in scope, in that order."""
    own = set(plan_codes(actor, verb=verb))
    whole = [code for code, parts in _parts_by_reach(own).items() if parts <= own]
    return sorted(whole, key=lambda code: (len(code), not code.endswith("00"), code))


def _parts_by_reach(codes: Iterable[str]) -> dict[str, set[str]]:
    """City, district or project that some of these parts lie in -> all parts that lie in it."""
    own = list(codes)
    touched = {subject for code in own for subject in containers_of(code)}
    found: dict[str, set[str]] = {subject: set() for subject in touched}
    for city in {city_of(code) for code in own}:
        for code in parts_of_city(city):
            for subject in touched.intersection(containers_of(code)):
                found[subject].add(code)
    return found


def plan_codes(actor: Actor, *, verb: str = VERB, project: str = "") -> list[str]:
    """Codes of the parts of projects in scope; of one project where one is named."""
    rows = participations_for(actor, verb=verb).only("project_id", "jurisdiction_id")
    if project:
        rows = rows.filter(project=project)
    return sorted(row.code for row in rows)


def sees_plans(actor: Actor) -> bool:
    """Whether some plan is in scope."""
    return participations_for(actor, verb=VERB).exists()
