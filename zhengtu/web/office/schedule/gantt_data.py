"""Plans as compact arrays for the Gantt: days as whole numbers, every text once, rows that name texts by number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from zhengtu.campaign.plan_values import PlanView
from zhengtu.core.kernel.codes import kind_of
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.planning.plan import ActivityKind, Plan, PlannedActivity, TargetOutlook
from zhengtu.core.procedure.steps import Label
from zhengtu.web.shared.languages import in_language
from zhengtu.web.shared.reason_text import spoken_of_places, spoken_source

EPOCH: Final = date(1970, 1, 1)
CRITICAL, DONE, DECIDABLE = 1, 2, 4
_KINDS: Final = tuple(ActivityKind)
_LINKS: Final = ("FS", "SS", "FF", "SF")
_DAY: Final = timedelta(days=1)

NameOf = Callable[[str], str]
ProofOf = Callable[[PlannedActivity], str]
"""The address of what proves a bar, or empty."""


@dataclass(frozen=True, slots=True)
class ChartPart:
    """One part of a project on the chart.

    Attributes:
        view: its plan with what is shown of it.
        name: what its group is called.
        above: (key, name) of the groups around it, the outermost first.
        href: the page of the part, or empty.
    """

    view: PlanView
    name: str
    above: Sequence[tuple[str, str]] = ()
    href: str = ""

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        return self.view.plan

    @property
    def baseline(self) -> Plan | None:
        """The plan that was set as the baseline, or None."""
        return self.view.baseline.plan if self.view.baseline else None

    @property
    def baselines(self) -> dict[str, PlannedActivity]:
        """The baseline's bars by id."""
        return {one.id: one for one in self.baseline.activities} if self.baseline else {}


@dataclass
class _Words:
    """Texts by number; nothing is -1."""

    texts: dict[str, int] = field(default_factory=dict)

    def number(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts)) if text else -1


def chart_data(
    parts: Sequence[ChartPart], *, on: date, calendar: WorkCalendar, name_of: NameOf, proof_of: ProofOf,
    target_href: Callable[[str, str], str],
) -> dict[str, Any]:
    """What ``js/schedule/plan.js`` reads.

    Args:
        parts: in the order of the chart.
        on: the day of the plans.
        name_of: names of the sections and units that the plans mention.
        target_href: the page that proves a part's target, given the part and the target's key.
    """
    words = _Words()
    groups: list[list[int]] = []
    known: dict[str, int] = {}
    bars: list[list[Any]] = []
    links: list[list[int]] = []
    for part in parts:
        within = _groups_around(part, groups, known, words)
        _add_part(part, within, groups, bars, links, words, name_of, proof_of)
    until = _last_day(parts, on)
    start = _first_day(parts, on)
    return {
        "on": _number(on), "groups": groups, "bars": bars, "links": links,
        "rest": _rest_days(calendar, start, until), "frozen": _frozen(frozen_months(parts), start, until),
        "targets": [
            [_number(day), words.number(label), words.number(state), words.number(href)]
            for day, label, state, href in _targets(parts, target_href)
        ],
        "words": list(words.texts),
    }


def _groups_around(part: ChartPart, groups: list[list[int]], known: dict[str, int], words: _Words) -> int:
    """The number of the innermost group around a part, made where it is missing."""
    within = -1
    for key, name in part.above:
        if key not in known:
            known[key] = len(groups)
            groups.append([within, words.number(name), -1, -1, words.number(key)])
        within = known[key]
    return within


def _add_part(
    part: ChartPart, within: int, groups: list[list[int]], bars: list[list[Any]], links: list[list[int]],
    words: _Words, name_of: NameOf, proof_of: ProofOf,
) -> None:
    """The part's own steps, then each of its sections."""
    plan = part.plan
    own = len(groups)
    light = str(plan.light.colour)
    groups.append([within, words.number(part.name), words.number(light), words.number(part.href), -1])
    members: dict[str, list[PlannedActivity]] = {}
    for activity in plan.activities:
        members.setdefault(activity.subject, []).append(activity)
    held = part.baselines
    place: dict[str, int] = {}
    for subject in sorted(members, key=lambda code: (kind_of(code) == "section", code)):
        is_section = kind_of(subject) == "section"
        name = name_of(subject) if is_section else _("Statutory procedure")
        shown = plan.section_lights.get(subject) if is_section else None
        number = len(groups)
        groups.append([
            own, words.number(name), words.number(str(shown.colour) if shown else ""), -1, words.number(subject),
        ])
        for activity in members[subject]:
            place[activity.id] = len(bars)
            bars.append(_bar(activity, number, held.get(activity.id), words, name_of, proof_of))
    for activity in plan.activities:
        bars[place[activity.id]][18] = place.get(activity.driver, -1)
    links += [
        [place[link.before], place[link.after], _LINKS.index(link.kind), link.lag_days, int(link.is_critical)]
        for link in plan.links if link.before in place and link.after in place
    ]


def _bar(
    activity: PlannedActivity, group: int, baseline: PlannedActivity | None, words: _Words, name_of: NameOf,
    proof_of: ProofOf,
) -> list[Any]:
    flags = CRITICAL * activity.is_critical + DONE * activity.is_done + DECIDABLE * activity.may_be_decided
    reason = spoken_of_places(activity.driver_reason, name_of).message if activity.driver_reason else ""
    return [
        group, words.number(activity.id), words.number(in_language(activity.label)), _KINDS.index(activity.kind),
        _number(activity.early_start_on), _number(activity.early_end_on),
        _number(activity.late_start_on), _number(activity.late_end_on),
        _number(activity.actual_start_on), _number(activity.actual_end_on),
        _number(baseline.early_start_on if baseline else None), _number(baseline.early_end_on if baseline else None),
        activity.float_days, flags, words.number(name_of(activity.responsible) if activity.responsible else ""),
        words.number(str(activity.stage) if activity.stage else ""),
        words.number(spoken_source(activity.source) if activity.source else ""), words.number(reason), -1,
        activity.households, activity.households_left, words.number(proof_of(activity)),
    ]


def _targets(
    parts: Sequence[ChartPart], target_href: Callable[[str, str], str]
) -> list[tuple[date, str, str, str]]:
    """Deadlines, each day and name once; missed where any part misses it."""
    found: dict[tuple[date, str], tuple[str, str]] = {}
    for part in parts:
        for outlook in part.plan.targets:
            key = (outlook.target.due_on, in_language(outlook.target.name))
            state = state_of(outlook)
            if key not in found or (state == "missed" and found[key][0] != "missed"):
                found[key] = (state, target_href(part.plan.code, outlook.target.key))
    return [(*key, *value) for key, value in sorted(found.items())]


def state_of(outlook: TargetOutlook) -> str:
    """``met``, ``missed`` or ``open``: whether law and teams can still reach the target in time."""
    if outlook.is_met:
        return "met"
    is_missed = outlook.earliest_on is not None and outlook.earliest_on > outlook.target.due_on
    return "missed" if is_missed else "open"


def _number(day: date | None) -> int | None:
    return None if day is None else (day - EPOCH).days


def _all_days(parts: Sequence[ChartPart]) -> Iterable[date]:
    for part in parts:
        for one in part.plan.activities:
            yield from (
                day for day in (one.early_start_on, one.early_end_on, one.late_end_on, one.actual_start_on) if day
            )
        yield from (outlook.target.due_on for outlook in part.plan.targets)


def _first_day(parts: Sequence[ChartPart], on: date) -> date:
    return min((*_all_days(parts), on)) - 30 * _DAY


def _last_day(parts: Sequence[ChartPart], on: date) -> date:
    return max((*_all_days(parts), on)) + 60 * _DAY


def _rest_days(calendar: WorkCalendar, start: date, until: date) -> list[list[int]]:
    """Weekends and holidays as runs of days."""
    runs: list[list[int]] = []
    for offset in range((until - start).days):
        day = start + offset * _DAY
        if calendar.is_working_day(day):
            continue
        number = (day - EPOCH).days
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def _frozen(months: frozenset[int], start: date, until: date) -> list[list[int]]:
    """Months of frozen ground as runs of days."""
    runs: list[list[int]] = []
    day = start.replace(day=1)
    while months and day < until:
        following = (day + 31 * _DAY).replace(day=1)
        if day.month in months:
            first, last = (day - EPOCH).days, (following - EPOCH).days - 1
            if runs and runs[-1][1] == first - 1:
                runs[-1][1] = last
            else:
                runs.append([first, last])
        day = following
    return runs


def frozen_months(parts: Sequence[ChartPart]) -> frozenset[int]:
    """Months in which the ground of any part is frozen."""
    return frozenset(month for part in parts for month in part.view.frozen_months)


def names_in(parts: Sequence[ChartPart]) -> NameOf:
    """Code -> its name in the page's language, the code where the plans name none."""
    names: dict[str, Label] = {}
    for part in parts:
        names |= part.view.names
    return lambda code: (in_language(names[code]) or names[code][0]) if code in names else code
