"""The demonstration's field teams, entered through deeds by the leaders of their districts; all invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from zhengtu.accounts.queries import actor_of, person_called
from zhengtu.core.kernel.civil_dates import civil_date
from zhengtu.core.planning.teams import Span
from zhengtu.jobs.demonstration.script import day_of, read_script
from zhengtu.registry.team_actions import TeamTerms, enter_team

_NUMERALS = "一二三四五六七八九"


def enter_teams(*, now: datetime) -> int:
    """Enter the teams of ``campaign.yaml`` in the loaded demonstration; returns how many."""
    today = civil_date(at=now)
    leaders = {
        person["unit"]: person["username"]
        for person in read_script()["people"] if person["role"] == "district_leader"
    }
    terms = list(_terms(today))
    for one in terms:
        leader = person_called(leaders[one.jurisdiction])
        if leader is None:
            raise LookupError(f"nobody leads {one.jurisdiction}")
        enter_team(actor=actor_of(leader, on=today), terms=one, now=now)
    return len(terms)


def _terms(today: date) -> Iterator[TeamTerms]:
    script = read_script()["teams"]
    units = {unit["code"]: unit for unit in read_script()["units"]}
    for place, counts in script["counts"].items():
        for skill, count in counts.items():
            what = script["skills"][skill]
            for number in range(count):
                yield _team(
                    place, skill, what, today=today, off=script["days_off"],
                    name=f"{units[place]['name']}{what['name']}{_NUMERALS[number]}组",
                    name_en=f"{units[place]['name_en']} {what['name_en']} Team {number + 1}",
                )
    for own in script["own"]:
        yield _team(own["place"], own["skill"], own, today=today, off={}, name=own["name"], name_en=own["name_en"])


def _team(
    place: str, skill: str, what: Mapping[str, Any], *, today: date, off: Mapping[str, Any], name: str, name_en: str
) -> TeamTerms:
    start = day_of("campaign_start", today=today)
    return TeamTerms(
        jurisdiction=place, unit=what.get("unit", place), name=name, name_en=name_en, skill=skill,
        members=what["members"], households_per_day=Decimal(str(what["per_day"])) if "per_day" in what else None,
        from_on=today + timedelta(days=what["from"]) if "from" in what else start,
        until_on=today + timedelta(days=what["until"]) if "until" in what else None,
        days_off=[_span(first, last, today) for first, last in off.get(skill, ())],
    )


def _span(first: int, last: int, today: date) -> Span:
    return today + timedelta(days=first), today + timedelta(days=last)
