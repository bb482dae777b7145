"""The officials' worked examples in rulebook/cases/statements, recomputed to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhengtu.core.compensation.assess import CompensationRules, assess
from zhengtu.core.compensation.facts_reading import household_facts_from, option_from
from zhengtu.core.compensation.parameter_reading import plan_adopted, values_added
from zhengtu.core.compensation.statement import Payee
from zhengtu.core.compensation.transition_subsidy import AgreedTransition, accrue_transition_subsidy
from zhengtu.core.kernel.money import decimal_of, in_words, product, total
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import load_compensation, read_exactly

RULEBOOK = Path(__file__).resolve().parents[2] / "rulebook"
BOOK = load_compensation(RULEBOOK)
FILES = sorted((RULEBOOK / "cases" / "statements").glob("*.yaml"))


def cases(kind: str) -> Iterator[Any]:
    for path in FILES:
        for case in read_exactly(path).get(kind, ()):
            yield pytest.param(case, id=f"{path.stem}: {case['case']}")


def rules_of(case: dict[str, Any]) -> CompensationRules:
    parameters = BOOK.rules.parameters
    if "values" in case:
        parameters = values_added(parameters, case["values"], sources=set(BOOK.sources))
    if "scheme" in case:
        parameters = plan_adopted(parameters, BOOK.schemes[case["scheme"]], project=case["facts"]["project"])
    return CompensationRules(parameters=parameters, items=BOOK.rules.items)


@pytest.mark.parametrize("case", cases("statements"))
def test_statement(case: dict[str, Any]) -> None:
    assert case["source"]
    facts, option, expected = household_facts_from(case["facts"]), option_from(case["option"]), case["expect"]
    if "refused" in expected:
        with pytest.raises(Refused) as refusal:
            assess(facts=facts, rules=rules_of(case), option=option, on=case["valued_on"])
        assert [reason.code for reason in refusal.value.reasons] == expected["refused"]
        return
    statement = assess(facts=facts, rules=rules_of(case), option=option, on=case["valued_on"])
    assert {item: str(statement.of_item(item)) for item in expected["items"]} == expected["items"]
    assert str(statement.total) == expected["total"]
    assert statement.total == total([line.amount for line in statement.lines])
    for line in statement.lines:
        assert line.amount == product(line.quantity, line.times, line.rate, per=line.per), line.item
    if "difference" in expected:
        assert str(statement.difference) == expected["difference"]
    if "words" in expected:
        assert in_words(statement.total) == expected["words"]
    for payee, amount in expected.get("payees", {}).items():
        assert str(statement.of_payee(Payee(payee))) == amount
    if "entitlements" in expected:
        assert [reason.code for reason in statement.entitlements] == expected["entitlements"]


@pytest.mark.parametrize("case", cases("transition"))
def test_transition_subsidy(case: dict[str, Any]) -> None:
    assert case["source"]
    rule = next(rule for rule in BOOK.transition_rules if rule.id == case["rule"])
    agreed = case.get("agreed")
    accrual = accrue_transition_subsidy(
        rule=rule,
        area_m2=Decimal(case["area_m2"]),
        start_on=case["start_on"],
        until_on=case["until_on"],
        is_delivered=case.get("is_delivered", False),
        agreed=agreed
        and AgreedTransition(
            months=agreed["months"],
            yuan_per_m2_month=decimal_of(agreed["yuan_per_m2_month"]) if "yuan_per_m2_month" in agreed else None,
            overdue_multiplier=decimal_of(agreed["overdue_multiplier"]) if "overdue_multiplier" in agreed else None,
            latest_standard=decimal_of(agreed["latest_standard"]) if "latest_standard" in agreed else None,
            in_turnover_housing=agreed.get("in_turnover_housing", False),
            rooms=agreed.get("rooms"),
            persons=agreed.get("persons"),
        ),
    )
    expected = case["expect"]
    assert [[int(line.months), str(line.monthly), str(line.amount)] for line in accrual.lines] == expected["lines"]
    assert str(accrual.total) == expected["total"]
    if "overdue" in expected:
        assert str(accrual.overdue) == expected["overdue"]


def test_every_transition_rule_has_a_worked_case() -> None:
    assert {rule.id for rule in BOOK.transition_rules} == {case.values[0]["rule"] for case in cases("transition")}


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.id for kind in ("statements", "transition") for case in cases(kind)]
    assert len(names) == len(set(names)) >= 30
