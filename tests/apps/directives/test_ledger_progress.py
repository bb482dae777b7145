"""Progress of a directive out of the ledger, never out of what somebody reported."""

from __future__ import annotations

from datetime import date

import pytest

from tests.apps.directives.kit import draft, new_directive
from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    actor_with,
    advance,
    announce,
    at,
    build_campaign,
    record,
)
from zhengtu.core.directives.draft import DraftDue
from zhengtu.core.directives.standing import Progress
from zhengtu.core.kernel.reasons import Refused
from zhengtu.directives import actions
from zhengtu.directives.queries import city_directives, directive_for, directives_for

pytestmark = pytest.mark.django_db(transaction=True)


def signed(code: str, on: date) -> None:
    """A household valued two days before signs on that day."""
    for kind, day in (("surveyed", 4), ("valued", 2), ("signed", 0)):
        record(code, kind, date.fromordinal(on.toordinal() - day))


def test_households_of_the_responsible_districts_are_counted_as_of_the_day() -> None:
    scene = build_campaign()
    announce()
    advance(scene.households[0], to="signed")                       # signed on 14 January, before it was set
    code = new_directive(joint=(), projects=(PROJECT,), goal="signed")
    both = new_directive(projects=(PROJECT,), goal="signed")
    anywhere = new_directive(lead=RAILWAY_INVESTMENT, joint=(), projects=(PROJECT,), goal="signed")
    signed(scene.households[1].code, date(2025, 2, 20))
    actor = actor_with("coordinator")

    def progress(which: str, on: date, known: date | None = None) -> Progress | None:
        found = directive_for(actor, which, on=on, known=known)
        assert found is not None
        return found.progress

    assert progress(code, TODAY) == Progress("signed", 1, 3, "households")
    assert progress(code, date(2025, 2, 20)) == Progress("signed", 2, 3, "households")
    assert progress(code, date(2025, 2, 20), known=date(2025, 2, 19)) == Progress("signed", 1, 3, "households")
    assert progress(both, TODAY) == Progress("signed", 1, 6, "households")
    assert progress(anywhere, TODAY) == Progress("signed", 1, 6, "households")


def test_a_directive_whose_goal_the_ledger_shows_reached_may_be_closed_without_an_answer() -> None:
    scene = build_campaign()
    announce()
    code = new_directive(joint=(), projects=(PROJECT,), goal="signed")
    setter, on = actor_with("coordinator"), date(2025, 2, 20)
    with pytest.raises(Refused):
        actions.close_directive(actor=setter, code=code, conclusion="办结", now=at(on))
    for household in scene.households[:3]:
        signed(household.code, on)
    found = directive_for(setter, code, on=on)
    assert found is not None
    assert (found.is_reached, found.progress) == (True, Progress("signed", 3, 3, "households"))
    actions.close_directive(actor=setter, code=code, conclusion="台账显示已全部签约。", now=at(on))


def test_sections_are_counted_for_what_is_done_with_land() -> None:
    build_campaign()
    code = new_directive(projects=(PROJECT,), goal="launched")
    found = directive_for(actor_with("coordinator"), code, on=TODAY)
    assert found is not None
    assert found.progress == Progress("launched", 0, 2, "sections")
    announce(CHUANYING)
    found = directive_for(actor_with("coordinator"), code, on=TODAY)
    assert found is not None
    assert found.progress == Progress("launched", 1, 2, "sections")


def test_behind_an_even_pace_the_light_turns() -> None:
    build_campaign()
    announce()
    code = new_directive(joint=(), projects=(PROJECT,), goal="signed", due=DraftDue("date", date(2025, 4, 11)))
    colours = {
        on: directive_for(actor_with("coordinator"), code, on=on).colour  # type: ignore[union-attr]
        for on in (TODAY, date(2025, 2, 24), date(2025, 3, 14))
    }
    assert [str(colour) for colour in colours.values()] == ["green", "yellow", "red"]


def test_the_same_dates_give_the_same_standings_a_month_later() -> None:
    scene = build_campaign()
    announce()
    new_directive(projects=(PROJECT,), goal="signed")
    signed(scene.households[0].code, TODAY)
    first = city_directives(CITY, on=TODAY, known=TODAY)
    signed(scene.households[1].code, date(2025, 2, 17))
    record(scene.households[2].code, "surveyed", date(2025, 2, 10), recorded_at=at(date(2025, 3, 10)))
    assert city_directives(CITY, on=TODAY, known=TODAY) == first
    assert first[0].plan is not None


def test_a_long_list_comes_in_few_reads(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    build_campaign()
    setter, unit = actor_with("coordinator"), actor_with("district_leader", CHANGYI)

    def reads(count: int) -> None:
        drafts = [draft(projects=(PROJECT,), goal="signed") for _ in range(count)]
        actions.set_directives(actor=setter, drafts=drafts, now=at(TODAY))

    reads(3)
    directives_for(setter, on=TODAY)
    with django_assert_max_num_queries(24):
        assert len(directives_for(setter, on=TODAY)) == 3
    reads(250)
    with django_assert_max_num_queries(24):
        assert len(directives_for(setter, on=TODAY)) == 253
    with django_assert_max_num_queries(24):
        assert len(directives_for(unit, on=TODAY)) == 253
