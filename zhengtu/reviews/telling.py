"""Notices of reviews to those who attend: that one is planned, and that its minutes are released."""

from __future__ import annotations

from datetime import datetime

from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.notices.notice import NewNotice
from zhengtu.notices.queries import recipients
from zhengtu.notices.writes import keep_notices
from zhengtu.reviews.models import Review

ROLES = ("district_leader", "client", "department")
"""Who of a unit that attends is told."""


def tell_planned(review: Review, *, now: datetime) -> int:
    """Tell those who attend of a planned review; returns how many notices are new."""
    message = (
        N_("%(rhythm)s on %(day)s at %(time)s, %(place)s: %(topic)s") if review.topic
        else N_("%(rhythm)s on %(day)s at %(time)s, %(place)s")
    )
    parameters = {
        "rhythm": f"rhythm:{review.rhythm}", "day": review.held_on.isoformat(),
        "time": f"{review.begins_at:%H:%M}", "place": review.place, "topic": review.topic,
        "due_on": review.held_on.isoformat(),
    }
    return _tell(review, "planned", kind="review_called", message=message, parameters=parameters, now=now)


def tell_minutes(review: Review, *, now: datetime) -> int:
    """Tell those who attended that the minutes are released; returns how many notices are new."""
    parameters = {"rhythm": f"rhythm:{review.rhythm}", "day": review.held_on.isoformat()}
    message = N_("The minutes of the %(rhythm)s of %(day)s are released")
    return _tell(review, "minutes", kind="review_held", message=message, parameters=parameters, now=now)


def _tell(
    review: Review, turn: str, *, kind: str, message: str, parameters: dict[str, str], now: datetime
) -> int:
    today = civil_date(at=now)
    people = {
        person for unit in review.attending for role in ROLES for person in recipients(unit=unit, role=role, on=today)
    }
    path = f"/reviews/{review.code}/minutes/" if turn == "minutes" else f"/reviews/{review.code}/"
    notices = [
        NewNotice(
            person=person, key=f"{review.code}/{turn}", kind=kind, message=message, parameters=parameters, path=path,
            subject=review.code, units=frozenset(review.attending),
        )
        for person in sorted(people)
    ]
    return keep_notices(notices, now=now)
