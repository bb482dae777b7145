"""The demonstration's options and plans: really computed, handed out, and a plan at every stage of its way."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.management import call_command

from zhengtu.campaign.models import RunStage
from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.directives.models import Directive
from zhengtu.directives.queries import city_directives
from zhengtu.jobs.demonstration import load
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.home_plans import plan_homes
from zhengtu.jobs.demonstration.homecoming import offer_homes
from zhengtu.ledger.models import Deed, Fact
from zhengtu.resettlement.models import OptionsRun, PlanFiling
from zhengtu.resettlement.options_case import gathered_case
from zhengtu.resettlement.options_runs import computed
from zhengtu.resettlement.options_settings import settings_from
from zhengtu.resettlement.plan_queries import milestone_standings

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]
NOW = datetime(2026, 3, 20, 9, 30, tzinfo=SHANGHAI)
HOUSEHOLDS = 240


def test_runs_are_computed_and_a_plan_stands_at_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "make_password", lambda password: f"plain${password}")
    load.load(generate(households=HOUSEHOLDS, today=NOW.date()), now=NOW)
    offer_homes(city="220200", households=HOUSEHOLDS, now=NOW)
    codes = plan_homes(households=HOUSEHOLDS, now=NOW)

    client, district = OptionsRun.objects.order_by("asked_at")
    assert {run.stage for run in (client, district)} == {RunStage.DONE}
    assert len({one[:6] for one in client.projects}) > 1
    assert len(client.result["points"]) > 1
    assert client.handed_point == len(client.result["points"]) - 1
    assert district.handed_point is None
    again = computed(gathered_case(district.projects, settings_from(district.settings), on=district.on), points=4)
    assert again["points"] == district.result["points"], "the same every time"

    plans = PlanFiling.objects.in_bulk(codes)
    assert [plans[code].stage for code in codes] == ["filed", "submitted", "draft", "approved"]
    filed = plans[codes[0]]
    assert set(city_directives_of(filed)) == set(filed.directives)
    [due] = [one for one in milestone_standings(filed, on=NOW.date()) if one.due_on <= NOW.date()]
    assert due.milestone["way"] == "cash"
    assert 0 < due.home < due.count
    assert Fact.objects.filter(kind="directive_reported", subject=due.directive).count() == 1
    assert not Deed.objects.filter(recorded_at__gt=NOW).exists()
    call_command("verify_ledger")


def city_directives_of(plan: PlanFiling) -> list[str]:
    """Codes of the city's directives that name the plan."""
    known = {row.code for row in city_directives("220200", on=NOW.date())}
    return [one.pk for one in Directive.objects.filter(matter__contains=plan.code) if one.pk in known]
