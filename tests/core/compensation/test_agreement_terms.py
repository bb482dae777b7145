"""Terms of an agreement: every one present or said not to apply, none before payment, shares make up the sum."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from zhengtu.core.compensation.agreement_terms import (
    AgreedDates,
    lines_changed,
    missing_terms,
    share_reasons,
    terms_of,
)
from zhengtu.core.compensation.assess import assess
from zhengtu.core.compensation.facts import (
    Building,
    HouseholdFacts,
    Mode,
    Option,
    Regime,
    ReplacementHouse,
    Standing,
    Transition,
    Use,
)
from zhengtu.core.compensation.statement import Statement, statement_from_bytes
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.rules.compensation import load_compensation

RULES = load_compensation(Path(__file__).resolve().parents[3] / "rulebook").rules
DAYS = AgreedDates(date(2026, 6, 10), date(2026, 6, 20), date(2026, 6, 25))
HOUSE = ReplacementHouse("和龙新居3号楼501", Decimal("92.00"), Decimal("6000"))


def statement_for(option: Option, price: str = "5200.00") -> Statement:
    building = Building("B1", Use.DWELLING, Standing.REGISTERED, Decimal("70.50"), appraised_per_m2=Decimal(price))
    facts = HouseholdFacts("220204-P0001-S01-H00001", "220204", Regime.STATE_LAND, buildings=(building,),
                           signing_opens_on=date(2026, 6, 1))
    return assess(facts=facts, rules=RULES, option=option, on=date(2026, 5, 1))


def exchange(**more: object) -> Option:
    given = {"transition": Transition.FEE, "transition_months": 24, "replacements": (HOUSE,), **more}
    return Option(mode=Mode.EXCHANGE, **given)  # type: ignore[arg-type]


def test_a_statement_survives_being_stored() -> None:
    statement = statement_for(exchange())
    again = statement_from_bytes(statement.to_bytes())
    assert again.to_bytes() == statement.to_bytes()
    assert again == statement


def test_cash_states_every_term_and_says_which_do_not_apply() -> None:
    option = Option(mode=Mode.CASH)
    terms = {term.id: term for term in terms_of(statement=statement_for(option), option=option, dates=DAYS)}
    assert list(terms) == [
        "way", "amount", "pay_by", "replacement", "relocation_fee", "accommodation", "business_loss", "move_out_by",
        "transition",
    ]
    assert [id for id, term in terms.items() if not term.applies] == ["replacement", "business_loss", "transition"]
    assert terms["pay_by"].clauses[0][1] == {"on": "2026-06-20"}
    assert "元" in str(terms["amount"].clauses[0][1]["words"])


def test_an_exchange_names_house_transition_and_the_difference_that_the_household_pays() -> None:
    statement = statement_for(exchange(), price="3000.00")
    assert statement.total < 0
    terms = {term.id: term for term in terms_of(statement=statement, option=exchange(), dates=DAYS)}
    assert terms["replacement"].clauses[0][1]["house"] == HOUSE.code
    assert terms["transition"].clauses[0][1] == {"months": 24}
    assert "pays the difference" in terms["amount"].clauses[0][0]


def test_turnover_housing_takes_the_place_of_the_fee() -> None:
    option = exchange(transition=Transition.TURNOVER)
    terms = {term.id: term for term in terms_of(statement=statement_for(option), option=option, dates=DAYS)}
    assert "Turnover housing" in terms["accommodation"].clauses[0][0]


@pytest.mark.parametrize(
    ("option", "days", "codes"),
    [
        (Option(Mode.CASH), AgreedDates(None, None, None), ["agreement.term_missing"] * 3),
        (Option(Mode.CASH), AgreedDates(date(2026, 6, 10), date(2026, 6, 26), date(2026, 6, 25)),
         ["agreement.moves_before_payment"]),
        (Option(Mode.CASH), AgreedDates(date(2026, 6, 21), date(2026, 6, 20), date(2026, 6, 25)),
         ["agreement.paid_before_signing"]),
        (exchange(replacements=()), DAYS, ["agreement.term_missing"]),
        (exchange(replacements=(ReplacementHouse(" ", Decimal(90), Decimal(6000)),)), DAYS, ["agreement.term_missing"]),
        (exchange(transition_months=0), DAYS, ["agreement.term_missing"]),
    ],
)
def test_what_is_missing_is_named_and_no_terms_come_of_it(option: Option, days: AgreedDates, codes: list[str]) -> None:
    assert [reason.code for reason in missing_terms(option=option, dates=days)] == codes
    with pytest.raises(Refused):
        terms_of(statement=statement_for(Option(Mode.CASH)), option=option, dates=days)


def test_statements_that_compute_otherwise_are_told_apart_by_item() -> None:
    one, other = statement_for(Option(Mode.CASH)), statement_for(Option(Mode.CASH), price="5200.10")
    assert lines_changed(one, one) == []
    assert [(item, str(mine), str(theirs)) for item, mine, theirs in lines_changed(one, other)] == [
        ("house_value", "366600.00", "366607.05")
    ]


def test_shares_make_up_the_sum_to_the_fen() -> None:
    amount = Decimal("100.01")
    assert share_reasons(amount=amount, shares=[Decimal("50.00"), Decimal("50.01")]) == []
    assert [one.code for one in share_reasons(amount=amount, shares=[Decimal("50.00"), Decimal("50.00")])] == [
        "agreement.shares_differ"
    ]
    assert [one.code for one in share_reasons(amount=amount, shares=[Decimal("100.01"), Decimal("0.00")])] == [
        "agreement.share_not_positive"
    ]
