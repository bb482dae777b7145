"""Cards sum to their parts whatever is counted, survive being kept, and move by exactly what an appeal changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.procedure.kit import rulebook
from zhengtu.core.assessment.scheme import Measure, Scheme
from zhengtu.core.assessment.scoring import CountedCase, Measured, ScoredEvent, counted
from zhengtu.core.assessment.trial import CriterionChange, changed_criteria, changed_scheme
from zhengtu.core.assessment.unit_card import (
    Correction,
    Remedy,
    UnitCard,
    cards_fingerprint,
    corrected,
    differences,
    unit_card,
    with_expectations,
)
from zhengtu.core.assessment.window import period_before
from zhengtu.core.kernel.plain_values import plain, value_from
from zhengtu.core.kernel.reasons import Refused

DAY = date(2025, 2, 14)
SCHEMES = list(rulebook().assessment.schemes.values())
DISTRICTS = rulebook().assessment.schemes["districts-2025"]


@st.composite
def known(draw: st.DrawFn, scheme: Scheme) -> dict[str, Measured]:
    """Anything that may be known of a unit."""
    found = {}
    for criterion in scheme.criteria:
        if not draw(st.booleans()):
            continue
        if criterion.measure is Measure.SHARE:
            pairs = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), max_size=6))
            expected = draw(st.none() | st.floats(0, 5))
            found[criterion.id] = counted([
                CountedCase(f"S{number}", due=due, done=min(done, due), expected=expected)
                for number, (due, done) in enumerate(pairs)
            ])
        elif criterion.measure is Measure.EVENTS:
            kinds = [kind for kind, _ in criterion.per_event]
            chosen = draw(st.lists(st.sampled_from(kinds), max_size=8))
            found[criterion.id] = Measured(events=tuple(
                ScoredEvent(kind, f"220204-D{number:09d}/1", DAY, "220204-P0001-S01")
                for number, kind in enumerate(chosen)
            ))
        else:
            low, middle, high = sorted(draw(st.tuples(*[st.floats(0, 1)] * 3)))
            found[criterion.id] = Measured(low=low, middle=middle, high=high, sample=9)
    return found


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.id)
@given(data=st.data())
def test_a_card_is_the_sum_of_its_criteria_and_these_of_their_lines(scheme: Scheme, data: st.DataObject) -> None:
    card = unit_card("220204", scheme=scheme, measured=data.draw(known(scheme)))
    each = [card.card.of(criterion.id) for criterion in scheme.criteria]
    assert card.card.total == sum(each, Decimal(0)) == sum((line.points for line in card.card.lines), Decimal(0))
    for criterion, points in zip(scheme.criteria, each, strict=True):
        assert 0 <= points <= criterion.points + criterion.bonus
    assert card.card.low <= card.card.total <= card.card.high


@given(data=st.data())
def test_a_kept_card_reads_back_as_the_same_with_the_same_fingerprint(data: st.DataObject) -> None:
    card = unit_card("220204", scheme=DISTRICTS, measured=data.draw(known(DISTRICTS)))
    (back,) = value_from(list[UnitCard], plain([card]))
    assert plain(back) == plain(card)
    assert cards_fingerprint([back]) == cards_fingerprint([card])
    assert not differences([card], [back])


def test_what_was_left_out_by_an_appeal_is_neither_due_nor_done() -> None:
    cases = [CountedCase("H1", done=1), CountedCase("H2"), CountedCase("H3", done=1)]
    card = unit_card("220204", scheme=DISTRICTS, measured={"homes_in_time": counted(cases)})
    assert card.card.of("homes_in_time") == Decimal("10.00")
    for remedy, due, points in ((Remedy.LEFT_OUT, 2, "15.00"), (Remedy.DONE, 3, "15.00")):
        upheld = Correction("homes_in_time", "H2", remedy, DAY, "220200-D000000009/1")
        after = corrected(card, [upheld], scheme=DISTRICTS)
        assert after.measured["homes_in_time"].due == due
        assert after.card.of("homes_in_time") == Decimal(points)
        assert after.corrections == (upheld,)


def test_an_event_left_out_gives_back_what_it_took() -> None:
    events = (ScoredEvent("violation", "D1/1", DAY, "H1"), ScoredEvent("violation", "D2/1", DAY, "H2"))
    card = unit_card("220204", scheme=DISTRICTS, measured={"lawful_conduct": Measured(events=events)})
    after = corrected(
        card, [Correction("lawful_conduct", "D1/1", Remedy.LEFT_OUT, DAY, "D3/1")], scheme=DISTRICTS
    )
    assert (card.card.total, after.card.total) == (0, 5)


def test_every_difference_between_two_sets_of_cards_is_named() -> None:
    one = unit_card("220204", scheme=DISTRICTS, measured={"homes_in_time": counted([CountedCase("H1")])})
    two = unit_card("220204", scheme=DISTRICTS, measured={"homes_in_time": counted([CountedCase("H1", done=1)])})
    other = replace(two, card=replace(two.card, unit="220202"))
    assert differences([one], [two]) == [("220204", "homes_in_time", "0.00", "15.00")]
    assert differences([one], [one, other]) == [("220202", "", "", "15.00")]


def test_expectations_are_what_the_others_did_in_the_same_class() -> None:
    cases = with_expectations({
        "A": [CountedCase("s1", due=10, done=2, difficulty="hard")],
        "B": [
            CountedCase("s2", due=10, done=4, difficulty="hard"), CountedCase("s3", due=10, done=10, difficulty="easy"),
        ],
    })
    # A: hard cases of B were done at 4 of 10, all of B's at 14 of 20, which weighs as ten cases.
    assert cases["A"][0].expected == pytest.approx(10 * (4 + 10 * 0.7) / 20)
    assert counted(cases["A"]).expected == cases["A"][0].expected


def test_weights_are_tried_and_a_criterion_without_points_is_out() -> None:
    changes = {
        "homes_in_time": CriterionChange(points=Decimal(30)), "truthfulness": CriterionChange(points=Decimal(0)),
        "lawful_conduct": CriterionChange(
            points=Decimal(20), per_event={"violation": Decimal(-8), "section_agreed": Decimal(8)}
        ),
    }
    made = changed_scheme(DISTRICTS, changes)
    assert made.full_points == Decimal(110)
    lawful = made.criterion("lawful_conduct")
    assert lawful is not None
    assert (lawful.bonus, lawful.points_of("violation")) == (Decimal(20), Decimal(-8))
    assert changed_criteria(DISTRICTS, made) == ["truthfulness", "homes_in_time", "lawful_conduct"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"lawful_conduct": CriterionChange(per_event={"violation": Decimal(-9)})}, "assessment.unfair"),
        ({"homes_in_time": CriterionChange(points=Decimal(-1))}, "assessment.points"),
        ({"homes_in_time": CriterionChange(points=Decimal("1.005"))}, "assessment.points"),
        ({one.id: CriterionChange(points=Decimal(0)) for one in DISTRICTS.criteria}, "assessment.nothing_left"),
    ],
)
def test_a_scheme_that_would_not_be_fair_is_refused(changes: dict[str, CriterionChange], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        changed_scheme(DISTRICTS, changes)
    assert [one.code for one in refused.value.reasons] == [reason]


@pytest.mark.parametrize(
    ("first", "after", "before"),
    [
        (date(2025, 3, 1), date(2025, 4, 1), date(2025, 2, 1)),
        (date(2025, 4, 1), date(2025, 7, 1), date(2025, 1, 1)),
        (date(2025, 2, 10), date(2025, 2, 20), date(2025, 1, 31)),
    ],
)
def test_the_period_before_is_as_long(first: date, after: date, before: date) -> None:
    assert period_before(first, after) == (before, first)
