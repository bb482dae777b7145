"""The check on site: what was found at one drawn house, with photo, position and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.inspection.authorisation import InspectionScope, widening_reasons
from zhengtu.core.inspection.site import SitePosition
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.inspection import writes
from zhengtu.inspection.candidates import sections_of
from zhengtu.inspection.inspectors import RECORD
from zhengtu.inspection.models import Drawn, Inspection
from zhengtu.inspection.refusing import reason, seen, standing_reasons, text_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import Evidence
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household

PHOTO: Final = "photo"


def record_visit(
    *, actor: Actor, code: str, household: str, found: str, photos: Sequence[OfferedFile],
    position: SitePosition | None, now: datetime, note: str = "",
) -> str:
    """Record what was found at a drawn house, on the spot; returns the deed's key.

    A house where nothing could be told may be visited again; what was told stands.

    Args:
        found: id of an answer of the inspection's matter.
        photos: files of kind ``photo``, at least one picture taken there.
        position: where it was taken; None where the device does not tell.
        note: needed without a position, where that lies far from the house, and where nothing could be told.

    Raises:
        Refused: no right, not in the team that was drawn, not drawn, outside of the days, no photo, or neither a
            position nor why there is none.
    """
    today = civil_date(at=now)
    seen(actor, code, today=today)
    with act(actor, RECORD, on=Subject(code=code), at=now) as deed:
        inspection = writes.locked_inspection(code)
        row = Drawn.objects.select_for_update().filter(inspection=inspection, household=household).first()
        reasons = standing_reasons(inspection, drawn=True)
        reasons += _scope_reasons(inspection, row, household=household, actor=actor, today=today)
        distance_m, place_reasons = _distance(household, position, note=note)
        reasons += place_reasons
        answer = current_rulebook().inspection.matters[inspection.matter].answers.get(found)
        if answer is None:
            reasons.append(reason("answer", N_("This cannot be found for the matter of the inspection."),
                                  N_("Choose one of the answers.")))
        elif answer.is_false is None:
            reasons += text_reasons(
                note, message=N_("Where nothing can be told the reason is needed."), remedy=N_("Write why.")
            )
        reasons += _photo_reasons(photos)
        files = kept_files(photos, reasons)
        _refuse_used_photos([file.sha256 for file in files])
        if row is None or answer is None:
            raise RuntimeError("each of these has its reason above")
        clean = mask_identifiers_in(note.strip())
        attributes = {"household": household, "found": found}
        if position is not None:
            attributes["position"] = f"{position.longitude:.6f} {position.latitude:.6f}"
        deed.record(evidence=files, facts=[NewFact("inspection", code, "inspection_visited", today, attributes)])
        writes.keep_visit(
            row, found=found, is_false=answer.is_false, at=now, by=actor.person, position=position,
            distance_m=distance_m, note=clean, deed=deed.id,
        )
        return deed.id


def _scope_reasons(
    inspection: Inspection, row: Drawn | None, *, household: str, actor: Actor, today: date
) -> list[Reason]:
    """Only what was drawn, only on the plan's days, only by whoever was drawn for the place."""
    if row is None:
        scope = InspectionScope(inspection.matter, sections_of(inspection.places, city=f"{inspection.code[:4]}00"))
        return widening_reasons(scope, place=household, matter=inspection.matter) or [
            reason("not_drawn_household", N_("%(household)s was not drawn; an inspection sees what was drawn."),
                   N_("Report it as a clue; a plan of its own may follow."), household=household)
        ]
    reasons = []
    if not inspection.from_on <= today <= inspection.until_on:
        reasons.append(reason(
            "other_day", N_("The plan goes on site from %(from_on)s to %(until_on)s."),
            from_on=inspection.from_on.isoformat(), until_on=inspection.until_on.isoformat(),
        ))
    place = jurisdiction_of(household)
    if not inspection.teams.filter(jurisdiction=place, inspector=actor.person).exists():
        reasons.append(reason(
            "other_team", N_("Others were drawn to inspect in %(place)s."),
            N_("Let the inspectors record it who were drawn for the place."), place=place,
        ))
    if row.is_false is not None:
        reasons.append(reason("visited", N_("What was found there is recorded already.")))
    if inspection.conclusions.filter(jurisdiction=place).exists():
        reasons.append(reason("concluded", N_("The conclusion for this place is written already.")))
    return reasons


def _distance(
    household: str, position: SitePosition | None, *, note: str
) -> tuple[float | None, list[Reason]]:
    """Metres from the house, where its place is known, and why the position cannot stand."""
    if position is None and note.strip():
        return None, []
    if position is None or not position.is_on_earth():
        return None, [reason(
            "position", N_("A check on site needs its position."),
            N_("Let the device tell where it is, or write why it cannot."),
        )]
    held = Household.objects.filter(pk=household).select_related("building", "parcel", "section").first()
    for shape in (held and held.building, held and held.parcel, held and held.section):
        if shape is None or shape.west is None:
            continue
        metres = position.metres_to((shape.west, shape.south, shape.east, shape.north))
        farthest = current_rulebook().inspection.farthest_m
        if metres > farthest + (position.accuracy_m or 0) and not note.strip():
            return metres, [reason(
                "far_away", N_("The position lies %(metres)s m from the house."),
                N_("Go to the house, or write why it is checked from there."), metres=round(metres),
            )]
        return metres, []
    return None, []


def _photo_reasons(photos: Sequence[OfferedFile]) -> list[Reason]:
    if not photos or any(offered.kind != PHOTO for offered in photos):
        return [reason("photo", N_("A check on site needs its photo."), N_("Take one at the house."))]
    wrong = [offered.name for offered in photos if not offered.name.lower().endswith(_PICTURES)]
    return [
        reason("no_picture", N_("“%(file)s” is no picture."), N_("Take a photo as JPG, PNG or HEIC."), file=wrong[0])
    ] if wrong else []


_PICTURES: Final = (".jpg", ".jpeg", ".png", ".heic", ".heif")


def _refuse_used_photos(digests: Sequence[str]) -> None:
    """One photo shows one house on one day."""
    used = Evidence.objects.filter(file__in=digests, kind=PHOTO, deed__verb=RECORD).exists()
    if used or len(set(digests)) != len(digests):
        raise Refused(reason(
            "photo_used", N_("This photo was sent with another check already."), N_("Take a new one at the house.")
        ))
