"""One ruler: what the rules give to households for the facts on file, and the nearest twins of one household."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db.models import DecimalField, F, Value
from django.db.models.functions import Abs, Coalesce

from zhengtu.casework.compensation_facts import CompensationCase, compensation_cases_of, rules_for
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import Mode
from zhengtu.core.compensation.twins import Assessed, Twin, nearest_twins
from zhengtu.core.kernel.codes import project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.registry.models import Household
from zhengtu.registry.queries import households_for

TWINS_SHOWN: Final = 3
_CANDIDATES: Final = 250
"""How many households of like area are looked at for twins."""


@dataclass(frozen=True, slots=True)
class Assessments:
    """Households as the rules assess them today, and why some cannot be assessed."""

    assessed: Mapping[str, Assessed]
    refused: Mapping[str, Sequence[Reason]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EqualTreatment:
    """A household beside its nearest twins within the actor's reach.

    Attributes:
        mine: the household as assessed, or None for ``reasons``.
        households: twin -> its row, for what lists may show of it.
        compared: how many households of its class it was compared with.
    """

    mine: Assessed | None
    reasons: Sequence[Reason]
    twins: Sequence[Twin]
    households: Mapping[str, Household]
    compared: int


def assessments_of(codes: Sequence[str], *, on: date | None = None) -> Assessments:
    """Every household assessed by its chosen way, or in cash while nothing is chosen."""
    assessed: dict[str, Assessed] = {}
    refused: dict[str, Sequence[Reason]] = {}
    rules: dict[str, CompensationRules] = {}
    for code, case in compensation_cases_of(codes, on=on).items():
        project = project_of(code)
        if project not in rules:
            rules[project] = rules_for(project)
        found = assessed_case(case, rules=rules[project])
        if isinstance(found, Assessed):
            assessed[code] = found
        else:
            refused[code] = found
    return Assessments(assessed, refused)


def assessed_case(case: CompensationCase, *, rules: CompensationRules) -> Assessed | Sequence[Reason]:
    """One household as assessed, or the reasons why the rules give no sum."""
    if not case.is_valued or case.valued_on is None:
        return [
            Reason(
                code="casework.not_valued", message=N_("The household is not valued yet."),
                remedy=N_("Its twins show once the valuation is recorded."),
            )
        ]
    option = case.option or case.ways[Mode.CASH]
    try:
        return Assessed(case.facts, option, assess(facts=case.facts, rules=rules, option=option, on=case.valued_on))
    except Refused as refused:
        return refused.reasons


def equal_treatment_of(actor: Actor, household: Household, *, on: date) -> EqualTreatment:
    """A household that the actor reaches beside the households most like it.

    Only households of the same project within the actor's reach are looked at, those of the most similar
    area first.
    """
    candidates = _candidates(actor, household)
    found = assessments_of([household.code, *candidates], on=on)
    mine = found.assessed.get(household.code)
    if mine is None:
        return EqualTreatment(None, found.refused.get(household.code, ()), (), {}, 0)
    others = [found.assessed[code] for code in candidates if code in found.assessed]
    twins = nearest_twins(mine, others, count=TWINS_SHOWN)
    rows = Household.objects.select_related("section").defer("personal_sealed", "section__shape")
    return EqualTreatment(
        mine=mine, reasons=(), twins=twins,
        households={row.code: row for row in rows.filter(pk__in=[twin.household for twin in twins])},
        compared=sum(other.group == mine.group for other in others),
    )


def _candidates(actor: Actor, household: Household) -> list[str]:
    nothing = Value(0, output_field=DecimalField())
    area = Coalesce(F("registered_area_m2"), nothing) + Coalesce(F("unregistered_area_m2"), nothing)
    mine = (household.registered_area_m2 or 0) + (household.unregistered_area_m2 or 0)
    rows = (
        households_for(actor).filter(section__project=household.section.project_id, use=household.use)
        .exclude(pk=household.pk).annotate(unlike=Abs(area - Value(mine, output_field=DecimalField())))
    )
    return list(rows.order_by("unlike", "pk").values_list("pk", flat=True)[:_CANDIDATES])
