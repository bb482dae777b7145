"""``zhengtu accountability --open``: what the nightly rule does, now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhengtu.accountability.opening import open_due_cases
from zhengtu.registry.queries import cities


class Command(BaseCommand):
    """Cases opened, extended or withdrawn, one code a line."""

    help = "Open, extend and withdraw cases of accountability and praise as the ledger says; run twice it does no more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--open", action="store_true", required=True, help="apply the rule as of today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply the rule to every city."""
        for city in cities():
            for code in open_due_cases(city=city, now=timezone.now()):
                self.stdout.write(code)
