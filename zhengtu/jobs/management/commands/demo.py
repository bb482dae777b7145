"""``zhengtu demo``: migrate, load the demonstration where there is none, and serve it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from zhengtu.registry.queries import campaigns, tiles_are_missing


class Command(BaseCommand):
    """Safe to run again: what is there already is kept."""

    help = "Migrate, load the demonstration campaign if the database is empty, and serve it until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--address", default="127.0.0.1:8000", help="host:port (default 127.0.0.1:8000)")
        parser.add_argument("--households", type=int, default=20_000, help="how many households (default 20000)")
        parser.add_argument("--seed", type=int, default=2025, help="seed of everything invented (default 2025)")

    def handle(self, *args: Any, address: str, households: int, seed: int, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if not campaigns():
            call_command("load_demo", households=households, seed=seed, stdout=self.stdout)
        if tiles_are_missing():
            call_command("build_tiles", stdout=self.stdout)
        self._print_accounts(address)
        call_command("serve", address=address, stdout=self.stdout)

    def _print_accounts(self, address: str) -> None:
        accounts = settings.HOME / "demonstration_accounts.txt"
        self.stdout.write(f"\n征图 Zhengtu: http://{address}/\n\nDemonstration accounts (username, password, role):\n")
        if accounts.exists():
            self.stdout.write(accounts.read_text())
        self.stdout.write(f"These accounts are kept in {accounts}. Ctrl-C stops server, worker and database.\n")
        self.stdout.flush()
