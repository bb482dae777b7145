"""Subsidies that were paid before the campaign: each family's by its own rule to the fen, the later payers behind.

They are history, not verified, recorded on the opening day by who pays, a deed and a list for each project.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.core.files.base import ContentFile

from zhengtu.core.authority.actor import Actor, Posting, Subject
from zhengtu.core.compensation.subsidy_account import PaidPeriod, WaitingTerms, due_for
from zhengtu.core.kernel.civil_dates import add_months, civil_date, whole_months_between
from zhengtu.core.kernel.money import ZERO
from zhengtu.core.kernel.reasons import Refused
from zhengtu.jobs.demonstration.housing import Housing, Owed
from zhengtu.jobs.demonstration.model import DemonstrationCampaign
from zhengtu.jobs.demonstration.staging import script_of
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.resettlement.facts import terms_told
from zhengtu.resettlement.subsidies import transition_rules, waiting_terms
from zhengtu.resettlement.subsidy_actions import RECORD, VOUCHER
from zhengtu.resettlement.subsidy_payments import PAID

SCRIPT: Final = Path(__file__).with_name("subsidies.yaml")
_STAND_IN: Final = "finance_bureau"
"""Who records for a client that has no account of its own."""


def record_subsidies_paid(
    housing: Housing, demonstration: DemonstrationCampaign, *, person_codes: dict[str, str], at: datetime
) -> None:
    """Record what was paid until the opening day to every family that was owed something by then."""
    opening = civil_date(at=at)
    by_project: dict[str, list[NewFact]] = defaultdict(list)
    for one in housing.owed.values():
        if one.signed_on < opening:
            by_project[one.project] += _payments(one, opening=opening)
    clients = {project.code: project.client for project in demonstration.projects}
    own = {person.unit: person.username for person in demonstration.people if person.role == "client"}
    for project, facts in sorted(by_project.items()):
        client = clients[project]
        actor = Actor(person_codes[own.get(client, _STAND_IN)], (Posting("client", client),))
        subject = Subject(code=project, clients=frozenset({client}))
        with act(actor, RECORD, on=subject, at=at, joins_transaction=True) as deed:
            deed.record(facts=facts, evidence=[_list(project, facts)])


def _payments(one: Owed, *, opening: date) -> Iterator[NewFact]:
    terms = terms_told(one.attributes, on=one.signed_on, reference="")
    home_on = one.resettled_on if one.resettled_on is not None and one.resettled_on < opening else None
    waiting = waiting_terms(terms, transition_rules(), home_on=home_on, is_delivered=True)
    if not isinstance(waiting, WaitingTerms):
        return
    for period in _periods(waiting, kind=terms.payer_kind, opening=opening):
        paid_on = min(period.until_on + timedelta(days=script_of(SCRIPT)["paid_after_days"]), opening)
        told = {
            "from_on": period.from_on.isoformat(), "until_on": period.until_on.isoformat(),
            "amount_yuan": str(period.amount), "payer": terms.payer,
        }
        yield NewFact("household", one.household, PAID, paid_on, told, is_verified=False)


def _periods(waiting: WaitingTerms, *, kind: str, opening: date) -> Iterator[PaidPeriod]:
    """Whole months of transition, year by year, until the payer stopped or the family came home."""
    script = script_of(SCRIPT)
    start = waiting.moved_out_on
    paid_until = add_months(opening, -script["behind_months"][kind])
    months = whole_months_between(start=start, end=paid_until)
    for first in range(0, months, script["months_of_a_payment"]):
        begins = add_months(start, first)
        ends = add_months(start, min(first + script["months_of_a_payment"], months))
        if waiting.home_on is not None:
            ends = min(ends, waiting.home_on)
        if begins >= ends:
            return
        try:
            amount = due_for(waiting, PaidPeriod(begins, ends, ZERO))
        except Refused:
            return
        if amount:
            yield PaidPeriod(begins, ends, amount)


def _list(project: str, facts: Sequence[NewFact]) -> AttachedFile:
    lines = [
        f"演示材料（虚构），过渡费发放清单，{project}",
        "户编号,所属期起,所属期止（不含当日）,金额（元）,支付日期,支付单位",
    ]
    lines += [
        f"{fact.subject},{fact.attributes['from_on']},{fact.attributes['until_on']},"
        f"{fact.attributes['amount_yuan']},{fact.happened_on},{fact.attributes['payer']}"
        for fact in facts
    ]
    content = ContentFile(("\n".join(lines) + "\n").encode("utf-8-sig"))
    return keep_file(content, kind=VOUCHER, name=f"{project}-{VOUCHER}.csv", media_type="text/csv")
