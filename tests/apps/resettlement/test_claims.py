"""Claims among payers: they follow a payment to a family, are repaid and settled, and never touch what it is owed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.factories import CHANGYI, NOW, PROJECT, RAILWAY_INVESTMENT, TODAY, Scene, actor_with, record
from tests.resettlement_scene import MOVED_ON, account_of, build_waiting
from zhengtu.accounts.models import Unit
from zhengtu.core.authority.actor import Actor, Posting
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.claim_actions import Advance, open_claim, repay_claim, settle_claim
from zhengtu.resettlement.claims import claim_for, claims_for, unclaimed_for
from zhengtu.resettlement.models import AdvanceClaim

pytestmark = pytest.mark.django_db

BUREAU = "220200-finance-bureau"
PAID_ON = date(2024, 3, 1)


@pytest.fixture
def scene() -> Scene:
    """The finance bureau paid a family three months that the railway's investment company owes."""
    scene = build_waiting()
    Unit.objects.get_or_create(code=BUREAU, defaults={"name": "财政局（演示）", "kind": "department"})
    record(scene.households[0].code, "subsidy_paid", PAID_ON, {
        "from_on": MOVED_ON.isoformat(), "until_on": "2021-07-01", "amount_yuan": "1800.00", "payer": BUREAU,
    })
    return scene


@pytest.fixture
def bureau(scene: Scene) -> Actor:
    return actor_with("client", BUREAU)


def paper(kind: str) -> OfferedFile:
    return OfferedFile(kind, "paper.txt", ContentFile("依据（演示）".encode(), name="paper.txt"))


def opened(actor: Actor, scene: Scene, **changed: Any) -> str:
    payment = unclaimed_for(actor_with("mayor"), on=TODAY)
    given: dict[str, Any] = {
        "about": scene.households[0].code, "what": "subsidy", "amount": None, "advanced_by": BUREAU,
        "claimed_from": RAILWAY_INVESTMENT, "advanced_on": PAID_ON, "ground": "协议第七条：过渡费由建设单位支付。",
        "payment": payment[0].payment if payment else "",
    }
    return open_claim(actor=actor, advance=Advance(**{**given, **changed}), files=[paper("advance_paper")], now=NOW)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code.removeprefix("resettlement.") for reason in refused.value.reasons]


def test_a_payment_by_another_than_agreed_waits_for_its_claim(scene: Scene, bureau: Actor) -> None:
    mayor = actor_with("mayor")
    left = unclaimed_for(mayor, on=TODAY)
    assert [(one.household, one.paid_by, one.agreed, one.amount) for one in left] == [
        (scene.households[0].code, BUREAU, RAILWAY_INVESTMENT, Decimal("1800.00"))
    ]
    code = opened(bureau, scene)
    assert code == "220200-V0001"
    claim = claim_for(mayor, code, on=TODAY)
    assert claim is not None
    assert (claim.account.opened, claim.account.open, claim.days) == (
        Decimal("1800.00"), Decimal("1800.00"), (TODAY - PAID_ON).days,
    )
    assert claim.band is not None
    assert claim.band.id == "180-365"
    assert unclaimed_for(mayor, on=TODAY) == []


def test_the_family_has_its_money_whatever_becomes_of_the_claim(scene: Scene, bureau: Actor) -> None:
    own = scene.households[0].code
    before = account_of(own, until=TODAY)
    assert before.paid == Decimal("1800.00")
    code = opened(bureau, scene)
    repay_claim(
        actor=bureau, code=code, amount=Decimal("600.00"), repaid_on=date(2024, 5, 1), files=[paper("bank_receipt")],
        now=NOW,
    )
    settle_claim(
        actor=actor_with("coordinator"), code=code, amount=Decimal("1200.00"), outcome="专题会议定由财政承担。",
        files=[paper("other")], now=NOW,
    )
    assert account_of(own, until=TODAY) == before
    claim = claim_for(actor_with("mayor"), code, on=TODAY)
    assert claim is not None
    assert (claim.account.repaid, claim.account.settled, claim.is_open) == (Decimal(600), Decimal(1200), False)
    assert claim.account.closed_on == TODAY


@pytest.mark.parametrize(("changed", "code"), [
    ({"payment": "nothing"}, "claim_payment"),
    ({"claimed_from": "220204"}, "claim_payer"),
    ({"amount": Decimal("1800.01")}, "claim_differs"),
    ({"claimed_from": BUREAU}, "claim_itself"),
    ({"claimed_from": "220200-nobody"}, "claim_unit"),
    ({"what": "gold"}, "claim_what"),
    ({"advanced_on": TODAY + timedelta(days=1)}, "claim_day"),
    ({"ground": " "}, "claim_ground"),
    ({"what": "money", "amount": Decimal("0"), "payment": ""}, "claim_sum"),
])
def test_a_claim_that_does_not_hold_is_refused(scene: Scene, bureau: Actor, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        opened(bureau, scene, **changed)
    assert code in codes(refused)
    assert not AdvanceClaim.objects.exists()


def test_one_payment_is_claimed_once(scene: Scene, bureau: Actor) -> None:
    payment = unclaimed_for(actor_with("mayor"), on=TODAY)[0].payment
    opened(bureau, scene)
    with pytest.raises(Refused) as refused:
        opened(bureau, scene, payment=payment)
    assert codes(refused) == ["claim_twice"]


def test_more_than_is_open_is_neither_repaid_nor_settled(scene: Scene, bureau: Actor) -> None:
    code = opened(bureau, scene)
    for amount, day, reason in (
        (Decimal("1800.01"), TODAY, "claim_beyond"), (Decimal("1"), PAID_ON - timedelta(days=1), "claim_before"),
    ):
        with pytest.raises(Refused) as refused:
            repay_claim(
                actor=bureau, code=code, amount=amount, repaid_on=day, files=[paper("bank_receipt")], now=NOW,
            )
        assert codes(refused) == [reason]


def test_who_advanced_says_what_was_repaid_and_the_city_settles(scene: Scene, bureau: Actor) -> None:
    code = opened(bureau, scene)
    with pytest.raises(Refused):
        repay_claim(
            actor=actor_with("client", RAILWAY_INVESTMENT), code=code, amount=Decimal(1), repaid_on=TODAY,
            files=[paper("bank_receipt")], now=NOW,
        )
    with pytest.raises(Refused):
        settle_claim(actor=bureau, code=code, amount=Decimal(1), outcome="x", files=[paper("other")], now=NOW)


def test_a_claim_is_seen_by_its_two_sides_and_by_who_sees_the_project(scene: Scene, bureau: Actor) -> None:
    code = opened(bureau, scene)
    family = actor_with("family", subject=scene.households[0].code)
    for actor, seen in (
        (bureau, True), (actor_with("client", RAILWAY_INVESTMENT), True), (actor_with("mayor"), True),
        (actor_with("district_leader"), True), (family, False),
        (Actor("220200-u-else", (Posting("client", "220200-nobody"),)), False),
    ):
        assert bool(claim_for(actor, code, on=TODAY)) is seen
    assert claims_for(actor_with("mayor"), on=PAID_ON - timedelta(days=1)) == []
    assert unclaimed_for(family, on=TODAY) == []


def test_the_neighbouring_district_sees_claims_about_the_shared_project_but_not_about_this_family(
    scene: Scene, bureau: Actor
) -> None:
    opened(bureau, scene)
    whole = opened(bureau, scene, about=PROJECT, what="money", amount=Decimal("5000.00"), payment="")
    claims = claims_for(actor_with("district_leader", CHANGYI), on=TODAY)
    assert [one.code for one in claims] == [whole]
