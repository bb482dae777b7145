"""Two orders for one household at once, and random sequences of steps: never is more paid or ordered than is due."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import close_old_connections, connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.apps.funds.kit import PART, answered, payer, reply_rows, signed_scene
from tests.factories import NOW, actor_with
from zhengtu.core.funds.payments import OrderState
from zhengtu.core.kernel.reasons import Refused
from zhengtu.funds.balances import balances_of
from zhengtu.funds.models import PaymentOrder
from zhengtu.funds.ordering import OrderedSum
from zhengtu.funds.payment_actions import authorise_order, cancel_order, check_order, prepare_order, return_order
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import keep_file
from zhengtu.registry.queries import subject_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_orders_at_once_only_one_finds_room() -> None:
    home = signed_scene().households[0].code
    makers = [payer("maker"), payer("checker")]
    start, outcomes = threading.Barrier(2), list[str]()

    def order(which: int) -> None:
        close_old_connections()
        try:
            start.wait(timeout=20)
            prepare_order(
                actor=makers[which], participation=PART, now=NOW, sums=[OrderedSum(home, Decimal("250000"))]
            )
            outcomes.append("made")
        except Refused as refused:
            outcomes.append(refused.reasons[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=order, args=(which,)) for which in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["made", "payment.above_due"]
    assert balances_of([home])[home].pending_yuan == Decimal("250000.00")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["prepare", "check", "return", "authorise", "cancel", "pay", "fail", "supplement"]),
        st.integers(0, 3), st.sampled_from(["100000", "215000", "430000", "500000", "0.01"]),
        st.sampled_from(["maker", "checker", "authoriser"]),
    ),
    min_size=4, max_size=14,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate], derandomize=True,
)
@given(steps=STEPS)
def test_no_sequence_pays_more_than_is_due(steps: list[tuple[str, int, str, str]]) -> None:
    from django.core.management import call_command

    call_command("flush", verbosity=0, interactive=False)
    home = signed_scene().households[0].code
    for number, (step, which, amount, who) in enumerate(steps):
        with contextlib.suppress(Refused):
            _taken(step, home=home, which=which, amount=amount, who=who, minutes=number)
        balance = balances_of([home])[home]
        assert balance.due_yuan is not None
        assert balance.paid_yuan + balance.pending_yuan <= balance.due_yuan
        assert balance.excess_yuan == 0
        for order in PaymentOrder.objects.exclude(checker=None):
            assert order.checker_id != order.maker_id
            assert order.authoriser_id not in (order.maker_id, order.checker_id)


def _taken(step: str, *, home: str, which: int, amount: str, who: str, minutes: int) -> None:
    now, actor = NOW + timedelta(minutes=minutes), payer(who)
    if step == "supplement":
        _supplement(home, amount=amount, minutes=minutes)
        return
    if step == "prepare":
        prepare_order(actor=actor, participation=PART, sums=[OrderedSum(home, Decimal(amount))], now=now)
        return
    orders = list(PaymentOrder.objects.exclude(state=OrderState.CANCELLED).order_by("code"))
    if not orders:
        return
    order = orders[which % len(orders)].code
    acts: dict[str, Callable[[], object]] = {
        "check": lambda: check_order(actor=actor, order=order, now=now),
        "return": lambda: return_order(actor=actor, order=order, reason="退回", now=now),
        "authorise": lambda: authorise_order(actor=actor, order=order, now=now),
        "cancel": lambda: cancel_order(actor=actor, order=order, reason="作废", now=now),
        "pay": lambda: answered(order, minutes=minutes),
        "fail": lambda: answered(
            order, [{**row, "Result": "Failed"} for row in reply_rows(order)], minutes=minutes
        ),
    }
    acts[step]()


def _supplement(home: str, *, amount: str, minutes: int) -> None:
    paper = keep_file(ContentFile(b"supplement"), kind="agreement", name="a.txt", media_type="text/plain")
    officer, at = actor_with("field_officer"), NOW + timedelta(minutes=minutes)
    with act(officer, "agreement.sign", on=subject_of(home), at=at) as deed:
        deed.record(
            facts=[NewFact("household", home, "agreement_supplemented", NOW.date(), {
                "amount_yuan": f"{Decimal(amount):.2f}", "agreement_number": str(minutes), "reason": "变更",
            })],
            evidence=[paper],
        )
