"""Row changes of bank statements; they need an open deed that is recorded."""

from __future__ import annotations

from collections.abc import Sequence

from zhengtu.funds.models import BankStatement, BankStatementLine
from zhengtu.funds.statement_reading import ReadLine
from zhengtu.ledger.act import OpenDeed


def insert_statement(deed: OpenDeed, *, account: str, file_name: str, lines: Sequence[ReadLine]) -> None:
    """Insert a statement with its lines in the order of the bank."""
    statement = BankStatement.objects.create(
        participation=account, deed_id=deed.id, file_name=file_name[:255], first_on=lines[0].booked_on,
        last_on=lines[-1].booked_on,
    )
    BankStatementLine.objects.bulk_create([
        BankStatementLine(
            statement=statement, participation=account, number=line.row, key=line.key, booked_on=line.booked_on,
            amount_yuan=line.amount_yuan, balance_yuan=line.balance_yuan, reference=line.reference,
            counterparty_masked=line.counterparty_masked, summary=line.summary,
        )
        for line in lines
    ])
