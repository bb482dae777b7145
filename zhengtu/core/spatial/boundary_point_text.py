"""The grammar of boundary-point files (勘测定界界址点坐标 TXT): bytes -> header and lines.

Layout: ``[属性描述]`` with ``key=value`` lines, then ``[地块坐标]`` where a line ending in ``@`` opens a
parcel (seven fixed fields, optional ones in the middle) and the lines after it are its points
(点号, 圈号, X, Y). Nothing is interpreted here; see boundary_points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from zhengtu.core.spatial.problems import Severity, SurveyProblem, SurveyProblemCode, refuse

PARCEL_SECTION: Final = "地块坐标"
_FIXED_FIELDS: Final = 7
_FEWEST_FIELDS: Final = 5  # point count, area, code, name and the closing @
_NUMBER: Final = re.compile(r"[+-]?\d{1,12}(\.\d*)?|[+-]?\.\d+", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,6}", re.ASCII)
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_HALF_WIDTH_BRACKETS: Final = str.maketrans("【】［］〔〕", "[][][]")
_HALF_WIDTH_COMMA: Final = str.maketrans("，", ",")
_HALF_WIDTH_DIGITS: Final = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")


@dataclass(frozen=True, slots=True)
class PointLine:
    """One boundary point as written; ``first`` and ``second`` are the third and fourth columns."""

    row: int
    label: str
    ring: int
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class ParcelLines:
    """A parcel line with the points below it.

    Attributes:
        row: line number of the parcel line.
        fixed: point count, area, code, name, shape kind, map sheet, land use.
        extra: the optional fields between these and the ``@``.
        points: the readable points, in order.
        damaged: whether some point line could not be read.
    """

    row: int
    fixed: tuple[str, ...]
    extra: tuple[str, ...]
    points: tuple[PointLine, ...]
    damaged: bool


@dataclass(frozen=True, slots=True)
class BoundaryText:
    """The lines of a file, sorted into header and parcels."""

    attributes: Mapping[str, str]
    parcels: tuple[ParcelLines, ...]
    problems: tuple[SurveyProblem, ...]


def decode_boundary_text(*, data: bytes, file: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding: UTF-8 with or without mark, UTF-16 with mark, GB18030.

    Raises:
        SurveyFileRefused: when it is none of these (code ``text_undecodable``).
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif data.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    else:
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding
    refuse(code=SurveyProblemCode.TEXT_UNDECODABLE, file=file)


def is_boundary_text(text: str) -> bool:
    """Whether the text has the section of parcel coordinates that makes it a boundary-point file."""
    return any(_section(line) == PARCEL_SECTION for line in _LINE_END.split(text))


def _section(line: str) -> str | None:
    stripped = line.lstrip("\ufeff").strip().translate(_HALF_WIDTH_BRACKETS)
    if stripped.startswith("[") and stripped.endswith("]"):
        return stripped[1:-1].strip()
    return None


@dataclass(slots=True)
class _OpenParcel:
    row: int
    fixed: tuple[str, ...]
    extra: tuple[str, ...]
    points: list[PointLine] = field(default_factory=list)
    damaged: bool = False

    def closed(self) -> ParcelLines:
        return ParcelLines(self.row, self.fixed, self.extra, tuple(self.points), self.damaged)


class _Sorting:
    """The lines of one file, taken in one after another."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.attributes: dict[str, str] = {}
        self.problems: list[SurveyProblem] = []
        self.parcels: list[ParcelLines] = []
        self.parcel: _OpenParcel | None = None
        self.skipping = False  # below a parcel line that could not be read

    def problem(self, code: SurveyProblemCode, row: int, *, line: str, severity: Severity = Severity.ERROR) -> None:
        params = {"line": line[:80]}
        self.problems.append(SurveyProblem(code, params, self.file, row=row, severity=severity))

    def header_line(self, row: int, line: str) -> None:
        key, equals, value = line.partition("=" if "=" in line else "＝")
        if equals and key.strip():
            self.attributes.setdefault(key.strip(), value.strip())
        else:
            self.problem(SurveyProblemCode.HEADER_LINE_UNREADABLE, row, line=line, severity=Severity.WARNING)

    def parcel_line(self, row: int, line: str) -> None:
        self.close()
        fields = [part.strip() for part in line.rstrip(", \t").split(",")]
        self.skipping = len(fields) < _FEWEST_FIELDS
        if self.skipping:
            self.problem(SurveyProblemCode.PARCEL_LINE_UNREADABLE, row, line=line)
            return
        inner = fields[:-1] + [""] * (_FIXED_FIELDS - len(fields) + 1)
        self.parcel = _OpenParcel(row, tuple(inner[:_FIXED_FIELDS]), tuple(inner[_FIXED_FIELDS:]))

    def point_line(self, row: int, line: str) -> None:
        fields = [part.strip() for part in line.split(",")]
        point = _point(row, fields)
        if point is None and len(fields) > _FIXED_FIELDS:
            self.close()
            self.skipping = True
            self.problem(SurveyProblemCode.PARCEL_LINE_UNREADABLE, row, line=line)
        elif self.skipping:
            return
        elif self.parcel is None:
            self.problem(SurveyProblemCode.POINT_BEFORE_PARCEL, row, line=line)
            self.skipping = True
        elif point is None:
            self.parcel.damaged = True
            self.problem(SurveyProblemCode.POINT_LINE_UNREADABLE, row, line=line)
        else:
            self.parcel.points.append(point)

    def close(self) -> None:
        if self.parcel is not None:
            self.parcels.append(self.parcel.closed())
            self.parcel = None


def _point(row: int, fields: list[str]) -> PointLine | None:
    """A point from label, ring, X, Y; further columns are remarks. None when it is not one."""
    if len(fields) < 4:
        return None
    ring, first, second = (text.translate(_HALF_WIDTH_DIGITS) for text in fields[1:4])
    if not (_NUMBER.fullmatch(first) and _NUMBER.fullmatch(second) and (not ring or _WHOLE.fullmatch(ring))):
        return None
    return PointLine(row, fields[0], int(ring or 1), float(first), float(second))


def sort_boundary_lines(*, text: str, file: str) -> BoundaryText:
    """Sort the lines of a decoded file into header attributes and parcels with points.

    Args:
        text: the decoded file.
        file: its name, for the problems.

    Raises:
        SurveyFileRefused: when there is no section of parcel coordinates (``no_boundary_points``).
    """
    if not is_boundary_text(text):
        refuse(code=SurveyProblemCode.NO_BOUNDARY_POINTS, file=file)
    sorting = _Sorting(file)
    in_parcels = False
    full_width_row: int | None = None
    for row, raw in enumerate(_LINE_END.split(text), start=1):
        line = raw.lstrip("\ufeff").strip()
        if in_parcels and "," not in line and "，" in line:
            full_width_row = full_width_row or row
            line = line.translate(_HALF_WIDTH_COMMA)
        if not line:
            continue
        section = _section(line)
        if section is not None:
            in_parcels = section == PARCEL_SECTION
        elif not in_parcels:
            sorting.header_line(row, line)
        elif line.rstrip(", \t").endswith(("@", "＠")):
            sorting.parcel_line(row, line)
        else:
            sorting.point_line(row, line)
    sorting.close()
    if full_width_row is not None:
        sorting.problem(SurveyProblemCode.FULL_WIDTH_PUNCTUATION, full_width_row, line="，", severity=Severity.WARNING)
    return BoundaryText(sorting.attributes, tuple(sorting.parcels), tuple(sorting.problems))
