"""The demonstration's promises and claims: homes and days told to most families, breaches answered, advances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.core.files.base import ContentFile

from zhengtu.accounts.queries import actor_of, holder_of, person_called, role_holder_in_city
from zhengtu.core.authority.actor import Actor, Posting, Subject
from zhengtu.core.compensation.subsidy_account import PaidPeriod, due_for
from zhengtu.core.kernel.civil_dates import add_months, civil_date
from zhengtu.core.kernel.money import to_fen
from zhengtu.core.resettlement.promises import Naming
from zhengtu.jobs.demonstration.staging import script_of
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import keep_file
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.ledger.queries import Reach
from zhengtu.resettlement.claim_actions import Advance, open_claim, repay_claim, settle_claim
from zhengtu.resettlement.claims import claim_standing, unclaimed
from zhengtu.resettlement.promise_actions import answer_breach
from zhengtu.resettlement.promises import TOLD, Named, Outlooks, free_homes, part_of
from zhengtu.resettlement.queries import Waiting, waiting
from zhengtu.resettlement.subsidies import SubsidyRow, rows_of_city
from zhengtu.resettlement.subsidy_actions import RECORD as PAY
from zhengtu.resettlement.subsidy_actions import VOUCHER
from zhengtu.resettlement.subsidy_payments import PAID, payments_of
from zhengtu.resettlement.telling import first_day

SCRIPT: Final = Path(__file__).with_name("promises.yaml")
_SEED: Final = 23
_PRIVATE: Final = "private_enterprise"


def record_promises(*, city: str, now: datetime) -> int:
    """Tell most late families a home and a day, answer some breaches, advance some subsidies; how many were told."""
    stage = _Stage(city, now)
    late = [one for one in waiting(city, on=stage.today) if one.is_late]
    families = [one for one in late if one.site and one.home_type]
    told = _told(families, stage)
    by_division: dict[str, list[NewFact]] = defaultdict(list)
    for fact in told:
        by_division[fact.subject[:6]].append(fact)
    for division, facts in sorted(by_division.items()):
        leader = stage.leader(division)
        if leader is not None:
            with act(leader, "home.assign", on=Subject(code=division), at=now) as deed:
                deed.record(facts=facts)
    _answer(families, stage)
    _advance(stage)
    return len(told)


@dataclass(frozen=True, slots=True)
class _Stage:
    """City, time and script of the demonstration's promises."""

    city: str
    now: datetime

    @property
    def today(self) -> date:
        """The day of the demonstration."""
        return civil_date(at=self.now)

    @property
    def script(self) -> Any:
        """What is played."""
        return script_of(SCRIPT)

    def leader(self, division: str) -> Actor | None:
        """The leader of a district or zone."""
        return self._holder("district_leader", division)

    def coordinator(self) -> Actor | None:
        """Who coordinates the campaign."""
        person = role_holder_in_city("coordinator", city=self.city[:4], on=self.today)
        return None if person is None else actor_of(person, on=self.today)

    def payer(self, place: int) -> tuple[Actor, str] | None:
        """Who advances the entry at that place, and for which unit; None where nobody has that account."""
        who, unit = self.script["advances"]["payers"][place % len(self.script["advances"]["payers"])]
        person = person_called(who)
        return None if person is None else (Actor(person.code, (Posting("client", unit),)), unit)

    def paper(self, kind: str, text: str) -> list[OfferedFile]:
        """A paper that says it is invented."""
        content = ContentFile(f"{self.script['paper']}\n{text}\n".encode(), name=f"{kind}.txt")
        return [OfferedFile(kind, f"{kind}.txt", content)]

    def _holder(self, role: str, unit: str) -> Actor | None:
        person = holder_of(role, unit=unit, on=self.today)
        return None if person is None else actor_of(person, on=self.today)


def _told(families: Sequence[Waiting], stage: _Stage) -> list[NewFact]:
    """``home_promised`` of most late families; the homes that are named go to one family each."""
    told, rng = stage.script["told"], np.random.default_rng(_SEED)
    outlooks = Outlooks({one.site for one in families}, on=stage.today)
    left = {key: list(codes) for key, codes in free_homes({one.site for one in families}).items()}
    facts = []
    for one in families:
        draws = rng.random(2)
        moved, ago = int(rng.integers(*told["months"])), int(rng.integers(*told["days"]))
        if draws[0] >= told["share"] or one.home:
            continue
        homes = left.get((one.site, one.home_type), [])
        home = homes.pop() if homes and draws[1] < told["own_home"] else ""
        named = Named(Naming.HOME if home else Naming.TYPE, one.site, home, one.home_type)
        day = first_day(outlooks.of(named))
        if day is None:
            continue
        expected_on = max(add_months(day, moved), stage.today + timedelta(days=45))
        attributes = {"home": home or one.home_type, "site": one.site, "expected_on": expected_on.isoformat()}
        facts.append(NewFact("household", one.household, TOLD, stage.today - timedelta(days=ago), attributes))
    return facts


def _answer(families: Sequence[Waiting], stage: _Stage) -> None:
    """Some sites, some parts of projects and some families have their measures."""
    script = stage.script["answers"]
    sites, parts = sorted({one.site for one in families}), sorted({part_of(one) for one in families})
    each = max(1, len(families) // script["families_count"])
    chosen = [one.household for one in families[::each]][:script["families_count"]]
    for subjects, measures in ((sites, script["sites"]), (parts[1:], script["parts"])):
        for subject, measure in zip(subjects, measures, strict=False):
            _answer_one(subject, measure, stage)
    for place, household in enumerate(chosen):
        _answer_one(household, script["families"][place % len(script["families"])], stage)


def _answer_one(subject: str, measure: str, stage: _Stage) -> None:
    leader = stage.leader(subject[:6])
    if leader is not None:
        answer_breach(
            actor=leader, subject=subject, measure=measure, files=stage.paper("other", measure), now=stage.now,
        )


def _advance(stage: _Stage) -> None:
    script, rows = stage.script["advances"], _owing(stage)
    for place, (entry, row) in enumerate(zip(script["subsidies"], rows, strict=False)):
        payer = stage.payer(place)
        if payer is None:
            continue
        code = _paid_ahead(*payer, row, entry, script["ground"], stage)
        if code:
            _followed(payer[0], code, entry, stage)
    for entry, row in zip(script["money"], rows[len(script["subsidies"]):], strict=False):
        payer = stage.payer(0)
        if payer is None:
            continue
        open_claim(
            actor=payer[0], now=stage.now, files=stage.paper("advance_paper", entry["ground"]), advance=Advance(
                about=row.project, what="money", amount=Decimal(str(entry["amount_yuan"])),
                advanced_by=payer[1], claimed_from=row.payer, ground=entry["ground"],
                advanced_on=stage.today - timedelta(days=entry["days"]),
            ),
        )


def _owing(stage: _Stage) -> list[SubsidyRow]:
    """Late families whose private payer owes them most, of different districts first."""
    rows = [
        row for row in rows_of_city(stage.city, on=stage.today)
        if row.is_late and row.payer_kind == _PRIVATE and row.terms is not None and row.account.owed
    ]
    return sorted(rows, key=lambda row: (-(row.account.owed or Decimal(0)), row.household))[:40]


def _paid_ahead(
    actor: Actor, unit: str, row: SubsidyRow, entry: dict[str, Any], ground: str, stage: _Stage
) -> str:
    """Pay the family its oldest unpaid months and open the claim; the claim's code, or empty without one."""
    if row.terms is None:
        return ""
    paid = payments_of([row.household], on=date.max)
    start = max((one.period.until_on for one in paid), default=row.terms.moved_out_on)
    until = add_months(start, entry["months"])
    paid_on = stage.today - timedelta(days=entry["days"])
    amount = to_fen(due_for(row.terms, PaidPeriod(start, until, Decimal(0))))
    told = {"from_on": start.isoformat(), "until_on": until.isoformat(), "amount_yuan": f"{amount:.2f}",
            "payer": unit}
    offered = stage.paper(VOUCHER, ground)[0]
    voucher = keep_file(offered.file, kind=VOUCHER, name=offered.name, media_type="text/plain")
    subject = Subject(code=row.household, clients=frozenset({unit}))
    with act(actor, PAY, on=subject, at=stage.now) as deed:
        deed.record(facts=[NewFact("household", row.household, PAID, paid_on, told)], evidence=[voucher])
    if entry.get("claim", True) is False:
        return ""
    left = unclaimed(Reach(codes=(row.household,)), on=stage.today)[-1]
    return open_claim(
        actor=actor, now=stage.now, files=stage.paper("advance_paper", ground), advance=Advance(
            about=row.household, what="subsidy", amount=None, advanced_by=left.paid_by, claimed_from=left.agreed,
            advanced_on=paid_on, ground=ground, payment=left.payment,
        ),
    )


def _followed(bureau: Actor, code: str, entry: dict[str, Any], stage: _Stage) -> None:
    """What came back of a claim, and what was decided about the rest."""
    for amount, repays in _parts(code, entry):
        if repays:
            repay_claim(
                actor=bureau, code=code, amount=amount, repaid_on=stage.today - timedelta(days=5),
                files=stage.paper("bank_receipt", code), now=stage.now,
            )
        elif (coordinator := stage.coordinator()) is not None:
            settle_claim(
                actor=coordinator, code=code, amount=amount, outcome=entry["settled"],
                files=stage.paper("other", entry["settled"]), now=stage.now,
            )


def _parts(code: str, entry: dict[str, Any]) -> Iterator[tuple[Decimal, bool]]:
    """Sums to repay (True) and to settle."""
    opened = claim_standing(code).account.opened
    repaid = to_fen(opened * Decimal(str(entry.get("repaid", 0))))
    if repaid:
        yield repaid, True
    if "settled" in entry:
        yield opened - repaid, False
