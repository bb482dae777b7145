"""What an uploaded file is, judged by its content, and whether it is safe and whole enough to read."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from zhengtu.core.survey_sheets.problems import refuse_file

_MEGABYTE: Final = 1_048_576
_PIECE: Final = 262_144  # small pieces stay in the processor's cache
_ENCRYPTED: Final = 0x1
_NAME_LENGTHS: Final = 26  # where a local header keeps the lengths of name and extra field
_HEAD_BYTES: Final = 65_536
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDE_CELL: Final = re.compile(rb' r="([A-Z]{3})\d')
_ROW: Final = re.compile(rb'<row[^>]*? r="(\d+)"')
_KNOWN_HEADS: Final = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip"), (b"MZ", "EXE"), (b"\x7fELF", "ELF"), (b"RIFF", "RIFF"),
)
_SUFFIXES: Final = {
    ".xlsx": "excel", ".xlsm": "excel", ".xls": "old_excel", ".ods": "open_document", ".csv": "csv",
    ".gpkg": "geometry", ".zip": "geometry", ".geojson": "geometry", ".json": "geometry", ".dxf": "geometry",
    ".dwg": "geometry", ".txt": "",
}


class UploadKind(StrEnum):
    """What can be imported."""

    EXCEL = "excel"
    OLD_EXCEL = "old_excel"
    OPEN_DOCUMENT = "open_document"
    CSV = "csv"
    GEOMETRY = "geometry"

    @property
    def is_ledger(self) -> bool:
        """Whether it is a sheet of households rather than shapes."""
        return self is not UploadKind.GEOMETRY


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """How much a sheet may ask of the machine: bytes, ratio of unpacked to packed, rows, columns."""

    uncompressed_bytes: int = 1024 * _MEGABYTE
    compression_ratio: int = 200
    ratio_free_bytes: int = 10 * _MEGABYTE
    rows: int = 500_000
    columns: int = 702


DEFAULT_SHEET_LIMITS: Final = SheetLimits()


def upload_kind(*, path: Path, name: str, limit_bytes: int) -> UploadKind:
    """What a file is.

    Args:
        path: where it lies.
        name: what its user calls it; a name that promises another format is refused.
        limit_bytes: size accepted.

    Raises:
        Refused: when it is absent, empty, too large, damaged, or nothing that can be imported.
    """
    if not path.is_file():
        refuse_file("file_missing")
    size = path.stat().st_size
    if size == 0:
        refuse_file("file_empty")
    if size > limit_bytes:
        refuse_file("file_too_large", size_mb=-(-size // _MEGABYTE), limit_mb=limit_bytes // _MEGABYTE)
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    kind = _kind_of_content(path, head)
    promised = _SUFFIXES.get(Path(name).suffix.lower())
    is_text_ledger = kind is UploadKind.CSV and promised == ""
    if promised is None or (promised and promised != kind.value and not is_text_ledger):
        refuse_file("file_kind_differs", named=Path(name).suffix or "—", found=kind.value)
    return kind


def _kind_of_content(path: Path, head: bytes) -> UploadKind:
    if head.startswith(b"PK"):
        return _kind_of_archive(path)
    if head.startswith(_COMPOUND):
        return UploadKind.OLD_EXCEL
    if head.startswith(b"SQLite format 3\x00") or (head[:2] == b"AC" and head[2:6].isdigit()):
        return UploadKind.GEOMETRY
    for start, found in _KNOWN_HEADS:
        if head.startswith(start):
            refuse_file("file_kind_unknown", found=found)
    text = _text_head(head)
    if text is None:
        refuse_file("file_kind_unknown", found="binary")
    stripped = text.lstrip("\ufeff \t\r\n")
    if "地块坐标" in text or re.match(r"(\s*999\s*\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION", stripped):
        return UploadKind.GEOMETRY
    if stripped.startswith(("{", "AutoCAD Binary DXF")):
        return UploadKind.GEOMETRY
    if stripped[:1] == "<":
        refuse_file("file_kind_unknown", found="XML/HTML")
    return UploadKind.CSV


def _text_head(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in head:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):  # the head may end inside a character
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _kind_of_archive(path: Path) -> UploadKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
                return UploadKind.EXCEL
            if "mimetype" in names:
                with archive.open("mimetype") as stream:
                    if b"opendocument.spreadsheet" in stream.read(200):
                        return UploadKind.OPEN_DOCUMENT
            if any(name.lower().endswith((".shp", ".zip")) for name in names):
                return UploadKind.GEOMETRY
            if "word/document.xml" in names:
                refuse_file("file_kind_unknown", found="Word")
            return UploadKind.GEOMETRY  # its reader names what the archive lacks
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        refuse_file("file_damaged", detail=str(error))


def check_workbook_archive(*, path: Path, limits: SheetLimits = DEFAULT_SHEET_LIMITS) -> None:
    """Unpack a workbook's archive once without keeping it, so that no reader meets a bomb.

    What the archive says of its own sizes is asked first and then not believed.

    Raises:
        Refused: when it is damaged, cut short, unpacks to too much, or spans an absurd range of cells.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as raw:
            members = archive.infolist()
            packed = max(1, sum(member.compress_size for member in members))
            _check_size(sum(member.file_size for member in members), packed, limits)
            unpacked = 0
            for member in members:
                is_sheet = member.filename.startswith("xl/worksheets/")
                tail = b""
                for piece in _pieces(raw, member):
                    unpacked += len(piece)
                    _check_size(unpacked, packed, limits)
                    if is_sheet:
                        _check_extent(tail[-64:] + piece, limits)
                        tail = piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        refuse_file("file_damaged", detail=str(error))


def _pieces(raw: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes in small pieces, inflated from where they lie; checksums are its reader's business."""
    if member.flag_bits & _ENCRYPTED:
        refuse_file("file_protected")
    raw.seek(member.header_offset + _NAME_LENGTHS)
    skipped = sum(int.from_bytes(raw.read(2), "little") for _ in range(2))
    raw.seek(skipped, 1)
    packed = raw.read(member.compress_size)
    if len(packed) < member.compress_size:
        raise EOFError(f"{member.filename} is cut short")
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(f"{member.filename} is packed in an unknown way")
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed:
        yield inflating.decompress(packed, _PIECE)
        packed = inflating.unconsumed_tail


def _check_size(unpacked: int, packed: int, limits: SheetLimits) -> None:
    if unpacked > limits.uncompressed_bytes:
        refuse_file(
            "archive_too_large", size_mb=-(-unpacked // _MEGABYTE), limit_mb=limits.uncompressed_bytes // _MEGABYTE
        )
    if unpacked > limits.ratio_free_bytes and unpacked > packed * limits.compression_ratio:
        refuse_file("archive_ratio", ratio=unpacked // packed, limit=limits.compression_ratio)


def _check_extent(piece: bytes, limits: SheetLimits) -> None:
    """Refuse a cell far outside: readers reserve the whole rectangle that the cells span."""
    wide = _WIDE_CELL.search(piece)
    if wide:
        refuse_file("sheet_too_wide", column=wide.group(1).decode(), limit=limits.columns)
    last = piece.rfind(b"<row")
    row = _ROW.match(piece, last) if last >= 0 else None
    if row and int(row.group(1)) > limits.rows:
        refuse_file("sheet_too_long", last=row.group(1).decode(), limit=limits.rows)
