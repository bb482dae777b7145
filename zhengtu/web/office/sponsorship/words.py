"""Promises, hard cases and their subjects in words, for every page that shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from zhengtu.core.kernel.codes import kind_of, project_of, section_of
from zhengtu.core.sponsorship.hard_cases import DESCRIBED, HardCase
from zhengtu.core.sponsorship.promises import PromiseState
from zhengtu.core.sponsorship.rules import Remedy
from zhengtu.sponsorship.facts import above
from zhengtu.sponsorship.queries import PromiseStanding, subject_names
from zhengtu.web.office.cockpit.sentences import kept
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason

STATES: Final[Mapping[PromiseState, tuple[str, object]]] = {
    PromiseState.BROKEN: ("red", pgettext_lazy("promise", "Broken")),
    PromiseState.OPEN: ("running", pgettext_lazy("promise", "In hand")),
    PromiseState.LATE: ("yellow", pgettext_lazy("promise", "Kept late")),
    PromiseState.KEPT: ("green", pgettext_lazy("promise", "Kept")),
}
KINDS: Final = {
    "project": gettext_lazy("Project"), "participation": gettext_lazy("Part of a project"),
    "section": gettext_lazy("Section"), "household": gettext_lazy("Hard case"),
}


class Places:
    """Names of subjects with what they lie in, looked up together."""

    def __init__(self, subjects: Iterable[str]) -> None:
        codes = set(subjects)
        self._names = subject_names({wider for code in codes for wider in above(code)})

    def name(self, subject: str) -> str:
        """The name in the current language: of a project or section, of a household the masked one."""
        pair = self._names.get(subject)
        return in_language(pair) if pair else subject

    def lies_in(self, subject: str) -> str:
        """The project and section that it lies in, nothing for a project or a part of one."""
        kind = kind_of(subject)
        wider = {
            "section": (project_of(subject),), "household": (project_of(subject), section_of(subject)),
        }.get(kind, ())
        return " · ".join(self.name(code) for code in wider)


def page_of(subject: str, dates: AsOf) -> str:
    """The page of sponsorship of a subject, on the same dates."""
    return reverse("sponsorship.of", args=[subject]) + kept(dates)


def cause_label(cause: str) -> str:
    """A cause in words."""
    return rulebook_label(group="choice", id=f"{DESCRIBED}.cause.{cause}")


def causes_in_words(case: HardCase) -> str:
    """The causes of a case, joined."""
    return gettext(", ").join(cause_label(one.cause) for one in case.causes)


def remedy_line(remedy: Remedy | None) -> dict[str, str] | None:
    """A remedy as lists show it: name, whom to turn to, what is done, article."""
    if remedy is None:
        return None
    return {
        "id": remedy.id, "name": in_language(remedy.label), "to": in_language(remedy.turn_to),
        "how": in_language(remedy.how), "source": remedy.source,
    }


def case_line(case: HardCase, places: Places, dates: AsOf, sponsors: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """A hard case as a line of a list."""
    return {
        "case": case, "href": page_of(case.household, dates), "name": places.name(case.household),
        "place": places.lies_in(case.household), "causes": causes_in_words(case), "light": str(case.light),
        "why": spoken_reason(case.reason).message, "next": remedy_line(case.next_remedy),
        "sponsor": sponsors.get(case.household, ("", ""))[1],
    }


def promise_lines(
    standings: Iterable[PromiseStanding], places: Places, dates: AsOf, *, may_keep: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Promises as lines: light, state, what, for whom, until when, who answers, and whom it has reached.

    Args:
        may_keep: subjects for which the reader may prove that a promise was kept.
    """
    lines = []
    for one in standings:
        lamp, label = STATES[one.state]
        lines.append({
            "standing": one, "promise": one.promise, "light": lamp, "state": label, "name": one.name,
            "href": page_of(one.promise.subject, dates), "subject": places.name(one.promise.subject),
            "is_counting": one.state is PromiseState.OPEN, "reached": [name for name in one.superiors.values() if name],
            "is_broken": one.state is PromiseState.BROKEN,
            "may_keep": one.state in (PromiseState.OPEN, PromiseState.BROKEN) and one.promise.subject in may_keep,
        })
    return lines


def is_due(standing: PromiseStanding, *, on: date, within_days: int) -> bool:
    """Whether a promise is broken or falls due within so many days."""
    return standing.state is PromiseState.BROKEN or (
        standing.state is PromiseState.OPEN and standing.promise.days_left(on=on) <= within_days
    )
