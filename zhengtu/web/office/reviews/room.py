"""The page for the room: one matter at a time, in large type, led by the keyboard; clerk and presenter see the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.campaign.plan_values import Trajectory
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.core.reviews.agenda import Agenda, AgendaMatter
from zhengtu.core.reviews.rhythm import next_day
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import DeadlineGoal
from zhengtu.reviews.deciding import decisions_of
from zhengtu.reviews.models import Review, ReviewMatter, ReviewStage
from zhengtu.reviews.queries import frozen_agenda, matter_of, matters_of, units_of_city
from zhengtu.web.office.cockpit.sentences import goal_label
from zhengtu.web.office.reviews.minutes import decision_line
from zhengtu.web.office.reviews.review import may_hold, review_or_404
from zhengtu.web.office.reviews.words import kept_counts, matter_line, review_name, row_title
from zhengtu.web.office.trajectories.drawing import FIGURES, drawn
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.languages import in_language


@requires("review.hold")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """Every matter, of which one is shown; where there is no session yet or any more, the review's own page."""
    review = review_or_404(request, code)
    if not may_hold(request.actor, review):  # type: ignore[attr-defined]
        raise Http404(code)
    if review.stage != ReviewStage.RUNNING:
        return redirect("review.view", code=code)
    today: date = request.today  # type: ignore[attr-defined]
    agenda = frozen_agenda(review)
    rows = matters_of(code)
    units = units_of_city(city_of(code))
    names = {unit.code: (unit.name, unit.name_en) for unit in units}
    rhythm = current_rulebook().reviews.rhythms[review.rhythm]
    following = next_day(rhythm, after=today, calendar=current_rulebook().calendar)
    return render(request, "reviews/room.html", {
        "review": review, "name": review_name(review), "agenda": agenda, "kept": kept_counts(agenda),
        "matters": [_shown(row, agenda, names, today=today) for row in rows], "today": today,
        "units": [(unit.code, in_language(names[unit.code])) for unit in units],
        "goals": [(goal.value, goal.label) for goal in DeadlineGoal],
        "curves": {key: curve for key in review.curves if (curve := curve_of(review, agenda, key)) is not None},
        "quick_days": _quick_days(today, following), "last": len(rows),
    })


@requires("review.hold")
@require_safe
def state(request: HttpRequest, code: str) -> JsonResponse:
    """What the other screen shows and how far it is, for the page that follows."""
    review = review_or_404(request, code)
    if not may_hold(request.actor, review):  # type: ignore[attr-defined]
        raise Http404(code)
    rows = matters_of(code)
    return JsonResponse({
        "revision": review.revision, "shown": review.shown, "isRunning": review.stage == ReviewStage.RUNNING,
        "matters": len(rows), "dealt": [row.ordinal for row in rows if row.is_dealt],
    })


@requires("review.hold")
@require_safe
def record(request: HttpRequest, code: str, ordinal: int) -> HttpResponse:
    """What is recorded of one matter, as the piece of the page that is fetched anew."""
    review = review_or_404(request, code)
    row = matter_of(code, ordinal)
    if row is None or not may_hold(request.actor, review):  # type: ignore[attr-defined]
        raise Http404(code)
    return render(request, "reviews/record.html", {"review": review, "matter": recorded(row)})


def recorded(row: ReviewMatter, names: Any = None) -> dict[str, Any]:
    """A matter's note and decisions in words."""
    decided = decisions_of(row)
    units = names or unit_names({unit for one in decided for unit in (one.lead, *one.joint, *one.assisting)})
    return {"row": row, "decisions": [decision_line(one, units) for one in decided]}


def _shown(row: ReviewMatter, agenda: Agenda, names: Any, *, today: date) -> dict[str, Any]:
    matter = agenda.matter(row.item) if row.item else None
    return {
        **recorded(row, names), "title": row_title(row, agenda), "key": row.item,
        "line": matter_line(matter, agenda, today=today) if matter is not None else None,
        "is_project": "-P" in row.item, "lead": _lead(row, matter),
    }


def _lead(row: ReviewMatter, matter: AgendaMatter | None) -> str:
    """The unit that the decision form names first: the one that answers for the matter's first item."""
    units = matter.units if matter is not None else row.units
    return next(iter(units), "")


def curve_of(review: Review, agenda: Agenda, key: str) -> dict[str, Any] | None:
    """The curve that matters now: of the first stage that is not complete; None where nothing is to be drawn."""
    held = {
        figure: value_from(Trajectory, review.curves[key][figure])
        for figure in FIGURES if figure in review.curves.get(key, {})
    }
    open_ones = [one for one in held.values() if one.of and (not one.actual or one.actual[-1].count < one.of)]
    if not open_ones:
        return None
    matter = agenda.matter(key)
    due = sorted({(item.due_on, goal_label(item.goal)) for item in (matter.items if matter is not None else ())
                  if item.due_on is not None and item.goal})
    return drawn(open_ones[0], on=agenda.on, deadlines=due, forecast=None)


def _quick_days(today: date, following: date | None) -> list[tuple[date, str]]:
    """Days that are chosen with one press: in three and seven days, and the next review."""
    words = {3: gettext("within 3 days"), 7: gettext("within 7 days")}
    days = [(today + timedelta(days=count), text) for count, text in words.items()]
    return [*days, (following, gettext("by the next review"))] if following is not None else days
