"""When what a family's subsidy accrues falls due, by the rhythm of its agreement or of its rule.

What has fallen due and was not paid is in arrears; what accrued since the last instalment is owed too, but not due yet.
Where nothing on file says when it is paid, nothing is called due.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from zhengtu.core.compensation.transition_rules import PaymentRhythm
from zhengtu.core.kernel.civil_dates import add_months, whole_months_between


@dataclass(frozen=True, slots=True)
class Instalment:
    """The days from ``from_on`` until ``until_on`` (not counted), which are paid together on ``due_on``."""

    due_on: date
    from_on: date
    until_on: date


def due_through(rhythm: PaymentRhythm | None, *, start_on: date, stops_on: date | None, on: date) -> date:
    """The day until which (not counted) everything that accrues has fallen due by the end of a day.

    Args:
        start_on: first day of transition; returned where nothing has fallen due.
        stops_on: first day for which nothing accrues any more; with a rhythm the rest falls due on it.
    """
    if rhythm is None or on < start_on:
        return start_on
    months = rhythm.prepaid_months
    if rhythm.every_months is not None:
        run = whole_months_between(start=start_on, end=on) - months
        months += max(0, run // rhythm.every_months) * rhythm.every_months
    reached = add_months(start_on, months)
    if stops_on is None:
        return reached
    is_closed = rhythm.every_months is not None and on >= stops_on
    return max(start_on, stops_on) if is_closed else min(reached, max(start_on, stops_on))


def instalments(
    rhythm: PaymentRhythm | None, *, start_on: date, stops_on: date | None, after: date
) -> Iterator[Instalment]:
    """Instalments that fall due after a day, in order; without end where nothing stops and the rhythm goes on."""
    if rhythm is None:
        return
    prepaid, every = rhythm.prepaid_months, rhythm.every_months
    if prepaid and start_on > after:
        yield from _until(stops_on, Instalment(start_on, start_on, add_months(start_on, prepaid)))
    if every is None:
        return
    run = whole_months_between(start=start_on, end=max(start_on, after)) - prepaid
    for number in count(max(0, run // every)):
        from_on = add_months(start_on, prepaid + number * every)
        if stops_on is not None and from_on >= stops_on:
            return
        until_on = add_months(start_on, prepaid + (number + 1) * every)
        for one in _until(stops_on, Instalment(until_on, from_on, until_on)):
            if one.due_on > after:
                yield one


def _until(stops_on: date | None, one: Instalment) -> Iterator[Instalment]:
    """The instalment cut at the day of the stop; nothing where it lies behind it."""
    if stops_on is None or one.until_on <= stops_on:
        yield one
    elif one.from_on < stops_on:
        yield Instalment(min(one.due_on, stops_on), one.from_on, stops_on)
