"""``zhengtu create_unit``: enter a unit, such as the city itself before its first administrator."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.accounts.appointing import console_actor, found_unit
from zhengtu.accounts.models import UnitKind
from zhengtu.accounts.queries import unit_of
from zhengtu.core.kernel.codes import city_of, is_code
from zhengtu.core.kernel.reasons import Refused


class Command(BaseCommand):
    """Enters one unit; the ledger names the console as the actor."""

    help = "Enter a unit: a city, a district or zone (six-digit division code), or another body (code-slug)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="220200, 220204 or 220200-land-bureau")
        parser.add_argument("name", help="Chinese name")
        parser.add_argument("--kind", required=True, choices=UnitKind.values)
        parser.add_argument("--name-en", default="", help="English name (default: the Chinese one)")
        parser.add_argument("--short-name", default="", help="short Chinese name (default: the first 16 characters)")
        parser.add_argument("--superior", default="", help="code of the superior unit")

    def handle(self, *args: Any, code: str, name: str, **options: Any) -> None:
        superior = unit_of(options["superior"]) if options["superior"] else None
        if options["superior"] and superior is None:
            raise CommandError(f"There is no unit {options['superior']}: create it first.")
        if not is_code("unit", code):
            raise CommandError(f"{code} is no unit code: six digits, or six digits, a hyphen and lower-case letters.")
        try:
            found_unit(
                console_actor(city_of(code)), code=code, kind=options["kind"], name=name,
                short_name=options["short_name"] or name[:16], name_en=options["name_en"] or name, superior=superior,
                now=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{code} {name}")
