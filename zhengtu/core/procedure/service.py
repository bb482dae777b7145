"""Service of documents: the day on which a document counts as served, by the way it was delivered.

Administrative Enforcement Law, art. 38, refers to civil procedure: Civil Procedure Law, art. 87-95.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import CountedDay, WorkCalendar
from zhengtu.core.procedure.gate import ANNOUNCEMENT_SERVICE_DAYS

_LAW: Final = "civil-procedure-law"


class Method(StrEnum):
    """Ways of service."""

    DIRECT = "direct"
    HOUSEHOLD_MEMBER = "household_member"
    LEFT_IN_PLACE = "left_in_place"
    POST = "post"
    ELECTRONIC = "electronic"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was done to serve a document on one owner.

    Attributes:
        done_on: the day it was handed over, left, posted, sent or announced.
        received_on: the day of the receipt (post) or of arrival in the system (electronic), or None.
        is_signed: whether the receipt is signed by the owner or the adult member of the household.
        has_witness: whether witnesses signed (left in place).
        has_recording: whether photo or video shows it (left in place).
        has_consent: whether the owner agreed to electronic service.
        period_days: how long an announcement says it runs, when longer than the law's thirty days.
        is_untraceable: whether the owner cannot be found or no other way reached them.
    """

    method: Method
    done_on: date
    received_on: date | None = None
    is_signed: bool = False
    has_witness: bool = False
    has_recording: bool = False
    has_consent: bool = False
    period_days: int = ANNOUNCEMENT_SERVICE_DAYS
    is_untraceable: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """The day of service, or why there is none."""

    served: CountedDay | None
    reasons: tuple[Reason, ...] = ()


def serve(delivery: Delivery, *, calendar: WorkCalendar) -> Service:
    """The day the document counts as served; no day, and the reasons, while its proof is not whole."""
    reasons = _unproved(delivery)
    if reasons:
        return Service(None, tuple(reasons))
    if delivery.method is Method.ANNOUNCEMENT:
        days = max(delivery.period_days, ANNOUNCEMENT_SERVICE_DAYS)
        return Service(calendar.add_calendar_days(delivery.done_on, days))
    if delivery.method in (Method.POST, Method.ELECTRONIC):
        assert delivery.received_on is not None
        return Service(calendar.day(delivery.received_on))
    return Service(calendar.day(delivery.done_on))


def _unproved(delivery: Delivery) -> list[Reason]:
    match delivery.method:
        case Method.DIRECT | Method.HOUSEHOLD_MEMBER if not delivery.is_signed:
            found = "unsigned", N_("The proof of service is not signed by whoever took the document."), "88"
        case Method.LEFT_IN_PLACE if not (delivery.has_witness or delivery.has_recording):
            found = "unwitnessed", N_("Leaving the document needs witnesses who sign, or photo or video."), "89"
        case Method.ELECTRONIC if not delivery.has_consent:
            found = "no_consent", N_("Electronic service needs the owner's consent."), "90"
        case Method.POST | Method.ELECTRONIC if delivery.received_on is None:
            found = "no_receipt", N_("The day of receipt is not recorded; the day of sending does not count."), "91"
        case Method.POST | Method.ELECTRONIC if (
            delivery.received_on is not None and delivery.received_on < delivery.done_on
        ):
            found = "received_early", N_("The day of receipt lies before the day of sending."), "91"
        case Method.ANNOUNCEMENT if not delivery.is_untraceable:
            found = (
                "traceable",
                N_("Announcement is open only when the owner cannot be found or reached otherwise."),
                "95",
            )
        case _:
            return []
    return [_reason(*found)]


def _reason(code: str, message: str, article: str) -> Reason:
    return Reason(
        code=f"service.{code}", message=message, source=f"{_LAW}#{article}",
        remedy=N_("Complete the proof, or serve the document again."),
    )
