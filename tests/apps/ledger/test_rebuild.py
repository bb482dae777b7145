"""Rebuilding gives what the deeds left behind, and finds whatever was changed in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.factories import NOW, actor_with, at, build_campaign, record
from zhengtu.core.authority.actor import Subject
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.ledger.figures import FIGURES, OVERDUE_FIGURES, STATE_FIGURES
from zhengtu.core.ledger.milestones import Milestone, State, fold, has_reached, state_on
from zhengtu.ledger import milestone_queries, queries
from zhengtu.ledger.act import NewFact, act
from zhengtu.ledger.models import DailyFigures, Fact, Milestones, PeriodFigures
from zhengtu.ledger.projection import effective_fact
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rebuild import Difference, differences

pytestmark = pytest.mark.django_db

H1, H2 = "220204-P0001-S01-H00001", "220204-P0001-S01-H00002"
SECTIONS = ("220204-P0001-S01", "220204-P0001-S02", "220202-P0001-S01")
CITY = Reach(prefixes=("2202",))


def check() -> str:
    out = StringIO()
    call_command("rebuild_projections", "--check", stdout=out, stderr=StringIO())
    return out.getvalue()


def test_what_deeds_left_behind_is_what_follows_from_the_facts() -> None:
    build_campaign()
    first = record(H1, "surveyed", date(2025, 1, 10))
    record(H1, "surveyed", date(2025, 1, 8), supersedes=f"{first}/1", recorded_at=at(date(2025, 1, 20)))
    record(H2, "surveyed", date(2025, 1, 12))
    assert "All milestones and figures follow from the facts." in check()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (f"UPDATE ledger_milestones SET surveyed_on = '2025-01-01' WHERE subject = '{H1}'",
         Difference("ledger_milestones", H1, "surveyed_on", date(2025, 1, 1), date(2025, 1, 10))),
        ("UPDATE ledger_dailyfigures SET surveyed_count = 7 WHERE day = '2025-01-10'",
         Difference("ledger_dailyfigures", "220204-P0001-S01 2025-01-10 2025-01-10", "surveyed_count", 7, 1)),
        ("DELETE FROM ledger_periodfigures WHERE span = 'day' AND starts_on = '2025-01-10'",
         Difference("ledger_periodfigures", "day 2025-01-10 220204-P0001-S01", "surveyed_count", None, 1)),
    ],
)
def test_a_changed_projection_is_reported_and_replaced(statement: str, expected: Difference) -> None:
    build_campaign()
    record(H1, "surveyed", date(2025, 1, 10))
    with connection.cursor() as cursor:
        cursor.execute(statement)
    found, rows = differences(limit=100)
    assert expected in found
    assert rows == 1
    with pytest.raises(CommandError, match="1 rows differ"):
        check()
    call_command("rebuild_projections", stdout=StringIO(), stderr=StringIO())
    assert differences(limit=100) == ([], 0)


def test_a_projection_of_no_fact_is_reported() -> None:
    build_campaign()
    Milestones.objects.create(subject=f"{SECTIONS[0]}-H09999", subject_kind="household", section=SECTIONS[0])
    assert differences(limit=10)[1] == 1


def test_only_so_many_differences_are_listed_but_all_are_counted() -> None:
    build_campaign()
    Milestones.objects.update(registered_on=date(2024, 1, 1))
    found, rows = differences(limit=2)
    assert (len(found), rows) == (2, 6)


# Random histories ------------------------------------------------------------------------------------------------

KINDS = ("registered", "surveyed", "valued", "signed", "decided", "paid", "vacated", "moved_back_found", "vacated",
         "moved_back_found", "demolished",
         "resettlement_promised", "resettled")
START = date(2024, 11, 20)
days = st.integers(0, 120).map(lambda days: START + timedelta(days=days))
steps = st.tuples(
    st.integers(0, 2),  # days since the step before
    st.sampled_from(SECTIONS),
    st.integers(1, 2),  # household
    st.sampled_from((*KINDS, "handed_over", "correct", "withdraw")),
    days,
    st.integers(0, 30),  # which standing fact a correction is about
    st.booleans(),
)
histories = st.lists(steps, min_size=1, max_size=14)


def play(history: list[tuple[int, str, int, str, date, int, bool]]) -> None:
    """Record the history through deeds, each correction superseding a fact that still stands."""
    officer = actor_with("coordinator")
    recorded_at = datetime.combine(START, NOW.timetz())
    standing: list[tuple[str, str, NewFact]] = []
    for gap, section, number, kind, on, choice, verified in history:
        recorded_at += timedelta(days=gap)
        fact = _fact_of(section, number, kind, on, choice, verified, standing)
        if fact is None:
            continue
        subject = Subject(code=fact.subject)
        with act(officer, "survey.import", on=subject, at=recorded_at, joins_transaction=True) as deed:
            key = deed.record(facts=[fact])
        standing = [entry for entry in standing if entry[0] != fact.supersedes]
        if fact.kind != "withdrawn":
            standing.append((f"{key}/1", fact.subject, fact))


def _fact_of(
    section: str, number: int, kind: str, on: date, choice: int, verified: bool,
    standing: list[tuple[str, str, NewFact]],
) -> NewFact | None:
    if kind in ("correct", "withdraw"):
        if not standing:
            return None
        reference, subject, old = standing[choice % len(standing)]
        new_kind = "withdrawn" if kind == "withdraw" else old.kind
        attributes = {"promised_on": on.isoformat()} if new_kind == "resettlement_promised" else {}
        return NewFact(old.subject_kind, subject, new_kind, on, attributes, reference, verified)
    subject = section if kind == "handed_over" else f"{section}-H{number:05d}"
    attributes = {"promised_on": (on - timedelta(days=200)).isoformat()} if kind == "resettlement_promised" else {}
    return NewFact("section" if kind == "handed_over" else "household", subject, kind, on, attributes, "", verified)


def recount(*, on: date, known: date | None) -> dict[str, dict[str, int]]:
    """The figures counted the slow way: fold every subject's facts and look at it on the day."""
    facts = Fact.objects.select_related("deed").all()
    by_subject: dict[str, list] = {}
    for fact in facts:
        if known is None or fact.deed.recorded_on <= known:
            by_subject.setdefault(fact.subject, []).append(
                effective_fact(reference=fact.reference, kind=fact.kind, happened_on=fact.happened_on,
                               attributes=fact.attributes, supersedes=fact.supersedes)
            )
    sections: dict[str, dict[str, int]] = {}
    for subject, history in by_subject.items():
        counts = sections.setdefault(subject[:16], dict.fromkeys(FIGURES, 0))
        dates = fold(history)
        for milestone in dates:
            counts[f"{milestone}_count"] += has_reached(dates, milestone, on=on)
        state = state_on(dates, on=on)
        if state is not None:
            counts[STATE_FIGURES[State(state)]] += 1
        promised, resettled = dates.get(Milestone.PROMISED), dates.get(Milestone.RESETTLED)
        if promised is not None and (resettled is None or resettled > on):
            for months, figure in OVERDUE_FIGURES.items():
                counts[figure] += add_months(promised, months) < on
    return {section: counts for section, counts in sections.items() if any(counts.values())}


def in_a_transaction_of_its_own(body: Callable[[], None]) -> None:
    with transaction.atomic():
        body()
        transaction.set_rollback(True)


@settings(max_examples=50, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(history=histories, on=days, known=days)
def test_figures_equal_a_recount_of_the_facts_for_any_pair_of_dates(
    history: list, on: date, known: date
) -> None:
    def body() -> None:
        play(history)
        for asked in (None, known):
            told = queries.figures_by_section(reach=CITY, on=on, known=asked)
            told = {section: counts for section, counts in told.items() if any(counts.values())}
            assert told == recount(on=on, known=asked), asked

    in_a_transaction_of_its_own(body)


@settings(max_examples=50, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(history=histories, on=days, known=days, figure=st.sampled_from(FIGURES))
def test_the_list_behind_a_figure_is_as_long_as_the_figure(history: list, on: date, known: date, figure: str) -> None:
    def body() -> None:
        play(history)
        for asked in (None, known):
            total = queries.total_of(queries.figures_by_section(reach=CITY, on=on, known=asked))[figure]
            behind = milestone_queries.subjects_where(milestone_queries.behind(figure, on=on), known=asked)
            assert Milestones.objects.filter(subject__in=behind).count() == total, asked

    in_a_transaction_of_its_own(body)


@settings(max_examples=50, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(history=histories)
def test_rebuilt_equals_incremental(history: list) -> None:
    def body() -> None:
        play(history)
        assert differences(limit=10) == ([], 0)

    in_a_transaction_of_its_own(body)


@settings(max_examples=50, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(history=histories, known=days)
def test_milestones_as_known_are_the_same_one_by_one_and_in_bulk(history: list, known: date) -> None:
    def body() -> None:
        play(history)
        subjects = list(Milestones.objects.values_list("subject", flat=True))
        dates = milestone_queries.milestones_of(subjects, known=known)
        for milestone in Milestone:
            for on in (START, known):
                alone = {s for s in subjects if has_reached(dates.get(s, {}), milestone, on=on)}
                bulk = milestone_queries.subjects_where(milestone_queries.reached(milestone, on=on), known=known)
                assert set(Milestones.objects.filter(subject__in=bulk).values_list("subject", flat=True)) == alone

    in_a_transaction_of_its_own(body)


@settings(max_examples=50, deadline=None, phases=[Phase.generate, Phase.shrink])
@given(history=histories, on=days, length=st.integers(0, 40))
def test_a_series_gives_each_day_what_the_figures_of_that_day_give(history: list, on: date, length: int) -> None:
    def body() -> None:
        play(history)
        start = on - timedelta(days=length)
        for known in (None, START + timedelta(days=10)):
            series = queries.figure_series(
                reach=CITY, start=start, end=on, figures=["signed_count", "state_vacated"], known=known
            )
            for offset in (0, length // 2, length):
                total = queries.total_of(
                    queries.figures_by_section(reach=CITY, on=start + timedelta(days=offset), known=known)
                )
                assert series["signed_count"][offset] == total["signed_count"]
                assert series["state_vacated"][offset] == total["state_vacated"]

    in_a_transaction_of_its_own(body)


def test_empty_tables_have_nothing_to_differ() -> None:
    assert not DailyFigures.objects.exists()
    assert not PeriodFigures.objects.exists()
    assert differences(limit=1) == ([], 0)
