"""What-if: changes laid over the cases that plans are made from; the plan itself is never touched.

Each change names its place (a part of a project, or a section of it) and one thing that is otherwise there. A changed
case is an ordinary case, so that a scenario's dates come from the same passes, the same law and the same checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.planning.plan_case import PlanCase, Stage, StageRate, Target
from zhengtu.core.procedure.acts import Act


class ChangeKind(StrEnum):
    """What is otherwise."""

    MONEY = "money"
    """Planned money arrives so many days later (negative: sooner)."""
    TEAMS = "teams"
    """So many teams more (negative: fewer) on one stage."""
    REROUTE = "reroute"
    """The section is not needed: the line goes elsewhere."""
    DEADLINE = "deadline"
    """The deadline lies on another day."""
    LAUNCH = "launch"
    """The expropriation is announced on this day at the soonest."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise.

    Attributes:
        place: code of the part of a project, or of the section for ``reroute``.
        days: of ``money``.
        teams: of ``teams``, with its stage.
        on: the new day, of ``deadline`` and ``launch``.
        target: key of the deadline that moves.
    """

    kind: ChangeKind
    place: str
    days: int = 0
    stage: Stage | None = None
    teams: int = 0
    target: str = ""
    on: date | None = None


def plain(change: Change) -> dict[str, Any]:
    """A change as it is stored: names and plain values, without what is empty."""
    held = {name: value for name, value in asdict(change).items() if value not in ("", 0, None)}
    return {name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, StrEnum) else value
            for name, value in held.items()}


def change_from(held: Mapping[str, Any]) -> Change:
    """A stored change as it was."""
    return Change(
        kind=ChangeKind(held["kind"]), place=held["place"], days=held.get("days", 0), teams=held.get("teams", 0),
        stage=Stage(held["stage"]) if "stage" in held else None, target=held.get("target", ""),
        on=date.fromisoformat(held["on"]) if "on" in held else None,
    )


def changed(case: PlanCase, changes: Sequence[Change]) -> PlanCase:
    """The case as it would be; changes of other places leave it as it is.

    Raises:
        Refused: naming each change that cannot be laid over this case, and why.
    """
    reasons: list[Reason] = []
    for change in changes:
        if change.place != case.code and not change.place.startswith(f"{case.code}-"):
            continue
        try:
            case = _LAYERS[change.kind](case, change)
        except Refused as refused:
            reasons += refused.reasons
    if reasons:
        raise Refused(*reasons)
    return case


def _money(case: PlanCase, change: Change) -> PlanCase:
    if case.money.expected_on is None:
        raise Refused(_unfit(
            change, N_("No money is planned to arrive for %(place)s after the plan's day, so none can come later."),
            N_("Enter the planned money on the funds page, or leave this change out."),
        ))
    if not change.days:
        raise Refused(_unfit(
            change, N_("The change of the money of %(place)s names no days."), N_("Say by how many days it moves."),
        ))
    # Payments wait for money that comes only after the account has run out.
    expected_on = max(case.on, case.money.expected_on + timedelta(days=change.days))
    runs_out_on = case.money.runs_out_on
    is_short = case.money.is_short or (runs_out_on is not None and runs_out_on < expected_on)
    return replace(case, money=replace(case.money, expected_on=expected_on, is_short=is_short))


def _teams(case: PlanCase, change: Change) -> PlanCase:
    if change.stage is None or change.stage not in case.rates or not change.teams:
        raise Refused(_unfit(
            change, N_("The change of the teams of %(place)s names no stage with teams, or no number."),
            N_("Choose a stage and say how many teams more or fewer."),
        ))
    rate: StageRate = case.rates[change.stage]
    if rate.teams + change.teams < 1:
        raise Refused(_unfit(
            change, N_("With %(teams)s teams fewer nobody is left for this stage of %(place)s."),
            N_("Leave at least one team."), teams=-change.teams,
        ))
    return replace(case, rates={**case.rates, change.stage: replace(rate, teams=rate.teams + change.teams)})


def _reroute(case: PlanCase, change: Change) -> PlanCase:
    kept = [section for section in case.sections if section.code != change.place]
    if len(kept) == len(case.sections) or not kept:
        raise Refused(_unfit(
            change, N_("%(place)s is no section of %(case)s beside which others are left."),
            N_("Choose one of several sections."), case=case.code,
        ))
    if next(one for one in case.sections if one.code == change.place).handed_over_on is not None:
        raise Refused(_unfit(
            change, N_("The land of %(place)s is handed over already; going round it changes nothing."),
            N_("Choose a section that is still outstanding."),
        ))
    return replace(case, sections=kept, targets=[
        replace(target, sections=[code for code in target.sections if code != change.place])
        for target in case.targets if set(target.sections) != {change.place}
    ])


def _deadline(case: PlanCase, change: Change) -> PlanCase:
    if change.on is None or change.target not in {target.key for target in case.targets}:
        raise Refused(_unfit(
            change, N_("The change of a deadline of %(place)s names no deadline of it, or no day."),
            N_("Choose a deadline and its new day."),
        ))
    on = change.on

    def moved(target: Target) -> Target:
        return replace(target, due_on=on) if target.key == change.target else target

    return replace(case, targets=[moved(target) for target in case.targets])


def _launch(case: PlanCase, change: Change) -> PlanCase:
    reasons = launch_reasons(case)
    step = launching_step(case)
    if change.on is None or step is None or reasons:
        raise Refused(*(reasons or [_no_announcement(case)]))
    return replace(case, steps_not_before={**case.steps_not_before, step: change.on})


def launch_reasons(case: PlanCase) -> list[Reason]:
    """Why the announcement of this part's expropriation cannot be put on another day; empty where it can."""
    step = launching_step(case)
    if step is None or case.facts is None:
        return [_no_announcement(case)]
    if any(fact.step == step for fact in case.facts.project):
        return [_unfit(
            Change(ChangeKind.LAUNCH, case.code),
            N_("The expropriation of %(place)s is announced already; its value date stands."),
            N_("Leave this change out."),
        )]
    return []


def _no_announcement(case: PlanCase) -> Reason:
    return _unfit(
        Change(ChangeKind.LAUNCH, case.code),
        N_("%(place)s has no announcement of an expropriation that could be put on another day."),
        N_("Leave this change out."),
    )


def launching_step(case: PlanCase) -> str | None:
    """The step by which the expropriation of this part is announced; None where no procedure governs it."""
    if case.procedure is None:
        return None
    return next((step.id for step in case.procedure.having(Act.ANNOUNCEMENT)), None)


def _unfit(change: Change, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(
        code=f"scenario.{change.kind}", message=message, parameters={"place": change.place, **parameters},
        remedy=remedy,
    )


_LAYERS: Final = {
    ChangeKind.MONEY: _money,
    ChangeKind.TEAMS: _teams,
    ChangeKind.REROUTE: _reroute,
    ChangeKind.DEADLINE: _deadline,
    ChangeKind.LAUNCH: _launch,
}
