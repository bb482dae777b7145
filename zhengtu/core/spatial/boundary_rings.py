"""Which of a parcel's boundary points form which ring, and what is odd about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from zhengtu.core.spatial.boundary_point_text import PointLine
from zhengtu.core.spatial.problems import ParameterValue, Severity, SurveyProblem, SurveyProblemCode
from zhengtu.core.spatial.projections import FloatArray

_FEWEST_CORNERS: Final = 3


@dataclass(frozen=True, slots=True)
class ParcelRings:
    """The rings of a parcel without their closing points, in the file's own column order.

    Attributes:
        rings: arrays of shape (n, 2).
        closed: how many rings repeated their first point at the end.
        last_closed: whether the last ring did (true of none).
        problems: what was found on the way.
    """

    rings: tuple[FloatArray, ...]
    closed: int
    last_closed: bool
    problems: tuple[SurveyProblem, ...]


def _same_place(one: PointLine, other: PointLine) -> bool:
    return one.first == other.first and one.second == other.second


class _Rings:
    def __init__(self, *, file: str, points: Sequence[PointLine]) -> None:
        self.file = file
        self.points = points
        self.rings: list[FloatArray] = []
        self.closed = 0
        self.problems: list[SurveyProblem] = []
        self.open: list[PointLine] = []
        self.last_start: PointLine | None = None  # first point of the ring closed last

    def problem(self, code: SurveyProblemCode, point: PointLine, severity: Severity, **more: ParameterValue) -> None:
        params = {"point": point.label, **more}
        self.problems.append(SurveyProblem(code, params, self.file, row=point.row, severity=severity))

    def end_ring(self) -> None:
        """Keep the open ring, if it has three different corners."""
        if not self.open:
            return
        corners = {(p.first, p.second) for p in self.open}
        if len(corners) < _FEWEST_CORNERS:
            code = SurveyProblemCode.RING_TOO_SHORT
            self.problem(code, self.open[0], Severity.ERROR, corners=len(corners))
        else:
            self.rings.append(np.array([(p.first, p.second) for p in self.open], dtype=np.float64))
        self.last_start = self.open[0]
        self.open = []

    def label_repeats(self, point: PointLine) -> bool:
        """Whether the point bears the label of the open ring's first, in a ring that tells its labels apart."""
        if len(self.open) < _FEWEST_CORNERS or not point.label:
            return False
        return point.label == self.open[0].label != self.open[1].label

    def repeats_start(self, index: int) -> bool:
        """Whether this point bears the first point's label but stands elsewhere and ends the ring.

        A repeated label may also open the next ring where numbering starts anew; then the label
        after it repeats the second one.
        """
        point = self.points[index]
        if not self.label_repeats(point):
            return False
        following = self.points[index + 1] if index + 1 < len(self.points) else None
        return following is None or following.label != self.open[1].label

    def repeats_closing(self, index: int) -> bool:
        """Whether the closing point of the ring before is written a second time."""
        if not index or self.last_start is None:
            return False
        previous, point = self.points[index - 1], self.points[index]
        same_ring = previous.ring == point.ring
        return same_ring and _same_place(previous, point) and _same_place(self.last_start, point)

    def take(self, index: int) -> None:
        point = self.points[index]
        if self.open and point.ring != self.open[-1].ring:
            self.end_ring()
        if not self.open:
            if self.repeats_closing(index):
                self.problem(SurveyProblemCode.DUPLICATE_POINT, point, Severity.WARNING)
            else:
                self.open = [point]
        elif len(self.open) >= _FEWEST_CORNERS and _same_place(point, self.open[0]):
            self.closed += 1
            self.end_ring()
        elif self.repeats_start(index):
            self.differing_closure(point)
        elif self.label_repeats(point):
            self.end_ring()
            self.open = [point]
        else:
            if _same_place(point, self.open[-1]):
                self.problem(SurveyProblemCode.DUPLICATE_POINT, point, Severity.WARNING)
            self.open.append(point)

    def differing_closure(self, point: PointLine) -> None:
        start = self.open[0]
        distance = float(np.hypot(point.first - start.first, point.second - start.second))
        code = SurveyProblemCode.CLOSING_POINT_DIFFERS
        self.problem(code, point, Severity.ERROR, distance=f"{distance:.3f}")
        self.open.append(point)
        self.end_ring()


def parcel_rings(*, points: Sequence[PointLine], file: str) -> ParcelRings:
    """Cut a parcel's points into rings.

    A ring ends where the ring number changes, where it comes back to its first point, or where
    numbering starts anew. The closing point may be present or not.
    """
    rings = _Rings(file=file, points=points)
    for index in range(len(points)):
        rings.take(index)
    last_closed = not rings.open
    rings.end_ring()
    return ParcelRings(tuple(rings.rings), rings.closed, last_closed, tuple(rings.problems))
