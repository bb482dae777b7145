"""Zipped Shapefiles, unpacked with distrust: sizes, ratios, paths, links, nesting, missing parts."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from zhengtu.core.spatial.file_kinds import ReadLimits
from zhengtu.core.spatial.problems import SurveyProblemCode, refuse

_MEGABYTE: Final = 1_048_576
_CHUNK: Final = 1_048_576
_SMALL_ARCHIVE_BYTES: Final = 10 * _MEGABYTE  # below this no ratio is dangerous
_ENCRYPTED_FLAG: Final = 0x1
_UTF8_FLAG: Final = 0x800
_ARCHIVE_SUFFIXES: Final = frozenset({".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar"})
_NEEDED_PARTS: Final = (".shp", ".shx", ".dbf")
_PARTS: Final = (*_NEEDED_PARTS, ".prj", ".cpg")
_SHP_HEADER_BYTES: Final = 100
_DBF_HEADER_BYTES: Final = 32
_DBF_GBK_LANGUAGES: Final = frozenset({0x4D, 0x7A})
_LANGUAGE_BYTE: Final = 29


@dataclass(frozen=True, slots=True)
class UnpackedShapefile:
    """A Shapefile lying unpacked under a harmless name.

    Attributes:
        name: its name in the archive, without folder and suffix.
        path: the .shp file.
        encoding: encoding of its attribute texts, or None when the file itself declares one.
    """

    name: str
    path: Path
    encoding: str | None


def unpack_shapefiles(*, path: Path, folder: Path, limits: ReadLimits) -> tuple[UnpackedShapefile, ...]:
    """Check a zip archive and unpack the Shapefiles in it.

    Only the five parts of a Shapefile are written, under numbered names, and no more bytes than the
    limits allow, whatever the archive claims about itself.

    Args:
        path: the archive.
        folder: an empty folder to unpack into; the caller removes it.
        limits: sizes, ratio and member count allowed.

    Raises:
        SurveyFileRefused: with the ``archive_*``, ``shapefile_part_missing`` or ``file_damaged`` codes.
    """
    file = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            members = [(_member_name(member), member) for member in archive.infolist()]
            if len(members) > limits.members:
                refuse(
                    code=SurveyProblemCode.ARCHIVE_TOO_MANY_MEMBERS,
                    file=file,
                    members=len(members),
                    limit=limits.members,
                )
            for name, member in members:
                _check_member(name, member, file)
            _check_sizes(archive, file, limits)
            groups = _shapefiles(dict(members), file)
            remaining = limits.uncompressed_bytes
            unpacked = []
            for number, (name, parts) in enumerate(groups.items()):
                for suffix, member in parts.items():
                    target = folder / f"{number}{suffix}"
                    remaining = _unpack(archive, member, target, remaining, file, limits)
                unpacked.append(_checked(folder / f"{number}.shp", name, file))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        refuse(code=SurveyProblemCode.FILE_DAMAGED, file=file, detail=str(error))
    return tuple(unpacked)


def _member_name(member: zipfile.ZipInfo) -> str:
    """The member's name; Chinese Windows writes GBK without saying so, which zipfile reads as CP437."""
    name = member.filename
    if member.flag_bits & _UTF8_FLAG:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _check_member(name: str, member: zipfile.ZipInfo, file: str) -> None:
    """Refuse a member that could leave the folder or hide something."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\x00" in name:
        refuse(code=SurveyProblemCode.ARCHIVE_PATH_UNSAFE, file=file, member=name)
    if stat.S_ISLNK(member.external_attr >> 16):
        refuse(code=SurveyProblemCode.ARCHIVE_LINK, file=file, member=name)
    if path.suffix.lower() in _ARCHIVE_SUFFIXES:
        refuse(code=SurveyProblemCode.ARCHIVE_NESTED, file=file, member=name)
    if member.flag_bits & _ENCRYPTED_FLAG:
        refuse(code=SurveyProblemCode.ARCHIVE_ENCRYPTED, file=file, member=name)


def _check_sizes(archive: zipfile.ZipFile, file: str, limits: ReadLimits) -> None:
    """Refuse by what the archive says of itself; unpacking counts again."""
    total = sum(member.file_size for member in archive.infolist())
    packed = max(1, sum(member.compress_size for member in archive.infolist()))
    if total > limits.uncompressed_bytes:
        _refuse_size(total, file, limits)
    if total > _SMALL_ARCHIVE_BYTES and total > packed * limits.compression_ratio:
        refuse(
            code=SurveyProblemCode.ARCHIVE_RATIO,
            file=file,
            ratio=total // packed,
            limit=limits.compression_ratio,
        )


def _refuse_size(size: int, file: str, limits: ReadLimits) -> None:
    refuse(
        code=SurveyProblemCode.ARCHIVE_TOO_LARGE,
        file=file,
        size_mb=-(-size // _MEGABYTE),
        limit_mb=limits.uncompressed_bytes // _MEGABYTE,
    )


def _shapefiles(members: Mapping[str, zipfile.ZipInfo], file: str) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """The Shapefiles of the archive: name -> suffix -> member."""
    stems: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for name, member in members.items():
        path = PurePosixPath(name.replace("\\", "/"))
        if "__MACOSX" not in path.parts and path.suffix.lower() in _PARTS:
            stems.setdefault(str(path.with_suffix("")), {})[path.suffix.lower()] = member
    found = {stem: parts for stem, parts in stems.items() if ".shp" in parts}
    if not found:
        refuse(code=SurveyProblemCode.ARCHIVE_WITHOUT_SHAPEFILE, file=file)
    for stem, parts in found.items():
        for part in _NEEDED_PARTS:
            if part not in parts:
                name = PurePosixPath(stem).name
                refuse(code=SurveyProblemCode.SHAPEFILE_PART_MISSING, file=file, layer=name, part=part)
    short = [PurePosixPath(stem).name for stem in found]
    unique = len(set(short)) == len(short)
    return dict(zip(short if unique else found, found.values(), strict=True))


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _unpack(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    target: Path,
    remaining: int,
    file: str,
    limits: ReadLimits,
) -> int:
    """Write one member; returns the bytes still allowed."""
    with target.open("wb") as out:
        for piece in _pieces(archive, member):
            if out.tell() == 0 and piece.startswith(b"PK\x03\x04"):
                refuse(code=SurveyProblemCode.ARCHIVE_NESTED, file=file, member=_member_name(member))
            remaining -= len(piece)
            if remaining < 0:
                _refuse_size(limits.uncompressed_bytes - remaining, file, limits)
            out.write(piece)
    return remaining


def _checked(path: Path, name: str, file: str) -> UnpackedShapefile:
    """The unpacked Shapefile, refused when its parts are shorter than their headers say."""
    with path.open("rb") as stream:
        header = stream.read(_SHP_HEADER_BYTES)
    with path.with_suffix(".shx").open("rb") as stream:
        index_header = stream.read(_SHP_HEADER_BYTES)
    with path.with_suffix(".dbf").open("rb") as stream:
        table_header = stream.read(_DBF_HEADER_BYTES)
    sizes = {part: path.with_suffix(part).stat().st_size for part in _NEEDED_PARTS}
    shapes = (int.from_bytes(index_header[24:28]) * 2 - _SHP_HEADER_BYTES) // 8
    rows = int.from_bytes(table_header[4:8], "little")
    table_bytes = int.from_bytes(table_header[8:10], "little") + rows * int.from_bytes(table_header[10:12], "little")
    whole = (
        len(table_header) == _DBF_HEADER_BYTES
        and header[:4] == index_header[:4] == b"\x00\x00\x27\x0a"
        and sizes[".shp"] >= int.from_bytes(header[24:28]) * 2
        and sizes[".shx"] >= int.from_bytes(index_header[24:28]) * 2
        and sizes[".dbf"] >= table_bytes
        and shapes == rows
    )
    if not whole:
        refuse(
            code=SurveyProblemCode.FILE_DAMAGED,
            file=file,
            layer=name,
            detail="the parts .shp, .shx and .dbf do not fit each other",
        )
    return UnpackedShapefile(name, path, _table_encoding(path))


def _table_encoding(path: Path) -> str | None:
    """The encoding of a .dbf without a .cpg: UTF-8 when its bytes are UTF-8, else GB18030."""
    if path.with_suffix(".cpg").exists():
        return None
    data = path.with_suffix(".dbf").read_bytes()
    if data[_LANGUAGE_BYTE] in _DBF_GBK_LANGUAGES:
        return "gb18030"
    try:
        data[int.from_bytes(data[8:10], "little") :].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
