"""Field teams: entered once by deed, read as of any day, refused and scoped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests.factories import (
    APPRAISER,
    CHANGYI,
    CHUANYING,
    LONGTAN,
    NOW,
    RAILWAY_INVESTMENT,
    TODAY,
    Scene,
    actor_with,
    at,
    build_campaign,
)
from zhengtu.core.kernel.reasons import Refused
from zhengtu.core.planning.plan_case import Stage
from zhengtu.ledger.models import Deed, Refusal
from zhengtu.registry.models import Team
from zhengtu.registry.team_actions import TeamTerms, change_team, enter_team
from zhengtu.registry.team_queries import (
    field_teams,
    team_history_for,
    team_places_for,
    team_rates,
    team_units_for,
    teams_for,
)

TERMS = TeamTerms(
    jurisdiction=CHUANYING, unit=CHUANYING, name="协商一组", name_en="Negotiation Team 1", skill="negotiation",
    members=5, from_on=date(2025, 2, 1),
)


@pytest.fixture
def scene(db: None) -> Scene:
    return build_campaign()


def entered(terms: TeamTerms = TERMS) -> Team:
    return enter_team(actor=actor_with("coordinator"), terms=terms, now=NOW)


def refusal(terms: TeamTerms) -> list[str]:
    with pytest.raises(Refused) as refused:
        entered(terms)
    assert not Team.objects.exists()
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.usefixtures("scene")
def test_a_team_is_entered_under_the_next_number_of_its_district() -> None:
    first, second = entered(), entered(replace(TERMS, name="协商二组"))
    assert (first.code, second.code, first.version) == ("220204-T001", "220204-T002", 1)
    deed = Deed.objects.get(pk=first.deed)
    assert (deed.verb, deed.subject, deed.reasons[0]["code"]) == ("team.manage", CHUANYING, "team.recorded")


@pytest.mark.usefixtures("scene")
def test_a_change_holds_from_its_first_day_and_what_was_stays_readable() -> None:
    team = entered()
    larger = change_team(
        actor=actor_with("coordinator"), team=team, now=at(date(2025, 2, 20)),
        terms=replace(TERMS, members=8, from_on=date(2025, 3, 1), households_per_day=Decimal("2.50")),
    )
    assert (larger.code, larger.version) == (team.code, 2)
    mayor = actor_with("mayor")
    assert [one.members for one in teams_for(mayor, on=date(2025, 2, 25))] == [5]
    assert [one.members for one in teams_for(mayor, on=date(2025, 3, 1))] == [8]
    # On 19 February nobody knew of the change that was recorded on the 20th.
    assert [one.members for one in teams_for(mayor, on=date(2025, 3, 1), known=date(2025, 2, 19))] == [5]
    assert [one.version for one in team_history_for(mayor, code=team.code)] == [2, 1]


@pytest.mark.usefixtures("scene")
def test_a_team_that_ends_is_there_until_then() -> None:
    team = entered()
    change_team(actor=actor_with("coordinator"), team=team, terms=replace(TERMS, until_on=date(2025, 3, 1)), now=NOW)
    mayor = actor_with("mayor")
    assert len(teams_for(mayor, on=date(2025, 2, 28))) == 1
    assert teams_for(mayor, on=date(2025, 3, 1)) == []


@pytest.mark.usefixtures("scene")
def test_rates_count_the_teams_that_serve_on_the_day() -> None:
    entered()
    entered(replace(TERMS, households_per_day=Decimal("0.50"), unit=RAILWAY_INVESTMENT))
    entered(replace(TERMS, from_on=TODAY + timedelta(days=30)))
    entered(replace(TERMS, skill="valuation", unit=APPRAISER))
    rates = team_rates([CHUANYING, CHANGYI], on=TODAY)
    assert set(rates) == {CHUANYING}
    negotiation = rates[CHUANYING][Stage.NEGOTIATION]
    assert (negotiation.teams, negotiation.households_per_day(default=Decimal("1.5"))) == (2, Decimal(1))
    assert rates[CHUANYING][Stage.VALUATION].teams == 1
    assert len(field_teams([CHUANYING], on=TODAY)) == 4


@pytest.mark.usefixtures("scene")
def test_own_days_come_back_as_values() -> None:
    span = (date(2025, 2, 17), date(2025, 2, 21))
    entered(replace(TERMS, days_off=[span], extra_days=[(date(2025, 2, 22), date(2025, 2, 22))]))
    (team,) = field_teams([CHUANYING], on=TODAY)
    assert (team.days_off, team.extra_days) == ((span,), ((date(2025, 2, 22), date(2025, 2, 22)),))


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"jurisdiction": LONGTAN}, ["team.no_place", "team.no_unit"]),
        ({"unit": CHANGYI}, ["team.no_unit"]),
        ({"unit": "330100-nobody"}, ["team.no_unit"]),
        ({"skill": "payment"}, ["team.no_skill"]),
        ({"name": "  "}, ["team.no_name"]),
        ({"members": 0}, ["team.members"]),
        ({"members": 201}, ["team.members"]),
        ({"households_per_day": Decimal(0)}, ["team.pace"]),
        ({"until_on": date(2025, 2, 1)}, ["team.empty_period"]),
        ({"days_off": [(date(2025, 3, 2), date(2025, 3, 1))]}, ["team.span"]),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], codes: list[str]) -> None:
    assert refusal(replace(TERMS, **change)) == codes  # type: ignore[arg-type]


@pytest.mark.usefixtures("scene")
def test_a_team_keeps_its_district_and_skill_and_is_not_changed_by_two_at_once() -> None:
    team = entered()
    coordinator = actor_with("coordinator")
    with pytest.raises(Refused) as other:
        change_team(actor=coordinator, team=team, terms=replace(TERMS, skill="survey"), now=NOW)
    assert other.value.reasons[0].code == "team.other_team"
    change_team(actor=coordinator, team=team, terms=replace(TERMS, members=6), now=NOW)
    with pytest.raises(Refused) as late:
        change_team(actor=coordinator, team=team, terms=replace(TERMS, members=7), now=NOW)
    assert late.value.reasons[0].code == "team.changed_meanwhile"
    assert Team.objects.count() == 2


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize("role", ["mayor", "field_officer", "client", "inspector", "department"])
def test_others_may_not_manage_teams_and_the_attempt_is_noted(role: str) -> None:
    with pytest.raises(Refused):
        enter_team(actor=actor_with(role), terms=TERMS, now=NOW)
    assert Refusal.objects.filter(verb="team.manage", subject=CHUANYING).count() == 1


@pytest.mark.usefixtures("scene")
def test_a_district_manages_and_sees_its_own_teams_alone() -> None:
    leader = actor_with("district_leader", CHANGYI)
    with pytest.raises(Refused):
        enter_team(actor=leader, terms=TERMS, now=NOW)
    team = entered()
    assert teams_for(leader, on=TODAY) == []
    assert team_history_for(leader, code=team.code) == []
    assert [place.code for place in team_places_for(leader)] == [CHANGYI]
    assert {CHANGYI, RAILWAY_INVESTMENT, APPRAISER} <= {unit.code for unit in team_units_for(leader)}
    assert CHUANYING not in {unit.code for unit in team_units_for(leader)}


@pytest.mark.usefixtures("scene")
def test_a_client_sees_the_teams_of_its_own() -> None:
    entered()
    own = entered(replace(TERMS, unit=RAILWAY_INVESTMENT))
    assert [team.code for team in teams_for(actor_with("client"), on=TODAY)] == [own.code]


@pytest.mark.usefixtures("scene")
def test_the_database_keeps_what_was_entered() -> None:
    entered()
    with pytest.raises(DatabaseError), transaction.atomic():
        Team.objects.update(members=50)
    with pytest.raises(DatabaseError), transaction.atomic():
        Team.objects.all().delete()
