"""Importing a bank statement of a dedicated account: one deed with its new lines, all or none, and never twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.core.files.base import File

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.models import BankStatementLine
from zhengtu.funds.statement_reading import ReadLine, read_statement
from zhengtu.funds.statement_writes import insert_statement
from zhengtu.ledger.act import NewFact, OpenDeed, act
from zhengtu.ledger.files import AttachedFile, keep_local_file
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.registry.survey_import.intake import MEDIA_TYPES, SourceFile, local_file


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """What an import did; ``deed`` is empty where every line was there already."""

    lines: int
    new_lines: int
    deed: str


def import_statement(*, actor: Actor, account: str, path: Path, name: str, now: datetime) -> ImportedStatement:
    """Import the statement that lies at ``path`` and that its user calls ``name``.

    Raises:
        Refused: no right; or the file with everything that is wrong in it; nothing of it is then written.
    """
    subject = subject_of(account)
    denied = current_rulebook().authority.may(actor=actor, verb="funds.record", subject=subject)
    lines = [] if denied else read_statement(path=path, name=name)
    if lines and not _fresh(account, lines):
        return ImportedStatement(len(lines), 0, "")
    with act(actor, "funds.record", on=subject, at=now) as deed:
        return record_statement(deed, account=account, lines=lines, source=replace(local_file(path), name=name))


def record_statement(
    deed: OpenDeed, *, account: str, lines: Sequence[ReadLine], source: SourceFile
) -> ImportedStatement:
    """Record the lines that are new under an open deed, with the file, under its user's name, as evidence.

    Raises:
        Refused: when an earlier statement says something else, or a line lies in the future.
    """
    fresh = _fresh(account, lines)
    reasons = _contradictions(account, lines, fresh) + _from_the_future(fresh, deed.at)
    if not fresh:  # somebody imported the same statement in this moment
        reasons.append(Reason(
            code="funds.statement_meanwhile", message=N_("Every line was imported already; nothing changed."),
            remedy=N_("Open the reconciliation again."),
        ))
    if reasons:
        raise Refused(*reasons)
    first, last = fresh[0], fresh[-1]
    fact = NewFact(
        "participation", account, "bank_statement_imported", min(last.booked_on, civil_date(at=deed.at)),
        {
            "first_on": first.booked_on.isoformat(), "last_on": last.booked_on.isoformat(), "lines": len(fresh),
            "closing_balance_yuan": str(last.balance_yuan),
        },
    )
    code = deed.record(facts=[fact], evidence=[_kept(source)])
    insert_statement(deed, account=account, file_name=source.name, lines=fresh)
    return ImportedStatement(len(lines), len(fresh), code)


def _kept(source: SourceFile) -> AttachedFile:
    kept = keep_local_file(source.path, kind="bank_statement", media_type=MEDIA_TYPES[source.kind()])
    return replace(kept, name=Path(source.name).name[:255])


def _fresh(account: str, lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Lines that are not yet imported, each once."""
    keys = {line.key: line for line in lines}
    held = set(
        BankStatementLine.objects.filter(participation=account, key__in=keys).values_list("key", flat=True)
    )
    return [line for key, line in keys.items() if key not in held]


def _contradictions(account: str, lines: Sequence[ReadLine], fresh: Sequence[ReadLine]) -> list[Reason]:
    """New lines under a reference of which an earlier statement says something else for the same day."""
    references = {line.reference for line in fresh if line.reference}
    held: dict[tuple[str, object], list[BankStatementLine]] = defaultdict(list)
    for row in BankStatementLine.objects.filter(participation=account, reference__in=references):
        held[row.reference, row.booked_on].append(row)
    in_file = {line.key for line in lines}
    return [
        Reason(
            code="funds.statement_contradicts",
            message=N_("Row %(row)s: the reference %(reference)s was imported with %(held)s yuan and now stands "
                       "with %(given)s yuan."),
            parameters={
                "row": line.row, "reference": line.reference, "held": f"{row.amount_yuan:,.2f}",
                "given": f"{line.amount_yuan:,.2f}",
            },
            remedy=N_("Ask the bank which is right; an imported line is never changed."),
        )
        for line in fresh
        for row in held[line.reference, line.booked_on]
        if row.key not in in_file
    ]


def _from_the_future(lines: Sequence[ReadLine], at: datetime) -> list[Reason]:
    today = civil_date(at=at)
    return [
        Reason(
            code="funds.statement_future", message=N_("Row %(row)s: the day %(day)s lies in the future."),
            parameters={"row": line.row, "day": line.booked_on.isoformat()},
            remedy=N_("Correct the day, or export the statement again."),
        )
        for line in lines if line.booked_on > today
    ]


def taken_in(file: File, *, folder: Path) -> Path:
    """An upload written to a folder, for reading."""
    path = folder / "statement"
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return path
