"""The statement of compensation of one household, both ways, or what is missing for one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtu.casework.agreement_queries import agreements_of
from zhengtu.casework.compensation_documents import spoken_way
from zhengtu.casework.queries import household_for
from zhengtu.casework.statement_words import SpokenGroup, evidence_held, owed_by, spoken_groups, spoken_notes
from zhengtu.casework.statements import TriedHouse, Way, ways_of
from zhengtu.core.compensation.facts import Mode, ReplacementHouse, Transition
from zhengtu.registry.models import Household, Regime
from zhengtu.web.shared.access import requires
from zhengtu.web.shared.as_of import as_of


@dataclass(frozen=True, slots=True)
class ShownWay:
    """One way as the page draws it."""

    way: Way
    name: str
    groups: list[SpokenGroup]
    owed: list[tuple[str, Decimal]]
    notes: list[Any]
    entitlements: list[Any]
    missing: list[Any]


@requires("household.view")
@require_safe
def view(request: HttpRequest, code: str) -> HttpResponse:
    """Both statements line by line, computed for the page's date."""
    household = household_or_404(request, code)
    dates = as_of(request)
    tried = tried_house(request)
    held = evidence_held(household.code)
    ways = [shown_way(way, held=held) for way in ways_of(household.code, on=dates.on, tried=tried)]
    wanted = request.GET.get("way", "")
    chosen = next((shown for shown in ways if shown.way.option.mode == wanted), None)
    chosen = chosen or next((shown for shown in ways if shown.way.is_chosen), ways[0])
    context = {
        "household": household, "dates": dates, "ways": ways, "chosen": chosen, "tried": tried,
        "asks_for_house": chosen.way.option.mode is Mode.EXCHANGE and (tried or not chosen.way.option.replacements),
        "transitions": [Transition.FEE, Transition.TURNOVER, Transition.NONE],
        "agreements": agreements_of(household.code),
        "is_legacy": household.section.project.regime == Regime.LEGACY_DEMOLITION,
    }
    return render(request, "compensation/statement.html", context)


def household_or_404(request: HttpRequest, code: str, *, verb: str = "household.view") -> Household:
    """The household, if the actor reaches it with the verb.

    Raises:
        Http404: otherwise.
    """
    household = household_for(request.actor, code, verb=verb)  # type: ignore[attr-defined]
    if household is None:
        raise Http404
    return household


def shown_way(way: Way, *, held: set[str]) -> ShownWay:
    """A way with its lines in words."""
    statement = way.statement
    return ShownWay(
        way=way, name=spoken_way(way.option.mode),
        groups=spoken_groups(statement, held=held) if statement else [],
        owed=owed_by(statement) if statement else [],
        notes=spoken_notes(statement.warnings) if statement else [],
        entitlements=spoken_notes(statement.entitlements) if statement else [],
        missing=spoken_notes(way.reasons),
    )


def tried_house(request: HttpRequest) -> TriedHouse | None:
    """A house that the address tries out, or None where it names none or no number."""
    given = request.GET
    try:
        area, price = Decimal(given.get("area", "")), Decimal(given.get("price", ""))
        months = int(given.get("months") or 0)
        transition = Transition(given.get("transition") or Transition.NONE)
    except (InvalidOperation, ValueError):
        return None
    if not (area.is_finite() and price.is_finite()) or min(area, price) <= 0 or max(area, price) > 10**7:
        return None
    area, price = area.quantize(Decimal("0.01")), price.quantize(Decimal("0.01"))
    return TriedHouse(ReplacementHouse("–", area, price), transition, min(max(months, 0), 120))
