"""``zhengtu find_irregularities``: look for irregularities everywhere, or in one project; meant for every night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.campaign.finding_runs import run_now
from zhengtu.core.kernel.codes import city_of, is_code
from zhengtu.jobs.progress import Bar
from zhengtu.registry.queries import cities, project_exists


class Command(BaseCommand):
    """Finds the same keys on every run; what is not found any more is shown as gone, with the day."""

    help = "Look for irregularities in every city, or in one project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One project instead of everything."""
        parser.add_argument("--project", default="", help="code of a project, e.g. 220200-P0001")

    def handle(self, *args: Any, project: str, **options: Any) -> None:
        """Run and say what came of it."""
        if project and not (is_code("project", project) and project_exists(project)):
            raise CommandError(f"there is no project {project}")
        bar = Bar(self.stdout)
        for city in [city_of(project)] if project else cities():
            run = run_now(
                city=city, project=project, now=timezone.now(),
                report=lambda share: bar.show("search", round(share * 100), 100),
            )
            bar.end()
            counts = run.counts
            self.stdout.write(
                f"{project or city}: {counts['households']} households, {counts['found']} findings, "
                f"{counts['new']} new, {counts['gone']} gone, {counts['unassessed']} without a sum by the rules"
            )
