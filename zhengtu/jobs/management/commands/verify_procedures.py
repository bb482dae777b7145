"""``zhengtu verify_procedures``: reads the ledger against the law once more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.registry.procedure_verification import contradictions_of


class Command(BaseCommand):
    """Lists every verified step that its own day's facts do not carry; fails when there is any."""

    help = "List recorded steps that contradict the procedure that governs their project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", default="", help="code of the one project to read, e.g. 220200-P0001")

    def handle(self, *args: Any, project: str, **options: Any) -> None:
        count = 0
        with translation.override("en"):
            for found in contradictions_of(project=project):
                count += 1
                spoken = spoken_reason(found.reason)
                self.stdout.write(f"{found.subject}: {spoken.message} {spoken.source}".strip())
        if count:
            raise CommandError(f"{count} recorded steps contradict the procedure")
        self.stdout.write("Every verified step is carried by the facts of its day.")
