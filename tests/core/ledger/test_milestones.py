"""Folding facts into milestone dates, and the state that follows from them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.ledger.milestones import (
    STATE_MILESTONES,
    EffectiveFact,
    Milestone,
    State,
    fold,
    has_reached,
    state_on,
)

days = st.dates(date(2024, 1, 1), date(2025, 12, 31))
milestones = st.sampled_from(list(Milestone))


def fact(reference: str, milestone: Milestone | None, on: date, **more: object) -> EffectiveFact:
    return EffectiveFact(reference=reference, milestone=milestone, on=on, **more)  # type: ignore[arg-type]


def test_a_correction_replaces_the_date_it_supersedes() -> None:
    facts = [
        fact("d1/1", Milestone.SIGNED, date(2025, 2, 13)),
        fact("d2/1", Milestone.SIGNED, date(2025, 2, 20), supersedes="d1/1"),
    ]
    assert fold(facts) == {Milestone.SIGNED: date(2025, 2, 20)}


def test_a_withdrawal_leaves_nothing() -> None:
    facts = [
        fact("d1/1", Milestone.SIGNED, date(2025, 2, 13)),
        fact("d2/1", None, date(2025, 2, 20), supersedes="d1/1", withdraws=True),
    ]
    assert fold(facts) == {}


def test_withdrawing_a_correction_does_not_bring_back_what_it_corrected() -> None:
    facts = [
        fact("d1/1", Milestone.SIGNED, date(2025, 2, 13)),
        fact("d2/1", Milestone.SIGNED, date(2025, 2, 20), supersedes="d1/1"),
        fact("d3/1", None, date(2025, 2, 21), supersedes="d2/1", withdraws=True),
    ]
    assert fold(facts) == {}


def test_of_two_standing_dates_the_earlier_counts_but_of_two_promises_the_later() -> None:
    early, late = date(2025, 1, 1), date(2025, 6, 1)
    facts = [
        fact("a/1", Milestone.VACATED, late), fact("b/1", Milestone.VACATED, early),
        fact("c/1", Milestone.PROMISED, early), fact("d/1", Milestone.PROMISED, late),
    ]
    assert fold(facts) == {Milestone.VACATED: early, Milestone.PROMISED: late}


@given(st.lists(st.tuples(milestones, days), max_size=12), st.randoms())
def test_the_order_of_the_facts_does_not_matter(entries: list[tuple[Milestone, date]], random: object) -> None:
    facts = [fact(f"d/{place}", milestone, on) for place, (milestone, on) in enumerate(entries)]
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(facts)


@given(st.dictionaries(milestones, days), days)
def test_the_state_is_the_furthest_one_reached(dates: dict[Milestone, date], on: date) -> None:
    state = state_on(dates, on=on)
    states = list(State)
    for later in states[0 if state is None else states.index(state) + 1 :]:
        assert not any(has_reached(dates, milestone, on=on) for milestone in STATE_MILESTONES[later])
    if state is not None:
        assert any(has_reached(dates, milestone, on=on) for milestone in STATE_MILESTONES[state])


# Moving back --------------------------------------------------------------------------------------------------------

OUT, BACK = Milestone.VACATED, Milestone.REOCCUPIED


def told(*days: tuple[Milestone, int]) -> dict[Milestone, date]:
    return fold(fact(f"d/{place}", one, date(2025, 3, day)) for place, (one, day) in enumerate(days))


@pytest.mark.parametrize(
    ("days", "out", "back"),
    [
        ([(OUT, 3), (BACK, 9)], 3, 9),  # moved out, found living there again
        ([(OUT, 3), (BACK, 3)], 3, 3),  # on the same day: the moving out did not last a day
        ([(OUT, 3), (BACK, 9), (OUT, 15)], 15, None),  # the one that lasted counts
        ([(OUT, 3), (BACK, 9), (BACK, 12)], 3, 9),  # found twice, back since the first time
        ([(OUT, 3), (BACK, 9), (OUT, 15), (BACK, 20)], 15, 20),
        ([(OUT, 3), (OUT, 5), (BACK, 9)], 3, 9),
        ([(BACK, 2), (OUT, 3)], 3, None),  # who was seen living there before moving out
        ([(BACK, 2)], None, None),  # had never left
    ],
)
def test_which_moving_out_counts_and_what_ended_it(
    days: list[tuple[Milestone, int]], out: int | None, back: int | None
) -> None:
    expected = {milestone: date(2025, 3, day) for milestone, day in ((OUT, out), (BACK, back)) if day is not None}
    assert told(*days) == expected


@given(st.lists(st.tuples(st.sampled_from((OUT, BACK)), st.integers(1, 28)), max_size=9))
def test_the_rule_is_a_walk_through_the_days(days: list[tuple[Milestone, int]]) -> None:
    """The slow way: day by day, of one day the moving out before the moving back."""
    out = back = None
    for day, one in sorted((day, one is BACK) for one, day in days):
        if one and out is not None and back is None:
            back = day
        elif not one and (out is None or back is not None):
            out, back = day, None
    dates = told(*days)
    assert (dates.get(OUT), dates.get(BACK)) == tuple(day and date(2025, 3, day) for day in (out, back))
    for day in range(1, 29):
        stands = out is not None and out <= day and (back is None or day < back)
        assert has_reached(dates, OUT, on=date(2025, 3, day)) is stands
