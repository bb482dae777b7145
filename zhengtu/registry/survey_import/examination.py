"""An upload read, checked and compared with the registry; nothing is written."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.masking import mask_identifiers_in, mask_name
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.survey_sheets.headings import (
    HeadingRow,
    headings_at,
    likeness,
    mapping_problems,
    most_known_headings,
    proposed_mapping,
)
from zhengtu.core.survey_sheets.problems import reason_of
from zhengtu.core.survey_sheets.reading import Sheet, filled_merges, read_sheet
from zhengtu.core.survey_sheets.rows import ledger_rows
from zhengtu.core.survey_sheets.sheet_files import UploadKind
from zhengtu.core.survey_sheets.values import as_text
from zhengtu.registry.facts import (
    RegistryState,
    chain_numbers,
    households_elsewhere,
    registry_state,
    visible_households,
)
from zhengtu.registry.models import Project
from zhengtu.registry.survey_import.geometry_plan import GeometryPlan, examine_geometry
from zhengtu.registry.survey_import.intake import SourceFile
from zhengtu.registry.survey_import.ledger_plan import LedgerPlan, plan_ledger
from zhengtu.registry.survey_import.options import ImportOptions
from zhengtu.registry.survey_import.reporting import problem_rows, problem_totals
from zhengtu.registry.survey_queries import importing_unit, remembered_mapping

Progress = Callable[[float], None]
_SURE = 0.98
_SAMPLES = 3
UNNAMED_HOUSEHOLD = N_("one outside your scope")


@dataclass(slots=True)
class Examination:
    """What an upload is and what importing it would do.

    Attributes:
        kind: what the file is.
        chains: last deed of each division when the comparison began.
        report: as stored and shown.
        plan: the outcome, or None while the columns are to be confirmed.
        sheet, heading: of a ledger.
    """

    kind: UploadKind
    chains: dict[str, int] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    plan: LedgerPlan | GeometryPlan | None = None
    sheet: Sheet | None = None
    heading: HeadingRow | None = None


@contextmanager
def collector_paused() -> Iterator[None]:
    """No cycles arise while millions of cells are read; looking for them would double the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def examine(
    *,
    source: SourceFile,
    project: Project,
    actor: Actor,
    options: ImportOptions,
    today: date,
    report: Progress = lambda share: None,
) -> Examination:
    """Read and check an upload.

    Args:
        source: the file.
        project: what it is imported into.
        actor: whose scope counts.
        options: what was chosen.
        today: the civil date.
        report: told the share done, 0 to 1.

    Raises:
        Refused: when the file as a whole cannot be taken.
    """
    kind, chains = source.kind(), chain_numbers(project.code)
    if not kind.is_ledger:
        found = Examination(kind, chains)
        found.plan = examine_geometry(
            source=source, project=project, actor=actor, options=options, today=today, report=report
        )
        found.report = found.plan.report()
        return found
    found = read_ledger(source=source, kind=kind, actor=actor, options=options)
    found.chains = chains
    report(0.4)
    if found.report["needs_mapping"]:
        return found
    compare_ledger(found, project=project, actor=actor, options=options, today=today, report=report)
    return found


def read_ledger(*, source: SourceFile, kind: UploadKind, actor: Actor, options: ImportOptions) -> Examination:
    """A ledger's sheet, its headings and the mapping that applies or is proposed."""
    sheet = read_sheet(path=source.path, kind=kind, file=source.name, sheet=options.sheet, prefer=most_known_headings)
    heading = headings_at(sheet, mapping=options.mapping or {})
    filled_merges(sheet)
    unit = importing_unit(actor)
    mapping = options.mapping or remembered_mapping(unit=unit, header_digest=heading.digest)
    proposal = dict(mapping) if mapping is not None else proposed_mapping(heading.headings)
    is_certain = mapping is not None or _is_certain(proposal, heading.headings)
    found = Examination(kind, sheet=sheet, heading=heading)
    found.report = {
        "kind": "ledger",
        "file": source.name,
        "sheet": sheet.name,
        "sheets": list(sheet.siblings),
        "heading_row": heading.rows[-1] + 1,
        "headings": [text for text in heading.headings if text],
        "mapping": proposal,
        "needs_mapping": not is_certain,
        "digest": heading.digest,
        "samples": {} if is_certain else _samples(sheet, heading),
    }
    return found


def _is_certain(mapping: dict[str, str], headings: Sequence[str]) -> bool:
    """Whether the headings are the template's: each is known for certain, and names are among them."""
    named = [heading for heading in headings if heading]
    return (
        "name" in mapping
        and len(mapping) == len(named)
        and all(likeness(heading, field_id) >= _SURE for field_id, heading in mapping.items())
    )


def _samples(sheet: Sheet, heading: HeadingRow) -> dict[str, list[str]]:
    """The first cells under each heading, masked where they could identify somebody."""
    rows = sheet.rows[heading.first_row : heading.first_row + _SAMPLES]
    return {
        text: [_masked(as_text(row[index])) for row in rows if row[index] != ""]
        for index, text in enumerate(heading.headings)
        if text
    }


def _masked(text: str) -> str:
    masked = mask_identifiers_in(text)
    is_name = len(text) in (2, 3, 4) and all("\u4e00" <= character <= "\u9fff" for character in text)
    return mask_name(text) if is_name else masked[:40]


def compare_ledger(
    found: Examination,
    *,
    project: Project,
    actor: Actor,
    options: ImportOptions,
    today: date,
    report: Progress = lambda share: None,
    state: RegistryState | None = None,
) -> LedgerPlan:
    """Check the rows of a ledger that has been read and compare them with the registry; fills the report.

    Raises:
        Refused: when the mapping does not fit the sheet.
    """
    assert found.sheet is not None
    assert found.heading is not None
    mapping = found.report["mapping"]
    problems = mapping_problems(mapping=mapping, headings=found.heading.headings)
    if problems:
        raise Refused(*(reason_of(problem) for problem in problems))
    ledger = ledger_rows(sheet=found.sheet, heading=found.heading, mapping=mapping)
    report(0.6)
    state = state or registry_state(project=project, actor=actor, today=today)

    plan = plan_ledger(
        ledger=ledger,
        state=state,
        default_section=options.section,
        elsewhere=_elsewhere(project, actor),
        report=lambda share: report(0.6 + 0.35 * share),
    )
    found.plan = plan
    found.report |= {
        "counts": plan.counts,
        "changed_fields": dict(Counter(name for change in plan.changes for name in change.fields)),
        "steps": dict(Counter(step.kind for step in plan.steps)),
        "sections": dict(Counter(section for section in plan.sections if section)),
        "problems": problem_rows(
            plan.problems,
            file=found.sheet.file,
            sheet=found.sheet.name,
            headings=found.heading.headings,
            mapping=mapping,
        ),
        "totals": problem_totals(plan.problems),
    }
    return plan


def is_refused(report: dict[str, Any]) -> bool:
    """Whether a report holds refusals, so that nothing of the file is imported."""
    return any(total["is_refusal"] for total in report.get("totals", ()))


def _elsewhere(project: Project, actor: Actor) -> Callable[[Sequence[str]], dict[str, list[str]]]:
    """A look for identity numbers in other projects that names only what the actor may see."""

    def look(identity_indexes: Sequence[str]) -> dict[str, list[str]]:
        others = households_elsewhere(identity_indexes=identity_indexes, project=project.code)
        visible = visible_households(codes={code for codes in others.values() for code in codes}, actor=actor)
        return {
            index: sorted({code if code in visible else f"label:{UNNAMED_HOUSEHOLD}" for code in codes})
            for index, codes in others.items()
        }

    return look
