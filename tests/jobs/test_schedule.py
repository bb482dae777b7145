"""``zhengtu schedule``: what it prints, what it refuses, and that it needs no database."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.core.plan_files.kit import constraint, link, mspdi, task
from zhengtu.config import command_line

FIELDS = ["uid", "name", "early_start", "early_finish", "late_start", "late_finish", "total_float", "critical"]


def run(folder: Path, content: bytes, *arguments: str) -> tuple[str, str]:
    """What it writes to standard output and to standard error."""
    path = folder / "plan.xml"
    path.write_bytes(content)
    out, err = StringIO(), StringIO()
    call_command("schedule", str(path), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


PLAN = mspdi(task(1, 40), task(2, 12, link(1)), task(3, 6))


def test_every_task_as_json_in_the_files_order(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = json.loads(run(tmp_path, PLAN, "--json")[0])
    assert [list(row) for row in rows] == [FIELDS] * 3
    assert rows[1] == {
        "uid": 2,
        "name": "T2",
        "early_start": "2025-01-13T08:00:00",
        "early_finish": "2025-01-14T12:00:00",
        "late_start": "2025-01-13T08:00:00",
        "late_finish": "2025-01-14T12:00:00",
        "total_float": 0.0,
        "critical": True,
    }
    assert rows[2]["total_float"] == 5.75


def test_a_table_in_chinese_and_in_english(tmp_path: Path) -> None:
    chinese = run(tmp_path, PLAN, "--language", "zh")[0].splitlines()
    english = run(tmp_path, PLAN, "--language", "en")[0].splitlines()
    assert "最早开始" in chinese[0]
    assert "总时差（工作日）" in chinese[0]
    assert english[0].split("  ")[0] == "UID"
    assert "2025-01-13 08:00" in english[2]
    assert len(english) == 4


def test_a_deadline_that_can_be_met(tmp_path: Path) -> None:
    out, err = run(tmp_path, PLAN, "--deadline", "2025-01-15", "--json", "--language", "en")
    assert json.loads(out)[1]["late_finish"] == "2025-01-15T17:00:00"
    assert json.loads(out)[1]["total_float"] == 1.5
    assert err.startswith("The deadline can be met")


def test_a_deadline_that_cannot_says_what_comes_too_late(tmp_path: Path) -> None:
    out, err = run(tmp_path, PLAN, "--deadline", "2025-01-13T12:00", "--json", "--language", "en")
    assert [row["total_float"] for row in json.loads(out)] == [-1.0, -1.0, 4.75]
    assert "cannot be met: the plan finishes on 2025-01-14T12:00:00" in err
    assert "“T2” (UID 2)" in err
    assert "T3" not in err


def test_an_impossible_constraint_is_named_and_fails(tmp_path: Path) -> None:
    plan = mspdi(task(1, 40), task(2, 8, link(1), constraint(2, "2025-01-08T08:00")))
    with pytest.raises(CommandError, match=r"“T2” \(UID 2\), must start on 2025-01-08.*“T1” \(UID 1\)"):
        run(tmp_path, plan, "--json", "--language", "en")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (mspdi(task(1, 8, link(2)), task(2, 8, link(1))), "T1.* → .*T2"),
        (mspdi(task(1, 8, link(9))), "UID 9"),
        (b"nothing", "not well-formed XML"),
    ],
)
def test_bad_plans_are_refused_and_print_nothing(
    content: bytes, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match=named):
        run(tmp_path, content, "--json", "--language", "en")
    assert capsys.readouterr().out == ""


def test_messages_come_in_both_languages_where_none_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as caught:
        run(tmp_path, mspdi(task(1, 8, link(9))))
    chinese, english = str(caught.value).splitlines()
    assert "UID 9 不存在" in chinese
    assert "UID 9, which does not exist" in english


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.xml"):
        call_command("schedule", str(tmp_path / "none.xml"))


def test_a_wrong_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="tomorrow"):
        run(tmp_path, PLAN, "--deadline", "tomorrow")


def test_no_database_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("it asked for the database")

    path = tmp_path / "plan.xml"
    path.write_bytes(PLAN)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("zhengtu.config.embedded_database.start_embedded_database", refuse)
    monkeypatch.setattr("sys.argv", ["zhengtu", "schedule", str(path), "--json"])
    command_line.main()
