"""Each detector by table: what it finds, what it leaves alone, and that the order of the rows never matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtu.core.integrity.agreements import (
    Hand,
    Settlement,
    ValuedAt,
    below_market,
    off_statement,
    same_hands,
)
from zhengtu.core.integrity.documents import (
    Claim,
    Inventoried,
    Said,
    areas_differ,
    building_overclaimed,
    inflated_attachments,
    parties_differ,
)
from zhengtu.core.integrity.findings import Rules, key_of
from zhengtu.core.integrity.freeze import (
    RegisterMove,
    Registration,
    additions_after_freeze,
    enlarged_after_freeze,
    register_moves,
)
from zhengtu.core.integrity.identities import OwnerFile, PaidTo, payee_not_owner, same_account, same_identity
from zhengtu.core.integrity.payments import Paid, split_payments, under_limit

PART = "220204-P0001"
FREEZE = {PART: date(2026, 3, 1)}
ours = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def home(number: int, project: str = "P0001") -> str:
    return f"220204-{project}-S01-H{number:05d}"


def yuan(amount: str) -> Decimal:
    return Decimal(amount)


# Who


def test_one_identity_in_two_projects_is_one_finding_that_keeps_its_key(rules: Rules) -> None:
    files = [OwnerFile(home(1), "a"), OwnerFile(home(7, "P0002"), "a"), OwnerFile(home(2), "b"), OwnerFile(home(3), "")]
    (found,) = same_identity(files, rule=rules["same_identity"])
    assert found.subjects == (home(1), home(7, "P0002"))
    assert found.projects == ("220200-P0001", "220200-P0002")
    assert "2 household files (projects: 2)" in found.sentence.in_english()
    (grown,) = same_identity([*files, OwnerFile(home(9), "a")], rule=rules["same_identity"])
    assert grown.key == found.key
    assert len(grown.rows) == 3


def test_an_account_shared_by_one_person_is_nothing_and_by_two_is_a_finding(rules: Rules) -> None:
    own = [OwnerFile(home(1), "a", "x"), OwnerFile(home(2), "a", "x")]
    assert same_account(own, rule=rules["same_account"]) == []
    (found,) = same_account([*own, OwnerFile(home(3), "b", "x")], rule=rules["same_account"])
    assert len(found.rows) == 3
    assert "2 different people" in found.sentence.in_english()


def test_a_payee_who_is_not_the_owner_needs_a_paper(rules: Rules) -> None:
    paid = PaidTo(home(1), "a", "b", yuan("100000.00"), date(2026, 6, 1), "D/0")
    (found,) = payee_not_owner([paid], rule=rules["payee_not_owner"])
    assert "100,000.00 yuan go to a payee" in found.sentence.in_english()
    assert payee_not_owner([replace(paid, is_authorised=True)], rule=rules["payee_not_owner"]) == []
    assert payee_not_owner([replace(paid, payee="a")], rule=rules["payee_not_owner"]) == []


# When


def version(number: int, on: date, *, place: str = "", area: str = "80.00", members: int = 3) -> Registration:
    return Registration(
        home(number), "220204-P0001-S01", PART, place or f"B{number}", on, on, yuan(area), members, f"D{on}/{number}"
    )


def test_late_entries_are_additions_and_those_in_a_held_building_are_splits(rules: Rules) -> None:
    first = [version(number, date(2026, 3, 20)) for number in (1, 2, 3)]
    early, late = version(4, date(2026, 4, 10)), version(5, date(2026, 9, 1))
    split = version(6, date(2026, 9, 1), place="B1")
    found = additions_after_freeze([*first, early, late, split], freezes=FREEZE, rules=rules)
    assert {one.detector: one.subjects for one in found} == {
        "registered_after_freeze": (home(5),), "split_after_freeze": (home(1), home(6)),
    }
    assert additions_after_freeze([*first, late], freezes={}, rules=rules) == []


def test_two_late_entries_in_one_new_building_are_no_split_of_each_other(rules: Rules) -> None:
    first = [version(1, date(2026, 3, 20))]
    late = [version(number, date(2026, 9, 1), place="B9") for number in (5, 6)]
    found = additions_after_freeze([*first, *late], freezes=FREEZE, rules=rules)
    assert [one.detector for one in found] == ["registered_after_freeze", "registered_after_freeze"]


def test_growth_after_the_freeze_is_found_and_shrinking_or_earlier_growth_is_not(rules: Rules) -> None:
    before, after = date(2026, 2, 1), date(2026, 5, 1)
    grown = [version(1, before), replace(version(1, before, area="95.50", members=5), recorded_on=after, fact="E/1")]
    shrunk = [version(2, before), replace(version(2, before, area="70.00"), recorded_on=after, fact="E/2")]
    early = [version(3, before), replace(version(3, before, area="99.00"), recorded_on=before, fact="E/3")]
    (found,) = enlarged_after_freeze([*grown, *shrunk, *early], freezes=FREEZE, rules=rules)
    assert found.subjects == (home(1),)
    assert "+15.50 m² and +2 persons" in found.sentence.in_english()


def test_moves_count_from_a_year_before_the_announcement(rules: Rules) -> None:
    day = FREEZE[PART]
    inside, outside = day - timedelta(days=365), day - timedelta(days=366)
    moves = [RegisterMove(home(1), PART, inside, "D/0"), RegisterMove(home(2), PART, outside, "D/1")]
    (found,) = register_moves(moves, announced=FREEZE, rules=rules)
    assert found.subjects == (home(1),)


# How much


def test_sums_off_their_statement_and_rewards_signed_too_late(rules: Rules) -> None:
    fair = Settlement(home(1), yuan("430000.00"), date(2026, 8, 1), "D/0", yuan("430000.00"))
    over = replace(fair, household=home(2), amount=yuan("430000.01"))
    under = replace(fair, household=home(3), amount=yuan("400000.00"))
    late = replace(
        fair, household=home(4), amount=yuan("450000.00"), in_time=yuan("450000.00"), sign_by=date(2026, 7, 1)
    )
    more = replace(late, household=home(5), amount=yuan("460000.00"))
    unknown = replace(fair, household=home(6), statement=None)
    found = off_statement([fair, over, under, late, more, unknown], rules=rules)
    assert {one.subjects[0]: one.detector for one in found} == {
        home(2): "off_statement", home(3): "off_statement", home(4): "late_reward", home(5): "off_statement",
    }
    sentences = {one.subjects[0]: one.sentence.in_english() for one in found}
    assert "+0.01 yuan" in sentences[home(2)]
    assert "-30,000.00 yuan" in sentences[home(3)]
    assert "20,000.00 yuan of reward" in sentences[home(4)]


def test_a_value_under_the_market_is_found_to_the_fen(rules: Rules) -> None:
    fair = ValuedAt(home(1), yuan("500000.00"), yuan("500000.00"), date(2026, 5, 1), "D/0")
    low = replace(fair, household=home(2), value=yuan("499999.99"))
    (found,) = below_market([fair, low], rules=rules)
    assert "0.01 yuan under" in found.sentence.in_english()


def test_one_person_who_drafts_and_checks_is_named_as_concerned(rules: Rules) -> None:
    pairs = [("agreement.draft", "agreement.check")]
    hands = [
        Hand(home(1), "agreement.draft", "p1", date(2026, 5, 1), "D1"),
        Hand(home(1), "agreement.check", "p1", date(2026, 5, 2), "D2"),
        Hand(home(2), "agreement.draft", "p1", date(2026, 5, 1), "D3"),
        Hand(home(2), "agreement.check", "p2", date(2026, 5, 2), "D4"),
    ]
    (found,) = same_hands(hands, exclusive=pairs, rules=rules)
    assert (found.subjects, found.people) == ((home(1),), ("p1",))


def test_payments_bunched_under_a_limit_are_found_by_the_gap_above_it(rules: Rules) -> None:
    def paid(number: int, amount: str) -> Paid:
        return Paid(home(number), yuan(amount), date(2026, 6, 1), f"D/{number}")

    under = [paid(number, f"{499_000 - number}.00") for number in range(1, 6)]
    others = [paid(number, f"{520_000 + 7_000 * number}.00") for number in range(30)]
    (found,) = under_limit([*under, *others], rules=rules)
    assert len(found.rows) == 5
    above = [paid(number, "501000.00") for number in (50, 51)]
    assert under_limit([*under, *others, *above], rules=rules) == []


def test_parts_of_a_sum_within_days_are_found_and_instalments_months_apart_are_not(rules: Rules) -> None:
    parts = [Paid(home(1), yuan("180000.00"), date(2026, 6, day), f"D/{day}") for day in (1, 4, 8)]
    months = [Paid(home(2), yuan("180000.00"), date(2026, month, 1), f"E/{month}") for month in (3, 6, 9)]
    whole = [Paid(home(3), yuan("540000.00"), date(2026, 6, 1), "F/1")]
    (found,) = split_payments([*parts, *months, *whole], rules=rules)
    assert found.subjects == (home(1),)
    assert "under the limit of 500,000.00 yuan, make 540,000.00" in found.sentence.in_english()


# What the papers say


def test_papers_that_differ_in_area_or_party(rules: Rules) -> None:
    papers = [
        Said(home(1), "surveyed", "86.50", "A/1"), Said(home(1), "signed", "96.50", "A/2"),
        Said(home(2), "surveyed", "86.50", "A/3"), Said(home(2), "signed", "86.90", "A/4"),
    ]
    (found,) = areas_differ(papers, rules=rules)
    assert found.subjects == (home(1),)
    parties = [
        Said(home(1), "registered", "x", "A/1"), Said(home(1), "signed", "y", "A/2"),
        Said(home(2), "registered", "x", "A/3"), Said(home(2), "signed", "x", "A/4"), Said(home(2), "paid", "", "A/5"),
    ]
    (found,) = parties_differ(parties, rules=rules)
    assert [row.figures[1] for row in found.rows] == [("Party", "A"), ("Party", "B")]
    assert "x" not in str([row.figures for row in found.rows])


def test_a_building_claimed_beyond_its_floor_area(rules: Rules) -> None:
    claims = [Claim(home(1), "B1", yuan("60")), Claim(home(2), "B1", yuan("60")), Claim(home(3), "B2", yuan("200"))]
    (found,) = building_overclaimed(claims, floor_areas_m2={"B1": yuan("100"), "B2": yuan("100")}, rules=rules)
    assert found.subjects == (home(1), home(2))
    assert building_overclaimed(claims, floor_areas_m2={"B1": yuan("118")}, rules=rules) == []


def test_more_trees_than_the_land_can_hold(rules: Rules) -> None:
    def trees(number: int, quantity: str) -> Inventoried:
        return Inventoried(home(number), "fruit_tree", yuan(quantity), yuan("500.00"), f"D/{number}{quantity}")

    (found,) = inflated_attachments([trees(1, "60"), trees(1, "60"), trees(2, "90")], rules=rules)
    assert found.subjects == (home(1),)
    assert "120 on 500.00 m² of land, where at most 100" in found.sentence.in_english()
    unknown = Inventoried(home(3), "telephone_transfer", yuan("99"), yuan("1"), "D/9")
    assert inflated_attachments([unknown], rules=rules) == []


# All of them


@ours
@given(order=st.permutations(range(8)))
def test_the_order_of_the_rows_never_matters(rules: Rules, order: list[int]) -> None:
    files = [OwnerFile(home(number), "ab"[number % 2], "xyz"[number % 3]) for number in range(8)]
    shuffled = [files[number] for number in order]
    for detector in (same_identity, same_account):
        rule = rules[detector.__name__]
        assert detector(shuffled, rule=rule) == detector(files, rule=rule)
    paid = [Paid(home(n % 2), yuan("180000.00"), date(2026, 6, 1 + n), f"D/{n}") for n in range(8)]
    assert split_payments([paid[n] for n in order], rules=rules) == split_payments(paid, rules=rules)


def test_a_key_does_not_depend_on_the_order_of_its_anchors_and_tells_nothing() -> None:
    assert key_of("same_identity", "a", "b") == key_of("same_identity", "b", "a")
    assert key_of("same_identity", "a") != key_of("same_account", "a")
    assert home(1) not in key_of("off_statement", home(1))
    assert len(key_of("registered_after_freeze", "x")) <= 64
