"""Signing in: password, lock-out after failures, optional one-time code."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from zhengtu.accounts.models import Person


class SignInBackend(BaseBackend):
    """Finds the person of a session; signing in itself goes through ``accounts.actions``."""

    def get_user(self, user_id: str) -> Person | None:
        return Person.objects.filter(pk=user_id, is_active=True).first()

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        return None
