"""A command that draws again what was published, from its file alone, and says what agrees."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.published import Check
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.jobs.terminal_words import in_words, spoken, words

_MARKS: Final = {True: N_("agrees"), False: N_("DOES NOT AGREE"), None: N_("not in this file")}
_LONGEST: Final = 64 * 1024 * 1024


class ReplayCommand(BaseCommand):
    """Reads a published file and nothing else: no database, no application, no network.

    A command says what the file is called, what stands in its first line, and why it is no honest draw where something
    does not agree; the exit status is 1 then.
    """

    requires_system_checks: Sequence[str] = []
    requires_migrations_checks = False
    published = "the published draw, JSON"
    differs: Reason

    def replayed(self, text: str) -> tuple[str, Sequence[Check]]:
        """The first line of the report, and what was drawn again.

        Raises:
            Refused: when the text is no such document.
        """
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The published file, and the language of what is printed."""
        parser.add_argument("--replay", metavar="FILE", required=True, type=Path, help=self.published)
        parser.add_argument("--language", choices=("zh", "en"), default="", help="zh, unless en; messages in both")

    def handle(self, *args: Any, replay: Path, language: str, **options: Any) -> None:
        """Draw again and report."""
        say = words(language)
        voices = (say,) if language else (say, str)
        try:
            first, found = self.replayed(_content(replay))
        except Refused as refused:
            raise CommandError(spoken(str(replay), refused.reasons, voices)) from refused
        self.stdout.write(first)
        for check in found:
            what = in_words(Reason(code="drawn_again", message=check.what, parameters=check.parameters), say)
            self.stdout.write(f"{what}: {say(_MARKS[check.agrees])}")
        if any(check.agrees is False for check in found):
            raise CommandError(spoken(str(replay), [self.differs], voices))


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > _LONGEST:
            raise CommandError(f"{path}: larger than any published draw")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
