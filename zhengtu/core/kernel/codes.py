"""Readable keys of the registry: the administrative division code first, the place in the tree after it.

======================  ===========================================
``220204``              a district or zone (a jurisdiction)
``220200-P0001``        a project, numbered within its city
``220204-P0001``        the part of a project that lies in one jurisdiction (a participation)
``220204-P0001-S01``    a section of that project in one jurisdiction
``…-S01-H00001``        a household of the section (``L`` parcel, ``B`` building)
``220200-D0001``        a directive, numbered within its city; ``-02`` a sub-item, ``-20250207`` an occurrence
``220200-R20250214-1``  a review held on a day
``220200-B0001``        a bulletin, numbered within its city
``220200-I0001``        an inspection, numbered within its city
``220200-K0001``        an assessment, numbered within its city
``220200-A0001``        a case of accountability or praise, numbered within its city
``220202-T0001``        a resettlement site (``-Z01`` a building of it, ``-Z01-U0012`` a home)
``220202-L0001``        a drawing of lots
``220202-F0001``        a resettlement plan that is filed
``220200-V0001``        a claim among payers
======================  ===========================================
"""

from __future__ import annotations

import re
from typing import Final

_PATTERNS: Final = {
    "jurisdiction": re.compile(r"^\d{6}$"),
    "unit": re.compile(r"^\d{6}(-[a-z0-9-]+)?$"),
    "campaign": re.compile(r"^\d{6}-C\d{3}$"),
    "project": re.compile(r"^\d{4}00-P\d{4}$"),
    "participation": re.compile(r"^\d{6}-P\d{4}$"),
    "section": re.compile(r"^\d{6}-P\d{4}-S\d{2,3}$"),
    "household": re.compile(r"^\d{6}-P\d{4}-S\d{2,3}-H\d{5,6}$"),
    "parcel": re.compile(r"^\d{6}-P\d{4}-S\d{2,3}-L\d{5,6}$"),
    "building": re.compile(r"^\d{6}-P\d{4}-S\d{2,3}-B\d{5,6}$"),
    "directive": re.compile(r"^\d{4}00-D\d{4,5}(-\d{2})*(-\d{8})?$"),
    "review": re.compile(r"^\d{4}00-R\d{8}-\d$"),
    "bulletin": re.compile(r"^\d{4}00-B\d{4,5}$"),
    "inspection": re.compile(r"^\d{4}00-I\d{4,5}$"),
    "assessment": re.compile(r"^\d{4}00-K\d{4,5}$"),
    "case": re.compile(r"^\d{4}00-A\d{4,5}$"),
    "site": re.compile(r"^\d{6}-T\d{4}$"),
    "resettlement_building": re.compile(r"^\d{6}-T\d{4}-Z\d{2,3}$"),
    "home": re.compile(r"^\d{6}-T\d{4}-Z\d{2,3}-U\d{4}$"),
    "lot_draw": re.compile(r"^\d{6}-L\d{4}$"),
    "plan_filing": re.compile(r"^\d{6}-F\d{4}$"),
    "advance_claim": re.compile(r"^\d{4}00-V\d{4,5}$"),
}


def is_code(kind: str, code: str) -> bool:
    """Whether ``code`` has the shape of a key of that kind."""
    return bool(_PATTERNS[kind].match(code))


def kind_of(code: str) -> str:
    """The kind of thing that a code names.

    Raises:
        ValueError: when it has no known shape.
    """
    for kind, pattern in _PATTERNS.items():
        if pattern.match(code):
            return kind
    raise ValueError(f"not a code: {code!r}")


def jurisdiction_of(code: str) -> str:
    """The six-digit division code that the key starts with."""
    return code[:6]


def city_of(code: str) -> str:
    """The division code of the prefecture-level city that the key belongs to."""
    return f"{code[:4]}00"


def project_of(code: str) -> str:
    """The project of a section, household, parcel or building, or the project itself."""
    return f"{code[:4]}00-{code.split('-')[1]}"


def section_of(code: str) -> str:
    """The section of a household, parcel or building, or the section itself."""
    return "-".join(code.split("-")[:3])
