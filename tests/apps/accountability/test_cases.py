"""Cases open by rule on the day a trigger is met, and close only with the unit's statement and a decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    NOW,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    at,
    build_campaign,
    record,
)
from tests.inspection_scene import released, vacated_scene
from zhengtu.accountability.actions import appeal_decision, close_case, decide_appeal, decide_case, state_case
from zhengtu.accountability.models import Case
from zhengtu.accountability.opening import open_due_cases, rule_actor
from zhengtu.accountability.queries import approaching, approaching_for, case_for, cases_for, evidence_of_case
from zhengtu.core.assessment.accountability import CaseState
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)

PROMISED = date(2024, 2, 14)
MET = date(2025, 2, 15)
DAY = timedelta(days=1)


def paper(kind: str, text: str = "见附件。") -> list[OfferedFile]:
    return [OfferedFile(kind, "文件.txt", ContentFile(text.encode(), name="文件.txt"))]


def promise(code: str, promised_on: date = PROMISED, *, on: date = date(2023, 8, 14)) -> str:
    return record(code, "resettlement_promised", on, {"promised_on": promised_on.isoformat()}, recorded_at=at(on))


def run(day: date) -> list[str]:
    return open_due_cases(city=CITY, now=at(day))


def case_of(unit: str, trigger: str = "home_late", place: int = -1) -> Case:
    return list(Case.objects.filter(unit=unit, trigger=trigger).order_by("code"))[place]


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


@pytest.fixture
def late(scene: Scene) -> Scene:
    """A family of 船营区 was promised a home by 14 February 2024 and waits; its case is open."""
    promise(scene.households[0].code)
    run(MET)
    return scene


def refusal(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def test_the_case_opens_on_the_day_a_household_is_one_year_late_and_not_before(scene: Scene) -> None:
    household = scene.households[0].code
    deed = promise(household)
    assert run(MET - DAY) == []
    assert len(run(MET)) == 2
    for unit in (CHUANYING, RAILWAY_INVESTMENT):
        row = case_of(unit)
        assert (row.tone, row.met_on, row.subject) == ("blame", MET, f"{CHUANYING}-P0001")
        assert row.basis == [f"{deed}/1"]
    page = case_for(actor_with("district_leader"), case_of(CHUANYING).code, on=MET)
    assert page is not None
    ground, = page.case.life.grounds
    assert (ground.about, ground.met_on, ground.due_on, ground.basis) == (household, MET, PROMISED, (f"{deed}/1",))
    opening = Deed.objects.get(pk=ground.deed)
    assert (opening.actor, opening.posting) == ("", f"rule@{CITY}")


def test_run_twice_it_does_nothing_more_and_run_late_it_enters_the_same_day(scene: Scene) -> None:
    promise(scene.households[0].code)
    assert len(run(MET + 10 * DAY)) == 2
    assert run(MET + 10 * DAY) == run(MET + 11 * DAY) == []
    assert case_of(CHUANYING).met_on == MET


def test_who_came_home_in_a_night_without_a_run_was_late_all_the_same(scene: Scene) -> None:
    promise(scene.households[0].code)
    promise(scene.households[1].code)
    record(scene.households[0].code, "resettled", MET, {})
    record(scene.households[1].code, "resettled", MET + DAY, {})
    run(MET + 10 * DAY)
    page = case_for(actor_with("mayor"), case_of(CHUANYING).code, on=MET + 10 * DAY)
    assert page is not None
    assert [ground.about for ground in page.case.life.grounds] == [scene.households[1].code]


def test_a_later_agreed_day_before_then_counts_and_one_after_does_not(scene: Scene) -> None:
    first, second = (scene.households[place].code for place in (0, 1))
    promise(first)
    promise(first, date(2025, 12, 1), on=date(2024, 6, 1))
    promise(second)
    promise(second, date(2025, 12, 1), on=MET)
    run(MET)
    assert not Case.objects.filter(trigger="home_late").exists()
    promise(scene.households[2].code)
    run(MET + DAY)
    promise(scene.households[2].code, date(2025, 12, 1), on=MET + 2 * DAY)
    assert run(MET + 3 * DAY) == []
    page = case_for(actor_with("mayor"), case_of(CHUANYING).code, on=MET + 3 * DAY)
    assert page is not None
    assert page.case.state is CaseState.OPEN


def test_households_join_an_open_case_and_begin_a_new_one_after_it_is_decided(late: Scene) -> None:
    code = case_of(CHUANYING).code
    promise(late.households[1].code, PROMISED + 5 * DAY)
    run(MET + 5 * DAY)
    assert case_of(CHUANYING).code == code
    page = case_for(actor_with("mayor"), code, on=MET + 5 * DAY)
    assert page is not None
    assert [ground.met_on for ground in page.case.life.grounds] == [MET, MET + 5 * DAY]
    unit, mayor, day = actor_with("district_leader"), actor_with("mayor"), at(MET)
    state_case(actor=unit, code=code, text="房源已落实。", files=paper("statement"), now=day)
    decide_case(actor=mayor, code=code, outcome="repair", reason="限期。", files=paper("decision"), now=day)
    promise(late.households[2].code, PROMISED + 8 * DAY)
    run(MET + 8 * DAY)
    assert case_of(CHUANYING).code != code
    assert case_of(CHUANYING).met_on == MET + 8 * DAY


def test_a_correction_that_takes_the_ground_away_withdraws_the_case_and_deletes_nothing(scene: Scene) -> None:
    deed = promise(scene.households[0].code)
    run(MET)
    record(
        scene.households[0].code, "resettlement_promised", date(2023, 8, 14), {"promised_on": "2025-02-14"},
        recorded_at=at(MET + DAY), supersedes=f"{deed}/1",
    )
    code = case_of(CHUANYING).code
    assert code in run(MET + DAY)
    page = case_for(actor_with("district_leader"), code, on=MET + DAY)
    assert page is not None
    assert page.case.state is CaseState.WITHDRAWN
    assert [ground.lost_on for ground in page.case.life.grounds] == [MET + DAY]
    assert page.doors == {}
    assert run(MET + 2 * DAY) == []
    reasons = Deed.objects.filter(subject=code).latest("number").reasons
    assert [reason["code"] for reason in reasons] == ["accountability.ground_lost"]


def test_it_is_closed_only_with_the_statement_and_a_decision(late: Scene) -> None:
    code, mayor, unit = case_of(CHUANYING).code, actor_with("mayor"), actor_with("district_leader")
    with pytest.raises(Refused) as error:
        close_case(actor=mayor, code=code, now=at(MET))
    assert refusal(error) == {"accountability.not_heard", "accountability.not_decided"}
    with pytest.raises(Refused) as error:
        decide_case(
            actor=mayor, code=code, outcome="talk", reason="约谈。", files=paper("decision"), now=at(MET)
        )
    assert refusal(error) == {"accountability.hearing"}
    after_hearing = MET + 30 * DAY
    decide_case(
        actor=mayor, code=code, outcome="talk", reason="约谈。", files=paper("decision"), now=at(after_hearing)
    )
    with pytest.raises(Refused) as error:
        close_case(actor=mayor, code=code, now=at(after_hearing + 60 * DAY))
    assert refusal(error) == {"accountability.not_heard"}
    with pytest.raises(Refused) as error:
        state_case(actor=unit, code=code, text="迟了。", files=paper("statement"), now=at(after_hearing))
    assert refusal(error) == {"accountability.decided"}


def test_statement_decision_appeal_and_closing(late: Scene) -> None:
    code, mayor, unit = case_of(CHUANYING).code, actor_with("mayor"), actor_with("district_leader")
    with pytest.raises(Refused):
        state_case(actor=unit, code=code, text="无附件。", files=[], now=at(MET))
    state_case(actor=unit, code=code, text="房源已落实。", files=paper("statement"), now=at(MET))
    with pytest.raises(Refused) as error:
        decide_case(
            actor=mayor, code=code, outcome="commended", reason="好。", files=paper("decision"), now=at(MET)
        )
    assert refusal(error) == {"accountability.tone"}
    decide_case(actor=mayor, code=code, outcome="talk", reason="约谈。", files=paper("decision", "决定"), now=at(MET))
    with pytest.raises(Refused) as error:
        close_case(actor=mayor, code=code, now=at(MET))
    assert refusal(error) == {"accountability.appeal_possible"}
    appeal_decision(actor=unit, code=code, reason="另有原因。", files=paper("statement"), now=at(MET + DAY))
    with pytest.raises(Refused) as error:
        close_case(actor=mayor, code=code, now=at(MET + DAY))
    assert refusal(error) == {"accountability.appeal_waits"}
    decide_appeal(
        actor=mayor, code=code, outcome="dismissed", reason="维持。", files=paper("decision"), now=at(MET + 2 * DAY)
    )
    with pytest.raises(Refused) as error:
        appeal_decision(actor=unit, code=code, reason="再申诉。", files=paper("statement"), now=at(MET + 2 * DAY))
    assert refusal(error) == {"accountability.appealed"}
    close_case(actor=mayor, code=code, now=at(MET + 2 * DAY))
    page = case_for(unit, code, on=MET + 2 * DAY)
    assert page is not None
    assert page.case.state is CaseState.CLOSED
    assert [step.kind for step in page.case.life.steps] == [
        "case_stated", "case_decided", "case_appealed", "case_appeal_decided", "case_closed"
    ]
    decision = page.files[page.case.life.steps[1].deed][0]
    assert evidence_of_case(unit, code, decision.file_id) is not None
    assert evidence_of_case(actor_with("district_leader", CHANGYI), code, decision.file_id) is None


def test_a_unit_sees_its_own_cases_alone(late: Scene) -> None:
    code = case_of(CHUANYING).code
    seen = {
        role: {case.code for case in cases_for(actor_with(role), on=MET)}
        for role in ("mayor", "vice_mayor", "inspector", "auditor", "district_leader", "client")
    }
    both = {code, case_of(RAILWAY_INVESTMENT).code}
    assert all(seen[role] == both for role in ("mayor", "vice_mayor", "inspector", "auditor"))
    assert (seen["district_leader"], seen["client"]) == ({code}, {case_of(RAILWAY_INVESTMENT).code})
    assert case_for(actor_with("district_leader", CHANGYI), code, on=MET) is None
    for role in ("field_officer", "family", "appraiser", "coordinator"):
        assert cases_for(actor_with(role), on=MET) == []


@pytest.mark.parametrize("role", ["inspector", "vice_mayor", "client", "field_officer", "family", "district_leader"])
def test_only_who_may_decides_and_the_rule_itself_decides_nothing(late: Scene, role: str) -> None:
    code = case_of(CHUANYING).code
    for actor in (actor_with(role), rule_actor(CITY)):
        with pytest.raises(Refused) as error:
            decide_case(actor=actor, code=code, outcome="talk", reason="x", files=paper("decision"), now=at(MET))
        assert refusal(error) == {"authority.not_granted"}
    with pytest.raises(Refused):
        state_case(
            actor=actor_with("district_leader", CHANGYI), code=code, text="x", files=paper("statement"), now=at(MET)
        )


def plan(reference: str, due_on: str) -> None:
    record(f"{CHUANYING}-P0001", "funds_planned", date(2024, 12, 1), {
        "plan_reference": reference, "source": "fiscal", "due_on": due_on, "amount_yuan": "1000000.00",
    })


def arrive(on: date, yuan: str) -> None:
    record(f"{CHUANYING}-P0001", "funds_arrived", on, {
        "plan_reference": "A-1", "source": "fiscal", "amount_yuan": yuan,
    })


def test_money_too_late_is_blamed_on_the_day_after_its_days(scene: Scene) -> None:
    plan("A-1", "2025-01-10")
    arrive(date(2025, 1, 9), "400000.00")
    run(date(2025, 1, 25))
    assert not Case.objects.exists()
    run(date(2025, 1, 26))
    row = case_of(RAILWAY_INVESTMENT, "funds_late")
    page = case_for(actor_with("client"), row.code, on=date(2025, 1, 26))
    assert page is not None
    assert (row.met_on, page.case.life.grounds[0].measured) == (date(2025, 1, 26), "600000.00")


def test_money_in_place_before_its_day_is_praised_by_the_same_steps(scene: Scene) -> None:
    plan("A-1", "2025-01-10")
    plan("A-2", "2025-02-20")
    arrive(date(2025, 1, 9), "1000000.00")
    run(MET)
    assert not Case.objects.filter(trigger="funds_early").exists()
    arrive(date(2025, 2, 19), "1000000.00")
    run(MET + 5 * DAY)
    row = case_of(RAILWAY_INVESTMENT, "funds_early")
    assert (row.tone, row.met_on) == ("praise", date(2025, 2, 19))
    with pytest.raises(Refused):
        close_case(actor=actor_with("mayor"), code=row.code, now=at(MET))
    client, mayor, day = actor_with("client"), actor_with("mayor"), at(date(2025, 2, 21))
    state_case(actor=client, code=row.code, text="提前筹措。", files=paper("statement"), now=day)
    with pytest.raises(Refused) as error:
        decide_case(actor=mayor, code=row.code, outcome="criticism", reason="x", files=paper("decision"), now=day)
    assert refusal(error) == {"accountability.tone"}
    decide_case(actor=mayor, code=row.code, outcome="commended", reason="表扬。", files=paper("decision"), now=day)
    close_case(actor=mayor, code=row.code, now=at(date(2025, 4, 1)))


def test_a_violation_counts_from_the_day_on_which_the_inspection_was_fed_back() -> None:
    """What an inspector recorded and nobody was told of opens no case: the case would tell of it."""
    scene = vacated_scene()
    house = next(one.code for one in scene.households if one.code.startswith(CHANGYI))
    values = {"violation": "utilities_cut", "found": "停水"}
    record(house, "violation_found", date(2025, 2, 3), values, recorded_at=NOW)
    run(TODAY)
    assert not Case.objects.filter(trigger="violation").exists()
    released({house: "forced_out"})
    run(TODAY)
    row = case_of(CHANGYI, "violation")
    assert (row.met_on, row.subject) == (TODAY, f"{CHANGYI}-P0001")


def test_units_and_office_are_told_and_nobody_else(late: Scene) -> None:
    actor_with("district_leader"), actor_with("inspector"), actor_with("district_leader", CHANGYI)
    promise(late.households[1].code, PROMISED + DAY)
    run(MET + DAY)
    told = set(Notice.objects.filter(kind="case_opened").values_list("person", flat=True))
    assert actor_with("district_leader").person in told
    assert actor_with("inspector").person in told
    assert actor_with("district_leader", CHANGYI).person not in told


def test_the_countdown_names_families_soon_late_to_who_would_answer(scene: Scene) -> None:
    promise(scene.households[0].code)
    soon, = approaching(CITY, on=MET - 10 * DAY, within_days=10)
    assert (soon.household, soon.days_left, soon.met_on) == (scene.households[0].code, 10, MET)
    assert approaching(CITY, on=MET - 11 * DAY, within_days=10) == approaching(CITY, on=MET, within_days=10) == []
    assert approaching_for(actor_with("district_leader"), on=MET - 10 * DAY, within_days=10) == [soon]
    assert approaching_for(actor_with("client"), on=MET - 10 * DAY, within_days=10) == [soon]
    assert approaching_for(actor_with("district_leader", CHANGYI), on=MET - 10 * DAY, within_days=10) == []
