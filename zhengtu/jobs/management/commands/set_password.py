"""``zhengtu set_password``: give somebody a new random password and lift their lock."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhengtu.accounts.actions import reset_password
from zhengtu.accounts.passwords import first_password


class Command(BaseCommand):
    """Prints the password once; it has to be changed at the next sign-in."""

    help = "Give somebody a new random password, lift a lock and, if asked, stop asking for one-time codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--drop-codes", action="store_true", help="the phone with the authenticator is lost")

    def handle(self, *args: Any, username: str, drop_codes: bool, **options: Any) -> None:
        password = first_password()
        if not reset_password(username=username.strip().lower(), password=password, drops_codes=drop_codes):
            raise CommandError(f"Nobody active signs in as {username}.")
        self.stdout.write(f"new password: {password}")
