"""Unit prices by class: odd ones stand out, named facts explain them or not, small classes have none."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhengtu.core.integrity.findings import Rules
from zhengtu.core.integrity.prices import Priced, median, price_classes, quantile, unit_price_outliers

ours = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DWELLING = (("use", "dwelling"), ("place", "220204"))
DEPENDS = {"house_value": ("structure", "floor"), "attachments": ("attachments",)}


def priced(number: int, value: int, *, extra: int = 0, group: object = DWELLING, **facts: str) -> Priced:
    return Priced(
        household=f"220204-P0001-S01-H{number:05d}", group=group, area_m2=Decimal(100),  # type: ignore[arg-type]
        items={"house_value": Decimal(value) * 100, "attachments": Decimal(extra) * 100},
        facts={"structure": "brick", "floor": "3", "attachments": "", **facts}, depends=DEPENDS,
    )


def street(count: int = 12) -> list[Priced]:
    return [priced(number, 5_000 + 10 * number) for number in range(1, count + 1)]


def test_an_odd_price_that_no_fact_explains_is_a_finding(rules: Rules) -> None:
    (one,) = price_classes([*street(), priced(99, 6_900)], rules=rules)
    (odd,) = one.outliers
    assert (odd.household[-5:], odd.is_explained, odd.unit_price) == ("00099", False, Decimal("6900.00"))
    (found,) = unit_price_outliers([one], rules=rules)
    assert found.subjects == (odd.household,)
    assert "6,900.00 yuan per m²" in found.sentence.in_english()
    assert found.rows[0].figures[1] == ("item:house_value", f"{odd.excesses[0].per_m2:+.2f}")


def test_an_odd_price_whose_excess_a_named_fact_explains_is_shown_and_is_no_finding(rules: Rules) -> None:
    greenhouse = priced(99, 5_060, extra=1_500, attachments="greenhouse_m2 300")
    (one,) = price_classes([*street(), greenhouse], rules=rules)
    (odd,) = one.outliers
    assert odd.is_explained
    assert odd.excesses[0].facts == (("attachments", "greenhouse_m2 300", ""),)
    assert unit_price_outliers([one], rules=rules) == []


def test_an_explanation_covers_only_its_own_item(rules: Rules) -> None:
    both = priced(99, 6_900, extra=1_500, attachments="greenhouse_m2 300")
    (one,) = price_classes([*street(), both], rules=rules)
    assert not one.outliers[0].is_explained
    assert [name for name, _ in unit_price_outliers([one], rules=rules)[0].rows[0].figures[1:]] == ["item:house_value"]


def test_too_low_is_as_odd_as_too_high(rules: Rules) -> None:
    (one,) = price_classes([*street(), priced(99, 3_000)], rules=rules)
    assert one.outliers[0].score < -3
    assert "-" in unit_price_outliers([one], rules=rules)[0].sentence.in_english()


def test_small_classes_and_a_fen_of_rounding_have_no_outliers(rules: Rules) -> None:
    small, *_ = price_classes([*street(3), priced(99, 9_900)], rules=rules)
    assert small.is_too_small
    assert small.outliers == ()
    same = [priced(number, 5_000) for number in range(1, 9)]
    fen = priced(99, 5_000)
    (one,) = price_classes([*same, fen], rules=rules)
    assert one.outliers == ()


def test_classes_are_never_mixed(rules: Rules) -> None:
    shops = [priced(number, 12_000, group=(("use", "shop"),)) for number in range(30, 36)]
    classes = price_classes([*street(), *shops], rules=rules)
    assert [len(one.prices) for one in classes] == [12, 6]
    assert all(not one.outliers for one in classes)


def test_quartiles_by_hand() -> None:
    values = [Decimal(number) for number in (1, 2, 3, 4)]
    assert median(values) == Decimal("2.5")
    assert quantile(values, Decimal("0.25")) == Decimal("1.75")
    assert median([Decimal(7)]) == 7


@ours
@given(order=st.permutations(range(14)))
def test_the_order_of_households_never_matters(rules: Rules, order: list[int]) -> None:
    households = [*street(), priced(98, 6_000), priced(99, 9_000)]
    assert price_classes([households[n] for n in order], rules=rules) == price_classes(households, rules=rules)
