"""The life of an inspection: instructed, planned, drawn, seen on site, concluded, released, objected to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import (
    CHANGYI,
    CHUANYING,
    CITY,
    NOW,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    at,
    person_with,
)
from tests.inspection_scene import (
    LAST,
    at_the_house,
    concluded,
    drawn,
    inspectors,
    paper,
    photo,
    planned,
    released,
    sent_to,
    vacated_scene,
    visit,
    visited,
)
from zhengtu.accounts.models import Person, Posting
from zhengtu.accounts.queries import actor_of
from zhengtu.core.inspection.discrepancy import Inspected
from zhengtu.core.inspection.site import SitePosition
from zhengtu.core.kernel.draw import commitment_of, digest_of_list
from zhengtu.core.kernel.reasons import Refused
from zhengtu.directives.models import Directive
from zhengtu.inspection.actions import (
    Decision,
    WrittenInstruction,
    authorise_inspection,
    cancel_inspection,
    decide_objection,
    declare_recusal,
    draw_inspection,
    object_to_conclusion,
    plan_inspection,
    record_visit,
    release_inspection,
    write_conclusion,
)
from zhengtu.inspection.models import Drawn, Inspection, InspectionTeam
from zhengtu.inspection.queries import (
    InspectionStage,
    conclusions_for,
    evidence_of_inspection,
    findings,
    inspected_strata,
    inspection_for,
    inspections_for,
    instructions_for,
    own_visits,
)
from zhengtu.inspection.verification import broken_inspections
from zhengtu.ledger.models import Deed, Evidence, Fact, Refusal
from zhengtu.notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene() -> Scene:
    return vacated_scene()


def codes_of(doing: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as refused:
        doing()
    return {reason.code for reason in refused.value.reasons}


def fact(subject: str, kind: str) -> Fact:
    return Fact.objects.get(subject=subject, kind=kind)


def planner() -> Any:
    return actor_of(inspectors()[0], on=TODAY)


# The instruction and the plan


def test_an_inspection_follows_the_mayors_instruction_and_bears_its_code(scene: Scene) -> None:
    words = authorise_inspection(actor=actor_with("mayor"), city=CITY, words="抽查两区腾空情况", now=NOW)
    assert [one.code for one in instructions_for(planner())] == [words]
    code = planned(title="第二次")
    assert fact(code, "inspection_authorised").attributes == {"instruction": "就腾空真实性开展督查"}
    row = Inspection.objects.get(pk=code)
    assert (row.instruction_by, row.instruction_on) == ("mayor", TODAY)
    assert [one.code for one in instructions_for(planner())] == [words]


def test_nobody_but_the_mayor_instructs(scene: Scene) -> None:
    for role in ("vice_mayor", "coordinator", "inspector", "district_leader"):
        with pytest.raises(Refused):
            authorise_inspection(actor=actor_with(role), city=CITY, words="督查", now=NOW)


def plan(**fields: Any) -> str:
    values: dict[str, Any] = {
        "form": "special", "matter": "moved_out", "title": "腾空督查", "places": [CHUANYING], "from_on": TODAY,
        "until_on": LAST, "as_of_on": TODAY - timedelta(days=1), "households": 3, **fields,
    }
    return plan_inspection(actor=planner(), city=CITY, now=NOW, **values)


def written(**fields: Any) -> WrittenInstruction:
    values: dict[str, Any] = {
        "words": "请督查室核查", "role": "vice_mayor", "given_on": TODAY, "file": paper("instruction"), **fields,
    }
    return WrittenInstruction(**values)


def test_without_an_instruction_nothing_is_planned(scene: Scene) -> None:
    assert codes_of(plan) == {"inspection.not_authorised"}
    assert codes_of(lambda: plan(written=written(role="coordinator"))) == {"inspection.not_authorised"}
    late = written(given_on=TODAY + timedelta(days=1))
    assert codes_of(lambda: plan(written=late)) == {"inspection.not_authorised"}
    assert codes_of(lambda: plan(instruction="220200-I99999")) >= {"inspection.instruction_unknown"}
    assert not Inspection.objects.exists()


def test_a_written_instruction_is_evidence_of_the_plan(scene: Scene) -> None:
    code = plan(written=written())
    deed = fact(code, "inspection_planned").deed
    assert [one.kind for one in deed.evidence.all()] == ["instruction"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"matter": "cleanliness"}, "inspection.matter"),
        ({"form": "patrol"}, "inspection.matter"),
        ({"places": []}, "inspection.without_place"),
        ({"places": ["220299"]}, "inspection.place"),
        ({"places": ["nowhere"]}, "inspection.place"),
        ({"households": 0}, "inspection.households"),
        ({"households": 100_000}, "inspection.households"),
        ({"title": " "}, "inspection.text"),
        ({"until_on": TODAY - timedelta(days=1)}, "inspection.ends_before_it_begins"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(scene: Scene, fields: dict[str, Any], code: str) -> None:
    assert code in codes_of(lambda: plan(written=written(), **fields))


def test_an_instruction_has_one_plan(scene: Scene) -> None:
    words = authorise_inspection(actor=actor_with("mayor"), city=CITY, words="督查", now=NOW)
    plan(instruction=words)
    assert "inspection.instruction_used" in codes_of(lambda: plan(instruction=words, places=[CHANGYI]))


def test_the_same_place_is_not_inspected_again_for_the_same_matter(scene: Scene) -> None:
    plan(written=written())
    assert codes_of(lambda: plan(written=written(), places=[PROJECT])) == {"inspection.repeated"}
    plan(written=written(), places=[CHANGYI])
    plan(written=written(), matter="signed_true")


def test_a_draw_that_was_thrown_away_keeps_the_place_in_peace(scene: Scene) -> None:
    """Else whoever dislikes what was drawn would cancel and draw again."""
    before_draw = plan(written=written())
    cancel_inspection(actor=planner(), code=before_draw, why="计划有误", now=NOW)
    code = plan(written=written())
    draw_inspection(actor=planner(), code=code, now=NOW)
    cancel_inspection(actor=planner(), code=code, why="暂缓", now=NOW)
    assert codes_of(lambda: plan(written=written())) == {"inspection.repeated"}


# The draw


def test_the_seed_is_committed_to_before_the_list_is_closed(scene: Scene) -> None:
    code = planned()
    committed = fact(code, "inspection_planned").attributes["commitment"]
    page = inspection_for(planner(), code, on=TODAY)
    assert page is not None
    assert page.seed == ""
    draw_inspection(actor=planner(), code=code, now=NOW)
    told = fact(code, "inspection_drawn").attributes
    assert commitment_of(told["seed"]) == committed
    assert told["list_digest"] == digest_of_list([one.code for one in scene.households])


def test_each_district_is_a_stratum_and_nobody_goes_where_they_belong(scene: Scene) -> None:
    Posting.objects.create(
        person=inspectors()[2], unit_id=CHUANYING, role="field_officer", from_on=date(2020, 1, 1),
        until_on=date(2021, 1, 1),
    )
    declare_recusal(
        actor=planner(), inspector=inspectors()[3].code, jurisdiction=CHANGYI, why="近亲属在该区任职", now=NOW
    )
    code = drawn(households=4)
    strata = {row.stratum for row in Drawn.objects.filter(inspection=code)}
    assert strata == {f"{CHUANYING}/vacated", f"{CHANGYI}/vacated"}
    teams = {
        place: set(
            InspectionTeam.objects.filter(inspection=code, jurisdiction=place).values_list("inspector", flat=True)
        )
        for place in (CHUANYING, CHANGYI)
    }
    assert all(len(team) == 2 for team in teams.values())
    assert inspectors()[2].code not in teams[CHUANYING]
    assert inspectors()[3].code not in teams[CHANGYI]


def test_what_is_not_over_or_not_reported_is_not_drawn(scene: Scene) -> None:
    code = planned(as_of_on=TODAY)
    assert codes_of(lambda: draw_inspection(actor=planner(), code=code, now=NOW)) == {"inspection.day_not_over"}
    none = planned(matter="resettled_true")
    assert codes_of(lambda: draw_inspection(actor=planner(), code=none, now=NOW)) == {"inspection.nobody_listed"}


def test_a_draw_is_made_once(scene: Scene) -> None:
    code = drawn()
    assert codes_of(lambda: draw_inspection(actor=planner(), code=code, now=NOW)) == {"inspection.drawn"}


def test_too_few_inspectors_who_need_not_recuse_themselves(scene: Scene) -> None:
    Person.objects.exclude(code=inspectors()[0].code).filter(postings__role="inspector").update(is_active=False)
    code = planned()
    assert codes_of(lambda: draw_inspection(actor=planner(), code=code, now=NOW)) == {"inspection.too_few_inspectors"}
    assert not Drawn.objects.exists()


# On site


def test_what_was_found_is_kept_with_photo_position_and_time(scene: Scene) -> None:
    code, household = drawn(), scene.households[0].code
    key = visit(code, household, "belongings_left", note="家具未搬")
    row = Drawn.objects.get(household=household)
    assert (row.found, row.is_false, row.found_at, row.deed) == ("belongings_left", True, NOW, key)
    assert row.distance_m is not None
    assert row.distance_m < 100
    page = inspection_for(actor_with("mayor"), code, on=TODAY)
    assert page is not None
    (site,) = [one for one in page.households[CHUANYING] if one.found]
    assert site.photos == (Evidence.objects.get(deed=key).file_id,)
    assert (page.standing.seen, page.standing.false) == (1, 1)
    assert own_visits(sent_to(code, CHUANYING), on=TODAY)[0][0].code == code


def test_a_check_needs_photo_position_and_an_answer(scene: Scene) -> None:
    code, household = drawn(), scene.households[0].code
    assert codes_of(lambda: visit(code, household, photos=[])) == {"inspection.photo"}
    assert codes_of(lambda: visit(code, household, photos=[paper("photo")])) == {"inspection.no_picture"}
    assert codes_of(lambda: visit(code, household, position=None)) == {"inspection.position"}
    nowhere = SitePosition(float("nan"), 43.8)
    assert codes_of(lambda: visit(code, household, position=nowhere)) == {"inspection.position"}
    assert codes_of(lambda: visit(code, household, "haunted")) == {"inspection.answer"}
    assert not Drawn.objects.exclude(found="").exists()


def test_a_check_from_afar_says_why(scene: Scene) -> None:
    code, household = drawn(), scene.households[0].code
    afar = SitePosition(126.60, 43.84, 10.0)
    assert codes_of(lambda: visit(code, household, position=afar)) == {"inspection.far_away"}
    visit(code, household, position=afar, note="现场无信号，返回后补录")


def test_a_device_that_tells_no_position_is_said(scene: Scene) -> None:
    code, household = drawn(), scene.households[0].code
    visit(code, household, position=None, note="地下室内无定位信号")
    row = Drawn.objects.get(household=household)
    assert (row.found, row.longitude, row.distance_m, row.note) == ("empty", None, None, "地下室内无定位信号")
    assert "position" not in Fact.objects.get(kind="inspection_visited").attributes
    assert not list(broken_inspections())


def test_one_photo_shows_one_house(scene: Scene) -> None:
    code = drawn()
    same = photo()
    visit(code, scene.households[0].code, photos=[same])
    assert codes_of(lambda: visit(code, scene.households[1].code, photos=[same])) == {"inspection.photo_used"}


def test_only_what_was_drawn_only_by_whom_it_was_drawn_for_only_on_its_days(scene: Scene) -> None:
    code = drawn(places=[CHUANYING], households=2)
    out = next(one.code for one in scene.households[:3] if not Drawn.objects.filter(household=one.code).exists())
    inside = Drawn.objects.all()[0].household
    assert codes_of(lambda: visit(code, out)) == {"inspection.not_drawn_household"}
    other_place = scene.households[3].code
    actor = sent_to(code, CHUANYING)

    def record(by: Any, household: str, now: datetime = NOW) -> object:
        return record_visit(
            actor=by, code=code, household=household, found="empty", photos=[photo()],
            position=at_the_house(household), now=now,
        )

    assert codes_of(lambda: record(actor, other_place)) == {"inspection.wider_than_planned"}
    team = set(InspectionTeam.objects.values_list("inspector", flat=True))
    other = next(one for one in inspectors() if one.code not in team)
    assert codes_of(lambda: record(actor_of(other, on=TODAY), inside)) == {"inspection.other_team"}
    assert codes_of(lambda: record(actor, inside, at(LAST + timedelta(days=1)))) == {"inspection.other_day"}


def test_where_nothing_could_be_told_somebody_goes_again(scene: Scene) -> None:
    code, household = drawn(), scene.households[0].code
    visit(code, household, "unreachable")
    assert Drawn.objects.get(household=household).is_false is None
    visit(code, household, "never_left")
    assert Drawn.objects.get(household=household).is_false is True
    assert codes_of(lambda: visit(code, household)) == {"inspection.visited"}


# Conclusions, release and what follows


def test_a_conclusion_waits_for_the_houses_while_the_days_last(scene: Scene) -> None:
    code = drawn()
    visit(code, scene.households[0].code)

    def write(on: date) -> object:
        return write_conclusion(
            actor=sent_to(code, CHUANYING), code=code, jurisdiction=CHUANYING, text="结论", now=at(on)
        )

    assert codes_of(lambda: write(TODAY)) == {"inspection.unvisited"}
    write(LAST + timedelta(days=1))
    assert codes_of(lambda: release_inspection(actor=actor_with("mayor"), code=code, now=NOW)) == {
        "inspection.unconcluded"
    }


def test_the_release_enters_findings_directives_and_notices_and_nothing_before(scene: Scene) -> None:
    one, other = scene.households[0].code, scene.households[3].code
    code = drawn()
    visited(code, {one: "lived_in_again", other: "unreachable"})
    concluded(code, repair="督促返住人员搬离并逐户复核")
    leader = actor_with("district_leader", CHUANYING)
    assert inspections_for(leader, on=TODAY) == []
    assert conclusions_for(leader, on=TODAY) == []
    assert not Fact.objects.filter(kind="site_found").exists()
    assert not Directive.objects.exists()
    assert not Notice.objects.filter(person=leader.person).exists()

    release_inspection(actor=actor_with("mayor"), code=code, now=NOW)
    assert fact(one, "site_found").attributes == {
        "inspection": code, "matter": "moved_out", "agrees": "no", "found": "回迁居住", "is_cleared": "no",
    }
    assert fact(one, "moved_back_found").happened_on == TODAY
    assert not Fact.objects.filter(subject=other, kind="site_found").exists()
    assert Fact.objects.filter(kind="site_found", attributes__agrees="yes").count() == 4
    assert Deed.objects.filter(verb="inspection.find").count() == 2
    assert {(row.units.get().unit_id, row.due_on) for row in Directive.objects.all()} == {
        (CHUANYING, TODAY + timedelta(days=15)), (CHANGYI, TODAY + timedelta(days=15)),
    }
    (standing,) = inspections_for(leader, on=TODAY)
    assert (standing.stage, standing.drawn, standing.false) == (InspectionStage.RELEASED, 3, 1)
    (row,) = conclusions_for(leader, on=TODAY)
    assert (row.jurisdiction, row.object_until_on) == (CHUANYING, TODAY + timedelta(days=30))
    assert row.directive == Directive.objects.get(units__unit=CHUANYING).code
    assert Notice.objects.filter(person=leader.person, kind="inspection_fed_back").count() == 1


def test_a_release_that_was_cut_off_goes_on_and_enters_nothing_twice(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = drawn()
    visited(code)
    concluded(code, repair="复核")
    mayor = actor_with("mayor")

    def broken(**_: object) -> list[str]:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr("zhengtu.inspection.concluding.set_directives", broken)
        with pytest.raises(ConnectionError):
            release_inspection(actor=mayor, code=code, now=NOW)
    assert Fact.objects.filter(kind="site_found").count() == 6
    assert not Directive.objects.exists()
    release_inspection(actor=mayor, code=code, now=NOW)
    assert Fact.objects.filter(kind="site_found").count() == 6
    assert Directive.objects.count() == 2
    assert codes_of(lambda: release_inspection(actor=mayor, code=code, now=NOW)) == {"inspection.released"}


def test_conduct_against_the_law_becomes_a_violation_once_released(scene: Scene) -> None:
    household = scene.households[0].code
    code = released({household: "forced_out"})
    assert fact(household, "violation_found").attributes["violation"] == "utilities_cut"
    assert Drawn.objects.get(inspection=code, household=household).is_false is False


def test_an_inspector_does_not_release(scene: Scene) -> None:
    code = drawn()
    visited(code)
    concluded(code)
    with pytest.raises(Refused):
        release_inspection(actor=planner(), code=code, now=NOW)
    assert Inspection.objects.get().released_on is None


# What figures are discounted by


def test_strata_tell_reported_seen_and_false_and_where_nothing_could_be_told_nothing(scene: Scene) -> None:
    one, other = scene.households[0].code, scene.households[1].code
    code = drawn()
    visit(code, one, "never_left")
    visit(code, other, "unreachable")
    assert inspected_strata(CITY, on=TODAY, released_only=True) == {}
    assert inspected_strata(CITY, on=TODAY, released_only=False) == {CHUANYING: [Inspected(3, 1, 1)]}
    assert inspected_strata(CITY, on=TODAY, released_only=False, figure="signed") == {}
    assert inspected_strata(CITY, on=TODAY - timedelta(days=1), released_only=False) == {}
    (never_left, untold) = sorted(findings(CITY, on=TODAY, released_only=False), key=lambda one: one.household)
    assert (never_left.is_false, never_left.is_cleared, never_left.found_on) == (True, False, TODAY)
    assert (untold.is_false, len(untold.photos)) == (None, 1)
    assert findings(CITY, on=TODAY, released_only=True) == []


# Objections


def objected(code: str, households: Sequence[str], now: datetime = NOW, **given: Any) -> str:
    values = {"why": "当日为搬家收尾", "files": [paper("statement")], **given}
    return object_to_conclusion(
        actor=actor_with("district_leader", CHUANYING), code=code, jurisdiction=CHUANYING, households=households,
        now=now, **values,
    )


def uninvolved() -> Any:
    person = person_with("inspector")
    Posting.objects.filter(person=person).update(from_on=TODAY)
    return actor_of(person, on=TODAY)


def decided(code: str, corrections: dict[str, str], *, by: Any = None, outcome: str = "upheld") -> str:
    return decide_objection(
        actor=by or uninvolved(), code=code, jurisdiction=CHUANYING, now=NOW,
        decision=Decision(outcome, "现场复核属实", [paper("decision")], corrections),
    )


def test_an_upheld_objection_corrects_the_finding(scene: Scene) -> None:
    household = scene.households[0].code
    code = released({household: "lived_in_again"})
    objected(code, [household])
    decided(code, {household: "empty"})
    row = Drawn.objects.get(inspection=code, household=household)
    assert (row.found, row.is_false) == ("empty", False)
    standing = [one for one in Fact.objects.filter(subject=household, kind="site_found") if one.supersedes]
    assert standing[0].attributes["agrees"] == "yes"
    assert Fact.objects.get(subject=household, kind="withdrawn").supersedes == (
        fact(household, "moved_back_found").reference
    )
    assert inspected_strata(CITY, on=TODAY, released_only=True)[CHUANYING] == [Inspected(3, 3, 0)]
    (conclusion,) = conclusions_for(actor_with("district_leader", CHUANYING), on=TODAY)
    assert conclusion.objection is not None
    assert conclusion.objection.outcome == "upheld"


def test_whoever_inspected_does_not_decide(scene: Scene) -> None:
    household = scene.households[0].code
    code = released({household: "never_left"})
    objected(code, [household])
    assert codes_of(lambda: decided(code, {household: "empty"}, by=sent_to(code, CHUANYING))) == {
        "inspection.own_review"
    }
    assert codes_of(lambda: decided(code, {})) == {"inspection.corrections"}
    decided(code, {}, outcome="dismissed")
    assert Drawn.objects.get(household=household).is_false is True


def test_an_objection_comes_in_thirty_days_once_with_its_statement(scene: Scene) -> None:
    household = scene.households[0].code
    code = released({household: "never_left"})
    assert codes_of(lambda: objected(code, [household], files=[])) == {"inspection.statement"}
    assert codes_of(lambda: objected(code, [scene.households[3].code])) == {"inspection.finding"}
    late = at(TODAY + timedelta(days=31))
    assert codes_of(lambda: objected(code, [household], now=late)) == {"inspection.too_late"}
    objected(code, [household], now=at(TODAY + timedelta(days=30)))
    assert codes_of(lambda: objected(code, [household])) == {"inspection.objected"}
    foreign = actor_with("district_leader", CHANGYI)
    with pytest.raises(Refused):
        object_to_conclusion(
            actor=foreign, code=code, jurisdiction=CHUANYING, households=[household], why="x",
            files=[paper("statement")], now=NOW,
        )


# Secrecy


def test_before_release_a_code_is_one_that_was_never_given(scene: Scene) -> None:
    code = drawn()
    key = visit(code, scene.households[0].code)
    sha256 = Evidence.objects.get(deed=key).file_id
    refusals = Refusal.objects.count()
    for role in ("vice_mayor", "coordinator", "auditor", "district_leader", "field_officer", "client", "department"):
        actor = actor_with(role)
        assert inspections_for(actor, on=TODAY) == []
        assert inspection_for(actor, code, on=TODAY) is None
        assert evidence_of_inspection(actor, code, sha256, on=TODAY) is None
    assert codes_of(lambda: objected(code, [scene.households[0].code])) == {"inspection.unknown"}
    assert codes_of(lambda: objected("220200-I99999", [scene.households[0].code])) == {"inspection.unknown"}
    assert Refusal.objects.count() == refusals


def test_after_release_each_sees_its_own_part(scene: Scene) -> None:
    code = released()
    own = inspection_for(actor_with("district_leader", CHUANYING), code, on=TODAY)
    assert own is not None
    assert (list(own.households), list(own.teams), own.standing.places) == ([CHUANYING], [CHUANYING], (CHUANYING,))
    assert own.list_digest == ""
    whole = inspection_for(actor_with("vice_mayor"), code, on=TODAY)
    assert whole is not None
    assert set(whole.households) == {CHUANYING, CHANGYI}
    client = inspection_for(actor_with("client"), code, on=TODAY)
    assert client is not None
    assert set(client.households) == {CHUANYING, CHANGYI}
    assert inspections_for(actor_with("district_leader", CHUANYING), on=TODAY - timedelta(days=1)) == []
    assert inspection_for(actor_with("department"), code, on=TODAY) is None


def test_codes_do_not_count_how_many_there_are(scene: Scene) -> None:
    codes = [planned(places=[CHUANYING]), planned(places=[CHANGYI])]
    numbers = [int(code.rpartition("I")[2]) for code in codes]
    assert all(10_000 <= number < 100_000 for number in numbers)
    assert len(set(numbers)) == 2
