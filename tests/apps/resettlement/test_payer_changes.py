"""A payer takes over: the ledger, the wall, claims and payments say of each what accrued in its time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from tests.factories import CHUANYING, CITY, NOW, RAILWAY_INVESTMENT, TODAY, Scene, actor_with, at, record
from tests.resettlement_scene import MOVED_ON, account_of, build_waiting, entitle
from zhengtu.core.compensation.subsidy_account import PaidPeriod
from zhengtu.core.compensation.subsidy_totals import totals_by, totals_of
from zhengtu.core.kernel.reasons import Refused
from zhengtu.ledger.models import Fact
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.claims import unclaimed_for
from zhengtu.resettlement.due_dates import months_due
from zhengtu.resettlement.family_actions import record_entitlement, record_wish
from zhengtu.resettlement.home_coming import home_coming_of
from zhengtu.resettlement.overdue import wall_of
from zhengtu.resettlement.projection import resettlement_differences
from zhengtu.resettlement.subsidies import by_payer, row_for, rows_of_city
from zhengtu.resettlement.subsidy_actions import record_subsidy
from zhengtu.resettlement.subsidy_payments import payments_of

pytestmark = pytest.mark.django_db

CHANGED_ON = date(2024, 1, 1)
"""33 months after moving out: 18 × 600, 6 × 840 and 9 × 1,080 yuan had accrued."""
BY_THEN = Decimal("25560.00")


@pytest.fixture
def scene() -> Scene:
    return build_waiting()


def change(household: str, *, on: date = CHANGED_ON, **more: str) -> None:
    entitle(household, on=on, payer=CITY, payer_kind="public_finance", **more)


def owed(household: str, *, on: date = TODAY) -> dict[str, tuple[Decimal | None, ...]]:
    row = row_for(actor_with("mayor"), household, on=on)
    assert row is not None
    found = {
        one.payer: (one.account.accrued, one.account.paid, one.account.owed, one.account.arrears)
        for one in by_payer([row])
    }
    read = ("accrued", "paid", "owed", "arrears")
    for place, name in enumerate(read):
        assert sum(values[place] or 0 for values in found.values()) == getattr(row.account, name)
    return found


def paid(household: str, from_on: str, until_on: str, amount: str, payer: str, *, on: date) -> None:
    record(household, "subsidy_paid", on, {
        "from_on": from_on, "until_on": until_on, "amount_yuan": amount, "payer": payer,
    })


def test_what_accrued_before_stays_with_the_former_payer(scene: Scene) -> None:
    household = scene.households[0].code
    change(household)
    paid(household, "2021-04-01", "2022-10-01", "10800.00", RAILWAY_INVESTMENT, on=date(2022, 10, 9))
    left = BY_THEN - Decimal("10800.00")
    assert owed(household) == {
        RAILWAY_INVESTMENT: (BY_THEN, Decimal("10800.00"), left, left),
        CITY: (Decimal("15120.00"), 0, Decimal("15120.00"), Decimal("12960.00")),
    }
    before = owed(household, on=date(2023, 12, 31))
    assert list(before) == [RAILWAY_INVESTMENT]
    row = row_for(actor_with("mayor"), household, on=TODAY)
    assert row is not None
    assert row.owed_by_former == left
    later = row.account_until(date(2025, 12, 31))
    assert later == account_of(household, until=date(2025, 12, 31))
    assert (later.parts[0].accrued, later.parts[1].accrued) == (BY_THEN, Decimal("25920.00"))
    assert resettlement_differences(limit=9) == []


def test_debts_go_over_where_the_agreement_says_so(scene: Scene) -> None:
    household = scene.households[0].code
    change(household, takes_debts="yes")
    paid(household, "2021-04-01", "2022-10-01", "10800.00", RAILWAY_INVESTMENT, on=date(2022, 10, 9))
    paid(household, "2022-10-01", "2023-04-01", "5040.00", CITY, on=date(2024, 5, 1))
    assert owed(household) == {
        RAILWAY_INVESTMENT: (Decimal("10800.00"), Decimal("10800.00"), 0, 0),
        CITY: (Decimal("29880.00"), Decimal("5040.00"), Decimal("24840.00"), Decimal("22680.00")),
    }
    assert unclaimed_for(actor_with("mayor"), on=TODAY) == []


def test_a_correction_is_no_change_of_payer(scene: Scene) -> None:
    household = scene.households[0].code
    wrong = Fact.objects.get(subject=household, kind="entitlement_agreed")
    entitle(household, payer=CITY, payer_kind="public_finance", supersedes=wrong.reference)
    assert list(owed(household)) == [CITY]
    change(scene.households[1].code, on=date(2021, 3, 1))
    assert list(owed(scene.households[1].code)) == [CITY]


def test_ledger_and_wall_add_up_by_payer_to_the_fen(scene: Scene) -> None:
    change(scene.households[0].code)
    paid(scene.households[0].code, "2024-01-01", "2024-07-01", "9999.99", CITY, on=date(2024, 2, 1))
    for day in (date(2023, 12, 31), CHANGED_ON, date(2024, 6, 30), TODAY):
        rows = rows_of_city(CITY, on=day)
        whole = totals_of(row.account for row in rows)
        assert whole.accrued - whole.paid == whole.owed - whole.prepaid
        for key in ("payer", "payer_kind"):
            parts = totals_by(by_payer(rows), key=lambda one: getattr(one, key), account=lambda one: one.account)  # noqa: B023
            assert sum(parts.values(), totals_of(())) == whole
        wall = wall_of(rows, on=day)
        for groups in (wall.by_payer, wall.by_payer_kind, wall.by_project):
            assert sum((group.totals for group in groups), totals_of(())) == wall.whole.totals
            assert sum(group.families for group in groups) == wall.whole.families == 3
    assert whole.former == 1


def test_whose_days_a_payment_is_for_decides_about_an_advance(scene: Scene) -> None:
    first, second = (one.code for one in scene.households[:2])
    change(first)
    change(second)
    paid(first, "2022-10-01", "2023-01-01", "2520.00", RAILWAY_INVESTMENT, on=date(2024, 3, 1))
    paid(first, "2024-01-01", "2024-04-01", "3240.00", CITY, on=date(2024, 3, 1))
    paid(second, "2022-10-01", "2023-01-01", "2520.00", CITY, on=date(2024, 3, 1))
    assert [(one.household, one.paid_by, one.agreed) for one in unclaimed_for(actor_with("mayor"), on=TODAY)] == [
        (second, CITY, RAILWAY_INVESTMENT)
    ]


def test_a_payment_without_a_payer_is_of_whose_days_it_is_for(scene: Scene) -> None:
    household = scene.households[0].code
    change(household)
    voucher = [OfferedFile("subsidy_voucher", "voucher.txt", ContentFile(b"voucher"))]
    for from_on, until_on in ((date(2022, 10, 1), date(2023, 1, 1)), (CHANGED_ON, date(2024, 2, 1))):
        record_subsidy(
            actor=actor_with("client", RAILWAY_INVESTMENT), household=household, paid_on=TODAY, payer="",
            period=PaidPeriod(from_on, until_on, Decimal(1080)), files=voucher, now=NOW,
        )
    assert [one.payer for one in payments_of([household], on=TODAY)] == [RAILWAY_INVESTMENT, CITY]


def test_what_falls_due_in_the_months_to_come(scene: Scene) -> None:
    """Quarters of 3 × 1,080 yuan from 1 April 2021 on; one family has a rhythm of its own, one came home."""
    first, second, third = (one.code for one in scene.households[:3])
    entitle(second, on=date(2021, 3, 2), pay_every_months=1)
    record(third, "resettled", date(2025, 1, 15))
    rows = [row for row in rows_of_city(CITY, on=TODAY) if row.household in (first, second, third)]
    assert [(one.first_due_on, one.families, one.amount) for one in months_due(rows, on=TODAY, months=3)] == [
        (date(2025, 3, 1), 1, Decimal("1080.00")), (date(2025, 4, 1), 2, Decimal("4320.00")),
        (date(2025, 5, 1), 1, Decimal("1080.00")),
    ]


def test_rooms_are_a_term_of_the_agreement_and_without_them_the_basis_is_missing(scene: Scene) -> None:
    household = scene.households[0].code
    entitle(household, on=date(2021, 3, 2), rule="jiaozhou-ligezhuang")
    missing = account_of(household, until=TODAY).missing
    assert missing is not None
    assert "number of rooms" in missing.in_english()
    for day, months, ahead in ((3, 30, "24300.00"), (4, 24, "19440.00")):
        entitle(household, on=date(2021, 3, day), rule="jiaozhou-ligezhuang", rooms=3, agreed_months=months)
        account = account_of(household, until=date(2021, 4, 1))
        assert (account.accrued, account.arrears) == (Decimal("810.00"), Decimal(ahead))
    given = {
        "payer": RAILWAY_INVESTMENT, "payer_kind": "state_enterprise", "home_type": "two_bedroom",
        "home_area_m2": "75", "given_up_area_m2": "60", "moved_out_on": MOVED_ON.isoformat(), "agreed_months": "30",
        "rule": "jiaozhou-ligezhuang", "rooms": "0",
    }
    agreement = [OfferedFile("resettlement_agreement", "paper.txt", ContentFile(b"agreement"))]
    with pytest.raises(Refused) as refusal:
        record_entitlement(
            actor=actor_with("field_officer", CHUANYING), household=household, agreed_on=date(2021, 3, 5),
            given=given, files=agreement, now=NOW,
        )
    assert [one.code for one in refusal.value.reasons] == ["resettlement.rooms"]


def test_a_right_of_the_rule_opens_on_its_day_and_runs_from_the_demand(scene: Scene) -> None:
    """24 months agreed from April 2021: money from April 2023 on, another home from April 2025 on."""
    household = scene.households[0]
    entitle(household.code, on=date(2021, 3, 2), rule="zhejiang-2020", agreed_yuan_m2_month="10.00")
    form = [OfferedFile("option_form", "form.txt", ContentFile(b"form"))]
    record_wish(
        actor=actor_with("field_officer", CHUANYING), household=household.code, chosen_on=TODAY, way="cash",
        files=form, now=NOW,
    )
    record(household.code, "way_chosen", date(2025, 4, 20), {"way": "purchase"}, recorded_at=at(date(2025, 4, 20)))
    coming = home_coming_of(household, on=date(2025, 4, 20), known=None, is_promised=True)
    assert coming is not None
    assert [(one.right.id, one.opens_on, one.asked_on, one.until_on) for one in coming.demands] == [
        ("money", date(2023, 4, 1), TODAY, None),
        ("another_home", date(2025, 4, 1), date(2025, 4, 20), date(2025, 10, 20)),
    ]
    other = home_coming_of(scene.households[1], on=TODAY, known=None, is_promised=True)
    assert other is not None
    assert list(other.demands) == []
