"""Plans to Microsoft Project and back: the same bars, ids, days and links; what an imported plan may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from tests.core.procedure.kit import rulebook
from tests.plan_scene import FIRST, PART, SECOND, made_plan
from zhengtu.core.plan_files.mspdi_reading import read_mspdi
from zhengtu.core.plan_files.mspdi_values import MspdiPlan, PlanTask
from zhengtu.core.plan_files.mspdi_writing import to_mspdi
from zhengtu.core.planning.plan_exchange import ID_FIELD, ExchangeWords, Verdict, differences, exchanged

WORDS = ExchangeWords(
    of_label=lambda label: label[1], name_of=lambda code: code, source_of=lambda source: source,
    reason_of=lambda bar: bar.driver_reason.in_english() if bar.driver_reason else "", procedure="Steps",
    fields=("Zhengtu ID", "Article", "Unit"), calendars=("Work", "Every day"),
)


def exported() -> MspdiPlan:
    plan = made_plan()
    return exchanged([plan], title="P", calendar=rulebook().calendar, words=WORDS, baselines={plan.code: plan})


def by_id(plan: MspdiPlan) -> dict[str, PlanTask]:
    return {dict(task.custom)[ID_FIELD]: task for task in plan.tasks if not task.is_summary}


def moved(id: str, start: datetime) -> MspdiPlan:
    plan = exported()
    tasks = [
        replace(task, carried=replace(task.carried, starts_at=start)) if dict(task.custom).get(ID_FIELD) == id else task
        for task in plan.tasks
    ]
    return replace(plan, tasks=tuple(tasks))


def test_every_bar_is_a_task_with_its_days_and_links_in_the_file() -> None:
    plan, read = made_plan(), read_mspdi(to_mspdi(exported()))
    tasks = by_id(read)
    assert set(tasks) == {one.id for one in plan.activities}
    for one in plan.activities:
        carried = tasks[one.id].carried
        assert carried.starts_at is not None
        assert carried.finishes_at is not None
        assert carried.starts_at.date() == (one.actual_start_on or one.early_start_on)
        assert carried.finishes_at.date() == (one.actual_end_on or one.early_end_on)
    ids = {task.uid: id for id, task in tasks.items()}
    links = {(ids[link.predecessor_uid], id, link.lag_s) for id, task in tasks.items() for link in task.links}
    assert links == {(link.before, link.after, link.lag_days * 86_400) for link in plan.links}


def test_uids_are_unique_and_levels_follow_part_section_bar() -> None:
    tasks = exported().tasks
    assert len({task.uid for task in tasks}) == len(tasks)
    assert [task.outline_level for task in tasks[:3]] == [1, 2, 3]
    assert [task.name for task in tasks if task.outline_level == 2] == ["Steps", FIRST, SECOND]


def test_work_counts_working_days_and_a_period_every_day() -> None:
    tasks = by_id(exported())
    assert tasks[f"{FIRST}:negotiation"].duration_s == 15 * 8 * 3600  # 20 February to 12 March 2025
    assert tasks[f"{PART}:scheme_published.notice"].duration_s == 30 * 8 * 3600


def test_an_unchanged_plan_has_no_difference() -> None:
    activities = {one.id: one for one in made_plan().activities}
    assert {one.verdict for one in differences(exported(), activities)} == {Verdict.SAME}


def test_what_a_unit_may_decide_and_what_not() -> None:
    activities = {one.id: one for one in made_plan().activities}

    def verdict(id: str, start: date) -> Verdict:
        imported = moved(id, datetime.combine(start, time(8)))
        return next(one.verdict for one in differences(imported, activities) if one.activity is activities[id])

    work = f"{SECOND}:negotiation"
    assert verdict(work, date(2025, 2, 24)) is Verdict.POSSIBLE
    assert verdict(work, date(2025, 2, 18)) is Verdict.TOO_EARLY
    assert verdict(work, date(2025, 3, 1)) is Verdict.TOO_LATE
    assert verdict(f"{PART}:scheme_published.notice", date(2025, 2, 1)) is Verdict.FIXED
    foreign = PlanTask(uid=99, row=99, name="Foreign")
    found = differences(replace(exported(), tasks=(foreign,)), activities)
    assert [one.verdict for one in found] == [Verdict.UNKNOWN]
    assert not found[0].may_be_taken_over
