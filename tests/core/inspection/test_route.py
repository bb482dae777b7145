"""The walk from section to section."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.inspection.route import by_number, visiting_order

DEGREES = st.tuples(st.floats(126, 127), st.floats(43, 44))


def test_the_walk_goes_to_the_nearest_each_time() -> None:
    along_a_street = {"west": [(126.50, 43.8)], "east": [(126.59, 43.8)], "middle": [(126.53, 43.8), (126.55, 43.8)]}
    assert visiting_order(along_a_street) == ["west", "middle", "east"]


def test_what_has_no_place_comes_last() -> None:
    assert visiting_order({"a": [], "b": [(126.5, 43.8)], "c": []}) == ["b", "a", "c"]
    assert visiting_order({}) == []


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.lists(DEGREES, max_size=3), max_size=8))
def test_everybody_is_visited_once(groups: dict[str, list[tuple[float, float]]]) -> None:
    assert sorted(visiting_order(groups)) == sorted(groups)


def test_house_9_stands_before_house_10() -> None:
    assert sorted(["松江路10号", "松江路9号2单元", "松江路9号"], key=by_number) == [
        "松江路9号", "松江路9号2单元", "松江路10号",
    ]


@given(st.lists(st.text(max_size=12)))
def test_any_text_has_its_place(addresses: list[str]) -> None:
    assert len(sorted(addresses, key=by_number)) == len(addresses)
