"""The files of due dates and of the model's question: a wrong entry is refused by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhengtu.core.rules.model_questions import load_model_rules
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.rulebook import load_rulebook

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("due.yaml", "means: recurring, rrule: 'FREQ=DAILY'", "means: repeated, rrule: 'FREQ=DAILY'", "each_day"),
        ("due.yaml", "INTERVAL={n}'", "INTERVAL={count}'", "count"),
        ("due.yaml", "pattern: '<year>?<month>[底末]'", "pattern: '<yaer>?<month>[底末]'", "yaer"),
        ("due.yaml", "pattern: '每个?工作日'", "pattern: '每个?(工作日'", "each_workday"),
        ("due.yaml", "  rel_week:", "  rel_weeks:", "rel_week"),
        ("due.yaml", "  by: '", "  bye: '", "by needs"),
        ("festivals.yaml", "from: [spring_festival, 14]", "from: [lunar_new_year, 14]", "lunar_new_year"),
        ("festivals.yaml", "names: [元旦]", "names: [春节]", "春节"),
        ("festivals.yaml", "2016-02-08", "2015-02-08", "spring_festival"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, file: str, old: str, new: str, named: str) -> None:
    copy = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK, copy)
    path = copy / "language" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match=named):
        load_rulebook(copy)


@pytest.mark.parametrize("wrong", ["seconds: 0", "seconds: soon", "certainty: 1.5", "instruction: ''"])
def test_a_wrong_bound_of_the_model_is_named(tmp_path: Path, wrong: str) -> None:
    folder = tmp_path / "language"
    folder.mkdir()
    name = wrong.partition(":")[0]
    text = (RULEBOOK / "language" / "model.yaml").read_text(encoding="utf-8")
    (folder / "model.yaml").write_text(f"{text}\n{wrong}\n", encoding="utf-8")  # the last entry of a name holds
    with pytest.raises(RulebookInvalid, match=name):
        load_model_rules(tmp_path)
