"""Two reviews of 14 February 2025 that call in every district: a special one, held, and a weekly one in session.

The plans of both their dates are computed; the weekly one has the project on its agenda, with an open matter.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.factories import CHANGYI, CHUANYING, CITY, NOW, TODAY, actor_with
from zhengtu.campaign.city_plans import compute_city_plans
from zhengtu.core.reviews.decision import Decision
from zhengtu.reviews.actions import begin_review, close_review, plan_review
from zhengtu.reviews.models import Review
from zhengtu.reviews.queries import figure_dates
from zhengtu.reviews.room import decide, note_matter, raise_matter

HELD: Final = f"{CITY}-R20250214-1"
RUNNING: Final = f"{CITY}-R20250214-2"


def begun(*, rhythm: str = "weekly", topic: str = "") -> str:
    """A review of the day, begun by the coordinator; returns its code."""
    coordinator = actor_with("coordinator")
    code = plan_review(
        actor=coordinator, city=CITY, rhythm=rhythm, held_on=TODAY, topic=topic, attending=[CHUANYING, CHANGYI],
        chair=coordinator.person, now=NOW,
    )
    for on, known in figure_dates(code):
        compute_city_plans(CITY, on=on, known=known, now=NOW)
    begin_review(actor=coordinator, code=code, now=NOW)
    return code


def held_and_running() -> tuple[Review, Review]:
    """The special review with one decision for 船营区 and one for 昌邑区, closed; then the weekly one, begun."""
    coordinator = actor_with("coordinator")
    code = begun(rhythm="special", topic="铁路西环线")
    for unit, title in ((CHUANYING, "船营专题"), (CHANGYI, "昌邑专题")):
        ordinal = raise_matter(actor=coordinator, code=code, title=title, units=[unit])
        note_matter(actor=coordinator, code=code, ordinal=ordinal, note=f"{title}记录", is_dealt=True)
        decision = Decision(0, unit, f"{title}：完成剩余签约", TODAY + timedelta(days=7))
        decide(actor=coordinator, code=code, ordinal=ordinal, decision=decision, now=NOW)
    close_review(actor=coordinator, code=code, now=NOW)
    running = begun()
    return Review.objects.get(pk=code), Review.objects.get(pk=running)
