"""What happens in the room: which matter is shown, what is noted, what is decided; drafts until the review is closed.

None of it is a deed of its own: the deed that closes the review carries the minutes, and directives are set by theirs.
Everything here asks first whether the actor may hold the review, and keeps the review's row locked meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.masking import mask_identifiers_in
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.reviews.decision import Decision
from zhengtu.directives.cases import SET, units_with
from zhengtu.directives.setting import draft_problems, named
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews import writes
from zhengtu.reviews.deciding import decisions_of, draft_of
from zhengtu.reviews.models import Review, ReviewMatter, ReviewStage
from zhengtu.reviews.queries import HOLD, review_for, review_subject, units_of_city

NOTE_LIMIT = 4_000
TITLE_LIMIT = 120
_MOST_MATTERS = 400


def show_matter(*, actor: Actor, code: str, ordinal: int) -> None:
    """Put a matter before the room; 0 is the overview.

    Raises:
        Refused: no right, not in session, or no such matter.
    """
    with _room(actor, code) as review:
        if ordinal:
            _matter(review, ordinal)
        writes.show(review, ordinal=ordinal)


def note_matter(
    *, actor: Actor, code: str, ordinal: int, note: str, is_dealt: bool, seen_note: str | None = None
) -> None:
    """Keep what was said about a matter, and whether it is dealt with.

    Args:
        seen_note: the note as the writer last saw it; where it was changed since, nothing is written over.

    Raises:
        Refused: no right, not in session, no such matter, too long, or somebody else changed the note meanwhile.
    """
    with _room(actor, code) as review:
        matter = _matter(review, ordinal)
        text = mask_identifiers_in(_lines(note))
        reasons = []
        if len(text) > NOTE_LIMIT:
            reasons.append(
                _reason("note_long", N_("A note has at most %(limit)s characters."), N_("Shorten it."),
                        limit=NOTE_LIMIT)
            )
        if seen_note is not None and _lines(seen_note) != matter.note and text != matter.note:
            reasons.append(
                _reason("note_changed", N_("Somebody else changed this note meanwhile."),
                        N_("Copy what you wrote, open the matter again and add it."))
            )
        if reasons:
            raise Refused(*reasons)
        writes.change_matter(review, matter, note=text, is_dealt=is_dealt)


def decide(*, actor: Actor, code: str, ordinal: int, decision: Decision, now: datetime) -> int:
    """Record a decision of a matter; returns its number within the review.

    Its own number is not looked at, and the matter's project is put in. It is checked as the directive that it will
    be, so that nothing is left to be refused when the review is closed.

    Raises:
        Refused: no right, not in session, no such matter, or the decision cannot stand as it is.
    """
    with _room(actor, code) as review:
        matter = _matter(review, ordinal)
        projects = (matter.item,) if "-P" in matter.item else ()
        text = mask_identifiers_in(" ".join(decision.matter.split()))
        made = replace(decision, id=_next_id(review), matter=text, projects=projects, code="")
        reasons = draft_problems(
            [draft_of(made)], setter=min(units_with(actor, SET), default=""), city=city_of(code),
            set_on=civil_date(at=now),
        )
        if reasons:
            raise Refused(*named(reasons))
        writes.put_decisions(review, matter, [*decisions_of(matter), made])
        return made.id


def undecide(*, actor: Actor, code: str, ordinal: int, decision: int) -> None:
    """Take a decision back that is not set as a directive yet.

    Raises:
        Refused: no right, not in session, no such matter or decision, or it is a directive already.
    """
    with _room(actor, code) as review:
        matter = _matter(review, ordinal)
        held = decisions_of(matter)
        left = [one for one in held if one.id != decision or one.code]
        if len(left) == len(held):
            raise Refused(
                _reason("no_decision", N_("There is no such decision, or it is a directive already."),
                        N_("Open the matter again."))
            )
        writes.put_decisions(review, matter, left)


def raise_matter(*, actor: Actor, code: str, title: str, units: Sequence[str] = ()) -> int:
    """Add a matter that was raised in the room; returns its ordinal.

    Raises:
        Refused: no right, not in session, no title, or a unit that does not attend.
    """
    with _room(actor, code) as review:
        text = mask_identifiers_in(" ".join(title.split()))
        reasons = []
        if not text or len(text) > TITLE_LIMIT:
            reasons.append(
                _reason("title", N_("A matter needs a title of at most %(limit)s characters."),
                        N_("Write what it is about."), limit=TITLE_LIMIT)
            )
        known = {unit.code for unit in units_of_city(city_of(code))}
        if not known.issuperset(units):
            reasons.append(_reason("matter_unit", N_("A unit is not one of this city."), N_("Choose from the list.")))
        last = review.matters.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
        if last >= _MOST_MATTERS:
            reasons.append(_reason("matters", N_("So many matters are not dealt with in one review."),
                                   N_("Plan another.")))
        if reasons:
            raise Refused(*reasons)
        writes.insert_matter(review, ordinal=last + 1, title=text, units=units)
        return last + 1


@contextmanager
def _room(actor: Actor, code: str) -> Iterator[Review]:
    """The review in session, locked, once the actor may hold it."""
    seen = review_for(actor, code)
    if seen is None:
        raise Refused(_reason("unknown", N_("There is no such review."), N_("Open it from the list.")))
    denied = current_rulebook().authority.may(actor=actor, verb=HOLD, subject=review_subject(seen))
    if denied is not None:
        raise Refused(denied)
    with transaction.atomic():
        review = writes.locked_review(code)
        if review.stage != ReviewStage.RUNNING:
            raise Refused(_reason("not_running", N_("The review is not in session."), N_("Begin it first.")))
        yield review


def _matter(review: Review, ordinal: int) -> ReviewMatter:
    matter = review.matters.filter(ordinal=ordinal).first()
    if matter is None:
        raise Refused(_reason("no_matter", N_("There is no such matter."), N_("Open the agenda again.")))
    return matter


def _next_id(review: Review) -> int:
    return max((one.id for row in review.matters.all() for one in decisions_of(row)), default=0) + 1


def _lines(text: str) -> str:
    """The text with line ends as \\n and no blank at its ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(code=f"reviews.{code}", message=message, parameters=parameters, remedy=remedy)
