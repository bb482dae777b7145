"""Directives far overdue or all on time, and goals reached before their day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from zhengtu.assessment.duty_measures import directives_due
from zhengtu.campaign.plan_targets import target_key
from zhengtu.campaign.queries import deadlines_of, section_standings
from zhengtu.core.assessment.triggers import Ground, Trigger
from zhengtu.core.assessment.window import Window
from zhengtu.core.kernel.civil_dates import add_months
from zhengtu.core.reviews.promises import promise_of
from zhengtu.core.reviews.week import Kept
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
    """Units that lead directives of which every one that fell due in a quarter was done in time: met on the first day
    after the quarter or, where an answer given in time was still to be checked, on the day the last was found true."""
    campaign = campaign_of(city)
    if campaign is None:
        return []
    found = []
    first = date(campaign.start_on.year, (campaign.start_on.month - 1) // _QUARTER_MONTHS * _QUARTER_MONTHS + 1, 1)
    while (after := add_months(first, _QUARTER_MONTHS)) <= on:
        found += _all_kept(Window(city, first, after - _DAY), least=trigger.limits["least"], on=on)
        first = after
    return found


def _all_kept(quarter: Window, *, least: int, on: date) -> list[Ground]:
    """The praise of one quarter that is over, asked on a day after it."""

    @cache
    def kept_on(day: date) -> dict[str, int]:
        """Leads -> how many directives, of those whose every directive was done in time as it was known on a day."""
        counts: dict[str, int] = defaultdict(int)
        missed = set()
        for one in directives_due(quarter, on=day):
            if one.kept is Kept.KEPT:
                counts[one.directive.lead] += 1
            elif one.kept is not Kept.CANCELLED:
                missed.add(one.directive.lead)
        return {lead: count for lead, count in counts.items() if count >= least and lead not in missed}

    after, found = quarter.judged_on, []
    for unit in sorted({*kept_on(after), *kept_on(on)}):
        met_on = after if unit in kept_on(after) else _first_day(lambda day, unit=unit: unit in kept_on(day), after, on)
        found.append(Ground(unit, unit, unit, met_on, due_on=quarter.on, measured=str(kept_on(met_on)[unit])))
    return found


def goals_early(city: str, *, on: date) -> list[Ground]:
    """Parts of projects in which every section reached the goal of a deadline on a day before it."""
    reach = Reach(prefixes=(city[:4],))

    @cache
    def left_on(day: date) -> dict[tuple[str, str, date], bool]:
        """(part, goal, last day) -> whether any of its sections is left on a day."""
        found: dict[tuple[str, str, date], bool] = defaultdict(bool)
        for deadline in deadlines_of(reach, section_standings(reach, on=day, known=None, with_change=False)):
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
