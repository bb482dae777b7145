"""What the city steers by: one call gives the whole cockpit of an actor's reach on a pair of dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Avg, F, Q

from zhengtu.accounts.models import Unit
from zhengtu.campaign.deadline_outlooks import (
    DeadlineOutlook,
    deadline_outlooks,
    decision_items,
    without_repetition,
)
from zhengtu.campaign.facts import (
    DeadlineOf,
    DeadlineStanding,
    JurisdictionStanding,
    LateItem,
    SectionStanding,
    deadlines_by_day,
    overdue_projects,
    place_state,
    ranked,
)
from zhengtu.campaign.funding import late_funds
from zhengtu.campaign.plan_queries import PlansStanding, plans_standing, whole_view
from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of
from zhengtu.core.ledger.figures import FIGURES
from zhengtu.ledger import queries as ledger
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Figures, Reach
from zhengtu.registry.models import Campaign, Deadline, Project, Section
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import campaign_of, projects_for

VERB: Final = "cockpit.view"
CHANGE_DAYS: Final = 7
CURVE_DAYS: Final = 90
"""How far the curves reach back when the campaign is older."""
HEADLINES: Final = ("signed_count", "vacated_count", "handed_over_count", "overdue_over_0")
_NOTHING: Final[Figures] = dict.fromkeys(FIGURES, 0)


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the big figures with its course; ``of`` is what it could be at most, or None."""

    figure: str
    value: int
    of: int | None
    change: int
    course: Sequence[int]


@dataclass(frozen=True, slots=True)
class Cockpit:
    """Everything that the cockpit shows of an actor's reach.

    Attributes:
        change: change of every figure in the last seven days.
        curve_from: first day of the curves; they end on the page's date.
        curves: figure -> its value by the end of each day.
        project_states, section_states: state -> how many.
        due: how many sections and households deadlines ask to be done by now.
        plans: the plans behind lights and outlooks, with how many are still being computed.
        outlooks: key of a deadline -> the earliest honest date and how probable it is.
    """

    campaign: Campaign | None
    total: Figures
    change: Figures
    households: int
    sections: int
    deadlines: Sequence[DeadlineStanding]
    headlines: Sequence[Headline]
    late: Sequence[LateItem]
    ranking: Sequence[JurisdictionStanding]
    curve_from: date
    curves: Mapping[str, Sequence[int]]
    project_states: Mapping[str, int]
    section_states: Mapping[str, int]
    names: Mapping[str, tuple[str, str]]
    due: Mapping[str, int]
    plans: PlansStanding
    outlooks: Mapping[str, DeadlineOutlook]


def cockpit(actor: Actor, *, on: date, known: date | None) -> Cockpit:
    """The cockpit as of a day, as known on a day (None: now)."""
    reach = reach_of(actor, verb=VERB)
    campaign = _campaign(actor)
    sections = section_standings(reach, on=on, known=known)
    total = ledger.total_of({section.code: section.figures for section in sections})
    change = ledger.total_of({section.code: section.change for section in sections})
    start = max(campaign.start_on, on - timedelta(days=CURVE_DAYS)) if campaign else on - timedelta(days=CURVE_DAYS)
    start = min(start, on - timedelta(days=CHANGE_DAYS))
    curves = ledger.figure_series(reach=reach, start=start, end=on, figures=HEADLINES, known=known, at_end=total)
    by_project = _by_project(sections)
    deadlines = deadlines_of(reach, sections, by_project=by_project)
    households = sum(section.households for section in sections)
    plans = plans_standing(actor, on=on, known=known)
    late = _late(actor, reach, plans, by_project, on=on, known=known)
    legacy = legacy_projects(deadlines)
    return Cockpit(
        campaign=campaign, total=total, change=change, households=households, sections=len(sections),
        deadlines=deadlines_by_day(deadlines, on=on),
        headlines=[
            Headline(
                figure=figure, value=total[figure], change=change[figure], course=curves[figure],
                of={"handed_over_count": len(sections), "overdue_over_0": None}.get(figure, households),
            )
            for figure in HEADLINES
        ],
        late=late,
        ranking=ranked(section for section in sections if section.project not in legacy),
        curve_from=start, curves=curves,
        project_states=_counted(place_state(group) for group in by_project.values()),
        section_states=_counted(section.state for section in sections),
        names=names_of(reach, late),
        due=_due(deadlines, on=on), plans=plans,
        outlooks=deadline_outlooks(plans.rows, whole=whole_view(plans, on=on, known=known, with_curves=False)),
    )


def _campaign(actor: Actor) -> Campaign | None:
    return campaign_of(actor.postings[0].unit) if actor.postings else None


def section_standings(
    reach: Reach, *, on: date, known: date | None, condition: Q | None = None, since: date | None = None,
    with_change: bool = True,
) -> list[SectionStanding]:
    """Every section within reach (and the condition on sections) with its figures and their change in seven days, or
    from the end of the day ``since`` where one is given; without it the change is not read and zero."""
    rows = Section.objects.filter(reach.condition("code"))
    if condition is not None:
        rows = rows.filter(condition)
    listed = list(rows.order_by("code").values_list("code", "name", "name_en", "project_id", "jurisdiction_id"))
    only = [row[0] for row in listed] if condition is not None else None
    week_before = since or on - timedelta(days=CHANGE_DAYS)
    figures = ledger.figures_by_section(reach=reach, on=on, known=known, sections=only)
    changes = ledger.changes_by_section(
        reach=reach, after=week_before, until=on, known=known, sections=only
    ) if with_change else {}
    announced = {
        fact.subject
        for fact in ledger.standing_facts(("expropriation_announced",), reach=reach, on=on, known=known)
    }
    return [
        SectionStanding(
            code=code, name=name, name_en=name_en, project=project, jurisdiction=jurisdiction,
            figures=figures.get(code, _NOTHING), change=changes.get(code, _NOTHING),
            is_launched=not announced.isdisjoint((code, participation_of(code))),
        )
        for code, name, name_en, project, jurisdiction in listed
    ]


def deadlines_of(
    reach: Reach,
    sections: Sequence[SectionStanding],
    *,
    by_project: Mapping[str, Sequence[SectionStanding]] | None = None,
) -> list[DeadlineOf]:
    """Deadlines of the campaign, of projects and of sections, each with the sections within reach it is about."""
    by_project = _by_project(sections) if by_project is None else by_project
    by_code = {section.code: section for section in sections}
    within = Section.objects.filter(reach.condition("code"))
    rows = (
        Deadline.objects.filter(
            Q(section__in=within.values("code")) | Q(section__isnull=True, project__in=within.values("project"))
            | Q(section__isnull=True, project__isnull=True)
        )
        .order_by("due_on", "id").values_list("goal", "due_on", "name", "name_en", "project_id", "section_id")
    )
    found = []
    for goal, due_on, name, name_en, project, section in rows:
        if section is not None:
            about = [by_code[section]] if section in by_code else []
        else:
            about = by_project.get(project, []) if project else list(sections)
        if about:
            found.append(DeadlineOf(goal, due_on, (name, name_en), project or "", about))
    return found


def _projects(reach: Reach) -> dict[str, tuple[str, str]]:
    """(Chinese, English) names of the projects of sections within reach."""
    rows = Project.objects.filter(code__in=Section.objects.filter(reach.condition("code")).values("project"))
    return {code: (name, name_en) for code, name, name_en in rows.values_list("code", "name", "name_en")}


def _by_project(sections: Iterable[SectionStanding]) -> dict[str, list[SectionStanding]]:
    grouped: dict[str, list[SectionStanding]] = defaultdict(list)
    for section in sections:
        grouped[section.project].append(section)
    return dict(grouped)


def legacy_projects(deadlines: Iterable[DeadlineOf]) -> set[str]:
    """Projects that wait for resettlement alone: everybody signed long ago, which would flatter a ranking."""
    goals: dict[str, set[str]] = defaultdict(set)
    for deadline in deadlines:
        goals[deadline.project].add(deadline.goal)
    return {project for project, asked in goals.items() if project and asked == {"resettled"}}


def _counted(states: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for state in states:
        counts[state] += 1
    return dict(counts)


def _due(deadlines: Iterable[DeadlineOf], *, on: date) -> dict[str, int]:
    """How much deadlines ask to be done by the day: projects, sections handed over, households vacated."""
    passed = [d for d in deadlines if d.due_on <= on and d.goal in ("handed_over", "started", "vacated")]
    sections = {section.code: section for deadline in passed for section in deadline.sections}
    return {
        "projects": len({section.project for section in sections.values()}),
        "sections": len(sections),
        "households": sum(section.households for section in sections.values()),
    }


def _late(
    actor: Actor,
    reach: Reach,
    plans: PlansStanding,
    by_project: Mapping[str, Sequence[SectionStanding]],
    *,
    on: date,
    known: date | None,
) -> list[LateItem]:
    """What needs a decision: plans that are not green, overdue homes, money short, matters; red before yellow."""
    jurisdictions = {
        code: tuple(sorted({section.jurisdiction for section in group}))
        for code, group in by_project.items()
    }
    overdue = overdue_projects(
        [section for group in by_project.values() for section in group], responsible=jurisdictions
    )
    matters = [_matter(fact, on=on) for fact in ledger.open_matters(reach=reach, on=on, known=known)]
    order = {"red": 0, "yellow": 1, "running": 2}
    return sorted(
        without_repetition(
            [*decision_items(plans.rows), *overdue, *late_funds(actor, on=on, known=known), *matters]
        ),
        key=lambda item: (
            order[item.light], item.kind == "matter", item.due_on or date.max,
            -item.numbers.get("overdue_over_0", 0), item.subject,
        ),
    )


def _matter(fact: Fact, *, on: date) -> LateItem:
    due = fact.attributes.get("due_on")
    due_on = date.fromisoformat(due) if due else None
    late = due_on is not None and due_on < on
    return LateItem(
        kind="matter", light="red" if late else "yellow", subject=fact.subject, due_on=due_on,
        responsible=(str(fact.attributes.get("responsible", "")),), text=str(fact.attributes.get("matter", "")),
        deed=fact.deed_id,
    )


def names_of(reach: Reach, late: Iterable[LateItem] = ()) -> dict[str, tuple[str, str]]:
    """(Chinese, English) names of the projects within reach, of all units, and of what the late items are about."""
    names = _projects(reach) | unit_names_in_both()
    subjects = {item.subject for item in late}
    parts = {code for code in subjects if kind_of(code) == "participation"}
    missing = [code for code in (subjects - parts) | {project_of(part) for part in parts} if code not in names]
    if missing:
        for project in Project.objects.only("code", "name", "name_en").filter(code__in=missing):
            names[project.code] = (project.name, project.name_en)
        for section in Section.objects.only("code", "name", "name_en").filter(code__in=missing):
            names[section.code] = (section.name, section.name_en)
    for part in parts:
        project_names, unit_names = names.get(project_of(part)), names.get(jurisdiction_of(part))
        if project_names and unit_names:
            names[part] = (f"{project_names[0]} · {unit_names[0]}", f"{project_names[1]} · {unit_names[1]}")
    return names


def unit_names_in_both() -> dict[str, tuple[str, str]]:
    """(Chinese, English) names of units by code, and by their Chinese name, as matters name them."""
    names = {}
    for code, name, short, name_en in Unit.objects.values_list("code", "name", "short_name", "name_en"):
        names[code] = (short or name, name_en)
        names[name] = (name, name_en)
    return names


def jurisdiction_points(actor: Actor) -> dict[str, tuple[float, float]]:
    """(longitude, latitude) of the middle of each jurisdiction's sections within reach."""
    rows = (
        Section.objects.filter(reach_of(actor, verb=VERB).condition("code"), west__isnull=False)
        .order_by().values("jurisdiction")
        .annotate(x=Avg((F("west") + F("east")) / 2), y=Avg((F("south") + F("north")) / 2))
    )
    return {row["jurisdiction"]: (row["x"], row["y"]) for row in rows}


def names_in_reach() -> dict[str, tuple[str, str]]:
    """(Chinese, English) names of all units and projects; names of public bodies and works are no secret."""
    rows = Project.objects.values_list("code", "name", "name_en")
    return {code: (name, name_en) for code, name, name_en in rows} | unit_names_in_both()


def deadline_choices(actor: Actor) -> list[tuple[str, date, str]]:
    """(key, day, goal) of the deadlines within reach, the earliest first."""
    reach = reach_of(actor, verb="registry.view")
    sections = Section.objects.filter(reach.condition("code"))
    rows = Deadline.objects.filter(
        Q(section__in=sections) | Q(section__isnull=True, project__in=sections.values("project"))
        | Q(section__isnull=True, project__isnull=True)
    )
    found = rows.order_by("due_on", "goal").values_list("due_on", "goal").distinct()
    return [(f"{due_on.isoformat()}.{goal}", due_on, goal) for due_on, goal in found]


def ranked_projects(actor: Actor) -> list[str]:
    """Projects that count in the ranking: those that do not wait for resettlement alone."""
    projects = projects_for(actor, verb=VERB).values_list("code", flat=True)
    goals: dict[str, set[str]] = defaultdict(set)
    for project, goal in Deadline.objects.filter(project__in=projects).values_list("project", "goal"):
        goals[project].add(goal)
    return [code for code in projects if goals.get(code) != {"resettled"}]
