"""``zhengtu extract``: the directives in a speech, minutes, a plan or a letter."""

from __future__ import annotations

import json
import logging
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.language.directive_text import Due, DueKind, ExtractedDirective, Lexicon, Mention
from zhengtu.core.language.extraction import extract_directives
from zhengtu.core.language.text_files import read_text
from zhengtu.core.language.text_head import said_on_of
from zhengtu.core.language.words import LanguageRules
from zhengtu.core.rules.language import load_language_alone
from zhengtu.jobs.terminal_words import Say, columns, spoken, words

_HEADINGS: Final = (
    N_("No."), N_("Responsible units"), N_("Assisting units"), N_("Projects"), N_("Matter"), N_("Deadline"),
    N_("Confidence"),
)
_WIDTHS: Final = (4, 28, 24, 28, 60, 24, 10)
_READ_AT_MOST: Final = 20 * 1024 * 1024 + 1
"""One byte more than a text may have: enough to refuse it, however large it is."""
_NO_DATE: Final = N_(
    "The day of the text is not known: deadlines without a year, and those counted from it, have no date. Give it "
    "with --date."
)
_MONTH_ONLY: Final = N_(
    "The text gives only the month of its day, %(month)s; deadlines are counted from its first day. Give the day "
    "with --date."
)
_NONE: Final = N_("The text assigns nothing to anybody.")
_AT_CAMPAIGN_END: Final = N_("End of the campaign")
_UNSAID: Final = N_("Not said")


class Command(BaseCommand):
    """Reads a file and nothing else; it needs neither database nor application, and starts at once."""

    help = (
        "Print the directives in a text (.txt, .docx, .pdf): units, projects, matter, deadline, and where the text "
        "says so. Exit status 1 where the file is refused."
    )
    requires_system_checks: Sequence[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the text: .txt in UTF-8 or GB18030, .docx, .pdf with a text layer")
        parser.add_argument(
            "--date", type=_day, dest="said_on", help="day on which it was said or signed; else read from its head"
        )
        parser.add_argument("--campaign-end", type=_day, dest="campaign_end_on", help="last day of the campaign")
        parser.add_argument("--json", action="store_true", dest="as_json", help="a JSON array, one object a directive")
        parser.add_argument("--language", choices=("zh", "en"), default="", help="zh, unless en; messages in both")

    def handle(
        self, *args: Any, file: str, said_on: date | None, campaign_end_on: date | None, as_json: bool, language: str,
        **options: Any,
    ) -> None:
        say = words(language)
        voices = (say,) if language else (say, str)
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its faults are told in our words
        try:
            text = read_text(_content(file), name=Path(file).name)
        except Refused as refused:
            raise CommandError(spoken(file, refused.reasons, voices)) from refused
        rules = load_language_alone(settings.RULEBOOK)
        if said_on is None:
            said_on = self._day_of(text, rules, voices)
        found = extract_directives(
            text, said_on=said_on, lexicon=Lexicon(campaign_end_on=campaign_end_on), rules=rules
        )
        if as_json:
            self.stdout.write(json.dumps([as_object(one) for one in found], ensure_ascii=False, indent=1))
        else:
            self._write_table(found, say)

    def _day_of(self, text: str, rules: LanguageRules, voices: Iterable[Say]) -> date | None:
        said = said_on_of(text, words=rules)
        if said is None:
            self.stderr.write("\n".join(voice(_NO_DATE) for voice in voices))
            return None
        if not said.is_whole:
            month = {"month": f"{said.on:%Y-%m}"}
            self.stderr.write("\n".join(voice(_MONTH_ONLY) % month for voice in voices))
        return said.on

    def _write_table(self, found: Sequence[ExtractedDirective], say: Say) -> None:
        if not found:
            self.stdout.write(say(_NONE))
            return
        rows = [[say(heading)] for heading in _HEADINGS]
        for number, one in enumerate(found, start=1):
            cells = (
                str(number), _names(one.units), _names(one.assisting), _names(one.projects), one.matter,
                _due_text(one.due, say), f"{one.confidence:.2f}",
            )
            for column, cell in zip(rows, cells, strict=True):
                column.append(cell)
        for line in zip(*rows, strict=True):
            for part in _wrapped(line):
                self.stdout.write(part)


def as_object(directive: ExtractedDirective) -> dict[str, Any]:
    """A directive as one object of the JSON array that the command prints."""
    due = directive.due
    return {
        "units": [one.name for one in directive.units],
        "assisting": [one.name for one in directive.assisting],
        "projects": [one.name for one in directive.projects],
        "matter": directive.matter,
        "due": {
            "kind": due.kind.value, "date": None if due.on is None else due.on.isoformat(),
            "rrule": due.rrule or None, "text": due.text,
        },
        "span": list(directive.span),
        "confidence": directive.confidence,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2025-01-14") from None


def _content(file: str) -> bytes:
    try:
        with Path(file).open("rb") as stream:
            return stream.read(_READ_AT_MOST)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error


def _names(mentions: Sequence[Mention]) -> str:
    return "、".join(one.name for one in mentions)


def _due_text(due: Due, say: Say) -> str:
    if due.kind is DueKind.RECURRING:
        return due.text or due.rrule
    if due.on is not None:
        return f"{due.on} ({due.text})" if due.text else due.on.isoformat()
    return due.text or say(_AT_CAMPAIGN_END if due.kind is DueKind.CAMPAIGN_END else _UNSAID)


def _wrapped(cells: Sequence[str]) -> Iterable[str]:
    """The lines of one row, each cell broken at its column's width."""
    broken = [_broken(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)]
    for line in range(max(map(len, broken))):
        shown = [column[line] if line < len(column) else "" for column in broken]
        yield "  ".join(
            text + " " * (width - columns(text)) for text, width in zip(shown, _WIDTHS, strict=True)
        ).rstrip()


def _broken(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for character in text:
        if columns(line) + columns(character) > width:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


