"""What a survey file is, judged by its content, and whether it is whole; never by its name alone."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from zhengtu.core.spatial.boundary_point_text import PARCEL_SECTION, decode_boundary_text, is_boundary_text
from zhengtu.core.spatial.problems import SurveyFileRefused, SurveyProblemCode, refuse

_HEAD_BYTES: Final = 65_536
_MEGABYTE: Final = 1_048_576
_SQLITE: Final = b"SQLite format 3\x00"
_GEOPACKAGE_IDS: Final = frozenset({b"GPKG", b"GP10", b"GP11"})
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_DXF: Final = re.compile(rb"\A(\s*999\s*\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION\s*\r?\n")
_BINARY_DXF: Final = b"AutoCAD Binary DXF"
_DWG: Final = re.compile(rb"\AAC10\d\d")


class SurveyFileKind(StrEnum):
    """The formats that can be read."""

    BOUNDARY_POINTS = "boundary_points"
    GEOPACKAGE = "geopackage"
    ZIPPED_SHAPEFILE = "zipped_shapefile"
    GEOJSON = "geojson"
    DXF = "dxf"


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much a file may ask of the machine.

    Attributes:
        file_bytes: size of the file itself.
        text_bytes: size of a boundary-point file.
        uncompressed_bytes: sum over an archive's members.
        compression_ratio: uncompressed to compressed, over the archive.
        members: files in an archive.
        features: features in a layer.
    """

    file_bytes: int = 512 * _MEGABYTE
    text_bytes: int = 128 * _MEGABYTE
    uncompressed_bytes: int = 2048 * _MEGABYTE
    compression_ratio: int = 200
    members: int = 1_000
    features: int = 2_000_000


DEFAULT_LIMITS: Final = ReadLimits()


def file_size(*, path: Path, limits: ReadLimits) -> int:
    """The size of a regular file in bytes.

    Raises:
        SurveyFileRefused: when it is absent, no regular file, empty or over the limit.
    """
    if not path.is_file():
        refuse(code=SurveyProblemCode.FILE_MISSING, file=path.name)
    size = path.stat().st_size
    if size == 0:
        refuse(code=SurveyProblemCode.FILE_EMPTY, file=path.name)
    _check_size(path, size, limits.file_bytes)
    return size


def _check_size(path: Path, size: int, limit: int) -> None:
    if size > limit:
        refuse(
            code=SurveyProblemCode.FILE_TOO_LARGE,
            file=path.name,
            size_mb=-(-size // _MEGABYTE),
            limit_mb=limit // _MEGABYTE,
        )


def file_bytes(*, path: Path, limits: ReadLimits) -> bytes:
    """The content of a text file within the limits.

    Raises:
        SurveyFileRefused: when it is absent, empty or over the limit.
    """
    _check_size(path, file_size(path=path, limits=limits), limits.text_bytes)
    return path.read_bytes()


def survey_file_kind(*, path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> SurveyFileKind:
    """What the file is, by its first bytes; a GeoPackage or drawing cut short is refused here.

    Raises:
        SurveyFileRefused: when it is unknown, absent, empty, too large or visibly damaged.
    """
    size = file_size(path=path, limits=limits)
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    text_head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(_SQLITE):
        if head[68:72] not in _GEOPACKAGE_IDS:
            refuse(code=SurveyProblemCode.FILE_KIND_UNKNOWN, file=path.name)
        _check_geopackage(path, head, size)
        return SurveyFileKind.GEOPACKAGE
    if head.startswith(_ZIP):
        return SurveyFileKind.ZIPPED_SHAPEFILE
    if _DWG.match(head) or head.startswith(_BINARY_DXF):
        refuse(code=SurveyProblemCode.DRAWING_NOT_TEXT, file=path.name)
    if _DXF.match(head.removeprefix(b"\xef\xbb\xbf")):
        _check_drawing(path)
        return SurveyFileKind.DXF
    if text_head.startswith(b"{"):
        return SurveyFileKind.GEOJSON
    if size <= limits.text_bytes and _is_boundary_file(path, head):
        return SurveyFileKind.BOUNDARY_POINTS
    refuse(code=SurveyProblemCode.FILE_KIND_UNKNOWN, file=path.name)


def _is_boundary_file(path: Path, head: bytes) -> bool:
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    data = path.read_bytes()
    try:
        text, _ = decode_boundary_text(data=data, file=path.name)
    except SurveyFileRefused:
        if any(PARCEL_SECTION.encode(encoding) in data for encoding in ("utf-8", "gb18030")):
            raise  # a boundary-point file with broken characters, not some other file
        return False
    return is_boundary_text(text)


def _check_geopackage(path: Path, head: bytes, size: int) -> None:
    """Refuse a database cut short: the reader would silently return the features before the cut."""
    page_size = int.from_bytes(head[16:18]) or 1
    page_size = 65_536 if page_size == 1 else page_size
    pages = int.from_bytes(head[28:32])
    header_is_current = head[24:28] == head[92:96]
    if size % page_size or (header_is_current and pages * page_size > size):
        refuse(code=SurveyProblemCode.FILE_DAMAGED, file=path.name, detail="the last pages are missing")
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        refuse(code=SurveyProblemCode.FILE_DAMAGED, file=path.name, detail=str(error))
    if found is None or found[0] != "ok":
        refuse(code=SurveyProblemCode.FILE_DAMAGED, file=path.name, detail=str(found and found[0]))


def _check_drawing(path: Path) -> None:
    """Refuse a drawing without its closing mark."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 256))
        tail = stream.read().split()
    if not tail or tail[-1] != b"EOF":
        refuse(code=SurveyProblemCode.FILE_DAMAGED, file=path.name, detail="the closing EOF is missing")
