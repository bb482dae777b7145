"""Marks in a text, recurrence in words and in a form, names in a field: what the reading page rests on."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.language.directive_text import Lexicon, Mention, Named
from zhengtu.web.office.directives.names import Register, mentions_of
from zhengtu.web.office.directives.recurrence import Recurrence, given_rule, spoken_rule
from zhengtu.web.office.directives.spans import Marked, found_span, part_at, part_starts, pieces

SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8)


@given(text=st.text(max_size=50), spans=SPANS, start=st.integers(0, 20))
def test_marking_never_changes_the_text(text: str, spans: list[tuple[int, int]], start: int) -> None:
    marked = [Marked(start=first, end=past, number=number) for number, (first, past) in enumerate(spans)]
    assert "".join(piece.text for piece in pieces(text, marked, start=start)) == text[start:]
    for piece in pieces(text, marked, start=start):
        covering = [one for one in marked if one.start <= piece.start < one.end]
        assert (piece.mark is None) == (not covering)
        if piece.mark is not None:
            assert piece.mark.end - piece.mark.start == min(one.end - one.start for one in covering)


def test_a_span_inside_another_shows_and_each_begins_once() -> None:
    found = pieces("abcdefghij", [Marked(1, 8, 1), Marked(3, 5, 2)])
    assert [(piece.text, piece.mark and piece.mark.number) for piece in found] == [
        ("a", None), ("bc", 1), ("de", 2), ("fgh", 1), ("ij", None)
    ]
    assert [piece.begins for piece in found] == [[], [1], [2], [], []]


@given(text=st.text(alphabet="a\n", max_size=400), size=st.integers(2, 50))
def test_parts_are_short_and_cover_the_text(text: str, size: int) -> None:
    starts = part_starts(text, size=size)
    ends = [*starts[1:], len(text)]
    assert starts[0] == 0
    assert all(end - first <= size for first, end in zip(starts, ends, strict=True))
    for place in range(len(text)):
        part = part_at(starts, place)
        assert starts[part] <= place < ends[part]


def test_words_are_found_across_blanks_and_line_ends() -> None:
    text = "One shall\n  pay by March. Two shall pay by March."
    assert found_span(text, "shall pay") == (4, 15)
    assert text[slice(*found_span(text, "shall pay by March", near=20) or (0, 0))] == "shall pay by March"
    assert found_span(text, "shall pay by March", near=20) == (30, 48)
    assert found_span(text, "nobody") is None
    assert found_span(text, "  ") is None


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("FREQ=WEEKLY", "every week"), ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every 2 weeks, on Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "every month, on day 15, the last day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"), ("FREQ=YEARLY", "every year"), ("", ""), ("nonsense", ""),
        ("FREQ=YEARLY;BYMONTH=3,12;BYMONTHDAY=-1", "every year in March, December, on the last day"),
    ],
)
def test_recurrences_are_said_in_words(rrule: str, words: str) -> None:
    with override("en"):
        assert spoken_rule(rrule) == words


def test_a_form_writes_the_rule_and_keeps_what_it_does_not_offer() -> None:
    def form(query: str) -> QueryDict:
        return QueryDict(query)

    assert given_rule(form("freq=WEEKLY&interval=2&weekday=FR")) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    assert given_rule(form("freq=MONTHLY&interval=1&month_days=15, -1")) == "FREQ=MONTHLY;BYMONTHDAY=15,-1"
    assert given_rule(form("freq=SECONDLY&interval=1")) == ""
    kept = "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=8"
    assert given_rule(form("freq=WEEKLY&interval=1&weekday=MO"), kept=kept) == kept
    assert given_rule(form("freq=WEEKLY&interval=2&weekday=MO"), kept=kept) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"


@given(interval=st.integers(1, 60), days=st.lists(st.integers(1, 31), unique=True, max_size=4))
def test_what_the_form_shows_is_what_it_sends_back(interval: int, days: list[int]) -> None:
    rule = Recurrence(frequency="MONTHLY", interval=interval, month_days=tuple(days))
    assert Recurrence.of(rule.rule()) == rule
    sent = QueryDict(mutable=True)
    sent.update({"freq": rule.frequency, "interval": str(interval), "month_days": rule.month_days_text})
    assert given_rule(sent) == rule.rule()


def register() -> Register:
    return Register.of(
        Lexicon(
            units=[
                Named(name="船营区", code="220204", aliases=("船营", "船营区政府")),
                Named(name="昌邑区", code="220202"),
            ],
            projects=[Named(name="西环线1号工程", code="220200-P0001", aliases=("西环线",))],
            groups={"各区": ("220202", "220204")},
        ),
        {"220204": ("船营区", "Chuanying District"), "220202": ("昌邑区", "Changyi District"),
         "220200-P0001": ("西环线1号工程", "West Ring, Line 1")},
    )


def test_names_of_a_field_become_mentions_whatever_their_form() -> None:
    known = register()
    for text in ("船营区", "船营", "船营区政府", "Chuanying District", "220204"):
        assert known.given_units(text) == [Mention(name="船营区", code="220204")]
    assert known.given_units("昌邑区、船营, 某部队") == [
        Mention(name="昌邑区", code="220202"), Mention(name="船营区", code="220204"), Mention(name="某部队")
    ]
    assert known.given_units("各区")[0].members == ("220202", "220204")
    assert known.given_places("West Ring, Line 1; 西环线") == [Mention(name="西环线1号工程", code="220200-P0001")]


def test_a_field_shows_names_in_the_page_s_language_and_reads_them_back() -> None:
    known = register()
    mentions = mentions_of([{"name": "船营区", "code": "220204", "members": []}, {"name": "某部队"}])
    for language in ("en", "zh-hans"):
        with override(language):
            assert known.given_units(known.field(mentions)) == mentions
