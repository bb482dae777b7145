"""The draw as it is handed out: seed, list and choice, so that a second person can draw again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from zhengtu.core.authority.actor import Actor
from zhengtu.core.inspection.replay import DrawDocument, DrawnStratum
from zhengtu.inspection.models import Inspection, InspectionForm
from zhengtu.inspection.reach import inspection_seen, part_of, sees_whole
from zhengtu.ledger.queries import Reach


def draw_document(actor: Actor, code: str, *, on: date) -> DrawDocument | None:
    """The published draw of an inspection that exists for the actor: whole, or the part that they see.

    None where there is no such inspection for them, or nothing is drawn.
    """
    row = inspection_seen(actor, code, on=on)
    if row is None or row.drawn_on is None:
        return None
    return whole_document(row) if sees_whole(actor, code) else _part(row, part_of(actor, code))


def whole_document(row: Inspection) -> DrawDocument:
    """The whole draw, from what is kept of it."""
    drawn: dict[str, list[str]] = defaultdict(list)
    for stratum, household in row.drawn.order_by("stratum", "ordinal").values_list("stratum", "household"):
        drawn[stratum].append(household)
    teams: dict[str, list[str]] = defaultdict(list)
    for place, person in row.teams.order_by("pk").values_list("jurisdiction", "inspector"):
        teams[place].append(person)
    return DrawDocument(
        inspection=row.code, form=row.form, matter=row.matter, as_of_on=row.as_of_on, households=row.households,
        least_per_stratum=row.least_per_stratum, expected_rate=row.expected_rate, together=row.together,
        seed=row.seed, commitment=row.commitment, list_digest=row.list_digest,
        strata=[DrawnStratum(key, tuple(codes), tuple(drawn[key])) for key, codes in sorted(row.candidates.items())],
        inspectors={person: tuple(places) for person, places in row.inspectors.items()},
        teams={place: tuple(team) for place, team in teams.items()}, weights=_weights(row),
    )


def _part(row: Inspection, part: Reach) -> DrawDocument:
    """What one reader sees of it: their strata, without the whole list's fingerprint and without who else inspects."""
    whole = whole_document(row)
    strata = [
        DrawnStratum(
            one.key, tuple(code for code in one.codes if part.covers(code)),
            tuple(code for code in one.drawn if part.covers(code)),
        )
        for one in whole.strata
    ]
    kept = [one for one in strata if one.drawn]
    codes = {code for one in kept for code in one.codes}
    return DrawDocument(
        inspection=whole.inspection, form=whole.form, matter=whole.matter, as_of_on=whole.as_of_on,
        households=sum(len(one.drawn) for one in kept), least_per_stratum=whole.least_per_stratum,
        expected_rate=whole.expected_rate, together=whole.together, seed=whole.seed, commitment=whole.commitment,
        list_digest="", strata=kept, inspectors={},
        teams={place: team for place, team in whole.teams.items() if part.covers(place)},
        weights={code: days for code, days in whole.weights.items() if code in codes},
    )


def _weights(row: Inspection) -> dict[str, tuple[date, date | None]]:
    if row.form != InspectionForm.PATROL:
        return {}
    return {
        code: (date.fromisoformat(vacated_on), date.fromisoformat(seen_on) if seen_on else None)
        for code, (vacated_on, seen_on) in row.weights.items()
    }
