"""From register and ledger to the cases that plans are made from: many parts of projects in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Q

from zhengtu.accounts.models import Unit
from zhengtu.campaign.plan_rates import stage_rates
from zhengtu.campaign.plan_targets import targets_of
from zhengtu.campaign.plan_values import BaselineSet
from zhengtu.campaign.progress_histories import group_of
from zhengtu.campaign.stage_histories import SectionHistory, section_histories
from zhengtu.core.forecast.history import GroupHistory
from zhengtu.core.kernel.codes import city_of, kind_of, project_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.planning.plan_case import (
    MoneyStanding,
    OpenMatter,
    PlanCase,
    SectionWork,
    Stage,
    StageRate,
    Target,
)
from zhengtu.funds.funding_queries import Account, AccountRow, rows_of
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.ledger.models import Deed
from zhengtu.ledger.queries import Reach, open_matters
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.corridor_queries import corridor_openings
from zhengtu.registry.models import Participation, Section
from zhengtu.registry.procedure_cases import HeldFact, ProcedureCase, cases_of, participation_of, standing_facts_of

PLAN_DECIDED: Final = "plan_decided"
BASELINE_SET: Final = "baseline_set"
ANNOUNCED: Final = "expropriation_announced"
APPRAISER_CHOSEN: Final = "appraiser_chosen"


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the plans and forecasts of some parts rest on.

    Attributes:
        parts: codes of every part of their cities.
        cases: part -> its case.
        groups: every section with households of the cities, as a forecast learns from it.
        baselines: part -> its latest baseline.
    """

    parts: Sequence[str]
    cases: Mapping[str, PlanCase]
    groups: Sequence[GroupHistory]
    baselines: Mapping[str, BaselineSet]


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Everything read together: what forecasts and shares of teams need of all parts of the cities, the rest of those
    asked about."""

    on: date
    parts: Mapping[str, Participation]
    asked: Sequence[str]
    sections: Mapping[str, Sequence[Section]]
    histories: Mapping[str, SectionHistory]
    handed_over: Mapping[str, date]
    facts: Mapping[str, Sequence[HeldFact]]
    cases: Mapping[str, ProcedureCase]
    accounts: Mapping[str, AccountRow]
    matters: Mapping[str, Sequence[OpenMatter]]
    targets: Mapping[str, Sequence[Target]]
    opens_m: Mapping[str, Decimal]
    units: Mapping[str, str]


def plan_cases(
    codes: Sequence[str], *, on: date, known: date | None, for_bars: bool = False
) -> dict[str, PlanCase]:
    """The cases of these parts of projects by the end of a day, as known on a day (None: now); asks no actor.

    Args:
        for_bars: leave out what moves no bar: open matters, and the metres of corridor that a section opens.
    """
    return dict(_facts_in(_gather(codes, on=on, known=known, for_bars=for_bars), on=on, known=known).cases)


def plan_facts(codes: Sequence[str], *, on: date, known: date | None) -> PlanFacts:
    """The same with what forecasts learn from, which is every section of their cities, and the baselines set."""
    return _facts_in(_gather(codes, on=on, known=known), on=on, known=known)


def _facts_in(gathered: _Gathered, *, on: date, known: date | None) -> PlanFacts:
    rates = stage_rates(
        {code: [one.code for one in gathered.sections.get(code, ())] for code in gathered.parts},
        histories=gathered.histories, on=on, known=known,
    )
    cases = {code: _case(gathered, code, rates[code]) for code in gathered.asked}
    return PlanFacts(
        parts=list(gathered.parts), cases=cases,
        groups=[group for code in gathered.parts for group in _groups(gathered, code)],
        baselines=_baselines(gathered),
    )


def _gather(codes: Sequence[str], *, on: date, known: date | None, for_bars: bool = False) -> _Gathered:
    parts = _parts({code[:4] for code in codes})
    asked = {code: parts[code] for code in sorted(set(codes)) if code in parts}
    sections = _sections(parts.values())
    cities = Reach(prefixes=tuple(sorted({code[:4] for code in codes})))
    listed = [section.code for group in sections.values() for section in group]
    dates = milestones_of(listed, known=known)
    accounts = [Account(code, part) for code, part in asked.items()]
    return _Gathered(
        on=on, parts=parts, asked=list(asked), sections=sections,
        histories=section_histories(cities, on=on, known=known),
        handed_over={
            code: day for code in listed
            if (day := dates.get(code, {}).get(Milestone.HANDED_OVER)) is not None and day <= on
        },
        facts=standing_facts_of([*listed, *parts], on=on, known=known),
        cases=cases_of(list(asked), on=on, known=known),
        accounts={row.code: row for row in rows_of(accounts, on=on, known=known)},
        matters={} if for_bars else _matters(parts, cities, on=on, known=known),
        targets=targets_of(
            {code: [one.code for one in sections.get(code, ())] for code in asked},
            projects={code: part.project_id for code, part in asked.items()},
        ),
        opens_m={} if for_bars else corridor_openings(
            {part.project_id for part in asked.values()}, on=on, known=known
        ),
        units={name: code for code, name in Unit.objects.values_list("code", "name")},
    )


def _parts(cities: Iterable[str]) -> dict[str, Participation]:
    """Code -> every part of a project in these cities (first four digits), with project and jurisdiction."""
    within = Q(pk__in=[])
    for city in cities:
        within |= Q(project__code__startswith=city)
    rows = Participation.objects.filter(within).select_related("project__client", "jurisdiction").defer(
        "project__shape"
    )
    return dict(sorted((row.code, row) for row in rows))


def _sections(parts: Iterable[Participation]) -> dict[str, list[Section]]:
    found: dict[str, list[Section]] = defaultdict(list)
    projects = {part.project_id for part in parts}
    for section in Section.objects.filter(project__in=projects).defer("shape").order_by("order", "code"):
        found[participation_of(section.code)].append(section)
    return found


def _matters(
    parts: Mapping[str, Participation], within: Reach, *, on: date, known: date | None
) -> dict[str, list[OpenMatter]]:
    """Part -> open matters of its project, itself, its sections and households, the earliest first."""
    found: dict[str, list[OpenMatter]] = defaultdict(list)
    for fact in open_matters(reach=within, on=on, known=known):
        of_project = kind_of(fact.subject) == "project"
        about = [code for code in parts if project_of(code) == fact.subject] if of_project else [
            participation_of(fact.subject)
        ]
        due = fact.attributes.get("due_on")
        for code in about:
            found[code].append(OpenMatter(
                subject=fact.subject, matter=str(fact.attributes.get("matter", "")),
                responsible=str(fact.attributes.get("responsible", "")), since=fact.happened_on,
                due_on=date.fromisoformat(due) if due else None, deed=fact.deed_id,
            ))
    return found


def _case(gathered: _Gathered, code: str, rates: Mapping[Stage, StageRate]) -> PlanCase:
    part, held = gathered.parts[code], gathered.cases.get(code)
    rulebook = current_rulebook()
    return PlanCase(
        code=code, project=part.project_id, jurisdiction=part.jurisdiction_id,
        name=(part.project.name, part.project.name_en), on=gathered.on, calendar=rulebook.calendar,
        procedure=held.procedure if held else None, facts=held.facts if held else None,
        sections=[_section_work(gathered, section) for section in gathered.sections.get(code, ())],
        rates=rates, targets=gathered.targets.get(code, ()), money=_money(gathered.accounts[code], on=gathered.on),
        matters=gathered.matters.get(code, ()), frozen_months=rulebook.schedule.frozen_months_in(code),
        handover_after=rulebook.schedule.handover_after,
        responsible=_responsible(gathered, code),
    )


def _section_work(gathered: _Gathered, section: Section) -> SectionWork:
    history = gathered.histories.get(section.code) or SectionHistory()
    decided = {
        Stage(fact.attributes["stage"]): (date.fromisoformat(fact.attributes["start_on"]), fact.reference)
        for fact in gathered.facts.get(section.code, ()) if fact.kind == PLAN_DECIDED
    }
    return SectionWork(
        code=section.code, name=(section.name, section.name_en), order=section.order, households=history.households,
        stages=history.progress(), handed_over_on=gathered.handed_over.get(section.code),
        opens_m=gathered.opens_m.get(section.code, Decimal(0)), decided_on=sorted(history.decided_on),
        homecoming=history.homecoming(on=gathered.on),
        plan_decisions={stage: (day, reference.partition("/")[0]) for stage, (day, reference) in decided.items()},
    )


def _money(row: AccountRow, *, on: date) -> MoneyStanding:
    """The funds light put for the plan: red holds work up from the day on which the light became red."""
    is_short = row.standing.light.name == "red"
    coming = [line.due_on for line in row.history.plan if line.due_on >= on]
    outlook = row.standing.outlook
    return MoneyStanding(
        is_short=is_short, late_since=row.standing.light.since_on if is_short else None,
        expected_on=min(coming, default=None), runs_out_on=outlook.runs_out_on if outlook else None,
        payer=row.account.project.client_id,
    )


def _responsible(gathered: _Gathered, code: str) -> dict[str, str]:
    """Role in the plan -> unit; the appraiser is the one that was chosen, where the register knows it by name."""
    part = gathered.parts[code]
    roles = {
        "district": part.jurisdiction_id, "client": part.project.client_id, "government": city_of(code),
    }
    chosen = [fact for fact in gathered.facts.get(code, ()) if fact.kind == APPRAISER_CHOSEN]
    if chosen and (unit := gathered.units.get(str(chosen[-1].attributes.get("appraiser", "")))):
        roles["appraiser"] = unit
    return roles


def _groups(gathered: _Gathered, code: str) -> list[GroupHistory]:
    """Sections with households; a part is done when its last section is, so it stands for the forecast's project."""
    part = gathered.parts[code]
    announced = _first(gathered.facts.get(code, ()), ANNOUNCED)
    groups = []
    for section in gathered.sections.get(code, ()):
        history = gathered.histories.get(section.code)
        if history is not None:
            groups.append(group_of(
                section.code, history, project=code, regime=part.project.regime, on=gathered.on,
                announced_on=_first(gathered.facts.get(section.code, ()), ANNOUNCED) or announced,
                handed_over_on=gathered.handed_over.get(section.code),
            ))
    return groups


def _first(facts: Sequence[HeldFact], kind: str) -> date | None:
    return min((fact.happened_on for fact in facts if fact.kind == kind), default=None)


def _baselines(gathered: _Gathered) -> dict[str, BaselineSet]:
    held = {
        code: [fact for fact in gathered.facts.get(code, ()) if fact.kind == BASELINE_SET] for code in gathered.asked
    }
    latest = {code: facts[-1] for code, facts in held.items() if facts}
    recorded = dict(
        Deed.objects.filter(pk__in=[fact.reference.partition("/")[0] for fact in latest.values()])
        .values_list("pk", "recorded_on")
    ) if latest else {}
    return {
        code: BaselineSet(date.fromisoformat(fact.attributes["baseline_on"]), deed, recorded[deed])
        for code, fact in latest.items() if (deed := fact.reference.partition("/")[0])
    }
