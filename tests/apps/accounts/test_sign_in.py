"""Signing in, decided by the clock: locks that grow, codes that work once, addresses that are slowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from tests.apps.accounts.conftest import PASSWORD
from zhengtu.accounts.actions import (
    Attempt,
    change_password,
    drop_codes,
    enrol_codes,
    reset_password,
    try_code,
    try_password,
)
from zhengtu.accounts.models import Person, SignInOutcome, SignInRecord
from zhengtu.accounts.sign_in import FAILURES_PER_ADDRESS, code_step, lock_after
from zhengtu.core.kernel.reasons import Refused

NOW = datetime(2025, 2, 14, 1, 30, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

pytestmark = pytest.mark.django_db


def attempt(username: str, password: str, *, at: datetime = NOW, address: str = "192.0.2.1") -> Attempt:
    return try_password(username=username, password=password, address=address, now=at)


def code_at(at: datetime) -> str:
    return pyotp.TOTP(SECRET).at(at)


def outcomes() -> list[str]:
    return list(SignInRecord.objects.order_by("id").values_list("outcome", flat=True))


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 0), (4, 0), (5, 15), (6, 30), (7, 60), (11, 960), (12, 1440), (500, 1440)]
)
def test_locks_grow_with_each_failure_up_to_a_day(failures: int, minutes: int) -> None:
    assert lock_after(failures) == timedelta(minutes=minutes)


def test_the_right_password_signs_in_whatever_the_case_of_the_name(officer: Person) -> None:
    assert attempt(" OFFICER ", PASSWORD).person == officer
    assert outcomes() == [SignInOutcome.SIGNED_IN]


def test_five_failures_lock_and_the_right_password_does_not_open_before_time(officer: Person) -> None:
    for _ in range(4):
        assert attempt("officer", "wrong").locked_until is None
    assert attempt("officer", "wrong").locked_until == NOW + timedelta(minutes=15)
    assert not attempt("officer", PASSWORD, at=NOW + timedelta(minutes=14)).is_signed_in
    assert attempt("officer", PASSWORD, at=NOW + timedelta(minutes=15)).is_signed_in
    assert outcomes() == ["wrong_password"] * 5 + ["locked", "signed_in"]
    officer.refresh_from_db()
    assert (officer.failed_sign_ins, officer.locked_until) == (0, None)


def test_a_failure_after_the_lock_locks_for_twice_as_long(officer: Person) -> None:
    for _ in range(5):
        attempt("officer", "wrong")
    later = NOW + timedelta(minutes=20)
    assert attempt("officer", "wrong", at=later).locked_until == later + timedelta(minutes=30)


def test_an_unknown_name_answers_as_a_known_one_does_and_is_kept_only_as_a_hash(officer: Person) -> None:
    known = [attempt("officer", "wrong").locked_until for _ in range(6)]
    unknown = [attempt("My-Secret-Typed-Here", "wrong").locked_until for _ in range(6)]
    assert known == unknown
    assert not SignInRecord.objects.filter(username__icontains="secret").exists()


def test_an_inactive_person_is_nobody(officer: Person) -> None:
    officer.is_active = False
    officer.save()
    assert attempt("officer", PASSWORD).person is None


def test_an_address_that_fails_too_often_has_to_wait_whoever_it_tries(officer: Person) -> None:
    SignInRecord.objects.bulk_create(
        [
            SignInRecord(
                at=NOW + timedelta(seconds=n), username="?", outcome=SignInOutcome.UNKNOWN, address="192.0.2.1"
            )
            for n in range(FAILURES_PER_ADDRESS)
        ]
    )
    soon = NOW + timedelta(minutes=2)
    assert attempt("officer", PASSWORD, at=soon).locked_until == NOW + timedelta(minutes=15)
    assert attempt("officer", PASSWORD, at=soon, address="192.0.2.2").is_signed_in
    assert attempt("officer", PASSWORD, at=NOW + timedelta(minutes=16)).is_signed_in


def test_with_codes_set_up_the_password_alone_does_not_sign_in(officer: Person) -> None:
    enrol_codes(person=officer, secret=SECRET, code=code_at(NOW), now=NOW)
    later = NOW + timedelta(minutes=5)
    answer = attempt("officer", PASSWORD, at=later)
    assert answer.needs_code
    assert not answer.is_signed_in
    assert outcomes() == []
    assert try_code(person_code=officer.code, code=code_at(later), address=None, now=later).is_signed_in


def test_no_code_works_twice_and_none_before_one_already_used(officer: Person) -> None:
    enrol_codes(person=officer, secret=SECRET, code=code_at(NOW), now=NOW)
    assert not try_code(person_code=officer.code, code=code_at(NOW), address=None, now=NOW).is_signed_in
    later = NOW + timedelta(minutes=5)
    assert try_code(person_code=officer.code, code=code_at(later), address=None, now=later).is_signed_in
    assert not try_code(person_code=officer.code, code=code_at(later), address=None, now=later).is_signed_in
    before = code_at(later - timedelta(seconds=30))
    assert not try_code(person_code=officer.code, code=before, address=None, now=later).is_signed_in


def test_wrong_codes_lock_like_wrong_passwords(officer: Person) -> None:
    enrol_codes(person=officer, secret=SECRET, code=code_at(NOW), now=NOW)
    later = NOW + timedelta(minutes=5)
    answers = [try_code(person_code=officer.code, code="000000", address=None, now=later) for _ in range(5)]
    assert answers[-1].locked_until == later + timedelta(minutes=15)
    assert not try_code(person_code=officer.code, code=code_at(later), address=None, now=later).is_signed_in


@pytest.mark.parametrize(("seconds", "holds"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_one_step_of_clock_drift_is_forgiven(seconds: int, holds: bool) -> None:
    code = code_at(NOW + timedelta(seconds=seconds))
    assert (code_step(secret=SECRET, code=code, at=NOW, last_step=None) is not None) is holds


def test_the_secret_is_sealed_at_rest(officer: Person) -> None:
    enrol_codes(person=officer, secret=SECRET, code=code_at(NOW), now=NOW)
    officer.refresh_from_db()
    assert SECRET.encode() not in bytes(officer.totp_secret_sealed)


def test_dropping_codes_takes_password_and_code(officer: Person) -> None:
    enrol_codes(person=officer, secret=SECRET, code=code_at(NOW), now=NOW)
    later = NOW + timedelta(minutes=5)
    for password, code in [("wrong", code_at(later)), (PASSWORD, "000000")]:
        with pytest.raises(Refused):
            drop_codes(person=officer, password=password, code=code, address=None, now=later)
    drop_codes(person=officer, password=PASSWORD, code=code_at(later), address=None, now=later)
    assert attempt("officer", PASSWORD, at=later).is_signed_in


def test_guessing_the_current_password_from_inside_locks_too(officer: Person) -> None:
    for _ in range(5):
        with pytest.raises(Refused):
            change_password(person=officer, current="guess", new="Beishan-Park-2025", address=None, now=NOW)
    with pytest.raises(Refused) as refused:
        change_password(person=officer, current=PASSWORD, new="Beishan-Park-2025", address=None, now=NOW)
    assert refused.value.reasons[0].code == "accounts.locked"


def test_a_reset_password_has_to_be_changed_and_lifts_the_lock(officer: Person) -> None:
    for _ in range(5):
        attempt("officer", "wrong")
    assert reset_password(username="officer", password="Fresh-Start-2025", drops_codes=True)
    signed_in = attempt("officer", "Fresh-Start-2025").person
    assert signed_in is not None
    assert signed_in.must_change_password
    assert not reset_password(username="nobody", password="Fresh-Start-2025", drops_codes=True)
