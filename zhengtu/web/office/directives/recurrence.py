"""Recurrence in words and in a form: every so many days, weeks or months, on which days (RFC 5545)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

WEEKDAYS: Final[Mapping[str, object]] = {
    "MO": gettext_lazy("Monday"), "TU": gettext_lazy("Tuesday"), "WE": gettext_lazy("Wednesday"),
    "TH": gettext_lazy("Thursday"), "FR": gettext_lazy("Friday"), "SA": gettext_lazy("Saturday"),
    "SU": gettext_lazy("Sunday"),
}
FREQUENCIES: Final[Mapping[str, object]] = {
    "DAILY": gettext_lazy("days"), "WEEKLY": gettext_lazy("weeks"), "MONTHLY": gettext_lazy("months"),
    "YEARLY": gettext_lazy("years"),
}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The parts of a rule that the form offers.

    Attributes:
        frequency: DAILY, WEEKLY, MONTHLY or YEARLY; empty for none.
        weekdays: MO to SU.
        month_days: 1 to 31; -1 for the last.
        months: 1 to 12; a rule keeps them, the form does not offer them.
    """

    frequency: str = ""
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    @classmethod
    def of(cls, rrule: str) -> Recurrence:
        """The parts of a rule; what the form does not offer is left aside."""
        parts = dict(part.split("=", 1) for part in rrule.upper().split(";") if "=" in part)
        frequency = parts.get("FREQ", "")
        interval = parts.get("INTERVAL", "1")
        return cls(
            frequency=frequency if frequency in FREQUENCIES else "",
            interval=int(interval) if interval.isdecimal() else 1,
            weekdays=tuple(day for day in parts.get("BYDAY", "").split(",") if day in WEEKDAYS),
            month_days=_numbers(parts.get("BYMONTHDAY", "")), months=_numbers(parts.get("BYMONTH", "")),
        )

    def rule(self) -> str:
        """As RFC 5545 writes it, without its start; empty for none."""
        if not self.frequency:
            return ""
        parts = [f"FREQ={self.frequency}"]
        parts += [f"INTERVAL={self.interval}"] if self.interval > 1 else []
        parts += [f"BYDAY={','.join(self.weekdays)}"] if self.weekdays and self.frequency == "WEEKLY" else []
        if self.month_days and self.frequency == "MONTHLY":
            parts.append(f"BYMONTHDAY={','.join(str(day) for day in self.month_days)}")
        return ";".join(parts)

    @property
    def month_days_text(self) -> str:
        """Days of the month as the form shows them."""
        return ", ".join(str(day) for day in self.month_days)


def given_rule(form: Mapping[str, str], *, kept: str = "") -> str:
    """The rule that a form says; one whose offered parts are unchanged keeps what the form does not offer.

    Args:
        form: with ``freq``, ``interval``, ``weekday`` and ``month_days``.
        kept: the rule before.
    """
    interval = form.get("interval", "").strip()
    days = form.get("month_days", "").replace("\u3001", ",").replace("\uff0c", ",").split(",")
    weekday, frequency = form.get("weekday", ""), form.get("freq", "")
    given = Recurrence(
        frequency=frequency if frequency in FREQUENCIES else "",
        interval=min(max(int(interval), 1), 366) if interval.isdecimal() and len(interval) < 5 else 1,
        weekdays=(weekday,) if weekday in WEEKDAYS else (),
        month_days=tuple(
            int(day) for day in (one.strip() for one in days)
            if day == "-1" or (day.isdecimal() and len(day) < 3 and 1 <= int(day) <= 31)
        ),
    ).rule()
    offered = Recurrence.of(kept)
    first_day = Recurrence(offered.frequency, offered.interval, offered.weekdays[:1], offered.month_days)
    return kept if kept and given == first_day.rule() else given


def spoken_rule(rrule: str) -> str:
    """A recurrence in words, e.g. “every 2 weeks, on Friday”; nothing for none."""
    rule = Recurrence.of(rrule)
    if not rule.frequency:
        return ""
    spoken = _every(rule)
    if rule.months:
        spoken = gettext("%(every)s in %(months)s") % {
            "every": spoken, "months": gettext(", ").join(_month(month) for month in rule.months),
        }
    days = [str(WEEKDAYS[day]) for day in rule.weekdays] or [_month_day(day) for day in rule.month_days]
    return gettext("%(every)s, on %(days)s") % {"every": spoken, "days": gettext(", ").join(days)} if days else spoken


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(",") if one.removeprefix("-").isdecimal())


def _month(month: int) -> str:
    return date_format(date(2024, month, 1), "F") if 1 <= month <= 12 else str(month)


def _every(rule: Recurrence) -> str:
    # Chinese has no plural: what happens every week would be said as every 1 week.
    every_one, every_so_many = {
        "DAILY": (gettext("every day"), gettext("every %(number)s days")),
        "WEEKLY": (gettext("every week"), gettext("every %(number)s weeks")),
        "MONTHLY": (gettext("every month"), gettext("every %(number)s months")),
        "YEARLY": (gettext("every year"), gettext("every %(number)s years")),
    }[rule.frequency]
    return every_one if rule.interval == 1 else every_so_many % {"number": rule.interval}


def _month_day(day: int) -> str:
    return gettext("the last day") if day == -1 else gettext("day %(day)s") % {"day": day}
