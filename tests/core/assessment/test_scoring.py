"""Scores that are the sum of their lines and move by what one event is worth."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.assessment.difficulty import Case, expected_done
from zhengtu.core.assessment.ranking import ranked
from zhengtu.core.assessment.scheme import Criterion, Measure, Scheme
from zhengtu.core.assessment.scoring import Measured, Scorecard, ScoredEvent, scorecard

DAY = date(2025, 2, 14)
ON_TIME = Criterion("directives", ("督办事项按期办结", "Directives on time"), Measure.SHARE, Decimal(30))
LEGALITY = Criterion(
    "legality", ("依法", "Legality"), Measure.EVENTS, Decimal(30),
    per_event=(("violation", Decimal(-8)), ("returned", Decimal("-2.5")), ("praised", Decimal(5))), bonus=Decimal(10),
)
TRUTH = Criterion("truth", ("数据真实", "Truthfulness"), Measure.ESTIMATE, Decimal(40))
SCHEME = Scheme("2025", ("2025年考核", "2025"), (ON_TIME, LEGALITY, TRUTH), from_on=date(2025, 1, 1))


def event(kind: str, number: int = 1) -> ScoredEvent:
    return ScoredEvent(kind, f"220204-D{number:09d}/1", DAY + timedelta(days=number))


def card(unit: str = "220204", **changes: Measured) -> Scorecard:
    known = {
        "directives": Measured(due=12, done=9), "legality": Measured(),
        "truth": Measured(low=0.85, middle=0.9, high=0.96), **changes,
    }
    return scorecard(unit, scheme=SCHEME, measured=known)


def test_nine_of_twelve_in_time_an_honest_nine_tenths_and_nothing_wrong() -> None:
    scored = card()
    assert (scored.of("directives"), scored.of("legality"), scored.of("truth")) == (
        Decimal("22.50"), Decimal(30), Decimal("36.00")
    )
    assert scored.total == Decimal("88.50")
    assert (scored.low, scored.high) == (Decimal("86.50"), Decimal("90.90"))


@pytest.mark.parametrize(("kind", "moves"), [("violation", -8), ("returned", Decimal("-2.5")), ("praised", 5)])
def test_one_event_moves_the_score_by_what_it_is_worth(kind: str, moves: Decimal) -> None:
    assert card(legality=Measured(events=[event(kind)])).total - card().total == moves


def test_praise_makes_up_for_blame_and_both_have_limits() -> None:
    both = card(legality=Measured(events=[event("violation"), event("praised", 2)]))
    assert both.of("legality") == 27
    blamed = card(legality=Measured(events=[event("violation", number) for number in range(1, 6)]))
    assert blamed.of("legality") == 0
    assert [line.points for line in blamed.lines if line.is_capped] == [Decimal(10)]
    praised = card(legality=Measured(events=[event("praised", number) for number in range(1, 6)]))
    assert praised.of("legality") == 40


def test_what_was_not_due_is_neither_for_nor_against() -> None:
    scored = card(directives=Measured())
    assert scored.unmeasured == ("directives",)
    assert scored.of_points == 70
    assert scored.per_hundred == Decimal("94.29")


def test_impossible_counts_and_unknown_events_are_refused() -> None:
    with pytest.raises(ValueError, match="3 done of 2 due"):
        card(directives=Measured(due=2, done=3))
    with pytest.raises(KeyError):
        card(legality=Measured(events=[event("checked_in")]))


@given(
    st.integers(0, 40), st.integers(0, 40),
    st.lists(st.sampled_from(["violation", "returned", "praised"]), max_size=12), st.floats(0, 1),
)
def test_lines_add_up_and_stay_within_limits(due: int, done: int, kinds: list[str], share: float) -> None:
    scored = card(
        directives=Measured(due=due, done=min(due, done)),
        legality=Measured(events=[event(kind, number) for number, kind in enumerate(kinds)]),
        truth=Measured(low=share, middle=share, high=share),
    )
    assert scored.total == sum(line.points for line in scored.lines) == scored.low == scored.high
    assert 0 <= scored.of("legality") <= 40
    assert 0 <= scored.total <= scored.of_points + 10


def test_ranks_say_who_moved_and_who_cannot_be_told_apart() -> None:
    sure = Measured(low=1, middle=1, high=1)
    cards = [
        card("a", truth=sure), card("b"), card("c", truth=Measured(low=0.84, middle=0.89, high=0.95)),
        card("d", truth=Measured(low=0.1, middle=0.1, high=0.1)),
    ]
    rows = ranked(cards, before={"a": 2, "b": 1, "d": 4})
    assert [(row.unit, row.rank, row.moved) for row in rows] == [("a", 1, 1), ("b", 2, -1), ("c", 3, None), ("d", 4, 0)]
    assert [(row.best_rank, row.worst_rank) for row in rows] == [(1, 1), (2, 3), (2, 3), (4, 4)]


def test_hard_cases_are_compared_with_hard_cases() -> None:
    hard = [Case("a", "inheritance", number < 5) for number in range(10)]
    easy = [Case("b", "none", True) for _ in range(100)]
    others = [Case("c", "inheritance", number < 10) for number in range(40)]
    expected = expected_done([*hard, *easy, *others])
    assert expected["a"] == pytest.approx(10 * (10 + 10 * 110 / 140) / 50)  # of others' hard cases, borrowing ten
    adjusted = Criterion("plan", ("计划", "Plan"), Measure.SHARE, Decimal(10), is_adjusted=True)
    scheme = Scheme("x", ("x", "x"), (adjusted,), from_on=DAY)
    scored = scorecard("a", scheme=scheme, measured={"plan": Measured(due=10, done=5, expected=expected["a"])})
    assert scored.total == Decimal(10)  # more than others do with cases as hard
    assert "z" not in expected_done([Case("z", "none", True)])
