"""The two ways of one household side by side, and which deadlines only agreement can meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhengtu.campaign.plan_targets import targets_of
from zhengtu.core.kernel.codes import project_of, section_of
from zhengtu.core.planning.household_plan import HouseholdPlan, household_plan
from zhengtu.core.planning.plan_case import Target
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import ProcedureCase, participation_of

_NEED_AN_EMPTY_HOUSE: Final = ("vacated", "handed_over", "started")


@dataclass(frozen=True, slots=True)
class TrackDeadline:
    """A deadline for which the household has to have moved.

    Attributes:
        needs_agreement: whether only agreement can meet it.
        is_out_of_reach: whether neither way can.
    """

    target: Target
    needs_agreement: bool
    is_out_of_reach: bool


@dataclass(frozen=True, slots=True)
class HouseholdTracks:
    """Both ways with their days, and the deadlines ahead."""

    plan: HouseholdPlan
    deadlines: Sequence[TrackDeadline]


def household_tracks(case: ProcedureCase, *, on: date) -> HouseholdTracks:
    """The two ways of a household by its case as of a day."""
    household = case.subject
    plan = household_plan(
        facts=case.facts, procedure=case.procedure, calendar=current_rulebook().calendar, today=on
    )
    part, section = participation_of(household), section_of(household)
    targets = targets_of({part: [section]}, projects={part: project_of(household)}).get(part, ())
    return HouseholdTracks(
        plan=plan, deadlines=[_deadline(plan, target) for target in targets if target.goal in _NEED_AN_EMPTY_HOUSE],
    )


def _deadline(plan: HouseholdPlan, target: Target) -> TrackDeadline:
    days = (plan.vacated_by_agreement_on, plan.vacated_by_court_on)
    return TrackDeadline(
        target=target, needs_agreement=plan.needs_agreement(target.due_on),
        is_out_of_reach=all(day is None or day > target.due_on for day in days),
    )
