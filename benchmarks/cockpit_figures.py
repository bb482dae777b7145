"""Cockpit figures as of any date against ORM aggregation over the facts that gives the same numbers.

    ZHENGTU_HOME=/tmp/zt-bench .venv/bin/python benchmarks/cockpit_figures.py [--households N] [--sections N]

The scene is built once per ZHENGTU_HOME in a database of its own; later runs measure only.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengtu.config.settings")
if "ZHENGTU_HOME" not in os.environ:
    sys.exit("Set ZHENGTU_HOME to a scratch folder: the benchmark fills the database in it.")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def arguments() -> argparse.Namespace:
    """Sizes and repetitions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--sections", type=int, default=2_500)
    parser.add_argument("--dates", type=int, default=20, help="random dates on which the cockpit is measured")
    parser.add_argument("--orm-dates", type=int, default=3, help="of these, how many are also aggregated by the ORM")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--build-only", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Build the scene where it is missing, then measure."""
    options = arguments()
    started = time.perf_counter()
    from django.conf import settings

    from zhengtu.config.embedded_database import start_embedded_database

    server = None if settings.DATABASE_URL else start_embedded_database(settings.HOME / "postgres")
    import django

    django.setup()
    from django.core.management import call_command

    from benchmarks import cockpit_scene as scene

    call_command("migrate", verbosity=0)
    from zhengtu.registry.queries import campaign_of

    if campaign_of("220200") is None:
        scene.build(households=options.households, sections=options.sections, started=started)
    if not options.build_only:
        from benchmarks.cockpit_measure import measure

        rng = random.Random(options.seed)
        dates = [scene.FIRST_DAY + timedelta(days=rng.randrange(60, 1100)) for _ in range(options.dates)]
        measure(dates, orm_dates=options.orm_dates)
    del server


if __name__ == "__main__":
    main()
