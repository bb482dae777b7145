"""Row changes of sponsorships; only their actions call them."""

from __future__ import annotations

from datetime import date

from zhengtu.sponsorship.models import HardCaseFile, Sponsorship


def locked_sponsorship(subject: str) -> Sponsorship | None:
    """The sponsorship of a subject that has not ended, row-locked until the transaction ends."""
    return Sponsorship.objects.select_for_update().filter(subject=subject, until_on=None).first()


def insert_sponsorship(*, subject: str, sponsor: str, from_on: date, deed: str) -> None:
    """Keep a new sponsorship; the one before has been ended."""
    Sponsorship.objects.create(subject=subject, sponsor_id=sponsor, from_on=from_on, deed=deed)


def end_sponsorship(held: Sponsorship, *, until_on: date) -> None:
    """Let a sponsorship hold no more from a day on."""
    Sponsorship.objects.filter(pk=held.pk).update(until_on=until_on)


def keep_case_file(household: str) -> None:
    """Let lists find the household."""
    HardCaseFile.objects.get_or_create(household=household)
