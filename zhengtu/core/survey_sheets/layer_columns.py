"""Which attribute of a survey layer means what, and what the layer's features are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

LAYER_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "code": ("code", "编号", "编码", "宗地编号", "宗地代码", "房屋编号", "节点编号", "bm", "zddm", "地块编号"),
    "name": ("name", "名称", "地块名称", "宗地名称", "节点名称", "mc", "宗地号", "地块编号"),
    "section": ("section", "节点", "标段", "section_code", "所属节点"),
    "parcel": ("parcel", "宗地", "parcel_code", "所在宗地", "宗地编号", "宗地代码"),
    "jurisdiction": ("jurisdiction", "属地", "区", "行政区", "区划代码", "xzqdm"),
    "declared_area_m2": (
        "declared_area_m2",
        "declared_area",
        "地块面积",
        "宗地面积",
        "证载面积",
        "申报面积",
        "土地面积",
        "mj",
    ),
    "use": ("use", "用途", "房屋用途", "yt"),
    "floors": ("floors", "层数", "楼层", "总层数", "cs"),
    "floor_area_m2": ("floor_area_m2", "floor_area", "建筑面积", "房屋建筑面积", "jzmj"),
}
"""Field of the registry -> names of attributes that mean it, the surest first."""

_KINDS: Final = (
    ("building", re.compile(r"building|房屋|建筑|楼|fw", re.IGNORECASE)),
    ("section", re.compile(r"section|节点|标段", re.IGNORECASE)),
    ("parcel", re.compile(r"parcel|宗地|地块|界址|zd|dk", re.IGNORECASE)),
)


def layer_mapping(columns: Iterable[str]) -> dict[str, str]:
    """Field -> attribute of the layer, by name; every attribute once."""
    present = {column.strip().lower(): column for column in columns}
    mapping: dict[str, str] = {}
    for field, names in LAYER_FIELDS.items():
        for name in names:
            column = present.get(name)
            if column is not None and column not in mapping.values():
                mapping[field] = column
                break
    return mapping


def layer_kind(*names: str) -> str:
    """``section``, ``parcel`` or ``building`` by the names of layer and file; empty when none tells."""
    for name in names:
        for kind, pattern in _KINDS:
            if pattern.search(name):
                return kind
    return ""
