"""Codes: readable keys whose parts can be read off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.kernel.codes import city_of, is_code, jurisdiction_of, kind_of, project_of, section_of


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("220204", "jurisdiction"),
        ("220200-railway-investment", "unit"),
        ("220200-C001", "campaign"),
        ("220200-P0001", "project"),
        ("220204-P0001", "participation"),
        ("220204-P0001-S01", "section"),
        ("220204-P0001-S01-H00001", "household"),
        ("220204-P0001-S01-L00001", "parcel"),
        ("220204-P0001-S123-B123456", "building"),
    ],
)
def test_each_code_says_what_it_names(code: str, kind: str) -> None:
    assert kind_of(code) == kind
    assert is_code(kind, code)


@pytest.mark.parametrize(
    "code", ["", "22020", "220204-P1-S01", "220204-P0001-S01-X00001", "220204-p0001-S01", "' OR 1=1"]
)
def test_what_has_no_known_shape_is_no_code(code: str) -> None:
    with pytest.raises(ValueError, match="not a code"):
        kind_of(code)


divisions = st.builds(lambda city, district: f"22{city:02d}{district:02d}", st.integers(1, 99), st.integers(1, 99))


@given(divisions, st.integers(0, 9999), st.integers(0, 999), st.integers(0, 999999), st.sampled_from("HLB"))
def test_the_parts_of_a_code_are_read_off_it(
    division: str, project: int, section: int, number: int, letter: str
) -> None:
    section_code = f"{division}-P{project:04d}-S{section:02d}"
    code = f"{section_code}-{letter}{number:05d}"
    assert kind_of(code) == {"H": "household", "L": "parcel", "B": "building"}[letter]
    assert section_of(code) == section_of(section_code) == section_code == code.rsplit("-", 1)[0]
    assert project_of(code) == project_of(section_code) == f"{division[:4]}00-P{project:04d}"
    assert project_of(project_of(code)) == project_of(code)
    assert kind_of(project_of(code)) == "project"
    assert jurisdiction_of(code) == division
    assert city_of(code) == f"{division[:4]}00"


@given(st.text(max_size=40))
def test_every_text_has_at_most_one_kind(text: str) -> None:
    try:
        kind = kind_of(text)
    except ValueError:
        return
    assert is_code(kind, text)
