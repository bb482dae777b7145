"""Points handed out: whoever reaches a whole run chooses a point of it, and each district drafts its plans from that.

A district that does not reach the whole run sees of it what its own parts of projects are given at that point, and
nothing else: no other point, no other families, no budgets of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from zhengtu.core.authority.actor import Actor, Subject
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.ledger.act import act
from zhengtu.registry.models import Participation
from zhengtu.registry.queries import participations_for
from zhengtu.resettlement import options_writes as writes
from zhengtu.resettlement.models import OptionsRun
from zhengtu.resettlement.options_runs import options_runs_for
from zhengtu.resettlement.plan_content import plan_content
from zhengtu.resettlement.plan_queries import DRAFT, may, part_name

HAND_OUT: Final = "options.hand_out"


@dataclass(frozen=True, slots=True)
class HandedPart:
    """A part of a project in a point that was handed out.

    Attributes:
        run: number of the run; on: the day whose facts it starts from.
        point: place in the frontier, from 0.
        name: of project and district, Chinese and English.
        by: who handed it out.
    """

    run: int
    part: str
    title: str
    on: date
    point: int
    name: tuple[str, str]
    by: str
    at: datetime


def hand_out(*, actor: Actor, run: OptionsRun, point: int, now: datetime) -> str:
    """Hand a point of a run out to the districts of its projects; returns the deed's key. The last one counts.

    Raises:
        Refused: no right over every part of the run, or a point that it does not have.
    """
    with act(actor, HAND_OUT, on=Subject(code=run.city), at=now) as deed:
        held = options_runs_for(actor, verb=HAND_OUT).defer(None).filter(pk=run.pk).first()
        if held is None or not held.result or not 0 <= point < len(held.result["points"]):
            raise Refused(Reason(
                code="options.no_point", message=N_("The run has no such point."),
                remedy=N_("Choose a point of its frontier."),
            ))
        deed.record(because=[Reason(
            code="options.handed_out",
            message=N_("Point %(point)s of “%(title)s” handed out: districts draft their plans from it."),
            parameters={"point": point + 1, "title": held.title},
        )])
        writes.set_run(
            held.pk, handed_point=point, handed_by_id=actor.person, handed_at=now, handed_deed=deed.id
        )
        return deed.id


def handed_parts_for(actor: Actor) -> list[HandedPart]:
    """Parts of projects that the actor drafts plans for, in points that were handed out, the latest first."""
    parts = _own_parts(actor)
    rows = OptionsRun.objects.exclude(handed_point=None).defer("result").select_related("handed_by")
    return [
        _handed(run, parts[code])
        for run in rows.order_by("-handed_at", "-pk") for code in run.projects if code in parts
    ]


def handed_part_for(actor: Actor, *, run: int, part: str) -> tuple[HandedPart, dict[str, Any]] | None:
    """One of them, with the content that a plan drafted from it would have; None where it is none of the actor's."""
    own = _own_parts(actor).get(part)
    held = OptionsRun.objects.exclude(handed_point=None).select_related("handed_by").filter(pk=run).first()
    if own is None or held is None or part not in held.projects:
        return None
    told = _handed(held, own)
    return told, plan_content(held, point=told.point, part=part)


def drafting_run_for(actor: Actor, number: int, *, part: str) -> OptionsRun | None:
    """The run out of which the actor may draft a plan for a part: all of it is the actor's, or it was handed out."""
    if part not in _own_parts(actor):
        return None
    held = OptionsRun.objects.filter(pk=number).first()
    if held is None or part not in held.projects:
        return None
    is_own = options_runs_for(actor, verb=DRAFT).filter(pk=number).exists()
    return held if is_own or held.handed_point is not None else None


def may_draft_from(actor: Actor, run: OptionsRun, *, point: int) -> bool:
    """Whether the actor drafts from that point: every part of the run is the actor's, or the point was handed out."""
    handed = OptionsRun.objects.filter(pk=run.pk, handed_point=point).exists()
    return handed or options_runs_for(actor, verb=DRAFT).filter(pk=run.pk).exists()


def _own_parts(actor: Actor) -> Mapping[str, Participation]:
    """Parts as a whole: a post for one section of a part drafts no plan for it."""
    rows = participations_for(actor, verb=DRAFT).select_related("project", "jurisdiction").defer("project__shape")
    return {row.code: row for row in rows if may(actor, DRAFT, row.code)}


def _handed(run: OptionsRun, row: Participation) -> HandedPart:
    if run.handed_point is None or run.handed_by is None or run.handed_at is None:
        raise LookupError(run.pk)
    return HandedPart(
        run=run.pk, part=row.code, title=run.title, on=run.on, point=run.handed_point, name=part_name(row),
        by=run.handed_by.name, at=run.handed_at,
    )
