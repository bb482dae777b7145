"""What was agreed beside what the rules give, and unit prices by class: both from the facts of a household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from zhengtu.campaign.finding_facts import SETTLING_KINDS, FactRow, ProjectFacts, amount_of
from zhengtu.campaign.finding_payees import signed_agreements
from zhengtu.casework.agreement_queries import option_in
from zhengtu.casework.compensation_facts import CompensationCase, compensation_cases_of, rules_for
from zhengtu.casework.equal_treatment import assessed_case
from zhengtu.casework.models import AdoptedPlan, Agreement
from zhengtu.core.compensation.agreement_terms import payable
from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts import Option
from zhengtu.core.compensation.statement import Group
from zhengtu.core.compensation.twins import FACTS, ITEM_FACTS, LOCAL_ITEM_FACTS, Assessed
from zhengtu.core.integrity.agreements import Settlement
from zhengtu.core.integrity.prices import PriceClassKey, Priced
from zhengtu.core.kernel.codes import section_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.registry.procedure_cases import participation_of

_SCALE: Final = frozenset({"dwelling_area", "other_area"})
"""How large a house is explains no price per m², but for the guaranteed minimum of small dwellings."""
_NO_PRICE_FACTS: Final = frozenset({"standing"})
"""A registered and a recognised house have the same value per m²."""
_DECADE: Final = 10


@dataclass(frozen=True, slots=True)
class ProjectSums:
    """Sums of one project's households.

    Attributes:
        unassessed: households with a sum for which the rules give none.
    """

    settlements: Sequence[Settlement]
    priced: Sequence[Priced]
    unassessed: int


def project_sums(facts: ProjectFacts) -> ProjectSums:
    """What was agreed or decided, and what the rules give, for every valued household of a project.

    Without an adopted scheme the rules do not give the project's own rewards, and a signature that came without its
    statement (an imported one) has none to be off: these are counted as not compared.
    """
    valued = sorted({row.subject for row in facts.by_kind.get("valued", ())})
    rules = rules_for(facts.project)
    settled, agreements = _settled(facts), signed_agreements(facts.parts)
    has_scheme = AdoptedPlan.objects.filter(project=facts.project).exists()
    settlements: list[Settlement] = []
    priced: list[Priced] = []
    unassessed = 0
    for code, case in compensation_cases_of(valued).items():
        assessed = assessed_case(case, rules=rules)
        if not isinstance(assessed, Assessed):
            unassessed += code in settled
            continue
        if assessed.area_m2:
            priced.append(priced_of(assessed))
        agreement = agreements.get(code)
        if code in settled and not (has_scheme and _has_statement(settled[code], agreement)):
            unassessed += 1
        elif code in settled:
            options = [assessed.option, *([option_in(agreement)] if agreement else ())]
            settlements.append(_settlement(settled[code], case, options, rules, sign_by=_sign_by(facts, code)))
    return ProjectSums(settlements, priced, unassessed)


def _settled(facts: ProjectFacts) -> dict[str, FactRow]:
    """Household -> the fact that names the sum that counts; history from before the platform has no statement."""
    rows = [row for kind in SETTLING_KINDS for row in facts.by_kind.get(kind, ()) if row.is_verified]
    return {row.subject: row for row in sorted(rows, key=lambda row: (row.happened_on, row.reference))}


def _has_statement(row: FactRow, agreement: Agreement | None) -> bool:
    """Whether a statement stands behind the sum; a decision always rests on one."""
    return row.kind == "decided" or agreement is not None or bool(row.attributes.get("statement_digest"))


def _sign_by(facts: ProjectFacts, code: str) -> date | None:
    return facts.sign_by.get(section_of(code)) or facts.sign_by.get(participation_of(code))


def _settlement(
    row: FactRow, case: CompensationCase, options: Sequence[Option], rules: CompensationRules, *, sign_by: date | None
) -> Settlement:
    """The sum beside the nearest of those that the rules give.

    They give one with and one without the reward for moving out in time, and one for the dates that the agreement
    assumes.
    """
    amount, option = amount_of(row), options[0]
    sums = _sums(case, rules, [each for one in options for each in _with_and_without_moving(one)])
    in_time: Decimal | None = None
    opens_on = case.facts.signing_opens_on
    if sign_by is not None and row.happened_on > sign_by and opens_on is not None:
        first = opens_on + timedelta(days=1)
        in_time = max(_sums(case, rules, [replace(option, signed_on=first, vacated_on=first)]), default=None)
    return Settlement(
        household=row.subject, amount=amount, on=row.happened_on, fact=row.reference,
        statement=min(sums, key=lambda one: (abs(one - amount), one), default=None),
        in_time=in_time, sign_by=sign_by if row.kind == "signed" else None, people=(row.person,),
    )


def _with_and_without_moving(option: Option) -> list[Option]:
    return [option, replace(option, vacated_on=None)] if option.vacated_on else [option]


def _sums(case: CompensationCase, rules: CompensationRules, options: Iterable[Option]) -> list[Decimal]:
    assert case.valued_on is not None  # noqa: S101 - an assessed case has its day
    found = []
    for option in options:
        try:
            found.append(payable(assess(facts=case.facts, rules=rules, option=option, on=case.valued_on)))
        except Refused:
            continue
    return found


def priced_of(assessed: Assessed) -> Priced:
    """A household's sums by item, replacement houses left out, with its class and named facts."""
    items: dict[str, Decimal] = {}
    for line in assessed.statement.lines:
        if line.group is not Group.REPLACEMENT:
            items[line.item] = items.get(line.item, Decimal(0)) + line.amount
    return Priced(
        household=assessed.facts.code, group=_class_of(assessed), area_m2=assessed.area_m2, items=items,
        facts={name: fact(assessed) for name, fact in FACTS.items()},
        depends={item: _depends(item) for item in items},
    )


def _class_of(assessed: Assessed) -> PriceClassKey:
    """Use, structure, decade of building, place, rule set and day of value."""
    _regime, use, _project, parameter_set, valued_on = assessed.group
    years = [building.built_year for building in assessed.facts.buildings if building.built_year]
    structures = sorted({building.structure for building in assessed.facts.buildings if building.structure})
    return (
        ("use", use), ("structure", ", ".join(structures)),
        ("built", str(min(years) // _DECADE * _DECADE) if years else ""), ("place", assessed.facts.place),
        ("parameter_set", parameter_set), ("valued_on", valued_on),
    )


def _depends(item: str) -> Sequence[str]:
    names = ITEM_FACTS.get(item, LOCAL_ITEM_FACTS)
    if item == "guaranteed_minimum":
        return names
    return [name for name in names if name not in _SCALE | _NO_PRICE_FACTS]


def priced_households(cases: Mapping[str, Assessed]) -> list[Priced]:
    """Households whose price per m² can be compared."""
    return [priced_of(assessed) for assessed in cases.values() if assessed.area_m2]
