"""Asking, answering and closing: every change a deed, every refusal named, and who sees what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from tests.factories import (
    CHANGYI,
    CITY,
    NOW,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    at,
    build_campaign,
    record,
)
from zhengtu.campaign.deeds import deed_file, deeds_about, deeds_for, evidence_for, facts_about, refusals_for
from zhengtu.campaign.finding_actions import answer_question, ask_unit, close_finding
from zhengtu.campaign.finding_queries import (
    finding_for,
    findings_for,
    question_for,
    questions_for,
    rows_of,
    units_to_ask,
    violations_for,
    waiting_count,
)
from zhengtu.campaign.finding_runs import run_now
from zhengtu.campaign.models import Finding, FindingAnswer, FindingQuestion, FindingState
from zhengtu.campaign.reach import reach_of
from zhengtu.casework.offered_files import OfferedFile
from zhengtu.casework.queries import dossier
from zhengtu.casework.search import search
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Deed, Evidence, Fact

pytestmark = pytest.mark.django_db(transaction=True)
DUE = date(2025, 2, 21)


@pytest.fixture
def scene() -> Scene:
    """One identity in a file of 船营区 and in one of 昌邑区."""
    scene = build_campaign()
    ours, theirs = scene.households[0], scene.households[3]
    theirs.identity_index = ours.identity_index
    theirs.save()
    run_now(city=CITY, now=NOW)
    return scene


@pytest.fixture
def finding(scene: Scene) -> Finding:
    return Finding.objects.get(detector="same_identity")


def inspector() -> Actor:
    return actor_with("inspector")


def leader() -> Actor:
    return actor_with("district_leader")


def paper() -> list[OfferedFile]:
    return [OfferedFile("other", "title.txt", ContentFile("房屋权属证明".encode(), name="title.txt"))]


def ask(finding: Finding, unit: str = "220204", **more: Any) -> FindingQuestion:
    given = {"text": "请说明两处房屋的权属", "due_on": DUE, **more}
    deed = ask_unit(actor=inspector(), finding=finding, unit=unit, now=NOW, **given)
    return FindingQuestion.objects.get(deed=deed)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code.partition(".")[2] for reason in refused.value.reasons]


def test_from_question_over_answer_to_closing_every_step_is_a_deed(finding: Finding) -> None:
    question = ask(finding)
    assert Finding.objects.get().state == FindingState.ASKED
    answered = answer_question(actor=leader(), question=question, text="两处均为继承所得", files=paper(), now=NOW)
    assert Finding.objects.get().state == FindingState.ANSWERED
    closed = close_finding(actor=inspector(), finding=finding, outcome="explained", text="权属清楚", now=NOW)
    assert Finding.objects.get().state == FindingState.CLOSED
    assert {Deed.objects.get(pk=deed).verb for deed in (question.deed, answered, closed)} == {
        "finding.ask", "finding.answer", "finding.close",
    }
    assert Evidence.objects.filter(deed=answered).count() == 1
    assert "继承" in str(Deed.objects.get(pk=answered).reasons)


def test_a_question_needs_a_concerned_unit_a_text_and_a_day(finding: Finding) -> None:
    with pytest.raises(Refused) as refused:
        ask(finding, unit="220203", text=" ", due_on=TODAY)
    assert codes(refused) == ["text", "unit", "due"]
    ask(finding)
    with pytest.raises(Refused) as refused:
        ask(finding)
    assert codes(refused) == ["waits"]
    assert FindingQuestion.objects.count() == 1


def test_only_inspectors_ask_and_close_and_only_the_asked_unit_answers(finding: Finding) -> None:
    for role in ("mayor", "auditor", "district_leader", "client", "coordinator"):
        with pytest.raises(Refused) as refused:
            ask_unit(actor=actor_with(role), finding=finding, unit="220204", text="?", due_on=DUE, now=NOW)
        assert codes(refused) == ["not_granted"]
    question = ask(finding)
    for actor in (inspector(), actor_with("district_leader", CHANGYI), actor_with("field_officer")):
        with pytest.raises(Refused):
            answer_question(actor=actor, question=question, text="a", files=paper(), now=NOW)
    with pytest.raises(Refused) as refused:
        answer_question(actor=actor_with("client"), question=question, text="a", files=paper(), now=NOW)
    assert codes(refused) == ["other_unit"]
    with pytest.raises(Refused) as refused:
        close_finding(actor=leader(), finding=finding, outcome="explained", text="x", now=NOW)
    assert codes(refused) == ["not_granted"]


def test_an_answer_needs_text_and_evidence(finding: Finding) -> None:
    question = ask(finding)
    with pytest.raises(Refused) as refused:
        answer_question(actor=leader(), question=question, text="", files=[], now=NOW)
    assert codes(refused) == ["text", "evidence"]
    assert FindingAnswer.objects.count() == 0


def test_a_finding_is_closed_on_an_answer_by_nobody_concerned(finding: Finding) -> None:
    with pytest.raises(Refused) as refused:
        close_finding(actor=inspector(), finding=finding, outcome="whatever", text="", now=NOW)
    assert codes(refused) == ["text", "outcome", "no_answer"]
    question = ask(finding)
    with pytest.raises(Refused) as refused:
        close_finding(actor=inspector(), finding=finding, outcome="explained", text="x", now=NOW)
    assert codes(refused) == ["unanswered"]
    both = replace(leader(), postings=(*leader().postings, *inspector().postings))
    answer_question(actor=both, question=question, text="ok", files=paper(), now=NOW)
    with pytest.raises(Refused) as refused:
        close_finding(actor=both, finding=finding, outcome="explained", text="x", now=NOW)
    assert codes(refused) == ["own_answer"]
    Finding.objects.update(people=[inspector().person])
    with pytest.raises(Refused) as refused:
        close_finding(actor=inspector(), finding=finding, outcome="explained", text="x", now=NOW)
    assert codes(refused) == ["own_act"]


def test_what_was_asked_answered_and_closed_cannot_be_changed(finding: Finding) -> None:
    question = ask(finding)
    answer_question(actor=leader(), question=question, text="ok", files=paper(), now=NOW)
    close_finding(actor=inspector(), finding=finding, outcome="explained", text="x", now=NOW)
    for table in ("campaign_findingquestion", "campaign_findinganswer", "campaign_findingclosing"):
        for sql in (f"UPDATE {table} SET text = 'y'", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_a_closed_finding_that_shows_more_is_open_again_and_needs_a_new_answer(finding: Finding, scene: Scene) -> None:
    question = ask(finding)
    answer_question(actor=leader(), question=question, text="ok", files=paper(), now=NOW)
    close_finding(actor=inspector(), finding=finding, outcome="explained", text="x", now=NOW)
    run_now(city=CITY, now=at(date(2025, 2, 15)))
    assert Finding.objects.get().state == FindingState.CLOSED
    third = scene.households[4]
    third.identity_index = scene.households[0].identity_index
    third.save()
    run_now(city=CITY, now=at(date(2025, 2, 16)))
    finding = Finding.objects.get()
    assert (finding.state, finding.reopened_on) == (FindingState.NEW, date(2025, 2, 16))
    with pytest.raises(Refused) as refused:
        close_finding(actor=inspector(), finding=finding, outcome="explained", text="x", now=at(date(2025, 2, 17)))
    assert codes(refused) == ["no_answer"]
    assert finding.closings.count() == 1


def test_identity_numbers_in_texts_are_masked(finding: Finding) -> None:
    question = ask(finding, text="身份证220204197001010017是谁")
    assert "220204197001010017" not in question.text
    assert "220204197001010017" not in str(Deed.objects.get(pk=question.deed).reasons)


# Who sees what


def test_watchers_see_all_and_others_nothing(finding: Finding) -> None:
    for role in ("inspector", "auditor", "mayor"):
        assert list(findings_for(actor_with(role))) == [finding]
        assert finding_for(actor_with(role), finding.pk) is not None
    for role in ("vice_mayor", "coordinator", "district_leader", "field_officer", "client", "department", "appraiser",
                 "family"):
        assert not findings_for(actor_with(role)).exists()
        assert finding_for(actor_with(role), finding.pk) is None


def test_an_inspector_posted_to_one_project_sees_only_what_lies_wholly_in_it(finding: Finding) -> None:
    assert findings_for(actor_with("inspector", subject=PROJECT)).exists()
    assert not findings_for(actor_with("inspector", subject="220200-P0002")).exists()
    assert not findings_for(actor_with("inspector", subject=finding.subjects[0])).exists()


def test_a_unit_sees_only_what_was_put_to_it_and_of_the_rows_only_its_own(finding: Finding) -> None:
    ours, other = leader(), actor_with("district_leader", CHANGYI)
    assert waiting_count(ours) == 0
    question = ask(finding)
    assert [one.pk for one in questions_for(ours)] == [question.pk]
    assert waiting_count(ours) == 1
    assert not questions_for(other).exists()
    assert question_for(other, question.pk) is None
    assert not questions_for(actor_with("client")).exists()
    rows = rows_of(ours, finding)
    assert [row.is_in_reach for row in rows] == [False, True]
    assert rows[0].subject == rows[0].name_masked == rows[0].deed == ""
    ask(finding, unit=RAILWAY_INVESTMENT)
    assert questions_for(actor_with("client")).count() == 1
    assert all(row.is_in_reach for row in rows_of(actor_with("client"), finding))


def test_a_post_for_one_section_answers_only_for_it(finding: Finding, scene: Scene) -> None:
    own = actor_with("district_leader", subject=scene.chuanying.code)
    other = actor_with("district_leader", subject="220204-P0001-S02")
    question = ask(finding)
    assert [one.pk for one in questions_for(own)] == [question.pk]
    assert not questions_for(other).exists()


def test_the_units_of_a_finding_are_its_districts_and_the_clients_of_its_projects(finding: Finding) -> None:
    assert [unit.code for unit, _place in units_to_ask(finding)] == ["220202", "220204", RAILWAY_INVESTMENT]


def test_deeds_evidence_and_refusals_about_findings_stay_unseen_in_the_district(finding: Finding) -> None:
    question = ask(finding)
    answered = answer_question(actor=leader(), question=question, text="ok", files=paper(), now=NOW)
    with pytest.raises(Refused):
        close_finding(actor=leader(), finding=finding, outcome="explained", text="x", now=NOW)
    file = Evidence.objects.get(deed=answered).file_id
    for actor in (leader(), actor_with("field_officer"), actor_with("client"), actor_with("coordinator")):
        assert not deeds_for(actor).filter(verb__startswith="finding.").exists()
        assert not deeds_about(actor, question.place).filter(verb__startswith="finding.").exists()
        assert deed_file(actor, question.deed) is None
        assert evidence_for(actor, file) is None
        assert not refusals_for(actor).filter(verb__startswith="finding.").exists()
        assert not search(actor, question.deed).deeds
    assert deeds_for(inspector()).filter(verb__startswith="finding.").count() == 2
    assert deed_file(inspector(), question.deed) is not None
    assert evidence_for(inspector(), file) is not None
    assert refusals_for(inspector()).filter(verb="finding.close").exists()
    assert [deed.pk for deed in search(inspector(), question.deed).deeds] == [question.deed]


# Violations


def test_a_violation_is_seen_by_inspectors_and_the_mayor_and_not_by_the_inspected(scene: Scene) -> None:
    household = scene.households[0]
    deed = record(household.code, "violation_found", date(2025, 2, 10), {
        "violation": "utilities_cut", "found": "停水",
    })
    on_section = record(scene.chuanying.code, "violation_found", date(2025, 2, 11), {
        "violation": "violence", "found": "威胁",
    })
    for role in ("inspector", "mayor", "auditor"):
        actor = actor_with(role)
        assert [fact.deed_id for fact in violations_for(actor, on=TODAY)] == [on_section, deed]
        assert "violation_found" in kinds_on_timeline(actor, household)
        assert deed_file(actor, deed) is not None
        assert "violation_found" in {fact.kind for fact in facts_about(actor, scene.chuanying.code, on=TODAY)}
    for actor in (leader(), actor_with("field_officer"), actor_with("client"), actor_with("coordinator"),
                  actor_with("family", subject=household.code), actor_with("vice_mayor")):
        assert violations_for(actor, on=TODAY) == []
        assert "violation_found" not in kinds_on_timeline(actor, household)
        assert deed_file(actor, deed) is None
        assert "violation_found" not in {fact.kind for fact in facts_about(actor, scene.chuanying.code, on=TODAY)}


def kinds_on_timeline(actor: Actor, household: Any) -> set[str]:
    file = dossier(actor, household, on=TODAY, known=None, evidence_reach=reach_of(actor, verb="evidence.view"))
    return {entry.fact.kind for entry in file.timeline}


def test_nobody_but_an_inspector_records_a_violation(scene: Scene) -> None:
    from zhengtu.ledger.rulebook import current_rulebook
    from zhengtu.registry.queries import subject_of

    place = subject_of(scene.households[0].code)
    authority = current_rulebook().authority
    may = {role for role in authority.roles
           if authority.may(actor=actor_with(role), verb="violation.record", subject=place) is None}
    assert may == {"inspector"}
    assert Fact.objects.filter(kind="violation_found").count() == 0
