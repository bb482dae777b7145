"""Bank statements: read whole or refused with everything that is wrong, imported once, reconciled, explained."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.factories import NOW, TODAY, Scene, actor_with, advance, build_campaign, record
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.funds.funding_actions import explain_difference
from zhengtu.funds.models import BankStatement, BankStatementLine
from zhengtu.funds.reconciling import AccountReconciliation, reconciliation_of
from zhengtu.funds.statement_import import ImportedStatement, import_statement
from zhengtu.funds.statement_reading import read_statement
from zhengtu.ledger.models import Deed, Evidence

ACCOUNT = "220204-P0001"
HEADINGS = ("交易日期", "流水号", "对方户名", "摘要", "借方发生额（元）", "贷方发生额（元）", "余额")
ROWS = (
    ("2025-01-12", "R1", "铁路投资公司", "征收资金", "", "1,000,000.00", "1000000.00"),
    ("2025-01-17", "ZF7", "王建国", "账号 6222020800012345678", "430000", "", "570,000"),
    ("2025-01-31", "JX1", "开户行", "结息", "", "12.34", "570012.34"),
)


@pytest.fixture
def scene(db: None) -> Scene:
    """Money came on 12 January, and the first household was paid on the 16th."""
    scene = build_campaign()
    given = {"source": "client", "amount_yuan": "1000000.00", "bank_reference": "R1"}
    record(ACCOUNT, "funds_arrived", date(2025, 1, 12), given)
    advance(scene.households[0], to="paid", start_on=date(2025, 1, 10))
    return scene


def csv_file(folder: Path, *rows: tuple[str, ...], headings: tuple[str, ...] = HEADINGS, name: str = "a.csv") -> Path:
    path = folder / name
    quoted = [",".join(f'"{cell}"' for cell in row) for row in (("专户 2202",), headings, *rows)]
    path.write_text("\n".join(quoted), encoding="utf-8-sig")
    return path


def imported(path: Path, *, role: str = "client") -> ImportedStatement:
    return import_statement(actor=actor_with(role), account=ACCOUNT, path=path, name=path.name, now=NOW)


def reasons_of(path: Path, **given: str) -> list[Reason]:
    with pytest.raises(Refused) as refused:
        imported(path, **given)
    return list(refused.value.reasons)


def reconciled(**given: date) -> AccountReconciliation:
    return reconciliation_of(ACCOUNT, on=given.get("on", TODAY), known=given.get("known"))


def test_lines_match_and_what_is_left_over_is_listed(scene: Scene, tmp_path: Path) -> None:
    done = imported(csv_file(tmp_path, *ROWS))
    assert (done.lines, done.new_lines) == (3, 3)
    found = reconciled()
    assert [match.by for match in found.matched.matches] == ["reference", "day"]
    assert [(one.amount_yuan, one.line is not None) for one in found.differences] == [(Decimal("12.34"), True)]
    assert found.bank_balance_yuan == Decimal("570012.34")
    assert found.ledger_balance_yuan == 570_000
    assert found.difference_yuan == Decimal("-12.34")
    # The statement is the deed's evidence, and a fact says what it covers.
    assert Evidence.objects.get(deed=done.deed).kind == "bank_statement"
    fact = Deed.objects.get(pk=done.deed).facts.get()
    assert (fact.kind, fact.attributes["closing_balance_yuan"]) == ("bank_statement_imported", "570012.34")
    # Before the statement was imported there was none.
    assert reconciled(known=date(2025, 2, 13)).last_on is None
    assert reconciled(on=date(2025, 1, 20)).bank_balance_yuan == 570_000


def test_names_and_account_numbers_are_kept_masked(scene: Scene, tmp_path: Path) -> None:
    imported(csv_file(tmp_path, *ROWS))
    line = BankStatementLine.objects.get(reference="ZF7")
    assert line.counterparty_masked == "王**"
    assert "6222020800012345678" not in line.summary


def test_the_same_statement_again_adds_nothing(scene: Scene, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *ROWS)
    imported(path)
    deeds = Deed.objects.count()
    again = imported(path)
    assert (again.lines, again.new_lines, again.deed) == (3, 0, "")
    # A longer one, newest first, adds only what is new.
    more = ("2025-02-03", "", "铁路投资公司", "", "", "5.00", "570017.34")
    longer = imported(csv_file(tmp_path, *[more, *ROWS[::-1]], name="b.csv"))
    assert (longer.lines, longer.new_lines) == (4, 1)
    assert Deed.objects.count() == deeds + 1
    assert reconciled().breaks == []
    assert reconciled().bank_balance_yuan == Decimal("570017.34")


def test_excel_with_dates_and_numbers(scene: Scene, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["中国银行 账户明细"])
    sheet.append(["日期", "收入", "支出", "余额", "凭证号"])
    sheet.append([date(2025, 1, 12), 1000000.1, None, 1000000.1, "R1"])
    sheet.append([date(2025, 1, 13), None, 0.3, 999999.8, "F1"])
    sheet.append(["合计", 1000000.1, 0.3, None, None])
    path = tmp_path / "对账单.xlsx"
    book.save(path)
    lines = read_statement(path=path, name=path.name)[:2]
    assert [(line.amount_yuan, line.balance_yuan) for line in lines] == [
        (Decimal("1000000.10"), Decimal("1000000.10")), (Decimal("-0.30"), Decimal("999999.80")),
    ]


def test_everything_wrong_is_told_and_nothing_written(scene: Scene, tmp_path: Path) -> None:
    found = reasons_of(csv_file(
        tmp_path,
        ("2025-13-40", "R1", "", "", "", "1000", "1000"),
        ("2025-01-12", "R2", "", "", "5", "7", "1000"),
        ("2025-01-12", "R3", "", "", "", "七千", "1000"),
        ("2025-01-12", "R4", "", "", "0.001", "", "1000"),
        ("2025-01-12", "R5", "", "", "-3", "", "1000"),
    ))
    assert [(reason.parameters["row"], reason.parameters["field"]) for reason in found] == [
        (3, "statement_column:booked_on"), (4, "statement_column:credit_yuan"), (5, "statement_column:credit_yuan"),
        (6, "statement_column:debit_yuan"), (7, "statement_column:debit_yuan"),
    ]
    assert all(reason.parameters["file"] == "a.csv" and reason.remedy for reason in found)
    assert not BankStatement.objects.exists()
    assert not BankStatementLine.objects.exists()


def test_a_missing_column_a_broken_balance_and_a_day_to_come(scene: Scene, tmp_path: Path) -> None:
    missing, = reasons_of(csv_file(tmp_path, headings=("日期", "收入", "支出", "摘要", "流水号", "", "")))
    assert missing.parameters["field"] == "statement_column:balance_yuan"
    broken, = reasons_of(csv_file(tmp_path, ROWS[0], ("2025-01-13", "X", "", "", "1", "", "1000000.00")))
    assert (broken.parameters["row"], broken.parameters["expected"]) == (4, "999,999.00")
    empty, = reasons_of(csv_file(tmp_path))
    assert empty.code == "funds.statement_cell"
    future, = reasons_of(csv_file(tmp_path, ("2025-02-15", "X", "", "", "", "1", "1")))
    assert future.code == "funds.statement_future"
    picture = tmp_path / "a.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    assert reasons_of(picture)[0].code.startswith("sheet.")
    assert [reason.code for reason in reasons_of(csv_file(tmp_path, *ROWS), role="inspector")] == [
        "authority.not_granted"
    ]


def test_a_line_that_now_says_something_else_is_refused(scene: Scene, tmp_path: Path) -> None:
    imported(csv_file(tmp_path, *ROWS))
    changed = ("2025-01-12", "R1", "铁路投资公司", "征收资金", "", "2000000.00", "2000000.00")
    contradicted, = reasons_of(csv_file(tmp_path, changed, name="b.csv"))
    assert contradicted.code == "funds.statement_contradicts"
    assert BankStatementLine.objects.count() == 3


def test_a_gap_between_two_statements_shows(scene: Scene, tmp_path: Path) -> None:
    imported(csv_file(tmp_path, *ROWS))
    imported(csv_file(tmp_path, ("2025-02-05", "Y", "", "", "", "1.00", "900.00"), name="b.csv"))
    gap, = reconciled().breaks
    assert (gap.after_on, gap.before_on) == (date(2025, 1, 31), date(2025, 2, 5))
    assert (gap.closing_yuan, gap.opening_yuan) == (Decimal("570012.34"), 899)


def test_a_booking_reversed_and_made_again_is_three_lines(scene: Scene, tmp_path: Path) -> None:
    rows = (
        ("2025-01-12", "", "", "", "", "5.00", "5.00"), ("2025-01-12", "", "", "", "5.00", "", "0.00"),
        ("2025-01-12", "", "", "", "", "5.00", "5.00"),
    )
    path = csv_file(tmp_path, *rows)
    assert imported(path).new_lines == 3
    assert imported(path).new_lines == 0


def test_differences_are_explained_by_a_deed(scene: Scene, tmp_path: Path) -> None:
    imported(csv_file(tmp_path, ROWS[0], ("2025-02-03", "JX", "", "结息", "", "1.00", "1000001.00")))
    by_line = {one.line is not None: one for one in reconciled().differences}
    assert by_line[False].movement is not None
    assert by_line[False].amount_yuan == -430_000

    def explain(item: str, reason: str, role: str = "client") -> str:
        return explain_difference(actor=actor_with(role), account=ACCOUNT, item=item, reason=reason, now=NOW)

    with pytest.raises(Refused):
        explain(by_line[True].item, "  ")
    with pytest.raises(Refused):
        explain(by_line[True].item, "结息", role="auditor")
    with pytest.raises(Refused) as unknown:
        explain("line:nothing", "结息")
    assert unknown.value.reasons[0].code == "funds.nothing_to_explain"
    deed = explain(by_line[True].item, "季度结息")
    explain(by_line[False].item, "银行次月入账")
    assert reconciled().unexplained == []
    explained = next(one for one in reconciled().differences if one.line is not None)
    assert explained.explained is not None
    assert (explained.explained.deed, explained.explained.attributes["reason"]) == (deed, "季度结息")
    with pytest.raises(Refused):
        explain(by_line[True].item, "又一次")
