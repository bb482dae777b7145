"""Reads of directives; every door but those for jobs and documents asks for the actor and gives only what is in scope.

Whoever reaches a city sees all of its directives; others see those that were given to their unit or that it set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet

from zhengtu.core.authority.actor import Actor
from zhengtu.core.directives.life_cycle import DirectiveEvent
from zhengtu.core.directives.next_deeds import DirectiveDeed, deeds_open_to
from zhengtu.core.directives.numbering import head_of
from zhengtu.core.directives.standing import DirectiveStanding
from zhengtu.core.kernel.reasons import Reason
from zhengtu.directives.assembling import lives_of, standings_of, with_contents
from zhengtu.directives.cases import case_of, units_of
from zhengtu.directives.facts import events_of, files_of
from zhengtu.directives.goal_progress import Plans
from zhengtu.directives.models import Directive, Proposal, SourceText
from zhengtu.directives.reach import VIEW, rows_for
from zhengtu.ledger.rulebook import current_rulebook


def directives_for(
    actor: Actor, *, on: date, known: date | None = None, plans: Plans = Plans.HELD
) -> list[DirectiveStanding]:
    """Every directive in scope as of a day, as known on a day (None: now), with occurrences and parts, by code."""
    return _standings(rows_for(actor), on=on, known=known, plans=plans)


def directive_for(
    actor: Actor, code: str, *, on: date, known: date | None = None
) -> DirectiveStanding | None:
    """One directive, part or occurrence; None where it is not in scope, or was not yet set."""
    rows = rows_for(actor).filter(code=head_of(code)[0])
    return next((one for one in _standings(rows, on=on, known=known, plans=Plans.HELD) if one.code == code), None)


def parts_for(actor: Actor, code: str, *, on: date, known: date | None = None) -> list[DirectiveStanding]:
    """Parts and occurrences of a directive that are in scope, by code."""
    rows = rows_for(actor).filter(Q(parent=code) | Q(code=code))
    return [one for one in _standings(rows, on=on, known=known, plans=Plans.HELD) if one.parent == code]


def city_directives(
    city: str, *, on: date, known: date | None = None, plans: Plans = Plans.COMPUTED
) -> list[DirectiveStanding]:
    """Every directive of a city, for jobs and documents; what plans say is computed where it is missing, so that the
    same dates give the same standings whenever they are asked for."""
    rows = Directive.objects.filter(code__startswith=f"{city}-D")
    return _standings(rows, on=on, known=known, plans=plans)


def standings_below(codes: Iterable[str], *, on: date) -> list[DirectiveStanding]:
    """The directives of these codes with their parts and occurrences, for whoever has asked the door."""
    below = Q(pk__in=[])
    for code in codes:
        below |= Q(code=head_of(code)[0]) | Q(code__startswith=f"{head_of(code)[0]}-")
    return _standings(Directive.objects.filter(below), on=on, known=None, plans=Plans.HELD)


def _standings(
    rows: QuerySet[Directive], *, on: date, known: date | None, plans: Plans
) -> list[DirectiveStanding]:
    held = with_contents(rows)
    wanted = {row.code for row in held}
    above = _ancestors(wanted) - wanted
    if above:
        held += with_contents(Directive.objects.filter(code__in=above))
    lives = lives_of(held, on=on, known=known)
    return standings_of(
        [one for code, one in sorted(lives.items()) if code in wanted], on=on, known=known, plans=plans
    )


def _ancestors(codes: set[str]) -> set[str]:
    """Codes of the wholes of which these are parts: a part's code begins with the whole's."""
    found = set()
    for code in codes:
        parts = code.split("-")
        found |= {"-".join(parts[:end]) for end in range(2, len(parts))}
    return found


def history_of(code: str, *, known: date | None = None) -> list[DirectiveEvent]:
    """The facts of a directive or occurrence, earliest first, each with its evidence; the caller has asked the door."""
    events = events_of([code], on=date.max, known=known).get(code, ())
    files = files_of({event.deed for event in events})
    return [replace(event, evidence=tuple(files.get(event.deed, ()))) for event in events]


def deeds_open_for(actor: Actor, code: str, *, on: date) -> Mapping[DirectiveDeed, Sequence[Reason]]:
    """Each deed that the actor's units have in this directive, with what speaks against it on that day.

    Deeds that are not the actor's to do are absent: their page shows no button for them.
    """
    case = case_of(code, on=on)
    if case is None:
        return {}
    rulebook = current_rulebook()
    found: dict[DirectiveDeed, Sequence[Reason]] = {}
    for deed in DirectiveDeed:
        units = units_of(actor, deed, is_part=case.is_part)
        answers = deeds_open_to(
            case.case, units=units, person=actor.person, on=on, rules=rulebook.directives,
            calendar=rulebook.calendar,
        )
        if deed in answers:
            found[deed] = answers[deed]
    return found


def texts_for(actor: Actor) -> QuerySet[SourceText]:
    """Texts of the cities that the actor reaches as a whole, the latest first."""
    scope = current_rulebook().authority.scope(actor=actor, verb=VIEW)
    within = Q(pk__in=[])
    for prefix in scope.prefixes:
        if len(prefix) == 4:
            within |= Q(city__startswith=prefix)
    return SourceText.objects.filter(within).select_related("added_by", "file").order_by("-said_on", "-pk")


def proposals_of(text: SourceText) -> QuerySet[Proposal]:
    """What is proposed out of a text, in its order, with what became of it."""
    return Proposal.objects.filter(text=text).prefetch_related("directives").order_by("span_start", "ordinal")
