"""``zhengtu load_outlines``: a city's official district outlines in the place of those that come along."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengtu.accounts.appointing import console_actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.registry.outline_loading import load_outlines


class Command(BaseCommand):
    """Takes all outlines of the file, or none."""

    help = "Load the outlines of a city's districts and zones from a survey file with a column “code”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="GeoPackage, zipped Shapefile, GeoJSON")
        parser.add_argument("--city", required=True, metavar="CODE", help="division code of the city, e.g. 220200")
        parser.add_argument("--source", required=True, help="where the outlines come from; shown with the map")

    def handle(self, *args: Any, path: Path, city: str, source: str, **options: Any) -> None:
        try:
            codes = load_outlines(
                actor=console_actor(city), city=city, path=path, source=source, now=timezone.now()
            )
        except Refused as refused:
            spoken = [spoken_reason(reason) for reason in refused.reasons]
            raise CommandError("\n".join(f"{one.message} {one.remedy}".rstrip() for one in spoken)) from refused
        self.stdout.write(_("Outlines loaded: %(codes)s.") % {"codes": ", ".join(codes)})
