"""Service of documents: the day on which a document counts as served, by the way it was delivered.

Administrative Enforcement Law, art. 38, refers to civil procedure: Civil Procedure Law, art. 87-95.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import CountedDay, WorkCalendar
from zhengtu.core.procedure.case_facts import CaseFacts, StepFact, standing_facts
from zhengtu.core.procedure.gate import ANNOUNCEMENT_SERVICE_DAYS
from zhengtu.core.procedure.steps import Act, Procedure, Step

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


def delivery_of(*, happened_on: date, attributes: Mapping[str, Any]) -> Delivery | None:
    """What was done, from the attributes of a recorded or proposed service; None where no way of service is named."""
    if not attributes.get("method"):
        return None

    def is_so(name: str) -> bool:
        return attributes.get(name) == "yes"

    received = attributes.get("received_on")
    return Delivery(
        method=Method(str(attributes["method"])),
        done_on=happened_on,
        received_on=date.fromisoformat(str(received)) if received else None,
        is_signed=is_so("is_signed"),
        has_witness=is_so("has_witness"),
        has_recording=is_so("has_recording"),
        has_consent=is_so("has_consent"),
        period_days=int(attributes.get("period_days") or ANNOUNCEMENT_SERVICE_DAYS),
        is_untraceable=is_so("is_untraceable"),
    )


def service_reasons(fact: StepFact, *, step: Step, calendar: WorkCalendar) -> list[Reason]:
    """Why a recorded or proposed service does not prove its own day: the day follows from what was done."""
    if not step.is_service or not fact.is_verified:
        return []
    delivery = delivery_of(happened_on=fact.happened_on, attributes=fact.attributes)
    if delivery is None:
        return []
    service = serve(delivery, calendar=calendar)
    if service.served is None or service.served.on == fact.served_on:
        return list(service.reasons)
    return [
        Reason(
            code="service.other_day",
            message=N_("By the way of service the day is %(counted)s, not %(stated)s."),
            parameters={
                "counted": service.served.on.isoformat(),
                "stated": fact.served_on.isoformat() if fact.served_on else "\N{EM DASH}",
            },
            source=f"{_LAW}#88", remedy=N_("Leave the day of service to be counted."),
        )
    ]


def owner_of(fact: StepFact) -> int:
    """The ordinal of the owner whom a service reached; one that names none reached the first."""
    return int(fact.attributes.get("owner") or 1)


def unserved_owners(*, facts: CaseFacts, procedure: Procedure, owners: int) -> int:
    """How many owners the decision has not lawfully reached, once it reached the first of them.

    Before that the step itself is missing, and says so.
    """
    everybody = set(range(1, owners + 1))
    missing = []
    for step in procedure.having(Act.DECISION_SERVICE):
        served = standing_facts(step.id, facts=facts, procedure=procedure, on=date.max)
        reached = {owner_of(fact) for fact in served if fact.served_on is not None}
        missing += [len(everybody - reached)] if reached else []
    return max(missing, default=0)
