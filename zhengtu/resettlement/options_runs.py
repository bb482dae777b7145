"""Runs of the options engine: asked for in a deed, computed beside everything, kept; they change nothing real."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from procrastinate.contrib.django import app as task_queue

from zhengtu.accounts.queries import unit_names
from zhengtu.campaign.models import RunStage
from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import city_of, jurisdiction_of, kind_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.resettlement.choosing import least_months
from zhengtu.core.resettlement.feasibility import case_faults, obstacles, shortages
from zhengtu.core.resettlement.first_come import first_come_plan
from zhengtu.core.resettlement.frontier import frontier, worth_of_homes, worth_of_money
from zhengtu.ledger.act import act
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.ledger.writes import reason_as_json
from zhengtu.registry.queries import participations_for, subject_of
from zhengtu.resettlement import options_record as record
from zhengtu.resettlement import options_writes as writes
from zhengtu.resettlement.models import OptionsRun
from zhengtu.resettlement.options_case import GatheredCase, gathered_case, part_of, waiting_in
from zhengtu.resettlement.options_settings import (
    OptionsSettings,
    settings_as_plain,
    settings_from,
    settings_reasons,
)
from zhengtu.resettlement.plan_queries import part_name

TASK: Final = "find_resettlement_options"
VERB: Final = "options.try"
MORE_YUAN: Final = Decimal(1_000_000)
MORE_HOMES: Final = 10
_SILENT_FOR: Final = timedelta(minutes=10)
_FRONTIER_SHARE: Final = 0.8
_NO_PARTS: Final = Reason(
    code="options.parts", message=N_("No family waits in what was chosen, or it is not yours to plan."),
    remedy=N_("Choose at least one project of the list."),
)
Report = Callable[[float], None]


class _Stopped(Exception):
    """Somebody stopped the run."""


@dataclass(frozen=True, slots=True)
class OptionsPart:
    """A part of a project in which families wait; payers: code -> families whose subsidy it pays."""

    code: str
    name: tuple[str, str]
    families: int
    late: int
    payers: Mapping[str, int]


def options_parts_for(actor: Actor, *, on: date) -> list[OptionsPart]:
    """Parts of projects that the actor may try options for, those with the most late families first."""
    rows = participations_for(actor, verb=VERB).select_related("project", "jurisdiction").defer("project__shape")
    parts = {row.code: row for row in rows}
    if not parts:
        return []
    inside, _ = waiting_in(list(parts), on=on, known=None)
    found: dict[str, list[Any]] = {}
    for one in inside:
        found.setdefault(part_of(one), []).append(one)
    result = []
    for code, families in found.items():
        payers: dict[str, int] = {}
        for one in families:
            if one.payer:
                payers[one.payer] = payers.get(one.payer, 0) + 1
        late = sum(one.is_late for one in families)
        result.append(OptionsPart(code, part_name(parts[code]), len(families), late, payers))
    return sorted(result, key=lambda part: (-part.late, part.code))


def payers_of(parts: Sequence[OptionsPart]) -> dict[str, tuple[str, str]]:
    """Code -> names of the units that pay for the families of these parts."""
    return unit_names({payer for part in parts for payer in part.payers})


def options_runs_for(actor: Actor, *, verb: str = VERB) -> QuerySet[OptionsRun]:
    """Runs of whose parts the actor reaches every one, the latest first; their results are not fetched."""
    reached = {row.code for row in participations_for(actor, verb=verb).only("project_id", "jurisdiction_id")}
    rows = OptionsRun.objects.filter(projects__contained_by=sorted(reached)).exclude(projects=[])
    return rows.select_related("asked_by").defer("result").order_by("-asked_at", "-pk")


def start_options_run(
    *, actor: Actor, parts: Sequence[str], title: str, settings: OptionsSettings, now: datetime
) -> OptionsRun:
    """Ask for a run; a task computes it.

    Raises:
        Refused: no right, no name, nobody who waits, or budgets that cannot be used.
    """
    on = civil_date(at=now)
    chosen = sorted(set(parts))
    if not chosen or any(kind_of(part) != "participation" for part in chosen):
        raise Refused(_NO_PARTS)
    with act(actor, VERB, on=_subject(actor, chosen), at=now) as deed:
        reachable = {one.code: one for one in options_parts_for(actor, on=on)}
        reasons = _shape_reasons(title, chosen, reachable)
        payers = sorted({payer for code in chosen if code in reachable for payer in reachable[code].payers})
        reasons += settings_reasons(settings, payers=payers, on=on)
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[_tried(title)])
        run = writes.insert_run(
            city=city_of(chosen[0]), parts=chosen, title=title.strip(), on=on, settings=settings_as_plain(settings),
            person=actor.person, at=now, deed=deed.id,
        )
        task_queue.configure_task(TASK).defer(run_id=run.pk)
    return run


def stop_options_run(run: OptionsRun, *, person: str, now: datetime) -> bool:
    """Stop a run that waits or is computed; false where it had ended."""
    reason = Reason(
        code="options.stopped", message=N_("Stopped by %(person)s."), parameters={"person": person},
        remedy=N_("Compute it again, or ask for another."),
    )
    return writes.stop_run(run.pk, reasons=[reason_as_json(reason)], at=now)


def compute_again(run: OptionsRun) -> None:
    """Queue a run that failed, was stopped, or whose worker died, once more."""
    writes.set_run(run.pk, stage=RunStage.QUEUED, progress=0, reasons=[])
    task_queue.configure_task(TASK).defer(run_id=run.pk)


def is_dead(run: OptionsRun, *, now: datetime) -> bool:
    """Whether a run says that it is computed while nobody works on it any more."""
    return run.stage == RunStage.RUNNING and run.moved_at is not None and now - run.moved_at > _SILENT_FOR


def carry_out_options_run(run_id: int, *, clock: Callable[[], datetime]) -> str:
    """Compute a run that waits; returns the stage it ends at."""
    if writes.claim_run(run_id, at=clock()):
        try:
            _carry_out(OptionsRun.objects.get(pk=run_id), clock)
        except _Stopped:
            pass
        except Exception:
            writes.set_run(run_id, stage=RunStage.FAILED)
            raise
    return OptionsRun.objects.values_list("stage", flat=True).get(pk=run_id)


def _carry_out(run: OptionsRun, clock: Callable[[], datetime]) -> None:
    """What contradicts itself is said instead of a result."""
    def report(share: float) -> None:
        if not writes.move_run(run.pk, progress=share, at=clock()):
            raise _Stopped

    began, asked_on = clock(), civil_date(at=run.asked_at)
    gathered = gathered_case(
        run.projects, settings_from(run.settings), on=run.on,
        known=None if civil_date(at=began) == asked_on else asked_on,
    )
    if faults := case_faults(gathered.case):
        reasons = record.reasons_as_plain(faults)
        writes.set_run(run.pk, stage=RunStage.FAILED, reasons=reasons, moved_at=clock())
        return
    result = computed(gathered, points=run.settings["points"], report=report)
    result["seconds"] = round((clock() - began).total_seconds(), 1)
    writes.end_run(run.pk, result=result, at=clock())


def computed(gathered: GatheredCase, *, points: int, report: Report = lambda share: None) -> dict[str, Any]:
    """Frontier, comparison with first come first served, worths and obstacles of a case, as they are kept."""
    case = gathered.case
    found = frontier(case, points=points, report=lambda share: report(_FRONTIER_SHARE * share))
    return {
        **record.gathered_as_plain(gathered),
        "points": [record.point_as_plain(point, gathered) for point in found],
        "first_come": record.plan_as_plain(first_come_plan(case), case),
        "worths": _worths(gathered, report),
        "obstacles": [record.obstacle_as_plain(one) for one in obstacles(case)],
        "shortages": record.reasons_as_plain(shortages(case)),
    }


def _worths(gathered: GatheredCase, report: Report) -> list[dict[str, Any]]:
    """What a million more in each payer's first year would win, and ten homes more of the cheapest offer of a type."""
    case = gathered.case
    first: dict[str, int] = {}
    for one in sorted(case.budgets, key=lambda one: one.from_month):
        first.setdefault(one.payer, one.from_month)
    cheapest: dict[str, str] = {}
    for offer in sorted(case.market, key=lambda one: (one.price_yuan, one.from_month, one.key)):
        cheapest.setdefault(offer.home, offer.key)
    least, found = least_months(case), []
    whole = len(first) + len(cheapest) + 1
    for payer, month in sorted(first.items()):
        worth = worth_of_money(case, payer=payer, from_month=month, more_yuan=MORE_YUAN, least=least)
        found.append(record.worth_as_plain(worth, kind="money", more=str(MORE_YUAN), of=payer))
        report(_FRONTIER_SHARE + (1 - _FRONTIER_SHARE) * len(found) / whole)
    for _, key in sorted(cheapest.items()):
        worth = worth_of_homes(case, supply=key, more=MORE_HOMES, least=least)
        found.append(record.worth_as_plain(worth, kind="homes", more=str(MORE_HOMES), of=key))
        report(_FRONTIER_SHARE + (1 - _FRONTIER_SHARE) * len(found) / whole)
    return sorted(found, key=lambda one: (one["kind"], -one["family_months"], one["of"]))


def _subject(actor: Actor, parts: Sequence[str]) -> Subject:
    """What the deed is on: the only part, the district or the city; the first part where a post covers no more."""
    own = subject_of(parts[0])
    if len(parts) == 1:
        return own
    places = {jurisdiction_of(part) for part in parts}
    wide = Subject(code=places.pop() if len(places) == 1 else city_of(parts[0]))
    refused = current_rulebook().authority.may(actor=actor, verb=VERB, subject=wide)
    return own if refused is not None else wide


def _shape_reasons(title: str, parts: Sequence[str], reachable: Mapping[str, OptionsPart]) -> list[Reason]:
    reasons = []
    if not title.strip():
        reasons.append(Reason(
            code="options.title_missing", message=N_("The run has no name."),
            remedy=N_("Say in a few words what is tried."),
        ))
    if any(part not in reachable for part in parts):
        reasons.append(_NO_PARTS)
    return reasons


def _tried(title: str) -> Reason:
    return Reason(
        code="options.tried",
        message=N_("Resettlement options “%(title)s”: computed only, nothing is decided or promised."),
        parameters={"title": title.strip()},
    )
