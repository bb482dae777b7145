"""Signing in, decided: how long a lock lasts and which one-time code holds; the session's own back end."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Final

import pyotp
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from zhengtu.accounts.models import Person

FAILURES_BEFORE_LOCK: Final = 5
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(hours=24)
ADDRESS_WINDOW: Final = timedelta(minutes=15)
FAILURES_PER_ADDRESS: Final = 50
"""Failures that one address may cause within the window; a whole office may share one address."""
CODE_SECONDS: Final = 30
_CLOCK_DRIFT_STEPS: Final = 1


class SignInBackend(BaseBackend):
    """Finds the person of a session; signing in itself goes through ``accounts.actions``."""

    def get_user(self, user_id: str) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        return None


def lock_after(failures: int) -> timedelta:
    """How long an account rests after that many failures in a row: 15 minutes, then twice as long each time."""
    if failures < FAILURES_BEFORE_LOCK:
        return timedelta(0)
    return min(FIRST_LOCK * 2 ** min(failures - FAILURES_BEFORE_LOCK, 10), LONGEST_LOCK)


def code_step(*, secret: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """The time step whose one-time code this is, or None.

    One step of clock drift either way is allowed; a step already used, or one before it, never holds again.
    """
    now_step = int(at.timestamp()) // CODE_SECONDS
    generator = pyotp.TOTP(secret, interval=CODE_SECONDS)
    given = "".join(code.split())
    for step in range(now_step - _CLOCK_DRIFT_STEPS, now_step + _CLOCK_DRIFT_STEPS + 1):
        is_same = hmac.compare_digest(generator.generate_otp(step).encode(), given.encode())
        if is_same and (last_step is None or step > last_step):
            return step
    return None


def new_secret() -> str:
    """A fresh secret for one-time codes, base 32."""
    return pyotp.random_base32()


def enrolment_address(*, secret: str, username: str) -> str:
    """The ``otpauth://`` address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret, interval=CODE_SECONDS).provisioning_uri(name=username, issuer_name="Zhengtu")
