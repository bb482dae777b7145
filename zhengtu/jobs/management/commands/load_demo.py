"""``zhengtu load_demo``: the demonstration campaign into an empty database."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from datetime import datetime
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhengtu.campaign.outlook_runs import refresh_city
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of
from zhengtu.directives.reminding import remind
from zhengtu.jobs.demonstration.accountability import hear_cases
from zhengtu.jobs.demonstration.assessments import hold_assessments
from zhengtu.jobs.demonstration.baselines import set_baselines
from zhengtu.jobs.demonstration.bulletins import release_bulletins
from zhengtu.jobs.demonstration.directives import record_directives
from zhengtu.jobs.demonstration.generate import generate
from zhengtu.jobs.demonstration.home_plans import plan_homes
from zhengtu.jobs.demonstration.homecoming import bring_home, offer_homes
from zhengtu.jobs.demonstration.inspections import hold_inspections
from zhengtu.jobs.demonstration.irregularities import plant_doubles, plant_irregularities
from zhengtu.jobs.demonstration.load import load
from zhengtu.jobs.demonstration.model import DemonstrationCampaign
from zhengtu.jobs.demonstration.orders import order_payments
from zhengtu.jobs.demonstration.promises import record_promises
from zhengtu.jobs.demonstration.reviews import hold_reviews
from zhengtu.jobs.demonstration.sponsors import record_sponsors
from zhengtu.jobs.demonstration.teams import enter_teams
from zhengtu.jobs.demonstration.transition_addresses import record_transition_addresses
from zhengtu.registry.queries import campaigns
from zhengtu.sponsorship.telling import remind_of_promises


class Command(BaseCommand):
    """Loads the campaign of the mobilisation speech with fictitious people; all or nothing."""

    help = "Load the demonstration campaign into an empty database and print its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--households", type=int, default=20_000, help="how many households (default 20000)")
        parser.add_argument("--seed", type=int, default=2025, help="seed of everything invented (default 2025)")

    def handle(self, *args: Any, households: int, seed: int, **options: Any) -> None:
        if households < 200:
            raise CommandError("the demonstration needs at least 200 households")
        if campaigns():
            self.stdout.write("A campaign is loaded already; nothing changed. `make fresh` forgets a demonstration.")
            return
        started = perf_counter()
        now = timezone.now()
        self._say("generating people, parcels and history", started)
        demonstration = generate(households=households, seed=seed, today=civil_date(at=now))
        plant_doubles(demonstration)
        passwords = load(demonstration, now=now, say=lambda stage: self._say(stage, started))
        self._keep_accounts(
            [
                (person.username, passwords[person.username], person.role, f"{person.name} {person.title}")
                for person in demonstration.people
            ]
        )
        self._say("field teams", started)
        enter_teams(now=now)
        self._say("baselines", started)
        set_baselines(demonstration, now=now)
        self._say("payment orders", started)
        order_payments(now=now)
        self._say("directives", started)
        record_directives(now=now)
        self._say("invented irregularities", started)
        plant_irregularities(city=city_of(demonstration.campaign.code), now=now)
        self._say("inspections", started)
        hold_inspections(city=city_of(demonstration.campaign.code), now=now)
        self._say("reviews", started)
        hold_reviews(city=city_of(demonstration.campaign.code), now=now)
        self._say("sponsors and hard cases", started)
        record_sponsors(demonstration, now=now)
        self._resettle(demonstration, now=now, started=started)
        self._say("bulletins", started)
        release_bulletins(city=city_of(demonstration.campaign.code), now=now)
        self._say("assessments", started)
        hold_assessments(city=city_of(demonstration.campaign.code), now=now)
        self._say("cases", started)
        hear_cases(city=city_of(demonstration.campaign.code), now=now)
        self._say("plans and forecasts", started)
        refresh_city(city_of(demonstration.campaign.code), on=civil_date(at=now), known=None, now=now)
        self._say("reminders", started)
        remind(city_of(demonstration.campaign.code), now=now)
        remind_of_promises(city_of(demonstration.campaign.code), now=now)
        self._say(f"{len(demonstration.households):,} households, {len(demonstration.facts):,} facts", started)

    def _resettle(self, demonstration: DemonstrationCampaign, *, now: datetime, started: float) -> None:
        """What is promised, planned, built and chosen for the families that wait."""
        city, households = city_of(demonstration.campaign.code), len(demonstration.households)
        self._say("promises to families and claims among payers", started)
        record_promises(city=city, now=now)
        self._say("homes on offer, options and plans of resettlement", started)
        offer_homes(city=city, households=households, now=now)
        plan_homes(households=households, now=now)
        self._say("transition addresses", started)
        record_transition_addresses(city=city, now=now)
        self._say("works and lots", started)
        bring_home(city=city, now=now)

    def _say(self, stage: str, started: float) -> None:
        self.stdout.write(f"[{perf_counter() - started:6.1f} s] {stage}")
        self.stdout.flush()

    def _keep_accounts(self, accounts: list[tuple[str, str, str, str]]) -> None:
        """Only this machine's user can read the file; the database holds hashes alone."""
        lines = [f"{username:18} {password:20} {role:16} {who}" for username, password, role, who in accounts]
        path = settings.HOME / "demonstration_accounts.txt"
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
