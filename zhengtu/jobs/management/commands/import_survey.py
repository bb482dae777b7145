"""``zhengtu import_survey``: a ledger or survey file into the registry, after a report; all or nothing."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import actor_of
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.survey_sheets.fields import FIELD_OF
from zhengtu.jobs.progress import Bar
from zhengtu.ledger.reason_text import spoken_reason
from zhengtu.registry.actions import import_survey
from zhengtu.registry.survey_import.examination import Examination, collector_paused, examine, is_refused
from zhengtu.registry.survey_import.intake import SourceFile, local_file
from zhengtu.registry.survey_import.marking import marked_copy
from zhengtu.registry.survey_import.options import ImportOptions
from zhengtu.registry.survey_queries import import_projects_for, people_who_import, person_named

_SHOWN = 40


class Command(BaseCommand):
    """Checks a file, prints the report, and imports it as one deed unless anything is refused."""

    help = "Import a household ledger or a survey file: first a report, then all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", type=Path, help="Excel, CSV, GeoPackage, zipped Shapefile, GeoJSON, DXF, boundary-point TXT"
        )
        parser.add_argument("--project", required=True, metavar="CODE", help="project, for example 220200-P0001")
        parser.add_argument("--dry-run", action="store_true", help="print the report and write nothing")
        parser.add_argument("--sheet", default="", help="sheet of a workbook")
        parser.add_argument("--layer", default="", help="layer of a survey file")
        parser.add_argument(
            "--kind", default="", choices=["section", "parcel", "building"], help="what the features are"
        )
        parser.add_argument("--section", default="", metavar="CODE", help="section of rows that name none")
        parser.add_argument("--mapping", type=Path, metavar="FILE.json", help="field -> heading of the sheet")
        parser.add_argument("--assumed-epsg", type=int, metavar="N", help="reference system of a file that names none")
        parser.add_argument("--actor", default="", metavar="USERNAME", help="in whose name")
        parser.add_argument("--marked", type=Path, metavar="OUT.xlsx", help="write the sheet with marked cells there")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        today = civil_date(at=now)
        if not options["path"].is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": options["path"]})
        actor = self._actor(options, today)
        project = import_projects_for(actor).filter(code=options["project"]).select_related("campaign").first()
        if project is None:
            raise CommandError(
                _("There is no project %(code)s that you may import into.") % {"code": options["project"]}
            )
        chosen = self._choices(options)
        bar = Bar(self.stdout)
        try:
            source = local_file(options["path"])
            with collector_paused():
                found = examine(
                    source=source,
                    project=project,
                    actor=actor,
                    options=chosen,
                    today=today,
                    report=lambda share: bar.show(_("check"), int(share * 100), 100),
                )
            bar.end()
            self._print_report(found)
            self._mark(found, options["marked"])
            if options["dry_run"] or found.report["needs_mapping"] or is_refused(found.report):
                self._end_without_import(found, options["dry_run"])
                return
            outcome = import_survey(
                source=source,
                project=project,
                actor=actor,
                options=chosen,
                now=now,
                examined=found,
                report=lambda share: bar.show(_("import"), int(share * 100), 100),
            )
            bar.end()
        except Refused as refused:
            raise CommandError("\n".join(self._spoken(source, reason) for reason in refused.reasons)) from refused
        self.stdout.write(
            _("Imported as deed %(deed)s.") % {"deed": outcome.deed}
            if outcome.deed
            else _("Nothing is new or changed; no deed was recorded.")
        )

    def _actor(self, options: dict[str, Any], today: Any) -> Actor:
        """Who acts: as named; without a name a dry run needs nobody, and an import the one person who may."""
        if options["actor"]:
            person = person_named(options["actor"])
            if person is None:
                raise CommandError(_("There is no active account %(name)s.") % {"name": options["actor"]})
            return actor_of(person, on=today)
        people: list[Person] = people_who_import(options["project"], on=today)
        if len(people) == 1:
            return actor_of(people[0], on=today)
        if options["dry_run"]:
            return Actor(person="", postings=(Posting("coordinator", f"{options['project'][:4]}00"),))
        names = ", ".join(person.username for person in people) or "—"
        raise CommandError(_("Say in whose name with --actor; these may: %(names)s.") % {"names": names})

    def _choices(self, options: dict[str, Any]) -> ImportOptions:
        mapping = None
        if options["mapping"]:
            try:
                mapping = json.loads(options["mapping"].read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise CommandError(f"{options['mapping']}: {error}") from error
            unknown = set(mapping) - set(FIELD_OF) if isinstance(mapping, dict) else {"?"}
            if unknown and not options["layer"]:
                raise CommandError(
                    _("Unknown fields in the mapping: %(names)s.") % {"names": ", ".join(sorted(unknown))}
                )
        return ImportOptions(
            sheet=options["sheet"],
            layer=options["layer"],
            layer_kind=options["kind"],
            mapping=mapping,
            assumed_epsg=options["assumed_epsg"],
            section=options["section"],
        )

    def _print_report(self, found: Examination) -> None:
        report = found.report
        where = f"{report['file']} · {report['sheet']}".rstrip(" ·")
        if report["needs_mapping"]:
            self.stdout.write(_("%(where)s: the columns are not known yet. Proposed mapping:") % {"where": where})
            self.stdout.write(json.dumps(report["mapping"], ensure_ascii=False, indent=2))
            return
        counts = report["counts"]
        self.stdout.write(
            _(
                "%(where)s: %(rows)s rows; %(new)s new, %(changed)s changed, %(unchanged)s unchanged, "
                "%(refused)s refused, %(warnings)s warnings"
            )
            % {"where": where, **counts}
        )
        for problem in report["problems"][:_SHOWN]:
            spoken = spoken_reason(problem)
            mark = _("refused") if problem["is_refusal"] else _("warning")
            place = " ".join(
                str(part) for part in (problem["cell"] or problem["row"] or "", problem["heading"]) if part
            )
            self.stdout.write(f"  [{mark}] {place}: {spoken.message} {spoken.remedy}".rstrip())
        more = sum(total["count"] for total in report["totals"]) - len(report["problems"][:_SHOWN])
        if more > 0:
            self.stdout.write(_("  … and %(count)s more") % {"count": more})

    def _mark(self, found: Examination, path: Path | None) -> None:
        if path is not None and found.sheet is not None and found.plan is not None:
            path.write_bytes(marked_copy(found))
            self.stdout.write(_("Marked copy: %(path)s") % {"path": path})

    def _end_without_import(self, found: Examination, is_dry_run: bool) -> None:
        if found.report["needs_mapping"]:
            raise CommandError(
                _("Nothing was written. Save the mapping, corrected, as a file and name it with --mapping.")
            )
        if is_refused(found.report):
            raise CommandError(_("Nothing was written: correct the refused rows and import the file again."))
        if is_dry_run:
            self.stdout.write(_("Dry run: nothing was written."))

    def _spoken(self, source: SourceFile, reason: Any) -> str:
        spoken = spoken_reason(reason)
        return f"{source.name}: {spoken.message} {spoken.remedy}".rstrip()
