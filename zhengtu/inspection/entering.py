"""Findings as facts of the households: what one row of a released draw says in the ledger."""

from __future__ import annotations

from typing import Any

from zhengtu.core.inspection.matters import SiteAnswer
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.ledger.milestones import Milestone, has_reached
from zhengtu.inspection.models import Drawn, Inspection
from zhengtu.ledger.act import NewFact
from zhengtu.ledger.projection import milestone_dates
from zhengtu.ledger.rulebook import current_rulebook

SITE, MOVED_BACK, VIOLATION = "site_found", "moved_back_found", "violation_found"


def answer_of(inspection: Inspection, found: str) -> SiteAnswer:
    """The answer of the inspection's matter with that id."""
    return current_rulebook().inspection.matters[inspection.matter].answers[found]


def answer_label(inspection: Inspection, found: str) -> str:
    """The answer as it is kept in a fact: in Chinese, the language of the file."""
    return answer_of(inspection, found).label[0]


def finding_facts(row: Drawn, inspection: Inspection) -> list[NewFact]:
    """The facts of one visited household: what was found, that somebody moved back, and conduct that it shows."""
    answer = answer_of(inspection, row.found)
    found = [_fact(row, SITE, site_attributes(inspection, row.found))]
    said = answer_label(inspection, row.found)
    if answer.is_moved_back and _was_vacated(row):
        found.append(_fact(row, MOVED_BACK, {"inspection": inspection.code, "found": said}))
    if answer.violation:
        found.append(_fact(row, VIOLATION, {"violation": answer.violation, "found": said}))
    return found


def site_attributes(inspection: Inspection, found: str) -> dict[str, Any]:
    """What ``site_found`` says for an answer."""
    answer = answer_of(inspection, found)
    attributes = {
        "inspection": inspection.code, "matter": inspection.matter, "agrees": "no" if answer.is_false else "yes",
        "found": answer_label(inspection, found),
    }
    if answer.is_cleared is not None:
        attributes["is_cleared"] = "yes" if answer.is_cleared else "no"
    return attributes


def _fact(row: Drawn, kind: str, attributes: dict[str, Any]) -> NewFact:
    assert row.found_at is not None
    return NewFact("household", row.household, kind, civil_date(at=row.found_at), attributes)


def _was_vacated(row: Drawn) -> bool:
    """Whether the house counts as vacated by the day of the check.

    Who never left did not move back, nor did who was found there before.
    """
    assert row.found_at is not None
    dates, on = milestone_dates([row.household]).get(row.household, {}), civil_date(at=row.found_at)
    return has_reached(dates, Milestone.VACATED, on=on)
