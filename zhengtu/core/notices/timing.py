"""When a notice may go out: quiet hours, digests on working days, waits between attempts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zhengtu.core.kernel.civil_dates import SHANGHAI
from zhengtu.core.kernel.work_calendar import WorkCalendar
from zhengtu.core.notices.rules import Digest, QuietHours, RetryRules, Rhythm

_DAY = timedelta(days=1)


def is_quiet(at: datetime, *, quiet: QuietHours) -> bool:
    """Whether the aware instant lies in the quiet hours."""
    clock = at.astimezone(SHANGHAI).time()
    if quiet.start <= quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def next_allowed(at: datetime, *, quiet: QuietHours) -> datetime:
    """The instant itself, or the end of the quiet hours that it lies in."""
    if not is_quiet(at, quiet=quiet):
        return at
    local = at.astimezone(SHANGHAI)
    end_on = local.date() if local.time() < quiet.end else local.date() + _DAY
    return datetime.combine(end_on, quiet.end, tzinfo=SHANGHAI)


def goes_out_at(
    at: datetime, *, digest: Digest, rhythm: Rhythm, quiet: QuietHours, calendar: WorkCalendar
) -> datetime | None:
    """When something kept at an aware instant goes out; None where it stays in the inbox.

    A digest falls on the first of its hours that is not before the instant, then out of the quiet hours.
    """
    if digest is Digest.INBOX:
        return None
    if digest is Digest.AT_ONCE:
        return next_allowed(at, quiet=quiet)
    day = at.astimezone(SHANGHAI).date()
    clock = rhythm.daily_at if digest is Digest.DAILY else rhythm.weekly_at
    while True:
        slot = datetime.combine(day, clock, tzinfo=SHANGHAI)
        falls = calendar.is_working_day(day) if digest is Digest.DAILY else _is_weekly(day, rhythm, calendar)
        if falls and slot >= at:
            return next_allowed(slot, quiet=quiet)
        day += _DAY


def _is_weekly(day: date, rhythm: Rhythm, calendar: WorkCalendar) -> bool:
    """Whether the weekly digest falls on that day: its weekday, or the first working day after it."""
    nominal = day - timedelta(days=(day.weekday() - rhythm.weekly_on) % 7)
    return calendar.is_working_day(day) and all(
        not calendar.is_working_day(nominal + timedelta(days=offset)) for offset in range((day - nominal).days)
    )


def retry_at(
    failed_at: datetime, *, attempts: int, rules: RetryRules, quiet: QuietHours, is_limited: bool = False
) -> datetime | None:
    """When to try again after so many attempts; None when it is given up.

    Args:
        attempts: made so far, at least 1.
        is_limited: whether the messenger asked for less.
    """
    if attempts >= rules.attempts:
        return None
    minutes = min(rules.first_minutes * rules.factor ** (attempts - 1), rules.longest_minutes)
    if is_limited:
        minutes = max(minutes, rules.limited_minutes)
    return next_allowed(failed_at + timedelta(minutes=minutes), quiet=quiet)
