"""Inspections of reported figures over time, district by district, and the findings behind them, as far as one may see.

Before release they exist for the mayor and the inspection office alone; afterwards each sees its own part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.discrepancy import Discrepancy, discrepancy
from zhengtu.core.inspection.patrol import patrol_weight
from zhengtu.core.kernel.codes import city_of
from zhengtu.inspection.candidates import closed_list
from zhengtu.inspection.models import Inspection, InspectionForm
from zhengtu.inspection.reach import VIEW, inspections_seen, part_of, sees_unreleased
from zhengtu.inspection.site_findings import Finding, findings, strata_of
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Section
from zhengtu.registry.queries import scope_of

PATROL: Final = InspectionForm.PATROL.value


@dataclass(frozen=True, slots=True)
class DistrictInspection:
    """What one inspection says of one district's reported figure.

    Attributes:
        figure: the milestone whose reported figure it checks.
        as_of_on: the day of that figure. released_on: None before release.
        reported: households on its closed list; inspected: seen with an answer; false: found not to be so.
        found: what follows for all on the list, with its interval.
    """

    jurisdiction: str
    inspection: str
    title: str
    matter: str
    figure: str
    as_of_on: date
    released_on: date | None
    reported: int
    inspected: int
    false: int
    found: Discrepancy


@dataclass(frozen=True, slots=True)
class PatrolHouse:
    """A vacated house that still stands, and how due a look at it is.

    Attributes:
        last_seen_on: the day it was last found empty, or None.
        weight: its chance in the draw, 1 on the day it was vacated or last seen empty.
    """

    household: str
    address: str
    vacated_on: date
    last_seen_on: date | None
    weight: float


def district_inspections(actor: Actor, *, on: date) -> list[DistrictInspection]:
    """Inspections of reported figures that tell something of a whole district that the actor sees, the oldest first."""
    matters = current_rulebook().inspection.matters
    rows = inspections_seen(actor, on=on).filter(drawn_on__lte=on, cancelled_on=None).order_by("as_of_on", "code")
    found = []
    for row in rows:
        figure = matters[row.matter].figure if row.matter in matters else ""
        if figure:
            found += list(_districts_of(row, part_of(actor, row.code), figure=figure, on=on))
    return found


def _districts_of(row: Inspection, part: Reach, *, figure: str, on: date) -> Iterable[DistrictInspection]:
    for jurisdiction, strata in strata_of(row, on=on).items():
        told = discrepancy(strata) if part.covers(jurisdiction) else None
        if told is not None:
            yield DistrictInspection(
                jurisdiction=jurisdiction, inspection=row.code, title=row.title, matter=row.matter, figure=figure,
                as_of_on=row.as_of_on, released_on=row.released_on,
                reported=sum(one.reported for one in strata), inspected=sum(one.inspected for one in strata),
                false=sum(one.false for one in strata), found=told,
            )


def findings_for(actor: Actor, *, on: date, only_false: bool = False) -> list[Finding]:
    """Findings at houses that the actor may see by a day, the latest first.

    Args:
        only_false: those alone that contradict the report.
    """
    cities = {city_of(code) for code in inspections_seen(actor, on=on).values_list("code", flat=True)}
    found: list[Finding] = []
    for city in sorted(cities):
        part = part_of(actor, city)
        found += [
            one for one in findings(city, on=on, released_only=not sees_unreleased(actor, city))
            if part.covers(one.household) and (one.is_false or not only_false)
        ]
    return sorted(found, key=lambda one: (one.found_on, one.inspection, one.household), reverse=True)


def most_due(actor: Actor, *, on: date, count: int) -> list[PatrolHouse]:
    """Vacated houses that still stand where the actor sees unreleased inspections, those most due a look first.

    The weights are those of the draw of a patrol; the draw itself leaves the choice to chance.
    """
    matter = next((one for one in current_rulebook().inspection.matters.values() if PATROL in one.forms), None)
    prefixes = scope_of(actor, verb=VIEW).prefixes
    if matter is None or not prefixes:
        return []
    sections = Section.objects.filter(Reach(prefixes=tuple(prefixes)).condition("code")).values("code")
    _, reached = closed_list(matter, sections=sections, as_of_on=on, today=on)
    weights = {
        code: patrol_weight(vacated_on=vacated_on, last_seen_on=seen_on, on=on)
        for code, (vacated_on, seen_on) in reached.items()
    }
    first = sorted(weights, key=lambda code: (-weights[code], code))[:count]
    addresses = dict(Household.objects.filter(code__in=first).values_list("code", "address"))
    return [
        PatrolHouse(
            household=code, address=addresses.get(code, ""), vacated_on=reached[code][0],
            last_seen_on=reached[code][1], weight=weights[code],
        )
        for code in first
    ]
