"""Boundary-point files written and read back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtu.core.spatial.boundary_point_writing import ParcelOutline, write_boundary_points
from zhengtu.core.spatial.boundary_points import parse_boundary_points
from zhengtu.core.spatial.projections import GaussKruegerPlane, transform

TODAY = date(2025, 6, 15)


def in_degrees(geometry: shapely.Geometry, plane: GaussKruegerPlane) -> shapely.Geometry:
    return transform(geometries=np.array([geometry], dtype=object), source=plane.epsg, target=4490)[0]


@st.composite
def outlines(draw: st.DrawFn, plane: GaussKruegerPlane) -> shapely.Geometry:
    """Star-shaped outlines with a courtyard or not, in one or two parts, on whole millimetres."""

    def star(east: float, north: float, least: int, most: int) -> list[tuple[float, float]]:
        radii = draw(st.lists(st.integers(least, most), min_size=3, max_size=12))
        angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
        return [
            (round(east + r * np.cos(a), 3), round(north + r * np.sin(a), 3))
            for r, a in zip(radii, angles, strict=True)
        ]

    base = plane.zone * 1_000_000 if plane.prefixed else 0
    east, north = base + draw(st.integers(400_000, 600_000)), draw(st.integers(3_500_000, 5_500_000))
    holes = [star(east, north, 1, 20)] if draw(st.booleans()) else []
    first = shapely.Polygon(star(east, north, 100, 300), holes)
    if draw(st.booleans()):
        return first
    return shapely.MultiPolygon([first, shapely.Polygon(star(east + 1000, north, 50, 300))])


@given(data=st.data(), zone=st.integers(25, 45), prefixed=st.booleans(), encoding=st.sampled_from(["gb18030", "utf-8"]))
@settings(deadline=None, max_examples=60)
def test_what_is_written_is_read_back(data: st.DataObject, zone: int, prefixed: bool, encoding: str) -> None:
    plane = GaussKruegerPlane(zone=zone, prefixed=prefixed)
    shapes = data.draw(st.lists(outlines(plane), min_size=1, max_size=3))
    names = data.draw(st.lists(st.text("船营区,@ 一A1\n", max_size=8), min_size=3, max_size=3))
    written = write_boundary_points(
        parcels=[ParcelOutline(f"{n}", names[n], in_degrees(shape, plane)) for n, shape in enumerate(shapes)],
        plane=plane,
        produced_by="吉林市勘测院",
        produced_on=TODAY,
        encoding=encoding,
    )
    read = parse_boundary_points(data=written, file="界址点.txt")
    assert read.problems == ()
    assert len(read.parcels) == len(shapes)
    for parcel, shape in zip(read.parcels, shapes, strict=True):
        assert parcel.epsg == plane.epsg
        drawn = transform(geometries=np.array([parcel.geometry], dtype=object), source=4490, target=plane.epsg)[0]
        assert len(shapely.get_rings(drawn)) == len(shapely.get_rings(shape))
        assert drawn.boundary.hausdorff_distance(shape.boundary) < 0.001
        assert float(parcel.area_m2) == pytest.approx(shape.area, abs=0.0051)
    again = write_boundary_points(
        parcels=[ParcelOutline(each.code, each.name, each.geometry) for each in read.parcels],
        plane=plane,
        produced_by=read.header.produced_by,
        produced_on=TODAY,
        encoding=encoding,
    )
    assert again == written


def test_the_written_text() -> None:
    plane = GaussKruegerPlane(zone=42)
    shape = in_degrees(shapely.box(42544231.809, 4856191.71, 42544331.809, 4856241.71), plane)
    parcel = ParcelOutline("1", "甲,乙", shape, land_use="住宅")
    text = write_boundary_points(parcels=[parcel], plane=plane, produced_by="院", produced_on=TODAY).decode("gb18030")
    assert text.split("\r\n")[11:] == [
        "[地块坐标]",
        "5,0.5000,1,甲，乙,面,,住宅,,@",
        "J1,1,4856191.710,42544331.809",
        "J2,1,4856241.710,42544331.809",
        "J3,1,4856241.710,42544231.809",
        "J4,1,4856191.710,42544231.809",
        "J1,1,4856191.710,42544331.809",
        "",
    ]


@pytest.mark.parametrize("geometry", [None, shapely.Polygon(), shapely.Point(126.5, 43.8)])
def test_only_areas_can_be_written(geometry: shapely.Geometry) -> None:
    with pytest.raises(ValueError, match="only polygons"):
        write_boundary_points(
            parcels=[ParcelOutline("1", "甲", geometry)],
            plane=GaussKruegerPlane(zone=42),
            produced_by="院",
            produced_on=TODAY,
        )
