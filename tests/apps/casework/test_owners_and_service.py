"""Owners named from the proof of title, and the day of service that follows from what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.factories import (
    CHANGYI,
    CHUANYING,
    NOW,
    Scene,
    actor_with,
    advance,
    announce,
    at,
    build_campaign,
    identity_number,
    record,
)
from zhengtu.casework.actions import record_fact
from zhengtu.casework.naming_owners import GivenOwner, name_owners
from zhengtu.casework.offered_files import OfferedFile
from zhengtu.casework.search import search
from zhengtu.casework.service_lists import service_place_for, service_rows
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.procedure.serving import ServiceState
from zhengtu.ledger.models import Fact
from zhengtu.registry.models import Household, Owner
from zhengtu.registry.owners import owners_of
from zhengtu.registry.procedure_cases import case_of

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "title_proof"
TWO = (
    GivenOwner("王建国", identity_number(1), "13904320001", "2/3"),
    GivenOwner("李秀兰", identity_number(2), "", "1/3"),
)


@pytest.fixture
def scene() -> Scene:
    scene = build_campaign()
    announce(CHUANYING)
    return scene


def files(*kinds: str) -> list[OfferedFile]:
    return [OfferedFile(kind, f"{kind}.txt", ContentFile(f"proof {kind}".encode())) for kind in kinds]


def name(household: Household, owners: Sequence[GivenOwner], *kinds: str, on: date = date(2025, 1, 10)) -> str:
    return name_owners(
        actor=actor_with("field_officer"), household=household, owners=owners, happened_on=on,
        files=files(*kinds), now=NOW,
    )


def serve(household: Household, on: date, **attributes: Any) -> str:
    """A valued household's report is delivered on that day."""
    return record_fact(
        actor=actor_with("field_officer"), subject=household.code, kind="valuation_report_served", happened_on=on,
        attributes=attributes, files=files("service_proof"), now=NOW,
    )


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def valued(household: Household) -> Household:
    for kind, on in (("surveyed", date(2025, 1, 6)), ("valued", date(2025, 1, 8))):
        record(household.code, kind, on)
    return household


def test_a_household_without_rows_is_its_own_owner(scene: Scene) -> None:
    one, = owners_of(scene.households[0])
    assert (one.ordinal, one.name_masked) == (1, scene.households[0].name_masked)


def test_owners_are_named_in_one_deed_that_holds_no_personal_data(scene: Scene) -> None:
    household = scene.households[0]
    deed = name(household, TWO, TITLE)
    held = owners_of(household)
    assert [(one.ordinal, one.name_masked, one.share) for one in held] == [(1, "王**", "2/3"), (2, "李**", "1/3")]
    assert held[1].personal()["identity_number"] == identity_number(2)
    fact = Fact.objects.get(deed_id=deed)
    assert fact.kind == "owners_named"
    assert fact.attributes["owners"] == 2
    assert "王" not in str(fact.attributes)
    assert identity_number(1) not in str(fact.attributes)


def test_what_stays_masked_stays_as_it_is(scene: Scene) -> None:
    household = scene.households[0]
    name(household, TWO, TITLE)
    first, second = owners_of(household)
    name(household, [
        GivenOwner(first.name_masked, first.identity_masked, "", "1/2"),
        GivenOwner(second.name_masked, second.identity_masked, "", "1/2"),
    ], TITLE)
    again = owners_of(household)
    assert [one.personal() for one in again] == [first.personal(), second.personal()]
    assert [one.share for one in again] == ["1/2", "1/2"]


def test_an_owner_is_found_by_the_exact_name_and_in_reach_only(scene: Scene) -> None:
    name(scene.households[0], TWO, TITLE)
    found = search(actor_with("field_officer"), identity_number(2)).households
    assert scene.households[0].code in [household.code for household in found]
    beyond = search(actor_with("field_officer", CHANGYI), identity_number(2)).households
    assert scene.households[0].code not in [household.code for household in beyond]


@pytest.mark.parametrize(("owners", "kinds", "code"), [
    ((), (TITLE,), "owners.count"),
    ((GivenOwner("", identity_number(1)),), (TITLE,), "owners.name_missing"),
    ((GivenOwner("王*国"), GivenOwner("李**")), (TITLE,), "owners.name_missing"),
    ((GivenOwner("王建国", "220204197001010011"),), (TITLE,), "owners.identity"),
    ((GivenOwner("王建国", share="1/2"),), (TITLE,), "owners.shares"),
    ((GivenOwner("王建国", share="1/2"), GivenOwner("李秀兰")), (TITLE,), "owners.shares"),
    ((GivenOwner("王建国", share="half"),), (TITLE,), "owners.share"),
    ((GivenOwner("王建国"),), (), "owners.proof_missing"),
])
def test_owners_are_refused_whole(
    scene: Scene, owners: Sequence[GivenOwner], kinds: Sequence[str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        name(scene.households[0], owners, *kinds)
    assert code in codes(refused)
    assert not Owner.objects.exists()


def test_an_owner_already_served_stays_who_they_are(scene: Scene) -> None:
    household = valued(scene.households[0])
    name(household, TWO, TITLE)
    serve(household, date(2025, 1, 13), method="direct", is_signed="yes", owner="2")
    with pytest.raises(Refused) as refused:
        name(household, [TWO[0]], TITLE)
    assert "owners.served" in codes(refused)
    with pytest.raises(Refused) as refused:
        name(household, [TWO[0], GivenOwner("陈玉梅", identity_number(5), "", "1/3")], TITLE)
    assert "owners.served" in codes(refused)
    thirds = [GivenOwner(owner.name, owner.identity_number, "", "1/3") for owner in TWO]
    name(household, [*thirds, GivenOwner("陈玉梅", identity_number(5), "", "1/3")], TITLE)
    assert len(owners_of(household)) == 3


@pytest.mark.parametrize(("attributes", "served_on"), [
    ({"method": "direct", "is_signed": "yes"}, "2025-01-24"),
    ({"method": "left_in_place", "has_recording": "yes"}, "2025-01-24"),
    ({"method": "post", "received_on": "2025-02-07"}, "2025-02-07"),
    ({"method": "electronic", "has_consent": "yes", "received_on": "2025-01-24"}, "2025-01-24"),
    # Announced before Spring Festival (28 January to 4 February 2025): thirty calendar days, no roll-over.
    ({"method": "announcement", "is_untraceable": "yes"}, "2025-02-23"),
    ({"method": "announcement", "is_untraceable": "yes", "period_days": "45"}, "2025-03-10"),
])
def test_the_day_of_service_is_counted(scene: Scene, attributes: dict[str, str], served_on: str) -> None:
    household = valued(scene.households[0])
    serve(household, date(2025, 1, 24), **attributes)
    fact = Fact.objects.get(subject=household.code, kind="valuation_report_served")
    assert (fact.attributes["served_on"], fact.attributes["owner"]) == (served_on, 1)


@pytest.mark.parametrize(("attributes", "code"), [
    ({"method": "direct"}, "service.unsigned"),
    ({"method": "household_member", "is_signed": "no"}, "service.unsigned"),
    ({"method": "left_in_place"}, "service.unwitnessed"),
    ({"method": "electronic", "received_on": "2025-01-24"}, "service.no_consent"),
    ({"method": "post"}, "service.no_receipt"),
    ({"method": "post", "received_on": "2025-01-23"}, "service.received_early"),
    ({"method": "announcement"}, "service.traceable"),
    ({"method": "direct", "is_signed": "yes", "served_on": "2025-01-02"}, "ledger.attribute"),
    ({"method": "direct", "is_signed": "yes", "owner": "2"}, "service.owner"),
])
def test_an_unproved_service_is_refused(scene: Scene, attributes: dict[str, str], code: str) -> None:
    household = valued(scene.households[0])
    with pytest.raises(Refused) as refused:
        serve(household, date(2025, 1, 24), **attributes)
    assert code in codes(refused)
    assert codes(refused).count(code) == 1
    assert not Fact.objects.filter(kind="valuation_report_served").exists()


def test_each_owner_is_served_by_itself_and_the_page_says_who_is_left(scene: Scene) -> None:
    household = valued(scene.households[0])
    name(household, TWO, TITLE)
    with pytest.raises(Refused) as refused:
        serve(household, date(2025, 1, 13), method="direct", is_signed="yes")
    assert "service.owner" in codes(refused)
    serve(household, date(2025, 1, 13), method="direct", is_signed="yes", owner="1")
    serve(household, date(2025, 1, 20), method="announcement", is_untraceable="yes", owner="2")
    actor = actor_with("field_officer")
    place = service_place_for(actor, scene.chuanying.code)
    assert place is not None

    def states(on: date) -> list[tuple[int, ServiceState]]:
        rows = service_rows(actor, place.code, today=on, known=None)
        return [(row.owner.ordinal, row.due.state) for row in rows if row.code == household.code]

    assert states(date(2025, 1, 9)) == [(1, ServiceState.UNSERVED), (2, ServiceState.UNSERVED)]
    assert states(date(2025, 1, 13)) == [(1, ServiceState.SERVED), (2, ServiceState.UNSERVED)]
    assert states(date(2025, 2, 18)) == [(1, ServiceState.SERVED), (2, ServiceState.ANNOUNCED)]
    assert states(date(2025, 2, 19)) == [(1, ServiceState.SERVED), (2, ServiceState.SERVED)]


def test_the_case_counts_owners_whom_the_decision_has_not_reached(scene: Scene) -> None:
    household = scene.households[0]
    name(household, TWO, TITLE)
    advance(household, to="decided")
    record(household.code, "decision_served", date(2025, 2, 10), {
        "served_on": "2025-02-10", "method": "direct", "owner": 1, "is_signed": "yes", "remedies_stated": "yes",
    })
    case = case_of(household.code)
    assert case is not None
    assert case.facts.neighbours.unserved_owners == 1


def test_a_deed_cannot_bring_its_own_day_of_service(scene: Scene) -> None:
    household = valued(scene.households[0])
    from zhengtu.ledger.act import NewFact, act  # noqa: PLC0415
    from zhengtu.registry.queries import subject_of  # noqa: PLC0415

    fact = NewFact("household", household.code, "valuation_report_served", date(2025, 1, 13), {
        "method": "post", "received_on": "2025-01-16", "served_on": "2025-01-13", "owner": 1,
    })
    with pytest.raises(Refused) as refused, act(
        actor_with("field_officer"), "fact.record", on=subject_of(household.code), at=at(date(2025, 2, 1))
    ) as deed:
        deed.record(facts=[fact])
    assert "service.other_day" in codes(refused)


@pytest.mark.parametrize(("role", "code", "is_found"), [
    ("field_officer", "220204-P0001", True), ("field_officer", "220204-P0001-S01", True),
    ("field_officer", "220202-P0001", False), ("field_officer", "220202-P0001-S01", False),
    ("mayor", "220202-P0001", True), ("client", "220204-P0001", True), ("field_officer", "nothing", False),
    ("field_officer", "220204", False),
])
def test_places_are_found_in_reach_only(scene: Scene, role: str, code: str, is_found: bool) -> None:
    assert (service_place_for(actor_with(role), code) is not None) is is_found
