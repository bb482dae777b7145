"""Scenarios: asked for in a deed, computed beside the plan, kept; they record no fact and touch no plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app as task_queue

from zhengtu.campaign.models import RunStage, Scenario
from zhengtu.campaign.plan_facts import plan_cases
from zhengtu.campaign.scenario_comparing import compare_scenario
from zhengtu.campaign.scenario_record import comparison_as_plain
from zhengtu.campaign.scenario_writes import claim_scenario, insert_scenario, set_scenario
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.kernel.codes import kind_of, project_of
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.planning.plan_case import PlanCase
from zhengtu.core.planning.scenario import Change, change_from, changed, plain
from zhengtu.core.planning.scenario_cost import Growth
from zhengtu.ledger.act import act
from zhengtu.ledger.writes import reason_as_json
from zhengtu.registry.models import Participation
from zhengtu.registry.queries import participations_for, scope_of, subject_of

TASK: Final = "try_scenario"
VERB: Final = "scenario.try"
_SILENT_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ScenarioSubject:
    """What a scenario may be about: a project as a whole, or its part in one jurisdiction."""

    code: str
    name: str
    name_en: str


def scenario_subjects_for(actor: Actor) -> list[ScenarioSubject]:
    """Every part that the actor may try scenarios on, and the projects of which that holds for every part."""
    rows = participations_for(actor, verb=VERB).select_related("project", "jurisdiction").defer("project__shape")
    reached: dict[str, list[Participation]] = {}
    for row in rows:
        reached.setdefault(row.project_id, []).append(row)
    found = []
    for project, parts in sorted(reached.items()):
        names = parts[0].project
        everywhere = Participation.objects.filter(project=project).count()
        if everywhere == len(parts) and len(parts) > 1:
            found.append(ScenarioSubject(project, names.name, names.name_en))
        found += [
            ScenarioSubject(
                part.code, f"{names.name} · {part.jurisdiction.short_name or part.jurisdiction.name}",
                f"{names.name_en} · {part.jurisdiction.name_en}",
            )
            for part in sorted(parts, key=lambda one: one.code)
        ]
    return found


def parts_of(subject: str) -> list[str]:
    """Codes of the parts that a scenario's subject consists of."""
    if kind_of(subject) != "project":
        return [subject]
    return sorted(row.code for row in Participation.objects.filter(project=subject))


def scenarios_for(actor: Actor) -> QuerySet[Scenario]:
    """Scenarios whose whole subject the actor reaches, the latest first."""
    reach = Q(pk__in=[])
    for prefix in scope_of(actor, verb=VERB).prefixes:
        reach |= Q(subject__startswith=prefix)
    return Scenario.objects.filter(reach).select_related("project", "asked_by").order_by("-asked_at", "-pk")


def start_scenario(
    *,
    actor: Actor,
    subject: str,
    title: str,
    changes: Sequence[Change],
    growth: Growth | None,
    now: datetime,
) -> Scenario:
    """Ask for a scenario; a task computes it.

    Raises:
        Refused: no right, no name, nothing changed, or a change that cannot be laid over the facts of today.
    """
    on = civil_date(at=now)
    with act(actor, VERB, on=subject_of(subject), at=now) as deed:
        reasons = _shape_reasons(title, changes)
        for case in plan_cases(parts_of(subject), on=on, known=None).values():
            reasons += _unfit(case, changes)
        if reasons:
            raise Refused(*reasons)
        deed.record(because=[tried_reason(title)])
        scenario = insert_scenario(
            project=project_of(subject), subject=subject, title=title.strip(), on=on,
            changes=[plain(change) for change in changes], growth=growth_as_plain(growth), person=actor.person, at=now,
            deed=deed.id,
        )
        task_queue.configure_task(TASK).defer(scenario_id=scenario.pk)
    return scenario


def compute_again(scenario: Scenario) -> None:
    """Queue a scenario that failed, or whose worker died, once more."""
    set_scenario(scenario.pk, stage=RunStage.QUEUED, progress=0)
    task_queue.configure_task(TASK).defer(scenario_id=scenario.pk)


def is_dead(scenario: Scenario, *, now: datetime) -> bool:
    """Whether a scenario says that it is computed while nobody works on it any more."""
    return (
        scenario.stage == RunStage.RUNNING and scenario.moved_at is not None and now - scenario.moved_at > _SILENT_FOR
    )


def carry_out_scenario(scenario_id: int, *, clock: Callable[[], datetime]) -> str:
    """Compute a scenario that waits; returns the stage it ends at."""
    if claim_scenario(scenario_id, at=clock()):
        try:
            _carry_out(Scenario.objects.get(pk=scenario_id), clock)
        except Exception:
            set_scenario(scenario_id, stage=RunStage.FAILED)
            raise
    return Scenario.objects.get(pk=scenario_id).stage


def _carry_out(scenario: Scenario, clock: Callable[[], datetime]) -> None:
    """Compare part by part; what the facts of its day no longer allow is said instead of a result."""
    def report(share: float) -> None:
        set_scenario(scenario.pk, progress=share, moved_at=clock())

    try:
        compared = compare_scenario(
            parts_of(scenario.subject), [change_from(held) for held in scenario.changes],
            growth=growth_from(scenario.growth), on=scenario.on, known=civil_date(at=scenario.asked_at), report=report,
        )
    except Refused as refused:
        reasons = [reason_as_json(reason) for reason in refused.reasons]
        set_scenario(scenario.pk, stage=RunStage.FAILED, reasons=reasons, moved_at=clock())
        return
    result = [comparison_as_plain(part) for part in compared]
    set_scenario(scenario.pk, stage=RunStage.DONE, progress=1, result=result, moved_at=clock())


def growth_as_plain(growth: Growth | None) -> dict[str, Any]:
    """An assumption of growth as it is stored; empty for none."""
    if growth is None:
        return {}
    opens_on = "" if growth.opens_on is None else growth.opens_on.isoformat()
    return {
        "yearly_share": str(growth.yearly_share), "opening_share": str(growth.opening_share), "opens_on": opens_on
    }


def growth_from(held: Mapping[str, Any]) -> Growth | None:
    """A stored assumption as it was."""
    if not held:
        return None
    return Growth(
        Decimal(held["yearly_share"]), date.fromisoformat(held["opens_on"]) if held["opens_on"] else None,
        Decimal(held["opening_share"]),
    )


def tried_reason(title: str) -> Reason:
    """What a deed that tries a scenario says of itself."""
    return Reason(
        code="scenario.tried", message=N_("Scenario “%(title)s”: computed only, the plan stays as it is."),
        parameters={"title": title.strip()},
    )


def _unfit(case: PlanCase, changes: Sequence[Change]) -> list[Reason]:
    try:
        changed(case, changes)
    except Refused as refused:
        return list(refused.reasons)
    return []


def _shape_reasons(title: str, changes: Sequence[Change]) -> list[Reason]:
    reasons = []
    if not title.strip():
        reasons.append(
            Reason(
                code="scenario.title_missing", message=N_("The scenario has no name."),
                remedy=N_("Say in a few words what is tried."),
            )
        )
    if not changes:
        reasons.append(
            Reason(
                code="scenario.nothing_changed", message=N_("The scenario changes nothing."),
                remedy=N_("Enter at least one thing that is otherwise."),
            )
        )
    return reasons
