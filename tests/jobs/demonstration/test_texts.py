"""The texts of the demonstration's fictitious city: what is read out of them, against labels made by hand.

Labels marked ``clear`` must be read exactly; the others, on which the wording leaves room, must at least be found;
``clear: null`` are exhortations that may be read as a directive or not. Passages under ``nothing`` hold none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhengtu.core.language.directive_text import ExtractedDirective, Lexicon, Mention, Named
from zhengtu.core.language.extraction import extract_directives
from zhengtu.core.rules.rulebook import load_rulebook

REPOSITORY = Path(__file__).resolve().parents[3]
TEXTS = REPOSITORY / "zhengtu" / "jobs" / "demonstration" / "texts"
LABELS = Path(__file__).parent / "texts"
NAMES = ("speech", "minutes", "plan")
RULES = load_rulebook(REPOSITORY / "rulebook").language


def labels_of(name: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((LABELS / f"{name}.json").read_text(encoding="utf-8"))
    return held


def lexicon(*, campaign_end_on: date | None) -> Lexicon:
    raw = json.loads((LABELS / "lexicon.json").read_text(encoding="utf-8"))
    return Lexicon(
        units=[Named(**entry) for entry in raw["units"]],
        projects=[Named(**entry) for entry in raw["projects"]],
        groups=raw["groups"],
        campaign_end_on=campaign_end_on,
    )


def read(name: str, *, is_known: bool = True) -> list[ExtractedDirective]:
    labels = labels_of(name)
    ends_on = date.fromisoformat(labels["campaign_end_on"])
    return extract_directives(
        (TEXTS / f"{name}.txt").read_text(encoding="utf-8"),
        said_on=date.fromisoformat(labels["said_on"]),
        lexicon=lexicon(campaign_end_on=ends_on) if is_known else Lexicon(campaign_end_on=ends_on),
        rules=RULES,
    )


FOUND = {(name, is_known): read(name, is_known=is_known) for name in NAMES for is_known in (True, False)}
EXACT = {"speech": 14, "minutes": 10, "plan": 8}
"""So many of the clear directives of each text are read exactly; what is read otherwise differs in a project, but for
one that is missed. The numbers only rise."""
CLEAR = [(name, label) for name in NAMES for label in labels_of(name)["directives"] if label["clear"]]


def at(name: str, span: list[int], *, is_known: bool = True) -> ExtractedDirective | None:
    """What was found at a label: the directive that shares most with it, at least half of the shorter."""
    def common(one: ExtractedDirective) -> int:
        return min(one.span[1], span[1]) - max(one.span[0], span[0])

    best = max(FOUND[name, is_known], key=common, default=None)
    if best is None or 2 * common(best) < min(best.span[1] - best.span[0], span[1] - span[0]):
        return None
    return best


def plain(mentions: Any) -> set[str]:
    """Names without forms of office, collective ones in pieces."""
    def pieces(mention: Mention) -> Iterator[str]:
        for piece in mention.name.replace("（", "、").replace("）", "").split("、"):
            yield piece.removeprefix("各").removesuffix("管委会").removesuffix("政府").removesuffix("项目")

    return {piece for mention in mentions for piece in pieces(mention)}


def wanted(names: list[str]) -> set[str]:
    return plain(Mention(name) for name in names)


def is_exact(found: ExtractedDirective | None, label: dict[str, Any]) -> bool:
    due = label["due"]
    return (
        found is not None
        and plain(found.units) == wanted(label["units"])
        and plain(found.assisting) == wanted(label["assisting"])
        and plain(found.projects) == wanted(label["projects"])
        and (found.due.kind, found.due.on, found.due.rrule) == (
            due["kind"], date.fromisoformat(due["on"]) if "on" in due else None, due.get("rrule", "")
        )
    )


@pytest.mark.parametrize("name", NAMES)
def test_clear_directives_are_read_exactly(name: str) -> None:
    wrong = [
        label["words"] for one, label in CLEAR if one == name and not is_exact(at(name, label["span"]), label)
    ]
    assert sum(one == name for one, _ in CLEAR) - len(wrong) >= EXACT[name], wrong


@pytest.mark.parametrize("name", NAMES)
def test_units_and_days_of_what_is_found_are_right(name: str) -> None:
    for one, label in CLEAR:
        found = at(name, label["span"])
        if one == name and found is not None:
            assert plain(found.units) == wanted(label["units"]), label["words"]
            assert found.due.kind == label["due"]["kind"], label["words"]


@pytest.mark.parametrize("name", NAMES)
def test_nearly_each_directive_is_found_and_little_else(name: str) -> None:
    labels = labels_of(name)["directives"]
    missed = [label["words"] for label in labels if label["clear"] is not None and at(name, label["span"]) is None]
    assert len(missed) <= 1
    assert len(FOUND[name, True]) <= len(labels)


@pytest.mark.parametrize("name", NAMES)
def test_passages_that_assign_nothing_hold_nothing(name: str) -> None:
    text = (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
    for start, end in labels_of(name)["nothing"]:
        inside = [text[slice(*one.span)] for one in FOUND[name, True] if start <= one.span[0] and one.span[1] <= end]
        assert not inside


@pytest.mark.parametrize("name", NAMES)
def test_a_city_that_no_registry_knows_is_read_nearly_as_well(name: str) -> None:
    clear = [label for one, label in CLEAR if one == name]
    met = [at(name, label["span"], is_known=False) for label in clear]
    units = [
        found is not None and plain(found.units) == wanted(label["units"])
        for found, label in zip(met, clear, strict=True)
    ]
    assert sum(units) >= 0.8 * len(clear)


@pytest.mark.parametrize("name", NAMES)
def test_they_say_that_they_are_fictitious(name: str) -> None:
    first = (TEXTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("（演示文稿")
    assert "虚构" in first
