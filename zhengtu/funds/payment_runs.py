"""Bulk runs: everything that is due in one part of a project becomes one order, with one file of what came of each.

A task works on it; whoever leaves the page finds the run again. Households that may not be paid are left out and named.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils.translation import gettext, override
from procrastinate.contrib.django import app as task_queue

from zhengtu.accounts.queries import actor_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import SHANGHAI, civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped, total
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds import payment_writes as writes
from zhengtu.funds.models import PaymentRun, RunStage
from zhengtu.funds.ordering import OrderedSum, PreparedOrder
from zhengtu.funds.payees import PayeeSource, own_payees
from zhengtu.funds.payment_actions import prepare_order
from zhengtu.funds.payment_queries import DueHousehold, due_households, is_silent
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.ledger.writes import insert_refusal, reason_as_json
from zhengtu.press.spreadsheet import CellValue, SheetColumn, write_workbook
from zhengtu.registry.queries import subject_of

RUN_TASK = "prepare_payment_run"
_VERB = "payment.prepare"


def start_run(*, actor: Actor, participation: str, purpose: str, now: datetime) -> PaymentRun:
    """Queue a run.

    Raises:
        Refused: when the actor may not make orders there.
    """
    denied = current_rulebook().authority.may(actor=actor, verb=_VERB, subject=subject_of(participation))
    if denied is not None:
        insert_refusal(actor=actor.person, verb=_VERB, subject=participation, at=now, reasons=[denied])
        raise Refused(denied)
    with transaction.atomic():
        run = writes.insert_run(participation=participation, person=actor.person, purpose=purpose[:255], at=now)
        task_queue.configure_task(RUN_TASK).defer(run_id=run.pk)
    return run


def run_again(run: PaymentRun, *, now: datetime) -> None:
    """Queue a run again whose worker died.

    Raises:
        Refused: when somebody works on it, or it is done.
    """
    if run.stage != RunStage.FAILED and not is_silent(run, now=now):
        raise Refused(Reason("payment.run_alive", N_("The run is not interrupted."), remedy=N_("Wait for its end.")))
    with transaction.atomic():
        writes.set_run(run.pk, stage=RunStage.WAITING, progress=0, beaten_at=now)
        task_queue.configure_task(RUN_TASK).defer(run_id=run.pk)


def carry_out_run(run_id: int, *, now: datetime, payees: PayeeSource = own_payees) -> str:
    """Make the order of a run and its result file; returns the stage it ends at."""
    if not writes.claim_run(run_id, since=[RunStage.WAITING], to=RunStage.RUNNING):
        return PaymentRun.objects.get(pk=run_id).stage
    run = PaymentRun.objects.select_related("started_by").get(pk=run_id)

    started = monotonic()

    def tell(share: float) -> None:
        writes.set_run(run_id, progress=share, beaten_at=now + timedelta(seconds=monotonic() - started))

    try:
        tell(0.05)
        due = due_households(run.participation)
        tell(0.3)
        prepared = prepare_order(
            actor=actor_of(run.started_by, on=civil_date(at=now)), participation=run.participation, now=now,
            sums=[OrderedSum(one.household.code, one.balance.open_yuan) for one in due], purpose=run.purpose,
            payees=payees, leaves_out_refused=True,
        )
        tell(0.8)
        with override(run.started_by.language or "zh-hans"):
            _keep(run, _workbook(run, due, prepared, now))
        report = {
            "due": len(due), "ordered": len({line.household for line in prepared.lines}),
            "refused": len(prepared.refused), "sum": grouped(total([line.amount_yuan for line in prepared.lines])),
        }
        writes.set_run(run_id, stage=RunStage.DONE, progress=1, report=report, order_id=prepared.code)
    except Refused as refused:
        reasons = [reason_as_json(reason) for reason in refused.reasons[:50]]
        writes.set_run(run_id, stage=RunStage.REFUSED, progress=1, report={"reasons": reasons})
    except Exception:
        writes.set_run(run_id, stage=RunStage.FAILED)
        raise
    return PaymentRun.objects.get(pk=run_id).stage


def result_of(run: PaymentRun) -> bytes | None:
    """The result file of a run; None where there is none."""
    storage = _storage()
    if not storage.exists(_place(run)):
        return None
    with storage.open(_place(run)) as file:
        return bytes(file.read())


def _keep(run: PaymentRun, content: bytes) -> None:
    storage, place = _storage(), _place(run)
    if storage.exists(place):
        storage.delete(place)
    storage.save(place, ContentFile(content))


def _storage() -> Storage:
    return storages["uploads"]


def _place(run: PaymentRun) -> str:
    return f"payment-runs/{run.pk}.xlsx"


def _workbook(run: PaymentRun, due: Sequence[DueHousehold], prepared: PreparedOrder, now: datetime) -> bytes:
    columns = [
        SheetColumn(gettext("Household"), width=26), SheetColumn(gettext("Name"), width=12),
        SheetColumn(gettext("Due (yuan)"), "money", 16), SheetColumn(gettext("Paid (yuan)"), "money", 16),
        SheetColumn(gettext("Ordered (yuan)"), "money", 16), SheetColumn(gettext("Result"), width=60),
    ]
    target = io.BytesIO()
    write_workbook(
        target, sheet_name=prepared.code, columns=columns, rows=_rows(due, prepared),
        particulars_name=gettext("Control totals"),
        particulars=[
            (gettext("Payment order"), prepared.code),
            (gettext("Lines"), str(len(prepared.lines))),
            (gettext("Total (yuan)"), grouped(total([line.amount_yuan for line in prepared.lines]))),
            (gettext("Left out"), str(len(prepared.refused))),
        ],
        created=now.astimezone(SHANGHAI).replace(tzinfo=None),
    )
    return target.getvalue()


def _rows(due: Sequence[DueHousehold], prepared: PreparedOrder) -> list[list[CellValue]]:
    refused: Mapping[str, Sequence[Reason]] = prepared.refused
    return [
        [
            one.household.code, one.household.name_masked, one.balance.due_yuan, one.balance.paid_yuan,
            None if one.household.code in refused else one.balance.open_yuan,
            _spoken(refused[one.household.code]) if one.household.code in refused else gettext("Ordered"),
        ]
        for one in due
    ]


def _spoken(reasons: Sequence[Reason]) -> str:
    return " ".join(spoken_reason(reason).message for reason in reasons)
