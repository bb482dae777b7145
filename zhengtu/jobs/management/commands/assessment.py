"""``zhengtu assessment``: make published scores again from the ledger as it was known then, and compare."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhengtu.assessment.checking import check_publication


class Command(BaseCommand):
    """Equal, or every difference by unit and criterion."""

    help = (
        "Make the published scorecards of an assessment again from its day as known and compare them; ends with "
        "status 1 when they differ or are not kept under the fingerprint that the ledger holds."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--check", metavar="CODE", required=True, help="the published assessment (220200-K0001)")

    def handle(self, *args: Any, check: str, **options: Any) -> None:
        """Check and report."""
        found = check_publication(check)
        if found is None:
            raise CommandError(f"nothing is published under {check}")
        for unit, criterion, published, made in found.differences:
            self.stdout.write(f"{unit} {criterion or 'card'}: published {published or '-'}, made again {made or '-'}")
        if not found.is_kept:
            self.stdout.write("the stored cards do not have the fingerprint that the ledger holds")
        if not found.is_equal:
            raise CommandError(f"{check} does not come out the same again")
        self.stdout.write(f"{check} comes out the same again")
