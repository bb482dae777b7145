"""The demonstration's money: plans by source and due date, arrivals with bank papers, one statement per account.

Everything follows from what is recorded already: an account receives what its proof says, in parts that come before
the agreements they are for. Only for the Western Loop Railway its client pays late, as the speech warns: just enough
for each payment, while an old proof, not verified, speaks of the whole sum. What happened before the campaign is
history, not verified.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.core.files.base import ContentFile

from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.funds.history import AccountHistory, PlanLine, Source
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.money import ZERO
from zhengtu.funds.funding_queries import AccountRow, account_rows
from zhengtu.funds.money_facts import household_payments
from zhengtu.funds.statement_import import record_statement
from zhengtu.funds.statement_reading import read_statement
from zhengtu.jobs.demonstration.model import DemonstrationCampaign
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.queries import subject_of
from zhengtu.registry.survey_import.intake import local_file

LATE_PROJECT: Final = "220200-P0001"
PARTS: Final = (Decimal("0.4"), Decimal("0.35"), Decimal("0.25"))
LATE_PARTS: Final = 24
"""The late company pays in so many small parts."""
AHEAD_DAYS: Final = 12
WAN: Final = Decimal(10_000)
SOURCES: Final = {
    "railway": (Source.CLIENT, Source.BONDS), "expressway": (Source.CLIENT, Source.BONDS),
    "shanty_town": (Source.BONDS, Source.FISCAL), "industry": (Source.CLIENT, Source.FISCAL),
}
_HEADINGS: Final = ("记账日期", "流水号", "对方户名", "摘要", "借方发生额（支出）", "贷方发生额（收入）", "余额")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sum that came in; ``planned_on`` is the day it was due."""

    number: int
    on: date
    planned_on: date
    source: Source
    amount_yuan: Decimal


def record_funding(demonstration: DemonstrationCampaign, *, person_codes: dict[str, str], now: datetime) -> None:
    """Record plans, arrivals, statements and explanations of all accounts; the ledger holds the history already."""
    desk = _Desk(demonstration, person_codes, now)
    for number, row in enumerate(account_rows(desk.reader, on=civil_date(at=now), known=None)):
        desk.fund(row, number)


def arrivals_of(history: AccountHistory, *, is_late: bool, sources: Sequence[Source]) -> list[Arrival]:
    """What came into an account: ahead of the agreements, or of a late company on the day of each payment."""
    whole, last_day = _whole(history)
    if not whole:
        return []
    course = history.payments if is_late else history.commitments
    shares = [Decimal(1) / LATE_PARTS] * LATE_PARTS if is_late else PARTS
    held, arrivals = ZERO, []
    for number, share in enumerate(shares, start=1):
        exceeded = next((day for day in course.days if course.by(day) > held), None)
        if exceeded is None and (is_late or last_day is None):
            break
        day = exceeded if is_late else (exceeded or last_day) - timedelta(days=AHEAD_DAYS)  # type: ignore[operator]
        if last_day is not None and not is_late:
            day = min(day or last_day, last_day)
        amount = whole - held if number == len(shares) else _rounded(whole * share)
        if is_late and day is not None:
            amount = max(amount, course.by(day) - held)
        if amount <= 0 or day is None:
            continue
        due = _first_promised(history, held) if is_late else day + timedelta(days=number % 2)
        arrivals.append(Arrival(number, day, min(due, day) if is_late else due, sources[number % 2], amount))
        held += amount
    return arrivals


def _whole(history: AccountHistory) -> tuple[Decimal, date | None]:
    """What an account receives in all, and by when: what its proof says, else what was promised."""
    if history.proof is not None:
        paid = history.payments.by(history.proof.on)
        return history.proof.balance_yuan + paid, history.proof.on - timedelta(days=1)
    return max(history.commitments.by(date.max), history.payments.by(date.max)), None


def _first_promised(history: AccountHistory, held: Decimal) -> date:
    """The day on which what was promised first went beyond the money held: the day a late part was due."""
    days = history.commitments.days
    return next((day for day in days if history.commitments.by(day) > held), days[-1] if days else date.max)


def _rounded(amount: Decimal) -> Decimal:
    """To whole 万元, as money is granted."""
    return (amount / WAN).quantize(Decimal(1)) * WAN


class _Desk:
    """Who plans and records for which client, and the papers."""

    def __init__(self, demonstration: DemonstrationCampaign, codes: dict[str, str], now: datetime) -> None:
        self.demonstration, self.codes, self.now = demonstration, codes, now
        self.today = civil_date(at=now)
        self.opening = demonstration.campaign.start_on
        city = next(unit.code for unit in demonstration.units if unit.kind == "city")
        self.reader = Actor(codes["coordinator"], (Posting("coordinator", city),))

    def fund(self, row: AccountRow, number: int) -> None:
        """Everything about one account."""
        history, account = row.history, row.code
        client = str(row.account.project.client_id)
        is_late = str(row.account.project.code) == LATE_PROJECT
        sources = SOURCES.get(row.account.project.kind, (Source.FISCAL, Source.BONDS))
        arrivals = [
            one for one in arrivals_of(history, is_late=is_late, sources=sources) if one.on <= self.today
        ]
        actor = self._payer(client)
        self._plan(actor, account, self._lines(row, arrivals, is_late=is_late, sources=sources))
        self._arrivals(actor, account, arrivals)
        if arrivals:
            self._statement(actor, account, arrivals, is_explained=not is_late and number % 4 != 3)

    def _payer(self, client: str) -> Actor:
        people = self.demonstration.people
        payer = next((p.username for p in people if p.role == "client" and p.unit == client), "finance_bureau")
        return Actor(self.codes[payer], (Posting("client", client),))

    def _lines(
        self, row: AccountRow, arrivals: Sequence[Arrival], *, is_late: bool, sources: Sequence[Source]
    ) -> list[PlanLine]:
        """Planned sums: those that came, and what is still to come."""
        lines = [
            PlanLine(f"{one.number:02d}", one.source, one.planned_on, one.amount_yuan) for one in arrivals
        ]
        number = len(arrivals)
        if is_late:
            lack = _whole(row.history)[0] - sum((one.amount_yuan for one in arrivals), ZERO)
            if lack > 0:
                due, ahead = self.today - timedelta(days=18), self.today + timedelta(days=21)
                lines.append(PlanLine(f"{number + 1:02d}", Source.CLIENT, due, lack - _rounded(lack / 3)))
                lines.append(PlanLine(f"{number + 2:02d}", Source.CLIENT, ahead, _rounded(lack / 3)))
        elif not arrivals and row.history.unsettled:
            # Not yet decided on: the whole sum has to come before the decision.
            expected = Decimal(row.history.unsettled) * 38 * WAN
            due = self.today + timedelta(days=10 + 6 * (row.history.unsettled % 7) - 9 * (row.history.unsettled % 2))
            lines.append(PlanLine("01", sources[0], due - timedelta(days=7), _rounded(expected * PARTS[0])))
            lines.append(PlanLine("02", sources[1], due + timedelta(days=14), _rounded(expected * (1 - PARTS[0]))))
        return lines

    def _plan(self, actor: Actor, account: str, lines: Sequence[PlanLine]) -> None:
        if not lines:
            return
        first = min(line.due_on for line in lines) - timedelta(days=30)
        facts = [
            NewFact("participation", account, "funds_planned", min(first, self.today), {
                "plan_reference": line.reference, "source": str(line.source), "due_on": line.due_on.isoformat(),
                "amount_yuan": f"{line.amount_yuan:.2f}",
            }, is_verified=first >= self.opening)
            for line in lines
        ]
        text = [f"{line.reference},{line.due_on},{line.source},{line.amount_yuan:.2f}" for line in lines]
        paper = self._paper("funds_plan", account, first, ["编号,应到日期,来源,金额", *text])
        self._record(actor, "funds.plan", account, facts, paper)

    def _arrivals(self, actor: Actor, account: str, arrivals: Sequence[Arrival]) -> None:
        """History in one deed, what came during the campaign each on its day."""
        earlier = [one for one in arrivals if one.on < self.opening]
        for group in ([earlier] if earlier else []) + [[one] for one in arrivals if one.on >= self.opening]:
            facts = [
                NewFact("participation", account, "funds_arrived", one.on, {
                    "source": str(one.source), "amount_yuan": f"{one.amount_yuan:.2f}",
                    "bank_reference": _reference(account, one),
                }, is_verified=one.on >= self.opening)
                for one in group
            ]
            text = [f"{one.on},{_reference(account, one)},{one.amount_yuan:.2f}" for one in group]
            paper = self._paper("bank_receipt", account, group[-1].on, ["日期,流水号,金额", *text])
            self._record(actor, "funds.record", account, facts, paper)

    def _statement(self, actor: Actor, account: str, arrivals: Sequence[Arrival], *, is_explained: bool) -> None:
        """The bank's statement until some days ago, with the interest that nobody has recorded."""
        until = self.today - timedelta(days=6)
        text = _statement_text(account, arrivals, self._payments(account), until=until)
        if not text:
            return
        name = f"{account}-对账单.csv"
        with TemporaryDirectory() as folder:
            path = Path(folder) / "statement.csv"
            path.write_text(text, encoding="utf-8-sig")
            lines = read_statement(path=path, name=name)
            with act(actor, "funds.record", on=subject_of(account), at=self.now, joins_transaction=True) as deed:
                source = replace(local_file(path), name=name)
                record_statement(deed, account=account, lines=lines, source=source)
        interest = next((line for line in lines if line.summary == "结息"), None)
        if interest is not None and is_explained:
            day = self.today - timedelta(days=2)
            fact = NewFact("participation", account, "funds_difference_explained", day, {
                "item": f"line:{interest.key}", "reason": "银行季度结息，留存专户，年终并入资金来源。",
            })
            self._record(actor, "funds.record", account, [fact], None)

    def _payments(self, account: str) -> list[tuple[date, Decimal]]:
        return [(day, amount) for _, day, amount, _ in household_payments(account, on=self.today, known=None)]

    def _record(
        self, actor: Actor, verb: str, account: str, facts: Sequence[NewFact], paper: AttachedFile | None
    ) -> None:
        """One deed, entered on the day of loading: a chain runs forward in time, whatever the day of its facts."""
        with act(actor, verb, on=subject_of(account), at=self.now, joins_transaction=True) as deed:
            deed.record(facts=facts, evidence=[paper] if paper else [])

    def _paper(self, kind: str, account: str, day: date, lines: Sequence[str]) -> AttachedFile:
        label = current_rulebook().label(group="evidence", id=kind, language="zh")
        content = "\n".join([f"演示材料（虚构），{label}，{account}，{day:%Y-%m-%d}", *lines]) + "\n"
        return keep_file(
            ContentFile(content.encode("utf-8-sig")), kind=kind, name=f"{account}-{day:%Y%m%d}-{kind}.csv",
            media_type="text/csv",
        )


def _reference(account: str, arrival: Arrival) -> str:
    return f"JZ{arrival.on:%Y%m%d}{account[-4:]}{arrival.number:02d}"


def _statement_text(
    account: str, arrivals: Sequence[Arrival], payments: Sequence[tuple[date, Decimal]], *, until: date
) -> str:
    """The statement as CSV, the earliest first; empty where nothing was booked."""
    booked = [
        (one.on, 0, one.amount_yuan, _reference(account, one), "拨款单位（演示）", "征收资金") for one in arrivals
    ]
    ordered = sorted(payments)
    booked += [
        (day, 1, -amount, f"ZF{day:%Y%m%d}{account[-4:]}{n:05d}", "被征收户（演示）", "征收补偿款")
        for n, (day, amount) in enumerate(ordered)
    ]
    booked = sorted(line for line in booked if line[0] <= until)
    if not booked:
        return ""
    interest_on = max(booked[0][0], until - timedelta(days=15))
    interest = (arrivals[0].amount_yuan * Decimal("0.0004")).quantize(Decimal("0.01"))
    booked = sorted([*booked, (interest_on, 2, interest, f"JX{interest_on:%Y%m%d}{account[-4:]}", "开户银行", "结息")])
    target, balance = io.StringIO(), ZERO
    writer = csv.writer(target)
    writer.writerow([f"演示材料（虚构） 征收补偿资金专户 {account}"])
    writer.writerow(_HEADINGS)
    for day, _, amount, reference, counterparty, summary in booked:
        balance += amount
        debit, credit = (f"{-amount:.2f}", "") if amount < 0 else ("", f"{amount:.2f}")
        writer.writerow([day.isoformat(), reference, counterparty, summary, debit, credit, f"{balance:.2f}"])
    return target.getvalue()
