"""Which plans a page of the schedule shows: of one part, of one project's parts, or of all parts in reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtu.accounts.queries import unit_names
from zhengtu.campaign.plan_queries import VERB, plan_codes, plans_for
from zhengtu.campaign.plan_values import PlanView
from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.planning.plan import PlannedActivity
from zhengtu.registry.queries import projects_for, sections_for
from zhengtu.web.office.cockpit.sentences import kept
from zhengtu.web.office.schedule.gantt_data import ChartPart, NameOf, ProofOf, names_in
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.templatetags.figures import named

EVERYTHING: Final = "all"
"""In an address, the code that stands for every part in reach."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The plans of a page.

    Attributes:
        code: a participation, a project, or ``EVERYTHING``.
        title: what they are called together.
        missing: parts in scope whose plan for these dates is not computed yet.
    """

    code: str
    title: str
    parts: list[ChartPart]
    missing: int
    dates: AsOf

    @property
    def name_of(self) -> NameOf:
        """Names of sections and units."""
        return names_in(self.parts)


def selection(request: HttpRequest, code: str) -> Selection:
    """The plans that an address asks for.

    Raises:
        Http404: when nothing of it is in scope.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dates = as_of(request)
    codes = _codes(actor, code)
    if not codes:
        raise Http404
    views = plans_for(actor, codes, on=dates.on, known=dates.known)
    projects = {project.code: named(project) for project in projects_for(actor, verb=VERB).only("name", "name_en")}
    units = {unit: in_language(pair) for unit, pair in unit_names(jurisdiction_of(one) for one in codes).items()}
    parts = []
    for one in codes:
        view = views.get(one)
        if view is not None:
            district, project = units.get(view.jurisdiction, view.jurisdiction), projects.get(view.project, "")
            parts.append(_part(view, code=code, district=district, project=project or view.project, dates=dates))
    if kind_or_none(code) == "participation" and not parts:
        raise Http404
    return Selection(code, _title(code, parts, projects), parts, len(codes) - len(parts), dates)


def _codes(actor: Actor, code: str) -> list[str]:
    """Codes of the parts in scope that a code stands for."""
    known = plan_codes(actor)
    if code == EVERYTHING:
        return sorted(known, key=lambda one: (jurisdiction_of(one), one))
    kind = kind_or_none(code)
    if kind == "project":
        return [one for one in known if project_of(one) == code]
    return [code] if kind == "participation" and code in known else []


def kind_or_none(code: str) -> str | None:
    """The kind of a code; None where it has no known shape."""
    try:
        return kind_of(code)
    except ValueError:
        return None


def _part(view: PlanView, *, code: str, district: str, project: str, dates: AsOf) -> ChartPart:
    href = reverse("schedule.of", args=[view.code]) + kept(dates)
    if code == EVERYTHING:
        return ChartPart(view, project, above=((view.jurisdiction, district),), href=href)
    if kind_or_none(code) == "project":
        return ChartPart(view, district, href=href)
    return ChartPart(view, f"{project} · {district}", href=href)


def _title(code: str, parts: list[ChartPart], projects: dict[str, str]) -> str:
    if code == EVERYTHING:
        return _("All parts in reach")
    if kind_or_none(code) == "project":
        return projects.get(code, code)
    return parts[0].name


def names_for(actor: Actor) -> dict[str, tuple[str, str]]:
    """Names of projects, units and the sections whose plans are in scope, by code."""
    sections = sections_for(actor, verb=VERB).only("code", "name", "name_en")
    return {**names_in_reach(), **{one.code: (one.name, one.name_en) for one in sections}}


def target_address(dates: AsOf, code: str, key: str) -> str:
    """The page that proves whether a part's target can be met."""
    return reverse("schedule.deadline", args=[code, key]) + kept(dates)


def proof_address(dates: AsOf) -> ProofOf:
    """Where the facts behind a bar are read: the step on the procedure's page, the households of the section."""
    procedure = {}

    def address(activity: PlannedActivity) -> str:
        if activity.stage is not None:
            return reverse("section.view", args=[activity.subject]) + kept(dates)
        if activity.subject not in procedure:
            procedure[activity.subject] = reverse("procedure.view", args=[activity.subject]) + kept(dates)
        return f"{procedure[activity.subject]}#{activity.step}" if activity.step else procedure[activity.subject]

    return address
