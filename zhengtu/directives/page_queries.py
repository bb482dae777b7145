"""Reads that pages of directives need beside how these stand: sources, numbers, counts of texts, places counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet

from zhengtu.accounts.models import Unit, UnitKind
from zhengtu.campaign.facts import SectionStanding
from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.numbering import head_of
from zhengtu.core.directives.progress import PlaceCount
from zhengtu.core.directives.standing import BY_URGENCY, DirectiveStanding
from zhengtu.core.kernel.codes import project_of
from zhengtu.directives.assembling import lives_of, with_contents
from zhengtu.directives.cases import units_with
from zhengtu.directives.facts import events_of
from zhengtu.directives.goal_progress import counted_places
from zhengtu.directives.models import Directive, Proposal, ProposalState, SourceText
from zhengtu.directives.queries import directives_for, texts_for
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import sections_for

_NEVER_CHARGED: Final = (UnitKind.CITY, UnitKind.APPRAISER)
"""Kinds of units that no directive is given to."""


def may(actor: Actor, verb: str) -> bool:
    """Whether the actor reaches anything at all with the verb."""
    return bool(current_rulebook().authority.scope(actor=actor, verb=verb))


def reads_texts(actor: Actor) -> bool:
    """Whether the actor reads the texts of a whole city: those who are given directives see only their quotations."""
    scope = current_rulebook().authority.scope(actor=actor, verb="directive.view")
    return any(len(prefix) == 4 for prefix in scope.prefixes)


def counted_texts_for(actor: Actor) -> QuerySet[SourceText]:
    """Texts in reach with ``open_count`` and ``confirmed_count`` of their proposals."""
    return texts_for(actor).annotate(
        open_count=Count("proposals", filter=Q(proposals__state=ProposalState.OPEN)),
        confirmed_count=Count("proposals", filter=Q(proposals__state=ProposalState.CONFIRMED)),
    )


def source_titles(rows: Iterable[DirectiveStanding]) -> dict[int, str]:
    """Key of a text -> its title, of the texts that these directives were read out of."""
    keys = {row.source for row in rows if row.source is not None}
    return dict(SourceText.objects.filter(pk__in=keys).values_list("pk", "title"))


def stored_directive(code: str) -> Directive:
    """The row of a directive, or of the one that an occurrence belongs to; the caller has asked the door."""
    return Directive.objects.select_related("source", "proposal", "set_by").get(pk=head_of(code)[0])


def directives_about(
    actor: Actor, place: str, *, on: date, known: date | None = None
) -> list[DirectiveStanding]:
    """Directives in scope that are about a project or a section, open ones first, then by urgency.

    A section is also concerned by what is about its whole project, a project by what is about a section of it.
    """
    rows = [row for row in directives_for(actor, on=on, known=known) if _is_about(row, place)]
    return sorted(rows, key=lambda row: (not row.is_open, BY_URGENCY.index(row.colour), row.code))


def _is_about(row: DirectiveStanding, place: str) -> bool:
    return any(code == place or project_of(code) == place or code == project_of(place) for code in row.projects)


def places_counted(
    actor: Actor, code: str, *, on: date, known: date | None
) -> list[tuple[SectionStanding, PlaceCount, bool]]:
    """The sections behind a directive's progress, and whether the actor reaches each; the caller has asked the door."""
    rows = with_contents(Directive.objects.filter(code=head_of(code)[0]))
    held = next(iter(lives_of(rows, on=on, known=known).values()), None)
    if held is None or not held.content.goal:
        return []
    counted = counted_places(held.content, held.life, on=on, known=known)
    codes = [section.code for section, _ in counted]
    own = set(sections_for(actor).filter(code__in=codes).values_list("code", flat=True))
    return [(section, count, section.code in own) for section, count in counted]


def directive_numbers(codes: Collection[str]) -> dict[str, str]:
    """Code -> the number by which people call a directive."""
    return {
        code: str(event.attributes["number"])
        for code, events in events_of(codes, on=date.max).items()
        for event in events if event.kind == "directive_assigned"
    }


def directives_of_proposals(proposals: Sequence[Proposal]) -> dict[int, list[tuple[str, str]]]:
    """Key of a proposal -> (code, number) of what it became."""
    codes = {one.pk: [directive.code for directive in one.directives.all()] for one in proposals}
    numbers = directive_numbers([code for own in codes.values() for code in own])
    return {key: [(code, numbers.get(code, code)) for code in own] for key, own in codes.items()}


def units_to_charge(city: str, *, setter: str) -> list[str]:
    """Codes of the city's units that a directive of the setter can be given to."""
    rows = Unit.objects.filter(code__startswith=city[:4]).exclude(kind__in=_NEVER_CHARGED).exclude(pk=setter)
    return list(rows.order_by("code").values_list("code", flat=True))


def subordinates_of(units: Collection[str]) -> list[str]:
    """Codes of the units right below these."""
    return list(Unit.objects.filter(superior__in=units).order_by("code").values_list("code", flat=True))


def units_of_verbs(actor: Actor, verbs: Sequence[str]) -> list[str]:
    """The actor's units for which it may do one of these."""
    return sorted({unit for verb in verbs for unit in units_with(actor, verb)})
