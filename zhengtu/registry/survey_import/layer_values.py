"""Attributes of a survey layer as values of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zhengtu.core.spatial.survey_layer import SurveyLayer
from zhengtu.core.survey_sheets.field_types import FieldType, SheetField
from zhengtu.core.survey_sheets.fields import FIELD_OF
from zhengtu.core.survey_sheets.problems import SheetProblem
from zhengtu.core.survey_sheets.values import as_text, read_column

_READ_AS = {
    "declared_area_m2": SheetField("declared_area_m2", FieldType.AREA, "申报面积", "Declared area", unit="㎡"),
    "floor_area_m2": SheetField("floor_area_m2", FieldType.AREA, "建筑面积", "Floor area", unit="㎡"),
    "floors": SheetField("floors", FieldType.COUNT, "层数", "Floors"),
    "use": FIELD_OF["use"],
}


@dataclass(slots=True)
class LayerValues:
    """Field -> one value per feature, and what could not be read."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[SheetProblem] = field(default_factory=list)

    def text(self, name: str, position: int) -> str:
        """A text field of one feature; empty where there is none."""
        column = self.columns.get(name)
        return column[position] or "" if column else ""


def values_of(*, layer: SurveyLayer, mapping: Mapping[str, str]) -> LayerValues:
    """The mapped attributes of a layer."""
    values = LayerValues()
    for name, column in mapping.items():
        if column not in layer.columns:
            values.problems.append(SheetProblem("column_missing", 0, name, {"heading": column}))
            continue
        cells = [
            "" if cell is None else float(cell) if isinstance(cell, Decimal) else cell for cell in layer.columns[column]
        ]
        if name not in _READ_AS:
            values.columns[name] = [as_text(cell) for cell in cells]
            continue
        read = read_column(cells, _READ_AS[name])
        decimals = _READ_AS[name].type is FieldType.AREA
        values.columns[name] = [Decimal(v) if decimals and v is not None else v for v in read.values]
        values.problems += [
            SheetProblem(code, int(layer.rows[index]), name, parameters, refuses)
            for index, (code, parameters, refuses) in read.findings
        ]
    return values
