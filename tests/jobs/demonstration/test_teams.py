"""The demonstration's field teams and baselines, all by deed: every skill in every district, one crew of a client to
come; the plan of the campaign's first day for whatever was announced by then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from zhengtu.campaign.plan_actions import BASELINE
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.planning.teams import SKILLS
from zhengtu.jobs.demonstration import load
from zhengtu.jobs.demonstration.baselines import ANNOUNCED, set_baselines
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.teams import enter_teams
from zhengtu.ledger.models import Deed, Fact
from zhengtu.registry.corridor_queries import corridor_openings
from zhengtu.registry.models import Project, Team
from zhengtu.registry.team_queries import team_rates

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=SHANGHAI)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


def test_every_district_has_teams_of_every_skill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    demonstration = generate(households=300, today=NOW.date())
    load.load(demonstration, now=NOW)
    count = enter_teams(now=NOW)
    assert Team.objects.count() == Deed.objects.filter(verb="team.manage").count() == count
    places = {unit.code for unit in demonstration.units if unit.kind in ("district", "development_zone")}
    rates = team_rates(places, on=NOW.date())
    assert {place: set(held) for place, held in rates.items()} == {place: set(SKILLS) for place in places}
    crew = Team.objects.get(unit="220200-railway-investment")
    assert (crew.skill, crew.from_on) == ("demolition", NOW.date() + timedelta(days=21))
    assert Team.objects.exclude(days_off=[]).exists()
    announced = {
        step.participation for step in demonstration.steps
        if step.kind == ANNOUNCED and step.happened_on <= demonstration.campaign.start_on
    }
    assert set_baselines(demonstration, now=NOW) == len(announced) > 0
    found = Fact.objects.filter(kind=BASELINE)
    assert set(found.values_list("subject", flat=True)) == announced
    assert {fact.attributes["baseline_on"] for fact in found} == {demonstration.campaign.start_on.isoformat()}
    assert all(fact.deed.evidence.exists() for fact in found)
    # Its corridors are real strips: what is outstanding opens something.
    openings = corridor_openings(Project.objects.values_list("code", flat=True), on=NOW.date())
    assert openings
    assert all(metres > 0 for metres in openings.values())
