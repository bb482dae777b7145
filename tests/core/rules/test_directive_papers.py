"""The papers of directives as the rulebook holds them, and what the loader refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhengtu.core.rules.directive_papers import load_directive_papers, paper_labels
from zhengtu.core.rules.reading import RulebookInvalid

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"
SOURCES = {"local-inspection-practice": ("地方督查做法", "Local practice of inspection")}


def changed(folder: Path, before: str, after: str) -> Path:
    text = (RULEBOOK / "directives" / "papers.yaml").read_text(encoding="utf-8")
    assert before in text
    (folder / "directives").mkdir()
    (folder / "directives" / "papers.yaml").write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def test_the_papers_grow_in_weight_and_only_the_last_is_red() -> None:
    papers = load_directive_papers(RULEBOOK, sources=SOURCES).papers
    assert [(one.id, one.chases, one.is_overdue, one.layout) for one in papers.values()] == [
        ("notice", 0, False, "slip"), ("chase", 1, False, "slip"), ("red", 2, True, "red_slip"),
    ]


def test_every_paper_says_who_answers_for_what_until_when_and_whom_to_ask() -> None:
    loaded = load_directive_papers(RULEBOOK, sources=SOURCES)
    for paper in loaded.papers.values():
        said = " ".join(field.text for row in paper.rows for field in row)
        assert all(f"{{{name}}}" in said for name in ("source", "lead", "officer", "matter", "due", "contact", "phone"))
    assert paper_labels(loaded)["directive_paper"]["notice"][0] == "督办通知单"


@pytest.mark.parametrize(("before", "after", "named"), [
    ("{matter}", "{mater}", "mater"),
    ("needs: joint", "needs: joined", "joined"),
    ("layout: slip", "layout: official", "layout"),
    ("chases: 0", "chases: -1", "chases"),
    ("source: local-inspection-practice", "source: nowhere", "nowhere"),
    ("households: 户, ", "", "units_of_count"),
    ("  between: 、\n", "", "phrases"),
    ("{done}{unit}", "{made}{unit}", "made"),
])
def test_what_nothing_gives_is_refused_with_its_place(tmp_path: Path, before: str, after: str, named: str) -> None:
    with pytest.raises(RulebookInvalid, match=named):
        load_directive_papers(changed(tmp_path, before, after), sources=SOURCES)
