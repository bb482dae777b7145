"""Recording subsidies that were paid: one payment with its voucher, or a whole list with its file, all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from zhengtu.accounts.models import Unit
from zhengtu.accounts.sealing import search_index
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.subsidy_account import PaidPeriod, WaitingTerms, overlaps
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import checked_attributes, evidence_reasons
from zhengtu.funds.exclusive_hands import hands_refusals
from zhengtu.ledger.act import NewFact, OpenDeed, act
from zhengtu.ledger.files import AttachedFile, keep_local_file
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Owner
from zhengtu.registry.queries import subject_of
from zhengtu.registry.survey_import.intake import MEDIA_TYPES, SourceFile, local_file
from zhengtu.resettlement.subsidies import SubsidyRow, row_for, rows_for
from zhengtu.resettlement.subsidy_gate import twice_reason
from zhengtu.resettlement.subsidy_list_reading import PROBLEMS_SHOWN, ListedPayment, SubsidyList, read_subsidy_list
from zhengtu.resettlement.subsidy_payments import PAID, SubsidyPayment, payments_of

RECORD: Final = "subsidy.record"
VOUCHER: Final = "subsidy_voucher"

_CORRECT_LINE: Final = N_("Correct the line and import the whole file again; nothing was recorded.")


@dataclass(frozen=True, slots=True)
class RecordedList:
    """What an import did."""

    payments: int
    families: int
    total_yuan: Decimal
    deed: str


def record_subsidy(
    *, actor: Actor, household: str, period: PaidPeriod, paid_on: date, payer: str, files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record one payment with its voucher; returns the deed's key.

    Args:
        payer: code of the unit that paid; empty: the one that the agreement names.

    Raises:
        Refused: no right, no such family, a wrong period, sum or day, days that are paid already, or no voucher.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        row = row_for(actor, household, on=deed.recorded_on, verb=RECORD)
        if row is None:
            raise Refused(_nothing_owed(household))
        units = _units()
        reasons = [
            *_period_reasons(row, period, paid_on, today=deed.recorded_on),
            *hands_refusals(deed, [household]).get(household, ()),
        ]
        code = _unit_code(units, payer or row.payer)
        if not code:
            reasons.append(_unknown_payer(payer))
        held = payments_of([household], on=date.max)
        if (twice := overlaps([one.period for one in held], period)) is not None:
            reasons.append(twice_reason(household, period, twice))
        kind = current_rulebook().fact_kinds[PAID]
        reasons += evidence_reasons(kind, attached=[file.kind for file in files])
        fact = _fact(household, period, paid_on, code, reasons)
        return deed.record(facts=[fact], evidence=kept_files(files, reasons))


def record_subsidy_list(
    *, actor: Actor, project: str, path: Path, name: str, total_yuan: Decimal, now: datetime
) -> RecordedList:
    """Record every line of a list of a project that lies at ``path`` and that its user calls ``name``.

    Args:
        total_yuan: what was paid in all by the bank's own word; the lines must add up to it to the fen.

    Raises:
        Refused: no right; or the file with everything that is wrong in it; nothing of it is then written.
    """
    subject = subject_of(project)
    denied = current_rulebook().authority.may(actor=actor, verb=RECORD, subject=subject)
    listed = None if denied else read_subsidy_list(path=path, name=name)
    with act(actor, RECORD, on=subject, at=now) as deed:
        if listed is None:  # ``act`` has refused already
            raise RuntimeError("a list is read before it is recorded")
        source = replace(local_file(path), name=name)
        return _record(deed, actor, project, listed, source, total_yuan=total_yuan)


def _record(
    deed: OpenDeed, actor: Actor, project: str, listed: SubsidyList, source: SourceFile, *, total_yuan: Decimal
) -> RecordedList:
    rows = {row.household: row for row in rows_for(actor, on=deed.recorded_on, project=project, verb=RECORD)}
    codes = sorted({line.household for line in listed.lines} & set(rows))
    deed.lock(sorted({jurisdiction_of(code) for code in codes}))
    checks = _Checks(listed, rows, deed)
    reasons, facts = checks.run(codes)
    if listed.total != total_yuan:
        reasons.insert(0, _total_differs(listed.total, total_yuan))
    if reasons:
        raise Refused(*reasons[:PROBLEMS_SHOWN])
    key = deed.record(facts=facts, evidence=[_kept(source)])
    return RecordedList(len(facts), len(codes), listed.total, key)


class _Checks:
    """The lines of a list held against what is owed and was paid."""

    def __init__(self, listed: SubsidyList, rows: Mapping[str, SubsidyRow], deed: OpenDeed) -> None:
        self.listed, self.rows, self.deed = listed, rows, deed
        self.units = _units()

    def run(self, codes: Sequence[str]) -> tuple[list[Reason], list[NewFact]]:
        """Everything that is wrong, and the facts."""
        held: dict[str, list[PaidPeriod]] = defaultdict(list)
        for one in payments_of(codes, on=date.max):
            held[one.household].append(one.period)
        names, hands = _names(codes), hands_refusals(self.deed, codes)
        reasons: list[Reason] = []
        facts: list[NewFact] = []
        for line in self.listed.lines:
            row = self.rows.get(line.household)
            if row is None:
                reasons.append(self._wrong(line, "household", _NOT_HERE, value=line.household[:40]))
                continue
            own = [
                self._wrong(line, "household", _SAYS, value=told.message % told.parameters)
                for told in hands.get(line.household, ())
            ]
            own += self._line_reasons(line, row, names)
            twice = overlaps(held[line.household], line.period)
            if twice is not None:
                own.append(self._twice(line, twice))
            held[line.household].append(line.period)
            payer = _unit_code(self.units, line.payer or row.payer)
            if not payer:
                own.append(self._wrong(line, "payer", _NO_PAYER, value=line.payer[:40]))
            if own:
                reasons += own
            else:
                facts.append(_fact(line.household, line.period, line.paid_on, payer, reasons))
        return reasons, facts

    def _line_reasons(
        self, line: ListedPayment, row: SubsidyRow, names: Mapping[str, frozenset[str]]
    ) -> list[Reason]:
        found = []
        if line.name and search_index(line.name) not in names.get(line.household, frozenset()):
            found.append(self._wrong(line, "name", _OTHER_NAME, value=line.household))
        for reason in _period_reasons(row, line.period, line.paid_on, today=self.deed.recorded_on):
            column = "paid_on" if reason.code == "resettlement.paid_ahead" else "from_on"
            found.append(replace(
                self.listed.problem(line.row, column, f"{_PLACE}{reason.message}", reason.remedy, **reason.parameters)
            ))
        return found

    def _twice(self, line: ListedPayment, held: PaidPeriod) -> Reason:
        told = twice_reason(line.household, line.period, held)
        return self.listed.problem(line.row, "from_on", f"{_PLACE}{told.message}", told.remedy, **told.parameters)

    def _wrong(self, line: ListedPayment, column: str, message: str, **values: object) -> Reason:
        return self.listed.problem(line.row, column, message, _CORRECT_LINE, **values)
