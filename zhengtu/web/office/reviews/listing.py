"""The rhythm on a calendar with its next days, and every review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.codes import city_of
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.reviews.models import Review, ReviewStage
from zhengtu.reviews.queries import HOLD, RhythmDay, next_days, reviews_for, rhythm_days
from zhengtu.web.office.reviews.words import review_name
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.table import Table
from zhengtu.web.shared.table_columns import Column, Filter

LIGHTS = {
    ReviewStage.PLANNED: "idle", ReviewStage.RUNNING: "running", ReviewStage.HELD: "green",
    ReviewStage.CANCELLED: "idle",
}


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar with its reviews; ``is_aside`` lies in the month before or after."""

    on: date
    is_today: bool
    is_past: bool
    is_rest: bool
    is_aside: bool
    reviews: Sequence[RhythmDay]


@requires("review.view")
@require_safe
def view(request: HttpRequest) -> HttpResponseBase:
    """Reviews in scope, the latest first, below the calendar of a month (``?month=2025-02``)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    rhythms = current_rulebook().reviews.rhythms
    table = Table(
        name="reviews", title=_("Reviews"), rows=reviews_for(actor), request=request,
        row_href=lambda row: reverse("review.view", args=[row.code]), empty_text=_("No review has been planned yet."),
        columns=[
            Column("held_on", _("Day"), kind="date"),
            Column("rhythm", _("Review"), value=review_name, width=28),
            Column("chair", _("In the chair"), value=lambda row: row.chair.name if row.chair else "", sort="chair"),
            Column("place", _("Held at"), width=30),
            Column("as_of_on", _("Figures as of"), kind="date"),
            Column("stage", pgettext_lazy("review", "State"), kind="light",
                   value=lambda row: (LIGHTS[row.stage], row.get_stage_display())),
            Column("code", _("Code"), kind="code"),
        ],
        filters=[
            Filter("rhythm", _("Review"), kind="choice",
                   choices=[(id, in_language(rhythm.label)) for id, rhythm in rhythms.items()]),
            Filter("stage", pgettext_lazy("review", "State"), kind="choice", choices=ReviewStage.choices),
            Filter("held_on", _("Day"), kind="dates"),
        ],
    )
    if table.wants_export:
        return table.export()
    city = city_of(actor.postings[0].unit)
    month = _month(request.GET.get("month"), today)
    may_hold = bool(current_rulebook().authority.scope(actor=actor, verb=HOLD))
    return render(request, "reviews/list.html", {
        "table": table.render_context(), "weeks": _weeks(actor, city, month, today), "month": month,
        "weekdays": list(WEEKDAYS_ABBR.values()), "may_hold": may_hold,
        "before": add_months(month, -1), "after": add_months(month, 1),
        "next": [_next(day) for day in next_days(actor, city=city, today=today)],
        "running": [_shown(row) for row in reviews_for(actor).filter(stage=ReviewStage.RUNNING)],
        "rhythm_source": in_language(current_rulebook().reviews.source),
    })


def _shown(review: Review) -> dict[str, Any]:
    return {"review": review, "name": review_name(review)}


def _next(day: RhythmDay) -> dict[str, Any]:
    chair = rulebook_label(group="role", id=day.rhythm.chair)
    return {"day": day, "name": in_language(day.rhythm.label), "chair": chair}


def _month(text: str | None, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)


def _weeks(actor: Actor, city: str, month: date, today: date) -> list[list[CalendarDay]]:
    """Whole weeks, Monday first, that cover the month."""
    start = month - timedelta(days=month.weekday())
    last = add_months(month, 1) - timedelta(days=1)
    end = last + timedelta(days=6 - last.weekday())
    by_day: dict[date, list[RhythmDay]] = {}
    for one in rhythm_days(actor, city=city, start=start, end=end):
        by_day.setdefault(one.on, []).append(one)
    calendar = current_rulebook().calendar
    days = [start + timedelta(days=offset) for offset in range((end - start).days + 1)]
    shown = [
        CalendarDay(
            day, is_today=day == today, is_past=day < today, is_rest=not calendar.is_working_day(day),
            is_aside=day.month != month.month, reviews=by_day.get(day, ()),
        )
        for day in days
    ]
    return [shown[place:place + 7] for place in range(0, len(shown), 7)]
