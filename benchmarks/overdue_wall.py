"""How long the subsidy ledger and the overdue wall take over a loaded demonstration, and how many statements they ask.

``ZHENGTU_HOME=<a loaded demonstration> .venv/bin/python benchmarks/overdue_wall.py [--families N]``. With
``--families`` those of the demonstration are reckoned over and over in the core alone, as if there were so many.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
RUNS = 5


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=20_000)
    given = parser.parse_args()
    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from zhengtu.core.authority.actor import Actor, Posting
    from zhengtu.core.compensation.subsidy_account import account_on
    from zhengtu.core.compensation.subsidy_totals import totals_by, totals_of
    from zhengtu.ledger.models import Deed
    from zhengtu.resettlement.overdue import wall_of
    from zhengtu.resettlement.subsidies import by_payer, rows_for

    mayor = Actor(person="benchmark", postings=(Posting(role="mayor", unit="220200"),))
    on = Deed.objects.order_by("-recorded_on").values_list("recorded_on", flat=True)[0]
    rows: list[Any] = []
    with CaptureQueriesContext(connection) as asked:
        rows = rows_for(mayor, on=on)
    wall = wall_of(rows, on=on)
    print(f"{len(rows)} families, {wall.whole.families} late, {len(asked)} statements, as of {on}")
    whole = totals_of(row.account for row in rows)
    print(f"a year costs {whole.per_year:,.2f} yuan; late families alone {wall.whole.totals.per_year:,.2f}")
    for name, call in (
        ("rows from the database", lambda: rows_for(mayor, on=on)),
        ("rows as known a month before", lambda: rows_for(mayor, on=on, known=on - timedelta(days=30))),
        ("wall of the rows", lambda: wall_of(rows, on=on)),
        ("totals by payer", lambda: totals_by(by_payer(rows), key=_payer, account=lambda one: one.account)),
    ):
        print(f"{name:32} {_seconds(call):8.3f} s")
    terms = [row.terms for row in rows if row.terms is not None]
    many = [terms[place % len(terms)] for place in range(given.families)]
    seconds = _seconds(lambda: totals_of(account_on(one, on=on) for one in many))
    print(f"{given.families:,} accounts in the core      {seconds:8.3f} s")


def _payer(row: Any) -> str:
    return str(row.payer)


def _seconds(call: Any) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
