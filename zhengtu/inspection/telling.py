"""Notices of inspections. Before release they reach the mayor and the inspection office alone, in the inbox only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zhengtu.core.authority.actor import Subject
from zhengtu.core.inspection.authorisation import last_day_to_object
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.notice import NewNotice
from zhengtu.inspection.models import Inspection, Objection
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices


def tell_instructed(code: str, *, now: datetime) -> int:
    """Tell whoever plans that an instruction waits for its plan; returns how many notices are new."""
    people = recipients(on=civil_date(at=now), verb="inspection.plan", subject=Subject(code=code))
    return _tell(people, "inspection_instructed", code, N_("An inspection was instructed and waits for its plan"),
                 now=now)


def tell_assigned(inspection: Inspection, *, now: datetime) -> int:
    """Tell whoever was drawn to go; returns how many notices are new."""
    people = set(inspection.teams.values_list("inspector", flat=True))
    return _tell(
        people, "inspection_assigned", inspection.code,
        N_("You were drawn for an inspection on site from %(from_on)s to %(until_on)s"), now=now,
        from_on=inspection.from_on.isoformat(), until_on=inspection.until_on.isoformat(),
    )


def tell_concluded(inspection: Inspection, *, now: datetime) -> int:
    """Tell whoever releases that all conclusions are written; returns how many notices are new."""
    people = recipients(on=civil_date(at=now), verb="inspection.release", subject=Subject(code=inspection.code))
    return _tell(people, "inspection_concluded", inspection.code, N_("All conclusions of an inspection are written"),
                 now=now)


def tell_released(inspection: Inspection, *, now: datetime) -> int:
    """Tell the inspected, each of its own part; returns how many notices are new."""
    if inspection.released_on is None:
        return 0
    last_on = last_day_to_object(served_on=inspection.released_on)
    told = 0
    for place in inspection.conclusions.values_list("jurisdiction", flat=True):
        told += _tell(
            answering(place, now=now), "inspection_fed_back", inspection.code,
            N_("An inspection was fed back to you; objections are taken until %(due_on)s"), now=now, subject=place,
            due_on=last_on.isoformat(),
        )
    return told


def tell_objected(objection: Objection, *, now: datetime) -> int:
    """Tell whoever may decide; returns how many notices are new."""
    inspection, place = objection.conclusion.inspection, objection.conclusion.jurisdiction
    people = recipients(on=civil_date(at=now), verb="inspection.review", subject=Subject(code=inspection.code))
    return _tell(people, "inspection_objected", inspection.code, N_("%(place)s objects to what an inspection found"),
                 now=now, turn=place, place=place)


def tell_decided(objection: Objection, *, now: datetime) -> int:
    """Tell the jurisdiction what was decided; returns how many notices are new."""
    inspection, place = objection.conclusion.inspection, objection.conclusion.jurisdiction
    return _tell(answering(place, now=now), "inspection_decided", inspection.code,
                 N_("Your objection to an inspection is decided"), now=now, subject=place)


def answering(place: str, *, now: datetime) -> list[str]:
    """Who answers for a jurisdiction."""
    return recipients(on=civil_date(at=now), unit=place, verb="inspection.read", subject=Subject(code=place))


def _tell(
    people: Iterable[str], kind: str, code: str, message: str, *, now: datetime, subject: str = "", turn: str = "",
    **parameters: str,
) -> int:
    notices = [
        NewNotice(
            person=person, key="/".join(part for part in (code, kind, subject or turn) if part), kind=kind,
            message=message, parameters=parameters, path=f"/inspections/{code}/", subject=subject or code,
        )
        for person in sorted(set(people))
    ]
    return keep_notices(notices, now=now)
