"""What each survey problem says and what to do about it: English templates, the msgids of translations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.spatial.problems import SurveyProblem
from zhengtu.core.spatial.problems import SurveyProblemCode as Code

REASON_CODE_PREFIX: Final = "spatial."

# What GEOS says of invalid polygons; these reach messages as ``label:`` parameters.
INVALIDITY_REASONS: Final = (
    N_("Topology Validation Error"),
    N_("Repeated Point"),
    N_("Hole lies outside shell"),
    N_("Holes are nested"),
    N_("Interior is disconnected"),
    N_("Self-intersection"),
    N_("Ring Self-intersection"),
    N_("Nested shells"),
    N_("Duplicate Rings"),
    N_("Too few points in geometry component"),
    N_("Invalid Coordinate"),
    N_("Ring is not closed"),
)

_EXPORT_AGAIN: Final = N_("Export or copy the file again and upload it whole.")
_ZIP_AGAIN: Final = N_("Pack only the parts of the Shapefile (.shp, .shx, .dbf, .prj, .cpg) into one zip.")
_DRAW_AGAIN: Final = N_("Correct the outline in the survey software and import it again.")
_SUPPLY_2000: Final = N_(
    "Have the surveyor transform the data to CGCS2000 (2000国家大地坐标系) with the official parameters; "
    "do not merely rename the coordinate system."
)
_CORRECT_HEADER: Final = N_("Correct the header of the file and import it again.")
_CORRECT_LINE: Final = N_("Correct this line and import the file again.")
_CHECK_CRS: Final = N_("Check which coordinate system the file is in and export it again with the right one.")

TEXTS: Final[Mapping[Code, tuple[str, str]]] = {
    Code.FILE_MISSING: (
        N_("The file is not there."),
        N_("Check the path or upload the file again."),
    ),
    Code.FILE_EMPTY: (N_("The file is empty."), _EXPORT_AGAIN),
    Code.FILE_TOO_LARGE: (
        N_("The file has %(size_mb)s MB; at most %(limit_mb)s MB are accepted."),
        N_("Divide it, for instance by project or section, and import the parts."),
    ),
    Code.FILE_KIND_UNKNOWN: (
        N_("The content is none of the accepted survey formats."),
        N_("Supply a GeoPackage, a zipped Shapefile, GeoJSON, DXF or a boundary-point TXT."),
    ),
    Code.FILE_DAMAGED: (N_("The file is damaged or incomplete."), _EXPORT_AGAIN),
    Code.DRAWING_NOT_TEXT: (
        N_("The file is a DWG or binary drawing, which cannot be read."),
        N_("Save it as DXF in text form (ASCII) and import that."),
    ),
    Code.TEXT_UNDECODABLE: (
        N_("The characters of the file are in no known encoding."),
        N_("Save it as UTF-8, or for TXT as GBK, and import it again."),
    ),
    Code.READER_REMARK: (
        N_("The reader remarks: %(remark)s"),
        N_("Look at the layer on the map before you take it over."),
    ),
    Code.ARCHIVE_PATH_UNSAFE: (
        N_("The archive holds a file that points outside of it: %(member)s."),
        _ZIP_AGAIN,
    ),
    Code.ARCHIVE_LINK: (N_("The archive holds a link instead of a file: %(member)s."), _ZIP_AGAIN),
    Code.ARCHIVE_NESTED: (N_("The archive holds another archive: %(member)s."), _ZIP_AGAIN),
    Code.ARCHIVE_ENCRYPTED: (
        N_("The archive is protected by a password: %(member)s."),
        N_("Pack it without a password."),
    ),
    Code.ARCHIVE_TOO_MANY_MEMBERS: (
        N_("The archive holds %(members)s files; at most %(limit)s are accepted."),
        _ZIP_AGAIN,
    ),
    Code.ARCHIVE_TOO_LARGE: (
        N_("Unpacked, the archive has %(size_mb)s MB or more; at most %(limit_mb)s MB are accepted."),
        N_("Divide it, for instance by project or section, and import the parts."),
    ),
    Code.ARCHIVE_RATIO: (
        N_("The archive unpacks to %(ratio)s times its size; at most %(limit)s times is accepted."),
        _ZIP_AGAIN,
    ),
    Code.ARCHIVE_WITHOUT_SHAPEFILE: (N_("The archive holds no Shapefile."), _ZIP_AGAIN),
    Code.SHAPEFILE_PART_MISSING: (N_("The Shapefile lacks its %(part)s part."), _ZIP_AGAIN),
    Code.LAYER_UNKNOWN: (
        N_("There is no layer “%(asked)s”; the file has: %(layers)s."),
        N_("Choose one of these layers."),
    ),
    Code.LAYER_NOT_CHOSEN: (
        N_("The file has several layers: %(layers)s."),
        N_("Choose the layer to import."),
    ),
    Code.LAYERS_MISSING: (N_("The file holds no layer with geometry."), _EXPORT_AGAIN),
    Code.TOO_MANY_FEATURES: (
        N_("The layer has %(features)s features; at most %(limit)s are accepted."),
        N_("Divide it, for instance by project or section, and import the parts."),
    ),
    Code.FEATURE_COUNT_DIFFERS: (
        N_("The file announces %(announced)s features, %(present)s are there."),
        N_("Ask whoever made the file whether features were deleted or lost."),
    ),
    Code.CRS_MISSING: (
        N_("The file does not say which coordinate system it is in."),
        N_("Export it with its coordinate system (for Shapefiles the .prj part, for TXT the line 坐标系), or name it."),
    ),
    Code.CRS_UNREADABLE: (N_("The coordinate system “%(declared)s” is not known."), _CHECK_CRS),
    Code.CRS_CONTRADICTED: (
        N_("The file declares %(declared)s, but coordinates such as x %(x)s, y %(y)s cannot be in it."),
        _CHECK_CRS,
    ),
    Code.ASSUMED_CRS_IGNORED: (
        N_("You named %(assumed)s, but the file itself is in %(declared)s, which was used."),
        N_("Look at the layer on the map before you take it over."),
    ),
    Code.OLD_DATUM: (N_("The coordinates are on the old datum %(datum)s."), _SUPPLY_2000),
    Code.DATUM_UNSUPPORTED: (N_("The coordinate system “%(datum)s” is not CGCS2000."), _SUPPLY_2000),
    Code.ZONE_UNKNOWN: (
        N_("The eastings carry no zone number and the file does not name its zone."),
        N_("Add the zone (带号; 42 for Jilin City west of 127°30′E), or name the coordinate system."),
    ),
    Code.COORDINATES_OUT_OF_RANGE: (
        N_("Coordinates such as x %(x)s, y %(y)s have no place on Earth in %(declared)s."),
        _CHECK_CRS,
    ),
    Code.LAYER_ELSEWHERE: (
        N_("The whole layer lies elsewhere, around %(lon)s°E, %(lat)s°N."),
        _CHECK_CRS,
    ),
    Code.FEATURE_ELSEWHERE: (
        N_("The feature lies elsewhere, around %(lon)s°E, %(lat)s°N."),
        N_("Check its coordinates, or leave it out of the file."),
    ),
    Code.NO_BOUNDARY_POINTS: (
        N_("The file holds no parcels under the heading [地块坐标]."),
        N_("Supply a boundary-point file in the format of the natural-resource authorities."),
    ),
    Code.HEADER_LINE_UNREADABLE: (
        N_("The header line “%(line)s” is not of the form key=value and was passed over."),
        _CORRECT_HEADER,
    ),
    Code.LENGTH_UNIT_UNSUPPORTED: (
        N_("The unit of length “%(unit)s” is not supported."),
        N_("Supply coordinates in metres (米)."),
    ),
    Code.ZONE_WIDTH_UNSUPPORTED: (
        N_("The zones are %(width)s degrees wide."),
        N_("Supply coordinates in 3-degree zones (几度分带=3)."),
    ),
    Code.PROJECTION_UNSUPPORTED: (
        N_("The projection “%(projection)s” is not supported."),
        N_("Supply Gauss-Krüger coordinates (高斯克吕格) in 3-degree zones."),
    ),
    Code.HEADER_ZONE_UNREADABLE: (
        N_("The zone “%(zone)s” in the header is not 25 to 45 and was passed over."),
        _CORRECT_HEADER,
    ),
    Code.TRANSFORMATION_DECLARED: (
        N_("The header states transformation parameters (%(parameters)s); the coordinates were taken as they stand."),
        N_("Make sure that the coordinates are already in CGCS2000."),
    ),
    Code.FULL_WIDTH_PUNCTUATION: (
        N_("Full-width commas separate the fields, from this line on."),
        N_("The file was read; use half-width commas when you submit it to the authority."),
    ),
    Code.PARCEL_LINE_UNREADABLE: (
        N_("The parcel line “%(line)s” cannot be read; the parcel was left out."),
        N_("A parcel line has seven fields separated by commas and ends in @."),
    ),
    Code.POINT_LINE_UNREADABLE: (
        N_("The point line “%(line)s” cannot be read; its parcel was left out."),
        N_("A point line is: point number, ring number, X, Y."),
    ),
    Code.POINT_BEFORE_PARCEL: (
        N_("The point “%(line)s” comes before any parcel line."),
        N_("Put the line of the parcel (ending in @) before its points."),
    ),
    Code.SHAPE_NOT_AREA: (
        N_("“%(name)s” is a line or point (%(kind)s), not an area, and was left out."),
        N_("Mark areas as 面 in the fifth field."),
    ),
    Code.AXES_SWAPPED: (
        N_("Easting stands before northing in %(parcels)s parcels; they were read accordingly."),
        N_("The statutory order is X = northing, Y = easting; correct the file before you submit it."),
    ),
    Code.AXES_UNRECOGNISED: (
        N_("The coordinates X %(x)s, Y %(y)s of point %(point)s are no CGCS2000 coordinates of China."),
        _CORRECT_LINE,
    ),
    Code.AXES_MIXED: (
        N_("The coordinates X %(x)s, Y %(y)s of point %(point)s are of another kind than those of its parcel."),
        _CORRECT_LINE,
    ),
    Code.ZONE_CONTRADICTS_HEADER: (
        N_("The coordinates are in zone %(zones)s, the header says zone “%(header_zone)s”."),
        N_("Correct the zone (带号) or the coordinates; put parcels of different zones into different files."),
    ),
    Code.ZONE_FAR_FROM_MERIDIAN: (
        N_("The parcel lies %(degrees)s degrees from the central meridian of zone %(zone)s."),
        N_("Check the zone, or supply the parcel in the zone it lies in."),
    ),
    Code.RING_TOO_SHORT: (
        N_("The ring at point “%(point)s” has %(corners)s different corners; three are the least."),
        _CORRECT_LINE,
    ),
    Code.CLOSING_POINT_DIFFERS: (
        N_("Point %(point)s closes its ring %(distance)s away from where it began."),
        N_("Give the closing point the coordinates of the first one, or another number."),
    ),
    Code.DUPLICATE_POINT: (
        N_("Point %(point)s stands at the same place as the point before it."),
        N_("Remove the repeated point."),
    ),
    Code.POINT_COUNT_DIFFERS: (
        N_("%(declared)s points are declared, %(present)s are there; the file may be cut short."),
        _EXPORT_AGAIN,
    ),
    Code.LAST_RING_OPEN: (
        N_("The last ring of the file is not closed although others are; the file may be cut short."),
        _EXPORT_AGAIN,
    ),
    Code.DECLARED_AREA_UNREADABLE: (
        N_("The declared area “%(text)s” cannot be read."),
        N_("Declare the area in hectares, as a number."),
    ),
    Code.DECLARED_AREA_UNIT: (
        N_("The declared area %(text)s was taken as %(unit)s, for that fits the coordinates."),
        N_("The format wants hectares; correct the file before you submit it."),
    ),
    Code.DECLARED_AREA_DIFFERS: (
        N_("The declared area is %(declared_m2)s m², the coordinates enclose %(computed_m2)s m²."),
        N_("Find out which is right before compensation is computed from it."),
    ),
    Code.OPEN_POLYLINE: (
        N_("The line %(handle)s is not closed and encloses no parcel."),
        N_("Close it in the drawing, or move it to another layer."),
    ),
    Code.DRAWING_WITHOUT_OUTLINES: (
        N_("The drawing holds no closed outline."),
        N_("Draw parcels as closed polylines."),
    ),
    Code.GEOMETRY_UNREADABLE: (N_("The geometry is damaged and cannot be read."), _EXPORT_AGAIN),
    Code.GEOMETRY_MISSING: (
        N_("The feature has no geometry."),
        N_("Draw its outline, or leave it out of the file."),
    ),
    Code.GEOMETRY_EMPTY: (
        N_("The geometry is empty."),
        N_("Draw its outline, or leave it out of the file."),
    ),
    Code.GEOMETRY_NOT_AREA: (
        N_("The geometry is no area (%(kind)s)."),
        N_("Choose a layer of polygons, or draw the outline as an area."),
    ),
    Code.GEOMETRY_NOT_FINITE: (N_("The geometry has coordinates that are no numbers."), _DRAW_AGAIN),
    Code.GEOMETRY_INVALID: (
        N_("The outline is invalid: %(reason)s at %(lon)s, %(lat)s."),
        _DRAW_AGAIN,
    ),
    Code.GEOMETRY_WITHOUT_AREA: (N_("The outline encloses no area."), _DRAW_AGAIN),
    Code.GEOMETRY_DUPLICATE: (
        N_("The outline is the same as that of row %(other_row)s."),
        N_("Remove one of the two."),
    ),
    Code.PARCELS_OVERLAP: (
        N_("The outline overlaps that of row %(other_row)s by %(area_m2)s m²."),
        N_("Settle the boundary between the two and correct it in the survey software."),
    ),
    Code.OUTSIDE_PROJECT: (
        N_("%(area_m2)s m² (%(percent)s %%) lie outside the project %(container)s."),
        N_("Check the outline and the project it was assigned to."),
    ),
    Code.OUTSIDE_SECTION: (
        N_("%(area_m2)s m² (%(percent)s %%) lie outside the section %(container)s."),
        N_("Check the outline and the section it was assigned to."),
    ),
    Code.OUTSIDE_JURISDICTION: (
        N_("%(area_m2)s m² (%(percent)s %%) lie outside %(container)s."),
        N_("Check the outline and the district it was assigned to."),
    ),
    Code.OUTLINE_INVALID: (
        N_(
            "The outline of %(name)s is itself invalid (%(reason)s at %(lon)s, %(lat)s); "
            "nothing was checked against it."
        ),
        N_("Replace it by the official outline."),
    ),
    Code.OUTLINE_DISPLACED: (
        N_(
            "%(name)s lies in the wrong place: %(east_km)s km east, %(north_km)s km north; "
            "it agrees with the official outline by only %(percent)s %%."
        ),
        _CHECK_CRS,
    ),
}


def reason_of(problem: SurveyProblem) -> Reason:
    """The problem as a reason: what it says and what to do; file, layer and row remain the problem's own."""
    message, remedy = TEXTS[problem.code]
    return Reason(
        code=f"{REASON_CODE_PREFIX}{problem.code}",
        message=message,
        parameters=problem.params,
        remedy=remedy,
    )
