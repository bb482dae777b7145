"""One directive: what it is, where it stands, what happened, and what its reader can do now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.directives.standing import DirectiveStanding, Rung, State
from zhengtu.core.kernel.reasons import Reason
from zhengtu.directives import queries
from zhengtu.web.office.cockpit.sentences import Names, kept, name_of
from zhengtu.web.office.directives import words
from zhengtu.web.office.directives.cards import due_words, goal_name
from zhengtu.web.office.directives.deeds import offered_deeds
from zhengtu.web.office.directives.desk import line
from zhengtu.web.office.directives.life import life_line
from zhengtu.web.office.directives.timeline import shown_events
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of


@requires("directive.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a directive in reach."""
    return directive_page(request, code)


def directive_page(
    request: HttpRequest, code: str, *, refused: str = "", reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page; what was refused is said in the form of that deed."""
    actor, dates, names = request.actor, as_of(request), names_in_reach()  # type: ignore[attr-defined]
    row = queries.directive_for(actor, code, on=dates.on, known=dates.known)
    if row is None:
        raise Http404
    directive = queries.directive_of(code)
    history = queries.history_of(code, known=dates.known)
    rows = queries.directives_for(actor, on=dates.on, known=dates.known)
    return render(request, "directives/directive.html", {
        "row": row, "dates": dates, "lamp": words.light_of(row), "state": words.STATES[row.state],
        "rung": "" if row.rung == Rung.NONE else words.RUNGS[row.rung], "is_open": words.is_open(row),
        **_particulars(row, names, dates),
        "due_words": due_words({
            "kind": directive.due_kind, "text": directive.due_text, "rrule": directive.rrule, "on": None,
        }),
        "urgency": queries.urgency_label(directive.urgency),
        "source": _source(actor, directive, dates),
        "life": life_line(row.state, [(event.kind, event.on) for event in history if event.on <= dates.on],
                          is_cancelled=row.state == State.CANCELLED),
        "events": shown_events(actor, [event for event in history if event.on <= dates.on], names, dates),
        **_family(row, rows, names, dates),
        "deeds": offered_deeds(request, row, refused=refused, reasons=reasons) if dates.is_today else [],
        "documents": _documents(row, dates),
    }, status=status)
