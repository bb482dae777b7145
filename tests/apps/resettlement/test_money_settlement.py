"""A family that takes money instead of a home: paid what its agreement names, once, and against no recorded wish."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import NOW, TODAY, Scene, actor_with, person_with, record, signed_in_client
from tests.resettlement_scene import BUILDING, build_waiting, entitle
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Fact
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.money_settlement import VOUCHER, settle_in_money, sum_to_settle
from zhengtu.resettlement.queries import waiting

pytestmark = pytest.mark.django_db
SUM = Decimal("350000.00")


@pytest.fixture
def family(scene: Scene) -> str:
    household = scene.households[0].code
    entitle(household, on=TODAY, may_choose_cash="yes", cash_yuan=str(SUM))
    return household


@pytest.fixture
def scene() -> Scene:
    return build_waiting()


def settled(household: str, *, role: str = "client", amount_yuan: Decimal = SUM, with_voucher: bool = True) -> str:
    voucher = OfferedFile(VOUCHER, "voucher.txt", ContentFile("转账凭证（演示）".encode(), name="voucher.txt"))
    return settle_in_money(
        actor=actor_with(role), household=household, paid_on=TODAY, amount_yuan=amount_yuan,
        files=[voucher] if with_voucher else [], now=NOW,
    )


def codes_refused(household: str, **given: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        settled(household, **given)  # type: ignore[arg-type]
    return [one.code for one in refused.value.reasons]


def test_once_the_agreed_sum_is_paid_the_family_waits_no_longer(family: str) -> None:
    assert sum_to_settle(actor_with("client"), family, on=TODAY) == SUM
    deed = settled(family)
    [fact] = Fact.objects.filter(deed=deed)
    assert (fact.kind, fact.attributes) == ("cash_settled", {"amount_yuan": "350000.00"})
    assert family not in {one.household for one in waiting("220200", on=TODAY)}
    assert sum_to_settle(actor_with("client"), family, on=TODAY) is None
    assert "resettlement.not_waiting" in codes_refused(family)


def test_only_who_pays_records_it(family: str) -> None:
    for role in ("district_leader", "field_officer", "mayor"):
        assert codes_refused(family, role=role) == ["authority.not_granted"]
        assert sum_to_settle(actor_with(role), family, on=TODAY) is None


def test_another_sum_no_voucher_and_no_right_are_refused(family: str, scene: Scene) -> None:
    assert codes_refused(family, amount_yuan=Decimal("340000.00")) == ["resettlement.cash_differs"]
    assert codes_refused(family, with_voucher=False) == ["ledger.evidence_missing"]
    assert codes_refused(scene.households[1].code) == ["resettlement.no_cash"]
    assert sum_to_settle(actor_with("client"), scene.households[1].code, on=TODAY) is None


def test_nobody_is_paid_out_against_a_recorded_wish_or_beside_a_home(family: str) -> None:
    record(family, "way_chosen", TODAY, {"way": "building"})
    assert codes_refused(family) == ["resettlement.against_wish"]
    record(family, "home_assigned", TODAY, {"home": f"{BUILDING}-U0001", "by": "plan"})
    assert codes_refused(family) == ["resettlement.against_wish", "resettlement.has_home"]
    assert sum_to_settle(actor_with("client"), family, on=TODAY) is None


def test_who_pays_records_it_on_the_familys_page_where_alone_it_is_offered(family: str, scene: Scene) -> None:
    address = f"/resettlement/subsidies/households/{family}/"
    client = signed_in_client(person_with("client"))
    assert 'name="amount_yuan" value="350000.00"' in client.get(address).content.decode()
    assert f"{address}settle/" not in signed_in_client(person_with("mayor")).get(address).content.decode()
    other = f"/resettlement/subsidies/households/{scene.households[1].code}/"
    assert f"{other}settle/" not in client.get(other).content.decode()
    voucher = SimpleUploadedFile("voucher.pdf", b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n")
    given = {"paid_on": TODAY.isoformat(), "amount_yuan": "350000.00", "voucher": voucher}
    assert client.post(f"{address}settle/", {**given, "paid_on": "", "voucher": ""}).status_code == 409
    assert client.post(f"{address}settle/", given)["Location"] == address
    assert Fact.objects.get(subject=family, kind="cash_settled").happened_on == TODAY
    assert f"{address}settle/" not in client.get(address).content.decode()
