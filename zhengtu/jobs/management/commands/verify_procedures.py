"""``zhengtu verify_procedures``: prove that no recorded step skipped what the law asks before it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhengtu.jobs.progress import Bar
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.registry.procedure_audit import audit_procedures


class Command(BaseCommand):
    """Replay the ledger against the procedures that govern it."""

    help = (
        "Ask of every verified fact of a step whether the facts of its own day carry it, and list those that they do "
        "not. History from before the platform is counted apart. Ends with status 1 when any is listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--project", metavar="CODE", default="", help="only this project, e.g. 220200-P0001")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay and report."""
        project = options["project"]
        bar = Bar(self.stderr)
        audit = audit_procedures(project=project, progress=lambda done, of: bar.show("steps", done, of))
        bar.end()
        if project and not audit.subjects:
            raise CommandError(f"There is no project {project} under a procedure.")
        self.stdout.write(
            f"{audit.subjects} subjects, {audit.verified} verified steps, "
            f"{audit.unverified} from before the platform and not verified"
        )
        for one in audit.found:
            spoken = spoken_reason(one.reason)
            source = f" ({spoken.source})" if spoken.source else ""
            self.stdout.write(f"NOT CARRIED  {one.subject}  {spoken.message} {spoken.remedy}{source}")
        if audit.found:
            raise CommandError(f"{len(audit.found)} findings.")
        self.stdout.write("Every verified step is carried by the facts of its own day.")
