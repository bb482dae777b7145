"""The statutory steps of each project in each jurisdiction, dated around its announcement, as the law orders them.

Days are whole numbers counted from today. What the announcement rests on comes before it with every period in full and
room for holidays; so the steps pass the same gate as anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from zhengtu.jobs.demonstration.fabric import Ints
from zhengtu.jobs.demonstration.histories import (
    APPRAISER_CHOSEN,
    APPROVAL_TAKES,
    NEVER,
    PREVIEW_DAYS,
    SIGNING_PERIOD,
    History,
    Households,
)
from zhengtu.jobs.demonstration.model import StepRecord
from zhengtu.jobs.demonstration.script import ProjectScript

APPRAISER = "吉林信衡房地产评估（演示）"
RESERVE = 1.06
"""The account holds the expected compensation and this much more of it."""


@dataclass(frozen=True)
class _Part:
    """One project's part in one jurisdiction: its days and its sums."""

    code: str
    announced: int
    registered: int
    surveyed: int
    opened: int
    households: int
    unsigned: int
    budget_yuan: int
    ground: str
    today: date

    def on(self, day: int) -> str:
        return (self.today + timedelta(days=day)).isoformat()


def procedure_steps(
    project: ProjectScript, told: History, homes: Households, *, today: date
) -> Iterator[StepRecord]:
    """Every step of the project's parts that has been taken by today; none under the old demolition regime."""
    if project.regime == "LEGACY_DEMOLITION":
        return
    jurisdiction = np.array(homes.jurisdiction)
    for division in dict.fromkeys(homes.jurisdiction):
        mine = (jurisdiction == division)[homes.section]
        announced = int(told.announced[jurisdiction == division].min())
        if announced == NEVER or not mine.any():
            continue
        part = _part(project, told, division, mine=mine, announced=announced, today=today)
        steps = _land_steps(part) if project.regime == "COLLECTIVE_LAND" else _state_steps(part)
        for kind, day, attributes in steps:
            if day <= 0:
                yield StepRecord(part.code, kind, today + timedelta(days=day), attributes)


def _part(
    project: ProjectScript, told: History, division: str, *, mine: Any, announced: int, today: date
) -> _Part:
    settled = np.minimum(told.signed, told.decided)
    reported = announced - APPROVAL_TAKES
    return _Part(
        code=f"{division}-{project.code.split('-')[1]}", announced=announced,
        registered=int(told.registered[mine].min()), surveyed=int(told.surveyed[mine].max()),
        opened=int(_first(told.valued[mine])), households=int(mine.sum()),
        unsigned=int((settled[mine] > reported).sum()),
        budget_yuan=int(told.amount_yuan[mine].sum() * RESERVE) + 1_000_000,
        ground={"shanty_town": "old_town_renewal", "resettlement": "affordable_housing"}.get(
            project.kind, "public_services" if project.kind in ("public_service", "park") else "infrastructure"
        ),
        today=today,
    )


def _first(days: Ints) -> int:
    return int(days.min())


def _state_steps(part: _Part) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Houses on state-owned land: the scheme is published for its thirty days and more before the decision."""
    a, start = part.announced, part.registered
    yield "public_interest_established", start - 30, {"ground": part.ground}
    yield "plans_conform", start - 20, {}
    if part.ground in ("old_town_renewal", "affordable_housing"):
        yield "annual_plan_listed", start - 18, {}
    yield "scope_announced", start - 6, {}
    yield "freeze_notified", start - 5, {"until": part.on(start + 350)}
    yield "survey_results_published", a - 51, {"published_from": part.on(a - 51)}
    yield "buildings_recognised", a - 49, {"unresolved_count": 0}
    yield "scheme_drafted", a - 48, {}
    yield "scheme_reviewed", a - 47, {}
    yield "scheme_published", a - 46, {"published_from": part.on(a - 46)}
    yield "stability_assessed", a - 20, {"level": "low"}
    yield "opinions_registered", a - 7, {
        "households": part.households, "objecting_households": part.households // 12,
    }
    yield "opinions_published", a - 6, {}
    yield "funds_in_account", a - 5, {
        "account": _account(part), "balance_yuan": f"{part.budget_yuan}.00", "budget_yuan": f"{part.budget_yuan}.00",
    }
    yield "legality_reviewed", a - 4, {}
    if part.households >= 100:
        yield "standing_meeting_held", a - 2, {}
    yield "expropriation_decided", a - 1, {}
    yield "expropriation_announced", a, {
        "document_number": f"演示征决〔{part.on(a)[:4]}〕{int(part.code[-3:])}号", "published_from": part.on(a),
        "sign_by": part.on(a + SIGNING_PERIOD), "remedies_stated": "yes",
    }
    yield "appraiser_choice_invited", a + 1, {"choose_by": part.on(a + 5)}
    yield "appraiser_chosen", a + APPRAISER_CHOSEN, {"appraiser": APPRAISER, "method": "consultation"}
    yield "preliminary_valuation_published", a + PREVIEW_DAYS[0], {
        "published_from": part.on(a + PREVIEW_DAYS[0]), "published_until": part.on(a + PREVIEW_DAYS[1]),
    }
    yield "results_published", a + 13, {}


def _land_steps(part: _Part) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Collective land: announced, agreed and applied for before the approval, announced again after it."""
    a, start, opened, last = part.announced, part.registered, part.opened, part.surveyed
    reported = a - APPROVAL_TAKES
    yield "land_public_interest_established", start - 30, {"ground": "infrastructure"}
    yield "land_pre_announced", start - 6, {"published_from": part.on(start - 6)}
    yield "land_frozen", start - 6, {}
    yield "land_surveyed", last + 1, {}
    yield "land_stability_assessed", last + 1, {"level": "low"}
    yield "land_scheme_drafted", last + 2, {}
    yield "land_scheme_announced", last + 4, {
        "published_from": part.on(last + 4), "register_by": part.on(last + 40), "zone_price_from": part.on(start - 400),
    }
    yield "land_opinions_registered", opened - 3, {
        "members": part.households * 3, "objecting_members": part.households // 8,
    }
    yield "land_agreements_reported", reported, {"parties": part.households, "unsigned": part.unsigned}
    yield "land_fees_in_account", reported + 1, {
        "account": _account(part), "balance_yuan": f"{part.budget_yuan}.00", "budget_yuan": f"{part.budget_yuan}.00",
        "social_security_balance_yuan": f"{part.households * 21_000}.00",
        "social_security_budget_yuan": f"{part.households * 21_000}.00",
    }
    yield "land_dossier_assembled", reported + 4, {}
    yield "land_applied", reported + 8, {}
    yield "land_approved", a - 7, {
        "document_number": f"演示土批〔{part.on(a - 7)[:4]}〕{int(part.code[-3:])}号", "received_on": part.on(a - 6),
    }
    yield "expropriation_announced", a, {"published_from": part.on(a), "remedies_stated": "yes"}
    yield "land_results_published", a + 8, {}


def _account(part: _Part) -> str:
    """A number that no bank has: the division and the project under the letters of the demonstration."""
    return f"DEMO-{part.code}"
