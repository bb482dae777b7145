"""Payees by keyed hashes: entered without an identity number, the person of the file stays the person of the file."""

from __future__ import annotations

import pytest

from tests.apps.campaign.planted import Street, build_street
from tests.factories import CITY, TODAY, at
from zhengtu.accounts.sealing import unseal
from zhengtu.campaign import finding_payees
from zhengtu.campaign.finding_payees import account_files, agreed_payees, paid_to, signed_agreements
from zhengtu.campaign.finding_runs import run_now
from zhengtu.campaign.models import Finding

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def street() -> Street:
    return build_street()


def test_an_owner_paid_without_an_identity_number_is_nobody_else(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = street.homes[9]
    monkeypatch.setattr(finding_payees, "unseal", lambda sealed: {**unseal(sealed), "identity_number": ""})
    (own, other) = agreed_payees(home.code)
    assert own.person == home.identity_index != other.person
    assert [one.payee == "owner" for one in paid_to([own])] == [True]
    assert [one.payee == "owner" for one in paid_to([own, other])] == [False]
    assert {file.identity for file in account_files([own])} == {home.identity_index}
    assert signed_agreements([f"{street.section.code}-"])[home.code].number == f"{home.code}-A2"


def test_a_shared_account_is_told_once_for_register_and_agreement(street: Street) -> None:
    run_now(city=CITY, now=at(TODAY))
    (finding,) = Finding.objects.filter(detector="same_account")
    assert street.code(9) not in finding.subjects
