"""Where families live while they wait: a history of dated facts; the texts are sealed and shown masked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from cryptography.exceptions import InvalidTag

from zhengtu.accounts.sealing import personal_digest, unseal
from zhengtu.core.kernel.masking import mask_address
from zhengtu.resettlement.facts import ToldFact, reach_around, told_in_order
from zhengtu.resettlement.models import TransitionAddress

RECORDED: Final = "transition_address_recorded"
RECORD: Final = "address.record"
OPEN: Final = "address.open"


@dataclass(frozen=True, slots=True)
class LivedAt:
    """An address at which a family lives or lived while it waits.

    Attributes:
        since_on: first day there; until_on: first day elsewhere, or None for where it lives now.
        told_by: ``family``, ``lease``, ``visit`` or ``turnover``.
        digest: by which the text is found; masked: what everybody sees, empty where the text is kept no more.
    """

    household: str
    since_on: date
    until_on: date | None
    told_by: str
    digest: str
    masked: str


def digest_of(household: str, address: str) -> str:
    """By which a fact proves an address without telling it."""
    return personal_digest({"household": household, "address": address})


def address_row(household: str, address: str) -> tuple[str, str, dict[str, str]]:
    """Digest, masked text and what is sealed of an address."""
    return digest_of(household, address), mask_address(address), {"address": address}


def lived_at(
    households: Collection[str], *, on: date, known: date | None = None
) -> dict[str, list[LivedAt]]:
    """Household -> its addresses by a day, the one where it lives now first; of one day the one recorded last.

    Args:
        households: codes that a door gave: who sees that a family waits sees its address masked.
    """
    asked = set(households)
    by_day: dict[str, dict[date, ToldFact]] = {}
    for row in told_in_order((RECORDED,), reach=reach_around(asked), on=on, known=known):
        if row.subject in asked:
            by_day.setdefault(row.subject, {})[row.happened_on] = row
    masked = {
        (code, digest): text for code, digest, text in TransitionAddress.objects.filter(
            household__in=list(by_day)
        ).values_list("household_id", "digest", "address_masked")
    }
    found = {}
    for code, days in by_day.items():
        held: list[LivedAt] = []
        for day, row in sorted(days.items(), reverse=True):
            digest = str(row.attributes["personal_digest"])
            held.append(LivedAt(
                household=code, since_on=day, until_on=held[-1].since_on if held else None,
                told_by=str(row.attributes["told_by"]), digest=digest, masked=masked.get((code, digest), ""),
            ))
        found[code] = held
    return found


def opened_texts(household: str) -> dict[str, str]:
    """Digest -> text in full; only for whoever recorded a look."""
    rows = TransitionAddress.objects.filter(household=household)
    return {row.digest: str(unseal(row.address_sealed)["address"]) for row in rows}


def unproven_addresses(*, limit: int) -> Iterable[tuple[str, str]]:
    """(household, digest) of kept texts that are not those which the digest proves, at most so many."""
    found = []
    for row in TransitionAddress.objects.order_by("household", "digest").iterator(chunk_size=2_000):
        try:
            told = digest_of(row.household_id, str(unseal(row.address_sealed)["address"]))
        except InvalidTag:
            told = ""
        if told != row.digest:
            found.append((row.household_id, row.digest))
            if len(found) == limit:
                break
    return found
