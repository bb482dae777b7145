"""Recording subsidies that were paid: one payment with its voucher, or a whole list with its file, all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final

from zhengtu.accounts.models import Unit
from zhengtu.accounts.sealing import search_index
from zhengtu.core.authority.actor import Actor
from zhengtu.core.compensation.subsidy_account import PaidPeriod, overlaps
from zhengtu.core.kernel.codes import jurisdiction_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.money import grouped, to_fen
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
from zhengtu.resettlement.subsidy_payments import PAID, payments_of

RECORD: Final = "subsidy.record"
VOUCHER: Final = "subsidy_voucher"



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
        payer: code of the unit that paid; empty: the one that owed those days by the agreement.

    Raises:
        Refused: no right, no such family, a wrong period, sum or day, days that are paid already, or no voucher.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        row = row_for(actor, household, on=deed.recorded_on, verb=RECORD)
        if row is None:
            raise Refused(_reason("nothing_owed", _NOTHING_OWED, _ENTER_TERMS, household=household))
        reasons = [
            _reason(fault, *_SINGLE[fault], **_days(row, paid_on))
            for fault in _faults(row, period, paid_on, today=deed.recorded_on)
        ]
        reasons += hands_refusals(deed, [household]).get(household, ())
        named = payer or row.payer_of(period, on=paid_on)
        code = _unit_code(_units(), named)
        if not code:
            reasons.append(_reason("payer", _NO_PAYER, _CHOOSE_PAYER, value=named))
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
    reasons, facts = _Checks(listed, rows, deed).run(codes)
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
        self.names, self.hands = _names(codes), hands_refusals(self.deed, codes)
        reasons: list[Reason] = []
        facts: list[NewFact] = []
        for line in self.listed.lines:
            row = self.rows.get(line.household)
            if row is None:
                reasons.append(self._wrong(line, "household", _NOT_HERE, value=line.household[:40]))
                continue
            own = self._line_reasons(line, row)
            if (twice := overlaps(held[line.household], line.period)) is not None:
                own.append(self._twice(line, twice))
            held[line.household].append(line.period)
            reasons += own
            if not own:
                payer = self._payer(line, row)
                facts.append(_fact(line.household, line.period, line.paid_on, payer, reasons))
        return reasons, facts

    def _line_reasons(self, line: ListedPayment, row: SubsidyRow) -> list[Reason]:
        found = []
        if line.household in self.hands:
            found.append(self._wrong(line, "household", _OWN_HANDS, value=line.household))
        if line.name and search_index(line.name) not in self.names.get(line.household, frozenset()):
            found.append(self._wrong(line, "name", _OTHER_NAME, value=line.household))
        if not self._payer(line, row):
            found.append(self._wrong(line, "payer", _NO_PAYER_LISTED, value=line.payer[:40]))
        for fault in _faults(row, line.period, line.paid_on, today=self.deed.recorded_on):
            column = "paid_on" if fault is Fault.PAID_AHEAD else "from_on"
            found.append(self._wrong(line, column, _LISTED[fault], **_days(row, line.paid_on)))
        return found

    def _payer(self, line: ListedPayment, row: SubsidyRow) -> str:
        """Code of who paid: as the list says, else who owed those days on the day of payment; empty for no unit."""
        return _unit_code(self.units, line.payer or row.payer_of(line.period, on=line.paid_on))

    def _twice(self, line: ListedPayment, held: PaidPeriod) -> Reason:
        return self.listed.problem(
            line.row, "from_on", _TWICE_LISTED, _GIVE_UNPAID, value=line.household,
            held_from=held.from_on.isoformat(), held_to=(held.until_on - _DAY).isoformat(),
        )

    def _wrong(self, line: ListedPayment, column: str, message: str, **values: object) -> Reason:
        return self.listed.problem(line.row, column, message, _CORRECT_LINE, **values)


class Fault(StrEnum):
    """What may be wrong with the days and the sum of a payment."""

    BACKWARDS = "backwards"
    NO_SUM = "no_sum"
    PAID_AHEAD = "paid_ahead"
    BEFORE_START = "before_start"
    AFTER_STOP = "after_stop"


def _faults(row: SubsidyRow, period: PaidPeriod, paid_on: date, *, today: date) -> list[Fault]:
    found = []
    if period.until_on <= period.from_on:
        found.append(Fault.BACKWARDS)
    if period.amount <= 0 or period.amount != to_fen(period.amount):
        found.append(Fault.NO_SUM)
    if paid_on > today:
        found.append(Fault.PAID_AHEAD)
    if row.terms is not None and period.from_on < row.terms.moved_out_on:
        found.append(Fault.BEFORE_START)
    if row.terms is not None and (stop := row.terms.stops_on) is not None and period.until_on > stop:
        found.append(Fault.AFTER_STOP)
    return found


def _days(row: SubsidyRow, paid_on: date) -> dict[str, str]:
    """What the messages of faults tell."""
    terms = row.terms
    stop = terms.stops_on if terms else None
    return {
        "household": row.household, "paid_on": paid_on.isoformat(),
        "start": terms.moved_out_on.isoformat() if terms else "", "stop": stop.isoformat() if stop else "",
    }


def _fact(household: str, period: PaidPeriod, paid_on: date, payer: str, reasons: Sequence[Reason]) -> NewFact:
    """The fact, or a refusal with everything that speaks against it."""
    given = {
        "from_on": period.from_on, "until_on": period.until_on, "amount_yuan": str(period.amount), "payer": payer,
    }
    attributes, wrong = checked_attributes(current_rulebook().fact_kinds[PAID], given)
    if reasons or wrong:
        raise Refused(*reasons, *wrong)
    return NewFact("household", household, PAID, paid_on, attributes)


def _names(codes: Sequence[str]) -> dict[str, frozenset[str]]:
    """Household -> keyed hashes of the names in its file and of its right holders."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, index in Household.objects.filter(code__in=codes).values_list("code", "name_index"):
        found[code].add(index)
    for code, index in Owner.objects.filter(household__in=codes).values_list("household_id", "name_index"):
        found[code].add(index)
    return {code: frozenset(indexes - {""}) for code, indexes in found.items()}


def _units() -> dict[str, str]:
    """Code, name and short name of every unit -> its code; a name that two units have means none."""
    found: dict[str, str] = {}
    for code, *names in Unit.objects.values_list("code", "name", "short_name"):
        for name in {code, *names}:
            found[name] = "" if name in found else code
    return found


def _unit_code(units: Mapping[str, str], told: str) -> str:
    return units.get(told.strip(), "")


def _kept(source: SourceFile) -> AttachedFile:
    kept = keep_local_file(source.path, kind=VOUCHER, media_type=MEDIA_TYPES[source.kind()])
    return replace(kept, name=Path(source.name).name[:255])


def _total_differs(listed: Decimal, told: Decimal) -> Reason:
    return _reason(
        "total", N_("The lines add up to %(listed)s yuan, and the bank paid %(told)s."),
        N_("Find the line that is missing or wrong; nothing was recorded."), listed=grouped(listed),
        told=grouped(told),
    )


def _reason(code: str, message: str, remedy: str = "", **parameters: object) -> Reason:
    return Reason(code=f"resettlement.{code}", message=message, parameters=parameters, remedy=remedy)


_DAY: Final = timedelta(days=1)
_CORRECT_LINE: Final = N_("Correct the line and import the whole file again; nothing was recorded.")
_NOTHING_OWED: Final = N_("Nothing is owed to %(household)s: no home was promised and no entitlement is on file.")
_ENTER_TERMS: Final = N_("Record the entitlement first.")
_NO_PAYER: Final = N_("No unit is called “%(value)s”.")
_CHOOSE_PAYER: Final = N_("Give the code or the full name of a unit of the city.")
_GIVE_UNPAID: Final = N_("Nobody is paid twice for the same days: give the days that are not paid yet.")
_SINGLE: Final[Mapping[Fault, tuple[str, str]]] = {
    Fault.BACKWARDS: (N_("The period ends before it begins."), N_("Give the first and the last day.")),
    Fault.NO_SUM: (N_("The sum is not above zero and to the fen."), N_("Give the sum in yuan.")),
    Fault.PAID_AHEAD: (N_("The day of payment %(paid_on)s lies ahead."), N_("Record it once it is paid.")),
    Fault.BEFORE_START: (
        N_("The period begins before the first day of transition, %(start)s."), N_("Begin on that day or later."),
    ),
    Fault.AFTER_STOP: (
        N_("The period goes beyond %(stop)s, from which nothing is due."), N_("End before that day."),
    ),
}
"""Fault -> what is said of a single payment, and what to do."""
_LISTED: Final[Mapping[Fault, str]] = {
    Fault.BACKWARDS: N_(
        "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
        "the period ends before it begins."
    ),
    Fault.NO_SUM: N_(
        "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
        "the sum is not above zero and to the fen."
    ),
    Fault.PAID_AHEAD: N_(
        "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
        "the day of payment %(paid_on)s lies ahead."
    ),
    Fault.BEFORE_START: N_(
        "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
        "the period begins before the first day of transition of %(household)s, %(start)s."
    ),
    Fault.AFTER_STOP: N_(
        "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
        "the period of %(household)s goes beyond %(stop)s, from which nothing is due."
    ),
}
"""Fault -> what is said of it in a line of a list."""
_NOT_HERE: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "“%(value)s” is no household of this project to which anything is owed."
)
_OTHER_NAME: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "the name is not the one in the file of %(value)s, nor of one of its right holders."
)
_OWN_HANDS: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "you recorded or decided for %(value)s yourself; somebody else records its money."
)
_NO_PAYER_LISTED: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "no unit is called “%(value)s”."
)
_TWICE_LISTED: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: "
    "%(value)s was paid for %(held_from)s to %(held_to)s already, which shares days with this period."
)
