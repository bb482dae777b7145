"""Row changes of inspections; only their actions call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from secrets import randbelow, token_hex

from zhengtu.core.inspection.replay import DrawDocument, fingerprint
from zhengtu.core.inspection.site import SitePosition
from zhengtu.inspection.models import (
    Conclusion,
    Drawn,
    Inspection,
    InspectionTeam,
    Instruction,
    Objection,
    Recusal,
)

_FIRST_NUMBER, _NUMBERS = 10_000, 90_000
_SEED_BYTES = 32


def new_seed() -> str:
    """A seed that nobody chose: 64 hexadecimal characters from the machine's source of chance."""
    return token_hex(_SEED_BYTES)


def new_code(city: str) -> str:
    """A free code whose number is drawn and not counted, so that no code tells how many others there are.

    Call it with the city's chain held.
    """
    while True:
        code = f"{city}-I{_FIRST_NUMBER + randbelow(_NUMBERS)}"
        if not any(model.objects.filter(pk=code).exists() for model in (Inspection, Instruction)):
            return code


def insert_instruction(instruction: Instruction) -> None:
    """Keep an instruction that waits for its plan."""
    instruction.save(force_insert=True)


def insert_inspection(inspection: Inspection) -> None:
    """Keep a plan."""
    inspection.save(force_insert=True)


def locked_inspection(code: str) -> Inspection:
    """The inspection, row-locked until the transaction ends."""
    return Inspection.objects.select_for_update().get(pk=code)


def keep_draw(inspection: Inspection, document: DrawDocument, *, on: date) -> str:
    """Keep the closed list, what was drawn of it and who goes where; returns the draw's fingerprint."""
    inspection.candidates = {one.key: list(one.codes) for one in document.strata}
    inspection.listed = {one.key: len(one.codes) for one in document.strata}
    inspection.sizes = {one.key: len(one.drawn) for one in document.strata}
    inspection.weights = {
        code: [vacated_on.isoformat(), seen_on.isoformat() if seen_on else None]
        for code, (vacated_on, seen_on) in document.weights.items()
    }
    inspection.inspectors = {person: list(places) for person, places in document.inspectors.items()}
    inspection.list_digest, inspection.drawn_on = document.list_digest, on
    inspection.least_per_stratum, inspection.together = document.least_per_stratum, document.together
    inspection.expected_rate = document.expected_rate
    inspection.drawn_sha256 = fingerprint(document)
    inspection.save(update_fields=[
        "candidates", "listed", "sizes", "weights", "inspectors", "list_digest", "drawn_on", "drawn_sha256",
        "least_per_stratum", "expected_rate", "together",
    ])
    InspectionTeam.objects.bulk_create([
        InspectionTeam(inspection=inspection, jurisdiction=place, inspector_id=person)
        for place, team in document.teams.items() for person in team
    ])
    Drawn.objects.bulk_create([
        Drawn(
            inspection=inspection, household=code, stratum=one.key, ordinal=ordinal,
            reported=one.key.partition("/")[2],
        )
        for one in document.strata for ordinal, code in enumerate(one.drawn, start=1)
    ])
    return inspection.drawn_sha256


def cancel(inspection: Inspection, *, on: date) -> None:
    """Leave it undone."""
    inspection.cancelled_on = on
    inspection.save(update_fields=["cancelled_on"])


def keep_visit(
    row: Drawn, *, found: str, is_false: bool | None, at: datetime, by: str, position: SitePosition | None,
    distance_m: float | None, note: str, deed: str,
) -> None:
    """Fill in what was found at one house."""
    row.found, row.is_false, row.found_at, row.found_by_id = found, is_false, at, by
    if position is not None:
        row.longitude, row.latitude, row.accuracy_m = position.longitude, position.latitude, position.accuracy_m
    row.distance_m, row.note, row.deed = distance_m, note, deed
    row.save(update_fields=[
        "found", "is_false", "found_at", "found_by", "longitude", "latitude", "accuracy_m", "distance_m", "note",
        "deed",
    ])


def put_conclusion(
    inspection: Inspection, *, jurisdiction: str, text: str, repair: str, repair_until_on: date | None, person: str
) -> None:
    """Keep what is told to a jurisdiction, in the place of what stood there."""
    Conclusion.objects.update_or_create(
        inspection=inspection, jurisdiction=jurisdiction,
        defaults={"text": text, "repair": repair, "repair_until_on": repair_until_on, "written_by_id": person},
    )


def release(inspection: Inspection, *, on: date) -> None:
    """Mark its conclusions as fed back."""
    inspection.released_on = on
    inspection.save(update_fields=["released_on"])


def note_found(conclusion: Conclusion, *, deed: str) -> None:
    """Note the deed that entered a jurisdiction's findings."""
    conclusion.found_by_deed = deed
    conclusion.save(update_fields=["found_by_deed"])


def note_directives(conclusions: Sequence[Conclusion], codes: Sequence[str]) -> None:
    """Note the directive that follows each repair."""
    for conclusion, code in zip(conclusions, codes, strict=True):
        conclusion.directive = code
    Conclusion.objects.bulk_update(conclusions, ["directive"])


def insert_objection(objection: Objection) -> None:
    """Keep what a jurisdiction says against what was found."""
    objection.save(force_insert=True)


def decide(objection: Objection, *, outcome: str, decision: str, person: str, on: date, deed: str) -> None:
    """Keep what was decided about an objection."""
    objection.outcome, objection.decision, objection.decided_by_id = outcome, decision, person
    objection.decided_on, objection.decision_deed = on, deed
    objection.save(update_fields=["outcome", "decision", "decided_by", "decided_on", "decision_deed"])


def correct_findings(
    inspection: Inspection, answers: Mapping[str, tuple[str, bool | None]], *, deed: str
) -> None:
    """Put other findings in the place of those objected to: household -> answer and whether it contradicts."""
    for row in Drawn.objects.filter(inspection=inspection, household__in=answers):
        row.found, row.is_false = answers[row.household]
        row.corrected_by = deed
        row.save(update_fields=["found", "is_false", "corrected_by"])


def put_recusal(*, inspector: str, jurisdiction: str, reason: str) -> None:
    """Keep where an inspector does not inspect."""
    Recusal.objects.update_or_create(
        inspector_id=inspector, jurisdiction=jurisdiction, defaults={"reason": reason}
    )
