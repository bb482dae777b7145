"""Loading the outlines of a city's districts and zones: all of a file, or nothing."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from zhengtu.accounts.queries import unit_exists
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.codes import city_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.spatial.problem_texts import reason_of
from zhengtu.core.spatial.problems import SurveyFileRefused
from zhengtu.core.spatial.survey_layer import SurveyLayer
from zhengtu.core.spatial.validation import ParcelArray, check_geometries, displaced_outlines
from zhengtu.core.spatial.vector_files import read_survey_layer
from zhengtu.ledger.act import act
from zhengtu.ledger.files import keep_local_file
from zhengtu.registry.founding_writes import replace_outlines
from zhengtu.registry.outlines_reading import packaged_features

VERB: Final = "survey.import"
CODE_COLUMNS: Final = ("code", "adcode", "区划代码", "代码")


def load_outlines(*, actor: Actor, city: str, path: Path, source: str, now: datetime) -> list[str]:
    """Put the outlines of a survey file in the place of those that come along, as one deed with the file as evidence.

    Args:
        city: division code of the city; only units of it are taken.
        path: any survey file with one area per district and a column of division codes.
        source: where the outlines come from, shown with the map.

    Returns:
        The division codes loaded.

    Raises:
        Refused: when the file cannot be read, names a district that the city has not, holds an invalid shape, or
            lies elsewhere than the outlines known of the same districts.
    """
    with act(actor, VERB, on=Subject(code=city), at=now) as deed:
        layer = _layer(path)
        codes = _codes(layer, city=city)
        parcels = ParcelArray(geometries=layer.geometries, rows=layer.rows, file=layer.file, layer=layer.layer)
        problems = [*layer.problems, *check_geometries(parcels)]
        if not problems:
            problems += displaced_outlines(parcels, names=codes, references=_known_outlines(city))
        if problems:
            raise Refused(*(reason_of(problem) for problem in problems))
        deed.record(evidence=[keep_local_file(path, kind="survey_file", media_type="application/octet-stream")])
        replace_outlines(dict(zip(codes, layer.geometries, strict=True)), source=source, at=now)
    return codes


def _layer(path: Path) -> SurveyLayer:
    try:
        return read_survey_layer(path=path)
    except SurveyFileRefused as refused:
        raise Refused(reason_of(refused.problem)) from refused


def _codes(layer: SurveyLayer, *, city: str) -> list[str]:
    column = next((name for name in layer.columns if name.lower() in CODE_COLUMNS), None)
    if column is None:
        raise Refused(
            Reason(
                code="registry.outline_codes_missing",
                message=N_("%(file)s has no column of division codes."),
                parameters={"file": layer.file},
                remedy=N_("Name the column “code”, with six digits in each row."),
            )
        )
    codes = [str(value).strip() for value in layer.columns[column]]
    unknown = [
        Reason(
            code="registry.outline_unit_unknown",
            message=N_("%(file)s, row %(row)s: “%(value)s” is no district or zone of this city."),
            parameters={"file": layer.file, "row": int(row), "value": code},
            remedy=N_("Correct the code, or found the unit first."),
        )
        for row, code in zip(layer.rows, codes, strict=True)
        if city_of(code) != city or len(code) != 6 or not unit_exists(code)
    ]
    if unknown:
        raise Refused(*unknown)
    return codes


def _known_outlines(city: str) -> dict[str, Any]:
    shapes = {
        feature["properties"]["code"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in packaged_features(city=city, name="districts")
    }
    return {code: shape for code, shape in shapes.items() if bool(np.all(shapely.is_valid(shape)))}
