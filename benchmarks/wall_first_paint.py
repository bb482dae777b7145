"""First picture of 200,000 parcels: the wall against one GeoJSON of the same parcels, in the same Chromium.

    .venv/bin/python benchmarks/wall_first_paint.py [--parcels 200000] [--runs 3]

Both maps use the same MapLibre, the same view and the same colours. The wall is the real page: served by
gunicorn, signed in, scope-checked, tiles by range requests, states from the ledger's projection. The GeoJSON is a
static file, gzipped beforehand, with the state as a property. Everything lives in a temporary folder with a database
server of its own.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)
CENTRE = (126.56, 43.86)
VIEWS = {"city (z11)": 11.0, "quarter (z14)": 14.0}
JURISDICTIONS = ("220202", "220203", "220204", "220211")
PER_SECTION = 1000
PEER_PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/maplibre-gl.css">
<style>html,body,#map{margin:0;height:100%}</style><div id="map"></div><script type="module">
import * as maplibre from "/maplibre-gl.mjs";
const colours = COLOURS, zoom = Number(new URLSearchParams(location.search).get("zoom"));
const map = new maplibre.Map({container: "map", center: CENTRE, zoom, fadeDuration: 0, style: {
  version: 8, sources: {parcels: {type: "geojson", data: "/parcels.geojson"}}, layers: [
    {id: "land", type: "background", paint: {"background-color": "#f6f6f3"}},
    {id: "parcels", type: "fill", source: "parcels", paint: {"fill-antialias": false,
      "fill-color": ["match", ["get", "s"], ...colours.flatMap((c, i) => [i, c]), "#ccc"]}}]}});
globalThis.map = map;
</script>"""


def say(line: str) -> None:
    """A line of the report, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def rings(count: int) -> Any:
    """(count, 5, 2) closed rings in degrees: blocks of lots with streets between, jittered corners, fixed seed."""
    import numpy as np

    rng = np.random.default_rng(2025)
    side = int(np.ceil(np.sqrt(count)))
    column, row = np.divmod(np.arange(count), side)
    x = column * 16.0 + (column // 12) * 14.0
    y = row * 24.0 + (row // 4) * 12.0
    corners = np.array([(0.3, 0.3), (15.4, 0.3), (15.4, 23.2), (0.3, 23.2)])
    metres = np.stack((x, y), axis=-1)[:, None] + corners + rng.uniform(-0.25, 0.25, (count, 4, 2))
    metres -= metres.mean(axis=(0, 1))
    degrees = metres / (80_300, 111_100) + CENTRE
    return np.concatenate((degrees, degrees[:, :1]), axis=1).round(7)


def fill_registry(ring: Any) -> Any:
    """Write parcels, one household on each and its milestones; returns each parcel's rank today."""
    import numpy as np
    import shapely
    from django.utils import timezone

    from tests.factories import build_project, build_section
    from zhengtu.accounts.models import Unit, UnitKind
    from zhengtu.core.kernel.civil_dates import civil_date
    from zhengtu.core.ledger.milestones import STATE_MILESTONES, State
    from zhengtu.ledger.bulk_rows import copy_rows
    from zhengtu.ledger.models import Milestones
    from zhengtu.registry.models import Household, Parcel

    today = civil_date(at=timezone.now())
    project = build_project()
    Unit.objects.get_or_create(
        code="220211",
        defaults={"kind": UnitKind.DISTRICT, "name": "丰满区", "short_name": "丰满", "name_en": "Fengman"},
    )
    sections_count = -(-len(ring) // PER_SECTION)
    share = sections_count / len(JURISDICTIONS)
    sections = [build_section(project, JURISDICTIONS[int(i / share)], number=i + 1) for i in range(sections_count)]
    polygons = shapely.polygons(ring)
    wkb, bounds = shapely.to_wkb(polygons), shapely.bounds(polygons).tolist()
    for i, section in enumerate(sections):
        members = polygons[i * PER_SECTION : (i + 1) * PER_SECTION]
        hull = shapely.convex_hull(shapely.geometrycollections(members)).buffer(0.0001)
        section.shape = shapely.to_wkb(hull)
        section.west, section.south, section.east, section.north = hull.bounds
        section.save()
    of = [sections[i // PER_SECTION].code for i in range(len(ring))]
    parcel = [f"{code}-L{i % PER_SECTION + 1:05d}" for i, code in enumerate(of)]
    household = [f"{code}-H{i % PER_SECTION + 1:05d}" for i, code in enumerate(of)]
    copy_rows(
        Parcel, fields=("code", "section_id", "name", "shape", "west", "south", "east", "north"),
        rows=((parcel[i], of[i], "", wkb[i], *bounds[i]) for i in range(len(ring))),
    )
    copy_rows(
        Household,
        fields=(
            "code", "section_id", "parcel_id", "room", "personal_sealed", "name_masked", "name_index",
            "identity_masked", "identity_index", "address", "use",
        ),
        rows=((household[i], of[i], parcel[i], "", b"", "", "", "", "", "", "dwelling") for i in range(len(ring))),
    )
    rng = np.random.default_rng(7)
    rank = rng.integers(1, 8, len(ring))
    back = rng.integers(0, 12, (len(ring), 7)).cumsum(axis=1)
    milestones = [STATE_MILESTONES[state][0] for state in State]
    copy_rows(
        Milestones, fields=("subject", "subject_kind", "section", "is_verified", *(f"{m}_on" for m in milestones)),
        rows=(
            (household[i], "household", of[i], True,
             *(today - timedelta(days=int(back[i, rank[i] - 1 - s])) if s < rank[i] else None for s in range(7)))
            for i in range(len(ring))
        ),
    )
    return rank


def session_of(person: Any) -> str:
    """A signed-in session's key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = person.pk, "zhengtu.accounts.sign_in.SignInBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class PeerFiles(http.server.SimpleHTTPRequestHandler):
    """Static files; the GeoJSON goes out gzipped as it lies on disk."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def log_message(self, *arguments: object) -> None:
        """Keep quiet."""

    def end_headers(self) -> None:
        """Say that the GeoJSON is gzipped."""
        if self.path.startswith("/parcels.geojson"):
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()


def write_peer(folder: Path, ring: Any, rank: Any) -> int:
    """Write the peer's page and its gzipped GeoJSON; returns the gzipped size."""
    from zhengtu.web.shared.palette import STATE_COLOURS

    features = [
        {
            "type": "Feature", "id": i + 1, "properties": {"s": int(rank[i])},
            "geometry": {"type": "Polygon", "coordinates": [ring[i].tolist()]},
        }
        for i in range(len(ring))
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    (folder / "parcels.geojson").write_bytes(gzip.compress(text.encode(), 6))
    page = PEER_PAGE.replace("COLOURS", json.dumps(list(STATE_COLOURS.values()))).replace("CENTRE", json.dumps(CENTRE))
    (folder / "index.html").write_text(page)
    for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl-shared.mjs", "maplibre-gl.css"):
        shutil.copy(REPOSITORY / "frontend/node_modules/maplibre-gl/dist" / name, folder / name)
    return (folder / "parcels.geojson").stat().st_size


def median(runs: list[Measured]) -> Measured:
    """The median of each figure."""
    return Measured(
        statistics.median(run.first for run in runs), statistics.median(run.whole for run in runs),
        round(statistics.median(run.size for run in runs)),
    )


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_wall(home: Path, port: int) -> subprocess.Popen[bytes]:
    """gunicorn with the real application; ready when it answers."""
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "zhengtu.config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2",
         "--threads", "4", "--log-level", "warning"],
        cwd=REPOSITORY, env={**os.environ, "DJANGO_SETTINGS_MODULE": "zhengtu.config.settings"},
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise SystemExit("the web server did not start")


WATCH = """
const look = setInterval(() => {
  const map = globalThis.zhengtuWall?.wall.map ?? globalThis.map;
  if (!map?.getStyle) return;
  clearInterval(look);
  const isReady = () => !globalThis.zhengtuWall || (zhengtuWall.campaign.on && zhengtuWall.wall.applied.size);
  map.on("render", () => {
    if (globalThis.firstPaint || !isReady()) return;
    const { width, height } = map.getCanvas().getBoundingClientRect(), x = width / 2, y = height / 2;
    const layers = map.getStyle().layers.map(({ id }) => id).filter((id) => /^parcels$|-section$|-parcel$/.test(id));
    const found = map.queryRenderedFeatures([[x - 40, y - 40], [x + 40, y + 40]], { layers });
    if (found.length) globalThis.firstPaint = performance.now();
  });
  map.on("idle", () => { if (isReady() && globalThis.firstPaint) globalThis.wholePicture ??= performance.now(); });
}, 5);
"""
"""Notes when the middle of the map first shows affected ground in its colours, and when all of it is there."""
READY = "() => globalThis.wholePicture ? [globalThis.firstPaint, globalThis.wholePicture] : null"


@dataclass(frozen=True)
class Measured:
    """Milliseconds from navigation to the first paint and to the whole picture, and bytes of data on the wire."""

    first: float
    whole: float
    size: int


def measured(context: Any, url: str, data: str) -> Measured:
    """Open a page with an empty cache and wait for the whole picture."""
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    size = 0

    def finished(event: dict[str, Any]) -> None:
        nonlocal size
        if data in kinds.get(event["requestId"], ""):
            size += int(event["encodedDataLength"])

    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["response"]["url"]}))
    devtools.on("Network.loadingFinished", finished)
    page.goto(url)
    first, whole = _waited(page)
    page.wait_for_timeout(300)
    page.close()
    return Measured(first, whole, size)


def _waited(page: Any) -> list[float]:
    deadline = time.monotonic() + 180
    while not (found := page.evaluate(READY)):
        if time.monotonic() > deadline:
            raise SystemExit(f"no picture of {page.url} within three minutes")
        page.wait_for_timeout(50)
    return list(found)


def play(context: Any, url: str) -> dict[str, float]:
    """Milliseconds of fetching the days, of a jump over the campaign, and of a step of one day, parcels coloured."""
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(url)
    _waited(page)
    found = page.evaluate(
        """async () => { const t = globalThis.zhengtuWall.timeline, now = () => performance.now(), out = {};
          let a = now(); await t.show(t.today - 1); out.first = now() - a;
          a = now(); await t.show(t.today - 60); out.jump = now() - a;
          a = now(); for (let d = 59; d > 29; d--) await t.show(t.today - d); out.step = (now() - a) / 30;
          return out; }"""
    )
    page.close()
    return dict(found)


def main() -> None:
    """Set up, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("needs Chromium")
    home = Path(tempfile.mkdtemp(prefix="zt-wall-bench-"))
    os.environ |= {"ZHENGTU_HOME": str(home), "DJANGO_SETTINGS_MODULE": "zhengtu.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    from zhengtu.config.embedded_database import start_embedded_database

    database = start_embedded_database(home / "postgres")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from tests.factories import person_with
    from zhengtu.registry.tiles import build_jurisdiction

    call_command("migrate", verbosity=0)
    ring = rings(arguments.parcels)
    started = time.perf_counter()
    rank = fill_registry(ring)
    say(f"registry of {len(ring):,} parcels: {time.perf_counter() - started:.1f} s")
    started = time.perf_counter()
    tile_bytes = sum(build_jurisdiction(code, at=timezone.now()).path.stat().st_size for code in JURISDICTIONS)
    say(f"tiles: {time.perf_counter() - started:.1f} s, {tile_bytes / 1e6:.1f} MB")
    peer_folder = home / "peer"
    peer_folder.mkdir()
    peer_bytes = write_peer(peer_folder, ring, rank)
    peer_port, wall_port = free_port(), free_port()
    handler = lambda *a, **k: PeerFiles(*a, directory=str(peer_folder), **k)  # noqa: E731
    peer = http.server.ThreadingHTTPServer(("127.0.0.1", peer_port), handler)
    threading.Thread(target=peer.serve_forever, daemon=True).start()
    key = session_of(person_with("mayor"))
    server = start_wall(home, wall_port)
    try:
        report(arguments, home, chromium, key, wall_port, peer_port, peer_bytes)
    finally:
        server.terminate()
        server.wait(10)
        peer.shutdown()
        from django.db import connections

        connections.close_all()
        database.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def report(
    arguments: argparse.Namespace, home: Path, chromium: str, key: str, wall_port: int, peer_port: int, peer_bytes: int
) -> None:
    """Measure every view and print the ratios."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(home / "profile"), executable_path=chromium, args=list(FLAGS)
        )
        context.add_cookies([{"name": "sessionid", "value": key, "url": f"http://127.0.0.1:{wall_port}"}])
        say("\n| view | | first paint | whole picture | data on the wire |\n|---|---|---:|---:|---:|")
        for name, zoom in VIEWS.items():
            wall_url = f"http://127.0.0.1:{wall_port}/wall/?at={zoom}/{CENTRE[1]}/{CENTRE[0]}"
            measured(context, wall_url, "/wall/")  # one warm-up of the server's processes
            wall = median([measured(context, wall_url, "/wall/") for _ in range(arguments.runs)])
            peer_url = f"http://127.0.0.1:{peer_port}/?zoom={zoom}"
            peer = replace(median([measured(context, peer_url, "/") for _ in range(arguments.runs)]), size=peer_bytes)
            for title, one in (("the wall", wall), ("one GeoJSON", peer)):
                times = f"{one.first / 1000:.2f} s | {one.whole / 1000:.2f} s"
                say(f"| {name} | {title} | {times} | {one.size / 1e6:.2f} MB |")
            say(
                f"| | **ratio** | **{peer.first / wall.first:.1f} ×** | **{peer.whole / wall.whole:.1f} ×** "
                f"| **{peer.size / wall.size:.1f} ×** |"
            )
        for name, zoom in VIEWS.items():
            steps = play(context, f"http://127.0.0.1:{wall_port}/wall/?at={zoom}/{CENTRE[1]}/{CENTRE[0]}")
            say(
                f"slider, {name}: first touch {steps['first']:.0f} ms (fetches all days), jump of 60 days "
                f"{steps['jump']:.0f} ms, one day {steps['step']:.0f} ms"
            )
        context.close()


if __name__ == "__main__":
    main()
