"""Whatever a language model answers: only what the text bears out is kept, and nothing but one error is raised."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.language.directive_text import ExtractedDirective, Lexicon, Named
from zhengtu.core.language.model_answers import AnswerInvalid, beside_rules, directives_in, pieces_of
from zhengtu.core.rules.model_questions import load_model_rules
from zhengtu.core.rules.rulebook import load_rulebook

RULEBOOK = Path(__file__).resolve().parents[3] / "rulebook"
RULES, DUE = load_model_rules(RULEBOOK), load_rulebook(RULEBOOK).due
PIECE = "澄湖区要在3月15日前完成征收。市住建局、市财政局负责核对房源。"  # a fictitious city
LEXICON = Lexicon(
    units=[Named("澄湖区", "990101", ["澄湖区政府"])],
    groups={"各区（开发区）": ["990101", "990102"]},
    projects=[Named("环湖快速路", "990100-P0001")],
)
OFFSET = 100

NAMES = st.lists(
    st.sampled_from(["澄湖区", "澄湖区政府", "市住建局", "某某局", "", 7, None, "各区（开发区）"]), max_size=3
)
QUOTES = st.one_of(
    st.tuples(st.integers(0, len(PIECE)), st.integers(0, len(PIECE))).map(lambda cut: PIECE[min(cut) : max(cut)]),
    st.text(max_size=12),
)
ENTRIES = st.fixed_dictionaries(
    {"quote": QUOTES, "units": NAMES, "assisting": NAMES, "projects": NAMES,
     "due": st.sampled_from(["", "3月15日前", "2099年底前", "立即"])},
    optional={"state": st.just("confirmed")},
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["directives", "quote", "x"]), inner),
)


def read(answer: str) -> list[ExtractedDirective]:
    return directives_in(
        answer, piece=PIECE, offset=OFFSET, said_on=date(2025, 1, 10), lexicon=LEXICON, rules=RULES, due=DUE
    )


@given(answer=st.one_of(
    st.text(), ANYTHING.map(json.dumps), st.lists(ENTRIES | ANYTHING, max_size=4).map(
        lambda entries: json.dumps({"directives": entries})
    ),
))
def test_whatever_is_answered(answer: str) -> None:
    try:
        found = read(answer)
    except AnswerInvalid:
        return
    for one in found:
        assert PIECE[one.span[0] - OFFSET : one.span[1] - OFFSET] == one.matter
        assert one.because == ("model",)
        assert one.confidence == RULES.certainty
        assert one.units
        for mention in [*one.units, *one.assisting, *one.projects]:
            assert mention.code or mention.name in PIECE
        assert one.due.on in (None, date(2025, 3, 15))


def test_names_of_the_registry_are_linked_though_the_text_has_them_otherwise() -> None:
    entry: dict[str, Any] = {
        "quote": "澄湖区要在3月15日前完成征收", "units": ["澄湖区政府"], "assisting": [], "projects": ["环湖快速路"],
        "due": "3月15日前",
    }
    found, = read(json.dumps({"directives": [entry]}))
    assert [(unit.name, unit.code) for unit in found.units] == [("澄湖区", "990101")]
    assert [(place.name, place.code) for place in found.projects] == [("环湖快速路", "990100-P0001")]
    assert found.due.on == date(2025, 3, 15)


def test_what_a_rule_has_read_alike_is_not_proposed_again() -> None:
    entry: dict[str, Any] = {
        "quote": "澄湖区要在3月15日前完成征收", "units": ["澄湖区"], "assisting": [], "projects": [],
        "due": "3月15日前",
    }
    model, = read(json.dumps({"directives": [entry]}))
    assert beside_rules([model], by_rule=[model]) == []
    other, = read(json.dumps({"directives": [{**entry, "due": ""}]}))
    assert [one.because for one in beside_rules([other], by_rule=[model])] == [("model", "model_differs")]
    assert [one.because for one in beside_rules([model], by_rule=[])] == [("model",)]


@given(text=st.text(alphabet="甲乙。；\n ", max_size=300), longest=st.integers(5, 60))
def test_pieces_cover_the_text_in_order(text: str, longest: int) -> None:
    rules = replace(RULES, longest_piece=longest, most_pieces=100)
    past = 0
    for start, piece in pieces_of(text, rules=rules):
        assert not text[past:start].strip()
        assert text[start : start + len(piece)] == piece
        assert 0 < len(piece) <= longest
        past = start + len(piece)
    assert not text[past:].strip()


def test_a_very_long_text_is_not_asked_about_without_end() -> None:
    pieces = list(pieces_of("甲" * 10_000_000, rules=RULES))
    assert len(pieces) == RULES.most_pieces


def test_too_many_directives_are_thrown_away() -> None:
    with pytest.raises(AnswerInvalid):
        read(json.dumps({"directives": [{}] * (RULES.most_directives + 1)}))
