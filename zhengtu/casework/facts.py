"""Rows of the ledger as frozen values for the decisions about one household, section or project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max

from zhengtu.core.ledger.gates import DatedKind
from zhengtu.core.ledger.milestones import EffectiveFact, Milestone, fold
from zhengtu.ledger.milestone_queries import not_reached, reached
from zhengtu.ledger.models import Deed, Evidence, Fact, Milestones
from zhengtu.ledger.projection import effective_fact


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """One fact as the ledger holds it; ``reference`` is ``deed/ordinal``."""

    reference: str
    deed: str
    ordinal: int
    subject_kind: str
    subject: str
    kind: str
    happened_on: date
    attributes: Mapping[str, Any]
    supersedes: str
    is_verified: bool

    @property
    def is_withdrawal(self) -> bool:
        """Whether it only takes another fact back."""
        return self.kind == "withdrawn"

    def effective(self) -> EffectiveFact:
        """The fact as folding needs it."""
        return effective_fact(
            reference=self.reference, kind=self.kind, happened_on=self.happened_on,
            attributes=self.attributes, supersedes=self.supersedes,
        )


@dataclass(frozen=True, slots=True)
class Vacancy:
    """How far a section is vacated.

    Attributes:
        households: registered households.
        unvacated: those of them without a vacating.
        last_vacated_on: the latest vacating, or None.
    """

    households: int
    unvacated: int
    last_vacated_on: date | None


def _recorded(row: Fact) -> RecordedFact:
    return RecordedFact(
        reference=row.reference, deed=row.deed_id, ordinal=row.ordinal, subject_kind=row.subject_kind,
        subject=row.subject, kind=row.kind, happened_on=row.happened_on, attributes=row.attributes,
        supersedes=row.supersedes, is_verified=row.is_verified,
    )


def history_of(subject: str, *, known: date | None = None) -> list[RecordedFact]:
    """All facts of one subject in the order they were recorded.

    Args:
        known: leave out what was recorded after this day; None takes all.
    """
    rows = Fact.objects.filter(subject=subject)
    if known is not None:
        rows = rows.filter(deed__recorded_on__lte=known)
    return [_recorded(row) for row in rows.order_by("deed__recorded_at", "deed_id", "ordinal")]


def standing_facts(history: Iterable[RecordedFact]) -> list[RecordedFact]:
    """The facts that count: neither superseded nor withdrawals."""
    known = list(history)
    superseded = {fact.supersedes for fact in known if fact.supersedes}
    return [fact for fact in known if fact.reference not in superseded and not fact.is_withdrawal]


def folded(history: Iterable[RecordedFact]) -> dict[Milestone, date]:
    """Milestone dates that follow from these facts."""
    return fold(fact.effective() for fact in history)


def dated_kinds(history: Iterable[RecordedFact]) -> list[DatedKind]:
    """Kind and date of the facts that count."""
    return [(fact.kind, fact.happened_on) for fact in standing_facts(history)]


def open_matters_of(history: Sequence[RecordedFact], *, on: date) -> list[RecordedFact]:
    """Matters listed by that day and not closed; each closing closes the one that was listed first."""
    standing = [fact for fact in standing_facts(history) if fact.happened_on <= on]
    opened = sorted((fact for fact in standing if fact.kind == "matter_opened"), key=lambda fact: fact.happened_on)
    closed = Counter(fact.kind for fact in standing)["matter_closed"]
    return opened[closed:]


def vacancy_of(section: str) -> Vacancy:
    """How far the households of a section are vacated."""
    households = Milestones.objects.filter(
        section=section, subject_kind="household", registered_on__isnull=False
    ).aggregate(
        households=Count("pk"), unvacated=Count("pk", filter=not_reached(Milestone.VACATED, on=date.max)),
        last=Max("vacated_on", filter=reached(Milestone.VACATED, on=date.max)),
    )
    return Vacancy(
        households=households["households"], unvacated=households["unvacated"], last_vacated_on=households["last"]
    )


def verbs_used_by(person: str, *, subject: str) -> set[str]:
    """Verbs by which that person recorded facts that stand in the subject's history."""
    deeds = Fact.objects.filter(subject=subject).values("deed_id")
    return set(Deed.objects.filter(pk__in=deeds, actor=person).values_list("verb", flat=True))


def evidence_kinds_behind(fact: RecordedFact, *, history: Iterable[RecordedFact]) -> set[str]:
    """Kinds of evidence attached to a fact's deed and to those of the facts that it corrected."""
    by_reference = {known.reference: known for known in history}
    deeds = {fact.deed}
    while fact.supersedes in by_reference:
        fact = by_reference[fact.supersedes]
        deeds.add(fact.deed)
    return set(Evidence.objects.filter(deed__in=deeds).values_list("kind", flat=True))
