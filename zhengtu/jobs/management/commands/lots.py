"""``zhengtu lots --replay FILE``: draw lots again as they were published, and say what agrees."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.resettlement.lot_replay import checks, fingerprint, read_document
from zhengtu.jobs.terminal_words import in_words, spoken, words

_MARKS: Final = {True: N_("agrees"), False: N_("DOES NOT AGREE")}
_LONGEST: Final = 64 * 1024 * 1024


class Command(BaseCommand):
    """Reads the file that a drawing's page offers and nothing else: no database, no application, no network."""

    help = (
        "Draw lots for homes again from the seed and the list that were published, and print what agrees. "
        "Exit status 1 where something does not."
    )
    requires_system_checks: Sequence[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The published file, and the language of what is printed."""
        parser.add_argument("--replay", metavar="FILE", required=True, type=Path, help="the published drawing, JSON")
        parser.add_argument("--language", choices=("zh", "en"), default="", help="zh, unless en; messages in both")

    def handle(self, *args: Any, replay: Path, language: str, **options: Any) -> None:
        """Draw again and report."""
        say = words(language)
        voices = (say,) if language else (say, str)
        try:
            document = read_document(_content(replay))
        except Refused as refused:
            raise CommandError(spoken(str(replay), refused.reasons, voices)) from refused
        found = checks(document)
        self.stdout.write(f"{document.draw}  {document.drawn_on.isoformat()}  SHA-256 {fingerprint(document)}")
        for check in found:
            what = in_words(Reason(code="resettlement.drawn_again", message=check.what), say)
            self.stdout.write(f"{what}: {say(_MARKS[check.agrees])}")
        if not all(check.agrees for check in found):
            raise CommandError(spoken(str(replay), [Reason(
                code="resettlement.lots_differ",
                message=N_("The published drawing is not the one that its seed makes."),
            )], voices))


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > _LONGEST:
            raise CommandError(f"{path}: larger than any published drawing")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
