"""Queued tasks; the worker finds them here."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from procrastinate.contrib.django import app

from zhengtu.accountability.opening import open_due_cases
from zhengtu.campaign.finding_runs import TASK as FIND_IRREGULARITIES
from zhengtu.campaign.finding_runs import carry_out_run, run_now
from zhengtu.campaign.levelling_runs import TASK as LEVEL_TEAMS
from zhengtu.campaign.levelling_runs import carry_out_levelling
from zhengtu.campaign.outlook_runs import TASK as REFRESH_OUTLOOKS
from zhengtu.campaign.outlook_runs import keep_fresh, refresh_city
from zhengtu.campaign.scenario_runs import TASK as TRY_SCENARIO
from zhengtu.campaign.scenario_runs import carry_out_scenario
from zhengtu.casework.agreement_runs import TASK as DRAFT_AGREEMENTS
from zhengtu.casework.agreement_runs import carry_out_drafting
from zhengtu.casework.paid_payees import agreement_payees
from zhengtu.casework.policy_trials import TASK as TRY_POLICY
from zhengtu.casework.policy_trials import carry_out_trial
from zhengtu.directives.model_proposals import TASK as ASK_MODEL
from zhengtu.directives.model_proposals import add_model_proposals
from zhengtu.directives.reminding import cities_with_directives, remind
from zhengtu.funds.payment_runs import RUN_TASK as PREPARE_PAYMENTS
from zhengtu.funds.payment_runs import carry_out_run as carry_out_payment_run
from zhengtu.notices.delivering import deliver_due
from zhengtu.registry.queries import cities
from zhengtu.registry.survey_uploads import CHECK_TASK, IMPORT_TASK, carry_out_upload, check_upload
from zhengtu.registry.tiles import TASK as BUILD_TILES
from zhengtu.registry.tiles import build_jurisdiction
from zhengtu.resettlement.options_runs import TASK as FIND_RESETTLEMENT_OPTIONS
from zhengtu.resettlement.options_runs import carry_out_options_run
from zhengtu.sponsorship.queries import cities_with_sponsors
from zhengtu.sponsorship.telling import remind_of_promises


@app.task(name=BUILD_TILES)
def build_tiles(jurisdiction: str) -> str:
    """Rebuild the vector tiles of a jurisdiction; returns the published version."""
    return build_jurisdiction(jurisdiction, at=timezone.now()).version


@app.task(name=CHECK_TASK)
def check_survey(import_id: int) -> str:
    """Read and check an upload; returns the stage it ends at."""
    return check_upload(import_id, now=timezone.now())


@app.task(name=IMPORT_TASK)
def import_survey(import_id: int) -> str:
    """Import a confirmed upload, whole or not at all; returns the stage it ends at."""
    return carry_out_upload(import_id, now=timezone.now())


@app.task(name=DRAFT_AGREEMENTS)
def draft_agreements(run_id: int) -> str:
    """Compute statements and draft agreements in bulk; returns the stage it ends at."""
    return carry_out_drafting(run_id, clock=timezone.now)


@app.task(name=TRY_POLICY)
def try_policy(trial_id: int) -> str:
    """Compute a policy trial; returns the stage it ends at."""
    return carry_out_trial(trial_id, clock=timezone.now)


@app.task(name=TRY_SCENARIO)
def try_scenario(scenario_id: int) -> str:
    """Compute a scenario beside the plan; returns the stage it ends at."""
    return carry_out_scenario(scenario_id, clock=timezone.now)


@app.task(name=FIND_RESETTLEMENT_OPTIONS)
def find_resettlement_options(run_id: int) -> str:
    """Compute options of bringing families home; returns the stage it ends at."""
    return carry_out_options_run(run_id, clock=timezone.now)


@app.task(name=ASK_MODEL)
def ask_model_about_text(text: int) -> int:
    """Ask the optional language model about a kept text; returns how many open proposals it added."""
    return add_model_proposals(text)


@app.task(name=LEVEL_TEAMS)
def level_teams(number: int) -> str:
    """Level the teams of a district over its projects; returns the stage it ends at."""
    return carry_out_levelling(number, clock=timezone.now)


@app.task(name=FIND_IRREGULARITIES)
def find_irregularities(run_id: int) -> str:
    """Look for irregularities in a city or project; returns the stage it ends at."""
    return carry_out_run(run_id, now=timezone.now())


@app.periodic(cron="30 18 * * *")  # half past two at night in Shanghai
@app.task(name="find_irregularities_nightly", queueing_lock="find_irregularities_nightly")
def find_irregularities_nightly(timestamp: int) -> int:
    """Look for irregularities in every city; returns how many findings stand."""
    return sum(run_now(city=city, now=timezone.now()).counts["found"] for city in cities())


@app.task(name=PREPARE_PAYMENTS)
def prepare_payment_run(run_id: int) -> str:
    """Make one order of everything due in a part of a project; returns the stage it ends at."""
    return carry_out_payment_run(run_id, now=timezone.now(), payees=agreement_payees)


@app.task(name=REFRESH_OUTLOOKS)
def refresh_outlooks(city: str, on: str, known: str) -> int:
    """Compute the plans and forecasts of a city on a pair of dates; returns how many parts there are."""
    known_on = date.fromisoformat(known) if known else None
    return refresh_city(city, on=date.fromisoformat(on), known=known_on, now=timezone.now())


@app.periodic(cron="*/3 * * * *")
@app.task(name="keep_outlooks_fresh", queueing_lock="keep_outlooks_fresh")
def keep_outlooks_fresh(timestamp: int) -> list[str]:
    """Compute today's plans where something changed, and those of a new day; returns the cities."""
    return keep_fresh(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="deliver_notices", queueing_lock="deliver_notices")
def deliver_notices(timestamp: int) -> dict[str, int]:
    """Send the messages that are due; returns how many came to which state."""
    return dict(deliver_due(clock=timezone.now))


@app.periodic(cron="5 * * * *")
@app.task(name="remind_of_directives", queueing_lock="remind_of_directives")
def remind_of_directives(timestamp: int) -> int:
    """Tell who has to receive, answer or check directives, and whom overdue ones climb to; returns how many."""
    return sum(remind(city, now=timezone.now()) for city in cities_with_directives())


@app.periodic(cron="10 * * * *")
@app.task(name="remind_of_promises", queueing_lock="remind_of_promises")
def remind_of_promises_hourly(timestamp: int) -> int:
    """Remind sponsors of promises that fall due, and tell of broken ones; returns how many notices are new."""
    return sum(remind_of_promises(city, now=timezone.now()) for city in cities_with_sponsors())


@app.periodic(cron="0 19 * * *")  # three at night in Shanghai
@app.task(name="open_due_cases_nightly", queueing_lock="open_due_cases_nightly")
def open_due_cases_nightly(timestamp: int) -> list[str]:
    """Open, extend and withdraw cases of accountability and praise in every city; returns those that changed."""
    return [code for city in cities() for code in open_due_cases(city=city, now=timezone.now())]
