"""Serving of vector tiles: whole files by ranges of bytes, to those alone who reach their area."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from zhengtu.registry.map_areas import map_area, tile_versions
from zhengtu.registry.tiles import archive_of, archive_path
from zhengtu.web.shared.access import requires

_RANGE: Final = re.compile(r"^bytes=(\d*)-(\d*)$")
_YEAR: Final = 365 * 24 * 3600
_BLOCK: Final = 256 * 1024


@require_safe
@requires("wall.view")
def tiles(request: HttpRequest, area: str, version: str) -> HttpResponseBase:
    """One PMTiles file; 404 for an area that the actor does not reach exactly, and for a version no longer kept."""
    reached = map_area(request.actor, key=area)  # type: ignore[attr-defined]
    published = tile_versions([reached]).get(reached.jurisdiction) if reached else None
    if reached is None or published is None:
        raise Http404(area)
    path = archive_path(area=reached, version=version)
    if not path.exists():
        # A page opened before a rebuild may still read the old file; nothing else but the new one is made.
        if published.version != version or reached.sections is None:
            raise Http404(area)
        path = archive_of(area=reached, tiles=published)
    etag = f'"{area}-{version}"'
    response = get_conditional_response(request, etag=etag) or ranged(request, path, etag=etag)
    response["ETag"] = etag
    # The address names its content, so a browser may keep it; shared caches may not.
    response["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    response["Vary"] = "Cookie"
    return response


def ranged(request: HttpRequest, path: Path, *, etag: str) -> HttpResponseBase:
    """The file, or the one range of it that was asked for (RFC 9110, section 14)."""
    size = path.stat().st_size
    wanted = _RANGE.match(request.headers.get("Range", ""))
    current = request.headers.get("If-Range", etag) == etag
    response: HttpResponseBase
    if wanted is None or not current or not _is_range(wanted[1], wanted[2]):
        response = FileResponse(open(path, "rb"), content_type="application/vnd.pmtiles")  # noqa: SIM115
    else:
        first, last = _bounds(wanted[1], wanted[2], size=size)
        if first is None:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
        else:
            response = _part(path, first=first, last=last)
            response["Content-Range"] = f"bytes {first}-{last}/{size}"
            response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    # Tiles are compressed inside the file, and a range is a range of the file as it is: nothing may recode it.
    response["Content-Encoding"] = "identity"
    return response


def _is_range(first: str, last: str) -> bool:
    """Whether it says anything: a backward or empty range is ignored, as the standard asks."""
    return int(first) <= int(last) if first and last else bool(first or last)


def _bounds(first: str, last: str, *, size: int) -> tuple[int | None, int]:
    """First and last byte of a range; the first is None when the range cannot be satisfied."""
    if not first:
        count = int(last)
        return (max(0, size - count), size - 1) if count and size else (None, 0)
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start < size and start <= end else (None, 0)


def _part(path: Path, *, first: int, last: int) -> HttpResponseBase:
    if last - first < _BLOCK:
        with open(path, "rb") as file:
            file.seek(first)
            return HttpResponse(file.read(last - first + 1), status=206, content_type="application/vnd.pmtiles")
    return StreamingHttpResponse(
        _blocks(path, first=first, last=last), status=206, content_type="application/vnd.pmtiles"
    )


def _blocks(path: Path, *, first: int, last: int) -> Iterator[bytes]:
    with open(path, "rb") as file:
        file.seek(first)
        left = last - first + 1
        while left and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
