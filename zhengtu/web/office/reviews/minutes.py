"""The minutes of a review: what was said and decided, and the files to take away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from zhengtu.accounts.queries import unit_names
from zhengtu.core.authority.actor import Actor
from zhengtu.core.reviews.decision import Decision
from zhengtu.press.pdf import to_pdf
from zhengtu.press.word import to_docx
from zhengtu.reviews.deciding import decisions_of
from zhengtu.reviews.minutes import directive_numbers, minutes_document
from zhengtu.reviews.models import Review, ReviewStage
from zhengtu.reviews.queries import agenda_for, matters_for, sees_whole
from zhengtu.web.office.reviews.review import may_hold, review_or_404
from zhengtu.web.office.reviews.words import kept_counts, review_name, row_title
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.downloads import file_response, made_response
from zhengtu.web.shared.languages import in_language

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_WRITERS = {"pdf": to_pdf, "docx": to_docx}


@requires("review.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The minutes once they are released; before that their draft, for who sees the whole review alone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today: date = request.today  # type: ignore[attr-defined]
    review = _with_minutes(request, code)
    agenda = agenda_for(actor, review, today=today)
    rows = matters_for(actor, review)
    decided = [one for row in rows for one in decisions_of(row)]
    units = unit_names({unit for one in decided for unit in (one.lead, *one.joint, *one.assisting)})
    numbers = directive_numbers([one.code for one in decided if one.code])
    return render(request, "reviews/minutes.html", {
        "review": review, "name": review_name(review), "is_held": review.stage == ReviewStage.HELD,
        "is_whole": sees_whole(actor, review), "may_hold": may_hold(actor, review), "kept": kept_counts(agenda),
        "matters": [
            {
                "row": row, "title": row_title(row, agenda),
                "decisions": [decision_line(one, units, numbers) for one in decisions_of(row)],
            }
            for row in rows if row.note or row.decisions
        ],
        "count": len(decided),
    })


def decision_line(one: Decision, units: Any, numbers: Any = None) -> dict[str, Any]:
    """A decision with the names of its units and, once it is set, its number and page."""
    def named(code: str) -> str:
        return in_language(units[code]) if code in units else code

    return {
        "id": one.id, "matter": one.matter, "due_on": one.due_on, "lead": named(one.lead), "code": one.code,
        "others": [named(code) for code in (*one.joint, *one.assisting)], "goal": one.goal,
        "number": (numbers or {}).get(one.code, one.code), "href": _directive_href(one.code) if one.code else "",
    }


@requires("review.view")
@require_safe
def download(request: HttpRequest, code: str, ending: str) -> HttpResponseBase:
    """The released file as it is kept; before the release the draft, made anew and marked as one."""
    review = _with_minutes(request, code)
    if ending not in _TYPES:
        raise Http404(ending)
    name = f"{review_name(review)}-{review.held_on.isoformat()}.{ending}"
    if review.stage == ReviewStage.HELD:
        digest = review.minutes_pdf_id if ending == "pdf" else review.minutes_id
        return file_response(digest or "", name=name, media_type=_TYPES[ending])
    today: date = request.today  # type: ignore[attr-defined]
    content = _WRITERS[ending](minutes_document(review, number=None, today=today))
    return made_response(content, name=name, media_type=_TYPES[ending])


def _with_minutes(request: HttpRequest, code: str) -> Review:
    """The review, where the actor may read its minutes: released ones, or as draft whoever sees all of it."""
    review = review_or_404(request, code)
    is_draft = review.stage == ReviewStage.RUNNING and sees_whole(request.actor, review)  # type: ignore[attr-defined]
    if review.stage != ReviewStage.HELD and not is_draft:
        raise Http404(code)
    return review


def _directive_href(code: str) -> str:
    try:
        return reverse("directive.view", args=[code])
    except NoReverseMatch:
        return ""
