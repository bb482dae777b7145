"""The facts of directives as the life cycle reads them: one query for however many directives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from zhengtu.core.directives.life_cycle import KINDS, DirectiveEvent, EventFile
from zhengtu.core.directives.numbering import head_of
from zhengtu.ledger.models import Evidence
from zhengtu.ledger.queries import Reach, standing_fact_rows

Events = Mapping[str, Sequence[DirectiveEvent]]
"""Code of a directive or occurrence -> its facts, earliest first."""

_FEW: int = 200
"""Up to so many directives are asked for one by one; of more the city's are read and sorted out."""


def events_of(
    codes: Collection[str], *, on: date, known: date | None = None, recurring: Collection[str] = ()
) -> Events:
    """Facts of these directives, and of the occurrences of those that recur.

    Args:
        on: facts that happened by this day; known: that were recorded by this day, None for all.
        recurring: those of the codes that have occurrences.
    """
    if not codes:
        return {}
    if len(codes) <= _FEW:
        reach = Reach(prefixes=tuple(f"{code}-" for code in sorted(recurring)), codes=tuple(sorted(codes)))
    else:
        reach = Reach(prefixes=tuple(sorted({f"{code[:6]}-D" for code in codes})))
    rows = standing_fact_rows(KINDS, reach=reach, on=on, known=known).values_list(
        "subject", "kind", "happened_on", "attributes", "deed_id", "ordinal", "deed__recorded_on",
        "deed__recorded_at", "deed__actor",
    )
    wanted = set(codes)
    found: dict[str, list[DirectiveEvent]] = defaultdict(list)
    for subject, kind, happened_on, attributes, deed, ordinal, recorded_on, recorded_at, person in rows:
        if subject not in wanted and head_of(subject)[0] not in wanted:
            continue
        found[subject].append(
            DirectiveEvent(
                directive=subject, kind=kind, on=happened_on, recorded_on=recorded_on, recorded_at=recorded_at,
                by=person, deed=deed, reference=f"{deed}/{ordinal}", attributes=attributes,
            )
        )
    return found


def files_of(deeds: Collection[str]) -> dict[str, list[EventFile]]:
    """Deed -> its files of evidence, in order."""
    found: dict[str, list[EventFile]] = defaultdict(list)
    rows = Evidence.objects.filter(deed__in=deeds).order_by("deed", "ordinal")
    for deed, kind, name, sha256 in rows.values_list("deed_id", "kind", "name", "file_id"):
        found[deed].append(EventFile(kind=kind, name=name, sha256=sha256))
    return found
