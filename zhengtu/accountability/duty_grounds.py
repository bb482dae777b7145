"""Directives far overdue or all on time, and goals reached before their day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from zhengtu.assessment.duty_measures import directives_on_time
from zhengtu.campaign.plan_targets import target_key
from zhengtu.campaign.queries import deadlines_of, section_standings
from zhengtu.core.assessment.triggers import Ground, Trigger
from zhengtu.core.assessment.window import Window
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.reviews.promises import promise_of
from zhengtu.directives.queries import city_directives
from zhengtu.ledger.queries import Reach
from zhengtu.ledger.rulebook import current_rulebook
from zhengtu.registry.procedure_cases import participation_of
from zhengtu.registry.queries import campaign_of

_DAY = timedelta(days=1)
_QUARTER_MONTHS = 3
_NEED_HOUSEHOLDS = ("signed", "vacated", "resettled")


def directives_overdue(trigger: Trigger, city: str, on: date) -> list[Ground]:
    """Directives not done so many working days after their last day, of the unit that leads them."""
    calendar = current_rulebook().calendar
    found = []
    for one in city_directives(city, on=on):
        if one.due_on is None or one.due_on >= on or (one.rrule and one.occurrence_on is None):
            continue
        promise = promise_of(one, review="", on=on)
        met_on = calendar.add_working_days(one.due_on, trigger.limits["workdays"]).on + _DAY
        is_done = promise.done_on is not None and promise.done_on < met_on
        if met_on <= on and not is_done and (one.is_overdue or promise.done_on is not None):
            found.append(Ground(one.lead, one.code, one.code, met_on, due_on=one.due_on))
    return found


def directives_all(trigger: Trigger, city: str, on: date) -> list[Ground]:
    """Units of which every directive that fell due in a quarter that is over was done in time."""
    campaign = campaign_of(city)
    if campaign is None:
        return []
    found = []
    first = date(campaign.start_on.year, (campaign.start_on.month - 1) // _QUARTER_MONTHS * _QUARTER_MONTHS + 1, 1)
    while (after := add_months(first, _QUARTER_MONTHS)) <= on:
        for unit, cases in directives_on_time(Window(city, first, after - _DAY)).items():
            if len(cases) >= trigger.limits["least"] and all(case.done >= case.due for case in cases):
                found.append(Ground(unit, unit, unit, after, due_on=after - _DAY, measured=str(len(cases))))
        first = after
    return found


def goals_early(city: str, *, on: date) -> list[Ground]:
    """Parts of projects in which every section reached the goal of a deadline on a day before it."""
    reach = Reach(prefixes=(city[:4],))

    @cache
    def left_on(day: date) -> dict[tuple[str, str, date], bool]:
        """(part, goal, last day) -> whether any of its sections is left on a day."""
        found: dict[tuple[str, str, date], bool] = defaultdict(bool)
        for deadline in deadlines_of(reach, section_standings(reach, on=day, known=None)):
            for section in deadline.sections:
                if deadline.goal in _NEED_HOUSEHOLDS and not section.households:
                    continue
                key = (participation_of(section.code), deadline.goal, deadline.due_on)
                found[key] = found[key] or section.is_left(deadline.goal)
        return found

    campaign = campaign_of(city)
    if campaign is None:
        return []
    grounds = []
    for part, goal, due_on in left_on(on):
        last = min(on, due_on - _DAY)
        key = (part, goal, due_on)
        if last < campaign.start_on or left_on(last).get(key, True) or not left_on(campaign.start_on).get(key, True):
            continue
        met_on = _first_day(lambda day, key=key: not left_on(day).get(key, True), campaign.start_on, last)
        grounds.append(Ground(
            part[:6], part, part, met_on, due_on=due_on, measured=target_key(goal=goal, due_on=due_on)
        ))
    return grounds


def _first_day(is_met: Callable[[date], bool], before: date, last: date) -> date:
    """The first day of being met, given that ``before`` is not and ``last`` is."""
    while (last - before).days > 1:
        middle = before + (last - before) // 2
        if is_met(middle):
            last = middle
        else:
            before = middle
    return last
