"""A resettlement plan from a chosen point: drafted, approved by somebody else, filed, followed by directives."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader

from tests.apps.resettlement.test_options_runs import PART, scene, tried  # noqa: F401 (a fixture)
from tests.factories import CITY, NOW, TODAY, Scene, actor_with, record
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.reasons import Refused
from zhengtu.directives.models import Directive
from zhengtu.ledger.models import Evidence, Fact
from zhengtu.resettlement.models import PlanFiling
from zhengtu.resettlement.options_runs import carry_out_options_run
from zhengtu.resettlement.plan_actions import (
    approve_plan,
    draft_files,
    draft_plan,
    file_plan,
    follow_plan,
    return_plan,
    submit_plan,
)
from zhengtu.resettlement.plan_content import content_sha256
from zhengtu.resettlement.plan_queries import milestone_standings, plans_for

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def drafted(scene: Scene) -> str:  # noqa: F811 (the fixture)
    record(scene.households[0].code, "way_chosen", TODAY, {"way": "purchase"})
    run = tried()
    carry_out_options_run(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    return draft_plan(
        actor=actor_with("district_leader"), run=run, point=len(run.result["points"]) - 1, part=PART, now=NOW
    )


def codes_refused(deed: object, **given: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        deed(now=NOW, **given)  # type: ignore[operator]
    return [reason.code for reason in refused.value.reasons]


def filed(code: str) -> PlanFiling:
    submit_plan(actor=actor_with("district_leader"), code=code, now=NOW)
    approve_plan(actor=actor_with("vice_mayor"), code=code, now=NOW)
    file_plan(actor=actor_with("inspector"), code=code, now=LATER)
    return PlanFiling.objects.get(pk=code)


def test_a_draft_holds_figures_and_milestones_under_a_hash(drafted: str) -> None:
    plan = PlanFiling.objects.get(pk=drafted)
    content = plan.content
    assert drafted == "220204-F0001"
    assert (content["families"], content["late"], content["waiting"]) == (3, {"0": 3, "12": 3, "40": 0}, 0)
    assert [(one["way"], one["count"], one["yuan"]) for one in content["milestones"]] == [
        ("purchase", 1, "400000.00"), ("building", 2, "0"),
    ]
    assert [(one["year"], one["homes_yuan"]) for one in content["money"]] == [(2025, "400000.00")]
    assert content["milestones"][0]["due_on"] == "2025-03-14"
    assert plan.content_sha256 == content_sha256(content)


def test_word_and_pdf_show_tables_schedule_and_fingerprint_in_chinese(drafted: str) -> None:
    plan = PlanFiling.objects.get(pk=drafted)
    files = draft_files(plan, dated_on=TODAY, is_draft=True)
    word = docx.Document(BytesIO(files["docx"]))
    assert len(word.tables) == 2
    assert len(word.inline_shapes) == 1
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert plan.content_sha256 in text
    assert "江城现房（演示）" in "\n".join(cell.text for table in word.tables for cell in table._cells)
    assert plan.content_sha256[:20] in "".join("".join(page.extract_text() for page in PdfReader(BytesIO(files["pdf"])).pages).split())


def test_nobody_approves_an_own_draft_and_each_step_has_its_office(drafted: str) -> None:
    leader = actor_with("district_leader")
    assert codes_refused(approve_plan, actor=actor_with("mayor"), code=drafted) == ["resettlement_plan.stage"]
    submit_plan(actor=leader, code=drafted, now=NOW)
    assert codes_refused(approve_plan, actor=leader, code=drafted) == ["authority.not_granted"]
    PlanFiling.objects.filter(pk=drafted).update(drafted_by_id=actor_with("mayor").person)
    assert codes_refused(approve_plan, actor=actor_with("mayor"), code=drafted) == ["resettlement_plan.own"]
    assert codes_refused(file_plan, actor=actor_with("inspector"), code=drafted) == ["resettlement_plan.stage"]


def test_a_returned_plan_is_a_draft_again_with_the_reason(drafted: str) -> None:
    submit_plan(actor=actor_with("district_leader"), code=drafted, now=NOW)
    mayor = actor_with("mayor")
    assert codes_refused(return_plan, actor=mayor, code=drafted, reason=" ") == ["resettlement_plan.reason"]
    return_plan(actor=mayor, code=drafted, reason="资金来源不实", now=NOW)
    plan = PlanFiling.objects.get(pk=drafted)
    assert (plan.stage, plan.return_reason) == ("draft", "资金来源不实")


def test_a_filed_plan_is_in_the_ledger_with_its_document_and_followed_by_directives(drafted: str) -> None:
    plan = filed(drafted)
    assert {fact.kind for fact in Fact.objects.filter(subject=drafted)} == {"plan_approved", "plan_filed"}
    deed = Fact.objects.get(subject=drafted, kind="plan_filed").deed_id
    assert plan.pdf_id in set(Evidence.objects.filter(deed=deed).values_list("file_id", flat=True))
    codes = follow_plan(actor=actor_with("inspector"), code=drafted, now=LATER)
    rows = Directive.objects.filter(pk__in=codes).order_by("pk")
    assert [row.due_on.isoformat() for row in rows if row.due_on] == [
        one["due_on"] for one in plan.content["milestones"]
    ]
    assert all(drafted in row.matter for row in rows)
    assert codes_refused(follow_plan, actor=actor_with("inspector"), code=drafted) == ["resettlement_plan.followed"]


def test_how_far_a_milestone_is_comes_from_the_ledger(drafted: str) -> None:
    plan = PlanFiling.objects.get(pk=drafted)
    [household] = plan.content["milestones"][0]["households"]
    assert [one.home for one in milestone_standings(plan, on=TODAY)] == [0, 0]
    record(household, "cash_settled", TODAY, {"amount_yuan": "400000.00"})
    assert [(one.home, one.is_done) for one in milestone_standings(plan, on=TODAY)] == [(1, True), (0, False)]


def test_plans_are_seen_where_their_project_is_seen(drafted: str) -> None:
    def sees(actor: Actor) -> bool:
        return plans_for(actor).filter(pk=drafted).exists()

    assert sees(actor_with("district_leader"))
    assert sees(actor_with("client"))
    assert sees(actor_with("auditor", CITY))
    assert not sees(actor_with("district_leader", "220202"))
    assert not sees(actor_with("appraiser"))


def test_a_point_that_brings_nobody_home_or_does_not_exist_makes_no_plan(scene: Scene) -> None:  # noqa: F811
    run = tried(yuan=0)
    carry_out_options_run(run.pk, clock=lambda: NOW)
    run.refresh_from_db()
    leader = actor_with("district_leader")
    assert codes_refused(draft_plan, actor=leader, run=run, point=9, part=PART) == ["resettlement_plan.point"]
    for row in run.result["points"][0]["assignments"]:
        row["way"] = ""
    assert codes_refused(draft_plan, actor=leader, run=run, point=0, part=PART) == ["resettlement_plan.nobody"]
