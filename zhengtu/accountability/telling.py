"""Notices of cases: to the unit that answers, to the inspection office, and to whoever decides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from zhengtu.accountability.models import Case, Tone
from zhengtu.core.authority.actor import Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.notice import NewNotice
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices

ROLES: Final = ("district_leader", "client", "department")
"""Who of a unit that answers is told."""
OFFICE: Final = "inspector"


def tell_opened(case: Case, *, deed: str, now: datetime) -> int:
    """Tell the unit and the inspection office of a new case; returns how many notices are new."""
    message = (
        N_("A case of praise is opened for %(unit)s: %(trigger)s") if case.tone == Tone.PRAISE
        else N_("A case is opened against %(unit)s: %(trigger)s; please state your case")
    )
    return _tell(case, {*_unit(case, now), *_office(case, now)}, f"opened-{deed}", "case_opened", message, now)


def tell_extended(case: Case, *, deed: str, now: datetime) -> int:
    """Tell the same of further grounds; returns how many notices are new."""
    message = N_("Further grounds are entered into the case of %(unit)s: %(trigger)s")
    return _tell(case, {*_unit(case, now), *_office(case, now)}, f"extended-{deed}", "case_opened", message, now)


def tell_withdrawn(case: Case, *, now: datetime) -> int:
    """Tell the same that the rule took the case back; returns how many notices are new."""
    message = N_("The case of %(unit)s is withdrawn by rule: %(trigger)s")
    return _tell(case, {*_unit(case, now), *_office(case, now)}, "withdrawn", "case_decided", message, now)


def tell_stated(case: Case, *, deed: str, is_appeal: bool, now: datetime) -> int:
    """Tell the inspection office and whoever decides what the unit said; returns how many notices are new."""
    message = (
        N_("%(unit)s appeals against the decision: %(trigger)s") if is_appeal
        else N_("%(unit)s stated its case: %(trigger)s")
    )
    deciders = recipients(on=civil_date(at=now), verb="accountability.decide", subject=Subject(code=case.code))
    return _tell(case, {*deciders, *_office(case, now)}, f"stated-{deed}", "case_stated", message, now)


def tell_decided(case: Case, *, deed: str, now: datetime) -> int:
    """Tell the unit and the inspection office of a decision, or that the case is closed."""
    message = N_("The case of %(unit)s is decided or closed: %(trigger)s")
    return _tell(case, {*_unit(case, now), *_office(case, now)}, f"decided-{deed}", "case_decided", message, now)


def _unit(case: Case, now: datetime) -> set[str]:
    today = civil_date(at=now)
    return {person for role in ROLES for person in recipients(unit=case.unit_id, role=role, on=today)}


def _office(case: Case, now: datetime) -> list[str]:
    return recipients(
        on=civil_date(at=now), role=OFFICE, verb="accountability.view", subject=Subject(code=case.code)
    )


def _tell(case: Case, people: Iterable[str], turn: str, kind: str, message: str, now: datetime) -> int:
    return keep_notices([
        NewNotice(
            person=person, key=f"{case.code}/{turn}", kind=kind, message=message,
            parameters={"unit": case.unit.name, "trigger": f"trigger:{case.trigger}"},
            path=f"/accountability/{case.code}/", subject=case.code, units=frozenset({case.unit_id}),
        )
        for person in sorted(people)
    ], now=now)
