"""Reminders and escalations reach the inboxes of those they are for, each turn once."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.directives.kit import answered, draft, new_directive
from tests.factories import CHANGYI, CHUANYING, CITY, LONGTAN, TODAY, actor_with, at, build_campaign
from zhengtu.core.directives.draft import DraftDue
from zhengtu.directives import actions
from zhengtu.directives.reminding import cities_with_directives, remind, remind_of
from zhengtu.notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> None:
    """Leaders of three districts and the city's ladder."""
    build_campaign()
    for unit in (CHUANYING, CHANGYI, LONGTAN):
        actor_with("district_leader", unit)
    for role in ("coordinator", "vice_mayor", "mayor"):
        actor_with(role)


def told() -> set[tuple[str, str]]:
    """(kind, person) of every notice kept."""
    return {(kind, person.removeprefix("220200-u-")) for kind, person in
            Notice.objects.values_list("kind", "person_id")}


@pytest.mark.usefixtures("people")
def test_each_turn_is_told_once_to_those_it_is_for() -> None:
    code = new_directive(joint=(), due=DraftDue("date", date(2025, 2, 21)))
    assert remind(CITY, now=at(TODAY)) == 1
    assert remind(CITY, now=at(TODAY)) == 0
    assert told() == {("directive_assigned", "district-leader-220204")}
    actions.receive_directive(actor=actor_with("district_leader"), code=code, officer="邹某", now=at(TODAY))
    remind(CITY, now=at(date(2025, 2, 18)))
    assert ("directive_due", "district-leader-220204") in told()
    remind(CITY, now=at(date(2025, 3, 10)))
    assert {one for one in told() if "overdue" in one[0] or "escalated" in one[0]} == {
        ("directive_overdue", "district-leader-220204"), ("directive_escalated", "coordinator-220200"),
        ("directive_escalated", "vice-mayor-220200"), ("directive_escalated", "mayor-220200"),
    }
    assert remind(CITY, now=at(date(2025, 3, 11))) == 0


@pytest.mark.usefixtures("people")
def test_an_answer_is_told_to_the_unit_that_set_it_and_a_return_to_the_unit_that_gave_it() -> None:
    code = new_directive(joint=())
    actions.receive_directive(actor=actor_with("district_leader"), code=code, officer="邹某", now=at(TODAY))
    answered(code)
    remind(CITY, now=at(TODAY))
    assert {person for kind, person in told() if kind == "directive_reported"} == {
        "coordinator-220200", "vice-mayor-220200",
    }
    actions.return_report(
        actor=actor_with("coordinator"), code=code, reason="无清单", due_on=date(2025, 2, 21), now=at(TODAY)
    )
    remind(CITY, now=at(TODAY))
    (notice,) = Notice.objects.filter(kind="directive_returned")
    assert (notice.person_id, notice.urgency, notice.path) == (
        "220200-u-district-leader-220204", "urgent", f"/directives/{code}/",
    )
    assert notice.message % notice.parameters


@pytest.mark.usefixtures("people")
def test_cities_are_those_that_have_directives() -> None:
    assert cities_with_directives() == []
    actions.set_directives(actor=actor_with("coordinator"), drafts=[draft(), draft()], now=at(TODAY))
    assert cities_with_directives() == [CITY]


@pytest.mark.usefixtures("people")
def test_a_deed_is_told_at_once_and_not_again_by_the_hour() -> None:
    code = new_directive(joint=())
    other = new_directive(joint=())
    assert remind_of([code], now=at(TODAY)) == 1
    assert remind_of([], now=at(TODAY)) == 0
    assert remind(CITY, now=at(TODAY)) == 1, f"only {other} is news"
