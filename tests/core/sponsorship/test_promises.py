"""A promise is kept by evidence in time, else broken by rule the day after; who answers follows the terms in office."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.sponsorship.promises import Promise, PromiseState, Term, answers_for, in_order

DUE = date(2025, 2, 20)
HOUSEHOLD = "220204-P0001-S01-H00001"


def promise(*, due_on: date = DUE, kept_on: date | None = None, number: int = 1) -> Promise:
    return Promise(
        reference=f"220204-D{number}/1", subject=HOUSEHOLD, sponsor="first", text="两周内协调公证处上门",
        made_on=date(2025, 2, 10), due_on=due_on, kept_on=kept_on,
    )


def test_it_is_open_on_its_last_day_and_broken_on_the_next() -> None:
    assert promise().state(on=DUE) is PromiseState.OPEN
    assert promise().state(on=DUE + timedelta(days=1)) is PromiseState.BROKEN


def test_evidence_on_the_last_day_keeps_it_and_later_evidence_makes_good_what_stays_late() -> None:
    assert promise(kept_on=DUE).state(on=DUE) is PromiseState.KEPT
    late = promise(kept_on=DUE + timedelta(days=3))
    assert late.state(on=DUE + timedelta(days=2)) is PromiseState.BROKEN  # as of a day before the evidence
    assert late.state(on=DUE + timedelta(days=3)) is PromiseState.LATE


days = st.integers(-40, 40).map(lambda offset: DUE + timedelta(days=offset))


@given(on=days, kept_on=st.none() | days)
def test_a_promise_once_broken_is_never_kept_in_time(on: date, kept_on: date | None) -> None:
    one = promise(kept_on=kept_on)
    if one.state(on=on) is PromiseState.BROKEN:
        later = [one.state(on=on + timedelta(days=ahead)) for ahead in range(90)]
        assert set(later) <= {PromiseState.BROKEN, PromiseState.LATE}


def test_a_successor_answers_for_what_is_not_yet_due_and_what_was_broken_stays_with_whom_it_broke() -> None:
    changed_on = date(2025, 2, 15)
    terms = [Term("first", date(2025, 1, 1), changed_on), Term("second", changed_on)]
    assert answers_for(promise(), [terms], on=date(2025, 2, 12)) == "first"
    assert answers_for(promise(), [terms], on=date(2025, 2, 16)) == "second"
    broken = promise(due_on=date(2025, 2, 13))
    assert answers_for(broken, [terms], on=date(2025, 3, 1)) == "first"


def test_of_a_household_without_a_sponsor_of_its_own_the_projects_sponsor_answers() -> None:
    project = [Term("leader", date(2025, 1, 1))]
    assert answers_for(promise(), [(), (), project], on=DUE) == "leader"
    own = [Term("own", date(2025, 2, 18))]
    assert answers_for(promise(), [own, (), project], on=DUE) == "own"


def test_where_nobody_is_in_office_the_last_who_was_answers_else_who_promised() -> None:
    ended = [Term("second", date(2025, 2, 12), date(2025, 2, 16))]
    assert answers_for(promise(), [ended], on=DUE) == "second"
    assert answers_for(promise(), [()], on=DUE) == "first"


def test_broken_ones_stand_first_then_what_is_due_soonest() -> None:
    held = [
        promise(number=1, due_on=date(2025, 2, 25)), promise(number=2, kept_on=date(2025, 2, 11)),
        promise(number=3, due_on=date(2025, 2, 12)), promise(number=4, due_on=date(2025, 2, 21)),
    ]
    assert [one.reference[-3] for one in in_order(held, on=date(2025, 2, 20))] == ["3", "4", "1", "2"]
