"""Who may be appointed to what: tables of actors, posts and answers against the real rulebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhengtu.core.authority.actor import Actor, Authority, Posting
from zhengtu.core.authority.appointments import appointment_reasons, exclusion_reasons
from zhengtu.core.rules.rulebook import load_rulebook

COORDINATOR = Actor("220200-u0001", (Posting("coordinator", "220200-construction-commission"),))
DISTRICT_LEADER = Actor("220200-u0002", (Posting("district_leader", "220204"),))
OFFICER = Actor("220200-u0003", (Posting("field_officer", "220204"),))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return load_rulebook(Path(__file__).resolve().parents[3] / "rulebook").authority


@pytest.mark.parametrize(
    ("actor", "posting", "code"),
    [
        (COORDINATOR, Posting("mayor", "220200"), ""),
        (COORDINATOR, Posting("client", "220200-railway-investment"), ""),
        (COORDINATOR, Posting("mayor", "330100"), "authority.wider_than_own"),
        (COORDINATOR, Posting("family", "220204"), "authority.subject_missing"),
        (COORDINATOR, Posting("family", "220204", "220204-P0001-S01-H00001"), ""),
        (COORDINATOR, Posting("emperor", "220200"), "authority.unknown_role"),
        (DISTRICT_LEADER, Posting("field_officer", "220204"), ""),
        (DISTRICT_LEADER, Posting("field_officer", "220203"), "authority.wider_than_own"),
        (DISTRICT_LEADER, Posting("mayor", "220204"), "authority.wider_than_own"),
        (DISTRICT_LEADER, Posting("inspector", "220204"), "authority.wider_than_own"),
        (DISTRICT_LEADER, Posting("client", "220200-railway-investment"), "authority.wider_than_own"),
        (DISTRICT_LEADER, Posting("district_leader", "220200-hadawan-command"), "authority.wider_than_own"),
        (DISTRICT_LEADER, Posting("appraiser", "220204", "220204-P0001-S01"), ""),
        (DISTRICT_LEADER, Posting("appraiser", "220204", "220203-P0001-S01"), "authority.wider_than_own"),
        (DISTRICT_LEADER, Posting("appraiser", "220204", "220200-P0001"), "authority.wider_than_own"),
        (OFFICER, Posting("field_officer", "220204"), "authority.wider_than_own"),
    ],
)
def test_nobody_gives_more_than_they_reach(authority: Authority, actor: Actor, posting: Posting, code: str) -> None:
    reasons = appointment_reasons(authority, actor=actor, person="220200-u0099", posting=posting)
    assert [reason.code for reason in reasons] == ([code] if code else [])


def test_nobody_appoints_themselves(authority: Authority) -> None:
    reasons = appointment_reasons(
        authority, actor=COORDINATOR, person=COORDINATOR.person, posting=Posting("inspector", "220200")
    )
    assert [reason.code for reason in reasons] == ["authority.own_appointment"]


@pytest.mark.parametrize(
    ("role", "held", "is_refused"),
    [
        ("client", ["field_officer"], True),
        ("field_officer", ["client"], True),
        ("appraiser", ["field_officer"], True),
        ("client", ["district_leader"], True),
        ("appraiser", ["client"], True),
        ("inspector", ["auditor", "coordinator"], False),
        ("client", ["client"], False),
        ("field_officer", [], False),
    ],
)
def test_pairs_that_exclude_each_other_are_looked_at_over_all_posts(
    authority: Authority, role: str, held: list[str], is_refused: bool
) -> None:
    reasons = exclusion_reasons(authority, role=role, held_roles=held)
    assert bool(reasons) is is_refused
    assert all(reason.code == "authority.exclusive" for reason in reasons)
