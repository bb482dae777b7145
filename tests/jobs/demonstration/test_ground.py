"""The invented ground is a plausible plan: nothing overlaps, and each thing lies within the next larger one."""

import numpy as np
import pytest
import shapely

from zhengtu.jobs.demonstration.ground import jurisdictions, to_metres

SLIVER_M2 = 0.05
"""Neighbours share fences whose ends are rounded to a millimetre."""


@pytest.fixture(scope="module")
def metric(demonstration):
    """Geometry in metres: sections, parcels, buildings."""
    return {
        name: shapely.transform(getattr(demonstration, name).geometry, to_metres)
        for name in ("sections", "parcels", "buildings")
    }


def overlaps(shapes: np.ndarray) -> np.ndarray:
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    return shapely.area(shapely.intersection(shapes[left[once]], shapes[right[once]]))


@pytest.mark.parametrize("kind", ["sections", "parcels", "buildings"])
def test_shapes_are_valid_and_do_not_overlap(metric, kind):
    shapes = metric[kind]
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).min() > 3
    limit = 1.0 if kind == "sections" else SLIVER_M2
    assert overlaps(shapes).max(initial=0.0) < limit


def test_parcels_lie_in_their_sections_and_buildings_on_their_parcels(demonstration, metric):
    parcels, buildings = demonstration.parcels, demonstration.buildings
    section_of_parcel = metric["sections"][parcels.section]
    assert shapely.contains_properly(section_of_parcel, metric["parcels"]).all()
    outside = shapely.difference(metric["buildings"], metric["parcels"][buildings.parcel])
    assert shapely.area(outside).max() < SLIVER_M2


def test_sections_lie_in_their_jurisdictions_and_projects_hold_their_sections(demonstration, metric):
    sections = demonstration.sections
    grounds = np.array([jurisdictions()[str(code)] for code in sections.jurisdiction], dtype=object)
    assert shapely.covered_by(metric["sections"], grounds).all()
    outlines = np.array([project.geometry for project in demonstration.projects], dtype=object)
    missing = shapely.difference(metric["sections"], shapely.transform(outlines, to_metres)[sections.project])
    assert shapely.area(missing).max() < 1.0


def test_the_town_lies_around_its_centre(metric):
    centre = shapely.Point(to_metres(np.array([126.55, 43.84])))
    away = shapely.distance(metric["sections"], centre)
    assert np.median(away) < 9_000
    assert away.max() < 25_000


def test_codes_carry_jurisdiction_project_and_section(demonstration):
    sections, parcels, households = demonstration.sections, demonstration.parcels, demonstration.households
    for code, project, jurisdiction in zip(sections.code, sections.project, sections.jurisdiction, strict=True):
        assert code[:6] == jurisdiction
        assert "220200-" + code[7:12] == demonstration.projects[project].code
    for table in (parcels, households):
        assert len(set(table.code.tolist())) == len(table)
        prefixes = [code.rsplit("-", 1)[0] for code in table.code.tolist()]
        assert prefixes == sections.code[table.section].tolist()


def test_areas_are_those_of_the_shapes(demonstration, metric):
    assert np.allclose(shapely.area(metric["parcels"]), demonstration.parcels.area_m2, rtol=1e-4, atol=0.1)
    floors = demonstration.buildings.floors
    assert np.allclose(
        shapely.area(metric["buildings"]) * floors, demonstration.buildings.floor_area_m2, rtol=1e-3, atol=0.3
    )


def test_zones_are_invented_and_districts_are_not(demonstration):
    assert {unit.code for unit in demonstration.units if unit.outline is not None} == {"220271", "220272"}
