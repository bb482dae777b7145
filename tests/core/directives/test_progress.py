"""Progress of a goal out of the ledger's counts, and the goal that words name."""

from __future__ import annotations

import pytest

from tests.core.directives.scene import JOINT, LEAD, rulebook
from zhengtu.core.directives.progress import PlaceCount, is_bound, is_reached, progress_of, proposed_goal
from zhengtu.core.directives.standing import Progress


def place(code: str = "220204-P0001-S01", *, households: int = 10, left: int = 4, is_left: bool = True) -> PlaceCount:
    """A section with so many households left."""
    return PlaceCount(code, "220200-P0001", code[:6], households, left, is_left)


def test_households_and_sections_are_counted_by_the_goal() -> None:
    places = [place(), place("220204-P0001-S02", left=0, is_left=False)]
    assert progress_of("signed", places) == Progress("signed", 16, 20, "households")
    assert progress_of("handed_over", places) == Progress("handed_over", 1, 2, "sections")


def test_districts_bind_a_directive_to_their_ground_and_other_units_do_not() -> None:
    assert is_bound(place(), units={LEAD}, projects=["220200-P0001"])
    assert not is_bound(place(), units={JOINT}, projects=["220200-P0001"])
    assert is_bound(place(), units={"220200-railway"}, projects=["220200-P0001"])
    assert is_bound(place(), units={LEAD, "220200-railway"}, projects=["220204-P0001-S01"])
    assert not is_bound(place(), units={LEAD}, projects=["220200-P0002"])
    assert is_bound(place(), units={LEAD}, projects=[])


def test_a_goal_is_reached_when_nothing_is_left_and_everything_is_registered() -> None:
    done = place(left=0, is_left=False)
    empty = place("220204-P0001-S02", households=0, left=0, is_left=False)
    assert is_reached(progress_of("signed", [done]), [done])
    assert not is_reached(progress_of("signed", [done, place()]), [done, place()])
    assert not is_reached(progress_of("signed", [done, empty]), [done, empty])
    assert not is_reached(progress_of("signed", []), [])


@pytest.mark.parametrize(("matter", "goal"), [
    ("在3月15日前完成西环线剩余征收", "signed"), ("各节点土地全部腾空", "vacated"), ("按期交地", "handed_over"),
    ("尽快启动征收", "launched"), ("确保4月底前开工", "started"), ("珲春北街东项目群众安置到位", "resettled"),
    ("按时足额拨付资金", ""), ("七家子回迁区项目列出清单", ""), ("每周五报送进展", ""), ("全部完成签约", "signed"),
])
def test_words_name_the_goal(matter: str, goal: str) -> None:
    assert proposed_goal(matter, words=rulebook().directives.goals) == goal
