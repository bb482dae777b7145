"""Praise opens by rule on its exact day: all directives of a quarter on time, all overdue families home, figures found
true; and not where one of them failed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from tests.apps.directives.kit import answered, new_directive, verified
from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    NOW,
    RAILWAY_INVESTMENT,
    Scene,
    actor_with,
    at,
    build_campaign,
    build_household,
    person_with,
    record,
)
from zhengtu.accountability.facts import lives_of
from zhengtu.accountability.models import Case
from zhengtu.accountability.opening import open_due_cases
from zhengtu.core.directives.draft import DraftDue
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.directives.actions import receive_directive
from zhengtu.inspection.models import Drawn, Inspection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
QUARTER_END = date(2025, 3, 31)
AFTER = date(2025, 4, 1)


def praised(trigger: str, day: date) -> list[tuple[str, date]]:
    """Run the rule on a day; who is praised by it so far, and from which day."""
    open_due_cases(city=CITY, now=at(day))
    return sorted(Case.objects.filter(trigger=trigger).values_list("unit", "met_on"))


def led(number: int, *, due_on: date = date(2025, 3, 14), answered_on: date | None = None) -> str:
    """A directive that 船营区 leads and 昌邑区 shares, received and, where a day is given, answered."""
    code = new_directive(matter=f"事项{number}", due=DraftDue("date", due_on))
    receive_directive(actor=actor_with("district_leader"), code=code, officer="某甲", now=NOW)
    if answered_on is not None:
        answered(code, on=answered_on)
    return code


def four_on_time() -> None:
    build_campaign()
    for number in range(4):
        verified(led(number, answered_on=date(2025, 3, 14)), on=date(2025, 3, 17))


def test_a_quarter_of_directives_on_time_is_praised_on_the_day_after_it_and_of_the_lead_alone() -> None:
    four_on_time()
    verified(led(5, due_on=QUARTER_END, answered_on=QUARTER_END), on=QUARTER_END)
    assert praised("directives_all", QUARTER_END) == []
    assert praised("directives_all", AFTER) == [(CHUANYING, AFTER)]
    case = Case.objects.get(trigger="directives_all")
    ground, = lives_of([case.code])[case.code].grounds
    assert (ground.measured, ground.due_on) == ("5", QUARTER_END)
    assert praised("directives_all", AFTER + 30 * DAY) == [(CHUANYING, AFTER)]


def test_four_directives_on_time_are_too_few() -> None:
    four_on_time()
    assert praised("directives_all", AFTER) == []


@pytest.mark.parametrize("answered_on", [None, AFTER])
def test_no_praise_where_one_directive_of_the_quarter_is_open_or_late(answered_on: date | None) -> None:
    """Due on the very last day, it is late only from the next one on; that day decides."""
    four_on_time()
    verified(led(5, answered_on=date(2025, 3, 14)), on=date(2025, 3, 17))
    late = led(6, due_on=QUARTER_END)
    if answered_on is not None:
        answered(late, on=answered_on)
        verified(late, on=answered_on)
    assert praised("directives_all", AFTER) == []
    assert praised("directives_all", AFTER + 30 * DAY) == []


def test_what_was_answered_in_time_is_praised_when_it_was_checked_and_not_before() -> None:
    four_on_time()
    last = led(5, due_on=QUARTER_END, answered_on=QUARTER_END)
    assert praised("directives_all", AFTER + 2 * DAY) == []
    verified(last, on=AFTER + 3 * DAY)
    assert praised("directives_all", AFTER + 9 * DAY) == [(CHUANYING, AFTER + 3 * DAY)]


def families(scene: Scene, days: list[tuple[date, date | None]]) -> None:
    """Families of 船营区 with their promised day and the day on which they came home."""
    for place, (promised_on, home_on) in enumerate(days):
        code = (
            scene.households[place].code if place < 3 else build_household(scene.chuanying, number=10 + place).code
        )
        made_on = date(2024, 6, 1)
        record(
            code, "resettlement_promised", made_on, {"promised_on": promised_on.isoformat()}, recorded_at=at(made_on)
        )
        if home_on is not None:
            record(code, "resettled", home_on, {}, recorded_at=at(home_on))


DUE, HOME = date(2025, 1, 10), date(2025, 2, 3)
FOUR_LATE: list[tuple[date, date | None]] = [(DUE, HOME - DAY)] * 4


def test_all_overdue_families_home_is_praised_on_the_day_of_the_last() -> None:
    families(build_campaign(), [*FOUR_LATE, (DUE, HOME)])
    assert praised("homes_all", HOME - DAY) == []
    assert praised("homes_all", HOME) == [(RAILWAY_INVESTMENT, HOME), (CHUANYING, HOME)]
    case = Case.objects.get(trigger="homes_all", unit=CHUANYING)
    ground, = lives_of([case.code])[case.code].grounds
    assert ground.measured == "5"


@pytest.mark.parametrize("others", [
    [],  # four are too few
    [(DUE, DUE)],  # one in time does not count as brought home late
    [(DUE, HOME), (DUE, None)],  # one still waits
])
def test_no_praise_for_too_few_or_while_one_waits(others: list[tuple[date, date | None]]) -> None:
    families(build_campaign(), [*FOUR_LATE, *others])
    assert praised("homes_all", HOME + 10 * DAY) == []


def test_a_night_without_a_run_changes_nothing_and_one_more_late_family_is_no_new_praise() -> None:
    after = HOME + 10 * DAY
    families(build_campaign(), [*FOUR_LATE, (DUE, HOME), (HOME, after), (after + DAY, None)])
    assert praised("homes_all", after + 5 * DAY) == [(RAILWAY_INVESTMENT, HOME), (CHUANYING, HOME)]


def inspected(*, seen: int, false: int = 0, listed: int = 60, released_on: date = date(2025, 2, 20)) -> None:
    """An inspection of 昌邑区 as it stands once fed back: so many of the list were seen, so many of them untrue."""
    build_campaign()
    stratum, found_at = f"{CHANGYI}-P0001-S01", datetime.combine(date(2025, 2, 14), time(10), tzinfo=SHANGHAI)
    row = Inspection.objects.create(
        code=f"{CITY}-I0001", form="special", matter="moved_out", title="督查", from_on=date(2025, 2, 14),
        until_on=date(2025, 2, 18), as_of_on=date(2025, 2, 13), households=seen, instruction="督查",
        instruction_by="mayor", instruction_on=date(2025, 2, 12), planned_by=person_with("inspector"),
        planned_at=NOW, commitment="0" * 64, seed="1" * 64, listed={stratum: listed}, drawn_on=date(2025, 2, 14),
        released_on=released_on,
    )
    Drawn.objects.bulk_create(
        Drawn(
            inspection=row, household=f"{stratum}-H{number:05d}", stratum=stratum, ordinal=number, reported="vacated",
            found="never_left" if number < false else "empty", is_false=number < false, found_at=found_at,
        )
        for number in range(seen)
    )


def test_figures_found_true_are_praised_on_the_day_they_are_fed_back() -> None:
    inspected(seen=60)
    assert praised("figures_true", date(2025, 2, 19)) == []
    assert praised("figures_true", date(2025, 2, 25)) == [(CHANGYI, date(2025, 2, 20))]


@pytest.mark.parametrize(("seen", "false", "listed"), [
    (59, 0, 59),  # too few seen
    (60, 2, 60),  # 3.3 per cent untrue
    (60, 0, 400),  # none untrue, but too few of so long a list to know it
])
def test_no_praise_where_too_little_was_seen_or_too_much_was_untrue(seen: int, false: int, listed: int) -> None:
    inspected(seen=seen, false=false, listed=listed)
    assert praised("figures_true", date(2025, 2, 25)) == []


def test_untrue_reports_are_blamed_where_the_lower_bound_is_above_the_limit() -> None:
    inspected(seen=60, false=3)  # five per cent of sixty: not above the limit
    assert praised("figures_untrue", date(2025, 2, 25)) == []
    Drawn.objects.filter(ordinal=3).update(is_false=True, found="never_left")
    assert praised("figures_untrue", date(2025, 2, 19)) == []
    assert praised("figures_untrue", date(2025, 2, 25)) == [(CHANGYI, date(2025, 2, 20))]
