"""Processor time, database time and questions of the pages about families that wait, over a loaded demonstration.

``ZHENGTU_HOME=<a loaded demonstration> .venv/bin/python benchmarks/resettlement_pages.py``, while its server runs. The
mayor signs in and asks for each page, which is rendered in this process as the server renders it; of five answers the
quickest counts, because other work on the machine only ever makes one slower.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
RUNS: Final = 5
PAGES: Final = (
    "/resettlement/overdue/", "/resettlement/overdue/families/", "/resettlement/subsidies/", "/resettlement/promises/",
    "/resettlement/promises/families/", "/resettlement/register/", "/resettlement/claims/", "/resettlement/sites/",
    "/resettlement/options/new/",
)


def main() -> None:
    """Print the table."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    import zhengtu.config.wsgi  # noqa: F401 - the collector is set as the server sets it

    settings.ALLOWED_HOSTS = ["testserver"]
    lines = (Path(settings.HOME) / "demonstration_accounts.txt").read_text().splitlines()
    passwords = {words[0]: words[1] for line in lines if len(words := line.split()) > 2}
    mayor = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    mayor.post("/sign-in", {"username": "mayor", "password": passwords["mayor"]})
    print("| page | processor s | database s | questions |\n|---|---:|---:|---:|")
    for page in PAGES:
        mayor.get(page)
        times = []
        for _ in range(RUNS):
            started = time.process_time()
            answer = mayor.get(page)
            times.append(time.process_time() - started)
        if answer.status_code != 200:
            raise SystemExit(f"{page}: {answer.status_code}")
        with CaptureQueriesContext(connection) as asked:
            mayor.get(page)
        database = sum(float(one["time"]) for one in asked.captured_queries)
        print(f"| {page} | {min(times):.2f} | {database:.2f} | {len(asked)} |")


if __name__ == "__main__":
    main()
