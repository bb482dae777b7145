"""What stands for fonts that a machine lacks: the same answer in Word, PDF, fontconfig and the recipe."""

from __future__ import annotations

import re
from pathlib import Path

from zhengtu.press.document_setting import FONTS
from zhengtu.press.typesetting import fonts_of_roles

ROOT = Path(__file__).resolve().parents[2]


def test_every_role_has_a_font_on_this_machine() -> None:
    assert all(fonts_of_roles().values()), fonts_of_roles()


def test_fontconfig_replaces_the_first_font_of_every_role_by_those_named_after_it() -> None:
    text = (ROOT / "tools" / "official-fonts.conf").read_text(encoding="utf-8")
    rules = {
        re.findall(r"<test[^>]*><string>(.*?)</string>", match)[0]: re.findall(r"<string>(.*?)</string>", match)[1:]
        for match in re.findall(r"<match.*?</match>", text, re.S)
    }
    assert set(rules) == {names[0] for names in FONTS.values()}
    extra = {"Noto Serif CJK SC"}
    for names in FONTS.values():
        assert rules[names[0]]
        assert set(rules[names[0]]) <= set(names) | extra


def test_the_recipe_names_every_font_of_the_standard() -> None:
    recipe = (ROOT / "docs" / "recipes" / "make-a-document.md").read_text(encoding="utf-8")
    assert all(f"| {names[0]}" in recipe for role, names in FONTS.items() if role != "plain")
