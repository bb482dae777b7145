"""A Gantt of 2,000 bars and 5,000 links: frame times of scrolling, panning, zooming against a 60 Hz frame's 16.7 ms.

    .venv/bin/python benchmarks/gantt_frames.py [--bars 2000] [--frames 240] [--picture FILE.png]

The page is the product's own: its template, style sheets and modules, in a headless Chromium that draws in software.
Only the plan is made up here, with a fixed seed. *Frame* is the time between two pictures; *script* is the part of it
that the chart's own code takes, which is what a graphics processor does not shorten.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
BUDGET_MS = 1000 / 60
TODAY = 20_133  # 2025-02-14
MOVES = {
    "scrolling, 60 px a frame": "gantt.scroller.scrollTop = 60 * n",
    "leaping, a new window each frame": "gantt.scroller.scrollTop = gantt.scroller.scrollHeight * n / frames",
    "panning": "gantt.goTo(gantt.first + (gantt.last - gantt.first) * n / frames)",
    "zooming": "gantt.zoomAt(400, n < frames / 2 ? 0.985 : 1 / 0.985)",
}
MEASURE = """async ({frames, move}) => {
  const gantt = document.querySelector("[data-gantt]").gantt;
  const step = new Function("gantt", "n", "frames", move);
  const times = [], scripts = [];
  const draw = gantt.drawing.draw.bind(gantt.drawing), names = gantt.drawNames.bind(gantt);
  let spent = 0;
  const clocked = (work) => () => { const begun = performance.now(); work(); spent += performance.now() - begun; };
  gantt.drawing.draw = clocked(() => { draw(); gantt.chart.getZr().flush(); });
  gantt.drawNames = clocked(names);
  const next = () => new Promise((done) => requestAnimationFrame(done));
  let before = await next();
  for (let n = 0; n < frames; n++) {
    spent = 0;
    step(gantt, n, frames);
    const now = await next();
    times.push(now - before); scripts.push(spent);
    before = now;
  }
  gantt.drawing.draw = draw; gantt.drawNames = names;
  return [times.slice(2), scripts.slice(2)];
}"""


def say(line: str) -> None:
    """A line of the report, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def made_up_plan(bars: int) -> dict[str, Any]:
    """Parts with sections of nine bars each, a baseline, floats around zero, 2.5 links to a bar; fixed seed."""
    rng = random.Random(2025)
    words: dict[str, int] = {}

    def word(text: str) -> int:
        return words.setdefault(text, len(words)) if text else -1

    groups: list[list[Any]] = []
    rows: list[list[Any]] = []
    links: list[list[int]] = []
    stages = ("survey", "valuation", "negotiation", "payment", "vacating", "demolition")
    while len(rows) < bars:
        if len(groups) % 9 == 0:
            part = len(groups)
            groups.append([-1, word(f"Part {part // 9 + 1}"), word("yellow"), -1, word(f"P{part}")])
        group = len(groups)
        groups.append([part, word(f"Section {group}"), word("green"), -1, word(f"S{group}")])
        start = TODAY + rng.randrange(-90, 60)
        for place in range(min(9, bars - len(rows))):
            length = rng.randrange(2, 25)
            float_days = rng.randrange(-8, 30)
            is_begun, is_done = start < TODAY, start + length < TODAY
            kind = (0, 1, 2, 2, 2, 2, 2, 4, 3)[place]
            flags = int(float_days <= 0) | 2 * is_done | 4 * (kind == 2 and not is_begun)
            rows.append([
                group, word(f"b{len(rows)}"), word(f"Work {place + 1} of section {group}"), kind, start, start + length,
                start + float_days, start + length + float_days, start if is_begun else None,
                start + length if is_done else None, start - 3, start + length - 4, float_days, flags,
                word(f"Unit {group % 5}"), word(stages[place % 6]), word("Decree 590, art. 10"), word("Because."),
                len(rows) - 1 if place else -1, 40, rng.randrange(40), -1,
            ])
            if place:
                links.append([len(rows) - 2, len(rows) - 1, 0, 0, int(float_days <= 0)])
            for _ in range(2 if place % 2 else 1):
                links.append([rng.randrange(len(rows)), len(rows) - 1, rng.randrange(4), 0, 0])
            start += length + 1
    rest = [[day, day + 1] for day in range(TODAY - 400, TODAY + 500) if (day + 3) % 7 == 5]
    targets = [[TODAY + 29, word("All land handed over"), word("missed"), -1]]
    return {
        "on": TODAY, "words": list(words), "groups": groups, "bars": rows, "links": links, "rest": rest,
        "frozen": [[TODAY - 60, TODAY + 44]], "targets": targets,
    }


def write_site(folder: Path, bars: int) -> None:
    """The page with the product's own template and files."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhengtu.config.settings"
    import django

    django.setup()
    from django.template.loader import render_to_string

    from zhengtu.web.office.schedule.gantt_page import gantt_context, gantt_texts

    shutil.copytree(REPOSITORY / "zhengtu" / "web" / "static", folder / "static")
    packages = REPOSITORY / "frontend" / "node_modules" / "echarts" / "dist"
    shutil.copytree(packages, folder / "static" / "packages" / "echarts")
    (folder / "plan.json").write_text(json.dumps(made_up_plan(bars)), encoding="utf-8")
    body = render_to_string("schedule/gantt.html", {"gantt": gantt_context(data_href="/plan.json")})
    texts = json.dumps({key: str(value) if key not in ("stages", "lights") else value
                        for key, value in gantt_texts().items()})
    sheets = ("base", "palette", "schedule")
    styles = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in sheets)
    (folder / "index.html").write_text(
        f'<!doctype html><html lang="zh-hans"><meta charset="utf-8">{styles}<body><div class="page">{body}</div>'
        f'<script type="application/json" id="gantt-texts">{texts}</script>'
        '<script type="module" src="/static/js/schedule/gantt.js"></script>', encoding="utf-8",
    )


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of one folder, without a log."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def report(page: Any, arguments: argparse.Namespace) -> None:
    """Measure each movement and print the ratios."""
    say("| movement | frame, median | frame, P95 | script, median | script, P95 | script P95 ÷ 16.7 ms |")
    say("|---|---:|---:|---:|---:|---:|")
    for name, move in MOVES.items():
        page.evaluate("document.querySelector('[data-gantt]').gantt.zoom('month')")
        times, scripts = page.evaluate(MEASURE, {"frames": arguments.frames, "move": move})
        say(
            f"| {name} | {statistics.median(times):.1f} ms | {percentile(times, 0.95):.1f} ms "
            f"| {statistics.median(scripts):.1f} ms | {percentile(scripts, 0.95):.1f} ms "
            f"| **{percentile(scripts, 0.95) / BUDGET_MS:.2f}** |"
        )


def main() -> None:
    """Serve the page, move about in it, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bars", type=int, default=2_000)
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--picture", type=Path)
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("needs Chromium")
    from playwright.sync_api import sync_playwright

    folder = Path(tempfile.mkdtemp(prefix="zt-gantt-bench-"))
    write_site(folder / "site", arguments.bars)
    handler = functools.partial(Quiet, directory=str(folder / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(folder / "profile"), executable_path=chromium, args=list(FLAGS),
                viewport={"width": 1440, "height": 900},
            )
            page = context.pages[0]
            page.on("pageerror", lambda error: say(f"error in the page: {error}"))
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
            page.wait_for_selector("[data-gantt-chart][data-ready]")
            page.evaluate("document.querySelector('#g-links').value = 'all';"
                          "document.querySelector('[data-gantt]').gantt.refilter()")
            links = page.evaluate("document.querySelector('[data-gantt]').gantt.plan.links.length")
            say(f"{arguments.bars:,} bars, {links:,} links, every link in view drawn\n")
            report(page, arguments)
            if arguments.picture:
                page.evaluate("document.querySelector('[data-gantt]').gantt.zoom('month')")
                page.wait_for_timeout(300)
                page.screenshot(path=str(arguments.picture))
            context.close()
    finally:
        server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
