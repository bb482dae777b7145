"""``zhengtu extract``: what it prints, where it takes the day from, what it refuses, and that it starts alone."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

SPEECH = (
    "在全市攻坚会议上的讲话\n（2025年3月4日）\n市长\n同志们：\n南湖公园项目，望江区要在3月20日前完成征收，市城投公司要保障资金。我每个月调度一次。\n"
)


def run(path: Path, *arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("extract", str(path), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def kept(folder: Path, text: str, name: str = "speech.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def objects(path: Path, *arguments: str) -> list[dict[str, Any]]:
    found = json.loads(run(path, "--json", *arguments)[0])
    assert isinstance(found, list)
    return found


def test_an_array_of_objects_whose_spans_count_the_characters_of_the_text(tmp_path: Path) -> None:
    first, second, third = objects(kept(tmp_path, SPEECH))
    assert first["units"] == ["望江区"]
    assert first["assisting"] == []
    assert first["projects"] == ["南湖公园项目"]
    assert first["due"] == {"kind": "date", "date": "2025-03-20", "rrule": None, "text": "3月20日前"}
    assert "望江区要在3月20日前完成征收" in SPEECH[slice(*first["span"])]
    assert 0 < first["confidence"] <= 1
    assert second["due"]["kind"] == "unspecified"
    assert (third["units"], third["due"]["kind"], third["due"]["rrule"]) == (["市长"], "recurring", "FREQ=MONTHLY")
    assert set(first) == {"units", "assisting", "projects", "matter", "due", "span", "confidence"}


def test_the_day_given_goes_before_the_texts_own_and_the_campaign_may_have_an_end(tmp_path: Path) -> None:
    path = kept(tmp_path, SPEECH.replace("3月20日前", "攻坚期间"))
    due = objects(path, "--campaign-end", "2025-04-30")[0]["due"]
    assert (due["kind"], due["date"]) == ("campaign_end", "2025-04-30")
    assert objects(kept(tmp_path, SPEECH), "--date", "2026-03-01")[0]["due"]["date"] == "2026-03-20"


def test_without_a_day_the_year_stays_open_and_a_warning_says_so(tmp_path: Path) -> None:
    path = kept(tmp_path, "望江区要在3月20日前完成征收。")
    out, err = run(path, "--json")
    assert json.loads(out)[0]["due"]["date"] is None
    assert "--date" in err
    month = run(kept(tmp_path, SPEECH.replace("3月4日", "3月\n日")), "--json")
    assert json.loads(month[0])[0]["due"]["date"] == "2025-03-20"
    assert "2025-03" in month[1]


def test_a_table_for_readers(tmp_path: Path) -> None:
    out, _ = run(kept(tmp_path, SPEECH), "--language", "en")
    assert out.splitlines()[0].startswith("No.")
    assert "望江区" in out
    assert "2025-03-20" in out
    empty, _ = run(kept(tmp_path, "今天天气很好。"), "--language", "en", "--date", "2025-01-01")
    assert empty.strip() == "The text assigns nothing to anybody."


def test_what_is_refused_says_so_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no text"):
        run(kept(tmp_path, " "))
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "none.txt")
    with pytest.raises(CommandError):
        run(kept(tmp_path, SPEECH), "--date", "3月4日")


def test_it_needs_neither_database_nor_the_applications(tmp_path: Path) -> None:
    code = (
        "import sys; from zhengtu.config.command_line import main; main(); "
        "sys.exit('django.contrib.auth.models' in sys.modules or 'zhengtu.registry' in sys.modules)"
    )
    environment = os.environ | {"ZHENGTU_HOME": str(tmp_path / "none")}
    done = subprocess.run(
        [sys.executable, "-c", code, "extract", str(kept(tmp_path, SPEECH)), "--json"],
        capture_output=True, text=True, check=False, env=environment, cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, len(json.loads(done.stdout))) == (0, 3)
    assert not (tmp_path / "none" / "postgres").exists()
