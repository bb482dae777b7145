"""Milestones of many subjects: which of them a figure counts, and what was known of them on a day.

What was known on a day is folded in SQL from the facts recorded until then, by the rule of ``core.ledger.fold``;
subjects of which nothing was recorded since keep their projected row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import JSONObject

from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.ledger.fact_kinds import FactKind
from zhengtu.core.ledger.figures import MILESTONE_FIGURES, OVERDUE_FIGURES, STATE_FIGURES
from zhengtu.core.ledger.milestones import ENDED_BY, STATE_MILESTONES, Milestone, State, fold
from zhengtu.ledger.models import Fact, Milestones
from zhengtu.ledger.projection import MILESTONE_COLUMNS, Dates, effective_fact, milestone_dates
from zhengtu.ledger.rulebook import current_rulebook

_DAY = timedelta(days=1)


def reached(milestone: Milestone, *, on: date) -> Q:
    """The condition on milestones that this one is reached and stands by the end of the day."""
    condition = Q(**{f"{milestone}_on__lte": on})
    return condition if milestone not in ENDED_BY else condition & ~Q(**{f"{ENDED_BY[milestone]}_on__lte": on})


def not_reached(milestone: Milestone, *, on: date) -> Q:
    """The condition on milestones that this one is not reached by the end of the day, or no longer stands."""
    condition = Q(**{f"{milestone}_on__isnull": True}) | Q(**{f"{milestone}_on__gt": on})
    return condition if milestone not in ENDED_BY else condition | Q(**{f"{ENDED_BY[milestone]}_on__lte": on})


def in_state(state: State, *, on: date) -> Q:
    """The condition on milestones that this is the furthest state by the end of the day."""
    condition = Q()
    for milestone in STATE_MILESTONES[state]:
        condition |= reached(milestone, on=on)
    states = list(State)
    for later in states[states.index(state) + 1 :]:
        for milestone in STATE_MILESTONES[later]:
            condition &= not_reached(milestone, on=on)
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
    replay, replay_parameters = replayed_milestones(known)
    # The name of the common table hides the real one from the condition.
    return RawSQL(f'WITH "ledger_milestones" AS ({replay}) {sql}', (*replay_parameters, *parameters))  # noqa: S611


def replayed_milestones(known: date) -> tuple[str, list[Any]]:
    """SQL of the milestones as known on a day: rows untouched since stand, the others are folded from facts."""
    columns, parameters = _folded_columns()
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
        WHERE {_STOOD} GROUP BY f.subject"""
    return sql, [known, *parameters, known, known]


_STOOD = """d.recorded_on <= %s AND NOT EXISTS (
    SELECT FROM ledger_fact s JOIN ledger_deed sd ON sd.id = s.deed_id
    WHERE s.supersedes <> '' AND s.supersedes = f.deed_id || '/' || f.ordinal AND s.subject = f.subject
      AND sd.recorded_on <= %s)"""
"""The condition that a fact ``f`` of a deed ``d`` was known on a day and not superseded by then (the day, twice)."""


def facts_standing(known: date | None, *, of_many: bool = False) -> tuple[str, list[date]]:
    """The condition, with its parameters, that a fact ``f`` of a deed ``d`` counts: as of now, or as known on a day.

    Args:
        of_many: the facts of a whole city are asked for: then what was superseded is read once, not fact by fact. As of
            now nothing is asked of ``d``.
    """
    if known is not None:
        return _STOOD, [known, known]
    if of_many:
        return "f.deed_id || '/' || f.ordinal NOT IN (SELECT supersedes FROM ledger_fact WHERE supersedes <> '')", []
    return """NOT EXISTS (SELECT FROM ledger_fact s
        WHERE s.supersedes <> '' AND s.supersedes = f.deed_id || '/' || f.ordinal)""", []


def waits_among(subjects: Sequence[str], *, known: date | None = None) -> dict[str, tuple[date, date | None]]:
    """Subject -> (promised day, day of coming home or None) of those who were promised a home, in one question.

    Args:
        subjects: at least one; those between the first and the last code are read.
        known: as known by the end of this day; None for now.
    """
    replay, parameters = ("ledger_milestones", []) if known is None else replayed_milestones(known)
    rows = replay if known is None else f"({replay})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject, promised_on, resettled_on FROM {rows} m"
            " WHERE promised_on IS NOT NULL AND subject BETWEEN %s AND %s",
            [*parameters, min(subjects), max(subjects)],
        )
        asked = set(subjects)
        return {subject: (promised, home) for subject, promised, home in cursor.fetchall() if subject in asked}


def _folded_columns() -> tuple[list[str], list[Any]]:
    """For each milestone the aggregate over a subject's facts that gives its date, with its parameters."""
    kinds: dict[Milestone, list[FactKind]] = defaultdict(list)
    for kind in current_rulebook().fact_kinds.values():
        if kind.milestone is not None:
            kinds[kind.milestone].append(kind)
    columns, parameters = [], []
    for milestone in Milestone:
        dated, names = _dated(kinds[milestone])
        if milestone in ENDED_BY or milestone is Milestone.REOCCUPIED:
            left, left_names = _dated([kind for one in ENDED_BY for kind in kinds[one]])
            ended, ended_names = _dated(kinds[Milestone.REOCCUPIED])
            rule = _BEGUN if milestone in ENDED_BY else _ENDED
            value = rule.format(own=f"array_agg({dated})", left=f"array_agg({left})", ended=f"array_agg({ended})")
            names = [*names, *ended_names, *left_names] if milestone in ENDED_BY else [*names, *left_names]
        else:
            value = f"{'max' if milestone is Milestone.PROMISED else 'min'}({dated})"
        columns.append(f"{value} AS {milestone}_on")
        parameters += names
    return columns, parameters


def _dated(kinds: Sequence[FactKind]) -> tuple[str, list[Any]]:
    """The day that a fact of one of these kinds sets, as SQL with its parameters; NULL for others."""
    parts, parameters = [], []
    for kind in kinds:
        on = "(f.attributes->>%s)::date" if kind.dated_by else "f.happened_on"
        parts.append(f"WHEN f.kind = %s THEN {on}")
        parameters += [kind.id, kind.dated_by] if kind.dated_by else [kind.id]
    return (f"CASE {' '.join(parts)} END" if parts else "NULL::date"), parameters


_BEGUN = """(SELECT min(b) FROM unnest({own}) b WHERE b > coalesce(
    (SELECT max(e) FROM unnest({ended}) e WHERE e < (SELECT max(l) FROM unnest({left}) l)), '-infinity'))"""
_ENDED = "(SELECT min(e) FROM unnest({own}) e WHERE e >= (SELECT max(l) FROM unnest({left}) l))"
"""The rule of ``core.ledger.milestones`` for which leaving counts and when it ended, over one subject's days."""


def milestones_beside(column: str, *, known: date | None = None) -> Combinable:
    """An expression for rows that carry a subject's code: its milestones as a JSON object of ISO dates.

    Args:
        column: the code's column: a field name, or with ``known`` the quoted SQL name ``"table"."column"``.
        known: as known by the end of this day; None for now.
    """
    if known is None:
        dates = JSONObject(**{str(milestone): f"{milestone}_on" for milestone in Milestone})
        rows = Milestones.objects.filter(subject=OuterRef(column.replace('"', "").rpartition(".")[2]))
        return Subquery(rows.values(dates=dates)[:1], output_field=JSONField())
    columns, parameters = _folded_columns()
    sql = f"""(SELECT to_jsonb(folded) FROM (
        SELECT {", ".join(c.removesuffix("_on") for c in columns)}
        FROM ledger_fact f JOIN ledger_deed d ON d.id = f.deed_id
        WHERE f.subject = {column} AND {_STOOD}) folded)"""
    return RawSQL(sql, (*parameters, known, known), output_field=JSONField())  # noqa: S611


def dates_of(stored: dict[str, str | None] | None) -> Dates:
    """The dates of ``milestones_beside`` as dates."""
    return {Milestone(name): date.fromisoformat(day) for name, day in (stored or {}).items() if day}


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
