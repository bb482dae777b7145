"""Notices of cases: to the unit that answers, to the inspection office, and to whoever decides.

What opens a case is told within its deed, so that a period never runs of which nobody was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from zhengtu.accountability.facts import lives_of
from zhengtu.accountability.models import Case, Tone
from zhengtu.core.assessment.accountability import CaseState
from zhengtu.core.authority.actor import Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.notice import NewNotice
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices

ROLES: Final = ("district_leader", "client", "department")
"""Who of a unit that answers is told."""
OFFICE: Final = "inspector"


def tell_opened(case: Case, *, deed: str, until_on: date | None, now: datetime) -> int:
    """Tell the unit and the inspection office of a new case; returns how many notices are new.

    Args:
        until_on: last day for the unit's statement; None where nobody of the unit is told, but the office is.
    """
    message = (
        N_("A case of praise is opened for %(unit)s: %(trigger)s") if case.tone == Tone.PRAISE
        else N_("A case is opened against %(unit)s: %(trigger)s")
    )
    given = {}
    if until_on is not None:
        given = {"due_on": until_on.isoformat()}
        message = (
            N_("A case of praise is opened for %(unit)s: %(trigger)s; it may state its case until %(due_on)s")
            if case.tone == Tone.PRAISE else
            N_("A case is opened against %(unit)s: %(trigger)s; state your case until %(due_on)s, or it may be "
               "decided without")
        )
    people = {*people_of_unit(case, now=now), *_office(case, now)}
    return _tell(case, people, f"opened-{deed}", "case_opened", message, now, given)


def remind_of_statements(city: str, *, now: datetime) -> int:
    """Tell units whose period for the statement ends soon, and whoever decides where it ended without one; run as
    often as one likes, told once.

    Returns:
        How many notices are new.
    """
    today, rules = civil_date(at=now), current_rulebook()
    rows = {row.code: row for row in Case.objects.filter(code__startswith=city[:4]).select_related("unit")}
    count = 0
    for code, life in sorted(lives_of(rows).items()):
        row, until_on, state = rows[code], life.heard_until, life.state(on=today)
        if until_on is None:
            continue
        given = {"due_on": until_on.isoformat()}
        if state is CaseState.OPEN and rules.accountability.hearing.is_near(
            until_on, on=today, calendar=rules.calendar
        ):
            message = N_("%(unit)s may state its case until %(due_on)s and has not yet: %(trigger)s")
            people = {*people_of_unit(row, now=now), *_office(row, now)}
            count += _tell(row, people, f"due-{until_on.isoformat()}", "case_due", message, now, given)
        elif state is CaseState.LAPSED:
            message = N_("%(unit)s made no statement until %(due_on)s; the case may be decided without: %(trigger)s")
            people = {*_deciders(row, now), *_office(row, now)}
            count += _tell(row, people, f"lapsed-{until_on.isoformat()}", "case_stated", message, now, given)
    return count


def tell_extended(case: Case, *, deed: str, now: datetime) -> int:
    """Tell the same of further grounds; returns how many notices are new."""
    message = N_("Further grounds are entered into the case of %(unit)s: %(trigger)s")
    people = {*people_of_unit(case, now=now), *_office(case, now)}
    return _tell(case, people, f"extended-{deed}", "case_opened", message, now)


def tell_withdrawn(case: Case, *, now: datetime) -> int:
    """Tell the same that the rule took the case back; returns how many notices are new."""
    message = N_("The case of %(unit)s is withdrawn by rule: %(trigger)s")
    people = {*people_of_unit(case, now=now), *_office(case, now)}
    return _tell(case, people, "withdrawn", "case_decided", message, now)


def tell_stated(case: Case, *, deed: str, is_appeal: bool, now: datetime) -> int:
    """Tell the inspection office and whoever decides what the unit said; returns how many notices are new."""
    message = (
        N_("%(unit)s appeals against the decision: %(trigger)s") if is_appeal
        else N_("%(unit)s stated its case: %(trigger)s")
    )
    return _tell(case, {*_deciders(case, now), *_office(case, now)}, f"stated-{deed}", "case_stated", message, now)


def tell_decided(case: Case, *, deed: str, now: datetime) -> int:
    """Tell the unit and the inspection office of a decision, or that the case is closed."""
    message = N_("The case of %(unit)s is decided or closed: %(trigger)s")
    people = {*people_of_unit(case, now=now), *_office(case, now)}
    return _tell(case, people, f"decided-{deed}", "case_decided", message, now)


def people_of_unit(case: Case, *, now: datetime) -> set[str]:
    """Codes of those of the unit that answers who are told of its cases."""
    today = civil_date(at=now)
    return {person for role in ROLES for person in recipients(unit=case.unit_id, role=role, on=today)}


def _office(case: Case, now: datetime) -> list[str]:
    return recipients(
        on=civil_date(at=now), role=OFFICE, verb="accountability.view", subject=Subject(code=case.code)
    )


def _deciders(case: Case, now: datetime) -> list[str]:
    return recipients(on=civil_date(at=now), verb="accountability.decide", subject=Subject(code=case.code))


def _tell(
    case: Case, people: Iterable[str], turn: str, kind: str, message: str, now: datetime,
    given: Mapping[str, str] = MappingProxyType({}),
) -> int:
    return keep_notices([
        NewNotice(
            person=person, key=f"{case.code}/{turn}", kind=kind, message=message,
            parameters={"unit": case.unit.name, "trigger": f"trigger:{case.trigger}", **given},
            path=f"/accountability/{case.code}/", subject=case.code, units=frozenset({case.unit_id}),
        )
        for person in sorted(people)
    ], now=now)
