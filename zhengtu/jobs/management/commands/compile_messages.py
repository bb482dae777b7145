"""``zhengtu compile_messages``: make the translations readable; needs no gettext on the machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from zhengtu.jobs.message_files import compile_messages


class Command(BaseCommand):
    """Safe to run again: only what has changed is compiled."""

    help = "Compile the translations (.po) into what is read at run time (.mo)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_messages():
            self.stdout.write(str(path))
