"""The rulebook's matters of inspection: what they say, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.procedure.kit import RULEBOOK, rulebook
from zhengtu.core.rules.inspection import FORMS, load_inspection
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.inspection.models import InspectionForm


def test_every_form_of_the_rulebook_is_one_of_an_inspection() -> None:
    assert list(FORMS) == InspectionForm.values


def test_each_matter_has_an_answer_for_every_case() -> None:
    for matter in rulebook().inspection.matters.values():
        assert {answer.is_false for answer in matter.answers.values()} == {True, False, None}
        assert matter.figure in ("", *matter.reported)
    moved_out = rulebook().inspection.matters["moved_out"]
    assert moved_out.answers["lived_in_again"].is_moved_back
    assert moved_out.answers["unreachable"].is_cleared is None
    assert rulebook().label(group="inspection_answer", id="moved_out.never_left", language="en") == "Never moved out"


def answer(raw: Any, **given: Any) -> None:
    raw["matters"]["moved_out"]["answers"]["empty"].update(given)


def moved_out(raw: Any, **given: Any) -> None:
    raw["matters"]["moved_out"].update(given)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw["draw"].update(together=1), "nobody inspects alone"),
        (lambda raw: raw["draw"].update(least_per_stratum=0), "whole number"),
        (lambda raw: raw["visits"].update(farthest_m="far"), "whole number"),
        (lambda raw: moved_out(raw, reported=["demolished", "vacated"]), "lawful order"),
        (lambda raw: moved_out(raw, reported=[]), "lawful order"),
        (lambda raw: moved_out(raw, figure="signed"), "figure"),
        (lambda raw: moved_out(raw, unless=["vacated"]), "other milestones"),
        (lambda raw: moved_out(raw, forms=["raid"]), "unknown form"),
        (lambda raw: moved_out(raw, forms=["patrol"]), "discounts no figure"),
        (lambda raw: moved_out(raw, expected_rate=1), "expected_rate"),
        (lambda raw: moved_out(raw, quiet_for="street"), "street"),
        (lambda raw: moved_out(raw, source="nowhere#1"), "unknown source"),
        (lambda raw: moved_out(raw, label=["只有一个"]), "label"),
        (lambda raw: answer(raw, false=True), "in quotes"),
        (lambda raw: answer(raw, cleared="maybe"), "in quotes"),
        (lambda raw: answer(raw, violation="loitering"), "unknown violation"),
        (lambda raw: answer(raw, moved_back=True), "not cleared"),
        (lambda raw: answer(raw, false="unknown"), "no consequence"),
        (lambda raw: raw["matters"]["moved_out"]["answers"].pop("unreachable"), "tells nothing"),
        (lambda raw: raw["matters"]["moved_out"].pop("asks"), "asks"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path: Path, change: Any, said: str) -> None:
    raw = yaml.safe_load((RULEBOOK / "inspection" / "matters.yaml").read_text(encoding="utf-8"))
    change(raw)
    (tmp_path / "inspection").mkdir()
    (tmp_path / "inspection" / "matters.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False))
    with pytest.raises(RulebookInvalid, match=said):
        load_inspection(
            tmp_path, sources=rulebook().labels["source"], violations=["utilities_cut", "violence", "other"]
        )
