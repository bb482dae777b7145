"""Bulk runs: everything due becomes one order; who may not be paid is left out and named in the result file."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tests.apps.funds.kit import PART, later, payer, prepared, signed_scene
from tests.factories import NOW, Scene, actor_with
from zhengtu.accounts.sealing import seal
from zhengtu.core.kernel.reasons import Refused
from zhengtu.funds.models import PaymentLine, PaymentRun
from zhengtu.funds.payment_runs import carry_out_run, result_of, run_again, start_run
from zhengtu.registry.models import Household

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return signed_scene()


def test_a_run_orders_everything_due_and_names_who_is_left_out(scene: Scene) -> None:
    first, second, third = (household.code for household in scene.households[:3])
    prepared((first, "130000"))
    Household.objects.filter(pk=third).update(personal_sealed=seal({"name": "张", "account": ""}))
    run = start_run(actor=payer("checker"), participation=PART, purpose="春节前集中支付", now=NOW)
    assert carry_out_run(run.pk, now=later(1)) == "done"
    held = PaymentRun.objects.get(pk=run.pk)
    assert held.report == {"due": 3, "ordered": 2, "refused": 1, "sum": "730,000.00"}
    assert held.progress == 1
    lines = PaymentLine.objects.filter(order=held.order).order_by("reference")
    assert [(line.household_id, line.amount_yuan) for line in lines] == [
        (first, Decimal("300000.00")), (second, Decimal("430000.00"))
    ]
    content = result_of(held)
    assert content is not None
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert {row[0] for row in rows[1:]} == {first, second, third}
    assert any("payee" in str(row[5]) or "收款人" in str(row[5]) for row in rows[1:])
    assert carry_out_run(run.pk, now=later(2)) == "done", "a run is carried out once"
    assert PaymentLine.objects.filter(order=held.order).count() == 2
    with pytest.raises(Refused):
        run_again(held, now=later(3))


def test_a_run_without_anything_due_is_refused_and_says_so(scene: Scene) -> None:
    for household in scene.households[:3]:
        prepared((household.code, "430000"))
    run = start_run(actor=payer("maker"), participation=PART, purpose="", now=NOW)
    assert carry_out_run(run.pk, now=later(1)) == "refused"
    held = PaymentRun.objects.get(pk=run.pk)
    assert held.report["reasons"][0]["code"] == "payment.nothing_to_pay"
    assert held.order is None


def test_only_the_paying_unit_starts_a_run(scene: Scene) -> None:
    with pytest.raises(Refused):
        start_run(actor=actor_with("mayor"), participation=PART, purpose="", now=NOW)
    assert not PaymentRun.objects.exists()
