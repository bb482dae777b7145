"""Deeds about a review: plan it, cancel it, begin it, close it with its minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from zhengtu.accounts.queries import person_by_code, role_holder_in_city
from zhengtu.campaign.city_plans import curves_of
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.reviews.agenda import Agenda
from zhengtu.core.reviews.rhythm import SPECIAL, Rhythm, next_day
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.numbering import next_number
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews import writes
from zhengtu.reviews.deciding import set_decisions
from zhengtu.reviews.minutes import MinutesFiles, kept_minutes
from zhengtu.reviews.models import Review, ReviewStage
from zhengtu.reviews.queries import (
    HOLD,
    compared_with,
    invited_units,
    plans_ready,
    proposed_agenda,
    review_subject,
    units_of_city,
)
from zhengtu.reviews.telling import tell_minutes, tell_planned
from zhengtu.reviews.titles import matter_titles

MINUTES_SERIES = "review_minutes"
_DAY = timedelta(days=1)
_ON_A_DAY = 9


def plan_review(
    *, actor: Actor, city: str, rhythm: str, now: datetime, held_on: date | None = None, topic: str = "",
    attending: Sequence[str] | None = None, place: str = "", begins_at: time | None = None, chair: str = "",
) -> str:
    """Plan a review and tell those who attend; returns its code.

    Its figures stand for the day before it is held, which is over by then, so that they can always be made again.

    Args:
        rhythm: id in ``rulebook/reviews``, or ``special``.
        held_on: the day; None: the next one of the rhythm that is not planned yet.
        topic: what a special review is about; a rhythm's review has none.
        attending: codes of units; None: those that the rhythm calls in.
        chair: code of the person who chairs; empty: who holds the rhythm's role.

    Raises:
        Refused: no right, an unknown rhythm or unit, a day that is past or taken, or nobody who could chair.
    """
    today = civil_date(at=now)
    rules = current_rulebook().reviews.rhythms
    if rhythm not in rules:
        raise Refused(_reason("rhythm", N_("There is no such rhythm."), N_("Choose one of the list.")))
    plan = rules[rhythm]
    with act(actor, HOLD, on=Subject(code=city), at=now) as deed:
        day = held_on or next_free_day(city, plan, after=today - _DAY)
        units = list(dict.fromkeys(invited_units(city, plan.attends) if attending is None else attending))
        reasons = _planning_reasons(city, plan, day=day, today=today, topic=topic, units=units)
        chaired_by = person_by_code(chair) if chair else role_holder_in_city(plan.chair, city=city, on=today)
        if chaired_by is None:
            reasons.append(_reason("chair", N_("Nobody holds the post that chairs."), N_("Name who is in the chair.")))
        if reasons or day is None or chaired_by is None:
            raise Refused(*reasons)
        since, last = compared_with(city, rhythm=plan, held_on=day, as_of_on=day - _DAY)
        review = Review(
            code=_next_code(city, day), rhythm=rhythm, topic=topic.strip(), held_on=day,
            begins_at=begins_at or plan.begins_at, chair=chaired_by, place=place.strip() or plan.place[0],
            attending=units, as_of_on=day - _DAY, known_on=day - _DAY, since_on=since, last_review=last,
        )
        deed.record(
            because=[_told("planned", N_("Review %(review)s planned for %(day)s"), review, day=day.isoformat())]
        )
        writes.insert_review(review)
    plans_ready(review, today=today)
    tell_planned(review, now=now)
    return review.code


def cancel_review(*, actor: Actor, code: str, reason: str, now: datetime) -> str:
    """Cancel a review that has not begun; returns the deed's key.

    Raises:
        Refused: no right, no reason, or it has begun.
    """
    with act(actor, HOLD, on=review_subject(_seen(code)), at=now) as deed:
        review = writes.locked_review(code)
        reasons = _stage_reasons(review, ReviewStage.PLANNED)
        if not reason.strip():
            reasons.append(_reason("reason", N_("A cancelled review needs the reason."), N_("Write why.")))
        if reasons:
            raise Refused(*reasons)
        said = reason.strip()[:255]
        deed.record(because=[_told("cancelled", N_("Review %(review)s cancelled: %(text)s"), review, text=said)])
        writes.cancel(review, deed=deed.id)
        return deed.id


def begin_review(*, actor: Actor, code: str, now: datetime) -> str:
    """Begin a review on its day: its agenda is frozen as it follows from its dates; returns the deed's key.

    Raises:
        Refused: no right, not planned, another day, another review in session, or its plans are not computed yet.
    """
    seen = _seen(code)
    today = civil_date(at=now)
    agenda = proposed_agenda(seen, today=today) if plans_ready(seen, today=today) else None
    with act(actor, HOLD, on=review_subject(seen), at=now) as deed:
        review = writes.locked_review(code)
        reasons = _stage_reasons(review, ReviewStage.PLANNED)
        if today != review.held_on:
            reasons.append(
                _reason("day", N_("The review is planned for %(day)s."),
                        N_("Cancel it and plan it for the day on which it is held."), day=review.held_on.isoformat())
            )
        running = Review.objects.filter(code__startswith=city_of(code), stage=ReviewStage.RUNNING).first()
        if running is not None:
            reasons.append(
                _reason("running", N_("Review %(review)s is in session."), N_("Close it first."), review=running.code)
            )
        if agenda is None:
            reasons.append(
                _reason("plans", N_("The plans of its dates are still being computed."), N_("Try again in a minute."))
            )
        if reasons or agenda is None:
            raise Refused(*reasons)
        deed.record(because=[_told("begun", N_("Review %(review)s begun"), review)])
        writes.freeze(review, agenda=agenda, curves=_curves(review, agenda), titles=matter_titles(agenda))
        return deed.id


def close_review(*, actor: Actor, code: str, now: datetime) -> str:
    """Close a review: its decisions are set as directives in one deed, all or none, and its minutes are kept.

    Should the second deed fail, what was decided stands, and closing again goes on from there.

    Raises:
        Refused: no right, not in session, or a decision that cannot be set; nothing is then set or kept.
    """
    seen = _seen(code)
    subject = review_subject(seen)
    denied = current_rulebook().authority.may(actor=actor, verb=HOLD, subject=subject)
    if denied is None and seen.stage == ReviewStage.RUNNING:
        set_decisions(actor=actor, code=code, now=now)
    with act(actor, HOLD, on=subject, at=now) as deed:
        review = writes.locked_review(code)
        reasons = _stage_reasons(review, ReviewStage.RUNNING)
        if reasons:
            raise Refused(*reasons)
        today = civil_date(at=now)
        number = next_number(city=city_of(code), series=MINUTES_SERIES, year=review.held_on.year)
        files = kept_minutes(review, number=number, today=today)
        deed.record(facts=[_held(review, files)], evidence=[files.word, files.pdf])
        writes.close(
            review, deed=deed.id, on=today, number=number, minutes=files.word.sha256, minutes_pdf=files.pdf.sha256
        )
    tell_minutes(review, now=now)
    return deed.id


def next_free_day(city: str, rhythm: Rhythm, *, after: date) -> date | None:
    """The next day of a rhythm after a day on which no review of it is planned or held; None for a special one."""
    calendar = current_rulebook().calendar
    taken = set(
        Review.objects.filter(code__startswith=city, rhythm=rhythm.id, held_on__gt=after)
        .exclude(stage=ReviewStage.CANCELLED).values_list("held_on", flat=True)
    )
    day = next_day(rhythm, after=after, calendar=calendar)
    while day is not None and day in taken:
        day = next_day(rhythm, after=day, calendar=calendar)
    return day


def _held(review: Review, files: MinutesFiles) -> NewFact:
    return NewFact(
        subject_kind="review", subject=review.code, kind="review_held", happened_on=review.held_on,
        attributes={"minutes_sha256": files.content_sha256},
    )


def _curves(review: Review, agenda: Agenda) -> dict[str, object]:
    """Plan against actual of every project on the agenda, as the plans of its dates have them."""
    projects = [matter.key for matter in agenda.matters if "-P" in matter.key]
    return dict(curves_of(projects, on=review.as_of_on, known=review.known_on))


def _planning_reasons(
    city: str, plan: Rhythm, *, day: date | None, today: date, topic: str, units: Sequence[str]
) -> list[Reason]:
    reasons = []
    if day is None:
        reasons.append(_reason("no_day", N_("A special review needs its day."), N_("Choose the day.")))
    elif day < today:
        reasons.append(
            _reason("past", N_("%(day)s has passed."), N_("Choose today or a later day."), day=day.isoformat())
        )
    elif plan.id != SPECIAL and _of_day(city, day).filter(rhythm=plan.id).exists():
        reasons.append(
            _reason("taken", N_("A review of this rhythm is planned for %(day)s already."), N_("Choose another day."),
                    day=day.isoformat())
        )
    elif Review.objects.filter(code__startswith=f"{city}-R{day:%Y%m%d}-").count() >= _ON_A_DAY:
        reasons.append(_reason("full", N_("So many reviews cannot be held on one day."), N_("Choose another day.")))
    if plan.id == SPECIAL and not topic.strip():
        reasons.append(_reason("topic", N_("A special review needs its topic."), N_("Write what it is about.")))
    if len(topic.strip()) > Review._meta.get_field("topic").max_length:
        reasons.append(_reason("topic_long", N_("The topic is too long."), N_("Shorten it.")))
    if not units:
        reasons.append(_reason("nobody", N_("Nobody is called to the review."), N_("Choose the units that attend.")))
    known = {unit.code for unit in units_of_city(city)}
    if unknown := [unit for unit in units if unit not in known]:
        reasons.append(
            _reason("unit", N_("%(unit)s is no unit of this city."), N_("Choose from the list."), unit=unknown[0])
        )
    return reasons


def _of_day(city: str, day: date) -> QuerySet[Review]:
    return Review.objects.filter(code__startswith=city, held_on=day).exclude(stage=ReviewStage.CANCELLED)


def _next_code(city: str, day: date) -> str:
    """``220200-R20250214-1``; call it with the city's chain held."""
    start = f"{city}-R{day:%Y%m%d}-"
    return f"{start}{Review.objects.filter(code__startswith=start).count() + 1}"


def _seen(code: str) -> Review:
    """The review; its scope decides who may act on it.

    Raises:
        Refused: there is none.
    """
    review = Review.objects.filter(pk=code).first()
    if review is None:
        raise Refused(_reason("unknown", N_("There is no such review."), N_("Open it from the list.")))
    return review


def _stage_reasons(review: Review, needed: ReviewStage) -> list[Reason]:
    if review.stage == needed:
        return []
    if needed == ReviewStage.PLANNED:
        return [_reason("not_planned", N_("The review has begun, or was cancelled."), N_("Open it anew."))]
    return [_reason("not_running", N_("The review is not in session."), N_("Begin it first."))]


def _told(code: str, message: str, review: Review, **parameters: object) -> Reason:
    return Reason(f"reviews.{code}", message, {"review": review.code, **parameters})


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(code=f"reviews.{code}", message=message, parameters=parameters, remedy=remedy)
