"""Whether the promise of a review was kept: what its directive says of itself, judged on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from zhengtu.core.directives.standing import DirectiveStanding, State
from zhengtu.core.reviews.week import Kept, Promise

_DONE = (State.VERIFIED, State.CLOSED, State.ARCHIVED)


def promise_of(directive: DirectiveStanding, *, review: str, on: date) -> Promise:
    """A directive that a review decided, judged on a day by this rule, the first that holds.

    1. cancelled by whoever set it: ``cancelled``, counted neither for nor against anybody;
    2. done (its answer verified or it was closed, or the ledger shows its goal reached) by its last day, extensions
       included, or without a last day: ``kept``; done after it: ``late``;
    3. answered in time and not checked yet, or held up by a statutory period alone: ``not_yet_due``;
    4. its last day has passed: ``broken``;
    5. otherwise ``not_yet_due``.
    """
    done_on = done_day(directive, on=on)
    if directive.state is State.CANCELLED:
        kept, done_on = Kept.CANCELLED, None
    elif done_on is not None:
        kept = Kept.KEPT if directive.due_on is None or done_on <= directive.due_on else Kept.LATE
    elif directive.due_on is not None and directive.due_on < on and not _is_excused(directive):
        kept = Kept.BROKEN
    else:
        kept = Kept.NOT_YET_DUE
    return Promise(review=review, directive=directive, kept=kept, done_on=done_on)


def _is_excused(directive: DirectiveStanding) -> bool:
    """Whether its last day may pass without breaking it: the answer waits for the city, or the law's time runs."""
    answered_on, due_on = directive.answered_on, directive.due_on
    return directive.runs_by_law or (answered_on is not None and due_on is not None and answered_on <= due_on)


def done_day(directive: DirectiveStanding, *, on: date) -> date | None:
    """The day on which a directive was done; None while it is not.

    Of a verified answer the day on which it was given, without one the day it was closed; of a goal that the ledger
    shows reached and that nobody answered, the day that is judged from.
    """
    if directive.state in _DONE:
        return directive.answered_on or min(directive.closed_on or directive.state_on, directive.state_on)
    return (directive.answered_on or on) if directive.is_reached else None


def promises_of(directives: Iterable[DirectiveStanding], *, review: str, on: date) -> list[Promise]:
    """The promises of one review, by code; of a recurring duty each occurrence is a promise of its own."""
    held = sorted(directives, key=lambda one: one.code)
    return [promise_of(one, review=review, on=on) for one in held if one.occurrence_on is not None or not one.rrule]
