"""Every problem has a sentence and a remedy that fit its parameters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import zhengtu.core.spatial
from zhengtu.core.spatial.problem_texts import TEXTS, reason_of
from zhengtu.core.spatial.problems import SurveyFileRefused, SurveyProblem, SurveyProblemCode, refuse

PACKAGE = Path(zhengtu.core.spatial.__file__).parent
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("*.py"))}


def test_every_code_has_texts() -> None:
    assert set(TEXTS) == set(SurveyProblemCode)
    assert all(message and remedy for message, remedy in TEXTS.values())


@pytest.mark.parametrize("code", list(SurveyProblemCode))
def test_every_code_is_found_by_some_reader(code: SurveyProblemCode) -> None:
    elsewhere = "".join(text for name, text in SOURCES.items() if name not in ("problems.py", "problem_texts.py"))
    named_by_the_caller = (SurveyProblemCode.OUTSIDE_PROJECT, SurveyProblemCode.OUTSIDE_SECTION)
    assert f"SurveyProblemCode.{code.name}" in elsewhere or code in named_by_the_caller or code.name in elsewhere


@pytest.mark.parametrize("code", list(SurveyProblemCode))
def test_templates_take_named_values_only(code: SurveyProblemCode) -> None:
    for template in TEXTS[code]:
        names = re.findall(r"%\((\w+)\)s", template)
        assert "%" not in (template % dict.fromkeys(names, "")).replace(" %", "")


def test_every_message_is_marked_for_translation() -> None:
    tree = ast.parse(SOURCES["problem_texts.py"])
    marked = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "N_"
        and isinstance(node.args[0], ast.Constant)
    }
    assert {text for pair in TEXTS.values() for text in pair} <= marked


def test_a_refusal_in_words() -> None:
    with pytest.raises(SurveyFileRefused) as refusal:
        refuse(code=SurveyProblemCode.SHAPEFILE_PART_MISSING, file="红线.zip", layer="红线", part=".dbf")
    problem = refusal.value.problem
    assert problem == SurveyProblem(
        SurveyProblemCode.SHAPEFILE_PART_MISSING, {"part": ".dbf"}, "红线.zip", layer="红线"
    )
    assert reason_of(problem).in_english().startswith("The Shapefile lacks its .dbf part. Pack only")
    assert reason_of(problem).code == "spatial.shapefile_part_missing"
