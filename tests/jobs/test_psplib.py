"""``zhengtu psplib``: what it prints, what it refuses, and that it starts without the rest of the product."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.core.plan_files.test_benchmark_files import MPLIB, PSPLIB


def run(folder: Path, name: str, content: str, *arguments: str) -> str:
    """What it writes to standard output."""
    path = folder / name
    path.write_text(content)
    out = StringIO()
    call_command("psplib", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_a_schedule_as_json_by_the_files_job_numbers(tmp_path: Path) -> None:
    answer: dict[str, Any] = json.loads(run(tmp_path, "two.sm", PSPLIB, "--seconds", "30", "--json"))
    assert (answer["makespan"], answer["bound"], answer["status"]) == (8, 8, "optimal")
    assert answer["starts"] in ({"1": 0, "2": 0, "3": 5, "4": 8}, {"1": 0, "2": 3, "3": 0, "4": 8})


def test_several_projects_by_project_and_activity(tmp_path: Path) -> None:
    answer = json.loads(run(tmp_path, "two.txt", MPLIB, "--seconds", "5", "--workers", "1", "--json"))
    assert (answer["makespan"], answer["bound"], answer["status"]) == (9, 9, "optimal")
    assert answer["starts"] == {"1:1": 0, "1:2": 3, "2:1": 7}


def test_a_table_for_reading(tmp_path: Path) -> None:
    assert run(tmp_path, "two.sm", PSPLIB, "--seconds", "30").startswith("makespan 8, bound 8, optimal\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PSPLIB.replace("   2   3\n", "   2   9\n", 1), "Line 6: successor 9 of job 1 does not exist"),
        (PSPLIB.replace("   4        1          0\n", "   4        1          1           1\n"), "run in a circle"),
        (PSPLIB.replace("    2    4\n", "    1    4\n"), "needs 2 of R1"),
        ("nothing", "Line 1"),
    ],
)
def test_a_broken_file_is_refused_with_its_name(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(CommandError, match=said) as refused:
        run(tmp_path, "broken.sm", content)
    assert str(tmp_path / "broken.sm") in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("psplib", str(tmp_path / "none.sm"))


@pytest.mark.parametrize("wrong", [["--seconds", "0"], ["--seconds", "x"], ["--workers", "0"]])
def test_numbers_that_mean_nothing_are_refused(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        run(tmp_path, "two.sm", PSPLIB, *wrong)


def test_it_needs_neither_database_nor_the_applications(tmp_path: Path) -> None:
    path = tmp_path / "two.sm"
    path.write_text(PSPLIB)
    code = (
        "import sys; from zhengtu.config.command_line import main; main(); "
        "sys.exit('django.contrib.auth.models' in sys.modules or 'zhengtu.registry' in sys.modules)"
    )
    environment = os.environ | {"ZHENGTU_HOME": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-c", code, "psplib", str(path), "--json"],
        capture_output=True, text=True, check=False, env=environment, cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, json.loads(done.stdout)["makespan"]) == (0, 8)
    assert not (tmp_path / "none" / "postgres").exists()
