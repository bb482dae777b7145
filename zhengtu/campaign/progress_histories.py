"""The histories that a forecast of completion learns from, read from the ledger in a few queries.

A job reads a whole city. A screen reads what its actor reaches; where the forecast of a district may learn from the
pace of the whole city, the screen reads the city's histories and shows the subjects within reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Final

from django.db import connection

from zhengtu.campaign.reach import reach_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.forecast.history import GroupHistory, Journey
from zhengtu.ledger.milestone_queries import replayed_milestones
from zhengtu.ledger.models import Milestones
from zhengtu.ledger.queries import Reach, standing_fact_rows
from zhengtu.registry.models import Regime, Section

VERB: Final = "cockpit.view"
_COLUMNS: Final = ("registered_on", "valued_on", "signed_on", "decided_on", "paid_on", "vacated_on", "handed_over_on")

_Row = tuple[str, date | None, date | None, date | None, date | None, date | None, date | None, date | None]


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
    households: dict[str, list[Journey]] = defaultdict(list)
    first_valued: dict[str, date] = {}
    handed_over: dict[str, date] = {}
    for subject, registered, valued, signed, decided, paid, vacated, handed in _milestones(reach, known=known):
        section, mark, _number = subject.partition("-H")
        if not mark:
            if handed is not None and handed <= on:
                handed_over[section] = handed
            continue
        if registered is None or registered > on:
            continue
        households[section].append(Journey(_earliest(signed, decided), paid, vacated))
        if valued is not None and valued <= on:
            first_valued[section] = min(valued, first_valued.get(section, valued))
    return [
        GroupHistory(
            code=code, project=project, households=len(households[code]),
            started_on=_earliest(announced_on, first_valued.get(code)), on=on, journeys=tuple(households[code]),
            handed_over_on=handed_over.get(code), payable_from_on=announced_on,
            awaits_payable=regime == Regime.COLLECTIVE_LAND,
        )
        for code, project, regime in sections
        for announced_on in [announced.get(code, announced.get(code.rpartition("-")[0]))]
    ]


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _announced(reach: Reach, *, on: date, known: date | None) -> dict[str, date]:
    """Section or part of a project -> the day of its first announcement that stands."""
    rows = standing_fact_rows(("expropriation_announced",), reach=reach, on=on, known=known)
    found: dict[str, date] = {}
    for subject, happened_on in rows.values_list("subject", "happened_on"):
        found.setdefault(subject, happened_on)
    return found


def _milestones(reach: Reach, *, known: date | None) -> Iterable[_Row]:
    """Subject and the dates of ``_COLUMNS`` of every household and section within reach."""
    rows = Milestones.objects.filter(reach.condition("subject")).order_by("subject").values_list("subject", *_COLUMNS)
    if known is None:
        yield from rows.iterator(chunk_size=10_000)
        return
    if not reach:
        return
    sql, parameters = rows.query.sql_with_params()
    replay, replay_parameters = replayed_milestones(known)
    with connection.cursor() as cursor:
        # The name of the common table hides the real one from the query.
        cursor.execute(f'WITH "ledger_milestones" AS ({replay}) {sql}', (*replay_parameters, *parameters))  # noqa: S608
        yield from cursor.fetchall()
