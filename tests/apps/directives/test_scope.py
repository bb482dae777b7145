"""Who sees and does what: cities as a whole, units what was given to them, by every door alike."""

from __future__ import annotations

import pytest

from tests.apps.directives.kit import answered, draft, new_directive
from tests.factories import (
    CHANGYI,
    CHUANYING,
    LONGTAN,
    RAILWAY_INVESTMENT,
    ROLE_UNITS,
    TODAY,
    TRANSPORT_BUREAU,
    actor_with,
    at,
    build_campaign,
)
from zhengtu.campaign.deeds import deed_file, deeds_about, deeds_for, evidence_for, facts_about, refusals_for
from zhengtu.core.kernel.reasons import Refused
from zhengtu.directives import actions
from zhengtu.directives.queries import directive_for, directives_for, history_of, texts_for
from zhengtu.ledger.rulebook import current_rulebook

pytestmark = pytest.mark.django_db(transaction=True)

OWN, FOREIGN, AS_HELPER, AS_CLIENT = (f"220200-D{number:04d}" for number in range(1, 5))


@pytest.fixture
def four_directives() -> None:
    """One of 船营区 and 昌邑区, one of 龙潭区, one that the transport bureau helps with, one of the railway company."""
    build_campaign()
    actions.set_directives(
        actor=actor_with("coordinator"), now=at(TODAY),
        drafts=[
            draft(), draft(lead=LONGTAN, joint=()), draft(lead=LONGTAN, joint=(), assisting=(TRANSPORT_BUREAU,)),
            draft(lead=RAILWAY_INVESTMENT, joint=()),
        ],
    )


ALL = [OWN, FOREIGN, AS_HELPER, AS_CLIENT]
SEEN = {
    "mayor": ALL, "vice_mayor": ALL, "coordinator": ALL, "inspector": ALL, "auditor": ALL,
    "district_leader": [OWN], "field_officer": [OWN], "department": [AS_HELPER], "client": [AS_CLIENT],
    "appraiser": [], "family": [],
}


@pytest.mark.usefixtures("four_directives")
@pytest.mark.parametrize("role", sorted(SEEN))
def test_each_role_sees_its_own(role: str) -> None:
    actor = actor_with(role, subject="220204-P0001-S01-H00001" if role in ("family", "appraiser") else "")
    assert [one.code for one in directives_for(actor, on=TODAY)] == SEEN[role]
    assert [code for code in ALL if directive_for(actor, code, on=TODAY) is not None] == SEEN[role]
    may_read_texts = role in ("mayor", "vice_mayor", "coordinator", "inspector", "auditor")
    assert (texts_for(actor).query.where.contains_aggregate, may_read_texts or not texts_for(actor).exists()) == (
        False, True,
    )


def test_every_role_of_the_rulebook_is_in_the_table() -> None:
    assert set(SEEN) == set(current_rulebook().authority.roles) == set(ROLE_UNITS)


@pytest.mark.usefixtures("four_directives")
def test_the_ledgers_pages_show_a_unit_what_was_given_to_it_and_nothing_else() -> None:
    actions.receive_directive(
        actor=actor_with("district_leader", LONGTAN), code=FOREIGN, officer="石某", now=at(TODAY)
    )
    actions.receive_directive(actor=actor_with("district_leader"), code=OWN, officer="邹某", now=at(TODAY))
    answered(OWN)
    leader, other = actor_with("district_leader"), actor_with("district_leader", LONGTAN)
    assert len(facts_about(leader, OWN, on=TODAY)) == 4
    assert facts_about(leader, FOREIGN, on=TODAY) == []
    assert not deeds_about(leader, FOREIGN).exists()
    assert {deed.subject for deed in deeds_for(leader)} & set(ALL) == {OWN}
    (setting,) = {event.deed for event in history_of(OWN) if event.kind == "directive_set"}
    file = deed_file(leader, setting)
    assert file is not None
    assert {fact.subject for fact in file.facts} == {OWN}
    assert file.facts_in_reach == 2
    report = next(event for event in history_of(OWN) if event.kind == "directive_reported")
    (paper,) = [one for event in [report] for one in deed_file(leader, event.deed).evidence]
    assert evidence_for(leader, paper.file_id, deed=report.deed) is not None
    assert evidence_for(other, paper.file_id, deed=report.deed) is None
    assert deed_file(other, report.deed) is None


@pytest.mark.usefixtures("four_directives")
def test_refused_attempts_stay_with_the_unit_that_they_are_about() -> None:
    with pytest.raises(Refused):
        answered(FOREIGN, unit=LONGTAN)
    assert not refusals_for(actor_with("district_leader", CHANGYI)).filter(subject=FOREIGN).exists()
    assert refusals_for(actor_with("district_leader", LONGTAN)).filter(subject=FOREIGN).exists()


@pytest.mark.usefixtures("four_directives")
@pytest.mark.parametrize("role", ["district_leader", "client", "department", "field_officer", "auditor"])
def test_who_may_not_set_directives(role: str) -> None:
    with pytest.raises(Refused) as caught:
        new_directive(role=role, lead=LONGTAN, joint=())
    assert caught.value.reasons[0].code == "authority.not_granted"


@pytest.mark.usefixtures("four_directives")
def test_a_field_officer_sees_but_does_not_answer() -> None:
    with pytest.raises(Refused) as caught:
        actions.receive_directive(
            actor=actor_with("field_officer", CHUANYING), code=OWN, officer="某", now=at(TODAY)
        )
    assert caught.value.reasons[0].code == "authority.not_granted"
