"""Corridors: what cuts them, what each piece of land opens, and how roads that meet close into a network."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from zhengtu.core.spatial.axes import strip_of
from zhengtu.core.spatial.corridors import Corridor, LandPiece, corridor_of
from zhengtu.core.spatial.networks import networks_of
from zhengtu.core.spatial.projections import CGCS2000, transform

PLANE = 4530
ORIGIN = np.array([42_544_000.0, 4_850_000.0])
"""East and north in the plane of zone 42, in the town."""


def on_earth(shape: BaseGeometry) -> BaseGeometry:
    """A shape drawn in metres around the origin, in degrees."""
    placed = shapely.transform(shape, lambda xy: xy + ORIGIN)
    return transform(geometries=np.array([placed], dtype=object), source=PLANE, target=CGCS2000)[0]


def strip(start: float, end: float, *, north: float = 0.0, width: float = 60.0) -> BaseGeometry:
    """A straight piece of corridor from west to east."""
    return on_earth(shapely.box(start, north - width / 2, end, north + width / 2))


def upright(start: float, end: float, *, east: float, width: float = 60.0) -> BaseGeometry:
    """A straight piece from south to north."""
    return on_earth(shapely.box(east - width / 2, start, east + width / 2, end))


def five(free: str, households: tuple[int, ...] = (5, 5, 5, 5, 5)) -> list[LandPiece]:
    """Five sections of 400 m; ``free`` says with F which are handed over."""
    return [
        LandPiece(f"S{number + 1}", strip(400 * number, 400 * number + 400), flag == "F", 0 if flag == "F" else left)
        for number, (flag, left) in enumerate(zip(free, households, strict=True))
    ]


def opened(corridor: Corridor) -> list[tuple[str, int, int]]:
    return [(one.codes[0], round(one.joins_m), round(one.opens_m)) for one in corridor.openings]


def test_five_sections_with_two_gaps() -> None:
    corridor = corridor_of(five("F.F.F", (0, 8, 0, 2, 0)))
    assert corridor.length_m == pytest.approx(2000, abs=2)
    assert [round(stretch.from_m) for stretch in corridor.stretches] == [0, 400, 800, 1200, 1600]
    assert (round(corridor.free_m), round(corridor.longest_m)) == (1200, 400)
    # Either gap joins two stretches of 400 m over its own 400 m; the one with two households left comes first.
    assert opened(corridor) == [("S4", 1200, 800), ("S2", 1200, 800)]
    assert [gap.codes for gap in corridor.gaps] == [("S2",), ("S4",)]
    assert corridor.openings[0].opens_m_per_household == pytest.approx(400, abs=1)


def test_a_gap_of_two_sections_needs_both() -> None:
    corridor = corridor_of(five("F..FF"))
    assert opened(corridor) == [("S3", 1200, 400), ("S2", 800, 400)]
    (gap,) = corridor.gaps
    assert (gap.codes, round(gap.own_m), round(gap.joins_m), round(gap.opens_m)) == (("S2", "S3"), 800, 2000, 1200)


def test_nothing_outstanding_leaves_one_free_stretch() -> None:
    corridor = corridor_of(five("FFFFF"))
    assert (len(corridor.gaps), len(corridor.openings), len(corridor.free)) == (0, 0, 1)
    assert corridor.longest_m == corridor.length_m


def test_nothing_handed_over_opens_its_own_metres_only() -> None:
    corridor = corridor_of(five("....."))
    assert (corridor.free_m, corridor.longest_m) == (0, 0)
    assert {(own, joins) for _, joins, own in opened(corridor)} == {(400, 400)}


def test_ground_between_sections_is_not_counted_and_cuts_nothing() -> None:
    """A river of 150 m lies between the second and the third section: the project needs no land there."""
    pieces = [LandPiece(f"S{n}", strip(begin, begin + 400), True) for n, begin in enumerate((0, 400, 950))]
    corridor = corridor_of(pieces)
    assert corridor.length_m == pytest.approx(1200, abs=2)
    assert len(corridor.free) == 1


def test_sections_without_a_shape_are_named_and_left_out() -> None:
    corridor = corridor_of([*five("FF.FF"), LandPiece("S6", None, False, 3)])
    assert corridor.without_shape == ["S6"]
    assert corridor.length_m == pytest.approx(2000, abs=2)
    assert corridor_of([LandPiece("S1", None, False)]).length_m == 0


def test_an_outstanding_section_cuts_only_where_parcels_are_left() -> None:
    sections = five("F.FFF")
    parcels = {
        "S2": [
            LandPiece("L1", on_earth(shapely.box(450, 5, 480, 28)), False, 1),
            LandPiece("L2", on_earth(shapely.box(470, -28, 500, -5)), False, 1),
            LandPiece("L3", on_earth(shapely.box(700, 5, 760, 28)), False, 2),
            LandPiece("L4", on_earth(shapely.box(560, 5, 600, 28)), True, 0),
        ]
    }
    corridor = corridor_of(sections, parcels=parcels)
    assert [(round(a), round(b)) for a, b in corridor.free] == [(0, 450), (500, 700), (760, 2000)]
    by_code = {one.codes[0]: one for one in corridor.openings}
    # L1 alone frees 450 to 470; beside 470 to 480 lies L2 across the road. L3 alone joins 500 to 2000.
    assert (round(by_code["L1"].own_m), round(by_code["L1"].opens_m)) == (20, 20)
    assert (round(by_code["L3"].joins_m), round(by_code["L3"].opens_m)) == (1500, 260)
    assert [gap.codes for gap in corridor.gaps] == [("L1", "L2"), ("L3",)]
    assert round(corridor.gaps[0].joins_m) == 700


def test_a_parcel_hidden_behind_others_opens_nothing_alone() -> None:
    """L1 lies across from L2 all along; L2 alone frees 10 m on one side of it and 20 m on the other."""
    parcels = {
        "S2": [
            LandPiece("L1", on_earth(shapely.box(450, 5, 480, 28)), False, 1),
            LandPiece("L2", on_earth(shapely.box(440, -28, 500, -5)), False, 1),
        ]
    }
    corridor = corridor_of(five("F.FFF"), parcels=parcels)
    assert {one.codes[0]: round(one.opens_m) for one in corridor.openings} == {"L1": 0, "L2": 20}


def test_the_axis_of_a_curve_is_its_middle_line() -> None:
    """A quarter circle of 800 m radius and 50 m width in three sections, the middle one drawn backwards."""
    angle = np.linspace(0, np.pi / 2, 91)
    rings = []
    for first, last in pairwise((0, 30, 60, 90)):
        part = angle[first : last + 1]
        outer, inner = [np.column_stack((r * np.cos(part), r * np.sin(part))) for r in (825.0, 775.0)]
        rings.append(Polygon(np.concatenate((outer, inner[::-1]))))
    rings[1] = rings[1].reverse()
    measured = strip_of([on_earth(ring) for ring in rings])
    assert measured.length_m == pytest.approx(np.pi / 2 * 800, rel=0.005)
    for one, other in pairwise(measured.pieces):
        assert np.hypot(*np.subtract(one.axis.coords[-1], other.axis.coords[0])) < 3


def test_a_block_is_no_strip() -> None:
    assert not strip_of([on_earth(shapely.box(0, 0, 300, 250))]).is_strip
    assert strip_of([strip(0, 400)]).is_strip


def test_two_roads_that_cross_and_the_gap_that_keeps_them_apart() -> None:
    """East–west with four sections, south–north crossing at 800 m; the section south of the crossing is outstanding."""
    west_east = [LandPiece(f"A{n}", strip(400 * n, 400 * n + 400), True) for n in range(4)]
    south_north = [
        LandPiece("B0", upright(-600, -30, east=800), n == 2, 4) for n in (0,)
    ] + [LandPiece("B1", upright(30, 600, east=800), True)]
    (network,) = networks_of({"A": west_east, "B": south_north})
    assert [(one.one, round(one.one_m), one.other) for one in network.junctions] == [("A", 800, "B")]
    assert [round(part) for part in network.parts_m] == [1600 + 570]
    (gap,) = network.gaps
    assert (gap.corridor, gap.gap.codes, round(gap.opens_m), gap.closes_ring) == ("B", ("B0",), 570, False)


def test_a_ring_of_four_roads_is_closed_by_its_last_gap() -> None:
    def roads(last_is_free: bool) -> dict[str, list[LandPiece]]:
        return {
            "south": [LandPiece("S", strip(0, 1000), True)],
            "north": [LandPiece("N1", strip(0, 500, north=800), True),
                      LandPiece("N2", strip(500, 1000, north=800), last_is_free, 3)],
            "west": [LandPiece("W", upright(40, 760, east=0), True)],
            "east": [LandPiece("E", upright(40, 760, east=1000), True)],
        }

    (network,) = networks_of(roads(False))
    assert (len(network.junctions), network.rings) == (4, 0)
    assert [(gap.corridor, gap.closes_ring) for gap in network.gaps] == [("north", True)]
    (closed,) = networks_of(roads(True))
    assert (closed.rings, closed.is_closed, len(closed.parts_m)) == (1, True, 1)


def test_roads_far_from_each_other_are_no_network() -> None:
    assert networks_of({"A": [LandPiece("A", strip(0, 800), True)],
                        "B": [LandPiece("B", strip(0, 800, north=500), True)]}) == []


flags = st.lists(st.booleans(), min_size=2, max_size=9)


@given(flags=flags, chosen=st.data())
def test_opening_more_never_shortens(flags: list[bool], chosen: st.DataObject) -> None:
    pieces = [LandPiece(f"S{n}", strip(300 * n, 300 * n + 300), free, n) for n, free in enumerate(flags)]
    before = corridor_of(pieces)
    more = chosen.draw(st.sets(st.sampled_from(range(len(flags)))))
    after = corridor_of([
        LandPiece(piece.code, piece.shape, piece.is_free or n in more, n) for n, piece in enumerate(pieces)
    ])
    assert after.longest_m >= before.longest_m - 0.01
    assert after.free_m >= before.free_m - 0.01
    assert after.length_m == pytest.approx(before.length_m)


@given(flags=flags)
def test_free_and_gaps_make_up_the_corridor_and_no_opening_exceeds_it(flags: list[bool]) -> None:
    corridor = corridor_of([
        LandPiece(f"S{n}", strip(300 * n, 300 * n + 300), free, n) for n, free in enumerate(flags)
    ])
    gaps = sum(gap.to_m - gap.from_m for gap in corridor.gaps)
    assert corridor.free_m + gaps == pytest.approx(corridor.length_m, abs=1)
    for one in [*corridor.openings, *corridor.gaps]:
        assert 0 <= one.own_m <= one.opens_m + 0.01 <= one.joins_m + 0.02 <= corridor.length_m + 0.1
        assert one.longest_m >= corridor.longest_m - 0.01


def test_the_order_of_the_corridor_does_not_depend_on_how_its_lines_are_drawn() -> None:
    pieces = five("F.FFF")
    turned = [
        LandPiece(one.code, shapely.reverse(one.shape), one.is_free, one.households_left) for one in pieces
    ]
    assert opened(corridor_of(pieces)) == opened(corridor_of(turned))
