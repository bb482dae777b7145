"""Plan against actual with the forecast, of whatever an actor reaches: a city, a district, a project, a part of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from zhengtu.accounts.models import Unit
from zhengtu.campaign.plan_queries import plan_codes, plan_for, reach_view, section_view, whole_reaches
from zhengtu.campaign.plan_targets import target_key
from zhengtu.campaign.plan_values import ForecastLine, PlanView, ReachView, Trajectory
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, kind_of, project_of
from zhengtu.core.procedure.steps import Label
from zhengtu.registry.models import Campaign, Deadline, Project, Section
from zhengtu.registry.procedure_cases import participation_of


@dataclass(frozen=True, slots=True)
class TrajectoryPage:
    """The curves of one subject.

    Attributes:
        choices: (code, name) of everything in reach that has curves: cities, districts, projects, parts.
        trajectories: figure -> its curves; empty while they are being computed.
        forecasts: of deadlines and goals.
        deadlines: key -> (day, goal, name) of the subject's deadlines.
        parts: codes of the parts behind it.
    """

    code: str
    name: Label
    choices: Sequence[tuple[str, Label]]
    trajectories: Mapping[str, Trajectory]
    forecasts: Sequence[ForecastLine]
    deadlines: Mapping[str, tuple[date, str, Label]]
    parts: Sequence[str]
    computed_at: datetime | None
    is_stale: bool


def trajectory_page(
    actor: Actor, code: str, *, on: date, known: date | None
) -> TrajectoryPage | None:
    """The curves of one subject in scope (empty: the widest); None out of scope, and where nothing is in scope."""
    parts, wide = plan_codes(actor), whole_reaches(actor)
    codes = [*wide, *(part for part in parts if project_of(part) not in wide or _is_shared(part, parts))]
    code = code or next(iter(codes), "")
    if not code or (code not in {*codes, *parts} and participation_of(code) not in parts):
        return None
    names = _names([*codes, code])
    behind = [
        part for part in parts
        if code in (part, project_of(part), jurisdiction_of(part), city_of(part)) or part == participation_of(code)
    ]
    return _page(actor, code, names, [(one, names[one]) for one in codes], behind, on=on, known=known)


def trajectories_of_project(actor: Actor, code: str, *, on: date, known: date | None) -> TrajectoryPage | None:
    """The curves of a project, or of its first part in scope where other parts are out of scope; None without any."""
    whole = trajectory_page(actor, code, on=on, known=known)
    if whole is not None:
        return whole
    part = next(iter(plan_codes(actor, project=code)), "")
    return trajectory_page(actor, part, on=on, known=known) if part else None


def _page(
    actor: Actor, code: str, names: Mapping[str, Label], choices: Sequence[tuple[str, Label]],
    parts: Sequence[str], *, on: date, known: date | None,
) -> TrajectoryPage:
    reads = {"participation": plan_for, "section": section_view}
    read: Callable[..., PlanView | ReachView | None] = reads.get(kind_of(code), reach_view)
    view = read(actor, code, on=on, known=known)
    deadlines = _deadlines(parts)
    return TrajectoryPage(
        code=code, name=names[code], choices=choices, parts=parts,
        trajectories=view.trajectories if view else {},
        forecasts=[one for one in view.forecasts if one.subject == code] if view else [],
        deadlines=deadlines, computed_at=view.computed_at if view else None, is_stale=bool(view and view.is_stale),
    )


def _is_shared(part: str, parts: Sequence[str]) -> bool:
    """Whether the part's project has other parts too, so that the part is something of its own."""
    return sum(project_of(one) == project_of(part) for one in parts) > 1


def _names(codes: Sequence[str]) -> dict[str, Label]:
    """Names of cities (their campaign's), districts, projects and parts."""
    projects = {
        code: (name, name_en)
        for code, name, name_en in Project.objects.filter(
            code__in={project_of(code) for code in codes if "-" in code}
        ).values_list("code", "name", "name_en")
    }
    units = {
        code: (short or name, name_en)
        for code, name, short, name_en in Unit.objects.values_list("code", "name", "short_name", "name_en")
    }
    campaigns = {
        city_of(code): (name, name_en)
        for code, name, name_en in Campaign.objects.order_by("start_on").values_list("code", "name", "name_en")
    }
    found = {}
    for code in codes:
        kind = kind_of(code)
        if kind == "section":
            section = Section.objects.only("name", "name_en").get(pk=code)
            found[code] = (section.name, section.name_en or section.name)
        elif kind == "participation":
            project, unit = projects[project_of(code)], units[jurisdiction_of(code)]
            found[code] = (f"{project[0]} · {unit[0]}", f"{project[1]} · {unit[1]}")
        else:
            found[code] = projects.get(code) or campaigns.get(code) or units[code]
    return found


def _deadlines(parts: Sequence[str]) -> dict[str, tuple[date, str, Label]]:
    """Deadlines of the projects of these parts, of their sections and of their campaign, the earliest first."""
    projects = {project_of(part) for part in parts}
    rows = Deadline.objects.filter(
        Q(project__in=projects) | Q(section__project__in=projects)
        | Q(project__isnull=True, section__isnull=True, campaign__projects__in=projects)
    ).distinct().order_by("due_on", "id")
    found: dict[str, tuple[date, str, Label]] = {}
    for goal, due_on, name, name_en in rows.values_list("goal", "due_on", "name", "name_en"):
        found.setdefault(target_key(goal=goal, due_on=due_on), (due_on, goal, (name, name_en)))
    return found
