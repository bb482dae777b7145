"""The histories that a forecast of completion learns from, read from the ledger in a few queries.

A job reads a whole city. A screen reads what its actor reaches; where the forecast of a district may learn from the
pace of the whole city, the screen reads the city's histories and shows the subjects within reach.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from zhengtu.campaign.reach import reach_of
from zhengtu.campaign.stage_histories import SectionHistory, section_histories
from zhengtu.core.authority.actor import Actor
from zhengtu.core.forecast.history import GroupHistory
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.ledger.milestone_queries import milestones_of
from zhengtu.ledger.queries import Reach, standing_fact_rows
from zhengtu.registry.models import Regime, Section
from zhengtu.registry.procedure_cases import participation_of

VERB: Final = "cockpit.view"
_NOTHING: Final = SectionHistory()


def city_histories(city: str, *, on: date, known: date | None = None) -> list[GroupHistory]:
    """Every section of a city (by its division code), ordered by code; see ``histories_within``."""
    return histories_within(Reach(prefixes=(city[:4],)), on=on, known=known)


def histories_for(actor: Actor, *, on: date, known: date | None = None) -> list[GroupHistory]:
    """The sections that the actor sees in the cockpit; see ``histories_within``."""
    return histories_within(reach_of(actor, verb=VERB), on=on, known=known)


def histories_within(reach: Reach, *, on: date, known: date | None = None) -> list[GroupHistory]:
    """Every section within reach with the ways of its households, by what happened until a day.

    Args:
        on: what happened by the end of this day counts; a household counts once it is registered.
        known: what was recorded by the end of this day counts; None for all that is recorded now.

    Returns:
        Ordered by code. The clock of a section starts with the announcement of the expropriation, or with its first
        valuation where that came earlier (on collective land agreements precede the announcement).
    """
    sections = list(
        Section.objects.filter(reach.condition("code")).order_by("code").values_list(
            "code", "project_id", "project__regime"
        )
    )
    announced = _announced(reach, on=on, known=known)
    households = section_histories(reach, on=on, known=known)
    own = milestones_of([code for code, _project, _regime in sections], known=known)
    found = []
    for code, project, regime in sections:
        history = households.get(code, _NOTHING)
        found.append(group_of(
            code, history, project=project, regime=regime, on=on,
            announced_on=announced.get(code, announced.get(participation_of(code))),
            handed_over_on=own.get(code, {}).get(Milestone.HANDED_OVER),
        ))
    return found


def group_of(
    section: str, history: SectionHistory, *, project: str, regime: str, announced_on: date | None,
    handed_over_on: date | None, on: date,
) -> GroupHistory:
    """A section as the forecast learns from it, for what is shown and for the replay of past weeks alike.

    Args:
        project: what the section is forecast together with: its project, or its part of one.
        announced_on: the day of the announcement of the expropriation, of the section or of its part of the project.
    """
    starts = [day for day in (announced_on, history.first_valued_on) if day is not None]
    is_collective = regime == Regime.COLLECTIVE_LAND
    return GroupHistory(
        code=section, project=project, households=history.households, started_on=min(starts, default=None), on=on,
        journeys=tuple(history.journeys), handed_over_on=handed_over_on,
        payable_from_on=announced_on if is_collective else None, awaits_payable=is_collective,
    )


def _announced(reach: Reach, *, on: date, known: date | None) -> dict[str, date]:
    """Section or part of a project -> the day of its first announcement that stands."""
    rows = standing_fact_rows(("expropriation_announced",), reach=reach, on=on, known=known)
    found: dict[str, date] = {}
    for subject, happened_on in rows.values_list("subject", "happened_on"):
        found.setdefault(subject, happened_on)
    return found
