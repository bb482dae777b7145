"""Reads of the ledger: figures as of any day, as known on any day, and the deeds and facts behind them.

Nothing here knows who asks. Every function takes a ``Reach`` (which codes may be seen); the doors that turn an
actor into a reach stand in ``campaign.queries``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.ledger.figures import FIGURES, MILESTONE_FIGURES, OVERDUE_FIGURES, STATE_FIGURES
from zhengtu.core.ledger.milestones import STATE_MILESTONES, Milestone, State, fold
from zhengtu.ledger.models import DailyFigures, Deed, Fact, Milestones, PeriodFigures, Refusal, Span
from zhengtu.ledger.projection import MILESTONE_COLUMNS, Dates, effective_fact, milestone_dates
from zhengtu.ledger.rulebook import current_rulebook

Figures = dict[str, int]
"""figure -> count; every figure asked for is present."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """The codes that may be seen: those below a prefix and those named one by one; empty means none."""

    prefixes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.prefixes or self.codes)

    def condition(self, field: str) -> Q:
        """The condition that a row's code lies within reach."""
        within = Q(pk__in=[])
        for prefix in self.prefixes:
            within |= Q(**{f"{field}__startswith": prefix})
        if self.codes:
            within |= Q(**{f"{field}__in": self.codes})
        return within

    def covers(self, code: str) -> bool:
        """Whether the code lies within reach."""
        return code in self.codes or code.startswith(self.prefixes)


def _within(reach: Reach, sections: Iterable[str] | None) -> Q:
    condition = reach.condition("section")
    return condition if sections is None else condition & Q(section__in=list(sections))


def _periods_until(day: date) -> Q:
    """The rows that make up all changes until the end of that day: whole years, whole months, then days."""
    year, month = day.replace(month=1, day=1), day.replace(day=1)
    return (
        Q(span=Span.YEAR, starts_on__lt=year)
        | Q(span=Span.MONTH, starts_on__gte=year, starts_on__lt=month)
        | Q(span=Span.DAY, starts_on__gte=month, starts_on__lte=day)
    )


def figures_by_section(
    *,
    reach: Reach,
    on: date,
    known: date | None = None,
    sections: Iterable[str] | None = None,
    figures: Sequence[str] = FIGURES,
) -> dict[str, Figures]:
    """Figures of each section by the end of a day.

    Args:
        reach: sections that may be seen.
        on: what happened by the end of this day counts.
        known: what was recorded by the end of this day counts; None for all that is recorded now.
        sections: only these, where given.
        figures: names out of ``FIGURES``.

    Returns:
        section code -> figures; a section without any change until then is absent.
    """
    if known is None:
        rows = PeriodFigures.objects.filter(_periods_until(on))
    else:
        rows = DailyFigures.objects.filter(day__lte=on, recorded_on__lte=known)
    return _summed(rows.filter(_within(reach, sections)), figures)


def changes_by_section(
    *,
    reach: Reach,
    after: date,
    until: date,
    known: date | None = None,
    sections: Iterable[str] | None = None,
    figures: Sequence[str] = FIGURES,
) -> dict[str, Figures]:
    """Changes of each section's figures from the end of ``after`` to the end of ``until``."""
    if known is None:
        rows = PeriodFigures.objects.filter(span=Span.DAY, starts_on__gt=after, starts_on__lte=until)
    else:
        rows = DailyFigures.objects.filter(day__gt=after, day__lte=until, recorded_on__lte=known)
    return _summed(rows.filter(_within(reach, sections)), figures)


def _summed(rows: QuerySet[Any], figures: Sequence[str]) -> dict[str, Figures]:
    return {section: dict(zip(figures, counts, strict=True)) for section, counts in _grouped(rows, "section", figures)}


def _grouped(rows: QuerySet[Any], column: str, figures: Sequence[str]) -> Iterator[tuple[Any, list[int]]]:
    """Each value of the column with the sums of the figures."""
    sums = {f"sum_{figure}": Sum(figure) for figure in figures}
    for key, *counts in rows.order_by().values(column).annotate(**sums).values_list(column, *sums):
        yield key, counts


def total_of(by_section: Mapping[str, Figures], figures: Sequence[str] = FIGURES) -> Figures:
    """The sum over sections; zero where there are none."""
    total = dict.fromkeys(figures, 0)
    for counts in by_section.values():
        for figure in figures:
            total[figure] += counts[figure]
    return total


def figure_series(
    *,
    reach: Reach,
    start: date,
    end: date,
    figures: Sequence[str],
    known: date | None = None,
    sections: Sequence[str] | None = None,
) -> dict[str, list[int]]:
    """Figures by the end of every day from ``start`` to ``end``, both included, summed over sections."""
    before = total_of(
        figures_by_section(
            reach=reach, on=start - _DAY, known=known, sections=sections, figures=figures
        ),
        figures,
    )
    if known is None:
        rows: QuerySet[Any] = PeriodFigures.objects.filter(span=Span.DAY, starts_on__gte=start, starts_on__lte=end)
        day_column = "starts_on"
    else:
        rows = DailyFigures.objects.filter(day__gte=start, day__lte=end, recorded_on__lte=known)
        day_column = "day"
    changes = dict(_grouped(rows.filter(_within(reach, sections)), day_column, figures))
    series: dict[str, list[int]] = {figure: [] for figure in figures}
    for offset in range((end - start).days + 1):
        for figure, change in zip(figures, changes.get(start + offset * _DAY, [0] * len(figures)), strict=True):
            before[figure] += change
            series[figure].append(before[figure])
    return series


def reached(milestone: Milestone, *, on: date) -> Q:
    """The condition on milestones that this one is reached by the end of the day."""
    return Q(**{f"{milestone}_on__lte": on})


def in_state(state: State, *, on: date) -> Q:
    """The condition on milestones that this is the furthest state by the end of the day."""
    condition = Q()
    for milestone in STATE_MILESTONES[state]:
        condition |= reached(milestone, on=on)
    states = list(State)
    for later in states[states.index(state) + 1 :]:
        for milestone in STATE_MILESTONES[later]:
            column = f"{milestone}_on"
            condition &= Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gt": on})
    return condition


def overdue_by(months: int, *, on: date) -> Q:
    """The condition on milestones that coming home is late by more than so many months on the day."""
    waiting = Q(resettled_on__isnull=True) | Q(resettled_on__gt=on)
    return Q(promised_on__lte=latest_promise_overdue_by(months, on=on)) & waiting


def latest_promise_overdue_by(months: int, *, on: date) -> date:
    """The latest promised date whose delay exceeds so many months on the day."""
    latest = add_months(on - _DAY, -months)
    # Several days at a month's end share one corresponding day in a shorter month.
    while add_months(latest + _DAY, months) < on:
        latest += _DAY
    return latest


def behind(figure: str, *, on: date) -> Q:
    """The condition on milestones of exactly those subjects that a figure counts on the day.

    Raises:
        KeyError: when there is no such figure.
    """
    for milestone, name in MILESTONE_FIGURES.items():
        if name == figure:
            return reached(milestone, on=on)
    for state, name in STATE_FIGURES.items():
        if name == figure:
            return in_state(state, on=on)
    months = {name: months for months, name in OVERDUE_FIGURES.items()}[figure]
    return overdue_by(months, on=on)


def subjects_where(condition: Q, *, known: date | None = None) -> QuerySet[Milestones, Any] | RawSQL:
    """Codes of the subjects whose milestones meet the condition, for use in ``code__in=``.

    Args:
        condition: on the columns of ``Milestones``; see ``behind``.
        known: take the milestones as they were known by the end of this day; None for now.
    """
    rows = Milestones.objects.filter(condition).order_by().values("subject")
    if known is None:
        return rows
    sql, parameters = rows.query.sql_with_params()
    replay, replay_parameters = _replayed_milestones(known)
    # The name of the common table hides the real one from the condition.
    return RawSQL(f'WITH "ledger_milestones" AS ({replay}) {sql}', (*replay_parameters, *parameters))  # noqa: S611


def _replayed_milestones(known: date) -> tuple[str, list[Any]]:
    """SQL of the milestones as known on a day: rows untouched since stand, the others are folded from facts."""
    columns, parameters = [], []
    kinds: dict[Milestone, list[Any]] = defaultdict(list)
    for kind in current_rulebook().fact_kinds.values():
        if kind.milestone is not None:
            kinds[kind.milestone].append(kind)
    for milestone in Milestone:
        parts = []
        for kind in kinds[milestone]:
            on = "(f.attributes->>%s)::date" if kind.dated_by else "f.happened_on"
            parts.append(f"WHEN f.kind = %s THEN {on}")
            parameters += [kind.id, kind.dated_by] if kind.dated_by else [kind.id]
        fold_with = "max" if milestone is Milestone.PROMISED else "min"
        value = f"{fold_with}(CASE {' '.join(parts)} END)" if parts else "NULL::date"
        columns.append(f"{value} AS {milestone}_on")
    sql = f"""
        WITH touched AS (
            SELECT DISTINCT f.subject FROM ledger_fact f JOIN ledger_deed d ON d.id = f.deed_id
            WHERE d.recorded_on > %s
        )
        SELECT m.subject, {", ".join(f"m.{column}" for column in MILESTONE_COLUMNS)} FROM ledger_milestones m
        WHERE NOT EXISTS (SELECT FROM touched t WHERE t.subject = m.subject)
        UNION ALL
        SELECT f.subject, {", ".join(columns)}
        FROM touched t JOIN ledger_fact f ON f.subject = t.subject JOIN ledger_deed d ON d.id = f.deed_id
        WHERE d.recorded_on <= %s AND NOT EXISTS (
            SELECT FROM ledger_fact s JOIN ledger_deed sd ON sd.id = s.deed_id
            WHERE s.supersedes <> '' AND s.supersedes = f.deed_id || '/' || f.ordinal AND s.subject = f.subject
              AND sd.recorded_on <= %s
        )
        GROUP BY f.subject"""
    return sql, [known, *parameters, known, known]


def milestones_of(subjects: Sequence[str], *, known: date | None = None) -> dict[str, Dates]:
    """Milestone dates of each subject that has any, as known by the end of a day (None: now)."""
    if known is None:
        return milestone_dates(subjects)
    by_subject: dict[str, list[Any]] = defaultdict(list)
    rows = Fact.objects.filter(subject__in=subjects, deed__recorded_on__lte=known).values_list(
        "subject", "deed_id", "ordinal", "kind", "happened_on", "attributes", "supersedes"
    )
    for subject, deed, ordinal, kind, on, attributes, supersedes in rows:
        by_subject[subject].append(
            effective_fact(
                reference=f"{deed}/{ordinal}", kind=kind, happened_on=on, attributes=attributes, supersedes=supersedes
            )
        )
    return {subject: fold(facts) for subject, facts in by_subject.items()}


def facts_of(subject: str, *, known: date | None = None) -> QuerySet[Fact]:
    """Facts of one subject with their deeds, earliest first, each with ``superseded_by``."""
    return _facts(known).filter(subject=subject).order_by("happened_on", "deed__recorded_at", "deed_id", "ordinal")


def facts_of_deed(deed: str, *, reach: Reach) -> QuerySet[Fact]:
    """Facts of one deed that lie within reach, in their order, each with ``superseded_by``."""
    return _facts(None).filter(reach.condition("subject"), deed=deed).order_by("ordinal")


def _facts(known: date | None) -> QuerySet[Fact]:
    """Facts recorded by a day; ``superseded_by`` is the deed that by then corrects or withdraws the fact, or None."""
    reference = Concat(OuterRef("deed_id"), Value("/"), Cast(OuterRef("ordinal"), TextField()), output_field=TextField())
    corrections = Fact.objects.filter(supersedes=reference).exclude(supersedes="")
    facts = Fact.objects.select_related("deed")
    if known is not None:
        corrections = corrections.filter(deed__recorded_on__lte=known)
        facts = facts.filter(deed__recorded_on__lte=known)
    return facts.annotate(superseded_by=Subquery(corrections.values("deed_id")[:1]))


def standing_facts(kinds: Sequence[str], *, reach: Reach, on: date, known: date | None = None) -> list[Fact]:
    """Facts of these kinds that happened by a day and are neither corrected nor withdrawn, earliest first.

    Meant for the kinds that set no milestone; those have an index of their own.
    """
    return list(
        _facts(known)
        .filter(reach.condition("subject"), kind__in=kinds, happened_on__lte=on, superseded_by=None)
        .order_by("happened_on", "deed_id", "ordinal")
    )


def deeds_within(reach: Reach, *, until: date | None = None) -> QuerySet[Deed]:
    """Deeds on something within reach, or with a fact about it, the latest first."""
    deeds = Deed.objects.filter(recorded_on__lte=until) if until is not None else Deed.objects.all()
    about = Exists(Fact.objects.filter(reach.condition("subject"), deed=OuterRef("pk")))
    return deeds.filter(reach.condition("subject") | about).order_by("-recorded_at", "-id")


def deeds_with_open_evidence(reach: Reach, *, sha256: str = "") -> QuerySet[Deed]:
    """Deeds whose evidence may be opened: on something within reach, and with no fact beyond it.

    A sheet imported for several districts names people of all of them; so it opens only to those
    who reach every one.
    """
    beyond = Exists(Fact.objects.filter(deed=OuterRef("pk")).exclude(reach.condition("subject")))
    deeds = Deed.objects.filter(reach.condition("subject")).exclude(beyond)
    return deeds.filter(evidence__file=sha256) if sha256 else deeds


def deeds_of(subject: str, *, known: date | None = None) -> QuerySet[Deed]:
    """Deeds on a subject or with a fact about it, the latest first."""
    about = Fact.objects.filter(subject=subject).values("deed_id")
    deeds = Deed.objects.filter(Q(subject=subject) | Q(id__in=about))
    if known is not None:
        deeds = deeds.filter(recorded_on__lte=known)
    return deeds.order_by("-recorded_at", "-id")


def previous_deed(deed: Deed) -> Deed | None:
    """The deed before on the same chain, or None for the first."""
    return Deed.objects.filter(chain=deed.chain, number=deed.number - 1).first()


def refusals_within(reach: Reach) -> QuerySet[Refusal]:
    """Refused attempts on something within reach, the latest first."""
    return Refusal.objects.filter(reach.condition("subject")).order_by("-at", "-id")
