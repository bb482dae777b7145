"""Gathers the week of a city: figures, plans, accounts, matters and directives on its two dates, as one plain value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhengtu.accounts.models import Unit
from zhengtu.campaign.city_plans import CityPlans, city_plans
from zhengtu.campaign.cleared_counts import VerifiedCount, summed, verified_counts
from zhengtu.campaign.deadline_outlooks import deadline_outlooks
from zhengtu.campaign.facts import (
    SETTLED_STATES,
    VACATED_STATES,
    DeadlineOf,
    SectionStanding,
    deadlines_by_day,
    ranked,
)
from zhengtu.campaign.plan_values import PlanRow, TargetRow
from zhengtu.campaign.queries import deadlines_of, legacy_projects, section_standings
from zhengtu.core.directives.standing import OPEN_STATES, DirectiveStanding
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, project_of
from zhengtu.core.ledger.figures import FIGURES, STATE_FIGURES
from zhengtu.core.planning.plan import Colour
from zhengtu.core.reviews.promises import promises_of
from zhengtu.core.reviews.week import (
    CampaignDays,
    DeadlineWeek,
    HomesOverdue,
    MoneyLate,
    OpenMatter,
    PartDeadline,
    PartLight,
    PlaceWeek,
    RankedPlace,
    WeekInReview,
)
from zhengtu.directives.queries import city_directives
from zhengtu.funds.funding_queries import city_late_accounts
from zhengtu.ledger import queries as ledger
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach
from zhengtu.registry.models import Participation, Project
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import campaign_of


@dataclass(frozen=True, slots=True)
class Asked:
    """Which week is asked for.

    Attributes:
        last_review: code of the review whose promises are looked at, or empty.
    """

    city: str
    on: date
    known: date | None
    since: date
    rhythm: str
    within_days: int
    last_review: str = ""


def gathered_week(asked: Asked) -> WeekInReview:
    """The week of a city; plans that are not computed for its dates are missing from it and counted."""
    reach = Reach(prefixes=(asked.city[:4],))
    sections = section_standings(reach, on=asked.on, known=asked.known, since=asked.since)
    cleared = verified_counts(reach, on=asked.on, known=asked.known)
    deadlines = deadlines_of(reach, sections)
    plans = city_plans(asked.city, on=asked.on, known=asked.known)
    plans_before = city_plans(asked.city, on=asked.since, known=asked.since)
    lights = _lights(plans, plans_before)
    money = _money(asked)
    directives = city_directives(asked.city, on=asked.on, known=asked.known)
    last = [one for one in directives if asked.last_review and one.review == asked.last_review]
    return WeekInReview(
        city=asked.city, on=asked.on, known_on=asked.known, since=asked.since, rhythm=asked.rhythm,
        deadlines_within_days=asked.within_days, last_review=asked.last_review, campaign=_campaign(asked.city),
        total=_place(asked.city, sections, summed(cleared).get("")),
        places=_places(sections, summed(cleared, by="jurisdiction")),
        ranking=_ranking(sections, legacy_projects(deadlines), lights, money, directives),
        lights=lights, near=_near(plans.rows, sections, asked), deadlines=_deadlines(deadlines, plans, on=asked.on),
        money_late=money, directives=[one for one in directives if _concerns(one, since=asked.since)],
        promises=promises_of(last, review=asked.last_review, on=asked.on),
        matters=_matters(ledger.open_matters(reach=reach, on=asked.on, known=asked.known), on=asked.on),
        homes=_homes(sections), names=_names(asked.city, sections),
        parts_missing=plans.missing, parts_missing_before=plans_before.missing,
    )


def _campaign(city: str) -> CampaignDays | None:
    held = campaign_of(city)
    return held and CampaignDays(held.code, (held.name, held.name_en), held.start_on, held.end_on)


def _place(code: str, sections: Sequence[SectionStanding], cleared: VerifiedCount | None) -> PlaceWeek:
    figures = {name: sum(one.figures[name] for one in sections) for name in FIGURES}
    before = {name: value - sum(one.change[name] for one in sections) for name, value in figures.items()}
    return PlaceWeek(
        code=code, figures=figures, before=before, projects=len({one.project for one in sections}),
        sections=len(sections), households=sum(one.households for one in sections),
        settled=_in_states(figures, SETTLED_STATES), settled_before=_in_states(before, SETTLED_STATES),
        vacated=_in_states(figures, VACATED_STATES), vacated_before=_in_states(before, VACATED_STATES),
        handed_over=figures["handed_over_count"], handed_over_before=before["handed_over_count"],
        verified=cleared.verified if cleared else None, contradicted=cleared.contradicted if cleared else 0,
    )


def _in_states(figures: Mapping[str, int], states: Iterable[str]) -> int:
    return sum(figures[figure] for state, figure in STATE_FIGURES.items() if state in states)


def _places(sections: Iterable[SectionStanding], cleared: Mapping[str, VerifiedCount]) -> list[PlaceWeek]:
    grouped: dict[str, list[SectionStanding]] = defaultdict(list)
    for section in sections:
        grouped[section.jurisdiction].append(section)
    return [_place(code, held, cleared.get(code)) for code, held in sorted(grouped.items())]


def _ranking(
    sections: Sequence[SectionStanding], legacy: set[str], lights: Sequence[PartLight], money: Sequence[MoneyLate],
    directives: Sequence[DirectiveStanding],
) -> list[RankedPlace]:
    def lit(code: str, colour: Colour) -> int:
        return sum(one.jurisdiction == code and one.light.colour is colour for one in lights)

    return [
        RankedPlace(
            code=one.code, households=one.households, settled=one.settled, share=one.share,
            share_before=None if one.share is None or one.change is None else one.share - one.change,
            rank=one.rank, rank_before=one.rank_before, red=lit(one.code, Colour.RED),
            yellow=lit(one.code, Colour.YELLOW),
            overdue=sum(held.lead == one.code and held.overdue_workdays > 0 for held in directives),
            money_late=sum(held.jurisdiction == one.code for held in money),
        )
        for one in ranked(section for section in sections if section.project not in legacy)
    ]


def _lights(plans: CityPlans, before: CityPlans) -> list[PartLight]:
    earlier = {row.code: row.light.colour for row in before.rows}
    return [
        PartLight(
            code=row.code, project=row.project, jurisdiction=row.jurisdiction, light=row.light,
            before=earlier.get(row.code), responsible=row.responsible,
            goal=row.nearest.target.goal if row.nearest else "",
            due_on=row.nearest.target.due_on if row.nearest else None,
            earliest_on=row.nearest.earliest_on if row.nearest else None,
            section_names=row.section_names,
        )
        for row in plans.rows
    ]


def _near(rows: Iterable[PlanRow], sections: Iterable[SectionStanding], asked: Asked) -> list[PartDeadline]:
    by_code = {section.code: section for section in sections}
    found = [
        _part_deadline(row, one, [by_code[code] for code in one.target.sections if code in by_code], on=asked.on)
        for row in rows for one in row.targets
        if not one.is_met and (one.target.due_on - asked.on).days <= asked.within_days
    ]
    return sorted((one for one in found if one.sections_left), key=lambda one: (one.due_on, one.part, one.key))


def _part_deadline(row: PlanRow, one: TargetRow, about: Sequence[SectionStanding], *, on: date) -> PartDeadline:
    goal = one.target.goal
    return PartDeadline(
        key=one.target.key, goal=goal, due_on=one.target.due_on, name=one.target.name, part=row.code,
        project=row.project, jurisdiction=row.jurisdiction, sections=len(about),
        sections_left=sum(section.is_left(goal) for section in about),
        households=sum(section.households for section in about),
        households_left=sum(section.households_left(goal) for section in about), earliest_on=one.earliest_on,
        probability=one.forecast.probability if one.forecast is not None else None,
        days_left=(one.target.due_on - on).days, responsible=row.responsible, blocker=row.light.blocker,
        section_names=row.section_names,
    )


def _deadlines(deadlines: Sequence[DeadlineOf], plans: CityPlans, *, on: date) -> list[DeadlineWeek]:
    outlooks = deadline_outlooks(plans.rows, whole=plans.whole)
    found = []
    for one in deadlines_by_day(deadlines, on=on):
        outlook = outlooks.get(one.key)
        latest = outlook.latest[1].earliest_on if outlook is not None and outlook.latest is not None else None
        found.append(
            DeadlineWeek(
                key=one.key, goal=one.goal, due_on=one.due_on, name=one.names, projects=one.projects,
                sections=one.sections, sections_left=one.sections_left, households=one.households,
                households_left=one.households_left, parts=outlook.parts if outlook else 0,
                parts_met=outlook.parts_met if outlook else 0, impossible=outlook.impossible if outlook else 0,
                probability=outlook.probability if outlook else None, earliest_on=latest,
            )
        )
    return found


def _money(asked: Asked) -> list[MoneyLate]:
    found = []
    for row in city_late_accounts(asked.city, on=asked.on, known=asked.known):
        light = row.standing.light
        if light.reason is None:
            continue
        found.append(
            MoneyLate(
                part=row.code, project=row.account.project.code, jurisdiction=row.account.jurisdiction.code,
                client=row.account.project.client_id, reason=light.reason, since_on=light.since_on,
                arrived_yuan=row.standing.arrived_yuan, committed_yuan=row.standing.committed_yuan,
                paid_yuan=row.standing.paid_yuan, missing_yuan=row.standing.missing_yuan,
            )
        )
    return found


def _concerns(directive: DirectiveStanding, *, since: date) -> bool:
    """Whether a directive is open, or was set, closed or cancelled after the earlier day."""
    moved_on = max(directive.set_on, directive.state_on, directive.closed_on or directive.state_on)
    return directive.state in OPEN_STATES or moved_on > since


def _matters(facts: Iterable[Fact], *, on: date) -> list[OpenMatter]:
    units = {name: code for code, name, short in _unit_rows() for name in (short, name)}
    found = []
    for fact in facts:
        due = fact.attributes.get("due_on")
        due_on = date.fromisoformat(due) if due else None
        jurisdiction = jurisdiction_of(fact.subject)
        responsible = str(fact.attributes.get("responsible", ""))
        found.append(
            OpenMatter(
                reference=fact.reference, subject=fact.subject, project=project_of(fact.subject),
                jurisdiction="" if jurisdiction == city_of(fact.subject) else jurisdiction,
                text=str(fact.attributes.get("matter", "")), responsible=responsible,
                responsible_unit=units.get(responsible, ""), opened_on=fact.happened_on, due_on=due_on,
                is_late=due_on is not None and due_on < on,
            )
        )
    return found


def _unit_rows() -> Iterable[tuple[str, str, str]]:
    return Unit.objects.order_by("code").values_list("code", "name", "short_name")


def _homes(sections: Iterable[SectionStanding]) -> list[HomesOverdue]:
    grouped: dict[str, list[SectionStanding]] = defaultdict(list)
    for section in sections:
        if section.figures["overdue_over_0"] or section.change["overdue_over_0"]:
            grouped[participation_of(section.code)].append(section)
    found = []
    for part, held in sorted(grouped.items()):
        waiting, over_12, over_40 = (
            sum(one.figures[figure] for one in held)
            for figure in ("overdue_over_0", "overdue_over_12", "overdue_over_40")
        )
        if waiting:
            found.append(
                HomesOverdue(
                    part=part, project=held[0].project, jurisdiction=held[0].jurisdiction, overdue=waiting,
                    over_12=over_12, over_40=over_40,
                    before=waiting - sum(one.change["overdue_over_0"] for one in held),
                )
            )
    return found


def _names(city: str, sections: Iterable[SectionStanding]) -> dict[str, tuple[str, str]]:
    """(Chinese, English) names of units, projects, their parts and their sections, by code."""
    units = {
        code: (name, name_en or name)
        for code, name, name_en in Unit.objects.order_by("code").values_list("code", "name", "name_en")
    }
    projects = {
        code: (name, name_en)
        for code, name, name_en in Project.objects.filter(code__startswith=city[:4]).values_list(
            "code", "name", "name_en"
        )
    }
    names = units | projects
    for row in Participation.objects.filter(project__code__startswith=city[:4]).only("project_id", "jurisdiction_id"):
        project, unit = projects[row.project_id], units[row.jurisdiction_id]
        names[row.code] = (f"{project[0]} · {unit[0]}", f"{project[1]} · {unit[1]}")
    return names | {one.code: (one.name, one.name_en or one.name) for one in sections}
