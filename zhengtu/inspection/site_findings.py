"""What inspections found, for figures: strata with what was seen of them, and findings house by house.

Nothing here asks who looks. ``released_only=False`` is for whoever holds ``inspection.view`` over the city.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from zhengtu.core.inspection.discrepancy import Inspected
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.inspection.models import Drawn, Inspection
from zhengtu.ledger.models import Evidence
from zhengtu.ledger.rulebook import current_rulebook


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one house.

    Attributes:
        found: answer of the matter; is_false: whether it contradicts the report, None where nothing could be told.
        is_cleared: whether the house is empty by it; None where it does not say.
        photos: SHA-256 of each photo. position: longitude and latitude in degrees, WGS 84.
        released_on: None before release.
        deed: the deed of the check on site.
    """

    inspection: str
    matter: str
    household: str
    jurisdiction: str
    reported: str
    found: str
    is_false: bool | None
    is_cleared: bool | None
    is_moved_back: bool
    photos: tuple[str, ...]
    position: tuple[float, float] | None
    found_on: date
    released_on: date | None
    deed: str


def inspected_strata(
    city: str, *, on: date, released_only: bool, figure: str = "vacated"
) -> dict[str, list[Inspected]]:
    """Jurisdiction -> its strata by the last draw there that checks a figure, with what was seen of them by a day.

    Args:
        figure: the milestone whose reported figure is meant; weighted draws (patrols) tell of none.

    Where nobody was found or nothing could be told the household counts as not inspected.
    """
    matters = [id for id, one in current_rulebook().inspection.matters.items() if one.figure == figure]
    found: dict[str, list[Inspected]] = {}
    for row in _rows(city, on=on, released_only=released_only).filter(matter__in=matters).order_by("drawn_on", "code"):
        for jurisdiction, strata in strata_of(row, on=on).items():
            if any(one.inspected for one in strata):
                found[jurisdiction] = strata
    return found


def findings(city: str, *, on: date, released_only: bool) -> list[Finding]:
    """What was found by a day, of whatever matter, the earliest first."""
    inspections = {row.code: row for row in _rows(city, on=on, released_only=released_only)}
    rows = list(
        Drawn.objects.filter(inspection__in=inspections, found_at__lt=_end_of(on)).exclude(found="")
        .order_by("found_at", "household")
    )
    photos = photos_of({row.deed for row in rows})
    return [_finding(row, inspections[row.inspection_id], photos=photos.get(row.deed, ())) for row in rows]


def photos_of(deeds: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Deed -> SHA-256 of its photos, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = Evidence.objects.filter(deed__in=deeds, kind="photo").order_by("deed", "ordinal")
    for deed, sha256 in rows.values_list("deed_id", "file_id"):
        found[deed].append(sha256)
    return {deed: tuple(files) for deed, files in found.items()}


def _rows(city: str, *, on: date, released_only: bool) -> QuerySet[Inspection]:
    rows = Inspection.objects.filter(code__startswith=f"{city}-I", drawn_on__lte=on, cancelled_on=None)
    rows = rows.defer("candidates", "weights")
    return rows.filter(released_on__lte=on) if released_only else rows


def strata_of(row: Inspection, *, on: date) -> dict[str, list[Inspected]]:
    """Jurisdiction -> strata of one inspection's closed list, with what was seen of each by a day."""
    seen: dict[str, list[bool]] = defaultdict(list)
    told = row.drawn.filter(is_false__isnull=False, found_at__lt=_end_of(on))
    for stratum, is_false in told.values_list("stratum", "is_false"):
        seen[stratum].append(bool(is_false))
    found: dict[str, list[Inspected]] = defaultdict(list)
    for stratum, listed in sorted(row.listed.items()):
        found[jurisdiction_of(stratum)].append(
            Inspected(reported=listed, inspected=len(seen[stratum]), false=sum(seen[stratum]))
        )
    return found


def _finding(row: Drawn, inspection: Inspection, *, photos: tuple[str, ...]) -> Finding:
    answer = current_rulebook().inspection.matters[inspection.matter].answers.get(row.found)
    position = (row.longitude, row.latitude) if row.longitude is not None and row.latitude is not None else None
    assert row.found_at is not None
    return Finding(
        inspection=inspection.code, matter=inspection.matter, household=row.household,
        jurisdiction=jurisdiction_of(row.household), reported=row.reported, found=row.found, is_false=row.is_false,
        is_cleared=answer.is_cleared if answer is not None else None,
        is_moved_back=answer is not None and answer.is_moved_back, photos=photos, position=position,
        found_on=civil_date(at=row.found_at), released_on=inspection.released_on, deed=row.deed,
    )


def _end_of(day: date) -> datetime:
    """The first instant after a civil day."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)
