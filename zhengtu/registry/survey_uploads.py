"""Uploads on their way: taken in, checked by a task, confirmed, carried out, cancelled; each can be found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from procrastinate.contrib.django import app as task_queue

from zhengtu.accounts.models import Person
from zhengtu.accounts.queries import actor_of
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.writes import insert_refusal, reason_as_json
from zhengtu.registry import writes
from zhengtu.registry.actions import import_survey
from zhengtu.registry.facts import IMPORT_VERB
from zhengtu.registry.models import ImportStage, SurveyImport
from zhengtu.registry.survey_import.examination import collector_paused, examine, is_refused
from zhengtu.registry.survey_import.intake import SourceFile, keep_upload, kept_upload
from zhengtu.registry.survey_import.ledger_plan import LedgerPlan
from zhengtu.registry.survey_import.marking import write_marked_copy
from zhengtu.registry.survey_import.options import ImportOptions, options_from
from zhengtu.registry.survey_queries import import_projects_for, importing_unit, interrupted

CHECK_TASK, IMPORT_TASK = "check_survey", "import_survey"
Progress = Callable[[float], None]


class Cancelled(Exception):
    """Somebody asked to stop; whatever was begun is rolled back."""


def take_in_upload(
    *, file: File, name: str, project: str, actor: Actor, options: ImportOptions, now: datetime
) -> SurveyImport:
    """Keep an upload and queue its check.

    Raises:
        Refused: when the actor may not import into the project, or the file is nothing that can be imported.
    """
    found = import_projects_for(actor).filter(code=project).first()
    if found is None:
        raise Refused(*_no_right(actor, project, now))
    source = keep_upload(file, name=name)
    source.kind()
    with transaction.atomic():
        upload = writes.insert_import(
            project=project,
            unit=importing_unit(actor),
            person=actor.person,
            at=now,
            file_name=source.name,
            sha256=source.sha256,
            size_bytes=source.size_bytes,
            options=replace(options, queued="check").as_json(),
        )
        _queue(CHECK_TASK, upload.pk)
    return upload


def _no_right(actor: Actor, project: str, now: datetime) -> list[Reason]:
    reason = Reason(
        code="authority.not_granted",
        message=N_("Your posts do not include “%(verb)s” for %(subject)s."),
        parameters={"verb": f"verb:{IMPORT_VERB}", "subject": project},
        remedy=N_("Ask the person who administers postings in your unit."),
    )
    insert_refusal(actor=actor.person, verb=IMPORT_VERB, subject=project, at=now, reasons=[reason])
    return [reason]


def _queue(task: str, import_id: int) -> None:
    task_queue.configure_task(task).defer(import_id=import_id)


def check_again(upload: SurveyImport, *, options: ImportOptions) -> None:
    """Queue the check once more, with other choices or after an interruption."""
    with transaction.atomic():
        writes.set_import(
            upload.pk,
            stage=ImportStage.UPLOADED,
            progress=0,
            cancel_requested=False,
            report={},
            options=replace(options, queued="check", accepts_warnings=False).as_json(),
        )
        _queue(CHECK_TASK, upload.pk)


def confirm_mapping(
    upload: SurveyImport, *, mapping: dict[str, str], actor: Actor, now: datetime, section: str = ""
) -> None:
    """Remember how the unit's sheet maps to the registry, and check the upload with it.

    Args:
        section: of this file's rows that name none; it is not remembered.
    """
    digest = upload.report["digest"]
    options = options_from(upload.options)
    with transaction.atomic():
        writes.keep_mapping(
            unit=importing_unit(actor), header_digest=digest, columns=mapping, person=actor.person, at=now
        )
    check_again(upload, options=replace(options, mapping=mapping, section=section or options.section))


def confirm_import(upload: SurveyImport, *, actor: Actor, accepts_warnings: bool) -> None:
    """Queue the import of a checked upload.

    Raises:
        Refused: when it is not checked, holds refusals, or its warnings were not accepted.
    """
    if upload.stage != ImportStage.CHECKED or is_refused(upload.report) or upload.report.get("needs_mapping"):
        raise Refused(_not_ready())
    if upload.report["counts"]["warnings"] and not accepts_warnings:
        raise Refused(
            Reason(
                code="import.warnings_unseen",
                message=N_("The report has warnings that nobody has accepted."),
                remedy=N_("Read them and tick the box, or correct the file."),
            )
        )
    options = replace(
        options_from(upload.options), queued="import", accepts_warnings=accepts_warnings, confirmed_by=actor.person
    )
    with transaction.atomic():
        writes.set_import(upload.pk, options=options.as_json(), progress=0, cancel_requested=False)
        _queue(IMPORT_TASK, upload.pk)


def _not_ready() -> Reason:
    return Reason(
        code="import.not_ready",
        message=N_("The file is not checked, or its report holds refusals."),
        remedy=N_("Correct the file and upload it again."),
    )


def cancel_import(upload: SurveyImport) -> None:
    """Stop an upload: at once when nobody works on it, else at the next step of whoever does."""
    if upload.stage in (ImportStage.CHECKING, ImportStage.IMPORTING) and not interrupted([upload]):
        writes.request_cancel(upload.pk)
    elif upload.stage not in (ImportStage.IMPORTED, ImportStage.CANCELLED):
        options = replace(options_from(upload.options), queued="")
        writes.set_import(upload.pk, stage=ImportStage.CANCELLED, cancel_requested=True, options=options.as_json())


@contextmanager
def _worked_on(
    import_id: int, *, since: list[ImportStage], to: ImportStage
) -> Iterator[tuple[SurveyImport, Progress] | None]:
    """Hold an upload while a task works on it, and note how it ended when it did not end well.

    Gives None when the upload is not waiting for this, was cancelled, or somebody else holds it.
    """
    with writes.sideline(import_id) as beside:
        upload = SurveyImport.objects.select_related("project__campaign").get(pk=import_id)
        if not beside.is_held or upload.cancel_requested or not writes.claim_stage(import_id, since=since, to=to):
            yield None
            return

        def tell(share: float) -> None:
            if beside.tell(share):
                raise Cancelled

        try:
            yield upload, tell
        except Cancelled:
            writes.set_import(import_id, stage=ImportStage.CANCELLED, progress=0)
        except Refused as refused:
            stored = {"file": upload.file_name, "reasons": [reason_as_json(reason) for reason in refused.reasons]}
            writes.set_import(import_id, stage=ImportStage.REFUSED, report=upload.report | stored)
        except Exception:
            writes.set_import(import_id, stage=ImportStage.FAILED)
            raise


def check_upload(import_id: int, *, now: datetime) -> str:
    """Read and check an upload and store its report; returns the stage it ends at."""
    since = [ImportStage.UPLOADED, ImportStage.CHECKING]
    with _worked_on(import_id, since=since, to=ImportStage.CHECKING) as work:
        if work is not None:
            upload, tell = work
            today = civil_date(at=now)
            source, options = source_of(upload), options_from(upload.options)
            with collector_paused():
                found = examine(
                    source=source,
                    project=upload.project,
                    actor=actor_of(upload.uploaded_by, on=today),
                    options=options,
                    today=today,
                    report=tell,
                )
                if isinstance(found.plan, LedgerPlan) and found.plan.problems:
                    write_marked_copy(found, sha256=marked_name(upload), language=upload.uploaded_by.language)
            tell(1)
            stage = ImportStage.REFUSED if is_refused(found.report) else ImportStage.CHECKED
            writes.set_import(
                import_id, stage=stage, report=found.report, options=replace(options, queued="").as_json()
            )
    return SurveyImport.objects.get(pk=import_id).stage


def carry_out_upload(import_id: int, *, now: datetime) -> str:
    """Import a confirmed upload; returns the stage it ends at."""
    since = [ImportStage.CHECKED, ImportStage.IMPORTING]
    with _worked_on(import_id, since=since, to=ImportStage.IMPORTING) as work:
        if work is not None:
            upload, tell = work
            options = options_from(upload.options)
            person = Person.objects.get(code=options.confirmed_by)
            import_survey(
                source=source_of(upload),
                project=upload.project,
                actor=actor_of(person, on=civil_date(at=now)),
                options=options,
                now=now,
                report=tell,
                expected=upload.report["counts"],
                import_id=import_id,
            )
    return SurveyImport.objects.get(pk=import_id).stage


def source_of(upload: SurveyImport) -> SourceFile:
    """The file of an upload."""
    return kept_upload(sha256=upload.sha256, name=upload.file_name, size_bytes=upload.size_bytes)


def marked_name(upload: SurveyImport) -> str:
    """Under which name the copy with marked cells is kept."""
    return f"marked/{upload.pk}.xlsx"
