"""Plain row changes of accounts; only ``actions`` and ``appointing`` call them."""

from __future__ import annotations

from datetime import date, datetime

from zhengtu.accounts.models import Person, Posting, SignInOutcome, SignInRecord, Unit
from zhengtu.accounts.sealing import seal


def note_attempt(
    *, at: datetime, username: str, person: Person | None, outcome: SignInOutcome, address: str | None
) -> None:
    """Keep one attempt to sign in."""
    SignInRecord.objects.create(at=at, username=username[:64], person=person, outcome=outcome, address=address)


def set_failures(person: Person, *, failures: int, locked_until: datetime | None) -> None:
    """Count failures in a row, with the end of the lock they lead to."""
    person.failed_sign_ins, person.locked_until = failures, locked_until
    person.save(update_fields=["failed_sign_ins", "locked_until"])


def set_used_step(person: Person, step: int) -> None:
    """Remember the last one-time code used."""
    person.totp_last_step = step
    person.save(update_fields=["totp_last_step"])


def set_password(person: Person, password: str, *, must_change: bool) -> None:
    """Store the password's argon2 hash."""
    person.set_password(password)
    person.must_change_password = must_change
    person.save(update_fields=["password", "must_change_password"])


def set_secret(person: Person, *, secret: str | None, last_step: int | None) -> None:
    """Store the sealed secret for one-time codes, or remove it."""
    person.totp_secret_sealed = seal({"secret": secret}) if secret else None
    person.totp_last_step = last_step
    person.save(update_fields=["totp_secret_sealed", "totp_last_step"])


def set_language(person: Person, language: str) -> None:
    """Remember the language of somebody's pages."""
    person.language = language
    person.save(update_fields=["language"])


def insert_person(*, code: str, username: str, name: str, password: str) -> Person:
    """Add an account whose password has to be changed at the first sign-in."""
    person = Person(code=code, username=username, name=name, must_change_password=True)
    person.set_password(password)
    person.save(force_insert=True)
    return person


def insert_posting(
    *, person: Person, unit: Unit, role: str, title: str, subject: str, from_on: date, until_on: date | None
) -> Posting:
    """Add a posting."""
    return Posting.objects.create(
        person=person, unit=unit, role=role, title=title, subject=subject, from_on=from_on, until_on=until_on
    )


def end_posting(posting: Posting, *, until_on: date) -> None:
    """Let a posting end before that day; one that would not have lasted a day is removed."""
    if until_on <= posting.from_on:
        posting.delete()
        return
    posting.until_on = until_on
    posting.save(update_fields=["until_on"])


def insert_unit(
    *, code: str, kind: str, name: str, short_name: str, name_en: str, superior: Unit | None
) -> Unit:
    """Add a unit."""
    return Unit.objects.create(
        code=code, kind=kind, name=name, short_name=short_name, name_en=name_en, superior=superior
    )
