"""The decisions of a review become directives: in one deed, all or none, and never twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.draft import DirectiveDraft
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.language.directive_text import Due, DueKind
from zhengtu.core.reviews.decision import Decision
from zhengtu.directives.models import Directive
from zhengtu.directives.reminding import remind_of
from zhengtu.directives.setting import set_directives
from zhengtu.reviews import writes
from zhengtu.reviews.models import ReviewMatter


def decisions_of(matter: ReviewMatter) -> tuple[Decision, ...]:
    """The decisions of a matter, in the order in which they were recorded."""
    return value_from(tuple[Decision, ...], matter.decisions)


def pending(code: str) -> list[tuple[ReviewMatter, Decision]]:
    """Decisions of a review that are not set as directives yet, matter by matter."""
    rows = ReviewMatter.objects.filter(review=code).order_by("ordinal")
    return [(row, one) for row in rows for one in decisions_of(row) if not one.code]


def set_decisions(*, actor: Actor, code: str, now: datetime) -> list[str]:
    """Set what a review decided and is not set yet as directives, all or none; returns their codes.

    What an earlier attempt set before it was cut off is found again by its words and its unit, and not set twice.

    Raises:
        Refused: somebody else is closing the review, or a decision that cannot be set.
    """
    with _alone(code):
        _take_up_earlier(code)
        open_decisions = pending(code)
        if not open_decisions:
            return []
        drafts = [draft_of(decision) for _, decision in open_decisions]
        codes = set_directives(actor=actor, drafts=drafts, review=code, now=now)
        _keep(code, open_decisions, codes)
    remind_of(codes, now=now)
    return codes


@contextmanager
def _alone(code: str) -> Iterator[None]:
    """Hold a review's closing for this connection alone, over several transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"review:{code}"])
        if not cursor.fetchone()[0]:
            raise Refused(
                Reason("reviews.being_closed", N_("Somebody is closing the review."), remedy=N_("Open it again."))
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [f"review:{code}"])


def _take_up_earlier(code: str) -> None:
    """Give decisions the codes of directives that an earlier attempt set for them."""
    held = {one.code for row in ReviewMatter.objects.filter(review=code) for one in decisions_of(row) if one.code}
    earlier: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = Directive.objects.filter(review=code, parent=None, units__part="lead").exclude(code__in=held)
    for directive, matter, lead in rows.order_by("code").values_list("code", "matter", "units__unit"):
        earlier[matter, lead].append(directive)
    found, codes = [], []
    for row, decision in pending(code):
        if waiting := earlier[decision.matter, decision.lead]:
            found.append((row, decision))
            codes.append(waiting.pop(0))
    _keep(code, found, codes)


def _keep(code: str, decided: Sequence[tuple[ReviewMatter, Decision]], codes: Sequence[str]) -> None:
    given = {decision.id: set_as for (_, decision), set_as in zip(decided, codes, strict=True)}
    with transaction.atomic():
        review = writes.locked_review(code)
        for row in review.matters.order_by("ordinal"):
            own = decisions_of(row)
            if any(one.id in given for one in own):
                writes.put_decisions(
                    review, row, [replace(one, code=given.get(one.id, one.code)) for one in own]
                )


def draft_of(decision: Decision) -> DirectiveDraft:
    """The directive that a decision becomes."""
    return DirectiveDraft(
        lead=decision.lead, joint=tuple(decision.joint), assisting=tuple(decision.assisting),
        matter=decision.matter, due=Due(DueKind.DATE, decision.due_on), projects=tuple(decision.projects),
        goal=decision.goal,
    )
