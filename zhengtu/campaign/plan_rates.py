"""How fast each stage goes in each part of a project: by its registered teams, else as observed, else by the rulebook.

The teams of a jurisdiction work on all its parts; each part counts on as many of them as its share of the households
that are left, and where that is less than one team, on one that comes for that share of the days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from zhengtu.campaign.stage_histories import SectionHistory
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.planning.plan_case import Stage, StageRate
from zhengtu.core.planning.teams import TeamRate
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.team_queries import team_rates

OBSERVED_DAYS: Final = 56
"""The pace is taken from the last so many days."""
OBSERVED_LEAST: Final = 10
"""Fewer households than these in that time say nothing about a pace."""
_LEAST_PACE: Final = Decimal("0.001")
"""Households per day; a part of which none is left counts on so little of the teams."""


def stage_rates(
    sections: Mapping[str, Sequence[str]],
    *,
    histories: Mapping[str, SectionHistory],
    on: date,
    known: date | None,
) -> dict[str, dict[Stage, StageRate]]:
    """Part -> stage -> its rate.

    Args:
        sections: part -> codes of its sections.
        histories: of these sections.
    """
    rulebook = current_rulebook()
    teams = team_rates({jurisdiction_of(code) for code in sections}, on=on, known=known)
    left = {code: _left(codes, histories) for code, codes in sections.items()}
    shares = _shares(left)
    days = rulebook.calendar.working_days_between(on - timedelta(days=OBSERVED_DAYS), on).count
    found: dict[str, dict[Stage, StageRate]] = {}
    for code, codes in sections.items():
        rates = {}
        for stage, rule in rulebook.schedule.rates.items():
            held = teams.get(jurisdiction_of(code), {}).get(stage)
            rates[stage] = (
                _by_teams(held, rule, share=shares[code][stage]) if held is not None
                else _observed(codes, stage, rule, histories=histories, on=on, working_days=days) or rule
            )
        found[code] = rates
    return found


def _left(codes: Sequence[str], histories: Mapping[str, SectionHistory]) -> dict[Stage, int]:
    known = [histories[code] for code in codes if code in histories]
    return {stage: sum(one.households - len(one.stage_days[stage]) for one in known) for stage in Stage}


def _shares(left: Mapping[str, Mapping[Stage, int]]) -> dict[str, dict[Stage, Decimal]]:
    """Part -> stage -> its share of the households left in its jurisdiction; the whole where none is left."""
    totals: dict[tuple[str, Stage], int] = defaultdict(int)
    for code, stages in left.items():
        for stage, count in stages.items():
            totals[jurisdiction_of(code), stage] += count
    return {
        code: {
            stage: Decimal(count) / total if (total := totals[jurisdiction_of(code), stage]) else Decimal(1)
            for stage, count in stages.items()
        }
        for code, stages in left.items()
    }


def _by_teams(held: TeamRate, rule: StageRate, *, share: Decimal) -> StageRate:
    pace = held.households_per_day(default=rule.households_per_day)
    expected = held.teams * share
    teams = max(1, int(expected))
    return StageRate(
        households_per_day=max(_LEAST_PACE, pace * expected / teams), teams=teams,
        least_days=rule.least_days, basis="teams",
    )


def _observed(
    codes: Sequence[str], stage: Stage, rule: StageRate, *, histories: Mapping[str, SectionHistory], on: date,
    working_days: int,
) -> StageRate | None:
    """The pace of the last weeks; None where too few households came through."""
    since = on - timedelta(days=OBSERVED_DAYS)
    done = sum(
        sum(since < day <= on for day in histories[code].stage_days[stage]) for code in codes if code in histories
    )
    if done < OBSERVED_LEAST or not working_days:
        return None
    pace = Decimal(done) / working_days
    return StageRate(households_per_day=pace, teams=1, least_days=rule.least_days, basis="observed")
