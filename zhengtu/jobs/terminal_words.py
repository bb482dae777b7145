"""What commands that need no application say on a terminal: messages from the catalogue, reasons, widths."""

from __future__ import annotations

import gettext
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from zhengtu.core.kernel.reasons import Reason
from zhengtu.jobs.message_files import LOCALE_FOLDER, compile_messages

Say = Callable[[str], str]
"""The translation of a message."""


def words(language: str) -> Say:
    """The translation of messages, straight from the catalogue."""
    if language == "en":
        return str
    with suppress(OSError):  # an installation that cannot be written to comes with its messages compiled
        compile_messages()
    return gettext.translation("django", LOCALE_FOLDER, languages=["zh_Hans"], fallback=True).gettext


def spoken(file: str, reasons: Sequence[Reason], voices: Iterable[Say]) -> str:
    """Reasons about a file, a line each, in every voice."""
    return "\n".join(f"{file}: {in_words(reason, voice)}" for voice in voices for reason in reasons)


def in_words(reason: Reason, say: Say) -> str:
    """A reason with what to do, its labels translated."""
    parameters = {
        name: say(value.removeprefix("label:")) if isinstance(value, str) and value.startswith("label:") else value
        for name, value in reason.parameters.items()
    }
    remedy = say(reason.remedy) % parameters if reason.remedy else ""
    return f"{say(reason.message) % parameters} {remedy}".rstrip()


def columns(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
