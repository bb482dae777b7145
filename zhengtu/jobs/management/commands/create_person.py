"""``zhengtu create_person``: open an account with a post, such as that of the first administrator."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.accounts.appointing import Post, appoint_newcomer, console_actor
from zhengtu.accounts.passwords import first_password
from zhengtu.accounts.queries import unit_of
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.rulebook import current_rulebook


class Command(BaseCommand):
    """Prints a random first password once; it has to be changed at the first sign-in."""

    help = "Open an account with a post. Prints a random password, which has to be changed at the first sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the name to sign in with: lower-case letters and digits")
        parser.add_argument("name", help="the person's name")
        parser.add_argument("--unit", required=True, help="code of the unit, e.g. 220200")
        parser.add_argument("--role", default="coordinator", help="a role of authority.yaml (default coordinator)")
        parser.add_argument("--title", default="", help="title in the unit")
        parser.add_argument("--subject", default="", help="code of the one project, section or household it is for")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        unit = unit_of(options["unit"])
        if unit is None:
            raise CommandError(f"There is no unit {options['unit']}: enter it first with `zhengtu create_unit`.")
        if options["role"] not in current_rulebook().authority.roles:
            roles = ", ".join(current_rulebook().authority.roles)
            raise CommandError(f"There is no role {options['role']}. Roles: {roles}.")
        now, password = timezone.now(), first_password()
        try:
            person = appoint_newcomer(
                console_actor(city_of(unit.code)), username=username.strip().lower(), name=name, password=password,
                post=Post(
                    unit=unit, role=options["role"], title=options["title"], subject=options["subject"],
                    from_on=civil_date(at=now),
                ),
                now=now,
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{person.code} {person.username}\nfirst password: {password}")
