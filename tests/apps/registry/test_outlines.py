"""A city's own outlines take the place of those that come along; a file in the wrong place is refused."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.factories import build_campaign
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.ledger.models import Deed
from zhengtu.registry.models import Outline
from zhengtu.registry.outlines_reading import outlines, packaged_features

NOW = datetime(2025, 2, 14, 9, 30, tzinfo=SHANGHAI)
CHUANYING = "220204"

pytestmark = pytest.mark.django_db


def outline_file(folder: Path, *, code: str, geometry: dict[str, Any]) -> Path:
    path = folder / "districts.geojson"
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def packaged(code: str) -> dict[str, Any]:
    return next(f for f in packaged_features(city="220200", name="districts") if f["properties"]["code"] == code)


def load(path: Path) -> str:
    said = StringIO()
    call_command("load_outlines", str(path), "--city", "220200", "--source", "市自然资源局", stdout=said)
    return said.getvalue()


def names_shown() -> list[str]:
    properties = [feature["properties"] for feature in outlines(city="220200", name="districts")["features"]]
    return [one["code"] for one in properties if "code" in one and "is_label" not in one]


def test_a_loaded_outline_takes_the_place_of_the_one_that_comes_along(tmp_path: Path) -> None:
    build_campaign()
    before = sorted(names_shown())
    assert CHUANYING in load(outline_file(tmp_path, code=CHUANYING, geometry=packaged(CHUANYING)["geometry"]))
    assert sorted(names_shown()) == before
    sources = [f["properties"].get("source") for f in outlines(city="220200", name="districts")["features"]]
    assert "市自然资源局" in sources
    deed = Deed.objects.get(verb="survey.import", actor="220200-console")
    assert deed.evidence.get().name == "districts.geojson"


def test_an_outline_in_the_wrong_place_is_refused(tmp_path: Path) -> None:
    build_campaign()
    moved = packaged("220203")["geometry"]
    with pytest.raises(CommandError), override_settings(LANGUAGE_CODE="en"):
        load(outline_file(tmp_path, code=CHUANYING, geometry=moved))
    assert not Outline.objects.exists()


def test_a_district_of_another_city_is_refused(tmp_path: Path) -> None:
    build_campaign()
    with pytest.raises(CommandError, match="210102"):
        load(outline_file(tmp_path, code="210102", geometry=packaged(CHUANYING)["geometry"]))
    assert not Outline.objects.exists()
