"""Late items and names in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext, ngettext

from zhengtu.campaign.facts import LateItem
from zhengtu.campaign.plan_targets import target_key
from zhengtu.campaign.plan_values import PlanRow
from zhengtu.core.kernel.codes import kind_of
from zhengtu.registry.models import DeadlineGoal
from zhengtu.web.shared.as_of import AsOf
from zhengtu.web.shared.blocker_text import BlockerLine, blocker_line
from zhengtu.web.shared.figure_text import grouped
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import rulebook_label, spoken_reason

Names = Mapping[str, tuple[str, str]]
_PAGES: Final = {
    "participation": "procedure.view", "lot_draw": "lots.view", "resettlement_building": "site.building",
}
_KIND_WORDS: Final = re.compile(r"\s+(Development Zone|District|Zone)$")


@dataclass(frozen=True, slots=True)
class LateLine:
    """A late item as it is shown: light, subject, one sentence, who answers for it.

    Attributes:
        blocker: what holds it up now, with its clock; None where nothing is named.
    """

    light: str
    subject: str
    href: str
    sentence: str
    responsible: str
    due_on: date | None
    proof_href: str
    blocker: BlockerLine | None = None


def is_english() -> bool:
    """Whether names are shown in English."""
    return (get_language() or "").startswith("en")


def name_of(code: str, names: Names) -> str:
    """The name of a code in the current language; the code where it has none."""
    pair = names.get(code)
    return code if pair is None else (pair[1] if is_english() and pair[1] else pair[0])


def short_name_of(code: str, names: Names) -> str:
    """The same without the words that say what kind of division it is, in English."""
    return _KIND_WORDS.sub("", name_of(code, names))


def goal_label(goal: str) -> str:
    """The goal of a deadline in words."""
    return str(DeadlineGoal(goal).label)


def state_label(state: str) -> str:
    """The state of a household, section or project in words."""
    if state == "unregistered":
        return gettext("No household registered")
    return rulebook_label(group="milestone" if state == "handed_over" else "state", id=state)


def late_line(item: LateItem, *, names: Names, dates: AsOf) -> LateLine:
    """One late item in words, with the address of what proves it."""
    named = {**names, **item.section_names}
    return LateLine(
        light=item.light, subject=name_of(item.subject, names),
        href=plan_href(item.place, dates) if item.kind == "plan" else subject_href(item.subject, dates),
        sentence=_sentence(item), due_on=None if item.kind == "funds" else item.due_on,
        proof_href=_proof(item, dates), responsible=_responsible(item, names),
        blocker=blocker_line(item.blocker, names=named, on=dates.on) if item.blocker else None,
    )


def _sentence(item: LateItem) -> str:
    numbers = {name: grouped(number) for name, number in item.numbers.items()}
    if item.kind == "matter":
        return item.text
    if item.reason is not None:
        return spoken_reason(item.reason).message
    waiting = ngettext(
        "%(overdue_over_0)s household waits for its home past the day of its agreement",
        "%(overdue_over_0)s households wait for their homes past the day of their agreements",
        item.numbers["overdue_over_0"],
    ) % numbers
    longer = gettext("%(overdue_over_12)s of them for over 12 months") % numbers
    longest = gettext("%(overdue_over_40)s for over 40 months") % numbers
    parts = [waiting]
    parts += [longer] if item.numbers["overdue_over_12"] else []
    parts += [longest] if item.numbers["overdue_over_40"] else []
    return gettext(", ").join(parts) + gettext(".")


def _responsible(item: LateItem, names: Names) -> str:
    units = [part for text in item.responsible for part in re.split("[、,，]", text) if part.strip()]
    return gettext(", ").join(name_of(unit.strip(), names) for unit in units)


def subject_href(subject: str, dates: AsOf) -> str:
    """The page of a project, a part of one, a section or a household; nothing for what has no page."""
    try:
        kind = kind_of(subject)
        return reverse(_PAGES.get(kind, f"{kind}.view"), args=[subject]) + kept(dates)
    except (ValueError, NoReverseMatch):
        return ""


def _proof(item: LateItem, dates: AsOf) -> str:
    if item.kind == "funds":
        return reverse("funds.account", args=[item.place]) + kept(dates)
    if item.deed:
        return reverse("deed.view", args=[item.deed]) + kept(dates)
    if item.kind == "overdue":
        return reverse("household.list") + dates.query(project=item.subject, overdue="0")
    key = target_key(goal=item.goal, due_on=item.due_on) if item.due_on else ""
    return plan_href(item.place, dates, target=key)


def part_name(row: PlanRow, names: Names) -> str:
    """The part of a project in one jurisdiction in words."""
    return f"{in_language(row.name)} · {short_name_of(row.jurisdiction, names)}"


def plan_href(part: str, dates: AsOf, *, target: str = "") -> str:
    """The page of a part's plan, or of what proves its deadline."""
    if target:
        return reverse("schedule.deadline", args=[part, target]) + kept(dates)
    return reverse("schedule.of", args=[part]) + kept(dates)


def kept(dates: AsOf, **more: object) -> str:
    """The query string of both dates, nothing where there is nothing to keep."""
    query = dates.query(**more)
    return query if query != "?" else ""
