"""What the ledger knows of the goals of directives: sections and households counted, and what their plans say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.campaign.facts import SectionStanding
from zhengtu.campaign.plan_values import PlanRow
from zhengtu.campaign.queries import section_standings
from zhengtu.campaign.unseen_plans import plan_rows_of
from zhengtu.core.directives.content import DirectiveContent
from zhengtu.core.directives.life_cycle import Life, joint_units
from zhengtu.core.directives.lights import Known
from zhengtu.core.directives.progress import PlaceCount, is_bound, is_reached, progress_of, share_of
from zhengtu.core.directives.standing import PlanOfGoal
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.ledger.figures import FIGURES
from zhengtu.core.planning.plan import Colour, Light
from zhengtu.ledger import queries as ledger
from zhengtu.ledger.queries import Reach
from zhengtu.registry.procedure_cases import participation_of

NOTHING_KNOWN: Final = Known()
Pair = tuple[DirectiveContent, Life]


class Plans(StrEnum):
    """How plans are come by: not at all, as far as they are computed (others are queued), or all of them, computed."""

    NONE = "none"
    HELD = "held"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class GoalStanding:
    """What the ledger says of one directive's goal, and what the plans of its places say."""

    known: Known
    plan: PlanOfGoal | None = None


def goal_standings(
    pairs: Iterable[Pair], *, on: date, known: date | None, plans: Plans
) -> dict[str, GoalStanding]:
    """Code -> what the ledger says, of the directives with a goal.

    The counts are those of the cockpit: sections as of the day, as known on the day; never what somebody reported.
    """
    asked = [(content, life) for content, life in pairs if content.goal]
    found: dict[str, GoalStanding] = {}
    for city in sorted({city_of(content.code) for content, _ in asked}):
        own = [pair for pair in asked if city_of(pair[0].code) == city]
        sections = section_standings(Reach(prefixes=(city[:4],)), on=on, known=known)
        places = {content.code: _bound(content, life, sections) for content, life in own}
        starts = _shares_at_start(own, places, on=on, known=known)
        rows = _plans(own, places, on=on, known=known, plans=plans)
        for content, life in own:
            counts = [_count(section, content.goal) for section in places[content.code]]
            progress = progress_of(content.goal, counts)
            lights = _lights(content.goal, places[content.code], rows) if life.is_open else []
            runs = bool(lights) and all(light.colour is Colour.RUNNING for light in lights)
            found[content.code] = GoalStanding(
                known=Known(
                    progress=progress, share_at_start=starts.get(content.code, 0.0),
                    is_reached=is_reached(progress, counts), runs_by_law=runs,
                ),
                plan=_plan(content, places[content.code], rows, lights) if lights else None,
            )
    return found


def _bound(content: DirectiveContent, life: Life, sections: Sequence[SectionStanding]) -> list[SectionStanding]:
    units = {life.lead, *joint_units(content, life)}
    return [
        section for section in sections
        if is_bound(_count(section, content.goal), units=units, projects=content.projects)
    ]


def counted_places(
    content: DirectiveContent, life: Life, *, on: date, known: date | None
) -> list[tuple[SectionStanding, PlaceCount]]:
    """The sections that a directive's progress counts, each with what is counted of it."""
    sections = section_standings(Reach(prefixes=(city_of(content.code)[:4],)), on=on, known=known)
    return [(section, _count(section, content.goal)) for section in _bound(content, life, sections)]


def _count(section: SectionStanding, goal: str) -> PlaceCount:
    return PlaceCount(
        code=section.code, project=section.project, jurisdiction=section.jurisdiction, households=section.households,
        households_left=section.households_left(goal), is_left=section.is_left(goal),
    )


def _shares_at_start(
    pairs: Sequence[Pair], places: Mapping[str, Sequence[SectionStanding]], *, on: date, known: date | None
) -> dict[str, float]:
    """Share of the goal that was reached when a directive was set; of open ones, one read for each day of setting.

    What was launched by then is not told from figures: such a directive is paced from nothing.
    """
    by_day: dict[date, list[DirectiveContent]] = defaultdict(list)
    for content, life in pairs:
        if life.is_open and places[content.code] and content.goal != "launched":
            by_day[life.set_on].append(content)
    found = {}
    for set_on, contents in by_day.items():
        sections = {section.code for content in contents for section in places[content.code]}
        changes = ledger.changes_by_section(
            reach=Reach(codes=tuple(sorted(sections))), after=set_on, until=on, known=known
        )
        for content in contents:
            then = [_as_before(section, changes.get(section.code)) for section in places[content.code]]
            found[content.code] = share_of(progress_of(content.goal, [_count(one, content.goal) for one in then]))
    return found


def _as_before(section: SectionStanding, change: Mapping[str, int] | None) -> SectionStanding:
    if change is None:
        return section
    return replace(section, figures={name: section.figures[name] - change[name] for name in FIGURES})


def _plans(
    pairs: Sequence[Pair],
    places: Mapping[str, Sequence[SectionStanding]],
    *,
    on: date,
    known: date | None,
    plans: Plans,
) -> Mapping[str, PlanRow]:
    """Part of a project -> its plan in short, of the parts in which something is left to do."""
    if plans is Plans.NONE:
        return {}
    parts = {
        participation_of(section.code)
        for content, life in pairs if life.is_open
        for section in places[content.code] if section.is_left(content.goal)
    }
    return plan_rows_of(sorted(parts), on=on, known=known, computes=plans is Plans.COMPUTED)


def _lights(goal: str, sections: Sequence[SectionStanding], plans: Mapping[str, PlanRow]) -> list[Light]:
    """The lights of the sections where something is left; none where a plan of one of them is missing."""
    lights = []
    for section in sections:
        if not section.is_left(goal):
            continue
        row = plans.get(participation_of(section.code))
        if row is None:
            return []
        lights.append(row.section_lights.get(section.code, row.light))
    return lights


def _plan(
    content: DirectiveContent,
    sections: Sequence[SectionStanding],
    plans: Mapping[str, PlanRow],
    lights: Sequence[Light],
) -> PlanOfGoal:
    worst = min(lights, key=lambda light: light.colour.urgency)
    left = {section.code for section in sections if section.is_left(content.goal)}
    parts = sorted({participation_of(code) for code in left})
    targets = [
        target for part in parts for target in plans[part].targets
        if target.target.goal == content.goal and left.intersection(target.target.sections)
    ]
    days = [target.earliest_on for target in targets if not target.is_met]
    chances = [
        target.forecast.probability for target in targets
        if target.forecast is not None and target.forecast.probability is not None
    ]
    whole = [day for day in days if day is not None]
    return PlanOfGoal(
        colour=str(worst.colour), probability=min(chances, default=None),
        earliest_on=max(whole, default=None) if len(whole) == len(days) else None, reason=worst.reason,
    )
