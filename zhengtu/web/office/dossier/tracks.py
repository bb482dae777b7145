"""The two ways of a household in words: agreement, and decision, remedies and the court."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from zhengtu.campaign.household_tracks import TrackDeadline, household_tracks
from zhengtu.core.planning.household_plan import TrackStep
from zhengtu.registry.procedure_cases import ProcedureCase
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.languages import in_language


def tracks_block(case: ProcedureCase | None, dates: AsOf) -> dict[str, Any] | None:
    """What ``dossier/tracks.html`` needs of a household's case as of the day; None where no procedure governs it."""
    if case is None:
        return None
    found = household_tracks(case, on=dates.on)
    plan = found.plan
    return {
        "tracks": [
            {
                "name": gettext("By an agreement"), "steps": _steps(plan.agreement),
                "moved_on": plan.vacated_by_agreement_on, "is_closed": False,
            },
            {
                "name": gettext("By decision and the court"), "steps": _steps(plan.decision),
                "moved_on": plan.vacated_by_court_on, "is_closed": not plan.decision,
            },
        ],
        "deadlines": [_deadline(one) for one in found.deadlines],
    }


def _steps(steps: Sequence[TrackStep]) -> list[dict[str, Any]]:
    return [
        {
            "name": in_language(one.label), "on": one.on, "is_recorded": one.is_recorded, "source": one.source,
            "uncertain_years": one.uncertain_years,
        }
        for one in steps
    ]


def _deadline(one: TrackDeadline) -> dict[str, Any]:
    return {
        "name": in_language(one.target.name), "due_on": one.target.due_on, "needs_agreement": one.needs_agreement,
        "is_out_of_reach": one.is_out_of_reach,
    }
