"""Who may do what, where: default deny, scopes as unions, posts for one thing that never widen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtu.core.authority.actor import Actor, Authority, Posting, Scope, Subject, is_at_or_below
from zhengtu.core.rules.rulebook import load_rulebook

RULES = load_rulebook(Path(__file__).resolve().parents[3] / "rulebook")
AUTHORITY = RULES.authority
HOUSEHOLD = "220204-P0001-S01-H00001"


def actor(*postings: Posting) -> Actor:
    return Actor(person="220200-u-somebody", postings=postings)


def may(who: Actor, verb: str, code: str, **more: frozenset[str]) -> bool:
    return AUTHORITY.may(actor=who, verb=verb, subject=Subject(code=code, **more)) is None


def test_without_a_post_nothing_is_allowed() -> None:
    for verb in AUTHORITY.verb_labels:
        assert not AUTHORITY.scope(actor=actor(), verb=verb)
        assert not may(actor(), verb, HOUSEHOLD)


def test_an_unknown_role_or_verb_allows_nothing() -> None:
    assert not may(actor(Posting("emperor", "220200")), "household.view", HOUSEHOLD)
    assert not may(actor(Posting("mayor", "220200")), "household.burn", HOUSEHOLD)


def test_a_refusal_says_what_is_missing_and_what_to_do() -> None:
    reason = AUTHORITY.may(actor=actor(), verb="fact.record", subject=Subject(code=HOUSEHOLD))
    assert reason is not None
    assert reason.code == "authority.not_granted"
    assert reason.parameters == {"verb": "verb:fact.record", "subject": HOUSEHOLD}
    assert reason.remedy


@pytest.mark.parametrize(
    ("posting", "verb", "code", "is_allowed"),
    [
        (Posting("mayor", "220200"), "household.view", HOUSEHOLD, True),
        (Posting("mayor", "220200"), "household.view", "220304-P0001-S01-H00001", False),
        (Posting("mayor", "220200"), "household.unmask", HOUSEHOLD, False),
        (Posting("mayor", "220200"), "fact.record", HOUSEHOLD, False),
        (Posting("field_officer", "220204"), "fact.record", HOUSEHOLD, True),
        (Posting("field_officer", "220202"), "fact.record", HOUSEHOLD, False),
        (Posting("field_officer", "220204"), "fact.record_valuation", HOUSEHOLD, False),
        (Posting("field_officer", "220204"), "fact.record_payment", HOUSEHOLD, False),
        (Posting("field_officer", "220204"), "fact.record", "220200-P0001", False),
        (Posting("district_leader", "220204"), "fact.record_decision", HOUSEHOLD, True),
        (Posting("district_leader", "220272"), "fact.record_decision", HOUSEHOLD, False),
        (Posting("auditor", "220200"), "fact.correct", HOUSEHOLD, False),
    ],
)
def test_the_table_of_the_rulebook(posting: Posting, verb: str, code: str, is_allowed: bool) -> None:
    assert may(actor(posting), verb, code) is is_allowed


def test_a_client_reaches_what_is_built_for_it_and_a_department_what_it_leads() -> None:
    client = actor(Posting("client", "220200-railway-investment"))
    assert may(client, "fact.record_payment", HOUSEHOLD, clients=frozenset({"220200-railway-investment"}))
    assert not may(client, "fact.record_payment", HOUSEHOLD, clients=frozenset({"220200-other"}))
    department = actor(Posting("department", "220200-transport-bureau"))
    assert may(department, "household.view", HOUSEHOLD, leads=frozenset({"220200-transport-bureau"}))
    assert not may(department, "household.view", HOUSEHOLD, clients=frozenset({"220200-transport-bureau"}))


def test_a_family_sees_its_own_household_alone() -> None:
    family = actor(Posting("family", "220204", HOUSEHOLD))
    assert may(family, "household.view", HOUSEHOLD)
    for other in ("220204-P0001-S01-H00002", "220204-P0001-S01-H000010", "220204-P0001-S01", "220200-P0001", ""):
        assert not may(family, "household.view", other)


def test_a_subject_role_without_a_subject_reaches_nothing() -> None:
    assert not AUTHORITY.scope(actor=actor(Posting("family", "220204")), verb="household.view")
    assert not AUTHORITY.scope(actor=actor(Posting("appraiser", "220200")), verb="fact.record_valuation")


@pytest.mark.parametrize("role", sorted(AUTHORITY.roles))
def test_a_post_for_one_thing_never_reaches_beyond_it(role: str) -> None:
    section = "220204-P0001-S01"
    limited = actor(Posting(role, "220200", section))
    for verb, kind in AUTHORITY.roles[role].items():
        if kind == "self":
            continue
        scope = AUTHORITY.scope(actor=limited, verb=verb)
        assert scope == Scope(subjects=frozenset({section})), verb
        everything = frozenset({"220200"})
        for other in ("220204-P0001-S02", "220204-P0001-S010", "220200-P0001", "220204", "220200", ""):
            assert not scope.covers(Subject(code=other, clients=everything, leads=everything)), (verb, other)


def test_several_posts_add_up_and_none_takes_away() -> None:
    north, south = Posting("field_officer", "220204"), Posting("field_officer", "220202")
    family = Posting("family", "220272", "220272-P0009-S01-H00007")
    both = AUTHORITY.scope(actor=actor(north, south, family), verb="household.view")
    assert both.prefixes == {"220204", "220202"}
    assert both.subjects == {"220272-P0009-S01-H00007"}
    assert may(actor(north, family), "household.view", "220272-P0009-S01-H00007")
    assert not may(actor(north, family), "fact.record", "220272-P0009-S01-H00007")


def test_ones_own_account_is_reached_by_the_persons_code_alone() -> None:
    scope = AUTHORITY.scope(actor=actor(Posting("mayor", "220200")), verb="account.manage")
    assert scope.covers(Subject(code="220200-u-somebody"))
    assert not scope.covers(Subject(code="220200-u-other"))
    assert not scope.covers(Subject(code=""))


@pytest.mark.parametrize(
    ("code", "top", "is_below"),
    [
        (HOUSEHOLD, HOUSEHOLD, True),
        (HOUSEHOLD, "220204-P0001-S01", True),
        (HOUSEHOLD, "220200-P0001", True),
        ("220204-P0001-S10-H00001", "220204-P0001-S1", False),
        ("220204-P0011-S01", "220200-P0001", False),
        ("220304-P0001-S01", "220200-P0001", False),
        ("220200-P0001", "220204-P0001-S01", False),
        ("220204", "220200-P0001", False),
    ],
)
def test_what_lies_at_or_below_a_code(code: str, top: str, is_below: bool) -> None:
    assert is_at_or_below(code, top) is is_below


codes = st.builds(
    lambda division, project, section, household: f"{division}-P{project:04d}-S{section:02d}-H{household:05d}",
    st.sampled_from(["220202", "220204", "220272", "220304"]),
    st.integers(1, 12), st.integers(1, 99), st.integers(1, 99999),
)
postings = st.builds(
    Posting, st.sampled_from(sorted(AUTHORITY.roles)), st.sampled_from(["220200", "220202", "220204", "220272"]),
    st.one_of(st.just(""), codes, codes.map(lambda code: code.rsplit("-", 1)[0])),
)


@given(st.lists(postings, max_size=4), codes, st.sampled_from(sorted(AUTHORITY.verb_labels)))
def test_a_union_covers_exactly_what_one_of_its_posts_covers(held: list[Posting], code: str, verb: str) -> None:
    whole = may(actor(*held), verb, code)
    assert whole is any(may(actor(posting), verb, code) for posting in held)


@given(codes, codes)
def test_no_code_lies_below_one_that_merely_begins_alike(one: str, other: str) -> None:
    if one != other:
        assert not is_at_or_below(one, other)
    assert not is_at_or_below(f"{one}9", one)


def test_no_role_holds_two_verbs_that_exclude_each_other() -> None:
    assert AUTHORITY.exclusive
    for role, granted in AUTHORITY.roles.items():
        for pair in AUTHORITY.exclusive:
            assert not set(pair) <= set(granted), role


def test_an_empty_scope_is_falsy_and_covers_nothing() -> None:
    assert not Scope()
    assert not Scope().covers(Subject(code=HOUSEHOLD, clients=frozenset({"x"}), leads=frozenset({"x"})))
    assert not Authority(roles={}).scope(actor=actor(Posting("mayor", "220200")), verb="household.view")
