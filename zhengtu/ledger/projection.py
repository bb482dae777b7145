"""Projections: milestones and figures that follow from the facts, kept in the facts' own transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from zhengtu.core.kernel.codes import section_of
from zhengtu.core.ledger.figures import FIGURES, difference
from zhengtu.core.ledger.milestones import EffectiveFact, Milestone, fold
from zhengtu.ledger.models import DailyFigures, Fact, Milestones, PeriodFigures, Span
from zhengtu.ledger.rulebook import current_rulebook

if TYPE_CHECKING:
    from zhengtu.ledger.act import NewFact

Dates = dict[Milestone, date]
DatedChanges = Counter[tuple[str, date, date, str]]
"""(section, day, recorded_on, figure) -> change."""

FEW_ROWS = 500
MILESTONE_COLUMNS = [f"{milestone}_on" for milestone in Milestone]


def effective_fact(
    *, reference: str, kind: str, happened_on: date, attributes: Mapping[str, Any], supersedes: str
) -> EffectiveFact:
    """A stored fact as folding needs it; a kind that the rulebook no longer knows sets no milestone."""
    known = current_rulebook().fact_kinds.get(kind)
    milestone = known.milestone if known else None
    on = known.milestone_date(happened_on=happened_on, attributes=attributes) if known and milestone else happened_on
    return EffectiveFact(
        reference=reference, milestone=milestone, on=on, supersedes=supersedes or None, withdraws=kind == "withdrawn"
    )


def milestone_dates(subjects: Sequence[str]) -> dict[str, Dates]:
    """Dates reached by each subject that has any."""
    rows = Milestones.objects.filter(subject__in=subjects).values_list("subject", *MILESTONE_COLUMNS)
    return {
        subject: {milestone: day for milestone, day in zip(Milestone, days, strict=True) if day is not None}
        for subject, *days in rows
    }


def dates_without(subject: str, *, leaving_out: str = "") -> Dates:
    """Milestone dates of one subject folded anew from its facts, without the fact of that reference."""
    facts = Fact.objects.filter(subject=subject).values_list(
        "deed_id", "ordinal", "kind", "happened_on", "attributes", "supersedes"
    )
    return fold(
        effective_fact(
            reference=f"{deed}/{ordinal}", kind=kind, happened_on=on, attributes=attributes, supersedes=supersedes
        )
        for deed, ordinal, kind, on, attributes, supersedes in facts
        if f"{deed}/{ordinal}" != leaving_out
    )


def project_facts(facts: Sequence[NewFact], *, deed: str, recorded_on: date) -> None:
    """Bring milestones and figures up to date with the facts of one deed."""
    by_subject: dict[str, list[EffectiveFact]] = defaultdict(list)
    kinds: dict[str, str] = {}
    unverified: set[str] = set()
    refold: set[str] = set()
    for ordinal, fact in enumerate(facts, start=1):
        effective = effective_fact(
            reference=f"{deed}/{ordinal}", kind=fact.kind, happened_on=fact.happened_on,
            attributes=fact.attributes, supersedes=fact.supersedes,
        )
        if fact.supersedes:
            refold.add(fact.subject)
        elif effective.milestone is None:
            continue
        by_subject[fact.subject].append(effective)
        kinds[fact.subject] = fact.subject_kind
        if not fact.is_verified:
            unverified.add(fact.subject)
    if not by_subject:
        return
    held = milestone_dates(list(by_subject))
    changes: DatedChanges = Counter()
    rows: list[tuple[Any, ...]] = []
    for subject, news in by_subject.items():
        before = held.get(subject, {})
        after = dates_without(subject) if subject in refold else _merged(before, news)
        section = section_of(subject)
        for (day, figure), change in difference(before=before, after=after).items():
            changes[section, day, recorded_on, figure] += change
        rows.append(
            (subject, kinds[subject], section, subject not in unverified, *(after.get(m) for m in Milestone))
        )
    upsert_milestones(rows)
    add_changes(changes)


def _merged(before: Dates, news: Iterable[EffectiveFact]) -> Dates:
    standing = [EffectiveFact(reference=milestone, milestone=milestone, on=day) for milestone, day in before.items()]
    return fold([*standing, *news])


def upsert_milestones(rows: Sequence[tuple[Any, ...]]) -> None:
    """Replace the milestones of these subjects: (subject, kind, section, is_verified, *dates in order)."""
    table = Milestones._meta.db_table
    columns = ["subject", "subject_kind", "section", "is_verified", *MILESTONE_COLUMNS]
    updates = ", ".join(f"{column} = excluded.{column}" for column in MILESTONE_COLUMNS)
    _upsert(
        table, columns=columns, rows=rows, key="subject",
        update=f"{updates}, is_verified = t.is_verified AND excluded.is_verified",
    )


def _upsert(table: str, *, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], key: str, update: str) -> None:
    """Insert rows, or update those whose key is there.

    Rows are written in the order of their key, so that concurrent deeds take row locks in one order. Many rows go by
    COPY through a temporary table, one per session; for few its upkeep would cost more than the rows.
    """
    names, incoming = ", ".join(columns), f"incoming_{table}"
    on_conflict = f"ON CONFLICT ({key}) DO UPDATE SET {update}"
    with connection.cursor() as cursor:
        if len(rows) <= FEW_ROWS:
            values = ", ".join(["%s"] * len(columns))
            by_key = sorted(rows, key=lambda row: row[: key.count(",") + 1])
            cursor.executemany(f"INSERT INTO {table} AS t ({names}) VALUES ({values}) {on_conflict}", by_key)
            return
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {incoming} (LIKE {table}) ON COMMIT DELETE ROWS")
        with cursor.copy(f"COPY {incoming} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO {table} AS t ({names}) SELECT {names} FROM {incoming} ORDER BY {key} {on_conflict}"
        )
        cursor.execute(f"TRUNCATE {incoming}")


def add_changes(changes: DatedChanges) -> None:
    """Add changes to the daily figures (by day recorded) and to the sums per year, month and day."""
    daily: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    periods: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for (section, day, recorded_on, figure), change in changes.items():
        daily[section, day, recorded_on][figure] += change
        for span, starts_on in spans_of(day):
            periods[span, starts_on, section][figure] += change
    _upsert_figures(DailyFigures, ("section", "day", "recorded_on"), daily)
    _upsert_figures(PeriodFigures, ("span", "starts_on", "section"), periods)


def spans_of(day: date) -> tuple[tuple[str, date], ...]:
    """The year, the month and the day that a change on that day is summed into."""
    return (
        (Span.YEAR.value, day.replace(month=1, day=1)),
        (Span.MONTH.value, day.replace(day=1)),
        (Span.DAY.value, day),
    )


def _upsert_figures(
    model: type[DailyFigures] | type[PeriodFigures],
    key: tuple[str, ...],
    rows: Mapping[tuple[Any, ...], Counter[str]],
) -> None:
    if not rows:
        return
    table = model._meta.db_table
    _upsert(
        table, columns=[*key, *FIGURES], key=", ".join(key),
        rows=[(*keys, *(counts[figure] for figure in FIGURES)) for keys, counts in rows.items()],
        update=", ".join(f"{figure} = t.{figure} + excluded.{figure}" for figure in FIGURES),
    )
