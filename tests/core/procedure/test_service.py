"""Service of documents: when a document counts as served, and what its proof lacks otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.procedure.kit import calendar
from zhengtu.core.procedure.service import Delivery, Method, serve

DAY = date(2026, 2, 12)


@pytest.mark.parametrize(
    ("delivery", "served_on"),
    [
        (Delivery(Method.DIRECT, DAY, is_signed=True), DAY),
        (Delivery(Method.HOUSEHOLD_MEMBER, DAY, is_signed=True), DAY),
        (Delivery(Method.LEFT_IN_PLACE, DAY, has_witness=True), DAY),
        (Delivery(Method.LEFT_IN_PLACE, DAY, has_recording=True), DAY),
        (Delivery(Method.POST, DAY, received_on=date(2026, 2, 25)), date(2026, 2, 25)),
        (Delivery(Method.ELECTRONIC, DAY, received_on=DAY, has_consent=True), DAY),
        # Thirty days from the announcement; a longer announced period counts, a shorter one does not.
        (Delivery(Method.ANNOUNCEMENT, DAY, is_untraceable=True), date(2026, 3, 14)),
        (Delivery(Method.ANNOUNCEMENT, DAY, is_untraceable=True, period_days=60), date(2026, 4, 13)),
        (Delivery(Method.ANNOUNCEMENT, DAY, is_untraceable=True, period_days=10), date(2026, 3, 14)),
    ],
)
def test_the_day_of_service_by_method(delivery: Delivery, served_on: date) -> None:
    service = serve(delivery, calendar=calendar())
    assert service.served is not None
    assert service.served.on == served_on
    assert not service.reasons


@pytest.mark.parametrize(
    ("delivery", "code"),
    [
        (Delivery(Method.DIRECT, DAY), "service.unsigned"),
        (Delivery(Method.LEFT_IN_PLACE, DAY, is_signed=True), "service.unwitnessed"),
        (Delivery(Method.POST, DAY), "service.no_receipt"),
        (Delivery(Method.POST, DAY, received_on=date(2026, 2, 11)), "service.received_early"),
        (Delivery(Method.ELECTRONIC, DAY, received_on=DAY), "service.no_consent"),
        (Delivery(Method.ANNOUNCEMENT, DAY), "service.traceable"),
    ],
)
def test_no_day_of_service_while_the_proof_is_not_whole(delivery: Delivery, code: str) -> None:
    service = serve(delivery, calendar=calendar())
    assert service.served is None
    assert [reason.code for reason in service.reasons] == [code]
    assert service.reasons[0].source.startswith("civil-procedure-law#")
