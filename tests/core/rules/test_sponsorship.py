"""Remedies are data with an article each; causes are about the file, and nothing that describes a person gets in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.core.procedure.kit import rulebook
from zhengtu.core.ledger.fact_kinds import Attribute
from zhengtu.core.rules.reading import RulebookInvalid
from zhengtu.core.rules.rulebook import load_rulebook
from zhengtu.core.rules.sponsorship import ATTRIBUTES, refuse_personal
from zhengtu.core.sponsorship.rules import LEGACY

RULES = rulebook()
FOLDER = Path(__file__).resolve().parents[3] / "rulebook"
PERSONAL = ("age", "sex", "health", "religion", "employer", "relatives", "temper", "risk_level", "income", "petitions")


def test_every_remedy_cites_an_article_and_every_cause_has_one_under_each_regime() -> None:
    sponsorship = RULES.sponsorship
    assert all("#" in remedy.source for remedy in sponsorship.remedies.values())
    for regime in ("state_land", "collective_land", LEGACY):
        assert all(sponsorship.offered_for([cause], regime=regime) for cause in sponsorship.causes)


def test_facts_of_sponsorship_hold_nothing_about_a_person() -> None:
    kinds = [kind for kind in RULES.fact_kinds.values() if kind.through == "sponsorship"]
    held = {name for kind in kinds for name in kind.attributes}
    assert kinds
    assert held <= ATTRIBUTES
    assert not held & set(PERSONAL)


@pytest.mark.parametrize("name", PERSONAL)
def test_a_personal_attribute_is_refused_by_the_loader(name: str) -> None:
    kind = RULES.fact_kinds["hard_case_described"]
    worse = replace(kind, attributes={**kind.attributes, name: Attribute(name, "text", ("某", "some"))})
    with pytest.raises(RulebookInvalid, match=name):
        refuse_personal({**RULES.fact_kinds, kind.id: worse})


@pytest.mark.parametrize("text", ["钉子户，脾气大", "a known troublemaker", "本人有前科"])
def test_words_about_a_person_are_refused_with_what_to_write_instead(text: str) -> None:
    (reason,) = RULES.sponsorship.text_reasons(text)
    assert reason.code == "sponsorship.personal"
    assert reason.remedy
    assert RULES.sponsorship.text_reasons(text, is_own=True) == []  # a family says of itself what it likes


def test_texts_are_short() -> None:
    limit = RULES.sponsorship.text_limit
    assert [reason.code for reason in RULES.sponsorship.text_reasons("证" * (limit + 1))] == ["sponsorship.text_long"]
    assert RULES.sponsorship.text_reasons("证" * limit) == []
    assert [reason.code for reason in RULES.sponsorship.text_reasons(" ")] == ["sponsorship.text_missing"]


def without(*path: str) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        held = raw
        for name in path[:-1]:
            held = held[name]
        del held[path[-1]]

    return change


def setting(value: object, *path: str) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        held = raw
        for name in path[:-1]:
            held = held[name]
        held[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("remedies", "notary_succession", "source"), "source"),
        (setting("civil-code", "remedies", "heirs_agreement", "source"), "an article"),
        (setting("unheard-of#1", "remedies", "heirs_agreement", "source"), "unknown source"),
        (setting(["character"], "remedies", "mediation", "causes"), "unknown cause"),
        (setting(["never_heard"], "remedies", "revaluation", "facts"), "unknown kind of fact"),
        (setting("x", "remedies", "mediation", "temper"), "unknown entry"),
        (setting(["title", "temper"], "causes"), "causes are exactly"),
        (setting([], "personal_words"), "personal_words"),
        (setting(["emperor"], "superiors", "vice_mayor"), "emperor"),
        (setting(-1, "quiet_days"), "-1"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: Callable[[dict[str, Any]], None], said: str) -> None:
    folder = tmp_path / "rulebook"
    shutil.copytree(FOLDER, folder)
    file = folder / "sponsorship" / "remedies.yaml"
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(raw)
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(RulebookInvalid, match=said):
        load_rulebook(folder)
