"""The file that goes to the bank: whole names and accounts, therefore only for an authorised order and noted as a deed.

Layout (docs/bank-files.md): a heading row, one row per payee, a last row with the number of rows and their sum.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from django.utils.translation import gettext, override

from zhengtu.accounts.sealing import unseal
from zhengtu.core.authority.actor import Actor
from zhengtu.core.funds.payments import OrderState, OrderStep, frozen_reasons, step_reasons
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped, total
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds import payment_writes as writes
from zhengtu.funds.models import PaymentOrder
from zhengtu.funds.payment_actions import hands_of
from zhengtu.funds.reply_reading import TOTAL
from zhengtu.ledger.act import act
from zhengtu.press.spreadsheet import SheetColumn, write_workbook
from zhengtu.registry.queries import subject_of

FILE_COLUMNS: Final = (
    ("text", N_("Payment reference"), 26), ("text", N_("Payee"), 20), ("text", N_("Payee account"), 26),
    ("money", N_("Amount (yuan)"), 16), ("text", N_("Purpose"), 30),
)
LAYOUTS: Final = ("csv", "csv_gb18030", "xlsx")
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8", "csv_gb18030": "text/csv; charset=gb18030",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file as it is handed out."""

    name: str
    content: bytes
    media_type: str


def bank_file(*, actor: Actor, order: str, layout: str, now: datetime) -> BankFile:
    """The file of an authorised order; that it was handed out, and its SHA-256, is noted.

    Args:
        layout: one of ``LAYOUTS``.

    Raises:
        Refused: no right, not authorised, or its lines are not those that were checked.
    """
    seen = PaymentOrder.objects.get(pk=order)
    with act(actor, "payment.authorise", on=subject_of(seen.participation), at=now) as deed:
        held = PaymentOrder.objects.select_for_update().get(pk=order)
        reasons = step_reasons(
            OrderStep.SEND, state=OrderState(held.state), hands=hands_of(held), person=actor.person
        ) or frozen_reasons(digest=held.digest, now=writes.digest_of(held))
        if reasons:
            raise Refused(*reasons)
        with override("zh-hans"):
            content = _content(held, layout, now)
        digest = sha256(content).hexdigest()
        deed.record(because=[_handed_out(held, digest)])
        writes.note_step(deed, order=held, step=OrderStep.SEND)
    return BankFile(f"{order}.{layout[:4].rstrip('_')}", content, _TYPES[layout])


Row = tuple[str, str, str, Decimal, str]


def _content(order: PaymentOrder, layout: str, now: datetime) -> bytes:
    rows: list[Row] = []
    purpose = gettext("Compensation for expropriation")
    for line in order.lines.order_by("reference"):
        payee = unseal(line.payee_sealed)
        rows.append((line.reference, payee["name"], payee["account"], line.amount_yuan, purpose))
    last = _total_row(rows)
    return _workbook(order, [*rows, last], now) if layout == "xlsx" else _text([*rows, last], layout)


def _total_row(rows: Sequence[Row]) -> Row:
    return (gettext(TOTAL), str(len(rows)), "", total([row[3] for row in rows]), "")


def _text(rows: Sequence[Row], layout: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([gettext(heading) for _, heading, _ in FILE_COLUMNS])
    writer.writerows([(*row[:3], f"{row[3]:.2f}", row[4]) for row in rows])
    return text.getvalue().encode("gb18030" if layout == "csv_gb18030" else "utf-8-sig")


def _workbook(order: PaymentOrder, rows: Sequence[Row], now: datetime) -> bytes:
    target = io.BytesIO()
    write_workbook(
        target, sheet_name=order.code, rows=rows,
        columns=[SheetColumn(gettext(heading), kind, width) for kind, heading, width in FILE_COLUMNS],
        particulars_name=gettext("Control totals"),
        particulars=[
            (gettext("Payment order"), order.code), (gettext("Lines"), rows[-1][1]),
            (gettext("Total (yuan)"), grouped(rows[-1][3])), (gettext("Digest"), order.digest),
        ],
        created=now.astimezone(SHANGHAI).replace(tzinfo=None),
    )
    return target.getvalue()


def _handed_out(order: PaymentOrder, digest: str) -> Reason:
    return Reason(
        "payment.file_handed_out", N_("The bank file of %(order)s was handed out; SHA-256 %(digest)s."),
        {"order": order.code, "digest": digest},
    )
