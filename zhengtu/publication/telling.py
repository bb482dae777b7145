"""Notices of bulletins: that one waits to be checked, was returned, or went out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.notice import NewNotice
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices
from zhengtu.publication.models import Bulletin
from zhengtu.publication.queries import bulletin_subject, kind_of_bulletin


def tell_submitted(bulletin: Bulletin, *, now: datetime) -> int:
    """Tell whoever may release it, without those who wrote it; returns how many notices are new."""
    verb = kind_of_bulletin(bulletin).release
    people = recipients(on=civil_date(at=now), verb=verb, subject=bulletin_subject(bulletin))
    waiting = [person for person in people if person not in bulletin.written_by]
    return _tell(bulletin, "submitted", waiting, N_("%(kind)s %(code)s waits for your check"), now=now)


def tell_returned(bulletin: Bulletin, *, now: datetime) -> int:
    """Tell those who wrote it that it came back; returns how many notices are new."""
    return _tell(bulletin, "returned", bulletin.written_by, N_("%(kind)s %(code)s was returned"), now=now)


def tell_released(bulletin: Bulletin, *, now: datetime) -> int:
    """Tell everybody of its addressees, and those who wrote it; returns how many notices are new."""
    today, verb = civil_date(at=now), kind_of_bulletin(bulletin).read
    subject = bulletin_subject(bulletin)
    people = {
        person for unit in bulletin.addressees for person in recipients(on=today, unit=unit, verb=verb, subject=subject)
    }
    return _tell(
        bulletin, "released", sorted(people | set(bulletin.written_by)), N_("%(kind)s %(number)s is released"), now=now
    )


def _tell(bulletin: Bulletin, moment: str, people: Iterable[str], message: str, *, now: datetime) -> int:
    kind = kind_of_bulletin(bulletin)
    turn = f"{now:%Y%m%d%H%M%S}"
    notices = [
        NewNotice(
            person=person, key=f"{bulletin.code}/{moment}/{turn}", kind=kind.notices[moment], message=message,
            parameters={"kind": f"bulletin:{bulletin.kind}", "code": bulletin.code, "number": bulletin.number},
            path=f"/bulletins/{bulletin.code}/", subject=bulletin.code, units=bulletin_subject(bulletin).units,
        )
        for person in people
    ]
    return keep_notices(notices, now=now)
