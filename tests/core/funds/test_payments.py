"""Orders in three pairs of hands, ceilings, division of sums, claims and the three-way match; no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from zhengtu.core.funds.asset_claims import Asset, AssetKind, EarlierPayment, claim_reasons, claims_of, plain
from zhengtu.core.funds.payments import (
    Balance,
    FrozenLine,
    Hands,
    OrderState,
    OrderStep,
    Payee,
    ceiling_reasons,
    divided,
    excess_reasons,
    lines_digest,
    payee_reasons,
    state_after,
    step_reasons,
    verb_of,
)
from zhengtu.core.funds.reply_matching import OrderedLine, Outcome, ReplyLine, match_reply

HOME = "220204-P0001-S01-H00001"
MONEY = st.decimals(min_value="0.01", max_value="1000000", places=2)


@pytest.mark.parametrize(
    ("step", "state", "person", "code"),
    [
        (OrderStep.CHECK, OrderState.PREPARED, "b", None),
        (OrderStep.CHECK, OrderState.PREPARED, "a", "payment.same_hands"),
        (OrderStep.CHECK, OrderState.CHECKED, "c", "payment.wrong_state"),
        (OrderStep.AUTHORISE, OrderState.CHECKED, "c", None),
        (OrderStep.AUTHORISE, OrderState.CHECKED, "a", "payment.same_hands"),
        (OrderStep.AUTHORISE, OrderState.CHECKED, "b", "payment.same_hands"),
        (OrderStep.AUTHORISE, OrderState.PREPARED, "c", "payment.wrong_state"),
        (OrderStep.RETURN, OrderState.CHECKED, "c", None),
        (OrderStep.RETURN, OrderState.AUTHORISED, "c", "payment.wrong_state"),
        (OrderStep.AMEND, OrderState.RETURNED, "a", None),
        (OrderStep.AMEND, OrderState.PREPARED, "a", "payment.wrong_state"),
        (OrderStep.CANCEL, OrderState.CHECKED, "a", "payment.wrong_state"),
        (OrderStep.SEND, OrderState.CHECKED, "c", "payment.wrong_state"),
        (OrderStep.ANSWER, OrderState.AUTHORISED, "a", None),
        (OrderStep.ANSWER, OrderState.SETTLED, "a", "payment.wrong_state"),
    ],
)
def test_who_may_take_which_step(step: OrderStep, state: OrderState, person: str, code: str | None) -> None:
    hands = Hands("a", "b" if state in (OrderState.CHECKED, OrderState.AUTHORISED) else "")
    reasons = step_reasons(step, state=state, hands=hands, person=person)
    assert [reason.code for reason in reasons] == ([code] if code else [])


def test_an_order_is_returned_by_whoever_would_take_its_next_step() -> None:
    assert verb_of(OrderStep.RETURN, state=OrderState.PREPARED) == "payment.check"
    assert verb_of(OrderStep.RETURN, state=OrderState.CHECKED) == "payment.authorise"


@given(amount=MONEY, shares=st.lists(st.integers(1, 97).map(Decimal), min_size=1, max_size=9))
def test_a_divided_sum_loses_no_fen(amount: Decimal, shares: list[Decimal]) -> None:
    parts = divided(amount, shares=shares)
    assert sum(parts) == amount
    weight = sum(shares)
    assert all(abs(part - amount * share / weight) < Decimal("0.01") for part, share in zip(parts, shares, strict=True))


def test_a_sum_is_not_divided_among_nobody() -> None:
    for shares in ([], [Decimal(0)], [Decimal(2), Decimal(-1)]):
        with pytest.raises(ValueError, match="shares"):
            divided(Decimal(1), shares=shares)


@given(due=MONEY, paid=MONEY, pending=MONEY, amount=MONEY)
def test_what_passes_the_ceiling_never_exceeds_what_is_due(
    due: Decimal, paid: Decimal, pending: Decimal, amount: Decimal
) -> None:
    balance = Balance(due, paid, pending)
    if not ceiling_reasons(HOME, balance=balance, amount_yuan=amount):
        assert paid + pending + amount <= due


def test_an_excess_of_old_is_held_against_nothing_that_does_not_add_to_it() -> None:
    old = Balance(Decimal(100), Decimal(150))
    assert not excess_reasons(HOME, before=old, after=replace(old, due_yuan=Decimal(110)))
    assert excess_reasons(HOME, before=old, after=replace(old, due_yuan=Decimal(99)))
    assert excess_reasons(HOME, before=old, after=replace(old, due_yuan=None))
    assert excess_reasons(HOME, before=Balance(Decimal(100)), after=Balance(Decimal(100), pending_yuan=Decimal(101)))


def test_a_payee_needs_a_name_an_account_and_a_share() -> None:
    good = Payee("甲", "6222")
    assert not payee_reasons(HOME, payees=[good])
    for payees in ([], [Payee("", "1")], [Payee("甲", " ")], [good, Payee("乙", "1", Decimal(0))]):
        assert [reason.code for reason in payee_reasons(HOME, payees=payees)] == ["payment.no_payee"]


def test_the_digest_changes_with_every_part_of_a_line_and_not_with_their_order() -> None:
    line = FrozenLine("r1", HOME, Decimal("1.00"), "p", "a")
    other = replace(line, reference="r2")
    digest = lines_digest([line, other], kind="transfer")
    assert digest == lines_digest([other, line], kind="transfer")
    changes: list[dict[str, object]] = [
        {"household": "x"}, {"amount_yuan": Decimal("1.01")}, {"payee_index": "q"}, {"account_index": "b"}
    ]
    for change in changes:
        assert lines_digest([replace(line, **change), other], kind="transfer") != digest  # type: ignore[arg-type]
    assert lines_digest([line, other], kind="deposit") != digest


def test_what_a_household_claims_and_how_ways_of_writing_do_not_matter() -> None:
    assert plain(" 青年路 8－2号，3 室") == plain("青年路8－2号3室")
    flat = Asset(HOME, building="B1", room="3 室", parcel="L1", address="青年路 8 号", identity_index="i")
    kinds = [claim.kind for claim in claims_of(flat)]
    assert kinds == [AssetKind.HOUSEHOLD, AssetKind.BUILDING, AssetKind.PROPERTY]
    house = replace(flat, is_sole_in_building=True, is_sole_on_parcel=True, account_index="a")
    texts = {claim.kind: claim.text for claim in claims_of(house)}
    assert (texts[AssetKind.BUILDING], texts[AssetKind.PARCEL], texts[AssetKind.OWNER]) == ("B1", "L1", "i|a")
    shared = [claim.text for claim in claims_of(flat) if claim.kind is AssetKind.BUILDING]
    assert shared == ["B1|3室"], "a flat claims its room, not the building"
    claims = claims_of(house)
    earlier = EarlierPayment(AssetKind.PARCEL, "220204-P0002-S01-H00009", "220204-P0002-Z0001", date(2024, 5, 1))
    held = {claim: earlier for claim in claims if claim.kind is AssetKind.PARCEL}
    reason = claim_reasons(HOME, claims=claims, held=held)[0]
    assert reason.parameters["earlier"] == earlier.household
    assert not claim_reasons(earlier.household, claims=claims, held=held), "an instalment of the same household"


DAY = date(2025, 2, 14)
LINES = st.lists(
    st.tuples(st.sampled_from(["r1", "r2", "r3", "r4"]), st.sampled_from(["100", "200", "300"]),
              st.sampled_from(["a", "b"]), st.booleans()),
    max_size=8,
)


@given(given_lines=LINES, due=st.sampled_from([0, 100, 250, 600]), answered=st.sets(st.sampled_from(["r1", "r2"])))
def test_nothing_is_accepted_that_does_not_agree(
    given_lines: list[tuple[str, str, str, bool]], due: int, answered: set[str]
) -> None:
    ordered = {
        name: OrderedLine(name, HOME, Decimal(amount), "a", is_answered=name in answered)
        for name, amount in (("r1", 100), ("r2", 200), ("r3", 300))
    }
    replies = [
        ReplyLine(row, name, Decimal(amount), account, "6**", executed, DAY)
        for row, (name, amount, account, executed) in enumerate(given_lines, start=2)
    ]
    matches = match_reply(
        replies, ordered=ordered, open_yuan={HOME: Decimal(due)}, authorised_on=DAY, today=DAY
    )
    paid = [match.line for match in matches if match.outcome is Outcome.PAID]
    assert [match.line for match in matches] == replies
    assert sum(line.amount_yuan for line in paid) <= due
    assert len({line.reference for line in paid}) == len(paid)
    for line in paid:
        order = ordered[line.reference]
        assert (line.amount_yuan, line.account_index, order.is_answered) == (order.amount_yuan, "a", False)
        assert line.is_executed
    assert all(match.reasons for match in matches if match.outcome is Outcome.MISMATCH)


class Household(RuleBasedStateMachine):
    """One household's orders by random people in random order, decided by the core alone."""

    def __init__(self) -> None:
        super().__init__()
        self.due, self.paid = Decimal(1000), Decimal(0)
        self.orders: list[tuple[Decimal, OrderState, Hands]] = []

    @property
    def balance(self) -> Balance:
        under_way = (OrderState.PREPARED, OrderState.RETURNED, OrderState.CHECKED, OrderState.AUTHORISED)
        pending = sum((amount for amount, state, _ in self.orders if state in under_way), Decimal(0))
        return Balance(self.due, self.paid, pending)

    @rule(amount=st.sampled_from([Decimal(1), Decimal(400), Decimal(1000)]), who=st.sampled_from("abc"))
    def prepare(self, amount: Decimal, who: str) -> None:
        if not ceiling_reasons(HOME, balance=self.balance, amount_yuan=amount):
            self.orders.append((amount, OrderState.PREPARED, Hands(who)))

    @precondition(lambda self: self.orders)
    @rule(
        which=st.integers(0, 20), who=st.sampled_from("abc"), is_paid=st.booleans(),
        step=st.sampled_from([
            OrderStep.CHECK, OrderStep.RETURN, OrderStep.AUTHORISE, OrderStep.CANCEL, OrderStep.AMEND, OrderStep.ANSWER,
        ]),
    )
    def take(self, which: int, who: str, step: OrderStep, is_paid: bool) -> None:
        place = which % len(self.orders)
        amount, state, hands = self.orders[place]
        if step_reasons(step, state=state, hands=hands, person=who):
            return
        if step is OrderStep.ANSWER:
            assert hands.are_distinct
            assert hands.checker
            assert hands.authoriser
            self.paid += amount if is_paid else 0
            self.orders[place] = (amount, OrderState.SETTLED, hands)
            return
        hands = {
            OrderStep.CHECK: Hands(hands.maker, who), OrderStep.RETURN: Hands(hands.maker),
            OrderStep.AMEND: Hands(who), OrderStep.AUTHORISE: Hands(hands.maker, hands.checker, who),
        }.get(step, hands)
        self.orders[place] = (amount, state_after(step), hands)

    @rule(due=st.sampled_from([Decimal(300), Decimal(1000), Decimal(1500)]))
    def supplement(self, due: Decimal) -> None:
        if not excess_reasons(HOME, before=self.balance, after=replace(self.balance, due_yuan=due)):
            self.due = due

    @invariant()
    def never_more_than_due(self) -> None:
        assert self.paid + self.balance.pending_yuan <= self.due
        assert self.balance.excess_yuan == 0


TestHousehold = Household.TestCase
