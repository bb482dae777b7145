"""What a forecast learns from is what the ledger holds: by day, as known on a day, within reach."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import (
    ANNOUNCED_ON,
    CHANGYI,
    CHANGYI_SECTION,
    CHUANYING_SECTION,
    CITY,
    PROJECT,
    TODAY,
    Scene,
    actor_with,
    advance,
    announce,
    at,
    build_campaign,
    record,
)
from zhengtu.campaign.progress_histories import city_histories, histories_for
from zhengtu.core.authority.actor import Actor
from zhengtu.core.forecast.history import Goal, GroupHistory
from zhengtu.registry.models import Project, Regime

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return build_campaign()


def history(code: str, *, on: date = TODAY, known: date | None = None) -> GroupHistory:
    return next(one for one in city_histories(CITY, on=on, known=known) if one.code == code)


def home(section: str, number: int) -> str:
    return f"{section}-H{number:05}"


def test_a_household_is_settled_by_agreement_or_decision_and_counts_once_registered(scene: Scene) -> None:
    announce()
    signed = advance(home(CHUANYING_SECTION, 1), to="vacated")
    decided = advance(home(CHUANYING_SECTION, 2), to="decided")
    one = history(CHUANYING_SECTION)
    assert (one.project, one.households, one.started_on, one.on) == (PROJECT, 3, ANNOUNCED_ON, TODAY)
    assert list(one.stage(Goal.SETTLED).reached_on) == sorted([signed["signed"], decided["decided"]])
    assert list(one.stage(Goal.VACATED).reached_on) == [signed["vacated"]]
    assert (one.stage(Goal.SETTLED).open, one.stage(Goal.HANDED_OVER).open) == (1, 1)
    before = history(CHUANYING_SECTION, on=signed["signed"] - timedelta(days=1))
    assert before.stage(Goal.SETTLED).open == 3
    assert history(CHUANYING_SECTION, on=date(2025, 1, 5)).households == 0


def test_the_clock_starts_with_the_first_valuation_where_nothing_is_announced(scene: Scene) -> None:
    assert history(CHANGYI_SECTION).started_on is None
    dates = advance(home(CHANGYI_SECTION, 1), to="valued")
    assert history(CHANGYI_SECTION).started_on == dates["valued"]


def test_on_collective_land_payment_waits_for_the_announcement(scene: Scene) -> None:
    Project.objects.update(regime=Regime.COLLECTIVE_LAND)
    assert history(CHUANYING_SECTION).awaits_payable
    assert history(CHUANYING_SECTION).payable_from_on is None
    record(CHUANYING_SECTION.rpartition("-")[0], "expropriation_announced", ANNOUNCED_ON, {})
    assert history(CHUANYING_SECTION).payable_from_on == ANNOUNCED_ON
    assert history(CHANGYI_SECTION).payable_from_on is None


def test_what_was_recorded_later_was_not_known(scene: Scene) -> None:
    announce()
    dates = advance(home(CHUANYING_SECTION, 1), to="valued")
    signed = dates["valued"] + timedelta(days=2)
    record(home(CHUANYING_SECTION, 1), "signed", signed, recorded_at=at(signed + timedelta(days=5)))
    late = signed + timedelta(days=4)
    assert history(CHUANYING_SECTION, known=late).stage(Goal.SETTLED).open == 3
    assert history(CHUANYING_SECTION, known=signed + timedelta(days=5)).stage(Goal.SETTLED).open == 2
    for now, then in zip(city_histories(CITY, on=TODAY), city_histories(CITY, on=TODAY, known=TODAY), strict=True):
        assert (now.code, now.households, now.started_on) == (then.code, then.households, then.started_on)
        assert [now.stage(goal) for goal in Goal] == [then.stage(goal) for goal in Goal]


def test_handover_is_the_sections_own(scene: Scene) -> None:
    record(CHUANYING_SECTION, "handed_over", date(2025, 2, 10), {})
    assert history(CHUANYING_SECTION).handed_over_on == date(2025, 2, 10)
    assert history(CHUANYING_SECTION, on=date(2025, 2, 9)).stage(Goal.HANDED_OVER).open == 1
    assert history(CHANGYI_SECTION).handed_over_on is None


@pytest.mark.parametrize("known", [None, TODAY])
def test_an_actor_gets_the_sections_within_reach(scene: Scene, known: date | None) -> None:
    def codes(actor: Actor) -> list[str]:
        return [one.code for one in histories_for(actor, on=TODAY, known=known)]

    assert codes(actor_with("mayor")) == [CHANGYI_SECTION, CHUANYING_SECTION]
    assert codes(actor_with("district_leader", CHANGYI)) == [CHANGYI_SECTION]
    assert codes(Actor(person="220200-u-stranger")) == []


def test_a_ledger_without_a_past_says_so(scene: Scene) -> None:
    said = StringIO()
    call_command("backtest", stdout=said)
    assert "Not enough data" in said.getvalue()
    with pytest.raises(CommandError, match="no campaign of a city 999900"):
        call_command("backtest", "--city", "999900")


def test_a_short_past_is_replayed_and_the_forecast_stays_silent(scene: Scene) -> None:
    announce()
    advance(home(CHUANYING_SECTION, 1), to="signed", start_on=ANNOUNCED_ON + timedelta(days=20))
    advance(home(CHUANYING_SECTION, 2), to="signed", start_on=ANNOUNCED_ON + timedelta(days=21))
    said = StringIO()
    call_command("backtest", "--json", stdout=said)
    rows = json.loads(said.getvalue())["rows"]
    assert rows
    assert all(row["abstained"]["model"] == 1.0 and row["model_alone"] is None for row in rows)


def test_a_table_of_progress_is_replayed_and_a_wrong_one_refused(tmp_path: Path, scene: Scene) -> None:
    table = tmp_path / "progress.csv"
    table.write_text(
        "programme,unit_area,date,metric,total_required,done,pct,kind\n" + "".join(
            f"R,A,2025-0{month}-01,land,100,{12 * month},,actual\n" for month in range(1, 8)
        ),
        encoding="utf-8",
    )
    said = StringIO()
    call_command("backtest", "--progress", str(table), "--json", stdout=said)
    found = json.loads(said.getvalue())
    assert found["series"][0]["basis"] == "own"
    assert found["replay"]["common"] == 10
    said = StringIO()
    call_command("backtest", "--progress", str(table), stdout=said)
    assert "R · A · land: 84.0 % on 2025-07-01" in said.getvalue()
    table.write_text("programme\n", encoding="utf-8")
    with pytest.raises(CommandError, match="has no column unit_area"):
        call_command("backtest", "--progress", str(table))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("backtest", "--progress", str(tmp_path / "none.csv"))
