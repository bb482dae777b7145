"""What inspections found, for figures: strata with what was seen of them, and findings house by house.

Nothing here asks who looks. ``released_only=False`` is for whoever holds ``inspection.view`` over the city.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from zhengtu.core.inspection.discrepancy import Inspected
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.inspection.entering import MOVED_BACK, SITE
from zhengtu.inspection.models import Drawn, Inspection
from zhengtu.ledger.milestone_queries import facts_standing
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
    city: str, *, on: date, released_only: bool, known: date | None = None, figure: str = "vacated"
) -> dict[str, list[Inspected]]:
    """Jurisdiction -> its strata by the last draw there that checks a figure, with what was seen of them by a day.

    Args:
        known: with ``released_only``, what was released and stood in the ledger by the end of this day, so that a
            finding that was corrected since still stands as it did; None for now.
        figure: the milestone whose reported figure is meant; weighted draws (patrols) tell of none.

    Where nobody was found or nothing could be told the household counts as not inspected.
    """
    matters = [id for id, one in current_rulebook().inspection.matters.items() if one.figure == figure]
    as_known = known if released_only else None
    found: dict[str, list[Inspected]] = {}
    rows = _rows(city, on=on, released_only=released_only, known=as_known).filter(matter__in=matters)
    for row in rows.order_by("drawn_on", "code"):
        seen = _seen(row, on=on) if as_known is None else _seen_as_known(row, on=on, known=as_known)
        fallen = _fallen(row, on=on, known=as_known) if row.released_on is not None else {}
        for jurisdiction, strata in _strata(row, seen, fallen=fallen).items():
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


def _rows(city: str, *, on: date, released_only: bool, known: date | None = None) -> QuerySet[Inspection]:
    rows = Inspection.objects.filter(code__startswith=f"{city}-I", drawn_on__lte=on, cancelled_on=None)
    rows = rows.defer("candidates", "weights")
    return rows.filter(released_on__lte=known or on) if released_only else rows


def strata_of(row: Inspection, *, on: date) -> dict[str, list[Inspected]]:
    """Jurisdiction -> strata of one inspection's closed list, with what was seen of each by a day."""
    return _strata(row, _seen(row, on=on))


def _strata(
    row: Inspection, seen: Iterable[tuple[str, bool]], *, fallen: Mapping[str, int] = MappingProxyType({})
) -> dict[str, list[Inspected]]:
    by_stratum: dict[str, list[bool]] = defaultdict(list)
    for stratum, is_false in seen:
        by_stratum[stratum].append(is_false)
    found: dict[str, list[Inspected]] = defaultdict(list)
    for stratum, listed in sorted(row.listed.items()):
        told = by_stratum[stratum]
        found[jurisdiction_of(stratum)].append(Inspected(
            reported=listed, inspected=len(told), false=sum(told), fallen=fallen.get(stratum, 0),
        ))
    return found


def _seen(row: Inspection, *, on: date) -> list[tuple[str, bool]]:
    """Stratum of each house that was seen, and whether the report was not so, as the draw has it now."""
    told = row.drawn.filter(is_false__isnull=False, found_at__lt=_end_of(on))
    return [(stratum, bool(is_false)) for stratum, is_false in told.values_list("stratum", "is_false")]


def _seen_as_known(row: Inspection, *, on: date, known: date) -> list[tuple[str, bool]]:
    """The same by the released findings that stood in the ledger by the end of a day."""
    return _entered(row, SITE, "w.stratum, f.attributes->>'agrees' = 'no'", on=on, known=known)


def _fallen(row: Inspection, *, on: date, known: date | None) -> Counter[str]:
    """Stratum -> houses that left the figure because the release entered that somebody lives there again."""
    return Counter(stratum for stratum, in _entered(row, MOVED_BACK, "w.stratum", on=on, known=known))


def _entered(row: Inspection, kind: str, columns: str, *, on: date, known: date | None) -> list[Any]:
    """Columns of the facts of a kind that the inspection's release entered and that stood by the end of a day."""
    stood, parameters = facts_standing(known)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {columns}
            FROM inspection_drawn w JOIN ledger_fact f ON f.subject = w.household AND f.kind = %s
            JOIN ledger_deed d ON d.id = f.deed_id
            WHERE w.inspection_id = %s AND f.attributes->>'inspection' = w.inspection_id AND f.happened_on <= %s
              AND {stood}
            """,  # noqa: S608
            [kind, row.code, on, *parameters],
        )
        return cursor.fetchall()


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
