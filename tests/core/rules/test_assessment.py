"""The rulebook's files on assessment: what they say, and that activity and families can never be measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from tests.core.procedure.kit import RULEBOOK, rulebook
from zhengtu.core.assessment.scheme import AssessmentRules, Measure
from zhengtu.core.rules.assessment import RESULTS, load_assessment
from zhengtu.core.rules.reading import RulebookInvalid, load_sources

RULES = rulebook().assessment


def loaded(folder: Path) -> AssessmentRules:
    return load_assessment(
        folder, sources=load_sources(RULEBOOK), facts=rulebook().fact_kinds, verbs=rulebook().authority.verb_labels
    )


def changed(folder: Path, file: str, change: Callable[[Any], object]) -> Path:
    """A folder with the files, one of them changed by a function of its entries."""
    copytree(RULEBOOK / "assessment", folder / "assessment")
    path = folder / "assessment" / file
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@pytest.mark.parametrize("scheme", RULES.schemes.values(), ids=lambda scheme: scheme.id)
def test_praise_weighs_as_much_as_blame_in_every_scheme(scheme: Any) -> None:
    for criterion in scheme.criteria:
        if criterion.measure is Measure.EVENTS:
            assert criterion.bonus == criterion.points
            worths = [worth for _, worth in criterion.per_event]
            assert max(worths) == -min(worths)
        else:
            assert not criterion.bonus


@pytest.mark.parametrize("scheme", RULES.schemes.values(), ids=lambda scheme: scheme.id)
def test_every_scheme_gives_a_hundred_points_and_grades_down_to_nothing(scheme: Any) -> None:
    assert scheme.full_points == 100
    assert [band.id for band in scheme.bands] == ["excellent", "good", "passed", "failed"]
    assert scheme.band_of(scheme.full_points).id == "excellent"


def test_results_are_exactly_those_that_are_computed() -> None:
    assert {id: result.measure for id, result in RULES.results.items()} == RESULTS


def _lawful(worth: int, *, bonus: int = 10) -> dict[str, Any]:
    return {"points": 10, "bonus": bonus, "per_event": {"violation": -5, "section_agreed": worth}}


def _home(**changes: Any) -> Callable[[Any], object]:
    return lambda raw: raw["results"]["homes_in_time"].update(changes)


def _request(**changes: Any) -> Callable[[Any], object]:
    return lambda raw: raw["results"]["requests_answered"].update(changes)


def _criterion(**changes: Any) -> Callable[[Any], object]:
    def change(raw: Any) -> None:
        raw["schemes"]["districts-2025"]["criteria"].update(changes)

    return change


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("schemes.yaml", _criterion(visits_made={"points": 5}), "visits_made is no result"),
        ("results.yaml", _home(label=["走访户数", "Homes"]), "走访"),
        ("results.yaml", _home(counts=["张照片", "photos"]), "photo"),
        ("results.yaml", _home(label=["登录", "Log-ins"]), "instead of results"),
        ("results.yaml", _home(facts=["sponsor_visited"]), "sponsor_visited"),
        ("results.yaml", _home(facts=["directive_chased"]), "activity|Activity"),
        ("results.yaml", _request(facts=["lawsuit_filed"]), "families"),
        ("results.yaml", _request(label=["不配合户", "Requests"]), "families"),
        (
            "results.yaml",
            lambda raw: raw["results"]["lawful_conduct"]["events"].update(petition=["上访", "Petition"]), "families",
        ),
        ("results.yaml", lambda raw: raw["results"].pop("homes_in_time"), "homes_in_time"),
        ("schemes.yaml", lambda raw: raw["schemes"]["districts-2025"].update(label=["打卡考核", "Check"]), "打卡"),
        ("refused.yaml", lambda raw: raw["activity"].update(words=[]), "nothing would be refused"),
        ("schemes.yaml", _criterion(lawful_conduct=_lawful(5, bonus=5)), "weighs as much"),
        ("schemes.yaml", _criterion(lawful_conduct=_lawful(2)), "weighs as much"),
        ("schemes.yaml", _criterion(homes_in_time={"points": 10, "bonus": 5}), "neither bonus"),
        ("schemes.yaml", _criterion(homes_in_time={"points": 0}), "above 0"),
        ("schemes.yaml", _criterion(homes_in_time={"points": "1.005"}), "two decimals"),
        ("schemes.yaml", _criterion(truthfulness={"points": 5, "adjusted": True}), "only a share"),
        ("schemes.yaml", _criterion(homes_in_time={"points": 5, "source": "nowhere#1"}), "unknown source"),
        ("schemes.yaml", lambda raw: raw["schemes"]["clients-2025"].update(units=["appraiser"]), "units are some of"),
        ("schemes.yaml", lambda raw: raw["schemes"]["clients-2025"].update(bands={"good": 50}), "go down to 0"),
        ("burden.yaml", lambda raw: raw["typed"].update(never_was=[]), "never_was"),
        ("burden.yaml", lambda raw: raw.update(imported_verbs=["paper.shred"]), "paper.shred"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    tmp_path: Path, file: str, change: Callable[[Any], object], said: str
) -> None:
    with pytest.raises(RulebookInvalid, match=said):
        loaded(changed(tmp_path, file, change))
