"""Whether units did in time what was asked of them: directives, requests of families, open matters, questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from zhengtu.assessment.plan_measures import Cases
from zhengtu.campaign.models import FindingAnswer, FindingQuestion
from zhengtu.core.assessment.scoring import CountedCase
from zhengtu.core.assessment.window import Window
from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.reviews.promises import promise_of
from zhengtu.core.reviews.week import Kept
from zhengtu.directives.goal_progress import Plans
from zhengtu.directives.queries import city_directives
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, standing_facts
from zhengtu.ledger.rulebook import current_rulebook

_COUNTED: Final = (Kept.KEPT, Kept.LATE, Kept.BROKEN)
_MATTERS: Final = ("matter_opened", "matter_closed")


def directives_on_time(window: Window) -> Cases:
    """Directives that fell due, of their lead and of whoever shares the duty, with whether they were done by then.

    What is only held up by a statutory period is nobody's fault: plans are asked where something seems broken.
    """
    standings = city_directives(window.city, on=window.on, known=window.known, plans=Plans.NONE)
    if any(one.goal and _kept(one, window) is Kept.BROKEN for one in standings):
        standings = city_directives(window.city, on=window.on, known=window.known)
    found: dict[str, list[CountedCase]] = defaultdict(list)
    for one in standings:
        kept = _kept(one, window)
        if kept not in _COUNTED:
            continue
        promise = promise_of(one, review="", on=window.on)
        case = CountedCase(
            subject=one.code, done=int(kept is Kept.KEPT), due_on=one.due_on, done_on=promise.done_on
        )
        for unit in dict.fromkeys((one.lead, *one.joint)):
            found[unit].append(case)
    return found


def _kept(one: DirectiveStanding, window: Window) -> Kept | None:
    """How a directive that fell due in the window stands; None of others, and of a recurring one as a whole."""
    if not window.holds(one.due_on) or (one.rrule and one.occurrence_on is None):
        return None
    return promise_of(one, review="", on=window.on).kept


def requests_answered(window: Window) -> Cases:
    """Requests, open matters and questions whose last day lies in the window, with whether they were answered by it."""
    found: dict[str, list[CountedCase]] = defaultdict(list)
    for unit, case in (*_statutory(window), *_matters(window), *_questions(window)):
        found[unit].append(case)
    return {
        unit: sorted(cases, key=lambda one: (one.due_on or date.max, one.reference)) for unit, cases in found.items()
    }


def _statutory(window: Window) -> Iterator[tuple[str, CountedCase]]:
    """Requests of families with a term of answer; the answer counts from the day on which it was served."""
    terms = current_rulebook().assessment.answers
    kinds = [kind for term in terms for kind in (term.asked, term.answered)]
    facts = standing_facts(kinds, reach=Reach(prefixes=(window.city[:4],)), on=window.on, known=window.known)
    for term in terms:
        answers: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.kind == term.answered:
                answers[fact.subject].append(fact)
        for fact in facts:
            if fact.kind != term.asked:
                continue
            due_on = fact.happened_on + timedelta(days=term.days)
            own = answers[fact.subject]
            answer = own.pop(0) if own and own[0].happened_on >= fact.happened_on else None
            if window.holds(due_on):
                answered_on = _served_on(answer) if answer else None
                yield jurisdiction_of(fact.subject), CountedCase(
                    subject=fact.subject, about=f"{term.asked}.{fact.happened_on.isoformat()}",
                    done=int(answered_on is not None and answered_on <= due_on), due_on=due_on, done_on=answered_on,
                    facts=tuple(one.reference for one in (fact, answer) if one is not None),
                )


def _served_on(fact: Fact) -> date:
    return date.fromisoformat(fact.attributes.get("served_on") or fact.happened_on.isoformat())


def _matters(window: Window) -> Iterator[tuple[str, CountedCase]]:
    """Open matters with a last day, of the district in which they lie."""
    rows = Fact.objects.filter(subject__startswith=window.city[:4], happened_on__lte=window.on).select_related("deed")
    if window.known is not None:
        rows = rows.filter(deed__recorded_on__lte=window.known)
    held = list(rows.filter(kind__in=_MATTERS).order_by("happened_on", "deed_id", "ordinal"))
    openings = [fact for fact in held if fact.kind == "matter_opened"]
    ends = {fact.supersedes: fact for fact in rows.filter(supersedes__in=[one.reference for one in openings])}
    closings: dict[str, list[Fact]] = defaultdict(list)
    for fact in held:
        if fact.kind == "matter_closed" and not fact.supersedes:
            closings[fact.subject].append(fact)
    for fact in openings:
        end = ends.get(fact.reference)
        if end is not None and end.kind != "matter_closed":
            continue  # corrected or withdrawn: another fact stands in its place, or none
        own = closings[fact.subject]
        end = end or (own.pop(0) if own else None)
        due = fact.attributes.get("due_on")
        if due and window.holds(due_on := date.fromisoformat(due)):
            yield jurisdiction_of(fact.subject), CountedCase(
                subject=fact.subject, about=f"matter_opened.{fact.happened_on.isoformat()}.{fact.reference}",
                done=int(end is not None and end.happened_on <= due_on), due_on=due_on,
                done_on=end.happened_on if end else None,
                facts=tuple(one.reference for one in (fact, end) if one is not None),
            )


def _questions(window: Window) -> Iterator[tuple[str, CountedCase]]:
    """Questions out of findings that were put to a unit; the first answer counts."""
    until = _end_of(min(window.on, window.known or window.on))
    asked = FindingQuestion.objects.filter(
        unit__code__startswith=window.city[:4], due_on__gte=window.from_on, due_on__lte=window.on, asked_at__lt=until
    ).order_by("due_on", "pk")
    answers = _first_answers(asked, until=until)
    for question in asked:
        answered_on = answers.get(question.pk)
        yield question.unit_id, CountedCase(
            subject=question.place, about=f"question.{question.pk}",
            done=int(answered_on is not None and answered_on <= question.due_on), due_on=question.due_on,
            done_on=answered_on,
        )


def _first_answers(asked: Iterable[FindingQuestion], *, until: datetime) -> dict[int, date]:
    rows: Sequence[tuple[int, datetime]] = list(
        FindingAnswer.objects.filter(question__in=asked, answered_at__lt=until).order_by("-answered_at")
        .values_list("question_id", "answered_at")
    )
    return {question: civil_date(at=at) for question, at in rows}


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI)
