"""The overdue wall and the subsidy pages: what they show, record and refuse, and what goes into a workbook."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.factories import CHANGYI, CITY, PROJECT, RAILWAY_INVESTMENT, Scene, person_with, signed_in_client
from tests.resettlement_scene import build_waiting, entitle
from zhengtu.core.ledger.lateness import Wait, crossings, trend, waiting_changes
from zhengtu.ledger.models import Fact
from zhengtu.web.office.resettlement.overdue_drawing import trend_chart
from zhengtu.web.shared.table import Cell

pytestmark = pytest.mark.django_db

ON = "on=2025-02-14"


def vars_of(cell: Cell) -> dict[str, str]:
    return {"label": str(cell.label), "text": str(cell.text)}


@pytest.fixture
def scene() -> Scene:
    return build_waiting(late=2)


@pytest.fixture
def mayor(scene: Scene) -> Client:
    return signed_in_client(person_with("mayor"), HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def payer(scene: Scene) -> Client:
    return signed_in_client(person_with("client", RAILWAY_INVESTMENT), HTTP_ACCEPT_LANGUAGE="en")


def test_the_wall_shows_bands_cost_and_who_bears_it(mayor: Client) -> None:
    page = mayor.get(f"/resettlement/overdue/?{ON}")
    wall = page.context["wall"]
    assert (wall.whole.families, wall.waiting, list(wall.whole.by_band)) == (2, 3, [0, 0, 2, 0, 0])
    assert page.context["public_share"] == 1.0
    text = page.content.decode()
    assert "13–24 months" in text
    assert "71.01" in text  # two families at 1,080 yuan a month: 2,160 × 12 ÷ 365
    assert "/resettlement/overdue/families/?on=2025-02-14&amp;band=13-24" in text


def test_the_wall_says_of_whom_the_basis_is_missing_and_prints_no_sum_for_them(scene: Scene, mayor: Client) -> None:
    for household in scene.households[:3]:
        entitle(household.code, on=date(2021, 3, 2), rule="")
    page = mayor.get(f"/resettlement/overdue/?{ON}")
    assert page.context["wall"].whole.totals.missing == 2
    assert page.context["public_share"] is None
    ledger = mayor.get(f"/resettlement/subsidies/?{ON}")
    row = {cell["label"]: cell["text"] for cell in map(vars_of, ledger.context["table"]["rows"][0]["cells"])}
    assert row["Accrued (yuan)"] == "–"
    assert "to the fen" not in ledger.content.decode()
    text = mayor.get(f"/resettlement/subsidies/households/{scene.households[0].code}/").content.decode()
    assert "Basis missing" in text
    assert "How it accrued" not in text


def test_another_district_sees_nothing_of_it(scene: Scene) -> None:
    neighbour = signed_in_client(person_with("district_leader", CHANGYI))
    assert neighbour.get("/resettlement/overdue/").context["wall"].whole.families == 0
    assert neighbour.get(f"/resettlement/subsidies/households/{scene.households[0].code}/").status_code == 404


def test_a_family_sees_its_own_account_alone(scene: Scene) -> None:
    own, other = scene.households[0].code, scene.households[1].code
    family = signed_in_client(person_with("family", subject=own), HTTP_ACCEPT_LANGUAGE="en")
    page = family.get(f"/resettlement/subsidies/households/{own}/")
    assert page.status_code == 200
    assert "Record the payment" not in page.content.decode()
    assert family.get(f"/resettlement/subsidies/households/{other}/").status_code == 404


def test_families_are_narrowed_and_taken_away_as_a_workbook(scene: Scene, mayor: Client) -> None:
    page = mayor.get("/resettlement/overdue/families/?over=12&band=13-24&on=2025-02-14")
    assert page.context["table"]["count"] == 2
    assert mayor.get(f"/resettlement/overdue/families/?over=24&{ON}").context["table"]["count"] == 0
    sheet = load_workbook(BytesIO(b"".join(mayor.get("/resettlement/overdue/families/?format=xlsx")))).active
    values = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert scene.households[0].code in values


def test_the_ledger_adds_up_and_forecasts(scene: Scene, mayor: Client) -> None:
    page = mayor.get(f"/resettlement/subsidies/?by=payer&until=2025-12-31&{ON}")
    assert page.context["whole"].accrued == Decimal("122040.00")
    assert page.context["added"] == Decimal("32400.00")
    own = mayor.get(f"/resettlement/subsidies/{PROJECT}/?until=1999-01-01")
    assert own.context["added"] == 0
    assert own.context["until"] == own.context["dates"].on
    assert own.context["table"]["count"] == 3
    assert mayor.get("/resettlement/subsidies/?on=2023-03-31").context["whole"].overdue == 0


def test_a_payment_is_recorded_from_the_page_with_what_was_due(scene: Scene, payer: Client) -> None:
    address = f"/resettlement/subsidies/households/{scene.households[0].code}/"
    given = {"from_on": "2021-04-01", "last_on": "2021-06-30", "amount_yuan": "1,800.00", "paid_on": "2025-02-10"}
    voucher = SimpleUploadedFile("voucher.txt", b"voucher", content_type="text/plain")
    assert payer.post(f"{address}pay/", {**given, "voucher": voucher}).status_code == 302
    page = payer.get(address)
    (row,) = page.context["payments"]
    assert (row["due"], row["difference"], row["last_on"]) == (Decimal("1800.00"), 0, date(2021, 6, 30))
    assert page.context["given"]["from_on"] == "2021-07-01"
    again = payer.post(f"{address}pay/", {**given, "voucher": SimpleUploadedFile("v.txt", b"v")})
    assert again.status_code == 409
    assert "Nobody is paid twice" in again.content.decode()
    assert 'value="1,800.00"' in again.content.decode()


def test_a_list_is_recorded_from_the_page_or_refused_with_rows_and_fields(scene: Scene, payer: Client) -> None:
    code = scene.households[0].code
    text = f"户编号,所属期起,所属期止,金额,支付日期\n{code},2021-04-01,2021-06-30,1800.00,2025-02-10\n"
    address = f"/resettlement/subsidies/{PROJECT}/list/"

    def send(total: str, content: str = text) -> int:
        file = SimpleUploadedFile("list.csv", content.encode("utf-8-sig"), content_type="text/csv")
        page = payer.post(address, {"file": file, "total_yuan": total})
        send.page = page.content.decode()  # type: ignore[attr-defined]
        return page.status_code

    assert send("1799.99") == 409
    assert "The lines add up to 1,800.00 yuan" in send.page  # type: ignore[attr-defined]
    assert send("1800", text.replace("2021-06-30", "明年")) == 409
    assert "row 2, “Period to (last day)”: “明年” is no date" in send.page  # type: ignore[attr-defined]
    assert not Fact.objects.filter(kind="subsidy_paid").exists()
    assert send("1800") == 302
    assert Fact.objects.filter(kind="subsidy_paid").count() == 1


def test_the_cockpit_leads_to_the_wall(mayor: Client) -> None:
    assert 'href="/resettlement/overdue/' in mayor.get("/cockpit/").content.decode()


def test_the_course_is_drawn_with_the_line_and_its_crossings() -> None:
    waits = [Wait(date(2021, 1, 31), date(2022, 6, 1))] * 3 + [Wait(date(2024, 12, 31))] * 4
    until = date(2025, 2, 14)
    changes = waiting_changes(waits)
    chart = trend_chart(
        trend(changes, until=until), line=2, crossings=crossings(changes, line=2, until=until), width=1040, height=250
    )
    assert chart is not None
    assert [one["is_above"] for one in chart.crossings] == [True, False, True]
    assert chart.line is not None
    assert chart.line[1] == 2
    assert [year for _, year in chart.years] == [2022, 2023, 2024, 2025]
    assert all(chart.left <= one["x"] <= chart.right for one in chart.crossings)
    assert trend_chart([], line=2, crossings=[], width=10, height=10) is None


def test_a_family_whose_payer_changed_shows_who_owes_what_and_what_falls_due(scene: Scene, mayor: Client) -> None:
    household = scene.households[0].code
    entitle(household, on=date(2024, 1, 1), payer=CITY, payer_kind="public_finance")
    page = mayor.get(f"/resettlement/subsidies/households/{household}/?{ON}")
    text = page.content.decode()
    assert "Who owes it" in text
    assert "no longer pays" in text
    assert [str(one["account"].owed) for one in page.context["shares"]] == ["25560.00", "15120.00"]
    assert "Fallen due and unpaid: <strong>38,520.00</strong> yuan" in text
    assert "accrued since, and due later: 2,160.00 yuan." in text
    assert [one["due"].instalment.due_on for one in page.context["instalments"]][:2] == [
        date(2025, 4, 1), date(2025, 7, 1)
    ]
    by_payer = mayor.get(f"/resettlement/subsidies/?{ON}&by=payer").context["table"]
    assert by_payer["totals"]
    listed = mayor.get(f"/resettlement/subsidies/{PROJECT}/?{ON}&changed=1")
    assert listed.context["table"]["count"] == 1
    assert "What falls due" in listed.content.decode()
    other = mayor.get(f"/resettlement/subsidies/households/{scene.households[1].code}/?{ON}").content.decode()
    assert "Who owes it" not in other


def test_without_a_rhythm_on_file_nothing_is_called_due(scene: Scene, mayor: Client) -> None:
    household = scene.households[0].code
    entitle(household, on=date(2021, 3, 2), rule="agreement", agreed_yuan_m2_month="10.00", overdue_multiplier="2.00")
    text = mayor.get(f"/resettlement/subsidies/households/{household}/?{ON}").content.decode()
    assert "Neither the agreement nor its rule says when it is paid" in text
    assert "Fallen due and unpaid" not in text


def test_a_rule_by_room_names_rooms_and_their_rate(scene: Scene, mayor: Client) -> None:
    household = scene.households[0].code
    entitle(household, on=date(2021, 3, 2), rule="jiaozhou-ligezhuang", rooms=3, agreed_months=30)
    text = mayor.get(f"/resettlement/subsidies/households/{household}/?{ON}").content.decode()
    assert "yuan per room and month" in text
    assert "the first 30 months at once, on the first day" in text
    entitle(household, on=date(2021, 3, 3), rule="jiaozhou-ligezhuang", agreed_months=30)
    text = mayor.get(f"/resettlement/subsidies/households/{household}/?{ON}").content.decode()
    assert "the number of rooms is not on file" in text
