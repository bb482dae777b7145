"""Plans as screens read them: scope, both dates, what is stale, and who is told that it is being computed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CHUANYING_SECTION,
    CITY,
    NOW,
    PROJECT,
    Scene,
    actor_with,
    advance,
    at,
    build_campaign,
    build_household,
    build_project,
    build_section,
    record,
    register,
)
from zhengtu.campaign.models import Outlook
from zhengtu.campaign.outlook_basis import VERBS_BESIDE_PLANS
from zhengtu.campaign.outlook_runs import (
    KEPT_FOR,
    TASK,
    differences,
    is_stale,
    keep_fresh,
    refresh_city,
)
from zhengtu.campaign.plan_queries import (
    plan_for,
    plans_for,
    plans_standing,
    reach_view,
    section_view,
    week_list,
    whole_reaches,
    whole_view,
)
from zhengtu.campaign.trajectory_pages import trajectory_page
from zhengtu.core.kernel.plain_values import plain
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.planning.plan import Blocker, BlockerKind, Colour
from zhengtu.jobs.tasks import refresh_outlooks
from zhengtu.ledger.models import Deed
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.publication.actions import draft_bulletin
from zhengtu.reviews.actions import plan_review

pytestmark = pytest.mark.django_db

ON = date(2025, 2, 14)
OWN, FOREIGN = f"{CHUANYING}-P0001", f"{CHANGYI}-P0001"


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A campaign whose households are partly signed; pages that compute do so at half past nine of that day."""
    monkeypatch.setattr("zhengtu.campaign.plan_queries.timezone.now", lambda: NOW)
    scene = build_campaign()
    advance(scene.households[0], to="vacated")
    advance(scene.households[3], to="surveyed")
    return scene


def computed(on: date = ON, known: date | None = None, now: datetime = NOW) -> int:
    return refresh_city(CITY, on=on, known=known, now=now)


def jobs() -> list[dict[str, str]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=TASK)]


def test_each_sees_the_plans_of_its_own_parts(scene: Scene) -> None:
    computed()
    codes = {
        role: [row.code for row in plans_standing(actor_with(role), on=ON, known=None).rows]
        for role in ("mayor", "district_leader", "field_officer", "client", "family")
    }
    assert codes == {
        "mayor": [FOREIGN, OWN], "district_leader": [OWN], "field_officer": [OWN], "client": [FOREIGN, OWN],
        "family": [],
    }
    leader = actor_with("district_leader")
    assert plan_for(leader, FOREIGN, on=ON, known=None) is None
    assert section_view(leader, f"{FOREIGN}-S01", on=ON, known=None) is None
    assert trajectory_page(leader, FOREIGN, on=ON, known=None) is None
    assert plan_for(leader, "220204-P0099", on=ON, known=None) is None


def test_a_department_sees_the_projects_that_it_leads(scene: Scene) -> None:
    other = build_project(number=2, lead_id=None)
    build_section(other, CHANGYI, west=126.57)
    computed()
    rows = plans_standing(actor_with("department"), on=ON, known=None).rows
    assert [row.code for row in rows] == [FOREIGN, OWN]


def test_a_whole_is_forecast_only_for_who_reaches_all_of_it(scene: Scene) -> None:
    computed()
    assert whole_reaches(actor_with("mayor")) == [CITY, CHANGYI, CHUANYING, PROJECT]
    leader = actor_with("district_leader")
    assert whole_reaches(leader) == [CHUANYING]
    assert reach_view(leader, PROJECT, on=ON, known=None) is None
    assert reach_view(leader, CITY, on=ON, known=None) is None
    whole = whole_view(plans_standing(leader, on=ON, known=None), on=ON, known=None)
    assert whole is not None
    assert whole.code == CHUANYING
    assert whole.trajectories["signed_count"].of == 3


def test_the_curves_of_a_whole_are_those_of_its_parts(scene: Scene) -> None:
    computed()
    mayor = actor_with("mayor")
    whole = reach_view(mayor, CITY, on=ON, known=None)
    assert whole is not None
    signed = whole.trajectories["signed_count"]
    assert (signed.of, signed.actual[-1].on, signed.actual[-1].count) == (6, ON, 1)
    part = plan_for(mayor, FOREIGN, on=ON, known=None)
    assert part is not None
    assert part.trajectories["signed_count"].actual[-1].count == 0


def test_a_row_says_what_the_plan_says(scene: Scene) -> None:
    computed()
    (row,) = plans_standing(actor_with("district_leader"), on=ON, known=None).rows
    view = plan_for(actor_with("district_leader"), OWN, on=ON, known=None)
    assert view is not None
    assert row.light == view.plan.light
    assert [one.target.key for one in row.targets] == ["2025-03-15.handed_over"]
    assert row.targets[0].earliest_on == view.plan.targets[0].earliest_on
    assert row.section_lights == view.plan.section_lights
    assert set(row.section_lights) == {CHUANYING_SECTION}


def test_too_little_data_is_said_and_no_probability_made_up(scene: Scene) -> None:
    computed()
    view = plan_for(actor_with("mayor"), OWN, on=ON, known=None)
    assert view is not None
    line = view.forecast(target="2025-03-15.handed_over")
    assert line is not None
    assert (line.abstains, line.probability, line.p50_on) == (True, None, None)
    assert line.reasons
    assert view.plan.light.probability is None


def test_one_part_is_computed_when_a_page_asks_for_dates_nobody_asked_for(scene: Scene) -> None:
    view = plan_for(actor_with("mayor"), OWN, on=date(2025, 2, 1), known=None)
    assert view is not None
    assert (view.on, view.plan.on, view.is_stale) == (date(2025, 2, 1), date(2025, 2, 1), False)
    assert list(Outlook.objects.exclude(row={}).values_list("code", flat=True)) == [OWN]


def test_a_list_of_dates_nobody_asked_for_is_queued_once(scene: Scene) -> None:
    for _ in range(2):
        standing = plans_standing(actor_with("mayor"), on=date(2025, 2, 1), known=date(2025, 2, 3))
    assert (standing.rows, standing.missing, standing.of) == ([], 2, 2)
    assert jobs() == [{"city": CITY, "on": "2025-02-01", "known": "2025-02-03"}]
    assert refresh_outlooks(**jobs()[0]) == 2
    standing = plans_standing(actor_with("mayor"), on=date(2025, 2, 1), known=date(2025, 2, 3))
    assert (standing.missing, standing.is_stale) == (0, False)


def test_what_is_recorded_since_makes_plans_stale_and_the_task_computes_them_anew(scene: Scene) -> None:
    assert keep_fresh(now=NOW) == [CITY]
    assert keep_fresh(now=NOW) == []
    assert not plans_standing(actor_with("mayor"), on=ON, known=None).is_stale
    record(scene.households[1].code, "surveyed", date(2025, 2, 13))
    standing = plans_standing(actor_with("mayor"), on=ON, known=None)
    assert (standing.is_stale, standing.missing) == (True, 0)
    assert jobs() == [{"city": CITY, "on": ON.isoformat(), "known": ""}]
    assert keep_fresh(now=NOW) == [CITY]
    assert not plans_standing(actor_with("mayor"), on=ON, known=None).is_stale


def test_what_is_said_on_top_of_plans_leaves_them_as_they_are_and_a_fact_does_not(scene: Scene) -> None:
    """A review and a draft of a bulletin are deeds of the city's chain too; a date moves only by what happened."""
    computed()
    computed(known=ON)
    plan_review(actor=actor_with("coordinator"), city=CITY, rhythm="weekly", now=NOW)
    draft_bulletin(
        actor=actor_with("coordinator"), city=CITY, kind="circular", from_on=date(2025, 2, 3),
        until_on=date(2025, 2, 10), now=NOW,
    )
    assert Deed.objects.filter(verb__in=("review.hold", "bulletin.draft")).count() == 2
    assert not is_stale(CITY, on=ON, known=None)
    assert not is_stale(CITY, on=ON, known=ON)
    assert differences(CITY, on=ON, known=None, now=NOW) == []
    record(scene.households[1].code, "surveyed", date(2025, 2, 13), recorded_at=NOW)
    assert is_stale(CITY, on=ON, known=None)
    assert is_stale(CITY, on=ON, known=ON)


def test_no_verb_beside_plans_records_a_fact_that_plans_read() -> None:
    """Whoever gives such a verb a kind of fact about a household or a section has to take it off the list."""
    kinds = [kind for kind in current_rulebook().fact_kinds.values() if kind.verb.startswith(VERBS_BESIDE_PLANS)]
    assert {subject for kind in kinds for subject in kind.subject_kinds} == {
        "directive", "review", "bulletin", "inspection",
    }


def test_a_moved_deadline_makes_plans_stale(scene: Scene) -> None:
    computed()
    assert not is_stale(CITY, on=ON, known=None)
    scene.project.deadlines.update(due_on=date(2025, 4, 20))
    assert is_stale(CITY, on=ON, known=None)


def test_what_was_known_on_a_day_does_not_grow_stale(scene: Scene) -> None:
    computed(known=date(2025, 2, 13))
    record(scene.households[1].code, "surveyed", date(2025, 2, 12), recorded_at=at(ON))
    assert not is_stale(CITY, on=ON, known=date(2025, 2, 13))


def test_a_plan_is_as_it_was_known(scene: Scene) -> None:
    record(scene.households[1].code, "surveyed", date(2025, 2, 1), recorded_at=at(date(2025, 2, 13)))
    left = {}
    for known in (None, date(2025, 2, 12)):
        view = plan_for(actor_with("mayor"), OWN, on=ON, known=known)
        assert view is not None
        left[known] = {
            bar.id: bar.households_left for bar in view.plan.activities if bar.stage == "survey"
        }[f"{CHUANYING_SECTION}:survey"]
    assert left == {None: 1, date(2025, 2, 12): 2}


def test_the_check_finds_nothing_until_something_is_recorded(scene: Scene) -> None:
    computed()
    assert differences(CITY, on=ON, known=None, now=NOW + timedelta(hours=1)) == []
    record(scene.households[1].code, "surveyed", date(2025, 2, 13))
    found = differences(CITY, on=ON, known=None, now=NOW)
    assert [one.code for one in found] == [OWN]
    assert any(path.startswith("plan.activities") for path in found[0].paths)


def test_a_part_that_is_not_kept_differs_as_a_whole(scene: Scene) -> None:
    computed()
    Outlook.objects.filter(code=OWN).delete()
    assert [(one.code, one.paths) for one in differences(CITY, on=ON, known=None, now=NOW)] == [(OWN, [""])]


def test_plans_of_days_that_are_over_are_forgotten_after_a_while(scene: Scene) -> None:
    computed()
    keep_fresh(now=NOW + KEPT_FOR)
    assert set(Outlook.objects.values_list("on", flat=True)) == {ON, ON + KEPT_FOR}
    keep_fresh(now=NOW + KEPT_FOR + timedelta(days=1))
    assert ON not in set(Outlook.objects.values_list("on", flat=True))


def test_the_baseline_is_the_plan_of_its_day_as_known_when_it_was_set(scene: Scene) -> None:
    deed = record(OWN, "baseline_set", ON, {"baseline_on": "2025-02-03", "reason": "动员后第一版"})
    record(scene.households[1].code, "surveyed", date(2025, 2, 1), recorded_at=at(date(2025, 2, 20)))
    view = plan_for(actor_with("mayor"), OWN, on=date(2025, 2, 21), known=None)
    assert view is not None
    assert view.baseline is not None
    assert (view.baseline.on, view.baseline.deed, view.baseline.plan.on) == (date(2025, 2, 3), deed, date(2025, 2, 3))
    survey = next(bar for bar in view.baseline.plan.activities if bar.id == f"{CHUANYING_SECTION}:survey")
    assert survey.households_left == 2


def test_the_planned_curve_is_that_of_the_baseline(scene: Scene) -> None:
    """A baseline of 3 February stands whatever happens later; without one the current plan begins anew each day."""
    later = date(2025, 2, 21)
    current = plan_for(actor_with("mayor"), OWN, on=later, known=None)
    record(OWN, "baseline_set", ON, {"baseline_on": "2025-02-03", "reason": "动员后第一版"})
    computed(on=later)
    measured = plan_for(actor_with("mayor"), OWN, on=later, known=None)
    as_it_was = plan_for(actor_with("mayor"), OWN, on=date(2025, 2, 3), known=ON)
    assert current is not None
    assert measured is not None
    assert as_it_was is not None
    own, before = measured.trajectories["signed_count"], current.trajectories["signed_count"]
    assert (before.baselines, own.baselines) == ((), (date(2025, 2, 3),))
    assert [one for one in own.planned if one.on > date(2025, 2, 3)] == [
        one for one in as_it_was.plan.planned["signed_count"] if one.on > date(2025, 2, 3)
    ]
    section = section_view(actor_with("mayor"), CHUANYING_SECTION, on=later, known=None)
    assert section is not None
    assert section.trajectories["signed_count"].planned == own.planned
    city = reach_view(actor_with("mayor"), CITY, on=later, known=None)
    assert city is not None
    assert (city.trajectories["signed_count"].baselines, city.trajectories["signed_count"].parts) == (
        (date(2025, 2, 3),), 2,
    )


def test_plans_of_many_parts_are_read_in_a_bounded_number_of_queries(scene: Scene) -> None:
    computed()
    mayor = actor_with("mayor")
    with CaptureQueriesContext(connection) as one:
        assert set(plans_for(mayor, [OWN], on=ON, known=None)) == {OWN}
    with CaptureQueriesContext(connection) as both:
        assert set(plans_for(mayor, [OWN, FOREIGN, "220204-P0099"], on=ON, known=None)) == {OWN, FOREIGN}
    assert len(one) == len(both)


def test_money_is_told_to_who_sees_the_account(scene: Scene) -> None:
    """The field officer reads that money is short; since when and until when, the leader of the district alone."""
    computed()
    row = Outlook.objects.get(code=OWN, on=ON)
    short = Reason(
        "planning.money_short", "Money for what is signed and decided is short since %(since)s.",
        {"since": "2025-02-01"},
    )
    blocker = plain(Blocker(BlockerKind.CLIENT_MONEY, date(2025, 2, 1), date(2025, 3, 1), CHUANYING, short))
    row.row["light"] |= {"blocker": blocker, "since": "2025-02-01"}
    row.view["plan"]["light"] |= {"blocker": blocker, "since": "2025-02-01"}
    row.save()
    for role, told in (("district_leader", date(2025, 2, 1)), ("field_officer", None)):
        (listed,) = plans_standing(actor_with(role), on=ON, known=None).rows
        view = plan_for(actor_with(role), OWN, on=ON, known=None)
        assert view is not None
        for light in (listed.light, view.plan.light):
            assert light.blocker is not None
            assert light.blocker.kind is BlockerKind.CLIENT_MONEY
            assert (light.since, light.blocker.since) == (told, told)
            assert (light.blocker.until is None, "since" not in light.blocker.reason.parameters) == (not told, not told)


def test_a_decided_start_moves_the_work(scene: Scene) -> None:
    record(CHUANYING_SECTION, "plan_decided", ON, {
        "stage": "negotiation", "start_on": "2025-03-03", "reason": "春节后集中签约",
    })
    view = plan_for(actor_with("mayor"), OWN, on=ON, known=None)
    assert view is not None
    bar = next(bar for bar in view.plan.activities if bar.id == f"{CHUANYING_SECTION}:vacating")
    assert bar.early_end_on > date(2025, 3, 3)


def test_the_week_holds_the_work_of_the_parts_in_scope_alone(scene: Scene) -> None:
    computed()
    own = week_list(actor_with("district_leader"), on=ON, known=None)
    everything = week_list(actor_with("mayor"), on=ON, known=None)
    assert own
    assert {unit for unit, _ in own} <= {unit for unit, _ in everything}
    subjects = {item.subject for items in own.values() for item in items}
    assert all(subject.startswith(OWN) for subject in subjects)


def test_lists_ask_a_bounded_number_of_times(scene: Scene) -> None:
    computed()
    mayor = actor_with("mayor")
    with CaptureQueriesContext(connection) as few:
        plans_standing(mayor, on=ON, known=None)
    for number in range(2, 6):
        section = build_section(build_project(number=number), CHANGYI, west=126.57 + number / 100)
        register([build_household(section, number=1, person_number=50 + number)], on=date(2025, 1, 6))
    computed()
    with CaptureQueriesContext(connection) as many:
        assert len(plans_standing(mayor, on=ON, known=None).rows) == 6
    assert len(many) == len(few) <= 8


def test_a_light_is_never_better_than_its_sections_worst(scene: Scene) -> None:
    computed()
    order = [Colour.RED, Colour.YELLOW]
    for row in plans_standing(actor_with("mayor"), on=ON, known=None).rows:
        worst = min((order.index(one.colour) for one in row.section_lights.values() if one.colour in order), default=9)
        own = order.index(row.light.colour) if row.light.colour in order else 9
        assert own <= worst
