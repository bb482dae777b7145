"""Levelling a district's teams over all its projects: which team works where in which week, and what that comes to.

Deadlines are served list by list (national supervision, provincial supervision, start lists, the others), then the
sections that open most of a corridor. The plan without levelling counts each project as if the district's teams worked
for it alone; its dates are shown beside, for those are the ones that only more teams could keep. See
docs/algorithms/team_levelling.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan import ActivityKind, Plan
from zhengtu.core.planning.plan_case import PlanCase, Stage, StageRate
from zhengtu.core.planning.team_checks import breaches
from zhengtu.core.planning.team_dispatch import Dispatcher
from zhengtu.core.planning.team_outcome import GoalOutcome, RankStanding, outcome_of_dates
from zhengtu.core.planning.team_search import Candidate, first_candidates, improved, solver_candidate
from zhengtu.core.planning.team_weeks import TeamWeek, WeekLoad, team_weeks, week_loads
from zhengtu.core.planning.team_work import ListRank, SectionEnd, TeamWork, stage_left, team_work
from zhengtu.core.planning.teams import SKILLS, FieldTeam

NO_LIMIT: Final = Decimal(1_000_000)
"""Households per day of teams that are no limit."""
Solver = Callable[[TeamWork, Sequence[FieldTeam]], Mapping[str, int]]
"""Gives pieces the days (counted from the plan's day) on which a solver starts them."""


@dataclass(frozen=True, slots=True)
class DistrictTeams:
    """What a levelling rests on.

    Attributes:
        cases: all parts of projects of the district.
        lawful: part -> its plan with teams no limit.
        alone: part -> its plan as if the district's teams worked for it alone.
        paces: stage -> households per working day of teams without a pace of their own.
        ranks: project -> the first list that it stands on.
    """

    on: date
    cases: Sequence[PlanCase]
    lawful: Mapping[str, Plan]
    alone: Mapping[str, Plan]
    teams: Sequence[FieldTeam]
    paces: Mapping[Stage, Decimal]
    ranks: Mapping[str, ListRank]
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class SectionDates:
    """One section before and after levelling.

    Attributes:
        lawful_on: the earliest day that the law lets it be handed over.
        alone_on: the day if the district's teams worked for its project alone.
        levelled_on: the day with the teams shared; None where no team gets that far.
    """

    section: str
    case: str
    households_left: int
    opens_m: Decimal
    lawful_on: date | None
    alone_on: date | None
    levelled_on: date | None

    @property
    def days_later(self) -> int | None:
        """Calendar days by which sharing the teams puts it off."""
        if self.alone_on is None or self.levelled_on is None:
            return None
        return (self.levelled_on - self.alone_on).days


@dataclass(frozen=True, slots=True)
class OneMore:
    """What one more team of a skill would bring, from today on and at the usual pace.

    Attributes:
        met: deadlines met more, section by section.
        days_saved: days late saved, all sections together.
        handover_days: calendar days by which sections are handed over earlier, all together.
        unplaced: pieces of work that then still have no team.
    """

    stage: Stage
    met: int
    days_saved: int
    handover_days: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Levelling:
    """A district's teams levelled.

    Attributes:
        source: which way found the plan: ``rule``, ``solver`` or ``search``.
        ranks, ranks_alone: deadlines by list, with the teams shared and as if each project had them alone.
        missed: what is not met, the highest list first.
        without_team: stage -> pieces of work that no team can do.
    """

    on: date
    source: str
    households_left: Mapping[Stage, int]
    ranks: Sequence[RankStanding]
    ranks_alone: Sequence[RankStanding]
    sections: Sequence[SectionDates]
    missed: Sequence[GoalOutcome]
    weeks: Sequence[TeamWeek]
    loads: Sequence[WeekLoad]
    one_more: Sequence[OneMore]
    without_team: Mapping[Stage, int]


def as_fast_as_lawful(case: PlanCase) -> PlanCase:
    """The case with teams no limit: what its plan then says is what the law lets be."""
    rates = {stage: replace(rate, households_per_day=NO_LIMIT) for stage, rate in case.rates.items()}
    return replace(case, rates=rates)


def with_all_teams(case: PlanCase, teams: Sequence[FieldTeam], *, paces: Mapping[Stage, Decimal]) -> PlanCase:
    """The case as if all teams of the district that serve on its day worked for it alone."""
    rates: dict[Stage, StageRate] = dict(case.rates)
    for stage in SKILLS:
        serving = [team for team in teams if team.skill is stage and team.serves(case.on)]
        if stage in rates and serving:
            total = sum((team.households_per_day or paces[stage] for team in serving), Decimal(0))
            rates[stage] = replace(
                rates[stage], households_per_day=total / len(serving), teams=len(serving), basis="teams"
            )
    return replace(case, rates=rates)


def level_teams(
    district: DistrictTeams, *, solver: Solver | None = None, rounds: int = 400,
    tell: Callable[[float], None] = lambda share: None,
) -> Levelling:
    """Level a district's teams.

    Args:
        solver: gives the start of each piece; None to go by rules and search alone.
        rounds: moves tried by the search; a tenth of them for each team more.
        tell: told the share done.

    Raises:
        RuntimeError: when the plan found breaks a rule that it must keep.
    """
    work = team_work(district.cases, lawful=district.lawful, paces=district.paces, ranks=district.ranks)
    best = _best(district, work, district.teams, solver, rounds, lambda share: tell(0.05 + 0.6 * share))
    wrong = breaches(
        best.plan, work=work, teams=district.teams, calendar=district.calendar, paces=district.paces,
        frozen_months=_frozen(district),
    )
    if wrong:
        raise RuntimeError("; ".join(wrong[:5]))
    tell(0.65)
    one_more = []
    for number, stage in enumerate(SKILLS, start=1):
        one_more.append(_one_more(district, work, stage, best, solver, rounds // 10))
        tell(0.65 + 0.3 * number / len(SKILLS))
    return _told(district, work, best, one_more)


def _best(
    district: DistrictTeams, work: TeamWork, teams: Sequence[FieldTeam], solver: Solver | None, rounds: int,
    tell: Callable[[float], None],
) -> Candidate:
    dispatcher = Dispatcher(
        work, teams=teams, calendar=district.calendar, paces=district.paces, frozen_months=_frozen(district)
    )
    candidates = first_candidates(dispatcher)
    starts = solver(work, teams) if solver is not None and work.pieces else {}
    if starts:
        candidates.append(solver_candidate(dispatcher, starts))
    tell(0.3)
    # The best rule and the solver's order are both improved: neither's neighbourhood holds the other's best.
    started = [min(candidates[: len(candidates) - bool(starts)], key=lambda one: one.outcome.score)]
    started += candidates[-1:] if starts else []
    found = []
    for number, one in enumerate(started):
        part = 0.7 / len(started)

        def told(share: float, begun: float = 0.3 + number * part, part: float = part) -> None:
            tell(begun + part * share)

        found.append(improved(dispatcher, one, rounds=rounds // len(started), tell=told))
    return min(found, key=lambda one: one.outcome.score)


def _frozen(district: DistrictTeams) -> dict[str, frozenset[int]]:
    return {case.code: case.frozen_months for case in district.cases}


def _one_more(
    district: DistrictTeams, work: TeamWork, stage: Stage, best: Candidate, solver: Solver | None, rounds: int
) -> OneMore:
    """Repeat with one team more; the plan found before is tried too, so one more never makes it worse."""
    place = district.cases[0].jurisdiction if district.cases else ""
    extra = FieldTeam(
        code=f"{place}-T999", name=("", ""), jurisdiction=place, unit=place, skill=stage, members=1,
        households_per_day=None, from_on=district.on,
    )
    teams = [*district.teams, extra]
    dispatcher = Dispatcher(
        work, teams=teams, calendar=district.calendar, paces=district.paces, frozen_months=_frozen(district)
    )
    starts = {key: (one.start_on - district.on).days for key, one in best.plan.assignments.items()}
    found = [
        best, solver_candidate(dispatcher, starts), _best(district, work, teams, solver, rounds, lambda share: None),
    ]
    more = min(found, key=lambda one: one.outcome.score)
    before, after = best.outcome, more.outcome
    return OneMore(
        stage=stage,
        met=sum(one.sections_met for one in after.ranks) - sum(one.sections_met for one in before.ranks),
        days_saved=sum(one.days_late for one in before.ranks) - sum(one.days_late for one in after.ranks),
        handover_days=sum(
            (day - after_day).days
            for section, day in before.handed_over_on.items()
            if day is not None and (after_day := after.handed_over_on[section]) is not None
        ),
        unplaced=len(more.plan.unplaced),
    )


def _told(district: DistrictTeams, work: TeamWork, best: Candidate, one_more: Sequence[OneMore]) -> Levelling:
    alone = {
        section: _alone_dates(district.alone[end.case], section) for section, end in work.ends.items()
    }
    stage_of = {piece.id: piece.stage for piece in work.pieces}
    missed = sorted(
        (one for one in best.outcome.goals if one.days_late > 0),
        key=lambda one: (one.goal.rank, -one.days_late, one.goal.section, one.goal.key),
    )
    return Levelling(
        on=district.on, source=best.source,
        households_left={
            stage: sum(
                stage_left(section, stage) for case in district.cases for section in case.sections
                if section.handed_over_on is None
            )
            for stage in SKILLS
        },
        ranks=best.outcome.ranks, ranks_alone=outcome_of_dates(work, alone),
        sections=[_dates(end, alone[section], best) for section, end in sorted(work.ends.items())],
        missed=missed,
        weeks=team_weeks(best.plan, teams=district.teams, calendar=district.calendar),
        loads=week_loads(
            best.plan, teams=district.teams, calendar=district.calendar, paces=district.paces, on=district.on,
            plans=district.alone,
        ),
        one_more=one_more,
        without_team={
            stage: count for stage in SKILLS
            if (count := sum(stage_of[one] is stage for one in best.plan.unplaced))
        },
    )


def _alone_dates(plan: Plan, section: str) -> dict[str, date]:
    """Goal -> the day on which a section reaches it by its project's own plan."""
    found = {}
    for one in plan.activities:
        if one.subject != section:
            continue
        if one.stage is Stage.NEGOTIATION:
            found["signed"] = one.early_end_on
        elif one.stage is Stage.VACATING:
            found["vacated"] = one.early_end_on
        elif one.kind is ActivityKind.HANDOVER:
            found["handed_over"] = one.early_end_on
    return found


def _dates(end: SectionEnd, alone: Mapping[str, date], best: Candidate) -> SectionDates:
    return SectionDates(
        section=end.section, case=end.case, households_left=end.households_left, opens_m=end.opens_m,
        lawful_on=end.lawful_on.get("handed_over"), alone_on=alone.get("handed_over"),
        levelled_on=best.outcome.handed_over_on[end.section],
    )
