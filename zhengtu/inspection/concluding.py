"""Conclusions, and their release by the mayor with all that follows from it.

The release stands by itself; what follows is entered jurisdiction by jurisdiction after it. Should that be cut off,
releasing again goes on from there: nothing is entered twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.directives.draft import MATTER_LIMIT, DirectiveDraft, DraftDue
from zhengtu.core.inspection.authorisation import REGULATION
from zhengtu.core.inspection.matters import Repeats
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import jurisdiction_of, section_of
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.directives.actions import set_directives
from zhengtu.inspection import writes
from zhengtu.inspection.candidates import sections_of
from zhengtu.inspection.entering import finding_facts
from zhengtu.inspection.models import Conclusion, Drawn, Inspection
from zhengtu.inspection.refusing import reason, seen, standing_reasons, text_reasons
from zhengtu.inspection.telling import tell_concluded, tell_released
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile
from zhengtu.ledger.models import Evidence
from zhengtu.ledger.rulebook import current_rulebook

CONCLUDE: Final = "inspection.conclude"
RELEASE: Final = "inspection.release"
FIND: Final = "inspection.find"


def write_conclusion(
    *, actor: Actor, code: str, jurisdiction: str, text: str, now: datetime, repair: str = "",
    repair_until_on: date | None = None,
) -> str:
    """Write what is told to a jurisdiction, anew until it is released; returns the deed's key.

    Args:
        repair: what is to be put right, in the words of an order; empty for nothing.
        repair_until_on: until when; None: after the days of the rulebook.

    Raises:
        Refused: no right, nothing drawn there, houses that are not visited while the days last, or no text.
    """
    today = civil_date(at=now)
    seen(actor, code, today=today)
    with act(actor, CONCLUDE, on=Subject(code=code), at=now) as deed:
        inspection = writes.locked_inspection(code)
        reasons = standing_reasons(inspection, drawn=True)
        reasons += _visit_reasons(inspection, jurisdiction, today=today)
        reasons += text_reasons(text, message=N_("A conclusion needs its text."), remedy=N_("Write what was found."))
        due_on = repair_until_on or today + timedelta(days=current_rulebook().inspection.repair_days)
        reasons += _repair_reasons(repair, due_on, today=today)
        if reasons:
            raise Refused(*reasons)
        told, order = mask_identifiers_in(text.strip()), mask_identifiers_in(repair.strip())
        until_on = due_on if order else None
        deed.record(facts=[NewFact(
            "inspection", code, "inspection_concluded", today,
            {"jurisdiction": jurisdiction, "content_sha256": conclusion_fingerprint(told, order, until_on)},
        )])
        writes.put_conclusion(
            inspection, jurisdiction=jurisdiction, text=told, repair=order, repair_until_on=until_on,
            person=actor.person,
        )
    if not unconcluded(inspection):
        tell_concluded(inspection, now=now)
    return deed.id


def release_inspection(*, actor: Actor, code: str, now: datetime) -> str:
    """Feed the conclusions back: from now on the inspected see them; returns the deed's key.

    With it the findings become facts of the households, repairs become directives, and the inspected are told.

    Raises:
        Refused: no right, a jurisdiction without its conclusion, a repair that is due already, or released before.
    """
    today = civil_date(at=now)
    row = seen(actor, code, today=today)
    if row.released_on is not None and _left_over(row):
        return _entered(row, actor=actor, now=now)
    with act(actor, RELEASE, on=Subject(code=code), at=now) as deed:
        inspection = writes.locked_inspection(code)
        reasons = standing_reasons(inspection, drawn=True)
        missing = unconcluded(inspection) if not reasons else []
        if missing:
            reasons.append(reason(
                "unconcluded", N_("The conclusion for %(place)s is missing."), N_("Write it first."), place=missing[0]
            ))
        reasons += _order_reasons(inspection)
        for one in inspection.conclusions.all():
            reasons += _repair_reasons(one.repair, one.repair_until_on, today=today)
        if reasons:
            raise Refused(*reasons)
        deed.record(facts=[NewFact("inspection", code, "inspection_released", today)])
        writes.release(inspection, on=today)
    _entered(inspection, actor=actor, now=now)
    return deed.id


def unconcluded(inspection: Inspection) -> list[str]:
    """Jurisdictions with drawn households and no conclusion, by code."""
    places = {jurisdiction_of(code) for code in inspection.drawn.values_list("household", flat=True)}
    return sorted(places - set(inspection.conclusions.values_list("jurisdiction", flat=True)))


def conclusion_fingerprint(text: str, repair: str, repair_until_on: date | None) -> str:
    """SHA-256 of a conclusion as the ledger keeps it: text, repair and its last day, one line feed between each."""
    until = repair_until_on.isoformat() if repair_until_on else ""
    return sha256(f"{text}\n{repair}\n{until}".encode()).hexdigest()


def _left_over(inspection: Inspection) -> bool:
    """Whether something of what follows the release was not entered yet."""
    return any(
        not one.found_by_deed or (one.repair and not one.directive) for one in inspection.conclusions.all()
    )


def _entered(inspection: Inspection, *, actor: Actor, now: datetime) -> str:
    """Enter what follows the release and is not entered yet; returns the last deed's key."""
    key = ""
    for one in inspection.conclusions.filter(found_by_deed="").order_by("jurisdiction"):
        key = _enter_findings(inspection, one, actor=actor, now=now)
    waiting = list(inspection.conclusions.exclude(repair="").filter(directive="").order_by("jurisdiction"))
    if waiting:
        codes = set_directives(actor=actor, drafts=[_draft(one) for one in waiting], now=now)
        writes.note_directives(waiting, codes)
    tell_released(inspection, now=now)
    return key


def _enter_findings(inspection: Inspection, conclusion: Conclusion, *, actor: Actor, now: datetime) -> str:
    """One deed: the findings of a jurisdiction become facts of its households, with the photos taken there."""
    place = conclusion.jurisdiction
    rows = list(
        Drawn.objects.filter(inspection=inspection, household__startswith=place, is_false__isnull=False)
        .order_by("household")
    )
    with act(actor, FIND, on=Subject(code=place), at=now) as deed:
        held = Conclusion.objects.select_for_update().get(pk=conclusion.pk)
        if held.found_by_deed:
            raise Refused(reason("entered", N_("These findings are entered already.")))
        facts = [fact for row in rows for fact in finding_facts(row, inspection)]
        told = reason("fed_back", N_("Findings of inspection %(inspection)s"), inspection=inspection.code)
        deed.record(facts=facts, evidence=_photos([row.deed for row in rows]), because=[told])
        writes.note_found(held, deed=deed.id)
        return deed.id


def _photos(deeds: Sequence[str]) -> list[AttachedFile]:
    """The photos of these checks, each once."""
    rows = Evidence.objects.filter(deed__in=deeds, kind="photo").select_related("file").order_by("deed", "ordinal")
    found = {
        row.file_id: AttachedFile(row.kind, row.file_id, row.file.size_bytes, row.file.media_type, row.name)
        for row in rows
    }
    return list(found.values())


def _draft(conclusion: Conclusion) -> DirectiveDraft:
    return DirectiveDraft(
        lead=conclusion.jurisdiction, matter=conclusion.repair,
        due=DraftDue(kind="date", on=conclusion.repair_until_on),
    )


def _visit_reasons(inspection: Inspection, jurisdiction: str, *, today: date) -> list[Reason]:
    rows = inspection.drawn.filter(household__startswith=f"{jurisdiction}-")
    if not rows.exists():
        return [reason("place_not_drawn", N_("Nothing was drawn in %(place)s."), N_("Choose from the list."),
                       place=jurisdiction)]
    left = rows.filter(found="").count()
    if left and today <= inspection.until_on:
        return [reason(
            "unvisited", N_("%(count)s drawn households are not visited yet."),
            N_("Visit them, or wait until the days on site have passed."), source=f"{REGULATION}#15", count=left,
        )]
    if left == rows.count():
        return [reason("nothing_seen", N_("Nobody was on site: there is nothing to conclude."),
                       N_("Cancel the inspection."))]
    return []


def _order_reasons(inspection: Inspection) -> list[Reason]:
    """Where houses rest after a look, the list of a later draw tells of an earlier one: that is released first."""
    if current_rulebook().inspection.matters[inspection.matter].quiet_for is not Repeats.HOUSEHOLD:
        return []
    sections = sections_of(inspection.places, city=f"{inspection.code[:4]}00")
    listed = {code for codes in inspection.candidates.values() for code in codes}
    others = Drawn.objects.filter(
        inspection__code__startswith=inspection.code[:6], inspection__matter=inspection.matter,
        inspection__released_on=None, inspection__cancelled_on=None,
    ).exclude(found="").exclude(inspection=inspection)
    telling = {
        other for other, household in others.values_list("inspection", "household")
        if household not in listed and section_of(household) in sections
    }
    return [
        reason("earlier", N_("The list of this draw tells of %(other)s, which is not released."),
               N_("Release that one first."), other=other)
        for other in sorted(telling)
    ]


def _repair_reasons(repair: str, until_on: date | None, *, today: date) -> list[Reason]:
    if not repair.strip():
        return []
    reasons = []
    if len(repair) > MATTER_LIMIT:
        reasons.append(reason("repair_long", N_("The text has more than %(limit)s characters."), N_("Shorten it."),
                              limit=MATTER_LIMIT))
    if until_on is None or until_on <= today:
        reasons.append(reason("repair_due", N_("A repair needs a last day after today."), N_("Give a later day.")))
    return reasons
