"""There is no event for eviction by the administration and none for cutting utilities: proved by walking every kind.

State Council decree 590, art. 27(3) and 28; Administrative Enforcement Law, art. 43.
"""

from __future__ import annotations

import re

import pytest

from tests.core.procedure.kit import rulebook
from zhengtu.core.procedure.steps import OUTSIDE_ACTORS, Act, Actor

RULES = rulebook()
FORBIDDEN_ZH = (
    "强拆", "强制搬迁", "强制腾空", "强制清场", "断水", "断电", "断气", "断热", "停水", "停电", "停气", "停暖", "停供",
)
FORBIDDEN_EN = re.compile(
    r"evict|forced (move|removal|demolition)|cut(ting)? (off )?(the )?(water|power|gas|heat|utilit)|utilities", re.I
)
WORDS_OF_A_STEP = [
    *((f"fact {kind.id}", kind.id, *kind.label) for kind in RULES.fact_kinds.values() if kind.id != "violation_found"),
    *((f"step {version.version} {step.id}", step.id, *step.label)
      for version in RULES.procedures.versions for step in version.steps.values()),
]


@pytest.mark.parametrize("words", WORDS_OF_A_STEP, ids=lambda words: words[0])
def test_no_kind_of_fact_and_no_step_is_an_eviction_or_a_cut(words: tuple[str, str, str, str]) -> None:
    _, id, chinese, english = words
    assert not any(word in chinese for word in FORBIDDEN_ZH), chinese
    assert not FORBIDDEN_EN.search(english), english
    assert not FORBIDDEN_EN.search(id.replace("_", " ")), id


def test_such_things_are_recorded_as_violations_found_by_inspectors_alone() -> None:
    kind = RULES.fact_kinds["violation_found"]
    assert kind.verb == "violation.record"
    assert [role for role, may in RULES.authority.roles.items() if kind.verb in may] == ["inspector"]
    assert kind.milestone is None
    assert {"utilities_cut", "forced_move"} <= set(kind.attributes["violation"].choices)
    assert all(version.recorded_by(kind.id) is None for version in RULES.procedures.versions)


def test_only_a_court_lets_force_be_used() -> None:
    for version in RULES.procedures.versions:
        for step in version.having(Act.COURT_RULING):
            assert step.actor is Actor.COURT
        for step in version.having(Act.ENFORCEMENT):
            rulings = {one.id for one in version.having(Act.COURT_RULING)}
            judgments = {one.id for one in version.having(Act.JUDGMENT_ENFORCEMENT)} | {
                one.id for one in version.having(Act.JUDGMENT)
            }
            assert any(set(group) <= rulings | judgments for group in step.needs), step.id
    assert Actor.COURT in OUTSIDE_ACTORS
