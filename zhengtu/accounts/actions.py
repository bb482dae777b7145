"""Whole acts on one's own account: signing in and out, password, one-time codes, language.

None of them is a deed of the ledger: they change nothing but the account itself and are kept as sign-in records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from zhengtu.accounts import queries, writes
from zhengtu.accounts.models import Person, SignInOutcome
from zhengtu.accounts.sealing import unseal
from zhengtu.accounts.sign_in import FAILURES_PER_ADDRESS, code_step, lock_after
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt to sign in.

    Attributes:
        person: who signed in, or who still has to give a one-time code; None when neither.
        needs_code: whether the password held and a one-time code is asked for.
        locked_until: when the next attempt may be made, if not now.
    """

    person: Person | None = None
    needs_code: bool = False
    locked_until: datetime | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.person is not None and not self.needs_code


def try_password(*, username: str, password: str, address: str | None, now: datetime) -> Attempt:
    """First step of signing in. Unknown names take as long, and lock as known ones do."""
    username = username.strip().lower()
    if queries.failures_from(address, until=now) >= FAILURES_PER_ADDRESS:
        until = queries.address_free_at(address, until=now)
        in_records = queries.name_in_records(username)
        writes.note_attempt(
            at=now, username=in_records, person=None, outcome=SignInOutcome.LOCKED, address=address
        )
        return Attempt(locked_until=until)
    with transaction.atomic():
        person = queries.locked_person(username)
        if person is None:
            return _unknown(username=username, password=password, address=address, now=now)
        holds = person.check_password(password)
        if person.locked_until is not None and person.locked_until > now:
            return _noted(person, SignInOutcome.LOCKED, address, now, Attempt(locked_until=person.locked_until))
        if not holds:
            return _failed(person, SignInOutcome.WRONG_PASSWORD, address, now)
        if person.totp_secret_sealed is not None:
            return Attempt(person=person, needs_code=True)
        return _signed_in(person, address, now)


def try_code(*, person_code: str, code: str, address: str | None, now: datetime) -> Attempt:
    """Second step of signing in, after the password held; wrong codes count like wrong passwords."""
    with transaction.atomic():
        person = queries.locked_person_by_code(person_code)
        if person is None or person.totp_secret_sealed is None:
            return Attempt()
        if person.locked_until is not None and person.locked_until > now:
            return _noted(person, SignInOutcome.LOCKED, address, now, Attempt(locked_until=person.locked_until))
        if not _code_holds(person, code, now):
            return _failed(person, SignInOutcome.WRONG_CODE, address, now)
        return _signed_in(person, address, now)


def note_sign_out(*, person: Person, address: str | None, now: datetime) -> None:
    """Keep that somebody signed out."""
    writes.note_attempt(
        at=now, username=person.username, person=person, outcome=SignInOutcome.SIGNED_OUT, address=address
    )


def choose_language(*, person: Person, language: str) -> None:
    """Remember the language of somebody's pages."""
    writes.set_language(person, language)


def change_password(*, person: Person, current: str, new: str, address: str | None, now: datetime) -> None:
    """Replace one's own password.

    Raises:
        Refused: when the current password is wrong or the account is locked.
        django.core.exceptions.ValidationError: when the new password is too weak.
    """
    _demand_password(person, current, address, now)
    if current == new:
        raise Refused(Reason(code="accounts.same_password", message=N_("The new password is the same as the old one.")))
    validate_password(new, user=person)
    writes.set_password(person, new, must_change=False)


def enrol_codes(*, person: Person, secret: str, code: str, now: datetime) -> None:
    """Ask for one-time codes from now on, once a first code shows that the authenticator works.

    Raises:
        Refused: when the code is wrong, or codes are asked for already.
    """
    if person.totp_secret_sealed is not None:
        raise Refused(Reason(code="accounts.codes_already", message=N_("One-time codes are set up already.")))
    step = code_step(secret=secret, code=code, at=now, last_step=None)
    if step is None:
        raise Refused(_wrong_code())
    writes.set_secret(person, secret=secret, last_step=step)


def drop_codes(*, person: Person, password: str, code: str, address: str | None, now: datetime) -> None:
    """Stop asking for one-time codes.

    Raises:
        Refused: when password or code is wrong, or the account is locked.
    """
    _demand_password(person, password, address, now)
    with transaction.atomic():
        locked = queries.locked_person_by_code(person.code)
        holds = locked is not None and locked.totp_secret_sealed is not None and _code_holds(locked, code, now)
        if holds:
            writes.set_secret(person, secret=None, last_step=None)
        elif locked is not None:
            _failed(locked, SignInOutcome.WRONG_CODE, address, now)
    if not holds:
        raise Refused(_wrong_code())


def reset_password(*, username: str, password: str, drops_codes: bool) -> bool:
    """Set a password from the machine's own console and lift a lock; whether the account exists."""
    with transaction.atomic():
        person = queries.locked_person(username)
        if person is None:
            return False
        writes.set_password(person, password, must_change=True)
        writes.set_failures(person, failures=0, locked_until=None)
        if drops_codes:
            writes.set_secret(person, secret=None, last_step=None)
        return True


def _demand_password(person: Person, password: str, address: str | None, now: datetime) -> None:
    """Check a signed-in person's password again; failures count towards the lock.

    Raises:
        Refused: when it is wrong or the account is locked.
    """
    with transaction.atomic():
        locked = queries.locked_person_by_code(person.code)
        if locked is None:
            raise Refused(_wrong_password())
        is_resting = locked.locked_until is not None and locked.locked_until > now
        holds = locked.check_password(password) and not is_resting
        if not holds and not is_resting:
            _failed(locked, SignInOutcome.WRONG_PASSWORD, address, now)
    if not holds:
        raise Refused(_locked() if is_resting else _wrong_password())


def _code_holds(person: Person, code: str, now: datetime) -> bool:
    secret = unseal(person.totp_secret_sealed)["secret"]
    step = code_step(secret=secret, code=code, at=now, last_step=person.totp_last_step)
    if step is None:
        return False
    writes.set_used_step(person, step)
    return True


def _unknown(*, username: str, password: str, address: str | None, now: datetime) -> Attempt:
    make_password(password)  # as much work as checking a real one
    in_records = queries.name_in_records(username)
    failures, last = queries.failures_of_unknown(in_records, until=now)
    until = last + lock_after(failures) if last is not None else now
    outcome = SignInOutcome.LOCKED if until > now else SignInOutcome.UNKNOWN
    writes.note_attempt(at=now, username=in_records, person=None, outcome=outcome, address=address)
    if outcome == SignInOutcome.LOCKED:
        return Attempt(locked_until=until)
    rest = lock_after(failures + 1)
    return Attempt(locked_until=now + rest if rest else None)


def _failed(person: Person, outcome: SignInOutcome, address: str | None, now: datetime) -> Attempt:
    failures = person.failed_sign_ins + 1
    rest = lock_after(failures)
    until = now + rest if rest else None
    writes.set_failures(person, failures=failures, locked_until=until)
    return _noted(person, outcome, address, now, Attempt(locked_until=until))


def _signed_in(person: Person, address: str | None, now: datetime) -> Attempt:
    if person.failed_sign_ins or person.locked_until is not None:
        writes.set_failures(person, failures=0, locked_until=None)
    return _noted(person, SignInOutcome.SIGNED_IN, address, now, Attempt(person=person))


def _noted(
    person: Person, outcome: SignInOutcome, address: str | None, now: datetime, attempt: Attempt
) -> Attempt:
    writes.note_attempt(at=now, username=person.username, person=person, outcome=outcome, address=address)
    return attempt


def _wrong_password() -> Reason:
    return Reason(code="accounts.wrong_password", message=N_("The current password is wrong."))


def _wrong_code() -> Reason:
    return Reason(
        code="accounts.wrong_code",
        message=N_("The one-time code is wrong or was used already."),
        remedy=N_("Wait for the next code; if it fails too, check the clock of the phone."),
    )


def _locked() -> Reason:
    return Reason(
        code="accounts.locked",
        message=N_("The account is locked after too many failures."),
        remedy=N_("Try again later."),
    )
