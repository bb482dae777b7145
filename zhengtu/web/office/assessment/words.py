"""Assessments in words: periods, what a counted case is about, and where its proof stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from zhengtu.assessment.behind import Openings
from zhengtu.assessment.models import Assessment
from zhengtu.core.assessment.scheme import Label
from zhengtu.core.assessment.scoring import CountedCase
from zhengtu.core.kernel.codes import kind_of
from zhengtu.registry.models import DeadlineGoal
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label

_DAY = timedelta(days=1)
_PAGES: Final[Mapping[str, str]] = {
    "section": "section.view", "household": "household.view", "directive": "directive.view",
    "participation": "funds.account", "project": "project.view",
}
_STEPS: Final[Mapping[str, Any]] = {
    "signed_count": gettext_lazy("Signed or decided"), "vacated_count": gettext_lazy("Vacated"),
}


def period_of(assessment: Assessment) -> str:
    """First and last day, as people write them."""
    return spoken_period(assessment.from_on, assessment.until_on)


def spoken_period(from_on: date, until_on: date) -> str:
    """The days of a period whose first day after is given."""
    return f"{from_on.isoformat()} – {(until_on - _DAY).isoformat()}"


def scheme_name(assessment: Assessment) -> str:
    """The scheme's name as it was adopted."""
    zh, en = assessment.terms["label"]
    return in_language((zh, en))


def about_case(case: CountedCase) -> str:
    """What of its subject a case is about; empty where the subject says all."""
    first, _, rest = case.about.partition(".")
    if first in _STEPS:
        return str(_STEPS[first])
    if first == "question":
        return gettext("Question out of a finding")
    if first in ("matter_opened", "revaluation_requested", "expert_appraisal_requested"):
        return rulebook_label(group="fact", id=first)
    if rest in DeadlineGoal.values:
        return str(DeadlineGoal(rest).label)
    return case.about


def difficulty_words(difficulty: str) -> str:
    """A class of difficulty in words."""
    return " · ".join(rulebook_label(group="difficulty", id=part) for part in difficulty.split(".") if part)


def subject_name(code: str, opened: Openings) -> str:
    """The subject by name, or by its code where it has none to be shown; one kept from the reader is empty."""
    if not code:
        return gettext("not shown to you")
    name: Label | None = opened.names.get(code)
    return in_language(name) if name else code


def subject_page(code: str, opened: Openings) -> str:
    """The address of the subject, where the reader may open it; else empty."""
    page = _PAGES.get(kind_of(code), "") if code else ""
    return reverse(page, args=[code]) if page and code in opened.subjects else ""


def fact_page(reference: str, opened: Openings) -> str:
    """The address of the deed that recorded a fact, where the reader may open it; else empty."""
    deed = reference.partition("/")[0]
    return reverse("deed.view", args=[deed]) if deed in opened.deeds else ""
