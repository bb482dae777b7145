"""``zhengtu forget_demo``: empty a database that holds nothing but a demonstration."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.utils import ProgrammingError

from zhengtu.registry.queries import campaigns


class Command(BaseCommand):
    """Refuses where any campaign is not a demonstration: a real ledger is never forgotten."""

    help = "Empty the database and folders of a demonstration; refused when any campaign is real."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            real = [campaign.code for campaign in campaigns() if not campaign.is_demonstration]
        except ProgrammingError:
            real = []  # not even migrated
        if real:
            raise CommandError(f"{', '.join(real)} is no demonstration; its ledger is not forgotten")
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        for folder in (settings.EVIDENCE_FOLDER, settings.TILES_FOLDER, settings.UPLOADS_FOLDER):
            shutil.rmtree(folder, ignore_errors=True)
        (settings.HOME / "demonstration_accounts.txt").unlink(missing_ok=True)
        self.stdout.write("The demonstration is forgotten.")
