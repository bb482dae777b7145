"""One text: left what was said with every proposed span marked, right a card for each proposal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtu.campaign.queries import names_in_reach
from zhengtu.core.kernel.reasons import Reason
from zhengtu.directives import page_queries, queries
from zhengtu.directives.lexicon import lexicon_of
from zhengtu.directives.models import Proposal, ProposalState, SourceText
from zhengtu.registry.models import DeadlineGoal
from zhengtu.web.office.directives import cards, words
from zhengtu.web.office.directives.names import Register
from zhengtu.web.office.directives.recurrence import FREQUENCIES, WEEKDAYS
from zhengtu.web.office.directives.spans import part_at, part_starts, pieces
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of

_SHOWS = (
    ("", _("All"), tuple(ProposalState)),
    ("open", _("To be confirmed"), (ProposalState.OPEN,)),
    ("confirmed", _("Confirmed"), (ProposalState.CONFIRMED,)),
    ("dropped", _("Dropped or merged"), (ProposalState.DROPPED, ProposalState.MERGED)),
)


@requires("directive.view")
@require_safe
def view(request: HttpRequest, number: int) -> HttpResponse:
    """The page of a text in reach."""
    return text_page(request, text_or_404(request, number))


def text_or_404(request: HttpRequest, number: int) -> SourceText:
    """The text with that number, if it lies in the actor's reach."""
    text = queries.texts_for(request.actor).filter(pk=number).first()  # type: ignore[attr-defined]
    if text is None:
        raise Http404
    return text


def register_of(text: SourceText) -> Register:
    """Names of the text's city as its forms take them, on the day on which it was said."""
    return Register.of(lexicon_of(text.city, on=text.said_on), names_in_reach())


def text_page(
    request: HttpRequest, text: SourceText, *, reasons: Sequence[Reason] = (), add_reasons: Sequence[Reason] = (),
    card_reasons: Mapping[int, Sequence[Reason]] | None = None, given: Mapping[int, cards.Fields] | None = None,
    checked: Collection[int] = (), status: int = 200,
) -> HttpResponse:
    """The page; what was refused is said beside the card that it is about."""
    every = list(queries.proposals_of(text))
    starts = part_starts(text.text)
    part = _part(request, starts, every, card_reasons or {})
    end = starts[part] if part < len(starts) else len(text.text)
    here = [one for one in every if part_at(starts, one.span_start) == part - 1]
    show = request.GET.get("show", "")
    states = next((wanted for value, _label, wanted in _SHOWS if value == show), tuple(ProposalState))
    register, dates = register_of(text), as_of(request)
    return render(request, "directives/text.html", {
        "text": text, "reasons": reasons, "refused": sorted(card_reasons or ()), "add_reasons": add_reasons,
        "given": request.POST,
        "counts": _counts(every), "part": part, "parts": range(1, len(starts) + 1),
        "pieces": pieces(text.text, [cards.mark_of(one) for one in here if cards.is_marked(one)],
                         start=starts[part - 1], end=end),
        "cards": cards.cards_of(
            [one for one in here if one.state in states], every=every, register=register, dates=dates,
            numbers=page_queries.directives_of_proposals(every), reasons=card_reasons, given=given, checked=checked,
        ),
        "show": show, "legend": cards.LEGEND,
        "may_set": page_queries.may(request.actor, "directive.set"),  # type: ignore[attr-defined]
        "shows": [(value, label, sum(one.state in wanted for one in here)) for value, label, wanted in _SHOWS],
        "unit_names": register.unit_choices(), "place_names": register.place_choices(), **draft_choices(),
    }, status=status)


def draft_choices() -> dict[str, Any]:
    """Choices of the fields in which a directive is described."""
    return {
        "due_kinds": [(str(kind), label) for kind, label in cards.DUE_KINDS.items()],
        "frequencies": FREQUENCIES.items(), "weekdays": WEEKDAYS.items(), "goals": DeadlineGoal.choices,
        "urgencies": words.urgency_choices(),
    }


def _part(
    request: HttpRequest, starts: Sequence[int], every: Sequence[Proposal], refused: Mapping[int, object]
) -> int:
    """The part of the text to show, from 1: the one asked for, or that of the first card that was refused."""
    place = next((one.span_start for one in every if one.ordinal in refused), None)
    if place is not None:
        return part_at(starts, place) + 1
    asked = request.POST.get("part") or request.GET.get("part") or "1"
    return min(max(int(asked), 1), len(starts)) if asked.isdecimal() and len(asked) < 6 else 1


def _counts(every: Sequence[Proposal]) -> dict[str, int]:
    states = [one.state for one in every]
    return {
        "open": states.count(ProposalState.OPEN), "confirmed": states.count(ProposalState.CONFIRMED),
        "dropped": states.count(ProposalState.DROPPED) + states.count(ProposalState.MERGED), "all": len(states),
    }
