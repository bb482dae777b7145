"""Texts out of files: plain text in the encodings in use, Word documents, PDF files with a text layer."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

from zhengtu.core.language.file_refusals import FILE_BYTES_AT_MOST, TEXT_CHARACTERS_AT_MOST, refused
from zhengtu.core.language.pdf_files import read_pdf
from zhengtu.core.language.word_files import is_word_package, read_word

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_CONTROL_SHARE: Final = 0.01


def read_text(data: bytes, *, name: str) -> str:
    """The text of a file, its line ends as ``\\n``; a row of a table is one line with a tab between its cells.

    What a file is, its content says; its name only where that says more (``.docm``).

    Args:
        data: the whole file.
        name: its name, for refusals.

    Raises:
        Refused: for an empty or too large file, one of another kind, with macros, encrypted or damaged, a package
            that unpacks beyond measure, a PDF without a text layer, and a text longer than any speech or plan.
    """
    if len(data) > FILE_BYTES_AT_MOST:
        raise refused("too_large", name, limit=FILE_BYTES_AT_MOST // 1024**2)
    ending = PurePath(name).suffix.lower()
    if data.startswith(_OLE):
        raise refused("encrypted" if _ENCRYPTED in data else "old_word", name)
    if data.startswith(b"PK\x03\x04"):
        text = _of_package(data, name=name, ending=ending)
    elif data[:1024].lstrip().startswith(b"%PDF-"):
        text = read_pdf(data, name=name)
    elif data.lstrip()[:5] == b"{\\rtf":
        raise refused("unknown_kind", name)
    else:
        text = _decoded(data, name=name)
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip("\ufeff\u200b \n\t\u3000"):
        raise refused("empty", name)
    return checked_length(text, name=name)


def checked_length(text: str, *, name: str) -> str:
    """The text itself, where it is no longer than any speech, plan or minutes.

    Raises:
        Refused: for a longer one.
    """
    if len(text) > TEXT_CHARACTERS_AT_MOST:
        raise refused("too_long", name, count=len(text), limit=TEXT_CHARACTERS_AT_MOST)
    return text


def _of_package(data: bytes, *, name: str, ending: str) -> str:
    if ending in (".docm", ".dotm"):
        raise refused("macros", name)
    if not is_word_package(data, name=name):
        raise refused("unknown_kind", name)
    return read_word(data, name=name)


def _decoded(data: bytes, *, name: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _as(encoding, data, name=name).removeprefix("\ufeff")
    if b"\x00" in data[:4096]:
        return _wide(data, name=name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _plain(text, name=name)
    raise refused("encoding", name)


def _wide(data: bytes, *, name: str) -> str:
    """UTF-16 without its mark, told by which of the two orders gives Chinese and ASCII."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:4096]
        known = sum(one.isascii() or "\u3000" <= one <= "\u9fff" or "\uff00" <= one <= "\uffef" for one in sample)
        if sample and known > 0.9 * len(sample):
            return _plain(text, name=name)
    raise refused("unknown_kind", name)


def _as(encoding: str, data: bytes, *, name: str) -> str:
    try:
        return _plain(data.decode(encoding), name=name)
    except UnicodeDecodeError as error:
        raise refused("encoding", name) from error


def _plain(text: str, *, name: str) -> str:
    if len(_CONTROL.findall(text[:100_000])) > _CONTROL_SHARE * min(len(text), 100_000) + 2:
        raise refused("unknown_kind", name)
    return text
