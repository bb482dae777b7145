"""Recording subsidies: one payment or a whole list, never twice for the same days, nothing half-written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.base import ContentFile

from tests.factories import (
    CHUANYING,
    NOW,
    PROJECT,
    RAILWAY_INVESTMENT,
    TODAY,
    actor_with,
    personal_data,
    record,
)
from tests.resettlement_scene import build_waiting
from zhengtu.core.compensation.subsidy_account import PaidPeriod, due_for
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.models import Evidence, Fact, Refusal
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.subsidies import row_for
from zhengtu.resettlement.subsidy_actions import RecordedList, record_subsidy, record_subsidy_list
from zhengtu.resettlement.subsidy_gate import twice_paid
from zhengtu.resettlement.subsidy_payments import payments_of

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD = PaidPeriod(date(2021, 4, 1), date(2022, 4, 1), Decimal("7200.00"))
HEADINGS = ["户编号", "户主姓名", "所属期起", "所属期止（含当日）", "金额（元）", "支付日期"]


def voucher() -> list[OfferedFile]:
    return [OfferedFile("subsidy_voucher", "voucher.txt", ContentFile(b"voucher of the bank"))]


def pay(household: str, period: PaidPeriod = PERIOD, *, paid_on: date = TODAY, payer: str = "") -> str:
    return record_subsidy(
        actor=actor_with("client", RAILWAY_INVESTMENT), household=household, period=period, paid_on=paid_on,
        payer=payer, files=voucher(), now=NOW,
    )


def send(tmp_path: Path, rows: Sequence[Sequence[object]], total: str, *, name: str = "list.xlsx") -> RecordedList:
    path = tmp_path / name
    if name.endswith(".csv"):
        path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="gb18030")
    else:
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("一季度")
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return record_subsidy_list(
        actor=actor_with("client", RAILWAY_INVESTMENT), project=PROJECT, path=path, name=name,
        total_yuan=Decimal(total), now=NOW,
    )


def refused(tmp_path: Path, rows: Sequence[Sequence[object]], total: str = "1.00") -> list[str]:
    before = Fact.objects.count()
    with pytest.raises(Refused) as refusal:
        send(tmp_path, rows, total)
    assert Fact.objects.count() == before
    return [reason.in_english() for reason in refusal.value.reasons]


def test_a_payment_stands_with_its_voucher_and_reconciles_with_what_was_due() -> None:
    household = build_waiting().households[0].code
    deed = pay(household)
    assert Evidence.objects.get(deed=deed).kind == "subsidy_voucher"
    (held,) = payments_of([household], on=TODAY)
    assert (held.period, held.paid_on, held.payer) == (PERIOD, TODAY, RAILWAY_INVESTMENT)
    row = row_for(actor_with("mayor"), household, on=TODAY)
    assert row is not None
    assert row.terms is not None
    assert due_for(row.terms, held.period) == held.period.amount
    assert row.account.owed == Decimal("40680.00") - PERIOD.amount


def test_nobody_is_paid_twice_for_the_same_days() -> None:
    household = build_waiting().households[0].code
    pay(household)
    with pytest.raises(Refused, match="shares days with the payment for 2021-04-01 to 2022-03-31"):
        pay(household, PaidPeriod(date(2022, 3, 31), date(2022, 7, 1), Decimal("1800.00")))
    pay(household, PaidPeriod(date(2022, 4, 1), date(2022, 7, 1), Decimal("1800.00")))
    assert len(payments_of([household], on=TODAY)) == 2


def test_the_gate_of_every_deed_knows_it_too_and_lets_a_correction_pass() -> None:
    household = build_waiting().households[0].code
    pay(household)
    held = Fact.objects.get(subject=household, kind="subsidy_paid")
    again = {**held.attributes, "amount_yuan": "7000.00"}
    assert [one.code for one in twice_paid([NewFact("household", household, "subsidy_paid", TODAY, again)])] == [
        "resettlement.paid_twice"
    ]
    assert twice_paid([NewFact("household", household, "subsidy_paid", TODAY, again, held.reference)]) == []
    assert twice_paid([NewFact("household", household, "subsidy_paid", TODAY, again, held.reference)] * 2) != []


@pytest.mark.parametrize(
    ("period", "paid_on", "payer", "words"),
    [
        (PaidPeriod(date(2021, 4, 1), date(2021, 4, 1), Decimal(1)), TODAY, "", "ends before it begins"),
        (PaidPeriod(date(2021, 4, 1), date(2021, 5, 1), Decimal(0)), TODAY, "", "above zero"),
        (PaidPeriod(date(2021, 4, 1), date(2021, 5, 1), Decimal("0.001")), TODAY, "", "to the fen"),
        (PERIOD, date(2025, 2, 15), "", "lies ahead"),
        (PaidPeriod(date(2021, 3, 31), date(2021, 5, 1), Decimal(1)), TODAY, "", "first day of transition, 2021-04-01"),
        (PERIOD, TODAY, "无此单位", "No unit is called"),
    ],
)
def test_a_wrong_payment_is_refused_with_what_is_wrong(
    period: PaidPeriod, paid_on: date, payer: str, words: str
) -> None:
    household = build_waiting().households[0].code
    with pytest.raises(Refused, match=words):
        pay(household, period, paid_on=paid_on, payer=payer)
    assert Refusal.objects.filter(verb="subsidy.record").count() == 1
    assert payments_of([household], on=TODAY) == []


def test_nothing_is_paid_for_days_after_the_stop_nor_to_whom_nothing_is_owed_nor_by_whom_it_is_not() -> None:
    scene = build_waiting()
    household = scene.households[0].code
    record(household, "resettled", date(2025, 2, 1))
    with pytest.raises(Refused, match="beyond 2025-02-01"):
        pay(household, PaidPeriod(date(2025, 1, 1), date(2025, 2, 2), Decimal("1080.00")))
    pay(household, PaidPeriod(date(2025, 1, 1), date(2025, 2, 1), Decimal("1080.00")))
    with pytest.raises(Refused, match="Nothing is owed"):
        pay(scene.households[3].code)
    with pytest.raises(Refused, match="Your posts do not include"):
        record_subsidy(
            actor=actor_with("district_leader", CHUANYING), household=household, period=PERIOD, paid_on=TODAY,
            payer="", files=voucher(), now=NOW,
        )


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv"])
def test_a_list_is_recorded_whole_in_one_deed(tmp_path: Path, name: str) -> None:
    scene = build_waiting()
    first, second = (one.code for one in scene.households[:2])
    rows = [
        ["过渡费发放清单"], HEADINGS,
        [first, personal_data(1)["name"], "2021-04-01", "2022-03-31", "7200.00", "2025-01-08"],
        [second, "", "2021.4.1", "2022年3月31日", "7200", "2025-01-08"],
        [first, "", "2022-04-01", "2022-06-30", "1800.00", "2025-01-08"],
        ["合计", "", "", "", "16200.00"],
    ]
    done = send(tmp_path, rows, "16200.00", name=name)
    assert (done.payments, done.families, done.total_yuan) == (3, 2, Decimal("16200.00"))
    assert {fact.deed_id for fact in Fact.objects.filter(kind="subsidy_paid")} == {done.deed}
    assert Evidence.objects.get(deed=done.deed).name == name
    assert [one.period.until_on for one in payments_of([first], on=TODAY)] == [date(2022, 4, 1), date(2022, 7, 1)]
    (again, *_) = refused(tmp_path, rows, "16200.00")
    assert "row 3, “subsidy_column:from_on”" in again
    assert "was paid for 2021-04-01 to 2022-03-31 already" in again


def test_everything_wrong_in_a_list_is_told_with_its_row_and_field(tmp_path: Path) -> None:
    scene = build_waiting()
    first, elsewhere = scene.households[0].code, scene.households[3].code
    told = refused(tmp_path, [
        HEADINGS,
        [first, "别人", "2021-04-01", "2021-06-30", 1800, "2025-01-08"],
        [first, "", "2021-06-30", "2021-09-30", 1800, "2025-01-08"],
        [elsewhere, "", "2021-04-01", "2021-06-30", 1800, "2025-01-08"],
        [first, "", "2020-01-01", "2020-03-31", 1800, "2025-02-15"],
    ])
    assert "The lines add up to 7,200.00 yuan, and the bank paid 1.00." in told[0]
    places = ["row 2, “subsidy_column:name”", "row 3, “subsidy_column:from_on”", "row 4, “subsidy_column:household”",
              "row 5, “subsidy_column:paid_on”", "row 5, “subsidy_column:from_on”"]
    for line, place in zip(told[1:], places, strict=True):
        assert f"list.xlsx, sheet 一季度, {place}" in line
        assert line.endswith("nothing was recorded.") or "Nobody is paid twice" in line


def test_cells_that_cannot_be_read_and_a_wrong_total_row_are_told(tmp_path: Path) -> None:
    first = build_waiting().households[0].code
    told = refused(tmp_path, [
        HEADINGS,
        [first, "", "下月初", "2021-06-30", "12.345", "2025-01-08"],
        ["", "", "2021-07-01", "2021-06-30", -5, "昨天"],
    ])
    assert [word in line for word, line in zip(
        ["“下月初” is no date", "“12.345” is no sum", "no household code", "“昨天” is no date", "“-5” is no sum",
         "ends before it begins"], told, strict=True,
    )] == [True] * 6
    (total,) = refused(tmp_path, [
        HEADINGS, [first, "", "2021-04-01", "2021-06-30", 1800, "2025-01-08"], ["合计", "", "", "", 1900],
    ])
    assert "the total row says 1,900.00 yuan, and the lines add up to 1,800.00" in total
    (missing, *_) = refused(tmp_path, [["户编号", "金额"], [first, 1]])
    assert "there is no column “subsidy_column:from_on”" in missing
    (empty,) = refused(tmp_path, [HEADINGS])
    assert "no line under the headings" in empty
