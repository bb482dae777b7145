"""The lists behind the figures: projects, sections and households in an actor's reach, on a pair of dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.campaign.deadline_outlooks import decision_items, without_repetition
from zhengtu.campaign.facts import (
    SETTLED_STATES,
    VACATED_STATES,
    DeadlineOf,
    LateItem,
    SectionStanding,
    overdue_projects,
    place_state,
)
from zhengtu.campaign.funding import late_funds
from zhengtu.campaign.outlook_making import row_of
from zhengtu.campaign.plan_queries import PlansStanding, plan_for, plans_standing
from zhengtu.campaign.plan_values import PlanRow, PlanView
from zhengtu.campaign.queries import deadlines_of, names_of, section_standings
from zhengtu.campaign.reach import reach_of
from zhengtu.campaign.trajectory_pages import TrajectoryPage, trajectories_of_project
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import whole_months_between
from zhengtu.core.ledger.figures import OVERDUE_AFTER_MONTHS
from zhengtu.core.ledger.milestones import Milestone, State, standing_dates, state_on
from zhengtu.ledger import queries as ledger
from zhengtu.ledger.milestone_queries import (
    dates_of,
    in_state,
    milestones_beside,
    overdue_by,
    reached,
    subjects_where,
)
from zhengtu.ledger.models import Fact
from zhengtu.registry.models import Household, Project, Section
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import households_for, projects_for, sections_for

VERB: Final = "registry.view"


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project with its sections within reach.

    Attributes:
        plans: of its parts whose plan the actor sees, as far as they are computed.
    """

    project: Project
    sections: Sequence[SectionStanding]
    jurisdictions: Sequence[str]
    due_on: date | None
    goal: str
    plans: Sequence[PlanRow] = ()

    @property
    def worst(self) -> PlanRow | None:
        """The part with the most urgent light; of those the one with the least to spare."""
        return min(self.plans, key=lambda one: (one.light.colour.urgency, one.slack_days, one.code), default=None)

    @property
    def code(self) -> str:
        return self.project.code

    @property
    def households(self) -> int:
        return sum(section.households for section in self.sections)

    @property
    def settled(self) -> int:
        return sum(section.settled for section in self.sections)

    @property
    def vacated(self) -> int:
        return sum(section.vacated for section in self.sections)

    @property
    def sections_handed_over(self) -> int:
        return sum(section.is_handed_over for section in self.sections)

    @property
    def sections_count(self) -> int:
        return len(self.sections)

    @property
    def settled_share(self) -> float | None:
        return self.settled / self.households if self.households else None

    @property
    def vacated_share(self) -> float | None:
        return self.vacated / self.households if self.households else None

    @property
    def overdue(self) -> int:
        return sum(section.figures["overdue_over_0"] for section in self.sections)

    @property
    def state(self) -> str:
        return place_state(self.sections)


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """Everything that a project's page shows."""

    row: ProjectRow
    deadlines: Sequence[DeadlineOf]
    late: Sequence[LateItem]
    announcements: Sequence[Fact]
    plans: PlansStanding
    trajectories: TrajectoryPage | None
    names: Mapping[str, tuple[str, str]]


def project_rows(actor: Actor, *, on: date, known: date | None) -> list[ProjectRow]:
    """Projects in reach with their sections' standings, by code."""
    reach = reach_of(actor, verb=VERB)
    standings = section_standings(reach, on=on, known=known)
    by_project: dict[str, list[SectionStanding]] = defaultdict(list)
    for standing in standings:
        by_project[standing.project].append(standing)
    next_due = _next_deadline(deadlines_of(reach, standings), on=on)
    projects = (
        projects_for(actor, verb=VERB).defer("shape").select_related("client", "lead")
        .prefetch_related("start_lists").order_by("code")
    )
    plans: dict[str, list[PlanRow]] = defaultdict(list)
    for row in plans_standing(actor, on=on, known=known).rows:
        plans[row.project].append(row)
    return [
        replace(_project_row(project, by_project[project.code], next_due), plans=plans[project.code])
        for project in projects
    ]


def _project_row(
    project: Project, sections: Sequence[SectionStanding], next_due: Mapping[str, DeadlineOf]
) -> ProjectRow:
    deadline = next_due.get(project.code)
    return ProjectRow(
        project=project, sections=sections, jurisdictions=sorted({section.jurisdiction for section in sections}),
        due_on=deadline.due_on if deadline else None, goal=deadline.goal if deadline else "",
    )


def _next_deadline(deadlines: Sequence[DeadlineOf], *, on: date) -> dict[str, DeadlineOf]:
    """Per project the deadline that presses: the first with work left, else the first that lies ahead."""
    pressing: dict[str, DeadlineOf] = {}
    for deadline in sorted(deadlines, key=lambda one: one.due_on):
        is_left = any(section.is_left(deadline.goal) for section in deadline.sections)
        if deadline.project and (is_left or deadline.due_on >= on):
            pressing.setdefault(deadline.project, deadline)
    return pressing


def project_page(actor: Actor, code: str, *, on: date, known: date | None) -> ProjectPage | None:
    """One project in reach, or None."""
    project = (
        projects_for(actor, verb=VERB).defer("shape").select_related("client", "lead", "campaign")
        .prefetch_related("start_lists", "participations__jurisdiction").filter(code=code).first()
    )
    if project is None:
        return None
    reach = reach_of(actor, verb=VERB)
    sections = section_standings(reach, on=on, known=known, condition=Q(project=code))
    deadlines = [deadline for deadline in deadlines_of(reach, sections) if deadline.project == code]
    by_jurisdiction = {code: tuple(sorted({section.jurisdiction for section in sections}))}
    parts = sorted({participation_of(section.code) for section in sections})
    own = ledger.Reach(codes=(code, *parts, *(section.code for section in sections)))
    matters = _matters(own, on=on, known=known)
    plans = plans_standing(actor, on=on, known=known, project=code)
    late = [
        *decision_items(plans.rows), *overdue_projects(sections, responsible=by_jurisdiction),
        *late_funds(actor, on=on, known=known, project=code), *matters,
    ]
    return ProjectPage(
        row=_project_row(project, sections, _next_deadline(deadlines, on=on)),
        deadlines=deadlines, late=[item for item in without_repetition(late) if item.kind != "plan"],
        announcements=ledger.standing_facts(("expropriation_announced",), reach=own, on=on, known=known),
        plans=plans, trajectories=trajectories_of_project(actor, code, on=on, known=known),
        names=names_of(reach, late),
    )


def _matters(reach: ledger.Reach, *, on: date, known: date | None) -> list[LateItem]:
    return [
        LateItem(
            kind="matter", light="red" if due and date.fromisoformat(due) < on else "yellow", subject=fact.subject,
            due_on=date.fromisoformat(due) if due else None,
            responsible=(str(fact.attributes.get("responsible", "")),),
            text=str(fact.attributes.get("matter", "")), deed=fact.deed_id,
        )
        for fact in ledger.open_matters(reach=reach, on=on, known=known)
        for due in [fact.attributes.get("due_on")]
    ]


def section_rows(actor: Actor, *, on: date, known: date | None) -> list[SectionStanding]:
    """Sections in reach with their figures, by code."""
    return section_standings(reach_of(actor, verb=VERB), on=on, known=known)


def section_of_actor(actor: Actor, code: str) -> Section | None:
    """One section in reach, or None."""
    return (
        sections_for(actor, verb=VERB).defer("shape").select_related("project", "jurisdiction")
        .filter(code=code).first()
    )


def section_standing(actor: Actor, code: str, *, on: date, known: date | None) -> SectionStanding:
    """The figures of one section in reach.

    Raises:
        ValueError: when the section is not in reach.
    """
    (standing,) = section_standings(reach_of(actor, verb=VERB), on=on, known=known, condition=Q(code=code))
    return standing


def section_plan(actor: Actor, code: str, *, on: date, known: date | None) -> tuple[PlanRow, PlanView] | None:
    """The plan of the part that a section belongs to, in short and in full; None where the actor sees no plan of it."""
    part = participation_of(code)
    view = plan_for(actor, part, on=on, known=known)
    return None if view is None else (row_of(view), view)


def section_matters(code: str, *, on: date, known: date | None) -> list[LateItem]:
    """Open matters of one section."""
    return _matters(ledger.Reach(codes=(code,)), on=on, known=known)


def household_rows(actor: Actor, *, known: date | None) -> QuerySet[Household]:
    """Households in reach, each with its milestones as ``milestone_dates``."""
    return (
        households_for(actor)
        .defer("personal_sealed")
        .select_related("section", "section__project", "section__jurisdiction")
        .defer("personal_sealed", "section__shape", "section__project__shape")
        .annotate(milestone_dates=milestones_beside('"registry_household"."code"', known=known))
    )


def state_of(household: Household, *, on: date) -> State | None:
    """The state of a household of ``household_rows`` by the end of a day."""
    return state_on(dates_of(household.milestone_dates), on=on)


def date_of(household: Household, milestone: str, *, on: date) -> date | None:
    """When a household of ``household_rows`` reached a milestone, if by the end of that day; a promise always shows."""
    return standing_dates(dates_of(household.milestone_dates), on=on).get(Milestone(milestone))


def in_household_state(
    rows: QuerySet[Household], state: str, *, on: date, known: date | None
) -> QuerySet[Household]:
    """Households in that state by the end of a day; ``unregistered`` for those not yet in the register."""
    if state == "unregistered":
        any_state = Q()
        for each in State:
            any_state |= in_state(each, on=on)
        return rows.exclude(code__in=subjects_where(any_state, known=known))
    return rows.filter(code__in=subjects_where(in_state(State(state), on=on), known=known))


def overdue_households(
    rows: QuerySet[Household], months: str, *, on: date, known: date | None
) -> QuerySet[Household]:
    """Households overdue by more than so many months (one of ``OVERDUE_AFTER_MONTHS``, as text)."""
    if months not in {str(one) for one in OVERDUE_AFTER_MONTHS}:
        return rows.none()
    return rows.filter(code__in=subjects_where(overdue_by(int(months), on=on), known=known))


def households_left(
    rows: QuerySet[Household], deadline: str, *, actor: Actor, on: date, known: date | None
) -> QuerySet[Household]:
    """Households that still stand between a deadline (its key, ``2025-03-15.handed_over``) and its goal."""
    due = sections_due(actor, deadline, on=on, known=known)
    goal = deadline.partition(".")[2]
    codes = [section.code for section in due if section.households_left(goal)]
    rows = rows.filter(section__in=codes)
    registered = rows.filter(code__in=subjects_where(_in_states(list(State), on=on), known=known))
    if goal == "launched":
        return registered
    if goal == "resettled":
        done = reached(Milestone.RESETTLED, on=on)
    else:
        done = _in_states(SETTLED_STATES if goal == "signed" else VACATED_STATES, on=on)
    return registered.exclude(code__in=subjects_where(done, known=known))


def sections_due(actor: Actor, deadline: str, *, on: date, known: date | None) -> list[SectionStanding]:
    """Sections that a deadline (its key) is about and that have not reached its goal."""
    reach = reach_of(actor, verb=VERB)
    goal = deadline.partition(".")[2]
    standings = section_standings(reach, on=on, known=known)
    due = {
        section.code
        for one in deadlines_of(reach, standings)
        if f"{one.due_on.isoformat()}.{one.goal}" == deadline
        for section in one.sections
    }
    return [section for section in standings if section.code in due and section.is_left(goal)]


def reached_by(
    rows: QuerySet[Household], milestone: str, *, on: date, known: date | None, within_days: int | None = None
) -> QuerySet[Household]:
    """Households that reached a milestone, ``settled`` or ``left_home`` by a day, or within so many days before it."""
    wide = {"settled": SETTLED_STATES, "left_home": VACATED_STATES}.get(milestone)

    def until(day: date) -> Q:
        return reached(Milestone(milestone), on=day) if wide is None else _in_states(wide, on=day)

    condition = until(on)
    if within_days is not None:
        condition &= ~until(on - timedelta(days=within_days))
    return rows.filter(code__in=subjects_where(condition, known=known))


def _in_states(states: Sequence[State], *, on: date) -> Q:
    condition = Q()
    for state in states:
        condition |= in_state(state, on=on)
    return condition


def overdue_months(household: Household, *, on: date) -> int | None:
    """Completed months by which a household of ``household_rows`` waits past its promised day; None if it does not."""
    dates = dates_of(household.milestone_dates)
    promised, home = dates.get(Milestone.PROMISED), dates.get(Milestone.RESETTLED)
    if promised is None or promised >= on or (home is not None and home <= on):
        return None
    return whole_months_between(start=promised, end=on)


def deadlines_of_section(actor: Actor, standing: SectionStanding) -> list[DeadlineOf]:
    """Deadlines of a section in reach, of its project and of the campaign."""
    return deadlines_of(reach_of(actor, verb=VERB), [standing])
