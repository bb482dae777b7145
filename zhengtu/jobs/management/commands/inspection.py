"""``zhengtu inspection --replay FILE``: draw again what an inspection published, and say what agrees."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from zhengtu.core.inspection.replay import Check, checks, fingerprint, read_document
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.jobs.terminal_words import Say, in_words, spoken, words

_MARKS: Final = {True: N_("agrees"), False: N_("DOES NOT AGREE"), None: N_("not in this file")}
_LONGEST: Final = 64 * 1024 * 1024


class Command(BaseCommand):
    """Reads the file that an inspection's page offers and nothing else: no database, no application, no network."""

    help = (
        "Draw an inspection's households and inspectors again from the seed and the list that it published, and print "
        "what agrees. Exit status 1 where something does not."
    )
    requires_system_checks: Sequence[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The published file, and the language of what is printed."""
        parser.add_argument("--replay", metavar="FILE", required=True, type=Path, help="the published draw, JSON")
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
        self.stdout.write(f"{document.inspection}  {document.as_of_on.isoformat()}  SHA-256 {fingerprint(document)}")
        for check in found:
            self.stdout.write(_line(check, say))
        if any(check.agrees is False for check in found):
            raise CommandError(spoken(str(replay), [Reason(
                code="inspection.draw_differs", message=N_("The published draw is not the one that its seed makes."),
            )], voices))


def _line(check: Check, say: Say) -> str:
    what = in_words(Reason(code="inspection.drawn_again", message=check.what, parameters=check.parameters), say)
    return f"{what}: {say(_MARKS[check.agrees])}"


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > _LONGEST:
            raise CommandError(f"{path}: larger than any published draw")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
