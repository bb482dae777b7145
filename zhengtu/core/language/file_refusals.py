"""Why a file gives no text, each with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused

FILE_BYTES_AT_MOST: Final = 20 * 1024 * 1024
TEXT_CHARACTERS_AT_MOST: Final = 1_000_000
"""Some two thousand pages: no speech, plan or minutes is longer."""

_AS_TEXT: Final = N_("Save it as .docx or as plain text (.txt), or paste the text.")
_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "empty": (
        N_("The file “%(file)s” holds no text."), N_("Choose the file that has the text, or paste the text."),
    ),
    "too_large": (
        N_("The file “%(file)s” is larger than %(limit)s MB."),
        N_("Take the pictures out of it, or save its text as plain text (.txt)."),
    ),
    "too_long": (
        N_("The text of “%(file)s” has %(count)s characters; at most %(limit)s are read."),
        N_("Divide it, and read the parts that assign work."),
    ),
    "old_word": (
        N_("“%(file)s” is a document of an old Word or WPS version (.doc), which is not read."),
        N_("Open it, save it as .docx, and choose that file."),
    ),
    "macros": (
        N_("The document “%(file)s” holds macros and is not opened."),
        N_("Save it as .docx without macros, and choose that file."),
    ),
    "encrypted": (
        N_("The file “%(file)s” is protected by a password."),
        N_("Remove the password where the file was made, and choose it again."),
    ),
    "bomb": (
        N_("The document “%(file)s” unpacks to far more than its size and is not opened."), _AS_TEXT,
    ),
    "damaged": (
        N_("The file “%(file)s” is damaged or did not arrive whole."),
        N_("Send the file again from where it was made."),
    ),
    "scanned": (
        N_("The PDF file “%(file)s” is a scan: it holds pictures of pages and no text."),
        N_("Have its text recognised (OCR) and checked, or take the file from which it was printed, or paste it."),
    ),
    "too_many_pages": (
        N_("The PDF file “%(file)s” has %(count)s pages; at most %(limit)s are read."),
        N_("Divide it, and read the parts that assign work."),
    ),
    "encoding": (
        N_("The characters of “%(file)s” are in an encoding that is not known."),
        N_("Save it as plain text in UTF-8 or GB18030."),
    ),
    "unknown_kind": (
        N_("“%(file)s” is of a kind out of which no text is read."),
        N_("Choose a .txt, .docx or .pdf file, or paste the text."),
    ),
}


def refused(code: str, file: str, **parameters: object) -> Refused:
    """The refusal of a file by that code.

    Args:
        file: its name.
        parameters: further values for the places of the message.
    """
    message, remedy = _REFUSALS[code]
    return Refused(Reason(
        code=f"text_file.{code}", message=message, parameters={"file": file, **parameters}, remedy=remedy,
    ))
