"""Deeds of the registry: a survey imported whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import OpenDeed, act
from zhengtu.ledger.files import AttachedFile, keep_local_file
from zhengtu.ledger.writes import PreparedFacts
from zhengtu.registry import writes
from zhengtu.registry.facts import IMPORT_VERB, chain_numbers, standing_steps
from zhengtu.registry.models import Building, ImportStage, Parcel, Project, Section
from zhengtu.registry.queries import subject_of
from zhengtu.registry.survey_import import ledger_carrying as carrying
from zhengtu.registry.survey_import.examination import (
    Examination,
    collector_paused,
    examine,
    is_refused,
)
from zhengtu.registry.survey_import.geometry_plan import GeometryPlan
from zhengtu.registry.survey_import.intake import MEDIA_TYPES, SourceFile
from zhengtu.registry.survey_import.ledger_plan import LedgerPlan
from zhengtu.registry.survey_import.options import ImportOptions, LayerKind
from zhengtu.registry.tiles import assign_map_numbers, request_tiles

_MODELS: dict[LayerKind, Any] = {
    LayerKind.SECTION: Section,
    LayerKind.PARCEL: Parcel,
    LayerKind.BUILDING: Building,
}
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an import: the deed's key (empty when there was nothing to do) and the report."""

    deed: str
    report: dict[str, Any]


def _say_nothing(share: float) -> None:
    return None


def import_survey(
    *,
    source: SourceFile,
    project: Project,
    actor: Actor,
    options: ImportOptions,
    now: datetime,
    report: Progress = _say_nothing,
    expected: dict[str, int] | None = None,
    import_id: int | None = None,
    examined: Examination | None = None,
) -> Outcome:
    """Import a file whole: one deed, one transaction.

    Args:
        source: the file; it becomes the deed's evidence.
        project: what it is imported into.
        actor: who imports; only sections in scope are reached.
        options: what was chosen and confirmed.
        now: the instant of the deed.
        report: told the share done; what it raises stops and undoes everything.
        expected: the counts that were confirmed; other ones refuse.
        examined: the file as examined just now by the same actor, to spare a second reading.
        import_id: the upload to mark as imported in the same transaction.

    Returns:
        The deed and the report; no deed when nothing is new or changed.

    Raises:
        Refused: when anything in the file is refused, or the registry changed since the check.
    """
    with collector_paused():
        found = examined or examine(
            source=source, project=project, actor=actor, options=options, today=civil_date(at=now),
            report=lambda share: report(0.5 * share),
        )
        _refuse_unless_ready(found, options=options, expected=expected)
        if _changes_anything(found):
            return _record(found, source, project, actor, options, now, report, import_id)
        if import_id is not None:
            writes.set_import(import_id, stage=ImportStage.IMPORTED, progress=1, report=found.report)
        return Outcome("", found.report)


def _record(
    found: Examination,
    source: SourceFile,
    project: Project,
    actor: Actor,
    options: ImportOptions,
    now: datetime,
    report: Progress,
    import_id: int | None,
) -> Outcome:
    """Open the deed, hold the divisions' chains, write; the report is that of what was carried out."""
    kind = "ledger_sheet" if found.kind.is_ledger else "survey_file"
    kept = keep_local_file(source.path, kind=kind, media_type=MEDIA_TYPES[found.kind])
    with act(actor, IMPORT_VERB, on=_subject(found, project), at=now) as deed:
        deed.lock(_jurisdictions(found))
        if chain_numbers(project.code) != found.chains:
            # The file was compared before the locks, and somebody recorded a deed in between.
            found = _compared_again(
                found, source=source, project=project, actor=actor, options=options, today=civil_date(at=now)
            )
        _write(found, deed, now, report, replace(kept, name=source.name))
        if import_id is not None:
            writes.set_import(import_id, stage=ImportStage.IMPORTED, progress=1, report=found.report, deed=deed.id)
    return Outcome(deed.id, found.report)


def _changes_anything(found: Examination) -> bool:
    counts = found.report["counts"]
    corrected = isinstance(found.plan, LedgerPlan) and found.plan.registered_on
    return bool(counts["new"] or counts["changed"] or found.report.get("steps") or corrected)


def _refuse_unless_ready(found: Examination, *, options: ImportOptions, expected: dict[str, int] | None) -> None:
    if found.report["needs_mapping"]:
        raise Refused(
            Reason(
                code="import.mapping_unconfirmed",
                message=N_("The columns of this sheet are not known yet."),
                remedy=N_("Confirm which column means what, and check the file again."),
            )
        )
    if is_refused(found.report):
        raise Refused(*_reasons(found.report))
    if expected is not None and expected != found.report["counts"]:
        raise Refused(_changed_meanwhile())


def _changed_meanwhile() -> Reason:
    return Reason(
        code="import.changed_meanwhile",
        message=N_("The registry changed since the file was checked."),
        remedy=N_("Check the file again and confirm the new report."),
    )


def _reasons(report: dict[str, Any]) -> list[Reason]:
    """The refusals of a report, one per kind, as reasons."""
    return [
        Reason(
            code=total["code"],
            message=total["message"],
            parameters=total["parameters"],
            source=total["source"],
            remedy=total["remedy"],
        )
        for total in report["totals"]
        if total["is_refusal"]
    ]


def _jurisdictions(found: Examination) -> list[str]:
    plan = found.plan
    if isinstance(plan, GeometryPlan):
        return sorted(plan.jurisdictions)
    assert isinstance(plan, LedgerPlan)
    return sorted({section[:6] for section in set(plan.sections)})


def _subject(found: Examination, project: Project) -> Subject:
    """What the deed is on: the one section, else the one division, else the project."""
    plan = found.plan
    if isinstance(plan, LedgerPlan):
        places = set(plan.sections)
    else:
        assert isinstance(plan, GeometryPlan)
        touched = [row["code"] for row in (*plan.new, *plan.changed)]
        places = {code if plan.kind is LayerKind.SECTION else code.rsplit("-", 1)[0] for code in touched}
    divisions = {place[:6] for place in places}
    code = next(iter(places)) if len(places) == 1 else next(iter(divisions)) if len(divisions) == 1 else project.code
    return subject_of(code)


def _compared_again(
    before: Examination, *, source: SourceFile, project: Project, actor: Actor, options: ImportOptions, today: date
) -> Examination:
    """The file compared once more, under the locks.

    Raises:
        Refused: when the outcome is not the one before.
    """
    found = examine(source=source, project=project, actor=actor, options=options, today=today)
    if is_refused(found.report) or found.report["counts"] != before.report["counts"]:
        raise Refused(_changed_meanwhile())
    return found


def _write(found: Examination, deed: OpenDeed, now: datetime, report: Progress, evidence: AttachedFile) -> None:
    """Write what a file brings, and record the deed."""
    if isinstance(found.plan, LedgerPlan):
        facts = _write_households(found.plan, deed, civil_date(at=now), report)
    else:
        assert isinstance(found.plan, GeometryPlan)
        _write_shapes(found.plan)
        facts = deed.prepare([])
    report(0.8)
    deed.record(facts=facts, evidence=[evidence])
    report(0.98)


def _write_households(plan: LedgerPlan, deed: OpenDeed, today: date, report: Progress) -> PreparedFacts:
    """Write the households of a ledger; returns the facts to record of them.

    While the database takes the new households in, their facts are made ready.
    """
    state = plan.state
    changed = [change.code for change in plan.changes]
    if changed:
        writes.update_households(carrying.changed_rows(plan, state))
    late = [plan.codes[position] for position in plan.registered_on]
    held = standing_steps(codes=[*changed, *late], kinds=["registered"])
    personal = carrying.personal_of_new(plan)
    report(0.55)
    columns = carrying.household_columns(plan, personal)
    with writes.inserting_households(columns) if plan.new else nullcontext():
        report(0.7)
        start_on = state.campaign_start_on
        facts = [
            *carrying.registered_facts(plan, personal, today=today, campaign_start_on=start_on),
            *carrying.corrected_facts(plan, state, held=held, today=today),
            *carrying.history_facts(plan, state),
        ]
        return deed.prepare(facts)


def _write_shapes(plan: GeometryPlan) -> None:
    """Write the shapes of a layer and ask for new tiles."""
    writes.insert_mapped(_MODELS[plan.kind], plan.new)
    writes.update_mapped(_MODELS[plan.kind], plan.changed)
    for jurisdiction in sorted(plan.jurisdictions):
        if plan.kind is not LayerKind.SECTION:
            assign_map_numbers(jurisdiction)
        request_tiles(jurisdiction)
