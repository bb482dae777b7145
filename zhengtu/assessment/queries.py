"""Reads of assessments: whoever sees a city's sees all; a unit sees what was published about it, and its own card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from zhengtu.assessment.models import Appeal, AppealState, Assessment
from zhengtu.assessment.scoring_units import Placed, cards, places_of, ranking
from zhengtu.core.assessment.scheme import Scheme
from zhengtu.core.assessment.unit_card import Correction, Remedy, UnitCard, corrected
from zhengtu.core.assessment.window import period_before
from zhengtu.core.authority.actor import Actor, Scope, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.plain_values import value_from
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import campaign_of

VIEW: Final = "assessment.view"
TRY: Final = "assessment.try"
ADOPT: Final = "assessment.adopt"
APPEAL: Final = "assessment.appeal"
DECIDE: Final = "assessment.decide"

_DAY = timedelta(days=1)


def assessments_for(actor: Actor) -> QuerySet[Assessment]:
    """Assessments in scope, the latest first; a unit's are those published in which it has a card."""
    scope = _scope(actor)
    within = Q(pk__in=[])
    for prefix in _cities(scope):
        within |= Q(code__startswith=prefix)
    for unit in scope.units:
        within |= Q(published_on__isnull=False, cards__contains=[{"card": {"unit": unit}}])
    rows = Assessment.objects.filter(within).select_related("adopted_by").defer("cards")
    return rows.order_by("-from_on", "-code")


def assessment_for(actor: Actor, code: str) -> Assessment | None:
    """One assessment in scope; None otherwise."""
    return assessments_for(actor).filter(pk=code).first()


def stored_assessment(code: str) -> Assessment | None:
    """The assessment of a code, for jobs and the machine's own console; None where there is none."""
    return Assessment.objects.filter(pk=code).first()


def sees_all_cards(actor: Actor, assessment: Assessment) -> bool:
    """Whether the actor sees every unit's card, and not only that of the own unit."""
    return any(assessment.code.startswith(prefix) for prefix in _cities(_scope(actor)))


def own_units(actor: Actor) -> frozenset[str]:
    """Units whose card the actor sees as their own."""
    return _scope(actor).units


def may_see_card(actor: Actor, assessment: Assessment, unit: str) -> bool:
    """Whether the actor sees that unit's card."""
    return sees_all_cards(actor, assessment) or unit in own_units(actor)


def may(actor: Actor, verb: str, *, city: str, unit: str = "") -> bool:
    """Whether the actor may do that in a city, on behalf of a unit where one is named."""
    subject = Subject(code=city, units=frozenset({unit} if unit else ()))
    return current_rulebook().authority.may(actor=actor, verb=verb, subject=subject) is None


def scheme_of(assessment: Assessment) -> Scheme:
    """The scheme as it was adopted."""
    return value_from(Scheme, assessment.terms)


def subject_of_assessment(assessment: Assessment, *, unit: str = "") -> Subject:
    """An assessment with what decides who may act on it: on a unit's card, that unit."""
    return Subject(code=assessment.code, units=frozenset({unit} if unit else ()))


def standing_cards(assessment: Assessment, *, today: date) -> list[UnitCard]:
    """Its cards: published ones as frozen, with upheld appeals counted in; of one that still runs, as of today."""
    scheme = scheme_of(assessment)
    if assessment.published_on is None:
        return cards(
            city_of(assessment.code), scheme=scheme, from_on=assessment.from_on, until_on=assessment.until_on,
            today=today,
        )
    upheld = corrections_of(assessment)
    return [corrected(card, upheld.get(card.unit, ()), scheme=scheme) for card in published_cards(assessment)]


def published_cards(assessment: Assessment) -> list[UnitCard]:
    """The cards as they were frozen on the day of publication."""
    return value_from(list[UnitCard], assessment.cards)


def corrections_of(assessment: Assessment) -> Mapping[str, Sequence[Correction]]:
    """Unit -> what upheld appeals change of its card, in the order of the decisions."""
    found: dict[str, list[Correction]] = {}
    rows = Appeal.objects.filter(assessment=assessment, state=AppealState.UPHELD).order_by("decided_at", "pk")
    for row in rows:
        if row.decided_at is not None:
            found.setdefault(row.unit_id, []).append(Correction(
                criterion=row.criterion, reference=row.reference, remedy=Remedy(row.remedy),
                on=civil_date(at=row.decided_at), fact=row.decided_fact,
            ))
    return found


def standing_ranking(assessment: Assessment, *, today: date) -> list[Placed]:
    """Its ranking with the movement against the period before."""
    held = standing_cards(assessment, today=today)
    return ranking(held, scheme=scheme_of(assessment), before=places_before(assessment, today=today))


def places_before(assessment: Assessment, *, today: date) -> dict[str, int] | None:
    """Unit -> its place in the period of the same length before: as published then, else as the ledger has it; None
    where the campaign had not begun."""
    first, after = period_before(assessment.from_on, assessment.until_on)
    city = city_of(assessment.code)
    held = Assessment.objects.filter(
        code__startswith=city, scheme=assessment.scheme, from_on=first, until_on=after, published_on__isnull=False
    ).order_by("code").last()
    if held is not None:
        return places_of(ranking(standing_cards(held, today=today), scheme=scheme_of(held)))
    campaign = campaign_of(city)
    if campaign is None or after <= campaign.start_on:
        return None
    scheme = scheme_of(assessment)
    made = cards(city, scheme=scheme, from_on=first, until_on=after, known=assessment.known_on)
    return places_of(ranking(made, scheme=scheme))


def appeals_for(actor: Actor, assessment: Assessment, *, unit: str = "") -> list[Appeal]:
    """Appeals against its scores that the actor may see, the latest first: all, or the own unit's."""
    rows = Appeal.objects.filter(assessment=assessment).select_related("unit", "appealed_by", "decided_by")
    if not sees_all_cards(actor, assessment):
        rows = rows.filter(unit__in=own_units(actor))
    if unit:
        rows = rows.filter(unit=unit)
    return list(rows.order_by("-appealed_at", "-pk"))


def appeal_for(actor: Actor, number: int) -> Appeal | None:
    """One appeal of an assessment in scope that the actor may see; None otherwise."""
    row = Appeal.objects.filter(pk=number, assessment__in=assessments_for(actor)).select_related("assessment").first()
    return row if row is not None and may_see_card(actor, row.assessment, row.unit_id) else None


def last_day_of_appeal(assessment: Assessment) -> date | None:
    """The last day on which a unit may appeal; None before publication."""
    if assessment.published_on is None:
        return None
    return assessment.published_on + timedelta(days=scheme_of(assessment).appeal_days)


def cities_of(actor: Actor, verb: str) -> list[str]:
    """Division codes of the cities in which the actor may do that."""
    scope = current_rulebook().authority.scope(actor=actor, verb=verb)
    return sorted(f"{prefix}00" for prefix in _cities(scope))


def _scope(actor: Actor) -> Scope:
    return current_rulebook().authority.scope(actor=actor, verb=VIEW)


def _cities(scope: Scope) -> list[str]:
    return [prefix for prefix in scope.prefixes if len(prefix) == 4]
