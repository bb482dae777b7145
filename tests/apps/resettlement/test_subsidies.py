"""The subsidy ledger and the overdue wall: the same rows, the counts of the figures, sums to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.factories import CHANGYI, CHUANYING, CITY, PROJECT, RAILWAY_INVESTMENT, TODAY, actor_with, at, record
from tests.resettlement_scene import account_of, build_waiting, entitle
from zhengtu.core.compensation.subsidy_totals import totals_by, totals_of
from zhengtu.core.ledger.figures import OVERDUE_FIGURES
from zhengtu.core.ledger.lateness import BANDS
from zhengtu.ledger.models import Fact
from zhengtu.ledger.queries import Reach, figures_by_section, total_of
from zhengtu.resettlement.overdue import OverdueWall, late_in, wall_of
from zhengtu.resettlement.queries import waiting
from zhengtu.resettlement.subsidies import (
    accounts_of,
    added_by,
    by_payer,
    row_for,
    rows_for,
    rows_of_city,
)

pytestmark = pytest.mark.django_db

PAID = {"from_on": "2021-04-01", "until_on": "2023-04-01", "amount_yuan": "15840.00", "payer": RAILWAY_INVESTMENT}


def wall(*, on: date, known: date | None = None) -> OverdueWall:
    return wall_of(rows_for(actor_with("mayor"), on=on, known=known), on=on)


def test_an_account_follows_from_entitlement_and_payments() -> None:
    household = build_waiting().households[0].code
    record(household, "subsidy_paid", date(2023, 5, 4), PAID)
    account = account_of(household, until=TODAY)
    assert (account.accrued, account.overdue) == (Decimal("40680.00"), Decimal("24840.00"))
    assert (account.paid, account.owed, account.prepaid) == (Decimal("15840.00"), Decimal("24840.00"), 0)
    assert (account.monthly, account.per_day) == (Decimal("1080.00"), Decimal("35.51"))
    assert account_of(household, until=date(2023, 3, 31)).owed == Decimal("15840.00")
    assert account_of(waiting(CITY, on=TODAY)[0].household, until=date(2025, 3, 1)).accrued == Decimal("41760.00")
    with pytest.raises(KeyError):
        account_of("220204-P0001-S01-H99999", until=TODAY)


def test_a_withdrawn_payment_counts_until_it_was_withdrawn() -> None:
    household = build_waiting().households[0].code
    record(household, "subsidy_paid", date(2023, 5, 4), PAID, recorded_at=at(date(2025, 1, 10)))
    paid = Fact.objects.get(subject=household, kind="subsidy_paid")
    record(household, "withdrawn", TODAY, {"reason": "录错户"}, supersedes=paid.reference)
    assert account_of(household, until=TODAY).paid == 0
    known = row_for(actor_with("mayor"), household, on=TODAY, known=date(2025, 1, 10))
    assert known is not None
    assert known.account.paid == Decimal("15840.00")
    before = row_for(actor_with("mayor"), household, on=TODAY, known=date(2025, 1, 9))
    assert before is not None
    assert before.account.paid == 0


def test_without_a_rule_or_an_entitlement_the_reason_stands_in_place_of_a_sum() -> None:
    scene = build_waiting()
    first, second, third = (one.code for one in scene.households[:3])
    entitle(second, on=date(2021, 3, 2), rule="")
    terms = Fact.objects.filter(subject=third, kind="entitlement_agreed").get()
    record(third, "withdrawn", TODAY, {"reason": "录错户"}, supersedes=terms.reference)
    rows = {row.household: row for row in rows_of_city(CITY, on=TODAY)}
    assert [rows[code].account.missing is None for code in (first, second, third)] == [True, False, False]
    assert rows[third].payer == ""
    reasons = [rows[code].account.missing for code in (second, third)]
    assert all(reason is not None and reason.code == "transition.basis_missing" for reason in reasons)
    seen = wall(on=TODAY)
    assert (seen.whole.families, seen.whole.totals.missing) == (3, 2)
    assert seen.whole.totals.per_day == Decimal("35.51")


@pytest.mark.parametrize(
    "day", [date(2023, 4, 1), date(2023, 4, 2), date(2023, 10, 2), date(2024, 4, 1), date(2024, 4, 2), TODAY]
)
def test_the_wall_counts_what_the_figures_count_on_every_day(day: date) -> None:
    scene = build_waiting(late=2)
    record(scene.households[1].code, "resettled", date(2025, 1, 15))
    seen = wall(on=day)
    figures = total_of(figures_by_section(reach=Reach(prefixes=("2202",)), on=day))
    for band, held in zip(BANDS, range(len(BANDS)), strict=True):
        assert sum(seen.whole.by_band[held:]) == figures[OVERDUE_FIGURES[band.over]]
    assert seen.whole.families == sum(seen.whole.by_band) == len(seen.late)
    assert seen.months[-1].late == seen.whole.families if seen.months else seen.whole.families == 0
    known = wall(on=day, known=date(2025, 1, 14))
    figures_known = total_of(figures_by_section(reach=Reach(prefixes=("2202",)), on=day, known=date(2025, 1, 14)))
    assert known.whole.families == figures_known["overdue_over_0"]


def test_groups_add_up_to_the_whole_and_bands_narrow_the_rows() -> None:
    build_waiting(late=2)
    seen = wall(on=TODAY)
    for groups in (seen.by_project, seen.by_jurisdiction, seen.by_client, seen.by_payer, seen.by_payer_kind):
        assert sum(group.families for group in groups) == seen.whole.families == 2
        assert sum((group.totals for group in groups), totals_of(())) == seen.whole.totals
    assert seen.by_payer[0].kind == "state_enterprise"
    assert (seen.by_project[0].over_a_year, seen.by_project[0].longest) == (2, 23)
    rows = rows_for(actor_with("mayor"), on=TODAY)
    assert len(late_in(rows, band="13-24")) == len(late_in(rows, over=12)) == 2
    assert late_in(rows, band="1-6") == late_in(rows, over=24) == []
    assert late_in(rows, band="no-such") == []


def test_a_settlement_in_money_stops_it_and_the_forecast_runs_on() -> None:
    scene = build_waiting()
    first, second = scene.households[0].code, scene.households[1].code
    record(first, "cash_settled", date(2023, 4, 1), {"amount_yuan": "500000.00"})
    rows = {row.household: row for row in rows_of_city(CITY, on=TODAY)}
    assert (rows[first].account.accrued, rows[first].is_late) == (Decimal("15840.00"), False)
    until = date(2025, 12, 31)
    assert rows[first].account_until(until).accrued == Decimal("15840.00")
    assert rows[second].account_until(until) == account_of(second, until=until)
    assert rows[second].account_until(until).accrued == Decimal("51480.00")
    assert added_by(rows.values(), until=until, key=lambda row: row.household)[second] == Decimal("10800.00")


def test_the_ledger_adds_up_by_payer_project_and_division() -> None:
    scene = build_waiting()
    entitle(scene.households[1].code, on=date(2021, 3, 2), payer=CITY, payer_kind="public_finance")
    rows = rows_of_city(CITY, on=TODAY)
    assert totals_of(row.account for row in rows).accrued == Decimal("122040.00")
    by_kind = totals_by(by_payer(rows), key=lambda one: one.payer_kind, account=lambda one: one.account)
    assert {kind: one.accrued for kind, one in by_kind.items()} == {
        "state_enterprise": Decimal("81360.00"), "public_finance": Decimal("40680.00"),
    }
    assert {one.payer for one in by_payer(rows)} == {RAILWAY_INVESTMENT, CITY}
    assert {(row.project, row.jurisdiction) for row in rows} == {(PROJECT, CHUANYING)}


def test_each_sees_their_own_families_alone() -> None:
    household = build_waiting().households[0].code
    assert len(rows_for(actor_with("mayor"), on=TODAY)) == 3
    assert len(rows_for(actor_with("district_leader", CHUANYING), on=TODAY)) == 3
    assert rows_for(actor_with("district_leader", CHANGYI), on=TODAY) == []
    assert [row.household for row in rows_for(actor_with("family", subject=household), on=TODAY)] == [household]
    assert len(rows_for(actor_with("client", RAILWAY_INVESTMENT), on=TODAY)) == 3
    assert rows_for(actor_with("appraiser", subject=PROJECT), on=TODAY) == []


def test_any_number_of_families_takes_the_same_few_questions(django_assert_max_num_queries: object) -> None:
    scene = build_waiting()
    codes = [one.code for one in scene.households]
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        assert len(accounts_of(codes, until=TODAY)) == 3
