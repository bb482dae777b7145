"""The map sheet for the real wall: one vector page, A0 or A3 landscape, with title, legend, scale and source.

The map is drawn as an SVG in hundredths of a millimetre and set by typst together with the text, in an
embedded Chinese font, so that a machine without any fonts prints the same sheet.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
import typst

Shapes = npt.NDArray[np.object_]
Box = tuple[float, float, float, float]

PAPERS: Final = {"A0": (1189.0, 841.0), "A3": (420.0, 297.0)}
"""Landscape width and height in mm."""
_SCALE_STEPS: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5)
_UNITS_PER_MM: Final = 100
_TEMPLATE: Final = Path(__file__).with_name("wall_sheet.typ")


@dataclass(frozen=True, slots=True)
class Paint:
    """Shapes of one look; coordinates in metres on the sheet's plane.

    Attributes:
        fill: colour of polygons, or empty for none.
        stroke: colour of lines, or empty for none.
        stroke_mm: width on an A3 sheet; larger sheets scale it.
        opacity: of the fill alone.
        dash_mm: length of dashes on an A3 sheet, 0 for a solid line.
    """

    shapes: Shapes
    fill: str = ""
    stroke: str = ""
    stroke_mm: float = 0.0
    opacity: float = 1.0
    dash_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map at a point in metres; ``rank`` 0 goes first where two would overlap.

    ``above_mm`` lifts it on the sheet, clear of what it names.
    """

    text: str
    x: float
    y: float
    size_mm: float
    colour: str
    rank: int = 0
    is_bold: bool = False
    above_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A state in the legend with its counts as text, one per column."""

    label: str
    colour: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WallSheet:
    """Everything on the sheet, in the reader's language; figures are text already.

    Attributes:
        paper: a key of ``PAPERS``.
        box: what must be visible, in metres.
        ground: colour under the map.
        lines: lines under the title: whose view, filter.
        date_lines: the date in large, then what it means.
        columns: heads of the legend's columns, the state's first.
        cleared_title, cleared_columns, cleared, cleared_note: a table of places, the last row their total, and the line
            under it; no table where there are no rows.
        notes: deadlines and the like, below the legend; “■” for a date marks what is late.
        late: the colour of that mark.
        sources: source notes in small type.
        scale_word: “Scale” in the reader's language; ``north_word`` likewise.
    """

    paper: str
    title: str
    lines: tuple[str, ...]
    date_lines: tuple[str, ...]
    columns: tuple[str, ...]
    legend: tuple[LegendRow, ...]
    totals: tuple[str, ...]
    cleared_title: str
    cleared_columns: tuple[str, ...]
    cleared: tuple[tuple[str, ...], ...]
    cleared_note: str
    notes_title: str
    notes: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    scale_word: str
    north_word: str
    box: Box
    ground: str
    late: str
    paints: tuple[Paint, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the map lies: size in mm, the scale's denominator, and the ground's corner in metres."""

    width_mm: float
    height_mm: float
    denominator: int
    west: float
    north: float
    unit: float

    @property
    def metres(self) -> Box:
        """West, south, east, north of what the frame shows."""
        width, height = (side * self.denominator / 1000 for side in (self.width_mm, self.height_mm))
        return self.west, self.north - height, self.west + width, self.north


def wall_sheet_pdf(sheet: WallSheet, *, fonts: Path) -> bytes:
    """Print a sheet.

    Args:
        fonts: a folder in which typst finds the font “Noto Sans SC” in regular and bold.

    Raises:
        KeyError: for an unknown paper.
        typst.TypstError: when the page cannot be set, for want of the font above all.
    """
    frame = frame_of(paper=sheet.paper, box=sheet.box)
    with tempfile.TemporaryDirectory(prefix="wall-sheet-") as name:
        folder = Path(name)
        (folder / "map.svg").write_text(map_svg(sheet, frame), encoding="utf-8")
        (folder / "sheet.json").write_text(json.dumps(_document(sheet, frame), ensure_ascii=False), encoding="utf-8")
        (folder / "sheet.typ").write_text(_TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        pdf = typst.compile(folder / "sheet.typ", font_paths=[fonts], ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return pdf


def frame_of(*, paper: str, box: Box) -> Frame:
    """The map's frame on a paper: the largest round scale at which the box fits, the box in the middle."""
    width, height = PAPERS[paper]
    unit = width / PAPERS["A3"][0]
    map_width, map_height = width - (8 + 8 + 92) * unit, height - 16 * unit
    west, south, east, north = box
    needed = max((east - west) / map_width, (north - south) / map_height, 0.2) * 1000 * 1.06
    denominator = round_scale(needed)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return Frame(
        width_mm=map_width, height_mm=map_height, denominator=denominator, unit=unit,
        west=middle_x - map_width * denominator / 2000, north=middle_y + map_height * denominator / 2000,
    )


def round_scale(needed: float) -> int:
    """The next round denominator: 12,345 gives 15,000."""
    power: float = 10.0 ** float(np.floor(np.log10(needed)))
    return round(next((step * power for step in _SCALE_STEPS if step * power >= needed), 10 * power))


def map_svg(sheet: WallSheet, frame: Frame) -> str:
    """The map as an SVG whose unit is a hundredth of a millimetre."""
    width, height = (round(side * _UNITS_PER_MM) for side in (frame.width_mm, frame.height_mm))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="{sheet.ground}"/>'
    ]
    for paint in sheet.paints:
        path = path_data(_clipped(paint.shapes, frame.metres), frame)
        if not path:
            continue
        stroke = paint.stroke_mm * frame.unit * _UNITS_PER_MM
        dash = paint.dash_mm * frame.unit * _UNITS_PER_MM
        look = f'fill="{paint.fill or "none"}" fill-rule="evenodd"'
        if paint.stroke:
            look += f' stroke="{paint.stroke}" stroke-width="{stroke:.1f}" stroke-linejoin="round"'
        if dash:
            look += f' stroke-dasharray="{dash:.0f} {dash * 0.6:.0f}"'
        if paint.opacity < 1:
            look += f' fill-opacity="{paint.opacity}"'
        parts.append(f'<path {look} d="{path}"/>')
    parts.append("</svg>")
    return "".join(parts)


def _clipped(shapes: Shapes, box: Box) -> Shapes:
    """Only what lies in the box; what crosses its edge is cut there."""
    if not len(shapes):
        return shapes
    west, south, east, north = box
    bounds = shapely.bounds(shapes)
    near = (bounds[:, 0] < east) & (bounds[:, 2] > west) & (bounds[:, 1] < north) & (bounds[:, 3] > south)
    inside = (bounds[:, 0] >= west) & (bounds[:, 2] <= east) & (bounds[:, 1] >= south) & (bounds[:, 3] <= north)
    crossing = near & ~inside
    cut = shapely.clip_by_rect(shapes[crossing], west, south, east, north)
    return np.concatenate((shapes[inside], cut))


def path_data(shapes: Shapes, frame: Frame) -> str:
    """SVG path of polygons and lines, in one string of whole numbers."""
    parts = shapely.get_parts(shapely.get_parts(shapes))
    kinds = shapely.get_type_id(parts)
    rings = shapely.get_rings(parts[kinds == 3])
    lines = parts[kinds == 1]
    return _drawn(rings, frame, closed=True) + _drawn(lines, frame, closed=False)


def _drawn(lines: Shapes, frame: Frame, *, closed: bool) -> str:
    if not len(lines):
        return ""
    coordinates, index = shapely.get_coordinates(lines, return_index=True)
    scale = 1000 * _UNITS_PER_MM / frame.denominator
    points = np.empty(coordinates.shape, dtype=np.int64)
    points[:, 0] = np.rint((coordinates[:, 0] - frame.west) * scale)
    points[:, 1] = np.rint((frame.north - coordinates[:, 1]) * scale)
    first = np.diff(index, prepend=-1) > 0
    if closed:
        kept = np.diff(index, append=index[-1] + 1) == 0  # the last point of a ring repeats its first
        points, first = points[kept], first[kept]
    pattern = "".join(np.where(first, "ZM%d %d" if closed else "M%d %d", "L%d %d").tolist())
    path = pattern % tuple(points.ravel().tolist())
    return f"{path[1:]}Z" if closed else path


def placed_labels(labels: Sequence[Label], frame: Frame) -> list[dict[str, Any]]:
    """Labels with their middle in mm from the frame's corner; one that would cover an earlier one is left out."""
    placed: list[dict[str, Any]] = []
    taken: list[Box] = []
    for label in sorted(labels, key=lambda one: one.rank):
        size = label.size_mm * frame.unit
        x = (label.x - frame.west) * 1000 / frame.denominator
        y = (frame.north - label.y) * 1000 / frame.denominator - label.above_mm * frame.unit
        width = sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in label.text) * size
        box = (x - width / 2, y - size * 0.7, x + width / 2, y + size * 0.7)
        is_inside = box[0] > 0 and box[1] > 0 and box[2] < frame.width_mm and box[3] < frame.height_mm
        if is_inside and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            placed.append({
                "text": label.text, "x": round(x, 2), "y": round(y, 2), "size": round(size, 2),
                "colour": label.colour, "bold": label.is_bold,
            })
    return placed


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _document(sheet: WallSheet, frame: Frame) -> dict[str, Any]:
    """What the template reads."""
    width, height = PAPERS[sheet.paper]
    bar_metres = round_scale(frame.denominator * 0.02 * frame.unit)
    kept = (
        "title", "lines", "date_lines", "columns", "totals", "cleared_title", "cleared_columns", "cleared",
        "cleared_note", "notes_title", "notes", "sources", "scale_word", "north_word", "late",
    )
    return {
        **{name: getattr(sheet, name) for name in kept},
        "legend": [asdict(row) for row in sheet.legend],
        "width": width, "height": height, "unit": frame.unit,
        "map_width": frame.width_mm, "map_height": frame.height_mm,
        "scale": f"1:{frame.denominator:,}",
        "bar_mm": bar_metres * 1000 / frame.denominator,
        "bar_texts": [_distance(bar_metres / 2 * step) for step in (0, 1, 2)],
        "labels": placed_labels(sheet.labels, frame),
    }


def _distance(metres: float) -> str:
    if not metres:
        return "0"
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
