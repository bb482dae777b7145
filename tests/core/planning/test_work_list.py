"""The week's work list, and the planned curves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.core.planning.kit import bar, case, planned, section, target
from tests.core.procedure.kit import announced_project, calendar
from zhengtu.core.planning.plan import Plan
from zhengtu.core.planning.plan_case import Stage
from zhengtu.core.planning.trajectory import planned_curves
from zhengtu.core.planning.work_list import WorkItem, by_unit, work_list

ON = date(2025, 3, 12)
PLACE = section(1, 40)


def listed(plan: Plan) -> dict[str, list[WorkItem]]:
    return by_unit(work_list(plan, horizon_days=7, calendar=calendar()))


def test_what_leaves_no_later_day_is_asked_of_each_unit_this_week() -> None:
    """Forty households of a section due on 2025-05-23: ten days of survey, of which the week holds five."""
    plan = planned(case(
        ON, facts=announced_project(), sections=(PLACE,), targets=(target("handed_over", date(2025, 5, 23), PLACE),)
    ))
    units = listed(plan)
    own = {item.activity.partition(":")[2]: item for item in units["220204"]}
    assert own["survey"].households == 20
    assert own["survey"].reason.code == "planning.critical"
    assert "results_published" not in own, "it has weeks to spare"


def test_what_was_due_and_is_not_done_comes_first() -> None:
    plan = planned(case(
        ON, facts=announced_project(), sections=(PLACE,), targets=(target("handed_over", date(2025, 3, 31), PLACE),)
    ))
    items = listed(plan)["220204"]
    assert items[0].is_overdue
    assert items[0].by_on < ON
    overdue = [item.is_overdue for item in items]
    assert overdue == sorted(overdue, reverse=True)
    assert next(item for item in items if item.stage is Stage.SURVEY).households == 20, "as fast as the team goes"


def test_nobody_is_asked_to_do_what_is_over_or_what_the_law_lets_wait() -> None:
    plan = planned(case(
        date(2025, 1, 20), facts=announced_project(until="scheme_published"), sections=(PLACE,),
        targets=(target("launched", date(2025, 2, 12)),),
    ))
    names = {item.activity for items in listed(plan).values() for item in items}
    done = {one.id for one in plan.activities if one.is_done}
    assert not names & done
    assert not any(name.endswith((".comment_period", ":opinions_registered")) for name in names)


def test_the_curve_of_the_backward_plan_ends_with_all_and_rises() -> None:
    done = {Stage.SURVEY: (40, ON), Stage.VALUATION: (40, ON), Stage.NEGOTIATION: (15, ON)}
    place = section(1, 40, done=done)
    one = case(
        ON, facts=announced_project(), sections=(place, section(2, 20)),
        targets=(target("handed_over", date(2025, 9, 30), place),),
    )
    plan = planned(one)
    for figure, whole in {"signed_count": 60, "vacated_count": 60, "handed_over_count": 2}.items():
        curve = plan.planned[figure]
        assert curve[-1].count == whole
        assert [point.count for point in curve] == sorted(point.count for point in curve)
        assert [point.on for point in curve] == sorted({point.on for point in curve})
        early = planned_curves(plan.activities, one, is_early=True)[figure]
        at = {point.on: point.count for point in early}
        assert all(at[point.on] >= point.count for point in curve if point.on in at), "the latest days lie under"
    assert next(point.count for point in plan.planned["signed_count"] if point.on == ON) >= Decimal(15)
    assert plan.planned["handed_over_count"][-1].on == bar(plan, "S01:handover").late_end_on
