"""What a household was valued at on the mean: the basis of estimates for households that are not valued yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Avg, Count, DecimalField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from zhengtu.core.kernel.money import to_fen
from zhengtu.core.planning.scenario_cost import Unvalued
from zhengtu.ledger.queries import Reach, figures_by_section, standing_fact_rows, total_of
from zhengtu.registry.models import Participation

_LEAST: Final = 10
"""A mean of fewer valuations is none."""
_NOT_VALUED: Final = ("state_registered", "state_surveyed")


def unvalued_of(part: Participation, *, on: date, known: date | None) -> Unvalued:
    """Households of a part of a project that are not valued by a day, at the mean of like ones.

    Like ones are those of the same part; where too few of them are valued, those of the same regime in the same
    jurisdiction, and then in the city. ``valued`` is 0 where there are too few everywhere.
    """
    figures = figures_by_section(reach=Reach(prefixes=(f"{part.code}-",)), on=on, known=known, figures=_NOT_VALUED)
    households = sum(total_of(figures, _NOT_VALUED).values())
    mean, valued = Decimal(0), 0
    for codes in _like(part):
        mean, valued = _mean(codes, on=on, known=known)
        if valued >= _LEAST:
            return Unvalued(households, mean, valued, on)
    return Unvalued(households, Decimal(0), 0, on)


def _like(part: Participation) -> list[tuple[str, ...]]:
    """Codes of the parts whose valuations may stand for this one's, the nearest first."""
    same = Participation.objects.filter(project__regime=part.project.regime, project__campaign=part.project.campaign)
    rows = list(same.select_related("project"))
    return [
        (part.code,),
        tuple(row.code for row in rows if row.jurisdiction_id == part.jurisdiction_id),
        tuple(row.code for row in rows),
    ]


def _mean(codes: tuple[str, ...], *, on: date, known: date | None) -> tuple[Decimal, int]:
    rows = standing_fact_rows(
        ("valued",), reach=Reach(prefixes=tuple(f"{code}-" for code in codes)), on=on, known=known
    )
    value = Cast(KeyTextTransform("value_yuan", "attributes"), DecimalField(max_digits=16, decimal_places=2))
    found: dict[str, Any] = rows.order_by().aggregate(mean=Avg(value), valued=Count("pk"))
    return to_fen(found["mean"] or Decimal(0)), found["valued"]
