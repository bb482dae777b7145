"""Promises, claims and “when do I come home” on the pages: for officials, for the family, for nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import CHANGYI, PROJECT, RAILWAY_INVESTMENT, Scene, person_with, record, signed_in_client
from tests.resettlement_scene import BUILDING, MOVED_ON, SITE, build_waiting, entitle
from zhengtu.accounts.models import Unit
from zhengtu.registry.models import Project, Regime
from zhengtu.resettlement.models import AdvanceClaim

pytestmark = pytest.mark.django_db

BUREAU = "220200-finance-bureau"


@pytest.fixture
def scene() -> Scene:
    return build_waiting(late=2)


def english(role: str, *where: str, **more: str) -> Client:
    return signed_in_client(person_with(role, *where, **more), HTTP_ACCEPT_LANGUAGE="en")


def paper(name: str = "paper.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "会议纪要（演示）".encode(), content_type="text/plain")


def test_every_figure_of_the_ledger_leads_to_as_many_families(scene: Scene) -> None:
    entitle(scene.households[0].code, on=date(2021, 3, 2), site="")
    mayor = english("mayor")
    page = mayor.get("/resettlement/promises/")
    rows = [row for _title, _head, rows in page.context["groups"] for row in rows]
    cells = [cell for row in rows for cell in row["cells"] if cell["count"]]
    assert len(cells) > 8
    for cell in (*page.context["cards"], *cells):
        listed = mayor.get(cell["href"]).context["table"]
        assert listed["count"] == cell["count"], cell["href"]


def test_a_leader_tells_a_home_and_the_family_reads_it(scene: Scene) -> None:
    own = scene.households[0].code
    leader = english("district_leader")
    told = leader.post(
        f"/resettlement/promises/households/{own}/tell/", {"home": f"{BUILDING}-U0001", "expected_on": "2031-06-30"}
    )
    assert told.status_code == 302
    text = english("family", subject=own).get(f"/households/{own}/").content.decode()
    assert "When do I come home" in text
    assert "江畔家园（演示） 1号楼 101" in text
    assert "2031-06-30" in text
    assert "Still owed to you" in text
    assert "Nothing has been recorded about this delay yet." not in text
    refused = leader.post(
        f"/resettlement/promises/households/{own}/tell/", {"home": f"{BUILDING}-U0001", "expected_on": "2025-03-01"}
    )
    assert refused.status_code == 409


def test_a_family_reads_that_its_day_passed_and_what_was_done(scene: Scene) -> None:
    own, other = scene.households[0].code, scene.households[1].code
    done = english("district_leader").post(
        f"/resettlement/promises/answers/{SITE}/", {"measure": "Two more crews until August", "evidence-other": paper()}
    )
    assert done.status_code == 302
    family = english("family", subject=own)
    text = family.get(f"/households/{own}/").content.decode()
    assert "That day has passed" in text
    assert "Two more crews until August" in text
    assert "Who answers for it, and your rights" in text
    assert family.get(f"/households/{other}/").status_code == 404
    assert family.get(f"/resettlement/promises/households/{other}/").status_code == 404
    listed = family.get("/resettlement/promises/families/").content.decode()
    assert own in listed
    assert other not in listed


def test_an_official_reads_figures_in_the_dossier_and_on_the_project(scene: Scene) -> None:
    own = scene.households[0].code
    mayor = english("mayor")
    text = mayor.get(f"/households/{own}/").content.decode()
    assert "When does the family come home" in text
    assert "Forecast of completion" in text
    block = mayor.get(f"/projects/{PROJECT}/?on=2025-02-14").context["homecoming"]
    assert (block["counts"].families, block["late"], block["claims"]) == (3, 2, 0)
    assert mayor.get(block["waiting_href"]).context["table"]["count"] == 3
    elsewhere = english("district_leader", CHANGYI).get(f"/projects/{PROJECT}/")
    assert elsewhere.context["homecoming"] is None


def test_the_record_panel_leads_to_the_pages_that_record_what_concerns_a_home(scene: Scene) -> None:
    own = scene.households[0].code
    mayor = english("mayor")
    pages = {
        one.kind.id: one.href for one in mayor.get(f"/households/{own}/").context["panel"].elsewhere
        if one.kind.through == "resettlement"
    }
    assert pages["home_promised"] == f"/resettlement/promises/households/{own}/"
    assert pages["subsidy_paid"] == f"/resettlement/subsidies/households/{own}/"
    assert pages["home_assigned"] == f"/resettlement/register/{own}/"
    for href in set(pages.values()):
        assert mayor.get(href).status_code == 200
    nothing_owed = scene.households[-1].code
    assert mayor.get(f"/resettlement/register/{nothing_owed}/").status_code == 404
    panel = mayor.get(f"/households/{nothing_owed}/").context["panel"]
    assert {one.href for one in panel.elsewhere if one.kind.through == "resettlement"} == {""}


def test_two_counts_of_late_families_stand_beside_each_other_with_their_lists(scene: Scene) -> None:
    own = scene.households[0].code
    english("district_leader").post(
        f"/resettlement/promises/households/{own}/tell/", {"home": f"{BUILDING}-U0001", "expected_on": "2031-06-30"}
    )
    mayor = english("mayor")
    for address in ("/resettlement/overdue/", "/resettlement/promises/", "/resettlement/register/"):
        shown = mayor.get(address).context["late_sum"]
        figures = shown["figures"]
        assert (figures.by_agreement, figures.by_promise, figures.renewed) == (3, 2, 1)
        for name, count in (("agreement", 3), ("promise", 2), ("renewed", 1)):
            assert mayor.get(shown[f"{name}_href"]).context["table"]["count"] == count
    assert mayor.get(f"/projects/{PROJECT}/").context["homecoming"]["late_sum"]["figures"].renewed == 1


def test_the_dossier_asks_few_more_questions_for_a_family_that_waits(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    mayor = english("mayor")
    mayor.get(f"/households/{scene.households[0].code}/")
    with django_assert_max_num_queries(66):
        mayor.get(f"/households/{scene.households[0].code}/")


def test_a_claim_is_opened_out_of_the_list_and_followed_on_its_page(scene: Scene) -> None:
    Unit.objects.get_or_create(code=BUREAU, defaults={"name": "财政局（演示）", "kind": "department"})
    own = scene.households[0].code
    record(own, "subsidy_paid", date(2024, 3, 1), {
        "from_on": MOVED_ON.isoformat(), "until_on": "2021-07-01", "amount_yuan": "1800.00", "payer": BUREAU,
    })
    bureau = english("client", BUREAU)
    left = english("mayor").get("/resettlement/claims/").context["unclaimed"]
    form = bureau.get(left[0]["href"]).context["given"]
    assert (form["about"], form["advanced_by"], form["claimed_from"]) == (own, BUREAU, RAILWAY_INVESTMENT)
    opened = bureau.post("/resettlement/claims/new/", {
        **form, "ground": "agreement, clause 7", "evidence-advance_paper": paper(),
    })
    code = AdvanceClaim.objects.get().code
    assert opened["Location"].endswith(f"/resettlement/claims/{code}/")
    moved = bureau.post(f"/resettlement/claims/{code}/repay/", {
        "amount_yuan": "600", "repaid_on": "2024-06-01", "evidence-bank_receipt": paper(),
    })
    assert moved.status_code == 302
    text = bureau.get(f"/resettlement/claims/{code}/").content.decode()
    assert "1,200.00" in text
    assert bureau.post(f"/resettlement/claims/{code}/repay/", {"amount_yuan": "x"}).status_code == 409
    assert "600.00" in english("coordinator").get("/resettlement/claims/").content.decode()
    settled = english("coordinator").post(f"/resettlement/claims/{code}/settle/", {
        "amount_yuan": "1200", "outcome": "borne by public finance", "evidence-other": paper(),
    })
    assert settled.status_code == 302
    assert english("client", RAILWAY_INVESTMENT).get("/resettlement/claims/?open=1").context["table"]["count"] == 0
    assert code not in english("family", subject=own).get("/resettlement/claims/").content.decode()


def test_what_an_overdue_family_may_demand_stands_with_its_day(scene: Scene) -> None:
    own = scene.households[0].code
    entitle(own, on=date(2021, 3, 2), rule="zhejiang-2020", agreed_yuan_m2_month="10.00")
    read = english("family", subject=own).get(f"/households/{own}/?on=2025-02-14").content.decode()
    assert "Since 2023-04-01:" in read
    assert "From 2025-04-01 on:" in read
    record(own, "way_chosen", date(2025, 2, 14), {"way": "cash"})
    text = english("mayor").get(f"/households/{own}/?on=2025-02-14").content.decode()
    assert "May demand" in text
    assert "Demanded on 2025-02-14" in text
    assert "May demand" not in english("mayor").get(f"/households/{scene.households[1].code}/").content.decode()


def test_a_legacy_household_reads_its_agreement_and_no_failure_of_todays_statutes(scene: Scene) -> None:
    own = scene.households[0].code
    entitle(own, on=date(2021, 3, 2), may_choose_cash="yes", cash_yuan="320000.00")
    before = english("mayor").get(f"/households/{own}/").content.decode()
    assert "today's statutes give no statement" not in before.replace("&#x27;", "'")
    Project.objects.filter(pk=PROJECT).update(regime=Regime.LEGACY_DEMOLITION)
    text = english("mayor").get(f"/households/{own}/").content.decode().replace("&#x27;", "'")
    assert "goes on by the rules of its time" in text
    assert "320,000.00" in text
    assert "no day says which rules apply" not in text
    assert "/statement/" not in text.partition('id="compensation"')[2].partition("</section>")[0]
    statement = english("mayor").get(f"/households/{own}/statement/").content.decode()
    assert "What the agreement says holds" in statement
    assert "no day says which rules apply" not in statement
