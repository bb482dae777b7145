"""Builders of survey files, small enough to check by hand."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely

HEADER = """[属性描述]
格式版本号=1.01
数据产生单位=吉林市勘测院
数据产生日期=2025-6-15
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=42
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""

# 100 m by 50 m beside the middle of 吉林市: northing, easting with zone number; 0.5 hectares.
LOT = ((4856191.71, 42544231.809), (4856191.71, 42544331.809), (4856241.71, 42544331.809), (4856241.71, 42544231.809))


@pytest.fixture
def lot() -> tuple[tuple[float, float], ...]:
    return LOT


@pytest.fixture
def boundary_text() -> Callable[..., str]:
    """Compose a boundary-point file: a header and parcels given as (parcel line, rings)."""

    def compose(
        *parcels: tuple[str, Sequence[Sequence[tuple[float, float]]]],
        header: str = HEADER,
        closed: bool = True,
        ring_numbers: Sequence[int] | None = None,
    ) -> str:
        lines = header.rstrip("\n").split("\n")
        for parcel_line, rings in parcels:
            lines.append(parcel_line)
            label = 0
            for number, ring in enumerate(rings, start=1):
                shown = ring_numbers[number - 1] if ring_numbers else number
                first = label + 1
                for x, y in ring:
                    label += 1
                    lines.append(f"J{label},{shown},{x},{y}")
                if closed:
                    lines.append(f"J{first},{shown},{ring[0][0]},{ring[0][1]}")
        return "\r\n".join(lines) + "\r\n"

    return compose


@pytest.fixture
def write_vector(tmp_path: Path) -> Callable[..., Path]:
    """Write geometries with a name each as a vector file, in whatever reference system, or none."""

    def write(
        name: str,
        geometries: Sequence[object],
        *,
        driver: str,
        crs: str | None = "EPSG:4490",
        layer: str | None = None,
        append: bool = False,
        geometry_type: str = "Polygon",
        encoding: str | None = None,
    ) -> Path:
        path = tmp_path / name
        warnings.filterwarnings("ignore", message="'crs' was not provided")
        pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb(np.array(geometries, dtype=object)),
            field_data=[np.array([f"地块{n}" for n in range(1, len(geometries) + 1)], dtype=object)],
            fields=["name"],
            driver=driver,
            crs=crs,
            geometry_type=geometry_type,
            layer=layer,
            append=append,
            encoding=encoding,
        )
        return path

    return write
