"""``zhengtu build_tiles``: publish the shapes of the registry as vector tiles."""

from __future__ import annotations

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.registry.map_areas import jurisdictions_with_sections
from zhengtu.registry.tiles import TilesFailed, build_jurisdiction


class Command(BaseCommand):
    """Builds what changed; the file published before is served until the new one is whole."""

    help = "Build the map's vector tiles of every jurisdiction whose shapes changed, or of one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jurisdiction", default="", help="division code, e.g. 220204 (default: all)")

    def handle(self, *args: Any, jurisdiction: str, **options: Any) -> None:
        known = jurisdictions_with_sections()
        if jurisdiction and jurisdiction not in known:
            raise CommandError(f"{jurisdiction} has no sections; these have: {', '.join(known) or 'none'}")
        for code in [jurisdiction] if jurisdiction else known:
            started = perf_counter()
            try:
                built = build_jurisdiction(code, at=timezone.now())
            except TilesFailed as error:
                raise CommandError(f"{code}: {error}") from error
            counts = ", ".join(f"{count:,} {name}s" for name, count in built.counts.items())
            size = built.path.stat().st_size / 1e6
            done = f"{size:.1f} MB" if built.was_built else "unchanged"
            self.stdout.write(f"[{perf_counter() - started:6.1f} s] {code}: {counts}; {done}")
            self.stdout.flush()
