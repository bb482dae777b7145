"""The pages of the policy workbench: what they say, what a form gives back, and how little they ask."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.factories import (
    CHUANYING_SECTION,
    PROJECT,
    Scene,
    announce,
    build_campaign,
    person_with,
    record,
    signed_in_client,
)
from zhengtu.casework.models import AdoptedPlan, PolicyTrial, TrialStage
from zhengtu.core.compensation.parameter_reading import value_from
from zhengtu.core.compensation.parameters import Kind, Parameter
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.rulebook import current_compensation
from zhengtu.web.office.policy.value_forms import changed_values, fields_of, given_value

FEE, REWARD = "state_land.relocation_fee.dwelling", "signing_reward.dwelling"


def parameter(id: str) -> Parameter:
    return current_compensation().rules.parameters.by_id[id]


def posted(parameter: Parameter, value: Any) -> QueryDict:
    """What a browser sends when the form is left as it was shown."""
    fields = fields_of(parameter, value)
    sent = QueryDict(mutable=True)
    for one in [*fields.fields, *(cell for row in fields.rows for cell in row)]:
        sent[one.name] = one.value
    return sent


def test_a_form_left_alone_gives_back_every_value_on_file() -> None:
    kinds = set()
    for one in current_compensation().rules.parameters.by_id.values():
        for held in one.values:
            sent = posted(one, held.value)
            assert value_from(given_value(one, sent), kind=one.kind, choices=one.choices) == held.value, one.id
            assert changed_values([(one, held.value)], sent) == {}
            kinds.add(one.kind)
    scheme = current_compensation().schemes["demonstration"]
    for entry in scheme["parameters"]:
        one = parameter(entry["id"])
        held = value_from(entry["values"][0]["value"], kind=one.kind)
        assert changed_values([(one, held)], posted(one, held)) == {}
        kinds.add(one.kind)
    assert kinds == set(Kind)


@pytest.mark.parametrize(("id", "sent", "code"), [
    (FEE, {f"{FEE}:per_m2": "zehn"}, "policy.no_number"),
    (FEE, {f"{FEE}:per_m2": "-3"}, "policy.no_number"),
    (FEE, {f"{FEE}:included_m2": "60"}, "policy.value_unread"),
    (REWARD, {f"{REWARD}:measure": "both", f"{REWARD}:0:per_household": "5"}, "policy.value_unread"),
    (REWARD, {f"{REWARD}:measure": "", f"{REWARD}:0:until_day": "5"}, "policy.value_unread"),
])
def test_a_field_that_holds_nonsense_is_refused_in_words(id: str, sent: dict[str, str], code: str) -> None:
    given = QueryDict(mutable=True)
    given.update(sent)
    with pytest.raises(Refused) as refused:
        changed_values([(parameter(id), None)], given)
    assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.fixture
def scene(db: None) -> Scene:
    scene = build_campaign()
    announce()
    record(scene.households[0].code, "valued", date(2025, 1, 12), {
        "value_yuan": "412000.00", "market_value_yuan": "400000.00", "value_on": "2025-01-08", "appraiser": "江城评估",
    })
    return scene


def chinese(role: str) -> Client:
    return signed_in_client(person_with(role), headers={"accept-language": "zh-hans"})


def test_the_list_says_plainly_that_values_are_illustrative(scene: Scene, django_assert_max_num_queries: Any) -> None:
    client = chinese("coordinator")
    with django_assert_max_num_queries(12):
        page = client.get("/policy/").content.decode()
    for text in (
        "在录入本市正式文件之前，所列均为演示值", "住宅搬迁费", "演示值", "市、县", "docs/algorithms/compensation.md",
    ):
        assert text in page
    rows = CalamineWorkbook.from_filelike(BytesIO(client.get("/policy/?format=xlsx").getvalue())).get_sheet_by_index(0)
    assert len(rows.to_python()) == len(current_compensation().rules.parameters.by_id) + 1


def test_a_parameter_shows_its_history_and_who_sets_it(scene: Scene) -> None:
    page = chinese("mayor").get(f"/policy/parameters/{FEE}/").content.decode()
    for text in ("2024-01-01", "2026-01-01", "石家庄市", "每户 800 元/户", "搬迁费", "二手来源", "data-step-chart"):
        assert text in page


def test_rules_that_nobody_verified_are_listed_for_counsel(scene: Scene) -> None:
    page = chinese("auditor").get("/policy/unverified/").content.decode()
    for text in ("凭记忆未核实", "平台设计", "rulebook/procedures", "valuation_report_served"):
        assert text in page


def form_of(client: Client, address: str) -> dict[str, str]:
    """Every field of the page's form with what it holds."""
    groups = client.get(address).context["groups"]
    found = {}
    for _, entries in groups:
        for entry in entries:
            for one in [*entry.fields, *(cell for row in entry.rows for cell in row)]:
                found[one.name] = one.value
    return found


def test_a_trial_from_the_form_to_the_file(scene: Scene) -> None:
    client = chinese("coordinator")
    address = f"/policy/trials/new/?subject={PROJECT}&tried_on=2025-02-14"
    sent = form_of(client, address) | {
        "subject": PROJECT, "tried_on": "2025-02-14", "title": "搬迁费提高", f"{FEE}:per_household": "3000",
    }
    answer = client.post("/policy/trials/new/", sent)
    trial = PolicyTrial.objects.get()
    assert answer["Location"] == f"/policy/trials/{trial.pk}/"
    assert [change["parameter"] for change in trial.changes] == [FEE]
    page = client.get(answer["Location"]).content.decode()
    for text in (
        "搬迁费提高", "每户 800 元/户", "每户 3,000 元/户", "试算不产生任何效力", "+2,200.00", trial.result_digest,
        scene.households[0].code, "未能计算的户及原因",
    ):
        assert text in page, text
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{answer['Location']}households.xlsx").content))
    assert [row[3] for row in book.get_sheet_by_index(0).to_python() if row[0] == scene.households[0].code] == [2200.0]
    again = client.post(f"{answer['Location']}again", follow=True).content.decode()
    assert "结果逐字节一致" in again


def test_a_form_without_a_change_comes_back_with_the_reason(scene: Scene) -> None:
    client = chinese("coordinator")
    sent = form_of(client, f"/policy/trials/new/?subject={PROJECT}&tried_on=2025-02-14") | {
        "subject": PROJECT, "tried_on": "2025-02-14", "title": "什么也不改",
    }
    answer = client.post("/policy/trials/new/", sent)
    assert answer.status_code == 409
    assert "试算没有改动" in answer.content.decode()
    assert not PolicyTrial.objects.exists()


def test_a_waiting_trial_shows_its_progress(scene: Scene) -> None:
    client = chinese("coordinator")
    trial = PolicyTrial.objects.create(
        project=scene.project, subject=PROJECT, title="等候", tried_on=date(2025, 2, 14), changes=[],
        parameter_set="farmland_pilot", asked_by=person_with("coordinator"), asked_at="2025-02-14T01:30Z",
        asked_deed="220200-D000000001", stage=TrialStage.RUNNING, progress=0.4,
    )
    assert "<progress" in client.get(f"/policy/trials/{trial.pk}/").content.decode()
    state = client.get(f"/policy/trials/{trial.pk}/progress").json()
    assert (state["percent"], state["isMoving"]) == (40, True)
    assert client.get(f"/policy/trials/{trial.pk}/households.xlsx").status_code == 404


def test_a_scheme_is_adopted_from_the_form_and_the_next_says_what_it_changes(scene: Scene) -> None:
    client = chinese("district_leader")
    address = f"/policy/projects/{PROJECT}/adopt/"

    def send(from_on: str, **more: str) -> Any:
        papers = {
            f"evidence-{kind}": SimpleUploadedFile(f"{kind}.txt", kind.encode())
            for kind in ("compensation_scheme", "approval")
        }
        form = form_of(client, f"{address}?scheme=demonstration")
        return client.post(address, form | {"from_on": from_on, "parameter_set": "standard", **papers, **more})

    assert send("2025-01-01").status_code == 302
    assert send("2025-02-01", **{f"{REWARD}:0:per_household": "40000"}).status_code == 302
    assert AdoptedPlan.objects.count() == 2
    page = client.get(f"/policy/projects/{PROJECT}/").content.decode()
    assert "住宅签约奖励由“" in page
    assert "每户 40,000 元/户" in page
    refused = send("2025-01-15")
    assert refused.status_code == 409
    assert "后一方案须在其后开始" in refused.content.decode()
    assert AdoptedPlan.objects.count() == 2


def test_what_only_the_city_sets_is_pointed_out_when_a_scheme_is_drafted_from_a_trial(scene: Scene) -> None:
    leader = chinese("district_leader")
    sent = form_of(leader, f"/policy/trials/new/?subject={CHUANYING_SECTION}&tried_on=2025-02-14") | {
        "subject": CHUANYING_SECTION, "tried_on": "2025-02-14", "title": "搬迁费", f"{FEE}:per_household": "3000",
    }
    leader.post("/policy/trials/new/", sent)
    trial = PolicyTrial.objects.get()
    page = leader.get(f"/policy/projects/{PROJECT}/adopt/?trial={trial.pk}").content.decode()
    assert "试算还改动了只能由其他层级规定的内容" in page
    assert "住宅搬迁费" in page
