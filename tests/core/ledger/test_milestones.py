"""Folding facts into milestone dates, and the state that follows from them."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.ledger.milestones import STATE_MILESTONES, EffectiveFact, Milestone, State, fold, state_on

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
        assert all(dates.get(milestone, date.max) > on for milestone in STATE_MILESTONES[later])
    if state is not None:
        assert any(dates.get(milestone, date.max) <= on for milestone in STATE_MILESTONES[state])
