"""The application to the court: its papers and self-check as they stand, when it may be filed, and its bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from zhengtu.casework.actions import record_fact
from zhengtu.casework.offered_files import OfferedFile
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.procedure.applicability import Applies, applies
from zhengtu.core.procedure.case_facts import latest
from zhengtu.core.procedure.court_application import application_reasons
from zhengtu.core.procedure.court_predicates import CourtWindow, court_window
from zhengtu.core.procedure.gate import offer_reasons
from zhengtu.core.procedure.question import Question
from zhengtu.core.procedure.steps import Act, ListedItem, Procedure, Step
from zhengtu.ledger.models import Evidence
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household
from zhengtu.registry.procedure_cases import HeldFact, ProcedureCase, case_of, standing_facts_of

PAPER, GROUND = "court_paper_filed", "court_ground_checked"
EVIDENCE: Final = "other"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the checklist or of the self-check.

    Attributes:
        fact: what was filed or answered last, or None.
        files: the documents that came with it.
        applies: of a ground of refusal: whether it applies, or None while unanswered.
    """

    item: ListedItem
    fact: HeldFact | None = None
    files: Sequence[Evidence] = ()
    applies: bool | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the line needs nothing more."""
        return bool(self.files) and self.applies is not True

    @property
    def deed(self) -> str:
        """Key of the deed that filed it, or empty."""
        return self.fact.reference.partition("/")[0] if self.fact else ""


@dataclass(frozen=True, slots=True)
class CourtFile:
    """The application of one household as it stands.

    Attributes:
        step: the step of applying.
        is_applicable: whether there is a decision to be enforced at all.
        applied_on: the day the application was filed, or None.
        missing: what papers and self-check lack.
        reasons: everything else that stands in the way today.
    """

    case: ProcedureCase
    step: Step
    papers: Sequence[PaperLine]
    grounds: Sequence[PaperLine]
    window: CourtWindow
    is_applicable: bool
    applied_on: date | None
    missing: Sequence[Reason]
    reasons: Sequence[Reason]

    @property
    def is_whole(self) -> bool:
        """Whether the bundle may be assembled: all papers there, no ground against it, and the law's time come."""
        return self.is_applicable and not self.missing and not self.reasons


def court_file(household: str, *, on: date, known: date | None = None) -> CourtFile | None:
    """The application of a household on a day; None where no procedure governs it."""
    case = case_of(household, known=known)
    if case is None:
        return None
    procedure, facts, calendar = case.procedure, case.facts, current_rulebook().calendar
    step = procedure.having(Act.COURT_APPLICATION)[0]
    held = [
        fact for fact in standing_facts_of([household], known=known).get(household, ()) if fact.happened_on <= on
    ]
    files = _files_of(held)
    applied = latest(step.id, facts=facts, procedure=procedure, on=on)
    is_applicable = applied is not None or applies(step, facts=facts, procedure=procedure, on=on) is not Applies.NO
    obstacles = [] if applied else offer_reasons(
        step=step, facts=facts, procedure=procedure, calendar=calendar, today=on
    )
    return CourtFile(
        case=case, step=step,
        papers=[_line(item, held, files, PAPER, "document") for item in procedure.court.documents.values()],
        grounds=[_line(item, held, files, GROUND, "ground") for item in procedure.court.refusal_grounds.values()],
        window=court_window(Question(step, on, facts, procedure, calendar)),
        is_applicable=is_applicable, applied_on=applied.happened_on if applied else None,
        missing=application_reasons(facts.dossier, procedure),
        reasons=[reason for reason in obstacles if not reason.code.startswith("court.")],
    )


def _files_of(facts: Sequence[HeldFact]) -> dict[str, list[Evidence]]:
    deeds = {fact.reference.partition("/")[0] for fact in facts if fact.kind in (PAPER, GROUND)}
    found: dict[str, list[Evidence]] = {}
    for row in Evidence.objects.filter(deed__in=deeds).select_related("file").order_by("deed", "ordinal"):
        found.setdefault(row.deed_id, []).append(row)
    return found


def _line(
    item: ListedItem, facts: Sequence[HeldFact], files: Mapping[str, Sequence[Evidence]], kind: str, name: str
) -> PaperLine:
    held = [fact for fact in facts if fact.kind == kind and fact.attributes.get(name) == item.id]
    if not held:
        return PaperLine(item)
    fact = held[-1]
    answered = fact.attributes["applies"] == "yes" if kind == GROUND else None
    return PaperLine(item, fact, files.get(fact.reference.partition("/")[0], ()), answered)


def file_paper(
    *, actor: Actor, household: Household, document: str, happened_on: date, files: Sequence[OfferedFile], now: datetime
) -> str:
    """File one paper of the checklist; returns the deed's key.

    Raises:
        Refused: no right, no such paper, or no file.
    """
    _known(document, _checklist(household.code).court.documents)
    return record_fact(
        actor=actor, subject=household.code, kind=PAPER, happened_on=happened_on, attributes={"document": document},
        files=files, now=now,
    )


def answer_ground(
    *,
    actor: Actor,
    household: Household,
    ground: str,
    applies: str,
    happened_on: date,
    files: Sequence[OfferedFile],
    now: datetime,
) -> str:
    """Answer one line of the self-check with its document; returns the deed's key.

    Raises:
        Refused: no right, no such ground, no answer, or no document.
    """
    _known(ground, _checklist(household.code).court.refusal_grounds)
    return record_fact(
        actor=actor, subject=household.code, kind=GROUND, happened_on=happened_on,
        attributes={"ground": ground, "applies": applies}, files=files, now=now,
    )


def _checklist(household: str) -> Procedure:
    case = case_of(household)
    if case is None:
        raise Refused(Reason("court.no_procedure", N_("No statutory procedure governs this household.")))
    return case.procedure


def _known(id: str, items: Mapping[str, ListedItem]) -> None:
    if id not in items:
        raise Refused(
            Reason(
                "court.unknown_line", N_("The checklist has no line “%(line)s”."), {"line": id},
                remedy=N_("Choose one of the lines that the page shows."),
            )
        )
