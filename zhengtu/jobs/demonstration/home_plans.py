"""Options and plans in the demonstration: runs that are really computed, and plans in every stage drafted from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from django.core.files.base import ContentFile

from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import project_of
from zhengtu.directives.actions import receive_directive, report_on_directive
from zhengtu.jobs.demonstration.acting import actor_called
from zhengtu.jobs.demonstration.staging import invented_paper, moment, script_of
from zhengtu.ledger.offered_files import OfferedFile
from zhengtu.resettlement.handed_out import hand_out
from zhengtu.resettlement.models import OptionsRun, PlanFiling
from zhengtu.resettlement.money_settlement import VOUCHER, settle_in_money
from zhengtu.resettlement.options_runs import (
    OptionsPart,
    carry_out_options_run,
    options_parts_for,
    options_runs_for,
    start_options_run,
)
from zhengtu.resettlement.options_settings import OptionsSettings, YearBudget
from zhengtu.resettlement.plan_actions import approve_plan, draft_plan, file_plan, follow_plan, submit_plan
from zhengtu.resettlement.plan_queries import MilestoneStanding, milestone_standings, plans_for

SCRIPT: Final = Path(__file__).with_name("home_plans.yaml")
_WHOLE: Final = 20_000
_WAN: Final = Decimal(10_000)


def plan_homes(*, households: int, now: datetime) -> list[str]:
    """Try options, hand a point out, draft plans and lead each as far as the script says; returns the plans' codes.

    Args:
        households: size of the demonstration, by which budgets are scaled.
    """
    stage = _Stage(now, households)
    script = script_of(SCRIPT)
    runs = {name: stage.run(entry) for name, entry in script["runs"].items()}
    return [code for entry in script["plans"] if (code := stage.plan(entry, runs[entry["run"]]))]


class _Stage:
    """Script, calendar and size of the demonstration."""

    def __init__(self, now: datetime, households: int) -> None:
        self.now, self.today, self._size = now, civil_date(at=now), households
        self._script = script_of(SCRIPT)

    def run(self, entry: Mapping[str, Any]) -> OptionsRun:
        """Ask for a run, compute it, and hand its last point out where the script says so."""
        actor, at = self._who(entry["by"], entry["day"])
        parts = self._parts(entry["projects"], options_parts_for(actor, on=civil_date(at=at)))
        payers = {payer for part in parts for payer in part.payers}
        run = start_options_run(
            actor=actor, parts=[part.code for part in parts], title=entry["title"], now=at, settings=OptionsSettings(
                budgets=tuple(self._budgets(entry["wan"], payers, year=at.year)), points=entry["points"],
                cash_months=entry["cash_months"],
            ),
        )
        began = perf_counter()
        carry_out_options_run(run.pk, clock=lambda: at + timedelta(seconds=perf_counter() - began))
        done = options_runs_for(actor).defer(None).get(pk=run.pk)
        if "handed_out" in entry:
            by, handed_at = self._who(entry["handed_out"]["by"], entry["handed_out"]["day"])
            hand_out(actor=by, run=done, point=len(done.result["points"]) - 1, now=handed_at)
        return done

    def plan(self, entry: Mapping[str, Any], run: OptionsRun) -> str:
        """Draft the plan of a project and lead it on; empty where the point brings none of its families home."""
        part = next(part for part in run.projects if project_of(part) == entry["project"])
        point = len(run.result["points"]) - 1
        if not any(row["way"] for row in _of_part(run, point, part)):
            return ""
        leader, at = self._who(entry["by"], entry["days"][0])
        code = draft_plan(actor=leader, run=run, point=point, part=part, now=at)
        steps: Sequence[tuple[str, Callable[..., object]]] = (
            (entry["by"], submit_plan), (self._script["approved_by"], approve_plan),
            (self._script["filed_by"], file_plan),
            (self._script["filed_by"], partial(self._follow, leader=entry["by"])),
        )
        for (who, deed), day in zip(steps, entry["days"][1:], strict=False):
            actor, at = self._who(who, day)
            deed(actor=actor, code=code, now=at)
        return code

    def _follow(self, *, actor: Actor, code: str, now: datetime, leader: str) -> None:
        """Set the directives; the district receives them, some families are paid, and it reports on what is due."""
        told = self._script["followed"]
        directives = follow_plan(actor=actor, code=code, now=now)
        for directive in directives:
            by, at = self._who(leader, told["received"])
            receive_directive(actor=by, code=directive, officer=told["officer"], now=at)
        plan = plans_for(actor).get(pk=code)
        self._pay(plan)
        due = [one for one in milestone_standings(plan, on=self.today) if one.due_on <= self.today and not one.is_done]
        for one in due:
            by, at = self._who(leader, told["reported"])
            text = told["text"].format(home=one.home, left=one.count - one.home)
            report_on_directive(
                actor=by, code=one.directive, text=text, is_final=False,
                files=[invented_paper("directive_report", text)], now=at,
            )

    def _pay(self, plan: PlanFiling) -> None:
        """Part of the families whose settlement in money is due by today are paid by the client."""
        told = self._script["followed"]
        sums = {row["household"]: Decimal(row["yuan"]) for row in plan.content["families_by_household"]}
        for household, day in _days_of_payment(
            milestone_standings(plan, on=self.today), told["paid"], today=self.today
        ):
            client, at = self._who(told["paid_by"], (day - self.today).days)
            name = "货币安置付款凭证（演示）.txt"
            voucher = ContentFile(f"演示材料，内容虚构：{household} 货币安置付款\n".encode(), name=name)
            settle_in_money(
                actor=client, household=household, paid_on=day, amount_yuan=sums[household],
                files=[OfferedFile(VOUCHER, name, voucher)], now=at,
            )

    def _who(self, username: str, day: int) -> tuple[Actor, datetime]:
        """Somebody on a day, at ten in the morning; never after the loading."""
        on = self.today + timedelta(days=day)
        return actor_called(username, on=on), moment(on, hour=10, now=self.now)

    def _parts(self, projects: Sequence[str], parts: Sequence[OptionsPart]) -> list[OptionsPart]:
        return [part for part in parts if part.late and project_of(part.code) in projects]

    def _budgets(self, wan: Mapping[str, Sequence[int]], payers: set[str], *, year: int) -> list[YearBudget]:
        least = int(self._script["least"])
        return [
            YearBudget(
                payer, year + place, max(least, round(sum_ * self._size / _WHOLE)) * _WAN,
                carries_over=payer in self._script["carries_over"],
            )
            for payer, sums in wan.items() if payer in payers for place, sum_ in enumerate(sums)
        ]


def _of_part(run: OptionsRun, point: int, part: str) -> list[Mapping[str, Any]]:
    rows = run.result["points"][point]["assignments"]
    return [row for row in rows if row["household"].startswith(f"{part}-")]


def _days_of_payment(
    standings: Sequence[MilestoneStanding], paid: Mapping[str, Any], *, today: date
) -> list[tuple[str, date]]:
    """Households of due milestones in money that are paid, spread evenly over the days of the script."""
    due = [
        household for one in standings if one.due_on <= today and one.milestone["way"] == "cash"
        for household in one.milestone["households"]
    ]
    chosen = due[:round(len(due) * paid["share"])]
    first, last = paid["days"]
    return [
        (household, today + timedelta(days=first + (last - first) * place // max(1, len(chosen))))
        for place, household in enumerate(chosen)
    ]
