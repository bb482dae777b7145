"""``zhengtu notices``: send the messages that are due, or say how deliveries stand."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.notices.delivering import deliver_due
from zhengtu.notices.queries import delivery_status


class Command(BaseCommand):
    """For an operator, or for a timer where no worker runs; several at once do not get in each other's way."""

    help = "Send the messages that are due (--deliver), or say how deliveries stand (--status)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("--deliver", action="store_true", help="attempt what is due, each message once")
        parser.add_argument("--status", action="store_true", help="counts by state, channels, the longest wait")

    def handle(self, *args: Any, deliver: bool, status: bool, **options: Any) -> None:
        """Do it and say what came of it; no address is ever printed."""
        if not deliver and not status:
            raise CommandError("say --deliver or --status")
        if not settings.EMAIL_HOST:
            self.stderr.write("ZHENGTU_SMTP_HOST is not set: e-mail waits.")
        if deliver:
            counts = deliver_due(clock=timezone.now)
            self.stdout.write(_listed(counts) if counts else "nothing is due")
        if status:
            self._status()

    def _status(self) -> None:
        now = timezone.now()
        found = delivery_status(now=now)
        self.stdout.write(f"channels: {_listed(found.channels) or 'none'}")
        self.stdout.write(f"messages: {_listed(found.counts) or 'none'}")
        if found.oldest_due_at is not None:
            minutes = int((now - found.oldest_due_at).total_seconds() // 60)
            self.stdout.write(f"the longest wait is {minutes} minutes past its hour")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
