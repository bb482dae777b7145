"""Deeds on where families live while they wait: record one, record a list, open one in full.

Neither the ledger nor a refusal holds a text: facts hold a keyed digest, a list leaves an extract without addresses.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.core.files.base import ContentFile

from zhengtu.accounts.purposes import stated_purpose
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.ledger.fact_kinds import order_reasons
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.files import AttachedFile, keep_file
from zhengtu.ledger.offered_files import OfferedFile, kept_files
from zhengtu.ledger.projection import milestone_dates
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.queries import subject_of
from zhengtu.resettlement import writes
from zhengtu.resettlement.addresses import OPEN, RECORD, RECORDED, LivedAt, digest_of, lived_at, opened_texts
from zhengtu.resettlement.list_actions import TOO_EARLY, Imported, list_of
from zhengtu.resettlement.list_reading import PROBLEMS_SHOWN, TWICE, UNKNOWN, HousingList
from zhengtu.resettlement.recording import new_fact, reason

_SHORTEST, _LONGEST = 4, 200
_NOT_FIT: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: the address has less than 4 or more than 200 characters."
)
_HELD: Final = N_(
    "%(file)s, sheet %(sheet)s, row %(row)s, “%(field)s”: this address is on file for this day already."
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A line of a list that holds."""

    household: str
    since_on: date
    told_by: str
    address: str

    @property
    def fact(self) -> NewFact:
        """What the ledger takes of it."""
        told = {"told_by": self.told_by, "personal_digest": digest_of(self.household, self.address)}
        return NewFact("household", self.household, RECORDED, self.since_on, told)


def record_address(
    *, actor: Actor, household: str, since_on: date, address: str, told_by: str, files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Record where a family lives from a day on; returns the deed's key.

    Args:
        told_by: ``family``, ``lease``, ``visit`` or ``turnover``.

    Raises:
        Refused: no right, nothing signed, no address, one that is on file for that day, or no paper.
    """
    with act(actor, RECORD, on=subject_of(household), at=now) as deed:
        text, reasons = _plain(address), list[Reason]()
        given = {"told_by": told_by, "personal_digest": digest_of(household, text)}
        fact = new_fact(RECORDED, household, since_on, given, today=deed.recorded_on, files=files, reasons=reasons)
        if not _is_fit(text):
            reasons.append(reason(
                "address", N_("The address has less than 4 or more than 200 characters."),
                N_("Write it with street, house and room."),
            ))
        elif _is_held(lived_at([household], on=since_on).get(household, []), since_on, given["personal_digest"]):
            reasons.append(reason(
                "address_held", N_("This address is on file for this day already."), N_("There is nothing to record."),
            ))
        kept = kept_files(files, reasons)
        writes.keep_addresses([(household, text)])
        return deed.record(facts=[fact], evidence=kept)


def import_addresses(*, actor: Actor, jurisdiction: str, path: Path, name: str, now: datetime) -> Imported:
    """Record where families of a division live, by a list; the file itself is not kept, for it is not sealed.

    Raises:
        Refused: no right; or the file with everything that is wrong in it; nothing of it is then written.
    """
    subject = subject_of(jurisdiction)
    listed = list_of(actor, RECORD, subject, kind="addresses", path=path, name=name)
    with act(actor, RECORD, on=subject, at=now) as deed:
        told, reasons = _told(listed, jurisdiction=jurisdiction, today=deed.recorded_on)
        if reasons:
            raise Refused(*reasons[:PROBLEMS_SHOWN])
        facts = [one.fact for one in told]
        writes.keep_addresses([(one.household, one.address) for one in told])
        return Imported(len(facts), deed.record(facts=facts, evidence=[_extract(facts)]))


def _told(listed: HousingList, *, jurisdiction: str, today: date) -> tuple[list[_Told], list[Reason]]:
    kind, codes = current_rulebook().fact_kinds[RECORDED], {line.told["household"] for line in listed.lines}
    known = set(Household.objects.filter(code__in=codes, code__startswith=f"{jurisdiction}-").values_list(
        "code", flat=True
    ))
    dates, held = milestone_dates(sorted(known)), lived_at(known, on=today)
    told: list[_Told] = []
    reasons: list[Reason] = []
    seen: set[tuple[str, date]] = set()
    for line in listed.lines:
        code, since_on = line.told["household"], date.fromisoformat(line.told["since_on"])
        if code not in known:
            reasons.append(listed.problem(line.row, "household", UNKNOWN, code))
            continue
        one = _Told(code, since_on, line.told["told_by"], _plain(line.told["address"]))
        if (code, since_on) in seen:
            reasons.append(listed.problem(line.row, "household", TWICE, code))
        if order_reasons(kind, happened_on=since_on, today=today, dates=dates.get(code, {}), corrects=False):
            reasons.append(listed.problem(line.row, "since_on", TOO_EARLY, since_on.isoformat()))
        if not _is_fit(one.address):
            reasons.append(listed.problem(line.row, "address", _NOT_FIT))
        elif _is_held(held.get(code, []), since_on, one.fact.attributes["personal_digest"]):
            reasons.append(listed.problem(line.row, "address", _HELD, remedy=N_("Strike the line.")))
        seen.add((code, since_on))
        told.append(one)
    return told, reasons


def open_addresses(*, actor: Actor, household: str, purpose: str, now: datetime) -> Mapping[str, str]:
    """Where a family lives and lived, in full; the look and its purpose are recorded.

    Returns:
        digest -> text.

    Raises:
        Refused: no right, or no purpose given.
    """
    with act(actor, OPEN, on=subject_of(household), at=now) as deed:
        deed.record(because=[reason("looked", N_("Purpose: %(purpose)s"), purpose=stated_purpose(purpose))])
        return opened_texts(household)


def _plain(address: str) -> str:
    """One line without characters that nobody sees."""
    return " ".join("".join(one if one.isprintable() else " " for one in address).split())


def _is_fit(address: str) -> bool:
    return _SHORTEST <= len(address) <= _LONGEST


def _is_held(held: Sequence[LivedAt], since_on: date, digest: str) -> bool:
    return any((one.since_on, one.digest) == (since_on, digest) for one in held)


def _extract(facts: Sequence[NewFact]) -> AttachedFile:
    """What the list said but for the addresses themselves."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["household", "since_on", "told_by", "digest"])
    for one in facts:
        told = one.attributes
        writer.writerow((one.subject, one.happened_on.isoformat(), told["told_by"], told["personal_digest"]))
    return keep_file(
        ContentFile(text.getvalue().encode()), kind="address_extract", name="transition-addresses.csv",
        media_type="text/csv",
    )
