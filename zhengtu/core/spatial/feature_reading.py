"""The door to the feature reader (GDAL): its failures become refusals, its warnings become problems."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray

from zhengtu.core.spatial.problems import (
    Severity,
    SurveyProblem,
    SurveyProblemCode,
    refuse,
)
from zhengtu.core.spatial.projections import GeometryArray

Result = TypeVar("Result")

_FOLDERS: Final = re.compile(r"/\S*/")
_UNKNOWN_FORMAT: Final = "not recognized as being in a supported file format"
_MOST_REMARKS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class RawFeatures:
    """Features as the file has them.

    Attributes:
        crs: the declared reference system, or None.
        columns: attribute name -> plain values.
        geometries: in the file's own coordinates, 2D; None where missing or unreadable.
        unreadable: positions whose geometry is damaged.
        problems: what the reader remarked.
    """

    crs: str | None
    columns: dict[str, list[object]]
    geometries: GeometryArray
    unreadable: NDArray[np.int64]
    problems: tuple[SurveyProblem, ...]


def guarded(*, call: Callable[[], Result], file: str, layer: str | None) -> Result:
    """Call the reader; whatever it raises becomes a refusal of the file. Its remarks are dropped.

    Raises:
        SurveyFileRefused: ``file_kind_unknown``, ``text_undecodable`` or ``file_damaged``.
    """
    return _remarked(call=call, file=file, layer=layer)[0]


def _remarked(*, call: Callable[[], Result], file: str, layer: str | None) -> tuple[Result, list[str]]:
    """Like ``guarded``, with what the reader remarked: it warns where it reads only part of a file."""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = call()
        remarks = dict.fromkeys(_plain(str(warning.message)) for warning in caught)
        return result, list(remarks)[:_MOST_REMARKS]
    except UnicodeDecodeError:
        refuse(code=SurveyProblemCode.TEXT_UNDECODABLE, file=file, layer=layer)
    except Exception as error:  # a foreign reader on hostile bytes fails in ways nobody lists
        if _UNKNOWN_FORMAT in str(error):
            refuse(code=SurveyProblemCode.FILE_KIND_UNKNOWN, file=file)
        refuse(code=SurveyProblemCode.FILE_DAMAGED, file=file, layer=layer, detail=_plain(str(error)))


def _plain(message: str) -> str:
    """A reader's message without the server's folder names."""
    return _FOLDERS.sub("", message).strip()[:300]


def layer_names(*, path: Path, file: str) -> list[tuple[str, str | None]]:
    """The layers of a file with their geometry kinds; the kind of a table without geometry is None."""
    listed = guarded(call=lambda: pyogrio.list_layers(path), file=file, layer=None)
    return [(str(name), None if kind is None else str(kind)) for name, kind in listed]


def layer_info(*, path: Path, layer: str, file: str) -> dict[str, Any]:
    """The reader's description of a layer: ``crs``, ``features``, ``driver`` and more."""

    def call() -> dict[str, Any]:
        info: dict[str, Any] = pyogrio.read_info(path, layer=layer, force_feature_count=True)
        return info

    return guarded(call=call, file=file, layer=layer)


def feature_count(*, path: Path, layer: str, file: str) -> int:
    """How many features a layer really has; a GeoPackage's own count may be out of date."""

    def call() -> int:
        return len(pyogrio.raw.read(path, layer=layer, read_geometry=False, columns=[], return_fids=True)[1])

    return guarded(call=call, file=file, layer=layer)


def read_features(
    *,
    path: Path,
    layer: str,
    file: str,
    shown_layer: str,
    most_features: int,
    encoding: str | None = None,
    **open_options: str,
) -> RawFeatures:
    """Read one layer whole.

    Args:
        path: the file the reader opens.
        layer: the layer's name there.
        file: the name of the file as the user knows it.
        shown_layer: the name of the layer as the user knows it.
        most_features: reading stops (and is refused) above this number.
        encoding: of attribute texts, when the file does not say.
        open_options: for the reader.

    Raises:
        SurveyFileRefused: when the layer cannot be read or is too large.
    """

    def call() -> Any:
        limits = {"force_2d": True, "max_features": most_features + 1}
        return pyogrio.raw.read(path, layer=layer, encoding=encoding, **limits, **open_options)

    (meta, _, blobs, values), remarks = _remarked(call=call, file=file, layer=shown_layer)
    blobs = np.empty(0, dtype=object) if blobs is None else blobs
    if len(blobs) > most_features:
        code = SurveyProblemCode.TOO_MANY_FEATURES
        refuse(code=code, file=file, layer=shown_layer, features=len(blobs), limit=most_features)
    geometries = guarded(call=lambda: shapely.from_wkb(blobs, on_invalid="ignore"), file=file, layer=shown_layer)
    present = np.array([blob is not None for blob in blobs], dtype=bool)
    columns = {
        str(name): guarded(call=partial(plain_values, column=column, kind=str(kind)), file=file, layer=shown_layer)
        for name, column, kind in zip(meta["fields"], values, meta["ogr_types"], strict=True)
    }
    unreadable = np.flatnonzero(present & shapely.is_missing(geometries))
    problems = tuple(_remark(text, file, shown_layer) for text in remarks)
    return RawFeatures(meta["crs"], columns, geometries, unreadable, problems)


def _remark(text: str, file: str, layer: str) -> SurveyProblem:
    code, params = SurveyProblemCode.READER_REMARK, {"remark": text}
    return SurveyProblem(code, params, file, layer=layer, severity=Severity.WARNING)


def plain_values(*, column: NDArray[Any], kind: str) -> list[object]:
    """A column as plain Python values: int, float, str, bool, date, datetime, bytes; None where empty.

    Args:
        column: as the reader delivers it (whole numbers with gaps come as floats with NaN).
        kind: the reader's name of the field type.
    """
    if np.issubdtype(column.dtype, np.datetime64):
        moments: Sequence[object] = column.astype("datetime64[us]").astype(object).tolist()
        if kind == "OFTDate":
            return [moment.date() if isinstance(moment, datetime) else moment for moment in moments]
        return list(moments)
    whole = kind in ("OFTInteger", "OFTInteger64")
    return [_plain_value(value, whole) for value in column.tolist()]


def _plain_value(value: object, whole: bool) -> object:
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if whole else value
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (str, int, bool, bytes, date)) or value is None:
        return value
    return str(value)
