"""``zhengtu rebuild_projections``: derive milestones and figures from the facts anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhengtu.jobs.progress import Bar
from zhengtu.ledger.rebuild import differences, replace_projections
from zhengtu.resettlement.projection import rebuild_resettlement, resettlement_differences


class Command(BaseCommand):
    """Rebuild the projections, or report where the kept ones differ from the facts."""

    help = (
        "Derive milestones and figures from the facts anew and replace the kept ones. With --check nothing is "
        "replaced: every difference is reported, and the command ends with status 1 when there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--check", action="store_true", help="compare only")
        parser.add_argument("--limit", type=int, default=1000, help="differences to print (default: 1000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild or compare, with progress on the terminal."""
        bar = Bar(self.stderr)
        if not options["check"]:
            folded = replace_projections(progress=lambda done, total: bar.show("facts", done, total))
            bar.end()
            rebuild_resettlement()
            self.stdout.write(f"Milestones and figures rebuilt from {folded} facts.")
            return
        found, rows = differences(
            limit=options["limit"], progress=lambda done, total: bar.show("facts", done, total)
        )
        bar.end()
        for one in found:
            self.stdout.write(f"{one.table}  {one.key}  {one.column}: kept {one.kept}, from the facts {one.rebuilt}")
        homes = resettlement_differences(limit=options["limit"])
        for home in homes:
            self.stdout.write(f"{home.table}  {home.key}: kept {home.kept}, from the facts {home.rebuilt}")
        rows += len(homes)
        if rows:
            raise CommandError(f"{rows} rows differ from what follows from the facts.")
        self.stdout.write("All milestones and figures follow from the facts.")
