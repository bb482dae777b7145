"""Sponsorships, promises, visits and hard cases as plain values, read from few rows at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from zhengtu.core.kernel.codes import kind_of, project_of, section_of
from zhengtu.core.ledger.milestones import Milestone
from zhengtu.core.sponsorship.hard_cases import KINDS as CASE_KINDS
from zhengtu.core.sponsorship.hard_cases import CaseFact
from zhengtu.core.sponsorship.promises import Promise, Term
from zhengtu.ledger.models import Fact, Milestones
from zhengtu.ledger.queries import Reach, standing_fact_rows
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.sponsorship.models import HardCaseFile, Sponsorship

VIEW: Final = "sponsor.view"
NAMED: Final = "sponsor_named"
ENDED: Final = "sponsor_ended"
VISITED: Final = "sponsor_visited"
PROMISED: Final = "sponsor_promised"
KEPT: Final = "sponsor_promise_kept"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with what came of it; visits are never counted."""

    subject: str
    on: date
    result: str
    by: str
    deed: str


def above(subject: str) -> list[str]:
    """The subject and what it lies in, the nearest first: household, section, part of a project, project."""
    wider = [section_of(subject), participation_of(subject), project_of(subject)]
    place = {"household": 0, "section": 1, "participation": 2}.get(kind_of(subject), 3)
    return [subject, *wider[place:]]


def terms_of(subjects: Iterable[str]) -> dict[str, list[Term]]:
    """Subject -> its sponsors' terms, earliest first."""
    found: dict[str, list[Term]] = defaultdict(list)
    rows = Sponsorship.objects.filter(subject__in=set(subjects)).order_by("from_on", "pk")
    for subject, sponsor, from_on, until_on in rows.values_list("subject", "sponsor", "from_on", "until_on"):
        found[subject].append(Term(sponsor, from_on, until_on))
    return dict(found)


def levels_of(subject: str, terms: Mapping[str, Sequence[Term]]) -> list[Sequence[Term]]:
    """Terms of a subject, then of what it lies in."""
    return [terms.get(code, ()) for code in above(subject)]


def sponsor_on(subject: str, terms: Mapping[str, Sequence[Term]], *, on: date) -> str:
    """Code of who sponsors a subject on a day, for itself or with what it lies in; empty where nobody does."""
    held = (term for level in levels_of(subject, terms) for term in level if term.holds(on))
    return next((term.sponsor for term in held), "")


def is_followed(subject: str) -> bool:
    """Whether promises are made for it: it has or had a sponsor of its own, or is a hard case."""
    return (
        Sponsorship.objects.filter(subject=subject).exists() or HardCaseFile.objects.filter(household=subject).exists()
    )


def followed(prefix: str) -> set[str]:
    """Everything below a prefix for which promises are made."""
    own = Sponsorship.objects.filter(subject__startswith=prefix).values_list("subject", flat=True)
    files = HardCaseFile.objects.filter(household__startswith=prefix).values_list("household", flat=True)
    return {*own, *files}


def promises_of(subjects: Collection[str], *, on: date, known: date | None = None) -> list[Promise]:
    """Promises about these subjects made by a day, with the evidence that was recorded by then."""
    rows = _standing(subjects, (PROMISED, KEPT), on=on, known=known)
    kept = {str(row.attributes["promised"]): row for row in rows if row.kind == KEPT}
    found = []
    for row in rows:
        if row.kind != PROMISED:
            continue
        done = kept.get(row.reference)
        found.append(
            Promise(
                reference=row.reference, subject=row.subject, sponsor=row.deed.actor,
                text=str(row.attributes["promise"]), made_on=row.happened_on,
                due_on=date.fromisoformat(row.attributes["due_on"]),
                kept_on=done.happened_on if done else None,
                result=str(done.attributes["result"]) if done else "", kept_deed=done.deed_id if done else "",
            )
        )
    return found


def visits_to(subject: str, *, on: date, known: date | None = None) -> list[Visit]:
    """Visits to one subject by a day, the latest first."""
    rows = _standing([subject], (VISITED,), on=on, known=known)
    return [
        Visit(row.subject, row.happened_on, str(row.attributes["result"]), row.deed.actor, row.deed_id)
        for row in reversed(rows)
    ]


def case_facts_of(
    households: Collection[str], *, on: date, known: date | None = None
) -> dict[str, list[CaseFact]]:
    """Household -> the facts that its hard case rests on, in the order of recording."""
    rules = current_rulebook().sponsorship
    remedies = rules.remedies.values()
    kinds = {*CASE_KINDS, *rules.settled_by, *(kind for one in remedies for kind in (*one.facts, *one.after))}
    rows = _standing(households, kinds, on=on, known=known)
    found: dict[str, list[CaseFact]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.deed.recorded_at, row.deed_id, row.ordinal)):
        found[row.subject].append(CaseFact(row.kind, row.happened_on, row.deed_id, row.attributes))
    return dict(found)


def files_within(reach: Reach) -> list[str]:
    """Households within reach of which a hard case was ever described."""
    rows = HardCaseFile.objects.filter(reach.condition("household"))
    return list(rows.order_by("household").values_list("household", flat=True))


def first_without(milestone: Milestone, *, part: str, limit: int = 20) -> list[str]:
    """The first registered households, by the beginning of their code, that have not reached a milestone; for jobs."""
    rows = Milestones.objects.filter(
        section__startswith=part, subject_kind="household", registered_on__isnull=False,
        **{f"{milestone}_on__isnull": True},
    )
    return list(rows.order_by("subject").values_list("subject", flat=True)[:limit])


def sponsorships_within(reach: Reach, *, on: date) -> list[Sponsorship]:
    """Sponsorships in force on a day of what lies within reach, with their sponsors, by subject."""
    in_force = Q(from_on__lte=on) & (Q(until_on=None) | Q(until_on__gt=on))
    rows = Sponsorship.objects.filter(reach.condition("subject"), in_force)
    return list(rows.select_related("sponsor").order_by("subject"))


def _standing(
    subjects: Collection[str], kinds: Iterable[str], *, on: date, known: date | None
) -> list[Fact]:
    if not subjects:
        return []
    return list(standing_fact_rows(sorted(kinds), reach=Reach(codes=tuple(subjects)), on=on, known=known))
