"""The occurrences of a recurring directive: derived from its rule (RFC 5545), never stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from dateutil.rrule import rrule, rruleset, rrulestr

from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason
from zhengtu.core.kernel.work_calendar import WorkCalendar

_PARTS: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "WKST"})
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_LONGEST: Final = 200
"""Longest rule that is read, in characters."""
_LARGEST_NUMBER: Final = 366
_LOOK_AHEAD: Final = timedelta(days=800)
_MONTH_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One turn of a recurring directive.

    Attributes:
        on: the day that the rule names; it is in the occurrence's code.
        due_on: its last day: the day itself, or the next working day where it is a rest day.
    """

    on: date
    due_on: date


def rule_reasons(rule: str) -> list[Reason]:
    """Why a text is no recurrence that a directive can have: one or more days apart, and with a day in sight."""
    parts = [part.partition("=") for part in rule.upper().split(";")]
    given = {name: value for name, _, value in parts}
    is_formed = (
        len(rule) <= _LONGEST and len(given) == len(parts) and set(given) <= _PARTS
        and given.get("FREQ") in _FREQUENCIES and _is_countable(given) and _is_possible(given)
    )
    if is_formed:
        try:
            # A rule without any day would be searched to the end of the calendar: hence the checks above.
            next(iter(_rule(rule, date(2024, 1, 1), date(2024, 1, 1) + _LOOK_AHEAD)), None)
            return []
        except (ValueError, TypeError, OverflowError):
            pass
    return [
        Reason(
            code="directive.recurrence",
            message=N_("“%(rule)s” is no recurrence by days, weeks, months or years."),
            parameters={"rule": rule[:_LONGEST]},
            remedy=N_("Choose how often it recurs, e.g. every week on Friday."),
        )
    ]


def _is_countable(given: dict[str, str]) -> bool:
    numbers = [given[name] for name in ("INTERVAL", "COUNT") if name in given]
    if any(not number.isdecimal() or not 1 <= int(number) <= _LARGEST_NUMBER for number in numbers):
        return False
    # A rule of single days that also picks days may never meet any of them.
    return given["FREQ"] != "DAILY" or "INTERVAL" not in given or not {"BYDAY", "BYMONTHDAY", "BYMONTH"} & set(given)


def _is_possible(given: dict[str, str]) -> bool:
    """Whether some month has one of the days that are picked; positions only where a rule has several days."""
    try:
        days = [abs(int(day)) for day in given["BYMONTHDAY"].split(",")] if "BYMONTHDAY" in given else [1]
        months = [int(month) for month in given["BYMONTH"].split(",")] if "BYMONTH" in given else list(range(1, 13))
        positions = [abs(int(one)) for one in given["BYSETPOS"].split(",")] if "BYSETPOS" in given else [1]
    except ValueError:
        return False
    if any(not 1 <= month <= 12 for month in months) or min(days) < 1:
        return False
    is_picked = "BYSETPOS" not in given or (given["FREQ"] == "MONTHLY" and "BYDAY" in given and max(positions) <= 4)
    ordinals = [day.strip("+-")[:-2] for day in given.get("BYDAY", "").split(",") if day]
    is_weekday_named = all(not one or (one.isdecimal() and 1 <= int(one) <= 4) for one in ordinals)
    return is_picked and is_weekday_named and any(min(days) <= _MONTH_DAYS[month - 1] for month in months)


def occurrences(
    rule: str, *, from_on: date, through_on: date, until_on: date | None = None, calendar: WorkCalendar
) -> list[Occurrence]:
    """Occurrences that fall due by a day, and the next one after it; their days rise strictly.

    Args:
        rule: a recurrence by RFC 5545 without its start; ``rule_reasons`` finds nothing against it.
        from_on: first day on which it may fall due; intervals are counted from it.
        through_on: all that fall due by this day are given.
        until_on: first day without any; None: no end.

    A day of rest gives way to the next working day; what then falls together with the next occurrence is left out.
    """
    last = through_on + _LOOK_AHEAD if until_on is None else min(through_on + _LOOK_AHEAD, until_on - timedelta(days=1))
    found: list[Occurrence] = []
    for on in _days(rule, from_on, last):
        found.append(Occurrence(on=on, due_on=calendar.next_working_day(on).on))
        # One more than is wanted: only it shows whether the one before is left out.
        if len(found) > 1 and found[-2].due_on > through_on and found[-1].due_on > found[-2].due_on:
            break
    distinct = _without_coincident(found)
    wanted = [one for one in distinct if one.due_on <= through_on]
    return [*wanted, *distinct[len(wanted) : len(wanted) + 1]]


def _without_coincident(found: Sequence[Occurrence]) -> list[Occurrence]:
    """Of occurrences that fall due on one day only the last."""
    return [one for one, following in pairwise(found) if one.due_on < following.due_on] + list(found[-1:])


def _days(rule: str, from_on: date, last: date) -> Iterator[date]:
    if last < from_on:
        return
    for instant in _rule(rule, from_on, last):
        yield instant.date()


def _rule(rule: str, from_on: date, last: date) -> rrule | rruleset:
    """The rule from its first day; an end of its own that comes sooner counts."""
    parts = [part for part in rule.upper().split(";") if not part.startswith("UNTIL=")]
    own = next((part[6:14] for part in rule.upper().split(";") if part.startswith("UNTIL=")), "")
    if own:
        last = min(last, datetime.strptime(own, "%Y%m%d").date())  # noqa: DTZ007 - a civil day
    start = datetime.combine(from_on, time())
    if not any(part.startswith("COUNT=") for part in parts):
        parts.append(f"UNTIL={last:%Y%m%d}")
        return rrulestr(";".join(parts), dtstart=start)
    every = rrulestr(";".join(parts), dtstart=start)
    return _until(every, last)


def _until(every: rrule | rruleset, last: date) -> rruleset:
    """A counted rule up to a day."""
    found = rruleset()
    for instant in every:
        if instant.date() > last:
            break
        found.rdate(instant)
    return found
