"""Words of directives out of the mayor's channel: those that follow a secret finding may not tell of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from zhengtu.core.rules.channel import SECRET, load_channel
from zhengtu.core.rules.reading import RulebookInvalid

FILE = Path(__file__).resolve().parents[3] / "rulebook" / "channel" / "directives.yaml"


def changed(folder: Path, **matters: str) -> Path:
    raw: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    raw["matters"] |= matters
    (folder / "channel").mkdir()
    (folder / "channel" / "directives.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    return folder


def test_the_words_in_force_are_sound(tmp_path: Path) -> None:
    assert load_channel(changed(tmp_path)).workdays >= 1


@pytest.mark.parametrize("kind", SECRET)
@pytest.mark.parametrize("words", ["按督查结论整改，{due}前报送。", "就抽查发现的问题整改，{due}前报送。"])
def test_words_that_tell_of_an_inspection_are_refused(tmp_path: Path, kind: str, words: str) -> None:
    with pytest.raises(RulebookInvalid, match="before its release"):
        load_channel(changed(tmp_path, **{kind: words}))


@pytest.mark.parametrize("kind", SECRET)
def test_a_secret_directive_has_no_place_for_a_name(tmp_path: Path, kind: str) -> None:
    with pytest.raises(RulebookInvalid, match="subject"):
        load_channel(changed(tmp_path, **{kind: "就{subject}整改，{due}前报送。"}))


def test_an_unknown_kind_and_an_unknown_place_are_named(tmp_path: Path) -> None:
    with pytest.raises(RulebookInvalid, match="exactly"):
        load_channel(changed(tmp_path, emperor="x"))
