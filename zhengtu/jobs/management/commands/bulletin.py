"""``zhengtu bulletin``: make a bulletin of a week as Word, PDF and Excel, or check a released one."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.core.bulletins.figures import Period, fingerprint
from zhengtu.core.bulletins.period import period_of, week_days
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.files import evidence_path, evidence_storage
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.publication.addressees import units_addressed
from zhengtu.publication.checking import check_bulletin
from zhengtu.publication.documents import Issue, bulletin_files
from zhengtu.publication.models import Bulletin, BulletinStage
from zhengtu.publication.queries import campaign_days, standing_bulletin, stored_bulletin
from zhengtu.publication.week_figures import compute_plans, ledger_figures
from zhengtu.registry.queries import cities


class Command(BaseCommand):
    """A draft marked as such, unless one was released for the week: then its kept files."""

    help = (
        "Make the bulletin of a week as Word, PDF and Excel annex: the released one where there is one, else a draft. "
        "With --check the figures of a released one are made again from its two dates and compared to the byte."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of the command."""
        parser.add_argument("--week", metavar="2025-W08", default="", help="week by ISO 8601")
        parser.add_argument("--city", default="", help="division code of a city, where the ledger holds several")
        parser.add_argument("--kind", default="circular", help="kind in rulebook/bulletins (default: circular)")
        parser.add_argument("--known", metavar="DATE", default="", help="as known by the end of this day (YYYY-MM-DD)")
        parser.add_argument("--out", metavar="DIR", type=Path, default=Path(), help="folder of the files (default: .)")
        parser.add_argument("--check", metavar="CODE", default="", help="check this released bulletin instead")

    def handle(self, *args: Any, week: str, check: str, **options: Any) -> None:
        """Make or check."""
        now = timezone.now()
        if check:
            self._check(check, now)
            return
        if not week:
            raise CommandError("say which week: --week 2025-W08, or --check CODE for a released bulletin")
        city, kind = _city(options["city"]), options["kind"]
        kinds = current_rulebook().bulletins.kinds
        if kind not in kinds:
            raise CommandError(f"there is no kind of bulletin {kind}: {', '.join(kinds)}")
        if not current_rulebook().bulletins.may_issue(kinds[kind], city=city):
            raise CommandError(f"no office of {city} issues a {kind}: rulebook/bulletins/kinds.yaml, heads")
        try:
            first, after = week_days(week)
            held = standing_bulletin(city, kind=kind, from_on=first, until_on=after)
            if held is not None and held.stage == BulletinStage.RELEASED and not options["known"]:
                self._write_released(held, options["out"], week)
                return
            period = period_of(
                from_on=first, until_on=after, today=civil_date(at=now), campaign=campaign_days(city),
                known_on=_day(options["known"]),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self._write_draft(city, kind, period, held=held, out=options["out"], week=week, now=now)

    def _write_released(self, held: Bulletin, out: Path, week: str) -> None:
        files = {}
        for ending, digest in (("docx", held.word_id), ("pdf", held.pdf_id), ("xlsx", held.annex_id)):
            with evidence_storage().open(evidence_path(digest)) as file:
                files[ending] = file.read()
        self.stdout.write(f"{held.number} ({held.code}), released: the kept files")
        self._write(files, out, f"{held.kind}-{week}-{held.code}")
        self.stdout.write(f"figures as of {held.as_of_on}, as known on {held.known_on}: {held.figures_sha256}")

    def _write_draft(
        self, city: str, kind: str, period: Period, *, held: Bulletin | None, out: Path, week: str, now: datetime
    ) -> None:
        self.stdout.write(f"computing the plans of {period.as_of_on} and {period.since_on} where they are missing")
        self.stdout.flush()
        compute_plans(city, period, now=now)
        named = ledger_figures(city, kind=kind, period=period)
        rules = current_rulebook().bulletins.kinds[kind]
        files = bulletin_files(
            named, remarks=held.remarks if held is not None else {},
            issue=Issue(
                number=None, issued_on=civil_date(at=now),
                addressees=held.addressees if held is not None else units_addressed(city, rules),
            ),
        )
        self.stdout.write("a draft, marked as such: no bulletin of this week is released with these dates")
        self._write(files, out, f"{kind}-{week}-draft")
        sha = fingerprint(named.figures)
        self.stdout.write(f"figures as of {period.as_of_on}, as known on {period.known_on}: {sha}")

    def _write(self, files: dict[str, bytes], out: Path, name: str) -> None:
        try:
            out.mkdir(parents=True, exist_ok=True)
            for ending, data in files.items():
                path = out / f"{name}.{ending}"
                path.write_bytes(data)
                self.stdout.write(f"  {path} ({len(data):,} bytes)")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error}") from error

    def _check(self, code: str, now: datetime) -> None:
        bulletin = stored_bulletin(code)
        if bulletin is None:
            raise CommandError(f"there is no bulletin {code}")
        if bulletin.released_at is None:
            raise CommandError(f"{code} is not released: only a released bulletin has figures to compare with")
        found = check_bulletin(bulletin, now=now)
        self.stdout.write(f"{bulletin.number} ({code}), as of {bulletin.as_of_on}, as known on {bulletin.known_on}")
        self.stdout.write(f"  kept      {found.stored_sha256}\n  recorded  {found.recorded_sha256}")
        self.stdout.write(f"  made      {found.made_sha256}")
        for line in found.differences:
            self.stdout.write(f"  differs   {line}")
        for ending in found.broken_files:
            self.stdout.write(f"  file      the kept {ending} is gone or was changed")
        if not found.is_equal:
            raise CommandError("the released bulletin does not follow from the ledger as it stands")
        self.stdout.write("Equal to the byte; the kept files have their hashes.")


def _city(asked: str) -> str:
    known = cities()
    if not known:
        raise CommandError("there is no campaign: load or declare one first")
    if asked and asked not in known:
        raise CommandError(f"there is no campaign of a city {asked}; there are: {', '.join(known)}")
    if not asked and len(known) > 1:
        raise CommandError(f"the ledger holds {len(known)} cities: choose one with --city")
    return asked or known[0]


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no date: write YYYY-MM-DD") from error
