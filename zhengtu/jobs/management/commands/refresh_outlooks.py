"""``zhengtu refresh_outlooks``: compute plans and forecasts of every city anew."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.campaign.outlook_runs import differences, refresh_city
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.jobs.progress import Bar
from zhengtu.registry.queries import cities


class Command(BaseCommand):
    """Compute plans and forecasts, or report where the kept ones differ from what follows from the ledger."""

    help = (
        "Compute the plans and forecasts of every city from the ledger and keep them. With --check nothing is "
        "replaced: every part whose kept plan differs is named, and the command ends with status 1 when there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--check", action="store_true", help="compare only")
        parser.add_argument("--on", type=date.fromisoformat, help="day of the plans (default: today)")
        parser.add_argument("--known", type=date.fromisoformat, help="as known by the end of this day (default: now)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute or compare, with progress on the terminal."""
        now = timezone.now()
        on, known = options["on"] or civil_date(at=now), options["known"]
        if options["check"]:
            self._check(on, known)
            return
        bar = Bar(self.stderr)
        parts = 0
        for city in cities():
            parts += refresh_city(
                city, on=on, known=known, now=now, report=lambda done, of: bar.show("plans", done, of)
            )
            bar.end()
        self.stdout.write(f"{parts} plans computed as of {on}.")

    def _check(self, on: date, known: date | None) -> None:
        found = [one for city in cities() for one in differences(city, on=on, known=known, now=timezone.now())]
        for one in found:
            self.stdout.write(f"{one.code}: {', '.join(path or 'not kept' for path in one.paths[:5])}")
        if found:
            raise CommandError(f"{len(found)} plans differ from what follows from the ledger.")
        self.stdout.write("All plans follow from the ledger.")
