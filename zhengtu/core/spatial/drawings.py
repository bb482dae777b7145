"""DXF drawings: closed outlines on a drawing layer become parcels, texts inside them their labels."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from zhengtu.core.spatial.feature_reading import RawFeatures, read_features
from zhengtu.core.spatial.file_kinds import ReadLimits
from zhengtu.core.spatial.problems import (
    Severity,
    SurveyProblem,
    SurveyProblemCode,
    refuse,
)
from zhengtu.core.spatial.projections import GeometryArray
from zhengtu.core.spatial.reference_systems import in_cgcs2000, system_of_drawing
from zhengtu.core.spatial.survey_layer import SurveyLayer, SurveyLayerSummary, chosen_layer

LABEL_COLUMN: Final = "label"
_ENTITIES: Final = "entities"
_FEWEST_COORDINATES: Final = 4


def drawing_layers(*, path: Path, limits: ReadLimits) -> tuple[SurveyLayerSummary, ...]:
    """The drawing layers that hold closed outlines, with their number.

    Raises:
        SurveyFileRefused: when the drawing cannot be read.
    """
    return _summaries(_entities(path, limits))


def _summaries(entities: RawFeatures) -> tuple[SurveyLayerSummary, ...]:
    names = np.array(entities.columns["Layer"], dtype=object)
    counts = Counter(names[_outline_mask(entities.geometries)].tolist())
    return tuple(
        SurveyLayerSummary(name=str(name), geometry_kind="Polygon", features=count, source_crs=None)
        for name, count in sorted(counts.items())
    )


def read_drawing(*, path: Path, layer: str | None, assumed_epsg: int | None, limits: ReadLimits) -> SurveyLayer:
    """Read the closed outlines of one drawing layer.

    Columns: ``label`` (the texts standing inside, top to bottom, whatever their layer), ``handle``
    (the entity's id in the drawing), ``layer``. Rows count the outlines and open lines of the layer
    in the order of the drawing.

    Raises:
        SurveyFileRefused: when it cannot be read, has no outlines, several layers and none chosen,
            or coordinates of an unknown zone.
    """
    file = path.name
    entities = _entities(path, limits)
    layers = [summary.name for summary in _summaries(entities)]
    if not layers:
        refuse(code=SurveyProblemCode.DRAWING_WITHOUT_OUTLINES, file=file)
    chosen = chosen_layer(layers=layers, layer=layer, file=file)
    names = np.array(entities.columns["Layer"], dtype=object)
    drawn = shapely.get_type_id(entities.geometries) != shapely.GeometryType.POINT
    on_layer = np.flatnonzero(drawn & (names == chosen) & ~shapely.is_missing(entities.geometries))
    closed = _outline_mask(entities.geometries)[on_layer]
    outlines = on_layer[closed]
    drawn_polygons = _polygons(entities.geometries[outlines])
    labels = _labels(drawn_polygons, entities)
    system, swapped = system_of_drawing(geometries=drawn_polygons, assumed_epsg=assumed_epsg, file=file, layer=chosen)
    if swapped:
        drawn_polygons = shapely.transform(drawn_polygons, lambda xy: xy[:, ::-1])
    geometries = in_cgcs2000(geometries=drawn_polygons, system=system, file=file, layer=chosen)
    problems = [
        *entities.problems,
        *system.problems,
        *_open_lines(np.flatnonzero(~closed) + 1, entities, on_layer, file, chosen),
    ]
    if swapped:
        code, params = SurveyProblemCode.AXES_SWAPPED, {"parcels": len(outlines)}
        problems.append(SurveyProblem(code, params, file, layer=chosen, severity=Severity.WARNING))
    handles = entities.columns["EntityHandle"]
    return SurveyLayer(
        file=file,
        layer=chosen,
        source_crs=system.name,
        columns={
            LABEL_COLUMN: labels,
            "handle": [handles[index] for index in outlines],
            "layer": [chosen] * len(outlines),
        },
        geometries=geometries,
        rows=np.flatnonzero(closed) + 1,
        problems=tuple(problems),
    )


def _entities(path: Path, limits: ReadLimits) -> RawFeatures:
    """The entities of the model space."""
    entities = read_features(
        path=path.resolve(),
        layer=_ENTITIES,
        file=path.name,
        shown_layer=_ENTITIES,
        most_features=limits.features,
    )
    on_paper = np.array([bool(paper) for paper in entities.columns["PaperSpace"]], dtype=bool)
    kept = np.flatnonzero(~on_paper)
    return RawFeatures(
        crs=entities.crs,
        columns={name: [values[i] for i in kept] for name, values in entities.columns.items()},
        geometries=entities.geometries[kept],
        unreadable=entities.unreadable,
        problems=entities.problems,
    )


def _outline_mask(geometries: GeometryArray) -> NDArray[np.bool_]:
    """Closed lines of at least three corners, hatched areas, and areas."""
    kinds = shapely.get_type_id(geometries)
    lines = kinds == shapely.GeometryType.LINESTRING
    closed: NDArray[np.bool_] = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    candidates = np.flatnonzero(lines & (shapely.get_num_coordinates(geometries) >= _FEWEST_COORDINATES))
    closed[candidates] = shapely.is_closed(geometries[candidates])
    return closed


def _polygons(outlines: GeometryArray) -> GeometryArray:
    polygons = outlines.copy()
    lines = shapely.get_type_id(outlines) == shapely.GeometryType.LINESTRING
    polygons[lines] = [shapely.Polygon(shapely.get_coordinates(line)) for line in outlines[lines]]
    return polygons


def _labels(polygons: GeometryArray, entities: RawFeatures) -> list[object]:
    """For each outline the texts inside it, from the top down; None where there is none."""
    texts = np.array(entities.columns["Text"], dtype=object)
    points = shapely.get_type_id(entities.geometries) == shapely.GeometryType.POINT
    written = np.flatnonzero(points & np.array([bool(text) for text in texts], dtype=bool))
    labels: list[list[str]] = [[] for _ in polygons]
    if written.size:
        written = written[np.argsort(-shapely.get_y(entities.geometries[written]), kind="stable")]
        tree = shapely.STRtree(polygons)
        found, outline = tree.query(entities.geometries[written], predicate="intersects")
        for position in np.lexsort((found, outline)):
            text = " ".join(str(texts[written[found[position]]]).split())
            labels[int(outline[position])].append(text)
    return [" ".join(parts) or None for parts in labels]


def _open_lines(
    rows: NDArray[np.int64],
    entities: RawFeatures,
    on_layer: NDArray[np.int64],
    file: str,
    layer: str,
) -> list[SurveyProblem]:
    """Lines of the layer that enclose nothing; a gap in a parcel's outline shows here."""
    handles = entities.columns["EntityHandle"]
    return [
        SurveyProblem(
            SurveyProblemCode.OPEN_POLYLINE,
            {"handle": str(handles[on_layer[row - 1]])},
            file,
            layer=layer,
            row=int(row),
            severity=Severity.WARNING,
        )
        for row in rows
    ]
