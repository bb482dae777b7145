"""One directive: what it is, where it stands, what happened, and what its reader can do now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.life_cycle import DirectiveEvent
from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.reasons import Reason
from zhengtu.directives import page_queries, queries
from zhengtu.directives.models import Directive
from zhengtu.directives.notices_of_directives import papers_open
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.web.office.cockpit.sentences import Names, kept, name_of
from zhengtu.web.office.directives import words
from zhengtu.web.office.directives.answers import answers_side_by_side
from zhengtu.web.office.directives.cards import due_words, goal_name
from zhengtu.web.office.directives.deed_offers import offered_deeds
from zhengtu.web.office.directives.desk import line
from zhengtu.web.office.directives.life import life_line
from zhengtu.web.office.directives.timeline import shown_events
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import AsOf, as_of
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason

_QUOTED_CHARACTERS = 600


@requires("directive.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """The page of a directive in reach."""
    return directive_page(request, code)


def directive_page(
    request: HttpRequest, code: str, *, refused: str = "", reasons: Sequence[Reason] = (), status: int = 200
) -> HttpResponse:
    """The page; what was refused is said in the form of that deed, or above where it was none."""
    actor, dates, names = request.actor, as_of(request), names_in_reach()  # type: ignore[attr-defined]
    rows = queries.directives_for(actor, on=dates.on, known=dates.known)
    row = next((one for one in rows if one.code == code), None)
    if row is None:
        raise Http404
    directive = page_queries.stored_directive(code)
    history = [event for event in queries.history_of(code, known=dates.known) if event.on <= dates.on]
    return render(request, "directives/directive.html", {
        "row": row, "dates": dates, "lamp": words.light_of(row), "state": words.state_label(row.state),
        "rung": words.rung_label(row.rung), "is_open": words.is_open(row),
        **_particulars(row, directive, names, dates), "counted_places": _counted_places(actor, row, names, dates),
        "source": _source(actor, directive, dates),
        "life": life_line(row.state, [(event.kind, event.on) for event in history],
                          is_cancelled=any(event.kind == "directive_cancelled" for event in history)),
        "events": shown_events(actor, history, names), "answers": answers_side_by_side(row, history, names),
        "papers": _papers(row, history) if dates.is_today else [], "reasons": () if refused else reasons,
        **_family(row, rows, names, dates),
        "offers": offered_deeds(request, row, names, refused=refused, reasons=reasons) if dates.is_today else None,
    }, status=status)


def _particulars(
    row: DirectiveStanding, directive: Directive, names: Names, dates: AsOf
) -> dict[str, Any]:
    progress = row.progress
    return {
        "lead": name_of(row.lead, names), "joint": words.unit_list(row.joint, names),
        "assisting": words.unit_list(row.assisting, names), "setter": name_of(row.setter, names),
        "waits_for": name_of(row.waits_for, names) if row.waits_for else "",
        "places": words.place_links(row.projects, names, dates),
        "due_words": due_words({"kind": None, "text": directive.due_text, "rrule": directive.rrule}),
        "urgency": rulebook_label(group="urgency", id=directive.urgency),
        "goal": goal_name(directive.goal),
        "share": progress.done / progress.total if progress and progress.total else None,
        "plan": _plan(row), "not_received": words.unit_list(row.not_received, names) if words.is_open(row) else "",
        "counted": words.counted_label(progress.unit_of_count) if progress else "",
    }


def _plan(row: DirectiveStanding) -> dict[str, Any] | None:
    """What the plans of the places that are left say: the most urgent light, and the least probability."""
    if row.plan is None:
        return None
    return {
        "light": row.plan.colour, "why": spoken_reason(row.plan.reason).message, "probability": row.plan.probability,
    }


def _counted_places(actor: Actor, row: DirectiveStanding, names: Names, dates: AsOf) -> list[dict[str, Any]]:
    """The sections behind the progress, those where something is left first; each leads to its rows."""
    if row.progress is None or row.occurrence_on is not None:
        return []
    found = page_queries.places_counted(actor, row.code, on=dates.on, known=dates.known)
    by_household = row.progress.unit_of_count == "households"
    return [
        {
            "name": in_language((section.name, section.name_en or section.name)),
            "project": name_of(section.project, names), "district": words.short_unit(section.jurisdiction, names),
            "done": count.households - count.households_left, "total": count.households, "is_left": count.is_left,
            "by_household": by_household,
            "href": reverse("section.view", args=[section.code]) + kept(dates) if is_reached else "",
            "rows_href": reverse("household.list") + dates.query(section=section.code) if is_reached else "",
        }
        for section, count, is_reached in sorted(found, key=lambda one: (not one[1].is_left, one[0].code))
    ]


def _papers(row: DirectiveStanding, history: Sequence[DirectiveEvent]) -> list[dict[str, Any]]:
    """The papers that may be made now, with the addresses of their two forms."""
    known = current_rulebook().directive_papers.papers
    return [
        {
            "name": in_language(known[id].label),
            "word": reverse("directive.paper", args=[row.code, id, "docx"]),
            "pdf": reverse("directive.paper", args=[row.code, id, "pdf"]),
        }
        for id, against in papers_open(row, history).items() if not against
    ]


def _source(actor: Actor, directive: Directive, dates: AsOf) -> dict[str, Any] | None:
    """The words of the text out of which it was read, with the way to them for whoever may read the text."""
    source = directive.source
    if source is None or directive.span_start is None or directive.span_end is None:
        return None
    words_said = source.text[directive.span_start : directive.span_end]
    href = ""
    if directive.proposal is not None and queries.texts_for(actor).filter(pk=source.pk).exists():
        href = f"{reverse('directive.text', args=[source.pk])}#p{directive.proposal.ordinal}"
    return {
        "title": source.title, "kind": source.get_kind_display(), "said_on": source.said_on, "href": href,
        "quotation": words_said[:_QUOTED_CHARACTERS], "is_cut": len(words_said) > _QUOTED_CHARACTERS,
    }


def _family(
    row: DirectiveStanding, rows: Sequence[DirectiveStanding], names: Names, dates: AsOf
) -> dict[str, Any]:
    """The directive that it is a part or an occurrence of, and its own parts and occurrences."""
    below = [one for one in rows if one.parent == row.code]
    parent = next((one for one in rows if one.code == row.parent), None)
    return {
        "parent": {"number": parent.number, "href": words.page_of(parent.code, dates)} if parent else None,
        "occurrences": [line(one, names, dates) for one in below if one.occurrence_on is not None],
        "sub_items": [line(one, names, dates) for one in below if one.occurrence_on is None],
    }
