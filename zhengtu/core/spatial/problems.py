"""What can be wrong with a survey file or its geometry, as data; the sentences are in problem_texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn

ParameterValue = str | int | float | Decimal


class Severity(StrEnum):
    """How far a problem reaches."""

    ERROR = "error"  # the row (or, without a row, the file) must not be taken over
    WARNING = "warning"  # usable, but a person should look


class SurveyProblemCode(StrEnum):
    """Stable ids of all problems; the only list of them."""

    FILE_MISSING = "file_missing"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_KIND_UNKNOWN = "file_kind_unknown"
    FILE_DAMAGED = "file_damaged"
    DRAWING_NOT_TEXT = "drawing_not_text"
    TEXT_UNDECODABLE = "text_undecodable"
    READER_REMARK = "reader_remark"

    ARCHIVE_PATH_UNSAFE = "archive_path_unsafe"
    ARCHIVE_LINK = "archive_link"
    ARCHIVE_NESTED = "archive_nested"
    ARCHIVE_ENCRYPTED = "archive_encrypted"
    ARCHIVE_TOO_MANY_MEMBERS = "archive_too_many_members"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    ARCHIVE_RATIO = "archive_ratio"
    ARCHIVE_WITHOUT_SHAPEFILE = "archive_without_shapefile"
    SHAPEFILE_PART_MISSING = "shapefile_part_missing"

    LAYER_UNKNOWN = "layer_unknown"
    LAYER_NOT_CHOSEN = "layer_not_chosen"
    LAYERS_MISSING = "layers_missing"
    TOO_MANY_FEATURES = "too_many_features"
    FEATURE_COUNT_DIFFERS = "feature_count_differs"

    CRS_MISSING = "crs_missing"
    CRS_UNREADABLE = "crs_unreadable"
    CRS_CONTRADICTED = "crs_contradicted"
    ASSUMED_CRS_IGNORED = "assumed_crs_ignored"
    OLD_DATUM = "old_datum"
    DATUM_UNSUPPORTED = "datum_unsupported"
    ZONE_UNKNOWN = "zone_unknown"
    COORDINATES_OUT_OF_RANGE = "coordinates_out_of_range"
    LAYER_ELSEWHERE = "layer_elsewhere"
    FEATURE_ELSEWHERE = "feature_elsewhere"

    NO_BOUNDARY_POINTS = "no_boundary_points"
    HEADER_LINE_UNREADABLE = "header_line_unreadable"
    LENGTH_UNIT_UNSUPPORTED = "length_unit_unsupported"
    ZONE_WIDTH_UNSUPPORTED = "zone_width_unsupported"
    PROJECTION_UNSUPPORTED = "projection_unsupported"
    HEADER_ZONE_UNREADABLE = "header_zone_unreadable"
    TRANSFORMATION_DECLARED = "transformation_declared"
    FULL_WIDTH_PUNCTUATION = "full_width_punctuation"
    PARCEL_LINE_UNREADABLE = "parcel_line_unreadable"
    POINT_LINE_UNREADABLE = "point_line_unreadable"
    POINT_BEFORE_PARCEL = "point_before_parcel"
    SHAPE_NOT_AREA = "shape_not_area"
    AXES_SWAPPED = "axes_swapped"
    AXES_UNRECOGNISED = "axes_unrecognised"
    AXES_MIXED = "axes_mixed"
    ZONE_CONTRADICTS_HEADER = "zone_contradicts_header"
    ZONE_FAR_FROM_MERIDIAN = "zone_far_from_meridian"
    RING_TOO_SHORT = "ring_too_short"
    CLOSING_POINT_DIFFERS = "closing_point_differs"
    DUPLICATE_POINT = "duplicate_point"
    POINT_COUNT_DIFFERS = "point_count_differs"
    LAST_RING_OPEN = "last_ring_open"
    DECLARED_AREA_UNREADABLE = "declared_area_unreadable"
    DECLARED_AREA_UNIT = "declared_area_unit"
    DECLARED_AREA_DIFFERS = "declared_area_differs"

    OPEN_POLYLINE = "open_polyline"
    DRAWING_WITHOUT_OUTLINES = "drawing_without_outlines"

    GEOMETRY_UNREADABLE = "geometry_unreadable"
    GEOMETRY_MISSING = "geometry_missing"
    GEOMETRY_EMPTY = "geometry_empty"
    GEOMETRY_NOT_AREA = "geometry_not_area"
    GEOMETRY_NOT_FINITE = "geometry_not_finite"
    GEOMETRY_INVALID = "geometry_invalid"
    GEOMETRY_WITHOUT_AREA = "geometry_without_area"
    GEOMETRY_DUPLICATE = "geometry_duplicate"
    PARCELS_OVERLAP = "parcels_overlap"
    OUTSIDE_PROJECT = "outside_project"
    OUTSIDE_SECTION = "outside_section"
    OUTSIDE_JURISDICTION = "outside_jurisdiction"
    OUTLINE_INVALID = "outline_invalid"
    OUTLINE_DISPLACED = "outline_displaced"


@dataclass(frozen=True, slots=True)
class SurveyProblem:
    """One finding about a file, a row or a field.

    Attributes:
        code: what is wrong.
        params: values for the places in the templates of ``problem_texts``; a ``label:``-prefixed
            text is a msgid of its own and is translated before it is put in.
        file: name of the file as the user knows it, or None when the geometry came from elsewhere.
        layer: layer of the file, or None.
        row: line number of a text file, else the 1-based position of the feature in its layer.
        field: name of the field, or None.
        severity: whether the row may be taken over.
    """

    code: SurveyProblemCode
    params: Mapping[str, ParameterValue] = dataclass_field(default_factory=dict, hash=False)
    file: str | None = None
    layer: str | None = None
    row: int | None = None
    field: str | None = None
    severity: Severity = Severity.ERROR


class SurveyFileRefused(Exception):
    """The file cannot be taken at all; ``problem`` says why and what to do."""

    def __init__(self, problem: SurveyProblem) -> None:
        """Keep the problem."""
        super().__init__(problem)
        self.problem = problem


def refuse(
    *,
    code: SurveyProblemCode,
    file: str,
    layer: str | None = None,
    row: int | None = None,
    field: str | None = None,
    **params: ParameterValue,
) -> NoReturn:
    """Refuse a whole file.

    Raises:
        SurveyFileRefused: always.
    """
    raise SurveyFileRefused(SurveyProblem(code=code, params=params, file=file, layer=layer, row=row, field=field))
