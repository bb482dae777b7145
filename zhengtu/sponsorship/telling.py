"""Notices of sponsorship: named, a promise due soon, a promise broken; the last to whoever stands above as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.notice import NewNotice
from zhengtu.core.sponsorship.promises import PromiseState
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.notices.writes import keep_notices
from zhengtu.registry.queries import subject_of
from zhengtu.sponsorship.queries import PromiseStanding, city_promises


def tell_named(subject: str, *, sponsor: str, deed: str, now: datetime) -> int:
    """Tell somebody that they are named as sponsor; returns how many notices are new."""
    notice = _notice(
        subject, person=sponsor, key=f"{deed}/sponsor", kind="sponsor_named",
        message=N_("You are named as sponsor of %(subject)s"), parameters={"subject": subject},
    )
    return keep_notices([notice], now=now)


def remind_of_promises(city: str, *, now: datetime) -> int:
    """Remind sponsors of what is due and tell of what is broken; run as often as one likes, told once.

    Returns:
        How many notices are new.
    """
    today = civil_date(at=now)
    notices = [
        notice for standing in city_promises(city, on=today) for notice in _told_of(standing, today=today)
    ]
    return keep_notices(notices, now=now)


def _told_of(standing: PromiseStanding, *, today: date) -> Iterator[NewNotice]:
    promise = standing.promise
    given = {"subject": promise.subject, "due_on": promise.due_on.isoformat(), "sponsor": standing.name}
    if standing.state is PromiseState.OPEN:
        left = promise.days_left(on=today)
        reached = [days for days in current_rulebook().sponsorship.reminded_days if left <= days]
        if reached:
            yield _notice(
                promise.subject, person=standing.sponsor, key=f"{promise.reference}/due/{min(reached)}",
                kind="sponsor_promise_due", parameters=given,
                message=N_("Your promise about %(subject)s is due on %(due_on)s"),
            )
    elif standing.state is PromiseState.BROKEN:
        yield _notice(
            promise.subject, person=standing.sponsor, key=f"{promise.reference}/broken", kind="sponsor_promise_broken",
            message=N_("Your promise about %(subject)s was due on %(due_on)s and is broken"), parameters=given,
        )
        for person in standing.superiors:
            yield _notice(
                promise.subject, person=person, key=f"{promise.reference}/broken/above",
                kind="sponsor_promise_broken", parameters=given,
                message=N_("The promise of %(sponsor)s about %(subject)s was due on %(due_on)s and is broken"),
            )


def _notice(
    subject: str, *, person: str, key: str, kind: str, message: str, parameters: dict[str, str]
) -> NewNotice:
    place = subject_of(subject)
    return NewNotice(
        person=person, key=key, kind=kind, message=message, parameters=parameters,
        path=f"/sponsorship/of/{subject}/", subject=subject, units=place.clients | place.leads,
    )
