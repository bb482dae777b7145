"""Which directives an actor reaches: those of a whole city, or those given to their unit or set by it."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.core.authority.actor import Actor, Scope
from zhengtu.core.directives.life_cycle import KINDS
from zhengtu.directives.models import Directive
from zhengtu.ledger.models import Fact
from zhengtu.ledger.rulebook import current_rulebook

VIEW: Final = "directive.view"


def rows_for(actor: Actor, *, verb: str = VIEW) -> QuerySet[Directive]:
    """Directives in scope, one row each."""
    scope = current_rulebook().authority.scope(actor=actor, verb=verb)
    return Directive.objects.filter(pk__in=Directive.objects.filter(_within(scope)).values("pk"))


def _within(scope: Scope) -> Q:
    """The condition that a directive lies in scope; an empty scope matches nothing."""
    within = Q(pk__in=[])
    for prefix in scope.prefixes:
        if len(prefix) == 4:
            within |= Q(code__startswith=prefix)
    if scope.units:
        within |= Q(units__unit__in=scope.units) | Q(setter__in=scope.units)
    directives = {code for code in scope.subjects if "-D" in code}
    return within | Q(code__in=directives) if directives else within


def ledger_codes(actor: Actor) -> list[str]:
    """Codes of directives given to the actor's units or set by these, and of their occurrences that have facts.

    Whoever reaches a whole city reaches its directives there already.
    """
    scope = current_rulebook().authority.scope(actor=actor, verb=VIEW)
    if not scope.units:
        return []
    rows = list(Directive.objects.filter(_within(scope)).values_list("code", "rrule").distinct())
    codes = {code for code, _ in rows}
    turns = Q(pk__in=[])
    for code in sorted(code for code, rule in rows if rule):
        turns |= Q(subject__startswith=f"{code}-")
    found = Fact.objects.filter(turns, kind__in=KINDS).values_list("subject", flat=True).distinct()
    return sorted(codes | set(found))
