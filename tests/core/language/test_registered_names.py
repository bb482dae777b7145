"""Which registered project a text means: by its name, by its beginning, by what stands in its brackets, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhengtu.core.language.directive_text import Lexicon, Named
from zhengtu.core.language.extraction import extract_directives
from zhengtu.core.language.names import Names
from zhengtu.core.rules.language import load_language_alone

RULES = load_language_alone(Path(__file__).resolve().parents[3] / "rulebook")
LEXICON = Lexicon(projects=[
    Named("澄湖大道快速路", "990100-P0001"), Named("澄湖大道快速路东段节点", "990100-P0001-990101-S01"),
    Named("滨河南路两侧棚户区改造（老码头区域）", "990100-P0002"), Named("望江片区棚户区改造", "990100-P0003"),
    Named("云栖路一期工程", "990100-P0004"), Named("云栖路二期工程", "990100-P0005"),
])
"""Invented."""


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("澄湖大道", "990100-P0001"),
        ("滨河南路两侧棚户区改造项目", "990100-P0002"),
        ("老码头区域", "990100-P0002"),
        ("望江片区棚户区", "990100-P0003"),
        ("云栖路", ""),  # two projects begin so
        ("望江", ""),  # too short to be meant
        ("临河公园", ""),
    ],
)
def test_a_project_is_meant_by_a_part_of_its_name_where_only_one_can_be(said: str, code: str) -> None:
    found = Names(LEXICON, words=RULES.units).project(said, endings=RULES.projects.classes)
    assert found.code == code
    assert found.code or found.name == said


def test_the_projects_of_a_sentence_lead_to_the_register() -> None:
    said = "澄湖大道、云栖路一期等快速路项目，望江区要在3月15日前启动征收。"
    (one,) = extract_directives(said, said_on=None, lexicon=LEXICON, rules=RULES)
    assert [mention.code for mention in one.projects] == ["990100-P0001", "990100-P0004"]
