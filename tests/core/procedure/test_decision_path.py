"""The way over a decision to the court: the shortest lawful one, which no plan may undercut."""

from __future__ import annotations

from datetime import date

from tests.core.procedure.kit import (
    calendar,
    land_decided_household,
    procedure,
    record,
    signed_household,
    valued_household,
)
from tests.core.procedure.kit import fact as fact_of
from zhengtu.core.procedure.earliest import decision_path


def test_from_the_decision_to_the_ruling_lie_seven_and_a_half_to_eight_months() -> None:
    """Signing period until 2025-05-09; decided and served on 2025-06-03, nobody appeals.

    Six months to sue end on 2025-12-03; the ten working days of the demand on 2025-12-18; the court accepts within
    five days and rules within thirty.
    """
    path = decision_path(
        facts=valued_household(), procedure=procedure(), calendar=calendar(), today=date(2025, 6, 3)
    )
    days = {id: path[id].on for id in ("decision_served", "periods_verified", "court_applied", "court_ruling_granted")}
    assert days == {
        "decision_served": date(2025, 6, 3), "periods_verified": date(2025, 12, 4), "court_applied": date(2025, 12, 19),
        "court_ruling_granted": date(2026, 1, 23),
    }
    assert 225 <= (days["court_ruling_granted"] - days["decision_served"]).days <= 243


def test_a_decision_waits_for_the_signing_period() -> None:
    path = decision_path(
        facts=valued_household(), procedure=procedure(), calendar=calendar(), today=date(2025, 4, 20)
    )
    assert path["compensation_decided"].on == date(2025, 5, 10)


def test_the_way_holds_no_agreement_and_no_proceeding() -> None:
    path = decision_path(
        facts=signed_household(), procedure=procedure(), calendar=calendar(), today=date(2025, 4, 20)
    )
    assert not {"agreement_signed", "performance_demanded", "lawsuit_filed", "judgment_given"} & path.keys()


def test_what_is_recorded_bears_its_own_date() -> None:
    case = record(
        valued_household(), fact_of("compensation_decided", date(2025, 5, 20), move_out_by=date(2025, 6, 30))
    )
    path = decision_path(facts=case, procedure=procedure(), calendar=calendar(), today=date(2025, 6, 3))
    assert path["compensation_decided"].on == date(2025, 5, 20)


def test_on_collective_land_the_order_to_hand_over_comes_between() -> None:
    regime = "collective_land"
    path = decision_path(
        facts=land_decided_household(), procedure=procedure(regime), calendar=calendar(), today=date(2025, 7, 1)
    )
    assert path["land_compensation_decided"].on == date(2025, 6, 20)
    assert path["handover_order_served"].on >= date(2025, 7, 1)
    assert (path["land_court_applied"].on - path["handover_order_served"].on).days > 180
