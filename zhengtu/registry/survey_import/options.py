"""What is chosen for one upload: sheet or layer, columns, coordinate system, section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class LayerKind(StrEnum):
    """What the features of a survey layer are."""

    SECTION = "section"
    PARCEL = "parcel"
    BUILDING = "building"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Choices for one upload, stored with it.

    Attributes:
        sheet: of a workbook; empty for the largest.
        layer: of a survey file; empty where it has only one.
        layer_kind: what its features are; empty to judge by its names.
        mapping: field id -> heading as confirmed; None until somebody did.
        assumed_epsg: reference system of a survey file that declares none.
        section: section of rows that name none.
        accepts_warnings: whether whoever confirmed has seen the warnings.
        queued: the task that waits for the worker: ``check``, ``import`` or empty.
        confirmed_by: code of the person in whose name it is carried out.
    """

    sheet: str = ""
    layer: str = ""
    layer_kind: str = ""
    mapping: Mapping[str, str] | None = None
    assumed_epsg: int | None = None
    section: str = ""
    accepts_warnings: bool = False
    queued: str = ""
    confirmed_by: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def options_from(stored: Mapping[str, Any]) -> ImportOptions:
    """Options as stored; what this release does not know is left out."""
    known = {name: stored[name] for name in ImportOptions.__dataclass_fields__ if name in stored}
    return ImportOptions(**known)
