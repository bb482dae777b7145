"""``zhengtu verify_ledger``: prove that nothing recorded was changed, removed or added."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhengtu.directives.verification import broken_directives
from zhengtu.inspection.verification import broken_inspections
from zhengtu.jobs.progress import Bar
from zhengtu.ledger.verification import Head, Verification, verify

_FORMAT = "zhengtu-chain-heads-1"


class Command(BaseCommand):
    """Recompute every chain of deeds and every evidence file."""

    help = (
        "Recompute the hash of every deed, the digest of its facts and the SHA-256 of every evidence file, and name "
        "the first that is broken on each chain; hold directives and inspections against their "
        "fingerprints. Ends with status 1 when "
        "anything is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--heads", metavar="FILE", type=Path, help="write the head of every chain to this file")
        parser.add_argument(
            "--against", metavar="FILE", type=Path,
            help="also prove that every chain still holds the head kept in this file (from an earlier --heads)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, report, and keep the heads where asked."""
        earlier = _read_heads(options["against"]) if options["against"] else {}
        bar = Bar(self.stderr)
        found = verify(earlier=earlier, progress=bar.show)
        bar.end()
        self.stdout.write(
            f"{found.chains} chains, {found.deeds} deeds, {found.facts} facts, {found.files} evidence files"
        )
        for broken in found.breaks:
            self.stdout.write(f"BROKEN  chain {broken.chain}  {broken.where}: {broken.what}")
        directives = list(broken_directives())
        for code, what in directives:
            self.stdout.write(f"BROKEN  directive {code}: {what}")
        inspections = list(broken_inspections())
        for code, what in inspections:
            self.stdout.write(f"BROKEN  inspection {code}: {what}")
        if found.breaks or directives or inspections:
            raise CommandError("The ledger is not whole.")
        if options["heads"]:
            _write_heads(options["heads"], found)
        self.stdout.write("The ledger is whole.")


def _read_heads(path: Path) -> dict[str, Head]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["format"] != _FORMAT:
            raise CommandError(f"{path} is not a file of chain heads.")
        return {chain: Head(int(head["number"]), str(head["hash"])) for chain, head in kept["heads"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} cannot be read as a file of chain heads: {error}") from error


def _write_heads(path: Path, found: Verification) -> None:
    heads = {chain: {"number": head.number, "hash": head.hash} for chain, head in sorted(found.heads.items())}
    path.write_text(json.dumps({"format": _FORMAT, "heads": heads}, indent=1) + "\n", encoding="utf-8")
