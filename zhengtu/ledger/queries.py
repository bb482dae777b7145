"""Reads of the ledger: figures as of any day, as known on any day, and the deeds and facts behind them.

Nothing here knows who asks. Every function takes a ``Reach`` (which codes may be seen); the doors that turn an
actor into a reach stand in ``campaign.queries``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from zhengtu.core.ledger.figures import FIGURES
from zhengtu.ledger.models import DailyFigures, Deed, Fact, PeriodFigures, Refusal, Span

Figures = dict[str, int]
"""figure -> count; every figure asked for is present."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """The codes that may be seen: those below a prefix and those named one by one; empty means none.

    Attributes:
        unseen_verbs: deeds, facts and refused attempts of these verbs are not shown (``authority.yaml``, seen_with).
    """

    prefixes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    unseen_verbs: tuple[str, ...] = ()

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
    return _summed(
        _periods_until(on), Q(day__lte=on), within=_within(reach, sections), known=known, column="section",
        figures=figures,
    )


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
    return _summed(
        Q(span=Span.DAY, starts_on__gt=after, starts_on__lte=until), Q(day__gt=after, day__lte=until),
        within=_within(reach, sections), known=known, column="section", figures=figures,
    )


def _summed(
    periods: Q, days: Q, *, within: Q, known: date | None, column: str, figures: Sequence[str]
) -> dict[Any, Figures]:
    """Sums by section or day of the rows of ``PeriodFigures``, or of ``DailyFigures`` as known on a day.

    What was known late in a long history is what is known now less what became known since.
    """
    if known is not None and not _is_late(known):
        rows = _grouped(DailyFigures.objects.filter(days, within, recorded_on__lte=known), column, figures)
        return {key: dict(zip(figures, counts, strict=True)) for key, counts in rows}
    is_by_day = column == "day"
    rows = _grouped(PeriodFigures.objects.filter(periods, within), "starts_on" if is_by_day else column, figures)
    sums = {key: dict(zip(figures, counts, strict=True)) for key, counts in rows}
    if known is not None:
        since = _grouped(DailyFigures.objects.filter(days, within, recorded_on__gt=known), column, figures)
        for key, counts in since:
            held = sums.setdefault(key, dict.fromkeys(figures, 0))
            for figure, count in zip(figures, counts, strict=True):
                held[figure] -= count
    return sums


def _is_late(known: date) -> bool:
    """Whether less of the history became known after the day than before it, by the calendar."""
    first, last = DailyFigures.objects.aggregate(first=Min("recorded_on"), last=Max("recorded_on")).values()
    return first is not None and known - first > last - known


def _grouped(rows: QuerySet[Any], column: str, figures: Sequence[str]) -> Iterator[tuple[Any, list[int]]]:
    """Each value of the column with the sums of the figures."""
    sums = {f"sum_{figure}": Sum(figure) for figure in figures}
    grouped = rows.order_by().values(column).annotate(**sums).values_list(column, *sums)
    try:
        sql, parameters = grouped.query.sql_with_params()
    except EmptyResultSet:
        return
    # Read past the ORM's converters, which would be called for every sum of every section.
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for key, *counts in cursor.fetchall():
            yield key, counts


def total_of(by_section: Mapping[str, Figures], figures: Sequence[str] = FIGURES) -> Figures:
    """The sum over sections; zero where there are none."""
    if not by_section:
        return dict.fromkeys(figures, 0)
    rows = ([counts[figure] for figure in figures] for counts in by_section.values())
    return dict(zip(figures, map(sum, zip(*rows, strict=True)), strict=True))


def figure_series(
    *,
    reach: Reach,
    start: date,
    end: date,
    figures: Sequence[str],
    known: date | None = None,
    sections: Sequence[str] | None = None,
    at_end: Mapping[str, int] | None = None,
) -> dict[str, list[int]]:
    """Figures by the end of every day from ``start`` to ``end``, both included, summed over sections.

    Args:
        at_end: the figures by the end of ``end`` where they are at hand already; else they are read.
    """
    if at_end is None:
        by_section = figures_by_section(reach=reach, on=end, known=known, sections=sections, figures=figures)
        at_end = total_of(by_section, figures)
    changes = _summed(
        Q(span=Span.DAY, starts_on__gte=start, starts_on__lte=end), Q(day__gte=start, day__lte=end),
        within=_within(reach, sections), known=known, column="day", figures=figures,
    )
    # Backwards from the end: what a day changed is taken off to have the day before.
    series: dict[str, list[int]] = {figure: [] for figure in figures}
    standing = [at_end[figure] for figure in figures]
    for offset in range((end - start).days + 1):
        for place, figure in enumerate(figures):
            series[figure].append(standing[place])
        for place, change in enumerate(changes.get(end - offset * _DAY, {}).values()):
            standing[place] -= change
    return {figure: values[::-1] for figure, values in series.items()}


def facts_of(subject: str, *, known: date | None = None) -> QuerySet[Fact]:
    """Facts of one subject with their deeds, earliest first, each with ``superseded_by``."""
    return _facts(known).filter(subject=subject).order_by("happened_on", "deed__recorded_at", "deed_id", "ordinal")


def facts_of_deed(deed: str, *, reach: Reach) -> QuerySet[Fact]:
    """Facts of one deed that lie within reach, in their order, each with ``superseded_by``."""
    return _facts(None).filter(reach.condition("subject"), deed=deed).order_by("ordinal")


def _facts(known: date | None) -> QuerySet[Fact]:
    """Facts recorded by a day; ``superseded_by`` is the deed that by then corrects or withdraws the fact, or None."""
    facts, corrections = _recorded(known)
    return facts.annotate(superseded_by=Subquery(corrections.values("deed_id")[:1]))


def _standing(known: date | None) -> QuerySet[Fact]:
    """Those of them that nothing corrects or withdraws by then; ``superseded_by`` is None.

    Asked for as an anti-join: of a comparison of ``superseded_by`` the database expects a handful of rows whatever
    there is, and joins thousands of facts with their deeds one by one.
    """
    facts, corrections = _recorded(known)
    return facts.filter(~Exists(corrections)).annotate(superseded_by=Value(None, output_field=TextField()))


def _recorded(known: date | None) -> tuple[QuerySet[Fact], QuerySet[Fact]]:
    """Facts recorded by a day with their deeds, and what was recorded by then that supersedes the outer fact."""
    ordinal = Cast(OuterRef("ordinal"), TextField())
    reference = Concat(OuterRef("deed_id"), Value("/"), ordinal, output_field=TextField())
    corrections = Fact.objects.filter(supersedes=reference).exclude(supersedes="")
    facts = Fact.objects.select_related("deed")
    if known is not None:
        corrections = corrections.filter(deed__recorded_on__lte=known)
        facts = facts.filter(deed__recorded_on__lte=known)
    return facts, corrections


def unverified_count(subject: str, *, kinds: Sequence[str], known: date | None = None) -> int:
    """Facts of these kinds about a subject and all below it that were imported and that nobody has verified."""
    below = Q(subject=subject) | Q(subject__startswith=f"{subject}-")
    return _standing(known).filter(below, kind__in=kinds, is_verified=False).count()


def standing_facts(kinds: Sequence[str], *, reach: Reach, on: date, known: date | None = None) -> list[Fact]:
    """Facts of these kinds that happened by a day and are neither corrected nor withdrawn, earliest first.

    Meant for the kinds that set no milestone; those have an index of their own.
    """
    return list(standing_fact_rows(kinds, reach=reach, on=on, known=known))


def standing_fact_rows(
    kinds: Sequence[str], *, reach: Reach, on: date, known: date | None = None
) -> QuerySet[Fact]:
    """The same as a query, to be narrowed, ordered and cut into pages."""
    return (
        _standing(known)
        .filter(reach.condition("subject"), kind__in=kinds, happened_on__lte=on)
        .order_by("happened_on", "deed_id", "ordinal")
    )


def open_matters(*, reach: Reach, on: date, known: date | None = None) -> list[Fact]:
    """Matters listed by a day and not closed by then, earliest first; a closing closes what was listed first."""
    facts = standing_facts(("matter_opened", "matter_closed"), reach=reach, on=on, known=known)
    # A closing that names its matter has superseded it already.
    closings = Counter(fact.subject for fact in facts if fact.kind == "matter_closed" and not fact.supersedes)
    still_open = []
    for fact in facts:
        if fact.kind != "matter_opened":
            continue
        if closings[fact.subject]:
            closings[fact.subject] -= 1
        else:
            still_open.append(fact)
    return still_open


def deeds_within(reach: Reach, *, until: date | None = None) -> QuerySet[Deed]:
    """Deeds on something within reach, or with a fact about it, the latest first."""
    deeds = Deed.objects.exclude(verb__in=reach.unseen_verbs)
    if until is not None:
        deeds = deeds.filter(recorded_on__lte=until)
    about = Exists(Fact.objects.filter(reach.condition("subject"), deed=OuterRef("pk")))
    return deeds.filter(reach.condition("subject") | about).order_by("-recorded_at", "-id")


def deeds_with_open_evidence(reach: Reach, *, sha256: str = "") -> QuerySet[Deed]:
    """Deeds whose evidence may be opened: on something within reach, and with no fact beyond it.

    A sheet imported for several districts names people of all of them; so it opens only to those
    who reach every one.
    """
    beyond = Exists(Fact.objects.filter(deed=OuterRef("pk")).exclude(reach.condition("subject")))
    deeds = Deed.objects.filter(reach.condition("subject")).exclude(beyond).exclude(verb__in=reach.unseen_verbs)
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
    return Refusal.objects.filter(reach.condition("subject")).exclude(verb__in=reach.unseen_verbs).order_by(
        "-at", "-id"
    )
