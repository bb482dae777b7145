"""Projections: milestones and figures that follow from the facts, kept in the facts' own transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from zhengtu.core.kernel.codes import section_of
from zhengtu.core.ledger.figures import FIGURES, Changes, difference
from zhengtu.core.ledger.milestones import ENDED_BY, EffectiveFact, Milestone, fold
from zhengtu.ledger.bulk_text import NULL, copy_lines
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
    with connection.cursor() as cursor:
        # One text is one parameter, however many subjects there are; no code holds a comma.
        cursor.execute(
            f"SELECT subject, {', '.join(MILESTONE_COLUMNS)} FROM {Milestones._meta.db_table}"
            " WHERE subject = ANY(string_to_array(%s, ','))",
            [",".join(subjects)],
        )
        rows = cursor.fetchall()
    return {
        subject: {milestone: day for milestone, day in zip(Milestone, days, strict=True) if day is not None}
        for subject, *days in rows
    }


Reached = tuple[tuple[Milestone, date], ...]
"""Milestones with their dates, in the order in which they were found."""


def project_facts(facts: Sequence[NewFact], *, deed: str, recorded_on: date) -> None:
    """Bring milestones and figures up to date with the facts of one deed.

    Most subjects of a large deed share a few patterns of dates (100,000 households registered on one day have one),
    so each pattern is folded once.
    """
    news, kinds, unverified, refold = _news(facts)
    if not news:
        return
    held = milestone_dates(list(news))
    refold |= _with_endings(news)
    refolded = _refolded(refold)
    patterns: dict[tuple[Reached, Reached], tuple[tuple[date | None, ...], Changes]] = {}
    counts: Counter[tuple[str, tuple[Reached, Reached]]] = Counter()
    rows: list[tuple[Any, ...]] = []
    for subject, reached in news.items():
        before = held.get(subject, {})
        news_or_all = refolded[subject].items() if subject in refolded else reached
        pattern = (tuple(before.items()), tuple(news_or_all))
        if pattern not in patterns:
            after = refolded[subject] if subject in refolded else _merged(before, reached)
            patterns[pattern] = (tuple(map(after.get, Milestone)), difference(before=before, after=after))
        section = section_of(subject)
        counts[section, pattern] += 1
        rows.append((subject, kinds[subject], section, subject not in unverified, *patterns[pattern][0]))
    changes: DatedChanges = Counter()
    for (section, pattern), count in counts.items():
        for (day, figure), change in patterns[pattern][1].items():
            changes[section, day, recorded_on, figure] += change * count
    if held:
        upsert_milestones(rows)
    else:
        insert_milestones(rows)
    add_changes(changes)


def _news(
    facts: Sequence[NewFact],
) -> tuple[dict[str, list[tuple[Milestone, date]]], dict[str, str], set[str], set[str]]:
    """Subject -> milestones that its facts set, subject -> kind, unverified subjects, subjects to fold anew."""
    rules = current_rulebook().fact_kinds
    news: dict[str, list[tuple[Milestone, date]]] = {}
    kinds: dict[str, str] = {}
    unverified: set[str] = set()
    refold: set[str] = set()
    for fact in facts:
        known = rules.get(fact.kind)
        milestone = known.milestone if known else None
        if fact.supersedes:
            refold.add(fact.subject)
        elif known is None or milestone is None:
            continue
        reached = news.setdefault(fact.subject, [])
        if known is not None and milestone is not None:
            on = (
                known.milestone_date(happened_on=fact.happened_on, attributes=fact.attributes)
                if known.dated_by else fact.happened_on
            )
            reached.append((milestone, on))
        kinds[fact.subject] = fact.subject_kind
        if not fact.is_verified:
            unverified.add(fact.subject)
    return news, kinds, unverified, refold


def _with_endings(news: Mapping[str, Iterable[tuple[Milestone, date]]]) -> set[str]:
    """Subjects that leave or are found back and of which somebody was ever found back.

    Which leaving counts cannot be told from the held dates alone, for those forget what ended before: then all facts
    are folded.
    """
    turning = {*ENDED_BY, *ENDED_BY.values()}
    wanted = [subject for subject, reached in news.items() if any(one in turning for one, _ in reached)]
    ending = [kind.id for kind in current_rulebook().fact_kinds.values() if kind.milestone in ENDED_BY.values()]
    if not wanted or not ending:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT subject FROM {Fact._meta.db_table}"  # noqa: S608
            " WHERE subject = ANY(string_to_array(%s, ',')) AND kind = ANY(%s)",
            [",".join(wanted), ending],
        )
        return {subject for (subject,) in cursor.fetchall()}


def _merged(before: Dates, news: Iterable[tuple[Milestone, date]]) -> Dates:
    """What was reached before and what the new facts set."""
    return fold(
        EffectiveFact(reference=milestone, milestone=milestone, on=day) for milestone, day in (*before.items(), *news)
    )


def _refolded(subjects: Iterable[str]) -> dict[str, Dates]:
    """Milestone dates of subjects folded anew from all their facts, in one read."""
    wanted = list(subjects)
    if not wanted:
        return {}
    by_subject: dict[str, list[EffectiveFact]] = {subject: [] for subject in wanted}
    rows = Fact.objects.filter(subject__in=wanted).values_list(
        "subject", "deed_id", "ordinal", "kind", "happened_on", "attributes", "supersedes"
    )
    for subject, deed, ordinal, kind, on, attributes, supersedes in rows:
        by_subject[subject].append(
            effective_fact(
                reference=f"{deed}/{ordinal}", kind=kind, happened_on=on, attributes=attributes, supersedes=supersedes
            )
        )
    return {subject: fold(facts) for subject, facts in by_subject.items()}


def insert_milestones(rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert the milestones of subjects that have none: (subject, kind, section, is_verified, *dates in order)."""
    tails: dict[tuple[Any, ...], str] = {}
    lines = []
    for subject, kind, section, *rest in rows:
        tail = tails.get(key := tuple(rest))
        if tail is None:
            days = (NULL if day is None else day.isoformat() for day in rest[1:])
            tail = tails[key] = "\t".join([str(rest[0]), *days])
        lines.append(f"{subject}\t{kind}\t{section}\t{tail}\n")
    fields = ("subject", "subject_kind", "section", "is_verified", *MILESTONE_COLUMNS)
    copy_lines(Milestones, fields=fields, lines=lines)


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
