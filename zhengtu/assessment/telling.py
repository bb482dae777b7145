"""Notices of assessments: scores made known to a unit, an appeal to the inspection office, its decision to the unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from zhengtu.assessment.models import Appeal, Assessment
from zhengtu.core.authority.actor import Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.notice import NewNotice
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices

ROLES: Final = ("district_leader", "client", "department")
"""Who of a unit that is scored is told."""


def tell_published(assessment: Assessment, *, units: Iterable[str], now: datetime) -> int:
    """Tell the units with a card that the scores are published; returns how many notices are new."""
    last = (assessment.until_on - assessment.until_on.resolution).isoformat()
    notices = [
        _notice(
            assessment, unit, person, turn="published", kind="assessment_published",
            message=N_("The scores of %(from_on)s to %(last_on)s are published"),
            parameters={"from_on": assessment.from_on.isoformat(), "last_on": last},
            path=f"/assessments/{assessment.code}/units/{unit}/",
        )
        for unit in units for person in _people(unit, now)
    ]
    return keep_notices(notices, now=now)


def tell_appealed(appeal: Appeal, *, now: datetime) -> int:
    """Tell the inspection office of an appeal; returns how many notices are new."""
    subject = Subject(code=appeal.assessment_id)
    people = recipients(on=civil_date(at=now), verb="assessment.decide", subject=subject)
    notices = [
        _notice(
            appeal.assessment, appeal.unit_id, person, turn=f"appeal-{appeal.pk}", kind="assessment_appealed",
            message=N_("%(unit)s appeals against its score"), parameters={"unit": appeal.unit.name},
            path=f"/assessments/appeals/{appeal.pk}/",
        )
        for person in people
    ]
    return keep_notices(notices, now=now)


def tell_decided(appeal: Appeal, *, now: datetime) -> int:
    """Tell the unit what was decided; returns how many notices are new."""
    notices = [
        _notice(
            appeal.assessment, appeal.unit_id, person, turn=f"decided-{appeal.pk}", kind="assessment_decided",
            message=N_("Your appeal against the score is decided"), parameters={},
            path=f"/assessments/appeals/{appeal.pk}/",
        )
        for person in _people(appeal.unit_id, now)
    ]
    return keep_notices(notices, now=now)


def _people(unit: str, now: datetime) -> list[str]:
    today = civil_date(at=now)
    return sorted({person for role in ROLES for person in recipients(unit=unit, role=role, on=today)})


def _notice(
    assessment: Assessment, unit: str, person: str, *, turn: str, kind: str, message: str,
    parameters: dict[str, str], path: str,
) -> NewNotice:
    return NewNotice(
        person=person, key=f"{assessment.code}/{turn}", kind=kind, message=message, parameters=parameters, path=path,
        subject=assessment.code, units=frozenset({unit}),
    )
