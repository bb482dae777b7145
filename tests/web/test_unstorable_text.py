"""Text that the database cannot hold is answered with 400, in the address and in forms."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import build_campaign, person_with, signed_in_client


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/search/?q=%00", "/ledger/?actor=%00", "/ledger/deeds/x%00/"])
def test_a_nul_in_the_address_is_refused(address: str) -> None:
    build_campaign()
    assert signed_in_client(person_with("mayor", "220200")).get(address).status_code == 400


@pytest.mark.django_db
def test_a_nul_in_a_form_is_refused() -> None:
    assert Client().post("/sign-in", {"username": "a\x00b", "password": "x"}).status_code in (200, 400)
