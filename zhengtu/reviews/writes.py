"""Row changes of reviews; only their actions call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.reviews.agenda import Agenda
from zhengtu.core.reviews.decision import Decision
from zhengtu.reviews.models import Review, ReviewMatter, ReviewStage


def insert_review(review: Review) -> None:
    """Keep a planned review."""
    review.save(force_insert=True)


def locked_review(code: str) -> Review:
    """The review, row-locked until the transaction ends."""
    return Review.objects.select_for_update().get(pk=code)


def freeze(review: Review, *, agenda: Agenda, curves: Mapping[str, Any], titles: Mapping[str, str]) -> None:
    """Keep the agenda as it is put, with a row for each of its matters, and begin.

    Args:
        titles: key of a matter -> its title in the minutes.
    """
    review.agenda, review.curves = plain(agenda), plain(curves)
    review.stage, review.shown = ReviewStage.RUNNING, 0
    review.save(update_fields=["agenda", "curves", "stage", "shown"])
    ReviewMatter.objects.bulk_create(
        [
            ReviewMatter(
                review=review, ordinal=ordinal, item=matter.key, title=titles[matter.key], units=list(matter.units)
            )
            for ordinal, matter in enumerate(agenda.matters, start=1)
        ]
    )


def cancel(review: Review, *, deed: str) -> None:
    """Leave a planned review unheld."""
    review.stage, review.deed = ReviewStage.CANCELLED, deed
    review.save(update_fields=["stage", "deed"])


def show(review: Review, *, ordinal: int) -> None:
    """Put a matter before the room; 0 is the overview."""
    review.shown = ordinal
    review.revision += 1
    review.save(update_fields=["shown", "revision"])


def change_matter(review: Review, matter: ReviewMatter, *, note: str, is_dealt: bool) -> None:
    """Keep what was said about a matter, and whether it is dealt with."""
    matter.note, matter.is_dealt = note, is_dealt
    matter.save(update_fields=["note", "is_dealt"])
    _touch(review)


def put_decisions(review: Review, matter: ReviewMatter, decisions: Sequence[Decision]) -> None:
    """Keep the decisions of a matter."""
    matter.decisions = plain(list(decisions))
    matter.save(update_fields=["decisions"])
    _touch(review)


def insert_matter(review: Review, *, ordinal: int, title: str, units: Sequence[str]) -> None:
    """Add a matter that was raised in the room."""
    ReviewMatter.objects.create(review=review, ordinal=ordinal, title=title, units=list(units))
    _touch(review)


def close(
    review: Review, *, deed: str, on: date, number: int, minutes: str, minutes_pdf: str
) -> None:
    """Keep the minutes under their hashes and end the review."""
    review.stage, review.deed, review.closed_on, review.number = ReviewStage.HELD, deed, on, number
    review.minutes_id, review.minutes_pdf_id = minutes, minutes_pdf
    review.revision += 1
    review.save(
        update_fields=["stage", "deed", "closed_on", "number", "minutes", "minutes_pdf", "revision"]
    )


def _touch(review: Review) -> None:
    review.revision += 1
    review.save(update_fields=["revision"])
