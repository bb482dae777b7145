"""Which days a bulletin is about, and which dates its figures may stand for."""

from __future__ import annotations

import re
from datetime import date, timedelta

from zhengtu.core.bulletins.figures import Period
from zhengtu.core.kernel.messages import N_
from zhengtu.core.kernel.reasons import Reason, Refused
from zhengtu.core.reviews.week import CampaignDays

LONGEST_DAYS = 92
_WEEK = re.compile(r"^(\d{4})-W(\d{2})$")
_DAY = timedelta(days=1)


def week_days(text: str) -> tuple[date, date]:
    """First day of a week ``2025-W08`` (ISO 8601, Monday) and the first day after it.

    Raises:
        Refused: no such week.
    """
    match = _WEEK.match(text.strip())
    try:
        start = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
        if start is not None:
            return start, start + timedelta(days=7)
    except (ValueError, OverflowError):
        pass
    raise Refused(
        _reason("week", N_("There is no week “%(text)s”."), N_("Write it as year and week by ISO 8601: 2025-W08."),
                text=text[:20])
    )


def week_name(on: date) -> str:
    """The week of a day, as ``week_days`` reads it."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02d}"


def period_of(
    *, from_on: date, until_on: date, today: date, campaign: CampaignDays | None, as_of_on: date | None = None,
    known_on: date | None = None,
) -> Period:
    """The period with its two dates, which have to be over so that the figures can be made again.

    Args:
        until_on: the first day after the period.
        as_of_on: None: the last day of the period, or yesterday while it is not over.
        known_on: None: the same day.

    Raises:
        Refused: naming each date that does not fit.
    """
    yesterday = today - _DAY
    as_of = as_of_on or min(until_on - _DAY, yesterday)
    period = Period(from_on=from_on, until_on=until_on, as_of_on=as_of, known_on=known_on or as_of)
    reasons = [
        *_day_reasons(period, today=today), *_campaign_reasons(period, campaign=campaign),
    ]
    if reasons:
        raise Refused(*reasons)
    return period


def _day_reasons(period: Period, *, today: date) -> list[Reason]:
    days = (period.until_on - period.from_on).days
    if days < 1 or days > LONGEST_DAYS:
        return [
            _reason("length", N_("A bulletin is about 1 to %(most)s days, not %(days)s."),
                    N_("Choose its first and last day."), most=LONGEST_DAYS, days=days)
        ]
    if period.from_on >= today:
        return [
            _reason("future", N_("The period from %(day)s on has not begun, or not a day of it is over."),
                    N_("Choose a period of which at least one day is over."), day=period.from_on.isoformat())
        ]
    reasons = []
    if not period.from_on <= period.as_of_on < period.until_on:
        reasons.append(
            _reason("as_of", N_("The day of the figures, %(day)s, does not lie in the period."),
                    N_("Choose a day of the period."), day=period.as_of_on.isoformat())
        )
    if period.known_on < period.as_of_on:
        reasons.append(
            _reason("known_before", N_("What was known on %(known)s cannot tell of %(day)s."),
                    N_("Choose the day of the figures or a later one."), known=period.known_on.isoformat(),
                    day=period.as_of_on.isoformat())
        )
    for day in sorted({period.as_of_on, period.known_on}):
        if day >= today:
            reasons.append(
                _reason("not_over", N_("%(day)s is not over: what is recorded until midnight still changes figures."),
                        N_("Choose yesterday or an earlier day."), day=day.isoformat())
            )
    return reasons


def _campaign_reasons(period: Period, *, campaign: CampaignDays | None) -> list[Reason]:
    if campaign is None:
        return [
            _reason("no_campaign", N_("The city has no campaign, so there is nothing to tell of."),
                    N_("Load or declare a campaign first."))
        ]
    if period.until_on <= campaign.start_on:
        return [
            _reason("before", N_("The period ends on %(last)s, before the campaign “%(name)s” begins on %(start)s."),
                    N_("Choose a week from %(first)s on."), last=(period.until_on - _DAY).isoformat(),
                    name=campaign.name[0], start=campaign.start_on.isoformat(), first=week_name(campaign.start_on))
        ]
    return []


def _reason(code: str, message: str, remedy: str, **parameters: object) -> Reason:
    return Reason(code=f"bulletins.{code}", message=message, parameters=parameters, remedy=remedy)
