"""Directives through their deeds: from setting to the archive, and what is refused on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from tests.apps.directives.kit import DUE_ON, OFFICE, answered, draft, new_directive, office, paper, verified
from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    LONGTAN,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    TRANSPORT_BUREAU,
    actor_with,
    at,
    build_campaign,
    build_units,
)
from zhengtu.core.directives.draft import DirectiveDraft, DraftDue
from zhengtu.core.directives.standing import Colour, DirectiveStanding, State
from zhengtu.core.kernel.reasons import Refused
from zhengtu.directives import actions
from zhengtu.directives.models import Directive
from zhengtu.directives.queries import city_directives, deeds_open_for, directive_for, directives_for, history_of
from zhengtu.ledger.models import Deed, Refusal

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    """The deed is refused for these reasons, and nothing of it is written."""
    before = Deed.objects.count()
    with pytest.raises(Refused) as caught:
        yield
    assert [reason.code for reason in caught.value.reasons] == list(codes)
    assert Deed.objects.count() == before


def standing(code: str, on: date = TODAY, known: date | None = None) -> DirectiveStanding:
    """How it stands for the coordinator."""
    found = directive_for(actor_with("coordinator"), code, on=on, known=known)
    assert found is not None
    return found


def received(code: str, *, on: date = TODAY, unit: str = CHUANYING) -> None:
    """The unit receives it."""
    actions.receive_directive(actor=actor_with("district_leader", unit), code=code, officer="邹某", now=at(on))


def test_the_whole_way_and_its_history() -> None:
    build_campaign()
    code = new_directive()
    assert (code, standing(code).number) == ("220200-D0001", "督办〔2025〕1号")
    received(code)
    received(code, unit=CHANGYI)
    answered(code, on=date(2025, 2, 20))
    assert [standing(code, date(2025, 2, day)).waits_for for day in (19, 20)] == [CHUANYING, CITY]
    assert standing(code, date(2025, 2, 20)).not_answered == (CHANGYI,)
    verified(code, on=date(2025, 2, 21))
    actions.close_directive(actor=actor_with("mayor"), code=code, conclusion="办结", now=at(date(2025, 2, 21)))
    actions.archive_directive(actor=actor_with("coordinator"), code=code, now=at(date(2025, 2, 24)))
    assert [event.kind.removeprefix("directive_") for event in history_of(code)] == [
        "set", "assigned", "received", "received", "reported", "verified", "closed", "archived",
    ]
    (report,) = [event for event in history_of(code) if event.kind == "directive_reported"]
    assert [(file.kind, file.name) for file in report.evidence] == [("directive_report", "directive_report.txt")]
    ended = standing(code, date(2025, 2, 24))
    assert (ended.state, ended.closed_on, ended.waits_for, ended.colour) == (
        State.ARCHIVED, date(2025, 2, 21), "", Colour.IDLE,
    )
    assert standing(code, date(2025, 2, 20)).state is State.REPORTED
    call_command("verify_ledger")
    call_command("rebuild_projections", check=True)


def test_numbers_run_without_gaps_and_several_are_set_together_or_not_at_all() -> None:
    build_campaign()
    new_directive()
    setter = actor_with("coordinator")
    with refused("directive.matter", "directive.unit"):
        actions.set_directives(
            actor=setter, drafts=[draft(), draft(matter=""), draft(lead="220299")], now=at(TODAY)
        )
    codes = actions.set_directives(actor=setter, drafts=[draft(), draft(lead=LONGTAN)], now=at(TODAY))
    assert codes == ["220200-D0002", "220200-D0003"]
    assert [one.number for one in city_directives(CITY, on=TODAY)] == [
        "督办〔2025〕1号", "督办〔2025〕2号", "督办〔2025〕3号",
    ]
    with pytest.raises(Refused) as caught:
        actions.set_directives(actor=setter, drafts=[draft(), draft(matter="")], now=at(TODAY))
    assert caught.value.reasons[0].parameters["item"] == 2


def test_only_the_unit_that_set_it_checks_extends_and_closes() -> None:
    build_campaign()
    code = new_directive()
    received(code)
    answered(code)
    other = actor_with("coordinator", TRANSPORT_BUREAU)
    day = date(2025, 2, 21)
    tries: list[Callable[[], Any]] = [
        lambda: actions.verify_report(actor=other, code=code, finding="x", now=at(TODAY)),
        lambda: actions.return_report(actor=other, code=code, reason="x", due_on=day, now=at(TODAY)),
        lambda: actions.close_directive(actor=other, code=code, conclusion="x", now=at(TODAY)),
        lambda: actions.chase_directive(actor=other, code=code, text="x", now=at(TODAY)),
        lambda: actions.reassign_directive(actor=other, code=code, lead=LONGTAN, reason="x", now=at(TODAY)),
        lambda: actions.grant_extension(actor=other, code=code, due_on=day, reason="x", now=at(TODAY)),
        lambda: actions.cancel_directive(
            actor=other, code=code, reason="x", files=[paper("instruction")], now=at(TODAY)
        ),
    ]
    for attempt in tries:
        with refused("directive.not_setter"):
            attempt()
    with refused("authority.not_granted"):
        actions.close_directive(actor=actor_with("district_leader"), code=code, conclusion="x", now=at(TODAY))
    assert Refusal.objects.filter(subject=code).count() == len(tries) + 1


def test_an_answer_comes_with_its_paper_and_says_something() -> None:
    build_campaign()
    code = new_directive()
    leader = actor_with("district_leader")
    with refused("directive.not_received"):
        answered(code)
    received(code)
    with refused("ledger.evidence_missing"):
        actions.report_on_directive(actor=leader, code=code, text="完成", is_final=True, files=[], now=at(TODAY))
    with refused("ledger.attribute"):
        actions.report_on_directive(actor=leader, code=code, text=" ", is_final=True, files=[paper()], now=at(TODAY))
    with refused("directive.text_long"):
        actions.report_on_directive(
            actor=leader, code=code, text="长" * 4001, is_final=True, files=[paper()], now=at(TODAY)
        )
    fake = paper()
    fake.file.name = "report.docm"
    with refused("evidence.kind_refused"):
        actions.report_on_directive(
            actor=leader, code=code, text="完成", is_final=True, now=at(TODAY),
            files=[type(fake)("directive_report", "report.docm", fake.file)],
        )


def test_a_returned_answer_is_given_again() -> None:
    build_campaign()
    code = new_directive()
    received(code)
    answered(code)
    setter = actor_with("coordinator")
    with refused("directive.new_day_early"):
        actions.return_report(actor=setter, code=code, reason="无清单", due_on=TODAY, now=at(TODAY))
    actions.return_report(actor=setter, code=code, reason="无清单", due_on=date(2025, 2, 21), now=at(TODAY))
    assert (standing(code).state, standing(code).due_on, standing(code).first_due_on) == (
        State.RETURNED, date(2025, 2, 21), DUE_ON,
    )
    answered(code, on=date(2025, 2, 20))
    assert standing(code, date(2025, 2, 20)).state is State.REPORTED


def test_more_time_up_to_the_last_day() -> None:
    build_campaign()
    code = new_directive()
    received(code)
    leader, setter = actor_with("district_leader", on=DUE_ON), actor_with("coordinator")
    with refused("directive.asked_late"):
        actions.ask_extension(
            actor=leader, code=code, due_on=date(2025, 4, 1), reason="雪大", now=at(date(2025, 3, 15))
        )
    actions.ask_extension(actor=leader, code=code, due_on=date(2025, 4, 1), reason="雪大", now=at(DUE_ON))
    assert (standing(code, DUE_ON).asks_until, standing(code, DUE_ON).waits_for) == (date(2025, 4, 1), CITY)
    granted_on = date(2025, 3, 17)
    actions.grant_extension(
        actor=setter, code=code, due_on=date(2025, 3, 28), reason="至多两周", now=at(granted_on)
    )
    assert standing(code, granted_on).due_on == date(2025, 3, 28)
    assert standing(code, DUE_ON).due_on == DUE_ON


def test_an_objection_and_the_new_lead_finds_the_directive() -> None:
    build_campaign()
    code = new_directive(joint=())
    longtan = actor_with("district_leader", LONGTAN)
    assert directives_for(longtan, on=TODAY) == []
    actions.object_to_directive(actor=actor_with("district_leader"), code=code, reason="属龙潭区", now=at(TODAY))
    actions.reassign_directive(
        actor=actor_with("coordinator"), code=code, lead=LONGTAN, reason="异议成立", now=at(TODAY)
    )
    (found,) = directives_for(longtan, on=TODAY)
    assert (found.lead, found.state, found.waits_for) == (LONGTAN, State.ASSIGNED, LONGTAN)
    received(code, unit=LONGTAN)
    with refused("directive.not_responsible"):
        actions.receive_directive(actor=actor_with("district_leader"), code=code, officer="某", now=at(TODAY))


def test_a_joint_unit_objects_and_is_released_while_the_lead_works_on() -> None:
    build_campaign()
    code = new_directive(joint=(LONGTAN,))
    received(code)
    longtan, setter = actor_with("district_leader", LONGTAN), actor_with("coordinator")
    actions.object_to_directive(actor=longtan, code=code, reason="不涉及龙潭区", now=at(TODAY))
    (found,) = directives_for(setter, on=TODAY)
    assert (found.state, found.waits_for, dict(found.objections)) == (State.RECEIVED, found.lead, {LONGTAN: TODAY})
    with refused("directive.objection_waits"):
        received(code, unit=LONGTAN)
    with refused("directive.whose_objection"):
        actions.release_unit(actor=setter, code=code, unit=found.lead, reason="成立", now=at(TODAY))
    actions.release_unit(actor=setter, code=code, reason="异议成立", now=at(TODAY))
    (found,) = directives_for(setter, on=TODAY)
    assert (found.joint, found.not_answered, dict(found.released)) == ((), (found.lead,), {LONGTAN: TODAY})
    with refused("directive.not_responsible"):
        received(code, unit=LONGTAN)
    assert len(directives_for(longtan, on=TODAY)) == 1, "it still reads what it was given"


def test_the_right_to_answer_does_not_reach_other_units_directives() -> None:
    build_campaign()
    code = new_directive(joint=())
    with refused("authority.not_granted"):
        received(code, unit=LONGTAN)
    with refused("authority.not_granted"):
        received("220200-D0099", unit=LONGTAN)


def test_cancelling_needs_the_instruction_and_takes_parts_along() -> None:
    build_campaign()
    office()
    code = new_directive()
    received(code)
    part = DirectiveDraft(lead=OFFICE, matter="逐户登记", due=DraftDue("date", date(2025, 3, 7)))
    actions.divide_directive(actor=actor_with("district_leader"), code=code, drafts=[part], now=at(TODAY))
    setter = actor_with("coordinator")
    with refused("ledger.evidence_missing"):
        actions.cancel_directive(actor=setter, code=code, reason="不再举行", files=[], now=at(TODAY))
    actions.cancel_directive(actor=setter, code=code, reason="不再举行", files=[paper("instruction")], now=at(TODAY))
    assert standing(f"{code}-01").state is State.CANCELLED


def test_parts_are_given_below_and_checked_by_the_unit_that_gave_them() -> None:
    build_campaign()
    office()
    code, leader = new_directive(joint=(CHANGYI,)), actor_with("district_leader")
    received(code)
    part = DirectiveDraft(lead=OFFICE, matter="逐户登记选房意向", due=DraftDue("date", date(2025, 3, 7)))
    with refused("directive.not_below"):
        actions.divide_directive(
            actor=leader, code=code, now=at(TODAY), drafts=[DirectiveDraft(lead=LONGTAN, matter="代办", due=part.due)]
        )
    with refused("directive.not_lead"):
        actions.divide_directive(
            actor=actor_with("district_leader", CHANGYI), code=code, drafts=[part], now=at(TODAY)
        )
    actions.divide_directive(actor=leader, code=code, drafts=[part], now=at(TODAY))
    sub = f"{code}-01"
    clerk = actor_with("department", OFFICE)
    assert [one.code for one in directives_for(clerk, on=TODAY)] == [sub]
    assert (standing(sub).number, standing(sub).setter) == ("督办〔2025〕1号之1", CHUANYING)
    actions.receive_directive(actor=clerk, code=sub, officer="叶某", now=at(TODAY))
    with refused("directive.parts_open"):
        answered(code)
    actions.report_on_directive(actor=clerk, code=sub, text="登记完", is_final=True, files=[paper()], now=at(TODAY))
    with refused("authority.not_granted"):
        actions.verify_report(
            actor=actor_with("district_leader", CHANGYI), code=sub, finding="x", now=at(TODAY)
        )
    actions.verify_report(actor=leader, code=sub, finding="属实", now=at(TODAY))
    actions.close_directive(actor=leader, code=sub, conclusion="办结", now=at(TODAY))
    answered(code)
    assert standing(code).state is State.REPORTED


def test_a_weekly_report_is_answered_week_by_week_until_it_is_closed() -> None:
    build_campaign()
    weekly = DraftDue("recurring", rrule="FREQ=WEEKLY;BYDAY=FR")
    code, setter = new_directive(joint=(), due=weekly), actor_with("coordinator")
    received(code)
    on = date(2025, 3, 3)
    turns = [one for one in directives_for(setter, on=on) if one.occurrence_on]
    assert [one.due_on for one in turns] == [date(2025, 2, 21), date(2025, 2, 28), date(2025, 3, 7)]
    assert turns[0].number == "督办〔2025〕1号（2月21日）"
    with refused("directive.recurring"):
        answered(code, on=on)
    for turn in turns[:2]:
        answered(turn.code, on=on)
    with refused("directive.open_below"):
        actions.close_directive(actor=setter, code=code, conclusion="不再报送", now=at(on))
    for turn in turns[:2]:
        verified(turn.code, on=on)
        actions.close_directive(actor=setter, code=turn.code, conclusion="办结", now=at(on))
    actions.close_directive(actor=setter, code=code, conclusion="不再报送", now=at(on))
    later = [one for one in directives_for(setter, on=date(2025, 5, 6)) if one.occurrence_on]
    assert [one.due_on for one in later] == [date(2025, 2, 21), date(2025, 2, 28)]


def test_a_code_that_is_no_turn_of_its_recurrence_does_not_exist() -> None:
    build_campaign()
    code = new_directive(joint=(), due=DraftDue("recurring", rrule="FREQ=WEEKLY;BYDAY=FR"))
    received(code)
    with refused("directive.vanished"):
        actions.chase_directive(
            actor=actor_with("coordinator"), code=f"{code}-20250218", text="催", now=at(date(2025, 2, 28))
        )


def test_what_each_unit_is_offered() -> None:
    build_campaign()
    code = new_directive()
    assert set(deeds_open_for(actor_with("district_leader"), code, on=TODAY)) == {
        "receive", "report", "object", "ask_extension", "divide",
    }
    assert set(deeds_open_for(actor_with("district_leader", CHANGYI), code, on=TODAY)) == {
        "receive", "report", "object",
    }
    assert set(deeds_open_for(actor_with("district_leader", LONGTAN), code, on=TODAY)) == set()
    offered = deeds_open_for(actor_with("coordinator"), code, on=TODAY)
    assert {deed for deed, reasons in offered.items() if not reasons} == {"reassign", "chase", "cancel"}


def test_as_known_before_it_was_recorded_there_is_no_directive() -> None:
    build_campaign()
    code = new_directive(on=date(2025, 2, 10))
    found = actor_with("coordinator")
    assert directive_for(found, code, on=TODAY, known=date(2025, 2, 9)) is None
    assert directive_for(found, code, on=date(2025, 2, 9)) is None
    assert directive_for(found, code, on=TODAY, known=date(2025, 2, 10)) is not None


def test_a_changed_matter_is_found_by_its_fingerprint() -> None:
    build_campaign()
    code = new_directive(assisting=(RAILWAY_INVESTMENT,), projects=(PROJECT,))
    call_command("verify_ledger")
    Directive.objects.filter(pk=code).update(matter="另一件事")
    with pytest.raises(Exception, match="not whole"):
        call_command("verify_ledger")


def test_a_unit_of_the_city_is_asked_for_by_its_name_in_refusals() -> None:
    build_units()
    with pytest.raises(Refused) as caught:
        new_directive(joint=(CHUANYING,))
    assert caught.value.reasons[0].parameters["unit"] == "船营区"
