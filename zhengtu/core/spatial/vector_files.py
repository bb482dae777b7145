"""Survey files of every accepted format read into one value: the two functions an importer needs.

GeoPackage, zipped Shapefile, GeoJSON (and TopoJSON), DXF and the boundary-point TXT. What cannot be read
rightly is refused with the reason and the remedy; what can be read but looks odd is read and reported.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import numpy as np

from zhengtu.core.spatial.archives import unpack_shapefiles
from zhengtu.core.spatial.boundary_points import (
    DEFAULT_AREA_TOLERANCE,
    BoundaryPointFile,
    read_boundary_points,
)
from zhengtu.core.spatial.drawings import drawing_layers, read_drawing
from zhengtu.core.spatial.feature_reading import feature_count, layer_info, layer_names, read_features
from zhengtu.core.spatial.file_kinds import (
    DEFAULT_LIMITS,
    ReadLimits,
    SurveyFileKind,
    survey_file_kind,
)
from zhengtu.core.spatial.problems import Severity, SurveyProblem, SurveyProblemCode, refuse
from zhengtu.core.spatial.reference_systems import (
    are_degrees,
    check_magnitudes,
    in_cgcs2000,
    source_system,
)
from zhengtu.core.spatial.survey_layer import (
    LonLatBox,
    SurveyLayer,
    SurveyLayerSummary,
    chosen_layer,
    place_problems,
)

_JSON_DRIVERS: Final = frozenset({"GeoJSON", "TopoJSON"})


@dataclass(frozen=True, slots=True)
class _Opened:
    """A layer ready for the reader: where it lies and what it is called there."""

    name: str
    path: Path
    inner_layer: str
    encoding: str | None


def survey_layers(*, path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> tuple[SurveyLayerSummary, ...]:
    """The layers of a survey file that can be chosen.

    Args:
        path: the file.
        limits: how much it may ask of the machine.

    Raises:
        SurveyFileRefused: when the file cannot be taken.
    """
    kind = survey_file_kind(path=path, limits=limits)
    if kind is SurveyFileKind.DXF:
        return drawing_layers(path=path, limits=limits)
    if kind is SurveyFileKind.BOUNDARY_POINTS:
        read = read_boundary_points(path=path, limits=limits)
        crs = ", ".join(sorted({f"EPSG:{parcel.epsg}" for parcel in read.parcels}))
        return (SurveyLayerSummary(path.stem, "Polygon", len(read.parcels), crs or None),)
    summaries = []
    with _opened(path, kind, limits) as layers:
        for each in layers:
            info = layer_info(path=each.path, layer=each.inner_layer, file=path.name)
            kind_name = str(info["geometry_type"])
            features = feature_count(path=each.path, layer=each.inner_layer, file=path.name)
            summaries.append(SurveyLayerSummary(each.name, kind_name, features, info["crs"]))
    return tuple(summaries)


def read_survey_layer(
    *,
    path: Path,
    layer: str | None = None,
    assumed_epsg: int | None = None,
    expected_box: LonLatBox | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
    area_tolerance: Decimal = DEFAULT_AREA_TOLERANCE,
) -> SurveyLayer:
    """Read one layer of a survey file.

    Args:
        path: the file.
        layer: name of the layer; needed when the file has several.
        assumed_epsg: the reference system of files that declare none.
        expected_box: west, south, east, north in degrees; what lies outside is reported.
        limits: how much the file may ask of the machine.
        area_tolerance: for boundary-point files, see ``parse_boundary_points``.

    Returns:
        The layer, in EPSG:4490, with what was found while reading. Judge its geometries with
        ``validation.check_geometries``.

    Raises:
        SurveyFileRefused: when it cannot be read rightly; the problem says why and what to do.
    """
    kind = survey_file_kind(path=path, limits=limits)
    if kind is SurveyFileKind.BOUNDARY_POINTS:
        chosen_layer(layers=[path.stem], layer=layer, file=path.name)
        points = read_boundary_points(
            path=path, assumed_epsg=assumed_epsg, limits=limits, area_tolerance=area_tolerance
        )
        found = _layer_of_boundary_points(points, path.stem)
    elif kind is SurveyFileKind.DXF:
        found = read_drawing(path=path, layer=layer, assumed_epsg=assumed_epsg, limits=limits)
    else:
        with _opened(path, kind, limits) as layers:
            names = [each.name for each in layers]
            name = chosen_layer(layers=names, layer=layer, file=path.name)
            opened = layers[names.index(name)]
            found = _layer_of_features(opened, kind, path.name, assumed_epsg, limits)
    if expected_box is None:
        return found
    strays = place_problems(
        geometries=found.geometries, rows=found.rows, expected_box=expected_box, file=found.file, layer=found.layer
    )
    return replace(found, problems=(*found.problems, *strays))


@contextmanager
def _opened(path: Path, kind: SurveyFileKind, limits: ReadLimits) -> Iterator[list[_Opened]]:
    """The layers with geometry; an archive stays unpacked as long as the context lasts."""
    if kind is SurveyFileKind.ZIPPED_SHAPEFILE:
        with tempfile.TemporaryDirectory(prefix="zhengtu-survey-") as folder:
            shapefiles = unpack_shapefiles(path=path, folder=Path(folder), limits=limits)
            yield [_Opened(each.name, each.path, each.path.stem, each.encoding) for each in shapefiles]
        return
    absolute = path.resolve()
    named = [name for name, kind in layer_names(path=absolute, file=path.name) if kind is not None]
    if not named:
        refuse(code=SurveyProblemCode.LAYERS_MISSING, file=path.name)
    if kind is SurveyFileKind.GEOJSON and len(named) == 1:
        yield [_Opened(path.stem, absolute, named[0], None)]
    else:
        yield [_Opened(name, absolute, name, None) for name in named]


def _layer_of_features(
    opened: _Opened, kind: SurveyFileKind, file: str, assumed_epsg: int | None, limits: ReadLimits
) -> SurveyLayer:
    info = layer_info(path=opened.path, layer=opened.inner_layer, file=file)
    if kind is SurveyFileKind.GEOJSON and info["driver"] not in _JSON_DRIVERS:
        refuse(code=SurveyProblemCode.FILE_KIND_UNKNOWN, file=file)
    options = {"IMMUTABLE": "YES"} if kind is SurveyFileKind.GEOPACKAGE else {}
    raw = read_features(
        path=opened.path,
        layer=opened.inner_layer,
        file=file,
        shown_layer=opened.name,
        most_features=limits.features,
        encoding=opened.encoding,
        **options,
    )
    # GeoJSON that names no system is in degrees by its standard; numbers that cannot be degrees show
    # that the writer left the system out.
    silent = kind is SurveyFileKind.GEOJSON and raw.crs == "EPSG:4326" and not are_degrees(raw.geometries)
    system = source_system(
        declared=None if silent else raw.crs, assumed_epsg=assumed_epsg, file=file, layer=opened.name
    )
    check_magnitudes(geometries=raw.geometries, epsg=system.epsg, file=file, layer=opened.name)
    geometries = in_cgcs2000(geometries=raw.geometries, system=system, file=file, layer=opened.name)
    code = SurveyProblemCode.GEOMETRY_UNREADABLE
    announced = _announced_count(int(info["features"]), len(geometries), file, opened.name)
    unreadable = [SurveyProblem(code, {}, file, opened.name, int(i) + 1) for i in raw.unreadable]
    return SurveyLayer(
        file=file,
        layer=opened.name,
        source_crs=system.name,
        columns=raw.columns,
        geometries=geometries,
        rows=np.arange(1, len(geometries) + 1),
        problems=(*raw.problems, *system.problems, *announced, *unreadable),
    )


def _announced_count(announced: int, present: int, file: str, layer: str) -> tuple[SurveyProblem, ...]:
    """A warning when a file (a GeoPackage keeps a count of its own) speaks of features that are not there."""
    if announced == present:
        return ()
    code, params = SurveyProblemCode.FEATURE_COUNT_DIFFERS, {"announced": announced, "present": present}
    return (SurveyProblem(code, params, file, layer=layer, severity=Severity.WARNING),)


def _layer_of_boundary_points(read: BoundaryPointFile, name: str) -> SurveyLayer:
    """A boundary-point file as a layer; its columns bear the field names of the format."""
    parcels = read.parcels
    geometries = np.empty(len(parcels), dtype=object)
    geometries[:] = [parcel.geometry for parcel in parcels]
    systems = sorted({f"EPSG:{parcel.epsg}" for parcel in parcels})
    return SurveyLayer(
        file=read.file,
        layer=name,
        source_crs=", ".join(systems),
        columns={
            "地块编号": [parcel.code for parcel in parcels],
            "地块名称": [parcel.name for parcel in parcels],
            "图幅号": [parcel.map_sheet for parcel in parcels],
            "地块用途": [parcel.land_use for parcel in parcels],
            "地块面积": [parcel.declared_area_m2 for parcel in parcels],
            "计算面积": [parcel.area_m2 for parcel in parcels],
        },
        geometries=geometries,
        rows=np.array([parcel.row for parcel in parcels], dtype=np.int64),
        problems=read.problems,
    )
