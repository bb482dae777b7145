"""Cards of all units that a scheme scores, their places, and how these moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhengtu.accounts.models import Unit
from zhengtu.assessment.measuring import measured_of
from zhengtu.core.assessment.ranking import Ranked, ranked
from zhengtu.core.assessment.scheme import Band, Measure, Scheme
from zhengtu.core.assessment.scoring import Measured
from zhengtu.core.assessment.unit_card import UnitCard, unit_card
from zhengtu.core.assessment.window import Window
from zhengtu.core.kernel.codes import city_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit in the ranking: its place, grade and card."""

    ranked: Ranked
    band: Band | None
    card: UnitCard


def units_scored(city: str, *, scheme: Scheme) -> list[str]:
    """Codes of the city's units of the kinds that a scheme scores."""
    units = Unit.objects.filter(code__startswith=city[:4], kind__in=scheme.units).order_by("code")
    return list(units.values_list("code", flat=True))


def cards(
    city: str, *, scheme: Scheme, from_on: date, until_on: date, known: date | None = None, today: date | None = None
) -> list[UnitCard]:
    """The cards of a period, by unit.

    Args:
        until_on: first day after the period.
        known: what was recorded by the end of this day counts; None for all that is recorded now.
        today: of a period that still runs, the last day that counts; None: all of it.
    """
    window = Window(city_of(city), from_on, until_on - _DAY, known)
    if today is not None:
        window = window.capped(today=today)
    found: dict[str, dict[str, Measured]] = {unit: {} for unit in units_scored(city, scheme=scheme)}
    for criterion in sorted(scheme.criteria, key=lambda one: one.measure is Measure.EVENTS):
        known_of = measured_of(criterion.id, window)
        for unit, own in found.items():
            if unit in known_of:
                own[criterion.id] = known_of[unit]
            elif criterion.measure is Measure.EVENTS and own:
                own[criterion.id] = Measured()  # conduct is told of whoever had something to do
    return [unit_card(unit, scheme=scheme, measured=own) for unit, own in sorted(found.items())]


def ranking(
    held: Sequence[UnitCard], *, scheme: Scheme, before: Mapping[str, int] | None = None
) -> list[Placed]:
    """The units by their score, best first, with grades and the range of places; who has no score is left out.

    Args:
        before: unit -> its place in the period before.
    """
    by_unit = {card.unit: card for card in held}
    return [
        Placed(one, scheme.band_of(one.per_hundred), by_unit[one.unit])
        for one in ranked([card.card for card in held], before=before)
    ]


def places_of(placed: Sequence[Placed]) -> dict[str, int]:
    """Unit -> its place."""
    return {one.ranked.unit: one.ranked.rank for one in placed}
