"""Evidence files by their content: what they are, whether their name says so, whether they arrived whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "heic": "image/heic",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Kinds of file that evidence may be -> media type. OFD is GB/T 33190, China's fixed-layout format."""

_SAME_KIND: Final = {"jpeg": "jpg", "tiff": "tif", "heif": "heic"}
_SIGNATURES: Final = (
    (b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\x00", "tif"), (b"MM\x00*", "tif"), (b"PK\x03\x04", "zip"),
)
_TRAILERS: Final = {"pdf": b"%%EOF", "jpg": b"\xff\xd9", "png": b"IEND"}
_HEIC_BRANDS: Final = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc")
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_SCRIPT: Final = re.compile(rb"^\s*(#!|@echo\b|<\?php)|<\s*(!doctype|html|head|body|script|svg|iframe|\?xml)\b", re.I)
_TAIL_BYTES: Final = 64 * 1024
_UNPACKED_LIMIT_BYTES: Final = 512 * 1024 * 1024
_ENTRIES_LIMIT: Final = 10_000


def inspect_content(stream: BinaryIO, *, name: str, size_bytes: int, limit_bytes: int) -> tuple[str, list[Reason]]:
    """The media type of a file, and why it cannot be evidence.

    Args:
        stream: the file, opened for reading and able to seek; its position is left at the start.
        name: the file's name; its ending is what the file claims to be.
        size_bytes: size of the file.
        limit_bytes: greatest size that is taken.

    Returns:
        The media type (empty when unknown) and the reasons against the file, none when it is fit.
    """
    ending = PurePath(name).suffix.lower().lstrip(".")
    claimed = _SAME_KIND.get(ending, ending)
    if size_bytes == 0:
        return "", [_reason("empty", N_("The file “%(file)s” is empty."), name)]
    if size_bytes > limit_bytes:
        return "", [_too_large(name, size_bytes=size_bytes, limit_bytes=limit_bytes)]
    found, is_whole = _content_of(stream, size_bytes=size_bytes, claimed=claimed)
    stream.seek(0)
    if claimed not in MEDIA_TYPES or not found:
        return "", [_reason("kind_refused", N_("“%(file)s” is of a kind that is not taken as evidence."), name)]
    if found != claimed:
        return "", [_reason("name_differs", N_("The content of the file “%(file)s” is not what its name says."), name)]
    if not is_whole:
        return "", [_reason("incomplete", N_("The file “%(file)s” is damaged or did not arrive whole."), name)]
    return MEDIA_TYPES[found], []


def _reason(code: str, message: str, name: str) -> Reason:
    remedy = (
        N_("Send the file again from where it was made.")
        if code in ("empty", "incomplete")
        else N_("Attach a PDF, OFD, JPG, PNG, TIF, HEIC, DOCX, XLSX, TXT or CSV file without macros.")
    )
    return Reason(code=f"evidence.{code}", message=message, parameters={"file": name}, remedy=remedy)


def _too_large(name: str, *, size_bytes: int, limit_bytes: int) -> Reason:
    mebibyte = 1024 * 1024
    return Reason(
        code="evidence.too_large",
        message=N_("The file “%(file)s” has %(size)s MB; at most %(limit)s MB are taken."),
        parameters={"file": name, "size": -(-size_bytes // mebibyte), "limit": limit_bytes // mebibyte},
        remedy=N_("Scan with fewer dots per inch, or split the file."),
    )


def _content_of(stream: BinaryIO, *, size_bytes: int, claimed: str) -> tuple[str, bool]:
    """The kind that the bytes show (empty when none is known), and whether the file is whole."""
    stream.seek(0)
    head = stream.read(64)
    found = next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), "")
    if found == "zip":
        return _packed_kind(stream)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic", True
    if found in _TRAILERS:
        stream.seek(max(0, size_bytes - _TAIL_BYTES))
        return found, _TRAILERS[found] in stream.read()
    if found:
        return found, True
    if claimed in ("txt", "csv"):
        stream.seek(0)
        return (claimed, True) if _is_plain_text(stream.read()) else ("", True)
    return "", True


def _packed_kind(stream: BinaryIO) -> tuple[str, bool]:
    """DOCX, XLSX or OFD; a package with macros, or one that unpacks beyond all measure, is no known kind."""
    try:
        with ZipFile(stream) as package:
            entries = package.infolist()
    except (BadZipFile, ValueError, NotImplementedError):
        # The directory of a ZIP file stands at its end: what is cut off there still says what it was meant to be.
        return _cut_package_kind(stream), False
    names = {entry.filename for entry in entries}
    if len(entries) > _ENTRIES_LIMIT or sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT_BYTES:
        return "", True
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".html")) for name in names):
        return "", True
    if "[Content_Types].xml" in names:
        return ("docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""), True
    return ("ofd" if "OFD.xml" in names else ""), True


def _cut_package_kind(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(_TAIL_BYTES)
    for mark, kind in ((b"word/", "docx"), (b"xl/", "xlsx"), (b"OFD.xml", "ofd")):
        if mark in head:
            return kind
    return ""


def _is_plain_text(content: bytes) -> bool:
    if content.startswith(_WIDE_MARKS):
        # Editors call it Unicode text; it is judged as the characters that it stands for.
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            return False
    if b"\x00" in content or _SCRIPT.search(content):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
