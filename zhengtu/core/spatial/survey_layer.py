"""What every format is read into: one layer of features with their attributes, in one reference system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from zhengtu.core.spatial.problems import ParameterValue, SurveyProblem, SurveyProblemCode, refuse
from zhengtu.core.spatial.projections import GeometryArray

LonLatBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class SurveyLayer:
    """One layer of a survey file.

    Attributes:
        file: the file's name.
        layer: the layer's name.
        source_crs: reference system the coordinates were in, e.g. ``EPSG:4530``.
        columns: attribute name -> one plain Python value per feature (None where empty).
        geometries: one geometry or None per feature, EPSG:4490, longitude and latitude, 2D.
        rows: where each feature stands in the file: the line of a text file, else its 1-based position.
        problems: what was found while reading; the geometry itself is judged by ``validation``.
    """

    file: str
    layer: str
    source_crs: str
    columns: Mapping[str, Sequence[object]]
    geometries: GeometryArray
    rows: NDArray[np.int64]
    problems: tuple[SurveyProblem, ...]

    def __len__(self) -> int:
        """Number of features."""
        return len(self.geometries)


@dataclass(frozen=True, slots=True)
class SurveyLayerSummary:
    """A layer that can be chosen.

    Attributes:
        name: what to ask for.
        geometry_kind: e.g. ``Polygon``; ``Unknown`` when the layer may hold any.
        features: how many.
        source_crs: as declared, or None.
    """

    name: str
    geometry_kind: str
    features: int
    source_crs: str | None


def chosen_layer(*, layers: list[str], layer: str | None, file: str) -> str:
    """The layer asked for, or the only one there is.

    Raises:
        SurveyFileRefused: ``layer_unknown`` or, when several wait to be chosen, ``layer_not_chosen``.
    """
    listed = ", ".join(layers)
    if layer is None and len(layers) > 1:
        refuse(code=SurveyProblemCode.LAYER_NOT_CHOSEN, file=file, layers=listed)
    if layer is not None and layer not in layers:
        refuse(code=SurveyProblemCode.LAYER_UNKNOWN, file=file, asked=layer, layers=listed)
    return layers[0] if layer is None else layer


def place_problems(
    *,
    geometries: GeometryArray,
    rows: NDArray[np.int64],
    expected_box: LonLatBox,
    file: str,
    layer: str | None,
) -> list[SurveyProblem]:
    """Features that lie wholly outside a box where they were expected.

    A wrong reference system gives coordinates that open without error in the wrong place; this is the
    coarse net for it (``validation.displaced_outlines`` is the fine one).

    Args:
        geometries: EPSG:4490.
        rows: their rows, for the problems.
        expected_box: west, south, east, north in degrees.
        file: name of the file.
        layer: name of the layer.

    Returns:
        One problem for the whole layer when everything lies elsewhere, else one for each stray row.
    """
    bounds = shapely.bounds(geometries)
    located = np.isfinite(bounds).all(axis=1)
    west, south, east, north = expected_box
    inside = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    stray = np.flatnonzero(located & ~inside)
    expected: dict[str, ParameterValue] = {"west": west, "south": south, "east": east, "north": north}
    if stray.size and stray.size == np.count_nonzero(located):
        whole = shapely.total_bounds(geometries[located])
        middle: dict[str, ParameterValue] = {
            "lon": f"{(whole[0] + whole[2]) / 2:.4f}",
            "lat": f"{(whole[1] + whole[3]) / 2:.4f}",
        }
        return [SurveyProblem(SurveyProblemCode.LAYER_ELSEWHERE, middle | expected, file, layer=layer)]
    middles = (bounds[stray, :2] + bounds[stray, 2:]) / 2
    return [
        SurveyProblem(
            SurveyProblemCode.FEATURE_ELSEWHERE,
            {**expected, "lon": f"{lon:.4f}", "lat": f"{lat:.4f}"},
            file,
            layer=layer,
            row=int(rows[index]),
        )
        for index, (lon, lat) in zip(stray, middles, strict=True)
    ]
