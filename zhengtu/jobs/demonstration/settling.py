"""What the demonstration's households choose and agree to: sums are the engine's statements, never drawn.

The history says who signs when and which way. Here the choices get their papers (way, transition, house), and every
sum signed, decided and paid becomes the total of the statement that the rules give for the household's own facts.
Under the old regime, for which the rules compute nothing, and in projects valued before the first day for which the
city's parameters are on file, the drawn sums stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Final

import numpy as np

from zhengtu.casework.compensation_facts import CompensationCase, case_from
from zhengtu.casework.inventory import Held
from zhengtu.casework.statements import statement_of
from zhengtu.core.compensation.agreement_terms import payable
from zhengtu.core.compensation.assess import CompensationRules
from zhengtu.core.compensation.facts import Mode, Option
from zhengtu.core.compensation.facts_reading import as_plain
from zhengtu.core.compensation.parameter_reading import plan_adopted
from zhengtu.core.kernel.codes import project_of
from zhengtu.jobs.demonstration.model import FACT_KINDS, HOUSEHOLD_USES, OPTIONS, DemonstrationCampaign
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.registry.models import Household, Project, Section
from zhengtu.registry.procedure_cases import participation_of

MOVES_WITHIN: Final = timedelta(days=15)
"""Days from signing by which a household agrees to move out."""
ADOPTED_AFTER: Final = timedelta(days=31)
"""Days after its publication on which a scheme is adopted: the thirty days for opinions have run."""
OFFERS: Final = ("options_offered", "land_options_offered")
TRANSITION_MONTHS: Final = 24
_SHARE_KEPT: Final = Decimal("0.85")
"""Houses taken in exchange have this share of the old area, so that a balance is left to be paid."""
_ESTATES: Final = ("和龙新居", "松江花园", "迎宾嘉园")


@dataclass(frozen=True)
class Settled:
    """What a household agreed to, or was decided, on a day."""

    case: CompensationCase
    option: Option
    on: date
    amount_yuan: Decimal


class Choices:
    """Which way each household chooses, when it is asked; those who are decided on never choose."""

    def __init__(self, demonstration: DemonstrationCampaign) -> None:
        facts, self._households = demonstration.facts, demonstration.households
        exchange = OPTIONS.index("exchange")
        signed = facts.kind == FACT_KINDS.index("signed")
        self._signed = set(facts.subject[signed].tolist())
        self._exchanging = set(facts.subject[signed & (facts.option == exchange)].tolist())
        self._decided = set(facts.subject[facts.kind == FACT_KINDS.index("decided")].tolist())
        valued = np.flatnonzero(facts.kind == FACT_KINDS.index("valued"))
        self._value = dict(zip(facts.subject[valued].tolist(), facts.amount_yuan[valued].tolist(), strict=True))

    def facts_of(self, row: int, code: str, *, on: date) -> Iterable[NewFact]:
        """The way chosen on the day it was offered, with the house where it is an exchange."""
        undecided = row not in self._signed
        if row in self._decided or (undecided and row % 5 > 2):
            return
        area = Decimal(f"{self._households.registered_area_m2[row]:.2f}")
        exchanges = area >= 30 and (row in self._exchanging or (undecided and row % 3 == 0))
        if not exchanges and row in self._exchanging:
            return
        told = {"option": "exchange" if exchanges else "cash"}
        if exchanges:
            told |= {"transition": "fee", "transition_months": TRANSITION_MONTHS}
        yield NewFact("household", code, "option_chosen", on, told)
        if exchanges:
            kept = (area * _SHARE_KEPT).to_integral_value(ROUND_DOWN)
            price = (Decimal(self._value.get(row, 0)) / area * _SHARE_KEPT).to_integral_value(ROUND_DOWN)
            house = f"{_ESTATES[row % 3]}（演示）{row % 18 + 1}号楼{row % 4 + 1}单元{row % 11 + 1}0{row % 3 + 1}"
            yield NewFact("household", code, "replacement_chosen", on, {
                "house": house, "floor_area_m2": f"{kept}.00", "price_yuan_per_m2": f"{max(price, Decimal(1))}.00",
            })


def settled_by_the_rules(
    demonstration: DemonstrationCampaign, facts: Sequence[NewFact], *, schemes: Mapping[str, date]
) -> dict[str, Settled]:
    """Put the engine's sums into the facts of signing, decision and payment; household -> what was settled."""
    rows = {code: row for row, code in enumerate(demonstration.households.code.tolist())}
    projects = {project.code: project for project in demonstration.projects}
    own: dict[str, dict[str, list[Held]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        own[fact.subject][fact.kind].append(Held("", fact.happened_on, fact.attributes))
    settled: dict[str, Settled] = {}
    drawn: dict[str, Decimal] = defaultdict(Decimal)
    due: dict[str, Decimal] = defaultdict(Decimal)
    oldest = _oldest_rules(demonstration.campaign.code[:4])
    rules = {code: _rules(code, schemes) for code in projects}
    for fact in facts:
        if fact.kind not in ("signed", "decided") or projects[project_of(fact.subject)].regime == "LEGACY_DEMOLITION":
            continue
        case = case_from(_row(demonstration, rows[fact.subject]), own=own[fact.subject], shared=own)
        if case.valued_on is None or case.valued_on < oldest:
            continue
        found = _settled(fact, case, rules[case.facts.project])
        drawn[participation_of(fact.subject)] += Decimal(fact.attributes["amount_yuan"])
        due[participation_of(fact.subject)] += found.amount_yuan
        fact.attributes["option"] = found.option.mode.value
        fact.attributes["amount_yuan"] = str(found.amount_yuan)
        settled[fact.subject] = found
    for fact in facts:
        if fact.kind == "paid" and fact.subject in settled:
            fact.attributes["amount_yuan"] = str(settled[fact.subject].amount_yuan)
        if "budget_yuan" in fact.attributes and due[fact.subject] > drawn[fact.subject]:
            _raise_budget(fact, due[fact.subject] / drawn[fact.subject])
    return settled


def _raise_budget(fact: NewFact, share: Decimal) -> None:
    """The dedicated account was filled for what the rules give, not for what was drawn."""
    for name in ("budget_yuan", "balance_yuan"):
        if name in fact.attributes:
            sum_yuan = (Decimal(fact.attributes[name]) * share).to_integral_value(ROUND_UP)
            fact.attributes[name] = f"{sum_yuan:.2f}"


def _oldest_rules(city: str) -> date:
    """The first day for which parameters of the city are on file."""
    parameters = current_compensation().rules.parameters.by_id.values()
    return min(value.from_on for one in parameters for value in one.values if value.place == city)


def _settled(fact: NewFact, case: CompensationCase, rules: CompensationRules) -> Settled:
    way = Mode.CASH if fact.kind == "decided" else case.chosen or Mode.CASH
    if way is Mode.EXCHANGE and not case.ways[way].replacements:
        way = Mode.CASH
    # A decision gives no reward for signing; an agreement counts on moving out within the days agreed.
    signed_on = None if fact.kind == "decided" else fact.happened_on
    option = replace(
        case.ways[way], signed_on=signed_on, vacated_on=signed_on + MOVES_WITHIN if signed_on else None
    )
    statement = statement_of(case, option=option, rules=rules)
    return Settled(case, option, fact.happened_on, payable(statement))


def _row(demonstration: DemonstrationCampaign, row: int) -> Household:
    """The household as the register will hold it."""
    households, sections = demonstration.households, demonstration.sections
    section = int(households.section[row])
    project = demonstration.projects[sections.project[section]]
    building = int(households.building[row])
    return Household(
        code=str(households.code[row]),
        section=Section(code=str(sections.code[section]), project=Project(code=project.code, regime=project.regime)),
        building_id=None if building < 0 else str(demonstration.buildings.code[building]),
        use=HOUSEHOLD_USES[households.use[row]],
        members=int(households.members[row]),
        registered_area_m2=_area(households.registered_area_m2[row]),
        unregistered_area_m2=_area(households.unregistered_area_m2[row]),
    )


def _area(area: float) -> Decimal:
    return Decimal(f"{area:.2f}")


def scheme_days(demonstration: DemonstrationCampaign) -> dict[str, date]:
    """Project -> the day on which its scheme was first published, where it has been adopted by today."""
    first: dict[str, date] = {}
    for step in demonstration.steps:
        if step.kind in ("scheme_published", "land_scheme_announced"):
            project = project_of(step.participation)
            first[project] = min(step.happened_on, first.get(project, step.happened_on))
    return {project: day for project, day in first.items() if day + ADOPTED_AFTER <= demonstration.today}


def _rules(project: str, schemes: Mapping[str, date]) -> CompensationRules:
    """The rulebook with the scheme that the project will have adopted by the time anybody signs."""
    book = current_compensation()
    if project not in schemes:
        return book.rules
    scheme = {**book.schemes["demonstration"], "from": schemes[project]}
    adopted = plan_adopted(book.rules.parameters, as_plain(scheme), project=project)
    return CompensationRules(parameters=adopted, items=book.rules.items)
