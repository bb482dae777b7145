"""Cases in words: states, grounds and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from zhengtu.accountability.facts import HeldGround
from zhengtu.accountability.models import Case
from zhengtu.accounts.queries import unit_names
from zhengtu.assessment.behind import Openings, openings
from zhengtu.core.assessment.accountability import CaseState
from zhengtu.core.authority.actor import Actor
from zhengtu.core.kernel.codes import is_code
from zhengtu.registry.models import DeadlineGoal
from zhengtu.web.shared.figure_text import grouped
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

STATES: Final[Mapping[CaseState, Any]] = {
    CaseState.OPEN: pgettext_lazy("case", "Waits for the statement"),
    CaseState.HEARD: pgettext_lazy("case", "Waits for a decision"),
    CaseState.DECIDED: pgettext_lazy("case", "Decided"),
    CaseState.CLOSED: pgettext_lazy("case", "Closed"),
    CaseState.WITHDRAWN: pgettext_lazy("case", "Withdrawn by rule"),
}
LIGHTS: Final[Mapping[CaseState, str]] = {
    CaseState.OPEN: "running", CaseState.HEARD: "running", CaseState.DECIDED: "green", CaseState.CLOSED: "idle",
    CaseState.WITHDRAWN: "idle",
}
_PAGES: Final = {
    "household": "household.view", "section": "section.view", "participation": "funds.account",
    "directive": "directive.view", "project": "project.view",
}
_KINDS: Final = ("household", "section", "participation", "project", "directive")


def opened_for(actor: Actor, codes: set[str], facts: set[str]) -> Openings:
    """Names and doors of whatever a case rests on; units and inspections have none there."""
    known = {code for code in codes if any(is_code(kind, code) for kind in _KINDS)}
    return openings(actor, subjects=known, facts=facts)


def name_of(code: str, opened: Openings) -> str:
    """A subject by name: project, section, directive or unit; else its code."""
    if code in opened.names:
        return in_language(opened.names[code])
    pair = unit_names([code]).get(code)
    return in_language(pair) if pair else code


def page_of(code: str, opened: Openings) -> str:
    """The address of a subject, where the reader may open it; else empty."""
    kind = next((kind for kind in _KINDS if is_code(kind, code)), "")
    return reverse(_PAGES[kind], args=[code]) if kind and code in opened.subjects else ""


def unit_name(row: Case) -> str:
    """The unit that answers."""
    return in_language((row.unit.name, row.unit.name_en or row.unit.name))


def measured_text(row: Case, ground: HeldGround) -> str:
    """The number or choice of a ground, as people read it."""
    return " · ".join(_measured(row.trigger, part) for part in ground.measured.split(" · ") if part)


def _measured(trigger: str, text: str) -> str:
    if trigger == "violation":
        return rulebook_label(group="choice", id=f"violation_found.violation.{text}")
    _, _, goal = text.partition(".")
    if goal in DeadlineGoal.values:
        return str(DeadlineGoal(goal).label)
    if trigger in ("funds_late", "funds_early"):
        return grouped(float(text), digits=2)
    return text
