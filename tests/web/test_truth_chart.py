"""The chart of a district's truth: inspections of every reported figure in the order of their days."""

from __future__ import annotations

from datetime import date

from zhengtu.core.inspection.discrepancy import Inspected, discrepancy
from zhengtu.inspection.truth_history import DistrictInspection
from zhengtu.web.office.truth.drawing import HEIGHT, WIDTH, chart


def entry(figure: str, day: date, *, false: int) -> DistrictInspection:
    found = discrepancy([Inspected(reported=100, inspected=10, false=false)])
    assert found is not None
    return DistrictInspection(
        inspection="220200-I0001", title="督查", matter="moved_out", figure=figure, jurisdiction="220204",
        as_of_on=day, released_on=day, reported=100, inspected=10, false=false, found=found,
    )


def test_inspections_stand_in_the_order_of_their_days_and_those_of_one_day_side_by_side() -> None:
    first, last = date(2025, 1, 1), date(2025, 2, 1)
    drawn = chart([entry("vacated", first, false=0), entry("signed", last, false=3), entry("paid", last, false=9)])
    vacated, signed, paid = drawn.points
    assert vacated.x < paid.x < signed.x
    assert (vacated.anchor, signed.anchor) == ("start", "end")
    assert paid.y < signed.y < vacated.y
    for point in drawn.points:
        assert 0 < point.y_high <= point.y <= point.y_low < HEIGHT
        assert drawn.left <= point.x <= drawn.right < WIDTH
    assert [day for _, day in drawn.days] == [first, last]


def test_a_single_inspection_stands_in_the_middle() -> None:
    drawn = chart([entry("vacated", date(2025, 1, 1), false=1)])
    assert drawn.points[0].x == (drawn.left + drawn.right) / 2
    assert drawn.points[0].anchor == "middle"
