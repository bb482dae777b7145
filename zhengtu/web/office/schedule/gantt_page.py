"""What the Gantt's template and modules need: addresses and texts in the page's language."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtu.web.shared.reason_text import rulebook_label
from zhengtu.web.shared.templatetags.figures import LIGHTS

STAGES: Final = ("survey", "valuation", "negotiation", "payment", "vacating", "demolition")


def gantt_context(*, data_href: str, part_label: str = "") -> dict[str, Any]:
    """The context of ``schedule/gantt.html``.

    Args:
        data_href: the address that answers with the plan.
        part_label: what the filter of groups is called.
    """
    return {
        "data_href": data_href, "part_label": part_label or _("Section"),
        "decide_href": reverse("schedule.decide", args=["CODE"]),
    }


def stage_label(stage: str) -> str:
    """What a stage of work is called."""
    return rulebook_label(group="choice", id=f"plan_decided.stage.{stage}")


def gantt_texts() -> dict[str, Any]:
    """Texts of ``js/schedule``."""
    return {
        "stages": {stage: stage_label(stage) for stage in STAGES},
        "lights": {name: str(meaning) for name, (_shape, meaning) in LIGHTS.items()},
        "state": _("State"), "done": _("done"), "underWay": _("under way"), "notBegun": _("not begun"),
        "actual": _("Recorded"), "earliest": _("Earliest"), "latest": _("Latest"), "baseline": _("Baseline"),
        "float": _("Float"), "workingDays": _("working days"), "days": _("days"),
        "households": _("Households left"), "responsible": _("Responsible"), "source": _("Source"),
        "why": _("Why not sooner"), "driver": _("Decided by:"), "critical": _("critical"),
        "decide": _("Decide its start"), "open": _("Open what proves it"),
        "before": _("Comes after"), "after": _("Comes before"), "failed": _("The plan could not be loaded."),
    }


