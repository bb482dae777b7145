"""Reads of reviews: every door asks for the actor; the week and its agenda stand for the city itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.accounts.models import Unit
from zhengtu.campaign.city_plans import plans_are_current, request_city_plans
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.core.reviews.agenda import Agenda
from zhengtu.core.reviews.proposing import agenda_of
from zhengtu.core.reviews.rhythm import SPECIAL, Rhythm, days_between, previous_day
from zhengtu.core.reviews.week import WeekInReview
from zhengtu.ledger.models import Deed
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews.models import Review, ReviewMatter, ReviewStage
from zhengtu.reviews.week_facts import Asked, gathered_week

VIEW: Final = "review.view"
HOLD: Final = "review.hold"
_BEGUN: Final = (ReviewStage.RUNNING, ReviewStage.HELD)


def week_in_review(
    city: str, *, on: date, known: date | None = None, since: date, rhythm: str = "weekly"
) -> WeekInReview:
    """The week of a city between two days, with the promises of the last review of that rhythm.

    Args:
        city: ``220200``.
        on: what had happened by the end of this day counts.
        known: what had been recorded by the end of this day counts; None: all that is recorded now.
        since: the earlier day; its lights are those that were known then.
        rhythm: id in ``rulebook/reviews``: how far ahead it looks, and whose promises.
    """
    rules = current_rulebook().reviews.rhythms[rhythm]
    last = last_held(city, rhythm=rhythm, until=on, known=known)
    return gathered_week(
        Asked(
            city=city, on=on, known=known, since=since, rhythm=rhythm, within_days=rules.deadlines_within_days,
            last_review=last.code if last is not None else "",
        )
    )


def last_held(city: str, *, rhythm: str, until: date, known: date | None = None) -> Review | None:
    """The last review of a rhythm that was held by a day, and known to be by another; None where none was."""
    held = Review.objects.filter(code__startswith=city, rhythm=rhythm, stage=ReviewStage.HELD, held_on__lte=until)
    if known is not None:
        held = held.filter(deed__in=Deed.objects.filter(recorded_on__lte=known).values("id"))
    return held.order_by("-held_on", "-code").first()


def plans_ready(review: Review, *, today: date) -> bool:
    """Whether the plans of those dates of a review that have come are computed; what is missing is queued."""
    city = city_of(review.code)
    pairs = [
        pair for pair in ((review.as_of_on, review.known_on), (review.since_on, review.since_on)) if pair[0] < today
    ]
    missing = [pair for pair in pairs if not plans_are_current(city, on=pair[0], known=pair[1])]
    for on, known in missing:
        request_city_plans(city, on=on, known=known)
    return not missing


def reviews_for(actor: Actor, *, verb: str = VIEW) -> QuerySet[Review]:
    """Reviews in scope, the latest first: a city's, or those that the actor's unit is called to."""
    scope = current_rulebook().authority.scope(actor=actor, verb=verb)
    within = Q(pk__in=[])
    for prefix in scope.prefixes:
        within |= Q(code__startswith=prefix)
    for unit in scope.units:
        within |= Q(attending__contains=[unit])
    return Review.objects.filter(within).select_related("chair", "minutes", "minutes_pdf")


def review_for(actor: Actor, code: str, *, verb: str = VIEW) -> Review | None:
    """One review in scope; None otherwise."""
    return reviews_for(actor, verb=verb).filter(pk=code).first()


def review_subject(review: Review) -> Subject:
    """A review with what decides who may act on it."""
    return Subject(code=review.code, units=frozenset(review.attending))


def sees_whole(actor: Actor, review: Review) -> bool:
    """Whether the actor sees the whole review, and not only what its unit answers for."""
    scope = current_rulebook().authority.scope(actor=actor, verb=VIEW)
    return any(review.code.startswith(prefix) for prefix in scope.prefixes)


def own_units(actor: Actor) -> frozenset[str]:
    """Units of the actor by which reviews are seen in part."""
    return current_rulebook().authority.scope(actor=actor, verb=VIEW).units


def agenda_for(actor: Actor, review: Review, *, today: date) -> Agenda:
    """The agenda of a review in scope: as it was put once it began, before that as it is proposed for its dates.

    Who sees a review by their unit gets only what the unit answers for.
    """
    whole = frozen_agenda(review) if review.stage in _BEGUN else proposed_agenda(review, today=today)
    return whole if sees_whole(actor, review) else whole.of_units(own_units(actor))


def frozen_agenda(review: Review) -> Agenda:
    """The agenda as it was put."""
    return value_from(Agenda, review.agenda)


def proposed_agenda(review: Review, *, today: date) -> Agenda:
    """The agenda as it follows from the dates of a review that has not begun; before they have come, from today's."""
    rules = current_rulebook().reviews
    rhythm = rules.rhythms[review.rhythm]
    has_come = review.as_of_on < today
    week = gathered_week(
        Asked(
            city=city_of(review.code), on=review.as_of_on if has_come else today,
            known=review.known_on if has_come else None, since=review.since_on, rhythm=review.rhythm,
            within_days=rhythm.deadlines_within_days, last_review=review.last_review,
        )
    )
    return agenda_of(week, priorities=rules.priorities)


def matters_for(actor: Actor, review: Review) -> list[ReviewMatter]:
    """Matters as they were dealt with; by unit only its own ones, and their notes once the minutes are released."""
    rows = list(review.matters.order_by("ordinal"))
    if sees_whole(actor, review):
        return rows
    own = own_units(actor)
    mine = [row for row in rows if own.intersection(row.units)]
    if review.stage != ReviewStage.HELD:
        for row in mine:
            row.note, row.decisions = "", []
    return mine


def matters_of(code: str) -> list[ReviewMatter]:
    """The matters of a review in their order; for whoever may see all of it."""
    return list(ReviewMatter.objects.filter(review=code).order_by("ordinal"))


def matter_of(code: str, ordinal: int) -> ReviewMatter | None:
    """One of them."""
    return ReviewMatter.objects.filter(review=code, ordinal=ordinal).first()


def ordinal_of(code: str, *, item: str = "", title: str = "") -> int:
    """The ordinal of the agenda's matter with that key, or of the one raised under that title; 0 for none."""
    named = Q(item=item) if item else Q(title=title, item="")
    return ReviewMatter.objects.filter(named, review=code).values_list("ordinal", flat=True).first() or 0


def figure_dates(code: str) -> list[tuple[date, date]]:
    """(as of, as known on) of the two days whose plans a review compares."""
    review = Review.objects.get(pk=code)
    return [(review.as_of_on, review.known_on), (review.since_on, review.since_on)]


@dataclass(frozen=True, slots=True)
class RhythmDay:
    """A day of the rhythm in a calendar: the review that is planned or was held on it, or None."""

    rhythm: Rhythm
    on: date
    review: Review | None


def rhythm_days(actor: Actor, *, city: str, start: date, end: date) -> list[RhythmDay]:
    """The days of every rhythm in a span, each with its review in scope, and special reviews, in order of days."""
    rulebook = current_rulebook()
    rhythms = rulebook.reviews.rhythms
    rows = reviews_for(actor).filter(code__startswith=city, held_on__range=(start, end))
    found = [
        RhythmDay(rhythms[row.rhythm], row.held_on, row) for row in rows.exclude(stage=ReviewStage.CANCELLED)
    ]
    taken = {(one.rhythm.id, one.on) for one in found}
    found += [
        RhythmDay(rhythm, day, None)
        for rhythm in rhythms.values()
        for day in days_between(rhythm, start=start, end=end, calendar=rulebook.calendar)
        if (rhythm.id, day) not in taken
    ]
    order = list(rhythms)
    return sorted(found, key=lambda one: (one.on, order.index(one.rhythm.id)))


def next_days(actor: Actor, *, city: str, today: date) -> list[RhythmDay]:
    """The next day of each rhythm from today on that is not held yet, with the review planned for it, or None."""
    found = {}
    for one in rhythm_days(actor, city=city, start=today, end=today + timedelta(days=62)):
        is_held = one.review is not None and one.review.stage == ReviewStage.HELD
        if not is_held and one.rhythm.id != SPECIAL:
            found.setdefault(one.rhythm.id, one)
    return list(found.values())


def compared_with(city: str, *, rhythm: Rhythm, held_on: date, as_of_on: date) -> tuple[date, str]:
    """The day that a review's figures are compared with, and the review whose promises are looked at.

    That is the last one of the rhythm; before the first the rhythm's last day, and of a special review the last
    review of any kind, whose figures are compared with those of its own day.
    """
    held = Review.objects.filter(code__startswith=city, stage=ReviewStage.HELD, held_on__lt=held_on)
    if rhythm.id != SPECIAL:
        held = held.filter(rhythm=rhythm.id)
    last = held.order_by("-held_on", "-code").first()
    if last is not None and last.as_of_on < as_of_on:
        return last.as_of_on, last.code
    calendar = current_rulebook().calendar
    previous = previous_day(rhythm, before=held_on, calendar=calendar) - timedelta(days=1)
    return min(previous, as_of_on - timedelta(days=1)), ""


def invited_units(city: str, kinds: Sequence[str]) -> list[str]:
    """Codes of the city's units of these kinds."""
    rows = Unit.objects.filter(code__startswith=city[:4], kind__in=kinds).order_by("code")
    return list(rows.values_list("code", flat=True))


def units_of_city(city: str) -> list[Unit]:
    """Units of a city that may be called to a review, by code."""
    return list(Unit.objects.filter(code__startswith=city[:4]).exclude(kind="appraiser").order_by("code"))


def decided_directives(review: Review) -> list[str]:
    """Codes of the directives that a review decided, in the order of its matters."""
    return [one["code"] for row in review.matters.order_by("ordinal") for one in row.decisions if one.get("code")]
