"""The statutory case of a part of a project, a section or a household: procedure, recorded facts, neighbours.

A step of a project is recorded of the project's part in one jurisdiction (a participation), because each government
decides for its own; a household's case sees the facts of its participation, of its section and its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from zhengtu.core.kernel.codes import jurisdiction_of, kind_of, project_of, section_of
from zhengtu.core.ledger.milestones import ENDED_BY, Milestone
from zhengtu.core.procedure.case_facts import (
    CaseFacts,
    CourtDossier,
    Neighbours,
    SelfCheckLine,
    StepFact,
    step_fact,
)
from zhengtu.core.procedure.service import unserved_owners
from zhengtu.core.procedure.steps import Procedure
from zhengtu.ledger.milestone_queries import not_reached, reached
from zhengtu.ledger.models import Evidence, Fact, Milestones
from zhengtu.ledger.queries import Reach, standing_fact_rows
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.models import Household, Project, Regime

PAPER_KINDS = ("court_paper_filed", "court_ground_checked")
RECOGNITION = "unregistered_recognised"
OWNERS_NAMED = "owners_named"


@dataclass(frozen=True, slots=True)
class ProcedureCase:
    """One subject's procedure with everything recorded that it reads."""

    subject: str
    procedure: Procedure
    facts: CaseFacts


@dataclass(frozen=True, slots=True)
class HeldFact:
    """One standing fact as the case reads it, with the kinds of its evidence, that of corrected facts included.

    ``ended_on`` is the day from which it carries nothing any more: a vacating, when somebody moved back.
    """

    reference: str
    subject: str
    kind: str
    happened_on: date
    attributes: Mapping[str, Any]
    evidence: frozenset[str]
    is_verified: bool
    ended_on: date | None = None
    _read: dict[str, StepFact | None] = field(default_factory=dict, compare=False, repr=False)

    def as_step_fact(self, procedure: Procedure) -> StepFact | None:
        """The fact as the procedure reads it; None when its kind records no step of this procedure.

        Read once for each version: the steps of a project are looked at again for every one of its households.
        """
        if procedure.version not in self._read:
            self._read[procedure.version] = step_fact(
                procedure=procedure, kind=self.kind, happened_on=self.happened_on, attributes=self.attributes,
                evidence=self.evidence, reference=self.reference, is_verified=self.is_verified,
                ended_on=self.ended_on,
            )
        return self._read[procedure.version]


@dataclass
class Holdings:
    """Standing facts by subject, and what the neighbours of each have reached.

    Attributes:
        sharing: household -> others in its building.
        inhabited: registered households in these buildings that are not vacated.
    """

    by_subject: dict[str, list[HeldFact]] = field(default_factory=lambda: defaultdict(list))
    neighbours: dict[str, Neighbours] = field(default_factory=dict)
    sharing: dict[str, frozenset[str]] = field(default_factory=dict)
    inhabited: set[str] = field(default_factory=set)


def participation_of(code: str) -> str:
    """``220204-P0001`` of a section, household, parcel or building, or the participation itself."""
    return "-".join(code.split("-")[:2])


def case_of(subject: str, *, on: date | None = None, known: date | None = None) -> ProcedureCase | None:
    """The case of a participation, section or household; None where no procedure governs it.

    Args:
        on: leave out what happened after this day; None takes all.
        known: leave out what was recorded after this day; None takes all.
    """
    return cases_of([subject], on=on, known=known).get(subject)


def cases_of(
    subjects: Sequence[str], *, on: date | None = None, known: date | None = None
) -> dict[str, ProcedureCase]:
    """The cases of several subjects, read together; subjects without a procedure are absent."""
    procedures = procedures_of({project_of(subject) for subject in subjects})
    governed = [subject for subject in subjects if project_of(subject) in procedures]
    holdings = holdings_of(governed, on=on, known=known)
    return {
        subject: ProcedureCase(
            subject, procedures[project_of(subject)][0],
            case_facts(subject, holdings=holdings, procedure=procedures[project_of(subject)][0],
                       platform_since=procedures[project_of(subject)][1]),
        )
        for subject in governed
    }


def procedures_of(projects: Iterable[str]) -> dict[str, tuple[Procedure, date]]:
    """Project -> the procedure version that governs it and the platform's first day for it.

    Projects under a demolition permit from before 2011 have none: the old rules go on for them (decree 590, art. 35),
    and only the order of milestones is held.
    """
    rules = current_rulebook().procedures
    found = {}
    for project in Project.objects.filter(pk__in=list(projects)).select_related("campaign"):
        if project.regime == Regime.LEGACY_DEMOLITION:
            continue
        governed_from = project.governed_from or project.campaign.start_on
        found[project.code] = (
            rules.governing(regime=project.regime.lower(), on=governed_from), project.campaign.start_on
        )
    return found


def lineage_of(subject: str) -> tuple[str, ...]:
    """The subjects whose facts a subject's case reads: its participation, its section, itself."""
    kind = kind_of(subject)
    if kind == "household":
        return (participation_of(subject), section_of(subject), subject)
    return (participation_of(subject), subject) if kind == "section" else (participation_of(subject),)


def holdings_of(subjects: Sequence[str], *, on: date | None = None, known: date | None = None) -> Holdings:
    """Everything the cases of these subjects read of the ledger and the register.

    How far neighbours have come is what is known of it now, up to the day.
    """
    codes = sorted({code for subject in subjects for code in lineage_of(subject)})
    holdings = Holdings(by_subject=standing_facts_of(codes, on=on, known=known))
    sections = [subject for subject in subjects if kind_of(subject) == "section"]
    households = [subject for subject in subjects if kind_of(subject) == "household"]
    participations = [subject for subject in subjects if kind_of(subject) == "participation"]
    holdings.neighbours |= _section_neighbours(sections, on=on)
    holdings.neighbours |= _household_neighbours(households, holdings, on=on)
    holdings.neighbours |= _participation_neighbours(participations)
    return holdings


def standing_facts_of(
    codes: Sequence[str], *, on: date | None = None, known: date | None = None
) -> dict[str, list[HeldFact]]:
    """Facts that count, by subject, in the order they were recorded.

    A correction speaks for what it corrects whatever day it names.
    """
    rows = Fact.objects.filter(subject__in=codes)
    if known is not None:
        rows = rows.filter(deed__recorded_on__lte=known)
    facts = list(rows.order_by("deed__recorded_at", "deed_id", "ordinal"))
    superseded = {fact.supersedes: fact for fact in facts if fact.supersedes}
    by_reference = {fact.reference: fact for fact in facts}
    kinds = evidence_kinds_of({fact.deed_id for fact in facts})
    found: dict[str, list[HeldFact]] = defaultdict(list)
    for fact in facts:
        if fact.reference in superseded or fact.kind == "withdrawn" or (on is not None and fact.happened_on > on):
            continue
        evidence, earlier = set(kinds.get(fact.deed_id, ())), fact
        while earlier.supersedes in by_reference:
            earlier = by_reference[earlier.supersedes]
            evidence |= kinds.get(earlier.deed_id, set())
        found[fact.subject].append(
            HeldFact(
                fact.reference, fact.subject, fact.kind, fact.happened_on, fact.attributes, frozenset(evidence),
                fact.is_verified,
            )
        )
    for subject, held in found.items():
        found[subject] = _with_endings(held)
    return found


def _with_endings(held: list[HeldFact]) -> list[HeldFact]:
    """One subject's facts, each that another one ended with the day on which it did."""
    kinds = current_rulebook().fact_kinds
    milestones = {fact.kind: kinds[fact.kind].milestone for fact in held if fact.kind in kinds}
    found = []
    for fact in held:
        milestone = milestones.get(fact.kind)
        end = ENDED_BY.get(milestone) if milestone is not None else None
        days = [
            one.happened_on for one in held
            if end is not None and milestones.get(one.kind) is end and one.happened_on >= fact.happened_on
        ]
        found.append(replace(fact, ended_on=min(days)) if days else fact)
    return found


def evidence_kinds_of(deeds: Iterable[str]) -> dict[str, set[str]]:
    """Deed -> kinds of the files attached to it."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for deed, kind in Evidence.objects.filter(deed__in=list(deeds)).values_list("deed_id", "kind"):
        kinds[deed].add(kind)
    return kinds


def case_facts(subject: str, *, holdings: Holdings, procedure: Procedure, platform_since: date) -> CaseFacts:
    """The frozen facts of one subject's case."""
    shared: list[StepFact] = []
    own: list[StepFact] = []
    papers: list[HeldFact] = []
    for code in lineage_of(subject):
        target = own if kind_of(code) == "household" else shared
        for fact in holdings.by_subject.get(code, ()):
            if fact.kind in PAPER_KINDS:
                papers.append(fact)
            read = fact.as_step_fact(procedure)
            if read is not None:
                target.append(read)
    kind = kind_of(subject)
    case = CaseFacts(
        project=tuple(shared), household=tuple(own),
        household_code=subject if kind == "household" else "",
        section_code=section_of(subject) if kind in ("household", "section") else "",
        neighbours=holdings.neighbours.get(subject, Neighbours()),
        dossier=_dossier(papers), platform_since=platform_since,
    )
    if kind != "household":
        return case
    owners = owner_count(holdings.by_subject.get(subject, ()))
    unserved = unserved_owners(facts=case, procedure=procedure, owners=owners)
    return replace(case, neighbours=replace(case.neighbours, unserved_owners=unserved))


def owner_count(facts: Sequence[HeldFact]) -> int:
    """How many owners a household has by its standing facts; one where none were named."""
    named = [fact for fact in facts if fact.kind == OWNERS_NAMED]
    return int(named[-1].attributes["owners"]) if named else 1


def _dossier(papers: Sequence[HeldFact]) -> CourtDossier | None:
    if not papers:
        return None
    return CourtDossier(
        documents={
            str(fact.attributes["document"]): fact.reference for fact in papers if fact.kind == "court_paper_filed"
        },
        self_check={
            str(fact.attributes["ground"]): SelfCheckLine(fact.attributes["applies"] == "yes", fact.reference)
            for fact in papers
            if fact.kind == "court_ground_checked"
        },
    )


def _section_neighbours(sections: Sequence[str], *, on: date | None) -> dict[str, Neighbours]:
    return {section: section_neighbours(progress_of(section, on=on)) for section in sections}


Progress = dict[str, tuple[bool, date | None]]
"""Registered household -> whether it has an agreement or a decision, and the day it was vacated."""


def progress_of(section: str, *, on: date | None = None) -> Progress:
    """How far the registered households of a section have come, by the end of that day where one is named."""
    last = on or date.max
    rows = Milestones.objects.filter(
        section=section, subject_kind="household", registered_on__lte=last
    ).values_list("subject", "signed_on", "decided_on", "vacated_on")
    empty = set(rows.filter(reached(Milestone.VACATED, on=last)).values_list("subject", flat=True))
    return {
        code: (
            any(day is not None and day <= last for day in (signed, decided)), vacated if code in empty else None
        )
        for code, signed, decided, vacated in rows
    }


def section_neighbours(progress: Progress) -> Neighbours:
    """What the handing over of a section looks at."""
    vacated = [day for _, day in progress.values() if day is not None]
    return Neighbours(
        unsettled=sum(not is_settled for is_settled, _ in progress.values()),
        unvacated=len(progress) - len(vacated), last_vacated_on=max(vacated, default=None),
    )


def _household_neighbours(
    households: Sequence[str], holdings: Holdings, *, on: date | None
) -> dict[str, Neighbours]:
    rows = {
        code: (building, unregistered)
        for code, building, unregistered in Household.objects.filter(pk__in=households).values_list(
            "code", "building_id", "unregistered_area_m2"
        )
    }
    buildings = {building for building, _ in rows.values() if building}
    sharing: dict[str, list[str]] = defaultdict(list)
    for code, building in Household.objects.filter(building__in=buildings).values_list("code", "building_id"):
        sharing[building].append(code)
    shared = [code for codes in sharing.values() if len(codes) > 1 for code in codes]
    holdings.inhabited = set(
        Milestones.objects.filter(subject__in=shared, registered_on__lte=on or date.max)
        .filter(not_reached(Milestone.VACATED, on=on or date.max)).values_list("subject", flat=True)
    )
    for code, (building, _) in rows.items():
        holdings.sharing[code] = frozenset(sharing.get(building or "", ())) - {code}
    return {
        code: Neighbours(
            sharing_unvacated=len(holdings.sharing[code] & holdings.inhabited),
            unrecognised_buildings=int(_is_unrecognised(unregistered, holdings.by_subject.get(code, ()))),
        )
        for code, (_, unregistered) in rows.items()
    }


def _is_unrecognised(unregistered: Decimal | None, facts: Sequence[HeldFact]) -> bool:
    """Whether a household has unregistered area without an opinion on it."""
    return bool(unregistered) and not any(fact.kind == RECOGNITION for fact in facts)


def _participation_neighbours(participations: Sequence[str]) -> dict[str, Neighbours]:
    """Households with unregistered area on which no opinion stands, counted for all parts together."""
    if not participations:
        return {}
    unregistered = Household.objects.filter(
        section__project__in={project_of(code) for code in participations},
        section__jurisdiction__in={jurisdiction_of(code) for code in participations}, unregistered_area_m2__gt=0,
    )
    below = Reach(prefixes=tuple(f"{code}-" for code in participations))
    recognised = standing_fact_rows((RECOGNITION,), reach=below, on=date.max).order_by().values("subject")
    counts = Counter(
        participation_of(code) for code in unregistered.exclude(code__in=recognised).values_list("code", flat=True)
    )
    return {code: Neighbours(unrecognised_buildings=counts[code]) for code in participations}
